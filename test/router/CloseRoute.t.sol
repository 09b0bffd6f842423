// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITgpRouter, Route, RouterTest} from "./RouterTest.sol";

contract CloseRouteTest is RouterTest {
    function test_closeRoute_endsItForEver() public {
        Route memory route = _route();
        bytes32 routeId = router.routeIdOf(route);
        _charge(route, 1000);
        vm.expectEmit(address(router));
        emit ITgpRouter.RouteClosed(routeId);
        vm.prank(buyer);
        router.closeRoute(route);
        bytes memory signature = _signCharge(route, 2000);
        vm.expectRevert(abi.encodeWithSelector(ITgpRouter.RouteIsClosed.selector, routeId));
        router.charge(route, 2000, signature);
        (uint96 charged, bool closed) = router.meter(routeId);
        assertEq(charged, 1000);
        assertTrue(closed);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(ITgpRouter.RouteIsClosed.selector, routeId));
        router.closeRoute(route);
    }

    function test_closeRoute_beforeTheFirstCharge() public {
        Route memory route = _route();
        vm.prank(buyer);
        router.closeRoute(route);
        bytes memory signature = _signCharge(route, 2000);
        bytes32 routeId = router.routeIdOf(route);
        vm.expectRevert(abi.encodeWithSelector(ITgpRouter.RouteIsClosed.selector, routeId));
        router.charge(route, 2000, signature);
    }

    function test_closeRoute_leavesOtherRoutesAlone() public {
        Route memory route = _route();
        vm.prank(buyer);
        router.closeRoute(route);
        route.salt = keccak256("another");
        _charge(route, 2000);
    }

    function testFuzz_closeRoute_revertsForAnybodyElse(address caller) public {
        vm.assume(caller != buyer);
        Route memory route = _route();
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(ITgpRouter.NotBuyer.selector, caller));
        router.closeRoute(route);
    }
}
