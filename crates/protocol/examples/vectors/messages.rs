use crate::{
    Outcome,
    edit::nulls,
    object::{object, written},
    topic::{Case, Topic},
};
use tgp_protocol::{
    buyer::Query,
    json::{self, Object, Value},
    sign::{self, SigningKey},
    wire::{Message, Received},
};

const PLAIN: &str = r#"{
  "phase": "QUERY",
  "id": "q-abc123",
  "from": "buyer://alice.wallet",
  "to": "seller://store.example",
  "asset": "USDC",
  "amount": 1000000,
  "escrow_from_402": true,
  "escrow_contract_from_402": "0x742d35cc6634c0532925a3b844bc9e7595f0beb0",
  "zk_profile": "REQUIRED"
}"#;

/// One member of the plain message replaced, or taken out where there is no value.
const CHANGES: [(&str, Option<&str>); 46] = [
    ("phase", None),
    ("phase", Some(r#""query""#)),
    ("phase", Some("1")),
    ("message_type", Some(r#""QUERY""#)),
    ("tgp_version", Some(r#""0.1""#)),
    ("tgp_version", Some(r#""0.9""#)),
    ("tgp_version", Some(r#""1.0""#)),
    ("tgp_version", Some("1")),
    ("vgp_version", Some(r#""0.1""#)),
    ("vgp_version", Some(r#""2""#)),
    ("id", None),
    ("id", Some(r#""""#)),
    ("id", Some(r#""a b""#)),
    ("id", Some("1")),
    ("from", None),
    ("from", Some(r#""alice""#)),
    ("from", Some(r#""0x209693bc6afc0c5328ba36faf03c514ef312287c""#)),
    ("to", None),
    ("to", Some(r#""seller://user:secret@host""#)),
    ("asset", None),
    ("asset", Some(r#""US DC""#)),
    ("amount", None),
    ("amount", Some(r#""1000000""#)),
    ("amount", Some("9007199254740991")),
    ("amount", Some("9007199254740992")),
    ("amount", Some(r#""9007199254740992""#)),
    ("amount", Some("0")),
    ("amount", Some(r#""0""#)),
    ("amount", Some("1.5")),
    ("amount", Some(r#""1.5""#)),
    ("amount", Some("-1")),
    ("amount", Some("true")),
    ("escrow_from_402", None),
    ("escrow_from_402", Some("false")),
    ("escrow_from_402", Some(r#""true""#)),
    ("escrow_contract_from_402", None),
    ("escrow_contract_from_402", Some(r#""0x742d35Cc6634C0532925a3b844Bc9e7595f0bEb""#)),
    ("escrow_contract_from_402", Some(r#""0x742D35cc6634C0532925a3b844Bc9e7595f0bEb0""#)),
    ("escrow_contract_from_402", Some(r#""0x0000000000000000000000000000000000000000""#)),
    ("zk_profile", None),
    ("zk_profile", Some(r#""required""#)),
    ("zk_profile", Some(r#""NONE""#)),
    ("payer", Some(r#""eip155:8453:0x209693bc6afc0c5328ba36faf03c514ef312287c""#)),
    ("payer", Some(r#""solana:abc""#)),
    ("timestamp", Some(r#""2026-11-21T11:00:00+01:00""#)),
    ("later", Some(r#"{"b":[],"a":null}"#)),
];

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "Messages as they arrive: the digest of what is accepted, or the refusal. With a public_key the signature is verified as well.",
    );
    let plain = object(PLAIN)?;
    topic.push(received("QUERY of document 004", PLAIN, None));
    for (name, value) in CHANGES {
        let mut changed = plain.clone();
        let text = match value {
            None => {
                changed.remove(name);
                "missing".to_owned()
            }
            Some(text) => {
                // a number that cannot be read as a value can still stand in a text
                let Ok(value) = json::parse(text.as_bytes()) else {
                    let raw = PLAIN.replace("1000000", text);
                    topic.push(received(&format!("{name} is {text}"), &raw, None));
                    continue;
                };
                changed.insert(name, value);
                format!("is {text}")
            }
        };
        topic.push(received(&format!("{name} {text}"), &written(&changed)?, None));
    }
    let absent =
        ["message_type", "tgp_version", "vgp_version", "payer", "nonce", "timestamp", "signature", "kid", "crit"];
    for (name, changed) in nulls(&plain, &absent) {
        topic.push(received(&name, &written(&changed)?, None));
    }
    for (name, critical) in [
        ("crit names a known member", r#"["amount"]"#),
        ("crit names an unknown member", r#"["amount","later"]"#),
        ("crit names a member that is not there", r#"["nonce"]"#),
        ("crit names a member that is null", r#"["payer"]"#),
        ("crit is no list", r#""amount""#),
        ("crit holds no names", "[1]"),
    ] {
        let mut changed = plain.clone();
        changed.insert("later", Value::Null);
        changed.insert("payer", Value::Null);
        changed.insert("crit", json::parse(critical.as_bytes())?);
        topic.push(received(name, &written(&changed)?, None));
    }
    for text in ["[]", "null", r#"{"type":"QUERY"}"#, r#"{"phase":"QUERY","vpqVersion":1}"#, r#"{"phase":"BUY"}"#] {
        topic.push(received(text, text, None));
    }
    signed(&mut topic)?;
    Ok(topic)
}

fn signed(topic: &mut Topic) -> Outcome<()> {
    let (key, other) = (SigningKey::from_seed(&[1; 32]), SigningKey::from_seed(&[2; 32]));
    let query = Received::<Query>::read(PLAIN.as_bytes())?.into_message();
    let query = query.with_freshness("2026-11-21T10:00:00Z".parse()?, "n-1".parse()?);
    let good = query.to_signed(&key)?;
    let mut with_unknown = query.to_object()?;
    with_unknown.insert("later", json::parse(br#"{"b":1,"a":[]}"#)?);
    sign::sign("B/QUERY", &mut with_unknown, &key);
    let mut other_purpose = query.to_object()?;
    sign::sign("B/ACCEPT", &mut other_purpose, &key);
    let change = |name: &str, value: Option<&str>| -> Outcome<Object> {
        let mut object = good.clone();
        match value {
            None => object.remove(name),
            Some(text) => object.insert(name, json::parse(text.as_bytes())?),
        };
        Ok(object)
    };
    let mut with_null = query.to_object()?;
    with_null.insert("payer", Value::Null);
    sign::sign("B/QUERY", &mut with_null, &key);
    let mut without_null = with_null.clone();
    without_null.remove("payer");
    let cases = [
        ("signed", good.clone(), &key),
        ("signed with a null", with_null, &key),
        ("signed with a null, which is taken out", without_null, &key),
        ("signed with an unknown member", with_unknown, &key),
        (
            "signed without kid",
            {
                let mut object = query.to_object()?;
                sign::sign("B/QUERY", &mut object, &key);
                // the signature covers kid, so it is made anew without it
                object.remove("kid");
                object.remove("signature");
                let bytes = [b"TGP/0.1/sig/B/QUERY\0".as_slice(), &object.canonical()].concat();
                object.insert("signature", Value::String(key.sign(&bytes).to_string()));
                object
            },
            &key,
        ),
        ("signed, and a member changed", change("amount", Some(r#""1000001""#))?, &key),
        ("signed, and a member added", change("later", Some("1"))?, &key),
        ("signed, and a member taken out", change("escrow_contract_from_402", None)?, &key),
        ("signed, and kid taken out", change("kid", None)?, &key),
        ("signed for another purpose", other_purpose, &key),
        ("signed by another key", query.to_signed(&other)?, &key),
        ("not signed", change("signature", None)?, &key),
        ("signature that is null", change("signature", Some("null"))?, &key),
        ("signed, and null for kid", change("kid", Some("null"))?, &key),
        ("signature that is no text", change("signature", Some("1"))?, &key),
        ("signature that is too short", change("signature", Some(r#""ed25519:AAAA""#))?, &key),
        ("signed without a nonce", change("nonce", None)?, &key),
        ("signed with null for a nonce", change("nonce", Some("null"))?, &key),
        ("signed without a time", change("timestamp", None)?, &key),
    ];
    for (name, object, key) in cases {
        topic.push(received(name, &written(&object)?, Some(key)));
    }
    Ok(())
}

fn received(name: &str, text: &str, key: Option<&SigningKey>) -> Case {
    let case = Case::new(name).with("text", text);
    let public = key.map(SigningKey::public_key);
    let case = match public {
        Some(public) => case.with("public_key", public.to_string()),
        None => case,
    };
    let result = Received::<Query>::read(text.as_bytes()).and_then(|received| {
        public.map_or(Ok(()), |public| received.verify(&public))?;
        Ok(received.digest())
    });
    case.with_result(result, |case, digest| case.with("digest", digest.to_string()))
}
