// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

/// @title Fails an invariant suite that never got somewhere
/// @dev A run starts from a fresh state, so what runs have reached is kept in the environment of the process.
abstract contract Reached is Test {
    uint256 private constant ENOUGH_RUNS = 16;

    /// @dev More runs below the length than a shrunk or repeated failure can be the reason of.
    uint256 private constant TOO_MANY_SHORT_RUNS = 4;

    /// @dev How often the run reached the transition.
    function _reached(string memory transition) internal view virtual returns (uint256);

    /// @dev After sixteen runs every transition must have been reached by one of them.
    function _checkReached(string memory suite, string[] memory transitions) internal {
        uint256 runs = _add(string.concat(suite, "_RUNS"), 1);
        uint256[] memory counts = _record(suite, transitions);
        _print(transitions, counts);
        if (runs < ENOUGH_RUNS) return;
        for (uint256 i; i < transitions.length; ++i) {
            assertGt(counts[i], 0, transitions[i]);
        }
    }

    /// @dev Every run of `length` calls must have reached every transition by itself. A shorter one may be a failure
    /// that is being shrunk or repeated, and is not asked; a campaign of shorter ones fails.
    function _checkReachedByRun(string memory suite, string[] memory transitions, uint256 calls, uint256 length)
        internal
    {
        string memory runsKey = string.concat(suite, "_RUNS");
        if (calls < length) {
            if (vm.envOr(runsKey, uint256(0)) != 0 || vm.envOr(_failedKey(suite), false)) return;
            uint256 short = _add(string.concat(suite, "_SHORT_RUNS"), 1);
            assertLt(short, TOO_MANY_SHORT_RUNS, "runs too short to ask what they reached: set invariant.depth");
            return;
        }
        _add(runsKey, 1);
        _print(transitions, _record(suite, transitions));
        string memory missing;
        for (uint256 i; i < transitions.length; ++i) {
            if (_reached(transitions[i]) == 0) missing = string.concat(missing, transitions[i], "; ");
        }
        assertEq(missing, "", "never reached");
    }

    /// @dev To be called before an assertion fails for another reason: while that is shrunk, runs are short.
    function _noteFailure(string memory suite) internal {
        vm.setEnv(_failedKey(suite), "true");
    }

    function _failedKey(string memory suite) private pure returns (string memory) {
        return string.concat(suite, "_FAILED");
    }

    /// @dev Adds what this run reached to what earlier ones did.
    function _record(string memory suite, string[] memory transitions) private returns (uint256[] memory counts) {
        counts = new uint256[](transitions.length);
        for (uint256 i; i < transitions.length; ++i) {
            counts[i] = _add(string.concat(suite, "_REACHED_", vm.toString(i)), _reached(transitions[i]));
        }
    }

    function _add(string memory key, uint256 more) private returns (uint256 count) {
        count = vm.envOr(key, uint256(0)) + more;
        vm.setEnv(key, vm.toString(count));
    }

    /// @dev `forge test -vv` shows it: how often this run and all runs so far reached each transition.
    function _print(string[] memory transitions, uint256[] memory counts) private {
        emit log("     all runs     this run  reached");
        for (uint256 i; i < transitions.length; ++i) {
            string memory line = string.concat(_right(counts[i], 13), _right(_reached(transitions[i]), 13));
            emit log(string.concat(line, "  ", transitions[i]));
        }
    }

    function _right(uint256 number, uint256 width) private pure returns (string memory text) {
        text = vm.toString(number);
        while (bytes(text).length < width) text = string.concat(" ", text);
    }
}
