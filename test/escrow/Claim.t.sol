// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import "../../contracts/libraries/Terms.sol" as T;
import {State} from "../../contracts/libraries/Terms.sol";
import {EndsTest} from "./EndsTest.sol";

contract ClaimTest is EndsTest {
    using OrderTermsLib for OrderTerms;

    function _claim(OrderTerms memory o, bytes32 evidence) private {
        vm.prank(relayer);
        escrow.claim(o.pack(), evidence);
    }

    // ------------------------------------------------------------------------------------------------- review

    function testFuzz_claim_paysTheSellerAfterTheReview(uint256 seed, bytes32 evidence, uint256 fulfilled, uint256 wait)
        external
    {
        OrderTerms memory o = _varyBond(_vary(_arbitrated(), seed), seed);
        _both(o);
        fulfilled = bound(fulfilled, START, o.deliverBy);
        vm.warp(fulfilled);
        _fulfil(o, evidence);
        vm.warp(fulfilled + o.reviewWindow + bound(wait, 0, 1_000 days));
        _mark(o);
        _claim(o, evidence);
        _check(o, _allToSeller(o, T.CLAIMED, evidence));
    }

    function test_claim_opensAtTheVerySecondOfTheClock() external {
        OrderTerms memory o = _arbitrated();
        bytes32 id = _reach(o, T.FULFILLED);
        uint256 clock = START + o.reviewWindow;
        vm.warp(clock - 1);
        _refuseEarly(clock);
        _claim(o, EVIDENCE);
        vm.warp(clock);
        _claim(o, EVIDENCE);
        _assertState(id, T.BOTH_CLAIMED);
    }

    /// @dev At no second may the order be both contested and claimed, and at each it may be one of them.
    function testFuzz_claim_xorDispute(uint256 time) external {
        OrderTerms memory o = _arbitrated();
        _reach(o, T.FULFILLED);
        vm.warp(bound(time, START, START + 2 * o.reviewWindow));
        uint256 snapshot = vm.snapshotState();
        (bool claimed,) = address(escrow).call(abi.encodeCall(escrow.claim, (o.pack(), EVIDENCE)));
        vm.revertToState(snapshot);
        bool disputed = vm.getBlockTimestamp() < START + o.reviewWindow;
        if (!disputed) _refuseLate(START + o.reviewWindow - 1);
        _dispute(o);
        assertTrue(claimed != disputed);
    }

    function testFuzz_claim_revertsForOtherEvidence(bytes32 evidence) external {
        vm.assume(evidence != EVIDENCE);
        OrderTerms memory o = _arbitrated();
        bytes32 id = _reach(o, T.FULFILLED);
        vm.warp(START + o.reviewWindow);
        _refuseEvidence(id);
        _claim(o, evidence);
    }

    function test_claim_waitsForTheReviewEvenWhenTheTimedReleaseHasCome() external {
        OrderTerms memory o = _timedArbitrated();
        o.policy |= T.ATTESTER_SIG;
        o.verifier = attester;
        bytes32 id = _both(o);
        vm.warp(o.timedRelease - 1);
        bytes memory word = _signDelivery(attesterKey, id, EVIDENCE, START);
        escrow.fulfilAttested(o.pack(), EVIDENCE, START, word);
        uint256 clock = o.timedRelease - 1 + o.reviewWindow;
        vm.warp(clock - 1);
        _refuseEarly(clock);
        _claim(o, EVIDENCE);
        vm.warp(clock);
        _mark(o);
        _claim(o, EVIDENCE);
        _check(o, _allToSeller(o, T.CLAIMED, EVIDENCE));
    }

    // ------------------------------------------------------------------------------------------------- timed

    function testFuzz_claim_paysTheSellerAtTheTimedRelease(uint256 seed, uint256 wait, bool arbitrated) external {
        OrderTerms memory o = _varyBond(_vary(arbitrated ? _timedArbitrated() : _timed(), seed), seed);
        _both(o);
        vm.warp(o.timedRelease + bound(wait, 0, 1_000 days));
        _mark(o);
        _claim(o, 0);
        _check(o, _allToSeller(o, T.TIMED_OUT, 0));
    }

    function test_claim_opensAtTheVerySecondOfTheTimedRelease() external {
        OrderTerms memory o = _timed();
        bytes32 id = _both(o);
        vm.warp(o.timedRelease - 1);
        _refuseEarly(o.timedRelease);
        _claim(o, 0);
        vm.warp(o.timedRelease);
        _claim(o, 0);
        _assertState(id, T.BOTH_CLAIMED);
    }

    function testFuzz_claim_revertsForEvidenceThatNobodyGave(bytes32 evidence) external {
        vm.assume(evidence != 0);
        OrderTerms memory o = _timed();
        bytes32 id = _both(o);
        vm.warp(o.timedRelease);
        _refuseEvidence(id);
        _claim(o, evidence);
    }

    // ------------------------------------------------------------------------------------------------- refusals

    function test_claim_revertsWithoutEvidenceAndWithoutTimed() external {
        OrderTerms[5] memory all = [_plain(), _arbitrated(), _bonded(), _attested(), _partial()];
        for (uint256 i; i < 5; ++i) {
            all[i].salt = bytes32(i);
            _both(all[i]);
        }
        vm.warp(START + 400 days);
        for (uint256 i; i < 5; ++i) {
            _refusePolicy(T.TIMED);
            _claim(all[i], 0);
        }
    }

    function test_claim_revertsInEveryOtherState() external {
        for (uint256 i; i < 8; ++i) {
            State state = _states()[i];
            if (state == T.BOTH_COMMITTED || state == T.FULFILLED) continue;
            OrderTerms memory o = _timedArbitrated();
            bytes32 id = _reach(o, state);
            vm.warp(o.timedRelease);
            _refuseState(id, state);
            _claim(o, EVIDENCE);
        }
    }
}
