// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {OrderView} from "../../contracts/interfaces/IEscrowLens.sol";
import {ITermsOrders} from "../../contracts/interfaces/ITermsOrders.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {Receipt as OrderReceipt} from "../../contracts/libraries/Receipt.sol";
import {SETTLED, State, Terms} from "../../contracts/libraries/Terms.sol";
import {Fault} from "../../contracts/libraries/TermsRules.sol";
import {Verb as Call} from "../escrow/OrderSpec.sol";
import {LensTest} from "./LensTest.sol";

/// @notice Terms and orders as the lens shows them.
contract LensOrdersTest is LensTest {
    using OrderTermsLib for OrderTerms;

    // ------------------------------------------------------------------------------------------------- terms

    function testFuzz_pack_isThatOfTheLibrary(OrderTerms memory o) external view {
        Terms memory t = lens.pack(o);
        assertEq(abi.encode(t), abi.encode(o.pack()));
        assertEq(abi.encode(lens.unpack(t)), abi.encode(o));
        assertEq(lens.orderIdOf(o), escrow.orderIdOf(t));
    }

    function testFuzz_unpack_losesNothing(Terms memory t) external view {
        assertEq(abi.encode(lens.pack(lens.unpack(t))), abi.encode(t));
    }

    /// @dev Any terms whatever: the lens names the very fault for which the escrow refuses them.
    function testFuzz_check_namesTheFaultOfTheEscrow(OrderTerms memory o, uint256 sane) external {
        if (sane & 1 == 0) (o.buyer, o.seller) = (buyer, seller);
        if (sane & 2 == 0) (o.feeBps, o.maxFeeBps, o.slashBps) = (0, 0, 0);
        if (sane & 4 == 0) (o.disputeBondBps, o.arbiterFeeBps) = (0, 0);
        if (sane & 8 == 0) (o.policy, o.silence, o.kind) = (o.policy % 16, o.silence % 2, 0);
        if (sane & 16 == 0) {
            (o.fundBy, o.commitBy, o.deliverBy) = (_plain().fundBy, _plain().commitBy, _plain().deliverBy);
        }
        if (sane & 32 == 0) (o.arbiter, o.disputeWindow, o.verifier) = (address(0), 0, address(0));
        _checkFault(o);
    }

    /// @dev One field of a sound combination changed.
    function testFuzz_check_ofOneChangedField(uint256 number, uint256 word, uint256 bit) external {
        OrderTerms memory o = _combine(bound(number, 0, COMBINATIONS - 1));
        bytes memory data = abi.encode(o.pack());
        word = bound(word, 0, 12);
        bool narrow = word < 2 || (word > 3 && word < 7);
        bit = bound(bit, 0, narrow ? 159 : 255);
        assembly ("memory-safe") {
            let spot := add(add(data, 0x20), mul(word, 0x20))
            mstore(spot, xor(mload(spot), shl(bit, 1)))
        }
        _checkFault(OrderTermsLib.unpack(abi.decode(data, (Terms))));
    }

    function _checkFault(OrderTerms memory o) private {
        Fault fault = lens.check(o.pack());
        Row memory r = _rowOf(o, Stage.NONE, false);
        vm.deal(relayer, type(uint128).max);
        vm.prank(relayer);
        (bool success, bytes memory answer) =
            address(escrow).call{value: _valueOf(o, Call.CREATE)}(_callOf(o, r.id, r.b, Call.CREATE, 0));
        if (fault != Fault.NONE) {
            assertFalse(success);
            assertEq(answer, abi.encodeWithSelector(ITermsOrders.InvalidTerms.selector, fault));
        } else if (!success) {
            assertFalse(_is(answer, ITermsOrders.InvalidTerms.selector), "a fault that the lens did not name");
        }
    }

    // ------------------------------------------------------------------------------------------------- orders

    /// @dev Each combination in each state: the slot by name is what the test knows from its own calls.
    function test_orderOf_inEveryState() external {
        vm.pauseGasMetering();
        uint256 rows;
        for (uint256 n; n < COMBINATIONS; ++n) {
            if (!_isSound(_combine(n))) continue;
            for (uint256 s; s <= uint256(type(Stage).max); ++s) {
                if (!_exists(_combine(n), Stage(s))) continue;
                uint256 snapshot = vm.snapshotState();
                _checkView(_rowOf(_combine(n), Stage(s), n % 2 == 0));
                vm.revertToState(snapshot);
                ++rows;
            }
        }
        assertEq(rows, 433, "rows");
    }

    function _checkView(Row memory r) private view {
        OrderView memory v = lens.orderOf(r.id);
        bool ended = r.b.settledAt != 0;
        // who is shielded is told while the order is open: the seller from his commitment on
        bool shielded = r.o.zkbVersion != 0 && !ended && r.b.state != 0;
        assertEq(State.unwrap(v.state), r.b.state, "state");
        assertEq(v.clock, ended ? 0 : r.b.clock, "clock");
        assertEq(v.released, r.b.released, "released");
        assertEq(v.buyerShielded, shielded, "buyer");
        assertEq(v.sellerShielded, shielded && r.b.state != 1, "seller");
        assertEq(v.disputedUnfulfilled, r.stage == Stage.DISPUTED_UNFULFILLED, "unfulfilled");
        assertEq(v.settledAt, r.b.settledAt, "settled");
        bool paid = r.stage == Stage.PAID_OUT || r.stage == Stage.SPLIT;
        assertEq(v.receiptWord != 0, paid, "receipt");
    }

    /// @dev The receipt as its field's comments say: its hash is the word in the order, and the vault knows it.
    function testFuzz_receiptHash_isThatOfTheOrder(uint96 amount, uint256 field) external {
        Row memory r;
        r.o = _withFee(_plain());
        r.o.amount = uint96(bound(amount, 1, 1_000_000e6));
        (r.id, r.b.state) = (_both(r.o), 3);
        _do(r, Call.ACCEPT_OWN, buyer);
        OrderReceipt memory receipt;
        (receipt.chainId, receipt.minter, receipt.orderId) = (block.chainid, address(escrow), r.id);
        (receipt.buyer, receipt.seller, receipt.token) = (buyer, seller, r.o.token);
        (receipt.sessionId, receipt.offerHash) = (r.o.sessionId, r.o.offerHash);
        (receipt.paid, receipt.fee) = (r.o.amount, uint256(r.o.amount) * r.o.feeBps / 10_000);
        (receipt.outcome, receipt.settledAt) = (SETTLED, vm.getBlockTimestamp());
        assertEq(lens.receiptHash(receipt), keccak256(abi.encode(receipt)));
        assertEq(lens.orderOf(r.id).receiptWord, uint256(lens.receiptHash(receipt)) >> 48);
        assertTrue(vault.verify(r.o.pack(), receipt));
        field = bound(field, 0, 15);
        assembly ("memory-safe") {
            let word := add(receipt, mul(field, 0x20))
            mstore(word, xor(mload(word), 1))
        }
        assertNotEq(lens.orderOf(r.id).receiptWord, uint256(lens.receiptHash(receipt)) >> 48);
        assertFalse(vault.verify(r.o.pack(), receipt));
    }
}
