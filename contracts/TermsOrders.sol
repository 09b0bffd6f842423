// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {EfficientHashLib} from "solady/utils/EfficientHashLib.sol";
import {ITermsOrders, Split} from "./interfaces/ITermsOrders.sol";
import {Slot, SlotLib} from "./libraries/Slot.sol";
import {
    ATTESTER_SIG,
    BOTH_COMMITTED,
    BUYER_COMMITTED,
    CLAIMED,
    DISPUTED,
    FULFILLED,
    Outcome,
    PARTIAL,
    REFUNDED,
    RELEASED,
    SETTLED,
    State,
    Terms,
    TermsLib,
    TIMED,
    TIMED_OUT,
    ZK_PROOF
} from "./libraries/Terms.sol";
import {DELIVERY_TYPEHASH, SETTLEMENT_TYPEHASH, VOUCHER_TYPEHASH} from "./libraries/TypeHashes.sol";
import {Disputes} from "./Disputes.sol";

/// @title Terms orders: from commitment to end
/// @notice The terms come with every call and hash to the order id; storage is one slot per order.
/// @dev Every verb: load and check, write state, then move money. `Openings` has the verbs before these, `Disputes` those
/// of a dispute; each file's verbs stand in the order of an order's life.
abstract contract TermsOrders is Disputes {
    using TermsLib for Terms;

    // ------------------------------------------------------------------------------------------------- evidence

    /// @inheritdoc ITermsOrders
    function fulfil(Terms calldata terms, bytes32 evidence) external outsideVerbs {
        (bytes32 orderId, Slot slot_) = _load(terms, BOTH_COMMITTED);
        if (msg.sender != terms.seller) revert NotAllowed(msg.sender, terms.seller);
        if (terms.arbiter == address(0)) revert ArbiterMissing();
        _requireNotAfter(terms.deliverBy());
        _fulfil(terms, orderId, slot_, evidence, block.timestamp);
    }

    /// @inheritdoc ITermsOrders
    function fulfilAttested(Terms calldata terms, bytes32 evidence, uint256 deliveredAt, bytes calldata signature)
        external
        nonReentrant
    {
        bytes32 orderId = orderIdOf(terms);
        if (!terms.has(ATTESTER_SIG)) revert PolicyMissing(ATTESTER_SIG);
        _requireSigned(
            terms.verifier, EfficientHashLib.hash(DELIVERY_TYPEHASH, orderId, evidence, bytes32(deliveredAt)), signature
        );
        _deliver(terms, orderId, evidence, deliveredAt);
    }

    /// @inheritdoc ITermsOrders
    function fulfilProven(Terms calldata terms, bytes32 evidence, uint256 deliveredAt, uint256[8] calldata proof)
        external
        nonReentrant
    {
        bytes32 orderId = orderIdOf(terms);
        if (!terms.has(ZK_PROOF)) revert PolicyMissing(ZK_PROOF);
        bool holds = vault.deliveryHolds(
            terms.deliveryCircuit, terms.deliveryVersion(), orderId, terms.sessionId, evidence, deliveredAt, proof
        );
        if (!holds) revert BadProof();
        _deliver(terms, orderId, evidence, deliveredAt);
    }

    /// @dev Attested or proven evidence: final without an arbiter, open to dispute with one, and for the arbiter's
    /// eyes once the order is already fulfilled or disputed.
    function _deliver(Terms calldata terms, bytes32 orderId, bytes32 evidence, uint256 deliveredAt) private {
        // check: the state, and delivery in time and presented in time
        Slot slot_ = _slots[orderId];
        State state = slot_.state();
        bool late = state == FULFILLED || state == DISPUTED;
        if (!late) _requireState(orderId, slot_, BOTH_COMMITTED);
        uint256 deliverBy = terms.deliverBy();
        uint256 latest = block.timestamp < deliverBy ? block.timestamp : deliverBy;
        if (deliveredAt > latest) revert DeliveredLate(deliveredAt, latest);
        _requireNotAfter(terms.reviewEnd());
        if (terms.has(TIMED)) _requireBefore(terms.timedRelease());

        // update
        if (!late && terms.arbiter != address(0)) {
            _fulfil(terms, orderId, slot_, evidence, deliveredAt);
        } else {
            emit EvidenceAdded(orderId, evidence, deliveredAt);
            if (!late) _payAll(terms, orderId, slot_, CLAIMED, evidence);
        }
    }

    /// @dev Records evidence and starts the review.
    function _fulfil(Terms calldata terms, bytes32 orderId, Slot slot_, bytes32 evidence, uint256 deliveredAt) private {
        uint256 clock = block.timestamp + terms.reviewWindow();
        _slots[orderId] = SlotLib.open(FULFILLED, slot_.flags(), clock, SlotLib.evidenceWord(orderId, evidence));
        emit Fulfilled(orderId, evidence, deliveredAt, clock);
    }

    // ------------------------------------------------------------------------------------------------- pay out

    /// @inheritdoc ITermsOrders
    function claim(Terms calldata terms, bytes32 evidence) external nonReentrant {
        bytes32 orderId = orderIdOf(terms);
        Slot slot_ = _slots[orderId];
        State state = slot_.state();
        if (state == FULFILLED) {
            _requireEvidence(orderId, slot_, evidence);
            _requireNotBefore(slot_.clock());
            _payAll(terms, orderId, slot_, CLAIMED, evidence);
        } else {
            _requireState(orderId, slot_, BOTH_COMMITTED);
            if (!terms.has(TIMED)) revert PolicyMissing(TIMED);
            _requireEvidence(orderId, slot_, evidence);
            _requireNotBefore(terms.timedRelease());
            _payAll(terms, orderId, slot_, TIMED_OUT, 0);
        }
    }

    /// @inheritdoc ITermsOrders
    function release(Terms calldata terms, uint256 cumulative, bytes calldata voucher) external nonReentrant {
        // check
        (bytes32 orderId, Slot slot_) = _load(terms, BOTH_COMMITTED);
        if (!terms.has(PARTIAL)) revert PolicyMissing(PARTIAL);
        _requireNotAfter(terms.reviewEnd());
        (uint256 released, uint256 amount) = (slot_.word(), terms.amount());
        if (cumulative <= released || cumulative > amount) revert VoucherOutOfRange(cumulative, released, amount);
        if (msg.sender != terms.buyer) {
            _requireSigned(terms.buyer, EfficientHashLib.hash(VOUCHER_TYPEHASH, orderId, bytes32(cumulative)), voucher);
        }

        // update and transfer
        if (cumulative == amount) {
            _payAll(terms, orderId, slot_, RELEASED, 0);
        } else {
            _slots[orderId] = SlotLib.open(BOTH_COMMITTED, slot_.flags(), 0, cumulative);
            emit Released(orderId, cumulative);
            uint256 fee = terms.feeOn(cumulative) - terms.feeOn(released);
            _pay(terms.token(), terms.seller, cumulative - released - fee);
            _pay(terms.token(), terms.feeReceiver, fee);
        }
    }

    /// @dev Everything left goes to the seller, with his bond.
    function _payAll(Terms calldata terms, bytes32 orderId, Slot slot_, Outcome outcome, bytes32 evidence) private {
        Ending memory e;
        if (slot_.state() == BOTH_COMMITTED) e.released = slot_.word();
        e.toSeller = terms.amount() - e.released;
        e.bondToSeller = terms.counterAmount();
        e.outcome = outcome;
        e.evidence = evidence;
        _finish(terms, orderId, slot_, e);
    }

    // ------------------------------------------------------------------------------------------------- refund

    /// @inheritdoc ITermsOrders
    function refund(Terms calldata terms) external nonReentrant {
        bytes32 orderId = orderIdOf(terms);
        Slot slot_ = _slots[orderId];
        State state = slot_.state();
        Ending memory e;
        if (state == BUYER_COMMITTED) {
            _requireNotBefore(terms.commitBy() + 1);
        } else {
            _requireState(orderId, slot_, BOTH_COMMITTED);
            if (terms.has(TIMED)) revert WrongState(orderId, state);
            bool buyerFirst = msg.sender == terms.buyer && !terms.has(ATTESTER_SIG | ZK_PROOF | PARTIAL);
            _requireNotBefore((buyerFirst ? terms.deliverBy() : terms.reviewEnd()) + 1);
            e.released = slot_.word();
            e.bondToBuyer = _slash(terms);
            e.bondToSeller = terms.counterAmount() - e.bondToBuyer;
        }
        e.toBuyer = terms.amount() - e.released;
        e.outcome = REFUNDED;
        _finish(terms, orderId, slot_, e);
    }

    // ------------------------------------------------------------------------------------------------- settle

    /// @inheritdoc ITermsOrders
    function settle(
        Terms calldata terms,
        Split calldata split,
        uint256 deadline,
        bytes calldata buyerAuth,
        bytes calldata sellerAuth,
        bytes32 evidence
    ) external nonReentrant {
        bytes32 orderId = orderIdOf(terms);
        Slot slot_ = _slots[orderId];
        _requireNotAfter(deadline);
        Ending memory e = _splitOf(terms, orderId, slot_, split);
        _requireEvidence(orderId, slot_, evidence);

        // check: who agrees, and that he may grant this alone
        bytes32 structHash = keccak256(abi.encode(SETTLEMENT_TYPEHASH, orderId, split, deadline));
        if (split.noFee) e.fee = NO_FEE;
        bool byBuyer = _agrees(terms.buyer, structHash, buyerAuth);
        bool bySeller = _agrees(terms.seller, structHash, sellerAuth);
        if (byBuyer && e.disputeToBuyer == 0 && _isAcceptance(split)) {
            // in a dispute his stake goes as if he had lost, whoever presents the acceptance
            if (slot_.state() == DISPUTED) _loseDispute(terms, e);
        } else if (!bySeller) {
            if (byBuyer) revert SplitNotGranted(terms.buyer);
            revert NotAllowed(msg.sender, terms.buyer);
        } else if (!byBuyer) {
            _requireSellerGrant(terms, slot_, split, e);
        }
        e.outcome = SETTLED;
        e.evidence = evidence;
        _finish(terms, orderId, slot_, e);
    }

    /// @dev The split as a payout, checked against what the order holds.
    function _splitOf(Terms calldata terms, bytes32 orderId, Slot slot_, Split calldata split)
        private
        pure
        returns (Ending memory e)
    {
        State state = slot_.state();
        uint256 bond = terms.counterAmount();
        uint256 disputeBond;
        if (state == BUYER_COMMITTED) bond = 0;
        else if (state == BOTH_COMMITTED) e.released = slot_.word();
        else if (state == DISPUTED) disputeBond = terms.disputeBond();
        else _requireState(orderId, slot_, FULFILLED);

        uint256 left = terms.amount() - e.released;
        if (
            !_sums(split.toBuyer, split.toSeller, left) || split.bondToBuyer > bond
                || split.disputeToSeller > disputeBond
        ) {
            revert SplitMismatch(left, bond, disputeBond);
        }
        e.toBuyer = split.toBuyer;
        e.toSeller = split.toSeller;
        e.bondToBuyer = split.bondToBuyer;
        e.bondToSeller = bond - split.bondToBuyer;
        e.disputeToSeller = split.disputeToSeller;
        e.disputeToBuyer = disputeBond - split.disputeToSeller;
    }

    /// @dev Whether a party agrees: he calls, or his signature is there. A wrong signature is an error, not a no.
    function _agrees(address party, bytes32 structHash, bytes calldata auth) private view returns (bool) {
        if (msg.sender == party) return true;
        if (auth.length == 0) return false;
        _requireSigned(party, structHash, auth);
        return true;
    }

    /// @dev What the buyer may grant alone: everything to the seller, in a dispute his stake too.
    function _isAcceptance(Split calldata split) private pure returns (bool) {
        return split.toBuyer == 0 && split.bondToBuyer == 0 && !split.noFee;
    }

    /// @dev The seller alone gives what the buyer would get if nothing were delivered, or more.
    function _requireSellerGrant(Terms calldata terms, Slot slot_, Split calldata split, Ending memory e) private view {
        uint256 slash = slot_.state() == BUYER_COMMITTED ? 0 : _slash(terms);
        if (split.toSeller != 0 || split.bondToBuyer < slash || e.disputeToSeller != 0 || split.noFee) {
            revert SplitNotGranted(terms.seller);
        }
    }
}
