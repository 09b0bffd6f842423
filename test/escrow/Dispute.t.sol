// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITermsOrders} from "../../contracts/interfaces/ITermsOrders.sol";
import {ITreasury, Source} from "../../contracts/interfaces/ITreasury.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import "../../contracts/libraries/Terms.sol" as T;
import {State} from "../../contracts/libraries/Terms.sol";
import {Wallet} from "../actors/Wallet.sol";
import {TestUSD} from "../tokens/TestUSD.sol";
import {EndsTest} from "./EndsTest.sol";

contract DisputeTest is EndsTest {
    using OrderTermsLib for OrderTerms;

    bytes32 private constant REASON = keccak256("an empty box");

    function _expectDisputed(OrderTerms memory o, bool unfulfilled) private {
        vm.expectEmit(address(escrow));
        emit ITermsOrders.Disputed(_id(o), REASON, vm.getBlockTimestamp() + o.disputeWindow, unfulfilled);
    }

    function _contest(OrderTerms memory o, address caller, uint256 value) private {
        uint256 deadline = vm.getBlockTimestamp();
        vm.prank(caller);
        escrow.dispute{value: value}(o.pack(), REASON, deadline, "", Source.CALLER, "");
    }

    /// @dev The word of evidence stays; an order disputed without evidence carries flag 4 and none.
    function _checkDisputed(OrderTerms memory o, bool unfulfilled) private view {
        bytes32 id = _id(o);
        uint256 clock = vm.getBlockTimestamp() + o.disputeWindow;
        uint256 tail = unfulfilled ? uint256(4) << 240 : uint256(keccak256(abi.encode(id, EVIDENCE))) >> 56;
        assertEq(escrow.slot(id), uint256(7) << 248 | clock << 200 | tail);
    }

    // ------------------------------------------------------------------------------------------------- when

    function testFuzz_dispute_takesTheStakeInReview(uint256 seed, uint256 time) external {
        OrderTerms memory o = _varyDispute(_varyBond(_vary(_arbitrated(), seed), seed), seed);
        _reach(o, T.FULFILLED);
        vm.warp(bound(time, START, START + o.reviewWindow - 1));
        uint256 buyerBefore = _balance(o.token, buyer);
        uint256 escrowBefore = _balance(o.token, address(escrow));
        _expectDisputed(o, false);
        _contest(o, buyer, o.token == address(0) ? _stake(o) : 0);
        assertEq(buyerBefore - _balance(o.token, buyer), _stake(o));
        assertEq(_balance(o.token, address(escrow)) - escrowBefore, _stake(o));
        _checkDisputed(o, false);
    }

    function test_dispute_endsAtTheVerySecondOfTheClock() external {
        OrderTerms memory o = _arbitrated();
        bytes32 id = _reach(o, T.FULFILLED);
        vm.warp(START + o.reviewWindow);
        _refuseLate(START + o.reviewWindow - 1);
        _contest(o, buyer, 0);
        vm.warp(START + o.reviewWindow - 1);
        _contest(o, buyer, 0);
        _assertState(id, T.DISPUTED);
    }

    function testFuzz_dispute_ofATimedOrderWithoutEvidence(uint256 seed, uint256 time) external {
        OrderTerms memory o = _varyDispute(_varyBond(_vary(_timedArbitrated(), seed), seed), seed);
        _both(o);
        vm.warp(bound(time, o.deliverBy + 1, o.timedRelease - 1));
        uint256 before = _balance(o.token, address(escrow));
        _expectDisputed(o, true);
        _contest(o, buyer, o.token == address(0) ? _stake(o) : 0);
        assertEq(_balance(o.token, address(escrow)) - before, _stake(o));
        _checkDisputed(o, true);
    }

    function test_dispute_ofATimedOrderOpensAfterDeliverByAndEndsAtTheRelease() external {
        OrderTerms memory o = _timedArbitrated();
        bytes32 id = _both(o);
        vm.warp(o.deliverBy);
        _refuseEarly(o.deliverBy + 1);
        _contest(o, buyer, 0);
        vm.warp(o.timedRelease);
        _refuseLate(o.timedRelease - 1);
        _contest(o, buyer, 0);
        uint256 snapshot = vm.snapshotState();
        vm.warp(o.deliverBy + 1);
        _contest(o, buyer, 0);
        _assertState(id, T.DISPUTED);
        vm.revertToState(snapshot);
        vm.warp(o.timedRelease - 1);
        _refuseEarly(o.timedRelease);
        escrow.claim(o.pack(), 0);
        _contest(o, buyer, 0);
        _assertState(id, T.DISPUTED);
    }

    // ------------------------------------------------------------------------------------------------- who, by signature

    function testFuzz_dispute_revertsForAnybodyElse(address caller) external {
        vm.assume(caller != buyer);
        OrderTerms memory o = _arbitrated();
        _reach(o, T.FULFILLED);
        _refuseSigner(buyer);
        _contest(o, caller, 0);
    }

    /// @dev 0 EIP-3009, 1 Permit2, 2 EIP-2612: the stake's authorization of the buyer, bound to role 2 and deadline.
    function _stakeAuth(OrderTerms memory o, uint256 kind, uint256 deadline)
        private
        view
        returns (Source source, bytes memory auth)
    {
        bytes32 id = _id(o);
        if (kind == 0) {
            return (Source.EIP3009, _authorize(buyerKey, TestUSD(o.token), id, T.ROLE_DISPUTE, 0, _stake(o), deadline));
        }
        if (kind == 1) {
            return (Source.PERMIT2, _permit2(buyerKey, o.token, id, T.ROLE_DISPUTE, 0, _stake(o), deadline));
        }
        bytes memory permit = _permit(buyerKey, TestUSD(o.token), _stake(o), deadline);
        return (Source.EIP2612, bytes.concat(permit, _signLeg(buyerKey, id, T.ROLE_DISPUTE, 0)));
    }

    /// @dev A buyer without a wei and without allowances defends himself; a relayer brings his words.
    function testFuzz_dispute_byTheBuyersWordsAlone(uint256 kind, uint256 wait, bool byBuyer) external {
        OrderTerms memory o = _arbitrated();
        _reach(o, T.FULFILLED);
        kind = kind % 3;
        vm.deal(buyer, 0);
        vm.prank(buyer);
        usd.approve(address(escrow), 0);
        uint256 deadline = START + bound(wait, 0, o.reviewWindow - 1);
        (Source source, bytes memory auth) = _stakeAuth(o, kind, deadline);
        bytes memory word = byBuyer ? bytes("") : _signDispute(buyerKey, _id(o), REASON, deadline);
        vm.warp(deadline);
        uint256 before = usd.balanceOf(buyer);
        _expectDisputed(o, false);
        vm.prank(byBuyer ? buyer : relayer);
        escrow.dispute(o.pack(), REASON, deadline, word, source, auth);
        assertEq(before - usd.balanceOf(buyer), _stake(o));
        _checkDisputed(o, false);
    }

    /// @dev With an unlimited allowance behind it: neither the buyer's word nor a permit of no order brings the stake.
    function test_dispute_revertsWhenThePermitIsNotForThisLeg() external {
        OrderTerms memory o = _arbitrated();
        bytes32 id = _reach(o, T.FULFILLED);
        bytes memory word = _signDispute(buyerKey, id, REASON, START);
        bytes memory permit = _permit(buyerKey, usd, _stake(o), START);
        bytes[6] memory wrong = [
            new bytes(65),
            permit,
            _signLeg(buyerKey, id, 2, 0),
            bytes.concat(permit, _signLeg(buyerKey, keccak256("other"), 2, 0)),
            bytes.concat(permit, _signLeg(buyerKey, id, 0, 0)),
            bytes.concat(permit, _signLeg(sellerKey, id, 2, 0))
        ];
        for (uint256 i; i < 6; ++i) {
            _refuseSigner(buyer);
            vm.prank(relayer);
            escrow.dispute(o.pack(), REASON, START, word, Source.EIP2612, wrong[i]);
        }
    }

    /// @dev The money's authorization alone, without the Dispute signature, moves nothing.
    function testFuzz_dispute_revertsWithoutTheBuyersWord(uint256 kind, uint256 key) external {
        OrderTerms memory o = _arbitrated();
        bytes32 id = _reach(o, T.FULFILLED);
        key = boundPrivateKey(key);
        vm.assume(key != buyerKey);
        (Source source, bytes memory auth) = _stakeAuth(o, kind % 3, START);
        bytes[4] memory words = [
            bytes(""),
            _signDispute(key, id, REASON, START),
            _signDispute(buyerKey, id, EVIDENCE, START),
            _signDispute(buyerKey, id, REASON, START + 1)
        ];
        for (uint256 i; i < 4; ++i) {
            _refuseSigner(buyer);
            vm.prank(relayer);
            escrow.dispute(o.pack(), REASON, START, words[i], source, auth);
        }
    }

    function test_dispute_revertsAfterItsOwnDeadline() external {
        OrderTerms memory o = _arbitrated();
        bytes32 id = _reach(o, T.FULFILLED);
        bytes memory word = _signDispute(buyerKey, id, REASON, START);
        (Source source, bytes memory auth) = _stakeAuth(o, 0, START);
        vm.warp(START + 1);
        _refuseLate(START);
        escrow.dispute(o.pack(), REASON, START, word, source, auth);
        _refuseLate(START);
        vm.prank(buyer);
        escrow.dispute(o.pack(), REASON, START, "", Source.CALLER, "");
    }

    /// @dev An authorization given for the payment does not pay a stake.
    function test_dispute_revertsForTheAuthorizationOfAnotherRole() external {
        OrderTerms memory o = _arbitrated();
        bytes32 id = _reach(o, T.FULFILLED);
        bytes memory word = _signDispute(buyerKey, id, REASON, START);
        bytes memory auth = _authorize(buyerKey, usd, id, T.ROLE_BUYER, 0, _stake(o), START);
        vm.expectRevert(abi.encodeWithSelector(TestUSD.InvalidSignature.selector, buyer));
        escrow.dispute(o.pack(), REASON, START, word, Source.EIP3009, auth);
    }

    function test_dispute_takesAContractWalletsWord() external {
        Wallet wallet = new Wallet(buyer);
        _fund(address(wallet));
        OrderTerms memory o = _arbitrated();
        o.buyer = address(wallet);
        bytes32 id = _reach(o, T.FULFILLED);
        bytes memory word = _signDispute(buyerKey, id, REASON, START);
        // 3009 in its bytes form, for wallets: the 65-byte form asks the token's own check, which knows wallets too
        bytes32 structHash = keccak256(
            abi.encode(
                usd.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(),
                address(wallet),
                address(escrow),
                _stake(o),
                0,
                START + 1,
                keccak256(abi.encode(id, T.ROLE_DISPUTE, bytes32(0)))
            )
        );
        bytes memory auth = _sign(buyerKey, keccak256(abi.encodePacked(hex"1901", usd.DOMAIN_SEPARATOR(), structHash)));
        escrow.dispute(o.pack(), REASON, START, word, Source.EIP3009, auth);
        _assertState(id, T.DISPUTED);
    }

    // ------------------------------------------------------------------------------------------------- stake

    function testFuzz_dispute_revertsForAnyOtherValue(uint256 value) external {
        OrderTerms memory o = _arbitrated();
        o.token = address(0);
        _reach(o, T.FULFILLED);
        value = bound(value, 0, 500 ether);
        vm.assume(value != _stake(o));
        vm.expectRevert(abi.encodeWithSelector(ITreasury.WrongValue.selector, _stake(o), value));
        _contest(o, buyer, value);
        OrderTerms memory u = _arbitrated();
        _reach(u, T.FULFILLED);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.WrongValue.selector, 0, 1));
        _contest(u, buyer, 1);
    }

    /// @dev The chain's coin for a stake comes from its owner as caller only.
    function test_dispute_revertsWhenAnotherBringsTheStake() external {
        OrderTerms memory o = _arbitrated();
        o.token = address(0);
        bytes32 id = _reach(o, T.FULFILLED);
        bytes memory word = _signDispute(buyerKey, id, REASON, START);
        uint256 stake = _stake(o);
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.BadFunding.selector, buyer));
        vm.prank(relayer);
        escrow.dispute{value: stake}(o.pack(), REASON, START, word, Source.CALLER, "");
        OrderTerms memory u = _arbitrated();
        id = _reach(u, T.FULFILLED);
        word = _signDispute(buyerKey, id, REASON, START);
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.BadFunding.selector, buyer));
        vm.prank(relayer);
        escrow.dispute(u.pack(), REASON, START, word, Source.CALLER, "");
    }

    function test_dispute_revertsForTheChainsCoinByAuthorization() external {
        OrderTerms memory o = _arbitrated();
        o.token = address(0);
        _reach(o, T.FULFILLED);
        uint256 stake = _stake(o);
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.BadFunding.selector, buyer));
        vm.prank(buyer);
        escrow.dispute{value: stake}(o.pack(), REASON, START, "", Source.EIP3009, "");
    }

    /// @dev Where the terms ask no stake, the buyer's signature alone is enough, in the chain's coin too.
    function testFuzz_dispute_withoutAStakeNeedsOnlyAWord(bool eth) external {
        OrderTerms memory o = _arbitrated();
        if (eth) o.token = address(0);
        (o.arbiterFeeBps, o.disputeBondBps) = (0, 0);
        bytes32 id = _reach(o, T.FULFILLED);
        bytes memory word = _signDispute(buyerKey, id, REASON, START);
        vm.prank(relayer);
        escrow.dispute(o.pack(), REASON, START, word, Source.CALLER, "");
        _assertState(id, T.DISPUTED);
    }

    // ------------------------------------------------------------------------------------------------- refusals

    function test_dispute_revertsWithoutEvidenceAndWithoutTimed() external {
        OrderTerms[4] memory all = [_plain(), _arbitrated(), _bonded(), _partial()];
        for (uint256 i; i < 4; ++i) {
            all[i].salt = bytes32(i);
            _both(all[i]);
        }
        vm.warp(START + 1 days + 1);
        for (uint256 i; i < 4; ++i) {
            _refusePolicy(T.TIMED);
            _contest(all[i], buyer, 0);
        }
    }

    function test_dispute_revertsWithoutAnArbiter() external {
        OrderTerms memory o = _timed();
        _both(o);
        vm.warp(o.deliverBy + 1);
        _refuse(ITermsOrders.ArbiterMissing.selector);
        _contest(o, buyer, 0);
    }

    function test_dispute_revertsInEveryOtherState() external {
        for (uint256 i; i < 8; ++i) {
            State state = _states()[i];
            if (state == T.BOTH_COMMITTED || state == T.FULFILLED) continue;
            vm.warp(START + 100 days * i);
            OrderTerms memory o = _timedArbitrated();
            bytes32 id = _reach(o, state);
            _refuseState(id, state);
            _contest(o, buyer, 0);
        }
    }
}
