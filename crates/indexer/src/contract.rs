use tgp_protocol::value::EvmAddress;

/// What stands at an address.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Contract {
    /// A `CoreProverEscrow`.
    Escrow,
    /// A `ReceiptVault`, and the escrow that made it.
    Vault {
        /// Whose receipts it issues.
        escrow: EvmAddress,
    },
    /// A `HashedTimelock`.
    Timelock,
    /// A `TgpRouter`.
    Router,
    /// A `VerifierRegistry`.
    Registry,
}
