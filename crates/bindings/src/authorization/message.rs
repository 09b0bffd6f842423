//! The messages that tokens and Permit2 take, as EIP-712 types. The names are those of the standards: they are hashed.

alloy::sol! {
    #![sol(extra_derives(Debug, PartialEq, Eq, Hash))]

    /// EIP-2612, in the token's domain: an allowance; `nonce` is the owner's next one in the token.
    #[allow(missing_docs)]
    struct Permit {
        address owner;
        address spender;
        uint256 value;
        uint256 nonce;
        uint256 deadline;
    }

    /// Of Permit2: a token and the most that may be taken.
    #[allow(missing_docs)]
    struct TokenPermissions {
        address token;
        uint256 amount;
    }

    /// Of Permit2, in its own domain: `spender` may take so much once.
    #[allow(missing_docs)]
    struct PermitTransferFrom {
        TokenPermissions permitted;
        address spender;
        uint256 nonce;
        uint256 deadline;
    }
}

/// Permit2 for a leg of an order.
pub mod leg {
    use super::TokenPermissions;
    use tgp_protocol::order::messages::Leg;

    alloy::sol! {
        #![sol(extra_derives(Debug, PartialEq, Eq, Hash))]

        /// As [`PermitTransferFrom`](super::PermitTransferFrom), for this leg of this order alone.
        #[allow(missing_docs)]
        struct PermitWitnessTransferFrom {
            TokenPermissions permitted;
            address spender;
            uint256 nonce;
            uint256 deadline;
            Leg witness;
        }
    }
}

/// Permit2 for a hash lock.
pub mod lock {
    use super::TokenPermissions;
    use tgp_protocol::order::messages::Lock;

    alloy::sol! {
        #![sol(extra_derives(Debug, PartialEq, Eq, Hash))]

        /// As [`PermitTransferFrom`](super::PermitTransferFrom), for this lock alone.
        #[allow(missing_docs)]
        struct PermitWitnessTransferFrom {
            TokenPermissions permitted;
            address spender;
            uint256 nonce;
            uint256 deadline;
            Lock witness;
        }
    }
}
