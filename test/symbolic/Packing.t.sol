// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Released} from "./Released.sol";
import {IEscrow} from "contracts/interfaces/IEscrow.sol";
import {IEscrowLens} from "contracts/interfaces/IEscrowLens.sol";
import {OrderTerms, OrderTermsLib} from "contracts/libraries/OrderTerms.sol";
import {PackedSimpleOrder, SimpleOrder, SimpleOrderLib} from "contracts/libraries/SimpleOrder.sol";
import {Slot, SlotLib} from "contracts/libraries/Slot.sol";
import {State, Terms, TermsLib} from "contracts/libraries/Terms.sol";

/// @dev The libraries' functions behind calls, so that a proof sees whether they revert.
contract Packers {
    using TermsLib for Terms;

    function open(uint8 state, uint256 flags, uint256 clock, uint256 word) external pure returns (Slot) {
        return SlotLib.open(State.wrap(state), flags, clock, word);
    }

    function ended(uint8 state, uint256 settledAt, bytes32 receiptHash) external pure returns (Slot) {
        return SlotLib.ended(State.wrap(state), settledAt, receiptHash);
    }

    /// @dev The terms' numbers as the escrow reads them.
    function read(Terms calldata t) external pure returns (OrderTerms memory o) {
        (o.buyer, o.seller) = (t.buyer, t.seller);
        (o.token, o.amount) = (t.token(), uint96(t.amount()));
        (o.counterToken, o.counterAmount) = (t.counterToken(), uint96(t.counterAmount()));
        (o.feeReceiver, o.arbiter, o.verifier) = (t.feeReceiver, t.arbiter, t.verifier);
        (o.deliveryCircuit, o.sessionId, o.offerHash, o.salt) = (t.deliveryCircuit, t.sessionId, t.offerHash, t.salt);
        (o.kind, o.policy) = (uint8(t.kind()), uint8(t.policy()));
        (o.silence, o.jurisdiction) = (uint8(t.silence()), uint8(t.jurisdiction()));
        (o.slashBps, o.feeBps, o.maxFeeBps) = (uint16(t.slashBps()), uint16(t.feeBps()), uint16(t.maxFeeBps()));
        (o.arbiterFeeBps, o.disputeBondBps) = (uint16(t.arbiterFeeBps()), uint16(t.disputeBondBps()));
        (o.deliveryVersion, o.zkbVersion, o.zksVersion) = (t.deliveryVersion(), t.zkbVersion(), t.zksVersion());
        (o.fundBy, o.commitBy) = (uint40(t.fundBy()), uint40(t.commitBy()));
        (o.deliverBy, o.timedRelease) = (uint40(t.deliverBy()), uint40(t.timedRelease()));
        (o.reviewWindow, o.disputeWindow) = (uint48(t.reviewWindow()), uint48(t.disputeWindow()));
    }
}

/// @notice What is packed comes back, or the call reverts: nothing is ever cut to fit. Every input is proved over all its
/// values. Terms are packed by the lens and simple orders by the escrow, as released; slots by the library, which the
/// escrow has inside.
contract PackingProofs is Released {
    using OrderTermsLib for OrderTerms;

    Packers private packers;
    IEscrow private escrow;
    IEscrowLens private lens;

    function setUp() public {
        packers = new Packers();
        escrow = IEscrow(_deployEscrow(address(2)));
        lens = IEscrowLens(_deploy("out/EscrowLens.sol/EscrowLens.json", abi.encode(escrow)));
    }

    function check_slot_open(uint8 state, uint256 flags, uint256 clock, uint256 word) external view {
        bool fits = flags < 1 << 8 && clock < 1 << 40 && word < 1 << 200;
        try packers.open(state, flags, clock, word) returns (Slot slot) {
            assert(fits);
            assert(State.unwrap(slot.state()) == state);
            assert(slot.flags() == flags);
            assert(slot.clock() == clock);
            assert(slot.word() == word);
        } catch {
            assert(!fits);
        }
    }

    function check_slot_ended(uint8 state, uint256 settledAt, bytes32 receiptHash) external view {
        try packers.ended(state, settledAt, receiptHash) returns (Slot slot) {
            assert(settledAt < 1 << 40);
            assert(State.unwrap(slot.state()) == state);
            assert(slot.settledAt() == settledAt);
            assert(slot.receiptWord() == uint256(receiptHash) >> 48);
        } catch {
            assert(settledAt >= 1 << 40);
        }
    }

    /// @dev From the 31 fields, each as a whole word of calldata, and back.
    function check_terms_fromFields(uint256[31] calldata fields) external view {
        // the bits of each field, in the order in which they are signed
        uint8[31] memory bits = [
            160,
            160,
            160,
            96,
            160,
            96,
            160,
            160,
            160,
            255,
            8,
            8,
            8,
            8,
            16,
            16,
            16,
            16,
            16,
            48,
            48,
            48,
            40,
            40,
            40,
            40,
            48,
            48,
            255,
            255,
            255
        ];
        uint256 above;
        for (uint256 i; i < 31; ++i) {
            if (bits[i] != 255) above |= fields[i] >> bits[i];
        }
        (bool packed, bytes memory terms) =
            address(lens).staticcall(abi.encodePacked(IEscrowLens.pack.selector, fields));
        assert(packed == (above == 0));
        if (!packed) return;
        (, bytes memory again) = address(lens).staticcall(abi.encodePacked(IEscrowLens.unpack.selector, terms));
        assert(_same(again, abi.encodePacked(fields)));
    }

    /// @dev From the 13 words, each with every bit free, and back; and the escrow reads the fields that people read.
    function check_terms_fromWords(uint256[13] calldata words) external view {
        uint256 above = words[0] >> 160 | words[1] >> 160 | words[4] >> 160 | words[5] >> 160 | words[6] >> 160;
        bytes memory terms = abi.encodePacked(words);
        (bool unpacked, bytes memory fields) =
            address(lens).staticcall(abi.encodePacked(IEscrowLens.unpack.selector, terms));
        assert(unpacked == (above == 0));
        if (!unpacked) return;
        (, bytes memory again) = address(lens).staticcall(abi.encodePacked(IEscrowLens.pack.selector, fields));
        assert(_same(again, terms));
        (, bytes memory asRead) = address(packers).staticcall(abi.encodePacked(Packers.read.selector, terms));
        assert(_same(asRead, fields));
    }

    /// @dev A simple order is what its buyer asked for, or is refused.
    function check_simpleOrder(
        address buyer,
        address seller,
        uint96 amount,
        uint64 now_,
        uint256 commitmentWindow,
        uint256 claimWindow,
        uint256 delay
    ) external {
        vm.warp(now_);
        vm.deal(buyer, amount);
        vm.prank(buyer);
        escrow.createEscrow{value: amount}(0, seller, commitmentWindow, claimWindow, delay != 0, delay);
        assert(now_ < 1 << 32 && amount < 1 << 80);
        bytes memory asked;
        unchecked {
            uint256 deadline = now_ + commitmentWindow;
            asked = abi.encode(
                buyer,
                seller,
                amount,
                0,
                1,
                now_,
                deadline,
                deadline + claimWindow,
                delay != 0,
                delay == 0 ? 0 : deadline + delay
            );
        }
        (, bytes memory stored) = address(escrow).staticcall(abi.encodeCall(escrow.escrows, (0)));
        assert(_same(stored, asked));
    }

    /// @dev Whether two strings of words are the same, without a branch for each.
    function _same(bytes memory a, bytes memory b) private pure returns (bool) {
        if (a.length != b.length) return false;
        uint256 different;
        for (uint256 at = 0x20; at <= a.length; at += 0x20) {
            assembly ("memory-safe") {
                different := or(different, xor(mload(add(a, at)), mload(add(b, at))))
            }
        }
        return different == 0;
    }
}
