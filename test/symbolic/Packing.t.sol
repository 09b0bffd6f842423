// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {OrderTerms, OrderTermsLib} from "contracts/libraries/OrderTerms.sol";
import {PackedSimpleOrder, SimpleOrder, SimpleOrderLib} from "contracts/libraries/SimpleOrder.sol";
import {Slot, SlotLib} from "contracts/libraries/Slot.sol";
import {State, Terms} from "contracts/libraries/Terms.sol";

/// @notice What is packed comes back, for every value there is.
contract PackingProofs is Test {
    function check_slot_open(uint8 state, uint256 flags, uint256 clock, uint256 word) external pure {
        vm.assume(flags <= type(uint8).max && clock <= type(uint40).max && word < 1 << 200);
        Slot slot = SlotLib.open(State.wrap(state), flags, clock, word);
        assert(State.unwrap(slot.state()) == state);
        assert(slot.flags() == flags);
        assert(slot.clock() == clock);
        assert(slot.word() == word);
    }

    function check_slot_ended(uint8 state, uint256 settledAt, bytes32 receiptHash) external pure {
        vm.assume(settledAt <= type(uint40).max);
        Slot slot = SlotLib.ended(State.wrap(state), settledAt, receiptHash);
        assert(State.unwrap(slot.state()) == state);
        assert(slot.settledAt() == settledAt);
        assert(slot.receiptWord() == uint256(receiptHash) >> 48);
    }

    function check_simpleOrder(
        address buyer,
        address seller,
        uint80 amount,
        uint32 createdAt,
        uint256 commitmentWindow,
        uint256 claimWindow,
        uint256 delay
    ) external pure {
        vm.assume(commitmentWindow < SimpleOrderLib.WINDOW_LIMIT && claimWindow < SimpleOrderLib.WINDOW_LIMIT);
        vm.assume(delay < SimpleOrderLib.WINDOW_LIMIT);
        PackedSimpleOrder memory packed;
        (packed.head, packed.tail) =
            SimpleOrderLib.pack(buyer, seller, amount, createdAt, commitmentWindow, claimWindow, delay);
        SimpleOrder memory order = SimpleOrderLib.unpack(packed);
        assert(order.buyer == buyer && order.seller == seller && order.amount == amount);
        assert(order.createdAt == createdAt);
        assert(order.commitmentDeadline == uint256(createdAt) + commitmentWindow);
        assert(order.claimDeadline == order.commitmentDeadline + claimWindow);
        assert(order.timedRelease == (delay == 0 ? 0 : order.commitmentDeadline + delay));
        assert(order.phase == 1);
    }

    function check_terms_words(uint256 payment, uint256 counter, uint256 rules, uint256 times) external pure {
        Terms memory t;
        (t.payment, t.counter, t.rules, t.times) = (payment, counter, rules, times);
        Terms memory again = OrderTermsLib.pack(OrderTermsLib.unpack(t));
        assert(again.payment == payment && again.counter == counter);
        assert(again.rules == rules && again.times == times);
    }
}
