// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {EscrowBase} from "./EscrowBase.sol";
import {CollectProof, ITermsOrders} from "./interfaces/ITermsOrders.sol";
import {ZKB_01, ZKS_01} from "./libraries/Circuits.sol";
import {COLLECT_DELAY} from "./libraries/Shield.sol";
import {BUYER_SHIELDED, SELLER_SHIELDED, Slot} from "./libraries/Slot.sol";
import {PARTIAL, ROLE_BUYER, Terms, TermsLib} from "./libraries/Terms.sol";

/// @title Money due to a shielded role
/// @notice Proofs never touch an order's states: what is due to a shielded role is set aside when the order ends, and
/// paid to whom a proof names, or after a wait to the wallet in the terms. A proof
/// system that fails locks no money.
abstract contract ShieldedCredits is EscrowBase, ITermsOrders {
    using TermsLib for Terms;

    /// @inheritdoc ITermsOrders
    mapping(bytes32 orderId => mapping(uint8 role => bytes32 commitment)) public shield;

    /// @inheritdoc ITermsOrders
    mapping(bytes32 orderId => mapping(uint8 role => mapping(address token => uint256 amount))) public held;

    /// @dev State of every terms order.
    mapping(bytes32 orderId => Slot) internal _slots;

    /// @inheritdoc ITermsOrders
    function orderIdOf(Terms calldata terms) public view returns (bytes32) {
        return _hashTypedData(terms.structHash());
    }

    /// @inheritdoc ITermsOrders
    function slot(bytes32 orderId) external view returns (uint256) {
        return Slot.unwrap(_slots[orderId]);
    }

    /// @inheritdoc ITermsOrders
    function collectWithProof(Terms calldata terms, uint8 role, address token, CollectProof calldata p)
        external
        nonReentrant
    {
        // check: in time, and the proof names this order, role, token, amount, recipient and relayer
        bytes32 orderId = orderIdOf(terms);
        if (block.timestamp > p.deadline) revert TooLate(p.deadline);
        if (p.recipient == address(0) || p.recipient == address(this)) revert BadRecipient(p.recipient);
        uint256 amount = _heldFor(orderId, role, token);
        if (p.fee > amount) revert FeeAboveHeld(p.fee, amount);
        uint48 version = role == ROLE_BUYER ? terms.zkbVersion() : terms.zksVersion();
        bytes32 commitment = shield[orderId][role];
        if (!vault.collectHolds(orderId, terms.sessionId, role, version, commitment, token, amount, p)) {
            revert BadProof();
        }
        _payHeld(orderId, role, token, p.recipient, amount, p.relayer, p.fee);
    }

    /// @inheritdoc ITermsOrders
    function collect(Terms calldata terms, uint8 role, address token) external nonReentrant {
        bytes32 orderId = orderIdOf(terms);
        uint256 amount = _heldFor(orderId, role, token);
        uint256 opensAt = _slots[orderId].settledAt() + COLLECT_DELAY;
        (bytes32 circuit, uint48 version) = _circuitOf(terms, role);
        if (block.timestamp < opensAt && !registry.isRevoked(circuit, version)) revert TooEarly(opensAt);
        _payHeld(orderId, role, token, role == ROLE_BUYER ? terms.buyer : terms.seller, amount, address(0), 0);
    }

    /// @dev What is set aside, which is something.
    function _heldFor(bytes32 orderId, uint8 role, address token) private view returns (uint256 amount) {
        amount = held[orderId][role][token];
        if (amount == 0) revert NothingHeld(orderId, role, token);
    }

    /// @dev Empties a credit and pays it, a part of it to the relayer. A failed payment reverts and loses nothing.
    function _payHeld(
        bytes32 orderId,
        uint8 role,
        address token,
        address recipient,
        uint256 amount,
        address relayer,
        uint256 fee
    ) private {
        held[orderId][role][token] = 0;
        emit Collected(orderId, role, token, recipient, amount, relayer, fee);
        _send(token, recipient, amount - fee);
        if (fee != 0) _send(token, relayer, fee);
    }

    /// @dev The circuit that opens a role's credit, in the version that the terms pin.
    function _circuitOf(Terms calldata terms, uint8 role) internal pure returns (bytes32 circuit, uint48 version) {
        return role == ROLE_BUYER ? (ZKB_01, terms.zkbVersion()) : (ZKS_01, terms.zksVersion());
    }

    /// @dev Records a role's shielded address.
    /// @return flag the flag to set in the order's slot
    function _setShield(Terms calldata terms, bytes32 orderId, uint8 role, bytes32 commitment)
        internal
        returns (uint256 flag)
    {
        if (commitment == 0) return 0;
        (, uint48 version) = _circuitOf(terms, role);
        if (version == 0 || terms.has(PARTIAL)) revert ShieldNotAvailable(role);
        shield[orderId][role] = commitment;
        return role == ROLE_BUYER ? BUYER_SHIELDED : SELLER_SHIELDED;
    }

    /// @dev Pays what is due to a role, or sets it aside when the role is shielded.
    function _due(bytes32 orderId, uint256 flags, uint8 role, address token, address wallet, uint256 amount) internal {
        if (amount == 0) return;
        if (flags & (role == ROLE_BUYER ? BUYER_SHIELDED : SELLER_SHIELDED) == 0) {
            _pay(token, wallet, amount);
        } else {
            held[orderId][role][token] += amount;
            emit Held(orderId, role, token, amount);
        }
    }
}
