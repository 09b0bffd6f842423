//! Every field of every message of plane B, missing, of another JSON type, and with values that it may not have.

use crate::{
    documents,
    fixtures::{self, object, with},
    matrix::*,
};
use tgp_protocol::{
    Reason::*,
    buyer::BuyerMessage,
    json::{self, Object},
    wire::Message,
};

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
    must("order.terms.policy", "array", &[]),
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
    must(
        "order.seller_commitment.signature",
        "string",
        &[(r#""0x1b""#, BadWalletSignature), (r#""""#, BadWalletSignature)],
    ),
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

/// Shows R-359, R-360, R-372, R-374..R-377, R-379..R-385, R-388, R-390, R-393..R-399, R-401, R-414..R-417, R-424.
/// Shows R-426, R-431.
/// Shows R-524.
#[test]
fn every_wrong_field_is_named_with_its_reason() {
    let accept = r#"{"phase":"ACCEPT","id":"a-1","offer_id":"offer-abc123",
        "offer_hash":"0x9f2d8e7c3b1a5f4e2d1c0b9a8f7e6d5c4b3a2f1e0d9c8b7a6f5e4d3c2b1a0f9e"}"#;
    let read = |bytes: &[u8]| BuyerMessage::read(bytes).map(|_| ());
    let tried = [
        refuse_all("QUERY", &object(documents::QUERY), QUERY, read),
        refuse_all("OFFER", &fixtures::offer_object(), OFFER, read),
        refuse_all("OFFER of a simple order", &fixtures::simple_offer().to_object().unwrap(), SIMPLE, read),
        refuse_all("ACCEPT", &object(accept), ACCEPT, read),
        refuse_all("SETTLE", &object(documents::SETTLE), SETTLE, read),
        refuse_all("ERROR", &object(documents::ERROR), ERROR, read),
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
