// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IEscrow} from "../../contracts/interfaces/IEscrow.sol";
import {CollectProof, ITermsOrders} from "../../contracts/interfaces/ITermsOrders.sol";
import {Source} from "../../contracts/interfaces/ITreasury.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {IHandleRegistry} from "../../contracts/interfaces/IVerifierRegistry.sol";
import {Book, Verb} from "../escrow/OrderSpec.sol";
import {Mood} from "./Hostile.sol";
import {Steering} from "./Steering.sol";
import {Built} from "../Built.sol";

/// @notice Every message that was of use, presented again where it must be of none: on its own order, on another, on
/// another chain, to another contract, by another signer; and every id, asked for again.
abstract contract Messages is Steering {
    using OrderTermsLib for OrderTerms;

    /// @dev How the look at another place ends: by a revert, which undoes it.
    /// @param there the same order stands there in the same state
    /// @param worked the message of here was accepted there
    /// @param own a message made out for there was accepted
    error Abroad(bool there, bool worked, bool own);

    IEscrow private _other;
    uint256 private _home;
    uint256 private _thiefKey;

    constructor() {
        _home = block.chainid;
        (, _thiefKey) = makeAddrAndKey("thief");
        bytes memory arguments = abi.encode(permit2, registry, IHandleRegistry(address(0)));
        _other = IEscrow(Built.deploy("CoreProverEscrow", arguments));
        for (uint256 i; i < 6; ++i) {
            for (uint256 t = 1; t < 4; ++t) {
                _allow(_actors[i], _tokens[t], address(_other), type(uint256).max);
            }
        }
    }

    /// @dev Whether a call works by messages alone, whoever makes it.
    function _isSigned(Verb v) private pure returns (bool) {
        if (v == Verb.CREATE_AUTH || v == Verb.COMMIT_SIGNED || v == Verb.ATTESTED || v == Verb.PROVEN) return true;
        if (v == Verb.RELEASE_SIGNED || v == Verb.RELEASE_ALL || v == Verb.DISPUTE_SIGNED) return true;
        if (v == Verb.ACCEPT_SIGNED || v == Verb.YIELD_SIGNED || v == Verb.SPLIT_SIGNED) return true;
        return v == Verb.PROOF_BUYER || v == Verb.PROOF_SELLER;
    }

    /// @dev A call with messages that succeeded, from the seed's place on.
    function _seenSigned(uint256 seed) private view returns (bool found, Seen memory s) {
        for (uint256 k; k < _seen.length; ++k) {
            s = _seen[addmod(seed, k, _seen.length)];
            if (_isSigned(s.verb)) return (true, s);
        }
    }

    /// @notice A call that succeeded, once more, by a thief: only evidence may be repeated.
    function replay(uint256 seed) external counted {
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

    /// @notice A call that succeeded, with the terms of another order put in: the messages still name theirs. Where
    /// there is one, an order that the table would allow this verb now.
    function reuse(uint256 seed, uint256 otherSeed) external counted {
        (bool found, Seen memory s) = _seenSigned(seed);
        if (!found) return;
        for (uint256 k; k < _orders.length; ++k) {
            uint256 j = addmod(otherSeed, k, _orders.length);
            if (j == s.order) continue;
            OrderTerms memory o = _orders[j];
            (bool open,) = _judge(o, _bookOf(j, _collectToken(o, s.pick)), s.verb, relayer, s.pick);
            if (!open && k + 1 != _orders.length) continue;
            bytes memory data = s.data;
            bytes memory terms = abi.encode(o.pack());
            for (uint256 n; n < terms.length; ++n) {
                data[4 + n] = terms[n];
            }
            if (_send(relayer, 0, data, true)) _note("a message worked on another order");
            if (open) ++reached["reused on another open order"];
            _checkOrder(j);
            return;
        }
    }

    /// @notice A call as it should be, but with every signature by the thief's key.
    function forge(uint256 seed, uint8 verb, uint8 pick) external counted {
        if (_orders.length == 0) return;
        Verb[10] memory signed = [
            Verb.CREATE_AUTH,
            Verb.CREATE_COMMIT,
            Verb.COMMIT_SIGNED,
            Verb.ATTESTED,
            Verb.RELEASE_SIGNED,
            Verb.RELEASE_ALL,
            Verb.DISPUTE_SIGNED,
            Verb.ACCEPT_SIGNED,
            Verb.YIELD_SIGNED,
            Verb.SPLIT_SIGNED
        ];
        uint256 i = _choose(seed, _orders.length);
        for (uint256 k; k < 10; ++k) {
            Verb v = signed[addmod(verb, k, 10)];
            Book memory b = _bookOf(i, _orders[i].token);
            (bool open,) = _judge(_orders[i], b, v, relayer, pick);
            if (!open && k != 9) continue;
            (uint256 b_, uint256 s_, uint256 a_) = (buyerKey, sellerKey, attesterKey);
            (buyerKey, sellerKey, attesterKey) = (_thiefKey, _thiefKey, _thiefKey);
            bytes memory data = _callOf(_orders[i], _ids[i], b, v, pick);
            (buyerKey, sellerKey, attesterKey) = (b_, s_, a_);
            if (_send(relayer, _valueOf(_orders[i], v), data, true)) _note("another signer's message worked");
            if (open) ++reached["forged on an open order"];
            return _checkOrder(i);
        }
    }

    /// @notice The thief asks for what is not his.
    function steal(uint256 seed) external counted {
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

    /// @dev The newest order half of the time.
    function _choose(uint256 seed, uint256 length) internal pure returns (uint256) {
        return seed & 1 == 0 ? length - 1 : (seed >> 1) % length;
    }

    // Other chains and contracts

    /// @notice A message that worked here, where the same order stands on another chain or in another escrow.
    function carry(uint256 seed, bool chain) external counted {
        uint256 now_ = vm.getBlockTimestamp();
        for (uint256 k; k < 4; ++k) {
            (bool found, Seen memory s) = _seenSigned(uint256(keccak256(abi.encode(seed, k))));
            if (!found) return;
            try this.look(s, chain) {}
            catch (bytes memory reason) {
                vm.chainId(_home);
                vm.warp(now_);
                // the selector comes first
                // forge-lint: disable-next-line(unsafe-typecast)
                if (bytes4(reason) != Abroad.selector) return _note("the look abroad failed");
                (bool there, bool worked, bool own) = _abroad(reason);
                if (worked) {
                    _note(chain ? "a message worked on another chain" : "a message worked in another contract");
                }
                ++free;
                if (there && own) {
                    ++reached[chain ? "carried to another chain" : "carried to another contract"];
                    return;
                }
            }
        }
    }

    function _abroad(bytes memory reason) private pure returns (bool there, bool worked, bool own) {
        assembly ("memory-safe") {
            there := mload(add(reason, 0x24))
            worked := mload(add(reason, 0x44))
            own := mload(add(reason, 0x64))
        }
    }

    /// @notice Sets the order up elsewhere by its parties' own calls, then presents the message of here and, as a
    /// control, one made out for there. Always reverts.
    function look(Seen memory s, bool chain) external {
        require(msg.sender == address(this), "only from here");
        OrderTerms memory o = _orders[s.order];
        _hostile.set(Mood.HONEST, address(0), "");
        _hostileBuyer.set(Mood.HONEST, address(0), "");
        _hostileSeller.set(Mood.HONEST, address(0), "");
        if (chain) vm.chainId(_home + 1);
        else escrow = _other;
        bytes32 id = escrow.orderIdOf(o.pack());
        (bool there, Book memory b) = _setUp(o, id, s);
        vm.warp(s.time);
        deal(thief, 1e30);
        bool worked = _plainCall(thief, s.value, s.data);
        bool own = _plainCall(thief, s.value, _callOf(o, id, b, s.verb, s.pick));
        revert Abroad(there, worked, own);
    }

    /// @dev By calls that need no message, to where the order stood here before the message was used.
    function _setUp(OrderTerms memory o, bytes32 id, Seen memory s) private returns (bool, Book memory b) {
        vm.warp(o.fundBy);
        if (s.book.state == 0) return (true, b);
        if (!_ownCall(o, id, b, Verb.CREATE, o.buyer)) return (false, b);
        b.state = 1;
        if (s.book.state == 1) return (true, b);
        if (!_ownCall(o, id, b, Verb.COMMIT_OWN, o.seller)) return (false, b);
        b.state = 3;
        if (s.book.released != 0) {
            b.released = s.book.released;
            bytes memory data = abi.encodeCall(ITermsOrders.release, (o.pack(), b.released, ""));
            if (!_plainCall(o.buyer, 0, data)) return (false, b);
        }
        if (s.book.state == 3) return (true, b);
        if (s.book.state == 7 || s.book.state == 9) {
            vm.warp(s.time < o.deliverBy ? s.time : o.deliverBy);
            if (!_ownCall(o, id, b, Verb.FULFIL, o.seller)) return (false, b);
            (b.state, b.evidence) = (9, EVIDENCE);
            if (s.book.state == 9) return (true, b);
            b.state = 7;
            vm.warp(s.time);
            return (_ownCall(o, id, b, Verb.DISPUTE_OWN, o.buyer), b);
        }
        Verb end = s.book.state == 6 ? Verb.ACCEPT_OWN : s.book.state == 8 ? Verb.YIELD_OWN : Verb.SPLIT_SIGNED;
        if (!_ownCall(o, id, b, end, end == Verb.ACCEPT_OWN ? o.buyer : o.seller)) return (false, b);
        b.state = s.book.state;
        address token = _collectToken(o, s.pick);
        (b.heldBuyer, b.heldSeller) = (escrow.held(id, 0, token), escrow.held(id, 1, token));
        return (true, b);
    }

    function _ownCall(OrderTerms memory o, bytes32 id, Book memory b, Verb v, address caller) private returns (bool) {
        return _plainCall(caller, _valueOf(o, v), _callOf(o, id, b, v, 128));
    }

    function _plainCall(address caller, uint256 value, bytes memory data) private returns (bool done) {
        vm.prank(caller);
        (done,) = address(escrow).call{value: value}(data);
    }

    // Ids

    /// @notice An id that is or was in use, asked for again by every way there is, where that is still in time.
    function recreate(uint256 seed, uint8 pick) external counted {
        for (uint256 k; k < _orders.length; ++k) {
            uint256 i = _orders.length - 1 - k;
            uint8 state = _stateOf(_ids[i]);
            if (state == 0 || vm.getBlockTimestamp() > _orders[i].fundBy) continue;
            // an ended one where there is one
            bool ended = state == 6 || state == 8 || state == 10;
            if (!ended && (seed >> k % 200) & 1 == 0) continue;
            Verb v = Verb(pick % 3);
            bool authorized = v == Verb.CREATE_AUTH && pick & 64 != 0;
            Source source = !authorized ? Source.EIP3009 : pick & 128 == 0 ? Source.PERMIT2 : Source.EIP2612;
            if (_tryBy(i, v, relayer, pick, source)) _note("an id was used again");
            ++reached[ended ? "an ended id again" : "an open id again"];
            return;
        }
    }

    /// @notice Terms that differ in a single bit have an id of their own.
    function collide(uint256 seed, uint256 place) external counted {
        if (_orders.length == 0) return;
        bytes memory terms = abi.encode(_orders[seed % _orders.length].pack());
        place %= terms.length * 8;
        terms[place / 8] ^= bytes1(0x80) >> (place % 8);
        (bool done, bytes memory answer) =
            address(escrow).staticcall(bytes.concat(ITermsOrders.orderIdOf.selector, terms));
        // dirty bits of an address may be refused
        if (!done) return;
        bytes32 id = abi.decode(answer, (bytes32));
        if (_meaning[id] != 0) _note("other terms have the same id");
        if (escrow.slot(id) != 0 || escrow.slot(escrow.simpleKey(id)) != 0) {
            _note("an id of nobody's stands for an order");
        }
        ++reached["one bit gives another id"];
    }
}
