//! What x402 sends on either side of a payment, in both of its versions.

use crate::{
    documents,
    exact_checks::{accepted, authorization, payload, refused, seconds, token},
    fixtures::{object, with},
};
use proptest::prelude::*;
use tgp_protocol::{
    Code, Reason,
    exact::{Payment, Requirements, SettleOutcome, SettleResponse, read_payment_required},
    header::X402Version,
    json::{self, Object, Value},
    value::{Amount, Word},
};

/// Shows R-284.
#[test]
fn payments_are_read_from_both_versions() {
    let one = Payment::read(&object(documents::X_PAYMENT)).unwrap();
    assert_eq!((one.version, one.chain), (X402Version::V1, "eip155:84532".parse().unwrap()));
    assert_eq!(one.payload.authorization.value, Amount::from(10_000));
    assert_eq!(one.payload.authorization.valid_before, seconds(1_740_672_154));

    let whole = Payment::answering(X402Version::V2, &accepted(), payload(authorization())).unwrap();
    assert_eq!(whole.get("accepted").and_then(Value::as_object), Some(&accepted()), "goes back as it came");
    let two = Payment::read(&whole).unwrap();
    assert_eq!(two.payload, payload(authorization()));
    let requirements = two.accepted.unwrap();
    assert_eq!(requirements.token_domain(), Some(token().domain));
    assert_eq!((requirements.amount, requirements.max_timeout_seconds), (Amount::from(10_000), 60));

    let read = |object: Object| Payment::read(&object);
    // what others put beside is theirs
    let theirs = json::parse(br#"{"bazaar":{"info":{"rate":0.5}}}"#).unwrap();
    read(with(whole.clone(), "extensions", Some(theirs.clone()))).unwrap();
    read(with(whole.clone(), "accepted.extra", Some(theirs))).unwrap();
    let text = |text: &str| Some(json::parse(text.as_bytes()).unwrap());
    for (path, value, field, reason) in [
        ("x402Version", None, "x402Version", Reason::Missing),
        ("x402Version", text("3"), "x402Version", Reason::OtherX402Version),
        ("accepted", None, "accepted", Reason::Missing),
        ("accepted", text("[]"), "accepted", Reason::WrongType),
        ("accepted.scheme", text("\"upto\""), "accepted.scheme", Reason::OtherScheme),
        ("accepted.network", text("\"base-sepolia\""), "accepted.network", Reason::BadChain),
        ("accepted.amount", text("10000"), "accepted.amount", Reason::NumericMoney),
        ("accepted.amount", text("\"1.5\""), "accepted.amount", Reason::BadAmount),
        ("accepted.payTo", text("\"merchant\""), "accepted.payTo", Reason::BadAddress),
        ("payload", None, "payload", Reason::Missing),
        ("payload.signature", text("\"0x12\""), "payload.signature", Reason::BadWalletSignature),
        ("payload.authorization", None, "payload.authorization", Reason::Missing),
        ("payload.authorization.value", text("10000"), "payload.authorization.value", Reason::NumericMoney),
        ("payload.authorization.value", text("1.5"), "payload.authorization.value", Reason::NumericMoney),
        ("payload.authorization.value", text("-1"), "payload.authorization.value", Reason::NumericMoney),
        ("payload.authorization.validAfter", text("0"), "payload.authorization.validAfter", Reason::WrongType),
        ("payload.authorization.validBefore", text("\"-1\""), "payload.authorization.validBefore", Reason::BadTime),
        ("payload.authorization.nonce", text("\"0x12\""), "payload.authorization.nonce", Reason::BadWord),
        ("payload.authorization.from", None, "payload.authorization.from", Reason::Missing),
    ] {
        refused(read(with(whole.clone(), path, value)), field, reason);
    }
    let one = object(documents::X_PAYMENT);
    for (path, value, field, reason) in [
        ("scheme", text("\"x402:exact\""), "scheme", Reason::OtherScheme),
        ("network", text("\"solana\""), "network", Reason::BadChain),
        ("payload", text("\"0x12\""), "payload", Reason::WrongType),
    ] {
        refused(read(with(one.clone(), path, value)), field, reason);
    }
}

#[test]
fn a_402_answer_may_ask_for_more_than_we_speak() {
    let other = r#"{"scheme":"exact","network":"solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp","amount":1}"#;
    let upto = r#"{"scheme":"upto","network":"eip155:84532"}"#;
    let ours = String::from_utf8(accepted().canonical()).unwrap();
    let answer =
        |accepts: &str| object(&format!(r#"{{"x402Version":2,"error":"Payment required","accepts":{accepts}}}"#));
    let found = read_payment_required(&answer(&format!("[{other},{upto},{ours}]"))).unwrap();
    assert_eq!(found, [Requirements::read(X402Version::V2, &accepted()).unwrap()]);
    let broken = ours.replace("\"10000\"", "10000");
    refused(read_payment_required(&answer(&format!("[{other},{broken}]"))), "accepts[1].amount", Reason::NumericMoney);
    refused(read_payment_required(&answer("{}")), "accepts", Reason::WrongType);
    refused(read_payment_required(&answer("[7]")), "accepts[0]", Reason::WrongType);
    refused(read_payment_required(&object(r#"{"x402Version":2}"#)), "accepts", Reason::Missing);

    let first = object(
        r#"{"x402Version":1,"accepts":[{"scheme":"exact","network":"base-sepolia","maxAmountRequired":"10000",
        "resource":"https://rs.example/weather","description":"Weather","mimeType":"application/json",
        "payTo":"0x209693Bc6afc0C5328bA36FaF03C514EF312287C","maxTimeoutSeconds":60,"outputSchema":{"least":0.5},
        "asset":"0x036CbD53842c5426634e7929541eC2318f3dCF7e"}]}"#,
    );
    let found = read_payment_required(&first).unwrap();
    assert_eq!((found[0].version, found[0].amount), (X402Version::V1, Amount::from(10_000)));
    assert_eq!(found[0].token_domain(), None);
    let Some(Value::Array(accepts)) = first.get("accepts") else { panic!("a list") };
    let entry = accepts[0].as_object().unwrap();
    let answer = Payment::answering(X402Version::V1, entry, payload(authorization())).unwrap();
    assert_eq!(Payment::read(&answer).unwrap().payload, payload(authorization()));
    assert_eq!(answer.get("network").and_then(Value::as_str), Some("base-sepolia"));
}

#[test]
fn pending_is_no_failure() {
    let hash = "0x9f2d8e7c3b1a5f4e2d1c0b9a8f7e6d5c4b3a2f1e0d9c8b7a6f5e4d3c2b1a0f9e";
    let read = |success: bool, reason: Option<&str>, transaction: &str| {
        let reason = reason.map(|reason| format!(r#","errorReason":"{reason}""#)).unwrap_or_default();
        let text = format!(r#"{{"success":{success}{reason},"transaction":"{transaction}","network":"eip155:84532"}}"#);
        SettleResponse::read(&object(&text)).unwrap().outcome()
    };
    let word: Word = hash.parse().unwrap();
    assert_eq!(read(true, None, hash).unwrap(), SettleOutcome::Settled(word));
    assert_eq!(read(false, Some("settlement_pending"), hash).unwrap(), SettleOutcome::Pending(word));
    assert_eq!(read(false, Some("insufficient_funds"), "").unwrap(), SettleOutcome::Failed);
    // something was sent: how it ended, the chain knows
    assert_eq!(read(false, Some("unexpected_settle_error"), hash).unwrap(), SettleOutcome::Pending(word));
    assert_eq!(read(false, None, hash).unwrap(), SettleOutcome::Pending(word));
    refused(read(true, None, ""), "transaction", Reason::BadWord);
    refused(read(false, Some("settlement_pending"), ""), "transaction", Reason::BadWord);
    refused(read(true, Some("x"), hash), "errorReason", Reason::Contradiction);
    // whoever is told of a failure signs again, and pays twice
    for unknown in [read(true, None, ""), read(false, Some("settlement_pending"), ""), read(true, Some("x"), hash)] {
        assert_eq!(unknown.unwrap_err().code(), Code::SettlementPending);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn no_object_makes_a_reader_panic(bytes in any::<Vec<u8>>()) {
        if let Ok(Value::Object(object)) = json::parse(&bytes) {
            let _ = (Payment::read(&object), read_payment_required(&object), SettleResponse::read(&object));
        }
    }
}
