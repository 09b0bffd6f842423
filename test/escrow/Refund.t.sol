// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import "../../contracts/libraries/Terms.sol" as T;
import {State} from "../../contracts/libraries/Terms.sol";
import {EndsTest} from "./EndsTest.sol";

contract RefundTest is EndsTest {
    using OrderTermsLib for OrderTerms;

    function _refund(OrderTerms memory o, address caller) private {
        vm.prank(caller);
        escrow.refund(o.pack());
    }

    // ------------------------------------------------------------------------------------------------- uncommitted

    /// @dev Orders of every kind; nothing of a bond is in yet.
    /// Shows R-515.
    function testFuzz_refund_paysTheBuyerWhenNobodyCommitted(uint256 seed, uint256 wait, uint256 which) external {
        OrderTerms[6] memory all = [_plain(), _timed(), _bonded(), _partial(), _swapped(), _timedArbitrated()];
        OrderTerms memory o = _vary(all[which % 6], seed);
        _create(o);
        vm.warp(o.commitBy + 1 + bound(wait, 0, 1_000 days));
        _mark(o);
        _refund(o, relayer);
        Payout memory p = _allToBuyer(o, T.REFUNDED, 0);
        p.bondToSeller = 0;
        _check(o, p);
    }

    function test_refund_opensOneSecondAfterCommitBy() external {
        OrderTerms memory o = _plain();
        bytes32 id = _create(o);
        vm.warp(o.commitBy);
        _refuseEarly(o.commitBy + 1);
        _refund(o, buyer);
        vm.warp(o.commitBy + 1);
        _refuseLate(o.commitBy);
        _commit(o);
        _refund(o, thief);
        _assertState(id, T.EXPIRED);
    }

    // ------------------------------------------------------------------------------------------------- committed

    /// Shows R-099.
    function testFuzz_refund_paysTheBuyerFirstThenAnyoneForHim(uint256 seed, bool arbitrated, bool byBuyer) external {
        OrderTerms memory o = _varyBond(_vary(arbitrated ? _arbitrated() : _plain(), seed), seed);
        _both(o);
        uint256 opens = byBuyer ? o.deliverBy + 1 : o.deliverBy + o.reviewWindow + 1;
        address caller = byBuyer ? buyer : relayer;
        vm.warp(opens - 1);
        _refuseEarly(opens);
        _refund(o, caller);
        vm.warp(opens + _pick(seed, "wait", 0, 1_000 days));
        _mark(o);
        _refund(o, caller);
        _check(o, _allToBuyer(o, T.REFUNDED, _share(o.counterAmount, o.slashBps)));
    }

    /// @dev Evidence or a voucher may come until the review ended, so nobody is paid back before, the buyer neither.
    /// Shows R-513, R-515.
    function testFuzz_refund_waitsForEvidenceAndVouchers(uint256 seed, uint256 which, bool byBuyer) external {
        OrderTerms[3] memory all = [_attested(), _bonded(), _partial()];
        OrderTerms memory o = _vary(all[which % 3], seed);
        if (which % 3 != 2) o = _varyBond(o, seed);
        _both(o);
        uint256 opens = o.deliverBy + o.reviewWindow + 1;
        address caller = byBuyer ? buyer : relayer;
        vm.warp(o.deliverBy + 1);
        _refuseEarly(opens);
        _refund(o, caller);
        vm.warp(opens - 1);
        _refuseEarly(opens);
        _refund(o, caller);
        vm.warp(opens);
        _mark(o);
        _refund(o, caller);
        _check(o, _allToBuyer(o, T.REFUNDED, _share(o.counterAmount, o.slashBps)));
    }

    /// @dev What was released stays with the seller and has its receipt.
    function testFuzz_refund_afterReleasesSplits(uint256 seed, uint256 released) external {
        OrderTerms memory o = _vary(_partial(), seed);
        o.amount += 1;
        _both(o);
        released = bound(released, 1, o.amount - 1);
        vm.prank(buyer);
        escrow.release(o.pack(), released, "");
        vm.warp(o.deliverBy + o.reviewWindow + 1);
        _mark(o);
        _refund(o, relayer);
        Payout memory p = _allToBuyer(o, T.REFUNDED, 0);
        p.state = T.RESOLVED;
        p.toBuyer = o.amount - released;
        p.released = released;
        p.feeBefore = _share(released, o.feeBps);
        _check(o, p);
    }

    function _proven() private returns (OrderTerms memory o) {
        _activate(DELIVERY, 4, true);
        o = _plain();
        o.policy = T.ZK_PROOF;
        o.deliveryCircuit = DELIVERY;
        o.deliveryVersion = 1;
    }

    function testFuzz_refund_slashesWhereProofWasPossible(uint256 seed, bool deprecated) external {
        OrderTerms memory o = _varyBond(_vary(_proven(), seed), seed);
        _both(o);
        if (deprecated) {
            vm.prank(aggregator);
            registry.deprecate(DELIVERY, 1);
        }
        vm.warp(o.deliverBy + o.reviewWindow + 1);
        _mark(o);
        _refund(o, relayer);
        _check(o, _allToBuyer(o, T.REFUNDED, _share(o.counterAmount, o.slashBps)));
    }

    function testFuzz_refund_slashesNothingWhereTheVerifierIsRevoked(uint256 seed) external {
        OrderTerms memory o = _varyBond(_vary(_proven(), seed), seed);
        _both(o);
        _revoke(DELIVERY);
        vm.warp(o.deliverBy + o.reviewWindow);
        _refuseEarly(o.deliverBy + o.reviewWindow + 1);
        _refund(o, buyer);
        vm.warp(o.deliverBy + o.reviewWindow + 1);
        _mark(o);
        _refund(o, relayer);
        _check(o, _allToBuyer(o, T.REFUNDED, 0));
    }

    // ------------------------------------------------------------------------------------------------- refusals

    function testFuzz_refund_neverComesAfterTheCommitmentOfATimedOrder(uint256 wait, bool arbitrated, bool byBuyer)
        external
    {
        OrderTerms memory o = arbitrated ? _timedArbitrated() : _timed();
        bytes32 id = _both(o);
        vm.warp(START + bound(wait, 0, 1_000 days));
        _refuseState(id, T.BOTH_COMMITTED);
        _refund(o, byBuyer ? buyer : relayer);
    }

    function test_refund_revertsInEveryOtherState() external {
        for (uint256 i; i < 8; ++i) {
            State state = _states()[i];
            if (state == T.BOTH_COMMITTED || state == T.BUYER_COMMITTED) continue;
            OrderTerms memory o = _arbitrated();
            bytes32 id = _reach(o, state);
            vm.warp(o.deliverBy + o.reviewWindow + 1);
            _refuseState(id, state);
            _refund(o, buyer);
        }
    }
}
