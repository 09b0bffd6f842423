// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Config} from "./lib/Config.sol";
import {DeploymentFile} from "./lib/DeploymentFile.sol";
import {Factory} from "./lib/Factory.sol";
import {Deployment, Wiring} from "./lib/Wiring.sol";
import {IEscrow} from "contracts/interfaces/IEscrow.sol";
import {IHashedTimelock} from "contracts/interfaces/IHashedTimelock.sol";
import {ITgpRouter} from "contracts/interfaces/ITgpRouter.sol";
import {IVerifierRegistry} from "contracts/interfaces/IVerifierRegistry.sol";
import {Script} from "forge-std/Script.sol";
import {VmSafe} from "forge-std/Vm.sol";
import {console} from "forge-std/console.sol";

/// @title Deploys CoreProver
/// @notice On a chain: `forge script script/Deploy.s.sol --rpc-url <node> --broadcast --account <keystore>`. A second
/// run deploys nothing and adds transactions and blocks to deployments/<chainId>.json.
/// In a test: `Deployment memory d = new Deploy().deploy();`, which on the local chain needs no environment and of files
/// only what `forge build` wrote; in another project see docs/guide/deploy.md.
///
/// Environment, each optional on a local chain (31337), the first two needed elsewhere:
///   COREPROVER_AGGREGATOR  to whom the registry's circuits belong at first
///   COREPROVER_GUARDIAN    who may revoke verifiers
///   COREPROVER_DELAY       seconds from a verifier's proposal to its activation; two days, on a local chain 0
///   COREPROVER_PERMIT2     another Permit2 than the usual one
///   COREPROVER_DEPLOYMENTS where the deployment file goes, a folder inside deployments/; that folder itself
contract Deploy is Script, Factory, Wiring, DeploymentFile {
    /// @notice How many contracts the last call of `deploy` made.
    uint256 public made;

    /// @notice Checks the chain, deploys what is missing and, with --broadcast, writes the deployment file.
    function run() public virtual returns (Deployment memory d) {
        Config memory c = config();
        checkConfig(c);
        checkChain(c);
        d = deploy(c);
        if (made == 0) console.log("Nothing to deploy: every contract is there.");
        else console.log("Deployed %s of 6 contracts; the others were there.", made);
        if (vm.isContext(VmSafe.ForgeContext.ScriptBroadcast)) write(d, c, path());
        _print(d);
    }

    /// @notice Deploys with the configuration of this chain.
    function deploy() public returns (Deployment memory) {
        return deploy(config());
    }

    /// @notice Deploys what is missing with this configuration, and checks how the parts are wired.
    function deploy(Config memory c) public returns (Deployment memory d) {
        checkConfig(c);
        _ensureFactory();
        made = 0;
        bool fresh = predict("VerifierRegistry", registryArguments(c)).code.length == 0;
        d.registry = IVerifierRegistry(_make("VerifierRegistry", registryArguments(c)));
        uint256 before = made;
        d.escrow = IEscrow(_make("CoreProverEscrow", escrowArguments(d, c)));
        // The escrow's constructor makes the vault.
        if (made != before) ++made;
        d.vault = d.escrow.vault();
        d.htlc = IHashedTimelock(_make("HashedTimelock", abi.encode(c.permit2)));
        d.router = ITgpRouter(_make("TgpRouter", ""));
        d.lens = _make("EscrowLens", abi.encode(d.escrow));
        checkWiring(d, c, fresh);
    }

    /// @notice Where a contract of this build with these constructor arguments is, or will be.
    function predict(string memory name, bytes memory args) public view returns (address) {
        return _addressOf(creationCode(name, args));
    }

    function _make(string memory name, bytes memory args) private returns (address where) {
        if (predict(name, args).code.length == 0) ++made;
        where = _create(name, creationCode(name, args));
    }

    function _print(Deployment memory d) private pure {
        console.log("  escrow   %s", address(d.escrow));
        console.log("  vault    %s", address(d.vault));
        console.log("  htlc     %s", address(d.htlc));
        console.log("  router   %s", address(d.router));
        console.log("  registry %s", address(d.registry));
        console.log("  lens     %s", d.lens);
    }
}
