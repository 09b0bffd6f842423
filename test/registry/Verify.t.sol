// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {RegistryTest} from "./RegistryTest.sol";
import {Answers, Burns, Floods, ManySignals, OneSignal, Refuses, Writes} from "./Verifiers.sol";
import {VerifierStatus} from "contracts/interfaces/IVerifierRegistry.sol";

contract VerifyTest is RegistryTest {
    /// @dev What one verification costs at most besides the gas that the verifier is given.
    uint256 private constant OVERHEAD = 60_000;

    function test_verify_acceptsTheProof() external {
        _reach(VerifierStatus.ACTIVE);
        assertTrue(_holds());
    }

    function testFuzz_verify_refusesAnyOtherProof(uint256 index, uint256 word) external {
        _reach(VerifierStatus.ACTIVE);
        uint256[8] memory proof = _proof();
        index = bound(index, 0, 7);
        vm.assume(proof[index] != word);
        proof[index] = word;
        assertFalse(registry.verify(CIRCUIT, VERSION, proof, _signals(5)));
    }

    function testFuzz_verify_refusesAnyOtherSignal(uint256 index, uint256 word) external {
        _reach(VerifierStatus.ACTIVE);
        uint256[] memory signals = _signals(5);
        index = bound(index, 0, 4);
        vm.assume(signals[index] != word);
        signals[index] = word;
        assertFalse(registry.verify(CIRCUIT, VERSION, _proof(), signals));
    }

    function testFuzz_verify_refusesAnotherNumberOfSignals(uint256 n) external {
        _reach(VerifierStatus.ACTIVE);
        n = bound(n, 0, 600);
        vm.assume(n != 5);
        assertFalse(registry.verify(CIRCUIT, VERSION, _proof(), _signals(n)));
    }

    function test_verify_acceptsTheFewestAndTheMostSignals() external {
        _activate(address(new OneSignal()), 1);
        assertTrue(registry.verify(CIRCUIT, VERSION, _proof(), _signals(1)));
        address many = address(new ManySignals());
        vm.prank(aggregator);
        registry.propose(CIRCUIT, VERSION + 1, many, 0, 0, 255, false, false);
        skip(DELAY);
        assertTrue(registry.verify(CIRCUIT, VERSION + 1, _proof(), _signals(255)));
        uint256[] memory wrong = _signals(255);
        wrong[254] = 0;
        assertFalse(registry.verify(CIRCUIT, VERSION + 1, _proof(), wrong));
    }

    function testFuzz_verify_refusesWhateverIsNotUsable(uint256 seed, uint256[8] calldata proof, uint256[] calldata s)
        external
    {
        VerifierStatus status = _status(seed);
        vm.assume(status != VerifierStatus.ACTIVE && status != VerifierStatus.DEPRECATED);
        _reach(status);
        assertFalse(registry.verify(CIRCUIT, VERSION, proof, s));
        assertFalse(_holds());
    }

    function testFuzz_verify_takesExactlyOneWordOfOne(bytes calldata answer) external {
        _activate(address(new Answers(answer)), 5);
        assertEq(_holds(), keccak256(answer) == keccak256(abi.encode(1)));
    }

    function test_verify_acceptsTheWordOne() external {
        _activate(address(new Answers(abi.encode(true))), 5);
        assertTrue(_holds());
    }

    function test_verify_refusesTwo() external {
        _activate(address(new Answers(abi.encode(2))), 5);
        assertFalse(_holds());
    }

    function test_verify_refusesNothing() external {
        _activate(address(new Answers("")), 5);
        assertFalse(_holds());
    }

    function test_verify_refusesThirtyOneAndThirtyThreeBytes() external {
        bytes memory word = abi.encode(1);
        bytes memory short = new bytes(31);
        for (uint256 i; i < 31; ++i) {
            short[i] = word[i + 1];
        }
        _activate(address(new Answers(short)), 5);
        assertFalse(_holds());
        vm.etch(impl, address(new Answers(bytes.concat(word, hex"00"))).code);
        assertFalse(_holds());
    }

    function test_verify_refusesSixtyFourBytes() external {
        _activate(address(new Answers(abi.encode(1, 1))), 5);
        assertFalse(_holds());
    }

    function test_verify_refusesARevertEvenWithTheWordOne() external {
        _activate(address(new Refuses()), 5);
        assertFalse(_holds());
    }

    function test_verify_refusesAVerifierThatWrites() external {
        Writes writes = new Writes();
        _activate(address(writes), 5);
        assertFalse(_holds());
        assertEq(writes.calls(), 0);
    }

    function test_verify_refusesChangedCode() external {
        _reach(VerifierStatus.ACTIVE);
        vm.etch(impl, address(new Answers(abi.encode(true))).code);
        assertFalse(_holds());
    }

    function test_verify_refusesVanishedCode() external {
        _reach(VerifierStatus.ACTIVE);
        vm.etch(impl, "");
        assertFalse(_holds());
    }

    function test_verify_boundsTheGasAVerifierBurns() external {
        _activate(address(new Burns()), 5);
        uint256 before = gasleft();
        assertFalse(_holds());
        assertLt(before - gasleft(), registry.VERIFIER_GAS() + OVERHEAD);
    }

    function test_verify_isNotHurtByAFloodOfAnswer() external {
        _activate(address(new Floods()), 5);
        uint256 before = gasleft();
        assertFalse(_holds());
        assertLt(before - gasleft(), registry.VERIFIER_GAS() + OVERHEAD);
    }

    /// @dev With too little gas for the verifier the answer is false, or the whole call fails; never true.
    function testFuzz_verify_neverSaysTrueForLackOfGas(uint256 gas) external {
        _activate(address(new Answers(abi.encode(2))), 5);
        gas = bound(gas, 0, 200_000);
        (bool done, bytes memory answer) = address(registry).staticcall{gas: gas}(
            abi.encodeCall(registry.verify, (CIRCUIT, VERSION, _proof(), _signals(5)))
        );
        if (done) assertFalse(abi.decode(answer, (bool)));
    }
}
