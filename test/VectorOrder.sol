// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {OrderTerms} from "../contracts/libraries/OrderTerms.sol";
import "../contracts/libraries/Terms.sol" as T;

/// @notice The order that the tests in Rust know too: `bonded` of crates/bindings/src/tests/order_id.rs.
library VectorOrder {
    function bonded() internal pure returns (OrderTerms memory o) {
        (o.buyer, o.seller, o.token, o.counterToken) = (address(1), address(2), address(3), address(4));
        (o.feeReceiver, o.arbiter, o.verifier) = (address(5), address(6), address(7));
        (o.amount, o.counterAmount) = (100e6, 90e6);
        (o.policy, o.silence, o.jurisdiction) = (T.ATTESTER_SIG, T.SILENCE_TO_SELLER, 42);
        (o.slashBps, o.feeBps, o.maxFeeBps, o.arbiterFeeBps, o.disputeBondBps) = (5_000, 100, 200, 300, 500);
        (o.zkbVersion, o.zksVersion) = (8, 9);
        (o.fundBy, o.commitBy, o.deliverBy) = (1_790_000_600, 1_790_001_800, 1_790_086_400);
        (o.reviewWindow, o.disputeWindow) = (2 days, 7 days);
        (o.sessionId, o.offerHash, o.salt) = (keccak256("session"), keccak256("offer"), keccak256("salt"));
    }
}
