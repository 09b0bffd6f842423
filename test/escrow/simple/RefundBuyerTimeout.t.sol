// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ISimpleOrders} from "../../../contracts/interfaces/ISimpleOrders.sol";
import {RevertingPayee} from "../../actors/Payees.sol";
import {SimpleTest} from "./SimpleTest.sol";

contract RefundBuyerTimeoutTest is SimpleTest {
    function _refund(Order memory o, address by) private {
        uint256 had = buyer.balance;
        vm.expectEmit(address(escrow));
        emit ISimpleOrders.SimpleRefunded(escrow.simpleKey(o.id), buyer, o.amount);
        vm.prank(by);
        escrow.refundBuyerTimeout(o.id);
        assertEq(buyer.balance, had + o.amount);
        assertEq(address(escrow).balance, 0);
        _assertAt(o, At.REFUNDED);
        assertFalse(vault.verifySimple(_simpleReceipt(o)), "no receipt");
    }

    /// Shows R-519.
    function testFuzz_refundBuyerTimeout_withoutACommitment(Order memory o, address by, uint256 time) public {
        _fit(o);
        vm.assume(by != address(vm) && by != address(escrow));
        _reach(o, At.PAID_IN);
        vm.warp(bound(time, o.start, _commitBy(o)));
        _refuse(o, by, 0, _refundCall(o.id), _tooEarly(_commitBy(o) + 1));
        vm.warp(_commitBy(o));
        _refuse(o, buyer, 0, _refundCall(o.id), _tooEarly(_commitBy(o) + 1));
        vm.warp(bound(time, _commitBy(o) + 1, type(uint40).max));
        _refund(o, by);
    }

    /// Shows R-515, R-519.
    function testFuzz_refundBuyerTimeout_withoutAClaim(Order memory o, address by, uint256 time) public {
        o.timed = false;
        _fit(o);
        vm.assume(by != address(vm) && by != address(escrow));
        _reach(o, At.SIGNED);
        vm.warp(bound(time, o.start, _claimBy(o)));
        _refuse(o, by, 0, _refundCall(o.id), _tooEarly(_claimBy(o) + 1));
        vm.warp(_claimBy(o));
        _refuse(o, buyer, 0, _refundCall(o.id), _tooEarly(_claimBy(o) + 1));
        vm.warp(bound(time, _claimBy(o) + 1, type(uint40).max));
        _refund(o, by);
    }

    /// @dev The risk that a buyer takes by asking for it.
    function testFuzz_refundBuyerTimeout_neverOnceATimedOrderIsSigned(Order memory o, uint256 time) public {
        o.timed = true;
        _fit(o);
        _reach(o, At.SIGNED);
        vm.warp(bound(time, o.start, type(uint40).max));
        _refuse(o, buyer, 0, _refundCall(o.id), _wrongState(o.id, 3));
    }

    function test_refundBuyerTimeout_revertsInEveryOtherState() public {
        bytes memory data = _refundCall(_usual(false).id);
        // all but paid in and signed
        _refuseAt(_places(0xf9), false, buyer, 0, data, 0);
        _refuseAt(_places(0xf9), false, buyer, 0, data, 1000 days);
        _refuseAt(_places(0xf9), true, relayer, 0, data, 1000 days);
    }

    function test_refundBuyerTimeout_aBuyerThatRefusesIsCredited() public {
        Order memory o = _usual(false);
        buyer = address(new RevertingPayee());
        vm.deal(buyer, 1 ether);
        _reach(o, At.REFUNDED);
        assertEq(escrow.owed(address(0), buyer), 1 ether);
        _assertAt(o, At.REFUNDED);
    }

    /// @dev At every instant the payment has one way out at most, and in the end one exactly.
    function testFuzz_refundBuyerTimeout_andClaimAreNeverOpenTogether(Order memory o, uint256 time) public {
        _fit(o);
        _reach(o, At.SIGNED);
        time = bound(time, o.start, _claimBy(o) + 400 days);
        vm.warp(time);
        bool claims = _open(seller, _claimCall(o.id));
        bool releases = _open(relayer, _releaseCall(o.id));
        bool refunds = _open(buyer, _refundCall(o.id));
        assertEq(claims, time <= _claimBy(o) && time >= _timedRelease(o), "claim");
        assertEq(releases, o.timed && time >= _timedRelease(o), "release");
        assertEq(refunds, !o.timed && time > _claimBy(o), "refund");
        assertFalse((claims || releases) && refunds, "two ways for one payment");
        if (time > _claimBy(o)) assertTrue(releases || refunds, "no way at all");
    }

    /// @dev The same before the commitment.
    function testFuzz_refundBuyerTimeout_andCommitAreNeverOpenTogether(Order memory o, uint256 time) public {
        _fit(o);
        _reach(o, At.PAID_IN);
        time = bound(time, o.start, _claimBy(o) + 400 days);
        vm.warp(time);
        bytes memory data =
            abi.encodeCall(escrow.sellerCommitSignature, (o.id, _signSimple(sellerKey, o), NAME, LICENSE, DOCUMENT));
        bool commits = _open(relayer, data);
        bool refunds = _open(relayer, _refundCall(o.id));
        assertEq(commits, time <= _commitBy(o));
        assertEq(refunds, !commits);
    }
}
