// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {Wallet} from "../actors/Wallet.sol";
import {TestUSD} from "./TestUSD.sol";

/// @notice The test token must itself be right, or tests against it mean nothing.
contract TestUSDTest is Test {
    TestUSD private usd;
    address private alice;
    uint256 private aliceKey;
    address private bob = makeAddr("bob");

    function setUp() public {
        usd = new TestUSD();
        (alice, aliceKey) = makeAddrAndKey("alice");
        usd.mint(alice, 100e6);
    }

    function _digest(bytes32 message) private view returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", usd.DOMAIN_SEPARATOR(), message));
    }

    function test_domain_isVersionTwo() public view {
        assertEq(
            usd.DOMAIN_SEPARATOR(),
            keccak256(
                abi.encode(
                    keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                    keccak256("Test USD"),
                    keccak256("2"),
                    block.chainid,
                    address(usd)
                )
            )
        );
        assertEq(usd.decimals(), 6);
        assertEq(usd.symbol(), "TestUSD");
    }

    function test_permit_setsTheAllowanceOnce() public {
        uint256 deadline = vm.getBlockTimestamp() + 1;
        bytes32 message = keccak256(abi.encode(usd.PERMIT_TYPEHASH(), alice, bob, 7e6, 0, deadline));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(aliceKey, _digest(message));
        usd.permit(alice, bob, 7e6, deadline, v, r, s);
        assertEq(usd.allowance(alice, bob), 7e6);
        vm.expectRevert(abi.encodeWithSelector(TestUSD.InvalidSignature.selector, alice));
        usd.permit(alice, bob, 7e6, deadline, v, r, s);
    }

    function test_receiveWithAuthorization_onlyForThePayeeAndOnce() public {
        bytes32 message = keccak256(
            abi.encode(usd.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(), alice, bob, 7e6, 0, type(uint256).max, bytes32("n"))
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(aliceKey, _digest(message));
        vm.expectRevert(abi.encodeWithSelector(TestUSD.CallerMustBePayee.selector, bob, address(this)));
        usd.receiveWithAuthorization(alice, bob, 7e6, 0, type(uint256).max, "n", v, r, s);
        vm.prank(bob);
        usd.receiveWithAuthorization(alice, bob, 7e6, 0, type(uint256).max, "n", v, r, s);
        assertEq(usd.balanceOf(bob), 7e6);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(TestUSD.AuthorizationSpent.selector, alice, bytes32("n")));
        usd.receiveWithAuthorization(alice, bob, 7e6, 0, type(uint256).max, "n", v, r, s);
    }

    function test_transferWithAuthorization_takesAContractWalletsSignature() public {
        Wallet wallet = new Wallet(alice);
        usd.mint(address(wallet), 5e6);
        bytes32 message = keccak256(
            abi.encode(usd.TRANSFER_WITH_AUTHORIZATION_TYPEHASH(), wallet, bob, 5e6, 0, type(uint256).max, bytes32("n"))
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(aliceKey, _digest(message));
        bytes memory signature = abi.encodePacked(r, s, v);
        wallet.setRefusing(true);
        vm.expectRevert(abi.encodeWithSelector(TestUSD.InvalidSignature.selector, wallet));
        usd.transferWithAuthorization(address(wallet), bob, 5e6, 0, type(uint256).max, "n", signature);
        wallet.setRefusing(false);
        usd.transferWithAuthorization(address(wallet), bob, 5e6, 0, type(uint256).max, "n", signature);
        assertEq(usd.balanceOf(bob), 5e6);
    }

    function test_authorization_holdsOnlyInsideItsWindow() public {
        uint256 start = vm.getBlockTimestamp() + 10;
        bytes32 message = keccak256(
            abi.encode(usd.TRANSFER_WITH_AUTHORIZATION_TYPEHASH(), alice, bob, 1, start, start + 2, bytes32("n"))
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(aliceKey, _digest(message));
        vm.warp(start);
        vm.expectRevert(abi.encodeWithSelector(TestUSD.AuthorizationNotYetValid.selector, start));
        usd.transferWithAuthorization(alice, bob, 1, start, start + 2, "n", v, r, s);
        vm.warp(start + 2);
        vm.expectRevert(abi.encodeWithSelector(TestUSD.AuthorizationExpired.selector, start + 2));
        usd.transferWithAuthorization(alice, bob, 1, start, start + 2, "n", v, r, s);
        vm.warp(start + 1);
        usd.transferWithAuthorization(alice, bob, 1, start, start + 2, "n", v, r, s);
        assertEq(usd.balanceOf(bob), 1);
    }

    function test_cancelAuthorization_spendsTheNonce() public {
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(aliceKey, _digest(keccak256(abi.encode(usd.CANCEL_AUTHORIZATION_TYPEHASH(), alice, bytes32("n")))));
        usd.cancelAuthorization(alice, "n", v, r, s);
        assertTrue(usd.authorizationState(alice, "n"));
    }
}
