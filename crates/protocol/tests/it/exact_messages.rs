//! VPQ, VSE and PoS: every field, and back from the wire as they were.

use crate::{
    documents,
    fixtures::{object, with},
    matrix::*,
};
use proptest::{collection::vec, option, prelude::*};
use tgp_protocol::{
    Code,
    Reason::{self, *},
    exact::{
        Authorization, Constraints, Fee, FeeKind, Finality, FinalityTag, KycClass, PathQuote, PaymentForm,
        ProofOfSettlement, SealedBytes, SealedPayment, SettlementEnvelope, TransitQuote, UnixSeconds, payment_hash,
    },
    json::{self, Object, Value},
    sign::SigningKey,
    value::{Amount, EvmAddress, Id, Timestamp},
    wire::{self, Kind, Message, Received},
};

const BAD_ADDRESSES: &[(&str, Reason)] = &[
    (r#""0x2096""#, BadAddress),
    (r#""0x0000000000000000000000000000000000000000""#, ZeroAddress),
    (r#""0x209693bC6afc0C5328bA36FaF03C514EF312287C""#, BadChecksum),
];
const BAD_MONEY: &[(&str, Reason)] = &[
    ("7", NumericMoney),
    ("1.5", NumericMoney),
    ("-1", NumericMoney),
    (r#""0""#, ZeroAmount),
    (r#""1.0""#, BadAmount),
];
const BAD_U32: &[(&str, Reason)] = &[("4294967296", OutOfRange), ("-1", OutOfRange), ("0.5", WrongType)];
const BAD_PATHS: &[(&str, Reason)] = &[(r#""""#, BadPathId), (r#""a/b""#, BadPathId)];

const VPQ: &[Row] = &[
    must("pathId", "string", BAD_PATHS),
    must("asset", "object", &[]),
    must("asset.chain", "string", &[(r#""nowhere""#, BadChain), (r#""eip155:""#, BadChain)]),
    must("asset.erc20", "string", BAD_ADDRESSES),
    must("asset.decimals", "number", &[("256", OutOfRange)]),
    must("asset.symbol", "string", &[(r#""""#, BadSymbol)]),
    must("price", "object", &[]),
    must("price.amount", "string number", BAD_MONEY),
    must("price.currency", "string", &[(r#""USDT""#, Contradiction)]),
    must("price.ttlSeconds", "number", BAD_U32),
    must("price.ttlSeconds", "number", &[("0", OutOfRange)]),
    may("fees", "array", &[]),
    must("fees.0.hop", "string", BAD_IDS),
    must("fees.0.type", "string", BAD_ENUMS),
    must("fees.0.amount", "string number", &[("25", NumericMoney), (r#""-25""#, BadAmount)]),
    must("policy", "object", &[]),
    // as the documents print it
    may("policy.kycClass", "string", &[(r#""P0|P1|P2""#, UnknownValue)]),
    may("policy.sanctions", "string", &[(r#""""#, BadId)]),
    may("policy.dataRetention", "string", &[(r#""90 days""#, BadId)]),
    must("rs", "object", &[]),
    must("rs.name", "string", &[(r#""""#, BadDisplayName), (r#""a\nb""#, BadDisplayName)]),
    must("rs.settlementAddress", "string", BAD_ADDRESSES),
    must("rs.paymentRequirements", "object", &[]),
    must("rs.paymentRequirements.scheme", "string", &[(r#""exact""#, UnknownValue)]),
    must("rs.paymentRequirements.maxAmountRequired", "string number", BAD_MONEY),
    must("rs.paymentRequirements.validityMinSeconds", "number", BAD_U32),
    must("rs.paymentRequirements.requiredNetwork", "string", &[(r#""base""#, NetworkMismatch)]),
    must(
        "rs.paymentRequirements.requiredToken",
        "string",
        &[(r#""erc20:USDT""#, NetworkMismatch), (r#""USDC""#, BadSymbol)],
    ),
    must("nonce", "string", BAD_IDS),
    may("issuedAt", "string", BAD_TIMES),
    may("hopQuotes", "array", &[]),
    must("hopQuotes.0.hop", "string", BAD_IDS),
    must("hopQuotes.0.upstream", "string", BAD_IDS),
    must("hopQuotes.0.fee", "string number", &[("1", NumericMoney)]),
    must("hopQuotes.0.timelockDelta", "number", BAD_U32),
    must("hopQuotes.0.sig", "string", &[(r#""gwB-signature""#, BadSignature)]),
];

const VSE: &[Row] = &[
    must("pathId", "string", BAD_PATHS),
    must("hopProofs", "array", &[]),
    must("hopProofs.0.gw", "string", BAD_IDS),
    // the printed proofs are nobody's
    must("hopProofs.0.proof", "string", &[("\"\u{2026}\"", BadSignature)]),
    must("constraints", "object", &[]),
    must("constraints.mustSettleBefore", "string", BAD_TIMES),
    must("constraints.replayWindowSec", "number", BAD_U32),
    must("x402.x402Version", "number", &[("3", OtherX402Version)]),
    must("x402.scheme", "string", &[(r#""upto""#, OtherScheme)]),
    must("x402.payload", "object", &[]),
    must("x402.payload.authorization.to", "string", &[(r#""0x2096""#, BadAddress)]),
];

const POS: &[Row] = &[
    must("txHash", "string", BAD_WORDS),
    must("blockNumber", "number", &[("-1", OutOfRange)]),
    must("chainId", "number", &[("0", OutOfRange), ("-1", OutOfRange)]),
    must("erc20", "string", BAD_ADDRESSES),
    must("from", "string", BAD_ADDRESSES),
    must("to", "string", BAD_ADDRESSES),
    must("value", "string number", BAD_MONEY),
    must("vpqNonce", "string", BAD_IDS),
    must("pathId", "string", BAD_PATHS),
    may("finality", "object", &[]),
    must("finality.confirmations", "number", BAD_U32),
    must("finality.tag", "string", BAD_ENUMS),
];

fn constraints() -> Constraints {
    Constraints { must_settle_before: "2025-11-03T08:15:12Z".parse().unwrap(), replay_window_sec: 60 }
}

fn hop_quote() -> TransitQuote {
    let (hop, upstream) = ("gwB".parse().unwrap(), "gwA".parse().unwrap());
    TransitQuote::sign([1; 32].into(), hop, upstream, 25.into(), 60, &SigningKey::from_seed(&[1; 32]))
}

/// The documents' objects with every member that there is.
pub(crate) fn whole() -> [Object; 3] {
    let quotes = json::to_value(&vec![hop_quote()]).unwrap();
    let quote = with(object(documents::VPQ), "hopQuotes", Some(quotes));
    let mut envelope = SettlementEnvelope::clear("p-1".parse().unwrap(), object(documents::X_PAYMENT), constraints());
    let trail = tgp_protocol::exact::HopTrail { quote: [1; 32].into(), payment: envelope.payment_hash().unwrap() };
    let key = SigningKey::from_seed(&[1; 32]);
    trail.prove(&mut envelope.hop_proofs, "gwA".parse().unwrap(), &"gwB".parse().unwrap(), &key);
    let finality = json::parse(br#"{"confirmations":12,"tag":"safe"}"#).unwrap();
    [quote, envelope.to_object().unwrap(), with(object(documents::POS), "finality", Some(finality))]
}

/// Shows R-266..R-278, R-281..R-286, R-301.
#[test]
fn every_wrong_field_is_named_with_its_reason() {
    let [quote, envelope, proof] = whole();
    let tried = [
        refuse_all("VPQ", &quote, VPQ, |bytes| Received::<PathQuote>::read(bytes).map(|_| ())),
        refuse_all("VSE", &envelope, VSE, |bytes| Received::<SettlementEnvelope>::read(bytes).map(|_| ())),
        refuse_all("PoS", &proof, POS, |bytes| Received::<ProofOfSettlement>::read(bytes).map(|_| ())),
    ];
    assert!(tried.iter().sum::<usize>() >= 300, "{tried:?}");
}

/// Shows R-266, R-281, R-301, R-322.
#[test]
fn the_version_member_says_the_kind() {
    for (whole, member, kind) in whole()
        .into_iter()
        .zip(["vpqVersion", "vseVersion", "posVersion"])
        .zip([Kind::PathQuote, Kind::SettlementEnvelope, Kind::ProofOfSettlement])
        .map(|((whole, member), kind)| (whole, member, kind))
    {
        assert_eq!(wire::read(&whole.canonical()).unwrap().0, kind);
        for version in ["2", "0", "\"1\"", "1.5"] {
            let value = json::parse(version.as_bytes()).unwrap();
            let error = wire::read(&with(whole.clone(), member, Some(value)).canonical()).unwrap_err();
            assert_eq!((error.code(), error.field().to_string().as_str()), (Code::UnsupportedVersion, member));
        }
        let reserved = with(whole, "tgpVersion", Some(Value::String("0.1".to_owned())));
        assert_eq!(wire::read(&reserved.canonical()).unwrap().0, kind);
    }
}

/// Each plane has members of its own beside the fields: what only another plane has, is not understood here.
#[test]
fn critical_members_are_those_of_the_plane() {
    let critical = |name: &str| {
        let mut object = object(documents::VPQ);
        object.insert("kid", Value::String(SigningKey::from_seed(&[1; 32]).public_key().id().to_string()));
        object.insert("crit", Value::Array(vec![Value::String(name.to_owned())]));
        if object.get(name).is_none() {
            object.insert(name, Value::String("0.9".to_owned()));
        }
        Received::<PathQuote>::from_object(object)
            .map(|_| ())
            .map_err(|error| (error.reason(), error.field().to_string()))
    };
    for known in ["vpqVersion", "sig", "kid", "crit", "price"] {
        assert_eq!(critical(known), Ok(()), "{known}");
    }
    for foreign in ["tgp_version", "vgp_version", "phase", "signature", "vseVersion", "tgpVersion"] {
        assert_eq!(critical(foreign), Err((Reason::CriticalUnknown, "crit[0]".into())), "{foreign}");
    }
}

/// Shows R-265..R-277, R-301, R-321.
#[test]
fn documents_examples_are_read_field_by_field() {
    let quote = Received::<PathQuote>::read(documents::VPQ.as_bytes()).unwrap().into_message();
    assert_eq!(quote.path_id.as_str(), "gwA>gwB>gwC");
    assert_eq!(quote.asset.chain.to_string(), "eip155:84532");
    assert_eq!((quote.price.amount, quote.price.ttl_seconds), (Amount::from(10_000), 45));
    let fees: Vec<_> = quote.fees.iter().map(|fee| (fee.kind, fee.amount.to_string())).collect();
    let expected = [(FeeKind::PolicyEval, "0"), (FeeKind::CrossDomain, "25"), (FeeKind::EgressSettle, "5")];
    assert_eq!(fees, expected.map(|(kind, amount)| (kind, amount.to_owned())));
    assert_eq!(quote.policy.kyc_class, Some(KycClass::P1));
    assert_eq!(quote.policy.allowed_use.as_ref().unwrap().len(), 2);
    assert_eq!(quote.rs.name.as_str(), "Example RS");
    assert_eq!(quote.rs.payment_requirements.validity_min_seconds, 30);

    let proof = Received::<ProofOfSettlement>::read(documents::POS.as_bytes()).unwrap().into_message();
    assert_eq!((proof.block_number, proof.chain_id), (12_345_678, 84_532));
    let mut quote = quote;
    quote.asset.erc20 = proof.erc20;
    let authorization = Authorization {
        from: proof.from,
        to: proof.to,
        value: proof.value,
        valid_after: UnixSeconds::default(),
        valid_before: UnixSeconds::default(),
        nonce: [0; 32].into(),
    };
    proof.check_settles(&quote, &authorization).unwrap();
    for (field, change) in [
        ("chainId", (|it: &mut ProofOfSettlement| it.chain_id = 1) as fn(&mut ProofOfSettlement)),
        ("erc20", |it| it.erc20 = EvmAddress([1; 20].into())),
        ("from", |it| it.from = EvmAddress([1; 20].into())),
        ("to", |it| it.to = EvmAddress([1; 20].into())),
        ("value", |it| it.value = 1.into()),
        ("vpqNonce", |it| it.vpq_nonce = "other".parse().unwrap()),
        ("pathId", |it| it.path_id = "other".parse().unwrap()),
    ] {
        let mut other = proof.clone();
        change(&mut other);
        let error = other.check_settles(&quote, &authorization).unwrap_err();
        assert_eq!((error.field().to_string().as_str(), error.code()), (field, Code::SettlementFailed));
    }
    // the printed signatures are no signatures
    let received = Received::<ProofOfSettlement>::read(documents::POS.as_bytes()).unwrap();
    let error = received.verify(&SigningKey::from_seed(&[1; 32]).public_key()).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (BadSignature, "sig"));
}

#[test]
fn a_settlement_without_finality_is_not_final() {
    let mut proof = Received::<ProofOfSettlement>::read(documents::POS.as_bytes()).unwrap().into_message();
    let least = Finality { confirmations: 10, tag: FinalityTag::Safe };
    let check = |proof: &ProofOfSettlement| proof.check_final(least).map_err(|error| error.code());
    assert_eq!(check(&proof), Err(Code::NotFinal));
    for (confirmations, tag, final_) in [
        (10, FinalityTag::Safe, true),
        (10, FinalityTag::Finalized, true),
        (9, FinalityTag::Finalized, false),
        (10, FinalityTag::Latest, false),
    ] {
        proof.finality = Some(Finality { confirmations, tag });
        assert_eq!(check(&proof).is_ok(), final_, "{confirmations} {tag:?}");
    }
}

/// Shows R-284.
#[test]
fn a_payment_is_clear_or_sealed() {
    let payment = object(documents::X_PAYMENT);
    let sealed = SealedPayment {
        kid: SigningKey::from_seed(&[1; 32]).public_key().id(),
        enc: SealedBytes(vec![1; 32]),
        ct: SealedBytes(vec![2; 700]),
        commitment: payment_hash(&payment),
    };
    sealed.check_opened(&payment).unwrap();
    let other = with(payment.clone(), "payload.authorization.value", Some(Value::String("1".to_owned())));
    assert_eq!(sealed.check_opened(&other).unwrap_err().reason(), HashMismatch);

    let path = || "p-1".parse().unwrap();
    let hidden = SettlementEnvelope::sealed(path(), sealed, constraints());
    let clear = SettlementEnvelope::clear(path(), with(payment, "later", Some(Value::Null)), constraints());
    hidden.check_disclosure(false).unwrap();
    let [both, neither] = {
        let (hidden, clear) = (hidden.to_object().unwrap(), clear.to_object().unwrap());
        let both = with(clear.clone(), "x402_sealed", hidden.get("x402_sealed").cloned());
        [both, with(clear, "x402", None)]
    };
    for wrong in [both, neither] {
        let error = Received::<SettlementEnvelope>::from_object(wrong).unwrap_err();
        assert_eq!(error.reason(), Reason::PaymentForm);
    }
    // proofs are over the same hash, however the payment travels
    let read = Received::<SettlementEnvelope>::from_object(hidden.to_object().unwrap()).unwrap().into_message();
    assert!(matches!(read.payment().unwrap(), PaymentForm::Sealed(_)));
    assert_eq!(read.payment_hash().unwrap(), payment_hash(&object(documents::X_PAYMENT)));
    // members that we do not know go on
    let PaymentForm::Clear(carried) = clear.payment().unwrap() else { panic!("clear") };
    assert!(carried.get("later").is_some());
    for text in ["\"\"", "\"a=\"", "\"+/\""] {
        assert!(serde_json::from_str::<SealedBytes>(text).is_err());
    }
    // what cannot be read is not sent
    for (enc, ct, field) in [(0, 700, "x402_sealed.enc"), (32, 0, "x402_sealed.ct"), (32, 32_769, "x402_sealed.ct")] {
        let PaymentForm::Sealed(sealed) = read.payment().unwrap() else { panic!("sealed") };
        let wrong = SealedPayment { enc: SealedBytes(vec![1; enc]), ct: SealedBytes(vec![2; ct]), ..sealed.clone() };
        let error = SettlementEnvelope::sealed(path(), wrong, constraints()).to_object().unwrap_err();
        assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::WrongLength, field));
    }
}

#[test]
fn sealed_bytes_are_at_most_32_kib() {
    let longest = SealedBytes(vec![7; 32 * 1024]);
    assert_eq!(longest.to_string().parse(), Ok(longest));
    let longer = SealedBytes(vec![7; 32 * 1024 + 1]).to_string();
    assert_eq!(longer.parse::<SealedBytes>(), Err(Reason::WrongLength));
}

fn ids() -> impl Strategy<Value = Id> {
    "[A-Za-z0-9._:-]{1,64}".prop_map(|text| text.parse().unwrap())
}

fn amounts() -> impl Strategy<Value = Amount> {
    any::<[u8; 32]>().prop_map(|bytes| Amount(alloy_primitives::U256::from_be_bytes(bytes)))
}

fn times() -> impl Strategy<Value = Timestamp> {
    (0..253_402_300_799_000_i64).prop_map(Timestamp::from_millis)
}

fn addresses() -> impl Strategy<Value = EvmAddress> {
    any::<[u8; 20]>().prop_map(|mut bytes| {
        bytes[0] |= 1;
        EvmAddress(bytes.into())
    })
}

prop_compose! {
    fn quotes()(
        path in "[A-Za-z0-9._:>-]{1,256}", chain in 1..=u64::MAX, erc20 in addresses(), decimals in any::<u8>(),
        symbol in "[A-Za-z0-9.-]{1,16}", amount in 1..=u64::MAX, ttl in 1..=u32::MAX, fees in vec((ids(), amounts()), 0..4),
        nonce in ids(), issued_at in option::of(times()), name in "[^\\p{C}]{1,128}", labels in option::of(vec(ids(), 0..3)),
    ) -> PathQuote {
        let mut quote = Received::<PathQuote>::read(documents::VPQ.as_bytes()).unwrap().into_message();
        quote.path_id = path.parse().unwrap();
        quote.asset.chain = tgp_protocol::value::ChainId::eip155(chain);
        quote.asset.symbol = symbol.parse().unwrap();
        (quote.asset.erc20, quote.asset.decimals) = (erc20, decimals);
        (quote.price.amount, quote.price.ttl_seconds) = (amount.into(), ttl);
        quote.price.currency = quote.asset.symbol.clone();
        quote.rs.payment_requirements.max_amount_required = quote.price.amount;
        quote.rs.payment_requirements.required_network = quote.asset.chain;
        quote.rs.payment_requirements.required_token.0 = quote.asset.symbol.clone();
        quote.rs.name = name.parse().unwrap();
        quote.fees = fees.into_iter().map(|(hop, amount)| Fee { hop, kind: FeeKind::CrossDomain, amount }).collect();
        (quote.nonce, quote.issued_at, quote.policy.jurisdiction) = (nonce, issued_at, labels);
        quote
    }
}

/// Any JSON that a peer may put beside what we know.
fn extras() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|truth| truth.to_string()),
        (-(1_i64 << 53) + 1..(1_i64 << 53)).prop_map(|number| number.to_string()),
        (0..1_000_000_u32, 1..=6_u32).prop_map(|(digits, places)| format!(
            "0.{digits:0>width$}1",
            width = places as usize
        )
        .chars()
        .take(8)
        .collect()),
        "[a-z]{0,8}".prop_map(|text| format!("\"{text}\"")),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|list| format!("[{}]", list.join(","))),
            vec(inner, 0..4).prop_map(|list| {
                let members: Vec<_> =
                    list.iter().enumerate().map(|(place, value)| format!("\"m{place}\":{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
    .prop_map(|text| json::parse(text.as_bytes()).unwrap())
}

/// Sends a message and reads it, unsigned and signed.
fn round_trip<M: Message + PartialEq + std::fmt::Debug>(message: &M) -> Result<(), TestCaseError> {
    let bytes = message.to_object().unwrap().canonical();
    let received = Received::<M>::read(&bytes).unwrap();
    prop_assert_eq!(received.message(), message);
    prop_assert_eq!(received.object().canonical(), bytes);
    let key = SigningKey::from_seed(&[1; 32]);
    let signed = Received::<M>::from_object(message.to_signed(&key).unwrap()).unwrap();
    signed.verify(&key.public_key()).unwrap();
    prop_assert!(signed.verify(&SigningKey::from_seed(&[2; 32]).public_key()).is_err());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Shows R-265.
    #[test]
    fn a_quote_comes_back(quote in quotes()) {
        round_trip(&quote)?;
    }

    /// Shows R-280, R-284.
    #[test]
    fn an_envelope_comes_back(path in ids(), extra in extras(), time in times(), window in any::<u32>()) {
        let payment = with(object(documents::X_PAYMENT), "extensions", Some(extra));
        let constraints = Constraints { must_settle_before: time, replay_window_sec: window };
        let envelope = SettlementEnvelope::clear(path.as_str().parse().unwrap(), payment.clone(), constraints);
        round_trip(&envelope)?;
        let received = Received::<SettlementEnvelope>::from_object(envelope.to_object().unwrap()).unwrap();
        prop_assert_eq!(received.message().payment().unwrap(), PaymentForm::Clear(&payment));
        prop_assert_eq!(received.message().payment_hash().unwrap(), payment_hash(&payment));
    }

    /// Shows R-301.
    #[test]
    fn a_settlement_comes_back(
        hash in any::<[u8; 32]>(), numbers in (0..1_u64 << 53, 1..1_u64 << 53), erc20 in addresses(),
        from in addresses(), to in addresses(), value in 1..=u64::MAX, nonce in ids(), path in ids(),
        confirmations in option::of(any::<u32>()),
    ) {
        round_trip(&ProofOfSettlement {
            tx_hash: hash.into(),
            block_number: numbers.0,
            chain_id: numbers.1,
            erc20,
            from,
            to,
            value: value.into(),
            vpq_nonce: nonce,
            path_id: path.as_str().parse().unwrap(),
            finality: confirmations.map(|confirmations| Finality { confirmations, tag: FinalityTag::Finalized }),
        })?;
    }
}
