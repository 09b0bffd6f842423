// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Outcome, State, Terms} from "../libraries/Terms.sol";
import {Fault} from "../libraries/TermsRules.sol";
import {IOrderErrors} from "./IOrderErrors.sol";
import {Source} from "./ITreasury.sol";

/// @notice What a seller binds himself to.
/// @param businessName his name, as the buyer shall read it
/// @param businessLicense his licence, if any
/// @param documentHash hash of the document he stands by; 0 = none
/// @param deliveryCommitment his shielded destination; 0 = pay his wallet
/// @param signature his SellerCommitment signature; empty when he calls himself
struct Commitment {
    string businessName;
    string businessLicense;
    bytes32 documentHash;
    bytes32 deliveryCommitment;
    bytes signature;
}

/// @notice A split that buyer or seller or both agree to, in absolute amounts.
/// @param toBuyer of what is left of the payment
/// @param toSeller of what is left of the payment; both sum to what is left
/// @param bondToBuyer of the seller's bond; the rest goes back to him
/// @param disputeToSeller of the dispute bond; the rest goes back to the buyer. So what was signed before a dispute takes
/// nothing of a bond that came later
/// @param noFee no fee on the seller's part; only both together may say so
struct Split {
    uint256 toBuyer;
    uint256 toSeller;
    uint256 bondToBuyer;
    uint256 disputeToSeller;
    bool noFee;
}

/// @notice An arbiter's ruling.
/// @param toBuyer of the payment
/// @param toSeller of the payment; both sum to the amount
/// @param bondToBuyer of the seller's bond, at most slashBps of it
struct Ruling {
    uint256 toBuyer;
    uint256 toSeller;
    uint256 bondToBuyer;
}

/// @notice A proof that pays a shielded credit to whoever the proof names.
/// @param proof Groth16: a, b, c
/// @param nullifier its nullifier
/// @param recipient who is paid
/// @param relayer who gets `fee` for presenting it
/// @param fee out of the credit
/// @param deadline last second it may be presented
struct CollectProof {
    uint256[8] proof;
    uint256 nullifier;
    address recipient;
    address relayer;
    uint256 fee;
    uint256 deadline;
}

/// @title Terms orders: the id is the hash of every term
/// @notice Deadlines: an action is allowed at t <= deadline and its fallback at t > deadline. Clocks (review, dispute):
/// contesting and ruling at t < clock, claiming and silence at t >= clock. No two ways that pay are open for
/// the same money at the same instant, but for what the parties agree to.
interface ITermsOrders is IOrderErrors {
    /// @notice An order was paid in. With a `receiptAddress` the buyer's money goes to whoever can prove that he holds it.
    event OrderCreated(
        bytes32 indexed orderId,
        address indexed buyer,
        address indexed seller,
        address payer,
        bytes32 receiptAddress,
        Terms terms
    );

    /// @notice The seller is bound; his bond, if the terms ask one, is in.
    event SellerCommitted(
        bytes32 indexed orderId,
        string businessName,
        string businessLicense,
        bytes32 documentHash,
        bytes32 deliveryCommitment
    );

    /// @notice Evidence of delivery moved the order to FULFILLED; the review runs until `clock`.
    event Fulfilled(bytes32 indexed orderId, bytes32 evidence, uint256 deliveredAt, uint256 clock);

    /// @notice Attested or proven evidence that moved no clock: it ended the order at once (no arbiter), or is for the
    /// arbiter of an order already FULFILLED or DISPUTED.
    event EvidenceAdded(bytes32 indexed orderId, bytes32 evidence, uint256 deliveredAt);

    /// @notice The buyer contests; the arbiter may rule until `clock`. `unfulfilled`: there was no evidence.
    event Disputed(bytes32 indexed orderId, bytes32 reason, uint256 clock, bool unfulfilled);

    /// @notice A voucher raised what the seller has got to `cumulative`; the order goes on.
    event Released(bytes32 indexed orderId, uint256 cumulative);

    /// @notice The order ended. Amounts are those of this call; `fee` is part of `toSeller`.
    event OrderEnded(
        bytes32 indexed orderId,
        State state,
        Outcome outcome,
        uint256 toBuyer,
        uint256 toSeller,
        uint256 fee,
        uint256 bondToBuyer,
        uint256 disputeToBuyer,
        uint256 arbiterFee,
        bytes32 evidence
    );

    /// @notice Money due to a shielded role was set aside.
    event Held(bytes32 indexed orderId, uint8 indexed role, address indexed token, uint256 amount);

    /// @notice A shielded credit was paid out, `fee` of it to the relayer.
    event Collected(
        bytes32 indexed orderId,
        uint8 indexed role,
        address indexed token,
        address recipient,
        uint256 amount,
        address relayer,
        uint256 fee
    );

    /// @notice The terms break a rule; the fault names the field.
    error InvalidTerms(Fault fault);
    /// @notice Terms or a credit name a verifier that is not active.
    error VerifierNotActive(bytes32 circuit, uint48 version);
    /// @notice This source cannot pay this leg: the chain's coin comes with the call only, and a bond or a stake from
    /// nobody but `owner`, by his call or his authorization.
    error BadFunding(address owner);
    /// @notice This role cannot be shielded: the terms pin no verifier for it, or are PARTIAL.
    error ShieldNotAvailable(uint8 role);
    /// @notice The terms do not have this policy bit.
    error PolicyMissing(uint8 bit);
    /// @notice The terms name no arbiter.
    error ArbiterMissing();
    /// @notice The evidence is not the one on record (0 where there is none).
    error EvidenceMismatch(bytes32 orderId);
    /// @notice Delivery must not be after `latest`: the delivery deadline, or now.
    error DeliveredLate(uint256 deliveredAt, uint256 latest);
    /// @notice The proof does not hold for these terms.
    error BadProof();
    /// @notice The voucher must be above what is released and at most the amount.
    error VoucherOutOfRange(uint256 cumulative, uint256 released, uint256 amount);
    /// @notice The split must sum to what is left, and take no more of a bond than there is.
    error SplitMismatch(uint256 left, uint256 bond, uint256 disputeBond);
    /// @notice `party` alone cannot grant this split.
    error SplitNotGranted(address party);
    /// @notice A ruling gives the buyer at most slashBps of the bond, and none where the pinned delivery verifier is
    /// revoked.
    error RulingAboveSlash(uint256 bondToBuyer, uint256 most);
    /// @notice Nothing is held for this role in this token.
    error NothingHeld(bytes32 orderId, uint8 role, address token);
    /// @notice The relayer's fee is above what is held.
    error FeeAboveHeld(uint256 fee, uint256 held);

    /// @notice Pays an order in: the caller's money, or the buyer's by his authorization.
    /// @param terms every term
    /// @param source where the payment comes from
    /// @param receiptAddress the buyer's shielded receipt address; 0 = none. Needs his consent
    /// @param auth CALLER: empty, or the buyer's BuyerOrder signature when somebody else sets a receipt address for
    /// him. EIP3009, PERMIT2: the buyer's token authorization. EIP2612: his permit in 65 bytes, then, unless he calls
    /// himself, his Leg signature
    /// @return orderId the hash of the terms
    function create(Terms calldata terms, Source source, bytes32 receiptAddress, bytes calldata auth)
        external
        payable
        returns (bytes32 orderId);

    /// @notice `create` and `commit` in one transaction: from offer to committed, or for a SWAP to the end.
    function createWithCommitment(
        Terms calldata terms,
        Source source,
        bytes32 receiptAddress,
        bytes calldata auth,
        Commitment calldata commitment,
        Source bondSource,
        bytes calldata bondAuth
    ) external payable returns (bytes32 orderId);

    /// @notice Binds the seller: he calls himself, or anyone presents his signature. A SWAP exchanges at once.
    /// @param terms every term
    /// @param commitment what he binds himself to
    /// @param bondSource where the counter amount comes from, if the terms ask one
    /// @param bondAuth empty for CALLER, else the seller's token authorization
    function commit(Terms calldata terms, Commitment calldata commitment, Source bondSource, bytes calldata bondAuth)
        external
        payable;

    /// @notice The seller's own evidence; counts where an arbiter can be asked.
    function fulfil(Terms calldata terms, bytes32 evidence) external;

    /// @notice Evidence signed by the verifier of the terms (ATTESTER_SIG). Anyone presents it.
    function fulfilAttested(Terms calldata terms, bytes32 evidence, uint256 deliveredAt, bytes calldata signature)
        external;

    /// @notice Evidence proven by the delivery circuit of the terms (ZK_PROOF). Anyone presents it. Public signals:
    /// order context, evidence's upper and lower 128 bits, deliveredAt.
    function fulfilProven(Terms calldata terms, bytes32 evidence, uint256 deliveredAt, uint256[8] calldata proof)
        external;

    /// @notice Pays the seller: the review ended unchallenged, or the timed release has come. Anyone.
    function claim(Terms calldata terms, bytes32 evidence) external;

    /// @notice Pays the seller up to a cumulative voucher of the buyer (PARTIAL). Anyone presents it.
    function release(Terms calldata terms, uint256 cumulative, bytes calldata voucher) external;

    /// @notice Pays the buyer back after a deadline passed without the other side's part.
    function refund(Terms calldata terms) external;

    /// @notice The buyer contests and stakes the dispute bond. By himself, or by his Dispute signature and a token
    /// authorization for the bond.
    function dispute(
        Terms calldata terms,
        bytes32 reason,
        uint256 deadline,
        bytes calldata buyerAuth,
        Source bondSource,
        bytes calldata bondAuth
    ) external payable;

    /// @notice The arbiter rules.
    function resolve(Terms calldata terms, Ruling calldata ruling, bytes32 evidence) external;

    /// @notice The arbiter did not rule in time: the terms' silence rule. Anyone.
    function resolveBySilence(Terms calldata terms, bytes32 evidence) external;

    /// @notice Whoever gives agrees: the buyer alone may grant everything to the seller (in a
    /// dispute with his whole stake), the seller alone the default
    /// outcome or better to the buyer, both together anything.
    /// @param deadline last second the signatures are good for
    /// @param buyerAuth the buyer's Settlement signature; empty when he calls or does not agree
    /// @param sellerAuth the seller's Settlement signature; empty when he calls or does not agree
    /// @param evidence the evidence on record; 0 where there is none
    function settle(
        Terms calldata terms,
        Split calldata split,
        uint256 deadline,
        bytes calldata buyerAuth,
        bytes calldata sellerAuth,
        bytes32 evidence
    ) external;

    /// @notice Pays a shielded credit to whom a proof names.
    function collectWithProof(Terms calldata terms, uint8 role, address token, CollectProof calldata p) external;

    /// @notice Pays a shielded credit to the wallet in the terms: 30 days after the end, or at once when the pinned
    /// verifier is revoked. Anyone.
    function collect(Terms calldata terms, uint8 role, address token) external;

    /// @notice The id of an order with these terms.
    function orderIdOf(Terms calldata terms) external view returns (bytes32);

    /// @notice The packed state of an order: `Slot`.
    function slot(bytes32 orderId) external view returns (uint256);

    /// @notice The shielded address a role was created with; 0 = none.
    function shield(bytes32 orderId, uint8 role) external view returns (bytes32);

    /// @notice What is set aside for a shielded role.
    function held(bytes32 orderId, uint8 role, address token) external view returns (uint256);
}
