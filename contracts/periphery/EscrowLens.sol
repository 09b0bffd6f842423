// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {EfficientHashLib} from "solady/utils/EfficientHashLib.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";
import {IEscrow} from "../interfaces/IEscrow.sol";
import {Action, IEscrowLens, OrderView, Verb} from "../interfaces/IEscrowLens.sol";
import {Commitment, Split} from "../interfaces/ITermsOrders.sol";
import {IVerifierRegistry, VerifierStatus} from "../interfaces/IVerifierRegistry.sol";
import {OrderTerms, OrderTermsLib} from "../libraries/OrderTerms.sol";
import {Receipt, ReceiptLib} from "../libraries/Receipt.sol";
import {ZKB_01, ZKS_01} from "../libraries/Circuits.sol";
import {COLLECT_DELAY} from "../libraries/Shield.sol";
import {BUYER_SHIELDED, DISPUTED_UNFULFILLED, SELLER_SHIELDED, Slot} from "../libraries/Slot.sol";
import {
    ATTESTER_SIG,
    BOTH_COMMITTED,
    BUYER_COMMITTED,
    FULFILLED,
    NONE,
    PARTIAL,
    ROLE_BUYER,
    ROLE_SELLER,
    State,
    Terms,
    TermsLib,
    TIMED,
    ZK_PROOF
} from "../libraries/Terms.sol";
import {Fault, TermsRules} from "../libraries/TermsRules.sol";
import {
    BUYER_ORDER_TYPEHASH,
    DELIVERY_TYPEHASH,
    DISPUTE_TYPEHASH,
    LEG_TYPEHASH,
    SELLER_COMMITMENT_TYPEHASH,
    SETTLEMENT_TYPEHASH,
    VOUCHER_TYPEHASH
} from "../libraries/TypeHashes.sol";

/// @title EscrowLens
/// @notice See `IEscrowLens`.
contract EscrowLens is IEscrowLens {
    using OrderTermsLib for OrderTerms;
    using ReceiptLib for Receipt;
    using TermsLib for Terms;
    using TermsRules for Terms;

    /// @notice The escrow this lens reads.
    IEscrow public immutable escrow;

    /// @dev The verifiers that its terms may pin.
    IVerifierRegistry private immutable _registry;

    /// @dev A list under construction, and the next instant that changes it.
    struct Plan {
        Action[] actions;
        uint256 count;
        uint256 nextChange;
    }

    /// @dev More than any state has.
    uint256 private constant MOST_ACTIONS = 12;

    /// @dev The fields that the escrow's domain has; what they hold, `eip712Domain` says.
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    constructor(IEscrow escrow_) {
        escrow = escrow_;
        _registry = escrow_.registry();
    }

    // ------------------------------------------------------------------------------------------------- terms

    /// @inheritdoc IEscrowLens
    function pack(OrderTerms calldata order) external pure returns (Terms memory) {
        OrderTerms memory copy = order;
        return copy.pack();
    }

    /// @inheritdoc IEscrowLens
    function unpack(Terms calldata terms) external pure returns (OrderTerms memory) {
        return OrderTermsLib.unpack(terms);
    }

    /// @inheritdoc IEscrowLens
    function orderIdOf(OrderTerms calldata order) external view returns (bytes32) {
        OrderTerms memory copy = order;
        return escrow.orderIdOf(copy.pack());
    }

    /// @inheritdoc IEscrowLens
    function check(Terms calldata terms) external view returns (Fault) {
        return terms.firstFault(address(escrow));
    }

    /// @inheritdoc IEscrowLens
    function inactiveVerifier(Terms calldata terms) external view returns (bytes32 circuit, uint48 version) {
        (circuit, version,) = _verifiersFrom(terms);
    }

    /// @dev From when on every verifier of these terms is active, if the registry's roles do nothing.
    /// @return circuit the first that is not active now; 0 = all are
    /// @return version its version
    /// @return from 0 = now; the highest number = never
    function _verifiersFrom(Terms calldata terms) private view returns (bytes32 circuit, uint48 version, uint256 from) {
        bytes32[3] memory circuits = [ZKB_01, ZKS_01, terms.deliveryCircuit];
        uint48[3] memory versions = [terms.zkbVersion(), terms.zksVersion(), terms.deliveryVersion()];
        bool proven = terms.has(ZK_PROOF);
        for (uint256 i; i < 3; ++i) {
            bool delivery = i == 2;
            if (delivery ? !proven : versions[i] == 0) continue;
            if (_registry.isActive(circuits[i], versions[i], delivery)) continue;
            if (from == 0) (circuit, version) = (circuits[i], versions[i]);
            from = FixedPointMathLib.max(from, _activeFrom(circuits[i], versions[i], delivery));
        }
    }

    /// @dev When a verifier that is not active will be.
    function _activeFrom(bytes32 circuit, uint48 version, bool delivery) private view returns (uint256) {
        if (_registry.status(circuit, version) != VerifierStatus.PENDING) return type(uint256).max;
        IVerifierRegistry.Verifier memory verifier = _registry.verifierOf(circuit, version);
        return delivery && !verifier.delivery ? type(uint256).max : verifier.activeFrom;
    }

    // ------------------------------------------------------------------------------------------------- orders

    /// @inheritdoc IEscrowLens
    function orderOf(bytes32 orderId) external view returns (OrderView memory order) {
        Slot slot = Slot.wrap(escrow.slot(orderId));
        order.state = slot.state();
        if (slot.isEnded()) {
            order.settledAt = slot.settledAt();
            order.receiptWord = slot.receiptWord();
        } else {
            uint256 flags = slot.flags();
            order.clock = slot.clock();
            order.released = order.state == BOTH_COMMITTED ? slot.word() : 0;
            order.buyerShielded = flags & BUYER_SHIELDED != 0;
            order.sellerShielded = flags & SELLER_SHIELDED != 0;
            order.disputedUnfulfilled = flags & DISPUTED_UNFULFILLED != 0;
        }
    }

    /// @inheritdoc IEscrowLens
    function nextActions(Terms calldata terms)
        external
        view
        returns (State state, Action[] memory actions, uint256 nextChange)
    {
        bytes32 orderId = escrow.orderIdOf(terms);
        Slot slot = Slot.wrap(escrow.slot(orderId));
        state = slot.state();
        Plan memory plan;
        plan.actions = new Action[](MOST_ACTIONS);
        if (state == NONE) {
            _planNew(plan, terms);
        } else if (slot.isEnded()) {
            _planEnded(plan, terms, orderId, slot);
        } else {
            if (state == BUYER_COMMITTED) _planPaidIn(plan, terms);
            else if (state == BOTH_COMMITTED) _planCommitted(plan, terms);
            else if (state == FULFILLED) _planFulfilled(plan, terms, slot.clock());
            else _planDisputed(plan, terms, slot.clock());
            _add(plan, Verb.SETTLE, terms.buyer, 0, 0);
            _add(plan, Verb.SETTLE, terms.seller, 0, 0);
        }
        actions = plan.actions;
        uint256 count = plan.count;
        assembly ("memory-safe") {
            mstore(actions, count)
        }
        nextChange = plan.nextChange;
    }

    /// @dev Open once the deadlines are near enough and the verifiers active.
    function _planNew(Plan memory plan, Terms calldata terms) private view {
        (,, uint256 from) = _verifiersFrom(terms);
        Fault fault = terms.firstFault(address(escrow));
        if (fault == Fault.TOO_FAR_AHEAD) {
            uint256 ahead =
                FixedPointMathLib.max(terms.deliverBy(), terms.timedRelease()) - block.timestamp - TermsRules.MAX_AHEAD;
            from = FixedPointMathLib.max(from, block.timestamp + ahead);
            fault = _faultAfter(terms, ahead);
        }
        if (fault == Fault.NONE) _add(plan, Verb.CREATE, address(0), from, terms.fundBy());
    }

    /// @dev The first fault in `ahead` seconds: that of the same terms with all instants so much earlier.
    function _faultAfter(Terms calldata terms, uint256 ahead) private view returns (Fault) {
        uint256 timed = terms.timedRelease();
        if (terms.fundBy() < ahead) return Fault.FUND_BY_PASSED;
        if (timed != 0 && timed <= ahead) return Fault.TIMED_TOO_SOON;
        OrderTerms memory earlier = OrderTermsLib.unpack(terms);
        // not above fundBy, which has 40 bits
        // forge-lint: disable-next-line(unsafe-typecast)
        uint40 step = uint40(ahead);
        earlier.fundBy -= step;
        earlier.commitBy -= step;
        earlier.deliverBy -= step;
        if (timed != 0) earlier.timedRelease -= step;
        return this.check(earlier.pack());
    }

    /// @dev State 1.
    function _planPaidIn(Plan memory plan, Terms calldata terms) private view {
        _add(plan, Verb.COMMIT, terms.seller, 0, terms.commitBy());
        _add(plan, Verb.REFUND, address(0), terms.commitBy() + 1, 0);
    }

    /// @dev State 3.
    function _planCommitted(Plan memory plan, Terms calldata terms) private view {
        uint256 deliverBy = terms.deliverBy();
        bool timed = terms.has(TIMED);
        bool arbitrated = terms.arbiter != address(0);
        if (arbitrated) _add(plan, Verb.FULFIL, terms.seller, 0, deliverBy);
        _planEvidence(plan, terms);
        if (timed) {
            _add(plan, Verb.CLAIM, address(0), terms.timedRelease(), 0);
            if (arbitrated) _add(plan, Verb.DISPUTE, terms.buyer, deliverBy + 1, terms.timedRelease() - 1);
            return;
        }
        if (terms.has(PARTIAL)) _add(plan, Verb.RELEASE, terms.buyer, 0, terms.reviewEnd());
        if (!terms.has(ATTESTER_SIG | ZK_PROOF | PARTIAL)) {
            _add(plan, Verb.REFUND, terms.buyer, deliverBy + 1, terms.reviewEnd());
        }
        _add(plan, Verb.REFUND, address(0), terms.reviewEnd() + 1, 0);
    }

    /// @dev State 9.
    function _planFulfilled(Plan memory plan, Terms calldata terms, uint256 clock) private view {
        _planEvidence(plan, terms);
        _add(plan, Verb.DISPUTE, terms.buyer, 0, clock - 1);
        _add(plan, Verb.CLAIM, address(0), clock, 0);
    }

    /// @dev State 7.
    function _planDisputed(Plan memory plan, Terms calldata terms, uint256 clock) private view {
        _planEvidence(plan, terms);
        _add(plan, Verb.RESOLVE, terms.arbiter, 0, clock - 1);
        _add(plan, Verb.RESOLVE_BY_SILENCE, address(0), clock, 0);
    }

    /// @dev Evidence that somebody else gives; presenting it is anyone's. A revoked verifier takes no proof.
    function _planEvidence(Plan memory plan, Terms calldata terms) private view {
        uint256 until = terms.reviewEnd();
        if (terms.has(TIMED) && terms.timedRelease() <= until) until = terms.timedRelease() - 1;
        if (terms.has(ATTESTER_SIG)) _add(plan, Verb.FULFIL_ATTESTED, terms.verifier, 0, until);
        if (terms.has(ZK_PROOF) && !_registry.isRevoked(terms.deliveryCircuit, terms.deliveryVersion())) {
            _add(plan, Verb.FULFIL_PROVEN, address(0), 0, until);
        }
    }

    /// @dev States 6, 8 and 10: what is held for shielded roles.
    function _planEnded(Plan memory plan, Terms calldata terms, bytes32 orderId, Slot slot) private view {
        uint256 waited = slot.settledAt() + COLLECT_DELAY;
        if (_isHeld(terms, orderId, ROLE_BUYER)) {
            bool revoked = _registry.isRevoked(ZKB_01, terms.zkbVersion());
            _add(plan, Verb.COLLECT_BUYER, address(0), revoked ? 0 : waited, 0);
            if (!revoked) _add(plan, Verb.COLLECT_BUYER_WITH_PROOF, address(0), 0, 0);
        }
        if (_isHeld(terms, orderId, ROLE_SELLER)) {
            bool revoked = _registry.isRevoked(ZKS_01, terms.zksVersion());
            _add(plan, Verb.COLLECT_SELLER, address(0), revoked ? 0 : waited, 0);
            if (!revoked) _add(plan, Verb.COLLECT_SELLER_WITH_PROOF, address(0), 0, 0);
        }
    }

    /// @dev Whether anything is set aside for a role, in either token of the terms.
    function _isHeld(Terms calldata terms, bytes32 orderId, uint8 role) private view returns (bool) {
        return escrow.held(orderId, role, terms.token()) != 0 || escrow.held(orderId, role, terms.counterToken()) != 0;
    }

    /// @dev Adds a verb that is open from `from` to `until` (0 = for ever), or notes when it will be.
    function _add(Plan memory plan, Verb verb, address who, uint256 from, uint256 until) private view {
        if (until != 0 && (block.timestamp > until || from > until)) return;
        uint256 change = block.timestamp < from ? from : (until == 0 ? 0 : until + 1);
        if (change != 0 && (plan.nextChange == 0 || change < plan.nextChange)) plan.nextChange = change;
        if (block.timestamp >= from) {
            plan.actions[plan.count++] = Action({verb: verb, who: who, until: until});
        }
    }

    // ------------------------------------------------------------------------------------------------- messages

    /// @inheritdoc IEscrowLens
    function sellerCommitmentDigest(bytes32 orderId, Commitment calldata commitment) external view returns (bytes32) {
        return _digest(
            keccak256(
                abi.encode(
                    SELLER_COMMITMENT_TYPEHASH,
                    orderId,
                    keccak256(bytes(commitment.businessName)),
                    keccak256(bytes(commitment.businessLicense)),
                    commitment.documentHash,
                    commitment.deliveryCommitment
                )
            )
        );
    }

    /// @inheritdoc IEscrowLens
    function buyerOrderDigest(bytes32 orderId, bytes32 receiptAddress) external view returns (bytes32) {
        return _digest(keccak256(abi.encode(BUYER_ORDER_TYPEHASH, orderId, receiptAddress)));
    }

    /// @inheritdoc IEscrowLens
    function settlementDigest(bytes32 orderId, Split calldata split, uint256 deadline) external view returns (bytes32) {
        return _digest(keccak256(abi.encode(SETTLEMENT_TYPEHASH, orderId, split, deadline)));
    }

    /// @inheritdoc IEscrowLens
    function voucherDigest(bytes32 orderId, uint256 cumulative) external view returns (bytes32) {
        return _digest(keccak256(abi.encode(VOUCHER_TYPEHASH, orderId, cumulative)));
    }

    /// @inheritdoc IEscrowLens
    function disputeDigest(bytes32 orderId, bytes32 reason, uint256 deadline) external view returns (bytes32) {
        return _digest(keccak256(abi.encode(DISPUTE_TYPEHASH, orderId, reason, deadline)));
    }

    /// @inheritdoc IEscrowLens
    function deliveryDigest(bytes32 orderId, bytes32 evidence, uint256 deliveredAt) external view returns (bytes32) {
        return _digest(keccak256(abi.encode(DELIVERY_TYPEHASH, orderId, evidence, deliveredAt)));
    }

    /// @inheritdoc IEscrowLens
    function fundingNonce(bytes32 orderId, uint8 role, bytes32 receiptAddress) external pure returns (bytes32) {
        return EfficientHashLib.hash(orderId, bytes32(uint256(role)), receiptAddress);
    }

    /// @inheritdoc IEscrowLens
    function fundingWitness(bytes32 orderId, uint8 role, bytes32 receiptAddress) public pure returns (bytes32) {
        return EfficientHashLib.hash(LEG_TYPEHASH, orderId, bytes32(uint256(role)), receiptAddress);
    }

    /// @inheritdoc IEscrowLens
    function legDigest(bytes32 orderId, uint8 role, bytes32 receiptAddress) external view returns (bytes32) {
        return _digest(fundingWitness(orderId, role, receiptAddress));
    }

    /// @inheritdoc IEscrowLens
    function receiptHash(Receipt calldata receipt) external pure returns (bytes32) {
        Receipt memory copy = receipt;
        return copy.hash();
    }

    /// @dev What is signed: the message in the escrow's domain.
    function _digest(bytes32 structHash) private view returns (bytes32) {
        (, string memory name, string memory version, uint256 chainId, address verifier,,) = escrow.eip712Domain();
        bytes32 domain = keccak256(
            abi.encode(DOMAIN_TYPEHASH, keccak256(bytes(name)), keccak256(bytes(version)), chainId, verifier)
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
