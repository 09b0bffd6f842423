// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ERC721} from "solady/tokens/ERC721.sol";
import {LibString} from "solady/utils/LibString.sol";
import {CollectProof, ITermsOrders} from "./interfaces/ITermsOrders.sol";
import {IReceiptVault, OwnershipProof} from "./interfaces/IReceiptVault.sol";
import {IHandleRegistry, IVerifierRegistry} from "./interfaces/IVerifierRegistry.sol";
import {ZKB_01, ZKS_01} from "./libraries/Circuits.sol";
import {Receipt, ReceiptLib} from "./libraries/Receipt.sol";
import {ACTION_COLLECT, ACTION_OWNERSHIP, Shield} from "./libraries/Shield.sol";
import {Slot} from "./libraries/Slot.sol";
import {ROLE_BUYER, SIMPLE, Terms, TermsLib} from "./libraries/Terms.sol";

/// @title ReceiptVault
/// @notice Publishes the escrow's receipts, answers whether a receipt is genuine, and turns it into a token that stays
/// with its buyer (ERC-721, ERC-5192) when he asks. Holds no money and has no owner.
contract ReceiptVault is IReceiptVault, ERC721 {
    using ReceiptLib for Receipt;
    using TermsLib for Terms;

    /// @notice ERC-5192: the token can never move.
    /// @param tokenId of the receipt
    event Locked(uint256 tokenId);

    /// @dev Terms (13 words), receipt (16) and ownership proof (10), encoded.
    uint256 private constant OWNERSHIP_SIZE = 39 * 32;

    /// @inheritdoc IReceiptVault
    address public immutable minter;

    /// @notice Where ownership proofs are checked.
    IVerifierRegistry public immutable registry;

    /// @notice Membership roots for ownership proofs; address(0) where the deployment has none.
    IHandleRegistry public immutable handles;

    /// @notice Receipt hash of each simple order.
    mapping(bytes32 key => bytes32 receiptHash) public simpleReceipt;

    constructor(address minter_, IVerifierRegistry registry_, IHandleRegistry handles_) {
        minter = minter_;
        registry = registry_;
        handles = handles_;
    }

    // ------------------------------------------------------------------------------------------------- issuing

    /// @inheritdoc IReceiptVault
    /// @dev emit ReceiptIssued(...) of the very words that came: everything after the seller is the event's data. The
    /// escrow has built them, so they are not checked again.
    function issue(Receipt calldata receipt) external {
        if (msg.sender != minter) revert NotMinter(msg.sender);
        bytes32 topic = ReceiptIssued.selector;
        assembly ("memory-safe") {
            let data := mload(0x40)
            calldatacopy(data, add(receipt, 0xa0), 0x160)
            log4(
                data,
                0x160,
                topic,
                calldataload(add(receipt, 0x40)),
                calldataload(add(receipt, 0x60)),
                calldataload(add(receipt, 0x80))
            )
        }
    }

    /// @inheritdoc IReceiptVault
    function issueSimple(bytes32 key, address buyer, address seller, uint256 amount)
        external
        returns (uint256 tokenId)
    {
        if (msg.sender != minter) revert NotMinter(msg.sender);
        Receipt memory receipt;
        receipt.chainId = block.chainid;
        receipt.minter = minter;
        receipt.orderId = key;
        receipt.buyer = buyer;
        receipt.seller = seller;
        receipt.paid = amount;
        receipt.outcome = SIMPLE;
        receipt.settledAt = block.timestamp;
        simpleReceipt[key] = receipt.hash();
        emit ReceiptIssued({
            orderId: key,
            buyer: buyer,
            seller: seller,
            sessionId: 0,
            offerHash: 0,
            token: address(0),
            paid: amount,
            refunded: 0,
            fee: 0,
            outcome: SIMPLE,
            settledAt: block.timestamp,
            evidence: 0,
            receiptAddress: 0,
            deliveryCommitment: 0
        });
        return uint256(key);
    }

    // ------------------------------------------------------------------------------------------------- checking

    /// @inheritdoc IReceiptVault
    function verify(Terms calldata terms, Receipt calldata receipt) public view returns (bool) {
        bytes32 orderId = ITermsOrders(minter).orderIdOf(terms);
        Slot slot = Slot.wrap(ITermsOrders(minter).slot(orderId));
        return receipt.orderId == orderId && slot.holdsReceipt(_hash(receipt));
    }

    /// @inheritdoc IReceiptVault
    function verifySimple(Receipt calldata receipt) public view returns (bool) {
        return simpleReceipt[receipt.orderId] == _hash(receipt);
    }

    /// @dev The hash of a receipt in calldata.
    function _hash(Receipt calldata receipt) private pure returns (bytes32) {
        Receipt memory copy = receipt;
        return copy.hash();
    }

    /// @inheritdoc IReceiptVault
    /// @dev Terms, receipt and proof are 39 words and already encoded as `ownershipHolds` takes them; what does not
    /// decode there is no proof either.
    function verifyBuyerOwnership(uint256 tokenId, bytes calldata proof) external view returns (bool) {
        if (proof.length != OWNERSHIP_SIZE) return false;
        bytes memory call = bytes.concat(this.ownershipHolds.selector, proof, abi.encode(msg.sender, tokenId));
        (bool done, bytes memory answer) = address(this).staticcall(call);
        return done && abi.decode(answer, (bool));
    }

    /// @notice Whether `p` shows `reader` that its maker controls the shielded address of this receipt, `tokenId`.
    /// @param terms of the order
    /// @param receipt the order's receipt
    /// @param p the proof
    /// @param reader to whom it is made out
    /// @param tokenId the receipt's token id
    function ownershipHolds(
        Terms calldata terms,
        Receipt calldata receipt,
        OwnershipProof calldata p,
        address reader,
        uint256 tokenId
    ) external view returns (bool) {
        if (uint256(receipt.orderId) != tokenId) return false;
        if (receipt.receiptAddress == 0 || p.nullifier == 0 || block.timestamp > p.deadline) return false;
        if (!verify(terms, receipt)) return false;
        uint256[] memory signals = new uint256[](5);
        signals[0] = uint256(receipt.receiptAddress);
        signals[1] = p.nullifier;
        signals[2] = _root(ROLE_BUYER);
        signals[3] = Shield.orderContext(minter, receipt.orderId, receipt.sessionId);
        signals[4] = Shield.signalHash(ACTION_OWNERSHIP, reader, address(0), 0, p.deadline, _hash(receipt));
        return registry.verify(ZKB_01, terms.zkbVersion(), p.proof, signals);
    }

    // ------------------------------------------------------------------------------------------------- proofs

    /// @inheritdoc IReceiptVault
    function collectHolds(
        bytes32 orderId,
        bytes32 sessionId,
        uint8 role,
        uint48 version,
        bytes32 commitment,
        address token,
        uint256 amount,
        CollectProof calldata p
    ) external view returns (bool) {
        if (p.nullifier == 0) return false;
        bool buyer = role == ROLE_BUYER;
        uint256[] memory signals = new uint256[](buyer ? 5 : 6);
        signals[0] = uint256(commitment);
        signals[1] = p.nullifier;
        signals[2] = _root(role);
        // ZKS opens the commitment to the recipient, so the recipient is a signal of its own
        if (!buyer) signals[3] = uint256(uint160(p.recipient));
        signals[signals.length - 2] = Shield.orderContext(minter, orderId, sessionId);
        signals[signals.length - 1] = Shield.signalHash(
            ACTION_COLLECT, p.recipient, p.relayer, p.fee, p.deadline, keccak256(abi.encode(role, token, amount))
        );
        return registry.verify(buyer ? ZKB_01 : ZKS_01, version, p.proof, signals);
    }

    /// @inheritdoc IReceiptVault
    function deliveryHolds(
        bytes32 circuit,
        uint48 version,
        bytes32 orderId,
        bytes32 sessionId,
        bytes32 evidence,
        uint256 deliveredAt,
        uint256[8] calldata proof
    ) external view returns (bool) {
        uint256[] memory signals = new uint256[](4);
        signals[0] = Shield.orderContext(minter, orderId, sessionId);
        signals[1] = uint256(evidence) >> 128;
        signals[2] = uint128(uint256(evidence));
        signals[3] = deliveredAt;
        return registry.verify(circuit, version, proof, signals);
    }

    /// @dev The membership root a proof must use: the contracts' choice, never the caller's.
    function _root(uint8 role) private view returns (uint256) {
        if (address(handles) == address(0)) return 0;
        return role == ROLE_BUYER ? handles.buyerRoot() : handles.sellerRoot();
    }

    // ------------------------------------------------------------------------------------------------- tokens

    /// @inheritdoc IReceiptVault
    function materialize(Terms calldata terms, Receipt calldata receipt) external returns (uint256 tokenId) {
        if (!verify(terms, receipt)) revert UnknownReceipt(receipt.orderId);
        tokenId = _materialize(receipt);
    }

    /// @inheritdoc IReceiptVault
    function materializeSimple(Receipt calldata receipt) external returns (uint256 tokenId) {
        if (!verifySimple(receipt)) revert UnknownReceipt(receipt.orderId);
        tokenId = _materialize(receipt);
    }

    /// @dev Mints a receipt's token to its buyer, who must be the caller.
    function _materialize(Receipt calldata receipt) private returns (uint256 tokenId) {
        if (msg.sender != receipt.buyer) revert NotBuyer(msg.sender, receipt.buyer);
        tokenId = uint256(receipt.orderId);
        _mint(msg.sender, tokenId);
        emit Locked(tokenId);
    }

    /// @notice ERC-5192: always locked.
    function locked(uint256 tokenId) external view returns (bool) {
        ownerOf(tokenId);
        return true;
    }

    /// @inheritdoc ERC721
    function name() public pure override returns (string memory) {
        return "CoreProver Receipt";
    }

    /// @inheritdoc ERC721
    function symbol() public pure override returns (string memory) {
        return "CPR";
    }

    /// @inheritdoc ERC721
    function tokenURI(uint256 tokenId) public view override returns (string memory) {
        ownerOf(tokenId);
        return string.concat(
            "data:application/json;utf8,{\"name\":\"CoreProver receipt\",\"order\":\"",
            LibString.toHexString(tokenId, 32),
            "\",\"minter\":\"",
            LibString.toHexStringChecksummed(minter),
            "\"}"
        );
    }

    /// @inheritdoc ERC721
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == 0xb45a3c0e || super.supportsInterface(interfaceId);
    }

    /// @inheritdoc ERC721
    /// @dev Takes no coin, which nothing here could ever pay out again.
    function approve(address account, uint256 tokenId) public payable override {
        if (msg.value != 0) revert NoCoin(msg.value);
        super.approve(account, tokenId);
    }

    /// @dev Tokens are made and never move.
    function _beforeTokenTransfer(address from, address, uint256) internal pure override {
        if (from != address(0)) revert Soulbound();
    }

    // ------------------------------------------------------------------------------------------------- anchoring

    /// @inheritdoc IReceiptVault
    function anchorBatch(bytes32 root) external {
        if (root == 0) revert RootZero();
        emit BatchAnchored(msg.sender, root);
    }
}
