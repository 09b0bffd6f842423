// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {
    AcceptingPayee,
    GasBurningPayee,
    HungryPayee,
    ReenteringPayee,
    ReturnBombPayee,
    RevertingPayee
} from "../actors/Payees.sol";
import {BlockToken} from "../tokens/BlockToken.sol";
import {FalseToken} from "../tokens/FalseToken.sol";
import {ReenterToken} from "../tokens/ReenterToken.sol";
import {SilentToken} from "../tokens/SilentToken.sol";
import {HtlcTest, IHashedTimelock, Lock, LockTerms, Locks} from "./HtlcTest.sol";
import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";
import {Claim, LockState} from "../../contracts/interfaces/IHashedTimelock.sol";

contract ClaimTest is HtlcTest {
    /// Shows R-011.
    function testFuzz_claim_paysTheReceiverWhoeverCalls(uint96 amount, address caller, bool inEth) public {
        vm.assume(amount != 0);
        LockTerms memory terms = inEth ? _eth(amount) : _usd(amount);
        Lock memory packed = _lock(terms);
        vm.expectEmit(address(htlc));
        emit IHashedTimelock.Claimed(_id(terms), SECRET);
        vm.prank(caller);
        htlc.claim(packed, SECRET);
        assertEq(inEth ? receiver.balance : usd.balanceOf(receiver), amount);
        assertEq(inEth ? address(htlc).balance : usd.balanceOf(address(htlc)), 0);
        assertEq(uint8(htlc.stateOf(_id(terms))), uint8(LockState.NONE));
    }

    function testFuzz_claim_holdsStrictlyBeforeTheTimelock(uint48 time) public {
        LockTerms memory terms = _eth(1);
        Lock memory packed = _lock(terms);
        time = uint48(bound(time, START, terms.timelock + 30 days));
        vm.warp(time);
        if (time >= terms.timelock) {
            vm.expectRevert(abi.encodeWithSelector(IHashedTimelock.ClaimTooLate.selector, terms.timelock, time));
        }
        htlc.claim(packed, SECRET);
        assertEq(receiver.balance, time < terms.timelock ? 1 : 0);
    }

    function test_claim_atTheLastSecond() public {
        LockTerms memory terms = _eth(1);
        Lock memory packed = _lock(terms);
        vm.warp(terms.timelock);
        vm.expectRevert(abi.encodeWithSelector(IHashedTimelock.ClaimTooLate.selector, terms.timelock, terms.timelock));
        htlc.claim(packed, SECRET);
        vm.warp(terms.timelock - 1);
        htlc.claim(packed, SECRET);
        assertEq(receiver.balance, 1);
    }

    /// Shows R-157.
    function testFuzz_claim_revertsWhenThePreimageIsWrong(bytes32 guess) public {
        vm.assume(guess != SECRET);
        Lock memory packed = _lock(_eth(1));
        bytes32 digest = sha256(abi.encode(guess));
        vm.expectRevert(abi.encodeWithSelector(IHashedTimelock.WrongPreimage.selector, packed.hashlock, digest));
        htlc.claim(packed, guess);
    }

    function testFuzz_claim_revertsWhenAnyTermDiffers(uint8 word, uint8 bit) public {
        Lock memory packed = _lock(_eth(1));
        bytes32 mask = bytes32(1 << bit);
        word = word % 5;
        if (word == 0) packed.senderTimes ^= mask;
        else if (word == 1) packed.receiverAmount ^= mask;
        else if (word == 2) packed.tokenSalt ^= mask;
        else if (word == 3) packed.hashlock ^= mask;
        else packed.sessionId ^= mask;
        bytes32 id = htlc.lockIdOf(packed);
        vm.expectRevert(abi.encodeWithSelector(IHashedTimelock.NotLocked.selector, id));
        htlc.claim(packed, SECRET);
    }

    function test_claim_worksOnce() public {
        LockTerms memory terms = _eth(1);
        Lock memory packed = _lock(terms);
        _lock(_other(terms));
        htlc.claim(packed, SECRET);
        bytes32 id = _id(terms);
        vm.expectRevert(abi.encodeWithSelector(IHashedTimelock.NotLocked.selector, id));
        htlc.claim(packed, SECRET);
        vm.warp(terms.timelock);
        vm.expectRevert(abi.encodeWithSelector(IHashedTimelock.NotLocked.selector, id));
        htlc.refund(packed);
    }

    function test_claim_saysHowMuchGasItNeeds() public {
        LockTerms memory terms = _eth(3);
        Lock memory packed = _lock(terms);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.NotEnoughGas.selector, 136_587));
        htlc.claim{gas: 130_000}(packed, SECRET);
        assertTrue(htlc.isOpen(_id(terms)));
    }

    function test_claim_ofATokenThatReturnsNothing() public {
        SilentToken silent = new SilentToken();
        silent.mint(sender, 5);
        vm.prank(sender);
        silent.approve(address(htlc), 5);
        htlc.claim(_lock(_terms(address(silent), 5)), SECRET);
        assertEq(silent.balanceOf(receiver), 5);
    }

    // A payee or a token that refuses is credited; the claim stands.

    function _assertCredited(address payee) private {
        LockTerms memory terms = _eth(3);
        terms.receiver = payee;
        Lock memory packed = _lock(terms);
        vm.expectEmit(address(htlc));
        emit ITreasury.Owed(address(0), payee, 3);
        uint256 gasBefore = gasleft();
        htlc.claim(packed, SECRET);
        assertLt(gasBefore - gasleft(), 260_000, "the payee burned no more than its share");
        assertEq(htlc.owed(address(0), payee), 3);
        assertEq(payee.balance, 0);
        _assertClosed(terms);
    }

    function test_claim_creditsAPayeeThatReverts() public {
        RevertingPayee payee = new RevertingPayee();
        _assertCredited(address(payee));
        vm.expectRevert();
        htlc.withdraw(address(0), address(payee));
        payee.setRefusing(false);
        htlc.withdraw(address(0), address(payee));
        assertEq(address(payee).balance, 3);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.NothingOwed.selector, address(0), address(payee)));
        htlc.withdraw(address(0), address(payee));
    }

    function test_claim_creditsAPayeeThatBurnsAllGas() public {
        _assertCredited(address(new GasBurningPayee()));
    }

    function test_claim_doesNotCopyAReturnBomb() public {
        LockTerms memory terms = _eth(3);
        terms.receiver = address(new ReturnBombPayee());
        Lock memory packed = _lock(terms);
        uint256 gasBefore = gasleft();
        htlc.claim(packed, SECRET);
        assertLt(gasBefore - gasleft(), 260_000, "the payee burned no more than its share");
        assertEq(terms.receiver.balance, 3);
    }

    function test_claim_creditsAPayeeThatNeedsMoreGas() public {
        HungryPayee payee = new HungryPayee();
        _assertCredited(address(payee));
        htlc.withdraw(address(0), address(payee));
        assertEq(payee.received(), 3);
    }

    function test_claim_creditsAReceiverThatTheTokenRefuses() public {
        BlockToken token = new BlockToken();
        token.mint(sender, 5);
        vm.prank(sender);
        token.approve(address(htlc), 5);
        Lock memory packed = _lock(_terms(address(token), 5));
        token.setBlocked(receiver, true);
        htlc.claim(packed, SECRET);
        assertEq(htlc.owed(address(token), receiver), 5);
        // The receiver may take his credit elsewhere; nobody else may.
        vm.prank(anyone);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.NothingOwed.selector, address(token), anyone));
        htlc.withdrawTo(address(token), anyone);
        vm.prank(receiver);
        htlc.withdrawTo(address(token), anyone);
        assertEq(token.balanceOf(anyone), 5);
    }

    function test_claim_standsWhileTheTokenIsPausedOrLies() public {
        BlockToken pausing = new BlockToken();
        FalseToken lying = new FalseToken();
        lying.setFailing(false);
        pausing.mint(sender, 5);
        lying.mint(sender, 5);
        vm.startPrank(sender);
        pausing.approve(address(htlc), 5);
        lying.approve(address(htlc), 5);
        vm.stopPrank();
        Lock memory first = _lock(_terms(address(pausing), 5));
        Lock memory second = _lock(_terms(address(lying), 5));
        pausing.setPaused(true);
        lying.setFailing(true);
        htlc.claim(first, SECRET);
        htlc.claim(second, SECRET);
        assertEq(htlc.owed(address(pausing), receiver), 5);
        assertEq(htlc.owed(address(lying), receiver), 5);
        vm.warp(START + 30 days);
        pausing.setPaused(false);
        lying.setFailing(false);
        htlc.withdraw(address(pausing), receiver);
        htlc.withdraw(address(lying), receiver);
        assertEq(pausing.balanceOf(receiver), 5);
        assertEq(lying.balanceOf(receiver), 5);
    }

    function testFuzz_claim_cannotBeStarvedIntoACredit(uint256 gas) public {
        AcceptingPayee payee = new AcceptingPayee();
        LockTerms memory terms = _eth(3);
        terms.receiver = address(payee);
        Lock memory packed = _lock(terms);
        gas = bound(gas, 20_000, 400_000);
        try htlc.claim{gas: gas}(packed, SECRET) {
            assertEq(address(payee).balance, 3, "paid, never credited");
        } catch {
            _assertOpen(terms);
        }
        assertEq(htlc.owed(address(0), address(payee)), 0);
    }

    function test_claim_cannotBeReenteredByThePayee() public {
        ReenteringPayee payee = new ReenteringPayee();
        LockTerms memory terms = _eth(3);
        terms.receiver = address(payee);
        Lock memory packed = _lock(terms);
        Lock memory other = _lock(_other(terms));
        payee.arm(address(htlc), abi.encodeCall(htlc.claim, (other, SECRET)));
        htlc.claim(packed, SECRET);
        assertEq(payee.attempts(), 1);
        assertEq(payee.successes(), 0);
        assertEq(address(payee).balance, 3);
        assertTrue(htlc.isOpen(htlc.lockIdOf(other)));
    }

    function test_claim_cannotBeReenteredByTheToken() public {
        ReenterToken token = new ReenterToken();
        token.mint(sender, 100);
        vm.prank(sender);
        token.approve(address(htlc), 100);
        LockTerms memory terms = _terms(address(token), 10);
        Lock memory packed = _lock(terms);
        _lock(_other(terms));
        bytes[] memory calls = new bytes[](5);
        calls[0] = abi.encodeCall(htlc.claim, (packed, SECRET));
        calls[1] = abi.encodeCall(htlc.refund, (packed));
        calls[2] = abi.encodeCall(htlc.refundBySig, (packed, ""));
        calls[3] = abi.encodeCall(htlc.withdraw, (address(token), receiver));
        calls[4] = abi.encodeCall(htlc.lock, (packed));
        for (uint256 i; i < calls.length; ++i) {
            uint256 snapshot = vm.snapshotState();
            token.arm(address(htlc), calls[i]);
            htlc.claim(packed, SECRET);
            assertEq(token.attempts(), 1);
            assertEq(token.successes(), 0);
            assertEq(token.balanceOf(receiver), 10);
            assertEq(token.balanceOf(address(htlc)), 10);
            vm.revertToState(snapshot);
        }
    }

    // Batches

    function _other(LockTerms memory terms) private pure returns (LockTerms memory other) {
        other = abi.decode(abi.encode(terms), (LockTerms));
        other.salt++;
    }

    function test_claimBatch_skipsWhatItCannotClaim() public {
        RevertingPayee refusing = new RevertingPayee();
        Claim[] memory claims = new Claim[](7);
        LockTerms memory terms = _eth(1);
        claims[0] = Claim(_lock(terms), SECRET); // good
        claims[1] = claims[0]; // the same again
        terms.salt = 100;
        claims[2] = Claim(_lock(terms), "wrong"); // wrong secret
        terms.salt = 101;
        claims[3] = Claim(Locks.pack(terms), SECRET); // never locked
        terms.salt = 102;
        terms.receiver = address(refusing);
        claims[4] = Claim(_lock(terms), SECRET); // a payee that refuses: credited
        terms = _usd(5);
        claims[5] = Claim(_lock(terms), SECRET); // good, another token
        terms = _eth(1);
        terms.salt = 103;
        terms.timelock = terms.lockDeadline + 1;
        claims[6] = Claim(_lock(terms), SECRET); // too late
        vm.warp(terms.timelock);

        assertEq(htlc.claimBatch(claims), 3);
        assertEq(receiver.balance, 1);
        assertEq(usd.balanceOf(receiver), 5);
        assertEq(htlc.owed(address(0), address(refusing)), 1);
        assertTrue(htlc.isOpen(htlc.lockIdOf(claims[2].terms)));
        assertTrue(htlc.isOpen(htlc.lockIdOf(claims[6].terms)));
        assertEq(address(htlc).balance, 3);
    }

    function test_claimBatch_ofNothing() public {
        assertEq(htlc.claimBatch(new Claim[](0)), 0);
    }

    function testFuzz_claimBatch_equalsClaims(uint8 count, uint256 known) public {
        count = uint8(bound(count, 1, 20));
        Claim[] memory claims = new Claim[](count);
        uint256 expected;
        for (uint256 i; i < count; ++i) {
            LockTerms memory terms = i % 2 == 0 ? _eth(uint96(i + 1)) : _usd(uint96(i + 1));
            terms.salt = uint96(i);
            bool knows = (known >> i) & 1 == 1;
            claims[i] = Claim(_lock(terms), knows ? SECRET : bytes32(0));
            if (knows) expected += i + 1;
        }
        htlc.claimBatch(claims);
        assertEq(receiver.balance + usd.balanceOf(receiver), expected);
    }
}
