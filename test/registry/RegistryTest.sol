// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {FiveSignals} from "./Verifiers.sol";
import {IVerifierRegistry, VerifierStatus} from "contracts/interfaces/IVerifierRegistry.sol";
import {ZKB_01} from "contracts/libraries/Circuits.sol";
import {Test} from "forge-std/Test.sol";
import {Built} from "../Built.sol";

/// @notice A registry, its people, and a way into every status.
abstract contract RegistryTest is Test {
    uint64 internal constant DELAY = 2 days;
    uint48 internal constant VERSION = 1;
    bytes32 internal constant CIRCUIT = ZKB_01;

    address internal aggregator = makeAddr("aggregator");
    address internal guardian = makeAddr("guardian");
    address internal stranger = makeAddr("stranger");

    IVerifierRegistry internal registry;
    address internal impl;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        registry = IVerifierRegistry(Built.deploy("VerifierRegistry", abi.encode(aggregator, guardian, DELAY)));
        impl = address(new FiveSignals());
    }

    /// @dev The proof and the signals that FiveSignals accepts, and the others for as many signals as they take.
    function _proof() internal pure returns (uint256[8] memory proof) {
        for (uint256 i; i < 8; ++i) {
            proof[i] = i + 1;
        }
    }

    function _signals(uint256 n) internal pure returns (uint256[] memory signals) {
        signals = new uint256[](n);
        for (uint256 i; i < n; ++i) {
            signals[i] = 101 + i;
        }
    }

    function _holds() internal view returns (bool) {
        return registry.verify(CIRCUIT, VERSION, _proof(), _signals(5));
    }

    function _propose(address impl_, uint8 nPublic) internal {
        vm.prank(aggregator);
        registry.propose({
            circuit: CIRCUIT,
            version: VERSION,
            impl: impl_,
            vkHash: keccak256("key"),
            ceremony: keccak256("ceremony"),
            nPublic: nPublic,
            dev: false,
            delivery: false
        });
    }

    function _activate(address impl_, uint8 nPublic) internal {
        _propose(impl_, nPublic);
        skip(DELAY);
    }

    /// @dev Brings CIRCUIT's VERSION into a status by calls alone.
    function _reach(VerifierStatus status) internal {
        if (status == VerifierStatus.NONE) return;
        _propose(impl, 5);
        if (status == VerifierStatus.PENDING) return;
        skip(DELAY);
        if (status == VerifierStatus.ACTIVE) return;
        vm.startPrank(aggregator);
        if (status == VerifierStatus.DEPRECATED) registry.deprecate(CIRCUIT, VERSION);
        else registry.revoke(CIRCUIT, VERSION);
        vm.stopPrank();
    }

    /// @dev A status from the calls' own numbers.
    function _status(uint256 seed) internal pure returns (VerifierStatus) {
        return VerifierStatus(seed % 5);
    }

    function _record() internal view returns (IVerifierRegistry.Verifier memory) {
        return registry.verifierOf(CIRCUIT, VERSION);
    }

    function _recordHash() internal view returns (bytes32) {
        return keccak256(abi.encode(_record()));
    }
}
