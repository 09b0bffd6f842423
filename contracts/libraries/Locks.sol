// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @notice The terms of a lock, spelled out.
/// @param sender who gets the money back when nobody claims it
/// @param timelock first second of the refund; the claim is good strictly before it
/// @param lockDeadline last second at which the lock may enter the chain
/// @param receiver who gets the money when the secret is shown
/// @param amount how much is locked
/// @param token the ERC-20, or 0 for the chain's coin
/// @param salt tells locks with otherwise equal terms apart
/// @param hashlock SHA-256 of the secret, which is exactly 32 bytes
/// @param sessionId keccak256 of the session's id
struct LockTerms {
    address sender;
    uint48 timelock;
    uint48 lockDeadline;
    address receiver;
    uint96 amount;
    address token;
    uint96 salt;
    bytes32 hashlock;
    bytes32 sessionId;
}

/// @notice The same terms in five words, because calldata and logs are most of what a lock costs: the 160 bytes of
/// `abi.encodePacked` over the fields of LockTerms in their order.
/// @param senderTimes sender (160 bits), timelock (48), lockDeadline (48)
/// @param receiverAmount receiver (160), amount (96)
/// @param tokenSalt token (160), salt (96)
/// @param hashlock as in LockTerms
/// @param sessionId as in LockTerms
struct Lock {
    bytes32 senderTimes;
    bytes32 receiverAmount;
    bytes32 tokenSalt;
    bytes32 hashlock;
    bytes32 sessionId;
}

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
}
