// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Action, Verb} from "../../contracts/interfaces/IEscrowLens.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {State} from "../../contracts/libraries/Terms.sol";
import {Fault} from "../../contracts/libraries/TermsRules.sol";
import {OrderSpec, Verb as Call} from "../escrow/OrderSpec.sol";
import {LensSpec} from "./LensSpec.sol";
import {LensTest} from "./LensTest.sol";

/// @notice Every sound combination of roles and policies in every state at every instant that matters: what the lens
/// lists is what the state table allows and what the escrow accepts, caller by caller, and the list changes when it says.
contract NextActionsTest is LensTest {
    using OrderTermsLib for OrderTerms;

    /// @dev How much of the matrix there was: one that shrinks unseen proves nothing.
    struct Size {
        uint256 orders;
        uint256 rows;
        uint256 cells;
        uint256 open;
    }

    /// @dev The instants of a row, the lists the lens gave at each, and when it said the list would change.
    struct Course {
        uint256[] instants;
        uint256[] lists;
        uint256[] changes;
        uint256 count;
    }

    /// @dev How a row and an open call end: by a revert, which undoes them.
    error RowDone(uint256 cells, uint256 open);
    error CallDone();

    function test_nextActions_withoutPolicy() external {
        _matrix(0, Size({orders: 10, rows: 74, cells: 73_920, open: 3590}));
    }

    function test_nextActions_attested() external {
        _matrix(OrderSpec.ATTESTER_SIG, Size({orders: 12, rows: 104, cells: 101_760, open: 5316}));
    }

    function test_nextActions_proven() external {
        _matrix(OrderSpec.ZK_PROOF, Size({orders: 8, rows: 64, cells: 63_360, open: 3956}));
    }

    function test_nextActions_timed() external {
        _matrix(OrderSpec.TIMED, Size({orders: 8, rows: 72, cells: 78_720, open: 3884}));
    }

    function test_nextActions_timedAttested() external {
        _matrix(OrderSpec.TIMED | OrderSpec.ATTESTER_SIG, Size({orders: 12, rows: 120, cells: 128_640, open: 6764}));
    }

    function test_nextActions_timedProven() external {
        _matrix(OrderSpec.TIMED | OrderSpec.ZK_PROOF, Size({orders: 8, rows: 72, cells: 78_720, open: 4824}));
    }

    function test_nextActions_partial() external {
        _matrix(OrderSpec.PARTIAL, Size({orders: 1, rows: 7, cells: 7200, open: 175}));
    }

    /// @dev Every other set of policies is refused, by the escrow as by the lens.
    function test_nextActions_noOtherPolicyIsSound() external {
        uint256 refused;
        for (uint256 n; n < COMBINATIONS; ++n) {
            OrderTerms memory o = _combine(n);
            if (lens.check(o.pack()) == Fault.NONE) {
                uint256 p = o.policy;
                require(p <= 6 && p != 3 || p == OrderSpec.PARTIAL, "a policy that the matrix leaves out");
                continue;
            }
            ++refused;
            vm.prank(o.buyer);
            (bool success,) = address(escrow).call(_callOf(o, 0, _rowOf(o, Stage.NONE, false).b, Call.CREATE, 0));
            require(!success, "sound for the escrow");
            (State state, Action[] memory actions, uint256 change) = _ask(o);
            assertEq(State.unwrap(state), 0);
            assertEq(actions.length, 0, "faulty terms have no way in");
            assertEq(change, 0);
        }
        assertGt(refused, 0);
    }

    function _matrix(uint8 policy, Size memory expected) private {
        vm.pauseGasMetering();
        Size memory size;
        for (uint256 n; n < COMBINATIONS; ++n) {
            OrderTerms memory o = _combine(n);
            if (o.policy != policy || !_isSound(o)) continue;
            ++size.orders;
            for (uint256 s; s < 2 * (uint256(type(Stage).max) + 1); ++s) {
                // reached late is another row only where a clock runs from then on
                bool clocked = s / 2 >= uint256(Stage.FULFILLED) && s / 2 <= uint256(Stage.DISPUTED_UNFULFILLED);
                if (!_exists(o, Stage(s / 2)) || (s % 2 == 1 && !clocked)) continue;
                try this.row(n, Stage(s / 2), s % 2 == 1) {}
                catch (bytes memory reason) {
                    if (!_is(reason, RowDone.selector)) _bubble(reason);
                    (uint256 cells, uint256 open) = _counts(reason);
                    ++size.rows;
                    size.cells += cells;
                    size.open += open;
                }
            }
        }
        emit log_named_uint("orders", size.orders);
        emit log_named_uint("rows", size.rows);
        emit log_named_uint("cells", size.cells);
        emit log_named_uint("open", size.open);
        assertEq(abi.encode(size), abi.encode(expected), "the size of the matrix");
    }

    /// @notice One order in one state at all its instants.
    function row(uint256 number, Stage s, bool late) external {
        vm.warp(START + 3 days);
        Row memory r = _rowOf(_combine(number), s, late);
        Course memory course = _courseOf(r);
        bytes[] memory calls = new bytes[](OrderSpec.VERBS);
        for (uint256 c; c < calls.length; ++c) {
            calls[c] = _callOf(r.o, r.id, r.b, Call(c), LensSpec.PICK);
        }
        uint256 open;
        for (uint256 i; i < course.count; ++i) {
            uint256 t = course.instants[i];
            vm.warp(t);
            (State state, Action[] memory actions, uint256 change) = _ask(r.o);
            require(State.unwrap(state) == r.b.state, "another state");
            (course.lists[i], course.changes[i]) = (_listed(actions), change);
            if (course.lists[i] != _wanted(r, t)) _fail(r, "the list is not the table's", _wanted(r, t), actions);
            _checkEnds(r, actions, t);
            open += _checkCalls(r, course.lists[i], calls);
        }
        _checkChanges(r, course);
        revert RowDone(course.count * LensSpec.VERBS * CALLERS, open);
    }

    /// @dev The escrow accepts what is listed and refuses what is not.
    function _checkCalls(Row memory r, uint256 list, bytes[] memory calls) private returns (uint256 open) {
        address[CALLERS] memory callers = _callers();
        for (uint256 v; v < LensSpec.VERBS; ++v) {
            for (uint256 c; c < CALLERS; ++c) {
                Call call = LensSpec.callOf(r.o, Verb(v), callers[c]);
                if (list & _bit(v, c) != 0) {
                    ++open;
                    try this.perform(callers[c], _valueOf(r.o, call), calls[uint256(call)]) {}
                    catch (bytes memory reason) {
                        if (!_is(reason, CallDone.selector)) {
                            _fail(r, string.concat("listed and refused: verb ", vm.toString(v)), list, new Action[](0));
                        }
                    }
                    continue;
                }
                vm.prank(callers[c]);
                (bool success,) = address(escrow).call{value: _valueOf(r.o, call)}(calls[uint256(call)]);
                if (success) {
                    _fail(r, string.concat("not listed and done: verb ", vm.toString(v)), list, new Action[](0));
                }
            }
        }
    }

    /// @notice One call, undone at the end.
    function perform(address caller, uint256 value, bytes memory data) external {
        vm.prank(caller);
        (bool success, bytes memory answer) = address(escrow).call{value: value}(data);
        if (!success) _bubble(answer);
        revert CallDone();
    }

    /// @dev An action is open up to and including `until`, and a second later only if it is anybody's then; who is
    /// named may sign instead of calling, where there is a signature for it.
    function _checkEnds(Row memory r, Action[] memory actions, uint256 t) private view {
        for (uint256 i; i < actions.length; ++i) {
            Action memory a = actions[i];
            address who = a.who == address(0) ? relayer : a.who;
            uint256 last = a.until == 0 ? START + 4_000 days : a.until;
            require(a.until == 0 || a.until >= t, "until is past");
            require(LensSpec.isOpen(r.o, r.b, a.verb, who, last), "closed before until");
            bool after_ = LensSpec.isOpen(r.o, r.b, a.verb, who, last + 1);
            bool anybodys = a.who != address(0) && LensSpec.isOpen(r.o, r.b, a.verb, relayer, last + 1);
            require(a.until == 0 ? after_ : after_ == anybodys, "open after until");
            if (a.who == address(0)) continue;
            bool signable = a.verb != Verb.FULFIL && a.verb != Verb.RESOLVE && a.verb != Verb.REFUND;
            require(LensSpec.isOpenSigned(r.o, r.b, a.verb, relayer, t) == signable, "by signature");
        }
    }

    /// @dev At each instant `nextChange` is the next at which the list was another one.
    function _checkChanges(Row memory r, Course memory course) private {
        for (uint256 i; i < course.count; ++i) {
            uint256 expected;
            for (uint256 j = i + 1; j < course.count && expected == 0; ++j) {
                if (course.lists[j] != course.lists[i]) expected = course.instants[j];
            }
            if (course.changes[i] == expected) continue;
            vm.warp(course.instants[i]);
            _fail(r, string.concat("next change ", vm.toString(course.changes[i])), expected, new Action[](0));
        }
    }

    // ------------------------------------------------------------------------------------------------- instants

    /// @dev Both sides of every line that the table draws, in order, from now on.
    function _courseOf(Row memory r) private view returns (Course memory course) {
        uint256[9] memory firsts = [
            uint256(r.o.fundBy) + 1,
            uint256(r.o.commitBy) + 1,
            uint256(r.o.deliverBy) + 1,
            uint256(r.o.deliverBy) + r.o.reviewWindow + 1,
            r.o.timedRelease,
            r.b.clock,
            r.b.settledAt == 0 ? 0 : r.b.settledAt + 30 days,
            START + 400 days,
            vm.getBlockTimestamp() + 1
        ];
        course.instants = new uint256[](18);
        for (uint256 i; i < firsts.length; ++i) {
            if (firsts[i] == 0) continue;
            _insert(course, firsts[i] - 1);
            _insert(course, firsts[i]);
        }
        course.lists = new uint256[](course.count);
        course.changes = new uint256[](course.count);
    }

    function _insert(Course memory course, uint256 t) private view {
        if (t < vm.getBlockTimestamp()) return;
        uint256 spot;
        while (spot < course.count && course.instants[spot] < t) ++spot;
        if (spot < course.count && course.instants[spot] == t) return;
        for (uint256 i = course.count++; i > spot; --i) {
            course.instants[i] = course.instants[i - 1];
        }
        course.instants[spot] = t;
    }

    // ------------------------------------------------------------------------------------------------- other times

    /// @dev Any second, any bond, any order: the table again, and nothing changes before the change that is announced.
    function testFuzz_nextActions_atAnyTime(uint256 number, uint256 stage, bool late, uint256 wait, uint256 between)
        external
    {
        OrderTerms memory o;
        number = bound(number, 0, COMBINATIONS - 1);
        do {
            o = _combine(number);
            number = (number + 1) % COMBINATIONS;
        } while (!_isSound(o));
        stage = bound(stage, 0, uint256(type(Stage).max));
        while (!_exists(o, Stage(stage))) --stage;
        Row memory r = _rowOf(o, Stage(stage), late);
        uint256 t = vm.getBlockTimestamp() + bound(wait, 0, 60 days);
        vm.warp(t);
        (, Action[] memory actions, uint256 change) = _ask(o);
        uint256 list = _listed(actions);
        assertEq(list, _wanted(r, t), "the table");
        uint256 last = change == 0 ? t + 4_000 days : change - 1;
        vm.warp(bound(between, t, last));
        (, actions,) = _ask(o);
        assertEq(_listed(actions), list, "a change that was not announced");
        vm.warp(last + 1);
        (, actions,) = _ask(o);
        assertEq(_listed(actions) == list, change == 0, "a change that did not come");
    }

    // ------------------------------------------------------------------------------------------------- reports

    function _fail(Row memory r, string memory what, uint256 expected, Action[] memory actions) private view {
        string memory where = string.concat(
            what, ": stage ", vm.toString(uint256(r.stage)), ", policy ", vm.toString(r.o.policy), ", after creation "
        );
        where = string.concat(where, vm.toString(vm.getBlockTimestamp() - START - 3 days), ", expected ");
        where = string.concat(where, vm.toString(expected), ", listed");
        for (uint256 i; i < actions.length; ++i) {
            where = string.concat(where, " ", vm.toString(uint256(actions[i].verb)), "/", vm.getLabel(actions[i].who));
        }
        revert(where);
    }

    function _counts(bytes memory reason) private pure returns (uint256 cells, uint256 open) {
        assembly ("memory-safe") {
            cells := mload(add(reason, 0x24))
            open := mload(add(reason, 0x44))
        }
    }
}
