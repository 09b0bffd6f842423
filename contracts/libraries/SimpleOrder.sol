// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {SlotLib} from "./Slot.sol";

/// @notice A simple order in storage.
///
/// head: buyer 160 | createdAt 32 | commitmentWindow 25 | claimWindow 25 | phase 3 | delay's low 9 bits (2 unused)
/// tail: seller 160 | amount 80 | delay's high 16 bits
struct PackedSimpleOrder {
    uint256 head;
    uint256 tail;
}

/// @notice A simple order in memory.
/// @param buyer who paid
/// @param seller who may commit
/// @param amount what was paid
/// @param createdAt when
/// @param commitmentDeadline last second the seller may commit
/// @param claimDeadline last second a seller who signed may claim
/// @param timedRelease from when on anyone may release; 0 where the buyer did not opt for it
/// @param phase where it stands
struct SimpleOrder {
    address buyer;
    address seller;
    uint256 amount;
    uint256 createdAt;
    uint256 commitmentDeadline;
    uint256 claimDeadline;
    uint256 timedRelease;
    uint256 phase;
}

/// @dev Where a simple order stands. The escrow's state numbers are derived from it: the two ways of committing are
/// one state there.
uint256 constant PHASE_NONE = 0;
uint256 constant PHASE_PAID_IN = 1;
uint256 constant PHASE_SIGNED = 2;
uint256 constant PHASE_DEPOSITED = 3;
uint256 constant PHASE_SELLER_TOOK = 4;
uint256 constant PHASE_BUYER_TOOK = 5;
uint256 constant PHASE_PAID_OUT = 6;
uint256 constant PHASE_REFUNDED = 7;

/// @title Packing and unpacking simple orders
library SimpleOrderLib {
    /// @dev Above every window of 365 days.
    uint256 internal constant WINDOW_LIMIT = 1 << 25;
    uint256 internal constant AMOUNT_LIMIT = 1 << 80;

    uint256 private constant PHASE_SHIFT = 11;

    /// @dev A new order. The caller has checked that windows are below WINDOW_LIMIT and the amount below AMOUNT_LIMIT;
    /// from the year 2106 on no simple order can be made.
    function pack(
        address buyer,
        address seller,
        uint256 amount,
        uint256 createdAt,
        uint256 commitmentWindow,
        uint256 claimWindow,
        uint256 delay
    ) internal pure returns (uint256 head, uint256 tail) {
        if (createdAt > type(uint32).max) revert SlotLib.SlotOverflow();
        head = uint256(uint160(buyer)) << 96 | createdAt << 64 | commitmentWindow << 39 | claimWindow << 14
            | PHASE_PAID_IN << PHASE_SHIFT | (delay & 0x1ff) << 2;
        tail = uint256(uint160(seller)) << 96 | amount << 16 | delay >> 9;
    }

    /// @dev The order in two words, field by field.
    function unpack(PackedSimpleOrder memory p) internal pure returns (SimpleOrder memory order) {
        (uint256 head, uint256 tail) = (p.head, p.tail);
        // each cast takes one field out of its word and is meant to drop the others
        // forge-lint: disable-start(unsafe-typecast)
        order.buyer = address(uint160(head >> 96));
        order.seller = address(uint160(tail >> 96));
        order.amount = uint80(tail >> 16);
        // three numbers below 2^32 cannot overflow
        unchecked {
            order.createdAt = uint32(head >> 64);
            order.commitmentDeadline = order.createdAt + ((head >> 39) & (WINDOW_LIMIT - 1));
            order.claimDeadline = order.commitmentDeadline + ((head >> 14) & (WINDOW_LIMIT - 1));
            uint256 delay = uint256(uint16(tail)) << 9 | ((head >> 2) & 0x1ff);
            if (delay != 0) order.timedRelease = order.commitmentDeadline + delay;
        }
        // forge-lint: disable-end(unsafe-typecast)
        order.phase = phaseOf(head);
    }

    /// @dev The phase in a head word.
    function phaseOf(uint256 head) internal pure returns (uint256) {
        return (head >> PHASE_SHIFT) & 7;
    }

    /// @dev The head word with another phase.
    function headWith(uint256 head, uint256 phase) internal pure returns (uint256) {
        // a constant moved to its place
        // forge-lint: disable-next-line(incorrect-shift)
        return (head & ~uint256(7 << PHASE_SHIFT)) | phase << PHASE_SHIFT;
    }
}
