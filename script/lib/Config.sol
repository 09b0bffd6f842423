// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {CommonBase} from "forge-std/Base.sol";
import {VmSafe} from "forge-std/Vm.sol";

/// @notice What a deployment is made with.
/// @param aggregator to whom the verifier registry's circuits belong at first
/// @param guardian who may revoke verifiers
/// @param delay seconds between a verifier's proposal and its activation
/// @param permit2 the chain's Permit2
struct Config {
    address aggregator;
    address guardian;
    uint64 delay;
    address permit2;
}

/// @title Where a deployment's configuration comes from, and which is refused
/// @dev Environment over defaults; chains/<id>.toml says what the chain is.
abstract contract Configuration is CommonBase {
    uint256 internal constant LOCAL = 31337;
    address internal constant PERMIT2 = 0x000000000022D473030F116dDEE9F6B43aC78BA3;

    /// @dev Executes TSTORE, TLOAD and MCOPY, and returns one word.
    string private constant PROBE = "0x600160005d60005c6000526020600060205e60206020f3";

    /// @notice The environment variable is needed on this chain.
    error ConfigMissing(string variable);

    /// @notice COREPROVER_DELAY is outside what this chain allows.
    error DelayOutOfRange(uint256 delay, uint256 least, uint256 most);

    /// @notice There is no file chains/<id>.toml, or it says another chain id.
    error ChainUnknown(uint256 chainId);

    /// @notice What the field names has no code.
    error NoCode(string field, address found);

    /// @notice The chain's profile names another Permit2: set COREPROVER_PERMIT2 to the one that is meant.
    error OtherPermit2(address profile, address configured);

    /// @notice The chain lacks TSTORE, TLOAD or MCOPY: use the build with a storage guard.
    error OpcodesMissing(uint256 chainId, string command);

    /// @notice The configuration of the chain that runs this. Only a local chain has a default for every field: there
    /// the caller is guardian and aggregator.
    function config() public view returns (Config memory c) {
        bool local = block.chainid == LOCAL;
        address owner = local ? msg.sender : address(0);
        c.aggregator = _addressOr("COREPROVER_AGGREGATOR", owner);
        c.guardian = _addressOr("COREPROVER_GUARDIAN", owner);
        uint256 delay = local ? 0 : 2 days;
        if (vm.envExists("COREPROVER_DELAY")) delay = vm.envUint("COREPROVER_DELAY");
        if (delay > type(uint64).max) revert DelayOutOfRange(delay, 0, 365 days);
        // forge-lint: disable-next-line(unsafe-typecast)
        c.delay = uint64(delay);
        c.permit2 = _addressOr("COREPROVER_PERMIT2", PERMIT2);
    }

    /// @dev Not `vm.envOr`, which takes the default for a value that it cannot read.
    function _addressOr(string memory variable, address usual) private view returns (address) {
        return vm.envExists(variable) ? vm.envAddress(variable) : usual;
    }

    /// @notice Reverts unless the configuration may be deployed on this chain.
    function checkConfig(Config memory c) public view {
        if (c.aggregator == address(0)) revert ConfigMissing("COREPROVER_AGGREGATOR");
        if (c.guardian == address(0)) revert ConfigMissing("COREPROVER_GUARDIAN");
        if (c.permit2 == address(0)) revert ConfigMissing("COREPROVER_PERMIT2");
        uint256 least = _leastDelay();
        if (c.delay < least || c.delay > 365 days) revert DelayOutOfRange(c.delay, least, 365 days);
    }

    /// @notice Reverts unless the chain has a profile and what the profile and the configuration name.
    function checkChain(Config memory c) public {
        string memory path = string.concat("chains/", vm.toString(block.chainid), ".toml");
        string memory toml;
        try vm.readFile(path) returns (string memory text) {
            toml = text;
        } catch {
            revert ChainUnknown(block.chainid);
        }
        if (vm.parseTomlUint(toml, ".chain_id") != block.chainid) revert ChainUnknown(block.chainid);
        address usual = vm.parseTomlAddress(toml, ".permit2");
        if (c.permit2 != usual && !vm.envExists("COREPROVER_PERMIT2")) revert OtherPermit2(usual, c.permit2);
        if (c.permit2.code.length == 0) revert NoCode("permit2", c.permit2);
        bool asked = keccak256(bytes(vm.parseTomlString(toml, ".hardfork"))) == keccak256("probe");
        if (asked && !_storageGuard() && !_hasOpcodes()) {
            revert OpcodesMissing(
                block.chainid,
                "FOUNDRY_PROFILE=storage-guard forge build contracts, then run this with FOUNDRY_PROFILE=storage-guard"
            );
        }
    }

    /// @dev Zero on a local chain, an hour on a test chain, two days where money is real.
    function _leastDelay() private view returns (uint256) {
        if (block.chainid == LOCAL) return 0;
        return block.chainid == 84532 || block.chainid == 943 ? 1 hours : 2 days;
    }

    /// @dev Whether the build in use keeps its guard in storage.
    function _storageGuard() internal view returns (bool) {
        return keccak256(bytes(_profile())) == keccak256("storage-guard");
    }

    /// @dev The build profile in use.
    function _profile() internal view returns (string memory) {
        return vm.envOr("FOUNDRY_PROFILE", string("default"));
    }

    /// @dev Whether the node executes the opcodes: a creation that uses them, without sending anything.
    function _hasOpcodes() internal virtual returns (bool) {
        try vm.rpc("eth_call", string.concat('[{"data":"', PROBE, '"},"latest"]')) returns (bytes memory answer) {
            return answer.length > 0;
        } catch {
            return false;
        }
    }

    /// @dev Whether this runs in `forge script` against a node, and not in a test.
    function _onChain() internal view returns (bool) {
        if (!vm.isContext(VmSafe.ForgeContext.ScriptGroup)) return false;
        try vm.activeFork() returns (uint256) {
            return true;
        } catch {
            return false;
        }
    }
}
