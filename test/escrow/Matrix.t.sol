// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {OrderCalls} from "./OrderCalls.sol";
import {Book, OrderSpec, Verb} from "./OrderSpec.sol";
import {TypedErrors} from "./TypedErrors.sol";

/// @notice Every kind of order in every state at every instant that matters, every verb by every caller. `OrderSpec`
/// says which calls are allowed. Allowed calls lead where it says; every other reverts with an error of the
/// interface and changes nothing.
contract MatrixTest is OrderCalls {
    using OrderTermsLib for OrderTerms;

    enum Kind {
        PLAIN,
        TIMED,
        ARBITRATED,
        BONDED,
        ATTESTED,
        PROVEN,
        PARTIAL,
        PARTIAL_RELEASED,
        SWAP,
        TIMED_ARBITRATED,
        TIMED_ATTESTED,
        PROVEN_ARBITRATED,
        TIMED_PROVEN,
        TIMED_ARBITRATED_ATTESTED,
        TIMED_ARBITRATED_PROVEN,
        SHIELDED
    }

    enum Stage {
        NONE,
        PAID,
        BOTH,
        FULFILLED,
        DISPUTED,
        DISPUTED_UNFULFILLED,
        PAID_OUT,
        REFUNDED,
        SPLIT
    }

    struct Row {
        OrderTerms o;
        Book b;
        bytes32 id;
        uint256 since;
        address[4] callers;
        uint256 cells;
        uint256 allowed;
        uint256[] instants;
        uint256 count;
    }

    /// @dev How a row and a cell end: by a revert, which undoes them.
    error RowDone(uint256 cells, uint256 allowed);
    error CellDone();

    /// @dev The size of a kind's part: a matrix that shrinks unseen proves nothing.
    struct Size {
        uint256 rows;
        uint256 cells;
        uint256 allowed;
    }

    function test_matrix_ofPlain() external {
        _matrix(Kind.PLAIN, Size(6, 9240, 378));
    }

    function test_matrix_ofTimed() external {
        _matrix(Kind.TIMED, Size(6, 10_920, 444));
    }

    function test_matrix_ofArbitrated() external {
        _matrix(Kind.ARBITRATED, Size(8, 12_600, 818));
    }

    function test_matrix_ofBonded() external {
        _matrix(Kind.BONDED, Size(8, 12_600, 920));
    }

    function test_matrix_ofAttested() external {
        _matrix(Kind.ATTESTED, Size(6, 9240, 408));
    }

    function test_matrix_ofProven() external {
        _matrix(Kind.PROVEN, Size(6, 9240, 408));
    }

    function test_matrix_ofPartial() external {
        _matrix(Kind.PARTIAL, Size(6, 9240, 448));
    }

    function test_matrix_ofPartialReleased() external {
        _matrix(Kind.PARTIAL_RELEASED, Size(3, 4760, 230));
    }

    function test_matrix_ofSwap() external {
        _matrix(Kind.SWAP, Size(5, 7840, 218));
    }

    function test_matrix_ofTimedArbitrated() external {
        _matrix(Kind.TIMED_ARBITRATED, Size(9, 16_100, 1124));
    }

    function test_matrix_ofTimedAttested() external {
        _matrix(Kind.TIMED_ATTESTED, Size(6, 10_920, 484));
    }

    function test_matrix_ofProvenArbitrated() external {
        _matrix(Kind.PROVEN_ARBITRATED, Size(8, 12_600, 920));
    }

    function test_matrix_ofTimedProven() external {
        _matrix(Kind.TIMED_PROVEN, Size(6, 10_920, 484));
    }

    function test_matrix_ofTimedArbitratedAttested() external {
        _matrix(Kind.TIMED_ARBITRATED_ATTESTED, Size(9, 16_100, 1240));
    }

    function test_matrix_ofTimedArbitratedProven() external {
        _matrix(Kind.TIMED_ARBITRATED_PROVEN, Size(9, 16_100, 1240));
    }

    function test_matrix_ofShielded() external {
        _matrix(Kind.SHIELDED, Size(8, 12_600, 1042));
    }

    function _matrix(Kind k, Size memory expected) private {
        vm.pauseGasMetering();
        (address[] memory rich,) = _parties();
        for (uint256 i; i < rich.length; ++i) {
            _fund(rich[i]);
        }
        Size memory size;
        for (uint8 s; s <= uint8(type(Stage).max); ++s) {
            if (!_exists(k, Stage(s))) continue;
            try this.row(k, Stage(s)) {}
            catch (bytes memory reason) {
                if (bytes4(reason) != RowDone.selector) _bubble(reason);
                (uint256 c, uint256 a) = abi.decode(_tail(reason), (uint256, uint256));
                ++size.rows;
                size.cells += c;
                size.allowed += a;
            }
        }
        emit log_named_uint("rows", size.rows);
        emit log_named_uint("cells", size.cells);
        emit log_named_uint("allowed", size.allowed);
        emit log_named_uint("refused", size.cells - size.allowed);
        assertEq(size.rows, expected.rows, "rows");
        assertEq(size.cells, expected.cells, "cells");
        assertEq(size.allowed, expected.allowed, "allowed");
    }

    function _parties() private view returns (address[] memory rich, address[] memory all) {
        rich = new address[](4);
        (rich[0], rich[1], rich[2], rich[3]) = (buyer, seller, arbiter, relayer);
        all = new address[](7);
        (all[0], all[1], all[2], all[3]) = (buyer, seller, arbiter, relayer);
        (all[4], all[5], all[6]) = (feeReceiver, stash, address(escrow));
    }

    function _order(Kind k) private view returns (OrderTerms memory o) {
        if (k == Kind.PLAIN) o = _plain();
        else if (k == Kind.TIMED) o = _timed();
        else if (k == Kind.ARBITRATED) o = _arbitrated();
        else if (k == Kind.BONDED) o = _bonded();
        else if (k == Kind.ATTESTED) o = _attested();
        else if (k == Kind.PROVEN) o = _proven();
        else if (k == Kind.PARTIAL || k == Kind.PARTIAL_RELEASED) o = _partial();
        else if (k == Kind.SWAP) o = _swapped();
        else if (k == Kind.TIMED_ARBITRATED) o = _timedArbitrated();
        else if (k == Kind.TIMED_ATTESTED) o = _timedAttested();
        else if (k == Kind.PROVEN_ARBITRATED) o = _withProof(_arbitrated());
        else if (k == Kind.TIMED_PROVEN) o = _withProof(_timedAttested());
        else if (k == Kind.TIMED_ARBITRATED_ATTESTED) o = _withAttester(_timedArbitrated());
        else if (k == Kind.TIMED_ARBITRATED_PROVEN) o = _withProof(_timedArbitrated());
        else o = _shielded();
        if (k == Kind.TIMED) o.token = address(0);
        o = _withFee(o);
    }

    function _withAttester(OrderTerms memory o) private view returns (OrderTerms memory) {
        o.policy |= OrderSpec.ATTESTER_SIG;
        o.verifier = attester;
        return o;
    }

    /// @dev A proof in the place of an attester's word, if there was one.
    function _withProof(OrderTerms memory o) private view returns (OrderTerms memory) {
        OrderTerms memory proven = _proven();
        o.policy = (o.policy & ~OrderSpec.ATTESTER_SIG) | OrderSpec.ZK_PROOF;
        o.verifier = address(0);
        (o.deliveryCircuit, o.deliveryVersion) = (proven.deliveryCircuit, proven.deliveryVersion);
        return o;
    }

    /// @dev Which states a kind can be in at all.
    function _exists(Kind k, Stage s) private view returns (bool) {
        OrderTerms memory o = _order(k);
        if (s == Stage.BOTH) return k != Kind.SWAP;
        if (s == Stage.FULFILLED || s == Stage.DISPUTED) return o.arbiter != address(0);
        if (s == Stage.DISPUTED_UNFULFILLED) return o.arbiter != address(0) && o.policy & OrderSpec.TIMED != 0;
        if (k == Kind.PARTIAL_RELEASED) return s == Stage.PAID_OUT || s == Stage.SPLIT;
        return true;
    }

    // Rows

    /// @notice All cells of one kind in one state.
    function row(Kind k, Stage s) external {
        vm.warp(START + 3 days);
        Row memory r;
        r.o = _order(k);
        r.id = escrow.orderIdOf(r.o.pack());
        r.callers = [buyer, seller, arbiter, relayer];
        _reach(r, k, s);
        r.since = vm.getBlockTimestamp();
        _setInstants(r);
        bytes[] memory calls = new bytes[](OrderSpec.VERBS);
        for (uint256 v; v < calls.length; ++v) {
            calls[v] = _callOf(r.o, r.id, r.b, Verb(v), 128);
        }
        bytes32 before = _fingerprint(r.id);
        for (uint256 i; i < r.count; ++i) {
            if (r.instants[i] < r.since) continue;
            vm.warp(r.instants[i]);
            for (uint256 v; v < calls.length; ++v) {
                for (uint256 c; c < 4; ++c) {
                    _check(r, Verb(v), r.callers[c], calls[v]);
                }
            }
            require(_fingerprint(r.id) == before, "a refused call changed something");
        }
        revert RowDone(r.cells, r.allowed);
    }

    function _check(Row memory r, Verb v, address caller, bytes memory data) private {
        ++r.cells;
        uint256 value = _valueOf(r.o, v);
        (bool allowed, uint8 to) = OrderSpec.judge(r.o, r.b, v, caller, vm.getBlockTimestamp(), 128);
        if (allowed) {
            ++r.allowed;
            try this.cell(r.id, caller, value, data, to, v) {}
            catch (bytes memory reason) {
                if (bytes4(reason) != CellDone.selector) _fail(r, v, caller, "allowed and refused", reason);
            }
            return;
        }
        vm.prank(caller);
        (bool success, bytes memory answer) = address(escrow).call{value: value}(data);
        if (success) _fail(r, v, caller, "forbidden and done", "");
        if (!TypedErrors.isTyped(answer)) _fail(r, v, caller, "refused without a typed error", answer);
    }

    /// @notice One allowed call, undone at the end.
    function cell(bytes32 id, address caller, uint256 value, bytes memory data, uint8 to, Verb v) external {
        uint256[3] memory total = _totals();
        uint256[3] memory callers = _balances(relayer);
        uint256 received;
        vm.prank(caller);
        (bool success, bytes memory answer) = address(escrow).call{value: value}(data);
        if (!success) _bubble(answer);
        require(_state(id) == to, "wrong state after");
        // money: none made or lost, none to a relayer but his fee, none left in an ended order but what is held
        require(keccak256(abi.encode(total)) == keccak256(abi.encode(_totals())), "money made or lost");
        uint256[3] memory now_ = _balances(relayer);
        for (uint256 i; i < 3; ++i) {
            if (now_[i] > callers[i]) received += now_[i] - callers[i];
        }
        require(received == 0 || v >= Verb.PROOF_BUYER, "paid to a stranger");
        if (to == 6 || to == 8 || to == 10) {
            uint256 held = escrow.held(id, 0, address(usd)) + escrow.held(id, 1, address(usd));
            uint256[3] memory inside = _balances(address(escrow));
            require(inside[0] == held && inside[1] == 0 && inside[2] == 0, "an ended order holds money");
        }
        revert CellDone();
    }

    /// @dev Brings the order into a state by calls alone, and writes the book of it.
    function _reach(Row memory r, Kind k, Stage s) private {
        if (s == Stage.NONE) return;
        _do(r, Verb.CREATE, r.o.buyer);
        if (s == Stage.PAID) return;
        // an end before the seller's commitment, where the kind has no other
        if (s == Stage.REFUNDED) return _end(r, Verb.YIELD_OWN, r.o.seller);
        if (s == Stage.SPLIT && k == Kind.SWAP) return _end(r, Verb.SPLIT_SIGNED, r.o.seller);
        if (s == Stage.PAID_OUT && k == Kind.SWAP) return _end(r, Verb.COMMIT_OWN, r.o.seller);
        _do(r, Verb.COMMIT_OWN, r.o.seller);
        if (k == Kind.PARTIAL_RELEASED) {
            _do(r, Verb.RELEASE_OWN, r.o.buyer);
            r.b.released = r.o.amount / 2;
        }
        if (s == Stage.BOTH) return;
        if (s == Stage.PAID_OUT) return _end(r, Verb.ACCEPT_OWN, r.o.buyer);
        if (s == Stage.SPLIT) return _end(r, Verb.SPLIT_SIGNED, r.o.buyer);
        if (s == Stage.DISPUTED_UNFULFILLED) {
            vm.warp(r.o.deliverBy + 1);
        } else {
            _do(r, Verb.FULFIL, r.o.seller);
            r.b.evidence = EVIDENCE;
            r.b.clock = vm.getBlockTimestamp() + r.o.reviewWindow;
            if (s == Stage.FULFILLED) return;
        }
        _do(r, Verb.DISPUTE_OWN, r.o.buyer);
        r.b.clock = vm.getBlockTimestamp() + r.o.disputeWindow;
    }

    function _end(Row memory r, Verb v, address caller) private {
        _do(r, v, caller);
        r.b.settledAt = vm.getBlockTimestamp();
        r.b.heldBuyer = escrow.held(r.id, 0, r.o.token);
        r.b.heldSeller = escrow.held(r.id, 1, r.o.token);
        // an ended order knows no evidence and nothing released
        r.b.released = 0;
    }

    function _do(Row memory r, Verb v, address caller) private {
        bytes memory data = _callOf(r.o, r.id, r.b, v, 128);
        (bool allowed, uint8 to) = OrderSpec.judge(r.o, r.b, v, caller, vm.getBlockTimestamp(), 128);
        require(allowed, "a step that the table forbids");
        vm.prank(caller);
        (bool success, bytes memory answer) = address(escrow).call{value: _valueOf(r.o, v)}(data);
        if (!success) _bubble(answer);
        r.b.state = to;
        require(_state(r.id) == to, "reach");
    }

    /// @dev Both sides of every line that the table draws.
    function _setInstants(Row memory r) private pure {
        r.instants = new uint256[](20);
        _add(r, r.since);
        _edge(r, r.o.fundBy + 1);
        _edge(r, r.o.commitBy + 1);
        _edge(r, r.o.deliverBy + 1);
        _edge(r, uint256(r.o.deliverBy) + r.o.reviewWindow + 1);
        if (r.o.timedRelease != 0) _edge(r, r.o.timedRelease);
        if (r.b.clock != 0) _edge(r, r.b.clock);
        if (r.b.settledAt != 0) _edge(r, r.b.settledAt + 30 days);
        _add(r, START + 400 days);
    }

    /// @dev The first second of something new, and the last before it.
    function _edge(Row memory r, uint256 first) private pure {
        _add(r, first - 1);
        _add(r, first);
    }

    function _add(Row memory r, uint256 instant) private pure {
        r.instants[r.count++] = instant;
    }

    // Reading

    /// @dev Everything a call could have changed.
    function _fingerprint(bytes32 id) private view returns (bytes32 print) {
        (, address[] memory all) = _parties();
        print = keccak256(abi.encode(escrow.slot(id), escrow.shield(id, 0), escrow.shield(id, 1)));
        for (uint256 i; i < all.length; ++i) {
            print = keccak256(
                abi.encode(
                    print,
                    _balances(all[i]),
                    escrow.owed(address(0), all[i]),
                    escrow.owed(address(usd), all[i]),
                    escrow.owed(address(eur), all[i])
                )
            );
        }
        print = keccak256(abi.encode(print, escrow.held(id, 0, address(usd)), escrow.held(id, 1, address(usd))));
    }

    function _balances(address who) private view returns (uint256[3] memory) {
        return [usd.balanceOf(who), eur.balanceOf(who), who.balance];
    }

    function _totals() private view returns (uint256[3] memory total) {
        (, address[] memory all) = _parties();
        for (uint256 i; i < all.length; ++i) {
            uint256[3] memory b = _balances(all[i]);
            for (uint256 t; t < 3; ++t) {
                total[t] += b[t];
            }
        }
    }

    function _fail(Row memory r, Verb v, address caller, string memory what, bytes memory reason) private view {
        string memory where = string.concat(
            what,
            ": state ",
            vm.toString(r.b.state),
            ", policy ",
            vm.toString(r.o.policy),
            ", verb ",
            vm.toString(uint256(v)),
            ", after creation ",
            vm.toString(vm.getBlockTimestamp() - START - 3 days)
        );
        revert(string.concat(where, ", by ", vm.getLabel(caller), ", reason ", vm.toString(reason)));
    }

    function _tail(bytes memory data) private pure returns (bytes memory tail) {
        tail = new bytes(data.length - 4);
        for (uint256 i; i < tail.length; ++i) {
            tail[i] = data[i + 4];
        }
    }

    function _bubble(bytes memory reason) private pure {
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }
}
