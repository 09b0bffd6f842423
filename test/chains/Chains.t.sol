// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Answers} from "../registry/Verifiers.sol";
import {IVerifierRegistry} from "contracts/interfaces/IVerifierRegistry.sol";
import {Test} from "forge-std/Test.sol";

/// @notice Every profile in chains/ parses, has every field, and keeps its own arithmetic.
contract ChainsTest is Test {
    string[6] private _files = ["1", "369", "943", "8453", "31337", "84532"];

    function test_chains_everyFileIsListed() external view {
        assertEq(vm.readDir("chains").length, _files.length);
    }

    /// Shows R-521.
    function test_chains_identity() external view {
        for (uint256 i; i < _files.length; ++i) {
            string memory toml = _read(i);
            assertEq(vm.parseTomlUint(toml, ".chain_id"), vm.parseUint(_files[i]), "the file has the chain's id");
            assertGt(bytes(vm.parseTomlString(toml, ".name")).length, 0);
            bytes32 hardfork = keccak256(bytes(vm.parseTomlString(toml, ".hardfork")));
            assertTrue(hardfork == keccak256("cancun") || hardfork == keccak256("probe"));
            assertEq(vm.parseTomlAddress(toml, ".permit2"), 0x000000000022D473030F116dDEE9F6B43aC78BA3);
            assertEq(vm.parseTomlUint(toml, ".native.decimals"), 18);
            assertGt(bytes(vm.parseTomlString(toml, ".native.symbol")).length, 0);
            _checkTiers(toml, ".native");
        }
    }

    function test_chains_finalityRisesWithTheTier() external view {
        for (uint256 i; i < _files.length; ++i) {
            string memory toml = _read(i);
            uint256 small = _finality(toml, ".finality.small");
            uint256 medium = _finality(toml, ".finality.medium");
            uint256 large = _finality(toml, ".finality.large");
            assertLe(small, medium);
            assertLe(medium, large);
        }
    }

    /// Shows R-082.
    function test_chains_timelockDistances() external view {
        // Minutes between two timelocks on the same chain, rounded, as the design of the routes has them.
        uint256[6] memory minutes_ = [uint256(100), 115, 115, 140, 1, 140];
        for (uint256 i; i < _files.length; ++i) {
            string memory toml = _read(i);
            uint256 distance = _seconds(toml, "observation") + 2 * _seconds(toml, "clock") + _seconds(toml, "outage")
                + _seconds(toml, "slack") + _seconds(toml, "inclusion") + _seconds(toml, "reorg")
                + _seconds(toml, "censorship");
            assertApproxEqAbs(distance, minutes_[i] * 60, 60, _files[i]);
        }
    }

    function test_chains_localChainIsFinalAtOnce() external view {
        string memory toml = vm.readFile("chains/31337.toml");
        assertEq(_finality(toml, ".finality.large"), 0);
        assertEq(vm.parseTomlUint(toml, ".finality.large.blocks"), 0);
    }

    function test_chains_tokensHaveTheirDomains() external view {
        uint256 known;
        for (uint256 i; i < _files.length; ++i) {
            string memory toml = _read(i);
            string[] memory symbols = vm.parseTomlKeys(toml, ".tokens");
            for (uint256 j; j < symbols.length; ++j) {
                string memory token = string.concat(".tokens.", symbols[j]);
                assertTrue(vm.parseTomlAddress(toml, string.concat(token, ".address")) != address(0));
                assertGt(vm.parseTomlUint(toml, string.concat(token, ".decimals")), 0);
                assertGt(bytes(vm.parseTomlString(toml, string.concat(token, ".eip712_name"))).length, 0);
                assertGt(bytes(vm.parseTomlString(toml, string.concat(token, ".eip712_version"))).length, 0);
                _checkTiers(toml, token);
                ++known;
            }
        }
        assertEq(known, 3);
    }

    /// @dev The contract's list of test chains and the profiles agree.
    function test_chains_testnetsTakeDevelopmentVerifiersAndNoOthersDo() external {
        address impl = address(new Answers(abi.encode(true)));
        IVerifierRegistry registry = IVerifierRegistry(
            vm.deployCode("VerifierRegistry.sol:VerifierRegistry", abi.encode(address(this), address(this), 0))
        );
        for (uint48 i; i < _files.length; ++i) {
            string memory toml = _read(i);
            uint256 chainId = vm.parseTomlUint(toml, ".chain_id");
            vm.chainId(chainId);
            if (!vm.parseTomlBool(toml, ".testnet")) {
                vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.DevelopmentVerifier.selector, chainId));
            }
            registry.propose(keccak256("circuit"), i + 1, impl, 0, 0, 1, true, false);
        }
    }

    function _read(uint256 i) private view returns (string memory) {
        return vm.readFile(string.concat("chains/", _files[i], ".toml"));
    }

    function _seconds(string memory toml, string memory delay) private pure returns (uint256) {
        return vm.parseTomlUint(toml, string.concat(".delays.", delay));
    }

    function _finality(string memory toml, string memory tier) private pure returns (uint256) {
        bytes32 rule = keccak256(bytes(vm.parseTomlString(toml, string.concat(tier, ".rule"))));
        uint256 blocks = vm.parseTomlUint(toml, string.concat(tier, ".blocks"));
        uint256 time = vm.parseTomlUint(toml, string.concat(tier, ".seconds"));
        if (rule == keccak256("depth")) {
            assertEq(time, blocks * vm.parseTomlUint(toml, ".block.seconds"));
        } else {
            assertTrue(rule == keccak256("l1-derived") || rule == keccak256("finalized"));
            assertEq(blocks, 0);
        }
        return time;
    }

    /// @dev Amounts are strings of digits, never numbers that a parser could round.
    function _checkTiers(string memory toml, string memory table) private pure {
        string memory small = vm.parseTomlString(toml, string.concat(table, ".small_up_to"));
        string memory medium = vm.parseTomlString(toml, string.concat(table, ".medium_up_to"));
        assertGt(vm.parseUint(small), 0);
        assertLt(vm.parseUint(small), vm.parseUint(medium));
    }
}
