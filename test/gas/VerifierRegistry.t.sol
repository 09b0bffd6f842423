// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {RegistryTest} from "../registry/RegistryTest.sol";

/// @notice Whole transactions, but for `verify`, a view: what it adds to the verb that asks it. The verifier itself
/// is a stub here.
contract VerifierRegistryGas is RegistryTest {
    function test_gas_propose() external {
        _propose(impl, 5);
        vm.snapshotGasLastCall("VerifierRegistry", "propose");
    }

    function test_gas_deprecate() external {
        _activate(impl, 5);
        vm.prank(aggregator);
        registry.deprecate(CIRCUIT, VERSION);
        vm.snapshotGasLastCall("VerifierRegistry", "deprecate");
    }

    function test_gas_revoke() external {
        _activate(impl, 5);
        vm.prank(guardian);
        registry.revoke(CIRCUIT, VERSION);
        vm.snapshotGasLastCall("VerifierRegistry", "revoke");
    }

    function test_gas_verify() external {
        _activate(impl, 5);
        assertTrue(_holds());
        vm.snapshotGasLastCall("VerifierRegistry", "verify, 5 signals, stub");
    }
}
