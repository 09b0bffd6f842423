// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {IReceiptVault} from "../../contracts/interfaces/IReceiptVault.sol";
import {ITermsOrders} from "../../contracts/interfaces/ITermsOrders.sol";
import {Receipt as OrderReceipt} from "../../contracts/libraries/Receipt.sol";
import {Slot, SlotLib} from "../../contracts/libraries/Slot.sol";
import {BOTH_CLAIMED, SIMPLE, TIMED_OUT, Terms} from "../../contracts/libraries/Terms.sol";
import {Built} from "../Built.sol";

/// @notice The getter of the vault that no interface has.
interface ISimpleReceipts {
    function simpleReceipt(bytes32 key) external view returns (bytes32);
}

/// @notice Two receipts and their hashes, as `crates/protocol/tests/it/receipt` has them: whoever changes one side
/// sees the other fail.
contract ReceiptVectorTest is Test {
    address private constant MINTER = 0x2e234DAe75C793f67A35089C9d99245E1C58470b;
    bytes32 private constant TERMS_HASH = 0x929acc8b13f2719bcf2bee9a14e4d66228940365ba01799a2d8781d10753950a;
    bytes32 private constant SIMPLE_HASH = 0xffa03fedf9088091a1c2e6a4a55785590aefcac33eb27130141fbd6dca9a28d7;

    IReceiptVault private _vault;

    function setUp() external {
        vm.chainId(8453);
        vm.warp(1_795_255_200);
        _vault = IReceiptVault(Built.deploy("ReceiptVault", abi.encode(MINTER, address(0), address(0))));
    }

    /// @dev Every word differs, so a swapped pair changes the hash.
    function _ofTerms() private pure returns (OrderReceipt memory) {
        return OrderReceipt({
            chainId: 8453,
            minter: MINTER,
            orderId: 0xc3f36342357a7a1a973bcf0b6dcf186fbd583cdb7936b450c3693965d34b0e90,
            buyer: 0x0fF93eDfa7FB7Ad5E962E4C0EdB9207C03a0fe02,
            seller: 0xDFa97bfe5d2b2E8169b194eAA78Fbb793346B174,
            sessionId: 0xac3394aedd5f0646001ad6ed50b0b93f03346087c5f8d9e1af1c7be8993c068a,
            offerHash: 0x58735202734f795b4af32cc76b1788549009da7d9f64c78397956091249ea14e,
            token: 0xF62849F9A0B5Bf2913b396098F7c7019b51A820a,
            paid: 75_000_000,
            refunded: 25_000_000,
            fee: 750_000,
            outcome: TIMED_OUT,
            settledAt: 1_795_255_200,
            evidence: 0x97794b46b3afe9245d61058666381907ac8a35b0e3bce564cde9dd0eea648cb6,
            receiptAddress: bytes32(uint256(11)),
            deliveryCommitment: bytes32(uint256(12))
        });
    }

    function test_verify_takesTheReceiptThatRustHashes() external {
        OrderReceipt memory receipt = _ofTerms();
        Terms memory terms;
        Slot slot = SlotLib.ended(BOTH_CLAIMED, receipt.settledAt, TERMS_HASH);
        vm.mockCall(MINTER, abi.encodeWithSelector(ITermsOrders.orderIdOf.selector), abi.encode(receipt.orderId));
        vm.mockCall(MINTER, abi.encodeCall(ITermsOrders.slot, (receipt.orderId)), abi.encode(slot));
        assertEq(keccak256(abi.encode(receipt)), TERMS_HASH);
        assertTrue(_vault.verify(terms, receipt));
    }

    function test_issueSimple_keepsTheHashThatRustComputes() external {
        OrderReceipt memory receipt = _ofTerms();
        vm.prank(MINTER);
        _vault.issueSimple(receipt.orderId, receipt.buyer, receipt.seller, 0.1 ether);
        assertEq(ISimpleReceipts(address(_vault)).simpleReceipt(receipt.orderId), SIMPLE_HASH);

        OrderReceipt memory simple;
        (simple.chainId, simple.minter, simple.orderId) = (8453, MINTER, receipt.orderId);
        (simple.buyer, simple.seller, simple.paid) = (receipt.buyer, receipt.seller, 0.1 ether);
        (simple.outcome, simple.settledAt) = (SIMPLE, 1_795_255_200);
        assertTrue(_vault.verifySimple(simple));
    }
}
