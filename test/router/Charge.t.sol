// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {Wallet} from "../actors/Wallet.sol";
import {BlockToken} from "../tokens/BlockToken.sol";
import {FalseToken} from "../tokens/FalseToken.sol";
import {ReenterToken} from "../tokens/ReenterToken.sol";
import {SilentToken} from "../tokens/SilentToken.sol";
import {Hop, ITgpRouter, Permit, Route, RouterTest} from "./RouterTest.sol";
import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";

contract ChargeTest is RouterTest {
    function test_routeIdOf_isEip712() public view {
        Route memory route = _route();
        bytes32 message = keccak256(
            abi.encode(
                keccak256(
                    "Route(address buyer,address seller,address token,uint96 cap,uint16 maxFeesBps,uint256 expiry,bytes32 sessionId,bytes32 salt,Hop[] hops)Hop(address payee,uint16 feeBps)"
                ),
                route.buyer,
                route.seller,
                route.token,
                route.cap,
                route.maxFeesBps,
                route.expiry,
                route.sessionId,
                route.salt,
                _hashHops(route.hops)
            )
        );
        bytes32 routeId = _digest("TgpRouter", block.chainid, address(router), message);
        assertEq(router.routeIdOf(route), routeId);
        bytes32 charge = keccak256(abi.encode(keccak256("Charge(bytes32 routeId,uint96 cumulative)"), routeId, 5));
        assertEq(router.chargeDigest(routeId, 5), _digest("TgpRouter", block.chainid, address(router), charge));
    }

    /// Shows R-318.
    function test_charge_movesTheMoneyStraightToSellerAndHops() public {
        Route memory route = _route();
        bytes32 routeId = router.routeIdOf(route);
        bytes memory signature = _signCharge(route, 10_000);
        uint256 before = usd.balanceOf(buyer);
        vm.expectEmit(address(router));
        emit ITgpRouter.RouteOpened(routeId, route.sessionId, route);
        vm.expectEmit(address(router));
        emit ITgpRouter.Charged(routeId, 10_000, 9850, 150);
        vm.prank(anyone);
        router.charge(route, 10_000, signature);
        assertEq(usd.balanceOf(seller), 9850);
        assertEq(usd.balanceOf(hop1), 100);
        assertEq(usd.balanceOf(hop2), 50);
        assertEq(usd.balanceOf(address(router)), 0);
        assertEq(usd.balanceOf(buyer), before - 10_000);
        (uint96 charged, bool closed) = router.meter(routeId);
        assertEq(charged, 10_000);
        assertFalse(closed);
    }

    function test_charge_saysHowMuchGasAHopNeeds() public {
        Route memory route = _route();
        bytes memory signature = _signCharge(route, 10_000);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.NotEnoughGas.selector, 121_587));
        router.charge{gas: 140_000}(route, 10_000, signature);
        assertEq(usd.balanceOf(seller) + usd.balanceOf(hop1) + usd.balanceOf(hop2), 0);
    }

    /// @dev Many small charges pay everybody what one large one would.
    function testFuzz_charge_sharesDoNotDependOnTheSteps(uint96[8] memory steps, uint16 bps1, uint16 bps2) public {
        bps1 = uint16(bound(bps1, 0, 500));
        bps2 = uint16(bound(bps2, 0, 500));
        Route memory route = _route();
        route.cap = type(uint96).max;
        route.maxFeesBps = 1000;
        route.hops = _hops(bps1, bps2);
        uint256 total;
        uint256 before = usd.balanceOf(buyer);
        for (uint256 i; i < steps.length; ++i) {
            total += bound(steps[i], 9, 1e27);
            _charge(route, uint96(total));
        }
        assertEq(usd.balanceOf(hop1), total * bps1 / 10_000);
        assertEq(usd.balanceOf(hop2), total * bps2 / 10_000);
        assertEq(usd.balanceOf(seller), total - total * bps1 / 10_000 - total * bps2 / 10_000);
        assertEq(usd.balanceOf(buyer), before - total);
    }

    function testFuzz_charge_aRiseOfNineIsAlwaysEnough(uint96 prev, uint96 rise, uint8 count, uint16 bps) public {
        Route memory route = _route();
        route.cap = type(uint96).max;
        route.maxFeesBps = 1000;
        count = uint8(bound(count, 1, 8));
        bps = uint16(bound(bps, 0, 1000 / uint256(count)));
        route.hops = new Hop[](count);
        for (uint256 i; i < count; ++i) {
            route.hops[i] = Hop(hop1, bps);
        }
        prev = uint96(bound(prev, 9, 1e9));
        rise = uint96(bound(rise, 9, 200));
        _charge(route, prev);
        _charge(route, prev + rise);
        assertEq(usd.balanceOf(hop1) + usd.balanceOf(seller), uint256(prev) + rise);
    }

    function test_charge_revertsWhenTheSharesRiseMoreThanTheTotal() public {
        Route memory route = _route();
        _charge(route, 9999);
        bytes memory signature = _signCharge(route, 10_000);
        vm.expectRevert(abi.encodeWithSelector(ITgpRouter.RiseTooSmall.selector, 1, 2));
        router.charge(route, 10_000, signature);
        _charge(route, 10_001);
        assertEq(usd.balanceOf(seller), 10_001 - 150);
    }

    function test_charge_byAContractWallet() public {
        Wallet wallet = new Wallet(buyer);
        usd.mint(address(wallet), 1000);
        wallet.execute(address(usd), 0, abi.encodeCall(usd.approve, (address(router), 1000)));
        Route memory route = _route();
        route.buyer = address(wallet);
        bytes memory signature = _signCharge(route, 1000);
        wallet.setRefusing(true);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.BadSignature.selector, wallet));
        router.charge(route, 1000, signature);
        wallet.setRefusing(false);
        router.charge(route, 1000, signature);
        assertEq(usd.balanceOf(seller), 985);
    }

    function test_charge_ofATokenThatReturnsNothing() public {
        SilentToken silent = new SilentToken();
        silent.mint(buyer, 1000);
        vm.prank(buyer);
        silent.approve(address(router), 1000);
        Route memory route = _route();
        route.token = address(silent);
        _charge(route, 1000);
        assertEq(silent.balanceOf(seller), 985);
        assertEq(silent.balanceOf(hop1), 10);
    }

    // Refusals

    function _refused(Route memory route, uint96 cumulative, bytes memory reason) private {
        bytes memory signature = _signCharge(route, cumulative);
        vm.expectRevert(reason);
        router.charge(route, cumulative, signature);
    }

    function test_charge_revertsWhenTheTotalDoesNotRise() public {
        Route memory route = _route();
        _refused(route, 0, abi.encodeWithSelector(ITgpRouter.NotRising.selector, 0, 0));
        _charge(route, 500);
        _refused(route, 500, abi.encodeWithSelector(ITgpRouter.NotRising.selector, 500, 500));
        _refused(route, 499, abi.encodeWithSelector(ITgpRouter.NotRising.selector, 499, 500));
    }

    /// Shows R-318.
    function testFuzz_charge_holdsUpToTheCap(uint96 cap, uint96 cumulative) public {
        Route memory route = _route();
        route.cap = uint96(bound(cap, 100, type(uint96).max));
        cumulative = uint96(bound(cumulative, 100, type(uint96).max));
        if (cumulative > route.cap) {
            _refused(route, cumulative, abi.encodeWithSelector(ITgpRouter.OverCap.selector, cumulative, route.cap));
        } else {
            _charge(route, cumulative);
        }
    }

    function test_charge_atTheLastSecond() public {
        Route memory route = _route();
        vm.warp(route.expiry);
        _charge(route, 100);
        vm.warp(route.expiry + 1);
        _refused(route, 200, abi.encodeWithSelector(ITgpRouter.RouteExpired.selector, route.expiry, route.expiry + 1));
    }

    function testFuzz_charge_neverClampsFees(uint16 first, uint16 second, uint16 maxFeesBps) public {
        Route memory route = _route();
        first = uint16(bound(first, 0, 1200));
        second = uint16(bound(second, 0, 1200));
        maxFeesBps = uint16(bound(maxFeesBps, 0, 1200));
        route.hops = _hops(first, second);
        route.maxFeesBps = maxFeesBps;
        if (maxFeesBps > 1000) {
            _refused(route, 100, abi.encodeWithSelector(ITgpRouter.FeesTooHigh.selector, maxFeesBps, 1000));
        } else if (first + second > maxFeesBps) {
            _refused(route, 100, abi.encodeWithSelector(ITgpRouter.FeesTooHigh.selector, first + second, maxFeesBps));
        } else {
            _charge(route, 100);
        }
    }

    function test_charge_revertsOnMoreThanEightHops() public {
        Route memory route = _route();
        route.hops = new Hop[](9);
        for (uint256 i; i < 9; ++i) {
            route.hops[i] = Hop(hop1, 1);
        }
        _refused(route, 100, abi.encodeWithSelector(ITgpRouter.TooManyHops.selector, 9, 8));
    }

    function test_charge_revertsWhenAPayeeIsZeroOrTheRouter() public {
        Route memory route = _route();
        route.seller = address(0);
        _refused(route, 100, abi.encodeWithSelector(ITgpRouter.BadPayee.selector, address(0)));
        route.seller = address(router);
        _refused(route, 100, abi.encodeWithSelector(ITgpRouter.BadPayee.selector, address(router)));
        route = _route();
        route.hops[1].payee = address(router);
        _refused(route, 100, abi.encodeWithSelector(ITgpRouter.BadPayee.selector, address(router)));
        route.hops[1].payee = address(0);
        _refused(route, 100, abi.encodeWithSelector(ITgpRouter.BadPayee.selector, address(0)));
    }

    function _badSignature(Route memory route, uint96 cumulative, bytes memory signature) private {
        vm.expectRevert(abi.encodeWithSelector(ITreasury.BadSignature.selector, route.buyer));
        router.charge(route, cumulative, signature);
    }

    function test_charge_revertsOnEverySignatureButTheBuyers() public {
        Route memory route = _route();
        bytes32 routeId = router.routeIdOf(route);
        (, uint256 thiefKey) = makeAddrAndKey("thief");
        _badSignature(route, 100, _sign(thiefKey, router.chargeDigest(routeId, 100)));
        _badSignature(route, 100, "");
        _badSignature(route, 100, new bytes(65));

        // For another total, route, contract, chain, or name.
        _badSignature(route, 101, _signCharge(route, 100));
        Route memory other = _route();
        other.seller = anyone;
        _badSignature(other, 100, _signCharge(route, 100));
        other = _route();
        other.hops[0].payee = anyone;
        _badSignature(other, 100, _signCharge(route, 100));
        other = _route();
        other.cap++;
        _badSignature(other, 100, _signCharge(route, 100));
        bytes32 charge = keccak256(abi.encode(keccak256("Charge(bytes32 routeId,uint96 cumulative)"), routeId, 100));
        _badSignature(route, 100, _sign(buyerKey, _digest("TgpRouter", 1, address(router), charge)));
        _badSignature(route, 100, _sign(buyerKey, _digest("TgpRouter", block.chainid, address(usd), charge)));
        _badSignature(route, 100, _sign(buyerKey, _digest("HashedTimelock", block.chainid, address(router), charge)));

        // A route without a buyer is signed by nobody.
        route.buyer = address(0);
        _badSignature(route, 100, new bytes(65));
        // The router itself can sign nothing.
        route.buyer = address(router);
        _badSignature(route, 100, _signCharge(route, 100));
    }

    function test_charge_aMalleableSignatureChargesNothingTwice() public {
        Route memory route = _route();
        bytes memory signature = _signCharge(route, 100);
        router.charge(route, 100, signature);
        (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
        uint256 n = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        bytes memory twin = abi.encodePacked(r, bytes32(n - uint256(s)), uint8(signature[64]) ^ 7);
        vm.expectRevert(abi.encodeWithSelector(ITgpRouter.NotRising.selector, 100, 100));
        router.charge(route, 100, twin);
    }

    // Tokens and payees that misbehave

    function _block() private returns (BlockToken token, Route memory route) {
        token = new BlockToken();
        token.mint(buyer, 1_000_000);
        vm.prank(buyer);
        token.approve(address(router), type(uint256).max);
        route = _route();
        route.token = address(token);
    }

    function test_charge_aFailingHopsShareStaysWithTheBuyer() public {
        (BlockToken token, Route memory route) = _block();
        token.setBlocked(hop1, true);
        bytes32 routeId = router.routeIdOf(route);
        bytes memory signature = _signCharge(route, 10_000);
        vm.expectEmit(address(router));
        emit ITgpRouter.HopSkipped(routeId, hop1, 100);
        router.charge(route, 10_000, signature);
        assertEq(token.balanceOf(hop1), 0);
        assertEq(token.balanceOf(hop2), 50);
        assertEq(token.balanceOf(seller), 9850);
        assertEq(token.balanceOf(buyer), 1_000_000 - 9900);
        // Later charges pay the hop only for what comes later.
        token.setBlocked(hop1, false);
        _charge(route, 20_000);
        assertEq(token.balanceOf(hop1), 100);
    }

    function test_charge_revertsWhenTheSellerCannotBePaid() public {
        (BlockToken token, Route memory route) = _block();
        token.setBlocked(seller, true);
        _refused(route, 10_000, abi.encodeWithSelector(SafeTransferLib.TransferFromFailed.selector));
        (uint96 charged,) = router.meter(router.routeIdOf(route));
        assertEq(charged, 0);
    }

    function test_charge_revertsWithoutAllowanceOrMoney() public {
        vm.prank(buyer);
        usd.approve(address(router), 0);
        _refused(_route(), 10_000, abi.encodeWithSelector(SafeTransferLib.TransferFromFailed.selector));
    }

    function test_charge_revertsWhenTheTokenSaysFalse() public {
        FalseToken token = new FalseToken();
        token.mint(buyer, 1000);
        vm.prank(buyer);
        token.approve(address(router), 1000);
        Route memory route = _route();
        route.token = address(token);
        _refused(route, 1000, abi.encodeWithSelector(SafeTransferLib.TransferFromFailed.selector));
    }

    function testFuzz_charge_cannotStarveAHop(uint256 gas) public {
        Route memory route = _route();
        bytes memory signature = _signCharge(route, 10_000);
        gas = bound(gas, 60_000, 700_000);
        try router.charge{gas: gas}(route, 10_000, signature) {
            assertEq(usd.balanceOf(hop1), 100);
            assertEq(usd.balanceOf(hop2), 50);
        } catch {
            assertEq(usd.balanceOf(seller), 0);
        }
    }

    function test_charge_cannotBeReentered() public {
        ReenterToken token = new ReenterToken();
        token.mint(buyer, 1_000_000);
        vm.prank(buyer);
        token.approve(address(router), type(uint256).max);
        Route memory route = _route();
        route.token = address(token);
        route.hops = new Hop[](0);
        token.arm(address(router), abi.encodeCall(router.charge, (route, 2000, _signCharge(route, 2000))));
        _charge(route, 1000);
        assertEq(token.attempts(), 1);
        assertEq(token.successes(), 0);
        assertEq(token.balanceOf(seller), 1000);
    }

    // With a permit

    /// Shows R-318.
    function test_permitAndCharge_needsNoAllowanceBefore() public {
        vm.prank(buyer);
        usd.approve(address(router), 0);
        Route memory route = _route();
        Permit memory permit = _signPermit(5000, START + 10);
        bytes memory signature = _signCharge(route, 1000);
        vm.prank(anyone);
        router.permitAndCharge(route, 1000, signature, permit);
        assertEq(usd.balanceOf(seller), 985);
        assertEq(usd.allowance(buyer, address(router)), 4000);
    }

    function test_permitAndCharge_aPermitThatWasSpentDoesNoHarm() public {
        vm.prank(buyer);
        usd.approve(address(router), 0);
        Route memory route = _route();
        Permit memory permit = _signPermit(5000, START + 10);
        (bytes32 r, bytes32 s) = abi.decode(permit.signature, (bytes32, bytes32));
        usd.permit(buyer, address(router), 5000, START + 10, uint8(permit.signature[64]), r, s);
        bytes memory signature = _signCharge(route, 1000);
        router.permitAndCharge(route, 1000, signature, permit);
        assertEq(usd.balanceOf(seller), 985);
    }

    function test_permitAndCharge_ofATokenWithoutCodeSaysWhatFailed() public {
        Route memory route = _route();
        route.token = makeAddr("no token");
        delete route.hops;
        bytes memory signature = _signCharge(route, 1000);
        Permit memory permit = _signPermit(5000, START + 10);
        vm.expectRevert(SafeTransferLib.TransferFromFailed.selector);
        router.permitAndCharge(route, 1000, signature, permit);
    }

    function test_permitAndCharge_revertsWhenThePermitIsNot65Bytes() public {
        Route memory route = _route();
        bytes memory signature = _signCharge(route, 1000);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.BadSignature.selector, buyer));
        router.permitAndCharge(route, 1000, signature, Permit(1, START, new bytes(64)));
    }

    function test_permitAndCharge_aPermitAloneChargesNothing() public {
        Route memory route = _route();
        Permit memory permit = _signPermit(5000, START + 10);
        vm.prank(anyone);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.BadSignature.selector, buyer));
        router.permitAndCharge(route, 1000, "", permit);
    }
}
