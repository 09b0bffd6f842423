//! Payments of plane S: what was signed, for whom, for how much and until when.

use crate::{
    documents,
    fixtures::{WalletKey, address_of, object, sign, wallet, with},
};
use alloy_primitives::{B256, U256, hex};
use proptest::prelude::*;
use std::time::Duration;
use tgp_protocol::{
    Code, Reason, Result,
    exact::{
        Authorization, Constraints, ExactPayload, PathQuote, Payment, PaymentCheck, SettlementEnvelope, Token,
        TokenDomain, UnixSeconds,
    },
    header::X402Version,
    json::{Object, Value},
    sign::WalletSignature,
    value::{Clock, EvmAddress, Timestamp},
    wire::Received,
};

const USDC: &str = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";

#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T>, field: &str, reason: Reason) {
    let error = result.expect_err(field);
    assert_eq!((error.field().to_string().as_str(), error.reason()), (field, reason));
}

/// USDC on Base Sepolia.
pub(crate) fn token() -> Token {
    Token {
        symbol: "USDC".parse().unwrap(),
        decimals: 6,
        domain: TokenDomain {
            name: "USDC".to_owned(),
            version: "2".to_owned(),
            chain: "base-sepolia".parse().unwrap(),
            token: USDC.parse().unwrap(),
        },
    }
}

/// The documents' quote, with the token of its chain.
pub(crate) fn quote() -> PathQuote {
    let mut quote = Received::<PathQuote>::read(documents::VPQ.as_bytes()).unwrap().into_message();
    quote.asset.erc20 = USDC.parse().unwrap();
    quote
}

pub(crate) fn seconds(number: u64) -> UnixSeconds {
    UnixSeconds(U256::from(number))
}

/// The documents' authorization, of a wallet whose key is known.
pub(crate) fn authorization() -> Authorization {
    Authorization {
        from: address_of(&wallet()),
        to: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C".parse().unwrap(),
        value: 10_000.into(),
        valid_after: seconds(1_740_672_089),
        valid_before: seconds(1_740_672_154),
        nonce: [7; 32].into(),
    }
}

pub(crate) fn payload(authorization: Authorization) -> ExactPayload {
    let signature = sign(&wallet(), authorization.transfer_digest(&token().domain));
    ExactPayload { signature, authorization }
}

fn first(authorization: Authorization) -> Payment {
    let chain = token().domain.chain;
    Payment { version: X402Version::V1, chain, accepted: None, payload: payload(authorization) }
}

pub(crate) fn accepted() -> Object {
    object(
        r#"{"scheme":"exact","network":"eip155:84532","amount":"10000",
        "asset":"0x036CbD53842c5426634e7929541eC2318f3dCF7e","payTo":"0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
        "maxTimeoutSeconds":60,"extra":{"name":"USDC","version":"2"}}"#,
    )
}

fn second(authorization: Authorization, accepted: &Object) -> Payment {
    let object = Payment::answering(X402Version::V2, accepted, payload(authorization)).unwrap();
    Payment::read(&object).unwrap()
}

fn at(second: i64) -> Clock {
    Clock::at(Timestamp::from_millis(second * 1000))
}

pub(crate) const NOW: i64 = 1_740_672_100;

fn envelope(payment: Object) -> SettlementEnvelope {
    let must_settle_before = Timestamp::from_millis((NOW + 30) * 1000);
    let constraints = Constraints { must_settle_before, replay_window_sec: 60 };
    SettlementEnvelope::clear("gwA>gwB>gwC".parse().unwrap(), payment, constraints)
}

/// The whole check, in an envelope on the quoted path; the quote has just been seen.
pub(crate) fn checked(check: &PaymentCheck<'_>, payment: &Payment, second: i64) -> Result<()> {
    check.check(payment, &envelope(object(documents::X_PAYMENT)), at(second).now, &at(second))
}

/// Shows R-262..R-264, R-279, R-287, R-289, R-290, R-292, R-295, R-297.
/// Shows R-256, R-257.
#[test]
fn a_good_payment_passes_every_check_in_both_versions() {
    let (quote, token) = (quote(), token());
    let check = PaymentCheck::new(&quote, &token).with_latency(Duration::from_secs(10));
    for payment in [first(authorization()), second(authorization(), &accepted())] {
        checked(&check, &payment, NOW).unwrap();
    }
}

/// Shows R-287.
#[test]
fn only_the_payers_own_signature_over_this_transfer_counts() {
    let (quote, token) = (quote(), token());
    let check = |payment: Payment| checked(&PaymentCheck::new(&quote, &token), &payment, NOW);
    check(first(authorization())).unwrap();
    let changed = |change: fn(&mut Authorization)| {
        let mut payment = first(authorization());
        change(&mut payment.payload.authorization);
        check(payment)
    };
    for change in [
        (|it: &mut Authorization| it.from = EvmAddress([9; 20].into())) as fn(&mut Authorization),
        |it| it.to = EvmAddress([9; 20].into()),
        |it| it.value = 10_001.into(),
        |it| it.valid_after = seconds(0),
        |it| it.valid_before = UnixSeconds(U256::MAX),
        |it| it.nonce = [8; 32].into(),
    ] {
        refused(changed(change), "payload.signature", Reason::OtherSigner);
    }
    // a signature for the receiver's own call is another one
    let mut payment = first(authorization());
    payment.payload.signature = sign(&wallet(), authorization().receive_digest(&token.domain));
    payment.payload.check_receive_signature(&token.domain).unwrap();
    refused(check(payment), "payload.signature", Reason::OtherSigner);
    // another token, chain, name or version of the domain
    for change in [
        (|it: &mut TokenDomain| it.token = EvmAddress([9; 20].into())) as fn(&mut TokenDomain),
        |it| it.chain = "base".parse().unwrap(),
        |it| it.name = "USD Coin".to_owned(),
        |it| it.version = "1".to_owned(),
    ] {
        let mut domain = token.domain.clone();
        change(&mut domain);
        assert!(first(authorization()).payload.check_transfer_signature(&domain).is_err());
    }
}

/// Shows R-321.
#[test]
fn the_signature_of_the_x402_specification_is_its_payers() {
    let payment = Payment::read(&object(documents::X_PAYMENT)).unwrap();
    payment.payload.check_transfer_signature(&token().domain).unwrap();
}

/// Signatures that name the same signer by another `s` or `v` are refused, and payments signed in the compact form.
#[test]
fn payments_are_signed_in_one_form() {
    let digest = B256::repeat_byte(3);
    let good = sign(&wallet(), digest);
    assert_eq!(good.signer(digest).unwrap(), address_of(&wallet()));
    let bytes: [u8; 65] = good.as_bytes().try_into().unwrap();
    let order = U256::from_be_slice(&hex!("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"));
    let mut high = bytes;
    high[32..64].copy_from_slice(&(order - U256::from_be_slice(&bytes[32..64])).to_be_bytes::<32>());
    high[64] = 55 - bytes[64];
    let mut parity = bytes;
    parity[64] -= 27;
    for bytes in [high, parity, [0; 65], [0xff; 65]] {
        assert_eq!(WalletSignature::from(bytes).signer(digest), Err(Reason::BadWalletSignature));
    }
    let contract: WalletSignature = format!("0x{}", "ab".repeat(200)).parse().unwrap();
    assert_eq!(contract.signer(digest), Err(Reason::ContractSignature));
    let compact = WalletSignature::from(alloy_primitives::Signature::from_raw_array(&bytes).unwrap().as_erc2098());
    assert_eq!(compact.signer(digest), Ok(address_of(&wallet())));
    // not known yet is not wrong: the chain is asked, and then the rest is checked
    let (quote, token) = (quote(), token());
    let check = PaymentCheck::new(&quote, &token);
    let mut payment = first(authorization());
    // no token takes a key's signature by EIP-2098
    for signature in [compact, contract] {
        payment.payload.signature = signature;
        refused(checked(&check, &payment, NOW), "payload.signature", Reason::ContractSignature);
    }
    let judged = check.with_signature_judged();
    checked(&judged, &payment, NOW).unwrap();
    payment.payload.authorization.value = 1.into();
    refused(checked(&judged, &payment, NOW), "payload.authorization.value", Reason::OtherValue);
    for text in ["", "0x", "0x12", "1b", &format!("0x{}", "ab".repeat(63)), &format!("0x{}", "ab".repeat(4097))] {
        assert_eq!(text.parse::<WalletSignature>(), Err(Reason::BadWalletSignature), "{text}");
    }
}

/// Shows R-289.
#[test]
fn the_value_is_exact_unless_the_operator_takes_more_in_version_one() {
    let (quote, token) = (quote(), token());
    let exact = PaymentCheck::new(&quote, &token);
    let more = exact.clone().with_overpayment();
    let of = |value: u64| Authorization { value: value.into(), ..authorization() };
    let field = "payload.authorization.value";
    for value in [0, 1, 9_999] {
        refused(checked(&exact, &first(of(value)), NOW), field, Reason::OtherValue);
        refused(checked(&more, &first(of(value)), NOW), field, Reason::OtherValue);
    }
    checked(&exact, &first(of(10_000)), NOW).unwrap();
    refused(checked(&exact, &first(of(10_001)), NOW), field, Reason::OtherValue);
    checked(&more, &first(of(10_001)), NOW).unwrap();
    refused(checked(&more, &second(of(10_001), &accepted()), NOW), field, Reason::OtherValue);
    let other = with(accepted(), "amount", Some(Value::String("9999".to_owned())));
    refused(checked(&exact, &second(of(10_000), &other), NOW), "accepted.amount", Reason::OtherValue);
}

/// Shows R-290, R-305.
#[test]
fn the_window_is_open_give_or_take_five_seconds() {
    let (quote, token) = (quote(), token());
    let check = PaymentCheck::new(&quote, &token);
    let window = |second: i64| checked(&check, &first(authorization()), second);
    let (after, before) = (1_740_672_089, 1_740_672_154);
    refused(window(after - 5), "payload.authorization.validAfter", Reason::OutsideWindow);
    window(after - 4).unwrap();
    // the window is open still, but too little of it is left to settle in
    refused(window(before + 4), "payload.authorization.validBefore", Reason::WindowTooShort);
    refused(window(before + 5), "payload.authorization.validBefore", Reason::OutsideWindow);
    assert_eq!(window(before + 5).unwrap_err().code().dotted(), "X402.WINDOW_EXPIRED");
    let open = Authorization { valid_after: seconds(0), valid_before: UnixSeconds(U256::MAX), ..authorization() };
    checked(&check, &first(open), NOW).unwrap();
}

/// Shows R-295.
#[test]
fn enough_of_the_window_is_left_to_settle() {
    let (quote, token) = (quote(), token());
    let check = PaymentCheck::new(&quote, &token).with_latency(Duration::from_secs(12));
    let left = |second: i64| checked(&check, &first(authorization()), second);
    // 30 s by the quote and 12 s on the way
    left(1_740_672_154 - 43).unwrap();
    refused(left(1_740_672_154 - 42), "payload.authorization.validBefore", Reason::WindowTooShort);
}

/// Shows R-292, R-268, R-276, R-307.
#[test]
fn the_documents_token_is_not_on_the_documents_chain() {
    let printed = Received::<PathQuote>::read(documents::VPQ.as_bytes()).unwrap().into_message();
    let token = token();
    let error = checked(&PaymentCheck::new(&printed, &token), &first(authorization()), NOW).unwrap_err();
    assert_eq!(error.code().dotted(), "X402.NETWORK_OR_TOKEN_MISMATCH");
    refused::<()>(Err(error), "asset.erc20", Reason::NetworkMismatch);
    // the documents' own payment passes every check before that one
    let payment = object(documents::X_PAYMENT);
    let whole = PaymentCheck::new(&printed, &token);
    let result = whole.check(&Payment::read(&payment).unwrap(), &envelope(payment), at(NOW).now, &at(NOW));
    refused(result, "asset.erc20", Reason::NetworkMismatch);

    let network = |change: fn(&mut PathQuote), payment: &Payment| {
        let mut quote = quote();
        change(&mut quote);
        checked(&PaymentCheck::new(&quote, &token), payment, NOW)
    };
    let payment = first(authorization());
    network(|_| {}, &payment).unwrap();
    refused(network(|it| it.asset.decimals = 18, &payment), "asset.decimals", Reason::NetworkMismatch);
    refused(network(|it| it.asset.symbol = "USDT".parse().unwrap(), &payment), "asset.symbol", Reason::NetworkMismatch);
    refused(network(|it| it.asset.chain = "base".parse().unwrap(), &payment), "asset.chain", Reason::NetworkMismatch);
    let elsewhere = Payment { chain: "base".parse().unwrap(), ..payment };
    refused(network(|_| {}, &elsewhere), "network", Reason::NetworkMismatch);
    let asset = Value::String("0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48".to_owned());
    let other = second(authorization(), &with(accepted(), "asset", Some(asset)));
    refused(network(|_| {}, &other), "accepted.asset", Reason::NetworkMismatch);
}

/// Shows R-264.
#[test]
fn the_payment_goes_to_the_provider_on_the_quoted_path() {
    let (quote, token) = (quote(), token());
    let check = PaymentCheck::new(&quote, &token);
    let elsewhere = Authorization { to: EvmAddress([9; 20].into()), ..authorization() };
    refused(checked(&check, &first(elsewhere), NOW), "payload.authorization.to", Reason::OtherRecipient);
    let pay_to = Value::String("0x0909090909090909090909090909090909090909".to_owned());
    let other = second(authorization(), &with(accepted(), "payTo", Some(pay_to)));
    refused(checked(&check, &other, NOW), "accepted.payTo", Reason::OtherRecipient);

    let mut envelope = envelope(object(documents::X_PAYMENT));
    envelope.path_id = "gwA>gwC".parse().unwrap();
    let result = check.check(&first(authorization()), &envelope, at(NOW).now, &at(NOW));
    assert_eq!(result.as_ref().unwrap_err().code(), Code::HopVerificationFail);
    refused(result, "pathId", Reason::OtherPath);
}

/// Shows R-269, R-285, R-286, R-310.
#[test]
fn quotes_and_envelopes_end() {
    let mut quote = quote();
    let seen = at(NOW).now;
    quote.check_open(seen, &at(NOW + 44)).unwrap();
    let over = quote.check_open(seen, &at(NOW + 45));
    assert_eq!(over.as_ref().unwrap_err().code().dotted(), "TGP.QUOTE_EXPIRED");
    refused(over, "price.ttlSeconds", Reason::InThePast);
    // when it was made counts, not when it arrived; and never longer than from its arrival
    quote.issued_at = Some(at(NOW - 40).now);
    refused(quote.check_open(seen, &at(NOW + 5)), "price.ttlSeconds", Reason::InThePast);
    quote.issued_at = Some(at(NOW + 60).now);
    refused(quote.check_open(seen, &at(NOW + 45)), "price.ttlSeconds", Reason::InThePast);
    quote.issued_at = Some(at(NOW + 61).now);
    refused(quote.check_open(seen, &at(NOW)), "issuedAt", Reason::InTheFuture);

    let envelope = envelope(object(documents::X_PAYMENT));
    envelope.check_open(&at(NOW + 29)).unwrap();
    refused(envelope.check_open(&at(NOW + 30)), "constraints.mustSettleBefore", Reason::SettleDeadline);
    // a payment is held to both ends, whatever else is in time
    let (mut quote, token) = (self::quote(), token());
    let lasting = Authorization { valid_before: seconds(1_740_999_999), ..authorization() };
    let whole = |quote: &PathQuote, second: i64| {
        PaymentCheck::new(quote, &token).check(&first(lasting.clone()), &envelope, seen, &at(second))
    };
    whole(&quote, NOW + 29).unwrap();
    refused(whole(&quote, NOW + 30), "constraints.mustSettleBefore", Reason::SettleDeadline);
    quote.price.ttl_seconds = 29;
    refused(whole(&quote, NOW + 29), "price.ttlSeconds", Reason::InThePast);
    assert_eq!(envelope.remember_until(), at(NOW + 90).now);
    envelope.check_disclosure(true).unwrap();
    refused(envelope.check_disclosure(false), "x402", Reason::WalletDisclosed);
}

/// What a payment is known by after a crash: a used nonce is success when it was this very transfer that used it.
#[test]
fn a_payment_is_known_by_all_that_it_moves() {
    let domain = token().domain;
    let key = authorization().key(domain.chain, domain.token);
    assert_eq!(key, authorization().key(domain.chain, domain.token));
    for change in [
        (|it: &mut Authorization| it.from = EvmAddress([9; 20].into())) as fn(&mut Authorization),
        |it| it.to = EvmAddress([9; 20].into()),
        |it| it.value = 1.into(),
        |it| it.nonce = [8; 32].into(),
    ] {
        let mut other = authorization();
        change(&mut other);
        assert_ne!(other.key(domain.chain, domain.token), key);
    }
    assert_ne!(authorization().key("base".parse().unwrap(), domain.token), key);
    // the window is not part of what was moved
    let longer = Authorization { valid_before: seconds(u64::MAX), ..authorization() };
    assert_eq!(longer.key(domain.chain, domain.token), key);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whoever signs, that wallet is found, and for no other authorization.
    #[test]
    fn signatures_recover(seed in 1..=u64::MAX, value in any::<u64>(), nonce in any::<[u8; 32]>()) {
        let mut bytes = [0; 32];
        bytes[24..].copy_from_slice(&seed.to_be_bytes());
        let key = WalletKey::from_slice(&bytes).unwrap();
        let mut authorization = authorization();
        (authorization.from, authorization.value, authorization.nonce) =
            (address_of(&key), value.into(), nonce.into());
        let signature = sign(&key, authorization.transfer_digest(&token().domain));
        let mut payload = ExactPayload { signature, authorization };
        prop_assert!(payload.check_transfer_signature(&token().domain).is_ok());
        payload.authorization.value = value.wrapping_add(1).into();
        prop_assert!(payload.check_transfer_signature(&token().domain).is_err());
    }
}
