// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Outcome} from "./Terms.sol";

/// @notice What a settled order leaves: who paid whom how much for what, and how it ended.
/// @param orderId the id of a terms order, or the key of a simple one
/// @param sessionId keccak256 of the negotiation's session id; 0 for a simple order
/// @param offerHash hash of the accepted OFFER; 0 for a simple order
/// @param buyer who paid
/// @param seller who was paid
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
    bytes32 orderId;
    bytes32 sessionId;
    bytes32 offerHash;
    address buyer;
    address seller;
    address token;
    uint96 paid;
    uint96 refunded;
    uint96 fee;
    Outcome outcome;
    uint40 settledAt;
    bytes32 evidence;
    bytes32 receiptAddress;
    bytes32 deliveryCommitment;
}

/// @title Hashing a receipt
library ReceiptLib {
    /// @dev The hash that stands for a receipt of `minter` on this chain.
    function hash(Receipt memory receipt, address minter) internal view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, minter, receipt));
    }
}
