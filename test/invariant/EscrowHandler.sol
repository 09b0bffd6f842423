// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITermsOrders, CollectProof} from "../../contracts/interfaces/ITermsOrders.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {Book, OrderSpec, Verb} from "../escrow/OrderSpec.sol";
import {Phase, SimpleBook, SimpleCall, SimpleSpec} from "../escrow/SimpleSpec.sol";
import {TestUSD} from "../tokens/TestUSD.sol";
import {Mood, Reenterer} from "./Hostile.sol";
import {SimpleGhosts} from "./SimpleGhosts.sol";

/// @notice What the fuzzer may do: open orders of any kind, bring them further, try anything as anybody, replay and
/// mix messages, be hostile, give money away, pass time.
contract EscrowHandler is SimpleGhosts {
    using OrderTermsLib for OrderTerms;

    uint256 private _salt;

    // Orders

    /// @param shape kind, tokens and parties
    function open(uint256 shape, uint96 amount, uint96 bond, uint64 rates) external {
        if (_orders.length >= 48) return;
        // the fuzzer likes small numbers; their high bits must count too
        shape = uint256(keccak256(abi.encode(shape, _salt)));
        OrderTerms memory o = _kind(shape % 12);
        shape >>= 8;
        o.amount = uint96(bound(amount, 1, shape & 7 == 0 ? 10 : 1e24));
        if (o.counterAmount != 0) o.counterAmount = uint96(bound(bond, 1, 1e24));
        shape >>= 8;
        o.token = _tokens[shape % 4];
        shape >>= 8;
        if (o.counterAmount != 0) o.counterToken = _tokens[shape % 4];
        shape >>= 8;
        if (shape & 7 == 0) o.buyer = address(_hostileBuyer);
        if (shape & 56 == 0) o.seller = address(_hostileSeller);
        _rate(o, rates);
        if (shape & 64 != 0) o.silence = 1;
        o.salt = bytes32(++_salt);
        _orders.push(o);
        _ids.push(escrow.orderIdOf(o.pack()));
        // most are paid in at once, in any of the three ways
        if (shape >> 8 & 7 != 0) _drive(_orders.length - 1, uint256(keccak256(abi.encode(rates))), 128);
    }

    function _kind(uint256 k) private view returns (OrderTerms memory o) {
        if (k == 0) o = _plain();
        else if (k == 1) o = _timed();
        else if (k == 2) o = _arbitrated();
        else if (k <= 4) o = _bonded();
        else if (k == 5) o = _attested();
        else if (k == 6) o = _proven();
        else if (k == 7) o = _partial();
        else if (k == 8) o = _swapped();
        else if (k == 9) o = _timedArbitrated();
        else if (k == 10) o = _timedAttested();
        else o = _shielded();
        // a bond, where it may have one, with or without a shielded role
        if (k == 4 || k == 11) (o.counterAmount, o.slashBps, o.zkbVersion) = (1, 10_000, 1);
        if (k == 9) (o.counterAmount, o.slashBps) = (1, 2500);
    }

    function _rate(OrderTerms memory o, uint64 rates) private view {
        o.maxFeeBps = uint16(bound(uint16(rates), 0, 1000));
        o.feeBps = uint16(bound(uint16(rates >> 16), 0, o.maxFeeBps));
        o.feeReceiver = rates & 1 == 0 ? feeReceiver : address(_hostilePayee);
        if (o.arbiter == address(0)) return;
        o.disputeBondBps = uint16(bound(uint16(rates >> 32), 0, 10_000));
        o.arbiterFeeBps = uint16(bound(uint16(rates >> 48), 0, o.disputeBondBps));
    }

    /// @notice Terms that break a rule never become an order.
    function openUnsound(uint256 seed, uint16 by) external {
        OrderTerms memory o = _withFee(_bonded());
        uint256 which = seed % 10;
        if (which == 0) o.feeBps = uint16(bound(by, o.maxFeeBps + 1, type(uint16).max));
        else if (which == 1) o.maxFeeBps = uint16(bound(by, 1001, type(uint16).max));
        else if (which == 2) o.slashBps = uint16(bound(by, 10_001, type(uint16).max));
        else if (which == 3) o.feeReceiver = address(0);
        else if (which == 4) o.buyer = address(escrow);
        else if (which == 5) o.arbiter = o.seller;
        else if (which == 6) o.arbiterFeeBps = uint16(bound(by, o.disputeBondBps + 1, type(uint16).max));
        else if (which == 7) o.deliverBy = uint40(o.commitBy + by % 1 hours);
        else if (which == 8) o.timedRelease = o.deliverBy;
        else o.policy = uint8(bound(by, 16, 255));
        o.salt = bytes32(++_salt);
        bytes32 id = escrow.orderIdOf(o.pack());
        Book memory b;
        if (_send(relayer, 0, _callOf(o, id, b, Verb.CREATE, 0), false)) _note("unsound terms became an order");
        if (escrow.slot(id) != 0) _note("unsound terms left a trace");
        ++reached["unsound terms"];
    }

    /// @dev The newest order half of the time.
    function _choose(uint256 seed, uint256 length) private pure returns (uint256) {
        return seed & 1 == 0 ? length - 1 : (seed >> 1) % length;
    }

    /// @notice Makes the next allowed call; when only settling is left, mostly waits for the next deadline instead.
    function drive(uint256 seed, uint256 verbSeed, uint8 pick) external {
        if (_orders.length == 0) return;
        _drive(_choose(seed, _orders.length), verbSeed, pick);
    }

    /// @notice The same, as a selector of its own so that orders get further.
    function driveOn(uint256 seed, uint256 verbSeed, uint8 pick) external {
        if (_orders.length == 0) return;
        uint256 i = seed % _orders.length;
        for (uint256 k; k < 3; ++k) {
            _drive(i, uint256(keccak256(abi.encode(verbSeed, k))), pick);
        }
    }

    function _drive(uint256 i, uint256 verbSeed, uint8 pick) private {
        OrderTerms memory o = _orders[i];
        verbSeed = uint256(keccak256(abi.encode(verbSeed, _seen.length)));
        bool patient = verbSeed & 7 != 0;
        uint256 step = [1, 2, 3, 4, 6, 8, 9, 11][(verbSeed >> 3) & 7];
        Book memory b = _bookOf(i, _collectToken(o, pick));
        address[4] memory callers = [relayer, o.buyer, o.seller, o.arbiter];
        if (b.state == 0) {
            if (vm.getBlockTimestamp() > o.fundBy) return;
            _try(i, Verb((verbSeed >> 8) % 3), callers[(verbSeed >> 16) % 3], pick);
            return;
        }
        if (pick & 1 == 1 && _leave(o, b)) return;
        for (uint256 k; k < OrderSpec.VERBS; ++k) {
            // every verb once, in an order of the seed's own: no step of these has a factor in common with their number
            Verb v = Verb(((verbSeed >> 8) % OrderSpec.VERBS + k * step) % OrderSpec.VERBS);
            if (patient && v >= Verb.ACCEPT_OWN && v <= Verb.SPLIT_WRONG) continue;
            for (uint256 c; c < 4; ++c) {
                if (callers[c] == address(0)) continue;
                (bool allowed,) = OrderSpec.judge(o, b, v, callers[c], vm.getBlockTimestamp(), pick);
                if (!allowed) continue;
                _try(i, v, callers[c], pick);
                return;
            }
        }
        _warpTo(o, b, false);
    }

    /// @dev To be contested without evidence, or refunded in part, an order must be left alone for a while.
    function _leave(OrderTerms memory o, Book memory b) private returns (bool) {
        if (b.released != 0 && vm.getBlockTimestamp() <= uint256(o.deliverBy) + o.reviewWindow) {
            vm.warp(uint256(o.deliverBy) + o.reviewWindow + 1);
            return true;
        }
        if (b.state != 3 || o.arbiter == address(0) || o.policy & OrderSpec.TIMED == 0) return false;
        if (vm.getBlockTimestamp() > o.deliverBy) return false;
        vm.warp(uint256(o.deliverBy) + 1);
        return true;
    }

    /// @notice Anything, by anybody.
    function act(uint256 seed, uint8 verb, uint8 who, uint8 pick) external {
        if (_orders.length == 0) return;
        uint256 i = _choose(seed, _orders.length);
        OrderTerms memory o = _orders[i];
        address caller = [o.buyer, o.seller, arbiter, relayer, thief, attester][who % 6];
        Verb v = Verb(verb % OrderSpec.VERBS);
        // thief and attester bring no money of their own
        if ((caller == thief || caller == attester) && (v <= Verb.COMMIT_SIGNED || _valueOf(o, v) != 0)) return;
        _try(i, v, caller, pick);
    }

    // Messages

    /// @notice A call that succeeded, once more, by a thief: only evidence may be repeated.
    function replay(uint256 seed) external {
        if (_seen.length == 0) return;
        Seen memory s = _seen[seed % _seen.length];
        deal(thief, s.value);
        bool done = _send(thief, s.value, s.data, true);
        deal(thief, 0);
        bool evidence = s.verb == Verb.ATTESTED || s.verb == Verb.PROVEN;
        if (done && !evidence) _note("a message worked twice");
        ++reached["replayed"];
        _checkOrder(s.order);
    }

    /// @notice Messages that name one order, on another.
    function mix(uint256 seed, uint256 otherSeed, uint8 verb, uint8 pick) external {
        if (_orders.length < 2) return;
        uint256 i = _choose(seed, _orders.length);
        uint256 j = otherSeed % _orders.length;
        if (i == j) return;
        Verb[10] memory signed = [
            Verb.CREATE_AUTH,
            Verb.COMMIT_SIGNED,
            Verb.ATTESTED,
            Verb.PROVEN,
            Verb.RELEASE_SIGNED,
            Verb.DISPUTE_SIGNED,
            Verb.ACCEPT_SIGNED,
            Verb.YIELD_SIGNED,
            Verb.SPLIT_SIGNED,
            Verb.PROOF_BUYER
        ];
        Verb v = signed[verb % 10];
        OrderTerms memory o = _orders[i];
        Book memory b = _bookOf(i, _collectToken(o, pick));
        bytes memory data = _callOf(o, _ids[j], b, v, pick);
        if (_send(thief, 0, data, true)) _note("a message worked on another order");
        ++reached["mixed"];
        _checkOrder(i);
    }

    /// @notice The thief asks for what is not his.
    function steal(uint256 seed) external {
        address token = _tokens[seed % 4];
        if (_send(thief, 0, abi.encodeCall(escrow.withdrawTo, (token, thief)), false)) _note("the thief withdrew");
        if (_orders.length == 0) return;
        uint256 i = _choose(seed >> 8, _orders.length);
        OrderTerms memory o = _orders[i];
        for (uint8 role; role < 2; ++role) {
            // a proof made out to somebody else
            CollectProof memory p = _collectProof(o, _ids[i], role, o.token, _foldHeld[_ids[i]][role][o.token]);
            p.recipient = thief;
            bytes memory data = abi.encodeCall(ITermsOrders.collectWithProof, (o.pack(), role, o.token, p));
            if (_send(thief, 0, data, false)) _note("the thief collected");
        }
        ++reached["stolen nothing"];
    }

    // Simple orders

    function openSimple(uint256 shape, uint80 amount, uint32 delay) external {
        if (_simples.length >= 12) return;
        address buyer_ = shape & 3 == 0 ? address(_hostileBuyer) : buyer;
        address seller_ = shape & 12 == 0 ? address(_hostileSeller) : seller;
        uint256 wait = shape & 16 == 0 ? 0 : bound(delay, 1, CLAIM_WINDOW);
        uint256 price = bound(amount, 2, 1e24);
        _simples.push(_simpleBook(bytes32(++_salt), buyer_, seller_, price, wait));
        _trySimple(_simples.length - 1, SimpleCall.CREATE, buyer_);
    }

    function actSimple(uint256 seed, uint8 call_, uint8 who) external {
        if (_simples.length == 0) return;
        uint256 i = _choose(seed, _simples.length);
        SimpleBook memory b = _simples[i];
        _trySimple(i, SimpleCall(call_ % SimpleSpec.CALLS), [b.buyer, b.seller, relayer][who % 3]);
    }

    function driveSimple(uint256 seed, uint256 callSeed) external {
        if (_simples.length == 0) return;
        uint256 i = seed % _simples.length;
        SimpleBook memory b = _simples[i];
        address[3] memory callers = [relayer, b.buyer, b.seller];
        for (uint256 k; k < SimpleSpec.CALLS * 3; ++k) {
            SimpleCall c = SimpleCall(addmod(callSeed, k / 3, SimpleSpec.CALLS));
            (bool allowed,) = SimpleSpec.judge(b, c, callers[k % 3], vm.getBlockTimestamp());
            if (!allowed) continue;
            _trySimple(i, c, callers[k % 3]);
            return;
        }
        if (b.phase >= Phase.PAID_OUT) return;
        uint256 now_ = vm.getBlockTimestamp();
        if (b.timedRelease > now_) vm.warp(b.timedRelease);
        else if (b.claimDeadline >= now_) vm.warp(b.claimDeadline + 1);
    }

    // The world

    function passTime(uint32 by) external {
        vm.warp(vm.getBlockTimestamp() + bound(by, 1, 20 minutes));
    }

    /// @notice To the next line that an order's terms draw, or the second before it.
    function passTimeTo(uint256 seed, bool before) external {
        if (_orders.length == 0) return;
        uint256 i = _choose(seed, _orders.length);
        _warpTo(_orders[i], _bookOf(i, _orders[i].token), before);
    }

    function _warpTo(OrderTerms memory o, Book memory b, bool before) private {
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

    function setMood(uint8 who, uint8 mood, uint256 seed, uint8 verb) external {
        Reenterer[4] memory all =
            [Reenterer(_hostile), Reenterer(_hostileBuyer), Reenterer(_hostileSeller), Reenterer(_hostilePayee)];
        bytes memory data;
        if (_orders.length != 0) {
            uint256 i = seed % _orders.length;
            OrderTerms memory o = _orders[i];
            uint8 pick = uint8(seed >> 16);
            data = _callOf(o, _ids[i], _bookOf(i, _collectToken(o, pick)), Verb(verb % OrderSpec.VERBS), pick);
        }
        all[who % 4].set(Mood(mood % 6), address(escrow), data);
    }

    function donate(uint256 seed, uint64 amount) external {
        address token = _tokens[seed % 4];
        if (token == address(0)) deal(address(escrow), address(escrow).balance + amount);
        else TestUSD(token).mint(address(escrow), amount);
        donated[token] += amount;
    }

    function withdraw(uint256 seed) public {
        for (uint256 k; k < 4 * _actors.length; ++k) {
            uint256 n = addmod(seed, k, 4 * _actors.length);
            (address token, address party) = (_tokens[n % 4], _actors[n / 4]);
            uint256 amount = escrow.owed(token, party);
            if (amount != _foldOwed[token][party]) _note("owed is not the fold of the events");
            if (amount == 0) continue;
            ++reached["owed"];
            Wealth[] memory before = _wealths();
            if (_send(thief, 0, abi.encodeCall(escrow.withdraw, (token, party)), true)) ++reached["withdraw"];
            _onlyRicher(before, [party, address(0), address(0), address(0)]);
        }
    }

    // The end

    /// @notice Past every deadline a stranger finishes every order, however hostile everybody is; then nothing is left
    /// but credits, and these can be emptied.
    function finish() external {
        vm.warp(vm.getBlockTimestamp() + 500 days);
        for (uint256 i; i < _orders.length; ++i) {
            _finish(i);
        }
        for (uint256 i; i < _simples.length; ++i) {
            _finishSimple(i);
        }
        _hostile.set(Mood.HONEST, address(0), "");
        _hostileBuyer.set(Mood.HONEST, address(0), "");
        _hostileSeller.set(Mood.HONEST, address(0), "");
        _hostilePayee.set(Mood.HONEST, address(0), "");
        vm.warp(vm.getBlockTimestamp() + 31 days);
        for (uint256 i; i < _orders.length; ++i) {
            for (uint8 pick; pick < 2; ++pick) {
                Book memory b = _bookOf(i, _collectToken(_orders[i], pick));
                if (b.heldBuyer != 0 && !_try(i, Verb.COLLECT_BUYER, thief, pick)) _note("a credit is locked");
                if (b.heldSeller != 0 && !_try(i, Verb.COLLECT_SELLER, thief, pick)) _note("a credit is locked");
            }
            _checkOrder(i);
        }
        withdraw(0);
        for (uint256 t; t < 4; ++t) {
            if (balanceIn(_tokens[t]) != donated[_tokens[t]]) _note("money is left in the contract");
        }
    }

    function _finish(uint256 i) private {
        uint8 s = _stateOf(_ids[i]);
        if (s == 1) _try(i, Verb.REFUND, thief, 0);
        else if (s == 3) _try(i, _orders[i].policy & OrderSpec.TIMED != 0 ? Verb.CLAIM : Verb.REFUND, thief, 0);
        else if (s == 9) _try(i, Verb.CLAIM, thief, 0);
        else if (s == 7) _try(i, Verb.SILENCE, thief, 0);
        s = _stateOf(_ids[i]);
        if (s != 0 && s != 6 && s != 8 && s != 10) _note("an order that nobody can end");
        if (_receipts[_ids[i]] == 1 && !vault.verify(_orders[i].pack(), _foldReceipt[_ids[i]])) {
            _note("a receipt that does not verify");
        }
    }

    function _finishSimple(uint256 i) private {
        SimpleCall[4] memory ways =
            [SimpleCall.REFUND, SimpleCall.TIMED_RELEASE, SimpleCall.CLAIM, SimpleCall.TAKE_COUNTER];
        for (uint256 k; k < 4; ++k) {
            (bool allowed,) = SimpleSpec.judge(_simples[i], ways[k], thief, vm.getBlockTimestamp());
            if (allowed) _trySimple(i, ways[k], thief);
        }
        if (_simples[i].phase != Phase.NONE && _simples[i].phase < Phase.PAID_OUT) {
            _note("a simple order that nobody can end");
        }
    }
}
