// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IReceiptVault} from "./interfaces/IReceiptVault.sol";
import {BUYER_SHIELDED, DISPUTED_UNFULFILLED, Slot, SlotLib} from "./libraries/Slot.sol";
import {
    BOTH_CLAIMED,
    DISPUTED,
    EXPIRED,
    FULFILLED,
    Outcome,
    RESOLVED,
    ROLE_BUYER,
    ROLE_SELLER,
    RULED,
    SILENT,
    State,
    Terms,
    TermsLib,
    ZK_PROOF
} from "./libraries/Terms.sol";
import {ShieldedCredits} from "./ShieldedCredits.sol";

/// @title How a terms order ends
/// @notice Every ending writes the end state with the receipt's hash first and pays everybody after. The checks that
/// all verbs share stand here too.
abstract contract Endings is ShieldedCredits {
    using TermsLib for Terms;

    /// @dev How an order ends and who gets what, in the payment's token unless it says bond. The first nine words are
    /// the data of OrderEnded.
    struct Ending {
        State state;
        Outcome outcome;
        uint256 toBuyer; // of what was left of the payment
        uint256 toSeller; // of what was left, the arbiter's fee taken off, the order's fee not yet
        uint256 fee; // of toSeller, to the fee receiver
        uint256 bondToBuyer;
        uint256 disputeToBuyer;
        uint256 arbiterFee;
        bytes32 evidence;
        uint256 released; // to the seller before this call
        uint256 bondToSeller;
        uint256 disputeToSeller;
    }

    /// @dev In `Ending.fee`: both parties waived it. Any other value there is overwritten when the order ends.
    uint256 internal constant NO_FEE = 1;

    // ------------------------------------------------------------------------------------------------- ending

    /// @dev Writes the end, then pays everybody.
    function _finish(Terms calldata terms, bytes32 orderId, Slot slot_, Ending memory e) internal {
        _end(terms, orderId, e);
        _distribute(terms, orderId, slot_.flags(), e);
    }

    /// @dev Writes the end state with the receipt's hash, and publishes both.
    function _end(Terms calldata terms, bytes32 orderId, Ending memory e) internal {
        uint256 sellerTotal = e.released + e.toSeller;
        uint256 feeBefore = terms.feeOn(e.released);
        if (e.fee == NO_FEE) e.fee = 0;
        else e.fee = terms.feeOn(sellerTotal) - feeBefore;
        if (e.outcome == RULED || e.outcome == SILENT) e.state = RESOLVED;
        else if (sellerTotal == 0) e.state = EXPIRED;
        else e.state = e.toBuyer == 0 ? BOTH_CLAIMED : RESOLVED;

        bytes32 topic = OrderEnded.selector;
        assembly ("memory-safe") {
            log2(e, 0x120, topic, orderId)
        }
        bytes32 receiptHash;
        if (sellerTotal != 0) receiptHash = _issue(terms, orderId, e, sellerTotal, feeBefore + e.fee);
        _slots[orderId] = SlotLib.ended(e.state, block.timestamp, receiptHash);
    }

    /// @dev Builds the receipt and has the vault publish it: `vault.issue(Receipt(...))`, word by word, because these
    /// sixteen words are hashed, sent and logged as they stand. The vault calls nobody and has no reason to fail.
    function _issue(Terms calldata terms, bytes32 orderId, Ending memory e, uint256 paid, uint256 fee)
        private
        returns (bytes32 receiptHash)
    {
        bytes32 receiptAddress = terms.zkbVersion() == 0 ? bytes32(0) : shield[orderId][ROLE_BUYER];
        bytes32 deliveryCommitment = terms.zksVersion() == 0 ? bytes32(0) : shield[orderId][ROLE_SELLER];
        address vault_ = address(vault);
        uint256 selector = uint32(IReceiptVault.issue.selector);
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, selector) // right-aligned: the call starts at m + 0x1c
            let r := add(m, 0x20)
            mstore(r, chainid())
            mstore(add(r, 0x20), address())
            mstore(add(r, 0x40), orderId)
            calldatacopy(add(r, 0x60), terms, 0x40) // buyer, seller
            calldatacopy(add(r, 0xa0), add(terms, 0x140), 0x40) // sessionId, offerHash
            mstore(add(r, 0xe0), shr(96, calldataload(add(terms, 0x40)))) // token
            mstore(add(r, 0x100), paid)
            mstore(add(r, 0x120), mload(add(e, 0x40))) // refunded: toBuyer
            mstore(add(r, 0x140), fee)
            mstore(add(r, 0x160), mload(add(e, 0x20))) // outcome
            mstore(add(r, 0x180), timestamp())
            mstore(add(r, 0x1a0), mload(add(e, 0x100))) // evidence
            mstore(add(r, 0x1c0), receiptAddress)
            mstore(add(r, 0x1e0), deliveryCommitment)
            receiptHash := keccak256(r, 0x200)
            if iszero(call(gas(), vault_, 0x00, add(m, 0x1c), 0x204, 0x00, 0x00)) { revert(0x00, 0x00) }
        }
    }

    /// @dev Pays everybody, each payee once per token where that is possible.
    function _distribute(Terms calldata terms, bytes32 orderId, uint256 flags, Ending memory e) internal {
        (address token, address counterToken) = (terms.token(), terms.counterToken());
        (address buyer, address seller) = (terms.buyer, terms.seller);
        (uint256 toBuyer, uint256 toSeller) = (e.toBuyer, e.toSeller - e.fee + e.disputeToSeller);
        if (counterToken == token) {
            toSeller += e.bondToSeller;
            toBuyer += e.bondToBuyer;
        } else {
            _due(orderId, flags, ROLE_SELLER, counterToken, seller, e.bondToSeller);
            _due(orderId, flags, ROLE_BUYER, counterToken, buyer, e.bondToBuyer);
        }
        _due(orderId, flags, ROLE_SELLER, token, seller, toSeller);
        // the buyer's stake came from his wallet in the open and goes back there, shielded or not
        if (flags & BUYER_SHIELDED == 0) {
            _pay(token, buyer, toBuyer + e.disputeToBuyer);
        } else {
            _due(orderId, flags, ROLE_BUYER, token, buyer, toBuyer);
            _pay(token, buyer, e.disputeToBuyer);
        }
        _pay(token, terms.feeReceiver, e.fee);
        _pay(token, terms.arbiter, e.arbiterFee);
    }

    // ------------------------------------------------------------------------------------------------- checks

    /// @dev The order of these terms, in this state or not at all.
    function _load(Terms calldata terms, State wanted) internal view returns (bytes32 orderId, Slot slot_) {
        orderId = orderIdOf(terms);
        slot_ = _slots[orderId];
        _requireState(orderId, slot_, wanted);
    }

    /// @dev Reverts unless the slot is in this state.
    function _requireState(bytes32 orderId, Slot slot_, State wanted) internal pure {
        State state = slot_.state();
        if (state != wanted) revert WrongState(orderId, state);
    }

    /// @dev The evidence given must be the evidence on record: 0 where none is.
    function _requireEvidence(bytes32 orderId, Slot slot_, bytes32 evidence) internal pure {
        State state = slot_.state();
        bool recorded = state == FULFILLED || (state == DISPUTED && slot_.flags() & DISPUTED_UNFULFILLED == 0);
        if (recorded ? slot_.word() != SlotLib.evidenceWord(orderId, evidence) : evidence != 0) {
            revert EvidenceMismatch(orderId);
        }
    }

    /// @dev Reverts after this second.
    function _requireNotAfter(uint256 deadline) internal view {
        if (block.timestamp > deadline) revert TooLate(deadline);
    }

    /// @dev Reverts from this second on.
    function _requireBefore(uint256 end) internal view {
        // end is above now's deadline fields, never 0
        unchecked {
            if (block.timestamp >= end) revert TooLate(end - 1);
        }
    }

    /// @dev Reverts before this second.
    function _requireNotBefore(uint256 opensAt) internal view {
        if (block.timestamp < opensAt) revert TooEarly(opensAt);
    }

    /// @dev What a seller who did not deliver loses of his bond: nothing when nobody could have proven delivery
    /// because the pinned verifier is revoked.
    function _slash(Terms calldata terms) internal view returns (uint256) {
        uint256 slash = terms.slash();
        if (slash == 0 || !terms.has(ZK_PROOF)) return slash;
        return registry.isRevoked(terms.deliveryCircuit, terms.deliveryVersion()) ? 0 : slash;
    }
}
