use super::{SessionState, table::names};
use crate::Reason;
use serde::{Deserialize, Serialize};

/// The number of a block that no chain will replace, by the finality rule of its profile. There is no other way to say
/// that a fact is final, but to read it back from one's own journal.
///
/// ```
/// use tgp_protocol::session::FinalBlock;
///
/// assert!(FinalBlock::check(100, 99).is_err());
/// assert_eq!(FinalBlock::check(99, 99)?.number(), 99);
/// # Ok::<(), tgp_protocol::Reason>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct FinalBlock(u64);

impl FinalBlock {
    /// The block `number`, where `last_final` is the last block that is final.
    ///
    /// # Errors
    /// With [`Reason::NotFinalYet`] when it is above that.
    pub fn check(number: u64, last_final: u64) -> Result<Self, Reason> {
        if number <= last_final { Ok(Self(number)) } else { Err(Reason::NotFinalYet) }
    }

    /// The block's number.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }
}

names! {
    /// How a payment ended on the chain.
    End {
        /// The seller has it.
        Paid = "paid",
        /// Both have a part.
        Split = "split",
        /// The buyer has it back.
        Refunded = "refunded",
        /// It never happened and never can: the transaction reverted, or another one used up its nonce or deadline.
        Dead = "dead",
    }
}

names! {
    /// Where an order stands in the escrow. The numbers are the contract's.
    ///
    /// ```
    /// use tgp_protocol::session::{End, OrderState, SessionState};
    ///
    /// let state = OrderState::from_number(10).expect("the contract knows eleven");
    /// assert_eq!((state, state.number()), (OrderState::Resolved, 10));
    /// assert_eq!((state.session_state(), state.end()), (Some(SessionState::Settled), Some(End::Split)));
    ///
    /// // evidence is in, but the review runs
    /// let state = OrderState::Fulfilled;
    /// assert_eq!((state.session_state(), state.end()), (Some(SessionState::Finalizing), None));
    /// assert_eq!(OrderState::from_number(11), None);
    /// ```
    OrderState {
        /// 0: no such order.
        None = "NONE",
        /// 1: the buyer has paid in.
        BuyerCommitted = "BUYER_COMMITTED",
        /// 2: reserved, never entered.
        SellerCommitted = "SELLER_COMMITTED",
        /// 3: both are bound.
        BothCommitted = "BOTH_COMMITTED",
        /// 4: simple orders with a deposit: the seller has his leg.
        SellerClaimed = "SELLER_CLAIMED",
        /// 5: simple orders with a deposit: the buyer has his leg.
        BuyerClaimed = "BUYER_CLAIMED",
        /// 6: the end, paid.
        BothClaimed = "BOTH_CLAIMED",
        /// 7: the buyer contests.
        Disputed = "DISPUTED",
        /// 8: the end, refunded.
        Expired = "EXPIRED",
        /// 9: evidence is in, the review runs.
        Fulfilled = "FULFILLED",
        /// 10: the end, split.
        Resolved = "RESOLVED",
    }
}

impl OrderState {
    /// The state of the contract's number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// The contract's number.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// What a session whose order stands so is, once that is final: nothing without an order, and for the number that
    /// no flow enters.
    #[must_use]
    pub fn session_state(self) -> Option<SessionState> {
        match self {
            Self::None | Self::SellerCommitted => None,
            Self::BuyerCommitted
            | Self::BothCommitted
            | Self::SellerClaimed
            | Self::BuyerClaimed
            | Self::Disputed
            | Self::Fulfilled => Some(SessionState::Finalizing),
            Self::BothClaimed | Self::Resolved => Some(SessionState::Settled),
            Self::Expired => Some(SessionState::Errored),
        }
    }

    /// How an order that stands so has ended.
    #[must_use]
    pub fn end(self) -> Option<End> {
        match self {
            Self::BothClaimed => Some(End::Paid),
            Self::Resolved => Some(End::Split),
            Self::Expired => Some(End::Refunded),
            Self::None
            | Self::BuyerCommitted
            | Self::SellerCommitted
            | Self::BothCommitted
            | Self::SellerClaimed
            | Self::BuyerClaimed
            | Self::Disputed
            | Self::Fulfilled => None,
        }
    }
}
