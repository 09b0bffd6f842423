// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {Commitment, ITermsOrders, Split} from "../../contracts/interfaces/ITermsOrders.sol";
import {ITreasury, Source} from "../../contracts/interfaces/ITreasury.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {Receipt as OrderReceipt} from "../../contracts/libraries/Receipt.sol";
import "../../contracts/libraries/Terms.sol" as T;
import {State, Terms} from "../../contracts/libraries/Terms.sol";
import {SELLER_COMMITMENT_TYPEHASH} from "../../contracts/libraries/TypeHashes.sol";
import {RevertingPayee} from "../actors/Payees.sol";
import {TaggedWallet} from "../actors/TaggedWallet.sol";
import {Wallet} from "../actors/Wallet.sol";
import {FeeToken} from "../tokens/FeeToken.sol";
import {TestUSD} from "../tokens/TestUSD.sol";
import {VerbTest} from "./VerbTest.sol";

/// @title A token that writes down the state of one order at every transfer
contract WatchingToken is TestUSD {
    ITermsOrders public escrow;
    bytes32 public orderId;
    uint8[] public seen;

    function watch(ITermsOrders escrow_, bytes32 orderId_) external {
        (escrow, orderId) = (escrow_, orderId_);
    }

    function count() external view returns (uint256) {
        return seen.length;
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (address(escrow) != address(0)) seen.push(uint8(escrow.slot(orderId) >> 248));
    }
}

contract CommitTest is VerbTest {
    using OrderTermsLib for OrderTerms;

    function _sellerAuth(OrderTerms memory o) private view returns (bytes memory) {
        return _authorize(sellerKey, TestUSD(o.counterToken), _id(o), 1, 0, o.counterAmount, o.commitBy);
    }

    function _sellerPermit2(OrderTerms memory o) private view returns (bytes memory) {
        return _permit2(sellerKey, o.counterToken, _id(o), 1, 0, o.counterAmount, o.commitBy);
    }

    function _sellerPermit(OrderTerms memory o) private view returns (bytes memory) {
        return bytes.concat(
            _permit(sellerKey, TestUSD(o.counterToken), o.counterAmount, o.commitBy), _signLeg(sellerKey, _id(o), 1, 0)
        );
    }

    function _bond(OrderTerms memory o, Source source) private view returns (Funding memory f) {
        f = _brings(relayer, source, "");
        if (source == Source.CALLER) f.by = seller;
        if (source == Source.EIP3009) f.auth = _sellerAuth(o);
        if (source == Source.PERMIT2) f.auth = _sellerPermit2(o);
        if (source == Source.EIP2612) f.auth = _sellerPermit(o);
    }

    // ------------------------------------------------------------------------------------------------- who

    /// Shows R-343.
    function testFuzz_commit_bySellerHimself(string calldata name, string calldata license, bytes32 documentHash)
        public
    {
        OrderTerms memory o = _plain();
        bytes32 id = _create(o);
        Commitment memory c = Commitment(name, license, documentHash, 0, "");
        vm.expectEmit(address(escrow));
        emit ITermsOrders.SellerCommitted(id, name, license, documentHash, 0);
        _bind(o, c, _calls(seller, 0));
        _assertState(id, T.BOTH_COMMITTED);
        assertEq(usd.balanceOf(address(escrow)), PRICE);
    }

    /// Shows R-343.
    function testFuzz_commit_byAnybodyWithHisSignature(
        address by,
        string calldata name,
        string calldata license,
        bytes32 documentHash,
        bool compact
    ) public {
        vm.assume(by != address(0) && by != address(vm) && by != address(escrow));
        OrderTerms memory o = _plain();
        bytes32 id = _create(o);
        Commitment memory c = Commitment(name, license, documentHash, 0, "");
        c.signature = _signCommitment(sellerKey, id, c);
        if (compact) c.signature = _compact(c.signature);
        vm.expectEmit(address(escrow));
        emit ITermsOrders.SellerCommitted(id, name, license, documentHash, 0);
        _bind(o, c, _calls(by, 0));
        _assertState(id, T.BOTH_COMMITTED);
    }

    function test_commit_aWalletSignsForItself() public {
        Wallet wallet = new Wallet(seller);
        OrderTerms memory o = _plain();
        o.seller = address(wallet);
        bytes32 id = _create(o);
        Commitment memory c = _signedCommitment(o);
        wallet.setRefusing(true);
        _refuseBind(o, c, _calls(relayer, 0), _badSignature(address(wallet)));
        wallet.setRefusing(false);
        _bind(o, c, _calls(relayer, 0));
        _assertState(id, T.BOTH_COMMITTED);
    }

    function test_commit_aWalletWithLongSignatures() public {
        TaggedWallet wallet = new TaggedWallet(seller);
        OrderTerms memory o = _plain();
        o.seller = address(wallet);
        bytes32 id = _create(o);
        Commitment memory c = _signedCommitment(o);
        _refuseBind(o, c, _calls(relayer, 0), _badSignature(address(wallet)));
        c.signature = bytes.concat(wallet.TAG(), c.signature);
        _bind(o, c, _calls(relayer, 0));
        _assertState(id, T.BOTH_COMMITTED);
    }

    function test_commit_aSignatureSurvivesCodeThatItsAccountGains() public {
        OrderTerms memory o = _plain();
        bytes32 id = _create(o);
        Commitment memory c = _signedCommitment(o);
        vm.etch(seller, address(new RevertingPayee()).code);
        _bind(o, c, _calls(relayer, 0));
        _assertState(id, T.BOTH_COMMITTED);
    }

    function test_commit_revertsWithoutTheSellersSignature() public {
        OrderTerms memory o = _plain();
        bytes32 id = _create(o);
        Commitment memory c = _commitment();
        bytes memory err = _badSignature(seller);
        _refuseBind(o, c, _calls(buyer, 0), err);
        _refuseBind(o, c, _calls(thief, 0), err);
        c.signature = new bytes(65);
        _refuseBind(o, c, _calls(thief, 0), err);
        c.signature = _signCommitment(buyerKey, id, c);
        _refuseBind(o, c, _calls(buyer, 0), err);
        c.signature = _signCommitment(arbiterKey, id, c);
        _refuseBind(o, c, _calls(arbiter, 0), err);
    }

    function testFuzz_commit_revertsWhenTheSignatureIsGarbage(bytes calldata signature, address by) public {
        vm.assume(by != seller && by != address(vm) && by != address(0));
        OrderTerms memory o = _plain();
        _create(o);
        Commitment memory c = _commitment();
        c.signature = signature;
        _refuseBind(o, c, _calls(by, 0), _badSignature(seller));
    }

    function test_commit_revertsWhenAnythingSignedIsChanged() public {
        _activateShields();
        OrderTerms memory o = _shieldable();
        _create(o);
        bytes memory err = _badSignature(seller);
        Commitment memory c = _signedCommitment(o);
        c.businessName = "Pizza Hut #4522";
        _refuseBind(o, c, _calls(relayer, 0), err);
        c = _signedCommitment(o);
        c.businessLicense = "";
        _refuseBind(o, c, _calls(relayer, 0), err);
        c = _signedCommitment(o);
        (c.businessName, c.businessLicense) = (c.businessLicense, c.businessName);
        _refuseBind(o, c, _calls(relayer, 0), err);
        c = _signedCommitment(o);
        c.documentHash = keccak256("other details");
        _refuseBind(o, c, _calls(relayer, 0), err);
        c = _signedCommitment(o);
        c.deliveryCommitment = keccak256("the thief's");
        _refuseBind(o, c, _calls(relayer, 0), err);
    }

    function test_commit_revertsWhenTheSignatureIsForAnotherOrderChainContractOrName() public {
        OrderTerms memory o = _plain();
        OrderTerms memory other = _plain();
        other.salt = keccak256("other");
        bytes32 id = _create(o);
        _create(other);
        bytes memory err = _badSignature(seller);
        Commitment memory c = _signedCommitment(other);
        _refuseBind(o, c, _calls(relayer, 0), err);
        c = _commitment();
        bytes32 empty = keccak256("");
        bytes32 message = keccak256(abi.encode(SELLER_COMMITMENT_TYPEHASH, id, empty, empty, bytes32(0), bytes32(0)));
        string memory name = "CoreProverEscrow";
        c.signature = _sign(sellerKey, _digestUnder(name, block.chainid + 1, address(escrow), message));
        _refuseBind(o, c, _calls(relayer, 0), err);
        c.signature = _sign(sellerKey, _digestUnder(name, block.chainid, address(vault), message));
        _refuseBind(o, c, _calls(relayer, 0), err);
        c.signature = _sign(sellerKey, _digestUnder("TgpRouter", block.chainid, address(escrow), message));
        _refuseBind(o, c, _calls(relayer, 0), err);
        c.signature = _sign(sellerKey, _digestUnder(name, block.chainid, address(escrow), message));
        _bind(o, c, _calls(relayer, 0));
    }

    // ------------------------------------------------------------------------------------------------- bonds

    function testFuzz_commit_takesAnEthBondFromTheSeller(uint96 bond) public {
        vm.assume(bond != 0);
        _enrich(seller);
        OrderTerms memory o = _ethBonded();
        o.counterAmount = bond;
        bytes32 id = _create(o);
        uint256 had = seller.balance;
        _bind(o, _commitment(), _calls(seller, bond));
        assertEq(address(escrow).balance, bond);
        assertEq(seller.balance, had - bond);
        _assertState(id, T.BOTH_COMMITTED);
    }

    function testFuzz_commit_revertsWhenTheEthBondIsNotExact(uint96 bond, uint96 sent) public {
        vm.assume(bond != 0 && bond != sent);
        _enrich(seller);
        OrderTerms memory o = _ethBonded();
        o.counterAmount = bond;
        _create(o);
        _refuseBind(o, _commitment(), _calls(seller, sent), _wrongValue(bond, sent));
    }

    function testFuzz_commit_revertsWhenEthComesWhereNoneIsDue(uint96 sent, bool bonded) public {
        vm.assume(sent != 0);
        _enrich(seller);
        OrderTerms memory o = bonded ? _bonded() : _plain();
        _create(o);
        _refuseBind(o, _commitment(), _calls(seller, sent), _wrongValue(0, sent));
    }

    function test_commit_nobodyElseBringsAnEthBond() public {
        OrderTerms memory o = _ethBonded();
        _create(o);
        Commitment memory c = _signedCommitment(o);
        _refuseBind(o, c, _calls(relayer, 2 ether), _badFunding(seller));
        _refuseBind(o, c, _calls(buyer, 2 ether), _badFunding(seller));
        _refuseBind(o, c, _calls(relayer, 0), _wrongValue(2 ether, 0));
    }

    function testFuzz_commit_anEthBondHasNoOtherSource(uint8 source) public {
        OrderTerms memory o = _ethBonded();
        _create(o);
        Funding memory f = _calls(seller, 2 ether);
        f.source = Source(bound(source, 1, 3));
        f.auth = new bytes(65);
        _refuseBind(o, _commitment(), f, _badFunding(seller));
    }

    function testFuzz_commit_takesATokenBondFromEverySource(uint96 bond, uint8 source_) public {
        vm.assume(bond != 0);
        _enrich(seller);
        Source source = Source(source_ % 4);
        if (source != Source.CALLER) _disallow(seller);
        OrderTerms memory o = _bonded();
        o.counterToken = address(eur);
        o.counterAmount = bond;
        bytes32 id = _create(o);
        uint256 had = eur.balanceOf(seller);
        Commitment memory c = _signedCommitment(o);
        _bind(o, c, _bond(o, source));
        assertEq(eur.balanceOf(address(escrow)), bond);
        assertEq(eur.balanceOf(seller), had - bond);
        assertEq(usd.balanceOf(address(escrow)), PRICE, "the payment stays");
        _assertState(id, T.BOTH_COMMITTED);
    }

    function test_commit_aBondInThePaymentsTokenAddsUp() public {
        OrderTerms memory o = _bonded();
        _create(o);
        _bind(o, _commitment(), _calls(seller, 0));
        assertEq(usd.balanceOf(address(escrow)), uint256(PRICE) * 2);
    }

    function test_commit_nobodyElsesTokensBecomeABond() public {
        OrderTerms memory o = _bonded();
        _create(o);
        Commitment memory c = _signedCommitment(o);
        // relayer and buyer have money and allowances of their own; the seller's allowance is not theirs to use
        _refuseBind(o, c, _calls(relayer, 0), _badFunding(seller));
        _refuseBind(o, c, _calls(buyer, 0), _badFunding(seller));
        // the relayer's own authorization is not the seller's
        (, uint256 relayerKey) = makeAddrAndKey("relayer");
        bytes memory auth = _authorize(relayerKey, usd, _id(o), 1, 0, o.counterAmount, o.commitBy);
        _refuseBind(o, c, _brings(relayer, Source.EIP3009, auth), _invalidSignature(seller));
        auth = _permit2(relayerKey, address(usd), _id(o), 1, 0, o.counterAmount, o.commitBy);
        _refuseBind(o, c, _brings(relayer, Source.PERMIT2, auth), abi.encodeWithSignature("InvalidSigner()"));
    }

    function test_commit_aBondAuthorizationIsNoCommitment() public {
        OrderTerms memory o = _bonded();
        _create(o);
        for (uint256 i = 1; i < 4; ++i) {
            _refuseBind(o, _commitment(), _bond(o, Source(i)), _badSignature(seller));
        }
    }

    function test_commit_revertsWhenTheBondAuthorizationIsForSomethingElse() public {
        OrderTerms memory o = _bonded();
        bytes32 id = _create(o);
        OrderTerms memory other = _bonded();
        other.salt = keccak256("other");
        _refuseAuth(o, _sellerAuth(other));
        _refuseAuth(o, _authorize(sellerKey, usd, id, 0, 0, PRICE, o.commitBy));
        _refuseAuth(o, _authorize(sellerKey, usd, id, 2, 0, PRICE, o.commitBy));
        _refuseAuth(o, _authorize(sellerKey, usd, id, 1, RECEIPT_ADDRESS, PRICE, o.commitBy));
        _refuseAuth(o, _authorize(sellerKey, usd, id, 1, 0, PRICE + 1, o.commitBy));
        _refuseAuth(o, _authorize(sellerKey, usd, id, 1, 0, PRICE, o.fundBy));
        _refuseAuth(o, _authorize(sellerKey, eur, id, 1, 0, PRICE, o.commitBy));
        _refuseBindAnyhow(o, _signedCommitment(o), _brings(relayer, Source.EIP3009, ""));
        _refuseBindAnyhow(o, _signedCommitment(o), _brings(relayer, Source.PERMIT2, _sellerPermit2(other)));
        _refuseBind(o, _signedCommitment(o), _brings(relayer, Source.EIP2612, ""), _badSignature(seller));
    }

    function _refuseAuth(OrderTerms memory o, bytes memory auth) private {
        Commitment memory c = _signedCommitment(o);
        _refuseBind(o, c, _brings(relayer, Source.EIP3009, auth), _invalidSignature(seller));
    }

    function test_commit_aPermitThatSomebodyPresentedFirst() public {
        _disallow(seller);
        OrderTerms memory o = _bonded();
        _create(o);
        bytes memory auth = _sellerPermit(o);
        bytes memory permit = _permit(sellerKey, usd, o.counterAmount, o.commitBy);
        vm.prank(thief);
        usd.permit(seller, address(escrow), o.counterAmount, o.commitBy, permit);
        _bind(o, _signedCommitment(o), _brings(relayer, Source.EIP2612, auth));
        _assertState(_id(o), T.BOTH_COMMITTED);
    }

    /// @dev With an unlimited allowance behind it: neither the commitment nor a permit of no order brings the bond.
    function test_commit_revertsWhenThePermitIsNotForThisLeg() public {
        OrderTerms memory o = _bonded();
        bytes32 id = _create(o);
        OrderTerms memory other = _bonded();
        other.salt = keccak256("other");
        bytes memory permit = _permit(sellerKey, usd, o.counterAmount, o.commitBy);
        bytes[6] memory wrong = [
            new bytes(65),
            permit,
            bytes.concat(permit, _signLeg(sellerKey, _id(other), 1, 0)),
            bytes.concat(permit, _signLeg(sellerKey, id, 0, 0)),
            bytes.concat(permit, _signLeg(sellerKey, id, 2, 0)),
            bytes.concat(permit, _signLeg(buyerKey, id, 1, 0))
        ];
        for (uint256 i; i < 6; ++i) {
            _refuseBind(o, _signedCommitment(o), _brings(relayer, Source.EIP2612, wrong[i]), _badSignature(seller));
        }
    }

    function test_commit_revertsWhenTheBondsTokenTakesAFee() public {
        FeeToken token = new FeeToken();
        token.mint(seller, PRICE);
        vm.prank(seller);
        token.approve(address(escrow), PRICE);
        OrderTerms memory o = _bonded();
        o.counterToken = address(token);
        _create(o);
        _refuseBind(
            o,
            _commitment(),
            _calls(seller, 0),
            abi.encodeWithSelector(ITreasury.InexactTransfer.selector, token, uint256(PRICE), uint256(PRICE) * 99 / 100)
        );
    }

    function test_commit_revertsWhenTheSellerCannotPayTheBond() public {
        _disallow(seller);
        OrderTerms memory o = _bonded();
        _create(o);
        bytes memory err = abi.encodeWithSelector(SafeTransferLib.TransferFromFailed.selector);
        _refuseBind(o, _commitment(), _calls(seller, 0), err);
    }

    // ------------------------------------------------------------------------------------------------- when

    function testFuzz_commit_atTheLastSecondAndNotAfter(uint8 source) public {
        OrderTerms memory o = _bonded();
        bytes32 id = _create(o);
        Commitment memory c = _signedCommitment(o);
        Funding memory f = _bond(o, Source(source % 4));
        vm.warp(uint256(o.commitBy) + 1);
        _refuseBind(o, c, f, _tooLate(o.commitBy));
        vm.warp(o.commitBy);
        _bind(o, c, f);
        _assertState(id, T.BOTH_COMMITTED);
    }

    function testFuzz_commit_andRefundAreNeverOpenTogether(uint40 time) public {
        OrderTerms memory o = _plain();
        bytes32 id = _create(o);
        time = uint40(bound(time, START, uint256(o.deliverBy) + 400 days));
        vm.warp(time);
        uint256 snapshot = vm.snapshotState();
        bool commits =
            _succeeds(seller, abi.encodeCall(ITermsOrders.commit, (o.pack(), _commitment(), Source.CALLER, "")));
        vm.revertToState(snapshot);
        bool refunds = _succeeds(relayer, abi.encodeCall(ITermsOrders.refund, (o.pack())));
        assertEq(commits, time <= o.commitBy);
        assertEq(refunds, !commits);
        if (refunds) _assertState(id, T.EXPIRED);
    }

    function _succeeds(address by, bytes memory data) private returns (bool done) {
        vm.prank(by);
        (done,) = address(escrow).call(data);
    }

    function test_commit_revertsInEveryOtherState() public {
        OrderTerms memory o = _arbitrated();
        bytes32 id = _id(o);
        Commitment memory c = _signedCommitment(o);
        _refuseBind(o, c, _calls(relayer, 0), _wrongState(id, T.NONE));
        _refuseBind(o, c, _calls(seller, 0), _wrongState(id, T.NONE));
        _create(o);
        _bind(o, c, _calls(relayer, 0));
        _refuseBind(o, c, _calls(relayer, 0), _wrongState(id, T.BOTH_COMMITTED));
        _fulfil(o, keccak256("evidence"));
        _refuseBind(o, c, _calls(relayer, 0), _wrongState(id, T.FULFILLED));
        _dispute(o);
        _refuseBind(o, c, _calls(seller, 0), _wrongState(id, T.DISPUTED));
    }

    function testFuzz_commit_revertsAfterEveryEnd(uint256 toBuyer) public {
        OrderTerms memory o = _plain();
        bytes32 id = _create(o);
        Split memory s;
        s.toBuyer = bound(toBuyer, 0, PRICE);
        s.toSeller = PRICE - s.toBuyer;
        uint256 deadline = vm.getBlockTimestamp();
        bytes memory buyerAuth = _signSettlement(buyerKey, id, s, deadline);
        vm.prank(seller);
        escrow.settle(o.pack(), s, deadline, buyerAuth, "", 0);
        State end = s.toBuyer == 0 ? T.BOTH_CLAIMED : s.toSeller == 0 ? T.EXPIRED : T.RESOLVED;
        _refuseBind(o, _signedCommitment(o), _calls(relayer, 0), _wrongState(id, end));
    }

    // ------------------------------------------------------------------------------------------------- shielded

    function test_commit_recordsTheDeliveryCommitment() public {
        _activateShields();
        OrderTerms memory o = _shieldable();
        bytes32 id = _create(o);
        Commitment memory c = _commitment();
        c.deliveryCommitment = keccak256("destination");
        c.signature = _signCommitment(sellerKey, id, c);
        _bind(o, c, _calls(relayer, 0));
        assertEq(escrow.shield(id, T.ROLE_SELLER), c.deliveryCommitment);
        assertEq(escrow.shield(id, T.ROLE_BUYER), bytes32(0));
    }

    function test_commit_revertsWhenTheTermsPinNoVerifierForIt() public {
        OrderTerms memory o = _plain();
        _create(o);
        Commitment memory c = _commitment();
        c.deliveryCommitment = keccak256("destination");
        _refuseBind(
            o, c, _calls(seller, 0), abi.encodeWithSelector(ITermsOrders.ShieldNotAvailable.selector, T.ROLE_SELLER)
        );
    }

    // ------------------------------------------------------------------------------------------------- both at once

    function _payAndBind(OrderTerms memory o, Funding memory pay, Commitment memory c, Funding memory bond) private {
        vm.prank(pay.by);
        escrow.createWithCommitment{value: pay.value}(
            o.pack(), pay.source, pay.receiptAddress, pay.auth, c, bond.source, bond.auth
        );
    }

    function _refuseBoth(
        OrderTerms memory o,
        Funding memory pay,
        Commitment memory c,
        Funding memory bond,
        bytes memory err
    ) private {
        bytes32 before = _fingerprint(_id(o));
        Terms memory t = o.pack();
        vm.prank(pay.by);
        vm.expectRevert(err);
        escrow.createWithCommitment{value: pay.value}(
            t, pay.source, pay.receiptAddress, pay.auth, c, bond.source, bond.auth
        );
        assertEq(_fingerprint(_id(o)), before, "a refused call changes nothing");
    }

    /// @dev What the escrow logged: topics and data of each event.
    function _escrowLogs() private returns (bytes memory all) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].emitter == address(escrow)) all = abi.encode(all, logs[i].topics, logs[i].data);
        }
    }

    function testFuzz_createWithCommitment_equalsCreateAndCommit(uint96 amount, uint96 bond, uint8 by, bool swap)
        public
    {
        amount = uint96(bound(amount, 1, type(uint96).max));
        bond = uint96(bound(bond, 1, type(uint96).max));
        _enrich(buyer);
        _enrich(seller);
        OrderTerms memory o = swap ? _withFee(_swapped()) : _bonded();
        (o.amount, o.counterAmount) = (amount, bond);
        bytes32 id = _id(o);
        Source source = Source(by % 4);
        Funding memory pay = _brings(relayer, Source.EIP3009, _buyerAuth(o));
        Funding memory bondage = _bond(o, source);
        pay.by = bondage.by;
        Commitment memory c = _signedCommitment(o);

        uint256 snapshot = vm.snapshotState();
        vm.recordLogs();
        _pay(o, pay);
        _bind(o, c, bondage);
        bytes32 apart = keccak256(abi.encode(_fingerprint(id), _escrowLogs()));
        vm.revertToState(snapshot);
        _payAndBind(o, pay, c, bondage);
        assertEq(keccak256(abi.encode(_fingerprint(id), _escrowLogs())), apart);
        _assertState(id, swap ? T.BOTH_CLAIMED : T.BOTH_COMMITTED);
    }

    function test_createWithCommitment_aSellerMayBringAllTheEth() public {
        OrderTerms memory o = _eth(_ethBonded(), 1 ether);
        _payAndBind(o, _calls(seller, 3 ether), _commitment(), _calls(seller, 0));
        _assertState(_id(o), T.BOTH_COMMITTED);
        assertEq(address(escrow).balance, 3 ether);
    }

    function testFuzz_createWithCommitment_revertsWhenTheEthIsNotExact(uint96 sent) public {
        vm.assume(sent != 3 ether);
        _enrich(seller);
        OrderTerms memory o = _eth(_ethBonded(), 1 ether);
        _refuseBoth(o, _calls(seller, sent), _commitment(), _calls(seller, 0), _wrongValue(3 ether, sent));
    }

    function test_createWithCommitment_nobodyElseBringsTheBond() public {
        OrderTerms memory o = _eth(_ethBonded(), 1 ether);
        _refuseBoth(o, _calls(buyer, 3 ether), _signedCommitment(o), _calls(buyer, 0), _badFunding(seller));
        o = _bonded();
        _refuseBoth(o, _calls(buyer, 0), _signedCommitment(o), _calls(buyer, 0), _badFunding(seller));
    }

    function test_createWithCommitment_revertsWithoutTheSellersSignature() public {
        OrderTerms memory o = _plain();
        _refuseBoth(o, _calls(buyer, 0), _commitment(), _calls(buyer, 0), _badSignature(seller));
        Commitment memory c = _signedCommitment(o);
        o.salt = keccak256("other");
        _refuseBoth(o, _calls(buyer, 0), c, _calls(buyer, 0), _badSignature(seller));
    }

    function test_createWithCommitment_revertsWhenTheOrderIsThere() public {
        OrderTerms memory o = _plain();
        bytes32 id = _create(o);
        Commitment memory c = _signedCommitment(o);
        _refuseBoth(o, _calls(buyer, 0), c, _calls(buyer, 0), _wrongState(id, T.BUYER_COMMITTED));
        _bind(o, c, _calls(relayer, 0));
        _refuseBoth(o, _calls(buyer, 0), c, _calls(buyer, 0), _wrongState(id, T.BOTH_COMMITTED));
    }

    // ------------------------------------------------------------------------------------------------- swaps

    struct Purse {
        uint256 buyerPays;
        uint256 buyerGets;
        uint256 sellerPays;
        uint256 sellerGets;
        uint256 fees;
    }

    function _balance(address token, address who) private view returns (uint256) {
        return token == address(0) ? who.balance : TestUSD(token).balanceOf(who);
    }

    function _purse(OrderTerms memory o) private view returns (Purse memory p) {
        p.buyerPays = _balance(o.token, buyer);
        p.buyerGets = _balance(o.counterToken, buyer);
        p.sellerPays = _balance(o.counterToken, seller);
        p.sellerGets = _balance(o.token, seller);
        p.fees = _balance(o.token, feeReceiver);
    }

    function _swapOf(uint96 amount, uint96 counter, uint8 tokens) private returns (OrderTerms memory o) {
        _enrich(buyer);
        _enrich(seller);
        o = _withFee(_swapped());
        o.amount = uint96(bound(amount, 1, type(uint96).max));
        o.counterAmount = uint96(bound(counter, 1, type(uint96).max));
        if (tokens % 3 == 1) o.token = address(0);
        if (tokens % 3 == 2) o.counterToken = address(0);
    }

    function _receiptOf(OrderTerms memory o, bytes32 id, uint256 fee) private view returns (OrderReceipt memory r) {
        r.chainId = block.chainid;
        r.minter = address(escrow);
        r.orderId = id;
        r.buyer = o.buyer;
        r.seller = o.seller;
        r.sessionId = o.sessionId;
        r.offerHash = o.offerHash;
        r.token = o.token;
        r.paid = o.amount;
        r.fee = fee;
        r.outcome = T.SWAPPED;
        r.settledAt = vm.getBlockTimestamp();
    }

    function _assertSwapped(OrderTerms memory o, Purse memory had) private view {
        bytes32 id = _id(o);
        Purse memory has = _purse(o);
        uint256 fee = uint256(o.amount) * o.feeBps / 10_000;
        _assertState(id, T.BOTH_CLAIMED);
        assertEq(had.buyerPays - has.buyerPays, o.amount, "the buyer paid");
        assertEq(has.buyerGets - had.buyerGets, o.counterAmount, "the buyer got the whole counter leg");
        assertEq(had.sellerPays - has.sellerPays, o.counterAmount, "the seller paid");
        assertEq(has.sellerGets - had.sellerGets, o.amount - fee, "the seller got the payment less the fee");
        assertEq(has.fees - had.fees, fee, "the fee");
        assertEq(_balance(o.token, address(escrow)), 0, "nothing stays");
        assertEq(_balance(o.counterToken, address(escrow)), 0, "nothing stays");
        OrderReceipt memory r = _receiptOf(o, id, fee);
        assertTrue(vault.verify(o.pack(), r), "the receipt");
        assertTrue(_slot(id).holdsReceipt(keccak256(abi.encode(r))), "its hash");
        assertEq(_slot(id).settledAt(), vm.getBlockTimestamp());
    }

    function testFuzz_commit_swapsFromOneToSix(uint96 amount, uint96 counter, uint8 tokens) public {
        OrderTerms memory o = _swapOf(amount, counter, tokens);
        Purse memory had = _purse(o);
        bytes32 id = _create(o);
        uint256 fee = uint256(o.amount) / 100;
        vm.warp(vm.getBlockTimestamp() + 20 minutes);
        Funding memory f = _calls(seller, o.counterToken == address(0) ? o.counterAmount : 0);
        vm.expectEmit(address(escrow));
        emit ITermsOrders.OrderEnded(id, T.BOTH_CLAIMED, T.SWAPPED, 0, o.amount, fee, o.counterAmount, 0, 0, 0);
        _bind(o, _commitment(), f);
        _assertSwapped(o, had);
    }

    function testFuzz_createWithCommitment_swapsFromZeroToSix(uint96 amount, uint96 counter, uint8 source_) public {
        OrderTerms memory o = _swapOf(amount, counter, 0);
        Purse memory had = _purse(o);
        Funding memory f = _bond(o, Source(source_ % 4));
        Funding memory pay = _brings(f.by, Source.EIP3009, _buyerAuth(o));
        _payAndBind(o, pay, _signedCommitment(o), f);
        _assertSwapped(o, had);
    }

    function testFuzz_commit_swapsByTheSellersAuthorization(uint96 amount, uint96 counter, uint8 source_) public {
        OrderTerms memory o = _swapOf(amount, counter, 0);
        Purse memory had = _purse(o);
        _create(o);
        _bind(o, _signedCommitment(o), _bond(o, Source(source_ % 4)));
        _assertSwapped(o, had);
    }

    function test_commit_swapsOneTokenAgainstItself() public {
        OrderTerms memory o = _withFee(_swapped());
        o.counterToken = address(usd);
        (uint256 buyerHad, uint256 sellerHad) = (usd.balanceOf(buyer), usd.balanceOf(seller));
        _create(o);
        _commit(o);
        assertEq(usd.balanceOf(buyer), buyerHad - PRICE + 90e6);
        assertEq(usd.balanceOf(seller), sellerHad - 90e6 + PRICE - 1e6);
        assertEq(usd.balanceOf(feeReceiver), 1e6);
        assertEq(usd.balanceOf(address(escrow)), 0);
    }

    function testFuzz_commit_aSwapIsNeverInStateThree(bool atOnce) public {
        WatchingToken pay = new WatchingToken();
        WatchingToken counter = new WatchingToken();
        pay.mint(buyer, PRICE);
        counter.mint(seller, PRICE);
        OrderTerms memory o = _swapped();
        (o.token, o.counterToken) = (address(pay), address(counter));
        bytes32 id = _id(o);
        pay.watch(escrow, id);
        counter.watch(escrow, id);
        vm.prank(seller);
        counter.approve(address(escrow), type(uint256).max);
        Funding memory f = _brings(seller, Source.EIP3009, _buyerAuth(o));
        if (atOnce) {
            _payAndBind(o, f, _commitment(), _calls(seller, 0));
        } else {
            _pay(o, f);
            _bind(o, _commitment(), _calls(seller, 0));
        }
        assertEq(pay.count(), 2, "in and out");
        assertEq(counter.count(), 2, "in and out");
        assertEq(pay.seen(0), 1);
        assertEq(pay.seen(1), 6);
        assertEq(counter.seen(0), 6, "written before the seller's leg comes in");
        assertEq(counter.seen(1), 6);
    }

    function test_commit_aSwapNeedsTheSellersLeg() public {
        OrderTerms memory o = _swapped();
        _create(o);
        Commitment memory c = _signedCommitment(o);
        _refuseBind(o, c, _calls(relayer, 0), _badFunding(seller));
        _refuseBind(o, c, _calls(buyer, 0), _badFunding(seller));
        _disallow(seller);
        bytes memory err = abi.encodeWithSelector(SafeTransferLib.TransferFromFailed.selector);
        _refuseBind(o, c, _calls(seller, 0), err);
        FeeToken token = new FeeToken();
        token.mint(seller, PRICE);
        vm.prank(seller);
        token.approve(address(escrow), PRICE);
        o.counterToken = address(token);
        _create(o);
        _refuseBindAnyhow(o, _commitment(), _calls(seller, 0));
    }

    function testFuzz_commit_aSwapAtTheLastSecondAndNotAfter(uint40 late) public {
        OrderTerms memory o = _swapped();
        _create(o);
        vm.warp(bound(late, uint256(o.commitBy) + 1, type(uint40).max));
        _refuseBind(o, _commitment(), _calls(seller, 0), _tooLate(o.commitBy));
        vm.warp(o.commitBy);
        _bind(o, _commitment(), _calls(seller, 0));
        _assertState(_id(o), T.BOTH_CLAIMED);
    }

    function test_commit_aSwapCannotBeBlockedByItsBuyer() public {
        RevertingPayee refusing = new RevertingPayee();
        OrderTerms memory o = _swapped();
        o.buyer = address(refusing);
        o.counterToken = address(0);
        o.counterAmount = 2 ether;
        _pay(o, _calls(relayer, 0));
        uint256 had = usd.balanceOf(seller);
        _bind(o, _commitment(), _calls(seller, 2 ether));
        _assertState(_id(o), T.BOTH_CLAIMED);
        assertEq(usd.balanceOf(seller), had + PRICE);
        assertEq(escrow.owed(address(0), address(refusing)), 2 ether);
    }

    function test_commit_aShieldedSwapIsSetAside() public {
        _activateShields();
        OrderTerms memory o = _swapped();
        (o.zkbVersion, o.zksVersion) = (1, 1);
        Funding memory f = _calls(buyer, 0);
        f.receiptAddress = RECEIPT_ADDRESS;
        bytes32 id = _pay(o, f);
        Commitment memory c = _commitment();
        c.deliveryCommitment = keccak256("destination");
        (uint256 buyerHad, uint256 sellerHad) = (eur.balanceOf(buyer), usd.balanceOf(seller));
        _bind(o, c, _calls(seller, 0));
        assertEq(escrow.held(id, T.ROLE_BUYER, address(eur)), o.counterAmount);
        assertEq(escrow.held(id, T.ROLE_SELLER, address(usd)), PRICE);
        assertEq(eur.balanceOf(buyer), buyerHad);
        assertEq(usd.balanceOf(seller), sellerHad);
        _assertState(id, T.BOTH_CLAIMED);
    }
}
