// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {
    ATTESTER_SIG,
    BPS,
    KIND_BOND,
    KIND_SWAP,
    PARTIAL,
    SILENCE_TO_SELLER,
    Terms,
    TermsLib,
    TIMED,
    ZK_PROOF
} from "./Terms.sol";

/// @notice Why terms are refused. Each names the field to change.
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

/// @title Which terms are refused, and why
library TermsRules {
    using TermsLib for Terms;

    /// @dev The most that an order's fee may ever be, 10 %.
    uint256 internal constant FEE_CAP_BPS = 1_000;
    uint256 internal constant MAX_AHEAD = 365 days;
    uint256 internal constant MIN_REVIEW = 1 hours;
    uint256 internal constant MIN_DISPUTE = 1 days;
    uint256 internal constant MAX_WINDOW = 90 days;

    /// @notice The first rule these terms break if created now at `escrow`, or NONE.
    function firstFault(Terms calldata t, address escrow) internal view returns (Fault fault) {
        return _parties(t, escrow);
    }

    // Each group of rules goes on to the next.

    /// @dev Reads every address of the terms, and so refuses dirty upper bits.
    function _parties(Terms calldata t, address escrow) private view returns (Fault) {
        (address buyer, address seller) = (t.buyer, t.seller);
        (address arbiter, address verifier) = (t.arbiter, t.verifier);
        if (buyer == address(0)) return Fault.BUYER_ZERO;
        if (seller == address(0)) return Fault.SELLER_ZERO;
        if (buyer == seller) return Fault.BUYER_IS_SELLER;
        if (
            buyer == escrow || seller == escrow || t.feeReceiver == escrow || arbiter == escrow || verifier == escrow
                || t.token() == escrow || t.counterToken() == escrow
        ) return Fault.NAMES_ESCROW;
        if (arbiter == buyer || arbiter == seller) return Fault.ARBITER_IS_PARTY;
        if (verifier == buyer || verifier == seller) return Fault.VERIFIER_IS_PARTY;
        return _money(t);
    }

    /// @dev Faults of amounts, fees and bonds.
    function _money(Terms calldata t) private view returns (Fault) {
        if (t.amount() == 0) return Fault.AMOUNT_ZERO;
        if (t.maxFeeBps() > FEE_CAP_BPS) return Fault.MAX_FEE_ABOVE_CAP;
        if (t.feeBps() > t.maxFeeBps()) return Fault.FEE_ABOVE_MAX;
        if (t.feeBps() > 0 && t.feeReceiver == address(0)) return Fault.FEE_WITHOUT_RECEIVER;
        if (t.slashBps() > BPS) return Fault.SLASH_ABOVE_WHOLE;
        if (t.disputeBondBps() > BPS) return Fault.DISPUTE_BOND_ABOVE_WHOLE;
        if (t.disputeBondBps() < t.arbiterFeeBps()) return Fault.DISPUTE_BOND_BELOW_ARBITER_FEE;
        return _evidence(t);
    }

    /// @dev Faults of what may release the payment.
    function _evidence(Terms calldata t) private view returns (Fault) {
        (uint256 policy, bool arbitrated, bool verified) =
            (t.policy(), t.arbiter != address(0), t.verifier != address(0));
        if (policy > ATTESTER_SIG + ZK_PROOF + TIMED + PARTIAL) return Fault.POLICY_UNKNOWN;
        if (t.silence() > SILENCE_TO_SELLER) return Fault.SILENCE_UNKNOWN;
        if (!arbitrated) {
            // arbiterFeeBps needs no test of its own: it is not above disputeBondBps
            if (t.disputeBondBps() > 0 || t.disputeWindow() > 0) return Fault.DISPUTE_WITHOUT_ARBITER;
            if (t.slashBps() > 0) {
                if (t.kind() == KIND_SWAP) return Fault.SWAP_NOT_ALONE;
                if (!t.has(ATTESTER_SIG | ZK_PROOF)) return Fault.SLASH_WITHOUT_JUDGE;
                if (t.has(TIMED)) return Fault.SLASH_TIMED_WITHOUT_ARBITER;
            }
        }
        if (t.kind() != KIND_BOND) {
            if (t.kind() != KIND_SWAP) return Fault.KIND_UNKNOWN;
            if (t.counterAmount() == 0) return Fault.SWAP_WITHOUT_COUNTER;
            if (arbitrated || verified || policy != 0) return Fault.SWAP_NOT_ALONE;
        }
        if (t.has(PARTIAL) && (policy != PARTIAL || arbitrated || verified || t.counterAmount() != 0)) {
            return Fault.PARTIAL_NOT_ALONE;
        }
        if (t.has(ATTESTER_SIG)) {
            if (t.has(ZK_PROOF)) return Fault.ATTESTER_WITH_PROOF;
            if (!verified) return Fault.ATTESTER_WITHOUT_VERIFIER;
        }
        if (!t.has(ZK_PROOF) && (t.deliveryCircuit != 0 || t.deliveryVersion() != 0)) {
            return Fault.CIRCUIT_WITHOUT_PROOF;
        }
        return _times(t);
    }

    /// @dev Faults of deadlines and windows.
    function _times(Terms calldata t) private view returns (Fault) {
        (uint256 commitBy, uint256 deliverBy) = (t.commitBy(), t.deliverBy());
        (uint256 review, uint256 timed) = (t.reviewWindow(), t.timedRelease());
        bool arbitrated = t.arbiter != address(0);
        if (t.fundBy() < block.timestamp) return Fault.FUND_BY_PASSED;
        if (commitBy < t.fundBy() || deliverBy <= commitBy) return Fault.DEADLINES_OUT_OF_ORDER;
        if (review > MAX_WINDOW) return Fault.REVIEW_TOO_LONG;
        // sums of instants and windows far below 2^64
        unchecked {
            uint256 farthest = block.timestamp + MAX_AHEAD;
            if (deliverBy > farthest || timed > farthest) return Fault.TOO_FAR_AHEAD;
            // Whoever waits for evidence, a last voucher or a timed release has an hour at least to answer it.
            if (review < MIN_REVIEW && (arbitrated || t.policy() != 0)) return Fault.REVIEW_TOO_SHORT;
            if (arbitrated && (t.disputeWindow() < MIN_DISPUTE || t.disputeWindow() > MAX_WINDOW)) {
                return Fault.DISPUTE_WINDOW_OUT_OF_RANGE;
            }
            if (t.slashBps() > 0 && deliverBy < commitBy + 1 hours) return Fault.SLASH_TOO_SOON;
            if (!t.has(TIMED)) return timed == 0 ? Fault.NONE : Fault.TIME_WITHOUT_TIMED;
            if (timed < deliverBy || timed < commitBy + review || (arbitrated && timed < deliverBy + review)) {
                return Fault.TIMED_TOO_SOON;
            }
        }
        return Fault.NONE;
    }
}
