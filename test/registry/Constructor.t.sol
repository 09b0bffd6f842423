// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {RegistryTest} from "./RegistryTest.sol";
import {VerifierRegistry} from "contracts/VerifierRegistry.sol";
import {IVerifierRegistry} from "contracts/interfaces/IVerifierRegistry.sol";
import {ZKB_01, ZKR_01, ZKS_01} from "contracts/libraries/Circuits.sol";

contract ConstructorTest is RegistryTest {
    function test_constructor_revertsWhenAggregatorIsZero() external {
        vm.expectRevert(IVerifierRegistry.ZeroAddress.selector);
        new VerifierRegistry(address(0), guardian, DELAY);
    }

    function test_constructor_revertsWhenGuardianIsZero() external {
        vm.expectRevert(IVerifierRegistry.ZeroAddress.selector);
        new VerifierRegistry(aggregator, address(0), DELAY);
    }

    function testFuzz_constructor_revertsWhenDelayIsTooLong(uint64 delay) external {
        delay = uint64(bound(delay, 365 days + 1, type(uint64).max));
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.DelayTooLong.selector, delay, uint64(365 days)));
        new VerifierRegistry(aggregator, guardian, delay);
    }

    function testFuzz_constructor_assignsRolesAndTheProjectsCircuits(address a, address g, uint64 delay) external {
        vm.assume(a != address(0) && g != address(0));
        delay = uint64(bound(delay, 0, 365 days));
        VerifierRegistry fresh = VerifierRegistry(vm.computeCreateAddress(address(this), vm.getNonce(address(this))));
        vm.expectEmit(address(fresh));
        emit IVerifierRegistry.GuardianChanged(address(0), g);
        vm.expectEmit(address(fresh));
        emit IVerifierRegistry.AggregatorChanged(ZKB_01, address(0), a);
        vm.expectEmit(address(fresh));
        emit IVerifierRegistry.AggregatorChanged(ZKS_01, address(0), a);
        vm.expectEmit(address(fresh));
        emit IVerifierRegistry.AggregatorChanged(ZKR_01, address(0), a);
        new VerifierRegistry(a, g, delay);

        assertEq(fresh.delay(), delay);
        assertEq(fresh.guardian(), g);
        assertEq(fresh.pendingGuardian(), address(0));
        assertEq(fresh.aggregatorOf(keccak256("TGP.ZKB-01")), a);
        assertEq(fresh.aggregatorOf(keccak256("TGP.ZKS-01")), a);
        assertEq(fresh.aggregatorOf(keccak256("TGP.ZKR-01")), a);
    }
}
