// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ReenteringPayee, RevertingPayee} from "../actors/Payees.sol";
import {BlockToken} from "../tokens/BlockToken.sol";
import {HtlcTest, IHashedTimelock, Lock, LockTerms, Locks} from "./HtlcTest.sol";

contract RefundTest is HtlcTest {
    /// Shows R-010, R-038.
    function testFuzz_refund_paysTheSenderWhoeverCalls(uint96 amount, address caller, bool inEth) public {
        vm.assume(amount != 0);
        LockTerms memory terms = inEth ? _eth(amount) : _usd(amount);
        uint256 before = inEth ? sender.balance : usd.balanceOf(sender);
        Lock memory packed = _lock(terms);
        vm.warp(terms.timelock);
        vm.expectEmit(address(htlc));
        emit IHashedTimelock.Refunded(_id(terms), false);
        vm.prank(caller);
        htlc.refund(packed);
        assertEq(inEth ? sender.balance : usd.balanceOf(sender), before);
        _assertClosed(terms);
    }

    /// Shows R-010, R-156.
    function testFuzz_refund_holdsFromTheTimelockOn(uint48 time) public {
        LockTerms memory terms = _eth(1);
        Lock memory packed = _lock(terms);
        time = uint48(bound(time, START, terms.timelock + 30 days));
        vm.warp(time);
        if (time < terms.timelock) {
            vm.expectRevert(abi.encodeWithSelector(IHashedTimelock.RefundTooEarly.selector, terms.timelock, time));
        }
        htlc.refund(packed);
        assertEq(address(htlc).balance, time < terms.timelock ? 1 : 0);
    }

    /// @dev At no second are both open, and at every second one of them is.
    /// Shows R-038, R-156.
    function testFuzz_claimXorRefund(uint48 time) public {
        LockTerms memory terms = _eth(1);
        Lock memory packed = _lock(terms);
        vm.warp(bound(time, START, terms.timelock + 30 days));
        uint256 snapshot = vm.snapshotState();
        (bool claimed,) = address(htlc).call(abi.encodeCall(htlc.claim, (packed, SECRET)));
        vm.revertToState(snapshot);
        (bool refunded,) = address(htlc).call(abi.encodeCall(htlc.refund, (packed)));
        assertTrue(claimed != refunded);
    }

    function test_refund_revertsWhenNothingIsLocked() public {
        LockTerms memory terms = _eth(1);
        bytes32 id = _id(terms);
        vm.warp(terms.timelock);
        vm.expectRevert(abi.encodeWithSelector(IHashedTimelock.NotLocked.selector, id));
        htlc.refund(Locks.pack(terms));
    }

    function test_refund_worksOnceAndTheTermsCannotComeBack() public {
        LockTerms memory terms = _eth(1);
        Lock memory packed = _lock(terms);
        vm.warp(terms.timelock);
        htlc.refund(packed);
        bytes32 id = _id(terms);
        vm.expectRevert(abi.encodeWithSelector(IHashedTimelock.NotLocked.selector, id));
        htlc.refund(packed);
        vm.prank(sender);
        vm.expectRevert(
            abi.encodeWithSelector(IHashedTimelock.LockTooLate.selector, terms.lockDeadline, terms.timelock)
        );
        htlc.lock{value: 1}(packed);
    }

    function test_refund_creditsASenderThatRefuses() public {
        RevertingPayee payee = new RevertingPayee();
        LockTerms memory terms = _eth(4);
        terms.sender = address(payee);
        Lock memory packed = _lock(terms);
        vm.warp(terms.timelock);
        htlc.refund(packed);
        assertEq(htlc.owed(address(0), address(payee)), 4);
    }

    function test_refund_creditsASenderThatTheTokenRefuses() public {
        BlockToken token = new BlockToken();
        token.mint(sender, 5);
        vm.prank(sender);
        token.approve(address(htlc), 5);
        LockTerms memory terms = _terms(address(token), 5);
        Lock memory packed = _lock(terms);
        token.setBlocked(sender, true);
        vm.warp(terms.timelock);
        htlc.refund(packed);
        assertEq(htlc.owed(address(token), sender), 5);
    }

    function test_refund_cannotBeReentered() public {
        ReenteringPayee payee = new ReenteringPayee();
        LockTerms memory terms = _eth(4);
        terms.sender = address(payee);
        Lock memory packed = _lock(terms);
        terms.salt++;
        Lock memory other = _lock(terms);
        payee.arm(address(htlc), abi.encodeCall(htlc.refund, (other)));
        vm.warp(terms.timelock);
        htlc.refund(packed);
        assertEq(payee.attempts(), 1);
        assertEq(payee.successes(), 0);
        assertEq(address(htlc).balance, 4);
    }
}
