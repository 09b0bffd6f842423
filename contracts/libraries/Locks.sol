// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Lock, LockTerms} from "../interfaces/IHashedTimelock.sol";

/// @title Reading and writing the packed words of a lock
library Locks {
    /// @notice The packed form of `terms`.
    function pack(LockTerms memory terms) internal pure returns (Lock memory) {
        return Lock({
            senderTimes: bytes32(abi.encodePacked(terms.sender, terms.timelock, terms.lockDeadline)),
            receiverAmount: bytes32(abi.encodePacked(terms.receiver, terms.amount)),
            tokenSalt: bytes32(abi.encodePacked(terms.token, terms.salt)),
            hashlock: terms.hashlock,
            sessionId: terms.sessionId
        });
    }

    /// @notice Who gets the money back.
    function sender(Lock calldata terms) internal pure returns (address) {
        return address(bytes20(terms.senderTimes));
    }

    /// @notice First second of the refund.
    function timelock(Lock calldata terms) internal pure returns (uint256) {
        return uint48(uint256(terms.senderTimes) >> 48);
    }

    /// @notice Last second at which the lock may enter the chain.
    function lockDeadline(Lock calldata terms) internal pure returns (uint256) {
        return uint48(uint256(terms.senderTimes));
    }

    /// @notice Who gets the money for the secret.
    function receiver(Lock calldata terms) internal pure returns (address) {
        return address(bytes20(terms.receiverAmount));
    }

    /// @notice How much is locked.
    function amount(Lock calldata terms) internal pure returns (uint256) {
        return uint96(uint256(terms.receiverAmount));
    }

    /// @notice The ERC-20, or 0 for the chain's coin.
    function token(Lock calldata terms) internal pure returns (address) {
        return address(bytes20(terms.tokenSalt));
    }

    /// @notice What tells locks with otherwise equal terms apart.
    function salt(Lock calldata terms) internal pure returns (uint256) {
        return uint96(uint256(terms.tokenSalt));
    }
}
