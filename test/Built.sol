// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";

/// @notice The contracts under test, as the compiler left them.
library Built {
    Vm private constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// @notice Deploys a contract of this build, or of that in the folder COREPROVER_BUILD: `make storage-guard` tests
    /// its own so.
    function deploy(string memory name, bytes memory arguments) internal returns (address) {
        string memory folder = VM.envOr("COREPROVER_BUILD", string(""));
        // By its name, so that coverage finds the build that it watches.
        if (bytes(folder).length == 0) return VM.deployCode(string.concat(name, ".sol:", name), arguments);
        return VM.deployCode(string.concat(folder, "/", name, ".sol/", name, ".json"), arguments);
    }
}
