// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ISimpleOrders} from "../../../contracts/interfaces/ISimpleOrders.sol";
import "../../../contracts/libraries/Terms.sol" as T;
import {SimpleTest} from "./SimpleTest.sol";

contract TriggerTimedReleaseTest is SimpleTest {
    /// Shows R-502, R-518.
    function testFuzz_triggerTimedRelease_byAnybodyForEver(Order memory o, address by, uint256 time) public {
        o.timed = true;
        _fit(o);
        vm.assume(by != address(vm) && by != address(escrow));
        _reach(o, At.SIGNED);
        vm.warp(bound(time, _timedRelease(o), type(uint40).max));
        uint256 had = seller.balance;
        vm.expectEmit(address(escrow));
        emit ISimpleOrders.SimpleLegPaid(escrow.simpleKey(o.id), seller, o.amount, T.BOTH_CLAIMED);
        vm.prank(by);
        escrow.triggerTimedRelease(o.id);
        assertEq(seller.balance, had + o.amount);
        assertEq(address(escrow).balance, 0);
        _assertAt(o, At.PAID_OUT);
        assertTrue(vault.verifySimple(_simpleReceipt(o)), "the receipt");
    }

    /// Shows R-518.
    function testFuzz_triggerTimedRelease_revertsBeforeItsTime(Order memory o, address by, uint256 time) public {
        o.timed = true;
        _fit(o);
        vm.assume(by != address(vm) && by != address(escrow));
        _reach(o, At.SIGNED);
        vm.warp(bound(time, o.start, _timedRelease(o) - 1));
        _refuse(o, by, 0, _releaseCall(o.id), _tooEarly(_timedRelease(o)));
        vm.warp(_timedRelease(o) - 1);
        _refuse(o, seller, 0, _releaseCall(o.id), _tooEarly(_timedRelease(o)));
        vm.warp(_timedRelease(o));
        escrow.triggerTimedRelease(o.id);
    }

    function test_triggerTimedRelease_revertsWhereNothingIsTimed() public {
        bytes memory data = _releaseCall(_usual(false).id);
        _refuseAt(_places(0xff), false, seller, 0, data, 0);
        _refuseAt(_places(0xff), false, relayer, 0, data, 1000 days);
    }

    function test_triggerTimedRelease_revertsInEveryOtherState() public {
        bytes memory data = _releaseCall(_usual(true).id);
        // all but the signed one
        _refuseAt(_places(0xfb), true, seller, 0, data, 0);
        _refuseAt(_places(0xfb), true, relayer, 0, data, 1000 days);
    }
}
