// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Action, Verb} from "../../contracts/interfaces/IEscrowLens.sol";
import {ITermsOrders} from "../../contracts/interfaces/ITermsOrders.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {ZKB_01, ZKS_01} from "../../contracts/libraries/Circuits.sol";
import {State} from "../../contracts/libraries/Terms.sol";
import {Fault} from "../../contracts/libraries/TermsRules.sol";
import {BoundProof} from "../escrow/OrderCalls.sol";
import {Verb as Call} from "../escrow/OrderSpec.sol";
import {LensSpec} from "./LensSpec.sol";
import {LensTest} from "./LensTest.sol";

/// @notice What the registry of verifiers decides, which the state table does not know: the lens against the escrow.
contract LensVerifiersTest is LensTest {
    using OrderTermsLib for OrderTerms;

    /// @dev The escrow's answer to a stranger's call, undone.
    function _attempt(Row memory r, Call c) private returns (bool success, bytes memory answer) {
        bytes memory data = _callOf(r.o, r.id, r.b, c, LensSpec.PICK);
        uint256 snapshot = vm.snapshotState();
        vm.prank(relayer);
        (success, answer) = address(escrow).call{value: _valueOf(r.o, c)}(data);
        vm.revertToState(snapshot);
    }

    /// @dev Lens and escrow agree that this is open to anybody, or that it is not.
    function _same(Row memory r, Verb v, bool open) private returns (uint256 change) {
        (bool found, Action memory action, uint256 next) = _find(r.o, v);
        assertEq(found, open, "listed");
        if (found) assertEq(action.who, address(0), "anybody");
        (bool success,) = _attempt(r, LensSpec.callOf(r.o, v, relayer));
        assertEq(success, open, "accepted");
        return next;
    }

    function _pin(uint256 which, uint48 version) private view returns (OrderTerms memory o, bytes32 circuit) {
        o = which == 0 ? _proven() : _plain();
        if (which == 0) (o.deliveryVersion, circuit) = (version, DELIVERY_CIRCUIT);
        else if (which == 1) (o.zkbVersion, circuit) = (version, ZKB_01);
        else (o.zksVersion, circuit) = (version, ZKS_01);
    }

    function _propose(bytes32 circuit, uint48 version, bool delivery) private {
        address impl = address(new BoundProof());
        vm.prank(aggregator);
        registry.propose(circuit, version, impl, 0, 0, 4, false, delivery);
    }

    // ------------------------------------------------------------------------------------------------- create

    function testFuzz_create_opensWhenThePinnedVerifierBecomesActive(uint256 which, uint48 version, uint256 wait)
        external
    {
        version = uint48(bound(version, 2, type(uint48).max));
        which = bound(which, 0, 2);
        (OrderTerms memory o, bytes32 circuit) = _pin(which, version);
        o.fundBy = uint40(vm.getBlockTimestamp() + 3 days);
        (o.commitBy, o.deliverBy) = (o.fundBy + 1, o.fundBy + 1 days);
        Row memory r = _rowOf(o, Stage.NONE, false);

        assertEq(_same(r, Verb.CREATE, false), 0, "never proposed");
        _expectInactive(o, circuit, version);
        _propose(circuit, version, which == 0);
        uint256 from = vm.getBlockTimestamp() + 2 days;
        vm.warp(bound(wait, vm.getBlockTimestamp(), from - 1));
        assertEq(_same(r, Verb.CREATE, false), from, "pending");
        _expectInactive(o, circuit, version);
        vm.warp(from);
        assertEq(_same(r, Verb.CREATE, true), uint256(o.fundBy) + 1, "active");
        _expectInactive(o, 0, 0);
    }

    function test_create_isClosedWhileAPinnedVerifierIsDeprecatedOrRevoked() external {
        for (uint256 which; which < 3; ++which) {
            for (uint256 revoked; revoked < 2; ++revoked) {
                uint256 snapshot = vm.snapshotState();
                (OrderTerms memory o, bytes32 circuit) = _pin(which, 1);
                Row memory r = _rowOf(o, Stage.NONE, false);
                _same(r, Verb.CREATE, true);
                vm.prank(aggregator);
                if (revoked == 1) registry.revoke(circuit, 1);
                else registry.deprecate(circuit, 1);
                assertEq(_same(r, Verb.CREATE, false), 0);
                _expectInactive(o, circuit, 1);
                (, bytes memory answer) = _attempt(r, Call.CREATE);
                assertEq(answer, abi.encodeWithSelector(ITermsOrders.VerifierNotActive.selector, circuit, uint48(1)));
                vm.revertToState(snapshot);
            }
        }
    }

    function test_create_neverOpensForACircuitThatIsNoDelivery() external {
        (OrderTerms memory o,) = _pin(0, 9);
        _propose(DELIVERY_CIRCUIT, 9, false);
        o.fundBy = uint40(vm.getBlockTimestamp() + 3 days);
        (o.commitBy, o.deliverBy) = (o.fundBy + 1, o.fundBy + 1 days);
        Row memory r = _rowOf(o, Stage.NONE, false);
        assertEq(_same(r, Verb.CREATE, false), 0, "pending");
        vm.warp(vm.getBlockTimestamp() + 2 days);
        assertEq(_same(r, Verb.CREATE, false), 0, "active");
        _expectInactive(o, DELIVERY_CIRCUIT, 9);
    }

    /// @dev The escrow refuses for the first of several, and so does the lens name it.
    function test_inactiveVerifier_isTheOneTheEscrowNames() external {
        OrderTerms memory o = _proven();
        (o.zkbVersion, o.zksVersion, o.deliveryVersion) = (5, 6, 7);
        Row memory r = _rowOf(o, Stage.NONE, false);
        (, bytes memory answer) = _attempt(r, Call.CREATE);
        assertEq(answer, abi.encodeWithSelector(ITermsOrders.VerifierNotActive.selector, ZKB_01, uint48(5)));
        _expectInactive(o, ZKB_01, 5);
    }

    function _expectInactive(OrderTerms memory o, bytes32 circuit, uint48 version) private view {
        (bytes32 c, uint48 v) = lens.inactiveVerifier(o.pack());
        assertEq(c, circuit);
        assertEq(v, version);
        assertEq(uint256(lens.check(o.pack())), uint256(Fault.NONE), "no fault of the terms");
    }

    // ------------------------------------------------------------------------------------------------- far ahead

    /// @dev Sound terms of next year: they open in the first second from which they end within 365 days.
    function testFuzz_create_opensWhenTheDeadlinesAreNearEnough(uint256 ahead, uint256 number, uint256 fund) external {
        number = bound(number, 0, COMBINATIONS - 1);
        while (!_isSound(_combine(number))) number = (number + 1) % COMBINATIONS;
        OrderTerms memory o = _combine(number);
        uint256 end = o.timedRelease == 0 ? o.deliverBy : o.timedRelease;
        ahead = vm.getBlockTimestamp() + 365 days - end + bound(ahead, 1, 3_000 days);
        uint256 opens = end + ahead - 365 days;
        // instants of this century
        // forge-lint: disable-start(unsafe-typecast)
        o.deliverBy += uint40(ahead);
        if (o.timedRelease != 0) o.timedRelease += uint40(ahead);
        // paying in may end before
        o.fundBy = uint40(bound(fund, opens - 3, opens + 3));
        o.commitBy = uint40(opens + 3);
        // forge-lint: disable-end(unsafe-typecast)
        Row memory r = _rowOf(o, Stage.NONE, false);
        _checkOpening(r, opens);
    }

    /// @dev And with any fault besides they never open.
    function testFuzz_create_neverOpensWithAnotherFault(uint8 fault, uint40 timed) external {
        OrderTerms memory o = _plain();
        o.deliverBy = uint40(vm.getBlockTimestamp() + 400 days);
        (o.commitBy, o.fundBy) = (o.deliverBy - 1, o.deliverBy - 1);
        if (fault % 3 == 0) {
            o.timedRelease = uint40(bound(timed, 1, type(uint40).max));
        } else if (fault % 3 == 1) {
            (o.policy, o.timedRelease) = (4, uint40(bound(timed, 0, o.deliverBy - 1)));
        } else {
            (o.arbiter, o.disputeWindow) = (arbiter, 1);
        }
        Row memory r = _rowOf(o, Stage.NONE, false);
        assertEq(_same(r, Verb.CREATE, false), 0);
        for (uint256 i; i < 2; ++i) {
            vm.warp(i == 0 ? o.deliverBy - 365 days : o.fundBy);
            _same(r, Verb.CREATE, false);
        }
    }

    function _checkOpening(Row memory r, uint256 opens) private {
        if (r.o.fundBy < opens) {
            assertEq(_same(r, Verb.CREATE, false), 0, "too late before it is near");
            vm.warp(r.o.fundBy);
            _same(r, Verb.CREATE, false);
            return;
        }
        assertEq(_same(r, Verb.CREATE, false), opens, "announced");
        vm.warp(opens - 1);
        assertEq(_same(r, Verb.CREATE, false), opens, "a second before");
        vm.warp(opens);
        assertEq(_same(r, Verb.CREATE, true), uint256(r.o.fundBy) + 1, "open");
    }

    // ------------------------------------------------------------------------------------------------- proofs

    function test_fulfilProven_closesWhenTheVerifierIsRevoked() external {
        Row memory r = _rowOf(_proven(), Stage.BOTH, false);
        assertEq(_same(r, Verb.FULFIL_PROVEN, true), uint256(r.o.deliverBy) + r.o.reviewWindow + 1);
        vm.prank(aggregator);
        registry.deprecate(DELIVERY_CIRCUIT, 1);
        _same(r, Verb.FULFIL_PROVEN, true);
        vm.prank(guardian);
        registry.revoke(DELIVERY_CIRCUIT, 1);
        _same(r, Verb.FULFIL_PROVEN, false);
    }

    function test_collect_opensAtOnceWhenTheVerifierIsRevoked() external {
        Row memory r = _rowOf(_shielded(), Stage.SPLIT, false);
        uint256 waited = r.b.settledAt + 30 days;
        assertEq(_same(r, Verb.COLLECT_BUYER, false), waited);
        vm.prank(guardian);
        registry.revoke(ZKB_01, 1);
        _same(r, Verb.COLLECT_BUYER, true);
        _same(r, Verb.COLLECT_BUYER_WITH_PROOF, false);
        assertEq(_same(r, Verb.COLLECT_SELLER, false), waited);
        _same(r, Verb.COLLECT_SELLER_WITH_PROOF, true);
        vm.prank(guardian);
        registry.revoke(ZKS_01, 1);
        assertEq(_same(r, Verb.COLLECT_SELLER, true), 0, "nothing changes any more");
        _same(r, Verb.COLLECT_SELLER_WITH_PROOF, false);
    }

    /// @dev A credit in the counter token alone, as a swap leaves it to a shielded buyer.
    function test_collect_isListedForACreditInTheCounterToken() external {
        OrderTerms memory o = _swapped();
        (o.zkbVersion, o.zksVersion) = (1, 1);
        Row memory r = _rowOf(o, Stage.PAID_OUT, false);
        assertEq(escrow.held(r.id, 0, o.token), 0);
        assertEq(escrow.held(r.id, 0, o.counterToken), o.counterAmount);
        (bool found,,) = _find(o, Verb.COLLECT_BUYER_WITH_PROOF);
        assertTrue(found, "by proof");
        vm.warp(r.b.settledAt + 30 days);
        (found,,) = _find(o, Verb.COLLECT_BUYER);
        assertTrue(found, "to the wallet");
        escrow.collect(o.pack(), 0, o.counterToken);
        (found,,) = _find(o, Verb.COLLECT_BUYER);
        assertFalse(found, "once");
        (, Action[] memory actions,) = _ask(o);
        assertEq(actions.length, 2, "the seller's credit is still there");
    }

    function test_collect_isNotListedWhereNothingIsHeld() external {
        Row memory r = _rowOf(_plain(), Stage.PAID_OUT, false);
        (State state, Action[] memory actions, uint256 change) = _ask(r.o);
        assertEq(State.unwrap(state), 6);
        assertEq(actions.length, 0);
        assertEq(change, 0);
    }
}
