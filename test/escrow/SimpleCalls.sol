// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ICoreProverEscrow} from "../../contracts/interfaces/ICoreProverEscrow.sol";
import {SIMPLE_COMMITMENT_TYPEHASH} from "../../contracts/libraries/TypeHashes.sol";
import {OrderCalls} from "./OrderCalls.sol";
import {SimpleBook, SimpleCall} from "./SimpleSpec.sol";

/// @notice Builds every call on a simple order.
abstract contract SimpleCalls is OrderCalls {
    uint256 internal constant COMMITMENT_WINDOW = 1 hours;
    uint256 internal constant CLAIM_WINDOW = 1 days;

    /// @dev An order of the next second that is created now.
    function _simpleBook(bytes32 id, address buyer_, address seller_, uint256 amount, uint256 delay)
        internal
        view
        returns (SimpleBook memory b)
    {
        (b.orderId, b.buyer, b.seller, b.amount) = (id, buyer_, seller_, amount);
        b.commitmentDeadline = vm.getBlockTimestamp() + COMMITMENT_WINDOW;
        b.claimDeadline = b.commitmentDeadline + CLAIM_WINDOW;
        if (delay != 0) b.timedRelease = b.commitmentDeadline + delay;
    }

    function _simpleValue(SimpleBook memory b, SimpleCall c) internal pure returns (uint256) {
        if (c == SimpleCall.CREATE || c == SimpleCall.DEPOSIT) return b.amount;
        return c == SimpleCall.DEPOSIT_SHORT ? b.amount - 1 : 0;
    }

    /// @param key_ whose signature a commitment carries
    function _simpleCall(SimpleBook memory b, SimpleCall c, uint256 key_) internal view returns (bytes memory) {
        if (c == SimpleCall.CREATE) {
            bool timed = b.timedRelease != 0;
            uint256 delay = timed ? b.timedRelease - b.commitmentDeadline : 0;
            return abi.encodeCall(
                ICoreProverEscrow.createEscrow, (b.orderId, b.seller, COMMITMENT_WINDOW, CLAIM_WINDOW, timed, delay)
            );
        }
        if (c == SimpleCall.SIGNATURE || c == SimpleCall.SIGNATURE_FORGED) {
            return abi.encodeCall(
                ICoreProverEscrow.sellerCommitSignature,
                (b.orderId, _sign(key_, _digest(_simpleHash(b))), "name", "licence", keccak256("document"))
            );
        }
        if (c <= SimpleCall.DEPOSIT_SHORT) return abi.encodeCall(ICoreProverEscrow.sellerCommitEscrow, (b.orderId));
        if (c == SimpleCall.CLAIM) return abi.encodeCall(ICoreProverEscrow.sellerClaimPayment, (b.orderId));
        if (c == SimpleCall.TAKE_COUNTER) {
            return abi.encodeCall(ICoreProverEscrow.buyerClaimCounterEscrow, (b.orderId));
        }
        if (c == SimpleCall.REFUND) return abi.encodeCall(ICoreProverEscrow.refundBuyerTimeout, (b.orderId));
        return abi.encodeCall(ICoreProverEscrow.triggerTimedRelease, (b.orderId));
    }

    function _simpleHash(SimpleBook memory b) internal pure returns (bytes32) {
        bytes memory parties = abi.encode(SIMPLE_COMMITMENT_TYPEHASH, b.orderId, b.buyer, b.seller, b.amount);
        bytes memory times = abi.encode(b.commitmentDeadline, b.claimDeadline, b.timedRelease != 0, b.timedRelease);
        return keccak256(
            bytes.concat(parties, times, abi.encode(keccak256("name"), keccak256("licence"), keccak256("document")))
        );
    }
}
