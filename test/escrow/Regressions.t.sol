// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITermsOrders, Ruling, Split} from "../../contracts/interfaces/ITermsOrders.sol";
import {Source} from "../../contracts/interfaces/ITreasury.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import "../../contracts/libraries/Terms.sol" as T;
import {GasBurningPayee} from "../actors/Payees.sol";
import {EndsTest} from "./EndsTest.sol";

interface IPayableToken {
    function approve(address to, uint256 id) external payable;
}

/// @notice Faults that were found and mended, each with the test that failed.
contract RegressionsTest is EndsTest {
    using OrderTermsLib for OrderTerms;

    /// @dev A ruling whose parts overflow is refused by a bare arithmetic panic, not by SplitMismatch.
    function test_regression_aRulingThatOverflowsIsRefusedByItsOwnError() external {
        OrderTerms memory o = _arbitrated();
        _reach(o, T.DISPUTED);
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.SplitMismatch.selector, PRICE, 0, 0));
        vm.prank(arbiter);
        escrow.resolve(o.pack(), Ruling(type(uint256).max, 1, 0), EVIDENCE);
    }

    /// @dev The same for a split.
    function test_regression_aSplitThatOverflowsIsRefusedByItsOwnError() external {
        OrderTerms memory o = _plain();
        _both(o);
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.SplitMismatch.selector, PRICE, 0, 0));
        vm.prank(buyer);
        escrow.settle(o.pack(), Split(type(uint256).max, 1, 0, 0, false), START, "", "", 0);
    }

    /// @dev A dispute whose deadline is "never", its stake by EIP-3009: validBefore = deadline + 1 panics.
    function test_regression_aDisputeWithoutDeadlineDoesNotPanic() external {
        OrderTerms memory o = _arbitrated();
        bytes32 id = _reach(o, T.FULFILLED);
        bytes memory word = _signDispute(buyerKey, id, 0, type(uint256).max);
        (, bytes memory answer) = address(escrow)
            .call(abi.encodeCall(escrow.dispute, (o.pack(), 0, type(uint256).max, word, Source.EIP3009, new bytes(65))));
        assertTrue(bytes4(answer) != bytes4(keccak256("Panic(uint256)")), "a panic is nobody's own error");
    }

    /// @dev `collect` reads the end's time of an order that has not ended out of its flags and clock, and names a
    /// second in the year 2106 where it should say that nothing is held.
    function test_regression_collectOfAnOpenShieldedOrderSaysThatNothingIsHeld() external {
        _activate(ZKB, 5, false);
        OrderTerms memory o = _plain();
        o.zkbVersion = 1;
        vm.prank(buyer);
        bytes32 id = escrow.create(o.pack(), Source.CALLER, bytes32(uint256(1)), "");
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.NothingHeld.selector, id, T.ROLE_BUYER, address(usd)));
        escrow.collect(o.pack(), T.ROLE_BUYER, address(usd));
    }

    /// @dev The vault says that it holds no money, but its inherited `approve` is payable and nothing gets coin out.
    function test_regression_theVaultTakesNoCoin() external {
        OrderTerms memory o = _plain();
        _both(o);
        _mark(o);
        vm.prank(buyer);
        escrow.settle(o.pack(), Split(0, PRICE, 0, 0, false), START, "", "", 0);
        _check(o, _allToSeller(o, T.SETTLED, 0));
        vm.startPrank(buyer);
        uint256 tokenId = vault.materialize(o.pack(), receipt);
        (bool taken,) = address(vault).call{value: 1 ether}(abi.encodeCall(IPayableToken.approve, (relayer, tokenId)));
        assertFalse(taken);
        assertEq(address(vault).balance, 0);
    }

    /// @dev At every gas at which a verb with a gas-burning payee is refused after its first check, it is refused by
    /// NotEnoughGas. Where this fails, the reserve leaves too little to write the credit: safe, but without a reason.
    function test_regression_aVerbOutOfGasAtAPayoutSaysSo() external {
        GasBurningPayee payee = new GasBurningPayee();
        vm.deal(address(payee), 1 ether);
        OrderTerms memory o = _timed();
        (o.token, o.seller) = (address(0), address(payee));
        _both(o);
        vm.warp(o.timedRelease);
        bytes memory data = abi.encodeCall(escrow.claim, (o.pack(), 0));
        uint256 snapshot = vm.snapshotState();
        (uint256 lo, uint256 hi) = (60_000, 600_000);
        while (hi - lo > 1) {
            uint256 mid = (lo + hi) / 2;
            (bool done,) = address(escrow).call{gas: mid}(data);
            if (done) hi = mid;
            else lo = mid;
            vm.revertToState(snapshot);
        }
        (, bytes memory answer) = address(escrow).call{gas: lo}(data);
        assertEq(answer, abi.encodeWithSignature("NotEnoughGas(uint256)", 136_587));
    }
}
