// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {RegistryTest} from "./RegistryTest.sol";
import {IVerifierRegistry} from "contracts/interfaces/IVerifierRegistry.sol";

contract TransferGuardianTest is RegistryTest {
    function testFuzz_transferGuardian_revertsWhenCallerIsNotTheGuardian(address caller, address to) external {
        vm.assume(caller != guardian);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.NotGuardian.selector, guardian, caller));
        vm.prank(caller);
        registry.transferGuardian(to);
    }

    function testFuzz_transferGuardian_offersWithoutGiving(address to) external {
        vm.expectEmit(address(registry));
        emit IVerifierRegistry.GuardianOffered(guardian, to);
        vm.prank(guardian);
        registry.transferGuardian(to);
        assertEq(registry.pendingGuardian(), to);
        assertEq(registry.guardian(), guardian);
    }
}
