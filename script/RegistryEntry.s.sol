// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {DeploymentFile} from "./lib/DeploymentFile.sol";
import {IVerifierRegistry} from "contracts/interfaces/IVerifierRegistry.sol";
import {Script} from "forge-std/Script.sol";
import {console} from "forge-std/console.sol";

/// @title The entry of a deployment for an attribute registry
/// @notice `forge script script/RegistryEntry.s.sol --rpc-url <node>` prints what a registry says about the contracts
/// of this chain: where they are, the hash of their code as the chain has it, who may revoke verifiers now, whether
/// they were audited, and since when they are there. Whoever keeps the registry signs it.
///
/// Environment: COREPROVER_AUDIT_STATUS (`none`), COREPROVER_ENTRY (a file inside deployments/ to write it to).
contract RegistryEntry is Script, DeploymentFile {
    function run() external {
        string memory json = entry(vm.readFile(path()));
        string memory to = vm.envOr("COREPROVER_ENTRY", string(""));
        if (bytes(to).length == 0) console.log(json);
        else vm.writeJson(json, to);
    }

    /// @notice The entry for a deployment file.
    function entry(string memory file) public returns (string memory) {
        string memory chain = string.concat("eip155:", vm.toString(vm.parseJsonUint(file, ".chainId")));
        string[6] memory name = names();
        string memory contracts;
        for (uint256 i; i < 6; ++i) {
            address where = vm.parseJsonAddress(file, string.concat(".contracts.", name[i], ".address"));
            if (where.code.length == 0) revert NoCode(name[i], where);
            string memory id = string.concat("entry.", name[i]);
            vm.serializeAddress(id, "address", where);
            vm.serializeString(id, "account", string.concat(chain, ":", vm.toString(where)));
            contracts =
                vm.serializeString("entry.contracts", name[i], vm.serializeBytes32(id, "code_hash", where.codehash));
        }
        vm.serializeString("entry", "chain", chain);
        address registry = vm.parseJsonAddress(file, ".contracts.VerifierRegistry.address");
        vm.serializeAddress("entry", "guardian", IVerifierRegistry(registry).guardian());
        vm.serializeString("entry", "audit_status", vm.envOr("COREPROVER_AUDIT_STATUS", string("none")));
        vm.serializeUint("entry", "deployed_at", vm.parseJsonUint(file, ".deployedAt"));
        return vm.serializeString("entry", "contracts", contracts);
    }
}
