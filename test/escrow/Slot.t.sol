// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {Slot, SlotLib} from "../../contracts/libraries/Slot.sol";
import "../../contracts/libraries/Terms.sol" as T;
import {State, Terms, TermsLib} from "../../contracts/libraries/Terms.sol";

/// @notice What is packed comes back, or packing reverts; nothing is ever cut off.
contract SlotTest is Test {
    using OrderTermsLib for OrderTerms;
    using OrderTermsLib for Terms;
    using TermsLib for Terms;

    function open(State state, uint256 flags, uint256 clock, uint256 word) external pure returns (Slot) {
        return SlotLib.open(state, flags, clock, word);
    }

    function ended(State state, uint256 settledAt, bytes32 receiptHash) external pure returns (Slot) {
        return SlotLib.ended(state, settledAt, receiptHash);
    }

    function testFuzz_open_comesBack(uint8 state, uint8 flags, uint40 clock, uint200 word) external view {
        Slot slot = this.open(State.wrap(state), flags, clock, word);
        assertEq(State.unwrap(slot.state()), state);
        assertEq(slot.flags(), flags);
        assertEq(slot.clock(), clock);
        assertEq(slot.word(), word);
        assertEq(bytes32(Slot.unwrap(slot)), bytes32(abi.encodePacked(state, flags, clock, word)));
    }

    /// @dev Any values: exactly as they are, or not at all.
    function testFuzz_open_neverTruncates(uint256 flags, uint256 clock, uint256 word, uint8 narrow) external {
        if (narrow & 1 != 0) flags = uint8(flags);
        if (narrow & 2 != 0) clock = uint40(clock);
        if (narrow & 4 != 0) word = uint200(word);
        bool fits = flags < 1 << 8 && clock < 1 << 40 && word < 1 << 200;
        if (!fits) vm.expectRevert(SlotLib.SlotOverflow.selector);
        Slot slot = this.open(T.DISPUTED, flags, clock, word);
        if (!fits) return;
        assertEq(slot.flags(), flags);
        assertEq(slot.clock(), clock);
        assertEq(slot.word(), word);
        assertTrue(slot.state() == T.DISPUTED);
    }

    function test_open_turnsAtTheVeryEdges() external {
        this.open(T.FULFILLED, 255, type(uint40).max, type(uint200).max);
        vm.expectRevert(SlotLib.SlotOverflow.selector);
        this.open(T.FULFILLED, 256, 0, 0);
        vm.expectRevert(SlotLib.SlotOverflow.selector);
        this.open(T.FULFILLED, 0, uint256(type(uint40).max) + 1, 0);
        vm.expectRevert(SlotLib.SlotOverflow.selector);
        this.open(T.FULFILLED, 0, 0, uint256(type(uint200).max) + 1);
    }

    function testFuzz_ended_comesBackOrReverts(uint8 state, uint256 settledAt, bytes32 hash, bool narrow) external {
        if (narrow) settledAt = uint40(settledAt);
        bool fits = settledAt < 1 << 40;
        if (!fits) vm.expectRevert(SlotLib.SlotOverflow.selector);
        Slot slot = this.ended(State.wrap(state), settledAt, hash);
        if (!fits) return;
        assertEq(State.unwrap(slot.state()), state);
        assertEq(slot.settledAt(), settledAt);
        assertEq(slot.receiptWord(), uint256(hash) >> 48);
    }

    function testFuzz_holdsReceipt_ofEndedOrdersOnly(uint8 state, uint40 settledAt, bytes32 hash, bytes32 other)
        external
        view
    {
        Slot slot = this.ended(State.wrap(state), settledAt, hash);
        bool isEnd = state == 6 || state == 8 || state == 10;
        assertEq(slot.isEnded(), isEnd);
        assertEq(slot.holdsReceipt(hash), isEnd && uint256(hash) >> 48 != 0);
        if (uint256(other) >> 48 != uint256(hash) >> 48) assertFalse(slot.holdsReceipt(other));
        assertFalse(this.ended(T.EXPIRED, settledAt, 0).holdsReceipt(0));
    }

    function testFuzz_evidenceWord_isTheTopOfTheHash(bytes32 orderId, bytes32 evidence) external pure {
        assertEq(
            bytes25(uint200(SlotLib.evidenceWord(orderId, evidence))), bytes25(keccak256(abi.encode(orderId, evidence)))
        );
    }

    // ------------------------------------------------------------------------------------------------- terms

    function testFuzz_terms_comeBack(OrderTerms memory o) external pure {
        assertEq(keccak256(abi.encode(o.pack().unpack())), keccak256(abi.encode(o)));
    }

    function testFuzz_terms_packBack(Terms memory t) external pure {
        assertEq(keccak256(abi.encode(t.unpack().pack())), keccak256(abi.encode(t)));
    }

    function testFuzz_terms_readAsWritten(OrderTerms memory o) external view {
        this.checkMoney(o.pack(), o);
        this.checkRules(o.pack(), o);
        this.checkTimes(o.pack(), o);
    }

    function checkMoney(Terms calldata t, OrderTerms calldata o) external pure {
        assertEq(t.token(), o.token);
        assertEq(t.amount(), o.amount);
        assertEq(t.counterToken(), o.counterToken);
        assertEq(t.counterAmount(), o.counterAmount);
    }

    function checkRules(Terms calldata t, OrderTerms calldata o) external pure {
        assertEq(t.kind(), o.kind);
        assertEq(t.policy(), o.policy);
        assertEq(t.silence(), o.silence);
        assertEq(t.jurisdiction(), o.jurisdiction);
        assertEq(t.slashBps(), o.slashBps);
        assertEq(t.feeBps(), o.feeBps);
        assertEq(t.maxFeeBps(), o.maxFeeBps);
        assertEq(t.arbiterFeeBps(), o.arbiterFeeBps);
        assertEq(t.disputeBondBps(), o.disputeBondBps);
        assertEq(t.deliveryVersion(), o.deliveryVersion);
        assertEq(t.zkbVersion(), o.zkbVersion);
        assertEq(t.zksVersion(), o.zksVersion);
    }

    function checkTimes(Terms calldata t, OrderTerms calldata o) external pure {
        assertEq(t.fundBy(), o.fundBy);
        assertEq(t.commitBy(), o.commitBy);
        assertEq(t.deliverBy(), o.deliverBy);
        assertEq(t.timedRelease(), o.timedRelease);
        assertEq(t.reviewWindow(), o.reviewWindow);
        assertEq(t.disputeWindow(), o.disputeWindow);
        assertEq(t.reviewEnd(), uint256(o.deliverBy) + o.reviewWindow);
    }
}
