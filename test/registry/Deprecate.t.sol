// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {RegistryTest} from "./RegistryTest.sol";
import {IVerifierRegistry, VerifierStatus} from "contracts/interfaces/IVerifierRegistry.sol";

contract DeprecateTest is RegistryTest {
    function testFuzz_deprecate_revertsWhenCallerIsNotTheAggregator(address caller) external {
        vm.assume(caller != aggregator);
        _reach(VerifierStatus.ACTIVE);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.NotAggregator.selector, CIRCUIT, aggregator, caller));
        vm.prank(caller);
        registry.deprecate(CIRCUIT, VERSION);
        assertTrue(registry.isActive(CIRCUIT, VERSION, false));
    }

    function testFuzz_deprecate_revertsWhenNotActive(uint256 seed) external {
        VerifierStatus status = _status(seed);
        vm.assume(status != VerifierStatus.ACTIVE);
        _reach(status);
        bytes32 before = _recordHash();
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.NotActive.selector, CIRCUIT, VERSION, status));
        vm.prank(aggregator);
        registry.deprecate(CIRCUIT, VERSION);
        assertEq(_recordHash(), before);
    }

    function testFuzz_deprecate_closesToNewOrdersOnly(uint32 later) external {
        _reach(VerifierStatus.ACTIVE);
        vm.expectEmit(address(registry));
        emit IVerifierRegistry.VerifierDeprecated(CIRCUIT, VERSION);
        vm.prank(aggregator);
        registry.deprecate(CIRCUIT, VERSION);

        assertEq(_record().deprecatedAt, vm.getBlockTimestamp());
        skip(later);
        assertFalse(registry.isActive(CIRCUIT, VERSION, false));
        assertFalse(registry.isRevoked(CIRCUIT, VERSION));
        assertTrue(_holds());
    }

    function test_deprecate_leavesOtherVersionsAlone() external {
        _reach(VerifierStatus.ACTIVE);
        vm.startPrank(aggregator);
        registry.propose(CIRCUIT, VERSION + 1, impl, 0, 0, 5, false, false);
        skip(DELAY);
        registry.deprecate(CIRCUIT, VERSION);
        assertTrue(registry.isActive(CIRCUIT, VERSION + 1, false));
    }
}
