#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod contract;
#[rustfmt::skip]
pub mod enums;
mod event;
mod fields;
mod order;
mod revert;

pub use contract::Contract;
pub use event::{Event, LogError, LogPart};
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
