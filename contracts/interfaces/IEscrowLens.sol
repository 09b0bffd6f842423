// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {OrderTerms} from "../libraries/OrderTerms.sol";
import {Receipt} from "../libraries/Receipt.sol";
import {State, Terms} from "../libraries/Terms.sol";
import {Fault} from "../libraries/TermsRules.sol";
import {Commitment, Split} from "./ITermsOrders.sol";

/// @notice What somebody can do with an order. CREATE, with the seller's signature at hand, may take his commitment along
/// (`createWithCommitment`). COLLECT pays a credit to the wallet in the terms, WITH_PROOF to whom the proof names.
enum Verb {
    CREATE,
    COMMIT,
    FULFIL,
    FULFIL_ATTESTED,
    FULFIL_PROVEN,
    CLAIM,
    RELEASE,
    REFUND,
    DISPUTE,
    RESOLVE,
    RESOLVE_BY_SILENCE,
    SETTLE,
    COLLECT_BUYER,
    COLLECT_SELLER,
    COLLECT_BUYER_WITH_PROOF,
    COLLECT_SELLER_WITH_PROOF
}

/// @notice A verb that is open now.
/// @param verb which
/// @param who whose call it takes, or where the verb has a signature for it anyone's call with his signature; 0 = anyone
/// may call, where evidence or a proof is asked for with it
/// @param until the last second it is open; 0 = no end
struct Action {
    Verb verb;
    address who;
    uint256 until;
}

/// @notice An order's slot, unpacked.
/// @param state where it stands
/// @param clock end of the review or of the arbiter's time; 0 where none runs
/// @param released what vouchers have paid the seller
/// @param buyerShielded whether the buyer's money is set aside for a proof
/// @param sellerShielded whether the seller's money is
/// @param disputedUnfulfilled whether a dispute began without evidence
/// @param settledAt when it ended; 0 while open
/// @param receiptWord the top 208 bits of its receipt's hash; 0 where it left none
struct OrderView {
    State state;
    uint256 clock;
    uint256 released;
    bool buyerShielded;
    bool sellerShielded;
    bool disputedUnfulfilled;
    uint256 settledAt;
    uint256 receiptWord;
}

/// @title What wallets and scripts ask about orders
/// @notice Stateless and without power: it reads one escrow and computes.
interface IEscrowLens {
    /// @notice The compact form of these terms.
    function pack(OrderTerms calldata order) external pure returns (Terms memory);

    /// @notice These terms field by field.
    function unpack(Terms calldata terms) external pure returns (OrderTerms memory);

    /// @notice The order id of terms given field by field.
    function orderIdOf(OrderTerms calldata order) external view returns (bytes32);

    /// @notice The first rule these terms would break if created now, or NONE. Whether the verifiers they name are active
    /// is another question: `inactiveVerifier`.
    function check(Terms calldata terms) external view returns (Fault);

    /// @notice The first verifier of these terms that a new order cannot name now, or (0, 0).
    function inactiveVerifier(Terms calldata terms) external view returns (bytes32 circuit, uint48 version);

    /// @notice An order as the escrow holds it.
    function orderOf(bytes32 orderId) external view returns (OrderView memory);

    /// @notice What can be done with an order of these terms now, by whom and until when, as far as the escrow and the
    /// registry of verifiers decide it: whether the money for it is there is not looked at.
    /// @return state where the order stands
    /// @return actions every verb that is open now
    /// @return nextChange the next second at which the list of verbs and parties is another one if nobody acts; 0 = never
    function nextActions(Terms calldata terms)
        external
        view
        returns (State state, Action[] memory actions, uint256 nextChange);

    /// @notice What the seller signs to commit to a terms order; `commitment.signature` is not part of it.
    function sellerCommitmentDigest(bytes32 orderId, Commitment calldata commitment) external view returns (bytes32);

    /// @notice What the buyer signs to consent to a receipt address that another payer sets.
    function buyerOrderDigest(bytes32 orderId, bytes32 receiptAddress) external view returns (bytes32);

    /// @notice What a party signs to settle.
    function settlementDigest(bytes32 orderId, Split calldata split, uint256 deadline) external view returns (bytes32);

    /// @notice What the buyer signs to release up to a cumulative amount.
    function voucherDigest(bytes32 orderId, uint256 cumulative) external view returns (bytes32);

    /// @notice What the buyer signs so that somebody else can dispute for him.
    function disputeDigest(bytes32 orderId, bytes32 reason, uint256 deadline) external view returns (bytes32);

    /// @notice What the verifier of the terms signs to attest delivery.
    function deliveryDigest(bytes32 orderId, bytes32 evidence, uint256 deliveredAt) external view returns (bytes32);

    /// @notice The nonce of a token authorization for a leg of an order.
    /// @param role buyer (0), seller (1), or the buyer's dispute bond (2)
    function fundingNonce(bytes32 orderId, uint8 role, bytes32 receiptAddress) external pure returns (bytes32);

    /// @notice The Permit2 witness for a leg of an order.
    function fundingWitness(bytes32 orderId, uint8 role, bytes32 receiptAddress) external pure returns (bytes32);

    /// @notice What the owner of the money signs beside an EIP-2612 permit for a leg of an order.
    function legDigest(bytes32 orderId, uint8 role, bytes32 receiptAddress) external view returns (bytes32);

    /// @notice The hash of a receipt.
    function receiptHash(Receipt calldata receipt) external pure returns (bytes32);
}
