use super::OfferedTerms;
use crate::{
    Reason,
    order::{BuyerProtection, CounterKind, PolicyBit},
};

/// Refuses a protection that the terms do not hold.
pub(super) fn check_protection(protection: BuyerProtection, terms: Option<&OfferedTerms>) -> Result<(), Reason> {
    let held = match (protection, terms) {
        (BuyerProtection::None, _) => true,
        (_, None | Some(OfferedTerms::Simple(_))) => false,
        (BuyerProtection::TimedOnly, Some(OfferedTerms::Terms(order))) => order.has(PolicyBit::Timed),
        (BuyerProtection::Dispute, Some(OfferedTerms::Terms(order))) => !order.arbiter.is_zero(),
        (BuyerProtection::Bond, Some(OfferedTerms::Terms(order))) => {
            order.kind == CounterKind::Bond && !order.counter_amount.is_zero() && order.slash_bps != 0
        }
    };
    if held { Ok(()) } else { Err(Reason::ProtectionOverstated) }
}
