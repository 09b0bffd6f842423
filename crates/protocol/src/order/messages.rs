//! Every message that the contracts hash or take a signature of, as EIP-712 types.
//!
//! Generated from `contracts/eip712.json` by `make generate`: do not edit.

alloy_sol_types::sol! {
    #![sol(extra_derives(Debug, PartialEq, Eq, Hash))]

    /// Of `CoreProverEscrow`; signed by nobody by itself: its digest is the order id.
    #[allow(missing_docs)]
    struct OrderTerms {
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

    /// Of `CoreProverEscrow`; signed by the seller of a simple order.
    #[allow(missing_docs)]
    struct SimpleCommitment {
        bytes32 orderId;
        address buyer;
        address seller;
        uint256 amount;
        uint256 commitmentDeadline;
        uint256 claimDeadline;
        bool timed;
        uint256 timedRelease;
        string businessName;
        string businessLicense;
        bytes32 documentHash;
    }

    /// Of `CoreProverEscrow`; signed by the seller.
    #[allow(missing_docs)]
    struct SellerCommitment {
        bytes32 orderId;
        string businessName;
        string businessLicense;
        bytes32 documentHash;
        bytes32 deliveryCommitment;
    }

    /// Of `CoreProverEscrow`; signed by the buyer.
    #[allow(missing_docs)]
    struct BuyerOrder {
        bytes32 orderId;
        bytes32 receiptAddress;
    }

    /// Of `CoreProverEscrow`; signed by whoever pays, as Permit2 witness or beside an EIP-2612 permit: buyer (role 0), seller (1), or the buyer for a dispute bond (2).
    #[allow(missing_docs)]
    struct Leg {
        bytes32 orderId;
        uint8 role;
        bytes32 receiptAddress;
    }

    /// Of `CoreProverEscrow`; signed by the buyer or the seller.
    #[allow(missing_docs)]
    struct Settlement {
        bytes32 orderId;
        uint256 toBuyer;
        uint256 toSeller;
        uint256 bondToBuyer;
        uint256 disputeToSeller;
        bool noFee;
        uint256 deadline;
    }

    /// Of `CoreProverEscrow`; signed by the buyer of a PARTIAL order.
    #[allow(missing_docs)]
    struct Voucher {
        bytes32 orderId;
        uint256 cumulative;
    }

    /// Of `CoreProverEscrow`; signed by the buyer.
    #[allow(missing_docs)]
    struct Dispute {
        bytes32 orderId;
        bytes32 reason;
        uint256 deadline;
    }

    /// Of `CoreProverEscrow`; signed by the verifier named in the terms.
    #[allow(missing_docs)]
    struct Delivery {
        bytes32 orderId;
        bytes32 evidence;
        uint256 deliveredAt;
    }

    /// Of `HashedTimelock`; signed by the receiver of a lock.
    #[allow(missing_docs)]
    struct EarlyRefund {
        bytes32 lockId;
    }

    /// Of `HashedTimelock`; signed by the sender of a lock, as Permit2 witness.
    #[allow(missing_docs)]
    struct Lock {
        bytes32 lockId;
    }

    /// Of `TgpRouter`; signed by nobody by itself: part of Route and Split.
    #[allow(missing_docs)]
    struct Hop {
        address payee;
        uint16 feeBps;
    }

    /// Of `TgpRouter`; signed by nobody by itself: its digest is the route id, which every Charge names.
    #[allow(missing_docs)]
    struct Route {
        address buyer;
        address seller;
        address token;
        uint96 cap;
        uint16 maxFeesBps;
        uint256 expiry;
        bytes32 sessionId;
        bytes32 salt;
        Hop[] hops;
    }

    /// Of `TgpRouter`; signed by the buyer.
    #[allow(missing_docs)]
    struct Charge {
        bytes32 routeId;
        uint96 cumulative;
    }

    /// Of `TgpRouter`; signed by nobody by itself: its digest is the nonce of the buyer's EIP-3009 authorization.
    #[allow(missing_docs)]
    struct Split {
        address buyer;
        address seller;
        address token;
        uint96 amount;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 sessionId;
        bytes32 salt;
        Hop[] hops;
    }
}
