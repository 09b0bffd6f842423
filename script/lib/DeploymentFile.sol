// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Config, Configuration} from "./Config.sol";
import {Deployment} from "./Wiring.sol";
import {VmSafe} from "forge-std/Vm.sol";

/// @title Reads builds, writes and reads deployments/<chainId>.json
abstract contract DeploymentFile is Configuration {
    /// @notice The contracts of a deployment, in the order in which they are made.
    function names() public pure returns (string[6] memory) {
        return ["VerifierRegistry", "CoreProverEscrow", "ReceiptVault", "HashedTimelock", "TgpRouter", "EscrowLens"];
    }

    /// @notice Their addresses, in the same order.
    function addresses(Deployment memory d) public pure returns (address[6] memory) {
        return [address(d.registry), address(d.escrow), address(d.vault), address(d.htlc), address(d.router), d.lens];
    }

    /// @notice The file of this chain.
    function path() public view returns (string memory) {
        return string.concat(
            vm.envOr("COREPROVER_DEPLOYMENTS", string("deployments")), "/", vm.toString(block.chainid), ".json"
        );
    }

    /// @notice Creation code with its constructor arguments: of this build, or in another project, where the Rust bindings
    /// lie below COREPROVER_ROOT (lib/coreprover unless set) and forge may read them, the released code.
    function creationCode(string memory name, bytes memory args) public view returns (bytes memory) {
        string memory root = vm.envOr("COREPROVER_ROOT", string("lib/coreprover"));
        string memory released = string.concat(root, "/crates/bindings/abi/", name, ".json");
        bool elsewhere = _mayRead(released);
        return bytes.concat(vm.getCode(elsewhere ? released : string.concat(name, ".sol:", name)), args);
    }

    /// @dev False also where `fs_permissions` do not allow to look.
    function _mayRead(string memory file) private view returns (bool) {
        try vm.isFile(file) returns (bool there) {
            return there;
        } catch {
            return false;
        }
    }

    /// @notice Constructor arguments of the registry.
    function registryArguments(Config memory c) public pure returns (bytes memory) {
        return abi.encode(c.aggregator, c.guardian, c.delay);
    }

    /// @notice Constructor arguments of the escrow; there is no registry of handles yet.
    function escrowArguments(Deployment memory d, Config memory c) public pure returns (bytes memory) {
        return abi.encode(c.permit2, d.registry, address(0));
    }

    /// @notice Constructor arguments of every contract, in the order of `names`. The escrow itself passes the vault's.
    function arguments(Deployment memory d, Config memory c) public pure returns (bytes[6] memory a) {
        a[0] = registryArguments(c);
        a[1] = escrowArguments(d, c);
        a[2] = abi.encode(d.escrow, d.registry, address(0));
        a[3] = abi.encode(c.permit2);
        a[5] = abi.encode(d.escrow);
    }

    /// @notice Writes the file. What an older file or the log of the last broadcast knows of blocks and transactions is
    /// kept; before that, `block` is the one on which the deployment was built, from which an indexer may start. Of an
    /// older chain with the same id nothing is kept.
    function write(Deployment memory d, Config memory c, string memory to) public {
        string memory old = vm.exists(to) ? vm.readFile(to) : "";
        bytes32 genesis = _genesis();
        bool logged = vm.isContext(VmSafe.ForgeContext.ScriptGroup);
        if (bytes(old).length != 0 && vm.keyExistsJson(old, ".genesisHash")) {
            // the broadcast is logged after this was written: what is there is of the older chain, too
            if (vm.parseJsonBytes32(old, ".genesisHash") != genesis) (old, logged) = ("", false);
        }
        string memory contracts;
        (string[6] memory name, address[6] memory where, bytes[6] memory a) = (names(), addresses(d), arguments(d, c));
        for (uint256 i; i < 6; ++i) {
            contracts = vm.serializeString("contracts", name[i], _entry(name[i], where[i], a[i], old, logged));
        }
        vm.serializeUint("file", "chainId", block.chainid);
        if (genesis != 0) vm.serializeBytes32("file", "genesisHash", genesis);
        vm.serializeUint("file", "deployedAt", _deployedAt(d, old));
        vm.serializeAddress("file", "aggregator", c.aggregator);
        vm.serializeAddress("file", "guardian", c.guardian);
        vm.serializeUint("file", "delay", c.delay);
        vm.serializeAddress("file", "permit2", c.permit2);
        string memory file = vm.serializeString("file", "contracts", contracts);
        vm.createDir(_folder(to), true);
        vm.writeJson(file, to);
    }

    function _entry(string memory name, address where, bytes memory a, string memory old, bool logged)
        private
        returns (string memory json)
    {
        (uint256 number, bytes32 hash) = _origin(name, where, old, logged);
        vm.serializeAddress(name, "address", where);
        vm.serializeBytes32(name, "codeHash", where.codehash);
        vm.serializeUint(name, "block", number);
        vm.serializeString(name, "compiler", _compiler(name));
        json = vm.serializeBytes(name, "constructorArguments", a);
        if (hash != 0) json = vm.serializeBytes32(name, "tx", hash);
    }

    /// @dev The hash of block 0, by which local chains of one id differ. Zero in a test, and where the node has no such
    /// block.
    function _genesis() private returns (bytes32 hash) {
        if (!_onChain()) return 0;
        uint256 head = vm.getBlockNumber();
        // block hashes go back 256 blocks; forge takes them from the node
        vm.roll(1);
        hash = blockhash(0);
        vm.roll(head);
        // what forge takes for the hash of a block that the node does not have
        if (hash == keccak256("")) return 0;
    }

    /// @dev Block and transaction of a contract: from the log of the broadcast, else from the older file.
    function _origin(string memory name, address where, string memory old, bool logged)
        private
        view
        returns (uint256, bytes32)
    {
        // The escrow's transaction made the vault too.
        string memory maker = keccak256(bytes(name)) == keccak256("ReceiptVault") ? "CoreProverEscrow" : name;
        if (logged) {
            try vm.getBroadcast(maker, uint64(block.chainid), VmSafe.BroadcastTxType.Create2) returns (
                VmSafe.BroadcastTxSummary memory log
            ) {
                bool same = log.contractAddress == where || bytes(maker).length != bytes(name).length;
                if (same && log.success && log.blockNumber <= block.number) return (log.blockNumber, log.txHash);
            } catch {}
        }
        string memory key = string.concat(".contracts.", name);
        if (bytes(old).length == 0 || !vm.keyExistsJson(old, key)) return (block.number, 0);
        if (vm.parseJsonAddress(old, string.concat(key, ".address")) != where) return (block.number, 0);
        string memory hash = string.concat(key, ".tx");
        return (
            vm.parseJsonUint(old, string.concat(key, ".block")),
            vm.keyExistsJson(old, hash) ? vm.parseJsonBytes32(old, hash) : bytes32(0)
        );
    }

    function _deployedAt(Deployment memory d, string memory old) private view returns (uint256) {
        if (bytes(old).length == 0) return block.timestamp;
        bool same = vm.parseJsonAddress(old, ".contracts.CoreProverEscrow.address") == address(d.escrow);
        return same ? vm.parseJsonUint(old, ".deployedAt") : block.timestamp;
    }

    /// @dev What its artifact says it was compiled with.
    function _compiler(string memory name) private returns (string memory) {
        string memory artifact = vm.readFile(_artifact(name));
        string memory id = string.concat("compiler.", name);
        string memory optimizer = ".metadata.settings.optimizer";
        vm.serializeString(id, "version", vm.parseJsonString(artifact, ".metadata.compiler.version"));
        vm.serializeString(id, "evm", vm.parseJsonString(artifact, ".metadata.settings.evmVersion"));
        vm.serializeBool(id, "viaIR", vm.parseJsonBool(artifact, ".metadata.settings.viaIR"));
        vm.serializeUint(id, "runs", vm.parseJsonUint(artifact, string.concat(optimizer, ".runs")));
        return vm.serializeString(
            id,
            "optimizerSteps",
            vm.parseJsonString(artifact, string.concat(optimizer, ".details.yulDetails.optimizerSteps"))
        );
    }

    function _artifact(string memory name) private view returns (string memory) {
        return string.concat(_storageGuard() ? "out-storage-guard/" : "out/", name, ".sol/", name, ".json");
    }

    function _folder(string memory file) private pure returns (string memory folder) {
        string[] memory parts = vm.split(file, "/");
        folder = parts[0];
        for (uint256 i = 1; i + 1 < parts.length; ++i) {
            folder = string.concat(folder, "/", parts[i]);
        }
    }
}
