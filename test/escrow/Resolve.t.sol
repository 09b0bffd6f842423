// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITermsOrders, Ruling} from "../../contracts/interfaces/ITermsOrders.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import "../../contracts/libraries/Terms.sol" as T;
import {State} from "../../contracts/libraries/Terms.sol";
import {EndsTest} from "./EndsTest.sol";

contract ResolveTest is EndsTest {
    using OrderTermsLib for OrderTerms;

    function _rule(OrderTerms memory o, Ruling memory r, bytes32 evidence) private {
        vm.prank(o.arbiter);
        escrow.resolve(o.pack(), r, evidence);
    }

    /// @dev The rules in words: at least half means that the buyer won. The loser's money pays the arbiter: the
    /// buyer's stake when he lost; when he won the seller's share, then his bond in the same token, then the stake.
    function _model(OrderTerms memory o, Ruling memory r, bytes32 evidence) private pure returns (Payout memory p) {
        uint256 cost = _share(o.amount, o.arbiterFeeBps);
        (p.state, p.outcome, p.evidence) = (T.RESOLVED, T.RULED, evidence);
        (p.toBuyer, p.toSeller) = (r.toBuyer, r.toSeller);
        (p.bondToBuyer, p.bondToSeller) = (r.bondToBuyer, o.counterAmount - r.bondToBuyer);
        p.arbiterFee = cost;
        if (2 * r.toBuyer >= o.amount) {
            if (p.toSeller >= cost) {
                p.toSeller -= cost;
                cost = 0;
            } else {
                cost -= p.toSeller;
                p.toSeller = 0;
            }
            if (o.counterToken == o.token) {
                uint256 part = p.bondToSeller >= cost ? cost : p.bondToSeller;
                p.bondToSeller -= part;
                cost -= part;
            }
            p.disputeToBuyer = _stake(o) - cost;
        } else {
            p.disputeToSeller = _stake(o) - cost;
        }
        p.fee = _share(p.toSeller, o.feeBps);
        // to the last unit: what comes out is what went in
        assert(
            p.toBuyer + p.toSeller + p.disputeToBuyer + p.disputeToSeller + p.arbiterFee + p.bondToBuyer
                    + p.bondToSeller == uint256(o.amount) + _stake(o) + o.counterAmount
        );
    }

    // ------------------------------------------------------------------------------------------------- rulings

    /// Shows R-517.
    function testFuzz_resolve_paysByTheRules(uint256 seed, uint256 toBuyer, uint256 bondToBuyer, uint256 time)
        external
    {
        OrderTerms memory o = _varyDispute(_varyBond(_vary(_arbitrated(), seed), seed), seed);
        _reach(o, T.DISPUTED);
        toBuyer = bound(toBuyer, 0, o.amount);
        bondToBuyer = bound(bondToBuyer, 0, _share(o.counterAmount, o.slashBps));
        Ruling memory r = Ruling(toBuyer, o.amount - toBuyer, bondToBuyer);
        vm.warp(bound(time, START, START + o.disputeWindow - 1));
        _mark(o);
        _rule(o, r, EVIDENCE);
        _check(o, _model(o, r, EVIDENCE));
        assertEq(_balance(o.token, address(escrow)), 0);
        assertEq(_balance(o.counterToken, address(escrow)), 0);
    }

    /// @dev The same around the half, where who won turns, and with all or nothing.
    function testFuzz_resolve_turnsAtTheHalf(uint256 seed, uint256 which) external {
        OrderTerms memory o = _varyDispute(_varyBond(_vary(_arbitrated(), seed), seed), seed);
        _reach(o, T.DISPUTED);
        uint256 half = o.amount / 2;
        uint256[5] memory parts = [0, half, half + 1, half == 0 ? 0 : half - 1, uint256(o.amount)];
        uint256 toBuyer = parts[which % 5] > o.amount ? o.amount : parts[which % 5];
        Ruling memory r = Ruling(toBuyer, o.amount - toBuyer, 0);
        _mark(o);
        _rule(o, r, EVIDENCE);
        _check(o, _model(o, r, EVIDENCE));
    }

    function testFuzz_resolve_withoutEvidence(uint256 seed, uint256 toBuyer, uint256 bondToBuyer) external {
        OrderTerms memory o = _varyDispute(_varyBond(_vary(_timedArbitrated(), seed), seed), seed);
        bytes32 id = _both(o);
        vm.warp(o.deliverBy + 1);
        _dispute(o);
        toBuyer = bound(toBuyer, 0, o.amount);
        Ruling memory r =
            Ruling(toBuyer, o.amount - toBuyer, bound(bondToBuyer, 0, _share(o.counterAmount, o.slashBps)));
        _refuseEvidence(id);
        _rule(o, r, EVIDENCE);
        _mark(o);
        _rule(o, r, 0);
        _check(o, _model(o, r, 0));
    }

    // In figures: 100 dollars, stake 5, arbiter 3, fee 1 %.

    function _case(uint96 bond, address bondToken) private returns (OrderTerms memory o) {
        o = _withFee(_arbitrated());
        (o.counterAmount, o.counterToken, o.slashBps) = (bond, bond == 0 ? address(0) : bondToken, 0);
        _reach(o, T.DISPUTED);
        _mark(o);
    }

    function test_resolve_halfToEachIsAWinOfTheBuyerAndCostsTheSeller() external {
        OrderTerms memory o = _case(0, address(0));
        uint256[3] memory before = [usd.balanceOf(buyer), usd.balanceOf(seller), usd.balanceOf(arbiter)];
        _rule(o, Ruling(50e6, 50e6, 0), EVIDENCE);
        assertEq(usd.balanceOf(buyer) - before[0], 50e6 + 5e6);
        assertEq(usd.balanceOf(seller) - before[1], 47e6 - 0.47e6);
        assertEq(usd.balanceOf(arbiter) - before[2], 3e6);
        assertEq(usd.balanceOf(feeReceiver), 0.47e6);
    }

    function test_resolve_oneUnitLessIsALossAndCostsTheStake() external {
        OrderTerms memory o = _case(0, address(0));
        uint256[3] memory before = [usd.balanceOf(buyer), usd.balanceOf(seller), usd.balanceOf(arbiter)];
        _rule(o, Ruling(50e6 - 1, 50e6 + 1, 0), EVIDENCE);
        assertEq(usd.balanceOf(buyer) - before[0], 50e6 - 1);
        assertEq(usd.balanceOf(seller) - before[1], 50e6 + 1 - 0.5e6 + 2e6);
        assertEq(usd.balanceOf(arbiter) - before[2], 3e6);
    }

    function test_resolve_takesTheArbitersPayFromShareThenBondThenStake() external {
        OrderTerms memory o = _case(1e6, address(usd));
        uint256[3] memory before = [usd.balanceOf(buyer), usd.balanceOf(seller), usd.balanceOf(arbiter)];
        _rule(o, Ruling(99.5e6, 0.5e6, 0), EVIDENCE);
        // 0.5 from the share, 1 from the bond, 1.5 from the stake; the seller got nothing, so there is no receipt
        assertEq(usd.balanceOf(buyer) - before[0], 99.5e6 + 3.5e6);
        assertEq(usd.balanceOf(seller) - before[1], 0);
        assertEq(usd.balanceOf(arbiter) - before[2], 3e6);
        assertEq(usd.balanceOf(feeReceiver), 0);
        assertEq(escrow.slot(_id(o)), uint256(10) << 248 | START << 208);
    }

    function test_resolve_leavesABondInAnotherTokenAlone() external {
        OrderTerms memory o = _case(10e6, address(eur));
        uint256[3] memory before = [usd.balanceOf(buyer), eur.balanceOf(seller), usd.balanceOf(arbiter)];
        _rule(o, Ruling(100e6, 0, 0), EVIDENCE);
        assertEq(usd.balanceOf(buyer) - before[0], 100e6 + 2e6);
        assertEq(eur.balanceOf(seller) - before[1], 10e6);
        assertEq(usd.balanceOf(arbiter) - before[2], 3e6);
    }

    // ------------------------------------------------------------------------------------------------- refusals

    function testFuzz_resolve_revertsForAnybodyElse(address caller) external {
        OrderTerms memory o = _arbitrated();
        _reach(o, T.DISPUTED);
        vm.assume(caller != arbiter);
        _refuseCaller(caller, arbiter);
        vm.prank(caller);
        escrow.resolve(o.pack(), Ruling(PRICE, 0, 0), EVIDENCE);
    }

    function test_resolve_endsAtTheVerySecondOfTheClock() external {
        OrderTerms memory o = _arbitrated();
        bytes32 id = _reach(o, T.DISPUTED);
        vm.warp(START + o.disputeWindow);
        _refuseLate(START + o.disputeWindow - 1);
        _rule(o, Ruling(PRICE, 0, 0), EVIDENCE);
        vm.warp(START + o.disputeWindow - 1);
        _refuseEarly(START + o.disputeWindow);
        escrow.resolveBySilence(o.pack(), EVIDENCE);
        _rule(o, Ruling(PRICE, 0, 0), EVIDENCE);
        _assertState(id, T.RESOLVED);
    }

    function testFuzz_resolve_revertsForOtherEvidence(bytes32 evidence) external {
        vm.assume(evidence != EVIDENCE);
        OrderTerms memory o = _arbitrated();
        bytes32 id = _reach(o, T.DISPUTED);
        _refuseEvidence(id);
        _rule(o, Ruling(PRICE, 0, 0), evidence);
    }

    function testFuzz_resolve_revertsUnlessTheRulingSumsUp(uint128 toBuyer, uint128 toSeller) external {
        vm.assume(uint256(toBuyer) + toSeller != PRICE);
        OrderTerms memory o = _bonded();
        _reach(o, T.DISPUTED);
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.SplitMismatch.selector, PRICE, PRICE, 0));
        _rule(o, Ruling(toBuyer, toSeller, 0), EVIDENCE);
    }

    function testFuzz_resolve_revertsAboveTheSlash(uint256 seed, uint256 bondToBuyer) external {
        OrderTerms memory o = _varyBond(_vary(_arbitrated(), seed), seed);
        _reach(o, T.DISPUTED);
        uint256 most = _share(o.counterAmount, o.slashBps);
        bondToBuyer = bound(bondToBuyer, most + 1, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.RulingAboveSlash.selector, bondToBuyer, most));
        _rule(o, Ruling(o.amount, 0, bondToBuyer), EVIDENCE);
    }

    function test_resolve_revertsInEveryOtherState() external {
        for (uint256 i; i < 8; ++i) {
            State state = _states()[i];
            if (state == T.DISPUTED) continue;
            vm.warp(START + 100 days * i);
            OrderTerms memory o = _arbitrated();
            bytes32 id = _reach(o, state);
            _refuseState(id, state);
            _rule(o, Ruling(PRICE, 0, 0), EVIDENCE);
        }
    }
}
