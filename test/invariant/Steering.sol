// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Source} from "../../contracts/interfaces/ITreasury.sol";
import {OrderTerms} from "../../contracts/libraries/OrderTerms.sol";
import {Book, Verb} from "../escrow/OrderSpec.sol";
import {Phase, SimpleBook, SimpleCall, SimpleSpec} from "../escrow/SimpleSpec.sol";
import {Goal, Goals, SimpleGoal} from "./Goals.sol";
import {NearMisses} from "./NearMisses.sol";

/// @notice Guides a part of the calls towards the row of the table that was reached least, so that every run reaches
/// all of them. What a guided call does is judged and checked like any other.
abstract contract Steering is NearMisses, Goals {
    /// @dev Steps towards one goal: enough for the longest way, waits included. An order that needs more was led
    /// elsewhere by free calls.
    uint256 private constant PATIENCE = 14;

    uint256 private _goal;
    uint256 private _goalOrder;
    uint256 private _steps;
    bool private _pursuing;

    /// @dev How often the least reached rows of both tables were reached.
    uint256 private _least;
    uint256 private _leastSimple;

    /// @dev Goals that hostile parties have been in the way of.
    mapping(uint256 goal => bool) private _hindered;

    /// @dev One step towards the goal of this moment.
    /// @return whether the goal still stands
    function _steer(uint256 seed) internal returns (bool) {
        if (!_pursuing) _aim(seed);
        Goal memory g = _goals[_goal];
        uint256 count = reached[g.name];
        uint256 refusals = reached[HINDERED];
        bool stands = ++_steps <= PATIENCE && _step(g, seed) && reached[HINDERED] == refusals;
        bool arrived = reached[g.name] > count;
        if (arrived || !stands) (_pursuing, _hindered[_goal]) = (false, !arrived);
        return _pursuing;
    }

    /// @dev A new order for the row that was reached least; which of several, the seed says.
    function _aim(uint256 seed) private {
        uint256 least = type(uint256).max;
        for (uint256 k; k < _goals.length; ++k) {
            uint256 n = addmod(seed, k, _goals.length);
            uint256 count = reached[_goals[n].name];
            if (count < least) (_goal, least) = (n, count);
        }
        Goal memory g = _goals[_goal];
        bool tokensOnly = g.source != Source.EIP3009 || g.verb == Verb.CREATE_COMMIT;
        seed = uint256(keccak256(abi.encode(seed, "goal")));
        _goalOrder = _newOrder(g.kind, seed, tokensOnly, _hindered[_goal]);
        (_least, _steps, _pursuing) = (least, 0, true);
    }

    /// @dev The goal's own verb where it is open, the next verb on the way to its state, or a wait.
    function _step(Goal memory g, uint256 seed) private returns (bool) {
        uint256 i = _goalOrder;
        OrderTerms memory o = _orders[i];
        // any eight bits
        // forge-lint: disable-next-line(unsafe-typecast)
        uint8 pick = uint8(seed >> 200);
        // neither side gets nothing of a split, nor the whole
        if (g.to == 10) pick = uint8(64 + (pick & 127));
        uint8 state = _stateOf(_ids[i]);
        if (state != g.from) {
            (Verb next, uint8 ways) = _towards(g, state);
            return ways != 0 && (_any(i, next, ways, seed, pick, 255) || _wait(i, next, pick));
        }
        if (g.revoked && !_pinRevoked(g, o)) {
            _revoke(g.kind == 12 ? _circuits[0] : _circuits[1]);
            return true;
        }
        if (g.source != Source.EIP3009) {
            (bool allowed,) = _judge(o, _bookOf(i, o.token), g.verb, relayer, pick);
            if (!allowed) return false;
            _tryBy(i, g.verb, relayer, pick, g.source);
            return true;
        }
        if (_any(i, g.verb, g.ways, seed, pick, g.to)) return true;
        // a partial refund needs a part that was released
        bool untouched = g.to == 10 && g.verb == Verb.REFUND && _released(_ids[i]) == 0;
        if (untouched && _any(i, Verb.RELEASE_OWN, 2, seed, pick, 3)) return true;
        return _wait(i, g.verb, pick);
    }

    function _pinRevoked(Goal memory g, OrderTerms memory o) private view returns (bool) {
        return g.kind == 12 ? o.deliveryVersion < _version[_circuits[0]] : o.zkbVersion < _version[_circuits[1]];
    }

    /// @dev The verbs that lead from a state towards the goal's; none from an end.
    function _towards(Goal memory g, uint8 state) private pure returns (Verb, uint8) {
        if (state == 0) return (Verb.CREATE, 2);
        if (state == 1) return (Verb.COMMIT_OWN, 2);
        if (state == 9 && g.from == 7) return (Verb.DISPUTE_OWN, 2);
        if (state != 3) return (Verb.CREATE, 0);
        if (g.from == 6) return (Verb.ACCEPT_OWN, 2);
        if (g.from == 8) return (Verb.YIELD_OWN, 2);
        if (g.from == 10) return (Verb.SPLIT_SIGNED, 1);
        return (Verb.FULFIL, 1);
    }

    /// @dev Makes the first of some verbs that is allowed to somebody and leads to `to` (255: anywhere).
    function _any(uint256 i, Verb first, uint8 ways, uint256 seed, uint8 pick, uint8 to) internal returns (bool) {
        for (uint256 k; k < ways; ++k) {
            Verb v = Verb(uint256(first) + addmod(seed, k, ways));
            if (_anybody(i, v, pick, to)) return true;
            // a shielded credit may be in either of two tokens
            if (v >= Verb.COLLECT_BUYER && _anybody(i, v, pick ^ 1, to)) return true;
        }
        return false;
    }

    function _anybody(uint256 i, Verb v, uint8 pick, uint8 to) private returns (bool) {
        OrderTerms memory o = _orders[i];
        Book memory b = _bookOf(i, _collectToken(o, pick));
        address[4] memory callers = [relayer, o.buyer, o.seller, o.arbiter];
        for (uint256 c; c < 4; ++c) {
            if (callers[c] == address(0)) continue;
            (bool allowed, uint8 leads) = _judge(o, b, v, callers[c], pick);
            if (!allowed || (to != 255 && leads != to)) continue;
            _missNearly(i, v, callers[c], pick);
            _try(i, v, callers[c], pick);
            return true;
        }
        return false;
    }

    /// @dev Waits for the next line, and tries the verb in the last second before it.
    function _wait(uint256 i, Verb v, uint8 pick) private returns (bool) {
        uint256 now_ = vm.getBlockTimestamp();
        OrderTerms memory o = _orders[i];
        Book memory b = _bookOf(i, o.token);
        b.heldBuyer += _foldHeld[_ids[i]][0][o.counterToken];
        b.heldSeller += _foldHeld[_ids[i]][1][o.counterToken];
        _warpTo(o, b, true);
        if (vm.getBlockTimestamp() > now_) {
            _try(i, v, relayer, pick);
            ++reached["a second early"];
        }
        _warpTo(o, b, false);
        return vm.getBlockTimestamp() > now_;
    }

    /// @dev To the next line that an order's terms draw, or the second before it.
    function _warpTo(OrderTerms memory o, Book memory b, bool before) internal {
        uint256[6] memory lines = [
            uint256(o.commitBy) + 1,
            uint256(o.deliverBy) + 1,
            uint256(o.deliverBy) + o.reviewWindow + 1,
            o.timedRelease,
            b.clock,
            b.settledAt == 0 ? 0 : b.settledAt + 30 days
        ];
        uint256 now_ = vm.getBlockTimestamp();
        uint256 next = type(uint256).max;
        for (uint256 k; k < 6; ++k) {
            uint256 line = before ? lines[k] - (lines[k] == 0 ? 0 : 1) : lines[k];
            if (line > now_ && line < next) next = line;
        }
        bool idle = b.settledAt != 0 && b.heldBuyer + b.heldSeller == 0;
        if (next != type(uint256).max && !idle) vm.warp(next);
    }

    // Simple orders

    function _newSimple(uint256 seed, bool timed) internal returns (uint256 i) {
        address buyer_ = seed & 3 == 0 ? address(_hostileBuyer) : buyer;
        address seller_ = seed & 12 == 0 ? address(_hostileSeller) : seller;
        uint256 wait = timed ? 1 + (seed >> 8) % CLAIM_WINDOW : 0;
        uint256 price = 2 + (seed >> 64) % 1e24;
        i = _simples.length;
        // an id that a terms order has is free here: the two kinds never meet
        bytes32 id = seed & 16 == 0 && i < _ids.length ? _ids[i] : bytes32(++_salt);
        _simples.push(_simpleBook(id, buyer_, seller_, price, wait));
        _trySimple(i, SimpleCall.CREATE, buyer_);
    }

    /// @dev A new simple order, led to the row that was reached least; not while terms orders lag behind.
    function _pursueSimple(uint256 seed) internal {
        if (_leastSimple > _least + 1) return;
        uint256 least = type(uint256).max;
        uint256 goal;
        for (uint256 k; k < _simpleGoals.length; ++k) {
            uint256 n = addmod(seed, k, _simpleGoals.length);
            uint256 count = reached[_simpleGoals[n].name];
            if (count < least) (goal, least) = (n, count);
        }
        _leastSimple = least;
        SimpleGoal memory g = _simpleGoals[goal];
        uint256 i = _newSimple(seed, g.timed);
        if (g.from == Phase.NONE) return;
        if (g.from == Phase.SIGNED) _anySimple(i, SimpleCall.SIGNATURE);
        if (g.from >= Phase.DEPOSITED) _anySimple(i, SimpleCall.DEPOSIT);
        if (g.from == Phase.SELLER_TOOK) _anySimple(i, SimpleCall.CLAIM);
        if (g.from == Phase.BUYER_TOOK) _anySimple(i, SimpleCall.TAKE_COUNTER);
        for (uint256 waits; waits < 3 && !_anySimple(i, g.call_); ++waits) {
            _waitSimple(i);
        }
    }

    /// @dev By whoever may, the parties first.
    function _anySimple(uint256 i, SimpleCall c) internal returns (bool) {
        SimpleBook memory b = _simples[i];
        address[3] memory callers = [b.buyer, b.seller, relayer];
        for (uint256 k; k < 3; ++k) {
            (bool allowed,) = SimpleSpec.judge(b, c, callers[k], vm.getBlockTimestamp());
            if (allowed) return _trySimple(i, c, callers[k]);
        }
        return false;
    }

    function _waitSimple(uint256 i) private {
        SimpleBook memory b = _simples[i];
        uint256 now_ = vm.getBlockTimestamp();
        if (b.phase == Phase.PAID_IN && b.commitmentDeadline >= now_) vm.warp(b.commitmentDeadline + 1);
        else if (b.timedRelease > now_) vm.warp(b.timedRelease);
        else if (b.claimDeadline >= now_) vm.warp(b.claimDeadline + 1);
    }
}
