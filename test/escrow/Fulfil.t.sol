// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITermsOrders} from "../../contracts/interfaces/ITermsOrders.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import "../../contracts/libraries/Terms.sol" as T;
import {State} from "../../contracts/libraries/Terms.sol";
import {EndsTest} from "./EndsTest.sol";

contract FulfilTest is EndsTest {
    using OrderTermsLib for OrderTerms;

    function testFuzz_fulfil_startsTheReview(uint256 seed, bytes32 evidence, uint256 time) external {
        OrderTerms memory o = _varyBond(_vary(_arbitrated(), seed), seed);
        bytes32 id = _both(o);
        time = bound(time, START, o.deliverBy);
        vm.warp(time);
        uint256 before = _balance(o.token, address(escrow));
        vm.expectEmit(address(escrow));
        emit ITermsOrders.Fulfilled(id, evidence, time, time + o.reviewWindow);
        _fulfil(o, evidence);
        assertEq(_balance(o.token, address(escrow)), before);
        assertEq(
            escrow.slot(id),
            uint256(9) << 248 | (time + o.reviewWindow) << 200 | uint256(keccak256(abi.encode(id, evidence))) >> 56
        );
    }

    function test_fulfil_holdsAtTheLastSecond() external {
        OrderTerms memory o = _arbitrated();
        bytes32 id = _both(o);
        vm.warp(o.deliverBy);
        _fulfil(o, EVIDENCE);
        _assertState(id, T.FULFILLED);
    }

    function testFuzz_fulfil_revertsWhenDeliveryIsOverdue(uint256 late) external {
        OrderTerms memory o = _arbitrated();
        _both(o);
        vm.warp(o.deliverBy + bound(late, 1, 400 days));
        _refuseLate(o.deliverBy);
        _fulfil(o, EVIDENCE);
    }

    function test_fulfil_revertsOneSecondAfter() external {
        OrderTerms memory o = _arbitrated();
        _both(o);
        vm.warp(o.deliverBy + 1);
        _refuseLate(o.deliverBy);
        _fulfil(o, EVIDENCE);
    }

    function testFuzz_fulfil_revertsWhenTheCallerIsNotTheSeller(address caller) external {
        OrderTerms memory o = _arbitrated();
        _both(o);
        vm.assume(caller != seller);
        _refuseCaller(caller, seller);
        vm.prank(caller);
        escrow.fulfil(o.pack(), EVIDENCE);
    }

    function test_fulfil_revertsWithoutAnArbiter() external {
        OrderTerms[3] memory all = [_plain(), _timed(), _attested()];
        for (uint256 i; i < all.length; ++i) {
            all[i].salt = bytes32(i);
            _both(all[i]);
            _refuse(ITermsOrders.ArbiterMissing.selector);
            _fulfil(all[i], EVIDENCE);
        }
    }

    function test_fulfil_revertsInEveryOtherState() external {
        for (uint256 i; i < 8; ++i) {
            State state = _states()[i];
            if (state == T.BOTH_COMMITTED) continue;
            OrderTerms memory o = _arbitrated();
            bytes32 id = _reach(o, state);
            _refuseState(id, state);
            _fulfil(o, EVIDENCE);
            vm.warp(vm.getBlockTimestamp() + 1);
        }
    }
}
