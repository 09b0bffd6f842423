// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

/// @title The re-entrancy guard of every verb, for chains without the Cancun opcodes
/// @notice Chosen by the `storage-guard` build profile; `guards/transient` is the default.
abstract contract Guard is ReentrancyGuard {
    /// @dev For a verb that calls nobody: nothing can re-enter it, so it only refuses to run inside another verb.
    modifier outsideVerbs() {
        if (_reentrancyGuardEntered()) revert ReentrancyGuardReentrantCall();
        _;
    }
}
