// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {RegistryTest} from "./RegistryTest.sol";
import {IVerifierRegistry, VerifierStatus} from "contracts/interfaces/IVerifierRegistry.sol";

/// @notice Every verb in every status by every kind of caller: what is allowed moves to the one status named here,
/// everything else reverts with its own error and changes nothing.
contract MatrixTest is RegistryTest {
    enum Verb {
        PROPOSE,
        DEPRECATE,
        REVOKE
    }

    enum Caller {
        AGGREGATOR,
        GUARDIAN,
        STRANGER
    }

    function test_matrix_everyVerbInEveryStatusByEveryCaller() external {
        uint256 cells;
        uint256 allowed;
        for (uint8 s; s <= uint8(type(VerifierStatus).max); ++s) {
            for (uint8 v; v <= uint8(type(Verb).max); ++v) {
                for (uint8 c; c <= uint8(type(Caller).max); ++c) {
                    uint256 snapshot = vm.snapshotState();
                    if (_cell(VerifierStatus(s), Verb(v), Caller(c))) ++allowed;
                    ++cells;
                    assertTrue(vm.revertToState(snapshot));
                }
            }
        }
        // 5 statuses x 3 verbs x 3 callers, of which: one proposal, one deprecation, three revocations by two callers.
        assertEq(cells, 45);
        assertEq(allowed, 1 + 1 + 3 * 2);
    }

    function test_matrix_everyViewInEveryStatus() external {
        for (uint8 s; s <= uint8(type(VerifierStatus).max); ++s) {
            uint256 snapshot = vm.snapshotState();
            VerifierStatus status = VerifierStatus(s);
            _reach(status);
            assertEq(uint8(registry.status(CIRCUIT, VERSION)), s);
            assertEq(registry.isActive(CIRCUIT, VERSION, false), status == VerifierStatus.ACTIVE);
            assertEq(registry.isRevoked(CIRCUIT, VERSION), status == VerifierStatus.REVOKED);
            assertEq(_holds(), status == VerifierStatus.ACTIVE || status == VerifierStatus.DEPRECATED);
            assertEq(_record().activeFrom == 0, status == VerifierStatus.NONE);
            assertTrue(vm.revertToState(snapshot));
        }
    }

    function _cell(VerifierStatus status, Verb verb, Caller caller) private returns (bool allowed) {
        _reach(status);
        bytes32 before = _recordHash();
        bytes memory refusal = _refusal(status, verb, caller);
        address from = _address(caller);
        vm.prank(from);
        (bool done, bytes memory answer) = address(registry).call(_call(verb));
        if (refusal.length == 0) {
            assertTrue(done);
            assertEq(uint8(registry.status(CIRCUIT, VERSION)), uint8(_next(verb)));
            return true;
        }
        assertFalse(done);
        assertEq(answer, refusal);
        assertEq(_recordHash(), before);
        assertEq(uint8(registry.status(CIRCUIT, VERSION)), uint8(status));
    }

    function _address(Caller caller) private view returns (address) {
        if (caller == Caller.AGGREGATOR) return aggregator;
        return caller == Caller.GUARDIAN ? guardian : stranger;
    }

    function _call(Verb verb) private view returns (bytes memory) {
        if (verb == Verb.PROPOSE) {
            return abi.encodeCall(registry.propose, (CIRCUIT, VERSION, impl, 0, 0, 5, false, false));
        }
        if (verb == Verb.DEPRECATE) return abi.encodeCall(registry.deprecate, (CIRCUIT, VERSION));
        return abi.encodeCall(registry.revoke, (CIRCUIT, VERSION));
    }

    function _next(Verb verb) private pure returns (VerifierStatus) {
        if (verb == Verb.PROPOSE) return VerifierStatus.PENDING;
        return verb == Verb.DEPRECATE ? VerifierStatus.DEPRECATED : VerifierStatus.REVOKED;
    }

    /// @dev The revert of a cell; empty where the call is allowed.
    function _refusal(VerifierStatus status, Verb verb, Caller caller) private view returns (bytes memory) {
        if (verb == Verb.REVOKE) {
            if (caller == Caller.STRANGER) {
                return abi.encodeWithSelector(IVerifierRegistry.MayNotRevoke.selector, CIRCUIT, stranger);
            }
            if (status == VerifierStatus.NONE || status == VerifierStatus.REVOKED) {
                return abi.encodeWithSelector(IVerifierRegistry.NotRevocable.selector, CIRCUIT, VERSION, status);
            }
            return "";
        }
        if (caller != Caller.AGGREGATOR) {
            return
                abi.encodeWithSelector(IVerifierRegistry.NotAggregator.selector, CIRCUIT, aggregator, _address(caller));
        }
        if (verb == Verb.PROPOSE && status != VerifierStatus.NONE) {
            return abi.encodeWithSelector(IVerifierRegistry.VersionTaken.selector, CIRCUIT, VERSION);
        }
        if (verb == Verb.DEPRECATE && status != VerifierStatus.ACTIVE) {
            return abi.encodeWithSelector(IVerifierRegistry.NotActive.selector, CIRCUIT, VERSION, status);
        }
        return "";
    }
}
