// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";
import {IReceiptVault} from "../../contracts/interfaces/IReceiptVault.sol";
import {ISimpleOrders} from "../../contracts/interfaces/ISimpleOrders.sol";
import {ITermsOrders} from "../../contracts/interfaces/ITermsOrders.sol";
import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {Receipt} from "../../contracts/libraries/Receipt.sol";
import {Outcome, State, Terms} from "../../contracts/libraries/Terms.sol";

/// @title Storage from events
/// @notice Rebuilds every stored field of the escrow from its events alone, as an indexer must. Packs its own way.
abstract contract Fold {
    struct Ended {
        uint8 state;
        uint8 outcome;
        uint256 toBuyer;
        uint256 toSeller;
        uint256 fee;
        uint256 bondToBuyer;
        uint256 disputeToBuyer;
        uint256 arbiterFee;
        bytes32 evidence;
    }

    mapping(bytes32 id => uint256) internal _foldSlot;
    mapping(bytes32 id => bytes32) internal _foldEvidence;
    mapping(bytes32 id => mapping(uint8 role => bytes32)) internal _foldShield;
    mapping(bytes32 id => mapping(uint8 role => mapping(address token => uint256))) internal _foldHeld;
    mapping(address token => mapping(address party => uint256)) internal _foldOwed;
    mapping(address token => uint256) internal _owedTotal;
    mapping(bytes32 id => Terms) internal _foldTerms;
    mapping(bytes32 id => Receipt) internal _foldReceipt;
    mapping(bytes32 id => uint256) internal _receipts;
    mapping(bytes32 key => uint8) internal _foldSimple;

    /// @notice The first thing that happened and must not.
    string public violation;

    function _note(string memory what) internal {
        if (bytes(violation).length == 0) violation = what;
    }

    /// @dev In the order in which they were logged.
    function _fold(Vm.Log[] memory logs, address escrow_, address vault_, uint256 time) internal {
        for (uint256 i; i < logs.length; ++i) {
            Vm.Log memory log = logs[i];
            if (log.emitter == vault_) _foldIssued(log, escrow_, time);
            if (log.emitter != escrow_) continue;
            bytes32 topic = log.topics[0];
            if (topic == ITermsOrders.OrderCreated.selector) _foldCreated(log);
            else if (topic == ITermsOrders.SellerCommitted.selector) _foldCommitted(log);
            else if (topic == ITermsOrders.Fulfilled.selector) _foldFulfilled(log);
            else if (topic == ITermsOrders.Disputed.selector) _foldDisputed(log);
            else if (topic == ITermsOrders.Released.selector) _foldReleased(log);
            else if (topic == ITermsOrders.OrderEnded.selector) _foldEnded(log, escrow_, time);
            else if (topic == ITermsOrders.EvidenceAdded.selector) continue;
            else _foldMoney(log, topic);
        }
    }

    function _stateOf(bytes32 id) internal view returns (uint8) {
        return uint8(_foldSlot[id] >> 248);
    }

    function _flagsOf(bytes32 id) private view returns (uint256) {
        return uint8(_foldSlot[id] >> 240);
    }

    function _open(bytes32 id, uint8 state, uint256 flags, uint256 clock, uint256 word) private {
        _foldSlot[id] = (uint256(state) << 248) + (flags << 240) + (clock << 200) + word;
    }

    function _foldCreated(Vm.Log memory log) private {
        bytes32 id = log.topics[1];
        (, bytes32 receiptAddress, Terms memory t) = abi.decode(log.data, (address, bytes32, Terms));
        if (_foldSlot[id] != 0) _note("an id was used again");
        if (log.topics[2] != bytes32(uint256(uint160(t.buyer)))) _note("another buyer in the topic");
        _foldTerms[id] = t;
        _foldShield[id][0] = receiptAddress;
        _open(id, 1, receiptAddress == 0 ? 0 : 1, 0, 0);
    }

    function _foldCommitted(Vm.Log memory log) private {
        bytes32 id = log.topics[1];
        (,,, bytes32 commitment) = abi.decode(log.data, (string, string, bytes32, bytes32));
        _foldShield[id][1] = commitment;
        _open(id, 3, _flagsOf(id) + (commitment == 0 ? 0 : 2), 0, 0);
    }

    function _foldFulfilled(Vm.Log memory log) private {
        bytes32 id = log.topics[1];
        (bytes32 evidence,, uint256 clock) = abi.decode(log.data, (bytes32, uint256, uint256));
        _foldEvidence[id] = evidence;
        _open(id, 9, _flagsOf(id), clock, uint256(keccak256(abi.encode(id, evidence))) >> 56);
    }

    function _foldDisputed(Vm.Log memory log) private {
        bytes32 id = log.topics[1];
        (, uint256 clock, bool unfulfilled) = abi.decode(log.data, (bytes32, uint256, bool));
        _open(id, 7, _flagsOf(id) + (unfulfilled ? 4 : 0), clock, _foldSlot[id] & ((1 << 200) - 1));
    }

    function _foldReleased(Vm.Log memory log) private {
        bytes32 id = log.topics[1];
        uint256 cumulative = abi.decode(log.data, (uint256));
        if (cumulative <= _released(id)) _note("a release did not rise");
        if (cumulative > OrderTermsLib.unpack(_foldTerms[id]).amount) _note("released more than the amount");
        _open(id, 3, _flagsOf(id), 0, cumulative);
    }

    function _released(bytes32 id) internal view returns (uint256) {
        return _stateOf(id) == 3 ? _foldSlot[id] & ((1 << 200) - 1) : 0;
    }

    function _foldEnded(Vm.Log memory log, address escrow_, uint256 time) private {
        bytes32 id = log.topics[1];
        Ended memory e = abi.decode(log.data, (Ended));
        uint8 from = _stateOf(id);
        if (from == 0 || from == 6 || from == 8 || from == 10) _note("an ended order ended again");
        uint256 paid = _released(id) + e.toSeller;
        uint256 receiptWord;
        if (paid != 0) {
            _foldReceipt[id] = _receiptOf(id, e, escrow_, paid, time);
            receiptWord = uint256(keccak256(abi.encode(_foldReceipt[id]))) >> 48;
        }
        OrderTerms memory o = OrderTermsLib.unpack(_foldTerms[id]);
        if (e.fee * 10_000 > paid * o.feeBps || o.feeBps > o.maxFeeBps || o.maxFeeBps > 1000) {
            _note("fee above its cap");
        }
        if (e.toSeller == 0 && e.fee != 0) _note("a fee on a refund");
        _foldSlot[id] = (uint256(e.state) << 248) + (time << 208) + receiptWord;
    }

    function _receiptOf(bytes32 id, Ended memory e, address escrow_, uint256 paid, uint256 time)
        private
        view
        returns (Receipt memory r)
    {
        OrderTerms memory o = OrderTermsLib.unpack(_foldTerms[id]);
        r.chainId = block.chainid;
        r.minter = escrow_;
        r.orderId = id;
        (r.buyer, r.seller, r.sessionId, r.offerHash) = (o.buyer, o.seller, o.sessionId, o.offerHash);
        (r.token, r.paid, r.refunded) = (o.token, paid, e.toBuyer);
        r.fee = e.fee + (paid - e.toSeller) * o.feeBps / 10_000;
        (r.outcome, r.settledAt, r.evidence) = (Outcome.wrap(e.outcome), time, e.evidence);
        (r.receiptAddress, r.deliveryCommitment) = (_foldShield[id][0], _foldShield[id][1]);
    }

    /// @dev The vault's event must say what the escrow's own events already said.
    function _foldIssued(Vm.Log memory log, address escrow_, uint256 time) private {
        if (log.topics[0] != IReceiptVault.ReceiptIssued.selector) return;
        bytes32 id = log.topics[1];
        ++_receipts[id];
        Receipt memory r = _foldReceipt[id];
        if (_foldSimple[id] != 0) {
            (r.chainId, r.minter, r.orderId) = (block.chainid, escrow_, id);
            r.buyer = address(uint160(uint256(log.topics[2])));
            r.seller = address(uint160(uint256(log.topics[3])));
            (,,, r.paid) = abi.decode(log.data, (bytes32, bytes32, address, uint256));
            (r.outcome, r.settledAt) = (Outcome.wrap(9), time);
            _foldReceipt[id] = r;
        }
        if (r.orderId != id) _note("a receipt of no order");
        bytes memory head = abi.encode(r.sessionId, r.offerHash, r.token, r.paid, r.refunded, r.fee);
        bytes memory tail = abi.encode(r.outcome, r.settledAt, r.evidence, r.receiptAddress, r.deliveryCommitment);
        if (keccak256(log.data) != keccak256(bytes.concat(head, tail))) _note("a receipt of other facts");
    }

    function _foldMoney(Vm.Log memory log, bytes32 topic) private {
        if (topic == ITermsOrders.Held.selector) {
            uint8 role = uint8(uint256(log.topics[2]));
            _foldHeld[log.topics[1]][role][address(uint160(uint256(log.topics[3])))] += abi.decode(log.data, (uint256));
        } else if (topic == ITermsOrders.Collected.selector) {
            uint8 role = uint8(uint256(log.topics[2]));
            _foldHeld[log.topics[1]][role][address(uint160(uint256(log.topics[3])))] = 0;
        } else if (topic == ITreasury.Owed.selector) {
            address token = address(uint160(uint256(log.topics[1])));
            uint256 amount = abi.decode(log.data, (uint256));
            _foldOwed[token][address(uint160(uint256(log.topics[2])))] += amount;
            _owedTotal[token] += amount;
        } else if (topic == ITreasury.Withdrawn.selector) {
            address token = address(uint160(uint256(log.topics[1])));
            address party = address(uint160(uint256(log.topics[2])));
            _owedTotal[token] -= _foldOwed[token][party];
            _foldOwed[token][party] = 0;
        } else if (topic == ISimpleOrders.SimpleOrderCreated.selector) {
            if (_foldSimple[log.topics[1]] != 0) _note("a simple id was used again");
            _foldSimple[log.topics[1]] = 1;
        } else if (
            topic == ISimpleOrders.SimpleDepositCommitted.selector
                || topic == ISimpleOrders.SimpleSignatureCommitted.selector
        ) {
            _foldSimple[log.topics[1]] = 3;
        } else if (topic == ISimpleOrders.SimpleLegPaid.selector) {
            (, State state) = abi.decode(log.data, (uint256, State));
            _foldSimple[log.topics[1]] = State.unwrap(state);
        } else if (topic == ISimpleOrders.SimpleRefunded.selector) {
            _foldSimple[log.topics[1]] = 8;
        } else {
            _note("an event that no field comes from");
        }
    }
}
