// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {OrderTerms} from "../../contracts/libraries/OrderTerms.sol";

/// @dev Every way to call a terms order: each verb by the caller's own right, by signatures, and with one thing wrong.
enum Verb {
    CREATE, // anyone's money
    CREATE_AUTH, // the buyer's money by EIP-3009
    CREATE_COMMIT, // anyone's money, the seller's signature, his bond by EIP-3009
    COMMIT_OWN, // no signature
    COMMIT_SIGNED, // the seller's signature, his bond by EIP-3009
    FULFIL,
    ATTESTED,
    ATTESTED_LATE, // delivered a second too late
    ATTESTED_FORGED, // signed by the seller
    PROVEN,
    PROVEN_LATE,
    PROVEN_FORGED,
    CLAIM,
    CLAIM_WRONG, // other evidence
    RELEASE_OWN, // no voucher
    RELEASE_SIGNED,
    RELEASE_ALL,
    RELEASE_WRONG, // not above what is released, or above the amount
    REFUND,
    DISPUTE_OWN,
    DISPUTE_SIGNED,
    RESOLVE,
    RESOLVE_GREEDY, // more of the bond than slashBps
    SILENCE,
    ACCEPT_OWN, // settle: everything to the seller, no signature
    ACCEPT_SIGNED, // the same with the buyer's signature
    YIELD_OWN, // settle: everything and the slash to the buyer, no signature
    YIELD_SIGNED, // the same with the seller's signature
    SPLIT_SIGNED, // settle: any split, both signatures
    SPLIT_HALF, // the same with the buyer's signature only
    SPLIT_WRONG, // amounts that do not sum, both signatures
    COLLECT_BUYER,
    COLLECT_SELLER,
    PROOF_BUYER,
    PROOF_SELLER
}

/// @dev Where an order stands, as the test knows it without asking the contract.
struct Book {
    uint8 state;
    uint256 clock;
    uint256 released;
    bytes32 evidence;
    uint256 settledAt;
    uint256 heldBuyer;
    uint256 heldSeller;
}

/// @title The state table, written down a second time
/// @notice Who may do what when, and where it leads: from the table of the mechanism's description, not from the code.
library OrderSpec {
    uint8 internal constant ATTESTER_SIG = 1;
    uint8 internal constant ZK_PROOF = 2;
    uint8 internal constant TIMED = 4;
    uint8 internal constant PARTIAL = 8;
    uint256 internal constant VERBS = uint256(type(Verb).max) + 1;

    /// @notice Whether the call is allowed, and the state after it.
    function judge(OrderTerms memory o, Book memory b, Verb v, address caller, uint256 t, uint8 pick)
        internal
        pure
        returns (bool, uint8)
    {
        if (v <= Verb.COMMIT_SIGNED) return _entering(o, b, v, caller, t);
        if (v <= Verb.PROVEN_FORGED) return _evidence(o, b, v, caller, t);
        if (v <= Verb.REFUND) return _paying(o, b, v, caller, t, pick);
        if (v <= Verb.SILENCE) return _disputing(o, b, v, caller, t);
        if (v <= Verb.SPLIT_WRONG) return _settling(o, b, v, caller, pick);
        return _collecting(b, v, t);
    }

    /// @dev Rows 0->1, 0->3, 0->6, 1->3, 1->6.
    function _entering(OrderTerms memory o, Book memory b, Verb v, address caller, uint256 t)
        private
        pure
        returns (bool, uint8)
    {
        uint8 bound_ = o.kind == 1 ? 6 : 3;
        bool coinBond = o.counterAmount != 0 && o.counterToken == address(0);
        if (v <= Verb.CREATE_COMMIT) {
            if (b.state != 0 || t > o.fundBy) return (false, 0);
            if (v == Verb.CREATE) return (true, 1);
            if (v == Verb.CREATE_AUTH) return (o.token != address(0), 1);
            return (!coinBond, bound_);
        }
        if (b.state != 1 || t > o.commitBy) return (false, 0);
        if (v == Verb.COMMIT_OWN) return (caller == o.seller, bound_);
        return (!coinBond, bound_);
    }

    /// @dev Rows 3->9 and 3->6 of evidence, and evidence for the arbiter in 9 and 7.
    function _evidence(OrderTerms memory o, Book memory b, Verb v, address caller, uint256 t)
        private
        pure
        returns (bool, uint8)
    {
        bool arbitrated = o.arbiter != address(0);
        if (v == Verb.FULFIL) return (b.state == 3 && arbitrated && caller == o.seller && t <= o.deliverBy, 9);
        if (v != Verb.ATTESTED && v != Verb.PROVEN) return (false, 0);
        if (o.policy & (v == Verb.ATTESTED ? ATTESTER_SIG : ZK_PROOF) == 0) return (false, 0);
        if (t > uint256(o.deliverBy) + o.reviewWindow) return (false, 0);
        if (o.policy & TIMED != 0 && t >= o.timedRelease) return (false, 0);
        if (b.state == 3) return (true, arbitrated ? 9 : 6);
        return (b.state == 9 || b.state == 7, b.state);
    }

    /// @dev Rows of claim, release and refund.
    function _paying(OrderTerms memory o, Book memory b, Verb v, address caller, uint256 t, uint8 pick)
        private
        pure
        returns (bool, uint8)
    {
        uint256 reviewEnd = uint256(o.deliverBy) + o.reviewWindow;
        if (v == Verb.CLAIM_WRONG || v == Verb.RELEASE_WRONG) return (false, 0);
        if (v == Verb.CLAIM) {
            if (b.state == 9) return (t >= b.clock, 6);
            return (b.state == 3 && o.policy & TIMED != 0 && t >= o.timedRelease, 6);
        }
        if (v == Verb.REFUND) {
            if (b.state == 1) return (t > o.commitBy, 8);
            if (b.state != 3 || o.policy & TIMED != 0) return (false, 0);
            bool alone = caller == o.buyer && o.policy == 0;
            return (t > (alone ? o.deliverBy : reviewEnd), b.released == 0 ? 8 : 10);
        }
        if (b.state != 3 || o.policy & PARTIAL == 0 || t > reviewEnd) return (false, 0);
        if (v == Verb.RELEASE_OWN && caller != o.buyer) return (false, 0);
        if (v == Verb.RELEASE_ALL) return (true, 6);
        return (voucher(o, b, pick) > b.released, 3);
    }

    /// @dev Rows of dispute, resolve and silence.
    function _disputing(OrderTerms memory o, Book memory b, Verb v, address caller, uint256 t)
        private
        pure
        returns (bool, uint8)
    {
        if (v == Verb.SILENCE) return (b.state == 7 && t >= b.clock, 10);
        if (v == Verb.RESOLVE_GREEDY) return (false, 0);
        if (v == Verb.RESOLVE) return (b.state == 7 && caller == o.arbiter && t < b.clock, 10);
        bool open = b.state == 9 && t < b.clock;
        if (b.state == 3 && o.policy & TIMED != 0 && o.arbiter != address(0)) {
            open = t > o.deliverBy && t < o.timedRelease;
        }
        if (v == Verb.DISPUTE_OWN) return (open && caller == o.buyer, 7);
        return (open && (o.token != address(0) || stake(o) == 0), 7);
    }

    /// @dev Rows of settle.
    function _settling(OrderTerms memory o, Book memory b, Verb v, address caller, uint8 pick)
        private
        pure
        returns (bool, uint8)
    {
        if (v == Verb.SPLIT_WRONG) return (false, 0);
        if (!(b.state == 1 || b.state == 3 || b.state == 9 || b.state == 7)) return (false, 0);
        if (v == Verb.ACCEPT_OWN) return (caller == o.buyer, 6);
        if (v == Verb.ACCEPT_SIGNED) return (true, 6);
        uint8 back = b.released == 0 ? 8 : 10;
        if (v == Verb.YIELD_OWN) return (caller == o.seller, back);
        if (v == Verb.YIELD_SIGNED) return (true, back);
        bool both = v == Verb.SPLIT_SIGNED || caller == o.seller;
        // the buyer alone may give everything, and this is everything only where nothing is left for him: of a stake
        // the seller is given a share, never the whole
        bool everything =
            share(left(o, b), pick) == 0 && share(bondIn(o, b), pick) == 0 && pick & 1 == 0 && stakeIn(o, b) == 0;
        return (both || everything, share(left(o, b), pick) == 0 ? 6 : 10);
    }

    /// @dev Shielded credits: by proof at once, by time to the wallet after thirty days.
    function _collecting(Book memory b, Verb v, uint256 t) private pure returns (bool, uint8) {
        bool ofBuyer = v == Verb.COLLECT_BUYER || v == Verb.PROOF_BUYER;
        bool proven = v == Verb.PROOF_BUYER || v == Verb.PROOF_SELLER;
        uint256 amount = ofBuyer ? b.heldBuyer : b.heldSeller;
        return (amount != 0 && (proven || t >= b.settledAt + 30 days), b.state);
    }

    // What calls carry, from one number

    function share(uint256 whole, uint8 pick) internal pure returns (uint256) {
        return whole * pick / 256;
    }

    function left(OrderTerms memory o, Book memory b) internal pure returns (uint256) {
        return o.amount - b.released;
    }

    function voucher(OrderTerms memory o, Book memory b, uint8 pick) internal pure returns (uint256) {
        return b.released + share(left(o, b), pick);
    }

    function stake(OrderTerms memory o) internal pure returns (uint256) {
        return uint256(o.amount) * o.disputeBondBps / 10_000;
    }

    function slash(OrderTerms memory o) internal pure returns (uint256) {
        return uint256(o.counterAmount) * o.slashBps / 10_000;
    }

    /// @dev The bond that is in the contract.
    function bondIn(OrderTerms memory o, Book memory b) internal pure returns (uint256) {
        return b.state == 3 || b.state == 9 || b.state == 7 ? o.counterAmount : 0;
    }

    /// @dev The dispute bond that is in the contract.
    function stakeIn(OrderTerms memory o, Book memory b) internal pure returns (uint256) {
        return b.state == 7 ? stake(o) : 0;
    }

    /// @dev What an open order holds of its payment.
    function paymentIn(OrderTerms memory o, Book memory b) internal pure returns (uint256) {
        return b.state == 1 || b.state == 3 || b.state == 9 || b.state == 7 ? left(o, b) : 0;
    }
}
