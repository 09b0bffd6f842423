// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {EfficientHashLib} from "solady/utils/EfficientHashLib.sol";
import {EscrowBase} from "./EscrowBase.sol";
import {ICoreProverEscrow} from "./interfaces/ICoreProverEscrow.sol";
import {ISimpleOrders} from "./interfaces/ISimpleOrders.sol";
import {
    PackedSimpleOrder,
    PHASE_BUYER_TOOK,
    PHASE_DEPOSITED,
    PHASE_PAID_IN,
    PHASE_PAID_OUT,
    PHASE_REFUNDED,
    PHASE_SELLER_TOOK,
    PHASE_SIGNED,
    SimpleOrder,
    SimpleOrderLib
} from "./libraries/SimpleOrder.sol";
import {State} from "./libraries/Terms.sol";
import {SIMPLE_COMMITMENT_TYPEHASH} from "./libraries/TypeHashes.sol";

/// @title Simple orders
/// @notice The documents' seven calls, in the chain's coin. See `ISimpleOrders` for what they promise.
abstract contract SimpleOrders is EscrowBase, ISimpleOrders {
    using EfficientHashLib for bytes32[];
    using SimpleOrderLib for PackedSimpleOrder;

    /// @dev Keeps a caller-chosen id apart from every terms id.
    bytes32 private constant SIMPLE_TAG = keccak256("CoreProver.SimpleOrder");

    uint256 private constant MAX_WINDOW = 365 days;

    /// @dev Every simple order by its key.
    mapping(bytes32 key => PackedSimpleOrder) private _simple;

    // ------------------------------------------------------------------------------------------------- create

    /// @inheritdoc ICoreProverEscrow
    function createEscrow(
        bytes32 orderId,
        address seller,
        uint256 commitmentWindow,
        uint256 claimWindow,
        bool allowsTimedRelease,
        uint256 timedReleaseDelay
    ) external payable outsideVerbs returns (bytes32) {
        // check
        bytes32 key = simpleKey(orderId);
        uint256 head = _simple[key].head;
        if (head != 0) _refuse(orderId, SimpleOrderLib.phaseOf(head));
        if (seller == address(0) || seller == msg.sender || seller == address(this)) revert BadSeller(seller);
        if (msg.value == 0 || msg.value >= SimpleOrderLib.AMOUNT_LIMIT) revert BadAmount(msg.value);
        bool delayed = timedReleaseDelay != 0;
        if (
            commitmentWindow > MAX_WINDOW || claimWindow == 0 || claimWindow > MAX_WINDOW
                || allowsTimedRelease != delayed || timedReleaseDelay > claimWindow
        ) revert BadWindows(commitmentWindow, claimWindow, timedReleaseDelay);

        // update
        (_simple[key].head, _simple[key].tail) = SimpleOrderLib.pack(
            msg.sender, seller, msg.value, block.timestamp, commitmentWindow, claimWindow, timedReleaseDelay
        );
        // four numbers below 2^40 cannot overflow
        unchecked {
            uint256 commitmentDeadline = block.timestamp + commitmentWindow;
            emit SimpleOrderCreated({
                key: key,
                orderId: orderId,
                buyer: msg.sender,
                seller: seller,
                amount: msg.value,
                commitmentDeadline: commitmentDeadline,
                claimDeadline: commitmentDeadline + claimWindow,
                timedRelease: delayed ? commitmentDeadline + timedReleaseDelay : 0
            });
        }
        return orderId;
    }

    // ------------------------------------------------------------------------------------------------- commit

    /// @inheritdoc ICoreProverEscrow
    function sellerCommitEscrow(bytes32 orderId) external payable outsideVerbs {
        (bytes32 key, SimpleOrder memory order) = _commitable(orderId);
        if (msg.sender != order.seller) revert NotAllowed(msg.sender, order.seller);
        _requireValue(order.amount);
        _move(key, PHASE_DEPOSITED);
        emit SimpleDepositCommitted(key);
    }

    /// @inheritdoc ICoreProverEscrow
    function sellerCommitSignature(
        bytes32 orderId,
        bytes calldata signature,
        string calldata businessName,
        string calldata businessLicense,
        bytes32 documentHash
    ) external nonReentrant {
        (bytes32 key, SimpleOrder memory order) = _commitable(orderId);
        _requireSigned(
            order.seller, _commitmentHash(orderId, order, businessName, businessLicense, documentHash), signature
        );
        _move(key, PHASE_SIGNED);
        emit SimpleSignatureCommitted(key, businessName, businessLicense, documentHash);
    }

    /// @dev An order that its seller may still commit to.
    function _commitable(bytes32 orderId) private view returns (bytes32 key, SimpleOrder memory order) {
        (key, order) = _load(orderId);
        if (order.phase != PHASE_PAID_IN) _refuse(orderId, order.phase);
        if (block.timestamp > order.commitmentDeadline) revert TooLate(order.commitmentDeadline);
    }

    // ------------------------------------------------------------------------------------------------- pay out

    /// @inheritdoc ICoreProverEscrow
    function sellerClaimPayment(bytes32 orderId) external nonReentrant returns (uint256) {
        (bytes32 key, SimpleOrder memory order) = _load(orderId);
        uint256 phase = order.phase;
        if (phase == PHASE_SIGNED) {
            if (msg.sender != order.seller) revert NotAllowed(msg.sender, order.seller);
            if (block.timestamp < order.timedRelease) revert TooEarly(order.timedRelease);
            if (block.timestamp > order.claimDeadline) revert TooLate(order.claimDeadline);
            return _paySeller(key, order, PHASE_PAID_OUT);
        }
        if (phase != PHASE_DEPOSITED && phase != PHASE_BUYER_TOOK) _refuse(orderId, phase);
        _requireOwnerOrLate(order, order.seller);
        return _paySeller(key, order, phase == PHASE_DEPOSITED ? PHASE_SELLER_TOOK : PHASE_PAID_OUT);
    }

    /// @inheritdoc ICoreProverEscrow
    function buyerClaimCounterEscrow(bytes32 orderId) external nonReentrant returns (uint256) {
        (bytes32 key, SimpleOrder memory order) = _load(orderId);
        uint256 phase = order.phase;
        if (phase != PHASE_DEPOSITED && phase != PHASE_SELLER_TOOK) _refuse(orderId, phase);
        _requireOwnerOrLate(order, order.buyer);
        uint256 next = phase == PHASE_DEPOSITED ? PHASE_BUYER_TOOK : PHASE_PAID_OUT;
        _move(key, next);
        emit SimpleLegPaid(key, order.buyer, order.amount, _state(next));
        _pay(address(0), order.buyer, order.amount);
        return order.amount;
    }

    /// @inheritdoc ICoreProverEscrow
    function triggerTimedRelease(bytes32 orderId) external nonReentrant {
        (bytes32 key, SimpleOrder memory order) = _load(orderId);
        uint256 timedRelease = order.timedRelease;
        if (order.phase != PHASE_SIGNED || timedRelease == 0) {
            _refuse(orderId, order.phase);
        }
        if (block.timestamp < timedRelease) revert TooEarly(timedRelease);
        _paySeller(key, order, PHASE_PAID_OUT);
    }

    /// @inheritdoc ICoreProverEscrow
    function refundBuyerTimeout(bytes32 orderId) external nonReentrant {
        (bytes32 key, SimpleOrder memory order) = _load(orderId);
        uint256 phase = order.phase;
        bool signed = phase == PHASE_SIGNED && order.timedRelease == 0;
        if (phase != PHASE_PAID_IN && !signed) _refuse(orderId, phase);
        uint256 deadline = signed ? order.claimDeadline : order.commitmentDeadline;
        if (block.timestamp <= deadline) revert TooEarly(deadline + 1);
        _move(key, PHASE_REFUNDED);
        emit SimpleRefunded(key, order.buyer, order.amount);
        _pay(address(0), order.buyer, order.amount);
    }

    /// @dev The payment goes to the seller, with a receipt.
    function _paySeller(bytes32 key, SimpleOrder memory order, uint256 next) private returns (uint256 receiptId) {
        _move(key, next);
        emit SimpleLegPaid(key, order.seller, order.amount, _state(next));
        receiptId = vault.issueSimple(key, order.buyer, order.seller, order.amount);
        _pay(address(0), order.seller, order.amount);
    }

    /// @dev Writes an order's next phase.
    function _move(bytes32 key, uint256 phase) private {
        _simple[key].head = SimpleOrderLib.headWith(_simple[key].head, phase);
    }

    /// @dev A leg of an exchange is its owner's to take; after the claim deadline anyone may push it to him.
    function _requireOwnerOrLate(SimpleOrder memory order, address owner) private view {
        if (msg.sender != owner && block.timestamp <= order.claimDeadline) {
            revert NotAllowed(msg.sender, owner);
        }
    }

    // ------------------------------------------------------------------------------------------------- views

    /// @inheritdoc ISimpleOrders
    function escrows(bytes32 orderId)
        external
        view
        returns (
            address buyer,
            address seller,
            uint256 buyerAmount,
            uint256 sellerAmount,
            uint8 state,
            uint256 createdAt,
            uint256 commitmentDeadline,
            uint256 claimDeadline,
            bool allowsTimedRelease,
            uint256 timedReleaseTime
        )
    {
        SimpleOrder memory order = _simple[simpleKey(orderId)].unpack();
        uint256 phase = order.phase;
        buyer = order.buyer;
        seller = order.seller;
        buyerAmount = order.amount;
        sellerAmount =
            phase == PHASE_DEPOSITED || phase == PHASE_SELLER_TOOK || phase == PHASE_BUYER_TOOK ? buyerAmount : 0;
        state = State.unwrap(_state(phase));
        createdAt = order.createdAt;
        commitmentDeadline = order.commitmentDeadline;
        claimDeadline = order.claimDeadline;
        timedReleaseTime = order.timedRelease;
        allowsTimedRelease = timedReleaseTime != 0;
    }

    /// @inheritdoc ISimpleOrders
    function simpleKey(bytes32 orderId) public view returns (bytes32) {
        return
            EfficientHashLib.hash(SIMPLE_TAG, bytes32(block.chainid), bytes32(uint256(uint160(address(this)))), orderId);
    }

    /// @inheritdoc ISimpleOrders
    function sellerCommitmentDigest(
        bytes32 orderId,
        string calldata businessName,
        string calldata businessLicense,
        bytes32 documentHash
    ) external view returns (bytes32) {
        (, SimpleOrder memory order) = _load(orderId);
        return _hashTypedData(_commitmentHash(orderId, order, businessName, businessLicense, documentHash));
    }

    /// @dev The struct hash of the seller's commitment.
    function _commitmentHash(
        bytes32 orderId,
        SimpleOrder memory order,
        string calldata businessName,
        string calldata businessLicense,
        bytes32 documentHash
    ) private pure returns (bytes32) {
        bytes32[] memory words = EfficientHashLib.malloc(12);
        words.set(0, SIMPLE_COMMITMENT_TYPEHASH);
        words.set(1, orderId);
        words.set(2, uint256(uint160(order.buyer)));
        words.set(3, uint256(uint160(order.seller)));
        words.set(4, order.amount);
        words.set(5, order.commitmentDeadline);
        words.set(6, order.claimDeadline);
        words.set(7, order.timedRelease == 0 ? 0 : uint256(1));
        words.set(8, order.timedRelease);
        words.set(9, EfficientHashLib.hashCalldata(bytes(businessName)));
        words.set(10, EfficientHashLib.hashCalldata(bytes(businessLicense)));
        words.set(11, documentHash);
        return words.hash();
    }

    /// @dev An order that exists.
    function _load(bytes32 orderId) private view returns (bytes32 key, SimpleOrder memory order) {
        key = simpleKey(orderId);
        order = _simple[key].unpack();
        if (order.phase == 0) _refuse(orderId, 0);
    }

    /// @dev Reverts with the state that does not allow the call.
    function _refuse(bytes32 orderId, uint256 phase) private pure {
        revert WrongState(orderId, _state(phase));
    }

    /// @dev The escrow's number for a phase, a byte each: SIGNED and DEPOSITED are both 3.
    function _state(uint256 phase) private pure returns (State) {
        // a table of bytes, moved so that the phase's own is the lowest
        // forge-lint: disable-next-line(incorrect-shift,unsafe-typecast)
        return State.wrap(uint8(0x08_06_05_04_03_03_01_00 >> (phase * 8)));
    }
}
