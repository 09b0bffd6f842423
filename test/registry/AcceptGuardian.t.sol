// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {RegistryTest} from "./RegistryTest.sol";
import {IVerifierRegistry, VerifierStatus} from "contracts/interfaces/IVerifierRegistry.sol";

contract AcceptGuardianTest is RegistryTest {
    function testFuzz_acceptGuardian_revertsWhenNotOffered(address caller, address to) external {
        vm.assume(caller != to && caller != address(0));
        vm.prank(guardian);
        registry.transferGuardian(to);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.NotPendingGuardian.selector, to, caller));
        vm.prank(caller);
        registry.acceptGuardian();
        assertEq(registry.guardian(), guardian);
    }

    function testFuzz_acceptGuardian_takesTheRole(address to) external {
        vm.assume(to != address(0) && to != guardian && to != aggregator);
        _reach(VerifierStatus.ACTIVE);
        vm.prank(guardian);
        registry.transferGuardian(to);
        vm.expectEmit(address(registry));
        emit IVerifierRegistry.GuardianChanged(guardian, to);
        vm.prank(to);
        registry.acceptGuardian();
        assertEq(registry.guardian(), to);
        assertEq(registry.pendingGuardian(), address(0));

        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.MayNotRevoke.selector, CIRCUIT, guardian));
        vm.prank(guardian);
        registry.revoke(CIRCUIT, VERSION);
        vm.prank(to);
        registry.revoke(CIRCUIT, VERSION);
    }

    function test_acceptGuardian_worksOnce() external {
        vm.prank(guardian);
        registry.transferGuardian(stranger);
        vm.startPrank(stranger);
        registry.acceptGuardian();
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.NotPendingGuardian.selector, address(0), stranger));
        registry.acceptGuardian();
    }
}
