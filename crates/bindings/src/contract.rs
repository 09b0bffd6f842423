use std::fmt;

/// A contract of a deployment.
///
/// ```
/// use coreprover_bindings::Contract;
///
/// assert_eq!(Contract::Timelock.name(), "HashedTimelock");
/// assert_eq!(Contract::ALL.into_iter().find(|contract| contract.name() == "ReceiptVault"), Some(Contract::Vault));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Contract {
    /// Holds payments and bonds.
    Escrow,
    /// Publishes the receipts.
    Vault,
    /// Hash locks of routes through gateways.
    Timelock,
    /// Metered routes and splits.
    Router,
    /// The verifiers of proofs.
    Registry,
    /// Reads orders for wallets and services; logs nothing.
    Lens,
}

impl Contract {
    /// Every contract.
    pub const ALL: [Self; 6] = [Self::Escrow, Self::Vault, Self::Timelock, Self::Router, Self::Registry, Self::Lens];

    /// Its name in the sources, in the deployment's file and of its module here.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Escrow => "CoreProverEscrow",
            Self::Vault => "ReceiptVault",
            Self::Timelock => "HashedTimelock",
            Self::Router => "TgpRouter",
            Self::Registry => "VerifierRegistry",
            Self::Lens => "EscrowLens",
        }
    }
}

impl fmt::Display for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
