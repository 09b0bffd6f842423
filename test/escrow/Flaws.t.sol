// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ICoreProverEscrow} from "../../contracts/interfaces/ICoreProverEscrow.sol";
import {HopFault, IHashedTimelock} from "../../contracts/interfaces/IHashedTimelock.sol";
import {Lock, LockTerms, Locks} from "../../contracts/libraries/Locks.sol";
import {IReceiptVault, OwnershipProof} from "../../contracts/interfaces/IReceiptVault.sol";
import {ISimpleOrders} from "../../contracts/interfaces/ISimpleOrders.sol";
import {ITermsOrders, Ruling, Split} from "../../contracts/interfaces/ITermsOrders.sol";
import {ITreasury, Source} from "../../contracts/interfaces/ITreasury.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {Receipt as OrderReceipt} from "../../contracts/libraries/Receipt.sol";
import "../../contracts/libraries/Terms.sol" as T;
import {Terms} from "../../contracts/libraries/Terms.sol";
import {Fault} from "../../contracts/libraries/TermsRules.sol";
import {HungryPayee} from "../actors/Payees.sol";
import {SimpleTest} from "./simple/SimpleTest.sol";
import {Built} from "../Built.sol";

/// @title Keeps books when it is paid, which takes more gas than `transfer` gives
contract BookkeepingPayee {
    uint256 public received;
    uint256 public payments;

    receive() external payable {
        received += msg.value;
        payments++;
    }
}

/// @title A delivery verifier that accepts proofs which begin with 42, and nothing else
contract PickyVerifier {
    function verifyProof(uint256[2] calldata a, uint256[2][2] calldata, uint256[2] calldata, uint256[4] calldata)
        external
        pure
        returns (bool)
    {
        return a[0] == 42;
    }
}

/// @title What was unsound in the documents' contract cannot happen here
/// @notice One section for each of the nine flaws.
contract FlawsTest is SimpleTest {
    using OrderTermsLib for OrderTerms;

    function _settleCall(Split memory s, OrderTerms memory o) private view returns (bytes memory) {
        return abi.encodeCall(ITermsOrders.settle, (o.pack(), s, vm.getBlockTimestamp(), "", "", 0));
    }

    // ------------------------------------------------------------------------------------------------- 1

    /// @dev A deposit is an exchange and says so; no order of calls locks anything.
    function testFuzz_flaw1_aDepositLocksNothingInAnyOrder(Order memory o, bool sellerFirst) public {
        _fit(o);
        (uint256 buyerHad, uint256 sellerHad) = (buyer.balance, seller.balance);
        _reach(o, sellerFirst ? At.SELLER_TOOK : At.BUYER_TOOK);
        if (sellerFirst) _takeCounter(o);
        else _claim(o);
        assertEq(buyer.balance, buyerHad);
        assertEq(seller.balance, sellerHad);
        assertEq(address(escrow).balance, 0);
    }

    /// @dev A bond is a bond: an honest seller gets it back, and the price.
    /// Shows R-508.
    function testFuzz_flaw1_aBondComesBackToAnHonestSeller(uint96 amount, uint96 bond) public {
        OrderTerms memory o = _bonded();
        o.amount = uint96(bound(amount, 1, 1_000_000e6));
        o.counterToken = address(eur);
        o.counterAmount = uint96(bound(bond, 1, 1_000_000e6));
        (uint256 usdHad, uint256 eurHad) = (usd.balanceOf(seller), eur.balanceOf(seller));
        uint256 buyerHad = usd.balanceOf(buyer);
        _both(o);
        _fulfil(o, keccak256("tracking"));
        vm.warp(vm.getBlockTimestamp() + o.reviewWindow);
        escrow.claim(o.pack(), keccak256("tracking"));
        assertEq(usd.balanceOf(seller), usdHad + o.amount);
        assertEq(eur.balanceOf(seller), eurHad);
        assertEq(usd.balanceOf(buyer), buyerHad - o.amount, "the buyer paid, once");
    }

    // ------------------------------------------------------------------------------------------------- 2

    /// @dev Until delivery is overdue, nothing that the buyer can do alone gives him a unit of the bond.
    function testFuzz_flaw2_theBuyerCannotTakeABondFromAnHonestSeller(uint256 bondToBuyer, uint256 time) public {
        OrderTerms memory o = _bonded();
        bytes32 id = _both(o);
        vm.warp(bound(time, vm.getBlockTimestamp(), o.deliverBy));
        Split memory s;
        s.toSeller = o.amount;
        s.bondToBuyer = bound(bondToBuyer, 1, o.counterAmount);
        assertFalse(_open(buyer, _settleCall(s, o)), "settle");
        (s.toBuyer, s.toSeller) = (s.toSeller, 0);
        assertFalse(_open(buyer, _settleCall(s, o)), "settle for himself");
        assertFalse(_open(buyer, abi.encodeCall(ITermsOrders.refund, (o.pack()))), "refund");
        assertFalse(_open(buyer, abi.encodeCall(ITermsOrders.resolveBySilence, (o.pack(), 0))), "silence");
        assertFalse(
            _open(
                buyer,
                abi.encodeCall(ITermsOrders.dispute, (o.pack(), 0, vm.getBlockTimestamp(), "", Source.CALLER, ""))
            ),
            "dispute"
        );
        _assertState(id, T.BOTH_COMMITTED);
    }

    /// @dev Nor after the evidence, unless the arbiter says so.
    function test_flaw2_aBondAfterEvidenceIsTheArbitersToGive() public {
        OrderTerms memory o = _bonded();
        _both(o);
        _fulfil(o, keccak256("tracking"));
        _dispute(o);
        Ruling memory r = Ruling(o.amount, 0, 50e6);
        bytes memory data = abi.encodeCall(ITermsOrders.resolve, (o.pack(), r, keccak256("tracking")));
        assertFalse(_open(buyer, data));
        assertTrue(_open(arbiter, data));
        r.bondToBuyer = 50e6 + 1;
        data = abi.encodeCall(ITermsOrders.resolve, (o.pack(), r, keccak256("tracking")));
        assertFalse(_open(arbiter, data), "no more than slashBps");
    }

    // ------------------------------------------------------------------------------------------------- 3

    function _squat(Order memory o, address seller_, uint256 amount) private {
        vm.deal(thief, amount);
        vm.prank(thief);
        escrow.createEscrow{value: amount}(o.id, seller_, o.commitmentWindow, o.claimWindow, o.timed, o.delay);
    }

    /// @dev A thief takes the id first, for 1 wei and in the automatic seller's name.
    function testFuzz_flaw3_aSquattedIdStealsNoDeposit(Order memory o, uint256 bait) public {
        _fit(o);
        o.amount = bound(o.amount, 2, type(uint80).max);
        bait = bound(bait, 1, o.amount - 1);
        _squat(o, seller, bait);
        (uint256 buyerHad, uint256 sellerHad) = (buyer.balance, seller.balance);
        // the buyer's own call fails and keeps his money
        bytes memory create = abi.encodeCall(
            ICoreProverEscrow.createEscrow, (o.id, seller, o.commitmentWindow, o.claimWindow, o.timed, o.delay)
        );
        vm.prank(buyer);
        (bool done, bytes memory answer) = address(escrow).call{value: o.amount}(create);
        assertFalse(done);
        assertEq(answer, _wrongState(o.id, 1));
        // a seller that deposits what the negotiation says, without looking
        vm.prank(seller);
        vm.expectRevert(_wrongValue(bait, o.amount));
        escrow.sellerCommitEscrow{value: o.amount}(o.id);
        assertEq(buyer.balance, buyerHad);
        assertEq(seller.balance, sellerHad);
        // the buyer takes another id
        o.id = keccak256(abi.encode(o.id));
        _open(o);
        _assertAt(o, At.PAID_IN);
    }

    /// @dev The seller's signature names buyer and amount, so the thief's order cannot use it.
    function testFuzz_flaw3_aSquattedIdStealsNoSignature(Order memory o, uint256 bait) public {
        _fit(o);
        _squat(o, seller, bound(bait, 1, type(uint80).max));
        bytes memory signature = _signSimple(sellerKey, o);
        vm.prank(thief);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.BadSignature.selector, seller));
        escrow.sellerCommitSignature(o.id, signature, NAME, LICENSE, DOCUMENT);
    }

    /// @dev All that a squatter can do in the end is get his own money back.
    function testFuzz_flaw3_aSquatterGetsHisOwnBack(Order memory o) public {
        _fit(o);
        _squat(o, seller, 1);
        vm.warp(_commitBy(o) + 1);
        escrow.refundBuyerTimeout(o.id);
        assertEq(thief.balance, 1);
        assertEq(address(escrow).balance, 0);
    }

    /// @dev Whoever pays a terms order in pays the very order of these parties.
    function test_flaw3_termsOrdersCannotBeSquatted() public {
        OrderTerms memory o = _plain();
        bytes32 id = escrow.orderIdOf(o.pack());
        // a thief's order with any other fact is another order
        OrderTerms memory bait = _plain();
        bait.buyer = thief;
        bait.amount = 1;
        usd.mint(thief, 2 * uint256(PRICE));
        vm.startPrank(thief);
        usd.approve(address(escrow), type(uint256).max);
        bytes32 baitId = escrow.create(bait.pack(), Source.CALLER, 0, "");
        assertNotEq(baitId, id);
        assertEq(escrow.slot(id), 0);
        // the same facts: he has paid the buyer's bill
        uint256 had = usd.balanceOf(buyer);
        escrow.create(o.pack(), Source.CALLER, 0, "");
        vm.stopPrank();
        vm.prank(buyer);
        Split memory s;
        s.toSeller = PRICE;
        escrow.settle(o.pack(), s, vm.getBlockTimestamp(), "", "", 0);
        _assertState(id, T.BOTH_CLAIMED);
        assertEq(usd.balanceOf(buyer), had);
    }

    /// @dev A simple order under the raw id of terms does not stand in their way, nor they in its.
    function testFuzz_flaw3_aSimpleIdNeverStandsForTerms(Order memory o) public {
        OrderTerms memory terms = _plain();
        bytes32 id = escrow.orderIdOf(terms.pack());
        o = _usual(false);
        o.id = id;
        _squat(o, seller, 1);
        assertEq(escrow.slot(id), 0);
        assertEq(escrow.slot(escrow.simpleKey(id)), 0);
        assertEq(_create(terms), id);
        _assertState(id, T.BUYER_COMMITTED);
        assertEq(_ten(id).buyerAmount, 1, "and is a thing of its own");
    }

    // ------------------------------------------------------------------------------------------------- 4

    /// @dev Commit and run needs the seller's own signature, and a terms order does not pay for a commitment.
    function testFuzz_flaw4_noCommitmentWithoutARealSignature(Order memory o, bytes calldata mock) public {
        _fit(o);
        _open(o);
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.BadSignature.selector, seller));
        escrow.sellerCommitSignature(o.id, mock, NAME, LICENSE, DOCUMENT);
        vm.prank(seller);
        vm.expectRevert(_wrongState(o.id, 1));
        escrow.sellerClaimPayment(o.id);
    }

    /// Shows R-029, R-342, R-345, R-353.
    function testFuzz_flaw4_aCommitmentPaysNothing(bytes32 evidence, uint8 which, uint256 time) public {
        OrderTerms memory o = _plain();
        which = which % 5;
        if (which == 1) o = _timed();
        if (which == 2) o = _arbitrated();
        if (which == 3) o = _attested();
        if (which == 4) o = _partial();
        bytes32 id = _both(o);
        uint256 end = o.timedRelease == 0 ? type(uint40).max : o.timedRelease - 1;
        vm.warp(bound(time, vm.getBlockTimestamp(), end));
        assertFalse(_open(seller, abi.encodeCall(ITermsOrders.claim, (o.pack(), evidence))), "claim");
        assertFalse(_open(seller, abi.encodeCall(ITermsOrders.release, (o.pack(), o.amount, ""))), "release");
        assertFalse(
            _open(seller, abi.encodeCall(ITermsOrders.fulfilAttested, (o.pack(), evidence, o.fundBy, ""))), "attest"
        );
        Split memory s;
        s.toSeller = o.amount;
        assertFalse(_open(seller, _settleCall(s, o)), "settle");
        _assertState(id, T.BOTH_COMMITTED);
    }

    // ------------------------------------------------------------------------------------------------- 5

    /// @dev After every deadline anybody can finish a simple order, whatever its state.
    function testFuzz_flaw5_nothingIsLockedAfterTheLastDeadline(Order memory o, uint8 where, uint256 time) public {
        _fit(o);
        At place = At(bound(where, 1, 5));
        _reach(o, place);
        vm.warp(bound(time, _claimBy(o) + 1, type(uint40).max));
        bytes[4] memory verbs = [_claimCall(o.id), _counterCall(o.id), _releaseCall(o.id), _refundCall(o.id)];
        for (uint256 i; i < 4; ++i) {
            vm.prank(relayer);
            (bool done,) = address(escrow).call(verbs[i]);
            done;
        }
        assertEq(address(escrow).balance, 0);
        uint8 state = _ten(o.id).state;
        assertTrue(state == 6 || state == 8, "ended");
    }

    /// @dev A commitment without delivery gives the buyer his money back, and a part of the bond.
    /// Shows R-099, R-345.
    function testFuzz_flaw5_aSellerWhoDoesNotDeliverPaysBack(uint256 time) public {
        OrderTerms memory o = _bonded();
        (uint256 buyerHad, uint256 sellerHad) = (usd.balanceOf(buyer), usd.balanceOf(seller));
        bytes32 id = _both(o);
        vm.warp(bound(time, uint256(o.deliverBy) + o.reviewWindow + 1, type(uint40).max));
        vm.prank(relayer);
        escrow.refund(o.pack());
        _assertState(id, T.EXPIRED);
        assertEq(usd.balanceOf(buyer), buyerHad + PRICE / 2);
        assertEq(usd.balanceOf(seller), sellerHad - PRICE / 2);
        assertEq(usd.balanceOf(address(escrow)), 0);
    }

    // ------------------------------------------------------------------------------------------------- 6

    function testFuzz_flaw6_aTimedReleaseNeverTouchesADeposit(Order memory o, uint256 time) public {
        o.timed = true;
        _fit(o);
        _reach(o, At.DEPOSITED);
        vm.warp(bound(time, o.start, type(uint40).max));
        vm.prank(relayer);
        vm.expectRevert(_wrongState(o.id, 3));
        escrow.triggerTimedRelease(o.id);
        assertEq(address(escrow).balance, 2 * o.amount);
    }

    function testFuzz_flaw6_noWindowIsUnbounded(uint256 window) public {
        window = bound(window, 365 days + 1, type(uint256).max);
        vm.startPrank(buyer);
        vm.expectRevert(abi.encodeWithSelector(ISimpleOrders.BadWindows.selector, window, 1, 0));
        escrow.createEscrow{value: 1}("a", seller, window, 1, false, 0);
        vm.expectRevert(abi.encodeWithSelector(ISimpleOrders.BadWindows.selector, 1, window, 0));
        escrow.createEscrow{value: 1}("a", seller, 1, window, false, 0);
        vm.expectRevert(abi.encodeWithSelector(ISimpleOrders.BadWindows.selector, 1, 365 days, window));
        escrow.createEscrow{value: 1}("a", seller, 1, 365 days, true, window);
        OrderTerms memory o = _plain();
        o.deliverBy = uint40(bound(window, vm.getBlockTimestamp() + 365 days + 1, type(uint40).max));
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.InvalidTerms.selector, Fault.TOO_FAR_AHEAD));
        escrow.create(o.pack(), Source.CALLER, 0, "");
        vm.stopPrank();
    }

    function testFuzz_flaw6_aContractWalletIsPaid(Order memory o) public {
        _fit(o);
        BookkeepingPayee payee = new BookkeepingPayee();
        seller = address(payee);
        vm.deal(seller, o.amount);
        _reach(o, At.DEPOSITED);
        _claim(o);
        assertEq(payee.received(), o.amount);
        assertEq(payee.payments(), 1);
        assertEq(escrow.owed(address(0), seller), 0);
    }

    function test_flaw6_aWalletThatNeedsEvenMoreGasIsCredited() public {
        Order memory o = _usual(false);
        HungryPayee payee = new HungryPayee();
        seller = address(payee);
        vm.deal(seller, o.amount);
        _reach(o, At.DEPOSITED);
        _claim(o);
        assertEq(escrow.owed(address(0), seller), o.amount);
        escrow.withdraw(address(0), seller);
        assertEq(payee.received(), o.amount);
    }

    // ------------------------------------------------------------------------------------------------- 7

    function testFuzz_flaw7_nobodyElseMintsReceipts(address by, OrderReceipt memory r) public {
        vm.assume(by != address(escrow) && by != address(vm));
        vm.startPrank(by);
        vm.expectRevert(abi.encodeWithSelector(IReceiptVault.NotMinter.selector, by));
        vault.issue(r);
        vm.expectRevert(abi.encodeWithSelector(IReceiptVault.NotMinter.selector, by));
        vault.issueSimple(r.orderId, r.buyer, r.seller, r.paid);
        vm.stopPrank();
        assertFalse(vault.verifySimple(r));
    }

    /// Shows R-513.
    function testFuzz_flaw7_everyPaymentLeavesAReceiptAndNoRefundDoes(Order memory o, bool paid) public {
        o.timed = false;
        _fit(o);
        _reach(o, At.SIGNED);
        if (paid) {
            _claim(o);
        } else {
            vm.warp(_claimBy(o) + 1);
            escrow.refundBuyerTimeout(o.id);
        }
        assertEq(vault.verifySimple(_simpleReceipt(o)), paid);
    }

    function testFuzz_flaw7_aProofIsProven(uint256[8] memory proof, bytes32 evidence) public {
        vm.assume(proof[0] != 42);
        bytes32 circuit = keccak256("delivery circuit");
        address impl = address(new PickyVerifier());
        registry.propose(circuit, 1, impl, keccak256("key"), keccak256("ceremony"), 4, false, true);
        vm.warp(vm.getBlockTimestamp() + 2 days);
        OrderTerms memory o = _plain();
        o.policy = T.ZK_PROOF;
        o.deliveryCircuit = circuit;
        o.deliveryVersion = 1;
        bytes32 id = _both(o);
        Terms memory t = o.pack();
        uint256 time = vm.getBlockTimestamp();
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.BadProof.selector));
        escrow.fulfilProven(t, evidence, time, proof);
        _assertState(id, T.BOTH_COMMITTED);
        for (uint256 i; i < 8; ++i) {
            proof[i] = 1;
        }
        proof[0] = 42;
        escrow.fulfilProven(t, evidence, time, proof);
        _assertState(id, T.BOTH_CLAIMED);
    }

    function testFuzz_flaw7_noBytesProveOwnership(bytes calldata garbage, OwnershipProof memory p) public {
        Order memory o = _usual(false);
        _reach(o, At.SIGNED);
        uint256 receiptId = _claim(o);
        bytes memory proof = abi.encode(_plain().pack(), _simpleReceipt(o), p);
        assertFalse(vault.verifyBuyerOwnership(receiptId, proof));
        assertFalse(vault.verifyBuyerOwnership(receiptId, garbage));
    }

    // ------------------------------------------------------------------------------------------------- 8

    /// @dev A token, a fee, a session and a dispute, in one order.
    /// Shows R-516.
    function test_flaw8_tokenFeeSessionAndDispute() public {
        OrderTerms memory o = _withFee(_arbitrated());
        (uint256 buyerHad, uint256 sellerHad) = (usd.balanceOf(buyer), usd.balanceOf(seller));
        bytes32 id = _both(o);
        _fulfil(o, keccak256("evidence"));
        _dispute(o);
        vm.prank(arbiter);
        escrow.resolve(o.pack(), Ruling(40e6, 60e6, 0), keccak256("evidence"));
        _assertState(id, T.RESOLVED);
        // the buyer lost: of his stake of 5, 3 pay the arbiter and 2 go to the seller; the fee is 1 % of 60
        assertEq(usd.balanceOf(buyer), buyerHad - PRICE - 5e6 + 40e6);
        assertEq(usd.balanceOf(seller), sellerHad + 60e6 - 0.6e6 + 2e6);
        assertEq(usd.balanceOf(arbiter), 3e6);
        assertEq(usd.balanceOf(feeReceiver), 0.6e6);
        assertEq(usd.balanceOf(address(escrow)), 0);
        OrderReceipt memory r = _termsReceipt(o, id);
        assertTrue(vault.verify(o.pack(), r));
        r.sessionId = keccak256("another session");
        assertFalse(vault.verify(o.pack(), r));
    }

    function _termsReceipt(OrderTerms memory o, bytes32 id) private view returns (OrderReceipt memory r) {
        r.chainId = block.chainid;
        r.minter = address(escrow);
        r.orderId = id;
        r.buyer = buyer;
        r.seller = seller;
        r.sessionId = o.sessionId;
        r.offerHash = o.offerHash;
        r.token = o.token;
        r.paid = 60e6;
        r.refunded = 40e6;
        r.fee = 0.6e6;
        r.outcome = T.RULED;
        r.settledAt = vm.getBlockTimestamp();
        r.evidence = keccak256("evidence");
    }

    // ------------------------------------------------------------------------------------------------- 9

    function _htlc() private returns (IHashedTimelock) {
        return IHashedTimelock(Built.deploy("HashedTimelock", abi.encode(permit2)));
    }

    function _lockTerms(bytes32 hashlock, address from, address to, uint256 timelock)
        private
        view
        returns (LockTerms memory l)
    {
        l.sender = from;
        l.receiver = to;
        l.timelock = uint48(timelock);
        l.lockDeadline = uint48(START + 10 minutes);
        l.amount = 1 ether;
        l.hashlock = hashlock;
    }

    function test_flaw9_theHashOfNothingLocksNothing() public {
        IHashedTimelock htlc = _htlc();
        bytes32 nothing = sha256("");
        Lock memory lock = Locks.pack(_lockTerms(nothing, buyer, seller, START + 2 hours));
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(IHashedTimelock.BadHashlock.selector, nothing));
        htlc.lock{value: 1 ether}(lock);
    }

    /// @dev Whoever sent a leg needs time to claim the other with what its claim shows: 30 seconds are not enough.
    /// Shows R-082.
    function test_flaw9_thirtySecondsBetweenHopsAreNoSafeHop() public {
        IHashedTimelock htlc = _htlc();
        bytes32 hashlock = sha256(abi.encode(keccak256("secret")));
        Lock memory incoming = Locks.pack(_lockTerms(hashlock, buyer, relayer, START + 2 hours + 30));
        Lock memory outgoing = Locks.pack(_lockTerms(hashlock, relayer, seller, START + 2 hours));
        vm.prank(buyer);
        htlc.lock{value: 1 ether}(incoming);
        vm.prank(relayer);
        htlc.lock{value: 1 ether}(outgoing);
        assertEq(uint8(htlc.checkHop(incoming, outgoing, 1 hours)), uint8(HopFault.DELTA));
        assertEq(uint8(htlc.checkHop(incoming, outgoing, 31)), uint8(HopFault.DELTA));
        assertEq(uint8(htlc.checkHop(incoming, outgoing, 30)), uint8(HopFault.NONE));
    }

    /// @dev An HTLC's claim is evidence of a secret only; an order does not take it for delivery.
    function testFuzz_flaw9_aSecretIsNoEvidenceOfDelivery(bytes32 secret) public {
        OrderTerms memory o = _attested();
        bytes32 id = _both(o);
        Terms memory t = o.pack();
        uint256 time = vm.getBlockTimestamp();
        bytes32 hashlock = sha256(abi.encode(secret));
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.BadSignature.selector, attester));
        escrow.fulfilAttested(t, hashlock, time, abi.encode(secret));
        _assertState(id, T.BOTH_COMMITTED);
    }
}
