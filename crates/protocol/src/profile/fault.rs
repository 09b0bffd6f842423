use crate::{Error, Reason};

/// Declares the faults in the order of their numbers, from 1 on: the name in Solidity, the field of the order to change,
/// and what is wrong with it.
macro_rules! faults {
    ($($(#[$about:meta])* $name:ident = $solidity:literal, $field:literal, $reason:ident;)+) => {
        /// Why terms are refused, as the escrow says it: `Fault` of `TermsRules.sol`, without `NONE`.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub enum Fault {
            $($(#[$about])* $name,)+
        }

        impl Fault {
            /// Every fault; the first has the number 1.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The name in Solidity.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $solidity,)+ }
            }

            /// The field to change.
            #[must_use]
            pub fn field(self) -> &'static str {
                match self { $(Self::$name => $field,)+ }
            }

            /// What is wrong with it.
            #[must_use]
            pub fn reason(self) -> Reason {
                match self { $(Self::$name => Reason::$reason,)+ }
            }
        }
    };
}

faults! {
    /// buyer is zero.
    BuyerZero = "BUYER_ZERO", "buyer", ZeroAddress;
    /// seller is zero.
    SellerZero = "SELLER_ZERO", "seller", ZeroAddress;
    /// buyer and seller are the same.
    BuyerIsSeller = "BUYER_IS_SELLER", "seller", Contradiction;
    /// amount is zero.
    AmountZero = "AMOUNT_ZERO", "amount", ZeroAmount;
    /// A party, payee or token is the escrow itself.
    NamesEscrow = "NAMES_ESCROW", "escrow", Contradiction;
    /// arbiter is the buyer or the seller.
    ArbiterIsParty = "ARBITER_IS_PARTY", "arbiter", Contradiction;
    /// verifier is the buyer or the seller.
    VerifierIsParty = "VERIFIER_IS_PARTY", "verifier", Contradiction;
    /// kind is neither BOND (0) nor SWAP (1).
    KindUnknown = "KIND_UNKNOWN", "kind", UnknownValue;
    /// policy has a bit that is not defined.
    PolicyUnknown = "POLICY_UNKNOWN", "policy", UnknownValue;
    /// silence is neither to the buyer (0) nor to the seller (1).
    SilenceUnknown = "SILENCE_UNKNOWN", "silence", UnknownValue;
    /// max_fee_bps is above the cap of 1,000.
    MaxFeeAboveCap = "MAX_FEE_ABOVE_CAP", "max_fee_bps", BadBps;
    /// fee_bps is above max_fee_bps.
    FeeAboveMax = "FEE_ABOVE_MAX", "fee_bps", BadBps;
    /// fee_bps needs a fee_receiver.
    FeeWithoutReceiver = "FEE_WITHOUT_RECEIVER", "fee_receiver", Missing;
    /// slash_bps is above 10,000.
    SlashAboveWhole = "SLASH_ABOVE_WHOLE", "slash_bps", BadBps;
    /// dispute_bond_bps is above 10,000.
    DisputeBondAboveWhole = "DISPUTE_BOND_ABOVE_WHOLE", "dispute_bond_bps", BadBps;
    /// dispute_bond_bps must cover arbiter_fee_bps.
    DisputeBondBelowArbiterFee = "DISPUTE_BOND_BELOW_ARBITER_FEE", "dispute_bond_bps", OutOfRange;
    /// arbiter_fee_bps, dispute_bond_bps and dispute_window need an arbiter.
    DisputeWithoutArbiter = "DISPUTE_WITHOUT_ARBITER", "arbiter", Missing;
    /// slash_bps needs somebody to judge delivery: an arbiter, ATTESTER_SIG or ZK_PROOF.
    SlashWithoutJudge = "SLASH_WITHOUT_JUDGE", "slash_bps", Contradiction;
    /// slash_bps with TIMED needs an arbiter.
    SlashTimedWithoutArbiter = "SLASH_TIMED_WITHOUT_ARBITER", "slash_bps", Contradiction;
    /// slash_bps leaves the seller at least an hour from commit_by to deliver_by.
    SlashTooSoon = "SLASH_TOO_SOON", "deliver_by", OutOfRange;
    /// ATTESTER_SIG needs a verifier.
    AttesterWithoutVerifier = "ATTESTER_WITHOUT_VERIFIER", "verifier", Missing;
    /// ATTESTER_SIG and ZK_PROOF exclude each other.
    AttesterWithProof = "ATTESTER_WITH_PROOF", "policy", Contradiction;
    /// delivery_circuit and delivery_version come with ZK_PROOF only.
    CircuitWithoutProof = "CIRCUIT_WITHOUT_PROOF", "delivery_circuit", Contradiction;
    /// PARTIAL stands alone: no other policy, arbiter, verifier or bond.
    PartialNotAlone = "PARTIAL_NOT_ALONE", "policy", Contradiction;
    /// SWAP needs a counter_amount.
    SwapWithoutCounter = "SWAP_WITHOUT_COUNTER", "counter_amount", Missing;
    /// SWAP has no arbiter, verifier, policy or slash.
    SwapNotAlone = "SWAP_NOT_ALONE", "kind", Contradiction;
    /// fund_by has passed.
    FundByPassed = "FUND_BY_PASSED", "fund_by", InThePast;
    /// Not fund_by <= commit_by < deliver_by.
    DeadlinesOutOfOrder = "DEADLINES_OUT_OF_ORDER", "commit_by", Contradiction;
    /// deliver_by or timed_release is more than 365 days ahead.
    TooFarAhead = "TOO_FAR_AHEAD", "deliver_by", OutOfRange;
    /// review_window is above 90 days.
    ReviewTooLong = "REVIEW_TOO_LONG", "review_window", OutOfRange;
    /// review_window is below one hour where evidence, vouchers or a timed release need it.
    ReviewTooShort = "REVIEW_TOO_SHORT", "review_window", OutOfRange;
    /// dispute_window is not between 1 and 90 days where there is an arbiter.
    DisputeWindowOutOfRange = "DISPUTE_WINDOW_OUT_OF_RANGE", "dispute_window", OutOfRange;
    /// timed_release comes before delivery was due or before the seller's commitment could be reviewed.
    TimedTooSoon = "TIMED_TOO_SOON", "timed_release", OutOfRange;
    /// timed_release comes with TIMED only.
    TimeWithoutTimed = "TIME_WITHOUT_TIMED", "timed_release", Contradiction;
}

impl Fault {
    /// The fault of a number that the escrow reports in `InvalidTerms(uint8)`.
    #[must_use]
    pub fn of_number(number: u8) -> Option<Self> {
        usize::from(number).checked_sub(1).and_then(|place| Self::ALL.get(place)).copied()
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::from(fault.reason()).within(fault.field())
    }
}

#[cfg(test)]
mod tests {
    use super::Fault;

    #[test]
    fn faults_are_those_of_the_escrow() {
        let source = include_str!("../../../../contracts/libraries/TermsRules.sol");
        let list = source.split("enum Fault {").nth(1).and_then(|rest| rest.split('}').next()).unwrap();
        let names: Vec<_> = list
            .lines()
            .map(|line| line.trim().trim_end_matches(','))
            .filter(|line| !line.is_empty() && !line.starts_with("//"))
            .collect();
        let ours: Vec<_> = ["NONE"].into_iter().chain(Fault::ALL.iter().map(|fault| fault.as_str())).collect();
        assert_eq!(names, ours);
        assert_eq!(Fault::of_number(0), None);
        assert_eq!(Fault::of_number(1), Some(Fault::BuyerZero));
        assert_eq!(Fault::of_number(34), Some(Fault::TimeWithoutTimed));
        assert_eq!(Fault::of_number(35), None);
    }
}
