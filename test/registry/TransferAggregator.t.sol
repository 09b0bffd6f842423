// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {RegistryTest} from "./RegistryTest.sol";
import {IVerifierRegistry} from "contracts/interfaces/IVerifierRegistry.sol";

contract TransferAggregatorTest is RegistryTest {
    function testFuzz_transferAggregator_revertsWhenCallerIsNotTheAggregator(address caller, address to) external {
        vm.assume(caller != aggregator);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.NotAggregator.selector, CIRCUIT, aggregator, caller));
        vm.prank(caller);
        registry.transferAggregator(CIRCUIT, to);
    }

    function test_transferAggregator_revertsWhenNobodyOwnsTheCircuit() external {
        bytes32 circuit = keccak256("nobody's");
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.NotAggregator.selector, circuit, address(0), stranger));
        vm.prank(stranger);
        registry.transferAggregator(circuit, stranger);
    }

    function testFuzz_transferAggregator_offersWithoutGiving(address to) external {
        vm.expectEmit(address(registry));
        emit IVerifierRegistry.AggregatorOffered(CIRCUIT, aggregator, to);
        vm.prank(aggregator);
        registry.transferAggregator(CIRCUIT, to);
        assertEq(registry.pendingAggregatorOf(CIRCUIT), to);
        assertEq(registry.aggregatorOf(CIRCUIT), aggregator);
    }

    function test_transferAggregator_laterOfferReplacesTheEarlier() external {
        vm.startPrank(aggregator);
        registry.transferAggregator(CIRCUIT, stranger);
        registry.transferAggregator(CIRCUIT, address(0));
        vm.stopPrank();
        vm.expectRevert(
            abi.encodeWithSelector(IVerifierRegistry.NotPendingAggregator.selector, CIRCUIT, address(0), stranger)
        );
        vm.prank(stranger);
        registry.acceptAggregator(CIRCUIT);
    }
}
