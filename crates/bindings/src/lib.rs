#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod authorization;
mod contract;
mod deployment;
#[rustfmt::skip]
pub mod enums;
mod event;
mod fields;
mod lock;
mod order;
mod revert;
pub mod token;

pub use contract::Contract;
#[cfg(feature = "rpc")]
pub use deployment::{ConnectError, Instances};
pub use deployment::{DeployedContract, Deployment, LoadError};
pub use event::{Event, LogError, LogPart};
pub use lock::LockTerms;
pub use revert::Revert;
pub use tgp_protocol::order::{Order, escrow_domain, messages, router_domain, timelock_domain};

/// Generates the module of each contract; two arms, because `sol!` reads its attributes before `cfg` does.
macro_rules! contracts {
    ($($name:ident = $path:tt),+ $(,)?) => {$(
        #[cfg(not(feature = "rpc"))]
        alloy::sol!(
            #[allow(missing_docs, clippy::too_many_arguments)]
            #[sol(extra_derives(Debug, PartialEq, Eq, Hash))]
            $name,
            $path
        );
        #[cfg(feature = "rpc")]
        alloy::sol!(
            #[allow(missing_docs, clippy::too_many_arguments)]
            #[sol(rpc, extra_derives(Debug, PartialEq, Eq, Hash))]
            $name,
            $path
        );
    )+};
}

contracts! {
    CoreProverEscrow = "abi/CoreProverEscrow.json",
    EscrowLens = "abi/EscrowLens.json",
    HashedTimelock = "abi/HashedTimelock.json",
    ReceiptVault = "abi/ReceiptVault.json",
    TestUSD = "abi/TestUSD.json",
    TgpRouter = "abi/TgpRouter.json",
    VerifierRegistry = "abi/VerifierRegistry.json",
}

#[cfg(test)]
mod tests;

// of the tests in tests/, which call a node
#[cfg(test)]
use {rustls as _, sha2 as _, tokio as _};
