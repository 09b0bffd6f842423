// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

// Generated from contracts/eip712.json by `make generate`: do not edit.

/// @dev CoreProverEscrow; signed by nobody by itself: its digest is the order id.
bytes32 constant ORDER_TERMS_TYPEHASH = keccak256(
    "OrderTerms(address buyer,address seller,uint256 payment,uint256 counter,address feeReceiver,address arbiter,address verifier,bytes32 deliveryCircuit,uint256 rules,uint256 times,bytes32 sessionId,bytes32 offerHash,bytes32 salt)"
);

/// @dev CoreProverEscrow; signed by the seller of a simple order.
bytes32 constant SIMPLE_COMMITMENT_TYPEHASH = keccak256(
    "SimpleCommitment(bytes32 orderId,address buyer,address seller,uint256 amount,uint256 commitmentDeadline,uint256 claimDeadline,bool timed,uint256 timedRelease,string businessName,string businessLicense,bytes32 documentHash)"
);

/// @dev CoreProverEscrow; signed by the seller.
bytes32 constant SELLER_COMMITMENT_TYPEHASH = keccak256(
    "SellerCommitment(bytes32 orderId,string businessName,string businessLicense,bytes32 documentHash,bytes32 deliveryCommitment)"
);

/// @dev CoreProverEscrow; signed by the buyer.
bytes32 constant BUYER_ORDER_TYPEHASH = keccak256(
    "BuyerOrder(bytes32 orderId,bytes32 receiptAddress)"
);

/// @dev CoreProverEscrow; signed by whoever pays, as Permit2 witness or beside an EIP-2612 permit: buyer (role 0), seller (1), or the buyer for a dispute bond (2).
bytes32 constant LEG_TYPEHASH = keccak256(
    "Leg(bytes32 orderId,uint8 role,bytes32 receiptAddress)"
);

/// @dev CoreProverEscrow; signed by the buyer or the seller.
bytes32 constant SETTLEMENT_TYPEHASH = keccak256(
    "Settlement(bytes32 orderId,uint256 toBuyer,uint256 toSeller,uint256 bondToBuyer,uint256 disputeToSeller,bool noFee,uint256 deadline)"
);

/// @dev CoreProverEscrow; signed by the buyer of a PARTIAL order.
bytes32 constant VOUCHER_TYPEHASH = keccak256(
    "Voucher(bytes32 orderId,uint256 cumulative)"
);

/// @dev CoreProverEscrow; signed by the buyer.
bytes32 constant DISPUTE_TYPEHASH = keccak256(
    "Dispute(bytes32 orderId,bytes32 reason,uint256 deadline)"
);

/// @dev CoreProverEscrow; signed by the verifier named in the terms.
bytes32 constant DELIVERY_TYPEHASH = keccak256(
    "Delivery(bytes32 orderId,bytes32 evidence,uint256 deliveredAt)"
);

/// @dev HashedTimelock; signed by the receiver of a lock.
bytes32 constant EARLY_REFUND_TYPEHASH = keccak256(
    "EarlyRefund(bytes32 lockId)"
);

/// @dev HashedTimelock; signed by the sender of a lock, as Permit2 witness.
bytes32 constant LOCK_TYPEHASH = keccak256(
    "Lock(bytes32 lockId)"
);

/// @dev TgpRouter; signed by nobody by itself: part of Route and Split.
bytes32 constant HOP_TYPEHASH = keccak256(
    "Hop(address payee,uint16 feeBps)"
);

/// @dev TgpRouter; signed by nobody by itself: its digest is the route id, which every Charge names.
bytes32 constant ROUTE_TYPEHASH = keccak256(
    "Route(address buyer,address seller,address token,uint96 cap,uint16 maxFeesBps,uint256 expiry,bytes32 sessionId,bytes32 salt,Hop[] hops)Hop(address payee,uint16 feeBps)"
);

/// @dev TgpRouter; signed by the buyer.
bytes32 constant CHARGE_TYPEHASH = keccak256(
    "Charge(bytes32 routeId,uint96 cumulative)"
);

/// @dev TgpRouter; signed by nobody by itself: its digest is the nonce of the buyer's EIP-3009 authorization.
bytes32 constant SPLIT_TYPEHASH = keccak256(
    "Split(address buyer,address seller,address token,uint96 amount,uint256 validAfter,uint256 validBefore,bytes32 sessionId,bytes32 salt,Hop[] hops)Hop(address payee,uint16 feeBps)"
);
