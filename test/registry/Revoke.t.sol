// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {RegistryTest} from "./RegistryTest.sol";
import {IVerifierRegistry, VerifierStatus} from "contracts/interfaces/IVerifierRegistry.sol";

contract RevokeTest is RegistryTest {
    function testFuzz_revoke_revertsWhenCallerHasNoRole(address caller) external {
        vm.assume(caller != aggregator && caller != guardian);
        _reach(VerifierStatus.ACTIVE);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.MayNotRevoke.selector, CIRCUIT, caller));
        vm.prank(caller);
        registry.revoke(CIRCUIT, VERSION);
        assertTrue(_holds());
    }

    function test_revoke_revertsWhenCallerOwnsAnotherCircuit() external {
        _reach(VerifierStatus.ACTIVE);
        vm.startPrank(stranger);
        registry.propose(keccak256("other"), VERSION, impl, 0, 0, 5, false, false);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.MayNotRevoke.selector, CIRCUIT, stranger));
        registry.revoke(CIRCUIT, VERSION);
    }

    function testFuzz_revoke_revertsWhenUnknownOrRevoked(bool byGuardian, bool known) external {
        VerifierStatus status = known ? VerifierStatus.REVOKED : VerifierStatus.NONE;
        _reach(status);
        bytes32 before = _recordHash();
        skip(1);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.NotRevocable.selector, CIRCUIT, VERSION, status));
        vm.prank(byGuardian ? guardian : aggregator);
        registry.revoke(CIRCUIT, VERSION);
        assertEq(_recordHash(), before);
    }

    function testFuzz_revoke_closesTheProofPathAtOnceAndForEver(bool byGuardian, uint256 seed, uint32 later) external {
        _reach(VerifierStatus(bound(seed, 1, 3)));
        address by = byGuardian ? guardian : aggregator;
        vm.expectEmit(address(registry));
        emit IVerifierRegistry.VerifierRevoked(CIRCUIT, VERSION, by);
        vm.prank(by);
        registry.revoke(CIRCUIT, VERSION);

        assertEq(_record().revokedAt, vm.getBlockTimestamp());
        for (uint256 i; i < 2; ++i) {
            assertTrue(registry.isRevoked(CIRCUIT, VERSION));
            assertFalse(registry.isActive(CIRCUIT, VERSION, false));
            assertFalse(_holds());
            skip(uint256(later) + DELAY);
        }
    }

    function test_revoke_guardianReachesEverybodysCircuits() external {
        bytes32 circuit = keccak256("other");
        vm.prank(stranger);
        registry.propose(circuit, VERSION, impl, 0, 0, 5, false, false);
        vm.prank(guardian);
        registry.revoke(circuit, VERSION);
        assertTrue(registry.isRevoked(circuit, VERSION));
    }
}
