// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ICoreProverEscrow} from "../../../contracts/interfaces/ICoreProverEscrow.sol";
import {ISimpleOrders} from "../../../contracts/interfaces/ISimpleOrders.sol";
import {SimpleTest} from "./SimpleTest.sol";

contract SellerCommitEscrowTest is SimpleTest {
    function _call(Order memory o) private pure returns (bytes memory) {
        return abi.encodeCall(ICoreProverEscrow.sellerCommitEscrow, (o.id));
    }

    /// Shows R-506.
    function testFuzz_sellerCommitEscrow_takesTheDepositInTime(Order memory o, uint256 time) public {
        _fit(o);
        _open(o);
        vm.warp(bound(time, o.start, _commitBy(o)));
        uint256 had = seller.balance;
        vm.expectEmit(address(escrow));
        emit ISimpleOrders.SimpleDepositCommitted(escrow.simpleKey(o.id));
        _deposit(o);
        assertEq(seller.balance, had - o.amount);
        assertEq(address(escrow).balance, 2 * o.amount);
        _assertAt(o, At.DEPOSITED);
    }

    function testFuzz_sellerCommitEscrow_revertsWhenTooLate(Order memory o, uint256 time) public {
        _fit(o);
        _open(o);
        vm.warp(_commitBy(o) + 1);
        _refuse(o, seller, o.amount, _call(o), _tooLate(_commitBy(o)));
        vm.warp(bound(time, _commitBy(o) + 1, type(uint64).max));
        _refuse(o, seller, o.amount, _call(o), _tooLate(_commitBy(o)));
    }

    /// Shows R-506.
    function testFuzz_sellerCommitEscrow_revertsWhenTheDepositIsNotThePayment(Order memory o, uint256 sent) public {
        _fit(o);
        _open(o);
        sent = bound(sent, 0, 1 << 80);
        vm.assume(sent != o.amount);
        _refuse(o, seller, sent, _call(o), _wrongValue(o.amount, sent));
    }

    function testFuzz_sellerCommitEscrow_revertsForAnybodyElse(Order memory o, address by) public {
        _fit(o);
        vm.assume(by != seller && by != address(vm) && by != address(escrow));
        _open(o);
        vm.deal(by, o.amount);
        _refuse(o, by, o.amount, _call(o), _notAllowed(by, seller));
    }

    function test_sellerCommitEscrow_revertsInEveryOtherState() public {
        bytes memory data = _call(_usual(false));
        _refuseAt(_places(0xfd), false, seller, 1 ether, data, 0);
        _refuseAt(_places(0xfd), true, seller, 1 ether, data, 0);
    }

    /// @dev A deposit is an exchange: timed or not, nothing but the two legs is open from then on.
    function testFuzz_sellerCommitEscrow_timedHasNoEffectOnTheLegs(Order memory o, uint256 time) public {
        o.timed = true;
        _fit(o);
        _reach(o, At.DEPOSITED);
        vm.warp(bound(time, o.start, type(uint40).max));
        _refuse(o, relayer, 0, _releaseCall(o.id), _wrongState(o.id, 3));
        _refuse(o, relayer, 0, _refundCall(o.id), _wrongState(o.id, 3));
        assertTrue(_open(seller, _claimCall(o.id)), "the seller's leg");
        assertTrue(_open(buyer, _counterCall(o.id)), "the buyer's leg");
    }
}
