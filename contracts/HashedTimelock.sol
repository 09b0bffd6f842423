// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "solady/utils/EIP712.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {Treasury} from "./Treasury.sol";
import {Claim, HopFault, IHashedTimelock, LockState} from "./interfaces/IHashedTimelock.sol";
import {Lock, Locks} from "./libraries/Locks.sol";
import {Pull, Source} from "./interfaces/ITreasury.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {EARLY_REFUND_TYPEHASH, LOCK_TYPEHASH} from "./libraries/TypeHashes.sol";

/// @title HashedTimelock
/// @notice Every lock of a chain in one ownerless contract; a lock is one storage slot, its terms come back as calldata.
contract HashedTimelock is IHashedTimelock, Treasury, EIP712 {
    using Locks for Lock;

    // Constants

    /// @dev The longest a lock may last.
    uint256 private constant MAX_DURATION = 14 days;

    /// @dev SHA-256 of the empty string, which an early document used as an example.
    bytes32 private constant HASH_OF_NOTHING = 0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855;

    /// @dev SHA-256 of 32 zero bytes, which a careless payee would use as a secret.
    bytes32 private constant HASH_OF_ZERO = 0x66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925;

    /// @dev A lock's slot holds 0 or one of these. A claim and a timed refund clear it: after the refund the lock
    /// deadline is long past, and after the claim the secret is known, so a second lock under the same terms is impossible
    /// or plainly foolish. An early release leaves both open, and the receiver's signature would work again on a second
    /// lock; its slot therefore keeps RELEASED for ever. No other slot of this contract, such as a credit, can hold such
    /// values, so that the views cannot take one for a lock.
    uint256 private constant OPEN = type(uint256).max;
    uint256 private constant RELEASED = type(uint256).max - 1;

    // Storage

    /// @dev What stands in storage at the key `lockId` itself: the id is a hash over more bytes than any mapping's, so
    /// it meets no other key, and a storage proof of a lock needs no further hash. A whole word, because writing a part
    /// of one would read it first.
    struct Slot {
        uint256 state;
    }

    constructor(address permit2_) Treasury(permit2_) {}

    // Verbs

    /// @inheritdoc IHashedTimelock
    function lock(Lock calldata terms) external payable nonReentrant returns (bytes32 lockId) {
        lockId = _open(terms);

        address token = terms.token();
        uint256 amount = terms.amount();
        if (token == address(0)) {
            if (msg.value != amount) revert WrongValue(amount, msg.value);
        } else {
            if (msg.value != 0) revert WrongValue(0, msg.value);
            _pullFromCaller(token, amount);
        }
    }

    /// @inheritdoc IHashedTimelock
    function lockBySig(Lock calldata terms, Source source, bytes calldata signature)
        external
        nonReentrant
        returns (bytes32 lockId)
    {
        // An allowance or an EIP-2612 permit says nothing about the terms, so that whoever brings it could choose them.
        if (source != Source.EIP3009 && source != Source.PERMIT2) revert UnboundSource(source);
        if (terms.token() == address(0)) revert BadToken(address(0));
        lockId = _open(terms);

        _pull(
            Pull({
                token: terms.token(),
                from: terms.sender(),
                amount: terms.amount(),
                nonce: lockId,
                deadline: terms.lockDeadline(),
                witness: keccak256(abi.encode(LOCK_TYPEHASH, lockId)),
                validAfter: 0
            }),
            source,
            signature
        );
    }

    /// @inheritdoc IHashedTimelock
    function claim(Lock calldata terms, bytes32 preimage) external nonReentrant {
        bytes32 lockId = _lockId(terms);
        Slot storage slot = _slot(lockId);
        if (slot.state != OPEN) revert NotLocked(lockId);
        uint256 timelock = terms.timelock();
        if (block.timestamp >= timelock) revert ClaimTooLate(timelock, block.timestamp);
        bytes32 digest = _digest(preimage);
        if (digest != terms.hashlock) revert WrongPreimage(terms.hashlock, digest);

        _claim(terms, slot, lockId, preimage);
    }

    /// @inheritdoc IHashedTimelock
    function claimBatch(Claim[] calldata claims) external nonReentrant returns (uint256 claimed) {
        for (uint256 i; i < claims.length; ++i) {
            Lock calldata terms = claims[i].terms;
            bytes32 preimage = claims[i].preimage;
            bytes32 lockId = _lockId(terms);
            Slot storage slot = _slot(lockId);
            if (slot.state != OPEN) continue;
            if (block.timestamp >= terms.timelock()) continue;
            if (_digest(preimage) != terms.hashlock) continue;

            _claim(terms, slot, lockId, preimage);
            ++claimed;
        }
    }

    /// @inheritdoc IHashedTimelock
    function refund(Lock calldata terms) external nonReentrant {
        bytes32 lockId = _lockId(terms);
        Slot storage slot = _slot(lockId);
        if (slot.state != OPEN) revert NotLocked(lockId);
        uint256 timelock = terms.timelock();
        if (block.timestamp < timelock) revert RefundTooEarly(timelock, block.timestamp);

        slot.state = 0;
        emit Refunded({lockId: lockId, early: false});
        _pay(terms.token(), terms.sender(), terms.amount());
    }

    /// @inheritdoc IHashedTimelock
    function refundBySig(Lock calldata terms, bytes calldata signature) external nonReentrant {
        bytes32 lockId = _lockId(terms);
        Slot storage slot = _slot(lockId);
        if (slot.state != OPEN) revert NotLocked(lockId);
        address receiver = terms.receiver();
        if (msg.sender != receiver && !Signatures.isBy(receiver, earlyRefundDigest(lockId), signature)) {
            revert BadSignature(receiver);
        }

        slot.state = RELEASED;
        emit Refunded({lockId: lockId, early: true});
        _pay(terms.token(), terms.sender(), terms.amount());
    }

    // Views

    /// @inheritdoc IHashedTimelock
    function lockIdOf(Lock calldata terms) external view returns (bytes32 lockId) {
        lockId = _lockId(terms);
    }

    /// @inheritdoc IHashedTimelock
    function stateOf(bytes32 lockId) external view returns (LockState state) {
        uint256 word = _slot(lockId).state;
        state = word == OPEN ? LockState.OPEN : word == RELEASED ? LockState.RELEASED : LockState.NONE;
    }

    /// @inheritdoc IHashedTimelock
    function isOpen(bytes32 lockId) public view returns (bool open) {
        open = _slot(lockId).state == OPEN;
    }

    /// @inheritdoc IHashedTimelock
    function earlyRefundDigest(bytes32 lockId) public view returns (bytes32 digest) {
        digest = _hashTypedData(keccak256(abi.encode(EARLY_REFUND_TYPEHASH, lockId)));
    }

    /// @inheritdoc IHashedTimelock
    function checkHop(Lock calldata incoming, Lock calldata outgoing, uint256 minDelta)
        external
        view
        returns (HopFault fault)
    {
        if (!isOpen(_lockId(incoming))) return HopFault.IN_NOT_OPEN;
        if (!isOpen(_lockId(outgoing))) return HopFault.OUT_NOT_OPEN;
        uint256 timeIn = incoming.timelock();
        uint256 timeOut = outgoing.timelock();
        if (block.timestamp >= timeIn || block.timestamp >= timeOut) return HopFault.EXPIRED;
        if (incoming.receiver() != outgoing.sender()) return HopFault.GATEWAY;
        if (incoming.hashlock != outgoing.hashlock) return HopFault.HASHLOCK;
        if (incoming.token() != outgoing.token()) return HopFault.TOKEN;
        if (incoming.amount() < outgoing.amount()) return HopFault.AMOUNT;
        if (timeIn < timeOut || timeIn - timeOut < minDelta) return HopFault.DELTA;
    }

    // Internals

    /// @dev Checks the terms and writes the lock; the caller brings the money.
    function _open(Lock calldata terms) private returns (bytes32 lockId) {
        // Check who and what.
        address sender = terms.sender();
        address receiver = terms.receiver();
        if (sender == address(0)) revert BadParty(sender);
        if (sender == address(this)) revert BadParty(sender);
        if (receiver == address(0)) revert BadParty(receiver);
        if (receiver == address(this)) revert BadParty(receiver);
        if (receiver == sender) revert BadParty(receiver);
        if (terms.token() == address(this)) revert BadToken(address(this));
        if (terms.amount() == 0) revert ZeroAmount();
        bytes32 hashlock = terms.hashlock;
        if (hashlock == HASH_OF_NOTHING) revert BadHashlock(hashlock);
        if (hashlock == HASH_OF_ZERO) revert BadHashlock(hashlock);

        // Check when.
        uint256 lockDeadline = terms.lockDeadline();
        uint256 timelock = terms.timelock();
        uint256 latest = block.timestamp + MAX_DURATION;
        if (block.timestamp > lockDeadline) revert LockTooLate(lockDeadline, block.timestamp);
        if (timelock <= lockDeadline) revert BadTimelock(timelock, lockDeadline, latest);
        if (timelock > latest) revert BadTimelock(timelock, lockDeadline, latest);

        // Write the lock.
        lockId = _lockId(terms);
        Slot storage slot = _slot(lockId);
        if (slot.state != 0) {
            if (slot.state == OPEN) revert AlreadyLocked(lockId);
            revert AlreadyReleased(lockId);
        }
        slot.state = OPEN;
        emit Locked({lockId: lockId, terms: terms});
    }

    /// @dev Takes exactly `amount` by the caller's allowance, or reverts.
    function _pullFromCaller(address token, uint256 amount) private {
        uint256 before = SafeTransferLib.balanceOf(token, address(this));
        SafeTransferLib.safeTransferFrom(token, msg.sender, address(this), amount);
        _requireArrived(token, before, amount);
    }

    /// @dev The slot at the key `lockId` itself.
    function _slot(bytes32 lockId) private pure returns (Slot storage slot) {
        assembly ("memory-safe") {
            slot.slot := lockId
        }
    }

    /// @dev Ends a lock in favour of its receiver; everything was checked.
    function _claim(Lock calldata terms, Slot storage slot, bytes32 lockId, bytes32 preimage) private {
        slot.state = 0;
        emit Claimed({lockId: lockId, secret: preimage});
        _pay(terms.token(), terms.receiver(), terms.amount());
    }

    /// @dev SHA-256 of the 32 bytes, in scratch memory.
    function _digest(bytes32 preimage) private view returns (bytes32 digest) {
        assembly ("memory-safe") {
            mstore(0x00, preimage)
            // The precompile cannot fail but by lack of gas; then the answer must not be taken for the preimage.
            if iszero(staticcall(gas(), 0x02, 0x00, 0x20, 0x00, 0x20)) { revert(0x00, 0x00) }
            digest := mload(0x00)
        }
    }

    /// @dev keccak256(abi.encode(block.chainid, address(this), terms)), written beyond the free memory pointer, which
    /// stays where it is.
    function _lockId(Lock calldata terms) private view returns (bytes32 lockId) {
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, chainid())
            mstore(add(m, 0x20), address())
            calldatacopy(add(m, 0x40), terms, 0xa0)
            lockId := keccak256(m, 0xe0)
        }
    }

    /// @inheritdoc EIP712
    function _domainNameAndVersion() internal pure override returns (string memory name, string memory version) {
        return ("HashedTimelock", "1");
    }

    /// @dev The sender's Permit2 authorization is for one lock.
    function _witnessType() internal pure override returns (string memory) {
        return "Lock witness)Lock(bytes32 lockId)TokenPermissions(address token,uint256 amount)";
    }
}
