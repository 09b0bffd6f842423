// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITermsOrders, Split} from "../../contracts/interfaces/ITermsOrders.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import "../../contracts/libraries/Terms.sol" as T;
import {Wallet} from "../actors/Wallet.sol";
import {EndsTest} from "./EndsTest.sol";

contract ReleaseTest is EndsTest {
    using OrderTermsLib for OrderTerms;

    /// @dev Anyone presents the buyer's voucher.
    function _release(OrderTerms memory o, uint256 cumulative) private {
        bytes memory voucher = _signVoucher(buyerKey, _id(o), cumulative);
        vm.prank(relayer);
        escrow.release(o.pack(), cumulative, voucher);
    }

    function _refuseRange(uint256 cumulative, uint256 released, uint256 amount) private {
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.VoucherOutOfRange.selector, cumulative, released, amount));
    }

    function _word(bytes32 id) private view returns (uint256) {
        return escrow.slot(id) & ((1 << 200) - 1);
    }

    /// @dev Any rising row of vouchers: after each the seller has cumulative less floor(cumulative's fee), exactly.
    function testFuzz_release_paysTheDifferenceExactly(uint256 seed, uint96[6] memory steps) external {
        OrderTerms memory o = _vary(_partial(), seed);
        o.amount += 7;
        bytes32 id = _both(o);
        uint256 sellerBefore = _balance(o.token, seller);
        uint256 released;
        for (uint256 i; i < 6 && released < o.amount - 1; ++i) {
            released = bound(steps[i], released + 1, o.amount - 1);
            vm.expectEmit(address(escrow));
            emit ITermsOrders.Released(id, released);
            _release(o, released);
            uint256 fee = _share(released, o.feeBps);
            assertEq(_balance(o.token, seller) - sellerBefore, released - fee);
            assertEq(_balance(o.token, feeReceiver), fee);
            assertEq(_balance(o.token, address(escrow)), o.amount - released);
            assertEq(escrow.slot(id), uint256(3) << 248 | released);
        }
        _mark(o);
        _release(o, o.amount);
        Payout memory p = _allToSeller(o, T.RELEASED, 0);
        p.released = released;
        p.toSeller = o.amount - released;
        p.feeBefore = _share(released, o.feeBps);
        p.fee = _share(o.amount, o.feeBps) - p.feeBefore;
        _check(o, p);
        assertEq(_balance(o.token, feeReceiver), _share(o.amount, o.feeBps));
    }

    function testFuzz_release_atOnceEndsTheOrder(uint256 seed) external {
        OrderTerms memory o = _vary(_partial(), seed);
        _both(o);
        _mark(o);
        _release(o, o.amount);
        _check(o, _allToSeller(o, T.RELEASED, 0));
    }

    function testFuzz_release_needsNoSignatureOfABuyerWhoCalls(uint256 cumulative, bytes calldata nonsense) external {
        OrderTerms memory o = _partial();
        bytes32 id = _both(o);
        cumulative = bound(cumulative, 1, PRICE - 1);
        vm.prank(buyer);
        escrow.release(o.pack(), cumulative, nonsense);
        assertEq(_word(id), cumulative);
    }

    function testFuzz_release_revertsForAnyOtherVoucher(uint256 key, uint256 cumulative, bytes32 other) external {
        OrderTerms memory o = _partial();
        bytes32 id = _both(o);
        key = boundPrivateKey(key);
        cumulative = bound(cumulative, 1, PRICE);
        vm.assume(key != buyerKey && other != id && cumulative != 5);
        bytes[4] memory vouchers = [
            _signVoucher(key, id, cumulative),
            _signVoucher(buyerKey, other, cumulative),
            _signVoucher(buyerKey, id, 5),
            bytes("")
        ];
        for (uint256 i; i < 4; ++i) {
            _refuseSigner(buyer);
            escrow.release(o.pack(), cumulative, vouchers[i]);
        }
    }

    function test_release_takesTheVoucherOfAContractWallet() external {
        Wallet wallet = new Wallet(buyer);
        _fund(address(wallet));
        OrderTerms memory o = _partial();
        o.buyer = address(wallet);
        bytes32 id = _both(o);
        _release(o, 40e6);
        assertEq(_word(id), 40e6);
        wallet.setRefusing(true);
        bytes memory voucher = _signVoucher(buyerKey, id, 41e6);
        _refuseSigner(address(wallet));
        escrow.release(o.pack(), 41e6, voucher);
    }

    function testFuzz_release_onlyRises(uint256 first, uint256 second) external {
        OrderTerms memory o = _partial();
        _both(o);
        first = bound(first, 1, PRICE - 1);
        second = bound(second, 0, first);
        _release(o, first);
        _refuseRange(second, first, PRICE);
        _release(o, second);
        _refuseRange(first, first, PRICE);
        _release(o, first);
    }

    function testFuzz_release_neverExceedsTheAmount(uint256 cumulative) external {
        OrderTerms memory o = _partial();
        _both(o);
        cumulative = bound(cumulative, PRICE + 1, type(uint256).max);
        _refuseRange(cumulative, 0, PRICE);
        _release(o, cumulative);
        _refuseRange(0, 0, PRICE);
        _release(o, 0);
    }

    function test_release_countsUntilTheRefundOpens() external {
        OrderTerms memory o = _partial();
        bytes32 id = _both(o);
        uint256 end = o.deliverBy + o.reviewWindow;
        vm.warp(end);
        _release(o, 1);
        _refuseEarly(end + 1);
        escrow.refund(o.pack());
        vm.warp(end + 1);
        _refuseLate(end);
        _release(o, 2);
        _refuseLate(end);
        vm.prank(buyer);
        escrow.release(o.pack(), 2, "");
        escrow.refund(o.pack());
        _assertState(id, T.RESOLVED);
    }

    function test_release_revertsWithoutThePolicy() external {
        OrderTerms[3] memory all = [_plain(), _timed(), _bonded()];
        for (uint256 i; i < 3; ++i) {
            all[i].salt = bytes32(i);
            _both(all[i]);
            _refusePolicy(T.PARTIAL);
            _release(all[i], 1);
        }
    }

    function test_release_revertsInEveryOtherState() external {
        OrderTerms memory o = _partial();
        bytes32 id = _id(o);
        _refuseState(id, T.NONE);
        _release(o, 1);
        _create(o);
        _refuseState(id, T.BUYER_COMMITTED);
        _release(o, 1);
        _commit(o);
        uint256 snapshot = vm.snapshotState();
        _release(o, PRICE);
        _refuseState(id, T.BOTH_CLAIMED);
        _release(o, PRICE);
        vm.revertToState(snapshot);
        vm.prank(seller);
        escrow.settle(o.pack(), Split(PRICE, 0, 0, 0, false), START, "", "", 0);
        _refuseState(id, T.EXPIRED);
        _release(o, 1);
        vm.revertToState(snapshot);
        _release(o, 1);
        vm.prank(seller);
        escrow.settle(o.pack(), Split(PRICE - 1, 0, 0, 0, false), START, "", "", 0);
        _refuseState(id, T.RESOLVED);
        _release(o, 2);
        _refuseState(_reach(_arbitrated(), T.FULFILLED), T.FULFILLED);
        _release(_arbitrated(), 1);
    }
}
