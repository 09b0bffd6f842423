// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITermsOrders} from "../../contracts/interfaces/ITermsOrders.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import "../../contracts/libraries/Terms.sol" as T;
import {State} from "../../contracts/libraries/Terms.sol";
import {Wallet} from "../actors/Wallet.sol";
import {EndsTest} from "./EndsTest.sol";

contract FulfilAttestedTest is EndsTest {
    using OrderTermsLib for OrderTerms;

    /// @dev Anyone presents the attester's word.
    function _present(OrderTerms memory o, bytes32 evidence, uint256 deliveredAt) private {
        bytes memory signature = _signDelivery(attesterKey, _id(o), evidence, deliveredAt);
        vm.prank(relayer);
        escrow.fulfilAttested(o.pack(), evidence, deliveredAt, signature);
    }

    function _refuseDelivered(uint256 deliveredAt, uint256 latest) private {
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.DeliveredLate.selector, deliveredAt, latest));
    }

    // ------------------------------------------------------------------------------------------------- final

    /// Shows R-029, R-326, R-343, R-513.
    function testFuzz_fulfilAttested_paysAtOnceWithoutAnArbiter(uint256 seed, bytes32 evidence, uint256 on, uint256 t)
        external
    {
        OrderTerms memory o = _varyBond(_vary(_attested(), seed), seed);
        bytes32 id = _both(o);
        t = bound(t, START, o.deliverBy + o.reviewWindow);
        on = bound(on, 0, t < o.deliverBy ? t : o.deliverBy);
        vm.warp(t);
        _mark(o);
        vm.expectEmit(address(escrow));
        emit ITermsOrders.EvidenceAdded(id, evidence, on);
        _present(o, evidence, on);
        _check(o, _allToSeller(o, T.CLAIMED, evidence));
    }

    // ------------------------------------------------------------------------------------------------- review

    function testFuzz_fulfilAttested_startsTheReviewWithAnArbiter(uint256 seed, bytes32 evidence, uint256 on, uint256 t)
        external
    {
        OrderTerms memory o = _varyBond(_vary(_bonded(), seed), seed);
        bytes32 id = _both(o);
        t = bound(t, START, o.deliverBy + o.reviewWindow);
        on = bound(on, 0, t < o.deliverBy ? t : o.deliverBy);
        vm.warp(t);
        vm.expectEmit(address(escrow));
        emit ITermsOrders.Fulfilled(id, evidence, on, t + o.reviewWindow);
        _present(o, evidence, on);
        assertEq(
            escrow.slot(id),
            uint256(9) << 248 | (t + o.reviewWindow) << 200 | uint256(keccak256(abi.encode(id, evidence))) >> 56
        );
    }

    function testFuzz_fulfilAttested_isForTheArbiterInReviewAndInDispute(bytes32 evidence, bool disputed) external {
        OrderTerms memory o = _bonded();
        bytes32 id = _reach(o, disputed ? T.DISPUTED : T.FULFILLED);
        uint256 slot = escrow.slot(id);
        uint256 held = usd.balanceOf(address(escrow));
        vm.expectEmit(address(escrow));
        emit ITermsOrders.EvidenceAdded(id, evidence, START);
        _present(o, evidence, START);
        assertEq(escrow.slot(id), slot);
        assertEq(usd.balanceOf(address(escrow)), held);
    }

    // ------------------------------------------------------------------------------------------------- times

    function test_fulfilAttested_countsUpToTheEndOfTheReview() external {
        OrderTerms memory o = _attested();
        bytes32 id = _both(o);
        vm.warp(o.deliverBy + o.reviewWindow);
        _present(o, EVIDENCE, o.deliverBy);
        _assertState(id, T.BOTH_CLAIMED);
    }

    function test_fulfilAttested_revertsOneSecondAfterTheReview() external {
        OrderTerms[2] memory all = [_attested(), _bonded()];
        for (uint256 i; i < 2; ++i) {
            vm.warp(START);
            _both(all[i]);
            vm.warp(all[i].deliverBy + all[i].reviewWindow + 1);
            _refuseLate(all[i].deliverBy + all[i].reviewWindow);
            _present(all[i], EVIDENCE, all[i].deliverBy);
        }
    }

    function test_fulfilAttested_countsOneSecondBeforeTheTimedRelease() external {
        OrderTerms memory o = _attested();
        o.policy |= T.TIMED;
        o.timedRelease = o.deliverBy + 10 minutes;
        bytes32 id = _both(o);
        vm.warp(o.timedRelease - 1);
        _present(o, EVIDENCE, o.deliverBy);
        _assertState(id, T.BOTH_CLAIMED);
    }

    function test_fulfilAttested_revertsFromTheTimedReleaseOn() external {
        OrderTerms memory o = _attested();
        o.policy |= T.TIMED;
        o.timedRelease = o.deliverBy + 10 minutes;
        _both(o);
        for (uint256 i; i < 2; ++i) {
            vm.warp(o.timedRelease + i);
            _refuseLate(o.timedRelease - 1);
            _present(o, EVIDENCE, o.deliverBy);
        }
    }

    function testFuzz_fulfilAttested_revertsForDeliveryAfterTheDeadline(uint256 on) external {
        OrderTerms memory o = _attested();
        _both(o);
        on = bound(on, o.deliverBy + 1, type(uint256).max);
        vm.warp(o.deliverBy + 1 minutes);
        _refuseDelivered(on, o.deliverBy);
        _present(o, EVIDENCE, on);
    }

    function testFuzz_fulfilAttested_revertsForDeliveryInTheFuture(uint256 on) external {
        OrderTerms memory o = _attested();
        _both(o);
        on = bound(on, START + 1, type(uint256).max);
        _refuseDelivered(on, START);
        _present(o, EVIDENCE, on);
    }

    function test_fulfilAttested_countsForDeliveryNow() external {
        OrderTerms memory o = _attested();
        bytes32 id = _both(o);
        _present(o, EVIDENCE, START);
        _assertState(id, T.BOTH_CLAIMED);
    }

    // ------------------------------------------------------------------------------------------------- signatures

    function testFuzz_fulfilAttested_revertsForAnotherSigner(uint256 key) external {
        OrderTerms memory o = _attested();
        bytes32 id = _both(o);
        key = boundPrivateKey(key);
        vm.assume(key != attesterKey);
        _refuseSigner(attester);
        escrow.fulfilAttested(o.pack(), EVIDENCE, START, _signDelivery(key, id, EVIDENCE, START));
    }

    function testFuzz_fulfilAttested_revertsForAnyOtherMessage(bytes32 evidence, uint256 on, bytes32 other) external {
        OrderTerms memory o = _attested();
        bytes32 id = _both(o);
        vm.assume(evidence != EVIDENCE && on != START && other != id);
        bytes[3] memory signatures = [
            _signDelivery(attesterKey, id, evidence, START),
            _signDelivery(attesterKey, id, EVIDENCE, on),
            _signDelivery(attesterKey, other, EVIDENCE, START)
        ];
        for (uint256 i; i < 3; ++i) {
            _refuseSigner(attester);
            escrow.fulfilAttested(o.pack(), EVIDENCE, START, signatures[i]);
        }
    }

    function test_fulfilAttested_revertsForASignatureOfAnotherChain() external {
        OrderTerms memory o = _attested();
        bytes32 id = _both(o);
        vm.chainId(8453);
        bytes memory signature = _signDelivery(attesterKey, id, EVIDENCE, START);
        vm.chainId(31_337);
        _refuseSigner(attester);
        escrow.fulfilAttested(o.pack(), EVIDENCE, START, signature);
    }

    /// @dev ecrecover answers zero for nonsense; zero is nobody's signature, not even of a verifier zero.
    function testFuzz_fulfilAttested_neverTakesAZeroEcrecover(bytes32 r, bytes32 s, uint8 v) external {
        vm.assume(v != 27 && v != 28);
        OrderTerms memory o = _attested();
        _both(o);
        _refuseSigner(attester);
        escrow.fulfilAttested(o.pack(), EVIDENCE, START, abi.encodePacked(r, s, v));
        o.verifier = address(0);
        _refuseSigner(address(0));
        escrow.fulfilAttested(o.pack(), EVIDENCE, START, abi.encodePacked(r, s, v));
    }

    function testFuzz_fulfilAttested_revertsForNonsense(bytes calldata signature) external {
        OrderTerms memory o = _attested();
        _both(o);
        _refuseSigner(attester);
        escrow.fulfilAttested(o.pack(), EVIDENCE, START, signature);
    }

    function test_fulfilAttested_asksAContractAttester() external {
        Wallet wallet = new Wallet(attester);
        OrderTerms memory o = _attested();
        o.verifier = address(wallet);
        bytes32 id = _both(o);
        wallet.setRefusing(true);
        bytes memory signature = _signDelivery(attesterKey, id, EVIDENCE, START);
        _refuseSigner(address(wallet));
        escrow.fulfilAttested(o.pack(), EVIDENCE, START, signature);
        wallet.setRefusing(false);
        _mark(o);
        _present(o, EVIDENCE, START);
        _check(o, _allToSeller(o, T.CLAIMED, EVIDENCE));
    }

    /// @dev An attester whose account gains code after signing stays an attester.
    function test_fulfilAttested_takesAKeyWhoseAccountGotCode() external {
        OrderTerms memory o = _attested();
        bytes32 id = _both(o);
        Wallet wallet = new Wallet(thief);
        wallet.setRefusing(true);
        vm.etch(attester, address(wallet).code);
        _present(o, EVIDENCE, START);
        _assertState(id, T.BOTH_CLAIMED);
    }

    // ------------------------------------------------------------------------------------------------- order

    function test_fulfilAttested_revertsWithoutThePolicy() external {
        OrderTerms[3] memory all = [_plain(), _timed(), _arbitrated()];
        for (uint256 i; i < 3; ++i) {
            all[i].salt = bytes32(i);
            _both(all[i]);
            _refusePolicy(T.ATTESTER_SIG);
            _present(all[i], EVIDENCE, START);
        }
    }

    function test_fulfilAttested_revertsInEveryOtherState() external {
        State[5] memory states = [T.NONE, T.BUYER_COMMITTED, T.BOTH_CLAIMED, T.EXPIRED, T.RESOLVED];
        for (uint256 i; i < 5; ++i) {
            vm.warp(START + i);
            OrderTerms memory o = _bonded();
            bytes32 id = _reach(o, states[i]);
            _refuseState(id, states[i]);
            _present(o, EVIDENCE, START);
        }
    }

    function test_fulfilAttested_worksOnce() external {
        OrderTerms memory o = _attested();
        bytes32 id = _both(o);
        _present(o, EVIDENCE, START);
        _refuseState(id, T.BOTH_CLAIMED);
        _present(o, EVIDENCE, START);
    }
}
