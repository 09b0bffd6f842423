// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {EfficientHashLib} from "solady/utils/EfficientHashLib.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";
import {IReceiptVault} from "./interfaces/IReceiptVault.sol";
import {Commitment, ITermsOrders, Ruling, Split} from "./interfaces/ITermsOrders.sol";
import {Pull, Source} from "./interfaces/ITreasury.sol";
import {CIRCUIT_ZKB, CIRCUIT_ZKS} from "./libraries/Shield.sol";
import {BUYER_SHIELDED, DISPUTED_UNFULFILLED, Slot, SlotLib} from "./libraries/Slot.sol";
import {
    ATTESTER_SIG,
    BOTH_CLAIMED,
    BOTH_COMMITTED,
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
    LEG_TYPEHASH,
    SELLER_COMMITMENT_TYPEHASH,
    SETTLEMENT_TYPEHASH,
    VOUCHER_TYPEHASH
} from "./libraries/TypeHashes.sol";
import {ShieldedCredits} from "./ShieldedCredits.sol";
import {Treasury} from "./Treasury.sol";

/// @title Terms orders: every verb from payment to end
/// @notice The terms come with every call and hash to the order id; storage is one slot per order.
/// @dev Every verb: load and check, write state, then move money. Verbs stand in the order of an order's life.
abstract contract TermsOrders is ShieldedCredits {
    using TermsLib for Terms;
    using TermsRules for Terms;

    /// @dev How an order ends and who gets what, in the payment's token unless it says bond. The first nine words are
    /// the data of OrderEnded.
    struct Ending {
        State state;
        Outcome outcome;
        uint256 toBuyer; // of what was left of the payment
        uint256 toSeller; // of what was left, the arbiter's fee taken off, the order's fee not yet
        uint256 fee; // of toSeller, to the fee receiver
        uint256 bondToBuyer;
        uint256 disputeToBuyer;
        uint256 arbiterFee;
        bytes32 evidence;
        uint256 released; // to the seller before this call
        uint256 bondToSeller;
        uint256 disputeToSeller;
    }

    /// @dev In `Ending.fee`: both parties waived it. Any other value there is overwritten when the order ends.
    uint256 private constant NO_FEE = 1;

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
        address buyer = terms.buyer;
        if (msg.sender == buyer) return;
        bool permitted = source == Source.EIP2612;
        if (!permitted && (source != Source.CALLER || receiptAddress == 0)) return;
        if (permitted && auth.length > 65) auth = auth[65:];
        _requireSigned(buyer, EfficientHashLib.hash(BUYER_ORDER_TYPEHASH, orderId, receiptAddress), auth);
    }

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
        if (zkb != 0) _requireVerifier(CIRCUIT_ZKB, zkb, false);
        if (zks != 0) _requireVerifier(CIRCUIT_ZKS, zks, false);
        if (terms.has(ZK_PROOF)) {
            _requireVerifier(terms.deliveryCircuit, terms.deliveryVersion(), true);
        }
    }

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
    ) private {
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
        address token = address(uint160(asset >> 96));
        if (token == address(0)) {
            if (source != Source.CALLER) revert BadFunding(from);
            return;
        }
        bool witnessed = source == Source.PERMIT2;
        _pull(
            Pull({
                token: token,
                from: from,
                amount: uint96(asset),
                nonce: _nonceOf(orderId, role, receiptAddress),
                deadline: deadline,
                witness: witnessed ? _witnessOf(orderId, role, receiptAddress) : bytes32(0)
            }),
            source,
            auth
        );
    }

    /// @dev What binds a token authorization to order, role and receipt address.
    function _nonceOf(bytes32 orderId, uint8 role, bytes32 receiptAddress) private pure returns (bytes32) {
        return EfficientHashLib.hash(orderId, bytes32(uint256(role)), receiptAddress);
    }

    function _witnessOf(bytes32 orderId, uint8 role, bytes32 receiptAddress) private pure returns (bytes32) {
        return EfficientHashLib.hash(LEG_TYPEHASH, orderId, bytes32(uint256(role)), receiptAddress);
    }

    /// @inheritdoc Treasury
    function _witnessType() internal pure override returns (string memory) {
        return "Leg witness)Leg(bytes32 orderId,uint8 role,bytes32 receiptAddress)TokenPermissions(address token,uint256 amount)";
    }

    /// @dev How much of the chain's coin this leg needs.
    function _coinDue(uint256 asset) private pure returns (uint256) {
        return asset >> 96 == 0 ? asset : 0;
    }

    // ------------------------------------------------------------------------------------------------- evidence

    /// @inheritdoc ITermsOrders
    function fulfil(Terms calldata terms, bytes32 evidence) external outsideVerbs {
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
        bool holds = vault.deliveryHolds(
            terms.deliveryCircuit, terms.deliveryVersion(), orderId, terms.sessionId, evidence, deliveredAt, proof
        );
        if (!holds) revert BadProof();
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
        _requireNotAfter(terms.reviewEnd());
        if (terms.has(TIMED)) _requireBefore(terms.timedRelease());

        // update
        if (!late && terms.arbiter != address(0)) {
            _fulfil(terms, orderId, slot_, evidence, deliveredAt);
        } else {
            emit EvidenceAdded(orderId, evidence, deliveredAt);
            if (!late) _payAll(terms, orderId, slot_, CLAIMED, evidence);
        }
    }

    /// @dev Records evidence and starts the review.
    function _fulfil(Terms calldata terms, bytes32 orderId, Slot slot_, bytes32 evidence, uint256 deliveredAt) private {
        uint256 clock = block.timestamp + terms.reviewWindow();
        _slots[orderId] = SlotLib.open(FULFILLED, slot_.flags(), clock, SlotLib.evidenceWord(orderId, evidence));
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
        _requireNotAfter(terms.reviewEnd());
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
        Ending memory e;
        if (slot_.state() == BOTH_COMMITTED) e.released = slot_.word();
        e.toSeller = terms.amount() - e.released;
        e.bondToSeller = terms.counterAmount();
        e.outcome = outcome;
        e.evidence = evidence;
        _finish(terms, orderId, slot_, e);
    }

    // ------------------------------------------------------------------------------------------------- refund

    /// @inheritdoc ITermsOrders
    function refund(Terms calldata terms) external nonReentrant {
        bytes32 orderId = orderIdOf(terms);
        Slot slot_ = _slots[orderId];
        State state = slot_.state();
        Ending memory e;
        if (state == BUYER_COMMITTED) {
            _requireNotBefore(terms.commitBy() + 1);
        } else {
            _requireState(orderId, slot_, BOTH_COMMITTED);
            if (terms.has(TIMED)) revert WrongState(orderId, state);
            bool buyerFirst = msg.sender == terms.buyer && !terms.has(ATTESTER_SIG | ZK_PROOF | PARTIAL);
            _requireNotBefore((buyerFirst ? terms.deliverBy() : terms.reviewEnd()) + 1);
            e.released = slot_.word();
            e.bondToBuyer = _slash(terms);
            e.bondToSeller = terms.counterAmount() - e.bondToBuyer;
        }
        e.toBuyer = terms.amount() - e.released;
        e.outcome = REFUNDED;
        _finish(terms, orderId, slot_, e);
    }

    /// @dev What a seller who did not deliver loses of his bond: nothing when nobody could have proven delivery
    /// because the pinned verifier is revoked.
    function _slash(Terms calldata terms) private view returns (uint256) {
        uint256 slash = terms.slash();
        if (slash == 0 || !terms.has(ZK_PROOF)) return slash;
        return registry.isRevoked(terms.deliveryCircuit, terms.deliveryVersion()) ? 0 : slash;
    }

    // ------------------------------------------------------------------------------------------------- dispute

    /// @inheritdoc ITermsOrders
    function dispute(
        Terms calldata terms,
        bytes32 reason,
        uint256 deadline,
        bytes calldata buyerAuth,
        Source bondSource,
        bytes calldata bondAuth
    ) external payable nonReentrant {
        // check: that it is the buyer
        bytes32 orderId = orderIdOf(terms);
        _requireNotAfter(deadline);
        if (msg.sender != terms.buyer) {
            bytes32 structHash = EfficientHashLib.hash(DISPUTE_TYPEHASH, orderId, reason, bytes32(deadline));
            _requireSigned(terms.buyer, structHash, buyerAuth);
        }

        // check: that it is time; update
        _openDispute(terms, orderId, reason);

        // transfer: the bond, from the buyer only
        uint256 asset = uint256(uint160(terms.token())) << 96 | terms.disputeBond();
        _requireValue(_coinDue(asset));
        _takeFromOwner(orderId, ROLE_DISPUTE, asset, terms.buyer, deadline, bondSource, bondAuth);
    }

    function _openDispute(Terms calldata terms, bytes32 orderId, bytes32 reason) private {
        Slot slot_ = _slots[orderId];
        bool unfulfilled = _requireDisputable(terms, orderId, slot_);
        uint256 flags = slot_.flags() | (unfulfilled ? DISPUTED_UNFULFILLED : 0);
        uint256 clock = block.timestamp + terms.disputeWindow();
        _slots[orderId] = SlotLib.open(DISPUTED, flags, clock, slot_.word());
        emit Disputed(orderId, reason, clock, unfulfilled);
    }

    /// @dev In review until the clock; without evidence, between deliverBy and the timed release.
    function _requireDisputable(Terms calldata terms, bytes32 orderId, Slot slot_)
        private
        view
        returns (bool unfulfilled)
    {
        State state = slot_.state();
        if (state == FULFILLED) {
            _requireBefore(slot_.clock());
            return false;
        }
        _requireState(orderId, slot_, BOTH_COMMITTED);
        if (!terms.has(TIMED)) revert PolicyMissing(TIMED);
        if (terms.arbiter == address(0)) revert ArbiterMissing();
        _requireNotBefore(terms.deliverBy() + 1);
        _requireBefore(terms.timedRelease());
        return true;
    }

    /// @inheritdoc ITermsOrders
    function resolve(Terms calldata terms, Ruling calldata ruling, bytes32 evidence) external nonReentrant {
        // check
        (bytes32 orderId, Slot slot_) = _load(terms, DISPUTED);
        if (msg.sender != terms.arbiter) revert NotAllowed(msg.sender, terms.arbiter);
        _requireBefore(slot_.clock());
        _requireEvidence(orderId, slot_, evidence);
        uint256 amount = terms.amount();
        uint256 bond = terms.counterAmount();
        uint256 most = _slash(terms);
        if (!_sums(ruling.toBuyer, ruling.toSeller, amount)) revert SplitMismatch(amount, bond, 0);
        if (ruling.bondToBuyer > most) revert RulingAboveSlash(ruling.bondToBuyer, most);

        Ending memory e;
        e.toBuyer = ruling.toBuyer;
        e.toSeller = ruling.toSeller;
        e.bondToBuyer = ruling.bondToBuyer;
        e.bondToSeller = bond - ruling.bondToBuyer;
        if (ruling.toBuyer < ruling.toSeller) _loseDispute(terms, e);
        else _winDispute(terms, e);
        e.outcome = RULED;
        e.evidence = evidence;
        _finish(terms, orderId, slot_, e);
    }

    /// @dev The buyer lost: his stake pays the arbiter, and the seller gets the rest of it.
    function _loseDispute(Terms calldata terms, Ending memory e) private pure {
        e.arbiterFee = terms.arbiterFee();
        e.disputeToSeller = terms.disputeBond() - e.arbiterFee;
    }

    /// @dev The buyer won: the arbiter is paid out of the seller's share, then his bond if it is the same token, then
    /// the stake; the buyer gets back what is left of it.
    function _winDispute(Terms calldata terms, Ending memory e) private pure {
        uint256 unpaid = terms.arbiterFee();
        e.arbiterFee = unpaid;
        // no part is above what it is taken from, and the stake covers the whole fee: the terms say so
        unchecked {
            uint256 part = FixedPointMathLib.min(e.toSeller, unpaid);
            e.toSeller -= part;
            unpaid -= part;
            if (terms.counterToken() == terms.token()) {
                part = FixedPointMathLib.min(e.bondToSeller, unpaid);
                e.bondToSeller -= part;
                unpaid -= part;
            }
            e.disputeToBuyer = terms.disputeBond() - unpaid;
        }
    }

    /// @inheritdoc ITermsOrders
    function resolveBySilence(Terms calldata terms, bytes32 evidence) external nonReentrant {
        (bytes32 orderId, Slot slot_) = _load(terms, DISPUTED);
        _requireNotBefore(slot_.clock());
        _requireEvidence(orderId, slot_, evidence);
        Ending memory e;
        if (terms.silence() == SILENCE_TO_BUYER) {
            e.toBuyer = terms.amount();
        } else {
            e.toSeller = terms.amount();
        }
        e.bondToSeller = terms.counterAmount();
        e.disputeToBuyer = terms.disputeBond();
        e.outcome = SILENT;
        e.evidence = evidence;
        _finish(terms, orderId, slot_, e);
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
        Ending memory e = _splitOf(terms, orderId, slot_, split);
        _requireEvidence(orderId, slot_, evidence);

        // check: who agrees, and that he may grant this alone
        bytes32 structHash = keccak256(abi.encode(SETTLEMENT_TYPEHASH, orderId, split, deadline));
        if (split.noFee) e.fee = NO_FEE;
        bool byBuyer = _agrees(terms.buyer, structHash, buyerAuth);
        bool bySeller = _agrees(terms.seller, structHash, sellerAuth);
        if (byBuyer && _isAcceptance(split)) {
            // in a dispute his stake goes as if he had lost, whoever presents the acceptance
            if (slot_.state() == DISPUTED) _loseDispute(terms, e);
        } else if (!bySeller) {
            if (byBuyer) revert SplitNotGranted(terms.buyer);
            revert NotAllowed(msg.sender, terms.buyer);
        } else if (!byBuyer) {
            _requireSellerGrant(terms, slot_, split, e);
        }
        e.outcome = SETTLED;
        e.evidence = evidence;
        _finish(terms, orderId, slot_, e);
    }

    /// @dev The split as a payout, checked against what the order holds.
    function _splitOf(Terms calldata terms, bytes32 orderId, Slot slot_, Split calldata split)
        private
        pure
        returns (Ending memory e)
    {
        State state = slot_.state();
        uint256 bond = terms.counterAmount();
        uint256 disputeBond;
        if (state == BUYER_COMMITTED) bond = 0;
        else if (state == BOTH_COMMITTED) e.released = slot_.word();
        else if (state == DISPUTED) disputeBond = terms.disputeBond();
        else _requireState(orderId, slot_, FULFILLED);

        uint256 left = terms.amount() - e.released;
        if (
            !_sums(split.toBuyer, split.toSeller, left) || split.bondToBuyer > bond
                || split.disputeToBuyer > disputeBond
        ) {
            revert SplitMismatch(left, bond, disputeBond);
        }
        e.toBuyer = split.toBuyer;
        e.toSeller = split.toSeller;
        e.bondToBuyer = split.bondToBuyer;
        e.bondToSeller = bond - split.bondToBuyer;
        e.disputeToBuyer = split.disputeToBuyer;
        e.disputeToSeller = disputeBond - split.disputeToBuyer;
    }

    function _sums(uint256 a, uint256 b, uint256 whole) private pure returns (bool) {
        return a <= whole && b == whole - a;
    }

    /// @dev Whether a party agrees: he calls, or his signature is there. A wrong signature is an error, not a no.
    function _agrees(address party, bytes32 structHash, bytes calldata auth) private view returns (bool) {
        if (msg.sender == party) return true;
        if (auth.length == 0) return false;
        _requireSigned(party, structHash, auth);
        return true;
    }

    /// @dev What the buyer may grant alone: everything to the seller.
    function _isAcceptance(Split calldata split) private pure returns (bool) {
        return split.toBuyer == 0 && split.bondToBuyer == 0 && split.disputeToBuyer == 0 && !split.noFee;
    }

    /// @dev The seller alone gives what the buyer would get if nothing were delivered, or more.
    function _requireSellerGrant(Terms calldata terms, Slot slot_, Split calldata split, Ending memory e) private view {
        uint256 slash = slot_.state() == BUYER_COMMITTED ? 0 : _slash(terms);
        if (split.toSeller != 0 || split.bondToBuyer < slash || e.disputeToSeller != 0 || split.noFee) {
            revert SplitNotGranted(terms.seller);
        }
    }

    // ------------------------------------------------------------------------------------------------- ending

    /// @dev Writes the end, then pays everybody.
    function _finish(Terms calldata terms, bytes32 orderId, Slot slot_, Ending memory e) private {
        _end(terms, orderId, e);
        _distribute(terms, orderId, slot_.flags(), e);
    }

    /// @dev Writes the end state with the receipt's hash, and publishes both.
    function _end(Terms calldata terms, bytes32 orderId, Ending memory e) private {
        uint256 sellerTotal = e.released + e.toSeller;
        uint256 feeBefore = terms.feeOn(e.released);
        if (e.fee == NO_FEE) e.fee = 0;
        else e.fee = terms.feeOn(sellerTotal) - feeBefore;
        if (e.outcome == RULED || e.outcome == SILENT) e.state = RESOLVED;
        else if (sellerTotal == 0) e.state = EXPIRED;
        else e.state = e.toBuyer == 0 ? BOTH_CLAIMED : RESOLVED;

        bytes32 topic = OrderEnded.selector;
        assembly ("memory-safe") {
            log2(e, 0x120, topic, orderId)
        }
        bytes32 receiptHash;
        if (sellerTotal != 0) receiptHash = _issue(terms, orderId, e, sellerTotal, feeBefore + e.fee);
        _slots[orderId] = SlotLib.ended(e.state, block.timestamp, receiptHash);
    }

    /// @dev Builds the receipt and has the vault publish it: `vault.issue(Receipt(...))`, word by word, because these
    /// sixteen words are hashed, sent and logged as they stand. The vault calls nobody and has no reason to fail.
    function _issue(Terms calldata terms, bytes32 orderId, Ending memory e, uint256 paid, uint256 fee)
        private
        returns (bytes32 receiptHash)
    {
        bytes32 receiptAddress = terms.zkbVersion() == 0 ? bytes32(0) : shield[orderId][ROLE_BUYER];
        bytes32 deliveryCommitment = terms.zksVersion() == 0 ? bytes32(0) : shield[orderId][ROLE_SELLER];
        address vault_ = address(vault);
        uint256 selector = uint32(IReceiptVault.issue.selector);
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, selector) // right-aligned: the call starts at m + 0x1c
            let r := add(m, 0x20)
            mstore(r, chainid())
            mstore(add(r, 0x20), address())
            mstore(add(r, 0x40), orderId)
            calldatacopy(add(r, 0x60), terms, 0x40) // buyer, seller
            calldatacopy(add(r, 0xa0), add(terms, 0x140), 0x40) // sessionId, offerHash
            mstore(add(r, 0xe0), shr(96, calldataload(add(terms, 0x40)))) // token
            mstore(add(r, 0x100), paid)
            mstore(add(r, 0x120), mload(add(e, 0x40))) // refunded: toBuyer
            mstore(add(r, 0x140), fee)
            mstore(add(r, 0x160), mload(add(e, 0x20))) // outcome
            mstore(add(r, 0x180), timestamp())
            mstore(add(r, 0x1a0), mload(add(e, 0x100))) // evidence
            mstore(add(r, 0x1c0), receiptAddress)
            mstore(add(r, 0x1e0), deliveryCommitment)
            receiptHash := keccak256(r, 0x200)
            if iszero(call(gas(), vault_, 0x00, add(m, 0x1c), 0x204, 0x00, 0x00)) { revert(0x00, 0x00) }
        }
    }

    /// @dev Pays everybody, each payee once per token where that is possible.
    function _distribute(Terms calldata terms, bytes32 orderId, uint256 flags, Ending memory e) private {
        (address token, address counterToken) = (terms.token(), terms.counterToken());
        (address buyer, address seller) = (terms.buyer, terms.seller);
        (uint256 toBuyer, uint256 toSeller) = (e.toBuyer, e.toSeller - e.fee + e.disputeToSeller);
        if (counterToken == token) {
            toSeller += e.bondToSeller;
            toBuyer += e.bondToBuyer;
        } else {
            _due(orderId, flags, ROLE_SELLER, counterToken, seller, e.bondToSeller);
            _due(orderId, flags, ROLE_BUYER, counterToken, buyer, e.bondToBuyer);
        }
        _due(orderId, flags, ROLE_SELLER, token, seller, toSeller);
        // the buyer's stake came from his wallet in the open and goes back there, shielded or not
        if (flags & BUYER_SHIELDED == 0) {
            _pay(token, buyer, toBuyer + e.disputeToBuyer);
        } else {
            _due(orderId, flags, ROLE_BUYER, token, buyer, toBuyer);
            _pay(token, buyer, e.disputeToBuyer);
        }
        _pay(token, terms.feeReceiver, e.fee);
        _pay(token, terms.arbiter, e.arbiterFee);
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
        bool recorded = state == FULFILLED || (state == DISPUTED && slot_.flags() & DISPUTED_UNFULFILLED == 0);
        if (recorded ? slot_.word() != SlotLib.evidenceWord(orderId, evidence) : evidence != 0) {
            revert EvidenceMismatch(orderId);
        }
    }

    function _requireNotAfter(uint256 deadline) private view {
        if (block.timestamp > deadline) revert TooLate(deadline);
    }

    function _requireBefore(uint256 end) private view {
        // end is above now's deadline fields, never 0
        unchecked {
            if (block.timestamp >= end) revert TooLate(end - 1);
        }
    }

    function _requireNotBefore(uint256 opensAt) private view {
        if (block.timestamp < opensAt) revert TooEarly(opensAt);
    }
}
