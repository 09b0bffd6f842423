// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @dev The type string behind an order's context in the field.
bytes32 constant ORDER_CTX_TYPEHASH =
    keccak256("OrderContext(uint256 chainId,address escrow,bytes32 orderId,bytes32 sessionId)");

/// @dev What a proof is used for; part of its signal hash.
bytes32 constant ACTION_COLLECT = keccak256("TGP.COLLECT");
bytes32 constant ACTION_OWNERSHIP = keccak256("TGP.OWNERSHIP");

/// @dev How long a shielded role has before its credit may go to its wallet.
uint256 constant COLLECT_DELAY = 30 days;

/// @title Public signals of proofs
/// @dev A keccak hash enters the proof field shifted right by 8 bits, so that it is always below the field's order.
library Shield {
    /// @dev Binds a proof to chain, escrow, order and session.
    function orderContext(address escrow, bytes32 orderId, bytes32 sessionId) internal view returns (uint256) {
        return uint256(keccak256(abi.encode(ORDER_CTX_TYPEHASH, block.chainid, escrow, orderId, sessionId))) >> 8;
    }

    /// @dev Binds a proof to one use: what for, who is paid, who relays at what fee, until when, and the payload.
    function signalHash(
        bytes32 action,
        address recipient,
        address relayer,
        uint256 fee,
        uint256 deadline,
        bytes32 payload
    ) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(action, recipient, relayer, fee, deadline, payload))) >> 8;
    }
}
