// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {EfficientHashLib} from "solady/utils/EfficientHashLib.sol";
import {Commitment, ITermsOrders} from "./interfaces/ITermsOrders.sol";
import {Pull, Source} from "./interfaces/ITreasury.sol";
import {ZKB_01, ZKS_01} from "./libraries/Circuits.sol";
import {Slot, SlotLib} from "./libraries/Slot.sol";
import {
    BOTH_COMMITTED,
    BUYER_COMMITTED,
    KIND_SWAP,
    NONE,
    ROLE_BUYER,
    ROLE_SELLER,
    SWAPPED,
    Terms,
    TermsLib,
    ZK_PROOF
} from "./libraries/Terms.sol";
import {Fault, TermsRules} from "./libraries/TermsRules.sol";
import {BUYER_ORDER_TYPEHASH, LEG_TYPEHASH, SELLER_COMMITMENT_TYPEHASH} from "./libraries/TypeHashes.sol";
import {Endings} from "./Endings.sol";
import {Treasury} from "./Treasury.sol";

/// @title How a terms order begins: the buyer's payment and the seller's commitment
abstract contract Openings is Endings {
    using TermsLib for Terms;
    using TermsRules for Terms;

    // ------------------------------------------------------------------------------------------------- create

    /// @inheritdoc ITermsOrders
    function create(Terms calldata terms, Source source, bytes32 receiptAddress, bytes calldata auth)
        external
        payable
        nonReentrant
        returns (bytes32 orderId)
    {
        orderId = orderIdOf(terms);
        _requireValue(_coinDue(terms.payment));
        _create(terms, orderId, receiptAddress, source, auth);
    }

    /// @inheritdoc ITermsOrders
    function createWithCommitment(
        Terms calldata terms,
        Source source,
        bytes32 receiptAddress,
        bytes calldata auth,
        Commitment calldata commitment,
        Source bondSource,
        bytes calldata bondAuth
    ) external payable nonReentrant returns (bytes32 orderId) {
        orderId = orderIdOf(terms);
        _requireValue(_coinDue(terms.payment) + _coinDue(terms.counter));
        uint256 flags = _create(terms, orderId, receiptAddress, source, auth);
        _commit(terms, orderId, flags, commitment, bondSource, bondAuth);
    }

    /// @dev Checks terms and consent, writes the order, and takes the payment.
    function _create(Terms calldata terms, bytes32 orderId, bytes32 receiptAddress, Source source, bytes calldata auth)
        private
        returns (uint256 flags)
    {
        // check: a new id, sound terms, usable verifiers
        _requireState(orderId, _slots[orderId], NONE);
        Fault fault = terms.firstFault(address(this));
        if (fault != Fault.NONE) revert InvalidTerms(fault);
        _requireVerifiers(terms);

        _requireConsent(terms, orderId, receiptAddress, source, auth);

        // update
        flags = _setShield(terms, orderId, ROLE_BUYER, receiptAddress);
        _slots[orderId] = SlotLib.open(BUYER_COMMITTED, flags, 0, 0);
        address payer = source == Source.CALLER ? msg.sender : terms.buyer;
        _publishOrder(terms, orderId, payer, receiptAddress);

        // transfer
        _takePayment(terms, orderId, receiptAddress, payer, source, auth);
    }

    /// @dev The buyer's consent, where neither his call nor his token authorization gives it.
    function _requireConsent(
        Terms calldata terms,
        bytes32 orderId,
        bytes32 receiptAddress,
        Source source,
        bytes calldata auth
    ) private view {
        if (msg.sender == terms.buyer || source != Source.CALLER || receiptAddress == 0) return;
        _requireSigned(terms.buyer, EfficientHashLib.hash(BUYER_ORDER_TYPEHASH, orderId, receiptAddress), auth);
    }

    /// @dev Takes the buyer's leg from whoever pays it.
    function _takePayment(
        Terms calldata terms,
        bytes32 orderId,
        bytes32 receiptAddress,
        address payer,
        Source source,
        bytes calldata auth
    ) private {
        _take(orderId, ROLE_BUYER, receiptAddress, terms.payment, payer, terms.fundBy(), source, auth);
    }

    /// @dev emit OrderCreated(orderId, terms.buyer, terms.seller, payer, receiptAddress, terms), with the terms copied
    /// as they came; `firstFault` has read every address among them, so none has dirty bits.
    function _publishOrder(Terms calldata terms, bytes32 orderId, address payer, bytes32 receiptAddress) private {
        bytes32 topic = OrderCreated.selector;
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, payer)
            mstore(add(data, 0x20), receiptAddress)
            calldatacopy(add(data, 0x40), terms, 0x1a0)
            log4(data, 0x1e0, topic, orderId, calldataload(terms), calldataload(add(terms, 0x20)))
        }
    }

    /// @dev Every verifier version the terms name must be active, and a delivery circuit flagged as one.
    function _requireVerifiers(Terms calldata terms) private view {
        (uint48 zkb, uint48 zks) = (terms.zkbVersion(), terms.zksVersion());
        if (zkb != 0) _requireVerifier(ZKB_01, zkb, false);
        if (zks != 0) _requireVerifier(ZKS_01, zks, false);
        if (terms.has(ZK_PROOF)) {
            _requireVerifier(terms.deliveryCircuit, terms.deliveryVersion(), true);
        }
    }

    /// @dev Reverts unless new orders may name this verifier.
    function _requireVerifier(bytes32 circuit, uint48 version, bool delivery) private view {
        if (!registry.isActive(circuit, version, delivery)) revert VerifierNotActive(circuit, version);
    }

    // ------------------------------------------------------------------------------------------------- commit

    /// @inheritdoc ITermsOrders
    function commit(Terms calldata terms, Commitment calldata commitment, Source bondSource, bytes calldata bondAuth)
        external
        payable
        nonReentrant
    {
        (bytes32 orderId, Slot slot_) = _load(terms, BUYER_COMMITTED);
        _requireNotAfter(terms.commitBy());
        _requireValue(_coinDue(terms.counter));
        _commit(terms, orderId, slot_.flags(), commitment, bondSource, bondAuth);
    }

    /// @dev Takes the seller's consent and, where the terms ask one, his bond or his leg of a swap.
    function _commit(
        Terms calldata terms,
        bytes32 orderId,
        uint256 flags,
        Commitment calldata commitment,
        Source bondSource,
        bytes calldata bondAuth
    ) private {
        flags |= _acceptCommitment(terms, orderId, commitment);
        if (terms.kind() == KIND_SWAP) {
            _exchange(terms, orderId, flags, bondSource, bondAuth);
        } else {
            _slots[orderId] = SlotLib.open(BOTH_COMMITTED, flags, 0, 0);
            _takeCounter(terms, orderId, bondSource, bondAuth);
        }
    }

    /// @dev Both legs of a swap change hands at once.
    function _exchange(Terms calldata terms, bytes32 orderId, uint256 flags, Source bondSource, bytes calldata bondAuth)
        private
    {
        Ending memory e;
        e.outcome = SWAPPED;
        e.toSeller = terms.amount();
        e.bondToBuyer = terms.counterAmount();
        _end(terms, orderId, e);
        _takeCounter(terms, orderId, bondSource, bondAuth);
        _distribute(terms, orderId, flags, e);
    }

    /// @dev Takes the bond or the swap leg, from the seller only.
    function _takeCounter(Terms calldata terms, bytes32 orderId, Source source, bytes calldata auth) private {
        _takeFromOwner(orderId, ROLE_SELLER, terms.counter, terms.seller, terms.commitBy(), source, auth);
    }

    /// @dev Checks that the seller agrees, and publishes it.
    function _acceptCommitment(Terms calldata terms, bytes32 orderId, Commitment calldata c)
        private
        returns (uint256 flags)
    {
        (string calldata name, string calldata license) = (c.businessName, c.businessLicense);
        (bytes32 documentHash, bytes32 deliveryCommitment) = (c.documentHash, c.deliveryCommitment);
        if (msg.sender != terms.seller) {
            bytes32 structHash = EfficientHashLib.hash(
                SELLER_COMMITMENT_TYPEHASH,
                orderId,
                EfficientHashLib.hashCalldata(bytes(name)),
                EfficientHashLib.hashCalldata(bytes(license)),
                documentHash,
                deliveryCommitment
            );
            _requireSigned(terms.seller, structHash, c.signature);
        }
        flags = _setShield(terms, orderId, ROLE_SELLER, deliveryCommitment);
        emit SellerCommitted(orderId, name, license, documentHash, deliveryCommitment);
    }

    /// @dev Takes money that only its owner may bring: he calls himself, or his authorization is there.
    function _takeFromOwner(
        bytes32 orderId,
        uint8 role,
        uint256 asset,
        address owner,
        uint256 deadline,
        Source source,
        bytes calldata auth
    ) internal {
        // forge-lint: disable-next-line(unsafe-typecast)
        if (uint96(asset) == 0) return;
        if (source == Source.CALLER && msg.sender != owner) revert BadFunding(owner);
        _take(orderId, role, 0, asset, owner, deadline, source, auth);
    }

    /// @dev Takes one leg. The chain's coin came with the call, checked by `_requireValue`; a token is pulled, and an
    /// authorization for it is bound to order, role and receipt address.
    function _take(
        bytes32 orderId,
        uint8 role,
        bytes32 receiptAddress,
        uint256 asset,
        address from,
        uint256 deadline,
        Source source,
        bytes calldata auth
    ) private {
        // forge-lint: disable-next-line(unsafe-typecast)
        address token = address(uint160(asset >> 96));
        if (token == address(0)) {
            if (source != Source.CALLER) revert BadFunding(from);
            return;
        }
        bytes32 leg;
        if (source == Source.PERMIT2 || source == Source.EIP2612) {
            leg = EfficientHashLib.hash(LEG_TYPEHASH, orderId, bytes32(uint256(role)), receiptAddress);
        }
        if (source == Source.EIP2612 && msg.sender != from) {
            // a permit says nothing about the order, and one that was spent before is let pass: the leg is signed too
            _requireSigned(from, leg, auth.length < 65 ? auth : auth[65:]);
        }
        _pull(
            Pull({
                token: token,
                from: from,
                // forge-lint: disable-next-line(unsafe-typecast)
                amount: uint96(asset),
                nonce: _nonceOf(orderId, role, receiptAddress),
                deadline: deadline,
                witness: leg,
                validAfter: 0
            }),
            source,
            auth
        );
    }

    /// @dev What binds a token authorization to order, role and receipt address.
    function _nonceOf(bytes32 orderId, uint8 role, bytes32 receiptAddress) private pure returns (bytes32) {
        return EfficientHashLib.hash(orderId, bytes32(uint256(role)), receiptAddress);
    }

    /// @inheritdoc Treasury
    function _witnessType() internal pure override returns (string memory) {
        return "Leg witness)Leg(bytes32 orderId,uint8 role,bytes32 receiptAddress)TokenPermissions(address token,uint256 amount)";
    }

    /// @dev How much of the chain's coin this leg needs.
    function _coinDue(uint256 asset) internal pure returns (uint256) {
        return asset >> 96 == 0 ? asset : 0;
    }
}
