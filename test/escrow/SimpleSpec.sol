// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @dev The seven calls, and two with one thing wrong.
enum SimpleCall {
    CREATE,
    DEPOSIT,
    DEPOSIT_SHORT, // one wei less than the payment
    SIGNATURE,
    SIGNATURE_FORGED, // signed by the buyer
    CLAIM,
    TAKE_COUNTER,
    TIMED_RELEASE,
    REFUND
}

enum Phase {
    NONE,
    PAID_IN,
    SIGNED,
    DEPOSITED,
    SELLER_TOOK,
    BUYER_TOOK,
    PAID_OUT,
    REFUNDED
}

/// @dev A simple order as the test knows it.
struct SimpleBook {
    Phase phase;
    address buyer;
    address seller;
    uint256 amount;
    uint256 commitmentDeadline;
    uint256 claimDeadline;
    uint256 timedRelease;
    bytes32 orderId;
}

/// @title The table of simple orders, written down a second time
library SimpleSpec {
    uint256 internal constant CALLS = uint256(type(SimpleCall).max) + 1;

    /// @notice Whether the call is allowed, and the phase after it.
    function judge(SimpleBook memory b, SimpleCall c, address caller, uint256 t) internal pure returns (bool, Phase) {
        if (c == SimpleCall.CREATE) return (b.phase == Phase.NONE && caller != b.seller, Phase.PAID_IN);
        bool committable = b.phase == Phase.PAID_IN && t <= b.commitmentDeadline;
        if (c == SimpleCall.DEPOSIT) return (committable && caller == b.seller, Phase.DEPOSITED);
        if (c == SimpleCall.SIGNATURE) return (committable, Phase.SIGNED);
        bool exchanged = b.phase == Phase.DEPOSITED || b.phase == Phase.SELLER_TOOK || b.phase == Phase.BUYER_TOOK;
        bool anyone = t > b.claimDeadline;
        if (c == SimpleCall.CLAIM) {
            if (b.phase == Phase.SIGNED) {
                return (caller == b.seller && t >= b.timedRelease && t <= b.claimDeadline, Phase.PAID_OUT);
            }
            return (
                exchanged && b.phase != Phase.SELLER_TOOK && (anyone || caller == b.seller),
                b.phase == Phase.BUYER_TOOK ? Phase.PAID_OUT : Phase.SELLER_TOOK
            );
        }
        if (c == SimpleCall.TAKE_COUNTER) {
            return (
                exchanged && b.phase != Phase.BUYER_TOOK && (anyone || caller == b.buyer),
                b.phase == Phase.SELLER_TOOK ? Phase.PAID_OUT : Phase.BUYER_TOOK
            );
        }
        if (c == SimpleCall.TIMED_RELEASE) {
            return (b.phase == Phase.SIGNED && b.timedRelease != 0 && t >= b.timedRelease, Phase.PAID_OUT);
        }
        if (c == SimpleCall.REFUND) {
            if (b.phase == Phase.PAID_IN) return (t > b.commitmentDeadline, Phase.REFUNDED);
            return (b.phase == Phase.SIGNED && b.timedRelease == 0 && anyone, Phase.REFUNDED);
        }
        return (false, b.phase);
    }

    /// @notice The documents' number for a phase.
    function stateOf(Phase p) internal pure returns (uint8) {
        return [0, 1, 3, 3, 4, 5, 6, 8][uint8(p)];
    }

    /// @notice What such an order holds.
    function inside(SimpleBook memory b) internal pure returns (uint256) {
        if (b.phase == Phase.DEPOSITED) return 2 * b.amount;
        return b.phase == Phase.NONE || b.phase >= Phase.PAID_OUT ? 0 : b.amount;
    }
}
