//! The two authorizations of EIP-3009, as EIP-712 types. The names are those of the standard: they are hashed.

alloy_sol_types::sol! {
    #![sol(extra_derives(Debug, PartialEq, Eq, Hash))]

    /// In the token's domain: the payee himself brings it.
    #[allow(missing_docs)]
    struct ReceiveWithAuthorization {
        address from;
        address to;
        uint256 value;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 nonce;
    }

    /// In the token's domain: anyone brings it. An `exact` payment of x402.
    #[allow(missing_docs)]
    struct TransferWithAuthorization {
        address from;
        address to;
        uint256 value;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 nonce;
    }
}
