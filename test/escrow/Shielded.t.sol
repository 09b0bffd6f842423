// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IEscrow} from "../../contracts/interfaces/IEscrow.sol";
import {IReceiptVault} from "../../contracts/interfaces/IReceiptVault.sol";
import {CollectProof, Commitment, ITermsOrders, Ruling, Split} from "../../contracts/interfaces/ITermsOrders.sol";
import {ITreasury, Source} from "../../contracts/interfaces/ITreasury.sol";
import {IHandleRegistry} from "../../contracts/interfaces/IVerifierRegistry.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import "../../contracts/libraries/Terms.sol" as T;
import {AcceptingPayee, RevertingPayee} from "../actors/Payees.sol";
import {BlockToken} from "../tokens/BlockToken.sol";
import {EndsTest, ExpectingVerifier} from "./EndsTest.sol";
import {Built} from "../Built.sol";

/// @notice Roots that a test may turn.
contract Handles is IHandleRegistry {
    uint256 public buyerRoot = 777;
    uint256 public sellerRoot = 888;
}

contract ShieldedTest is EndsTest {
    using OrderTermsLib for OrderTerms;

    bytes32 private constant HIDDEN_BUYER = bytes32(uint256(0xb0b));
    bytes32 private constant HIDDEN_SELLER = bytes32(uint256(0x5e11));
    uint256 private constant NULLIFIER = 4242;

    ExpectingVerifier private _zkb;
    ExpectingVerifier private _zks;
    uint256 private _start;
    address private _recipient = makeAddr("recipient");

    function setUp() public override {
        super.setUp();
        _zkb = _activate(ZKB, 5, false);
        _zks = _activate(ZKS, 6, false);
        _start = vm.getBlockTimestamp();
    }

    function _shielded(OrderTerms memory o) private pure returns (OrderTerms memory) {
        (o.zkbVersion, o.zksVersion) = (1, 1);
        return o;
    }

    /// @dev Paid in and committed, with hidden places for whichever role wants one.
    function _begin(OrderTerms memory o, bool hideBuyer, bool hideSeller) private returns (bytes32 id) {
        vm.prank(o.buyer);
        id = escrow.create{value: o.token == address(0) ? o.amount : 0}(
            o.pack(), Source.CALLER, hideBuyer ? HIDDEN_BUYER : bytes32(0), ""
        );
        _bind(o, hideSeller);
    }

    function _bind(OrderTerms memory o, bool hideSeller) private {
        Commitment memory c = _commitment();
        if (hideSeller) c.deliveryCommitment = HIDDEN_SELLER;
        vm.prank(o.seller);
        escrow.commit{value: o.counterToken == address(0) ? o.counterAmount : 0}(o.pack(), c, Source.CALLER, "");
    }

    function _hide(Payout memory p, bool hideBuyer, bool hideSeller) private pure returns (Payout memory) {
        if (hideBuyer) p.receiptAddress = HIDDEN_BUYER;
        if (hideSeller) p.deliveryCommitment = HIDDEN_SELLER;
        return p;
    }

    // ------------------------------------------------------------------------------------------------- held

    function testFuzz_shielded_holdsWhatAClaimPays(uint256 seed, bool hideBuyer, bool hideSeller) external {
        OrderTerms memory o = _shielded(_varyBond(_vary(_arbitrated(), seed), seed));
        bytes32 id = _begin(o, hideBuyer, hideSeller);
        assertEq(escrow.shield(id, T.ROLE_BUYER), hideBuyer ? HIDDEN_BUYER : bytes32(0));
        assertEq(escrow.shield(id, T.ROLE_SELLER), hideSeller ? HIDDEN_SELLER : bytes32(0));
        assertEq(escrow.slot(id), uint256(3) << 248 | uint256((hideBuyer ? 1 : 0) + (hideSeller ? 2 : 0)) << 240);
        _fulfil(o, EVIDENCE);
        vm.warp(_start + o.reviewWindow);
        _mark(o);
        escrow.claim(o.pack(), EVIDENCE);
        _check(o, _hide(_allToSeller(o, T.CLAIMED, EVIDENCE), hideBuyer, hideSeller));
    }

    function testFuzz_shielded_holdsWhatARefundPays(uint256 seed, bool hideBuyer, bool hideSeller) external {
        OrderTerms memory o = _shielded(_varyBond(_vary(_arbitrated(), seed), seed));
        _begin(o, hideBuyer, hideSeller);
        vm.warp(o.deliverBy + o.reviewWindow + 1);
        _mark(o);
        escrow.refund(o.pack());
        _check(o, _hide(_allToBuyer(o, T.REFUNDED, _share(o.counterAmount, o.slashBps)), hideBuyer, hideSeller));
    }

    /// @dev The stake came in the open and goes back in the open.
    function testFuzz_shielded_neverHoldsTheStake(uint256 seed, bool hideSeller) external {
        OrderTerms memory o = _shielded(_varyDispute(_varyBond(_vary(_arbitrated(), seed), seed), seed));
        bytes32 id = _begin(o, true, hideSeller);
        _fulfil(o, EVIDENCE);
        _dispute(o);
        assertEq(escrow.slot(id) >> 240, uint256(7) << 8 | (hideSeller ? 3 : 1));
        vm.warp(_start + o.disputeWindow);
        _mark(o);
        escrow.resolveBySilence(o.pack(), EVIDENCE);
        Payout memory p = _allToBuyer(o, T.SILENT, 0);
        (p.state, p.evidence, p.disputeToBuyer) = (T.RESOLVED, EVIDENCE, _stake(o));
        _check(o, _hide(p, true, hideSeller));
    }

    /// @dev A lost stake is due to the seller's role, so a hidden seller's part of it is held.
    function test_shielded_holdsTheSellersPartOfALostStake() external {
        OrderTerms memory o = _shielded(_arbitrated());
        bytes32 id = _begin(o, true, true);
        _fulfil(o, EVIDENCE);
        _dispute(o);
        vm.prank(arbiter);
        escrow.resolve(o.pack(), Ruling(40e6, 60e6, 0), EVIDENCE);
        assertEq(escrow.held(id, T.ROLE_BUYER, address(usd)), 40e6);
        assertEq(escrow.held(id, T.ROLE_SELLER, address(usd)), 62e6);
        assertEq(usd.balanceOf(arbiter), 3e6);
    }

    function testFuzz_shielded_holdsTheLegsOfASwap(uint256 seed, bool hideBuyer, bool hideSeller) external {
        OrderTerms memory o = _shielded(_vary(_swapped(), seed));
        vm.prank(o.buyer);
        escrow.create{value: o.token == address(0) ? o.amount : 0}(
            o.pack(), Source.CALLER, hideBuyer ? HIDDEN_BUYER : bytes32(0), ""
        );
        uint256 sellerEur = eur.balanceOf(seller);
        _bind(o, hideSeller);
        bytes32 id = _id(o);
        assertEq(sellerEur - eur.balanceOf(seller), 90e6);
        assertEq(escrow.held(id, T.ROLE_BUYER, address(eur)), hideBuyer ? 90e6 : 0);
        uint256 due = o.amount - _share(o.amount, o.feeBps);
        assertEq(escrow.held(id, T.ROLE_SELLER, o.token), hideSeller ? due : 0);
        assertEq(_balance(o.token, address(escrow)), hideSeller ? due : 0);
        assertEq(eur.balanceOf(address(escrow)), hideBuyer ? 90e6 : 0);
        _assertState(id, T.BOTH_CLAIMED);
    }

    function test_shielded_holdsASettlement() external {
        OrderTerms memory o = _shielded(_withFee(_plain()));
        _begin(o, true, true);
        Split memory s = Split(30e6, 70e6, 0, 0, false);
        bytes memory word = _signSettlement(sellerKey, _id(o), s, _start);
        _mark(o);
        vm.prank(buyer);
        escrow.settle(o.pack(), s, _start, "", word, 0);
        Payout memory p;
        (p.state, p.outcome, p.toBuyer, p.toSeller, p.fee) = (T.RESOLVED, T.SETTLED, 30e6, 70e6, 0.7e6);
        _check(o, _hide(p, true, true));
    }

    // ------------------------------------------------------------------------------------------------- availability

    function _refuseShield(uint8 role) private {
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.ShieldNotAvailable.selector, role));
    }

    function test_shielded_isNotAvailableWithoutAPinnedVerifier() external {
        OrderTerms memory o = _plain();
        o.zksVersion = 1;
        _refuseShield(T.ROLE_BUYER);
        vm.prank(buyer);
        escrow.create(o.pack(), Source.CALLER, HIDDEN_BUYER, "");
        (o.zkbVersion, o.zksVersion) = (1, 0);
        _create(o);
        _refuseShield(T.ROLE_SELLER);
        _bind(o, true);
    }

    function test_shielded_isNotAvailableForVouchers() external {
        OrderTerms memory o = _shielded(_partial());
        _refuseShield(T.ROLE_BUYER);
        vm.prank(buyer);
        escrow.create(o.pack(), Source.CALLER, HIDDEN_BUYER, "");
        _create(o);
        _refuseShield(T.ROLE_SELLER);
        _bind(o, true);
        _bind(o, false);
    }

    function test_shielded_isNotSetWithoutTheBuyersConsent() external {
        OrderTerms memory o = _shielded(_plain());
        _refuseSigner(buyer);
        vm.prank(relayer);
        escrow.create(o.pack(), Source.CALLER, HIDDEN_BUYER, "");
        bytes memory word = _signBuyerOrder(buyerKey, _id(o), HIDDEN_SELLER);
        _refuseSigner(buyer);
        vm.prank(relayer);
        escrow.create(o.pack(), Source.CALLER, HIDDEN_BUYER, word);
        word = _signBuyerOrder(buyerKey, _id(o), HIDDEN_BUYER);
        vm.prank(relayer);
        bytes32 id = escrow.create(o.pack(), Source.CALLER, HIDDEN_BUYER, word);
        assertEq(escrow.shield(id, T.ROLE_BUYER), HIDDEN_BUYER);
    }

    // ------------------------------------------------------------------------------------------------- collect

    /// @dev A paid order with both roles hidden: the seller holds the price, the buyer the counter leg.
    function _ended() private returns (OrderTerms memory o, bytes32 id) {
        o = _shielded(_swapped());
        vm.prank(buyer);
        id = escrow.create(o.pack(), Source.CALLER, HIDDEN_BUYER, "");
        _bind(o, true);
    }

    function testFuzz_collect_paysTheWalletAfterThirtyDays(uint256 wait, address caller) external {
        (OrderTerms memory o, bytes32 id) = _ended();
        vm.assume(caller != address(0));
        vm.warp(_start + 30 days + bound(wait, 0, 1_000 days));
        uint256 sellerBefore = usd.balanceOf(seller);
        uint256 buyerBefore = eur.balanceOf(buyer);
        vm.expectEmit(address(escrow));
        emit ITermsOrders.Collected(id, T.ROLE_SELLER, address(usd), seller, PRICE, address(0), 0);
        vm.prank(caller);
        escrow.collect(o.pack(), T.ROLE_SELLER, address(usd));
        vm.expectEmit(address(escrow));
        emit ITermsOrders.Collected(id, T.ROLE_BUYER, address(eur), buyer, 90e6, address(0), 0);
        vm.prank(caller);
        escrow.collect(o.pack(), T.ROLE_BUYER, address(eur));
        assertEq(usd.balanceOf(seller) - sellerBefore, PRICE);
        assertEq(eur.balanceOf(buyer) - buyerBefore, 90e6);
        assertEq(escrow.held(id, T.ROLE_SELLER, address(usd)), 0);
        assertEq(escrow.held(id, T.ROLE_BUYER, address(eur)), 0);
        assertEq(usd.balanceOf(address(escrow)) + eur.balanceOf(address(escrow)), 0);
        _refuseNothing(id, T.ROLE_SELLER, address(usd));
        escrow.collect(o.pack(), T.ROLE_SELLER, address(usd));
    }

    function _refuseNothing(bytes32 id, uint8 role, address token) private {
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.NothingHeld.selector, id, role, token));
    }

    function test_collect_opensAtTheVerySecond() external {
        (OrderTerms memory o, bytes32 id) = _ended();
        vm.warp(_start + 30 days - 1);
        for (uint8 role; role < 2; ++role) {
            _refuseEarly(_start + 30 days);
            escrow.collect(o.pack(), role, role == 0 ? address(eur) : address(usd));
        }
        vm.warp(_start + 30 days);
        escrow.collect(o.pack(), T.ROLE_SELLER, address(usd));
        assertEq(escrow.held(id, T.ROLE_SELLER, address(usd)), 0);
    }

    function test_collect_opensAtOnceForTheRoleWhoseVerifierIsRevoked() external {
        (OrderTerms memory o, bytes32 id) = _ended();
        vm.prank(aggregator);
        registry.deprecate(ZKB, 1);
        _refuseEarly(_start + 30 days);
        escrow.collect(o.pack(), T.ROLE_BUYER, address(eur));
        _revoke(ZKS);
        _refuseEarly(_start + 30 days);
        escrow.collect(o.pack(), T.ROLE_BUYER, address(eur));
        escrow.collect(o.pack(), T.ROLE_SELLER, address(usd));
        _revoke(ZKB);
        escrow.collect(o.pack(), T.ROLE_BUYER, address(eur));
        assertEq(escrow.held(id, T.ROLE_BUYER, address(eur)) + escrow.held(id, T.ROLE_SELLER, address(usd)), 0);
    }

    function testFuzz_collect_revertsWhereNothingIsHeld(address token, uint8 role) external {
        (OrderTerms memory o, bytes32 id) = _ended();
        vm.warp(_start + 30 days);
        vm.assume(!(role == 0 && token == address(eur)) && !(role == 1 && token == address(usd)));
        _refuseNothing(id, role, token);
        escrow.collect(o.pack(), role, token);
    }

    function test_collect_losesNothingWhenTheSendFails() external {
        BlockToken token = new BlockToken();
        token.mint(buyer, PRICE);
        vm.prank(buyer);
        token.approve(address(escrow), PRICE);
        OrderTerms memory o = _shielded(_timed());
        o.token = address(token);
        bytes32 id = _begin(o, false, true);
        vm.warp(o.timedRelease);
        escrow.claim(o.pack(), 0);
        vm.warp(o.timedRelease + 30 days);
        token.setBlocked(seller, true);
        vm.expectRevert();
        escrow.collect(o.pack(), T.ROLE_SELLER, address(token));
        assertEq(escrow.held(id, T.ROLE_SELLER, address(token)), PRICE);
        assertEq(escrow.owed(address(token), seller), 0);
        token.setBlocked(seller, false);
        escrow.collect(o.pack(), T.ROLE_SELLER, address(token));
        assertEq(token.balanceOf(seller), PRICE);
    }

    // ------------------------------------------------------------------------------------------------- by proof

    function _p(uint256 fee) private view returns (CollectProof memory p) {
        p = CollectProof({
            proof: _proof(),
            nullifier: NULLIFIER,
            recipient: _recipient,
            relayer: relayer,
            fee: fee,
            deadline: _start + 5
        });
    }

    function _signal(CollectProof memory p, uint8 role, address token, uint256 amount) private pure returns (uint256) {
        bytes32 payload = keccak256(abi.encode(role, token, amount));
        return uint256(
            keccak256(abi.encode(keccak256("TGP.COLLECT"), p.recipient, p.relayer, p.fee, p.deadline, payload))
        ) >> 8;
    }

    /// @dev ZKB: receipt address, nullifier, root, context, signal. ZKS has the recipient after the root.
    function _teach(OrderTerms memory o, CollectProof memory p, uint8 role, address token, uint256 amount, uint256 root)
        private
    {
        bool asBuyer = role == T.ROLE_BUYER;
        uint256[] memory s = new uint256[](asBuyer ? 5 : 6);
        s[0] = uint256(asBuyer ? HIDDEN_BUYER : HIDDEN_SELLER);
        s[1] = p.nullifier;
        s[2] = root;
        if (!asBuyer) s[3] = uint256(uint160(p.recipient));
        s[s.length - 2] = _context(o);
        s[s.length - 1] = _signal(p, role, token, amount);
        if (asBuyer) {
            _zkb.expectProof(p.proof, s, "verifyProof(uint256[2],uint256[2][2],uint256[2],uint256[5])");
        } else {
            _zks.expectProof(p.proof, s, "verifyProof(uint256[2],uint256[2][2],uint256[2],uint256[6])");
        }
    }

    function testFuzz_collectWithProof_paysWhomTheProofNames(uint256 fee, uint256 wait, bool asBuyer) external {
        (OrderTerms memory o, bytes32 id) = _ended();
        (uint8 role, address token, uint256 amount) =
            asBuyer ? (T.ROLE_BUYER, address(eur), 90e6) : (T.ROLE_SELLER, address(usd), PRICE);
        CollectProof memory p = _p(bound(fee, 0, amount));
        _teach(o, p, role, token, amount, 0);
        vm.warp(bound(wait, _start, p.deadline));
        uint256 relayerBefore = _balance(token, relayer);
        vm.expectEmit(address(escrow));
        emit ITermsOrders.Collected(id, role, token, _recipient, amount, relayer, p.fee);
        vm.prank(thief);
        escrow.collectWithProof(o.pack(), role, token, p);
        assertEq(_balance(token, _recipient), amount - p.fee);
        assertEq(_balance(token, relayer) - relayerBefore, p.fee);
        assertEq(_balance(token, address(escrow)), 0);
        assertEq(escrow.held(id, role, token), 0);
        // the credit is consumed
        _refuseNothing(id, role, token);
        escrow.collectWithProof(o.pack(), role, token, p);
    }

    /// @dev Even a proof for nothing collects nothing.
    function test_collectWithProof_revertsWhereNothingIsHeld() external {
        (OrderTerms memory o, bytes32 id) = _ended();
        CollectProof memory p = _p(0);
        _teach(o, p, T.ROLE_SELLER, address(eur), 0, 0);
        _refuseNothing(id, T.ROLE_SELLER, address(eur));
        escrow.collectWithProof(o.pack(), T.ROLE_SELLER, address(eur), p);
    }

    /// @dev Whoever sees a proof in the open can change nothing of what it pays, to whom and until when.
    function testFuzz_collectWithProof_revertsForAnythingElse(uint256 which, uint256 word, bool asBuyer) external {
        (OrderTerms memory o,) = _ended();
        (uint8 role, address token, uint256 amount) =
            asBuyer ? (T.ROLE_BUYER, address(eur), 90e6) : (T.ROLE_SELLER, address(usd), PRICE);
        CollectProof memory p = _p(1e6);
        _teach(o, p, role, token, amount, 0);
        which = which % 6;
        word = bound(word, 1, type(uint96).max);
        if (which == 0) p.proof[word % 8] ^= word;
        if (which == 1) p.nullifier += word;
        if (which == 2) p.recipient = address(uint160(p.recipient) ^ uint160(word));
        if (which == 3) p.relayer = address(uint160(p.relayer) ^ uint160(word));
        if (which == 4) p.fee = p.fee == word % amount ? 0 : word % amount;
        if (which == 5) p.deadline += word;
        vm.assume(p.recipient != address(0) && p.recipient != address(escrow));
        _refuse(ITermsOrders.BadProof.selector);
        escrow.collectWithProof(o.pack(), role, token, p);
    }

    function test_collectWithProof_revertsForNullifierZero() external {
        (OrderTerms memory o,) = _ended();
        CollectProof memory p = _p(0);
        p.nullifier = 0;
        _teach(o, p, T.ROLE_SELLER, address(usd), PRICE, 0);
        _refuse(ITermsOrders.BadProof.selector);
        escrow.collectWithProof(o.pack(), T.ROLE_SELLER, address(usd), p);
    }

    function testFuzz_collectWithProof_revertsForAFeeAboveWhatIsHeld(uint256 fee) external {
        (OrderTerms memory o,) = _ended();
        CollectProof memory p = _p(bound(fee, PRICE + 1, type(uint256).max));
        _teach(o, p, T.ROLE_SELLER, address(usd), PRICE, 0);
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.FeeAboveHeld.selector, p.fee, PRICE));
        escrow.collectWithProof(o.pack(), T.ROLE_SELLER, address(usd), p);
    }

    function test_collectWithProof_revertsOneSecondAfterTheDeadline() external {
        (OrderTerms memory o,) = _ended();
        CollectProof memory p = _p(0);
        _teach(o, p, T.ROLE_SELLER, address(usd), PRICE, 0);
        vm.warp(p.deadline + 1);
        _refuseLate(p.deadline);
        escrow.collectWithProof(o.pack(), T.ROLE_SELLER, address(usd), p);
        vm.warp(p.deadline);
        escrow.collectWithProof(o.pack(), T.ROLE_SELLER, address(usd), p);
        assertEq(usd.balanceOf(_recipient), PRICE);
    }

    function test_collectWithProof_revertsForARecipientThatCannotBe() external {
        (OrderTerms memory o,) = _ended();
        CollectProof memory p = _p(0);
        address[2] memory wrong = [address(0), address(escrow)];
        for (uint256 i; i < 2; ++i) {
            p.recipient = wrong[i];
            _teach(o, p, T.ROLE_SELLER, address(usd), PRICE, 0);
            vm.expectRevert(abi.encodeWithSelector(ITreasury.BadRecipient.selector, wrong[i]));
            escrow.collectWithProof(o.pack(), T.ROLE_SELLER, address(usd), p);
        }
    }

    function test_collectWithProof_takesADeprecatedVerifierButNoRevokedOne() external {
        (OrderTerms memory o,) = _ended();
        CollectProof memory p = _p(0);
        _teach(o, p, T.ROLE_SELLER, address(usd), PRICE, 0);
        vm.prank(aggregator);
        registry.deprecate(ZKS, 1);
        uint256 snapshot = vm.snapshotState();
        escrow.collectWithProof(o.pack(), T.ROLE_SELLER, address(usd), p);
        vm.revertToState(snapshot);
        _revoke(ZKS);
        _refuse(ITermsOrders.BadProof.selector);
        escrow.collectWithProof(o.pack(), T.ROLE_SELLER, address(usd), p);
    }

    function test_collectWithProof_losesNothingWhenASendFails() external {
        RevertingPayee payee = new RevertingPayee();
        OrderTerms memory o = _shielded(_timed());
        o.token = address(0);
        bytes32 id = _begin(o, false, true);
        vm.warp(o.timedRelease);
        escrow.claim(o.pack(), 0);
        for (uint256 i; i < 2; ++i) {
            CollectProof memory p = _p(1e6);
            p.deadline = o.timedRelease;
            if (i == 0) p.recipient = address(payee);
            else p.relayer = address(payee);
            _teach(o, p, T.ROLE_SELLER, address(0), PRICE, 0);
            vm.expectRevert();
            escrow.collectWithProof(o.pack(), T.ROLE_SELLER, address(0), p);
            assertEq(escrow.held(id, T.ROLE_SELLER, address(0)), PRICE);
        }
        payee.setRefusing(false);
        CollectProof memory q = _p(1e6);
        (q.deadline, q.relayer) = (o.timedRelease, address(payee));
        escrow.collectWithProof(o.pack(), T.ROLE_SELLER, address(0), q);
        assertEq(address(payee).balance, 1e6);
        assertEq(_recipient.balance, PRICE - 1e6);
    }

    /// @dev Where the deployment has a handle registry, its roots bind, each role its own.
    function test_collectWithProof_usesTheRootsOfTheHandleRegistry() external {
        Handles handles = new Handles();
        escrow = IEscrow(Built.deploy("CoreProverEscrow", abi.encode(permit2, registry, handles)));
        vault = IReceiptVault(address(escrow.vault()));
        _fund(buyer);
        _fund(seller);
        (OrderTerms memory o,) = _ended();
        CollectProof memory p = _p(0);
        uint256[4] memory roots = [uint256(0), 888, 0, 777];
        for (uint256 i; i < 4; ++i) {
            uint8 role = i < 2 ? T.ROLE_SELLER : T.ROLE_BUYER;
            (address token, uint256 amount) = i < 2 ? (address(usd), PRICE) : (address(eur), 90e6);
            _teach(o, p, role, token, amount, roots[i]);
            if (roots[i] == 0) _refuse(ITermsOrders.BadProof.selector);
            escrow.collectWithProof(o.pack(), role, token, p);
        }
        assertEq(usd.balanceOf(_recipient), PRICE);
        assertEq(eur.balanceOf(_recipient), 90e6);
    }

    /// @dev Proofs open credits and nothing else: an open order holds none.
    function test_collectWithProof_ofAnOpenOrderFindsNothing() external {
        OrderTerms memory o = _shielded(_plain());
        bytes32 id = _begin(o, true, true);
        CollectProof memory p = _p(0);
        _teach(o, p, T.ROLE_SELLER, address(usd), 0, 0);
        _refuseNothing(id, T.ROLE_SELLER, address(usd));
        escrow.collectWithProof(o.pack(), T.ROLE_SELLER, address(usd), p);
        _assertState(id, T.BOTH_COMMITTED);
    }

    function test_shielded_receivesThroughAContractToo() external {
        AcceptingPayee payee = new AcceptingPayee();
        OrderTerms memory o = _shielded(_timed());
        o.token = address(0);
        _begin(o, false, true);
        vm.warp(o.timedRelease);
        escrow.claim(o.pack(), 0);
        CollectProof memory p = _p(0);
        (p.deadline, p.recipient) = (o.timedRelease, address(payee));
        _teach(o, p, T.ROLE_SELLER, address(0), PRICE, 0);
        escrow.collectWithProof(o.pack(), T.ROLE_SELLER, address(0), p);
        assertEq(address(payee).balance, PRICE);
    }
}
