// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ISimpleOrders} from "../../../contracts/interfaces/ISimpleOrders.sol";
import {IReceiptVault} from "../../../contracts/interfaces/IReceiptVault.sol";
import {Receipt as OrderReceipt} from "../../../contracts/libraries/Receipt.sol";
import "../../../contracts/libraries/Terms.sol" as T;
import {RevertingPayee} from "../../actors/Payees.sol";
import {SimpleTest} from "./SimpleTest.sol";

contract SellerClaimPaymentTest is SimpleTest {
    function _expectPaid(Order memory o, T.State state) private {
        bytes32 key = escrow.simpleKey(o.id);
        vm.expectEmit(address(escrow));
        emit ISimpleOrders.SimpleLegPaid(key, seller, o.amount, state);
        vm.expectEmit(address(vault));
        emit IReceiptVault.ReceiptIssued(
            key, buyer, seller, 0, 0, address(0), o.amount, 0, 0, T.SIMPLE, vm.getBlockTimestamp(), 0, 0, 0
        );
    }

    function _assertReceipt(Order memory o, uint256 receiptId) private view {
        assertEq(receiptId, uint256(escrow.simpleKey(o.id)));
        OrderReceipt memory r = _simpleReceipt(o);
        assertTrue(vault.verifySimple(r), "the receipt");
        r.paid += 1;
        assertFalse(vault.verifySimple(r), "no other");
    }

    // ------------------------------------------------------------------------------------------------- signed

    /// Shows R-500.
    function testFuzz_sellerClaimPayment_afterHisSignature(Order memory o, uint256 time) public {
        _fit(o);
        _reach(o, At.SIGNED);
        vm.warp(bound(time, o.timed ? _timedRelease(o) : o.start, _claimBy(o)));
        uint256 had = seller.balance;
        _expectPaid(o, T.BOTH_CLAIMED);
        uint256 receiptId = _claim(o);
        assertEq(seller.balance, had + o.amount);
        assertEq(address(escrow).balance, 0);
        _assertAt(o, At.PAID_OUT);
        _assertReceipt(o, receiptId);
    }

    function testFuzz_sellerClaimPayment_revertsBeforeTheTimedRelease(Order memory o, uint256 time) public {
        o.timed = true;
        _fit(o);
        _reach(o, At.SIGNED);
        vm.warp(bound(time, o.start, _timedRelease(o) - 1));
        _refuse(o, seller, 0, _claimCall(o.id), _tooEarly(_timedRelease(o)));
        vm.warp(_timedRelease(o) - 1);
        _refuse(o, seller, 0, _claimCall(o.id), _tooEarly(_timedRelease(o)));
        vm.warp(_timedRelease(o));
        _claim(o);
    }

    function testFuzz_sellerClaimPayment_revertsAfterTheClaimDeadline(Order memory o, uint256 time) public {
        _fit(o);
        _reach(o, At.SIGNED);
        vm.warp(_claimBy(o) + 1);
        _refuse(o, seller, 0, _claimCall(o.id), _tooLate(_claimBy(o)));
        vm.warp(bound(time, _claimBy(o) + 1, type(uint64).max));
        _refuse(o, seller, 0, _claimCall(o.id), _tooLate(_claimBy(o)));
    }

    function testFuzz_sellerClaimPayment_revertsForAnybodyElseAfterASignature(Order memory o, address by, uint256 time)
        public
    {
        _fit(o);
        vm.assume(by != seller && by != address(vm) && by != address(escrow));
        _reach(o, At.SIGNED);
        vm.warp(bound(time, o.start, type(uint40).max));
        _refuse(o, by, 0, _claimCall(o.id), _notAllowed(by, seller));
    }

    // ------------------------------------------------------------------------------------------------- deposited

    function testFuzz_sellerClaimPayment_hisLegOfTheExchangeNeverExpires(Order memory o, uint256 time, bool second)
        public
    {
        _fit(o);
        _reach(o, second ? At.BUYER_TOOK : At.DEPOSITED);
        vm.warp(bound(time, o.start, type(uint40).max));
        uint256 had = seller.balance;
        _expectPaid(o, second ? T.BOTH_CLAIMED : T.SELLER_CLAIMED);
        uint256 receiptId = _claim(o);
        assertEq(seller.balance, had + o.amount);
        assertEq(address(escrow).balance, second ? 0 : o.amount, "the buyer's leg stays");
        _assertAt(o, second ? At.PAID_OUT : At.SELLER_TOOK);
        _assertReceipt(o, receiptId);
    }

    function testFuzz_sellerClaimPayment_anybodyPushesItAfterTheDeadline(
        Order memory o,
        address by,
        uint256 time,
        bool second
    ) public {
        _fit(o);
        vm.assume(by != seller && by != address(vm) && by != address(escrow));
        _reach(o, second ? At.BUYER_TOOK : At.DEPOSITED);
        vm.warp(bound(time, o.start, _claimBy(o)));
        _refuse(o, by, 0, _claimCall(o.id), _notAllowed(by, seller));
        vm.warp(_claimBy(o));
        _refuse(o, by, 0, _claimCall(o.id), _notAllowed(by, seller));
        vm.warp(_claimBy(o) + 1);
        uint256 had = seller.balance;
        vm.prank(by);
        escrow.sellerClaimPayment(o.id);
        assertEq(seller.balance, had + o.amount, "to its owner");
        _assertAt(o, second ? At.PAID_OUT : At.SELLER_TOOK);
    }

    // ------------------------------------------------------------------------------------------------- refusals

    function test_sellerClaimPayment_revertsInEveryOtherState() public {
        bytes memory data = _claimCall(_usual(false).id);
        // nowhere, paid in, taken already, paid out, refunded
        uint256 mask = 1 << 0 | 1 << 1 | 1 << 4 | 1 << 6 | 1 << 7;
        _refuseAt(_places(mask), false, seller, 0, data, 0);
        _refuseAt(_places(mask), true, seller, 0, data, 0);
        _refuseAt(_places(mask), false, seller, 0, data, 1000 days);
        _refuseAt(_places(mask), true, relayer, 0, data, 1000 days);
    }

    function test_sellerClaimPayment_aSellerThatRefusesIsCredited() public {
        Order memory o = _usual(false);
        seller = address(new RevertingPayee());
        vm.deal(seller, 2 ether);
        _reach(o, At.DEPOSITED);
        _claim(o);
        assertEq(escrow.owed(address(0), seller), 1 ether);
        _assertAt(o, At.SELLER_TOOK);
        RevertingPayee(payable(seller)).setRefusing(false);
        escrow.withdraw(address(0), seller);
        assertEq(seller.balance, 2 ether);
    }
}
