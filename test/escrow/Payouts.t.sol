// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {CollectProof, Ruling, Split} from "../../contracts/interfaces/ITermsOrders.sol";
import {ITreasury, Source} from "../../contracts/interfaces/ITreasury.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {Terms} from "../../contracts/libraries/Terms.sol";
import {GasBurningPayee, HungryPayee, ReenteringPayee, ReturnBombPayee, RevertingPayee} from "../actors/Payees.sol";
import {BlockToken} from "../tokens/BlockToken.sol";
import {FalseToken} from "../tokens/FalseToken.sol";
import {OneWayToken} from "../tokens/OneWayToken.sol";
import {ReenterToken} from "../tokens/ReenterToken.sol";
import {SilentToken} from "../tokens/SilentToken.sol";
import {TestUSD} from "../tokens/TestUSD.sol";
import {EndsTest} from "./EndsTest.sol";

/// @notice A token as a test stocks it; not every token answers.
interface IStock {
    function mint(address to, uint256 value) external;
    function approve(address spender, uint256 value) external;
}

/// @notice Takes the chain's coin only with the whole of what a payout forwards, stipend included.
contract ExactPayee {
    receive() external payable {
        require(gasleft() > 102_000, "less gas than promised");
    }
}

/// @notice Moves only with the whole of what a payout forwards.
contract ExactToken is TestUSD {
    function transfer(address to, uint256 value) public override returns (bool) {
        require(gasleft() > 99_000, "less gas than promised");
        return super.transfer(to, value);
    }
}

/// @notice Whoever cannot or will not be paid gets a credit, and nobody else notices.
contract PayoutsTest is EndsTest {
    using OrderTermsLib for OrderTerms;

    /// @dev Every verb that pays.
    enum Verb {
        CLAIM,
        TIMED_CLAIM,
        ATTESTED,
        REFUND_UNCOMMITTED,
        REFUND,
        RELEASE,
        LAST_RELEASE,
        RESOLVE_WON,
        RESOLVE_LOST,
        SILENCE,
        ACCEPT,
        WITHDRAW_SALE,
        SWAP
    }

    uint256 private constant VERBS = 13;

    // ------------------------------------------------------------------------------------------------- the verbs

    function _order(Verb verb, address token, address[4] memory who) private view returns (OrderTerms memory o) {
        if (verb == Verb.TIMED_CLAIM) o = _timed();
        else if (verb == Verb.ATTESTED) o = _attested();
        else if (verb == Verb.RELEASE || verb == Verb.LAST_RELEASE) o = _partial();
        else if (verb == Verb.SWAP) o = _swapped();
        else o = _arbitrated();
        (o.buyer, o.seller, o.token) = (who[0], who[1], token);
        o.feeReceiver = who[2];
        (o.feeBps, o.maxFeeBps) = (100, 100);
        if (o.arbiter != address(0)) o.arbiter = who[3];
        if (verb == Verb.RELEASE || verb == Verb.LAST_RELEASE) return o;
        (o.counterToken, o.counterAmount) = (token, 40e6);
        if (o.arbiter != address(0)) o.slashBps = 5_000;
    }

    /// @dev Everything up to the paying call.
    function _prepare(Verb verb, OrderTerms memory o) private {
        _create(o);
        if (verb == Verb.REFUND_UNCOMMITTED) vm.warp(o.commitBy + 1);
        if (verb == Verb.REFUND_UNCOMMITTED || verb == Verb.SWAP) return;
        _commit(o);
        if (verb == Verb.TIMED_CLAIM) vm.warp(o.timedRelease);
        if (verb == Verb.REFUND) vm.warp(o.deliverBy + o.reviewWindow + 1);
        if (verb == Verb.CLAIM || uint8(verb) >= uint8(Verb.RESOLVE_WON)) _fulfil(o, EVIDENCE);
        if (verb == Verb.CLAIM) vm.warp(START + o.reviewWindow);
        if (uint8(verb) >= uint8(Verb.RESOLVE_WON)) _dispute(o);
        if (verb == Verb.SILENCE) vm.warp(START + o.disputeWindow);
    }

    function _pay(Verb verb, OrderTerms memory o) private {
        Terms memory t = o.pack();
        if (verb == Verb.CLAIM) {
            escrow.claim(t, EVIDENCE);
        } else if (verb == Verb.TIMED_CLAIM) {
            escrow.claim(t, 0);
        } else if (verb == Verb.ATTESTED) {
            escrow.fulfilAttested(t, EVIDENCE, START, _signDelivery(attesterKey, _id(o), EVIDENCE, START));
        } else if (verb == Verb.REFUND_UNCOMMITTED || verb == Verb.REFUND) {
            escrow.refund(t);
        } else if (verb == Verb.RELEASE || verb == Verb.LAST_RELEASE) {
            vm.prank(o.buyer);
            escrow.release(t, verb == Verb.RELEASE ? 30e6 : PRICE, "");
        } else if (verb == Verb.RESOLVE_WON || verb == Verb.RESOLVE_LOST) {
            uint256 toBuyer = verb == Verb.RESOLVE_WON ? 70e6 : 20e6;
            vm.prank(o.arbiter);
            escrow.resolve(t, Ruling(toBuyer, PRICE - toBuyer, 10e6), EVIDENCE);
        } else if (verb == Verb.SILENCE) {
            escrow.resolveBySilence(t, EVIDENCE);
        } else if (verb == Verb.ACCEPT) {
            vm.prank(o.buyer);
            escrow.settle(t, Split(0, PRICE, 0, 5e6, false), START, "", "", EVIDENCE);
        } else if (verb == Verb.WITHDRAW_SALE) {
            vm.prank(o.seller);
            escrow.settle(t, Split(PRICE, 0, 20e6, 0, false), START, "", "", EVIDENCE);
        } else {
            _commit(o);
        }
    }

    /// @dev What each role gets in all, in money or as credit, when nobody is hostile.
    function _honest(Verb verb) private returns (uint256[4] memory paid) {
        uint256 snapshot = vm.snapshotState();
        address[4] memory who = [buyer, seller, feeReceiver, arbiter];
        OrderTerms memory o = _order(verb, address(0), who);
        _prepare(verb, o);
        paid = _gains(verb, o, who);
        for (uint256 i; i < 4; ++i) {
            assertEq(escrow.owed(address(0), who[i]), 0);
        }
        vm.revertToState(snapshot);
        vm.warp(START);
    }

    function _gains(Verb verb, OrderTerms memory o, address[4] memory who) private returns (uint256[4] memory gains) {
        for (uint256 i; i < 4; ++i) {
            gains[i] = _balance(o.token, who[i]);
        }
        // a swap's leg comes in the same call
        if (verb == Verb.SWAP) gains[1] -= o.counterAmount;
        _pay(verb, o);
        for (uint256 i; i < 4; ++i) {
            gains[i] = _balance(o.token, who[i]) - gains[i];
        }
    }

    // ------------------------------------------------------------------------------------------------- the coin

    function _hostile(uint256 kind) private returns (address payee) {
        if (kind == 0) payee = address(new RevertingPayee());
        else if (kind == 1) payee = address(new GasBurningPayee());
        else if (kind == 2) payee = address(new HungryPayee());
        else if (kind == 3) payee = address(new ReturnBombPayee());
        else payee = address(new ReenteringPayee());
        vm.deal(payee, 10 ether);
    }

    /// @dev Every hostile payee in every role of every verb: he has his money or his credit, the others have theirs.
    function _checkHostile(uint256 kind) private {
        for (uint256 v; v < VERBS; ++v) {
            uint256[4] memory honest = _honest(Verb(v));
            for (uint256 role; role < 4; ++role) {
                uint256 snapshot = vm.snapshotState();
                address[4] memory who = [buyer, seller, feeReceiver, arbiter];
                who[role] = _hostile(kind);
                OrderTerms memory o = _order(Verb(v), address(0), who);
                _prepare(Verb(v), o);
                uint256[4] memory gains = _gains(Verb(v), o, who);
                uint256 left = Verb(v) == Verb.RELEASE ? PRICE - 30e6 : 0;
                for (uint256 i; i < 4; ++i) {
                    uint256 credit = escrow.owed(address(0), who[i]);
                    assertEq(gains[i] + credit, honest[i], "paid or credited");
                    if (i != role) assertEq(credit, 0, "others are paid");
                    if (i == role && kind < 3) assertEq(gains[i], 0, "refused");
                    left += credit;
                }
                assertEq(address(escrow).balance, left, "escrow");
                vm.revertToState(snapshot);
                vm.warp(START);
            }
        }
    }

    function test_payouts_creditARevertingPayee() external {
        _checkHostile(0);
    }

    function test_payouts_creditAGasBurningPayee() external {
        _checkHostile(1);
    }

    function test_payouts_creditAPayeeThatNeedsTooMuchGas() external {
        _checkHostile(2);
    }

    function test_payouts_areNotHurtByAReturnBomb() external {
        _checkHostile(3);
    }

    function test_payouts_payAPayeeThatDoesNothing() external {
        _checkHostile(4);
    }

    function test_payouts_boundTheGasThatAPayeeBurns() external {
        OrderTerms memory o =
            _order(Verb.CLAIM, address(0), [buyer, address(new GasBurningPayee()), feeReceiver, arbiter]);
        vm.deal(o.seller, 1 ether);
        _prepare(Verb.CLAIM, o);
        uint256 before = gasleft();
        escrow.claim(o.pack(), EVIDENCE);
        assertLt(before - gasleft(), 300_000);
    }

    // ------------------------------------------------------------------------------------------------- credits

    function test_withdraw_paysLaterWhoeverCalls() external {
        RevertingPayee payee = new RevertingPayee();
        vm.deal(address(payee), 1 ether);
        OrderTerms memory o = _order(Verb.TIMED_CLAIM, address(0), [buyer, address(payee), feeReceiver, arbiter]);
        _prepare(Verb.TIMED_CLAIM, o);
        vm.expectEmit(address(escrow));
        emit ITreasury.Owed(address(0), address(payee), 139e6);
        _pay(Verb.TIMED_CLAIM, o);
        vm.expectRevert();
        escrow.withdraw(address(0), address(payee));
        assertEq(escrow.owed(address(0), address(payee)), 139e6);
        payee.setRefusing(false);
        uint256 before = address(payee).balance;
        vm.expectEmit(address(escrow));
        emit ITreasury.Withdrawn(address(0), address(payee), address(payee), 139e6);
        vm.prank(thief);
        assertEq(escrow.withdraw(address(0), address(payee)), 139e6);
        assertEq(address(payee).balance - before, 139e6);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.NothingOwed.selector, address(0), address(payee)));
        escrow.withdraw(address(0), address(payee));
    }

    function test_withdraw_givesAHungryPayeeAllGas() external {
        HungryPayee payee = new HungryPayee();
        vm.deal(address(payee), 1 ether);
        OrderTerms memory o = _order(Verb.TIMED_CLAIM, address(0), [buyer, address(payee), feeReceiver, arbiter]);
        _prepare(Verb.TIMED_CLAIM, o);
        _pay(Verb.TIMED_CLAIM, o);
        assertEq(escrow.withdraw(address(0), address(payee)), 139e6);
        assertEq(payee.received(), 139e6);
    }

    function testFuzz_withdrawTo_isForThePartyOnly(address caller, address to) external {
        RevertingPayee payee = new RevertingPayee();
        vm.deal(address(payee), 1 ether);
        OrderTerms memory o = _order(Verb.TIMED_CLAIM, address(0), [buyer, address(payee), feeReceiver, arbiter]);
        _prepare(Verb.TIMED_CLAIM, o);
        _pay(Verb.TIMED_CLAIM, o);
        vm.assume(caller != address(payee));
        vm.assume(to != address(0) && to != address(escrow));
        vm.expectRevert(abi.encodeWithSelector(ITreasury.NothingOwed.selector, address(0), caller));
        vm.prank(caller);
        escrow.withdrawTo(address(0), to);
        address[2] memory wrong = [address(0), address(escrow)];
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ITreasury.BadRecipient.selector, wrong[i]));
            vm.prank(address(payee));
            escrow.withdrawTo(address(0), wrong[i]);
        }
        uint256 before = thief.balance;
        vm.prank(address(payee));
        assertEq(escrow.withdrawTo(address(0), thief), 139e6);
        assertEq(thief.balance - before, 139e6);
    }

    // ------------------------------------------------------------------------------------------------- tokens

    function _stock(address token, address[4] memory who) private {
        for (uint256 i; i < 2; ++i) {
            IStock(token).mint(who[i], 1_000e6);
            vm.prank(who[i]);
            IStock(token).approve(address(escrow), type(uint256).max);
        }
    }

    /// @dev A token that blocks one party, in every role of every verb; the credit is paid when it lets go.
    function test_payouts_creditABlockedParty() external {
        address[4] memory who = [buyer, seller, feeReceiver, arbiter];
        for (uint256 v; v < VERBS; ++v) {
            uint256[4] memory honest = _honest(Verb(v));
            for (uint256 role; role < 4; ++role) {
                // a blocked account cannot bring a leg in the call that pays
                if (Verb(v) == Verb.SWAP && role == 1) continue;
                uint256 snapshot = vm.snapshotState();
                BlockToken token = new BlockToken();
                _stock(address(token), who);
                OrderTerms memory o = _order(Verb(v), address(token), who);
                _prepare(Verb(v), o);
                token.setBlocked(who[role], true);
                uint256[4] memory gains = _gains(Verb(v), o, who);
                for (uint256 i; i < 4; ++i) {
                    assertEq(gains[i], i == role ? 0 : honest[i], "others are paid");
                    assertEq(escrow.owed(address(token), who[i]), i == role ? honest[i] : 0, "credit");
                }
                if (honest[role] != 0) {
                    vm.expectRevert();
                    escrow.withdraw(address(token), who[role]);
                    vm.prank(who[role]);
                    escrow.withdrawTo(address(token), makeAddr("safe"));
                    assertEq(token.balanceOf(makeAddr("safe")), honest[role]);
                }
                vm.revertToState(snapshot);
                vm.warp(START);
            }
        }
    }

    /// @dev A token that answers false, one that cannot pay certain accounts, a paused one: credits, paid later.
    function test_payouts_creditEverybodyWhenTheTokenFails() external {
        address[4] memory who = [buyer, seller, feeReceiver, arbiter];
        for (uint256 v; v < VERBS - 1; ++v) {
            uint256[4] memory honest = _honest(Verb(v));
            uint256 snapshot = vm.snapshotState();
            FalseToken token = new FalseToken();
            token.setFailing(false);
            _stock(address(token), who);
            OrderTerms memory o = _order(Verb(v), address(token), who);
            _prepare(Verb(v), o);
            token.setFailing(true);
            uint256[4] memory gains = _gains(Verb(v), o, who);
            token.setFailing(false);
            for (uint256 i; i < 4; ++i) {
                assertEq(gains[i], 0);
                assertEq(escrow.owed(address(token), who[i]), honest[i]);
                if (honest[i] != 0) assertEq(escrow.withdraw(address(token), who[i]), honest[i]);
            }
            assertEq(token.balanceOf(address(escrow)), Verb(v) == Verb.RELEASE ? PRICE - 30e6 : 0);
            vm.revertToState(snapshot);
            vm.warp(START);
        }
    }

    function test_payouts_creditAPartyThatMayPayButNotBePaid() external {
        OneWayToken token = new OneWayToken();
        address[4] memory who = [buyer, seller, feeReceiver, arbiter];
        token.setCannotReceive(seller, true);
        token.mint(buyer, 1_000e6);
        vm.prank(buyer);
        token.approve(address(escrow), 1_000e6);
        OrderTerms memory o = _order(Verb.TIMED_CLAIM, address(token), who);
        (o.counterToken, o.counterAmount) = (address(0), 0);
        _prepare(Verb.TIMED_CLAIM, o);
        _pay(Verb.TIMED_CLAIM, o);
        assertEq(escrow.owed(address(token), seller), 99e6);
        assertEq(token.balanceOf(feeReceiver), 1e6);
    }

    /// @dev A token whose transfers return nothing pays like any other, and one whose code is gone credits.
    function test_payouts_ofATokenThatReturnsNothing() external {
        address[4] memory who = [buyer, seller, feeReceiver, arbiter];
        for (uint256 v; v < VERBS; ++v) {
            uint256[4] memory honest = _honest(Verb(v));
            uint256 snapshot = vm.snapshotState();
            SilentToken token = new SilentToken();
            _stock(address(token), who);
            OrderTerms memory o = _order(Verb(v), address(token), who);
            _prepare(Verb(v), o);
            uint256[4] memory gains = _gains(Verb(v), o, who);
            for (uint256 i; i < 4; ++i) {
                assertEq(gains[i], honest[i]);
                assertEq(escrow.owed(address(token), who[i]), 0);
            }
            vm.revertToState(snapshot);
            vm.warp(START);
        }
        SilentToken gone = new SilentToken();
        _stock(address(gone), who);
        OrderTerms memory g = _order(Verb.TIMED_CLAIM, address(gone), who);
        _prepare(Verb.TIMED_CLAIM, g);
        vm.etch(address(gone), "");
        _pay(Verb.TIMED_CLAIM, g);
        assertEq(escrow.owed(address(gone), seller), 139e6);
    }

    // ------------------------------------------------------------------------------------------------- gas

    /// @dev At whatever gas the caller gives: all is paid, or all is undone. Nobody is credited for want of gas.
    function _checkGas(OrderTerms memory o, uint256 gas) private returns (bool done) {
        uint256 before = _balance(o.token, o.seller);
        uint256 slot = escrow.slot(_id(o));
        bytes memory answer;
        (done, answer) = address(escrow).call{gas: gas}(abi.encodeCall(escrow.claim, (o.pack(), 0)));
        if (done) {
            assertEq(_balance(o.token, o.seller) - before, 139e6, "paid");
        } else {
            assertEq(_balance(o.token, o.seller), before);
            assertEq(escrow.slot(_id(o)), slot);
            // its own error, or no gas even for that
            if (answer.length != 0) {
                assertEq(answer, abi.encodeWithSelector(ITreasury.NotEnoughGas.selector, 136_587));
            }
        }
        assertEq(escrow.owed(o.token, o.seller), 0, "nobody is credited for want of gas");
    }

    function _exact(bool inToken) private returns (OrderTerms memory o) {
        address[4] memory who = [buyer, address(new ExactPayee()), feeReceiver, arbiter];
        vm.deal(who[1], 1 ether);
        address token = address(0);
        if (inToken) {
            token = address(new ExactToken());
            _stock(token, who);
        }
        o = _order(Verb.TIMED_CLAIM, token, who);
        _prepare(Verb.TIMED_CLAIM, o);
    }

    function testFuzz_payouts_areWholeOrNotAtAll(uint256 gas, bool inToken) external {
        OrderTerms memory o = _exact(inToken);
        _checkGas(o, bound(gas, 20_000, 600_000));
    }

    /// @dev Finds the boundary: one unit of gas less and nothing happens, with its own error.
    function testFuzz_payouts_turnAtOneUnitOfGas(bool inToken) external {
        OrderTerms memory o = _exact(inToken);
        (uint256 lo, uint256 hi) = (20_000, 600_000);
        uint256 snapshot = vm.snapshotState();
        while (hi - lo > 1) {
            uint256 mid = (lo + hi) / 2;
            if (_checkGas(o, mid)) hi = mid;
            else lo = mid;
            vm.revertToState(snapshot);
        }
        (bool done, bytes memory answer) =
            address(escrow).call{gas: lo}(abi.encodeCall(escrow.claim, (o.pack(), bytes32(0))));
        assertFalse(done);
        assertEq(answer, abi.encodeWithSelector(ITreasury.NotEnoughGas.selector, 136_587));
        assertTrue(_checkGas(o, hi));
    }

    /// @dev The same where the payee burns all it gets: credited in full, or undone.
    function testFuzz_payouts_creditOrUndoAtAnyGas(uint256 gas) external {
        GasBurningPayee payee = new GasBurningPayee();
        vm.deal(address(payee), 1 ether);
        OrderTerms memory o = _order(Verb.TIMED_CLAIM, address(0), [buyer, address(payee), feeReceiver, arbiter]);
        bytes32 id = _id(o);
        _prepare(Verb.TIMED_CLAIM, o);
        uint256 slot = escrow.slot(id);
        (bool done,) =
            address(escrow).call{gas: bound(gas, 20_000, 600_000)}(abi.encodeCall(escrow.claim, (o.pack(), 0)));
        assertEq(escrow.owed(address(0), address(payee)), done ? 139e6 : 0);
        assertEq(feeReceiver.balance, done ? 1e6 : 0);
        if (!done) assertEq(escrow.slot(id), slot);
    }

    // ------------------------------------------------------------------------------------------------- re-entrancy

    /// @dev Every call that changes anything, as whoever is being paid would make it.
    function _calls(Terms memory t) private view returns (bytes[24] memory c) {
        CollectProof memory p;
        uint256[8] memory proof;
        c[0] = abi.encodeCall(escrow.create, (t, Source.CALLER, 0, ""));
        c[1] = abi.encodeCall(escrow.createWithCommitment, (t, Source.CALLER, 0, "", _commitment(), Source.CALLER, ""));
        c[2] = abi.encodeCall(escrow.commit, (t, _commitment(), Source.CALLER, ""));
        c[3] = abi.encodeCall(escrow.fulfil, (t, EVIDENCE));
        c[4] = abi.encodeCall(escrow.fulfilAttested, (t, EVIDENCE, 0, ""));
        c[5] = abi.encodeCall(escrow.fulfilProven, (t, EVIDENCE, 0, proof));
        c[6] = abi.encodeCall(escrow.claim, (t, EVIDENCE));
        c[7] = abi.encodeCall(escrow.release, (t, 1, ""));
        c[8] = abi.encodeCall(escrow.refund, (t));
        c[9] = abi.encodeCall(escrow.dispute, (t, 0, START * 2, "", Source.CALLER, ""));
        c[10] = abi.encodeCall(escrow.resolve, (t, Ruling(0, PRICE, 0), EVIDENCE));
        c[11] = abi.encodeCall(escrow.resolveBySilence, (t, EVIDENCE));
        c[12] = abi.encodeCall(escrow.settle, (t, Split(PRICE, 0, 0, 0, false), START * 2, "", "", 0));
        c[13] = abi.encodeCall(escrow.collectWithProof, (t, 0, address(0), p));
        c[14] = abi.encodeCall(escrow.collect, (t, 0, address(0)));
        c[15] = abi.encodeCall(escrow.withdraw, (address(0), thief));
        c[16] = abi.encodeCall(escrow.withdrawTo, (address(0), thief));
        c[17] = abi.encodeCall(escrow.createEscrow, (EVIDENCE, seller, 1, 1, false, 0));
        c[18] = abi.encodeCall(escrow.sellerCommitEscrow, (EVIDENCE));
        c[19] = abi.encodeCall(escrow.sellerCommitSignature, (EVIDENCE, "", "", "", 0));
        c[20] = abi.encodeCall(escrow.sellerClaimPayment, (EVIDENCE));
        c[21] = abi.encodeCall(escrow.buyerClaimCounterEscrow, (EVIDENCE));
        c[22] = abi.encodeCall(escrow.triggerTimedRelease, (EVIDENCE));
        c[23] = abi.encodeCall(escrow.refundBuyerTimeout, (EVIDENCE));
    }

    bytes private constant GUARDED =
        abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);

    function test_payouts_letNoPayeeReenterAnyVerb() external {
        ReenteringPayee payee = new ReenteringPayee();
        vm.deal(address(payee), 10 ether);
        OrderTerms memory other = _order(Verb.TIMED_CLAIM, address(0), [buyer, address(payee), feeReceiver, arbiter]);
        _create(other);
        _commit(other);
        bytes[24] memory calls = _calls(other.pack());
        for (uint256 v; v < VERBS; ++v) {
            for (uint256 c; c < 24; ++c) {
                uint256 snapshot = vm.snapshotState();
                address[4] memory who = [buyer, address(payee), feeReceiver, arbiter];
                // the side that this verb pays for sure
                if (Verb(v) == Verb.REFUND_UNCOMMITTED) (who[0], who[1]) = (address(payee), seller);
                OrderTerms memory o = _order(Verb(v), address(0), who);
                o.salt = bytes32(uint256(5));
                _prepare(Verb(v), o);
                payee.arm(address(escrow), calls[c]);
                _pay(Verb(v), o);
                assertGt(payee.attempts(), 0);
                assertEq(payee.successes(), 0);
                assertEq(payee.answer(), GUARDED);
                vm.revertToState(snapshot);
                vm.warp(START);
            }
        }
    }

    function test_payouts_letNoTokenReenterAnyVerbOnTheWayInOrOut() external {
        ReenterToken token = new ReenterToken();
        address[4] memory who = [buyer, seller, feeReceiver, arbiter];
        _stock(address(token), who);
        OrderTerms memory o = _order(Verb.TIMED_CLAIM, address(token), who);
        bytes[24] memory calls = _calls(o.pack());
        uint256 snapshot = vm.snapshotState();
        for (uint256 c; c < 24; ++c) {
            token.arm(address(escrow), calls[c]);
            _create(o);
            assertEq(token.attempts(), 1);
            assertEq(token.answer(), GUARDED);
            _commit(o);
            assertEq(token.attempts(), 2);
            assertEq(token.answer(), GUARDED);
            vm.warp(o.timedRelease);
            escrow.claim(o.pack(), 0);
            assertEq(token.attempts(), 4);
            assertEq(token.answer(), GUARDED);
            assertEq(token.successes(), 0);
            assertEq(token.balanceOf(feeReceiver), 1e6);
            vm.revertToState(snapshot);
            vm.warp(START);
        }
    }
}
