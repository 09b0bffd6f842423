//! Payment profiles, and the escrow's rules for terms.
#![allow(clippy::unwrap_used, reason = "a test may end in a panic: that is how it fails")]

use alloy_primitives::{
    Address, B256, U256,
    aliases::{U40, U48, U96},
    keccak256,
};
use proptest::prelude::*;
use std::collections::BTreeSet;
use tgp_protocol::{
    Reason,
    order::Order,
    profile::{
        BuyerProtection, CommitmentType, Deal, Draft, Fault, FulfillmentType, Presence, Profile, ReleasePolicy,
        first_fault,
    },
    value::{Amount, Bps, Timestamp, Word},
};

const NOW: u64 = 1_790_000_000;
const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;

fn now() -> Timestamp {
    Timestamp::from_millis(1_790_000_000_000)
}

fn party(number: u8) -> Address {
    Address::left_padding_from(&[number])
}

const BUYER: u8 = 1;
const SELLER: u8 = 2;
const GATEWAY: u8 = 3;
const ARBITER: u8 = 4;
const CARRIER: u8 = 5;
const TOKEN: u8 = 6;
const OTHER_TOKEN: u8 = 7;
const ESCROW: u8 = 8;

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
        assert_eq!((profile.fulfillment_type(), profile.commitment_type()), (fulfillment, commitment), "{name}");
        let draft = profile.draft();
        assert_eq!(draft.requires_tracking, tracking);
        let of = &draft.simple;
        assert_eq!((of.commitment_window, of.claim_window, of.timed_release_delay), simple, "{name}");
        assert_eq!((profile.needs_arbiter(), profile.needs_attester()), (tracking, tracking), "{name}");
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
        ("pizza", |d| d.terms.policy.push(ReleasePolicy::Timed), "terms.policy[1]", Reason::RepeatedEntry),
        ("pizza", |d| d.terms.policy.push(ReleasePolicy::Partial), "terms.policy", Reason::Contradiction),
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
    (draft.terms.policy, draft.attester) = (vec![ReleasePolicy::ZkProof], Presence::None);
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

// ---------------------------------------------------------------------------------------------------- the escrow's rules

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Base {
    Plain,
    Swap,
    Partial,
    Timed,
    Arbitrated,
    Bonded,
    Attested,
    TimedArbitrated,
    Proven,
}

const BASES: [Base; 9] = [
    Base::Plain,
    Base::Swap,
    Base::Partial,
    Base::Timed,
    Base::Arbitrated,
    Base::Bonded,
    Base::Attested,
    Base::TimedArbitrated,
    Base::Proven,
];

const ATTESTER_SIG: u8 = 1;
const ZK_PROOF: u8 = 2;
const TIMED: u8 = 4;
const PARTIAL: u8 = 8;

fn instant(seconds: u64) -> U40 {
    U40::from(seconds)
}

fn window(seconds: u64) -> U48 {
    U48::from(seconds)
}

/// The sound orders of `test/escrow/EscrowTest.sol`.
fn sound(base: Base) -> Order {
    let mut o = Order {
        buyer: party(BUYER),
        seller: party(SELLER),
        token: party(TOKEN),
        amount: U96::from(100_000_000),
        fund_by: instant(NOW + 600),
        commit_by: instant(NOW + 1_800),
        deliver_by: instant(NOW + DAY),
        review_window: window(HOUR),
        ..Order::default()
    };
    if matches!(base, Base::Arbitrated | Base::Bonded | Base::TimedArbitrated) {
        o.arbiter = party(ARBITER);
        o.review_window = window(2 * DAY);
        o.dispute_window = window(7 * DAY);
        (o.arbiter_fee_bps, o.dispute_bond_bps) = (300, 500);
    }
    match base {
        Base::Plain | Base::Arbitrated => {}
        Base::Swap => {
            o.kind = 1;
            (o.counter_token, o.counter_amount) = (party(OTHER_TOKEN), U96::from(90_000_000));
        }
        Base::Partial => o.policy = PARTIAL,
        Base::Timed => {
            o.policy = TIMED;
            o.timed_release = o.deliver_by + instant(HOUR);
        }
        Base::Bonded => {
            (o.policy, o.verifier) = (ATTESTER_SIG, party(CARRIER));
            (o.counter_token, o.counter_amount, o.slash_bps) = (o.token, o.amount, 5_000);
        }
        Base::Attested => (o.policy, o.verifier) = (ATTESTER_SIG, party(CARRIER)),
        Base::TimedArbitrated => {
            o.policy = TIMED;
            o.timed_release = o.deliver_by + instant(2 * DAY);
        }
        Base::Proven => {
            o.policy = ZK_PROOF;
            (o.delivery_circuit, o.delivery_version) = (keccak256("delivery circuit"), window(1));
        }
    }
    o
}

/// The table of `test/escrow/Terms.t.sol`: the smallest break that gives exactly this fault, and the nearest terms that
/// pass.
struct Table {
    base: Base,
    seen: BTreeSet<Fault>,
}

impl Table {
    fn begin(&mut self, base: Base) {
        self.base = base;
    }

    #[track_caller]
    fn entry(&mut self, fault: Fault, bad: impl FnOnce(&mut Order), good: impl FnOnce(&mut Order)) {
        let (mut broken, mut sound) = (sound(self.base), sound(self.base));
        bad(&mut broken);
        good(&mut sound);
        assert_eq!(first_fault(&broken, Some(party(ESCROW)), now()), Some(fault), "{:?}", self.base);
        assert_eq!(first_fault(&sound, Some(party(ESCROW)), now()), None, "{:?}: nearest to {fault:?}", self.base);
        self.seen.insert(fault);
    }

    fn parties(&mut self) {
        let (arbitrated, verified) = (!sound(self.base).arbiter.is_zero(), !sound(self.base).verifier.is_zero());
        self.entry(Fault::BuyerZero, |o| o.buyer = Address::ZERO, |o| o.buyer = party(99));
        self.entry(Fault::SellerZero, |o| o.seller = Address::ZERO, |o| o.seller = party(99));
        self.entry(Fault::BuyerIsSeller, |o| o.seller = o.buyer, |o| o.seller = party(99));
        self.entry(Fault::BuyerIsSeller, |o| o.buyer = o.seller, |o| o.buyer = party(99));
        let places: [fn(&mut Order) -> &mut Address; 5] =
            [|o| &mut o.buyer, |o| &mut o.seller, |o| &mut o.fee_receiver, |o| &mut o.token, |o| &mut o.counter_token];
        for place in places {
            self.entry(Fault::NamesEscrow, |o| *place(o) = party(ESCROW), |o| *place(o) = party(99));
        }
        if arbitrated {
            self.entry(Fault::NamesEscrow, |o| o.arbiter = party(ESCROW), |o| o.arbiter = party(99));
            self.entry(Fault::ArbiterIsParty, |o| o.arbiter = o.buyer, |o| o.arbiter = party(99));
            self.entry(Fault::ArbiterIsParty, |o| o.arbiter = o.seller, |o| o.arbiter = party(99));
        }
        if verified {
            self.entry(Fault::NamesEscrow, |o| o.verifier = party(ESCROW), |o| o.verifier = party(99));
            self.entry(Fault::VerifierIsParty, |o| o.verifier = o.buyer, |o| o.verifier = party(99));
            self.entry(Fault::VerifierIsParty, |o| o.verifier = o.seller, |o| o.verifier = party(99));
        }
    }

    fn money(&mut self) {
        self.entry(Fault::AmountZero, |o| o.amount = U96::ZERO, |o| o.amount = U96::from(1));
        for bps in [1_001, u16::MAX] {
            self.entry(Fault::MaxFeeAboveCap, |o| o.max_fee_bps = bps, |o| o.max_fee_bps = 1_000);
        }
        let fee = |bps: u16, most: u16, receiver: u8| {
            move |o: &mut Order| (o.fee_bps, o.max_fee_bps, o.fee_receiver) = (bps, most, party(receiver))
        };
        self.entry(Fault::FeeAboveMax, fee(1_001, 1_000, GATEWAY), fee(1_000, 1_000, GATEWAY));
        self.entry(Fault::FeeAboveMax, fee(1, 0, GATEWAY), fee(0, 0, GATEWAY));
        self.entry(Fault::FeeWithoutReceiver, fee(1, 1, 0), fee(1, 1, GATEWAY));
        self.entry(Fault::FeeWithoutReceiver, fee(1, 1, 0), fee(0, 1, 0));
        let arbitrated = !sound(self.base).arbiter.is_zero();
        if arbitrated || matches!(self.base, Base::Attested | Base::Proven) {
            self.entry(Fault::SlashAboveWhole, |o| o.slash_bps = 10_001, |o| o.slash_bps = 10_000);
        }
        if arbitrated {
            let bond = |bps| move |o: &mut Order| o.dispute_bond_bps = bps;
            self.entry(Fault::DisputeBondAboveWhole, bond(10_001), bond(10_000));
            self.entry(Fault::DisputeBondBelowArbiterFee, |o| o.arbiter_fee_bps = 501, |o| o.arbiter_fee_bps = 500);
            self.entry(Fault::DisputeBondBelowArbiterFee, bond(299), bond(300));
        }
    }

    fn evidence(&mut self) {
        for kind in [2, 255] {
            self.entry(Fault::KindUnknown, |o| o.kind = kind, |_| {});
        }
        for bit in 4..8 {
            self.entry(Fault::PolicyUnknown, |o| o.policy |= 1 << bit, |_| {});
        }
        self.entry(Fault::SilenceUnknown, |o| o.silence = 2, |o| o.silence = 1);
        self.entry(Fault::SilenceUnknown, |o| o.silence = 255, |o| o.silence = 0);
        if sound(self.base).arbiter.is_zero() {
            self.entry(Fault::DisputeWithoutArbiter, |o| o.dispute_bond_bps = 1, |_| {});
            self.entry(Fault::DisputeWithoutArbiter, |o| o.dispute_window = window(1), |_| {});
            let both = |o: &mut Order| (o.dispute_bond_bps, o.arbiter_fee_bps) = (1, 1);
            self.entry(Fault::DisputeWithoutArbiter, both, |_| {});
        } else {
            self.entry(Fault::DisputeWithoutArbiter, |o| o.arbiter = Address::ZERO, |_| {});
        }
        if matches!(self.base, Base::Plain | Base::Partial | Base::Timed) {
            self.entry(Fault::SlashWithoutJudge, |o| o.slash_bps = 1, |_| {});
        }
        let timed = |o: &mut Order| (o.policy, o.timed_release) = (o.policy | TIMED, o.deliver_by);
        if matches!(self.base, Base::Attested | Base::Proven) {
            let slash = |o: &mut Order| {
                timed(o);
                o.slash_bps = 1;
            };
            self.entry(Fault::SlashTimedWithoutArbiter, slash, timed);
        }
        let circuit = |o: &mut Order| (o.delivery_circuit, o.delivery_version) = (keccak256("c"), window(1));
        if matches!(self.base, Base::Attested | Base::Bonded) {
            self.entry(Fault::AttesterWithoutVerifier, |o| o.verifier = Address::ZERO, |_| {});
            let proof = |o: &mut Order| {
                o.policy |= ZK_PROOF;
                circuit(o);
            };
            self.entry(Fault::AttesterWithProof, proof, |_| {});
        }
        if self.base == Base::Proven {
            let attester = |o: &mut Order| (o.policy, o.verifier) = (o.policy | ATTESTER_SIG, party(CARRIER));
            self.entry(Fault::AttesterWithProof, attester, |o| o.verifier = party(CARRIER));
            self.entry(Fault::CircuitWithoutProof, |o| o.policy = 0, |_| {});
        } else {
            self.entry(Fault::CircuitWithoutProof, |o| o.delivery_circuit = B256::with_last_byte(1), |_| {});
            self.entry(Fault::CircuitWithoutProof, |o| o.delivery_version = window(1), |_| {});
        }
    }

    fn alone(&mut self) {
        let circuit = |o: &mut Order| (o.delivery_circuit, o.delivery_version) = (keccak256("c"), window(1));
        let attested = |o: &mut Order| (o.policy, o.verifier) = (o.policy | ATTESTER_SIG, party(CARRIER));
        let proven = move |o: &mut Order| {
            o.policy |= ZK_PROOF;
            circuit(o);
        };
        let timed = |o: &mut Order| (o.policy, o.timed_release) = (o.policy | TIMED, o.deliver_by + instant(HOUR));
        let arbitrated = |o: &mut Order| (o.arbiter, o.dispute_window) = (party(ARBITER), window(DAY));
        let verified = |o: &mut Order| o.verifier = party(CARRIER);
        for (base, fault) in [(Base::Partial, Fault::PartialNotAlone), (Base::Swap, Fault::SwapNotAlone)] {
            self.begin(base);
            self.entry(fault, attested, |_| {});
            self.entry(fault, proven, |_| {});
            self.entry(fault, timed, |_| {});
            self.entry(fault, arbitrated, |_| {});
            self.entry(fault, verified, |_| {});
        }
        self.entry(Fault::SwapNotAlone, |o| o.policy = PARTIAL, |_| {});
        self.entry(Fault::SwapNotAlone, |o| o.slash_bps = 1, |_| {});
        let counter = |amount: u64| move |o: &mut Order| o.counter_amount = U96::from(amount);
        self.entry(Fault::SwapWithoutCounter, counter(0), counter(1));
        self.begin(Base::Partial);
        self.entry(Fault::PartialNotAlone, counter(1), |_| {});
    }

    fn times(&mut self) {
        let base = sound(self.base);
        let (is_timed, arbitrated) = (base.policy & TIMED != 0, !base.arbiter.is_zero());
        self.entry(Fault::FundByPassed, |o| o.fund_by = instant(NOW - 1), |o| o.fund_by = instant(NOW));
        self.entry(Fault::FundByPassed, |o| o.fund_by = U40::ZERO, |_| {});
        let ordered = |before: u64| move |o: &mut Order| o.commit_by = o.fund_by - instant(before);
        self.entry(Fault::DeadlinesOutOfOrder, ordered(1), ordered(0));
        let delivered =
            |after: u64| move |o: &mut Order| (o.slash_bps, o.deliver_by) = (0, o.commit_by + instant(after));
        self.entry(Fault::DeadlinesOutOfOrder, delivered(0), delivered(1));
        let farthest = NOW + 365 * DAY;
        if is_timed {
            let timed = |at: u64| move |o: &mut Order| o.timed_release = instant(at);
            self.entry(Fault::TooFarAhead, timed(farthest + 1), timed(farthest));
            let review = if arbitrated { 2 * DAY } else { 0 };
            let both = |deliver: u64| {
                move |o: &mut Order| (o.deliver_by, o.timed_release) = (instant(deliver), instant(farthest))
            };
            self.entry(Fault::TooFarAhead, both(farthest + 1), both(farthest - review));
        } else {
            let deliver = |at: u64| move |o: &mut Order| o.deliver_by = instant(at);
            self.entry(Fault::TooFarAhead, deliver(farthest + 1), deliver(farthest));
            self.entry(Fault::TimeWithoutTimed, |o| o.timed_release = instant(1), |_| {});
            self.entry(Fault::TimeWithoutTimed, |o| o.timed_release = o.deliver_by + instant(HOUR), |_| {});
        }
        let review = |seconds: u64| {
            move |o: &mut Order| {
                o.review_window = window(seconds);
                if is_timed {
                    o.timed_release = instant(farthest);
                }
            }
        };
        self.entry(Fault::ReviewTooLong, review(90 * DAY + 1), review(90 * DAY));
        if !matches!(self.base, Base::Plain | Base::Swap) {
            self.entry(Fault::ReviewTooShort, review(HOUR - 1), review(HOUR));
            self.entry(Fault::ReviewTooShort, review(0), |_| {});
        }
        let dispute = |seconds: u64| move |o: &mut Order| o.dispute_window = window(seconds);
        if arbitrated {
            self.entry(Fault::DisputeWindowOutOfRange, dispute(DAY - 1), dispute(DAY));
            self.entry(Fault::DisputeWindowOutOfRange, dispute(90 * DAY + 1), dispute(90 * DAY));
            self.entry(Fault::DisputeWindowOutOfRange, dispute(0), |_| {});
        }
        if arbitrated || matches!(self.base, Base::Attested | Base::Proven) {
            let slash =
                |after: u64| move |o: &mut Order| (o.slash_bps, o.deliver_by) = (1, o.commit_by + instant(after));
            self.entry(Fault::SlashTooSoon, slash(HOUR - 1), slash(HOUR));
        }
    }

    fn timed_soon(&mut self) {
        self.begin(Base::Timed);
        let before = |seconds: u64| move |o: &mut Order| o.timed_release = o.deliver_by - instant(seconds);
        self.entry(Fault::TimedTooSoon, before(1), before(0));
        self.entry(Fault::TimedTooSoon, |o| o.timed_release = U40::ZERO, |_| {});
        let review = |seconds: u64| {
            move |o: &mut Order| {
                (o.review_window, o.timed_release) = (window(2 * DAY), o.commit_by + instant(seconds));
            }
        };
        self.entry(Fault::TimedTooSoon, review(2 * DAY - 1), review(2 * DAY));
        self.begin(Base::TimedArbitrated);
        self.entry(Fault::TimedTooSoon, |o| o.timed_release -= instant(1), |_| {});
        self.entry(Fault::TimedTooSoon, before(0), |_| {});
    }
}

#[test]
fn the_table_covers_every_fault_of_the_escrow() {
    let mut table = Table { base: Base::Plain, seen: BTreeSet::new() };
    for base in BASES {
        assert_eq!(first_fault(&sound(base), Some(party(ESCROW)), now()), None, "{base:?}");
        table.begin(base);
        table.parties();
        table.money();
        table.evidence();
        table.times();
    }
    table.alone();
    table.timed_soon();
    assert!(table.seen.iter().eq(Fault::ALL), "each fault has an entry");
}

#[test]
fn a_verifier_without_the_policy_is_no_fault() {
    let order = Order { verifier: party(CARRIER), ..sound(Base::Plain) };
    assert_eq!(first_fault(&order, Some(party(ESCROW)), now()), None);
}
