// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ICoreProverEscrow} from "../../../contracts/interfaces/ICoreProverEscrow.sol";
import {ISimpleOrders} from "../../../contracts/interfaces/ISimpleOrders.sol";
import {SimpleTest} from "./SimpleTest.sol";

contract CreateEscrowTest is SimpleTest {
    function _call(Order memory o, address seller_) private pure returns (bytes memory) {
        return abi.encodeCall(
            ICoreProverEscrow.createEscrow, (o.id, seller_, o.commitmentWindow, o.claimWindow, o.timed, o.delay)
        );
    }

    /// Shows R-497, R-520.
    function testFuzz_createEscrow_paysIn(Order memory o) public {
        _fit(o);
        _assertAt(o, At.NOWHERE);
        uint256 had = buyer.balance;
        bytes32 key = escrow.simpleKey(o.id);
        vm.expectEmit(address(escrow));
        emit ISimpleOrders.SimpleOrderCreated(
            key, buyer, seller, o.id, o.amount, _commitBy(o), _claimBy(o), _timedRelease(o)
        );
        vm.prank(buyer);
        bytes32 id =
            escrow.createEscrow{value: o.amount}(o.id, seller, o.commitmentWindow, o.claimWindow, o.timed, o.delay);
        assertEq(id, o.id);
        assertEq(address(escrow).balance, o.amount);
        assertEq(buyer.balance, had - o.amount);
        _assertAt(o, At.PAID_IN);
    }

    function testFuzz_createEscrow_keepsAnyTwoPartiesApart(Order memory o, address by, address to) public {
        _fit(o);
        vm.assume(by != to && to != address(0) && by != address(0));
        vm.assume(by != address(escrow) && to != address(escrow) && by != address(vm));
        vm.deal(by, o.amount);
        vm.prank(by);
        escrow.createEscrow{value: o.amount}(o.id, to, o.commitmentWindow, o.claimWindow, o.timed, o.delay);
        Ten memory ten = _ten(o.id);
        assertEq(ten.buyer, by);
        assertEq(ten.seller, to);
    }

    function testFuzz_simpleKey_isTaggedByChainAndContract(bytes32 id, uint32 chainId) public {
        vm.chainId(bound(chainId, 1, type(uint32).max));
        bytes32 tag = keccak256("CoreProver.SimpleOrder");
        assertEq(escrow.simpleKey(id), keccak256(abi.encode(tag, block.chainid, address(escrow), id)));
    }

    function test_createEscrow_revertsWhenTheIdIsOrWasInUse() public {
        Order memory o = _usual(false);
        bytes memory data = _call(o, seller);
        _refuseAt(_places(0xfe), false, buyer, 1 ether, data, 0);
        _refuseAt(_places(0xfe), false, thief, 0, data, 0);
        _refuseAt(_places(0xfe), false, buyer, 1 ether, data, 1000 days);
        o = _usual(true);
        _refuseAt(_places(0xfe), true, buyer, 1 ether, _call(o, seller), 0);
    }

    function test_createEscrow_revertsWhenTheSellerIsNobodyTheBuyerOrTheEscrow() public {
        Order memory o = _usual(false);
        address[3] memory bad = [address(0), buyer, address(escrow)];
        for (uint256 i; i < 3; ++i) {
            bytes memory err = abi.encodeWithSelector(ISimpleOrders.BadSeller.selector, bad[i]);
            _refuse(o, buyer, 1 ether, _call(o, bad[i]), err);
        }
    }

    function testFuzz_createEscrow_revertsWhenTheAmountIsOutOfRange(uint256 amount) public {
        Order memory o = _usual(false);
        amount = bound(amount, 1 << 80, type(uint128).max);
        vm.deal(buyer, amount);
        bytes memory data = _call(o, seller);
        _refuse(o, buyer, 0, data, abi.encodeWithSelector(ISimpleOrders.BadAmount.selector, 0));
        _refuse(o, buyer, amount, data, abi.encodeWithSelector(ISimpleOrders.BadAmount.selector, amount));
        vm.deal(buyer, 1 << 80);
        _refuse(o, buyer, 1 << 80, data, abi.encodeWithSelector(ISimpleOrders.BadAmount.selector, uint256(1 << 80)));
        o.amount = (1 << 80) - 1;
        _open(o);
        _assertAt(o, At.PAID_IN);
    }

    function _refuseWindows(Order memory o) private {
        bytes memory err =
            abi.encodeWithSelector(ISimpleOrders.BadWindows.selector, o.commitmentWindow, o.claimWindow, o.delay);
        _refuse(o, buyer, 1 ether, _call(o, seller), err);
    }

    function testFuzz_createEscrow_revertsWhenAWindowIsOutOfRange(uint256 window, bool timed) public {
        window = bound(window, 365 days + 1, type(uint256).max);
        Order memory o = _usual(timed);
        o.commitmentWindow = window;
        _refuseWindows(o);
        o = _usual(timed);
        o.claimWindow = window;
        _refuseWindows(o);
        o = _usual(timed);
        o.claimWindow = 0;
        _refuseWindows(o);
        o = _usual(true);
        o.delay = window;
        _refuseWindows(o);
    }

    function testFuzz_createEscrow_revertsWhenTheDelayDoesNotFit(Order memory o, uint256 delay) public {
        _fit(o);
        o.amount = 1 ether;
        // timed without a delay
        (o.timed, o.delay) = (true, 0);
        _refuseWindows(o);
        // a delay beyond the claim window
        o.delay = bound(delay, o.claimWindow + 1, type(uint256).max);
        _refuseWindows(o);
        // a delay where nothing is timed
        (o.timed, o.delay) = (false, bound(delay, 1, type(uint256).max));
        _refuseWindows(o);
    }

    function test_createEscrow_takesTheLargestAndTheSmallestWindows() public {
        Order memory o = Order(keccak256("large"), 1, START, 365 days, 365 days, 365 days, true);
        _open(o);
        _assertAt(o, At.PAID_IN);
        o = Order(keccak256("small"), 1, START, 0, 1, 1, true);
        _open(o);
        _assertAt(o, At.PAID_IN);
        o = Order(keccak256("smaller"), 1, START, 0, 1, 0, false);
        _open(o);
        _deposit(o);
        _assertAt(o, At.DEPOSITED);
    }
}
