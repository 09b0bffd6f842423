// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Answers} from "../registry/Verifiers.sol";
import {VerifierRegistry} from "contracts/VerifierRegistry.sol";
import {IVerifierRegistry, VerifierStatus} from "contracts/interfaces/IVerifierRegistry.sol";
import {Test} from "forge-std/Test.sol";

/// @notice What holds for every circuit, version, caller and time, shown by symbolic execution.
contract VerifierRegistrySymbolic is Test {
    address private constant AGGREGATOR = address(0xA66);
    address private constant GUARDIAN = address(0x6a4d);
    uint64 private constant DELAY = 2 days;

    VerifierRegistry private _registry;
    address private _impl;

    function setUp() public {
        _registry = new VerifierRegistry(AGGREGATOR, GUARDIAN, DELAY);
        _impl = address(new Answers(abi.encode(true)));
    }

    /// @dev A version has the status that its record says, whatever the record's times and the clock.
    function check_statusFollowsTheClock(bytes32 circuit, uint48 version, uint64 proposedAt, uint64 now_) public {
        vm.assume(circuit != 0 && version != 0 && proposedAt != 0);
        vm.assume(proposedAt < type(uint64).max - DELAY && now_ >= proposedAt);
        address owner = _registry.aggregatorOf(circuit);
        vm.warp(proposedAt);
        vm.prank(owner == address(0) ? AGGREGATOR : owner);
        _registry.propose(circuit, version, _impl, 0, 0, 5, false, false);
        vm.warp(now_);
        assert(_registry.isActive(circuit, version, false) == (now_ >= proposedAt + DELAY));
        assert(!_registry.isRevoked(circuit, version));
    }

    /// @dev Once revoked, no call of anybody brings a version back.
    function check_revokedStaysRevoked(bytes32 circuit, uint48 version, address caller, uint8 verb, uint64 later)
        public
    {
        vm.assume(circuit != 0 && version != 0);
        vm.warp(1_800_000_000);
        address owner = _registry.aggregatorOf(circuit);
        vm.prank(owner == address(0) ? AGGREGATOR : owner);
        _registry.propose(circuit, version, _impl, 0, 0, 5, false, false);
        vm.prank(GUARDIAN);
        _registry.revoke(circuit, version);

        vm.warp(1_800_000_000 + uint256(later));
        vm.prank(caller);
        (bool done,) = address(_registry).call(_call(verb, circuit, version, caller));
        done;
        assert(_registry.status(circuit, version) == VerifierStatus.REVOKED);
        assert(!_registry.isActive(circuit, version, false));
    }

    /// @dev Nobody but the guardian and the circuit's aggregator moves an active version.
    function check_strangersChangeNothing(bytes32 circuit, uint48 version, address caller, uint8 verb) public {
        vm.assume(circuit != 0 && version != 0);
        vm.warp(1_800_000_000);
        address owner = _registry.aggregatorOf(circuit);
        owner = owner == address(0) ? AGGREGATOR : owner;
        // No transaction comes from address(0), which is also how "offered to nobody" is written.
        vm.assume(caller != owner && caller != GUARDIAN && caller != address(0));
        vm.prank(owner);
        _registry.propose(circuit, version, _impl, 0, 0, 5, false, false);
        vm.warp(1_800_000_000 + DELAY);

        vm.prank(caller);
        (bool done,) = address(_registry).call(_call(verb, circuit, version, caller));
        assert(!done);
        assert(_registry.status(circuit, version) == VerifierStatus.ACTIVE);
        assert(_registry.aggregatorOf(circuit) == owner);
        assert(_registry.guardian() == GUARDIAN);
    }

    function _call(uint8 verb, bytes32 circuit, uint48 version, address to) private view returns (bytes memory) {
        if (verb == 0) {
            return abi.encodeCall(IVerifierRegistry.propose, (circuit, version, _impl, 0, 0, 5, false, false));
        }
        if (verb == 1) return abi.encodeCall(IVerifierRegistry.deprecate, (circuit, version));
        if (verb == 2) return abi.encodeCall(IVerifierRegistry.revoke, (circuit, version));
        if (verb == 3) return abi.encodeCall(IVerifierRegistry.transferAggregator, (circuit, to));
        if (verb == 4) return abi.encodeCall(IVerifierRegistry.acceptAggregator, (circuit));
        if (verb == 5) return abi.encodeCall(IVerifierRegistry.transferGuardian, (to));
        return abi.encodeCall(IVerifierRegistry.acceptGuardian, ());
    }
}
