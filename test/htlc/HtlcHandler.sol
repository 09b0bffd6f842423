// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {CommonBase} from "forge-std/Base.sol";
import {StdCheats} from "forge-std/StdCheats.sol";
import {StdUtils} from "forge-std/StdUtils.sol";
import {Claim, IHashedTimelock, LockState} from "../../contracts/interfaces/IHashedTimelock.sol";
import {Lock, LockTerms, Locks} from "../../contracts/libraries/Locks.sol";
import {Source} from "../../contracts/interfaces/ITreasury.sol";
import {RevertingPayee} from "../actors/Payees.sol";
import {BlockToken} from "../tokens/BlockToken.sol";
import {TestUSD} from "../tokens/TestUSD.sol";

/// @dev A token that tries the contract's verbs on some open lock during each of its transfers.
contract HostileToken is TestUSD {
    IHashedTimelock private immutable _htlc;
    bytes private _call;
    bool public everSucceeded;
    bool private _calling;

    constructor(IHashedTimelock htlc) {
        _htlc = htlc;
    }

    function arm(bytes calldata call_) external {
        _call = call_;
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (_call.length == 0 || _calling || from == address(0)) return;
        _calling = true;
        (bool success,) = address(_htlc).call(_call);
        if (success) everSucceeded = true;
        _calling = false;
    }
}

/// @dev Plays the sender, the receiver, a relayer, a thief, a hostile token and a hostile payee, and keeps its own book
/// of every lock. What must never happen is noted in `violation`; each transition that did is counted.
contract HtlcHandler is CommonBase, StdCheats, StdUtils {
    enum Phase {
        NONE,
        OPEN,
        CLAIMED,
        REFUNDED,
        RELEASED
    }

    IHashedTimelock public immutable htlc;
    address[] public tokens;
    HostileToken public immutable hostile;
    BlockToken public immutable blocking;
    RevertingPayee public immutable refuser;

    address public immutable sender;
    uint256 private immutable _senderKey;
    address public immutable receiver;
    uint256 private immutable _receiverKey;
    address public immutable thief;

    LockTerms[] private _terms;
    bytes32[] private _secrets;
    Phase[] public phases;
    uint256 private _salt;
    uint256 private _lastClaimed;

    /// @notice The first thing that happened and must not.
    string public violation;

    /// @notice Which transitions were reached.
    mapping(string transition => uint256 count) public reached;

    /// @notice What is open, by the handler's own book.
    mapping(address token => uint256 amount) public open;

    /// @notice What was given away to the contract.
    mapping(address token => uint256 amount) public donated;

    constructor(IHashedTimelock htlc_) {
        htlc = htlc_;
        hostile = new HostileToken(htlc_);
        blocking = new BlockToken();
        refuser = new RevertingPayee();
        tokens = [address(0), address(new TestUSD()), address(hostile), address(blocking)];
        (sender, _senderKey) = makeAddrAndKey("sender");
        (receiver, _receiverKey) = makeAddrAndKey("receiver");
        thief = makeAddr("thief");
        for (uint256 i = 1; i < tokens.length; ++i) {
            TestUSD(tokens[i]).mint(sender, type(uint128).max);
            TestUSD(tokens[i]).mint(address(refuser), type(uint128).max);
            vm.prank(sender);
            TestUSD(tokens[i]).approve(address(htlc_), type(uint256).max);
        }
    }

    function count() external view returns (uint256) {
        return _terms.length;
    }

    function tokenCount() external view returns (uint256) {
        return tokens.length;
    }

    function termsAt(uint256 i) external view returns (LockTerms memory) {
        return _terms[i];
    }

    // Locks

    function lock(uint256 tokenSeed, uint96 amount, uint32 deadlineIn, uint32 lasts, uint8 who) external {
        uint256 now_ = vm.getBlockTimestamp();
        uint256 deadline = now_ + bound(deadlineIn, 0, 1 hours);
        bytes32 secret = keccak256(abi.encode("secret", _salt));
        LockTerms memory terms = LockTerms({
            sender: who % 4 == 1 ? address(refuser) : sender,
            timelock: uint48(bound(lasts, deadline + 1, deadline + 6 hours)),
            lockDeadline: uint48(deadline),
            receiver: who % 4 == 2 ? address(refuser) : receiver,
            amount: uint96(bound(amount, 1, 1e24)),
            token: tokens[tokenSeed % tokens.length],
            salt: uint96(_salt++),
            hashlock: sha256(abi.encode(secret)),
            sessionId: 0
        });
        if (_lock(terms)) {
            _terms.push(terms);
            _secrets.push(secret);
            phases.push(Phase.OPEN);
            open[terms.token] += terms.amount;
        }
    }

    function lockBySig(uint96 amount, uint32 lasts) external {
        uint256 now_ = vm.getBlockTimestamp();
        bytes32 secret = keccak256(abi.encode("secret", _salt));
        LockTerms memory terms = LockTerms({
            sender: sender,
            timelock: uint48(bound(lasts, now_ + 11 minutes, now_ + 6 hours)),
            lockDeadline: uint48(now_ + 10 minutes),
            receiver: receiver,
            amount: uint96(bound(amount, 1, 1e24)),
            token: tokens[1],
            salt: uint96(_salt++),
            hashlock: sha256(abi.encode(secret)),
            sessionId: 0
        });
        bytes32 message = keccak256(
            abi.encode(
                TestUSD(terms.token).RECEIVE_WITH_AUTHORIZATION_TYPEHASH(),
                sender,
                address(htlc),
                uint256(terms.amount),
                0,
                uint256(terms.lockDeadline) + 1,
                htlc.lockIdOf(Locks.pack(terms))
            )
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", TestUSD(terms.token).DOMAIN_SEPARATOR(), message));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_senderKey, digest);
        vm.prank(thief);
        htlc.lockBySig(Locks.pack(terms), Source.EIP3009, abi.encodePacked(r, s, v));
        _terms.push(terms);
        _secrets.push(secret);
        phases.push(Phase.OPEN);
        open[terms.token] += terms.amount;
        reached["lock by authorization"]++;
    }

    /// @dev Tries terms that were locked before. That may work only after a claim, while the deadline holds.
    function relock(uint256 seed, bool theLastClaimed) external {
        if (_terms.length == 0) return;
        uint256 i = theLastClaimed ? _lastClaimed : seed % _terms.length;
        Phase before = phases[i];
        if (!_lock(_terms[i])) {
            reached["relock refused"]++;
            return;
        }
        if (before != Phase.CLAIMED) violation = "re-locked what was not claimed";
        if (vm.getBlockTimestamp() > _terms[i].lockDeadline) violation = "re-locked after the deadline";
        phases[i] = Phase.OPEN;
        open[_terms[i].token] += _terms[i].amount;
        reached["relock"]++;
    }

    function _lock(LockTerms memory terms) private returns (bool done) {
        uint256 value = terms.token == address(0) ? terms.amount : 0;
        deal(sender, value);
        bytes memory call_ = abi.encodeCall(htlc.lock, (Locks.pack(terms)));
        vm.prank(sender);
        (done,) = address(htlc).call{value: value}(call_);
        if (done) reached["lock"]++;
    }

    // Ends

    function claim(uint256 seed, bool knows, bool byThief, bool theNewest) external {
        if (_terms.length == 0) return;
        uint256 i = theNewest ? _terms.length - 1 : seed % _terms.length;
        bytes memory call_ = abi.encodeCall(htlc.claim, (Locks.pack(_terms[i]), knows ? _secrets[i] : bytes32(seed)));
        vm.prank(byThief ? thief : receiver);
        (bool done,) = address(htlc).call(call_);
        if (done) _claimed(i, knows);
        else reached[phases[i] == Phase.OPEN ? "claim refused" : "claim of an ended lock refused"]++;
    }

    function claimBatch(uint256 seed, uint8 length, uint256 known) external {
        if (_terms.length == 0) return;
        length = uint8(bound(length, 1, 6));
        Claim[] memory claims = new Claim[](length);
        bool[] memory wasOpen = new bool[](length);
        for (uint256 k; k < length; ++k) {
            uint256 i = addmod(seed, k, _terms.length);
            claims[k] = Claim(Locks.pack(_terms[i]), (known >> k) & 1 == 1 ? _secrets[i] : bytes32(0));
            wasOpen[k] = htlc.isOpen(htlc.lockIdOf(claims[k].terms));
        }
        vm.prank(thief);
        uint256 claimed = htlc.claimBatch(claims);
        for (uint256 k; k < length; ++k) {
            uint256 i = addmod(seed, k, _terms.length);
            if (phases[i] != Phase.OPEN || !wasOpen[k] || htlc.isOpen(htlc.lockIdOf(claims[k].terms))) continue;
            // The same lock may be in the batch twice; its first good entry has closed it.
            _claimed(i, true);
            claimed--;
        }
        if (claimed != 0) violation = "a batch counted what it did not claim";
        reached["claim batch"]++;
    }

    function _claimed(uint256 i, bool knows) private {
        if (!knows) violation = "claimed without the secret";
        if (phases[i] != Phase.OPEN) violation = "claimed what was not open";
        if (vm.getBlockTimestamp() >= _terms[i].timelock) violation = "claimed at or after the timelock";
        phases[i] = Phase.CLAIMED;
        _lastClaimed = i;
        open[_terms[i].token] -= _terms[i].amount;
        reached["claim"]++;
    }

    function refund(uint256 seed, bool byThief) external {
        if (_terms.length == 0) return;
        uint256 i = seed % _terms.length;
        bytes memory call_ = abi.encodeCall(htlc.refund, (Locks.pack(_terms[i])));
        vm.prank(byThief ? thief : sender);
        (bool done,) = address(htlc).call(call_);
        if (!done) {
            reached["refund refused"]++;
            return;
        }
        if (phases[i] != Phase.OPEN) violation = "refunded what was not open";
        if (vm.getBlockTimestamp() < _terms[i].timelock) violation = "refunded before the timelock";
        phases[i] = Phase.REFUNDED;
        open[_terms[i].token] -= _terms[i].amount;
        reached["refund"]++;
    }

    function refundBySig(uint256 seed, bool bySender) external {
        if (_terms.length == 0) return;
        uint256 i = seed % _terms.length;
        bytes32 digest = htlc.earlyRefundDigest(htlc.lockIdOf(Locks.pack(_terms[i])));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(bySender ? _senderKey : _receiverKey, digest);
        bytes memory call_ = abi.encodeCall(htlc.refundBySig, (Locks.pack(_terms[i]), abi.encodePacked(r, s, v)));
        vm.prank(thief);
        (bool done,) = address(htlc).call(call_);
        if (!done) {
            reached["release refused"]++;
            return;
        }
        if (bySender || _terms[i].receiver != receiver) violation = "released without the receiver";
        if (phases[i] != Phase.OPEN) violation = "released what was not open";
        phases[i] = Phase.RELEASED;
        open[_terms[i].token] -= _terms[i].amount;
        reached["release"]++;
    }

    // Credits

    /// @dev Of the first credit there is.
    function withdraw(bool ofRefuser) external {
        address party = ofRefuser ? address(refuser) : receiver;
        for (uint256 i; i < tokens.length; ++i) {
            if (htlc.owed(tokens[i], party) == 0) continue;
            try htlc.withdraw(tokens[i], party) {
                reached["withdraw"]++;
            } catch {}
        }
    }

    function steal(uint256 tokenSeed) external {
        address token = tokens[tokenSeed % tokens.length];
        vm.prank(thief);
        try htlc.withdrawTo(token, thief) {
            violation = "the thief withdrew";
        } catch {}
    }

    // The world

    function passTime(uint32 by) external {
        vm.warp(vm.getBlockTimestamp() + bound(by, 1, 30 minutes));
    }

    /// @dev To a second at which something changes hands.
    function passTimeToTheEdge(uint256 seed, bool before) external {
        if (_terms.length == 0) return;
        uint256 edge = _terms[seed % _terms.length].timelock - (before ? 1 : 0);
        if (edge > vm.getBlockTimestamp()) vm.warp(edge);
    }

    function setMoods(bool blocksReceiver, bool paused, bool refuses) external {
        blocking.setBlocked(receiver, blocksReceiver);
        blocking.setPaused(paused);
        refuser.setRefusing(refuses);
    }

    function arm(uint256 seed, uint8 verb) external {
        if (_terms.length == 0) return;
        uint256 i = seed % _terms.length;
        Lock memory terms = Locks.pack(_terms[i]);
        if (verb % 4 == 0) hostile.arm(abi.encodeCall(htlc.claim, (terms, _secrets[i])));
        else if (verb % 4 == 1) hostile.arm(abi.encodeCall(htlc.refund, (terms)));
        else if (verb % 4 == 2) hostile.arm(abi.encodeCall(htlc.withdraw, (address(hostile), address(refuser))));
        else hostile.arm("");
    }

    function donate(uint256 tokenSeed, uint64 amount) external {
        address token = tokens[tokenSeed % tokens.length];
        if (token == address(0)) {
            deal(address(htlc), address(htlc).balance + amount);
        } else if (token != address(blocking) || !blocking.paused()) {
            TestUSD(token).mint(address(htlc), amount);
        } else {
            return;
        }
        donated[token] += amount;
    }

    /// @notice Every account that may have a credit.
    function owedIn(address token) external view returns (uint256) {
        return htlc.owed(token, sender) + htlc.owed(token, receiver) + htlc.owed(token, address(refuser));
    }

    /// @notice Whether the contract and the handler's book say the same of lock `i`.
    function agrees(uint256 i) external view returns (bool) {
        LockState state = htlc.stateOf(htlc.lockIdOf(Locks.pack(_terms[i])));
        if (phases[i] == Phase.OPEN) return state == LockState.OPEN;
        if (phases[i] == Phase.RELEASED) return state == LockState.RELEASED;
        return state == LockState.NONE;
    }
}
