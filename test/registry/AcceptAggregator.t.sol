// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {RegistryTest} from "./RegistryTest.sol";
import {IVerifierRegistry, VerifierStatus} from "contracts/interfaces/IVerifierRegistry.sol";
import {ZKS_01} from "contracts/libraries/Circuits.sol";

contract AcceptAggregatorTest is RegistryTest {
    function testFuzz_acceptAggregator_revertsWhenNotOffered(address caller, address to) external {
        vm.assume(caller != to && caller != address(0));
        vm.prank(aggregator);
        registry.transferAggregator(CIRCUIT, to);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.NotPendingAggregator.selector, CIRCUIT, to, caller));
        vm.prank(caller);
        registry.acceptAggregator(CIRCUIT);
        assertEq(registry.aggregatorOf(CIRCUIT), aggregator);
    }

    function testFuzz_acceptAggregator_takesThatCircuitAndNoOther(address to) external {
        vm.assume(to != address(0) && to != aggregator);
        _reach(VerifierStatus.ACTIVE);
        vm.prank(aggregator);
        registry.transferAggregator(CIRCUIT, to);
        vm.expectEmit(address(registry));
        emit IVerifierRegistry.AggregatorChanged(CIRCUIT, aggregator, to);
        vm.prank(to);
        registry.acceptAggregator(CIRCUIT);

        assertEq(registry.aggregatorOf(CIRCUIT), to);
        assertEq(registry.pendingAggregatorOf(CIRCUIT), address(0));
        assertEq(registry.aggregatorOf(ZKS_01), aggregator);

        // The power went with it, also over the versions that the former aggregator proposed.
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.NotAggregator.selector, CIRCUIT, to, aggregator));
        vm.prank(aggregator);
        registry.deprecate(CIRCUIT, VERSION);
        vm.prank(to);
        registry.deprecate(CIRCUIT, VERSION);
        assertEq(_record().aggregator, aggregator);
    }

    function test_acceptAggregator_worksOnce() external {
        vm.prank(aggregator);
        registry.transferAggregator(CIRCUIT, stranger);
        vm.startPrank(stranger);
        registry.acceptAggregator(CIRCUIT);
        vm.expectRevert(
            abi.encodeWithSelector(IVerifierRegistry.NotPendingAggregator.selector, CIRCUIT, address(0), stranger)
        );
        registry.acceptAggregator(CIRCUIT);
    }
}
