// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Lock} from "../libraries/Locks.sol";
import {ITreasury, Source} from "./ITreasury.sol";

/// @notice One entry of a batch of claims.
struct Claim {
    Lock terms;
    bytes32 preimage;
}

/// @notice What a lock id stands for now.
enum LockState {
    /// Never locked, or claimed, or refunded after the timelock.
    NONE,
    /// Money is locked under these terms.
    OPEN,
    /// Given back early with the receiver's consent; these terms can never be locked again.
    RELEASED
}

/// @notice Why two locks are not a safe hop.
enum HopFault {
    /// They are.
    NONE,
    /// The incoming lock is not open.
    IN_NOT_OPEN,
    /// The outgoing lock is not open.
    OUT_NOT_OPEN,
    /// One of them can no longer be claimed.
    EXPIRED,
    /// Who receives the incoming lock is not who sent the outgoing one.
    GATEWAY,
    /// Different secrets open them.
    HASHLOCK,
    /// They hold different tokens, so their amounts cannot be compared.
    TOKEN,
    /// More goes out than comes in.
    AMOUNT,
    /// The incoming lock ends too soon after the outgoing one.
    DELTA
}

/// @title Hashed timelock: money for whoever was named, if the secret is shown in time
/// @notice A lock pays its receiver when somebody shows the 32 bytes whose SHA-256 is the hashlock, strictly before the
/// timelock; from the timelock on it goes back to its sender. Anyone may make either call, and the money has no third
/// way. No owner, no pause, no fee. A payout that fails is credited (see ITreasury): the claim or the refund stands.
/// @dev The receipt of a lock is its Claimed event.
interface IHashedTimelock is ITreasury {
    /// @notice Money was locked.
    event Locked(bytes32 indexed lockId, Lock terms);

    /// @notice The secret was shown and the receiver paid or credited.
    event Claimed(bytes32 indexed lockId, bytes32 secret);

    /// @notice The sender was paid back or credited; `early` when the receiver agreed to it.
    event Refunded(bytes32 indexed lockId, bool early);

    /// @notice A sender or receiver is zero, this contract, or both are one.
    error BadParty(address party);

    /// @notice The token is this contract, or the chain's coin where only a token can be pulled.
    error BadToken(address token);

    /// @notice Nothing would be locked.
    error ZeroAmount();

    /// @notice The hashlock is that of the empty string or of 32 zero bytes, which are no secrets.
    error BadHashlock(bytes32 hashlock);

    /// @notice The lock came after its last second.
    error LockTooLate(uint256 lockDeadline, uint256 time);

    /// @notice The timelock must be later than the lock deadline and no later than `latest`.
    error BadTimelock(uint256 timelock, uint256 lockDeadline, uint256 latest);

    /// @notice This source of money does not bind the terms of a lock, or belongs to the other verb.
    error UnboundSource(Source source);

    /// @notice These terms are open already.
    error AlreadyLocked(bytes32 lockId);

    /// @notice The receiver has released these terms, for ever.
    error AlreadyReleased(bytes32 lockId);

    /// @notice Nothing is locked under this id.
    error NotLocked(bytes32 lockId);

    /// @notice SHA-256 of what was shown is not the hashlock.
    error WrongPreimage(bytes32 hashlock, bytes32 digest);

    /// @notice The timelock has come: only the refund is left.
    error ClaimTooLate(uint256 timelock, uint256 time);

    /// @notice The timelock has not come: only the claim, or a refund that the receiver agrees to, is open.
    error RefundTooEarly(uint256 timelock, uint256 time);

    /// @notice Locks the caller's own money: exactly `amount` of the chain's coin in the call, or his allowance.
    /// @dev The caller need not be the sender of the terms; a refund goes to the sender all the same.
    function lock(Lock calldata terms) external payable returns (bytes32 lockId);

    /// @notice Locks the sender's token by his EIP-3009 or Permit2 signature, whose nonce is the lock id, so that it is
    /// good for these terms only. Anyone may bring it, until the lock deadline.
    /// @dev EIP-3009: `to` this contract, validAfter 0, validBefore lockDeadline + 1. Permit2: deadline lockDeadline,
    /// witness Lock(lockId). EIP-2612 signs no terms and is refused.
    function lockBySig(Lock calldata terms, Source source, bytes calldata signature) external returns (bytes32 lockId);

    /// @notice Pays the receiver. For anyone who has the secret, strictly before the timelock.
    function claim(Lock calldata terms, bytes32 preimage) external;

    /// @notice Claims what can be claimed and skips the rest.
    /// @return claimed how many were
    function claimBatch(Claim[] calldata claims) external returns (uint256 claimed);

    /// @notice Pays the sender back. For anyone, from the timelock on.
    function refund(Lock calldata terms) external;

    /// @notice Pays the sender back before the timelock, because the receiver agrees: by his EarlyRefund signature, or
    /// by calling himself (`signature` is then not looked at).
    function refundBySig(Lock calldata terms, bytes calldata signature) external;

    /// @notice The id of a lock: keccak256(abi.encode(chain id, this contract, terms)), which covers every field of its
    /// terms. It is also the EIP-3009 or Permit2 nonce, and the storage key of the lock's state.
    function lockIdOf(Lock calldata terms) external view returns (bytes32 lockId);

    /// @notice What a lock id stands for now.
    function stateOf(bytes32 lockId) external view returns (LockState state);

    /// @notice Whether money is locked under this id.
    function isOpen(bytes32 lockId) external view returns (bool open);

    /// @notice What the receiver signs to release a lock early.
    function earlyRefundDigest(bytes32 lockId) external view returns (bytes32 digest);

    /// @notice Whether a gateway that receives `incoming` and sent `outgoing` is safe: one secret opens both, it does
    /// not pay out more than it gets, and has at least `minDelta` seconds between the two timelocks.
    /// @return fault the first thing that is wrong, or NONE
    function checkHop(Lock calldata incoming, Lock calldata outgoing, uint256 minDelta)
        external
        view
        returns (HopFault fault);
}
