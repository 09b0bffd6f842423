// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Source} from "../../contracts/interfaces/ITreasury.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {Book, OrderSpec, Verb} from "../escrow/OrderSpec.sol";
import {OrderPayout, Payout} from "../escrow/OrderPayout.sol";
import {Funding} from "./Funding.sol";

/// @notice Terms orders: every call is judged by the table before it is made, and checked against it after.
abstract contract TermsGhosts is Funding {
    using OrderTermsLib for OrderTerms;

    string internal constant HINDERED = "refused by a hostile party";

    OrderTerms[] internal _orders;
    bytes32[] internal _ids;

    /// @dev Which terms an id stands for; two terms with one id would be a collision.
    mapping(bytes32 id => bytes32 terms) internal _meaning;

    /// @dev Calls that succeeded, to be replayed, and what stood in the book before them.
    struct Seen {
        uint256 order;
        Verb verb;
        uint8 pick;
        uint256 value;
        uint256 time;
        Book book;
        bytes data;
    }

    Seen[] internal _seen;

    /// @dev What an order holds, by token: its own part of `_inside`.
    mapping(bytes32 id => mapping(address token => uint256)) private _part;

    /// @dev The book of an order, from the fold of its events.
    function _bookOf(uint256 i, address token) internal view returns (Book memory b) {
        bytes32 id = _ids[i];
        uint256 word = _foldSlot[id];
        b.state = _stateOf(id);
        b.released = _released(id);
        // 40 bits of the word each, as the slot is laid out
        // forge-lint: disable-next-line(unsafe-typecast)
        if (b.state == 9 || b.state == 7) b.clock = uint40(word >> 200);
        if (b.state == 9 || (b.state == 7 && (word >> 240) & 4 == 0)) b.evidence = _foldEvidence[id];
        // forge-lint: disable-next-line(unsafe-typecast)
        if (b.state == 6 || b.state == 8 || b.state == 10) b.settledAt = uint40(word >> 208);
        b.heldBuyer = _foldHeld[id][0][token];
        b.heldSeller = _foldHeld[id][1][token];
    }

    /// @dev One call, with all that is known before it.
    struct Turn {
        uint256 i;
        OrderTerms o;
        Book b;
        Verb v;
        address caller;
        uint8 pick;
        Source source;
        bool allowed;
        uint8 to;
        uint256 value;
        bytes data;
        Wealth[] before;
    }

    /// @dev A new order, known by its id.
    function _register(OrderTerms memory o) internal returns (uint256 i) {
        bytes32 id = escrow.orderIdOf(o.pack());
        if (_meaning[id] != 0) _note("two terms have one id");
        _meaning[id] = keccak256(abi.encode(o));
        _orders.push(o);
        _ids.push(id);
        return _orders.length - 1;
    }

    /// @dev One call of a verb on an order.
    function _try(uint256 i, Verb v, address caller, uint8 pick) internal returns (bool done) {
        return _tryBy(i, v, caller, pick, Source.EIP3009);
    }

    /// @dev The same, with another kind of authorization where the verb carries one.
    function _tryBy(uint256 i, Verb v, address caller, uint8 pick, Source source) internal returns (bool done) {
        Turn memory t;
        (t.i, t.v, t.caller, t.pick, t.source, t.o) = (i, v, caller, pick, source, _orders[i]);
        t.b = _bookOf(i, _collectToken(t.o, pick));
        t.value = _valueOf(t.o, v);
        bool plain = source == Source.EIP3009;
        t.data = plain ? _callOf(t.o, _ids[i], t.b, v, pick) : _fundedCall(t.o, _ids[i], v, source);
        (t.allowed, t.to) = _judge(t.o, t.b, v, caller, pick);
        t.before = _wealths();
        done = source == Source.EIP2612 ? _sendPermitted(t) : _send(caller, t.value, t.data, _isOdd(t));
        _judgeAnswer(t, done);
        _checkOrder(i);
        if (done) _checkTurn(t);
    }

    /// @dev Without any allowance, so that nothing but the permit can move the money.
    function _sendPermitted(Turn memory t) private returns (bool done) {
        Leg memory leg = _legOf(t.o, t.v);
        if (leg.token != address(0)) _allow(leg.owner, leg.token, address(escrow), 0);
        done = _send(t.caller, t.value, t.data, _isOdd(t));
        if (leg.token != address(0)) _allow(leg.owner, leg.token, address(escrow), type(uint256).max);
    }

    function _isOdd(Turn memory t) private view returns (bool) {
        return _touchesHostile(t.o, t.v);
    }

    function _judgeAnswer(Turn memory t, bool done) private {
        if (done != t.allowed && !(t.allowed && _isOdd(t))) {
            string memory what = string.concat(vm.toString(t.b.state), ", verb ", vm.toString(uint256(t.v)));
            if (!t.allowed) _note(string.concat("forbidden and done: state ", what));
            else _note(string.concat("refused: state ", what, ", error ", vm.toString(abi.encodePacked(_refusal))));
        }
        bool taxed = t.allowed && _isTaxed(t.o, t.v, t.caller);
        if (taxed) ++reached["kept a fee and refused"];
        if (taxed && done) _note("a payment came in short");
        if (!done) ++reached[t.allowed ? HINDERED : "forbidden"];
    }

    function _checkTurn(Turn memory t) private {
        if (_stateOf(_ids[t.i]) != t.to) _note("an unlisted transition");
        _count(t.b.state, t.to, _nameOf(t.v));
        if (t.source != Source.EIP3009) _count(t.b.state, t.to, string.concat(_nameOf(t.v), _bySource(t.source)));
        if (t.b.state == 0 && keccak256(abi.encode(_foldTerms[_ids[t.i]])) != keccak256(abi.encode(t.o.pack()))) {
            _note("other terms were logged");
        }
        _seen.push(
            Seen({
                order: t.i,
                verb: t.v,
                pick: t.pick,
                value: t.value,
                time: vm.getBlockTimestamp(),
                book: t.b,
                data: t.data
            })
        );
        _checkMoney(t);
    }

    function _checkMoney(Turn memory t) private {
        address[4] memory may = [t.o.buyer, t.o.seller, t.o.arbiter, t.o.feeReceiver];
        if (t.v >= Verb.PROOF_BUYER) may = [stash, relayer, address(0), address(0)];
        _onlyRicher(t.before, may);
        bool pays = t.v < Verb.COLLECT_BUYER && t.b.state != t.to && t.b.state != 0;
        if (pays || t.v == Verb.RELEASE_OWN || t.v == Verb.RELEASE_SIGNED) {
            OrderTerms memory o = t.o;
            // nobody could have proven delivery, so nobody loses his bond for it
            if (t.v == Verb.REFUND && _deliveryRevoked(o)) {
                o = _orders[t.i];
                o.slashBps = 0;
                if (t.b.state == 3 && t.o.slashBps != 0) ++reached["refunded without a slash"];
            }
            _checkPayout(t, OrderPayout.of_(o, t.b, t.v, t.caller, t.to, t.pick));
        }
        if (t.v < Verb.COLLECT_BUYER) return;
        Book memory later = _bookOf(t.i, _collectToken(t.o, t.pick));
        bool early = t.v <= Verb.COLLECT_SELLER && vm.getBlockTimestamp() < t.b.settledAt + 30 days;
        if (early) ++reached["collected at once"];
        bool ofBuyer = t.v == Verb.COLLECT_BUYER || t.v == Verb.PROOF_BUYER;
        if ((ofBuyer ? later.heldBuyer : later.heldSeller) != 0) _note("a credit was not emptied");
        if (ofBuyer ? later.heldSeller != t.b.heldSeller : later.heldBuyer != t.b.heldBuyer) {
            _note("another's credit moved");
        }
    }

    /// @dev Money that moves to or from somebody hostile in this call, where its failure is the caller's own.
    function _touchesHostile(OrderTerms memory o, Verb v) internal view returns (bool) {
        bool token = o.token == address(_hostile) || o.counterToken == address(_hostile);
        if (v <= Verb.COMMIT_SIGNED || v == Verb.DISPUTE_OWN || v == Verb.DISPUTE_SIGNED) return token;
        bool wallet = o.buyer == address(_hostileBuyer) || o.seller == address(_hostileSeller);
        if (v == Verb.COLLECT_BUYER || v == Verb.COLLECT_SELLER) return token || wallet;
        return v >= Verb.PROOF_BUYER && token;
    }

    /// @dev Each party got exactly what the table says, in hand, credited or set aside.
    function _checkPayout(Turn memory t, Payout memory p) private {
        // whoever pays in with the same call is not compared in that token
        if (t.v == Verb.DISPUTE_OWN || t.v == Verb.DISPUTE_SIGNED) return;
        bool swap = t.v == Verb.COMMIT_OWN || t.v == Verb.COMMIT_SIGNED;
        if (swap && t.o.kind == 0) return;
        bool same = t.o.token == t.o.counterToken;
        uint256 toBuyer = p.toBuyer + p.stakeToBuyer + (same ? p.bondToBuyer : 0);
        uint256 toSeller = p.toSeller - p.fee + p.stakeToSeller + (same ? p.bondToSeller : 0);
        if (_got(t, 0, t.o.token) != toBuyer) _note("the buyer's part");
        if (_got(t, 1, t.o.token) != toSeller && !(swap && same)) _note("the seller's part");
        if (!same) {
            if (_got(t, 0, t.o.counterToken) != p.bondToBuyer) _note("the buyer's part of the bond");
            if (_got(t, 1, t.o.counterToken) != p.bondToSeller && !swap) _note("the seller's part of the bond");
        }
        if (p.fee != 0 && _gain(t.o.feeReceiver, t.o.token, t.before) != p.fee) _note("the fee");
        if (p.arbiterFee != 0 && _gain(t.o.arbiter, t.o.token, t.before) != p.arbiterFee) _note("the arbiter's fee");
    }

    /// @dev What a role got by the call; nothing was set aside for it before an order's end.
    function _got(Turn memory t, uint8 role, address token) private view returns (uint256) {
        return _gain(role == 0 ? t.o.buyer : t.o.seller, token, t.before) + _foldHeld[_ids[t.i]][role][token];
    }

    function _gain(address who, address token, Wealth[] memory before) private view returns (uint256) {
        uint256 t;
        while (_tokens[t] != token) ++t;
        uint256 now_ = _wealth(who).of_[t];
        for (uint256 i; i < _actors.length; ++i) {
            if (_actors[i] == who) return now_ > before[i].of_[t] ? now_ - before[i].of_[t] : 0;
        }
        revert("nobody");
    }

    /// @dev The fold is the storage, and the order holds what its state says.
    function _checkOrder(uint256 i) internal {
        bytes32 id = _ids[i];
        OrderTerms memory o = _orders[i];
        if (escrow.slot(id) != _foldSlot[id]) _note("slot is not the fold of the events");
        if (escrow.shield(id, 0) != _foldShield[id][0] || escrow.shield(id, 1) != _foldShield[id][1]) {
            _note("shield is not the fold of the events");
        }
        if (_receipts[id] > 1) _note("two receipts");
        uint8 s = _stateOf(id);
        bool ended = s == 6 || s == 8 || s == 10;
        if (_receipts[id] != (ended && _foldReceipt[id].paid != 0 ? 1 : 0)) _note("a receipt too many or too few");
        Book memory b = _bookOf(i, o.token);
        uint256 payment = OrderSpec.paymentIn(o, b) + OrderSpec.stakeIn(o, b) + b.heldBuyer + b.heldSeller;
        if (o.token == o.counterToken) {
            _setPart(id, o.token, payment + OrderSpec.bondIn(o, b));
        } else {
            _setPart(id, o.token, payment);
            uint256 held = _foldHeld[id][0][o.counterToken] + _foldHeld[id][1][o.counterToken];
            _setPart(id, o.counterToken, OrderSpec.bondIn(o, b) + held);
            _checkHeld(id, o.counterToken);
        }
        _checkHeld(id, o.token);
    }

    function _checkHeld(bytes32 id, address token) private {
        for (uint8 role; role < 2; ++role) {
            if (escrow.held(id, role, token) != _foldHeld[id][role][token]) _note("held is not the fold");
        }
    }

    function _setPart(bytes32 id, address token, uint256 amount) private {
        _inside[token] = _inside[token] - _part[id][token] + amount;
        _part[id][token] = amount;
    }

    function _nameOf(Verb v) private pure returns (string memory) {
        if (v <= Verb.CREATE_AUTH) return "create";
        if (v == Verb.CREATE_COMMIT) return "createWithCommitment";
        if (v <= Verb.COMMIT_SIGNED) return "commit";
        if (v == Verb.FULFIL) return "fulfil";
        if (v <= Verb.ATTESTED_FORGED) return "fulfilAttested";
        if (v <= Verb.PROVEN_FORGED) return "fulfilProven";
        if (v <= Verb.CLAIM_WRONG) return "claim";
        if (v <= Verb.RELEASE_WRONG) return "release";
        if (v == Verb.REFUND) return "refund";
        if (v <= Verb.DISPUTE_SIGNED) return "dispute";
        if (v <= Verb.RESOLVE_GREEDY) return "resolve";
        if (v == Verb.SILENCE) return "resolveBySilence";
        if (v <= Verb.SPLIT_WRONG) return "settle";
        return v <= Verb.COLLECT_SELLER ? "collect" : "collectWithProof";
    }
}
