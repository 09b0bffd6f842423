// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ISimpleOrders} from "../../../contracts/interfaces/ISimpleOrders.sol";
import "../../../contracts/libraries/Terms.sol" as T;
import {RevertingPayee} from "../../actors/Payees.sol";
import {SimpleTest} from "./SimpleTest.sol";

contract BuyerClaimCounterEscrowTest is SimpleTest {
    /// Shows R-507.
    function testFuzz_buyerClaimCounterEscrow_hisLegNeverExpires(Order memory o, uint256 time, bool second) public {
        _fit(o);
        _reach(o, second ? At.SELLER_TOOK : At.DEPOSITED);
        vm.warp(bound(time, o.start, type(uint40).max));
        uint256 had = buyer.balance;
        vm.expectEmit(address(escrow));
        emit ISimpleOrders.SimpleLegPaid(
            escrow.simpleKey(o.id), buyer, o.amount, second ? T.BOTH_CLAIMED : T.BUYER_CLAIMED
        );
        assertEq(_takeCounter(o), o.amount);
        assertEq(buyer.balance, had + o.amount);
        assertEq(address(escrow).balance, second ? 0 : o.amount, "the seller's leg stays");
        _assertAt(o, second ? At.PAID_OUT : At.BUYER_TOOK);
    }

    function testFuzz_buyerClaimCounterEscrow_anybodyPushesItAfterTheDeadline(
        Order memory o,
        address by,
        uint256 time,
        bool second
    ) public {
        _fit(o);
        vm.assume(by != buyer && by != address(vm) && by != address(escrow));
        _reach(o, second ? At.SELLER_TOOK : At.DEPOSITED);
        vm.warp(bound(time, o.start, _claimBy(o)));
        _refuse(o, by, 0, _counterCall(o.id), _notAllowed(by, buyer));
        vm.warp(_claimBy(o));
        _refuse(o, by, 0, _counterCall(o.id), _notAllowed(by, buyer));
        vm.warp(_claimBy(o) + 1);
        uint256 had = buyer.balance;
        vm.prank(by);
        assertEq(escrow.buyerClaimCounterEscrow(o.id), o.amount);
        assertEq(buyer.balance, had + o.amount, "to its owner");
        _assertAt(o, second ? At.PAID_OUT : At.BUYER_TOOK);
    }

    function test_buyerClaimCounterEscrow_revertsInEveryOtherState() public {
        bytes memory data = _counterCall(_usual(false).id);
        // nowhere, paid in, signed (there is no deposit), taken already, paid out, refunded
        uint256 mask = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 5 | 1 << 6 | 1 << 7;
        _refuseAt(_places(mask), false, buyer, 0, data, 0);
        _refuseAt(_places(mask), true, buyer, 0, data, 0);
        _refuseAt(_places(mask), false, buyer, 0, data, 1000 days);
        _refuseAt(_places(mask), true, relayer, 0, data, 1000 days);
    }

    function test_buyerClaimCounterEscrow_aBuyerThatRefusesIsCredited() public {
        Order memory o = _usual(false);
        buyer = address(new RevertingPayee());
        vm.deal(buyer, 1 ether);
        _reach(o, At.DEPOSITED);
        _takeCounter(o);
        assertEq(escrow.owed(address(0), buyer), 1 ether);
        _assertAt(o, At.BUYER_TOOK);
        // and does not stand in the seller's way
        uint256 had = seller.balance;
        _claim(o);
        assertEq(seller.balance, had + 1 ether);
    }
}
