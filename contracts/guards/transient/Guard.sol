// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

/// @title The re-entrancy guard of every verb, for chains with the Cancun opcodes
/// @notice The constructor executes TSTORE, TLOAD and MCOPY, so a chain that lacks them refuses the deployment
/// instead of locking money later. `guards/storage` holds the variant for such a chain.
abstract contract Guard is ReentrancyGuardTransient {
    /// @notice The chain answered one of the probed opcodes wrongly.
    error UnsupportedChain();

    constructor() {
        uint256 echoed;
        assembly ("memory-safe") {
            tstore(0, 1)
            mstore(0x00, tload(0))
            mcopy(0x20, 0x00, 0x20)
            echoed := mload(0x20)
            tstore(0, 0)
        }
        if (echoed != 1) revert UnsupportedChain();
    }

    /// @dev For a verb that calls nobody: nothing can re-enter it, so it only refuses to run inside another verb.
    modifier outsideVerbs() {
        if (_reentrancyGuardEntered()) revert ReentrancyGuardReentrantCall();
        _;
    }
}
