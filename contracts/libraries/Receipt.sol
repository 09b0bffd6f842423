// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Outcome} from "./Terms.sol";

/// @notice What a settled order leaves: whose order paid whom how much for what, and how it ended. Its hash is keccak256 of its
/// ABI encoding.
/// @param chainId where
/// @param minter the escrow that issued it
/// @param orderId the id of a terms order, or the key of a simple one
/// @param buyer to whom the order belongs; who paid for him is in OrderCreated
/// @param seller who was paid
/// @param sessionId keccak256 of the negotiation's session id; 0 for a simple order
/// @param offerHash hash of the accepted OFFER; 0 for a simple order
/// @param token in what; 0 is the chain's coin
/// @param paid the seller's total before the fee
/// @param refunded what went back to the buyer
/// @param fee the fee out of `paid`
/// @param outcome how it ended
/// @param settledAt when it ended
/// @param evidence the evidence that stood; 0 where there was none
/// @param receiptAddress the buyer's shielded receipt address; 0 where there is none
/// @param deliveryCommitment the seller's shielded destination; 0 where there is none
struct Receipt {
    uint256 chainId;
    address minter;
    bytes32 orderId;
    address buyer;
    address seller;
    bytes32 sessionId;
    bytes32 offerHash;
    address token;
    uint256 paid;
    uint256 refunded;
    uint256 fee;
    Outcome outcome;
    uint256 settledAt;
    bytes32 evidence;
    bytes32 receiptAddress;
    bytes32 deliveryCommitment;
}

/// @title Hashing receipts
library ReceiptLib {
    /// @dev keccak256(abi.encode(receipt)), of the very words in memory.
    function hash(Receipt memory receipt) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            result := keccak256(receipt, 0x200)
        }
    }
}
