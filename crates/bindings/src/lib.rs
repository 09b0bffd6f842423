//! Calls, events, errors and creation code of the CoreProver contracts.
//!
//! One module a contract, named like the contract, generated from `abi/<Contract>.json`. Those files come from the
//! compiler (`make generate`), and the test suite fails when they are stale.
//!
//! ```
//! use alloy::{
//!     primitives::keccak256,
//!     sol_types::SolCall,
//! };
//! use coreprover_bindings::VerifierRegistry;
//!
//! // May a new order name version 1 of the buyer's circuit?
//! let call = VerifierRegistry::isActiveCall { circuit: keccak256("TGP.ZKB-01"), version: 1.try_into()?, delivery: false };
//! assert_eq!(call.abi_encode().len(), 4 + 3 * 32);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! With the feature `rpc` each module also has an instance that calls a node, and `deploy`.

#![forbid(unsafe_code)]

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
    HashedTimelock = "abi/HashedTimelock.json",
    ReceiptVault = "abi/ReceiptVault.json",
    TestUSD = "abi/TestUSD.json",
    TgpRouter = "abi/TgpRouter.json",
    VerifierRegistry = "abi/VerifierRegistry.json",
}

#[cfg(test)]
mod tests;
