// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Action, IEscrowLens, Verb} from "../../contracts/interfaces/IEscrowLens.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {State} from "../../contracts/libraries/Terms.sol";
import {Fault} from "../../contracts/libraries/TermsRules.sol";
import {OrderCalls} from "../escrow/OrderCalls.sol";
import {Book, OrderSpec, Verb as Call} from "../escrow/OrderSpec.sol";
import {LensSpec} from "./LensSpec.sol";
import {Built} from "../Built.sol";

/// @notice A lens, every sound combination of roles and policies, and orders of them in every state.
abstract contract LensTest is OrderCalls {
    using OrderTermsLib for OrderTerms;

    /// @dev Who rules: nobody, somebody, or the verifier of the terms.
    enum Judge {
        NOBODY,
        ARBITER,
        VERIFIER
    }

    enum Stage {
        NONE,
        PAID,
        BOTH,
        RELEASED,
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
        Stage stage;
    }

    uint256 internal constant CALLERS = 5;
    /// @dev Policies, judges, with and without a bond, with and without shields, bond or swap.
    uint256 internal constant COMBINATIONS = 16 * 3 * 2 * 2 * 2;

    IEscrowLens internal lens;

    function setUp() public virtual override {
        super.setUp();
        lens = IEscrowLens(Built.deploy("EscrowLens", abi.encode(escrow)));
        _fund(arbiter);
        _fund(attester);
    }

    // ------------------------------------------------------------------------------------------------- orders

    /// @dev The terms of a combination; not all are sound.
    function _combine(uint256 number) internal view returns (OrderTerms memory o) {
        o = _withFee(_plain());
        // forge-lint: disable-next-line(unsafe-typecast)
        o.policy = uint8(number % 16);
        Judge judge = Judge(number / 16 % 3);
        bool bonded = number / 48 % 2 == 1;
        if (number / 96 % 2 == 1) (o.zkbVersion, o.zksVersion) = (1, 1);
        // forge-lint: disable-next-line(unsafe-typecast)
        o.kind = uint8(number / 192 % 2);
        if (o.policy & OrderSpec.ATTESTER_SIG != 0) o.verifier = attester;
        if (o.policy & OrderSpec.ZK_PROOF != 0) (o.deliveryCircuit, o.deliveryVersion) = (DELIVERY_CIRCUIT, 1);
        if (judge != Judge.NOBODY) {
            o.arbiter = judge == Judge.ARBITER ? arbiter : o.verifier;
            (o.reviewWindow, o.disputeWindow) = (2 days, 7 days);
            (o.arbiterFeeBps, o.disputeBondBps) = (300, 500);
        }
        if (bonded) {
            (o.counterToken, o.counterAmount) = (address(usd), PRICE);
            bool judged = o.arbiter != address(0) || (o.verifier != address(0) && o.policy & OrderSpec.TIMED == 0);
            if (judged && o.kind == 0) o.slashBps = 5_000;
        }
        if (o.policy & OrderSpec.TIMED != 0) {
            // with an arbiter after the review, without one in the middle of it
            o.timedRelease = uint40(o.deliverBy + (judge == Judge.NOBODY ? 30 minutes : o.reviewWindow + 1 hours));
        }
    }

    /// @dev Whether such an order can be created, with shields where the terms have them; PARTIAL ones can have none.
    function _isSound(OrderTerms memory o) internal view returns (bool) {
        if (o.policy & OrderSpec.PARTIAL != 0 && o.zkbVersion != 0) return false;
        return lens.check(o.pack()) == Fault.NONE;
    }

    /// @dev Which states an order of these terms can be in at all.
    function _exists(OrderTerms memory o, Stage s) internal pure returns (bool) {
        bool timed = o.policy & OrderSpec.TIMED != 0;
        if (s == Stage.BOTH) return o.kind == 0;
        if (s == Stage.RELEASED) return o.policy & OrderSpec.PARTIAL != 0;
        if (s == Stage.FULFILLED || s == Stage.DISPUTED) return o.arbiter != address(0);
        if (s == Stage.DISPUTED_UNFULFILLED) return o.arbiter != address(0) && timed;
        return true;
    }

    /// @dev Brings an order into a state by calls alone, as early or as late as it goes.
    function _rowOf(OrderTerms memory o, Stage s, bool late) internal returns (Row memory r) {
        r.o = o;
        r.id = escrow.orderIdOf(o.pack());
        r.stage = s;
        if (s == Stage.NONE) return r;
        if (late) vm.warp(o.fundBy);
        _do(r, Call.CREATE, o.buyer);
        if (s == Stage.PAID) return r;
        if (late) vm.warp(o.commitBy);
        if (s == Stage.REFUNDED) return _end(r, Call.YIELD_OWN, o.seller);
        if (s == Stage.SPLIT && o.kind == 1) return _end(r, Call.SPLIT_SIGNED, o.seller);
        if (s == Stage.PAID_OUT && o.kind == 1) return _end(r, Call.COMMIT_OWN, o.seller);
        _do(r, Call.COMMIT_OWN, o.seller);
        if (s == Stage.BOTH) return r;
        if (late) vm.warp(o.deliverBy);
        if (s == Stage.RELEASED) {
            _do(r, Call.RELEASE_OWN, o.buyer);
            r.b.released = o.amount / 2;
            return r;
        }
        if (s == Stage.PAID_OUT) return _end(r, Call.ACCEPT_OWN, o.buyer);
        if (s == Stage.SPLIT) return _end(r, Call.SPLIT_SIGNED, o.buyer);
        if (s == Stage.DISPUTED_UNFULFILLED) {
            vm.warp(late ? o.timedRelease - 1 : o.deliverBy + 1);
        } else {
            _do(r, Call.FULFIL, o.seller);
            r.b.evidence = EVIDENCE;
            r.b.clock = vm.getBlockTimestamp() + o.reviewWindow;
            if (s == Stage.FULFILLED) return r;
            if (late) vm.warp(r.b.clock - 1);
        }
        _do(r, Call.DISPUTE_OWN, o.buyer);
        r.b.clock = vm.getBlockTimestamp() + o.disputeWindow;
    }

    function _end(Row memory r, Call c, address caller) private returns (Row memory) {
        _do(r, c, caller);
        r.b.settledAt = vm.getBlockTimestamp();
        r.b.heldBuyer = escrow.held(r.id, 0, r.o.token);
        r.b.heldSeller = escrow.held(r.id, 1, r.o.token);
        return r;
    }

    function _do(Row memory r, Call c, address caller) internal {
        bytes memory data = _callOf(r.o, r.id, r.b, c, LensSpec.PICK);
        (bool allowed, uint8 to) = OrderSpec.judge(r.o, r.b, c, caller, vm.getBlockTimestamp(), LensSpec.PICK);
        require(allowed, "a step that the table forbids");
        vm.prank(caller);
        (bool success, bytes memory answer) = address(escrow).call{value: _valueOf(r.o, c)}(data);
        if (!success) _bubble(answer);
        r.b.state = to;
        require(_state(r.id) == to, "reach");
    }

    // ------------------------------------------------------------------------------------------------- lists

    function _callers() internal view returns (address[CALLERS] memory) {
        return [buyer, seller, arbiter, attester, relayer];
    }

    /// @dev What the table lets each caller do at `t`, a bit for each verb and caller.
    function _wanted(Row memory r, uint256 t) internal view returns (uint256 list) {
        address[CALLERS] memory callers = _callers();
        for (uint256 v; v < LensSpec.VERBS; ++v) {
            for (uint256 c; c < CALLERS; ++c) {
                if (LensSpec.isOpen(r.o, r.b, Verb(v), callers[c], t)) list |= _bit(v, c);
            }
        }
    }

    /// @dev What the lens lets each caller do. No action twice, none for somebody who is not there.
    function _listed(Action[] memory actions) internal view returns (uint256 list) {
        address[CALLERS] memory callers = _callers();
        for (uint256 i; i < actions.length; ++i) {
            uint256 bits;
            for (uint256 c; c < CALLERS; ++c) {
                if (actions[i].who == address(0) || actions[i].who == callers[c]) {
                    bits |= _bit(uint256(actions[i].verb), c);
                }
            }
            require(bits != 0, "an action of a stranger");
            require(list & bits == 0, "an action twice");
            list |= bits;
        }
    }

    function _bit(uint256 verb, uint256 caller) internal pure returns (uint256) {
        return 2 ** (verb * CALLERS + caller);
    }

    function _ask(OrderTerms memory o) internal view returns (State, Action[] memory, uint256) {
        return lens.nextActions(o.pack());
    }

    /// @dev Whether the lens lists this verb for this party, and until when.
    function _find(OrderTerms memory o, Verb v) internal view returns (bool found, Action memory action, uint256 next) {
        Action[] memory actions;
        (, actions, next) = _ask(o);
        for (uint256 i; i < actions.length; ++i) {
            if (actions[i].verb == v) return (true, actions[i], next);
        }
    }

    /// @dev Whether a revert is this error.
    function _is(bytes memory reason, bytes4 selector) internal pure returns (bool) {
        // the first four bytes are meant
        // forge-lint: disable-next-line(unsafe-typecast)
        return reason.length >= 4 && bytes4(reason) == selector;
    }

    function _bubble(bytes memory reason) internal pure {
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }
}
