// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {CollectProof} from "./ITermsOrders.sol";
import {Receipt} from "../libraries/Receipt.sol";
import {Outcome, Terms} from "../libraries/Terms.sol";

/// @notice A ZKB proof that its maker holds the receipt's shielded address, made out to one reader.
/// @param proof Groth16: a, b, c
/// @param nullifier its nullifier
/// @param deadline last second it counts
struct OwnershipProof {
    uint256[8] proof;
    uint256 nullifier;
    uint256 deadline;
}

/// @title Receipts of settled orders
/// @notice Holds no money. The escrow that deployed it is the only one that can issue.
interface IReceiptVault {
    /// @notice A receipt, whole. `orderId` is the key for a simple order.
    event ReceiptIssued(
        bytes32 indexed orderId,
        address indexed buyer,
        address indexed seller,
        bytes32 sessionId,
        bytes32 offerHash,
        address token,
        uint256 paid,
        uint256 refunded,
        uint256 fee,
        Outcome outcome,
        uint256 settledAt,
        bytes32 evidence,
        bytes32 receiptAddress,
        bytes32 deliveryCommitment
    );

    /// @notice `sender` anchored the root of a batch of records made elsewhere.
    event BatchAnchored(address indexed sender, bytes32 indexed root);

    /// @notice Only the escrow issues.
    error NotMinter(address caller);
    /// @notice Only the buyer of the receipt may turn it into a token.
    error NotBuyer(address caller, address buyer);
    /// @notice This is not a receipt of the escrow.
    error UnknownReceipt(bytes32 orderId);
    /// @notice Receipts stay with their buyer.
    error Soulbound();
    /// @notice The vault takes no coin.
    error NoCoin(uint256 sent);
    /// @notice A batch root is never zero.
    error RootZero();

    /// @notice The escrow whose receipts these are.
    function minter() external view returns (address);

    /// @notice Publishes a terms order's receipt. Escrow only; its hash is kept in the order's own slot.
    function issue(Receipt calldata receipt) external;

    /// @notice Publishes and keeps a simple order's receipt. Escrow only.
    /// @return tokenId its id
    function issueSimple(bytes32 key, address buyer, address seller, uint256 amount) external returns (uint256 tokenId);

    /// @notice Whether this is the receipt of the order with these terms.
    function verify(Terms calldata terms, Receipt calldata receipt) external view returns (bool);

    /// @notice Whether this is the receipt of a simple order.
    function verifySimple(Receipt calldata receipt) external view returns (bool);

    /// @notice Turns the caller's receipt of a terms order into a token bound to him.
    function materialize(Terms calldata terms, Receipt calldata receipt) external returns (uint256 tokenId);

    /// @notice Turns the caller's receipt of a simple order into a token bound to him.
    function materializeSimple(Receipt calldata receipt) external returns (uint256 tokenId);

    /// @notice Whether `p` opens the shielded credit of this order, role, token and amount of the escrow.
    /// @param version of the role's circuit, as the terms pin it
    /// @param commitment the role's shielded address
    function collectHolds(
        bytes32 orderId,
        bytes32 sessionId,
        uint8 role,
        uint48 version,
        bytes32 commitment,
        address token,
        uint256 amount,
        CollectProof calldata p
    ) external view returns (bool);

    /// @notice Whether `proof` shows delivery of this order of the escrow.
    function deliveryHolds(
        bytes32 circuit,
        uint48 version,
        bytes32 orderId,
        bytes32 sessionId,
        bytes32 evidence,
        uint256 deliveredAt,
        uint256[8] calldata proof
    ) external view returns (bool);

    /// @notice Anchors the root of any batch of records; the event names the sender.
    function anchorBatch(bytes32 root) external;

    /// @notice Whether `proof` shows control of the shielded address of receipt `tokenId`, made out to the caller.
    /// @param proof abi.encode(Terms, Receipt, OwnershipProof)
    /// @return False for bytes that are no such proof, for a receipt without a shielded address, and where no verifier is
    /// pinned or usable.
    function verifyBuyerOwnership(uint256 tokenId, bytes calldata proof) external view returns (bool);
}
