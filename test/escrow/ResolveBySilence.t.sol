// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import "../../contracts/libraries/Terms.sol" as T;
import {State} from "../../contracts/libraries/Terms.sol";
import {EndsTest} from "./EndsTest.sol";

contract ResolveBySilenceTest is EndsTest {
    using OrderTermsLib for OrderTerms;

    function _silence(OrderTerms memory o, bytes32 evidence) private {
        vm.prank(relayer);
        escrow.resolveBySilence(o.pack(), evidence);
    }

    function testFuzz_resolveBySilence_followsTheTerms(uint256 seed, uint256 wait, bool toSeller, bool unfulfilled)
        external
    {
        OrderTerms memory o = unfulfilled ? _timedArbitrated() : _arbitrated();
        o = _varyDispute(_varyBond(_vary(o, seed), seed), seed);
        o.silence = toSeller ? T.SILENCE_TO_SELLER : T.SILENCE_TO_BUYER;
        _both(o);
        if (unfulfilled) vm.warp(o.deliverBy + 1);
        else _fulfil(o, EVIDENCE);
        _dispute(o);
        vm.warp(vm.getBlockTimestamp() + o.disputeWindow + bound(wait, 0, 1_000 days));
        bytes32 evidence = unfulfilled ? bytes32(0) : EVIDENCE;
        Payout memory p = toSeller ? _allToSeller(o, T.SILENT, evidence) : _allToBuyer(o, T.SILENT, 0);
        p.state = T.RESOLVED;
        p.evidence = evidence;
        p.disputeToBuyer = _stake(o);
        _mark(o);
        _silence(o, evidence);
        _check(o, p);
        assertEq(_balance(o.token, address(escrow)), 0);
    }

    function test_resolveBySilence_opensAtTheVerySecondOfTheClock() external {
        OrderTerms memory o = _arbitrated();
        bytes32 id = _reach(o, T.DISPUTED);
        vm.warp(START + o.disputeWindow - 1);
        _refuseEarly(START + o.disputeWindow);
        _silence(o, EVIDENCE);
        vm.warp(START + o.disputeWindow);
        _silence(o, EVIDENCE);
        _assertState(id, T.RESOLVED);
    }

    function testFuzz_resolveBySilence_revertsForOtherEvidence(bytes32 evidence) external {
        vm.assume(evidence != EVIDENCE);
        OrderTerms memory o = _arbitrated();
        bytes32 id = _reach(o, T.DISPUTED);
        vm.warp(START + o.disputeWindow);
        _refuseEvidence(id);
        _silence(o, evidence);
    }

    function test_resolveBySilence_revertsInEveryOtherState() external {
        for (uint256 i; i < 8; ++i) {
            State state = _states()[i];
            if (state == T.DISPUTED) continue;
            vm.warp(START + 100 days * i);
            OrderTerms memory o = _arbitrated();
            bytes32 id = _reach(o, state);
            vm.warp(vm.getBlockTimestamp() + 50 days);
            _refuseState(id, state);
            _silence(o, EVIDENCE);
        }
    }
}
