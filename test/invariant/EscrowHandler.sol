// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {Book, OrderSpec, Verb} from "../escrow/OrderSpec.sol";
import {Phase, SimpleBook, SimpleCall, SimpleSpec} from "../escrow/SimpleSpec.sol";
import {TestUSD} from "../tokens/TestUSD.sol";
import {Messages} from "./Messages.sol";
import {Mood, Reenterer} from "./Hostile.sol";

/// @notice What the fuzzer may do: open orders of any kind, bring them further, try anything as anybody, be hostile,
/// give money away, pass time. Calls that the table guides never outnumber the others.
contract EscrowHandler is Messages {
    using OrderTermsLib for OrderTerms;

    /// @dev What a run may open, so that a long one can still be finished.
    uint256 private constant MOST_ORDERS = 400;
    uint256 private constant MOST_SIMPLE = 120;

    // Orders

    /// @notice An order that nobody may ever bring further.
    function open(uint256 seed) external counted {
        if (_orders.length >= MOST_ORDERS) return;
        // the fuzzer likes small numbers; their high bits must count too
        seed = uint256(keccak256(abi.encode(seed, _salt)));
        uint256 i = _newOrder(seed % KINDS, seed >> 8, false, false);
        address[3] memory payers = [relayer, _orders[i].buyer, _orders[i].seller];
        // any eight bits
        // forge-lint: disable-next-line(unsafe-typecast)
        if (seed & 7 != 0) _try(i, Verb((seed >> 3) % 3), payers[(seed >> 5) % 3], uint8(seed >> 16));
    }

    /// @dev Whether the table may choose now.
    function _mayGuide() private view returns (bool) {
        return guided <= free && _orders.length < MOST_ORDERS;
    }

    /// @notice One step towards the transition that was reached least.
    function steer(uint256 seed) external counted guides {
        if (_mayGuide()) _steer(uint256(keccak256(abi.encode(seed, _seen.length))));
    }

    /// @notice The same, until it is reached or out of reach, and so on while it is the table's turn.
    function pursue(uint256 seed) external counted guides {
        for (uint256 k; k < 4 && _mayGuide(); ++k) {
            seed = uint256(keccak256(abi.encode(seed, _seen.length)));
            while (_steer(seed)) ++seed;
        }
    }

    /// @notice The same for simple orders.
    function pursueSimple(uint256 seed) external counted guides {
        if (guided <= free && _simples.length < MOST_SIMPLE) {
            _pursueSimple(uint256(keccak256(abi.encode(seed, _seen.length))));
        }
    }

    /// @notice Some call that is allowed on an order, of all verbs that are.
    function drive(uint256 seed, uint8 pick) external counted guides {
        if (_orders.length == 0 || !_mayGuide()) return;
        uint256 verb = uint256(keccak256(abi.encode(seed, _seen.length)));
        uint256 i = _choose(seed, _orders.length);
        // no step of these has a factor in common with the number of verbs
        uint256 step = [1, 2, 3, 4, 6, 8, 9, 11][verb & 7];
        for (uint256 k; k < OrderSpec.VERBS; ++k) {
            if (_any(i, Verb(((verb >> 8) % OrderSpec.VERBS + k * step) % OrderSpec.VERBS), 1, verb, pick, 255)) {
                return;
            }
        }
    }

    /// @notice Anything, by anybody.
    function act(uint256 seed, uint8 verb, uint8 who, uint8 pick) external counted {
        if (_orders.length == 0) return;
        uint256 i = _choose(seed, _orders.length);
        OrderTerms memory o = _orders[i];
        address caller = [o.buyer, o.seller, arbiter, relayer, thief, attester][who % 6];
        Verb v = Verb(verb % OrderSpec.VERBS);
        // thief and attester bring no money of their own
        if ((caller == thief || caller == attester) && (v <= Verb.COMMIT_SIGNED || _valueOf(o, v) != 0)) return;
        _try(i, v, caller, pick);
    }

    // Simple orders

    function openSimple(uint256 seed, bool timed) external counted {
        if (_simples.length < MOST_SIMPLE) _newSimple(uint256(keccak256(abi.encode(seed, _salt))), timed);
    }

    function actSimple(uint256 seed, uint8 call_, uint8 who) external counted {
        if (_simples.length == 0) return;
        uint256 i = _choose(seed, _simples.length);
        SimpleBook memory b = _simples[i];
        _trySimple(i, SimpleCall(call_ % SimpleSpec.CALLS), [b.buyer, b.seller, relayer][who % 3]);
    }

    // The world

    function passTime(uint32 by) external counted {
        vm.warp(vm.getBlockTimestamp() + _bound(by, 1, 20 minutes));
    }

    /// @notice To the next line that an order's terms draw, or the second before it.
    function passTimeTo(uint256 seed, bool before) external counted {
        if (_orders.length == 0) return;
        uint256 i = _choose(seed, _orders.length);
        _warpTo(_orders[i], _bookOf(i, _orders[i].token), before);
    }

    function setMood(uint8 who, uint8 mood, uint256 seed, uint8 verb) external counted {
        Reenterer[4] memory all =
            [Reenterer(_hostile), Reenterer(_hostileBuyer), Reenterer(_hostileSeller), Reenterer(_hostilePayee)];
        bytes memory data;
        if (_orders.length != 0) {
            uint256 i = seed % _orders.length;
            OrderTerms memory o = _orders[i];
            // any eight bits
            // forge-lint: disable-next-line(unsafe-typecast)
            uint8 pick = uint8(seed >> 16);
            data = _callOf(o, _ids[i], _bookOf(i, _collectToken(o, pick)), Verb(verb % OrderSpec.VERBS), pick);
        }
        all[who % 4].set(Mood(mood % 6), address(escrow), data);
    }

    function donate(uint256 seed, uint64 amount) external counted {
        address token = _tokens[seed % 4];
        if (token == address(0)) deal(address(escrow), address(escrow).balance + amount);
        else TestUSD(token).mint(address(escrow), amount);
        donated[token] += amount;
    }

    function withdraw(uint256 seed) public counted {
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
