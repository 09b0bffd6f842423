//! Payment profiles.
#![allow(clippy::unwrap_used, reason = "a test may end in a panic: that is how it fails")]

use alloy_primitives::{
    Address, B256, U256,
    aliases::{U48, U96},
    keccak256,
};
use proptest::prelude::*;
use tgp_protocol::{
    Reason,
    order::Order,
    profile::{
        BuyerProtection, CommitmentType, Deal, Draft, Fault, FulfillmentType, PolicyBit, Presence, Profile, first_fault,
    },
    value::{Amount, Bps, Timestamp, Word},
};

pub(crate) const NOW: u64 = 1_790_000_000;
pub(crate) const HOUR: u64 = 3_600;
pub(crate) const DAY: u64 = 86_400;

pub(crate) fn now() -> Timestamp {
    Timestamp::from_millis(1_790_000_000_000)
}

pub(crate) fn party(number: u8) -> Address {
    Address::left_padding_from(&[number])
}

pub(crate) const BUYER: u8 = 1;
pub(crate) const SELLER: u8 = 2;
pub(crate) const GATEWAY: u8 = 3;
pub(crate) const ARBITER: u8 = 4;
pub(crate) const CARRIER: u8 = 5;
pub(crate) const TOKEN: u8 = 6;
pub(crate) const ESCROW: u8 = 8;

fn preset(name: &str) -> &'static Profile {
    Profile::preset(name).unwrap_or_else(|| panic!("{name}"))
}

/// The deal of the demonstration in `script/demo`: a price that no share divides, and a fee of 0.5 %.
fn deal(name: &str) -> Deal {
    let salt = Word(keccak256(format!("salt-{name}")));
    Deal::new(party(BUYER), party(SELLER), now(), format!("session-{name}").parse().unwrap(), salt)
        .with_price(party(TOKEN), 25_000_001.into())
        .with_offer_hash(keccak256(format!("offer-{name}")).0.into())
        .with_fee(party(GATEWAY), Bps::new(50).unwrap())
        .with_arbiter(party(ARBITER))
        .with_attester(party(CARRIER))
        .with_escrow(party(ESCROW))
}

/// The words that `order()` of `script/demo/order.mjs` gives for the same parties, price and time, where the demonstration
/// sends them to the escrow.
///
/// Shows R-504, R-505, R-511.
#[test]
fn presets_give_the_terms_of_the_demonstration() {
    let payment = "60000000000000000017d7841";
    for (name, counter, rules, times, arbiter, carrier) in [
        (
            "pizza",
            "0",
            "4000000000032003200000000000000000000000000000000000000000000",
            "6ab13dd8006ab14288006ab15098006ab15098000000000e10000000000000",
            0,
            0,
        ),
        (
            "digital",
            "0",
            "4000000000032003200000000000000000000000000000000000000000000",
            "6ab13dd8006ab13f04006ab14d14006ab14d14000000000e10000000000000",
            0,
            0,
        ),
        (
            "physical",
            payment,
            "10000138800320032012c01f4000000000000000000000000000000000000",
            "6ab14990006ab28d00006abbc780000000000000000002a300000000093a80",
            ARBITER,
            CARRIER,
        ),
    ] {
        let order = preset(name).terms(&deal(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let terms = order.pack();
        let word = |hex: &str| U256::from_str_radix(hex, 16).unwrap();
        assert_eq!(terms.payment, word(payment), "{name}");
        assert_eq!(terms.counter, word(counter), "{name}");
        assert_eq!(terms.rules, word(rules), "{name}");
        assert_eq!(terms.times, word(times), "{name}");
        assert_eq!((terms.buyer, terms.seller, terms.feeReceiver), (party(BUYER), party(SELLER), party(GATEWAY)));
        assert_eq!((terms.arbiter, terms.verifier), (party(arbiter), party(carrier)), "{name}");
        assert_eq!(terms.deliveryCircuit, B256::ZERO);
        assert_eq!(terms.sessionId, keccak256(format!("session-{name}")));
        assert_eq!(terms.offerHash, keccak256(format!("offer-{name}")));
        assert_eq!(terms.salt, keccak256(format!("salt-{name}")));
    }
}

/// What `test/script/Presets.t.sol` says of them.
///
/// Shows R-503, R-509, R-510, R-512.
#[test]
fn presets_say_what_the_documents_say() {
    use BuyerProtection::{Bond, TimedOnly};
    use CommitmentType::{CounterEscrow, LegalSignature};
    use FulfillmentType::{Digital, Service, Shipping};
    let expected = [
        ("pizza", TimedOnly, Service, LegalSignature, false, (1_800, 3_600, 3_600)),
        ("digital", TimedOnly, Digital, LegalSignature, false, (900, 3_600, 1_800)),
        ("physical", Bond, Shipping, CounterEscrow, true, (86_400, 604_800, 0)),
    ];
    assert_eq!(Profile::presets().len(), expected.len(), "every file is read");
    for (name, protection, fulfillment, commitment, tracking, simple) in expected {
        let profile = preset(name);
        assert_eq!(profile.buyer_protection(), protection, "{name}");
        let draft = profile.draft();
        assert_eq!((draft.fulfillment_type, draft.commitment_type), (fulfillment, commitment), "{name}");
        assert_eq!(draft.requires_tracking, tracking);
        let of = &draft.simple;
        assert_eq!((of.commitment_window, of.claim_window, of.timed_release_delay), simple, "{name}");
        let named = if tracking { Presence::Required } else { Presence::None };
        assert_eq!((draft.arbiter, draft.attester), (named, named), "{name}");
    }
}

#[test]
fn a_deal_names_who_is_needed() {
    let bare = Deal::new(party(BUYER), party(SELLER), now(), "s".parse().unwrap(), [0; 32].into())
        .with_price(party(TOKEN), 100.into());
    let refused = |name: &str, deal: &Deal| {
        let error = preset(name).terms(deal).unwrap_err();
        (error.field().to_string(), error.reason())
    };
    assert_eq!(refused("physical", &bare), ("arbiter".into(), Reason::Missing));
    let arbitrated = bare.clone().with_arbiter(party(ARBITER));
    assert_eq!(refused("physical", &arbitrated), ("verifier".into(), Reason::Missing));
    let whole = arbitrated.with_attester(party(CARRIER));
    assert_eq!(preset("physical").terms(&whole).map(|order| order.counter_amount), Ok(U96::from(100)));
    assert_eq!(
        refused("physical", &whole.clone().with_arbiter(party(SELLER))),
        ("arbiter".into(), Reason::Contradiction)
    );
    assert_eq!(
        refused("pizza", &bare.clone().with_price(party(TOKEN), 0.into())),
        ("amount".into(), Reason::ZeroAmount)
    );
    let above = Amount(U256::from(1) << 96);
    assert_eq!(refused("pizza", &bare.clone().with_price(party(TOKEN), above)), ("amount".into(), Reason::AboveU96));
    let largest = Amount((U256::from(1) << 96) - U256::from(1));
    assert!(preset("physical").terms(&whole.clone().with_price(party(TOKEN), largest)).is_ok());
    // R-476's limit is the order's own
    let fee = |bps| bare.clone().with_fee(party(GATEWAY), Bps::new(bps).unwrap());
    assert!(preset("pizza").terms(&fee(50)).is_ok());
    assert_eq!(refused("pizza", &fee(51)), ("fee_bps".into(), Reason::BadBps));
    assert_eq!(refused("pizza", &bare.clone().with_escrow(party(SELLER))), ("escrow".into(), Reason::Contradiction));
    let early =
        Deal::new(party(BUYER), party(SELLER), Timestamp::from_millis(-1_000), "s".parse().unwrap(), [0; 32].into());
    assert_eq!(refused("pizza", &early.with_price(party(TOKEN), 1.into())), ("fund_by".into(), Reason::BadTime));
    // the chain's own coin has a bond in coin
    let coin = preset("physical").terms(&whole.with_price(Address::ZERO, 5.into())).unwrap();
    assert_eq!((coin.token, coin.counter_token, coin.counter_amount), (Address::ZERO, Address::ZERO, U96::from(5)));
}

#[test]
fn what_is_wrong_in_a_profile_is_named() {
    type Change = fn(&mut Draft);
    let cases: [(&str, Change, &str, Reason); 26] = [
        ("pizza", |d| d.title.clear(), "title", Reason::WrongLength),
        ("pizza", |d| d.buyer_protection = BuyerProtection::Bond, "buyer_protection", Reason::Contradiction),
        ("physical", |d| d.buyer_protection = BuyerProtection::Dispute, "buyer_protection", Reason::Contradiction),
        ("pizza", |d| d.terms.fund_window = 0, "terms.fund_window", Reason::OutOfRange),
        ("pizza", |d| d.terms.commitment_window = 0, "terms.commitment_window", Reason::OutOfRange),
        ("pizza", |d| d.terms.claim_window = 0, "terms.claim_window", Reason::OutOfRange),
        ("pizza", |d| d.terms.claim_window = 366 * DAY, "terms.claim_window", Reason::OutOfRange),
        ("pizza", |d| d.terms.claim_window = 365 * DAY, "terms.claim_window", Reason::OutOfRange),
        ("pizza", |d| d.terms.timed_release_delay = 365 * DAY, "terms.timed_release_delay", Reason::OutOfRange),
        ("pizza", |d| d.terms.timed_release_delay = 3_599, "terms.timed_release_delay", Reason::OutOfRange),
        ("physical", |d| d.terms.timed_release_delay = 1, "terms.timed_release_delay", Reason::Contradiction),
        ("pizza", |d| d.terms.fund_window = 1_801, "terms.fund_window", Reason::Contradiction),
        ("pizza", |d| d.terms.review_window = 3_599, "terms.review_window", Reason::OutOfRange),
        ("pizza", |d| d.terms.review_window = 90 * DAY + 1, "terms.review_window", Reason::OutOfRange),
        ("pizza", |d| d.terms.dispute_window = DAY, "arbiter", Reason::Missing),
        ("physical", |d| d.terms.dispute_window = DAY - 1, "terms.dispute_window", Reason::OutOfRange),
        (
            "physical",
            |d| d.terms.dispute_bond_bps = Bps::new(299).unwrap(),
            "terms.dispute_bond_bps",
            Reason::OutOfRange,
        ),
        ("physical", |d| d.attester = Presence::None, "attester", Reason::Missing),
        ("pizza", |d| d.terms.max_fee_bps = Bps::new(1_001).unwrap(), "terms.max_fee_bps", Reason::BadBps),
        ("pizza", |d| d.terms.fee_bps = Bps::new(51).unwrap(), "terms.fee_bps", Reason::BadBps),
        ("pizza", |d| d.terms.policy.push(PolicyBit::Timed), "terms.policy[1]", Reason::RepeatedEntry),
        ("pizza", |d| d.terms.policy.push(PolicyBit::Partial), "terms.policy", Reason::Contradiction),
        ("pizza", |d| d.simple.timed_release_delay = 3_601, "simple.timed_release_delay", Reason::OutOfRange),
        ("pizza", |d| d.simple.timed_release_delay = 0, "simple.timed_release_delay", Reason::Contradiction),
        ("pizza", |d| d.simple.instant_on_commit = false, "simple.instant_on_commit", Reason::Contradiction),
        ("pizza", |d| d.simple.claim_window = 0, "simple.claim_window", Reason::OutOfRange),
    ];
    for (name, change, field, reason) in cases {
        let mut draft = preset(name).to_draft();
        change(&mut draft);
        let error = draft.build().expect_err(field);
        assert_eq!((error.field().to_string().as_str(), error.reason()), (field, reason));
    }
    for (text, field, reason) in [
        ("[]", "", Reason::WrongType),
        (r#"{"name":"x"}"#, "title", Reason::Missing),
        (r#"{"nam":"x"}"#, "[0]", Reason::UnknownField),
        (r#"{"arbiter":"maybe"}"#, "arbiter", Reason::UnknownValue),
    ] {
        let error = Profile::read(text.as_bytes()).expect_err(text);
        assert_eq!((error.field().to_string().as_str(), error.reason()), (field, reason), "{text}");
    }
    // an exchange has two prices and no profile
    let swap = include_str!("../../../../profiles/pizza.json").replace("BOND", "SWAP");
    assert_eq!(Profile::read(swap.as_bytes()).unwrap_err().field().to_string(), "terms.kind");
}

#[test]
fn a_bond_that_rounds_to_nothing_is_refused() {
    let mut draft = preset("physical").to_draft();
    draft.terms.counter_bps = Bps::new(100).unwrap();
    let profile = draft.build().unwrap();
    let of = |price: u64| profile.terms(&deal("x").with_price(party(TOKEN), price.into())).map(|it| it.counter_amount);
    assert_eq!(of(199), Ok(U96::from(1)));
    assert_eq!(of(99).unwrap_err().field().to_string(), "amount");
}

#[test]
fn proofs_come_with_their_circuit() {
    let mut draft = preset("physical").to_draft();
    (draft.terms.policy, draft.attester) = (vec![PolicyBit::ZkProof], Presence::None);
    let profile = draft.build().unwrap();
    assert_eq!(profile.terms(&deal("x")).unwrap_err().field().to_string(), "delivery_circuit");
    let order = profile.terms(&deal("x").with_proof(keccak256("delivery"), 3)).unwrap();
    assert_eq!(
        (order.delivery_circuit, order.delivery_version, order.policy),
        (keccak256("delivery"), U48::from(3), 2)
    );
    let others = preset("pizza").terms(&deal("x").with_proof(keccak256("delivery"), 3)).unwrap();
    assert!(others.delivery_circuit.is_zero() && others.delivery_version.is_zero());
}

proptest! {
    /// As `test_presets_giveSoundTermsForEveryPrice`, and until the last second to pay.
    #[test]
    fn presets_give_sound_terms_for_every_price(price in 1_u128..1 << 96, late in 0_u64..10_000) {
        for profile in Profile::presets() {
            let deal = deal("any").with_price(party(TOKEN), price.to_string().parse().unwrap());
            let order = profile.terms(&deal).unwrap();
            let at = Timestamp::from_millis(i64::try_from((NOW + late) * 1_000).unwrap());
            let open = late <= profile.draft().terms.fund_window;
            let expected = (!open).then_some(Fault::FundByPassed);
            prop_assert_eq!(first_fault(&order, Some(party(ESCROW)), at), expected);
            prop_assert_eq!(Order::from(&order.pack()), order);
        }
    }

    #[test]
    fn no_profile_makes_it_panic(numbers in prop::collection::vec(any::<u64>(), 6), bps in 0_u32..10_001, price in any::<[u8; 32]>()) {
        for profile in Profile::presets() {
            let mut draft = profile.to_draft();
            let terms = &mut draft.terms;
            (terms.fund_window, terms.commitment_window, terms.claim_window) = (numbers[0], numbers[1] % (400 * DAY), numbers[2]);
            (terms.timed_release_delay, terms.review_window, terms.dispute_window) = (numbers[3], numbers[4], numbers[5]);
            terms.counter_bps = Bps::new(bps).unwrap();
            if let Ok(profile) = draft.build() {
                let _ = profile.terms(&deal("any").with_price(party(TOKEN), Amount(U256::from_be_bytes(price))));
            }
        }
    }
}
