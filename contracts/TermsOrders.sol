// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {EfficientHashLib} from "solady/utils/EfficientHashLib.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";
import {Commitment, ITermsOrders, Ruling, Split} from "./interfaces/ITermsOrders.sol";
import {Funding, Pull, Source} from "./interfaces/ITreasury.sol";
import {Receipt, ReceiptLib} from "./libraries/Receipt.sol";
import {CIRCUIT_ZKB, CIRCUIT_ZKS} from "./libraries/Shield.sol";
import {DISPUTED_UNFULFILLED, Slot, SlotLib} from "./libraries/Slot.sol";
import {
    ATTESTER_SIG,
    BOTH_CLAIMED,
    BOTH_COMMITTED,
    BPS,
    BUYER_COMMITTED,
    CLAIMED,
    DISPUTED,
    EXPIRED,
    FULFILLED,
    KIND_SWAP,
    NONE,
    Outcome,
    PARTIAL,
    REFUNDED,
    RELEASED,
    RESOLVED,
    ROLE_BUYER,
    ROLE_DISPUTE,
    ROLE_SELLER,
    RULED,
    SETTLED,
    SILENCE_TO_BUYER,
    SILENT,
    State,
    SWAPPED,
    Terms,
    TermsLib,
    TIMED,
    TIMED_OUT,
    ZK_PROOF
} from "./libraries/Terms.sol";
import {Fault, TermsRules} from "./libraries/TermsRules.sol";
import {
    BUYER_ORDER_TYPEHASH,
    DELIVERY_TYPEHASH,
    DISPUTE_TYPEHASH,
    ORDER_FUNDING_TYPEHASH,
    SELLER_COMMITMENT_TYPEHASH,
    SETTLEMENT_TYPEHASH,
    VOUCHER_TYPEHASH
} from "./libraries/TypeHashes.sol";
import {ShieldedCredits} from "./ShieldedCredits.sol";

/// @title Terms orders: every verb from payment to end
/// @notice The terms come with every call and hash to the order id; storage is one slot per order.
/// @dev Every verb: load and check, write state, then move money. Verbs stand in the order of an order's life.
abstract contract TermsOrders is ShieldedCredits {
    using ReceiptLib for Receipt;
    using TermsLib for Terms;
    using TermsRules for Terms;

    /// @dev Who gets what when an order ends, in the payment's token unless it says bond.
    struct Payout {
        uint256 released; // to the seller before this call
        uint256 toBuyer; // of what was left of the payment
        uint256 toSeller; // of what was left, the arbiter's fee taken off, the order's fee not yet
        uint256 fee; // of toSeller, to the fee receiver
        uint256 bondToBuyer;
        uint256 bondToSeller;
        uint256 disputeToBuyer;
        uint256 disputeToSeller;
        uint256 arbiterFee;
    }

    // ------------------------------------------------------------------------------------------------- create

    /// @inheritdoc ITermsOrders
    function create(Terms calldata terms, bytes32 receiptAddress, Funding calldata funding, bytes calldata consent)
        external
        payable
        nonReentrant
        returns (bytes32 orderId)
    {
        orderId = orderIdOf(terms);
        _requireValue(_coinDue(terms.payment));
        _create(terms, orderId, receiptAddress, funding, consent);
    }

    /// @inheritdoc ITermsOrders
    function createCommitted(
        Terms calldata terms,
        bytes32 receiptAddress,
        Funding calldata funding,
        bytes calldata consent,
        Commitment calldata commitment,
        Funding calldata bond
    ) external payable nonReentrant returns (bytes32 orderId) {
        orderId = orderIdOf(terms);
        _requireValue(_coinDue(terms.payment) + _coinDue(terms.counter));
        uint256 flags = _create(terms, orderId, receiptAddress, funding, consent);
        _commit(terms, orderId, flags, commitment, bond);
    }

    function _create(
        Terms calldata terms,
        bytes32 orderId,
        bytes32 receiptAddress,
        Funding calldata funding,
        bytes calldata consent
    ) private returns (uint256 flags) {
        // check: a new id, sound terms, usable verifiers
        _requireState(orderId, _slots[orderId], NONE);
        Fault fault = terms.firstFault(address(this));
        if (fault != Fault.NONE) revert InvalidTerms(fault);
        _requireVerifiers(terms);

        // check: the buyer's consent, where his token authorization does not give it
        (address buyer, Source source) = (terms.buyer, funding.source);
        bool byCaller = source == Source.CALLER;
        if (msg.sender != buyer && (source == Source.EIP2612 || (byCaller && receiptAddress != 0))) {
            _requireSigned(buyer, EfficientHashLib.hash(BUYER_ORDER_TYPEHASH, orderId, receiptAddress), consent);
        }

        // update
        address payer = byCaller ? msg.sender : buyer;
        flags = _setShield(terms, orderId, ROLE_BUYER, receiptAddress);
        _slots[orderId] = SlotLib.open(BUYER_COMMITTED, flags, 0, 0);
        emit OrderCreated(orderId, buyer, terms.seller, payer, receiptAddress, terms);

        // transfer
        _take(orderId, ROLE_BUYER, receiptAddress, terms.payment, payer, terms.fundBy(), funding);
    }

    /// @dev Every verifier version the terms name must be active, and a delivery circuit flagged as one.
    function _requireVerifiers(Terms calldata terms) private view {
        (uint48 zkb, uint48 zks) = (terms.zkbVersion(), terms.zksVersion());
        if (zkb != 0) _requireVerifier(CIRCUIT_ZKB, zkb);
        if (zks != 0) _requireVerifier(CIRCUIT_ZKS, zks);
        if (terms.has(ZK_PROOF)) {
            _requireVerifier(terms.deliveryCircuit, terms.deliveryVersion());
            if (!registry.isDelivery(terms.deliveryCircuit, terms.deliveryVersion())) {
                revert VerifierNotActive(terms.deliveryCircuit, terms.deliveryVersion());
            }
        }
    }

    function _requireVerifier(bytes32 circuit, uint48 version) private view {
        if (!registry.isActive(circuit, version)) revert VerifierNotActive(circuit, version);
    }

    // ------------------------------------------------------------------------------------------------- commit

    /// @inheritdoc ITermsOrders
    function commit(Terms calldata terms, Commitment calldata commitment, Funding calldata bond)
        external
        payable
        nonReentrant
    {
        (bytes32 orderId, Slot slot_) = _load(terms, BUYER_COMMITTED);
        _requireNotAfter(terms.commitBy());
        _requireValue(_coinDue(terms.counter));
        _commit(terms, orderId, slot_.flags(), commitment, bond);
    }

    function _commit(
        Terms calldata terms,
        bytes32 orderId,
        uint256 flags,
        Commitment calldata commitment,
        Funding calldata bond
    ) private {
        // check and update
        flags |= _acceptCommitment(terms, orderId, commitment);
        bool swap = terms.kind() == KIND_SWAP;
        Payout memory p;
        if (swap) {
            p.toSeller = terms.amount();
            p.fee = terms.feeOn(p.toSeller);
            p.bondToBuyer = terms.counterAmount();
            _end(terms, orderId, p, SWAPPED, 0);
        } else {
            _slots[orderId] = SlotLib.open(BOTH_COMMITTED, flags, 0, 0);
        }

        // transfer: the bond or the swap leg, from the seller only
        _takeFromOwner(orderId, ROLE_SELLER, terms.counter, terms.seller, terms.commitBy(), bond);
        if (swap) _distribute(terms, orderId, flags, p);
    }

    /// @dev Checks that the seller agrees, and publishes it.
    function _acceptCommitment(Terms calldata terms, bytes32 orderId, Commitment calldata c)
        private
        returns (uint256 flags)
    {
        if (msg.sender != terms.seller) {
            bytes32 structHash = EfficientHashLib.hash(
                SELLER_COMMITMENT_TYPEHASH,
                orderId,
                EfficientHashLib.hashCalldata(bytes(c.businessName)),
                EfficientHashLib.hashCalldata(bytes(c.businessLicense)),
                c.documentHash,
                c.deliveryCommitment
            );
            _requireSigned(terms.seller, structHash, c.signature);
        }
        flags = _setShield(terms, orderId, ROLE_SELLER, c.deliveryCommitment);
        emit SellerCommitted(orderId, c.businessName, c.businessLicense, c.documentHash, c.deliveryCommitment);
    }

    /// @dev Takes money that only its owner may bring: he calls himself, or his authorization is there.
    function _takeFromOwner(
        bytes32 orderId,
        uint8 role,
        uint256 asset,
        address owner,
        uint256 deadline,
        Funding calldata funding
    ) private {
        if (uint96(asset) == 0) return;
        if (funding.source == Source.CALLER && msg.sender != owner) revert BadFunding(owner);
        _take(orderId, role, 0, asset, owner, deadline, funding);
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
        Funding calldata funding
    ) private {
        Source source = funding.source;
        Pull memory pull;
        pull.token = address(uint160(asset >> 96));
        if (pull.token == address(0)) {
            if (source != Source.CALLER) revert BadFunding(from);
            return;
        }
        pull.from = from;
        pull.amount = uint96(asset);
        pull.deadline = deadline;
        pull.nonce = EfficientHashLib.hash(orderId, bytes32(uint256(role)), receiptAddress);
        if (source == Source.PERMIT2) {
            pull.witness = EfficientHashLib.hash(ORDER_FUNDING_TYPEHASH, orderId, bytes32(uint256(role)), receiptAddress);
            pull.witnessType =
                "OrderFunding witness)OrderFunding(bytes32 orderId,uint8 role,bytes32 receiptAddress)TokenPermissions(address token,uint256 amount)";
        }
        _pull(pull, funding);
    }

    /// @dev How much of the chain's coin this leg needs.
    function _coinDue(uint256 asset) private pure returns (uint256) {
        return asset >> 96 == 0 ? asset : 0;
    }

    // ------------------------------------------------------------------------------------------------- evidence

    /// @inheritdoc ITermsOrders
    function fulfil(Terms calldata terms, bytes32 evidence) external nonReentrant {
        (bytes32 orderId, Slot slot_) = _load(terms, BOTH_COMMITTED);
        if (msg.sender != terms.seller) revert NotAllowed(msg.sender, terms.seller);
        if (terms.arbiter == address(0)) revert ArbiterMissing();
        _requireNotAfter(terms.deliverBy());
        _fulfil(terms, orderId, slot_, evidence, block.timestamp);
    }

    /// @inheritdoc ITermsOrders
    function fulfilAttested(Terms calldata terms, bytes32 evidence, uint256 deliveredAt, bytes calldata signature)
        external
        nonReentrant
    {
        bytes32 orderId = orderIdOf(terms);
        if (!terms.has(ATTESTER_SIG)) revert PolicyMissing(ATTESTER_SIG);
        _requireSigned(
            terms.verifier, EfficientHashLib.hash(DELIVERY_TYPEHASH, orderId, evidence, bytes32(deliveredAt)), signature
        );
        _deliver(terms, orderId, evidence, deliveredAt);
    }

    /// @inheritdoc ITermsOrders
    function fulfilProven(Terms calldata terms, bytes32 evidence, uint256 deliveredAt, uint256[8] calldata proof)
        external
        nonReentrant
    {
        bytes32 orderId = orderIdOf(terms);
        if (!terms.has(ZK_PROOF)) revert PolicyMissing(ZK_PROOF);
        if (!vault.deliveryHolds(terms, orderId, evidence, deliveredAt, proof)) revert BadProof();
        _deliver(terms, orderId, evidence, deliveredAt);
    }

    /// @dev Attested or proven evidence: final without an arbiter, open to dispute with one, and for the arbiter's
    /// eyes once the order is already fulfilled or disputed.
    function _deliver(Terms calldata terms, bytes32 orderId, bytes32 evidence, uint256 deliveredAt) private {
        // check: the state, and delivery in time and presented in time
        Slot slot_ = _slots[orderId];
        State state = slot_.state();
        bool late = state == FULFILLED || state == DISPUTED;
        if (!late) _requireState(orderId, slot_, BOTH_COMMITTED);
        uint256 deliverBy = terms.deliverBy();
        uint256 latest = block.timestamp < deliverBy ? block.timestamp : deliverBy;
        if (deliveredAt > latest) revert DeliveredLate(deliveredAt, latest);
        _requireNotAfter(deliverBy + terms.reviewWindow());
        if (terms.has(TIMED)) _requireNotAfter(terms.timedRelease() - 1);

        // update
        if (late) {
            emit EvidenceAdded(orderId, evidence, deliveredAt);
        } else if (terms.arbiter != address(0)) {
            _fulfil(terms, orderId, slot_, evidence, deliveredAt);
        } else {
            emit EvidenceAdded(orderId, evidence, deliveredAt);
            _payAll(terms, orderId, slot_, CLAIMED, evidence);
        }
    }

    /// @dev Records evidence and starts the review.
    function _fulfil(Terms calldata terms, bytes32 orderId, Slot slot_, bytes32 evidence, uint256 deliveredAt)
        private
    {
        uint256 clock = block.timestamp + terms.reviewWindow();
        _slots[orderId] =
            SlotLib.open(FULFILLED, slot_.flags(), clock, SlotLib.evidenceWord(orderId, evidence));
        emit Fulfilled(orderId, evidence, deliveredAt, clock);
    }

    // ------------------------------------------------------------------------------------------------- pay out

    /// @inheritdoc ITermsOrders
    function claim(Terms calldata terms, bytes32 evidence) external nonReentrant {
        bytes32 orderId = orderIdOf(terms);
        Slot slot_ = _slots[orderId];
        State state = slot_.state();
        if (state == FULFILLED) {
            _requireEvidence(orderId, slot_, evidence);
            _requireNotBefore(slot_.clock());
            _payAll(terms, orderId, slot_, CLAIMED, evidence);
        } else {
            _requireState(orderId, slot_, BOTH_COMMITTED);
            if (!terms.has(TIMED)) revert PolicyMissing(TIMED);
            _requireEvidence(orderId, slot_, evidence);
            _requireNotBefore(terms.timedRelease());
            _payAll(terms, orderId, slot_, TIMED_OUT, 0);
        }
    }

    /// @inheritdoc ITermsOrders
    function release(Terms calldata terms, uint256 cumulative, bytes calldata voucher) external nonReentrant {
        // check
        (bytes32 orderId, Slot slot_) = _load(terms, BOTH_COMMITTED);
        if (!terms.has(PARTIAL)) revert PolicyMissing(PARTIAL);
        _requireNotAfter(terms.deliverBy() + terms.reviewWindow());
        (uint256 released, uint256 amount) = (slot_.word(), terms.amount());
        if (cumulative <= released || cumulative > amount) revert VoucherOutOfRange(cumulative, released, amount);
        if (msg.sender != terms.buyer) {
            _requireSigned(terms.buyer, EfficientHashLib.hash(VOUCHER_TYPEHASH, orderId, bytes32(cumulative)), voucher);
        }

        // update and transfer
        if (cumulative == amount) {
            _payAll(terms, orderId, slot_, RELEASED, 0);
        } else {
            _slots[orderId] = SlotLib.open(BOTH_COMMITTED, slot_.flags(), 0, cumulative);
            emit Released(orderId, cumulative);
            uint256 fee = terms.feeOn(cumulative) - terms.feeOn(released);
            _pay(terms.token(), terms.seller, cumulative - released - fee);
            _pay(terms.token(), terms.feeReceiver, fee);
        }
    }

    /// @dev Everything left goes to the seller, with his bond.
    function _payAll(Terms calldata terms, bytes32 orderId, Slot slot_, Outcome outcome, bytes32 evidence) private {
        Payout memory p;
        if (slot_.state() == BOTH_COMMITTED) p.released = slot_.word();
        p.toSeller = terms.amount() - p.released;
        p.fee = terms.feeOn(terms.amount()) - terms.feeOn(p.released);
        p.bondToSeller = terms.counterAmount();
        _finish(terms, orderId, slot_, p, outcome, evidence);
    }

    // ------------------------------------------------------------------------------------------------- refund

    /// @inheritdoc ITermsOrders
    function refund(Terms calldata terms) external nonReentrant {
        bytes32 orderId = orderIdOf(terms);
        Slot slot_ = _slots[orderId];
        State state = slot_.state();
        Payout memory p;
        if (state == BUYER_COMMITTED) {
            _requireNotBefore(terms.commitBy() + 1);
        } else {
            _requireState(orderId, slot_, BOTH_COMMITTED);
            if (terms.has(TIMED)) revert WrongState(orderId, state);
            bool buyerFirst = msg.sender == terms.buyer && !terms.has(ATTESTER_SIG | ZK_PROOF | PARTIAL);
            _requireNotBefore(terms.deliverBy() + (buyerFirst ? 0 : terms.reviewWindow()) + 1);
            p.released = slot_.word();
            p.bondToBuyer = _slash(terms);
            p.bondToSeller = terms.counterAmount() - p.bondToBuyer;
        }
        p.toBuyer = terms.amount() - p.released;
        _finish(terms, orderId, slot_, p, REFUNDED, 0);
    }

    /// @dev What a seller who did not deliver loses of his bond: nothing when nobody could have proven delivery
    /// because the pinned verifier is revoked.
    function _slash(Terms calldata terms) private view returns (uint256) {
        uint256 slashBps = terms.slashBps();
        if (slashBps == 0) return 0;
        if (terms.has(ZK_PROOF) && registry.isRevoked(terms.deliveryCircuit, terms.deliveryVersion())) return 0;
        return terms.counterAmount() * slashBps / BPS;
    }

    // ------------------------------------------------------------------------------------------------- dispute

    /// @inheritdoc ITermsOrders
    function dispute(
        Terms calldata terms,
        bytes32 reason,
        uint256 deadline,
        Funding calldata funding,
        bytes calldata buyerAuth
    ) external payable nonReentrant {
        // check: when, and that it is the buyer
        bytes32 orderId = orderIdOf(terms);
        Slot slot_ = _slots[orderId];
        bool unfulfilled = _requireDisputable(terms, orderId, slot_);
        _requireNotAfter(deadline);
        bytes32 structHash = EfficientHashLib.hash(DISPUTE_TYPEHASH, orderId, reason, bytes32(deadline));
        if (msg.sender != terms.buyer) _requireSigned(terms.buyer, structHash, buyerAuth);

        // update
        uint256 flags = slot_.flags() | (unfulfilled ? DISPUTED_UNFULFILLED : 0);
        uint256 clock = block.timestamp + terms.disputeWindow();
        _slots[orderId] = SlotLib.open(DISPUTED, flags, clock, slot_.word());
        emit Disputed(orderId, reason, clock, unfulfilled);

        // transfer: the bond, from the buyer only
        uint256 asset = uint256(uint160(terms.token())) << 96 | terms.disputeBond();
        _requireValue(_coinDue(asset));
        _takeFromOwner(orderId, ROLE_DISPUTE, asset, terms.buyer, deadline, funding);
    }

    /// @dev In review until the clock; without evidence, between deliverBy and the timed release.
    function _requireDisputable(Terms calldata terms, bytes32 orderId, Slot slot_)
        private
        view
        returns (bool unfulfilled)
    {
        State state = slot_.state();
        if (state == FULFILLED) {
            _requireNotAfter(slot_.clock() - 1);
            return false;
        }
        _requireState(orderId, slot_, BOTH_COMMITTED);
        if (!terms.has(TIMED)) revert PolicyMissing(TIMED);
        if (terms.arbiter == address(0)) revert ArbiterMissing();
        _requireNotBefore(terms.deliverBy() + 1);
        _requireNotAfter(terms.timedRelease() - 1);
        return true;
    }

    /// @inheritdoc ITermsOrders
    function resolve(Terms calldata terms, Ruling calldata ruling, bytes32 evidence) external nonReentrant {
        // check
        (bytes32 orderId, Slot slot_) = _load(terms, DISPUTED);
        if (msg.sender != terms.arbiter) revert NotAllowed(msg.sender, terms.arbiter);
        _requireNotAfter(slot_.clock() - 1);
        _requireEvidence(orderId, slot_, evidence);
        uint256 amount = terms.amount();
        uint256 bond = terms.counterAmount();
        uint256 most = bond * terms.slashBps() / BPS;
        if (ruling.toBuyer + ruling.toSeller != amount) revert SplitMismatch(amount, bond, 0);
        if (ruling.bondToBuyer > most) revert RulingAboveSlash(ruling.bondToBuyer, most);

        Payout memory p;
        p.toBuyer = ruling.toBuyer;
        p.toSeller = ruling.toSeller;
        p.bondToBuyer = ruling.bondToBuyer;
        p.bondToSeller = bond - ruling.bondToBuyer;
        if (p.toBuyer * 2 < amount) _loseDispute(terms, p);
        else _winDispute(terms, p);
        p.fee = terms.feeOn(p.toSeller);
        _finish(terms, orderId, slot_, p, RULED, evidence);
    }

    /// @dev The buyer lost: his stake pays the arbiter, and the seller gets the rest of it.
    function _loseDispute(Terms calldata terms, Payout memory p) private pure {
        p.arbiterFee = terms.arbiterFee();
        p.disputeToSeller = terms.disputeBond() - p.arbiterFee;
    }

    /// @dev The buyer won: the arbiter is paid out of the seller's share, then his bond if it is the same token, then
    /// the stake; the buyer gets back what is left of it.
    function _winDispute(Terms calldata terms, Payout memory p) private pure {
        uint256 unpaid = terms.arbiterFee();
        p.arbiterFee = unpaid;
        // no part is above what it is taken from, and the stake covers the whole fee: the terms say so
        unchecked {
            uint256 part = FixedPointMathLib.min(p.toSeller, unpaid);
            p.toSeller -= part;
            unpaid -= part;
            if (terms.counterToken() == terms.token()) {
                part = FixedPointMathLib.min(p.bondToSeller, unpaid);
                p.bondToSeller -= part;
                unpaid -= part;
            }
            p.disputeToBuyer = terms.disputeBond() - unpaid;
        }
    }

    /// @inheritdoc ITermsOrders
    function resolveBySilence(Terms calldata terms, bytes32 evidence) external nonReentrant {
        (bytes32 orderId, Slot slot_) = _load(terms, DISPUTED);
        _requireNotBefore(slot_.clock());
        _requireEvidence(orderId, slot_, evidence);
        Payout memory p;
        if (terms.silence() == SILENCE_TO_BUYER) {
            p.toBuyer = terms.amount();
        } else {
            p.toSeller = terms.amount();
            p.fee = terms.feeOn(p.toSeller);
        }
        p.bondToSeller = terms.counterAmount();
        p.disputeToBuyer = terms.disputeBond();
        _finish(terms, orderId, slot_, p, SILENT, evidence);
    }

    // ------------------------------------------------------------------------------------------------- settle

    /// @inheritdoc ITermsOrders
    function settle(
        Terms calldata terms,
        Split calldata split,
        uint256 deadline,
        bytes calldata buyerAuth,
        bytes calldata sellerAuth,
        bytes32 evidence
    ) external nonReentrant {
        bytes32 orderId = orderIdOf(terms);
        Slot slot_ = _slots[orderId];
        _requireNotAfter(deadline);
        Payout memory p = _splitOf(terms, orderId, slot_, split);
        _requireEvidence(orderId, slot_, evidence);

        // check: who agrees, and that he may grant this alone
        bytes32 structHash = keccak256(abi.encode(SETTLEMENT_TYPEHASH, orderId, split, deadline));
        bool byBuyer = _agrees(terms.buyer, structHash, buyerAuth);
        bool bySeller = _agrees(terms.seller, structHash, sellerAuth);
        if (!(byBuyer && bySeller)) {
            if (byBuyer) _requireBuyerGrant(terms, slot_, split, p);
            else if (bySeller) _requireSellerGrant(terms, slot_, split, p);
            else revert NotAllowed(msg.sender, terms.buyer);
        }
        if (!split.noFee) p.fee = terms.feeOn(p.released + p.toSeller) - terms.feeOn(p.released);
        _finish(terms, orderId, slot_, p, SETTLED, evidence);
    }

    /// @dev The split as a payout, checked against what the order holds.
    function _splitOf(Terms calldata terms, bytes32 orderId, Slot slot_, Split calldata split)
        private
        pure
        returns (Payout memory p)
    {
        State state = slot_.state();
        uint256 bond = terms.counterAmount();
        uint256 disputeBond;
        if (state == BUYER_COMMITTED) bond = 0;
        else if (state == BOTH_COMMITTED) p.released = slot_.word();
        else if (state == DISPUTED) disputeBond = terms.disputeBond();
        else _requireState(orderId, slot_, FULFILLED);

        uint256 left = terms.amount() - p.released;
        bool sums = split.toBuyer + split.toSeller == left;
        if (!sums || split.bondToBuyer > bond || split.disputeToBuyer > disputeBond) {
            revert SplitMismatch(left, bond, disputeBond);
        }
        p.toBuyer = split.toBuyer;
        p.toSeller = split.toSeller;
        p.bondToBuyer = split.bondToBuyer;
        p.bondToSeller = bond - split.bondToBuyer;
        p.disputeToBuyer = split.disputeToBuyer;
        p.disputeToSeller = disputeBond - split.disputeToBuyer;
    }

    /// @dev Whether a party agrees: he calls, or his signature is there. A wrong signature is an error, not a no.
    function _agrees(address party, bytes32 structHash, bytes calldata auth) private view returns (bool) {
        if (msg.sender == party) return true;
        if (auth.length == 0) return false;
        _requireSigned(party, structHash, auth);
        return true;
    }

    /// @dev The buyer alone gives everything; in a dispute his stake goes as if he had lost.
    function _requireBuyerGrant(Terms calldata terms, Slot slot_, Split calldata split, Payout memory p)
        private
        pure
    {
        if (split.toBuyer != 0 || split.bondToBuyer != 0 || split.disputeToBuyer != 0 || split.noFee) {
            revert SplitNotGranted(terms.buyer);
        }
        if (slot_.state() == DISPUTED) _loseDispute(terms, p);
    }

    /// @dev The seller alone gives what the buyer would get if nothing were delivered, or more.
    function _requireSellerGrant(Terms calldata terms, Slot slot_, Split calldata split, Payout memory p)
        private
        view
    {
        uint256 slash = slot_.state() == BUYER_COMMITTED ? 0 : _slash(terms);
        if (split.toSeller != 0 || split.bondToBuyer < slash || p.disputeToSeller != 0 || split.noFee) {
            revert SplitNotGranted(terms.seller);
        }
    }

    // ------------------------------------------------------------------------------------------------- ending

    /// @dev Writes the end, then pays everybody.
    function _finish(
        Terms calldata terms,
        bytes32 orderId,
        Slot slot_,
        Payout memory p,
        Outcome outcome,
        bytes32 evidence
    ) private {
        _end(terms, orderId, p, outcome, evidence);
        _distribute(terms, orderId, slot_.flags(), p);
    }

    /// @dev Writes the end state with the receipt's hash, and publishes both.
    function _end(Terms calldata terms, bytes32 orderId, Payout memory p, Outcome outcome, bytes32 evidence) private {
        uint256 sellerTotal = p.released + p.toSeller;
        State state = RESOLVED;
        if (!(outcome == RULED || outcome == SILENT)) {
            if (sellerTotal == 0) state = EXPIRED;
            else if (p.toBuyer == 0) state = BOTH_CLAIMED;
        }
        emit OrderEnded({
            orderId: orderId,
            state: state,
            outcome: outcome,
            toBuyer: p.toBuyer,
            toSeller: p.toSeller,
            fee: p.fee,
            bondToBuyer: p.bondToBuyer,
            disputeToBuyer: p.disputeToBuyer,
            arbiterFee: p.arbiterFee,
            evidence: evidence
        });
        if (sellerTotal == 0) {
            _slots[orderId] = SlotLib.ended(state, block.timestamp, 0);
            return;
        }
        Receipt memory receipt = Receipt({
            orderId: orderId,
            sessionId: terms.sessionId,
            offerHash: terms.offerHash,
            buyer: terms.buyer,
            seller: terms.seller,
            token: terms.token(),
            paid: uint96(sellerTotal),
            refunded: uint96(p.toBuyer),
            fee: uint96(terms.feeOn(p.released) + p.fee),
            outcome: outcome,
            settledAt: uint40(block.timestamp),
            evidence: evidence,
            receiptAddress: terms.zkbVersion() == 0 ? bytes32(0) : shield[orderId][ROLE_BUYER],
            deliveryCommitment: terms.zksVersion() == 0 ? bytes32(0) : shield[orderId][ROLE_SELLER]
        });
        _slots[orderId] = SlotLib.ended(state, block.timestamp, receipt.hash(address(this)));
        vault.issue(receipt);
    }

    /// @dev Pays everybody, each payee once per token where that is possible.
    function _distribute(Terms calldata terms, bytes32 orderId, uint256 flags, Payout memory p) private {
        address token = terms.token();
        uint256 toSeller = p.toSeller - p.fee + p.disputeToSeller;
        uint256 toBuyer = p.toBuyer;
        if (terms.counterToken() == token) {
            toSeller += p.bondToSeller;
            toBuyer += p.bondToBuyer;
        } else {
            _due(orderId, flags, ROLE_SELLER, terms.counterToken(), terms.seller, p.bondToSeller);
            _due(orderId, flags, ROLE_BUYER, terms.counterToken(), terms.buyer, p.bondToBuyer);
        }
        _due(orderId, flags, ROLE_SELLER, token, terms.seller, toSeller);
        _due(orderId, flags, ROLE_BUYER, token, terms.buyer, toBuyer);
        // the buyer's stake came from his wallet in the open and goes back there
        _pay(token, terms.buyer, p.disputeToBuyer);
        _pay(token, terms.feeReceiver, p.fee);
        _pay(token, terms.arbiter, p.arbiterFee);
    }

    // ------------------------------------------------------------------------------------------------- checks

    /// @dev The order of these terms, in this state or not at all.
    function _load(Terms calldata terms, State wanted) private view returns (bytes32 orderId, Slot slot_) {
        orderId = orderIdOf(terms);
        slot_ = _slots[orderId];
        _requireState(orderId, slot_, wanted);
    }

    function _requireState(bytes32 orderId, Slot slot_, State wanted) private pure {
        State state = slot_.state();
        if (state != wanted) revert WrongState(orderId, state);
    }

    /// @dev The evidence given must be the evidence on record: 0 where none is.
    function _requireEvidence(bytes32 orderId, Slot slot_, bytes32 evidence) private pure {
        State state = slot_.state();
        bool recorded = state == FULFILLED
            || (state == DISPUTED && slot_.flags() & DISPUTED_UNFULFILLED == 0);
        if (recorded ? slot_.word() != SlotLib.evidenceWord(orderId, evidence) : evidence != 0) {
            revert EvidenceMismatch(orderId);
        }
    }

    function _requireNotAfter(uint256 deadline) private view {
        if (block.timestamp > deadline) revert TooLate(deadline);
    }

    function _requireNotBefore(uint256 opensAt) private view {
        if (block.timestamp < opensAt) revert TooEarly(opensAt);
    }
}
