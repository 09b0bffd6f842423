// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "./Terms.sol";

/// @notice The terms of an order, field by field, in the order in which they are signed.
/// @param buyer who pays and to whom refunds go
/// @param seller who delivers and is paid
/// @param token what is paid; 0 is the chain's coin
/// @param amount how much of it
/// @param counterToken the token of the seller's bond or swap leg; 0 is the chain's coin
/// @param counterAmount how much of it; 0 = no bond
/// @param feeReceiver who gets the fee
/// @param arbiter who may rule; 0 = nobody
/// @param verifier whose signature is evidence of delivery, with policy ATTESTER_SIG
/// @param deliveryCircuit whose proof is evidence of delivery, with policy ZK_PROOF
/// @param kind BOND (0) or SWAP (1)
/// @param policy bits: ATTESTER_SIG 1, ZK_PROOF 2, TIMED 4, PARTIAL 8
/// @param silence who gets the payment when the arbiter stays silent: buyer (0) or seller (1)
/// @param jurisdiction a number both sides know; 0 = none
/// @param slashBps of the bond, to the buyer when nothing was delivered; in hundredths of a percent
/// @param feeBps of what the seller gets
/// @param maxFeeBps what the OFFER capped the fee at
/// @param arbiterFeeBps of the amount, for a ruling
/// @param disputeBondBps of the amount, staked by a buyer who disputes
/// @param deliveryVersion version of the delivery circuit's verifier
/// @param zkbVersion version of the ZKB verifier for a shielded buyer; 0 = none
/// @param zksVersion version of the ZKS verifier for a shielded seller; 0 = none
/// @param fundBy last second to pay in
/// @param commitBy last second to commit
/// @param deliverBy last second to deliver
/// @param timedRelease from when on anyone may release the payment, with policy TIMED
/// @param reviewWindow seconds in which evidence may be contested
/// @param disputeWindow seconds in which the arbiter may rule
/// @param sessionId keccak256 of the session id of the negotiation
/// @param offerHash hash of the OFFER that was accepted
/// @param salt fixed by the OFFER
struct OrderTerms {
    address buyer;
    address seller;
    address token;
    uint96 amount;
    address counterToken;
    uint96 counterAmount;
    address feeReceiver;
    address arbiter;
    address verifier;
    bytes32 deliveryCircuit;
    uint8 kind;
    uint8 policy;
    uint8 silence;
    uint8 jurisdiction;
    uint16 slashBps;
    uint16 feeBps;
    uint16 maxFeeBps;
    uint16 arbiterFeeBps;
    uint16 disputeBondBps;
    uint48 deliveryVersion;
    uint48 zkbVersion;
    uint48 zksVersion;
    uint40 fundBy;
    uint40 commitBy;
    uint40 deliverBy;
    uint40 timedRelease;
    uint48 reviewWindow;
    uint48 disputeWindow;
    bytes32 sessionId;
    bytes32 offerHash;
    bytes32 salt;
}

/// @title From fields to the compact form and back
library OrderTermsLib {
    /// @dev The form that calls carry.
    function pack(OrderTerms memory o) internal pure returns (Terms memory t) {
        t.buyer = o.buyer;
        t.seller = o.seller;
        t.payment = uint256(uint160(o.token)) << 96 | o.amount;
        t.counter = uint256(uint160(o.counterToken)) << 96 | o.counterAmount;
        t.feeReceiver = o.feeReceiver;
        t.arbiter = o.arbiter;
        t.verifier = o.verifier;
        t.deliveryCircuit = o.deliveryCircuit;
        uint256 rules = uint256(o.kind) << 24 | uint256(o.policy) << 16 | uint256(o.silence) << 8 | o.jurisdiction;
        rules = rules << 32 | uint256(o.slashBps) << 16 | o.feeBps;
        rules = rules << 48 | uint256(o.maxFeeBps) << 32 | uint256(o.arbiterFeeBps) << 16 | o.disputeBondBps;
        t.rules = rules << 144 | uint256(o.deliveryVersion) << 96 | uint256(o.zkbVersion) << 48 | o.zksVersion;
        uint256 times = uint256(o.fundBy) << 40 | o.commitBy;
        times = times << 80 | uint256(o.deliverBy) << 40 | o.timedRelease;
        t.times = times << 96 | uint256(o.reviewWindow) << 48 | o.disputeWindow;
        t.sessionId = o.sessionId;
        t.offerHash = o.offerHash;
        t.salt = o.salt;
    }

    /// @dev The form that people read.
    function unpack(Terms memory t) internal pure returns (OrderTerms memory o) {
        o.buyer = t.buyer;
        o.seller = t.seller;
        // the low 96 bits are the amount
        // forge-lint: disable-start(unsafe-typecast)
        o.token = address(uint160(t.payment >> 96));
        o.amount = uint96(t.payment);
        o.counterToken = address(uint160(t.counter >> 96));
        o.counterAmount = uint96(t.counter);
        // forge-lint: disable-end(unsafe-typecast)
        o.feeReceiver = t.feeReceiver;
        o.arbiter = t.arbiter;
        o.verifier = t.verifier;
        o.deliveryCircuit = t.deliveryCircuit;
        _unpackRules(t.rules, o);
        _unpackTimes(t.times, o);
        o.sessionId = t.sessionId;
        o.offerHash = t.offerHash;
        o.salt = t.salt;
    }

    // Each cast below takes one field out of its word and is meant to drop the others.
    // forge-lint: disable-start(unsafe-typecast)

    /// @dev The fields of the rules word.
    function _unpackRules(uint256 rules, OrderTerms memory o) private pure {
        o.kind = uint8(rules >> 248);
        o.policy = uint8(rules >> 240);
        o.silence = uint8(rules >> 232);
        o.jurisdiction = uint8(rules >> 224);
        o.slashBps = uint16(rules >> 208);
        o.feeBps = uint16(rules >> 192);
        o.maxFeeBps = uint16(rules >> 176);
        o.arbiterFeeBps = uint16(rules >> 160);
        o.disputeBondBps = uint16(rules >> 144);
        o.deliveryVersion = uint48(rules >> 96);
        o.zkbVersion = uint48(rules >> 48);
        o.zksVersion = uint48(rules);
    }

    /// @dev The fields of the times word.
    function _unpackTimes(uint256 times, OrderTerms memory o) private pure {
        o.fundBy = uint40(times >> 216);
        o.commitBy = uint40(times >> 176);
        o.deliverBy = uint40(times >> 136);
        o.timedRelease = uint40(times >> 96);
        o.reviewWindow = uint48(times >> 48);
        o.disputeWindow = uint48(times);
    }

    // forge-lint: disable-end(unsafe-typecast)
}
