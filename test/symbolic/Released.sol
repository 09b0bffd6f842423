// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

/// @notice Deploys contracts as they are released: proofs are about the bytecode in `out/`, which the release settings
/// made, and not about another build of the same source. (`vm.deployCode` does the same; halmos does not know it.)
abstract contract Released is Test {
    function _deploy(string memory artifact, bytes memory args) internal returns (address made) {
        bytes memory code = abi.encodePacked(vm.getCode(artifact), args);
        assembly ("memory-safe") {
            made := create(0, add(code, 0x20), mload(code))
        }
        require(made != address(0));
    }

    function _deployEscrow(address registry) internal returns (address) {
        return _deploy("out/CoreProverEscrow.sol/CoreProverEscrow.json", abi.encode(address(1), registry, address(0)));
    }
}
