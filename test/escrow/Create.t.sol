// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {IEscrow} from "../../contracts/interfaces/IEscrow.sol";
import {ITermsOrders, Split} from "../../contracts/interfaces/ITermsOrders.sol";
import {ITreasury, Source} from "../../contracts/interfaces/ITreasury.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {ZKB_01} from "../../contracts/libraries/Circuits.sol";
import "../../contracts/libraries/Terms.sol" as T;
import {Terms} from "../../contracts/libraries/Terms.sol";
import {Fault} from "../../contracts/libraries/TermsRules.sol";
import {BUYER_ORDER_TYPEHASH} from "../../contracts/libraries/TypeHashes.sol";
import {RevertingPayee} from "../actors/Payees.sol";
import {TaggedWallet} from "../actors/TaggedWallet.sol";
import {Wallet} from "../actors/Wallet.sol";
import {BlockToken} from "../tokens/BlockToken.sol";
import {FalseToken} from "../tokens/FalseToken.sol";
import {FeeToken} from "../tokens/FeeToken.sol";
import {ReenterToken} from "../tokens/ReenterToken.sol";
import {SilentToken} from "../tokens/SilentToken.sol";
import {TestUSD} from "../tokens/TestUSD.sol";
import {VerbTest} from "./VerbTest.sol";
import {Built} from "../Built.sol";

/// @title A token that delivers one more than it was asked for
contract GenerousToken is TestUSD {
    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        _mint(to, 1);
        return super.transferFrom(from, to, value);
    }
}

contract CreateTest is VerbTest {
    using OrderTermsLib for OrderTerms;

    // ------------------------------------------------------------------------------------------------- the caller's money

    function testFuzz_create_takesExactlyTheEth(uint96 amount) public {
        vm.assume(amount != 0);
        _enrich(buyer);
        OrderTerms memory o = _eth(_plain(), amount);
        uint256 had = buyer.balance;
        bytes32 id = _pay(o, _calls(buyer, amount));
        assertEq(address(escrow).balance, amount);
        assertEq(buyer.balance, had - amount);
        _assertState(id, T.BUYER_COMMITTED);
    }

    function testFuzz_create_takesExactlyTheTokenByAllowance(uint96 amount) public {
        vm.assume(amount != 0);
        _enrich(buyer);
        OrderTerms memory o = _plain();
        o.amount = amount;
        uint256 had = usd.balanceOf(buyer);
        bytes32 id = _pay(o, _calls(buyer, 0));
        assertEq(usd.balanceOf(address(escrow)), amount);
        assertEq(usd.balanceOf(buyer), had - amount);
        _assertState(id, T.BUYER_COMMITTED);
    }

    function testFuzz_create_addsExactlyToWhatIsThere(uint96 amount, uint96 donation) public {
        vm.assume(amount != 0);
        _enrich(buyer);
        usd.mint(address(escrow), donation);
        OrderTerms memory o = _plain();
        o.amount = amount;
        _pay(o, _calls(buyer, 0));
        assertEq(usd.balanceOf(address(escrow)), uint256(donation) + amount, "a donation pays for nobody");
    }

    function testFuzz_create_anybodyMayPayForTheBuyer(uint96 amount, bool coin) public {
        vm.assume(amount != 0);
        _enrich(relayer);
        OrderTerms memory o = _plain();
        o.amount = amount;
        if (coin) o.token = address(0);
        uint256 buyersUsd = usd.balanceOf(buyer);
        uint256 buyersEth = buyer.balance;
        vm.expectEmit(address(escrow));
        emit ITermsOrders.OrderCreated(_id(o), buyer, seller, relayer, 0, o.pack());
        bytes32 id = _pay(o, _calls(relayer, coin ? amount : 0));
        assertEq(usd.balanceOf(buyer), buyersUsd, "not the buyer's money");
        assertEq(buyer.balance, buyersEth, "not the buyer's coin");
        // what comes back is the buyer's
        vm.warp(o.commitBy + 1);
        escrow.refund(o.pack());
        _assertState(id, T.EXPIRED);
        if (coin) assertEq(buyer.balance, buyersEth + amount);
        else assertEq(usd.balanceOf(buyer), buyersUsd + amount);
    }

    function test_create_theSellerMayPayForTheBuyerToo() public {
        OrderTerms memory o = _plain();
        bytes32 id = _pay(o, _calls(seller, 0));
        _assertState(id, T.BUYER_COMMITTED);
    }

    function test_create_byAllowanceNeverTakesTheBuyersMoneyForAnotherCaller() public {
        // the buyer's allowance is unlimited; the thief has neither money nor an allowance
        OrderTerms memory o = _plain();
        _refusePay(o, _calls(thief, 0), abi.encodeWithSelector(SafeTransferLib.TransferFromFailed.selector));
    }

    function testFuzz_create_revertsWhenTheEthIsNotExact(uint96 amount, uint96 sent) public {
        vm.assume(amount != 0 && sent != amount);
        _enrich(buyer);
        OrderTerms memory o = _eth(_plain(), amount);
        _refusePay(o, _calls(buyer, sent), _wrongValue(amount, sent));
    }

    function testFuzz_create_revertsWhenEthComesWithAToken(uint96 sent, uint8 source) public {
        vm.assume(sent != 0);
        _enrich(buyer);
        OrderTerms memory o = _plain();
        Funding memory f = _calls(buyer, sent);
        f.source = Source(source % 4);
        _refusePay(o, f, _wrongValue(0, sent));
    }

    function testFuzz_create_revertsWhenEthIsToComeByAnAuthorization(uint8 source) public {
        OrderTerms memory o = _eth(_plain(), 1 ether);
        Funding memory f = _calls(buyer, 1 ether);
        f.source = Source(bound(source, 1, 3));
        f.auth = new bytes(65);
        _refusePay(o, f, _badFunding(buyer));
    }

    function test_create_revertsWhenTheAllowanceIsTooSmall() public {
        OrderTerms memory o = _plain();
        vm.prank(buyer);
        usd.approve(address(escrow), PRICE - 1);
        _refusePay(o, _calls(buyer, 0), abi.encodeWithSelector(SafeTransferLib.TransferFromFailed.selector));
    }

    function test_create_revertsWhenTheBalanceIsTooSmall() public {
        OrderTerms memory o = _plain();
        o.amount = uint96(usd.balanceOf(buyer)) + 1;
        _refusePay(o, _calls(buyer, 0), abi.encodeWithSelector(SafeTransferLib.TransferFromFailed.selector));
    }

    // ------------------------------------------------------------------------------------------------- tokens

    function _ownToken(TestUSD token) private {
        token.mint(buyer, 1_000_000e6);
        vm.startPrank(buyer);
        token.approve(address(escrow), type(uint256).max);
        token.approve(permit2, type(uint256).max);
        vm.stopPrank();
    }

    function testFuzz_create_revertsWhenTheTokenTakesAFee(uint96 amount, uint8 source) public {
        amount = uint96(bound(amount, 100, 1_000_000e6));
        FeeToken token = new FeeToken();
        _ownToken(token);
        OrderTerms memory o = _plain();
        o.token = address(token);
        o.amount = amount;
        Funding memory f = _calls(relayer, 0);
        f.source = Source(source % 4);
        if (f.source == Source.CALLER) f.by = buyer;
        if (f.source == Source.EIP3009) f.auth = _buyerAuth(o);
        if (f.source == Source.PERMIT2) f.auth = _buyerPermit2(o);
        if (f.source == Source.EIP2612) f.auth = _buyerPermit(o);
        uint256 arrives = amount - uint256(amount) * 100 / 10_000;
        _refusePay(o, f, abi.encodeWithSelector(ITreasury.InexactTransfer.selector, token, amount, arrives));
        assertEq(token.balanceOf(address(escrow)), 0);
    }

    function test_create_revertsWhenTheTokenDeliversTooMuch() public {
        GenerousToken token = new GenerousToken();
        _ownToken(token);
        OrderTerms memory o = _plain();
        o.token = address(token);
        _refusePay(
            o,
            _calls(buyer, 0),
            abi.encodeWithSelector(ITreasury.InexactTransfer.selector, token, uint256(PRICE), uint256(PRICE) + 1)
        );
    }

    function testFuzz_create_takesATokenThatReturnsNothing(uint96 amount) public {
        vm.assume(amount != 0);
        SilentToken token = new SilentToken();
        token.mint(buyer, amount);
        vm.prank(buyer);
        token.approve(address(escrow), amount);
        OrderTerms memory o = _plain();
        o.token = address(token);
        o.amount = amount;
        bytes32 id = _pay(o, _calls(buyer, 0));
        assertEq(token.balanceOf(address(escrow)), amount);
        _assertState(id, T.BUYER_COMMITTED);
    }

    function test_create_revertsWhenTheTokenSaysFalse() public {
        FalseToken token = new FalseToken();
        _ownToken(token);
        OrderTerms memory o = _plain();
        o.token = address(token);
        _refusePay(o, _calls(buyer, 0), abi.encodeWithSelector(SafeTransferLib.TransferFromFailed.selector));
    }

    function test_create_revertsWhenTheTokenBlocksTheBuyer() public {
        BlockToken token = new BlockToken();
        _ownToken(token);
        token.setBlocked(buyer, true);
        OrderTerms memory o = _plain();
        o.token = address(token);
        _refusePay(o, _calls(buyer, 0), abi.encodeWithSelector(SafeTransferLib.TransferFromFailed.selector));
        // a token's own refusal of an authorization is passed on
        _refusePay(
            o,
            _brings(relayer, Source.EIP3009, _buyerAuth(o)),
            abi.encodeWithSelector(BlockToken.Blocked.selector, buyer)
        );
    }

    function test_create_revertsWhenTheTokenHasNoCode() public {
        OrderTerms memory o = _plain();
        o.token = makeAddr("no code");
        _refusePay(o, _calls(buyer, 0), abi.encodeWithSelector(SafeTransferLib.TransferFromFailed.selector));
        bytes memory nothing =
            abi.encodeWithSelector(ITreasury.InexactTransfer.selector, o.token, uint256(PRICE), uint256(0));
        // a call to nobody succeeds and brings nothing
        _refusePay(o, _brings(relayer, Source.EIP3009, new bytes(65)), nothing);
        _refusePay(o, _brings(relayer, Source.EIP3009, new bytes(97)), nothing);
        _refusePayAnyhow(
            o, _brings(relayer, Source.PERMIT2, _permit2(buyerKey, o.token, _id(o), 0, 0, PRICE, o.fundBy))
        );
        _refusePayAnyhow(o, _brings(buyer, Source.EIP2612, new bytes(65)));
    }

    function test_create_aTokenThatCallsBackGetsNothing() public {
        ReenterToken token = new ReenterToken();
        _ownToken(token);
        OrderTerms memory o = _plain();
        o.token = address(token);
        OrderTerms memory other = _plain();
        other.salt = keccak256("other");
        token.arm(address(escrow), abi.encodeCall(ITermsOrders.create, (other.pack(), Source.CALLER, 0, "")));
        bytes32 id = _pay(o, _calls(buyer, 0));
        _assertState(id, T.BUYER_COMMITTED);
        assertEq(token.attempts(), 1);
        assertEq(token.successes(), 0);
        _assertState(_id(other), T.NONE);
    }

    function test_create_aTokenThatCallsBackCannotRefundTheOrderBeingPaid() public {
        ReenterToken token = new ReenterToken();
        _ownToken(token);
        OrderTerms memory o = _plain();
        o.token = address(token);
        token.arm(address(escrow), abi.encodeCall(ITermsOrders.refund, (o.pack())));
        _pay(o, _calls(buyer, 0));
        assertEq(token.successes(), 0);
        assertEq(token.balanceOf(address(escrow)), PRICE);
    }

    // ------------------------------------------------------------------------------------------------- EIP-3009

    function testFuzz_create_byAuthorizationWhoeverBringsIt(uint96 amount, address by) public {
        vm.assume(amount != 0 && by != address(0) && by != address(vm) && by != address(escrow));
        _enrich(buyer);
        _disallow(buyer);
        OrderTerms memory o = _plain();
        o.amount = amount;
        uint256 had = usd.balanceOf(buyer);
        Funding memory f = _brings(by, Source.EIP3009, _buyerAuth(o));
        vm.expectEmit(address(escrow));
        emit ITermsOrders.OrderCreated(_id(o), buyer, seller, buyer, 0, o.pack());
        bytes32 id = _pay(o, f);
        assertEq(usd.balanceOf(address(escrow)), amount);
        assertEq(usd.balanceOf(buyer), had - amount);
        _assertState(id, T.BUYER_COMMITTED);
    }

    function test_create_bySixtyFiveBytesUsesTheVrsForm() public {
        OrderTerms memory o = _plain();
        Funding memory f = _brings(relayer, Source.EIP3009, _buyerAuth(o));
        bytes4 vrs = bytes4(
            keccak256("receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)")
        );
        vm.expectCall(
            address(usd),
            abi.encodeWithSelector(
                vrs,
                buyer,
                address(escrow),
                uint256(PRICE),
                uint256(0),
                uint256(o.fundBy) + 1,
                keccak256(abi.encode(_id(o), uint8(0), bytes32(0)))
            ),
            1
        );
        _pay(o, f);
    }

    function testFuzz_create_aWalletPaysByTheBytesForm(uint96 amount) public {
        vm.assume(amount != 0);
        TaggedWallet wallet = new TaggedWallet(buyer);
        usd.mint(address(wallet), amount);
        OrderTerms memory o = _plain();
        o.buyer = address(wallet);
        o.amount = amount;
        bytes32 id = _id(o);
        bytes memory signature = bytes.concat(wallet.TAG(), _authorizeAs(o.buyer, buyerKey, id, 0, amount, o.fundBy));
        vm.expectCall(
            address(usd),
            abi.encodeWithSelector(
                bytes4(keccak256("receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)")),
                o.buyer,
                address(escrow),
                uint256(amount),
                uint256(0),
                uint256(o.fundBy) + 1,
                keccak256(abi.encode(id, uint8(0), bytes32(0))),
                signature
            ),
            1
        );
        _pay(o, _brings(relayer, Source.EIP3009, signature));
        assertEq(usd.balanceOf(address(escrow)), amount);
        _assertState(id, T.BUYER_COMMITTED);
    }

    function test_create_aWalletPaysWithSixtyFiveBytes() public {
        Wallet wallet = new Wallet(buyer);
        usd.mint(address(wallet), PRICE);
        OrderTerms memory o = _plain();
        o.buyer = address(wallet);
        bytes32 id = _id(o);
        _pay(o, _brings(relayer, Source.EIP3009, _authorizeAs(o.buyer, buyerKey, id, 0, PRICE, o.fundBy)));
        _assertState(id, T.BUYER_COMMITTED);
    }

    function test_create_revertsWhenTheWalletDeniesItsSignature() public {
        Wallet wallet = new Wallet(buyer);
        usd.mint(address(wallet), PRICE);
        OrderTerms memory o = _plain();
        o.buyer = address(wallet);
        bytes memory signature = _authorizeAs(o.buyer, buyerKey, _id(o), 0, PRICE, o.fundBy);
        wallet.setRefusing(true);
        _refusePay(o, _brings(relayer, Source.EIP3009, signature), _invalidSignature(address(wallet)));
    }

    function _refuseAuthorization(OrderTerms memory o, bytes memory auth) private {
        _refusePay(o, _brings(relayer, Source.EIP3009, auth), _invalidSignature(buyer));
    }

    function test_create_revertsWhenTheAuthorizationIsNotForThisOrder() public {
        OrderTerms memory o = _plain();
        OrderTerms memory other = _plain();
        other.salt = keccak256("other");
        bytes32 id = _id(o);
        // another order, role, receipt address, amount, deadline, signer
        _refuseAuthorization(o, _buyerAuth(other));
        _refuseAuthorization(o, _authorize(buyerKey, usd, id, 1, 0, PRICE, o.fundBy));
        _refuseAuthorization(o, _authorize(buyerKey, usd, id, 2, 0, PRICE, o.fundBy));
        _refuseAuthorization(o, _authorize(buyerKey, usd, id, 0, RECEIPT_ADDRESS, PRICE, o.fundBy));
        _refuseAuthorization(o, _authorize(buyerKey, usd, id, 0, 0, PRICE - 1, o.fundBy));
        _refuseAuthorization(o, _authorize(buyerKey, usd, id, 0, 0, PRICE, o.fundBy + 1));
        _refuseAuthorization(o, _authorizeAs(buyer, sellerKey, id, 0, PRICE, o.fundBy));
        // of another token
        _refuseAuthorization(o, _authorize(buyerKey, eur, id, 0, 0, PRICE, o.fundBy));
        // none at all, and garbage
        _refusePayAnyhow(o, _brings(relayer, Source.EIP3009, ""));
        _refusePayAnyhow(o, _brings(relayer, Source.EIP3009, new bytes(65)));
    }

    function testFuzz_create_revertsWhenTheAuthorizationIsGarbage(bytes calldata auth, uint8 source) public {
        OrderTerms memory o = _plain();
        _refusePayAnyhow(o, _brings(thief, Source(bound(source, 1, 3)), auth));
    }

    function test_create_revertsWhenTheAuthorizationWasCanceled() public {
        OrderTerms memory o = _plain();
        bytes32 nonce = keccak256(abi.encode(_id(o), uint8(0), bytes32(0)));
        bytes32 message = keccak256(abi.encode(usd.CANCEL_AUTHORIZATION_TYPEHASH(), buyer, nonce));
        bytes memory cancel = _sign(buyerKey, keccak256(abi.encodePacked(hex"1901", usd.DOMAIN_SEPARATOR(), message)));
        usd.cancelAuthorization(buyer, nonce, cancel);
        _refusePay(
            o,
            _brings(relayer, Source.EIP3009, _buyerAuth(o)),
            abi.encodeWithSelector(TestUSD.AuthorizationSpent.selector, buyer, nonce)
        );
    }

    // ------------------------------------------------------------------------------------------------- Permit2

    function testFuzz_create_byPermit2WhoeverBringsIt(uint96 amount, address by) public {
        vm.assume(amount != 0 && by != address(0) && by != address(vm) && by != address(escrow));
        _enrich(buyer);
        _disallow(buyer);
        OrderTerms memory o = _plain();
        o.amount = amount;
        Funding memory f = _brings(by, Source.PERMIT2, _buyerPermit2(o));
        vm.expectEmit(address(escrow));
        emit ITermsOrders.OrderCreated(_id(o), buyer, seller, buyer, 0, o.pack());
        bytes32 id = _pay(o, f);
        assertEq(usd.balanceOf(address(escrow)), amount);
        _assertState(id, T.BUYER_COMMITTED);
    }

    function test_create_byPermit2InSixtyFourBytesAndByAWallet() public {
        OrderTerms memory o = _plain();
        _pay(o, _brings(relayer, Source.PERMIT2, _compact(_buyerPermit2(o))));
        _assertState(_id(o), T.BUYER_COMMITTED);

        Wallet wallet = new Wallet(buyer);
        usd.mint(address(wallet), PRICE);
        wallet.execute(address(usd), 0, abi.encodeCall(usd.approve, (permit2, type(uint256).max)));
        o.buyer = address(wallet);
        _pay(o, _brings(relayer, Source.PERMIT2, _buyerPermit2(o)));
        _assertState(_id(o), T.BUYER_COMMITTED);
    }

    function _refusePermit2(OrderTerms memory o, bytes memory auth) private {
        _refusePay(o, _brings(relayer, Source.PERMIT2, auth), abi.encodeWithSignature("InvalidSigner()"));
    }

    function test_create_revertsWhenThePermit2SignatureIsNotForThisOrder() public {
        OrderTerms memory o = _plain();
        OrderTerms memory other = _plain();
        other.salt = keccak256("other");
        bytes32 id = _id(o);
        address token = address(usd);
        _refusePermit2(o, _buyerPermit2(other));
        _refusePermit2(o, _permit2(buyerKey, token, id, 1, 0, PRICE, o.fundBy));
        _refusePermit2(o, _permit2(buyerKey, token, id, 0, RECEIPT_ADDRESS, PRICE, o.fundBy));
        _refusePermit2(o, _permit2(buyerKey, token, id, 0, 0, PRICE + 1, o.fundBy));
        _refusePermit2(o, _permit2(buyerKey, token, id, 0, 0, PRICE, o.fundBy + 1));
        _refusePermit2(o, _permit2(sellerKey, token, id, 0, 0, PRICE, o.fundBy));
        _refusePermit2(o, _permit2(buyerKey, address(eur), id, 0, 0, PRICE, o.fundBy));
        _refusePayAnyhow(o, _brings(relayer, Source.PERMIT2, ""));
        // an EIP-3009 authorization is no Permit2 signature
        _refusePermit2(o, _buyerAuth(o));
    }

    // ------------------------------------------------------------------------------------------------- EIP-2612

    function testFuzz_create_byPermitWithTheBuyersConsent(uint96 amount, address by) public {
        vm.assume(amount != 0 && by != address(0) && by != address(vm) && by != address(escrow) && by != buyer);
        _enrich(buyer);
        _disallow(buyer);
        OrderTerms memory o = _plain();
        o.amount = amount;
        Funding memory f = _brings(by, Source.EIP2612, _buyerPermit(o));
        vm.expectEmit(address(escrow));
        emit ITermsOrders.OrderCreated(_id(o), buyer, seller, buyer, 0, o.pack());
        bytes32 id = _pay(o, f);
        assertEq(usd.balanceOf(address(escrow)), amount);
        assertEq(usd.allowance(buyer, address(escrow)), 0);
        _assertState(id, T.BUYER_COMMITTED);
    }

    function test_create_byPermitWithConsentInSixtyFourBytes() public {
        _disallow(buyer);
        OrderTerms memory o = _plain();
        bytes memory permit = _permit(buyerKey, usd, PRICE, o.fundBy);
        bytes memory consent = _compact(_signLeg(buyerKey, _id(o), 0, 0));
        _pay(o, _brings(relayer, Source.EIP2612, bytes.concat(permit, consent)));
        _assertState(_id(o), T.BUYER_COMMITTED);
    }

    function test_create_byPermitOfAWalletWithItsConsent() public {
        Wallet wallet = new Wallet(buyer);
        usd.mint(address(wallet), PRICE);
        OrderTerms memory o = _plain();
        o.buyer = address(wallet);
        bytes32 structHash =
            keccak256(abi.encode(usd.PERMIT_TYPEHASH(), address(wallet), address(escrow), uint256(PRICE), 0, o.fundBy));
        bytes memory permit =
            _sign(buyerKey, keccak256(abi.encodePacked(hex"1901", usd.DOMAIN_SEPARATOR(), structHash)));
        bytes memory consent = _signLeg(buyerKey, _id(o), 0, 0);
        _pay(o, _brings(relayer, Source.EIP2612, bytes.concat(permit, consent)));
        _assertState(_id(o), T.BUYER_COMMITTED);
    }

    function test_create_byPermitOfTheBuyerHimselfNeedsNoMore() public {
        _disallow(buyer);
        OrderTerms memory o = _plain();
        _pay(o, _brings(buyer, Source.EIP2612, _permit(buyerKey, usd, PRICE, o.fundBy)));
        _assertState(_id(o), T.BUYER_COMMITTED);
    }

    function test_create_byPermitThatSomebodyPresentedFirst() public {
        _disallow(buyer);
        OrderTerms memory o = _plain();
        bytes memory auth = _buyerPermit(o);
        bytes memory permit = _permit(buyerKey, usd, PRICE, o.fundBy);
        vm.prank(thief);
        usd.permit(buyer, address(escrow), PRICE, o.fundBy, permit);
        _pay(o, _brings(relayer, Source.EIP2612, auth));
        _assertState(_id(o), T.BUYER_COMMITTED);
        assertEq(usd.allowance(buyer, address(escrow)), 0);
    }

    function test_create_byPermitRevertsWithoutTheBuyersConsent() public {
        OrderTerms memory o = _plain();
        OrderTerms memory other = _plain();
        other.salt = keccak256("other");
        bytes memory permit = _permit(buyerKey, usd, PRICE, o.fundBy);
        bytes memory err = _badSignature(buyer);
        // the permit alone, which names no order: even with an unlimited allowance behind it
        _refusePay(o, _brings(thief, Source.EIP2612, permit), err);
        _refusePay(o, _brings(thief, Source.EIP2612, ""), err);
        // consent to another order, to another receipt address, by another signer
        _refusePay(o, _brings(thief, Source.EIP2612, bytes.concat(permit, _signLeg(buyerKey, _id(other), 0, 0))), err);
        _refusePay(
            o, _brings(thief, Source.EIP2612, bytes.concat(permit, _signLeg(buyerKey, _id(o), 0, RECEIPT_ADDRESS))), err
        );
        _refusePay(o, _brings(thief, Source.EIP2612, bytes.concat(permit, _signLeg(sellerKey, _id(o), 0, 0))), err);
    }

    /// @dev What the buyer signs so that somebody else pays for him takes nothing of his own, whatever he has allowed.
    function test_create_consentForAnotherPayerIsNoPermit() public {
        OrderTerms memory o = _plain();
        bytes memory consent = _signBuyerOrder(buyerKey, _id(o), 0);
        _refusePay(o, _brings(thief, Source.EIP2612, bytes.concat(new bytes(65), consent)), _badSignature(buyer));
        bytes memory permit = _permit(buyerKey, usd, PRICE, o.fundBy);
        _refusePay(o, _brings(thief, Source.EIP2612, bytes.concat(permit, consent)), _badSignature(buyer));
    }

    function test_create_byPermitRevertsWhenThePermitIsNoGoodAndNothingIsAllowed() public {
        _disallow(buyer);
        OrderTerms memory o = _plain();
        bytes memory err = abi.encodeWithSelector(SafeTransferLib.TransferFromFailed.selector);
        bytes memory consent = _signLeg(buyerKey, _id(o), 0, 0);
        bytes memory tooLow = _permit(buyerKey, usd, PRICE - 1, o.fundBy);
        bytes memory otherDeadline = _permit(buyerKey, usd, PRICE, o.fundBy + 1);
        bytes memory otherSigner = _permit(sellerKey, usd, PRICE, o.fundBy);
        _refusePay(o, _brings(relayer, Source.EIP2612, bytes.concat(tooLow, consent)), err);
        _refusePay(o, _brings(relayer, Source.EIP2612, bytes.concat(otherDeadline, consent)), err);
        _refusePay(o, _brings(relayer, Source.EIP2612, bytes.concat(otherSigner, consent)), err);
        // too short to be a permit
        _refusePay(o, _brings(buyer, Source.EIP2612, new bytes(64)), _badSignature(buyer));
    }

    // ------------------------------------------------------------------------------------------------- receipt address

    function testFuzz_create_theBuyerSetsHisReceiptAddress(bytes32 receiptAddress) public {
        vm.assume(receiptAddress != 0);
        _activateShields();
        OrderTerms memory o = _shieldable();
        Funding memory f = _calls(buyer, 0);
        f.receiptAddress = receiptAddress;
        vm.expectEmit(address(escrow));
        emit ITermsOrders.OrderCreated(_id(o), buyer, seller, buyer, receiptAddress, o.pack());
        bytes32 id = _pay(o, f);
        assertEq(escrow.shield(id, T.ROLE_BUYER), receiptAddress);
        assertEq(escrow.shield(id, T.ROLE_SELLER), bytes32(0));
    }

    function test_create_anotherPayerSetsItWithTheBuyersSignature() public {
        _activateShields();
        OrderTerms memory o = _shieldable();
        Funding memory f = _calls(relayer, 0);
        f.receiptAddress = RECEIPT_ADDRESS;
        f.auth = _signBuyerOrder(buyerKey, _id(o), RECEIPT_ADDRESS);
        bytes32 id = _pay(o, f);
        assertEq(escrow.shield(id, T.ROLE_BUYER), RECEIPT_ADDRESS);
    }

    function test_create_anAuthorizationCarriesTheConsent() public {
        _activateShields();
        for (uint256 i = 1; i < 4; ++i) {
            OrderTerms memory o = _shieldable();
            o.salt = bytes32(i);
            bytes32 id = _id(o);
            Funding memory f = _brings(relayer, Source(i), "");
            f.receiptAddress = RECEIPT_ADDRESS;
            if (i == 1) f.auth = _authorize(buyerKey, usd, id, 0, RECEIPT_ADDRESS, PRICE, o.fundBy);
            if (i == 2) f.auth = _permit2(buyerKey, address(usd), id, 0, RECEIPT_ADDRESS, PRICE, o.fundBy);
            if (i == 3) {
                f.auth =
                    bytes.concat(_permit(buyerKey, usd, PRICE, o.fundBy), _signLeg(buyerKey, id, 0, RECEIPT_ADDRESS));
            }
            _pay(o, f);
            assertEq(escrow.shield(id, T.ROLE_BUYER), RECEIPT_ADDRESS);
        }
    }

    function testFuzz_create_nobodySetsAnotherReceiptAddress(bytes32 other, uint8 source) public {
        vm.assume(other != 0 && other != RECEIPT_ADDRESS);
        _activateShields();
        OrderTerms memory o = _shieldable();
        bytes32 id = _id(o);
        Funding memory f = _calls(relayer, 0);
        f.receiptAddress = other;
        f.source = Source(source % 4);
        if (f.source == Source.CALLER) f.auth = _signBuyerOrder(buyerKey, id, RECEIPT_ADDRESS);
        if (f.source == Source.EIP3009) f.auth = _authorize(buyerKey, usd, id, 0, RECEIPT_ADDRESS, PRICE, o.fundBy);
        if (f.source == Source.PERMIT2) {
            f.auth = _permit2(buyerKey, address(usd), id, 0, RECEIPT_ADDRESS, PRICE, o.fundBy);
        }
        if (f.source == Source.EIP2612) {
            f.auth = bytes.concat(_permit(buyerKey, usd, PRICE, o.fundBy), _signLeg(buyerKey, id, 0, RECEIPT_ADDRESS));
        }
        _refusePayAnyhow(o, f);
        // nor strips the one that was signed
        f.receiptAddress = 0;
        if (f.source != Source.CALLER) _refusePayAnyhow(o, f);
    }

    function test_create_revertsWhenAnotherPayerSetsItWithoutConsent() public {
        _activateShields();
        OrderTerms memory o = _shieldable();
        Funding memory f = _calls(thief, 0);
        usd.mint(thief, PRICE);
        vm.prank(thief);
        usd.approve(address(escrow), PRICE);
        f.receiptAddress = RECEIPT_ADDRESS;
        _refusePay(o, f, _badSignature(buyer));
        f.auth = _signBuyerOrder(sellerKey, _id(o), RECEIPT_ADDRESS);
        _refusePay(o, f, _badSignature(buyer));
    }

    function test_create_revertsWhenTheConsentIsForAnotherChainContractOrName() public {
        _activateShields();
        OrderTerms memory o = _shieldable();
        Funding memory f = _calls(relayer, 0);
        f.receiptAddress = RECEIPT_ADDRESS;
        bytes32 message = keccak256(abi.encode(BUYER_ORDER_TYPEHASH, _id(o), RECEIPT_ADDRESS));
        string memory name = "CoreProverEscrow";
        f.auth = _sign(buyerKey, _digestUnder(name, block.chainid + 1, address(escrow), message));
        _refusePay(o, f, _badSignature(buyer));
        f.auth = _sign(buyerKey, _digestUnder(name, block.chainid, address(vault), message));
        _refusePay(o, f, _badSignature(buyer));
        f.auth = _sign(buyerKey, _digestUnder("HashedTimelock", block.chainid, address(escrow), message));
        _refusePay(o, f, _badSignature(buyer));
        // the right one
        f.auth = _sign(buyerKey, _digest(message));
        _pay(o, f);
    }

    function test_create_revertsWhenTheTermsPinNoVerifierForIt() public {
        OrderTerms memory o = _plain();
        Funding memory f = _calls(buyer, 0);
        f.receiptAddress = RECEIPT_ADDRESS;
        _refusePay(o, f, abi.encodeWithSelector(ITermsOrders.ShieldNotAvailable.selector, T.ROLE_BUYER));
    }

    function test_create_revertsWhenPartialIsShielded() public {
        _activateShields();
        OrderTerms memory o = _partial();
        o.zkbVersion = 1;
        Funding memory f = _calls(buyer, 0);
        f.receiptAddress = RECEIPT_ADDRESS;
        _refusePay(o, f, abi.encodeWithSelector(ITermsOrders.ShieldNotAvailable.selector, T.ROLE_BUYER));
    }

    function test_create_aWalletConsentsByItsSignature() public {
        _activateShields();
        Wallet wallet = new Wallet(buyer);
        OrderTerms memory o = _shieldable();
        o.buyer = address(wallet);
        Funding memory f = _calls(relayer, 0);
        f.receiptAddress = RECEIPT_ADDRESS;
        f.auth = _signBuyerOrder(buyerKey, _id(o), RECEIPT_ADDRESS);
        wallet.setRefusing(true);
        _refusePay(o, f, _badSignature(address(wallet)));
        wallet.setRefusing(false);
        _pay(o, f);
        assertEq(escrow.shield(_id(o), T.ROLE_BUYER), RECEIPT_ADDRESS);
    }

    function test_create_aSignatureSurvivesCodeThatItsAccountGains() public {
        _activateShields();
        OrderTerms memory o = _shieldable();
        Funding memory f = _calls(relayer, 0);
        f.receiptAddress = RECEIPT_ADDRESS;
        f.auth = _signBuyerOrder(buyerKey, _id(o), RECEIPT_ADDRESS);
        // code that answers no signature at all
        vm.etch(buyer, address(new RevertingPayee()).code);
        _pay(o, f);
        _assertState(_id(o), T.BUYER_COMMITTED);
    }

    // ------------------------------------------------------------------------------------------------- verifiers

    function test_create_revertsWhenAVerifierOfTheTermsIsNotActive() public {
        OrderTerms memory o = _shieldable();
        _refusePay(
            o, _calls(buyer, 0), abi.encodeWithSelector(ITermsOrders.VerifierNotActive.selector, ZKB_01, uint48(1))
        );
        o = _plain();
        o.policy = T.ZK_PROOF;
        o.deliveryCircuit = keccak256("delivery");
        o.deliveryVersion = 3;
        _refusePay(
            o,
            _calls(buyer, 0),
            abi.encodeWithSelector(ITermsOrders.VerifierNotActive.selector, o.deliveryCircuit, uint48(3))
        );
    }

    function test_create_revertsWhenTheDeliveryCircuitIsNotFlaggedAsOne() public {
        _activateShields();
        OrderTerms memory o = _plain();
        o.policy = T.ZK_PROOF;
        o.deliveryCircuit = ZKB_01;
        o.deliveryVersion = 1;
        _refusePay(
            o, _calls(buyer, 0), abi.encodeWithSelector(ITermsOrders.VerifierNotActive.selector, ZKB_01, uint48(1))
        );
    }

    function test_create_revertsWhenTheVerifierIsDeprecatedOrRevoked() public {
        _activateShields();
        OrderTerms memory o = _shieldable();
        bytes memory err = abi.encodeWithSelector(ITermsOrders.VerifierNotActive.selector, ZKB_01, uint48(1));
        vm.prank(aggregator);
        registry.deprecate(ZKB_01, 1);
        _refusePay(o, _calls(buyer, 0), err);
        vm.prank(guardian);
        registry.revoke(ZKB_01, 1);
        _refusePay(o, _calls(buyer, 0), err);
    }

    // ------------------------------------------------------------------------------------------------- deadlines

    function testFuzz_create_atTheLastSecondAndNotAfter(uint8 source) public {
        OrderTerms memory o = _plain();
        Funding memory f = _calls(buyer, 0);
        f.source = Source(source % 4);
        if (f.source == Source.EIP3009) f.auth = _buyerAuth(o);
        if (f.source == Source.PERMIT2) f.auth = _buyerPermit2(o);
        if (f.source == Source.EIP2612) {
            f.by = relayer;
            f.auth = _buyerPermit(o);
        }
        if (f.source != Source.CALLER) _disallow(buyer);
        vm.warp(uint256(o.fundBy) + 1);
        _refusePay(o, f, abi.encodeWithSelector(ITermsOrders.InvalidTerms.selector, Fault.FUND_BY_PASSED));
        vm.warp(o.fundBy);
        _pay(o, f);
        _assertState(_id(o), T.BUYER_COMMITTED);
    }

    // ------------------------------------------------------------------------------------------------- ids

    /// @dev The digest from the standard's text: no constant of the project's own in it.
    function testFuzz_orderIdOf_isTheDigestComputedByHand(Terms calldata t, uint64 chainId) public {
        vm.chainId(bound(chainId, 1, type(uint64).max - 1));
        bytes32 typeHash = keccak256(
            "OrderTerms(address buyer,address seller,uint256 payment,uint256 counter,address feeReceiver,address arbiter,address verifier,bytes32 deliveryCircuit,uint256 rules,uint256 times,bytes32 sessionId,bytes32 offerHash,bytes32 salt)"
        );
        bytes memory parties = abi.encode(typeHash, t.buyer, t.seller, t.payment, t.counter);
        bytes memory others = abi.encode(t.feeReceiver, t.arbiter, t.verifier, t.deliveryCircuit);
        bytes memory rest = abi.encode(t.rules, t.times, t.sessionId, t.offerHash, t.salt);
        bytes32 structHash = keccak256(bytes.concat(parties, others, rest));
        bytes32 expected = _digestUnder("CoreProverEscrow", block.chainid, address(escrow), structHash);
        assertEq(escrow.orderIdOf(t), expected);
    }

    function test_create_returnsTheDigest() public {
        OrderTerms memory o = _plain();
        bytes32 expected = _id(o);
        assertEq(_create(o), expected);
    }

    function test_create_theSameTermsElsewhereAreAnotherOrder() public {
        OrderTerms memory o = _plain();
        IEscrow other = IEscrow(Built.deploy("CoreProverEscrow", abi.encode(permit2, registry, address(0))));
        bytes32 here = _id(o);
        assertNotEq(other.orderIdOf(o.pack()), here, "another contract");
        // an authorization for here is no good there
        bytes memory auth = _buyerAuth(o);
        Terms memory t = o.pack();
        vm.expectRevert(_invalidSignature(buyer));
        other.create(t, Source.EIP3009, 0, auth);
        vm.chainId(block.chainid + 1);
        assertNotEq(_id(o), here, "another chain");
        _refusePay(o, _brings(relayer, Source.EIP3009, auth), _invalidSignature(buyer));
    }

    function testFuzz_create_twiceIsRefused(uint8 source) public {
        OrderTerms memory o = _plain();
        Funding memory f = _calls(buyer, 0);
        f.source = Source(source % 3);
        if (f.source == Source.EIP3009) f.auth = _buyerAuth(o);
        if (f.source == Source.PERMIT2) f.auth = _buyerPermit2(o);
        bytes32 id = _pay(o, f);
        _refusePay(o, f, _wrongState(id, T.BUYER_COMMITTED));
        _refusePay(o, _calls(relayer, 0), _wrongState(id, T.BUYER_COMMITTED));
    }

    function test_create_isRefusedInEveryLaterState() public {
        OrderTerms memory o = _arbitrated();
        bytes32 id = _both(o);
        _refusePay(o, _calls(buyer, 0), _wrongState(id, T.BOTH_COMMITTED));
        _fulfil(o, keccak256("evidence"));
        _refusePay(o, _calls(buyer, 0), _wrongState(id, T.FULFILLED));
        _dispute(o);
        _refusePay(o, _calls(buyer, 0), _wrongState(id, T.DISPUTED));
    }

    /// @dev Ends an order in the very second it was paid in, so that nothing but its id can refuse it again.
    function _endAtOnce(OrderTerms memory o, uint256 toBuyer) private returns (bytes32 id) {
        id = _create(o);
        Split memory s;
        s.toBuyer = toBuyer;
        s.toSeller = o.amount - toBuyer;
        uint256 deadline = vm.getBlockTimestamp();
        bytes memory buyerAuth = _signSettlement(buyerKey, id, s, deadline);
        bytes memory sellerAuth = _signSettlement(sellerKey, id, s, deadline);
        vm.prank(relayer);
        escrow.settle(o.pack(), s, deadline, buyerAuth, sellerAuth, 0);
    }

    function testFuzz_create_anIdIsNeverUsedAgain(uint256 toBuyer) public {
        OrderTerms memory o = _plain();
        toBuyer = bound(toBuyer, 0, PRICE);
        bytes32 id = _endAtOnce(o, toBuyer);
        T.State end = toBuyer == 0 ? T.BOTH_CLAIMED : toBuyer == PRICE ? T.EXPIRED : T.RESOLVED;
        _assertState(id, end);
        _refusePay(o, _calls(buyer, 0), _wrongState(id, end));
        _refusePay(o, _brings(relayer, Source.EIP3009, _buyerAuth(o)), _wrongState(id, end));
    }

    function test_create_anIdIsNeverUsedAgainAfterEachEnd() public {
        OrderTerms memory o = _plain();
        bytes32 id = _endAtOnce(o, 0);
        _refusePay(o, _calls(buyer, 0), _wrongState(id, T.BOTH_CLAIMED));
        o.salt = keccak256("second");
        id = _endAtOnce(o, PRICE);
        _refusePay(o, _calls(buyer, 0), _wrongState(id, T.EXPIRED));
        o.salt = keccak256("third");
        id = _endAtOnce(o, 1);
        _refusePay(o, _calls(buyer, 0), _wrongState(id, T.RESOLVED));
        assertEq(usd.balanceOf(address(escrow)), 0);
    }

    // ------------------------------------------------------------------------------------------------- event

    /// Shows R-337, R-342, R-514.
    function test_create_publishesEveryTerm() public {
        OrderTerms memory o = _withFee(_bonded());
        o.jurisdiction = 7;
        Terms memory t = o.pack();
        vm.recordLogs();
        bytes32 id = _create(o);
        bytes32 topic = keccak256(
            "OrderCreated(bytes32,address,address,address,bytes32,(address,address,uint256,uint256,address,address,address,bytes32,uint256,uint256,bytes32,bytes32,bytes32))"
        );
        (bytes32[] memory topics, bytes memory data) = _logOf(topic);
        assertEq(topics.length, 4);
        assertEq(topics[1], id);
        assertEq(topics[2], bytes32(uint256(uint160(buyer))));
        assertEq(topics[3], bytes32(uint256(uint160(seller))));
        assertEq(data, abi.encode(buyer, bytes32(0), t));
        (,, Terms memory published) = abi.decode(data, (address, bytes32, Terms));
        assertEq(escrow.orderIdOf(published), id, "the id can be computed from the event alone");
        assertEq(abi.encode(OrderTermsLib.unpack(published)), abi.encode(o));
    }

    function _logOf(bytes32 topic) private returns (bytes32[] memory topics, bytes memory data) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 found;
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].emitter != address(escrow) || logs[i].topics[0] != topic) continue;
            found++;
            (topics, data) = (logs[i].topics, logs[i].data);
        }
        assertEq(found, 1, "one event");
    }
}
