// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {RegistryTest} from "./RegistryTest.sol";
import {FiveSignals} from "./Verifiers.sol";
import {IVerifierRegistry, VerifierStatus} from "contracts/interfaces/IVerifierRegistry.sol";
import {ZKB_01, ZKR_01, ZKS_01} from "contracts/libraries/Circuits.sol";
import {Built} from "../Built.sol";

contract ProposeTest is RegistryTest {
    function test_propose_revertsWhenCircuitIsZero() external {
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.BadName.selector, bytes32(0), VERSION));
        registry.propose(0, VERSION, impl, 0, 0, 5, false, false);
    }

    function test_propose_revertsWhenVersionIsZero() external {
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.BadName.selector, CIRCUIT, 0));
        vm.prank(aggregator);
        registry.propose(CIRCUIT, 0, impl, 0, 0, 5, false, false);
    }

    function testFuzz_propose_revertsWhenCallerIsNotTheAggregator(address caller, uint256 which) external {
        vm.assume(caller != aggregator);
        bytes32 circuit = [ZKB_01, ZKS_01, ZKR_01][which % 3];
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.NotAggregator.selector, circuit, aggregator, caller));
        vm.prank(caller);
        registry.propose(circuit, VERSION, impl, 0, 0, 5, false, false);
    }

    function testFuzz_propose_revertsWhenVersionIsTaken(uint256 seed) external {
        VerifierStatus status = VerifierStatus(bound(seed, 1, 4));
        _reach(status);
        bytes32 before = _recordHash();
        address other = address(new FiveSignals());
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.VersionTaken.selector, CIRCUIT, VERSION));
        vm.prank(aggregator);
        registry.propose(CIRCUIT, VERSION, other, 0, 0, 5, false, false);
        assertEq(_recordHash(), before);
    }

    function test_propose_revertsWhenImplHasNoCode() external {
        address empty = makeAddr("empty");
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.NoCode.selector, empty));
        vm.prank(aggregator);
        registry.propose(CIRCUIT, VERSION, empty, 0, 0, 5, false, false);
    }

    function test_propose_revertsWhenThereAreNoSignals() external {
        vm.expectRevert(IVerifierRegistry.NoSignals.selector);
        vm.prank(aggregator);
        registry.propose(CIRCUIT, VERSION, impl, 0, 0, 0, false, false);
    }

    function testFuzz_propose_revertsWhenDevVerifierMeetsARealChain(uint64 chain) external {
        vm.assume(chain != 31_337 && chain != 84_532 && chain != 943 && chain != 11_155_111);
        vm.chainId(chain);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.DevelopmentVerifier.selector, uint256(chain)));
        vm.prank(aggregator);
        registry.propose(CIRCUIT, VERSION, impl, 0, 0, 5, true, false);
    }

    function test_propose_acceptsDevVerifiersOnTestChains() external {
        uint256[4] memory chains = [uint256(31_337), 84_532, 943, 11_155_111];
        for (uint48 i; i < 4; ++i) {
            vm.chainId(chains[i]);
            vm.prank(aggregator);
            registry.propose(CIRCUIT, i + 1, impl, 0, 0, 5, true, false);
            assertTrue(registry.verifierOf(CIRCUIT, i + 1).dev);
        }
    }

    function test_propose_acceptsProductionVerifiersOnRealChains() external {
        vm.chainId(1);
        _propose(impl, 5);
        assertEq(uint8(registry.status(CIRCUIT, VERSION)), uint8(VerifierStatus.PENDING));
    }

    function testFuzz_propose_recordsEverything(
        uint48 version,
        bytes32 vkHash,
        bytes32 ceremony,
        uint8 nPublic,
        bool dev,
        bool delivery
    ) external {
        version = uint48(bound(version, 1, type(uint48).max));
        nPublic = uint8(bound(nPublic, 1, 255));
        IVerifierRegistry.Verifier memory expected = IVerifierRegistry.Verifier({
            activeFrom: uint64(vm.getBlockTimestamp()) + DELAY,
            deprecatedAt: 0,
            revokedAt: 0,
            nPublic: nPublic,
            dev: dev,
            delivery: delivery,
            selector: bytes4(
                keccak256(
                    bytes(
                        string.concat(
                            "verifyProof(uint256[2],uint256[2][2],uint256[2],uint256[", vm.toString(nPublic), "])"
                        )
                    )
                )
            ),
            impl: impl,
            aggregator: aggregator,
            codeHash: keccak256(impl.code),
            vkHash: vkHash,
            ceremony: ceremony
        });
        vm.expectEmit(address(registry));
        emit IVerifierRegistry.VerifierProposed(CIRCUIT, version, expected);
        vm.prank(aggregator);
        registry.propose(CIRCUIT, version, impl, vkHash, ceremony, nPublic, dev, delivery);

        assertEq(keccak256(abi.encode(registry.verifierOf(CIRCUIT, version))), keccak256(abi.encode(expected)));
        assertEq(registry.verifierOf(CIRCUIT, version).delivery, delivery);
        assertEq(uint8(registry.status(CIRCUIT, version)), uint8(VerifierStatus.PENDING));
    }

    function testFuzz_propose_givesAnUnownedCircuitToItsFirstProposer(bytes32 circuit, address first, address second)
        external
    {
        vm.assume(circuit != 0 && circuit != ZKB_01 && circuit != ZKS_01 && circuit != ZKR_01);
        vm.assume(first != address(0) && first != second);
        vm.expectEmit(address(registry));
        emit IVerifierRegistry.AggregatorChanged(circuit, address(0), first);
        vm.prank(first);
        registry.propose(circuit, VERSION, impl, 0, 0, 5, false, true);
        assertEq(registry.aggregatorOf(circuit), first);

        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.NotAggregator.selector, circuit, first, second));
        vm.prank(second);
        registry.propose(circuit, VERSION + 1, impl, 0, 0, 5, false, true);

        // The project's circuits are untouched.
        assertEq(registry.aggregatorOf(ZKB_01), aggregator);
        assertEq(uint8(registry.status(ZKB_01, VERSION)), uint8(VerifierStatus.NONE));
    }

    function test_propose_refusedProposalClaimsNothing() external {
        bytes32 circuit = keccak256("somebody's");
        vm.expectRevert(IVerifierRegistry.NoSignals.selector);
        vm.prank(stranger);
        registry.propose(circuit, VERSION, impl, 0, 0, 0, false, false);
        assertEq(registry.aggregatorOf(circuit), address(0));
    }

    function testFuzz_propose_becomesActiveAtTheSecondOfItsDelay(uint64 delay, uint64 elapsed) external {
        delay = uint64(bound(delay, 0, 365 days));
        elapsed = uint64(bound(elapsed, 0, 2 * 365 days));
        registry = IVerifierRegistry(Built.deploy("VerifierRegistry", abi.encode(aggregator, guardian, delay)));
        _propose(impl, 5);
        skip(elapsed);
        assertEq(registry.isActive(CIRCUIT, VERSION, false), elapsed >= delay);
        assertEq(_holds(), elapsed >= delay);
    }
}
