// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ORDER_TERMS_TYPEHASH} from "./TypeHashes.sol";

/// @notice Where an order stands. The numbers are public interface and never change.
type State is uint8;

using {sameState as ==, otherState as !=} for State global;

/// @dev `==` of states.
function sameState(State a, State b) pure returns (bool) {
    return State.unwrap(a) == State.unwrap(b);
}

/// @dev `!=` of states.
function otherState(State a, State b) pure returns (bool) {
    return State.unwrap(a) != State.unwrap(b);
}

/// @dev No such order.
State constant NONE = State.wrap(0);
/// @dev The buyer has paid in.
State constant BUYER_COMMITTED = State.wrap(1);
/// @dev Reserved: the documents number it and no flow enters it.
State constant SELLER_COMMITTED = State.wrap(2);
/// @dev Both are bound; delivery is due.
State constant BOTH_COMMITTED = State.wrap(3);
/// @dev Simple orders with a deposit: the seller has taken his leg.
State constant SELLER_CLAIMED = State.wrap(4);
/// @dev Simple orders with a deposit: the buyer has taken his leg.
State constant BUYER_CLAIMED = State.wrap(5);
/// @dev End: paid.
State constant BOTH_CLAIMED = State.wrap(6);
/// @dev The buyer contests; the arbiter may rule.
State constant DISPUTED = State.wrap(7);
/// @dev End: refunded.
State constant EXPIRED = State.wrap(8);
/// @dev Evidence of delivery is in; the review clock runs.
State constant FULFILLED = State.wrap(9);
/// @dev End: split.
State constant RESOLVED = State.wrap(10);

/// @notice How an order ended. Part of its receipt; the numbers never change.
type Outcome is uint8;

using {sameOutcome as ==} for Outcome global;

/// @dev `==` of outcomes.
function sameOutcome(Outcome a, Outcome b) pure returns (bool) {
    return Outcome.unwrap(a) == Outcome.unwrap(b);
}

/// @dev Evidence stood unchallenged to the end of the review, or was final by itself.
Outcome constant CLAIMED = Outcome.wrap(1);
/// @dev The opted timed release came.
Outcome constant TIMED_OUT = Outcome.wrap(2);
/// @dev The last voucher reached the full amount.
Outcome constant RELEASED = Outcome.wrap(3);
/// @dev A deadline passed without the other side's part.
Outcome constant REFUNDED = Outcome.wrap(4);
/// @dev The party that gives agreed, or both did.
Outcome constant SETTLED = Outcome.wrap(5);
/// @dev The arbiter ruled.
Outcome constant RULED = Outcome.wrap(6);
/// @dev The arbiter stayed silent.
Outcome constant SILENT = Outcome.wrap(7);
/// @dev Both legs changed hands at once.
Outcome constant SWAPPED = Outcome.wrap(8);
/// @dev A simple order was paid.
Outcome constant SIMPLE = Outcome.wrap(9);

/// @notice The terms of an order, in the compact form that calls and events carry. The order id is their EIP-712
/// digest. `OrderTerms` has the 31 fields inside by name; `EscrowLens` converts and explains.
/// @param buyer who pays and to whom refunds go
/// @param seller who delivers and is paid
/// @param payment token 160 | amount 96: what is paid; token 0 is the chain's coin
/// @param counter counterToken 160 | counterAmount 96: the seller's bond, or his leg of a swap
/// @param feeReceiver who gets the fee on what the seller gets
/// @param arbiter who may rule when disputed; 0 = nobody, and the seller's own evidence then counts for nothing
/// @param verifier whose signature over a Delivery is evidence, with policy ATTESTER_SIG
/// @param deliveryCircuit whose proof is evidence, with policy ZK_PROOF
/// @param rules kind 8 | policy 8 | silence 8 | jurisdiction 8 | slashBps 16 | feeBps 16 | maxFeeBps 16
///              | arbiterFeeBps 16 | disputeBondBps 16 | deliveryVersion 48 | zkbVersion 48 | zksVersion 48
/// @param times fundBy 40 | commitBy 40 | deliverBy 40 | timedRelease 40 | reviewWindow 48 | disputeWindow 48
/// @param sessionId keccak256 of the session id of the negotiation
/// @param offerHash hash of the OFFER that was accepted
/// @param salt fixed by the OFFER, so that a retry is the same order
struct Terms {
    address buyer;
    address seller;
    uint256 payment;
    uint256 counter;
    address feeReceiver;
    address arbiter;
    address verifier;
    bytes32 deliveryCircuit;
    uint256 rules;
    uint256 times;
    bytes32 sessionId;
    bytes32 offerHash;
    bytes32 salt;
}

/// @dev Kinds of order: the counter amount is a bond that comes back, or the other leg of an exchange.
uint8 constant KIND_BOND = 0;
uint8 constant KIND_SWAP = 1;

/// @dev Policy bits: what besides the buyer may release the payment.
uint8 constant ATTESTER_SIG = 1;
uint8 constant ZK_PROOF = 2;
uint8 constant TIMED = 4;
uint8 constant PARTIAL = 8;

/// @dev Who gets the payment when the arbiter stays silent.
uint8 constant SILENCE_TO_BUYER = 0;
uint8 constant SILENCE_TO_SELLER = 1;

/// @dev Roles, in nonces of token authorizations and in shielded credits.
uint8 constant ROLE_BUYER = 0;
uint8 constant ROLE_SELLER = 1;
uint8 constant ROLE_DISPUTE = 2;

/// @dev Basis points of the whole.
uint256 constant BPS = 10_000;

/// @title Reading and hashing terms
library TermsLib {
    /// @dev The payment's token; 0 is the chain's coin.
    function token(Terms calldata t) internal pure returns (address) {
        return address(uint160(t.payment >> 96));
    }

    /// @dev The payment.
    function amount(Terms calldata t) internal pure returns (uint256) {
        return uint96(t.payment);
    }

    /// @dev The token of the bond or of the seller's leg.
    function counterToken(Terms calldata t) internal pure returns (address) {
        return address(uint160(t.counter >> 96));
    }

    /// @dev The bond or the seller's leg; 0 is none.
    function counterAmount(Terms calldata t) internal pure returns (uint256) {
        return uint96(t.counter);
    }

    /// @dev BOND or SWAP.
    function kind(Terms calldata t) internal pure returns (uint256) {
        return t.rules >> 248;
    }

    /// @dev The policy bits.
    function policy(Terms calldata t) internal pure returns (uint256) {
        return uint8(t.rules >> 240);
    }

    /// @dev Whether any of these policy bits is set.
    function has(Terms calldata t, uint256 bits) internal pure returns (bool) {
        return (t.rules >> 240) & bits != 0;
    }

    /// @dev To whom the payment goes when the arbiter is silent.
    function silence(Terms calldata t) internal pure returns (uint256) {
        return uint8(t.rules >> 232);
    }

    /// @dev The jurisdiction's number; 0 is none.
    function jurisdiction(Terms calldata t) internal pure returns (uint256) {
        return uint8(t.rules >> 224);
    }

    /// @dev How much of the bond a seller who delivers nothing loses.
    function slashBps(Terms calldata t) internal pure returns (uint256) {
        return uint16(t.rules >> 208);
    }

    /// @dev The fee on what the seller gets.
    function feeBps(Terms calldata t) internal pure returns (uint256) {
        return uint16(t.rules >> 192);
    }

    /// @dev The most that the fee may be.
    function maxFeeBps(Terms calldata t) internal pure returns (uint256) {
        return uint16(t.rules >> 176);
    }

    /// @dev The arbiter's fee, of the payment.
    function arbiterFeeBps(Terms calldata t) internal pure returns (uint256) {
        return uint16(t.rules >> 160);
    }

    /// @dev The buyer's stake in a dispute, of the payment.
    function disputeBondBps(Terms calldata t) internal pure returns (uint256) {
        return uint16(t.rules >> 144);
    }

    /// @dev The version of the delivery circuit.
    function deliveryVersion(Terms calldata t) internal pure returns (uint48) {
        return uint48(t.rules >> 96);
    }

    /// @dev The version of the buyer's circuit; 0 is none.
    function zkbVersion(Terms calldata t) internal pure returns (uint48) {
        return uint48(t.rules >> 48);
    }

    /// @dev The version of the seller's circuit; 0 is none.
    function zksVersion(Terms calldata t) internal pure returns (uint48) {
        return uint48(t.rules);
    }

    /// @dev The last second to pay.
    function fundBy(Terms calldata t) internal pure returns (uint256) {
        return t.times >> 216;
    }

    /// @dev The last second to commit.
    function commitBy(Terms calldata t) internal pure returns (uint256) {
        return uint40(t.times >> 176);
    }

    /// @dev The last second to deliver.
    function deliverBy(Terms calldata t) internal pure returns (uint256) {
        return uint40(t.times >> 136);
    }

    /// @dev From when on TIMED pays; 0 without it.
    function timedRelease(Terms calldata t) internal pure returns (uint256) {
        return uint40(t.times >> 96);
    }

    /// @dev How long evidence may be contested.
    function reviewWindow(Terms calldata t) internal pure returns (uint256) {
        return uint48(t.times >> 48);
    }

    /// @dev How long the arbiter has.
    function disputeWindow(Terms calldata t) internal pure returns (uint256) {
        return uint48(t.times);
    }

    // The sums and products below are of fields far too narrow to overflow 256 bits.

    /// @dev What the buyer stakes to dispute, in the payment's token.
    function disputeBond(Terms calldata t) internal pure returns (uint256) {
        return share(amount(t), disputeBondBps(t));
    }

    /// @dev What a ruling costs, in the payment's token.
    function arbiterFee(Terms calldata t) internal pure returns (uint256) {
        return share(amount(t), arbiterFeeBps(t));
    }

    /// @dev The fee on everything the seller has got so far.
    function feeOn(Terms calldata t, uint256 sellerTotal) internal pure returns (uint256) {
        return share(sellerTotal, feeBps(t));
    }

    /// @dev The most of the bond that a seller can lose.
    function slash(Terms calldata t) internal pure returns (uint256) {
        return share(counterAmount(t), slashBps(t));
    }

    /// @dev Basis points of an amount below 2^97, rounded down.
    function share(uint256 whole, uint256 bps) internal pure returns (uint256) {
        unchecked {
            return whole * bps / BPS;
        }
    }

    /// @dev Last second to present evidence or a voucher: delivery's deadline and the review after it.
    function reviewEnd(Terms calldata t) internal pure returns (uint256) {
        unchecked {
            return deliverBy(t) + reviewWindow(t);
        }
    }

    /// @dev EIP-712 struct hash. The words are hashed as they stand in calldata; an address with dirty upper bits never
    /// gets past creation, which reads every one of them.
    function structHash(Terms calldata t) internal pure returns (bytes32 hash) {
        bytes32 typeHash = ORDER_TERMS_TYPEHASH;
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, typeHash)
            calldatacopy(add(m, 0x20), t, 0x1a0)
            hash := keccak256(m, 0x1c0)
        }
    }
}
