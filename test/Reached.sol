// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

/// @title Fails an invariant suite that never got somewhere
/// @dev A run starts from a fresh state, so what runs have reached is kept in the environment of the process. After
/// sixteen runs every transition must have been reached by one of them.
abstract contract Reached is Test {
    uint256 private constant ENOUGH_RUNS = 16;

    /// @dev How often the run reached the transition.
    function _reached(string memory transition) internal view virtual returns (uint256);

    function _checkReached(string memory suite, string[] memory transitions) internal {
        string memory runsKey = string.concat(suite, "_RUNS");
        uint256 runs = vm.envOr(runsKey, uint256(0)) + 1;
        vm.setEnv(runsKey, vm.toString(runs));
        for (uint256 i; i < transitions.length; ++i) {
            string memory key = string.concat(suite, "_REACHED_", vm.toString(i));
            uint256 count = vm.envOr(key, uint256(0)) + _reached(transitions[i]);
            vm.setEnv(key, vm.toString(count));
            if (runs >= ENOUGH_RUNS) assertGt(count, 0, transitions[i]);
        }
    }
}
