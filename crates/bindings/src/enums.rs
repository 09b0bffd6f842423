//! The numbers that an ABI does not name.
//!
//! Generated from the interfaces by `make generate`: do not edit.

alloy::sol! {
    #![sol(extra_derives(Debug, PartialEq, Eq, Hash))]

    /// Where the money of a call comes from.
    #[allow(missing_docs)]
    enum Source {
        /// The caller: ETH in the call, or his allowance to the contract.
        CALLER,
        /// The owner's `receiveWithAuthorization` signature.
        EIP3009,
        /// The owner's Permit2 signature with a witness.
        PERMIT2,
        /// The owner's `permit` signature, spent at once.
        EIP2612
    }

    /// Why terms are refused. Each names the field to change.
    #[allow(missing_docs)]
    enum Fault {
        /// The terms are sound.
        NONE,
        /// buyer is zero.
        BUYER_ZERO,
        /// seller is zero.
        SELLER_ZERO,
        /// buyer and seller are the same.
        BUYER_IS_SELLER,
        /// amount is zero.
        AMOUNT_ZERO,
        /// buyer, seller, feeReceiver, arbiter, verifier, token or counterToken is the escrow itself.
        NAMES_ESCROW,
        /// arbiter is the buyer or the seller.
        ARBITER_IS_PARTY,
        /// verifier is the buyer or the seller.
        VERIFIER_IS_PARTY,
        /// kind is neither BOND (0) nor SWAP (1).
        KIND_UNKNOWN,
        /// policy has a bit that is not defined.
        POLICY_UNKNOWN,
        /// silence is neither to the buyer (0) nor to the seller (1).
        SILENCE_UNKNOWN,
        /// maxFeeBps is above the cap of 1,000.
        MAX_FEE_ABOVE_CAP,
        /// feeBps is above maxFeeBps.
        FEE_ABOVE_MAX,
        /// feeBps needs a feeReceiver.
        FEE_WITHOUT_RECEIVER,
        /// slashBps is above 10,000.
        SLASH_ABOVE_WHOLE,
        /// disputeBondBps is above 10,000.
        DISPUTE_BOND_ABOVE_WHOLE,
        /// disputeBondBps must cover arbiterFeeBps.
        DISPUTE_BOND_BELOW_ARBITER_FEE,
        /// arbiterFeeBps, disputeBondBps and disputeWindow need an arbiter.
        DISPUTE_WITHOUT_ARBITER,
        /// slashBps needs somebody to judge delivery: an arbiter, ATTESTER_SIG or ZK_PROOF.
        SLASH_WITHOUT_JUDGE,
        /// slashBps with TIMED needs an arbiter.
        SLASH_TIMED_WITHOUT_ARBITER,
        /// slashBps leaves the seller at least an hour from commitBy to deliverBy.
        SLASH_TOO_SOON,
        /// ATTESTER_SIG needs a verifier.
        ATTESTER_WITHOUT_VERIFIER,
        /// ATTESTER_SIG and ZK_PROOF exclude each other.
        ATTESTER_WITH_PROOF,
        /// deliveryCircuit and deliveryVersion come with ZK_PROOF only.
        CIRCUIT_WITHOUT_PROOF,
        /// PARTIAL stands alone: no other policy, arbiter, verifier or bond.
        PARTIAL_NOT_ALONE,
        /// SWAP needs a counterAmount.
        SWAP_WITHOUT_COUNTER,
        /// SWAP has no arbiter, verifier, policy or slash.
        SWAP_NOT_ALONE,
        /// fundBy has passed.
        FUND_BY_PASSED,
        /// Not fundBy <= commitBy < deliverBy.
        DEADLINES_OUT_OF_ORDER,
        /// deliverBy or timedRelease is more than 365 days ahead.
        TOO_FAR_AHEAD,
        /// reviewWindow is above 90 days.
        REVIEW_TOO_LONG,
        /// reviewWindow is below one hour where evidence, vouchers or a timed release need it.
        REVIEW_TOO_SHORT,
        /// disputeWindow is not between 1 and 90 days where there is an arbiter.
        DISPUTE_WINDOW_OUT_OF_RANGE,
        /// timedRelease comes before delivery was due or before the seller's commitment could be reviewed.
        TIMED_TOO_SOON,
        /// timedRelease comes with TIMED only.
        TIME_WITHOUT_TIMED
    }

    /// What somebody can do with an order. CREATE, with the seller's signature at hand, may take his commitment along
    /// (`createWithCommitment`). COLLECT pays a credit to the wallet in the terms, WITH_PROOF to whom the proof names.
    #[allow(missing_docs)]
    enum Verb {
        CREATE,
        COMMIT,
        FULFIL,
        FULFIL_ATTESTED,
        FULFIL_PROVEN,
        CLAIM,
        RELEASE,
        REFUND,
        DISPUTE,
        RESOLVE,
        RESOLVE_BY_SILENCE,
        SETTLE,
        COLLECT_BUYER,
        COLLECT_SELLER,
        COLLECT_BUYER_WITH_PROOF,
        COLLECT_SELLER_WITH_PROOF
    }

    /// Where one version of a circuit stands. It only ever moves down this list.
    #[allow(missing_docs)]
    enum VerifierStatus {
        /// Never proposed.
        NONE,
        /// Proposed; its timelock runs.
        PENDING,
        /// New orders may name it and its proofs count.
        ACTIVE,
        /// Its proofs count for the orders that name it; new orders may not.
        DEPRECATED,
        /// It proves nothing, for ever.
        REVOKED
    }
}
