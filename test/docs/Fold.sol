// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";
import {IReceiptVault} from "../../contracts/interfaces/IReceiptVault.sol";
import {ISimpleOrders} from "../../contracts/interfaces/ISimpleOrders.sol";
import {ITermsOrders} from "../../contracts/interfaces/ITermsOrders.sol";
import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";
import {Receipt} from "../../contracts/libraries/Receipt.sol";
import {BUYER_SHIELDED, DISPUTED_UNFULFILLED, SELLER_SHIELDED, Slot, SlotLib} from "../../contracts/libraries/Slot.sol";
import {
    BOTH_COMMITTED,
    BUYER_COMMITTED,
    DISPUTED,
    FULFILLED,
    Outcome,
    ROLE_BUYER,
    ROLE_SELLER,
    State
} from "../../contracts/libraries/Terms.sol";

/// @notice The stored fields of an escrow, rebuilt from its logs and its vault's.
/// @dev What an indexer does. `docs/events.md` shows the parts between the markers.
contract Fold {
    struct Simple {
        address buyer;
        address seller;
        uint256 amount;
        uint256 createdAt;
        uint256 commitmentDeadline;
        uint256 claimDeadline;
        uint256 timedRelease;
        uint256 deposit;
        uint8 state;
    }

    address private immutable _escrow;

    mapping(bytes32 orderId => Slot) public slot;
    mapping(bytes32 orderId => mapping(uint8 role => bytes32)) public shield;
    mapping(bytes32 orderId => mapping(uint8 role => mapping(address token => uint256))) public held;
    mapping(address token => mapping(address party => uint256)) public owed;
    mapping(bytes32 key => Simple) public simple;

    constructor(address escrow) {
        _escrow = escrow;
    }

    /// @notice Applies one log; `time` is the timestamp of its block. Logs of other contracts do not belong here.
    function add(Vm.Log calldata log, uint256 time) external {
        bytes32 topic = log.topics[0];
        if (log.topics.length < 2) return;
        bytes32 id = log.topics[1];
        if (topic == ITreasury.Owed.selector || topic == ITreasury.Withdrawn.selector) {
            _addCredit(topic, log);
        } else if (topic == ITermsOrders.Held.selector || topic == ITermsOrders.Collected.selector) {
            _addHeld(topic, id, log);
        } else if (topic == IReceiptVault.ReceiptIssued.selector) {
            _addReceipt(id, log);
        } else if (!_addSimple(topic, id, log, time)) {
            _addTerms(topic, id, log, time);
        }
    }

    // snippet:fold-slot
    function _addTerms(bytes32 topic, bytes32 id, Vm.Log calldata log, uint256 time) private {
        Slot s = slot[id];
        if (topic == ITermsOrders.OrderCreated.selector) {
            (, bytes32 receiptAddress) = abi.decode(log.data, (address, bytes32)); // the terms follow
            slot[id] = SlotLib.open(BUYER_COMMITTED, receiptAddress == 0 ? 0 : BUYER_SHIELDED, 0, 0);
            shield[id][ROLE_BUYER] = receiptAddress;
        } else if (topic == ITermsOrders.SellerCommitted.selector) {
            (,,, bytes32 delivery) = abi.decode(log.data, (string, string, bytes32, bytes32));
            // for a SWAP, OrderEnded follows in the same transaction
            slot[id] = SlotLib.open(BOTH_COMMITTED, s.flags() | (delivery == 0 ? 0 : SELLER_SHIELDED), 0, 0);
            shield[id][ROLE_SELLER] = delivery;
        } else if (topic == ITermsOrders.Fulfilled.selector) {
            (bytes32 evidence,, uint256 clock) = abi.decode(log.data, (bytes32, uint256, uint256));
            slot[id] = SlotLib.open(FULFILLED, s.flags(), clock, SlotLib.evidenceWord(id, evidence));
        } else if (topic == ITermsOrders.Disputed.selector) {
            (, uint256 clock, bool unfulfilled) = abi.decode(log.data, (bytes32, uint256, bool));
            slot[id] = SlotLib.open(DISPUTED, s.flags() | (unfulfilled ? DISPUTED_UNFULFILLED : 0), clock, s.word());
        } else if (topic == ITermsOrders.Released.selector) {
            slot[id] = SlotLib.open(BOTH_COMMITTED, s.flags(), 0, abi.decode(log.data, (uint256)));
        } else if (topic == ITermsOrders.OrderEnded.selector) {
            // where the seller got anything, ReceiptIssued follows in the same transaction and adds the receipt's hash
            slot[id] = SlotLib.ended(State.wrap(uint8(uint256(bytes32(log.data[:32])))), time, 0);
        }
    }

    // endsnippet

    // snippet:fold-receipt
    function _addReceipt(bytes32 id, Vm.Log calldata log) private {
        Receipt memory r;
        (r.chainId, r.minter, r.orderId) = (block.chainid, _escrow, id);
        (r.buyer, r.seller) = (address(uint160(uint256(log.topics[2]))), address(uint160(uint256(log.topics[3]))));
        (r.sessionId, r.offerHash, r.token, r.paid, r.refunded, r.fee) =
            abi.decode(log.data, (bytes32, bytes32, address, uint256, uint256, uint256));
        (r.outcome, r.settledAt, r.evidence, r.receiptAddress, r.deliveryCommitment) =
            abi.decode(log.data[0xc0:], (Outcome, uint256, bytes32, bytes32, bytes32));
        // a simple order has no slot here: its receipt's hash stands in the vault, simpleReceipt[key]
        if (Slot.unwrap(slot[id]) != 0) {
            slot[id] = SlotLib.ended(slot[id].state(), r.settledAt, keccak256(abi.encode(r)));
        }
    }

    // endsnippet

    // snippet:fold-money
    function _addHeld(bytes32 topic, bytes32 id, Vm.Log calldata log) private {
        (uint8 role, address token) = (uint8(uint256(log.topics[2])), address(uint160(uint256(log.topics[3]))));
        if (topic == ITermsOrders.Held.selector) held[id][role][token] += abi.decode(log.data, (uint256));
        else held[id][role][token] = 0; // Collected empties it
    }

    function _addCredit(bytes32 topic, Vm.Log calldata log) private {
        address token = address(uint160(uint256(log.topics[1])));
        address party = address(uint160(uint256(log.topics[2])));
        if (topic == ITreasury.Owed.selector) owed[token][party] += abi.decode(log.data, (uint256));
        else owed[token][party] = 0; // Withdrawn empties it
    }

    // endsnippet

    // snippet:fold-simple
    function _addSimple(bytes32 topic, bytes32 key, Vm.Log calldata log, uint256 time) private returns (bool known) {
        Simple storage s = simple[key];
        known = true;
        if (topic == ISimpleOrders.SimpleOrderCreated.selector) {
            s.buyer = address(uint160(uint256(log.topics[2])));
            s.seller = address(uint160(uint256(log.topics[3])));
            (, s.amount, s.commitmentDeadline, s.claimDeadline, s.timedRelease) =
                abi.decode(log.data, (bytes32, uint256, uint256, uint256, uint256));
            (s.createdAt, s.state) = (time, 1);
        } else if (topic == ISimpleOrders.SimpleDepositCommitted.selector) {
            (s.deposit, s.state) = (s.amount, 3);
        } else if (topic == ISimpleOrders.SimpleSignatureCommitted.selector) {
            s.state = 3;
        } else if (topic == ISimpleOrders.SimpleLegPaid.selector) {
            (, s.state) = abi.decode(log.data, (uint256, uint8));
            if (s.state == 6) s.deposit = 0;
        } else if (topic == ISimpleOrders.SimpleRefunded.selector) {
            s.state = 8;
        } else {
            known = false;
        }
    }
    // endsnippet
}
