// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {BlockToken} from "../tokens/BlockToken.sol";
import {FalseToken} from "../tokens/FalseToken.sol";
import {FeeToken} from "../tokens/FeeToken.sol";
import {ReenterToken} from "../tokens/ReenterToken.sol";
import {SilentToken} from "../tokens/SilentToken.sol";
import {TestUSD} from "../tokens/TestUSD.sol";
import {Wallet} from "../actors/Wallet.sol";
import {Funding, HtlcTest, IHashedTimelock, Lock, LockTerms, Locks, Source} from "./HtlcTest.sol";
import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";
import {LockState} from "../../contracts/interfaces/IHashedTimelock.sol";

contract LockTest is HtlcTest {
    /// Shows R-009.
    function testFuzz_lock_takesExactlyTheEth(uint96 amount) public {
        vm.assume(amount != 0);
        LockTerms memory terms = _eth(amount);
        vm.expectEmit(address(htlc));
        emit IHashedTimelock.Locked(_id(terms), Locks.pack(terms));
        _lock(terms);
        assertEq(address(htlc).balance, amount);
        _assertOpen(terms);
        assertEq(uint8(htlc.stateOf(_id(terms))), uint8(LockState.OPEN));
    }

    /// Shows R-009, R-079.
    function testFuzz_lock_takesExactlyTheTokenByAllowance(uint96 amount) public {
        vm.assume(amount != 0);
        LockTerms memory terms = _usd(amount);
        vm.expectEmit(address(htlc));
        emit IHashedTimelock.Locked(_id(terms), Locks.pack(terms));
        _lock(terms);
        assertEq(usd.balanceOf(address(htlc)), amount);
        _assertOpen(terms);
    }

    function test_lock_takesATokenThatReturnsNothing() public {
        SilentToken silent = new SilentToken();
        silent.mint(sender, 5);
        vm.prank(sender);
        silent.approve(address(htlc), 5);
        _lock(_terms(address(silent), 5));
        assertEq(silent.balanceOf(address(htlc)), 5);
    }

    function test_lock_byAnotherPayerRefundsTheSender() public {
        LockTerms memory terms = _usd(9);
        usd.mint(anyone, 9);
        vm.startPrank(anyone);
        usd.approve(address(htlc), 9);
        htlc.lock(Locks.pack(terms));
        vm.stopPrank();
        uint256 before = usd.balanceOf(sender);
        vm.warp(terms.timelock);
        htlc.refund(Locks.pack(terms));
        assertEq(usd.balanceOf(sender), before + 9);
        assertEq(usd.balanceOf(anyone), 0);
    }

    function testFuzz_lockIdOf_coversEveryBit(LockTerms memory a, uint8 word, uint8 bit) public view {
        Lock memory terms = Locks.pack(a);
        bytes32 id = htlc.lockIdOf(terms);
        assertEq(id, keccak256(abi.encode(block.chainid, address(htlc), terms)), "formula");
        assertEq(abi.encode(terms), _encodePacked(a), "the words are the packed fields");
        bytes32 mask = bytes32(1 << bit);
        word = word % 5;
        if (word == 0) terms.senderTimes ^= mask;
        else if (word == 1) terms.receiverAmount ^= mask;
        else if (word == 2) terms.tokenSalt ^= mask;
        else if (word == 3) terms.hashlock ^= mask;
        else terms.sessionId ^= mask;
        assertNotEq(htlc.lockIdOf(terms), id);
    }

    function _encodePacked(LockTerms memory a) private pure returns (bytes memory) {
        return abi.encodePacked(
            a.sender, a.timelock, a.lockDeadline, a.receiver, a.amount, a.token, a.salt, a.hashlock, a.sessionId
        );
    }

    function test_lockIdOf_differsByChain() public {
        Lock memory terms = Locks.pack(_eth(1));
        bytes32 id = htlc.lockIdOf(terms);
        vm.chainId(943);
        assertNotEq(htlc.lockIdOf(terms), id);
    }

    // Refusals: parties and amounts

    function _refused(LockTerms memory terms, bytes memory reason) private {
        vm.deal(sender, type(uint128).max);
        vm.prank(sender);
        vm.expectRevert(reason);
        htlc.lock{value: terms.token == address(0) ? terms.amount : 0}(Locks.pack(terms));
        _assertClosed(terms);
    }

    function _badParty(address party) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IHashedTimelock.BadParty.selector, party);
    }

    function test_lock_revertsWhenAPartyIsZeroOrTheContractOrBothAreOne() public {
        LockTerms memory terms = _eth(1);
        terms.sender = address(0);
        _refused(terms, _badParty(address(0)));
        terms.sender = address(htlc);
        _refused(terms, _badParty(address(htlc)));
        terms.sender = receiver;
        _refused(terms, _badParty(receiver));
        terms = _eth(1);
        terms.receiver = address(0);
        _refused(terms, _badParty(address(0)));
        terms.receiver = address(htlc);
        _refused(terms, _badParty(address(htlc)));
    }

    function test_lock_revertsWhenTheTokenIsTheContract() public {
        _refused(_terms(address(htlc), 1), abi.encodeWithSelector(IHashedTimelock.BadToken.selector, address(htlc)));
    }

    function test_lock_revertsWhenTheTokenHasNoCode() public {
        LockTerms memory terms = _terms(makeAddr("no code"), 1);
        vm.prank(sender);
        vm.expectRevert(SafeTransferLib.TransferFromFailed.selector);
        htlc.lock(Locks.pack(terms));
    }

    function test_lock_revertsWhenTheAmountIsZero() public {
        _refused(_eth(0), abi.encodeWithSelector(IHashedTimelock.ZeroAmount.selector));
    }

    /// Shows R-157.
    function test_lock_revertsWhenTheHashlockIsOfNothingOrZero() public {
        LockTerms memory terms = _eth(1);
        terms.hashlock = sha256("");
        _refused(terms, abi.encodeWithSelector(IHashedTimelock.BadHashlock.selector, terms.hashlock));
        terms.hashlock = sha256(abi.encode(bytes32(0)));
        _refused(terms, abi.encodeWithSelector(IHashedTimelock.BadHashlock.selector, terms.hashlock));
    }

    // Refusals: times, to the second

    function testFuzz_lock_holdsOnlyUntilItsDeadline(uint48 time) public {
        LockTerms memory terms = _eth(1);
        time = uint48(bound(time, START, terms.timelock + 1 days));
        vm.warp(time);
        if (time > terms.lockDeadline) {
            _refused(terms, abi.encodeWithSelector(IHashedTimelock.LockTooLate.selector, terms.lockDeadline, time));
        } else {
            _lock(terms);
            _assertOpen(terms);
        }
    }

    function test_lock_atTheLastSecond() public {
        LockTerms memory terms = _eth(1);
        vm.warp(terms.lockDeadline);
        _lock(terms);
        terms.salt++;
        vm.warp(terms.lockDeadline + 1);
        _refused(
            terms,
            abi.encodeWithSelector(IHashedTimelock.LockTooLate.selector, terms.lockDeadline, terms.lockDeadline + 1)
        );
    }

    function test_lock_revertsWhenTheTimelockIsNotAfterTheDeadline() public {
        LockTerms memory terms = _eth(1);
        terms.timelock = terms.lockDeadline;
        _refused(
            terms,
            abi.encodeWithSelector(
                IHashedTimelock.BadTimelock.selector, terms.timelock, terms.lockDeadline, START + 14 days
            )
        );
        terms.timelock++;
        _lock(terms);
    }

    /// Shows R-038.
    function test_lock_revertsWhenTheTimelockIsOverFourteenDays() public {
        LockTerms memory terms = _eth(1);
        terms.timelock = uint48(START + 14 days);
        _lock(terms);
        terms.timelock++;
        _refused(
            terms,
            abi.encodeWithSelector(
                IHashedTimelock.BadTimelock.selector, terms.timelock, terms.lockDeadline, START + 14 days
            )
        );
    }

    // Refusals: money

    function testFuzz_lock_revertsWhenTheValueIsNotTheAmount(uint96 amount, uint96 value) public {
        vm.assume(amount != 0 && value != amount);
        Lock memory terms = Locks.pack(_eth(amount));
        vm.prank(sender);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.WrongValue.selector, amount, value));
        htlc.lock{value: value}(terms);
    }

    function test_lock_revertsWhenEthComesWithAToken() public {
        Lock memory terms = Locks.pack(_usd(1));
        vm.prank(sender);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.WrongValue.selector, 0, 1));
        htlc.lock{value: 1}(terms);
    }

    function test_lock_revertsWhenOpenAlready() public {
        LockTerms memory terms = _eth(1);
        _lock(terms);
        vm.prank(sender);
        vm.expectRevert(abi.encodeWithSelector(IHashedTimelock.AlreadyLocked.selector, _id(terms)));
        htlc.lock{value: 1}(Locks.pack(terms));
    }

    function test_lock_revertsWhenTheTokenTakesAFee() public {
        FeeToken token = new FeeToken();
        token.mint(sender, 1000);
        vm.prank(sender);
        token.approve(address(htlc), 1000);
        _refused(
            _terms(address(token), 1000),
            abi.encodeWithSelector(ITreasury.InexactTransfer.selector, address(token), 1000, 990)
        );
    }

    function test_lock_revertsWhenTheTokenSaysFalse() public {
        FalseToken token = new FalseToken();
        token.mint(sender, 1000);
        Lock memory terms = Locks.pack(_terms(address(token), 1000));
        vm.startPrank(sender);
        token.approve(address(htlc), 1000);
        vm.expectRevert(SafeTransferLib.TransferFromFailed.selector);
        htlc.lock(terms);
        vm.stopPrank();
    }

    function test_lock_revertsWhenTheTokenRefuses() public {
        BlockToken token = new BlockToken();
        token.mint(sender, 1000);
        token.setBlocked(sender, true);
        Lock memory terms = Locks.pack(_terms(address(token), 1000));
        vm.startPrank(sender);
        token.approve(address(htlc), 1000);
        vm.expectRevert(SafeTransferLib.TransferFromFailed.selector);
        htlc.lock(terms);
        vm.stopPrank();
    }

    function test_lock_cannotBeReentered() public {
        ReenterToken token = new ReenterToken();
        token.mint(sender, 1000);
        vm.prank(sender);
        token.approve(address(htlc), 1000);
        LockTerms memory terms = _terms(address(token), 10);
        // In the middle of the lock the token shows the secret, which it happens to know.
        token.arm(address(htlc), abi.encodeCall(htlc.claim, (Locks.pack(terms), SECRET)));
        _lock(terms);
        assertEq(token.attempts(), 1);
        assertEq(token.successes(), 0);
        _assertOpen(terms);
        assertEq(token.balanceOf(address(htlc)), 10);
    }

    // By the sender's authorization

    function testFuzz_lockBySig_eip3009(uint96 amount) public {
        vm.assume(amount != 0);
        LockTerms memory terms = _usd(amount);
        Funding memory funding = _authorization(terms, senderKey);
        vm.prank(anyone);
        htlc.lockBySig(Locks.pack(terms), funding.source, funding.signature);
        assertEq(usd.balanceOf(address(htlc)), amount);
        assertTrue(usd.authorizationState(sender, _id(terms)), "the nonce is the lock id");
        _assertOpen(terms);
    }

    function test_lockBySig_eip3009OfAContractWallet() public {
        Wallet wallet = new Wallet(sender);
        usd.mint(address(wallet), 3);
        LockTerms memory terms = _usd(3);
        terms.sender = address(wallet);
        Funding memory funding = _authorization(terms, senderKey);
        // A wallet may want more than 65 bytes; this one takes the same signature in the other form of the call.
        wallet.setRefusing(true);
        vm.expectRevert(abi.encodeWithSelector(TestUSD.InvalidSignature.selector, wallet));
        htlc.lockBySig(Locks.pack(terms), funding.source, funding.signature);
        wallet.setRefusing(false);
        htlc.lockBySig(Locks.pack(terms), funding.source, funding.signature);
        _assertOpen(terms);
    }

    function testFuzz_lockBySig_permit2(uint96 amount) public {
        vm.assume(amount != 0);
        LockTerms memory terms = _usd(amount);
        Funding memory funding = _permit2(terms, senderKey);
        vm.prank(anyone);
        htlc.lockBySig(Locks.pack(terms), funding.source, funding.signature);
        assertEq(usd.balanceOf(address(htlc)), amount);
        _assertOpen(terms);
    }

    function test_lockBySig_atTheLastSecondOnly() public {
        LockTerms memory terms = _usd(1);
        Funding memory funding = _authorization(terms, senderKey);
        vm.warp(terms.lockDeadline + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IHashedTimelock.LockTooLate.selector, terms.lockDeadline, terms.lockDeadline + 1)
        );
        htlc.lockBySig(Locks.pack(terms), funding.source, funding.signature);
        vm.warp(terms.lockDeadline);
        htlc.lockBySig(Locks.pack(terms), funding.source, funding.signature);
    }

    function testFuzz_lockBySig_isGoodForItsTermsOnly(bool permit2Too, uint8 field) public {
        LockTerms memory terms = _usd(100);
        Funding memory funding = permit2Too ? _permit2(terms, senderKey) : _authorization(terms, senderKey);
        // A thief changes one field and brings the money of the signature.
        field = field % 7;
        if (field == 0) terms.receiver = anyone;
        if (field == 1) terms.hashlock = sha256(abi.encode("mine"));
        if (field == 2) terms.timelock += 1 hours;
        if (field == 3) terms.amount = 50;
        if (field == 4) terms.salt++;
        if (field == 5) terms.sessionId = 0;
        if (field == 6) terms.lockDeadline--;
        vm.prank(anyone);
        vm.expectRevert();
        htlc.lockBySig(Locks.pack(terms), funding.source, funding.signature);
        assertEq(usd.balanceOf(address(htlc)), 0);
    }

    function test_lockBySig_worksOnceEvenAfterTheClaim() public {
        LockTerms memory terms = _usd(100);
        Funding memory funding = _authorization(terms, senderKey);
        htlc.lockBySig(Locks.pack(terms), funding.source, funding.signature);
        htlc.claim(Locks.pack(terms), SECRET);
        vm.expectRevert(abi.encodeWithSelector(TestUSD.AuthorizationSpent.selector, sender, _id(terms)));
        htlc.lockBySig(Locks.pack(terms), funding.source, funding.signature);
    }

    function test_lockBySig_permit2WorksOnceEvenAfterTheClaim() public {
        LockTerms memory terms = _usd(100);
        Funding memory funding = _permit2(terms, senderKey);
        htlc.lockBySig(Locks.pack(terms), funding.source, funding.signature);
        htlc.claim(Locks.pack(terms), SECRET);
        vm.expectRevert(bytes4(keccak256("InvalidNonce()")));
        htlc.lockBySig(Locks.pack(terms), funding.source, funding.signature);
    }

    function test_lockBySig_revertsOnSourcesThatSignNoTerms() public {
        LockTerms memory terms = _usd(1);
        vm.prank(sender);
        vm.expectRevert(abi.encodeWithSelector(IHashedTimelock.UnboundSource.selector, Source.CALLER));
        htlc.lockBySig(Locks.pack(terms), Source.CALLER, "");
        vm.prank(sender);
        vm.expectRevert(abi.encodeWithSelector(IHashedTimelock.UnboundSource.selector, Source.EIP2612));
        htlc.lockBySig(Locks.pack(terms), Source.EIP2612, new bytes(65));
    }

    function test_lockBySig_revertsOnEth() public {
        Lock memory terms = Locks.pack(_eth(1));
        vm.expectRevert(abi.encodeWithSelector(IHashedTimelock.BadToken.selector, address(0)));
        htlc.lockBySig(terms, Source.EIP3009, new bytes(65));
    }

    function test_lock_plainEthIsRefused() public {
        vm.prank(sender);
        (bool done,) = address(htlc).call{value: 1}("");
        assertFalse(done);
    }
}
