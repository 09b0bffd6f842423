//! The escrow's rules for terms, fault for fault.
#![allow(clippy::unwrap_used, reason = "a test may end in a panic: that is how it fails")]

use crate::profile::{ARBITER, BUYER, CARRIER, DAY, ESCROW, GATEWAY, HOUR, NOW, SELLER, TOKEN, now, party};
use alloy_primitives::{
    Address, B256,
    aliases::{U40, U48, U96},
    keccak256,
};
use std::collections::BTreeSet;
use tgp_protocol::{
    order::Order,
    profile::{Fault, first_fault},
};

const OTHER_TOKEN: u8 = 7;

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
