use super::Fault;
use crate::{
    order::{Order, PolicyBit},
    value::Timestamp,
};
use alloy_primitives::Address;

const BOND: u8 = 0;
const SWAP: u8 = 1;

const ATTESTER_SIG: u8 = PolicyBit::AttesterSig.value();
const ZK_PROOF: u8 = PolicyBit::ZkProof.value();
const TIMED: u8 = PolicyBit::Timed.value();
const PARTIAL: u8 = PolicyBit::Partial.value();

/// The most that an order's fee may ever be, 10 %.
const FEE_CAP_BPS: u16 = 1_000;
const WHOLE_BPS: u16 = 10_000;
const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;
pub(super) const MAX_AHEAD: u64 = 365 * DAY;
const MAX_WINDOW: u64 = 90 * DAY;

/// The first rule that these terms break if created now at `escrow`: what the escrow would say, fault for fault.
///
/// Without `escrow` only the rule that nobody may be the escrow itself is left out.
///
/// ```
/// use tgp_protocol::{Error, profile::{Deal, Fault, Profile, first_fault}};
///
/// let now = "2026-11-21T10:00:00Z".parse()?;
/// let deal = Deal::new([1; 20].into(), [2; 20].into(), now, "sess-1".parse()?, [7; 32].into())
///     .with_price([3; 20].into(), "25000000".parse()?)
///     .with_fee_receiver([4; 20].into());
/// let mut order = Profile::preset("pizza").expect("a preset").terms(&deal)?;
/// assert_eq!(first_fault(&order, None, now), None);
///
/// order.fee_bps = order.max_fee_bps + 1;
/// assert_eq!(first_fault(&order, None, now), Some(Fault::FeeAboveMax));
/// // the escrow says the same by number: InvalidTerms(12)
/// let fault = Fault::of_number(12).expect("one of its faults");
/// assert_eq!((fault, fault.as_str()), (Fault::ALL[11], "FEE_ABOVE_MAX"));
/// assert_eq!(Error::from(fault).field().to_string(), "fee_bps");
/// # Ok::<(), Error>(())
/// ```
#[must_use]
pub fn first_fault(order: &Order, escrow: Option<Address>, now: Timestamp) -> Option<Fault> {
    parties(order, escrow).or_else(|| money(order)).or_else(|| evidence(order)).or_else(|| times(order, now))
}

/// The first fault whose condition holds.
fn first<const N: usize>(faults: [(bool, Fault); N]) -> Option<Fault> {
    faults.into_iter().find_map(|(broken, fault)| broken.then_some(fault))
}

fn parties(o: &Order, escrow: Option<Address>) -> Option<Fault> {
    let named = [o.buyer, o.seller, o.fee_receiver, o.arbiter, o.verifier, o.token, o.counter_token];
    first([
        (o.buyer.is_zero(), Fault::BuyerZero),
        (o.seller.is_zero(), Fault::SellerZero),
        (o.buyer == o.seller, Fault::BuyerIsSeller),
        (escrow.is_some_and(|escrow| named.contains(&escrow)), Fault::NamesEscrow),
        (o.arbiter == o.buyer || o.arbiter == o.seller, Fault::ArbiterIsParty),
        (o.verifier == o.buyer || o.verifier == o.seller, Fault::VerifierIsParty),
    ])
}

/// Faults of amounts, fees and bonds.
fn money(o: &Order) -> Option<Fault> {
    first([
        (o.amount.is_zero(), Fault::AmountZero),
        (o.max_fee_bps > FEE_CAP_BPS, Fault::MaxFeeAboveCap),
        (o.fee_bps > o.max_fee_bps, Fault::FeeAboveMax),
        (o.fee_bps > 0 && o.fee_receiver.is_zero(), Fault::FeeWithoutReceiver),
        (o.slash_bps > WHOLE_BPS, Fault::SlashAboveWhole),
        (o.dispute_bond_bps > WHOLE_BPS, Fault::DisputeBondAboveWhole),
        (o.dispute_bond_bps < o.arbiter_fee_bps, Fault::DisputeBondBelowArbiterFee),
    ])
}

/// Faults of what may release the payment.
fn evidence(o: &Order) -> Option<Fault> {
    let has = |bits: u8| o.policy & bits != 0;
    let (arbitrated, verified) = (!o.arbiter.is_zero(), !o.verifier.is_zero());
    let dispute = o.dispute_bond_bps > 0 || !o.dispute_window.is_zero();
    let slash_alone = !arbitrated && o.slash_bps > 0;
    let circuit = !o.delivery_circuit.is_zero() || !o.delivery_version.is_zero();
    let partial_beside = o.policy != PARTIAL || arbitrated || verified || !o.counter_amount.is_zero();
    first([
        (o.policy > ATTESTER_SIG + ZK_PROOF + TIMED + PARTIAL, Fault::PolicyUnknown),
        (o.silence > 1, Fault::SilenceUnknown),
        // arbiter_fee_bps needs no test of its own: it is not above dispute_bond_bps
        (!arbitrated && dispute, Fault::DisputeWithoutArbiter),
        (slash_alone && o.kind == SWAP, Fault::SwapNotAlone),
        (slash_alone && !has(ATTESTER_SIG | ZK_PROOF), Fault::SlashWithoutJudge),
        (slash_alone && has(TIMED), Fault::SlashTimedWithoutArbiter),
        (o.kind != BOND && o.kind != SWAP, Fault::KindUnknown),
        (o.kind == SWAP && o.counter_amount.is_zero(), Fault::SwapWithoutCounter),
        (o.kind == SWAP && (arbitrated || verified || o.policy != 0), Fault::SwapNotAlone),
        (has(PARTIAL) && partial_beside, Fault::PartialNotAlone),
        (has(ATTESTER_SIG) && has(ZK_PROOF), Fault::AttesterWithProof),
        (has(ATTESTER_SIG) && !verified, Fault::AttesterWithoutVerifier),
        (!has(ZK_PROOF) && circuit, Fault::CircuitWithoutProof),
    ])
}

/// Faults of deadlines and windows. Sums are of instants below 2^40 and windows below 2^48.
fn times(o: &Order, now: Timestamp) -> Option<Fault> {
    let (fund_by, commit_by, deliver_by): (u64, u64, u64) = (o.fund_by.to(), o.commit_by.to(), o.deliver_by.to());
    let (timed, review, dispute): (u64, u64, u64) = (o.timed_release.to(), o.review_window.to(), o.dispute_window.to());
    let arbitrated = !o.arbiter.is_zero();
    let is_timed = o.policy & TIMED != 0;
    let now = u64::try_from(now.seconds()).unwrap_or_default();
    let farthest = now.saturating_add(MAX_AHEAD);
    first([
        (fund_by < now, Fault::FundByPassed),
        (commit_by < fund_by || deliver_by <= commit_by, Fault::DeadlinesOutOfOrder),
        (review > MAX_WINDOW, Fault::ReviewTooLong),
        (deliver_by > farthest || timed > farthest, Fault::TooFarAhead),
        // whoever waits for evidence, a last voucher or a timed release has an hour at least to answer it
        (review < HOUR && (arbitrated || o.policy != 0), Fault::ReviewTooShort),
        (arbitrated && !(DAY..=MAX_WINDOW).contains(&dispute), Fault::DisputeWindowOutOfRange),
        (o.slash_bps > 0 && deliver_by < commit_by + HOUR, Fault::SlashTooSoon),
        (!is_timed && timed != 0, Fault::TimeWithoutTimed),
        (is_timed && (timed < deliver_by || timed < commit_by + review), Fault::TimedTooSoon),
        (is_timed && arbitrated && timed < deliver_by + review, Fault::TimedTooSoon),
    ])
}
