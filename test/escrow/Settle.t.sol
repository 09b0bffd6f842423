// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITermsOrders, Split} from "../../contracts/interfaces/ITermsOrders.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import "../../contracts/libraries/Terms.sol" as T;
import {State} from "../../contracts/libraries/Terms.sol";
import {Wallet} from "../actors/Wallet.sol";
import {EndsTest} from "./EndsTest.sol";

contract SettleTest is EndsTest {
    using OrderTermsLib for OrderTerms;

    /// @dev Who agrees, and how.
    enum How {
        NO,
        CALLS,
        SIGNS
    }

    /// @dev The states that can be settled in.
    function _open(uint256 which) private pure returns (State) {
        return [T.BUYER_COMMITTED, T.BOTH_COMMITTED, T.FULFILLED, T.DISPUTED][which % 4];
    }

    function _evidence(State state) private pure returns (bytes32) {
        return state == T.FULFILLED || state == T.DISPUTED ? EVIDENCE : bytes32(0);
    }

    function _settle(OrderTerms memory o, Split memory s, How byBuyer, How bySeller, bytes32 evidence) private {
        uint256 deadline = vm.getBlockTimestamp();
        bytes32 id = _id(o);
        bytes memory buyerAuth = byBuyer == How.SIGNS ? _signSettlement(buyerKey, id, s, deadline) : bytes("");
        bytes memory sellerAuth = bySeller == How.SIGNS ? _signSettlement(sellerKey, id, s, deadline) : bytes("");
        vm.prank(byBuyer == How.CALLS ? o.buyer : bySeller == How.CALLS ? o.seller : relayer);
        escrow.settle(o.pack(), s, deadline, buyerAuth, sellerAuth, evidence);
    }

    function _bondIn(OrderTerms memory o, State state) private pure returns (uint256) {
        return state == T.BUYER_COMMITTED ? 0 : o.counterAmount;
    }

    function _stakeIn(OrderTerms memory o, State state) private pure returns (uint256) {
        return state == T.DISPUTED ? _stake(o) : 0;
    }

    /// @dev What a split that both signed does: it is paid as it stands.
    function _model(OrderTerms memory o, State state, Split memory s) private pure returns (Payout memory p) {
        p.outcome = T.SETTLED;
        p.evidence = _evidence(state);
        (p.toBuyer, p.toSeller) = (s.toBuyer, s.toSeller);
        (p.bondToBuyer, p.bondToSeller) = (s.bondToBuyer, _bondIn(o, state) - s.bondToBuyer);
        (p.disputeToBuyer, p.disputeToSeller) = (_stakeIn(o, state) - s.disputeToSeller, s.disputeToSeller);
        p.fee = s.noFee ? 0 : _share(s.toSeller, o.feeBps);
        // everything to the seller, the stake too, is the acceptance that loses a dispute: the arbiter is paid first
        if (state == T.DISPUTED && s.toBuyer + s.bondToBuyer + p.disputeToBuyer == 0 && !s.noFee) {
            p.arbiterFee = _share(o.amount, o.arbiterFeeBps);
            p.disputeToSeller = _stake(o) - p.arbiterFee;
        }
        p.state = s.toSeller == 0 ? T.EXPIRED : s.toBuyer == 0 ? T.BOTH_CLAIMED : T.RESOLVED;
    }

    function _varied(uint256 seed) private view returns (OrderTerms memory) {
        return _varyDispute(_varyBond(_vary(_arbitrated(), seed), seed), seed);
    }

    // ------------------------------------------------------------------------------------------------- both

    function testFuzz_settle_bothMaySplitAnything(uint256 seed, uint256 which, uint256 a, uint256 b, uint256 c)
        external
    {
        OrderTerms memory o = _varied(seed);
        State state = _open(which);
        _reach(o, state);
        Split memory s;
        s.toBuyer = bound(a, 0, o.amount);
        s.toSeller = o.amount - s.toBuyer;
        s.bondToBuyer = bound(b, 0, _bondIn(o, state));
        s.disputeToSeller = bound(c, 0, _stakeIn(o, state));
        s.noFee = _pick(seed, "noFee", 0, 1) == 1;
        // called by one and signed by the other, or signed by both
        uint256 how = _pick(seed, "how", 0, 2);
        _mark(o);
        _settle(o, s, how == 0 ? How.CALLS : How.SIGNS, how == 1 ? How.CALLS : How.SIGNS, _evidence(state));
        _check(o, _model(o, state, s));
        assertEq(_balance(o.token, address(escrow)), 0);
        assertEq(_balance(o.counterToken, address(escrow)), 0);
    }

    /// @dev What of a split rounds to nothing for the buyer is an acceptance, whatever was meant.
    function test_settle_bothGiveTheSellerEverything() external {
        for (uint256 seed; seed < 16; ++seed) {
            uint256 snapshot = vm.snapshotState();
            this.testFuzz_settle_bothMaySplitAnything(seed, 3, 0, 0, type(uint256).max);
            vm.revertToState(snapshot);
        }
    }

    /// @dev After releases the split is of what is left, and the receipt over all.
    function testFuzz_settle_bothSplitWhatVouchersLeft(uint256 seed, uint256 released, uint256 a, bool noFee) external {
        OrderTerms memory o = _vary(_partial(), seed);
        ++o.amount;
        _both(o);
        released = bound(released, 1, o.amount - 1);
        vm.prank(buyer);
        escrow.release(o.pack(), released, "");
        uint256 left = o.amount - released;
        Split memory s = Split(bound(a, 0, left), 0, 0, 0, noFee);
        s.toSeller = left - s.toBuyer;
        _mark(o);
        _settle(o, s, How.SIGNS, How.SIGNS, 0);
        Payout memory p = _model(o, T.BOTH_COMMITTED, s);
        p.released = released;
        p.feeBefore = _share(released, o.feeBps);
        p.fee = noFee ? 0 : _share(released + s.toSeller, o.feeBps) - p.feeBefore;
        p.state = s.toBuyer == 0 ? T.BOTH_CLAIMED : T.RESOLVED;
        _check(o, p);
    }

    /// @dev A second signature under the very split that one may grant alone changes nothing but what it names.
    function testFuzz_settle_anAddedSignatureWaivesNoFee(uint256 seed, uint256 which) external {
        OrderTerms memory o = _varied(seed);
        State state = _open(which);
        _reach(o, state);
        Split memory s = Split(0, o.amount, 0, _stakeIn(o, state), false);
        uint256 snapshot = vm.snapshotState();
        _mark(o);
        _settle(o, s, How.SIGNS, How.NO, _evidence(state));
        _check(o, _model(o, state, s));
        vm.revertToState(snapshot);
        _mark(o);
        _settle(o, s, How.SIGNS, How.SIGNS, _evidence(state));
        _check(o, _model(o, state, s));
    }

    /// @dev What both signed before a dispute splits the payment as they meant it and takes nothing of a stake that came
    /// after it.
    function testFuzz_settle_signedBeforeADisputeLeavesTheStake(uint256 seed, uint256 a) external {
        OrderTerms memory o = _varied(seed);
        bytes32 id = _reach(o, T.FULFILLED);
        Split memory s = Split(bound(a, 0, o.amount), 0, 0, 0, false);
        s.toSeller = o.amount - s.toBuyer;
        uint256 deadline = vm.getBlockTimestamp() + 1 days;
        bytes memory byBuyer = _signSettlement(buyerKey, id, s, deadline);
        bytes memory bySeller = _signSettlement(sellerKey, id, s, deadline);
        _dispute(o);
        _mark(o);
        vm.prank(thief);
        escrow.settle(o.pack(), s, deadline, byBuyer, bySeller, EVIDENCE);
        Payout memory p = _model(o, T.DISPUTED, s);
        assertEq(p.disputeToBuyer, _stake(o));
        _check(o, p);
    }

    /// @dev Nor is an acceptance that says nothing of the stake good in a dispute by itself.
    function test_settle_anAcceptanceFromBeforeADisputeIsNone() external {
        OrderTerms memory o = _arbitrated();
        bytes32 id = _reach(o, T.FULFILLED);
        Split memory s = Split(0, o.amount, 0, 0, false);
        uint256 deadline = vm.getBlockTimestamp() + 1 days;
        bytes memory byBuyer = _signSettlement(buyerKey, id, s, deadline);
        _dispute(o);
        vm.prank(thief);
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.SplitNotGranted.selector, buyer));
        escrow.settle(o.pack(), s, deadline, byBuyer, "", EVIDENCE);
    }

    /// @dev Where there is no stake to name, it stays good.
    function test_settle_anAcceptanceFromBeforeADisputeWithoutStakeStaysGood() external {
        OrderTerms memory o = _arbitrated();
        (o.disputeBondBps, o.arbiterFeeBps) = (0, 0);
        bytes32 id = _reach(o, T.FULFILLED);
        Split memory s = Split(0, o.amount, 0, 0, false);
        uint256 deadline = vm.getBlockTimestamp() + 1 days;
        bytes memory byBuyer = _signSettlement(buyerKey, id, s, deadline);
        _dispute(o);
        _mark(o);
        vm.prank(relayer);
        escrow.settle(o.pack(), s, deadline, byBuyer, "", EVIDENCE);
        _check(o, _model(o, T.DISPUTED, s));
    }

    // ------------------------------------------------------------------------------------------------- buyer alone

    /// Shows R-326, R-353.
    function testFuzz_settle_theBuyerAloneAccepts(uint256 seed, uint256 which, bool signs) external {
        OrderTerms memory o = _varied(seed);
        State state = _open(which);
        _reach(o, state);
        Split memory s = Split(0, o.amount, 0, _stakeIn(o, state), false);
        _mark(o);
        _settle(o, s, signs ? How.SIGNS : How.CALLS, How.NO, _evidence(state));
        _check(o, _model(o, state, s));
        assertEq(_balance(o.token, address(escrow)), 0);
    }

    function testFuzz_settle_theBuyerAloneGivesAllOrNothing(uint256 seed, uint256 which, uint256 a, bool signs)
        external
    {
        OrderTerms memory o = _varied(seed);
        State state = _open(which);
        _reach(o, state);
        Split[4] memory refused;
        a = bound(a, 1, o.amount);
        uint256 stake = _stakeIn(o, state);
        refused[0] = Split(a, o.amount - a, 0, stake, false);
        refused[1] = Split(0, o.amount, _bondIn(o, state), stake, false);
        refused[2] = Split(0, o.amount, 0, stake == 0 ? 0 : stake - 1, false);
        refused[3] = Split(0, o.amount, 0, stake, true);
        for (uint256 i; i < 4; ++i) {
            if (i == 1 && refused[1].bondToBuyer == 0) continue;
            if (i == 2 && stake == 0) continue;
            vm.expectRevert(abi.encodeWithSelector(ITermsOrders.SplitNotGranted.selector, buyer));
            _settle(o, refused[i], signs ? How.SIGNS : How.CALLS, How.NO, _evidence(state));
        }
    }

    // ------------------------------------------------------------------------------------------------- seller alone

    function testFuzz_settle_theSellerAloneGivesTheDefaultOrBetter(
        uint256 seed,
        uint256 which,
        uint256 bond,
        bool signs
    ) external {
        OrderTerms memory o = _varied(seed);
        State state = _open(which);
        _reach(o, state);
        uint256 least = state == T.BUYER_COMMITTED ? 0 : _share(o.counterAmount, o.slashBps);
        Split memory s = Split(o.amount, 0, bound(bond, least, _bondIn(o, state)), 0, false);
        _mark(o);
        _settle(o, s, How.NO, signs ? How.SIGNS : How.CALLS, _evidence(state));
        _check(o, _model(o, state, s));
        assertEq(_balance(o.token, address(escrow)), 0);
    }

    function testFuzz_settle_theSellerAloneTakesNothing(uint256 seed, uint256 which, uint256 a, bool signs) external {
        OrderTerms memory o = _varied(seed);
        State state = _open(which);
        _reach(o, state);
        a = bound(a, 1, o.amount);
        uint256 slash = state == T.BUYER_COMMITTED ? 0 : _share(o.counterAmount, o.slashBps);
        uint256 stake = _stakeIn(o, state);
        Split[4] memory refused;
        refused[0] = Split(o.amount - a, a, slash, 0, false);
        refused[1] = Split(o.amount, 0, slash == 0 ? 0 : slash - 1, 0, false);
        refused[2] = Split(o.amount, 0, slash, stake == 0 ? 0 : 1, false);
        refused[3] = Split(o.amount, 0, slash, 0, true);
        for (uint256 i; i < 4; ++i) {
            if (i == 1 && slash == 0) continue;
            if (i == 2 && stake == 0) continue;
            vm.expectRevert(abi.encodeWithSelector(ITermsOrders.SplitNotGranted.selector, seller));
            _settle(o, refused[i], How.NO, signs ? How.SIGNS : How.CALLS, _evidence(state));
        }
    }

    /// @dev Where nobody could have proven delivery, a seller who withdraws owes no slash.
    function test_settle_theSellerAloneOwesNoSlashWhereTheVerifierIsRevoked() external {
        _activate(DELIVERY, 4, true);
        OrderTerms memory o = _bonded();
        (o.policy, o.verifier, o.deliveryCircuit, o.deliveryVersion) = (T.ZK_PROOF, address(0), DELIVERY, 1);
        _both(o);
        Split memory s = Split(PRICE, 0, 0, 0, false);
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.SplitNotGranted.selector, seller));
        _settle(o, s, How.NO, How.CALLS, 0);
        _revoke(DELIVERY);
        _mark(o);
        _settle(o, s, How.NO, How.CALLS, 0);
        _check(o, _model(o, T.BOTH_COMMITTED, s));
    }

    /// @dev The seller gives back what vouchers left; what they released stays his.
    function test_settle_theSellerAloneEndsAMeteredOrder() external {
        OrderTerms memory o = _withFee(_partial());
        _both(o);
        vm.prank(buyer);
        escrow.release(o.pack(), 30e6, "");
        Split memory s = Split(70e6, 0, 0, 0, false);
        Payout memory p = _model(o, T.BOTH_COMMITTED, s);
        (p.state, p.released, p.feeBefore) = (T.RESOLVED, 30e6, 0.3e6);
        _mark(o);
        _settle(o, s, How.NO, How.CALLS, 0);
        _check(o, p);
    }

    // ------------------------------------------------------------------------------------------------- any order

    /// @dev A timed order, in which nobody but these two can stop the release.
    function testFuzz_settle_anyTime(uint256 wait) external {
        OrderTerms memory o = _timed();
        _both(o);
        vm.warp(START + bound(wait, 0, 1_000 days));
        _mark(o);
        Split memory s = Split(PRICE, 0, 0, 0, false);
        _settle(o, s, How.NO, How.CALLS, 0);
        _check(o, _model(o, T.BOTH_COMMITTED, s));
    }

    function testFuzz_settle_ofASwapBeforeTheExchange(bool byBuyer) external {
        OrderTerms memory o = _swapped();
        _create(o);
        Split memory s = byBuyer ? Split(0, PRICE, 0, 0, false) : Split(PRICE, 0, 0, 0, false);
        _mark(o);
        _settle(o, s, byBuyer ? How.CALLS : How.NO, byBuyer ? How.NO : How.CALLS, 0);
        _check(o, _model(o, T.BUYER_COMMITTED, s));
    }

    function test_settle_afterADisputeWithoutEvidence() external {
        OrderTerms memory o = _timedArbitrated();
        bytes32 id = _both(o);
        vm.warp(o.deliverBy + 1);
        _dispute(o);
        Split memory s = Split(60e6, 40e6, 0, 1e6, false);
        _refuseEvidence(id);
        _settle(o, s, How.SIGNS, How.SIGNS, EVIDENCE);
        _mark(o);
        _settle(o, s, How.SIGNS, How.SIGNS, 0);
        Payout memory p = _model(o, T.DISPUTED, s);
        p.evidence = 0;
        _check(o, p);
    }

    // ------------------------------------------------------------------------------------------------- signatures

    function testFuzz_settle_revertsWhenNeitherAgrees(address caller) external {
        OrderTerms memory o = _arbitrated();
        _reach(o, T.BOTH_COMMITTED);
        vm.assume(caller != buyer && caller != seller);
        _refuseCaller(caller, buyer);
        vm.prank(caller);
        escrow.settle(o.pack(), Split(0, PRICE, 0, 0, false), START, "", "", 0);
    }

    /// @dev A signature counts for its own order, split, deadline and chain only, and a wrong one is never a mere no.
    function testFuzz_settle_revertsForAnyOtherSignature(uint256 key, bytes32 other, uint256 a, bool asSeller)
        external
    {
        OrderTerms memory o = _arbitrated();
        bytes32 id = _both(o);
        key = boundPrivateKey(key);
        uint256 signer = asSeller ? sellerKey : buyerKey;
        vm.assume(key != signer && other != id);
        Split memory s = asSeller ? Split(PRICE, 0, 0, 0, false) : Split(0, PRICE, 0, 0, false);
        Split memory another = Split(bound(a, 1, PRICE - 1), 0, 0, 0, false);
        another.toSeller = PRICE - another.toBuyer;
        bytes[6] memory wrong;
        wrong[0] = _signSettlement(key, id, s, START);
        wrong[1] = _signSettlement(signer, other, s, START);
        wrong[2] = _signSettlement(signer, id, another, START);
        wrong[3] = _signSettlement(signer, id, s, START + 1);
        wrong[4] = _signSettlement(signer, id, Split(s.toBuyer, s.toSeller, 0, 0, true), START);
        vm.chainId(8453);
        wrong[5] = _signSettlement(signer, id, s, START);
        vm.chainId(31_337);
        for (uint256 i; i < 6; ++i) {
            _refuseSigner(asSeller ? seller : buyer);
            // the other party's agreement does not heal it
            vm.prank(asSeller ? buyer : seller);
            escrow.settle(o.pack(), s, START, asSeller ? bytes("") : wrong[i], asSeller ? wrong[i] : bytes(""), 0);
        }
    }

    function test_settle_asksAContractWallet() external {
        Wallet wallet = new Wallet(buyer);
        _fund(address(wallet));
        OrderTerms memory o = _plain();
        o.buyer = address(wallet);
        _both(o);
        Split memory s = Split(0, PRICE, 0, 0, false);
        _mark(o);
        _settle(o, s, How.SIGNS, How.NO, 0);
        _check(o, _model(o, T.BOTH_COMMITTED, s));
    }

    function test_settle_endsAtItsDeadline() external {
        OrderTerms memory o = _plain();
        bytes32 id = _both(o);
        Split memory s = Split(0, PRICE, 0, 0, false);
        bytes memory word = _signSettlement(buyerKey, id, s, START + 5);
        vm.warp(START + 6);
        _refuseLate(START + 5);
        escrow.settle(o.pack(), s, START + 5, word, "", 0);
        vm.warp(START + 5);
        escrow.settle(o.pack(), s, START + 5, word, "", 0);
        _assertState(id, T.BOTH_CLAIMED);
        _refuseState(id, T.BOTH_CLAIMED);
        escrow.settle(o.pack(), s, START + 5, word, "", 0);
    }

    // ------------------------------------------------------------------------------------------------- refusals

    function testFuzz_settle_revertsUnlessTheSplitSumsUp(uint256 which, uint128 a, uint128 b, uint128 c, uint128 d)
        external
    {
        OrderTerms memory o = _bonded();
        State state = _open(which);
        _reach(o, state);
        Split memory s = Split(a, b, c, d, false);
        (uint256 bond, uint256 stake) = (_bondIn(o, state), _stakeIn(o, state));
        vm.assume(uint256(a) + b != PRICE || c > bond || d > stake);
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.SplitMismatch.selector, PRICE, bond, stake));
        _settle(o, s, How.SIGNS, How.SIGNS, _evidence(state));
    }

    function test_settle_revertsForOneUnitOfABondTooMuch() external {
        OrderTerms memory o = _bonded();
        _reach(o, T.DISPUTED);
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.SplitMismatch.selector, PRICE, PRICE, 5e6));
        _settle(o, Split(PRICE, 0, PRICE + 1, 5e6, false), How.SIGNS, How.SIGNS, EVIDENCE);
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.SplitMismatch.selector, PRICE, PRICE, 5e6));
        _settle(o, Split(PRICE, 0, PRICE, 5e6 + 1, false), How.SIGNS, How.SIGNS, EVIDENCE);
    }

    function testFuzz_settle_revertsForOtherEvidence(uint256 which, bytes32 evidence) external {
        OrderTerms memory o = _arbitrated();
        State state = _open(which);
        bytes32 id = _reach(o, state);
        vm.assume(evidence != _evidence(state));
        _refuseEvidence(id);
        _settle(o, Split(0, PRICE, 0, 0, false), How.CALLS, How.NO, evidence);
    }

    function test_settle_revertsInEveryOtherState() external {
        State[4] memory states = [T.NONE, T.BOTH_CLAIMED, T.EXPIRED, T.RESOLVED];
        for (uint256 i; i < 4; ++i) {
            vm.warp(START + 100 days * i);
            OrderTerms memory o = _arbitrated();
            bytes32 id = _reach(o, states[i]);
            _refuseState(id, states[i]);
            _settle(o, Split(0, PRICE, 0, 0, false), How.SIGNS, How.SIGNS, 0);
        }
    }
}
