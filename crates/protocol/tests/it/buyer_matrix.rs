//! Every field of every message of plane B, missing, of another JSON type, and with values that it may not have.

use crate::{
    documents,
    fixtures::{self, object, with},
};
use tgp_protocol::{
    Reason::{self, *},
    buyer::BuyerMessage,
    json::{self, Object},
    wire::Message,
};

/// What a field is: whether it may be absent, the JSON types that it reads, and values that it refuses.
struct Row {
    path: &'static str,
    /// Why null is refused; a field that may be absent reads it as absent.
    null: Option<Reason>,
    reads: &'static str,
    wrong: &'static [(&'static str, Reason)],
}

const fn must(path: &'static str, reads: &'static str, wrong: &'static [(&'static str, Reason)]) -> Row {
    Row { path, null: Some(WrongType), reads, wrong }
}

const fn may(path: &'static str, reads: &'static str, wrong: &'static [(&'static str, Reason)]) -> Row {
    Row { path, null: None, reads, wrong }
}

/// Not always there, but required by what else the message holds.
const fn here(path: &'static str, reads: &'static str, wrong: &'static [(&'static str, Reason)]) -> Row {
    Row { path, null: Some(Missing), reads, wrong }
}

const BAD_IDS: &[(&str, Reason)] = &[
    (r#""""#, BadId),
    (r#""a b""#, BadId),
    (r#""q\u0000""#, BadId),
    (r#""12345678901234567890123456789012345678901234567890123456789012345""#, BadId),
];
const BAD_PARTIES: &[(&str, Reason)] = &[
    (r#""""#, BadParty),
    (r#""alice""#, BadParty),
    (r#""buyer://""#, BadParty),
    (r#""seller://user:secret@host""#, BadParty),
    (r#""javascript://x""#, BadParty),
    (r#""buyer://a\nb""#, BadParty),
    (r#""0x742d35Cc6634C0532925a3b844Bc9e7595f0bEb""#, BadAddress),
    (r#""eip155:0:0x742d35cc6634c0532925a3b844bc9e7595f0beb0""#, BadChain),
];
const BAD_SYMBOLS: &[(&str, Reason)] =
    &[(r#""""#, BadSymbol), (r#""US DC""#, BadSymbol), (r#""USDCUSDCUSDCUSDCU""#, BadSymbol)];
const BAD_AMOUNTS: &[(&str, Reason)] = &[
    ("0", ZeroAmount),
    (r#""0""#, ZeroAmount),
    ("-1", BadAmount),
    ("1.5", BadAmount),
    (r#""1.5""#, BadAmount),
    (r#""01""#, BadAmount),
    (r#""+1""#, BadAmount),
    (r#""1e6""#, BadAmount),
    (r#""115792089237316195423570985008687907853269984665640564039457584007913129639936""#, BadAmount),
];
const BAD_CONTRACTS: &[(&str, Reason)] = &[
    // the documents' own example has 39 digits
    (r#""0x742d35Cc6634C0532925a3b844Bc9e7595f0bEb""#, BadAddress),
    (r#""742d35cc6634c0532925a3b844bc9e7595f0beb000""#, BadAddress),
    (r#""0x742D35cc6634C0532925a3b844Bc9e7595f0beb0""#, BadChecksum),
    (r#""0x0000000000000000000000000000000000000000""#, ZeroAddress),
];
const BAD_TIMES: &[(&str, Reason)] = &[
    (r#""2025-11-10""#, BadTime),
    (r#""2025-11-10T23:59:59""#, BadTime),
    (r#""2025-11-10T23:59:59+01:00""#, BadTime),
    (r#""2025-02-30T00:00:00Z""#, BadTime),
];
const BAD_WORDS: &[(&str, Reason)] = &[(r#""0x9f2d""#, BadWord), (r#""9f2d""#, BadWord)];
const BAD_NUMBERS: &[(&str, Reason)] = &[
    (r#""""#, BadAmount),
    (r#""-1""#, BadAmount),
    (r#""0x1""#, BadAmount),
    (r#""01""#, BadAmount),
    (r#""79228162514264337593543950336""#, OutOfRange),
];
const BAD_ENUMS: &[(&str, Reason)] = &[(r#""""#, UnknownValue), (r#""NEVER""#, UnknownValue)];

const QUERY: &[Row] = &[
    must("id", "string", BAD_IDS),
    must("from", "string", BAD_PARTIES),
    must("to", "string", BAD_PARTIES),
    must("asset", "string", BAD_SYMBOLS),
    must("amount", "string number", BAD_AMOUNTS),
    must("escrow_from_402", "bool", &[("false", Contradiction)]),
    may("escrow_contract_from_402", "string", BAD_CONTRACTS),
    must("zk_profile", "string", &[(r#""required""#, UnknownValue), (r#""""#, UnknownValue)]),
    may(
        "payer",
        "string",
        &[
            (r#""0x742d35cc6634c0532925a3b844bc9e7595f0beb0""#, BadParty),
            (r#""base:0x01""#, BadAddress),
            (r#""solana:0x742d35cc6634c0532925a3b844bc9e7595f0beb0""#, BadChain),
        ],
    ),
    may("nonce", "string", BAD_IDS),
    may("timestamp", "string", BAD_TIMES),
];

const OFFER: &[Row] = &[
    must("id", "string", BAD_IDS),
    must("query_id", "string", BAD_IDS),
    must("asset", "string", BAD_SYMBOLS),
    must("amount", "string number", BAD_AMOUNTS),
    here("coreprover_contract", "string", BAD_CONTRACTS),
    here("chain", "string", &[(r#""eip155:01""#, BadChain), (r#""mainnet""#, BadChain)]),
    here("session_id", "string", BAD_IDS),
    must("zk_required", "bool", &[]),
    must("economic_envelope", "object", &[]),
    must(
        "economic_envelope.max_fees_bps",
        "number",
        &[("10001", BadBps), ("-1", OutOfRange), ("4294967296", OutOfRange), ("0.5", WrongType), ("1001", AboveFeeCap)],
    ),
    may("economic_envelope.expiry", "string", BAD_TIMES),
    may("order", "object", &[]),
    must("order.kind", "string", BAD_ENUMS),
    must("order.order_id", "string", BAD_WORDS),
    must("order.terms", "object", &[]),
    must("order.terms.buyer", "string", &[(r#""0x01""#, BadAddress)]),
    must("order.terms.seller", "string", &[(r#""0x01""#, BadAddress)]),
    must("order.terms.token", "string", &[(r#""USDC""#, BadAddress)]),
    must("order.terms.amount", "string", BAD_NUMBERS),
    must("order.terms.counterToken", "string", &[(r#""0x01""#, BadAddress)]),
    must("order.terms.counterAmount", "string", BAD_NUMBERS),
    must("order.terms.feeReceiver", "string", &[(r#""0x01""#, BadAddress)]),
    must("order.terms.arbiter", "string", &[(r#""0x01""#, BadAddress)]),
    must("order.terms.verifier", "string", &[(r#""0x01""#, BadAddress)]),
    must("order.terms.deliveryCircuit", "string", BAD_WORDS),
    must("order.terms.kind", "string", BAD_ENUMS),
    must("order.terms.policy", "array", &[(r#"["TIMED","TIMED"]"#, DuplicateName)]),
    must("order.terms.silence", "string", &[(r#""TO_BUYER""#, UnknownValue)]),
    must("order.terms.jurisdiction", "string", &[(r#""256""#, OutOfRange)]),
    must("order.terms.slashBps", "string", &[(r#""65536""#, OutOfRange)]),
    must("order.terms.feeBps", "string", &[(r#""65536""#, OutOfRange)]),
    must("order.terms.maxFeeBps", "string", &[(r#""65536""#, OutOfRange), (r#""51""#, Contradiction)]),
    must("order.terms.arbiterFeeBps", "string", &[(r#""65536""#, OutOfRange)]),
    must("order.terms.disputeBondBps", "string", &[(r#""65536""#, OutOfRange)]),
    must("order.terms.deliveryVersion", "string", &[(r#""281474976710656""#, OutOfRange)]),
    must("order.terms.zkbVersion", "string", &[(r#""281474976710656""#, OutOfRange)]),
    must("order.terms.zksVersion", "string", &[(r#""281474976710656""#, OutOfRange)]),
    must("order.terms.fundBy", "string", &[(r#""1099511627776""#, OutOfRange)]),
    must("order.terms.commitBy", "string", &[(r#""1099511627776""#, OutOfRange)]),
    must("order.terms.deliverBy", "string", &[(r#""1099511627776""#, OutOfRange)]),
    must("order.terms.timedRelease", "string", &[(r#""1099511627776""#, OutOfRange)]),
    must("order.terms.reviewWindow", "string", &[(r#""281474976710656""#, OutOfRange)]),
    must("order.terms.disputeWindow", "string", &[(r#""281474976710656""#, OutOfRange)]),
    must("order.terms.sessionId", "string", BAD_WORDS),
    must("order.terms.offerHash", "string", BAD_WORDS),
    must("order.terms.salt", "string", BAD_WORDS),
    may("order.seller_commitment", "object", &[]),
    must("order.seller_commitment.businessName", "string", &[(r#""a\u0007b""#, Malformed)]),
    must("order.seller_commitment.businessLicense", "string", &[(r#""\u0000""#, Malformed)]),
    must("order.seller_commitment.documentHash", "string", BAD_WORDS),
    must("order.seller_commitment.deliveryCommitment", "string", BAD_WORDS),
    must("order.seller_commitment.signature", "string", &[(r#""0x1b""#, BadHex), (r#""""#, BadHex)]),
    here("offer_hash", "string", BAD_WORDS),
    may("policy_hash", "string", &[(r#""0xdef456""#, BadSha256), (r#""sha256:00""#, BadSha256)]),
    may("buyer_protection", "string", BAD_ENUMS),
    may("next_actions", "array", &[]),
    must("next_actions.0.id", "string", &[(r#""coreprover-teleport""#, UnknownValue), (r#""create""#, UnknownValue)]),
    must("next_actions.0.channel", "string", BAD_ENUMS),
    may("next_actions.0.who", "string", &[(r#""0x01""#, BadAddress)]),
    may("next_actions.0.deadline", "string", BAD_TIMES),
    may("nonce", "string", BAD_IDS),
    may("timestamp", "string", BAD_TIMES),
];

const SIMPLE: &[Row] = &[
    must("order.terms.seller", "string", &[(r#""0x01""#, BadAddress)]),
    must("order.terms.amount", "string number", &[(r#""2""#, Contradiction), (r#""x""#, BadAmount)]),
    must("order.terms.commitmentWindow", "string", &[(r#""4294967296""#, OutOfRange)]),
    must("order.terms.claimWindow", "string", &[(r#""4294967296""#, OutOfRange)]),
    must("order.terms.allowsTimedRelease", "bool", &[]),
    must("order.terms.timedReleaseDelay", "string", &[(r#""4294967296""#, OutOfRange)]),
];

const ACCEPT: &[Row] = &[
    must("id", "string", BAD_IDS),
    must("offer_id", "string", BAD_IDS),
    must("offer_hash", "string", BAD_WORDS),
    may("nonce", "string", BAD_IDS),
    may("timestamp", "string", BAD_TIMES),
];

const SETTLE: &[Row] = &[
    must("id", "string", BAD_IDS),
    must("query_or_offer_id", "string", BAD_IDS),
    must("success", "bool", &[]),
    must("source", "string", &[(r#""BUYER_NOTIFY""#, UnknownValue), (r#""indexer""#, UnknownValue)]),
    may("layer8_tx", "string", BAD_WORDS),
    may("session_id", "string", BAD_IDS),
    may("nonce", "string", BAD_IDS),
    may("timestamp", "string", BAD_TIMES),
];

const ERROR: &[Row] = &[
    must("id", "string", BAD_IDS),
    must("code", "string", &[(r#""NOT_A_CODE""#, UnknownValue), (r#""""#, UnknownValue)]),
    must("message", "string", &[(r#""""#, WrongLength)]),
    may("correlation_id", "string", BAD_IDS),
    may("class", "string", &[(r#""X""#, UnknownValue), (r#""T""#, Contradiction)]),
    may("hop", "string", BAD_IDS),
    may("reason", "string", &[(r#""""#, WrongLength)]),
    may("nonce", "string", BAD_IDS),
    may("timestamp", "string", BAD_TIMES),
];

/// One value of each JSON type.
const TYPES: [(&str, &str); 6] =
    [("null", "null"), ("bool", "true"), ("number", "7"), ("string", r#""x""#), ("array", "[]"), ("object", "{}")];

/// Where a wrong value shows: most rules name the field itself, some a part of it.
fn place(path: &str, reason: Reason) -> String {
    match (path, reason) {
        ("escrow_from_402", Contradiction) => "escrow_contract_from_402".to_owned(),
        _ => path.replace(".0.", "[0]."),
    }
}

/// Tries everything that a table says about a message, and counts it.
fn refuse_all(name: &str, whole: &Object, rows: &[Row]) -> usize {
    BuyerMessage::read(&whole.canonical()).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut tried = 0;
    let mut failed = Vec::new();
    let mut refused = |object: Object, path: &str, reason: Reason, what: &str| {
        tried += 1;
        let found =
            BuyerMessage::read(&object.canonical()).map_err(|error| (error.reason(), error.field().to_string()));
        if found.as_ref().err() != Some(&(reason, place(path, reason))) {
            failed.push(format!("{name}.{path} = {what}: {:?}, not {reason:?}", found.err()));
        }
    };
    for row in rows {
        if row.null.is_some() {
            refused(with(whole.clone(), row.path, None), row.path, Missing, "missing");
        }
        for (kind, text) in TYPES {
            if row.reads.split(' ').any(|reads| reads == kind) {
                continue;
            }
            // a missing list is an empty one, but null is no list
            let null = if row.reads == "array" { Some(WrongType) } else { row.null };
            let Some(reason) = (if kind == "null" { null } else { Some(WrongType) }) else { continue };
            let value = json::parse(text.as_bytes()).unwrap();
            refused(with(whole.clone(), row.path, Some(value)), row.path, reason, text);
        }
        for (text, reason) in row.wrong {
            let value = json::parse(text.as_bytes()).unwrap();
            refused(with(whole.clone(), row.path, Some(value)), row.path, *reason, text);
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
    tried
}

/// Shows R-359, R-360, R-372, R-374..R-391, R-393..R-401, R-414..R-417, R-424, R-426, R-431.
#[test]
fn every_wrong_field_is_named_with_its_reason() {
    let accept = r#"{"phase":"ACCEPT","id":"a-1","offer_id":"offer-abc123",
        "offer_hash":"0x9f2d8e7c3b1a5f4e2d1c0b9a8f7e6d5c4b3a2f1e0d9c8b7a6f5e4d3c2b1a0f9e"}"#;
    let tried = [
        refuse_all("QUERY", &object(documents::QUERY), QUERY),
        refuse_all("OFFER", &fixtures::offer_object(), OFFER),
        refuse_all("OFFER of a simple order", &fixtures::simple_offer().to_object().unwrap(), SIMPLE),
        refuse_all("ACCEPT", &object(accept), ACCEPT),
        refuse_all("SETTLE", &object(documents::SETTLE), SETTLE),
        refuse_all("ERROR", &object(documents::ERROR), ERROR),
    ];
    assert!(tried.into_iter().all(|count| count >= 25), "{tried:?}");
    assert!(tried.iter().sum::<usize>() >= 600, "{tried:?}");
}

/// Shows R-358, R-361, R-377, R-393, R-423.
#[test]
fn the_phase_says_which_message_it_is() {
    let whole = object(documents::SETTLE);
    let read = |object: Object| {
        BuyerMessage::read(&object.canonical()).map(|_| ()).map_err(|error| (error.reason(), error.field().to_string()))
    };
    let phase = |text: &str| read(with(whole.clone(), "phase", Some(json::parse(text.as_bytes()).unwrap())));
    assert_eq!(read(with(whole.clone(), "phase", None)), Err((NoKind, String::new())));
    for text in [r#""settle""#, r#""COMMIT""#, r#""""#] {
        assert_eq!(phase(text), Err((UnknownKind, "phase".to_owned())));
    }
    assert_eq!(phase("7"), Err((WrongType, "phase".to_owned())));
    // a SETTLE is no QUERY, whatever it says
    assert_eq!(phase(r#""QUERY""#).unwrap_err().0, Missing);
    for text in [r#"{"message_type":"SETTLE","tgp_version":"0.1"}"#, r#"{"vseVersion":1}"#] {
        assert_eq!(read(object(text)).unwrap_err().0, UnknownKind, "{text}");
    }
    let both = with(whole, "message_type", Some(json::parse(br#""SETTLE""#).unwrap()));
    assert_eq!(read(both), Err((NoKind, String::new())));
}

/// Shows R-422. The documents print their examples with quotes missing: such text is no JSON.
#[test]
fn examples_as_printed_are_no_json() {
    for text in [documents::QUERY, documents::OFFER, documents::SETTLE, documents::ERROR] {
        let printed = text.replace("\": ", ": ").replace("\",\n", ",\n");
        assert_eq!(BuyerMessage::read(printed.as_bytes()).unwrap_err().reason(), NotJson);
        let curly = text.replace('"', "\u{201c}");
        assert_eq!(BuyerMessage::read(curly.as_bytes()).unwrap_err().reason(), NotJson);
    }
}
