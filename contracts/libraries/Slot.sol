// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {EfficientHashLib} from "solady/utils/EfficientHashLib.sol";
import {BOTH_CLAIMED, EXPIRED, RESOLVED, State} from "./Terms.sol";

/// @notice The one storage slot of a terms order, as a value.
///
/// Open:  state 8 | flags 8 | clock 40 | word 200
/// Ended: state 8 | settledAt 40 | receiptHash 208
///
/// The word is the cumulative amount released (PARTIAL) or the top 200 bits of the evidence hash (FULFILLED and
/// DISPUTED); the receipt hash is its top 208 bits, 0 where the order left no receipt.
type Slot is uint256;

/// @dev Flags of an open order.
uint256 constant BUYER_SHIELDED = 1;
uint256 constant SELLER_SHIELDED = 2;
uint256 constant DISPUTED_UNFULFILLED = 4;

using SlotLib for Slot global;

/// @title Packing and unpacking an order's slot
library SlotLib {
    /// @notice A value does not fit its field.
    error SlotOverflow();

    uint256 private constant WORD_MAX = (1 << 200) - 1;

    /// @dev An open order.
    function open(State state_, uint256 flags_, uint256 clock_, uint256 word_) internal pure returns (Slot) {
        if (flags_ > type(uint8).max || clock_ > type(uint40).max || word_ > WORD_MAX) revert SlotOverflow();
        return Slot.wrap(uint256(State.unwrap(state_)) << 248 | flags_ << 240 | clock_ << 200 | word_);
    }

    /// @dev An ended order.
    function ended(State state_, uint256 settledAt_, bytes32 receiptHash_) internal pure returns (Slot) {
        if (settledAt_ > type(uint40).max) revert SlotOverflow();
        return Slot.wrap(uint256(State.unwrap(state_)) << 248 | settledAt_ << 208 | uint256(receiptHash_) >> 48);
    }

    /// @dev The 200 bits that stand for evidence in an open slot.
    function evidenceWord(bytes32 orderId, bytes32 evidence) internal pure returns (uint256) {
        return uint256(EfficientHashLib.hash(orderId, evidence)) >> 56;
    }

    /// @dev Where the order stands.
    function state(Slot slot) internal pure returns (State) {
        return State.wrap(uint8(Slot.unwrap(slot) >> 248));
    }

    /// @dev Which roles are shielded, and how a dispute began.
    function flags(Slot slot) internal pure returns (uint256) {
        return uint8(Slot.unwrap(slot) >> 240);
    }

    /// @dev End of the review or of the dispute; 0 where none runs.
    function clock(Slot slot) internal pure returns (uint256) {
        return uint40(Slot.unwrap(slot) >> 200);
    }

    /// @dev What is released, or the evidence on record.
    function word(Slot slot) internal pure returns (uint256) {
        return Slot.unwrap(slot) & WORD_MAX;
    }

    /// @dev When an ended order ended.
    function settledAt(Slot slot) internal pure returns (uint256) {
        return uint40(Slot.unwrap(slot) >> 208);
    }

    /// @dev The top 208 bits of an ended order's receipt hash, right-aligned.
    function receiptWord(Slot slot) internal pure returns (uint256) {
        return uint208(Slot.unwrap(slot));
    }

    /// @dev Whether `receiptHash_` is the receipt of this ended order.
    function holdsReceipt(Slot slot, bytes32 receiptHash_) internal pure returns (bool) {
        return isEnded(slot) && receiptWord(slot) != 0 && receiptWord(slot) == uint256(receiptHash_) >> 48;
    }

    /// @dev Whether the order has ended, whichever way.
    function isEnded(Slot slot) internal pure returns (bool) {
        State s = state(slot);
        return s == BOTH_CLAIMED || s == EXPIRED || s == RESOLVED;
    }
}
