use crate::{
    Outcome,
    object::{object, written},
    topic::{Case, Topic},
};
use serde_json::{Value, json};
use tgp_protocol::{
    buyer::{Offer, Query, ZkProfile},
    header::{EscrowOffer, Fields, TransactionPath, decode_message, decode_x402, encode_message, encode_x402, payment},
    wire::Message,
};

const CONTRACT: &str = "0x742d35cc6634c0532925a3b844bc9e7595f0beb0";

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "HTTP headers: transaction-path under each of its names, the documents' escrow headers and the QUERY that follows, messages of plane B in a header, and payments of x402 in both versions.",
    );
    paths(&mut topic);
    escrow(&mut topic)?;
    messages(&mut topic)?;
    payments(&mut topic)?;
    Ok(topic)
}

fn pairs(headers: &[(&str, &str)]) -> Value {
    headers.iter().map(|(name, value)| json!([name, value])).collect()
}

fn paths(topic: &mut Topic) {
    const GOOD: &str = "request_id=req-123; path_id=gwA>gwB; settlement_id=s-456; status=LOCKED";
    const OLD: &str = "request_id=req-123;path_id=path-1;htlc_id=htlc-456;status=SETTLED";
    let long = format!("{GOOD}; {}={}", "k", "x".repeat(1024));
    let eight = format!("{GOOD}; a=1; b=2; c=3; d=");
    let nine = format!("{GOOD}; a=1; b=2; c=3; d=4; e=5");
    let twice_id = format!("{GOOD}; htlc_id=s-456");
    let twice = format!("{GOOD}; status=LOCKED");
    let upper = GOOD.replace("status=", "Status=");
    let cases: &[(&str, &[(&str, &str)])] = &[
        ("transaction-path", &[("transaction-path", GOOD)]),
        ("in another case", &[("Transaction-Path", GOOD)]),
        ("space around", &[("transaction-path", "  request_id=r;\tpath_id=p;  settlement_id=s; status=PROVED \t")]),
        ("htlc-path", &[("htlc-path", OLD)]),
        ("value-path", &[("Value-Path", OLD)]),
        ("no such header", &[("content-type", "text/plain")]),
        ("nothing", &[]),
        ("two names", &[("transaction-path", GOOD), ("htlc-path", OLD)]),
        ("one name twice", &[("transaction-path", GOOD), ("TRANSACTION-PATH", GOOD)]),
        ("eight keys, four unknown", &[("transaction-path", &eight)]),
        ("nine keys", &[("transaction-path", &nine)]),
        ("a key twice", &[("transaction-path", &twice)]),
        ("one id under both keys", &[("transaction-path", &twice_id)]),
        ("a key in capitals", &[("transaction-path", &upper)]),
        ("too long", &[("transaction-path", &long)]),
        ("empty", &[("transaction-path", "")]),
        ("a semicolon at the end", &[("transaction-path", "request_id=r;path_id=p;settlement_id=s;status=LOCKED;")]),
        ("no value", &[("transaction-path", "request_id;path_id=p;settlement_id=s;status=LOCKED")]),
        ("no key", &[("transaction-path", "=r;path_id=p;settlement_id=s;status=LOCKED")]),
        ("no request", &[("transaction-path", "path_id=p;settlement_id=s;status=LOCKED")]),
        ("no path", &[("transaction-path", "request_id=r;settlement_id=s;status=LOCKED")]),
        ("no settlement", &[("transaction-path", "request_id=r;path_id=p;status=LOCKED")]),
        ("no status", &[("transaction-path", "request_id=r;path_id=p;settlement_id=s")]),
        ("a status of its own", &[("transaction-path", "request_id=r;path_id=p;settlement_id=s;status=PAID")]),
        ("a status in small letters", &[("transaction-path", "request_id=r;path_id=p;settlement_id=s;status=locked")]),
        ("a request that is no id", &[("transaction-path", "request_id=a b;path_id=p;settlement_id=s;status=LOCKED")]),
        ("a path that is no id", &[("htlc-path", "request_id=r;path_id=;settlement_id=s;status=LOCKED")]),
        (
            "a settlement with an equals sign",
            &[("transaction-path", "request_id=r;path_id=p;settlement_id=a=b;status=LOCKED")],
        ),
    ];
    for (name, headers) in cases {
        let case = Case::new(format!("path: {name}")).with("read", "transaction-path").with("headers", pairs(headers));
        topic.push(case.with_result(TransactionPath::read(Fields(headers)), |case, path| {
            case.with("written", path.map(|path| path.to_string()))
        }));
    }
}

fn escrow(topic: &mut Topic) -> Outcome<()> {
    let whole = [
        ("X-Escrow-Contract", CONTRACT),
        ("X-Payment-Asset", "USDC"),
        ("X-Payment-Amount", "1000000"),
        ("X-Session-ID", "sess-1"),
    ];
    let mut cases: Vec<(String, Vec<(&str, &str)>)> = vec![("all".to_owned(), whole.to_vec())];
    for (place, (name, value)) in whole.into_iter().enumerate() {
        let mut without = whole.to_vec();
        without.remove(place);
        cases.push((format!("no {name}"), without));
        let mut twice = whole.to_vec();
        twice.push((name, value));
        cases.push((format!("{name} twice"), twice));
    }
    for (place, values) in [
        (
            0,
            [
                "0x742d35Cc6634C0532925a3b844Bc9e7595f0bEb",
                "0x0000000000000000000000000000000000000000",
                " 0x742D35CC6634C0532925A3B844BC9E7595F0BEB0\t",
                "",
            ],
        ),
        (1, ["US DC", "", "USD.C-1", "12345678901234567"]),
        (2, ["0", "1.5", "01", "-1"]),
        (3, ["a b", "", "sess:1", "é"]),
    ] {
        for value in values {
            let mut changed = whole.to_vec();
            changed[place].1 = value;
            cases.push((format!("{} is {value:?}", whole[place].0), changed));
        }
    }
    for (name, headers) in cases {
        let case = Case::new(format!("escrow: {name}")).with("read", "escrow").with("headers", pairs(&headers));
        let case = case
            .with("id", "q-1")
            .with("from", "buyer://alice")
            .with("to", "seller://bob")
            .with("zk_profile", "OPTIONAL");
        let (id, from, to) = ("q-1".parse()?, "buyer://alice".parse()?, "seller://bob".parse()?);
        let query = EscrowOffer::read(Fields(&headers)).and_then(|offer| {
            let session = offer.session_id.as_ref().map(ToString::to_string);
            Ok((session, offer.into_query(id, from, to, ZkProfile::Optional)?.to_object()?))
        });
        topic.push(case.with_result(query, |case, (session, query)| {
            case.with("query", String::from_utf8_lossy(&query.canonical()).into_owned()).with("session_id", session)
        }));
    }
    Ok(())
}

fn messages(topic: &mut Topic) -> Outcome<()> {
    let long = format!(r#"{{"phase":"QUERY","x":"{}"}}"#, "y".repeat(6_200));
    for (name, text) in [
        ("a QUERY", r#"{"phase":"QUERY","id":"q-1","later":"é"}"#),
        ("an OFFER", r#"{"id":"o-1","phase":"OFFER","amount":1.50}"#),
        ("too long", &long),
    ] {
        let case = Case::new(format!("X-TGP of {name}")).with("read", "x-tgp").with("message", text);
        let result = encode_message(&object(text)?);
        topic.push(case.with_result(result, |case, header| case.with("header", header)));
    }
    let query = r#"{"phase":"QUERY","id":"q-1","from":"buyer://a","to":"seller://b","asset":"USDC","amount":"1","escrow_from_402":false,"zk_profile":"NONE"}"#;
    let offer = r#"{"phase":"OFFER","id":"o-1","query_id":"q-1","asset":"USDC","amount":"1","zk_required":false,"economic_envelope":{"max_fees_bps":50}}"#;
    let encoded = |text: &str| -> Outcome<String> { Ok(encode_message(&object(text)?)?) };
    let sound = encoded(query)?;
    let longest = "A".repeat(8 * 1024 + 1);
    for (name, header) in [
        ("sound", sound.clone()),
        ("incomplete", encoded(r#"{"phase":"QUERY","id":"q-1"}"#)?),
        ("padded", format!("{sound}=")),
        ("no base64url", format!("{}*", &sound[1..])),
        ("with standard signs", "eyJhIjoi/+8ifQ".to_owned()),
        ("bits left over", "eyJwaGFzZSI6IlFVRVJZIn1".to_owned()),
        ("too long", longest),
        ("empty", String::new()),
        ("an array", "W10".to_owned()),
        ("no kind", "e30".to_owned()),
        ("an OFFER", encoded(offer)?),
        ("of plane G", encoded(&query.replace("phase", "message_type").replace("{", r#"{"tgp_version":"0.1","#))?),
        ("of another version", encoded(&query.replace("{", r#"{"tgp_version":"1.0","#))?),
    ] {
        let case = Case::new(format!("X-TGP-Query that is {name}")).with("read", "X-TGP-Query");
        topic.push(received::<Query>(case, &header));
    }
    for (name, header) in [("sound", encoded(offer)?), ("a QUERY", sound)] {
        let case = Case::new(format!("X-TGP-Offer that is {name}")).with("read", "X-TGP-Offer");
        topic.push(received::<Offer>(case, &header));
    }
    Ok(())
}

fn received<M: Message>(case: Case, value: &str) -> Case {
    let message = decode_message::<M>(value).map(|message| message.digest());
    case.with("value", value).with_result(message, |case, digest| case.with("digest", digest.to_string()))
}

fn payments(topic: &mut Topic) -> Outcome<()> {
    let encode = |text: &str| -> Outcome<String> { Ok(encode_x402(&object(text)?)) };
    let first = encode(r#"{"x402Version":1,"scheme":"exact","network":"base","payload":{"signature":"0x01"}}"#)?;
    let second = encode(r#"{"x402Version":2,"accepted":{},"payload":{"signature":"0x01"}}"#)?;
    let other = encode(r#"{"x402Version":2,"accepted":{},"payload":{"signature":"0x02"}}"#)?;
    let text = encode(r#"{"x402Version":"1"}"#)?;
    let third = encode(r#"{"x402Version":3}"#)?;
    let none = encode(r#"{"payload":{}}"#)?;
    let unpadded = first.trim_end_matches('=').to_owned() + "A";
    let longest = "A".repeat(32 * 1024 + 4);
    let cases: &[(&str, &[(&str, &str)])] = &[
        ("none", &[("PAYMENT-RESPONSE", &first)]),
        ("version 1", &[("X-PAYMENT", &first)]),
        ("version 2", &[("payment-signature", &second)]),
        ("both with one payment", &[("X-PAYMENT", &first), ("PAYMENT-SIGNATURE", &second)]),
        ("both with two payments", &[("X-PAYMENT", &first), ("PAYMENT-SIGNATURE", &other)]),
        ("version 1 in the header of version 2", &[("PAYMENT-SIGNATURE", &first)]),
        ("version 2 in the header of version 1", &[("X-PAYMENT", &second)]),
        ("a version that is text", &[("X-PAYMENT", &text)]),
        ("version 3", &[("X-PAYMENT", &third)]),
        ("no version", &[("PAYMENT-SIGNATURE", &none)]),
        ("twice", &[("X-PAYMENT", &first), ("x-payment", &first)]),
        ("not padded", &[("X-PAYMENT", &unpadded)]),
        ("base64url signs", &[("X-PAYMENT", "eyJhIjoi_-8ifQ==")]),
        ("JSON as it is", &[("X-PAYMENT", r#"{"x402Version":1}"#)]),
        ("an array", &[("X-PAYMENT", "W10=")]),
        ("not JSON", &[("X-PAYMENT", "e30x")]),
        ("a name twice", &[("X-PAYMENT", "eyJhIjoxLCJhIjoyfQ==")]),
        ("too long", &[("X-PAYMENT", &longest)]),
        ("empty", &[("X-PAYMENT", "")]),
    ];
    for (name, headers) in cases {
        let case = Case::new(format!("payment: {name}")).with("read", "payment").with("headers", pairs(headers));
        topic.push(case.with_result(payment(Fields(headers)), |case, payment| {
            let number = payment.as_ref().map(|(version, _)| version.number());
            let object = payment.map(|(_, object)| String::from_utf8_lossy(&object.canonical()).into_owned());
            case.with("version", number).with("object", object)
        }));
    }
    for text in [r#"{"b":"é","a":1}"#, "{}", r#"{"success":false,"transaction":"","network":"eip155:8453"}"#] {
        let object = object(text)?;
        let header = encode_x402(&object);
        let back = written(&decode_x402(&header)?)?;
        let case = Case::new(format!("x402 object {text}")).with("read", "x402").with("object", text);
        topic.push(case.with("value", header).with("canonical", back));
    }
    Ok(())
}
