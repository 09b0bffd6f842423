// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITermsOrders} from "../../contracts/interfaces/ITermsOrders.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import "../../contracts/libraries/Terms.sol" as T;
import {State} from "../../contracts/libraries/Terms.sol";
import {EndsTest, ExpectingVerifier} from "./EndsTest.sol";

contract FulfilProvenTest is EndsTest {
    using OrderTermsLib for OrderTerms;

    ExpectingVerifier private _verifier;
    uint256 private _start;

    function setUp() public override {
        super.setUp();
        _verifier = _activate(DELIVERY, 4, true);
        _start = vm.getBlockTimestamp();
    }

    function _proving(OrderTerms memory o) private pure returns (OrderTerms memory) {
        o.policy = T.ZK_PROOF;
        o.verifier = address(0);
        o.deliveryCircuit = DELIVERY;
        o.deliveryVersion = 1;
        return o;
    }

    /// @dev The verifier will take exactly this proof with exactly the signals that the documents name.
    function _teach(OrderTerms memory o, bytes32 evidence, uint256 on) private {
        uint256[] memory signals = new uint256[](4);
        signals[0] = _context(o);
        signals[1] = uint256(uint128(bytes16(evidence)));
        signals[2] = uint256(evidence) & type(uint128).max;
        signals[3] = on;
        _verifier.expectProof(_proof(), signals, "verifyProof(uint256[2],uint256[2][2],uint256[2],uint256[4])");
    }

    function _present(OrderTerms memory o, bytes32 evidence, uint256 on) private {
        vm.prank(relayer);
        escrow.fulfilProven(o.pack(), evidence, on, _proof());
    }

    function _refuseProof() private {
        _refuse(ITermsOrders.BadProof.selector);
    }

    /// Shows R-326, R-517.
    function testFuzz_fulfilProven_paysAtOnceWithoutAnArbiter(uint256 seed, bytes32 evidence, uint256 on, uint256 t)
        external
    {
        OrderTerms memory o = _varyBond(_vary(_proving(_plain()), seed), seed);
        bytes32 id = _both(o);
        t = bound(t, _start, o.deliverBy + o.reviewWindow);
        on = bound(on, 0, t < o.deliverBy ? t : o.deliverBy);
        vm.warp(t);
        _teach(o, evidence, on);
        _mark(o);
        vm.expectEmit(address(escrow));
        emit ITermsOrders.EvidenceAdded(id, evidence, on);
        _present(o, evidence, on);
        _check(o, _allToSeller(o, T.CLAIMED, evidence));
    }

    function testFuzz_fulfilProven_startsTheReviewWithAnArbiter(bytes32 evidence, uint256 on, uint256 t) external {
        OrderTerms memory o = _proving(_bonded());
        bytes32 id = _both(o);
        t = bound(t, _start, o.deliverBy + o.reviewWindow);
        on = bound(on, 0, t < o.deliverBy ? t : o.deliverBy);
        vm.warp(t);
        _teach(o, evidence, on);
        vm.expectEmit(address(escrow));
        emit ITermsOrders.Fulfilled(id, evidence, on, t + o.reviewWindow);
        _present(o, evidence, on);
        assertEq(
            escrow.slot(id),
            uint256(9) << 248 | (t + o.reviewWindow) << 200 | uint256(keccak256(abi.encode(id, evidence))) >> 56
        );
    }

    function testFuzz_fulfilProven_isForTheArbiterInReviewAndInDispute(bytes32 evidence, bool disputed) external {
        OrderTerms memory o = _proving(_bonded());
        bytes32 id = _reach(o, disputed ? T.DISPUTED : T.FULFILLED);
        uint256 slot = escrow.slot(id);
        _teach(o, evidence, _start);
        vm.expectEmit(address(escrow));
        emit ITermsOrders.EvidenceAdded(id, evidence, _start);
        _present(o, evidence, _start);
        assertEq(escrow.slot(id), slot);
    }

    function testFuzz_fulfilProven_revertsForAnyOtherSignal(bytes32 evidence, uint256 on, uint256 context) external {
        OrderTerms memory o = _proving(_plain());
        _both(o);
        vm.assume(evidence != EVIDENCE && context != _context(o));
        on = bound(on, 0, _start - 1);
        _teach(o, EVIDENCE, _start);
        _refuseProof();
        _present(o, evidence, _start);
        _refuseProof();
        _present(o, EVIDENCE, on);
        // a proof made for another context
        uint256[] memory signals = new uint256[](4);
        signals[0] = context;
        signals[1] = uint256(EVIDENCE) >> 128;
        signals[2] = uint128(uint256(EVIDENCE));
        signals[3] = _start;
        _verifier.expectProof(_proof(), signals, "verifyProof(uint256[2],uint256[2][2],uint256[2],uint256[4])");
        _refuseProof();
        _present(o, EVIDENCE, _start);
    }

    function testFuzz_fulfilProven_revertsForAnyOtherProof(uint256 index, uint256 word) external {
        OrderTerms memory o = _proving(_plain());
        _both(o);
        _teach(o, EVIDENCE, _start);
        uint256[8] memory proof = _proof();
        index = bound(index, 0, 7);
        vm.assume(proof[index] != word);
        proof[index] = word;
        _refuseProof();
        escrow.fulfilProven(o.pack(), EVIDENCE, _start, proof);
    }

    function testFuzz_fulfilProven_revertsForDeliveryTooLate(uint256 on, uint256 t) external {
        OrderTerms memory o = _proving(_plain());
        _both(o);
        t = bound(t, _start, o.deliverBy + o.reviewWindow);
        uint256 latest = t < o.deliverBy ? t : o.deliverBy;
        on = bound(on, latest + 1, type(uint256).max);
        vm.warp(t);
        _teach(o, EVIDENCE, on);
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.DeliveredLate.selector, on, latest));
        _present(o, EVIDENCE, on);
    }

    function test_fulfilProven_revertsOneSecondAfterTheReview() external {
        OrderTerms memory o = _proving(_plain());
        bytes32 id = _both(o);
        _teach(o, EVIDENCE, o.deliverBy);
        vm.warp(o.deliverBy + o.reviewWindow + 1);
        _refuseLate(o.deliverBy + o.reviewWindow);
        _present(o, EVIDENCE, o.deliverBy);
        vm.warp(o.deliverBy + o.reviewWindow);
        _present(o, EVIDENCE, o.deliverBy);
        _assertState(id, T.BOTH_CLAIMED);
    }

    function test_fulfilProven_revertsFromTheTimedReleaseOn() external {
        OrderTerms memory o = _proving(_plain());
        o.policy |= T.TIMED;
        o.timedRelease = o.deliverBy + 10 minutes;
        bytes32 id = _both(o);
        _teach(o, EVIDENCE, o.deliverBy);
        vm.warp(o.timedRelease);
        _refuseLate(o.timedRelease - 1);
        _present(o, EVIDENCE, o.deliverBy);
        vm.warp(o.timedRelease - 1);
        _present(o, EVIDENCE, o.deliverBy);
        _assertState(id, T.BOTH_CLAIMED);
    }

    function test_fulfilProven_takesADeprecatedVerifierButNoRevokedOne() external {
        OrderTerms memory o = _proving(_bonded());
        bytes32 id = _both(o);
        _teach(o, EVIDENCE, _start);
        vm.prank(aggregator);
        registry.deprecate(DELIVERY, 1);
        _present(o, EVIDENCE, _start);
        _assertState(id, T.FULFILLED);
        _revoke(DELIVERY);
        _refuseProof();
        _present(o, EVIDENCE, _start);
    }

    function test_fulfilProven_revertsWithoutThePolicy() external {
        OrderTerms[3] memory all = [_plain(), _attested(), _arbitrated()];
        for (uint256 i; i < 3; ++i) {
            all[i].salt = bytes32(i);
            _both(all[i]);
            _refusePolicy(T.ZK_PROOF);
            _present(all[i], EVIDENCE, _start);
        }
    }

    function test_fulfilProven_revertsInEveryOtherState() external {
        State[5] memory states = [T.NONE, T.BUYER_COMMITTED, T.BOTH_CLAIMED, T.EXPIRED, T.RESOLVED];
        for (uint256 i; i < 5; ++i) {
            vm.warp(_start + i);
            OrderTerms memory o = _proving(_bonded());
            bytes32 id = _reach(o, states[i]);
            _teach(o, EVIDENCE, _start);
            _refuseState(id, states[i]);
            _present(o, EVIDENCE, _start);
        }
    }
}
