// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IEscrow} from "../../contracts/interfaces/IEscrow.sol";
import {IReceiptVault, OwnershipProof} from "../../contracts/interfaces/IReceiptVault.sol";
import {Split} from "../../contracts/interfaces/ITermsOrders.sol";
import {Source} from "../../contracts/interfaces/ITreasury.sol";
import {IHandleRegistry} from "../../contracts/interfaces/IVerifierRegistry.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {Receipt as OrderReceipt} from "../../contracts/libraries/Receipt.sol";
import "../../contracts/libraries/Terms.sol" as T;
import {Terms} from "../../contracts/libraries/Terms.sol";
import {EndsTest, ExpectingVerifier} from "./EndsTest.sol";
import {Built} from "../Built.sol";

/// @notice The token side of the vault.
interface IReceiptToken {
    event Locked(uint256 tokenId);

    error TokenDoesNotExist();
    error TokenAlreadyExists();

    function ownerOf(uint256 id) external view returns (address);
    function balanceOf(address owner) external view returns (uint256);
    function locked(uint256 id) external view returns (bool);
    function name() external view returns (string memory);
    function symbol() external view returns (string memory);
    function tokenURI(uint256 id) external view returns (string memory);
    function supportsInterface(bytes4 id) external view returns (bool);
    function approve(address to, uint256 id) external;
    function setApprovalForAll(address operator, bool approved) external;
    function transferFrom(address from, address to, uint256 id) external;
    function safeTransferFrom(address from, address to, uint256 id) external;
    function safeTransferFrom(address from, address to, uint256 id, bytes calldata data) external;
}

contract ReceiptsTest is EndsTest {
    using OrderTermsLib for OrderTerms;

    IReceiptToken private _token;

    function setUp() public override {
        super.setUp();
        _token = IReceiptToken(address(vault));
    }

    /// @dev A paid order and its receipt, checked word by word by the books.
    function _paidOrder(uint256 seed) private returns (OrderTerms memory o) {
        o = _vary(_plain(), seed);
        o.salt = bytes32(seed);
        _both(o);
        _mark(o);
        vm.prank(buyer);
        escrow.settle(o.pack(), Split(0, o.amount, 0, 0, false), vm.getBlockTimestamp(), "", "", 0);
        _check(o, _allToSeller(o, T.SETTLED, 0));
    }

    function _change(OrderReceipt memory r, uint256 word) private pure returns (OrderReceipt memory) {
        bytes memory data = abi.encode(r);
        data[word * 32 + 31] ^= 0x01;
        return abi.decode(data, (OrderReceipt));
    }

    // ------------------------------------------------------------------------------------------------- checking

    /// Shows R-516.
    function testFuzz_verify_takesTheGenuineAndNoOther(uint256 seed) external {
        OrderTerms memory o = _paidOrder(seed);
        OrderReceipt memory r = receipt;
        assertTrue(vault.verify(o.pack(), r));
        for (uint256 word; word < 16; ++word) {
            assertFalse(vault.verify(o.pack(), _change(r, word)));
        }
        assertEq(uint208(escrow.slot(_id(o))), uint208(bytes26(keccak256(abi.encode(r)))));
    }

    function testFuzz_verify_refusesChangedTerms(uint256 seed, uint256 word) external {
        OrderTerms memory o = _paidOrder(seed);
        bytes memory data = abi.encode(o.pack());
        data[(word % 13) * 32 + 31] ^= 0x01;
        assertFalse(vault.verify(abi.decode(data, (Terms)), receipt));
    }

    function test_verify_refusesOnAnotherChainAndOfAnotherMinter() external {
        OrderTerms memory o = _paidOrder(1);
        vm.chainId(8453);
        assertFalse(vault.verify(o.pack(), receipt));
        vm.chainId(31_337);
        assertTrue(vault.verify(o.pack(), receipt));
        IEscrow other =
            IEscrow(Built.deploy("CoreProverEscrow", abi.encode(permit2, registry, IHandleRegistry(address(0)))));
        assertFalse(IReceiptVault(address(other.vault())).verify(o.pack(), receipt));
        assertEq(IReceiptVault(address(other.vault())).minter(), address(other));
    }

    /// @dev No order that is open, refunded or unknown has a receipt, whatever the claim.
    function testFuzz_verify_refusesWhereTheSellerGotNothing(uint256 which, OrderReceipt memory claimed) external {
        OrderTerms memory o = _arbitrated();
        claimed.orderId = _reach(
            o, [T.NONE, T.BUYER_COMMITTED, T.BOTH_COMMITTED, T.FULFILLED, T.DISPUTED, T.EXPIRED, T.RESOLVED][which % 7]
        );
        assertFalse(vault.verify(o.pack(), claimed));
        vm.prank(claimed.buyer);
        vm.expectRevert(abi.encodeWithSelector(IReceiptVault.UnknownReceipt.selector, claimed.orderId));
        vault.materialize(o.pack(), claimed);
    }

    function testFuzz_issue_isForTheEscrowOnly(address caller) external {
        vm.assume(caller != address(escrow));
        OrderReceipt memory r;
        vm.startPrank(caller);
        vm.expectRevert(abi.encodeWithSelector(IReceiptVault.NotMinter.selector, caller));
        vault.issue(r);
        vm.expectRevert(abi.encodeWithSelector(IReceiptVault.NotMinter.selector, caller));
        vault.issueSimple(EVIDENCE, buyer, seller, 1);
    }

    // ------------------------------------------------------------------------------------------------- simple orders

    function _simple(uint80 amount) private returns (OrderReceipt memory r) {
        bytes32 raw = keccak256("order-1");
        vm.prank(buyer);
        escrow.createEscrow{value: amount}(raw, seller, 1 hours, 1 days, true, 1 hours);
        bytes32 key = escrow.simpleKey(raw);
        bytes memory word = _sign(sellerKey, escrow.sellerCommitmentDigest(raw, "a", "b", 0));
        escrow.sellerCommitSignature(raw, word, "a", "b", 0);
        vm.warp(START + 2 hours);
        r.chainId = 31_337;
        r.minter = address(escrow);
        r.orderId = key;
        r.buyer = buyer;
        r.seller = seller;
        r.paid = amount;
        r.outcome = T.SIMPLE;
        r.settledAt = START + 2 hours;
        assertFalse(vault.verifySimple(r));
        escrow.triggerTimedRelease(raw);
    }

    function testFuzz_verifySimple_takesTheGenuineAndNoOther(uint80 amount) external {
        amount = uint80(bound(amount, 1, 900 ether));
        OrderReceipt memory r = _simple(amount);
        assertTrue(vault.verifySimple(r));
        for (uint256 word; word < 16; ++word) {
            assertFalse(vault.verifySimple(_change(r, word)));
        }
        r.orderId = 0;
        assertFalse(vault.verifySimple(r));
    }

    function test_materializeSimple_isForTheBuyerOnceAndWithItsReceipt() external {
        OrderReceipt memory r = _simple(5);
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(IReceiptVault.NotBuyer.selector, seller, buyer));
        vault.materializeSimple(r);
        OrderReceipt memory forged = _change(r, 8);
        vm.startPrank(buyer);
        vm.expectRevert(abi.encodeWithSelector(IReceiptVault.UnknownReceipt.selector, r.orderId));
        vault.materializeSimple(forged);
        assertEq(vault.materializeSimple(r), uint256(r.orderId));
        assertEq(_token.ownerOf(uint256(r.orderId)), buyer);
        vm.expectRevert(IReceiptToken.TokenAlreadyExists.selector);
        vault.materializeSimple(r);
    }

    // ------------------------------------------------------------------------------------------------- tokens

    function _minted() private returns (uint256 tokenId) {
        OrderTerms memory o = _paidOrder(7);
        vm.prank(buyer);
        return vault.materialize(o.pack(), receipt);
    }

    function testFuzz_materialize_givesTheBuyerHisToken(uint256 seed) external {
        OrderTerms memory o = _paidOrder(seed);
        uint256 id = uint256(_id(o));
        vm.expectEmit(address(vault));
        emit IReceiptToken.Locked(id);
        vm.prank(buyer);
        assertEq(vault.materialize(o.pack(), receipt), id);
        assertEq(_token.ownerOf(id), buyer);
        assertEq(_token.balanceOf(buyer), 1);
        vm.prank(buyer);
        vm.expectRevert(IReceiptToken.TokenAlreadyExists.selector);
        vault.materialize(o.pack(), receipt);
    }

    function testFuzz_materialize_revertsForAnybodyElse(address caller) external {
        vm.assume(caller != buyer);
        OrderTerms memory o = _paidOrder(3);
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(IReceiptVault.NotBuyer.selector, caller, buyer));
        vault.materialize(o.pack(), receipt);
    }

    function test_materialize_revertsForAnyChangedWord() external {
        OrderTerms memory o = _paidOrder(3);
        for (uint256 word; word < 16; ++word) {
            OrderReceipt memory forged = _change(receipt, word);
            vm.prank(forged.buyer);
            vm.expectRevert(abi.encodeWithSelector(IReceiptVault.UnknownReceipt.selector, forged.orderId));
            vault.materialize(o.pack(), forged);
        }
    }

    /// @dev No way of ERC-721 moves it: by its owner, an approved account or an operator, safely or not, even to him.
    function testFuzz_token_neverMoves(address to, bytes calldata data) external {
        vm.assume(to != address(0));
        uint256 id = _minted();
        vm.startPrank(buyer);
        _token.approve(relayer, id);
        _token.setApprovalForAll(thief, true);
        vm.stopPrank();
        address[3] memory callers = [buyer, relayer, thief];
        for (uint256 i; i < 3; ++i) {
            vm.startPrank(callers[i]);
            vm.expectRevert(IReceiptVault.Soulbound.selector);
            _token.transferFrom(buyer, to, id);
            vm.expectRevert(IReceiptVault.Soulbound.selector);
            _token.safeTransferFrom(buyer, to, id);
            vm.expectRevert(IReceiptVault.Soulbound.selector);
            _token.safeTransferFrom(buyer, to, id, data);
            vm.stopPrank();
        }
        assertEq(_token.ownerOf(id), buyer);
    }

    function testFuzz_token_isLockedWhereItExists(uint256 other) external {
        uint256 id = _minted();
        assertTrue(_token.locked(id));
        vm.assume(other != id);
        vm.expectRevert(IReceiptToken.TokenDoesNotExist.selector);
        _token.locked(other);
        vm.expectRevert(IReceiptToken.TokenDoesNotExist.selector);
        _token.tokenURI(other);
    }

    function test_token_tellsWhatItIs() external {
        uint256 id = _minted();
        assertEq(_token.name(), "CoreProver Receipt");
        assertEq(_token.symbol(), "CPR");
        assertEq(
            _token.tokenURI(id),
            string.concat(
                "data:application/json;utf8,{\"name\":\"CoreProver receipt\",\"order\":\"",
                vm.toString(bytes32(id)),
                "\",\"minter\":\"",
                vm.toString(address(escrow)),
                "\"}"
            )
        );
    }

    function test_token_supportsItsInterfaces() external view {
        assertTrue(_token.supportsInterface(0x01ffc9a7)); // ERC-165
        assertTrue(_token.supportsInterface(0x80ac58cd)); // ERC-721
        assertTrue(_token.supportsInterface(0x5b5e139f)); // its metadata
        assertTrue(_token.supportsInterface(0xb45a3c0e)); // ERC-5192
        assertFalse(_token.supportsInterface(0xffffffff));
    }

    // ------------------------------------------------------------------------------------------------- batches

    function testFuzz_anchorBatch_namesItsSender(address sender, bytes32 root) external {
        vm.assume(root != 0);
        vm.expectEmit(address(vault));
        emit IReceiptVault.BatchAnchored(sender, root);
        vm.prank(sender);
        vault.anchorBatch(root);
    }

    function test_anchorBatch_revertsForNothing() external {
        vm.expectRevert(IReceiptVault.RootZero.selector);
        vault.anchorBatch(0);
    }

    // ------------------------------------------------------------------------------------------------- ownership

    bytes32 private constant HIDDEN = bytes32(uint256(0xb0b));

    function _hiddenOrder() private returns (OrderTerms memory o, ExpectingVerifier verifier) {
        verifier = _activate(ZKB, 5, false);
        o = _plain();
        o.zkbVersion = 1;
        vm.prank(buyer);
        escrow.create(o.pack(), Source.CALLER, HIDDEN, "");
        _commit(o);
        Payout memory p = _allToSeller(o, T.SETTLED, 0);
        p.receiptAddress = HIDDEN;
        _mark(o);
        vm.prank(buyer);
        escrow.settle(o.pack(), Split(0, o.amount, 0, 0, false), vm.getBlockTimestamp(), "", "", 0);
        _check(o, p);
    }

    function _ownership() private view returns (OwnershipProof memory p) {
        (p.proof, p.nullifier, p.deadline) = (_proof(), 99, vm.getBlockTimestamp() + 60);
    }

    function _teach(OrderTerms memory o, ExpectingVerifier verifier, OwnershipProof memory p, address reader) private {
        uint256[] memory s = new uint256[](5);
        s[0] = uint256(HIDDEN);
        s[1] = p.nullifier;
        s[3] = _context(o);
        bytes32 hash = keccak256(abi.encode(receipt));
        s[4] = uint256(
            keccak256(abi.encode(keccak256("TGP.OWNERSHIP"), reader, address(0), uint256(0), p.deadline, hash))
        ) >> 8;
        verifier.expectProof(p.proof, s, "verifyProof(uint256[2],uint256[2][2],uint256[2],uint256[5])");
    }

    function _owns(OrderTerms memory o, OwnershipProof memory p, address reader) private returns (bool) {
        bytes memory proof = abi.encode(o.pack(), receipt, p);
        vm.prank(reader);
        return vault.verifyBuyerOwnership(uint256(_id(o)), proof);
    }

    function testFuzz_verifyBuyerOwnership_isMadeOutToItsReader(address reader, address other) external {
        vm.assume(reader != other);
        (OrderTerms memory o, ExpectingVerifier verifier) = _hiddenOrder();
        OwnershipProof memory p = _ownership();
        _teach(o, verifier, p, reader);
        assertTrue(_owns(o, p, reader));
        assertFalse(_owns(o, p, other));
    }

    function test_verifyBuyerOwnership_isFalseForAnythingElse() external {
        (OrderTerms memory o, ExpectingVerifier verifier) = _hiddenOrder();
        OwnershipProof memory p = _ownership();
        _teach(o, verifier, p, thief);
        // another token
        bytes memory proof = abi.encode(o.pack(), receipt, p);
        vm.prank(thief);
        assertFalse(vault.verifyBuyerOwnership(uint256(_id(o)) ^ 1, proof));
        // another nullifier, proof or deadline
        p.nullifier = 98;
        assertFalse(_owns(o, p, thief));
        p = _ownership();
        p.proof[0] ^= 1;
        assertFalse(_owns(o, p, thief));
        p = _ownership();
        p.deadline += 1;
        assertFalse(_owns(o, p, thief));
        // nullifier zero, even where the verifier takes it
        p = _ownership();
        p.nullifier = 0;
        _teach(o, verifier, p, thief);
        assertFalse(_owns(o, p, thief));
        // a changed receipt
        p = _ownership();
        _teach(o, verifier, p, thief);
        for (uint256 word; word < 16; ++word) {
            if (word == 2) continue;
            proof = abi.encode(o.pack(), _change(receipt, word), p);
            vm.prank(thief);
            assertFalse(vault.verifyBuyerOwnership(uint256(_id(o)), proof));
        }
        // to the second of its deadline
        vm.warp(p.deadline);
        assertTrue(_owns(o, p, thief));
        vm.warp(p.deadline + 1);
        assertFalse(_owns(o, p, thief));
        // a revoked verifier
        p = _ownership();
        _teach(o, verifier, p, thief);
        assertTrue(_owns(o, p, thief));
        _revoke(ZKB);
        assertFalse(_owns(o, p, thief));
    }

    function test_verifyBuyerOwnership_isFalseForBytesThatDoNotDecode() external {
        (OrderTerms memory o, ExpectingVerifier verifier) = _hiddenOrder();
        OwnershipProof memory p = _ownership();
        _teach(o, verifier, p, address(this));
        uint256 id = uint256(_id(o));
        bytes memory proof = abi.encode(o.pack(), receipt, p);
        assertTrue(vault.verifyBuyerOwnership(id, proof));
        assertFalse(vault.verifyBuyerOwnership(id, ""));
        assertFalse(vault.verifyBuyerOwnership(id, bytes.concat(proof, bytes32(0))));
        // dirty bits above the buyer's address, and an outcome that does not exist
        for (uint256 i; i < 2; ++i) {
            bytes memory dirty = abi.encode(o.pack(), receipt, p);
            uint256 word = i == 0 ? 0 : 13 + 11;
            dirty[word * 32] = 0x01;
            assertFalse(vault.verifyBuyerOwnership(id, dirty));
        }
        bytes memory short = new bytes(proof.length - 1);
        for (uint256 i; i < short.length; ++i) {
            short[i] = proof[i];
        }
        assertFalse(vault.verifyBuyerOwnership(id, short));
    }

    function test_verifyBuyerOwnership_isFalseWhereNoVerifierIsPinned() external {
        OrderTerms memory o = _paidOrder(3);
        assertFalse(_owns(o, _ownership(), buyer));
    }
}
