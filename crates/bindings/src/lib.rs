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
//! An order is written down by name, signed in its compact form, and carried in that form by every call:
//!
//! ```
//! use alloy::{
//!     primitives::{Address, address, aliases::U96},
//!     sol_types::{SolCall, SolStruct},
//! };
//! use coreprover_bindings::{EscrowLens, Order, escrow_domain};
//!
//! let escrow: Address = address!("00000000000000000000000000000000000e5c02");
//! let order = Order { buyer: Address::with_last_byte(1), amount: U96::from(100_000_000), ..Order::default() };
//! let terms = order.pack();
//! let order_id = terms.eip712_signing_hash(&escrow_domain(31_337, escrow));
//!
//! // What can be done with it now, by whom and until when? Send this to the lens.
//! let call = EscrowLens::nextActionsCall { terms: terms.into() };
//! assert_eq!(call.abi_encode().len(), 4 + 13 * 32);
//! # let _ = order_id;
//! ```
//!
//! [`messages`] has every message that is signed, [`enums`] the names of numbers such as [`enums::Verb`]. The lens is
//! here without the calls that take the fields of an order by name, because [`Order`] does the same without a node.
//!
//! With the feature `rpc` each module also has an instance that calls a node, and `deploy`.

#![forbid(unsafe_code)]

#[rustfmt::skip]
pub mod enums;
#[rustfmt::skip]
pub mod messages;
mod order;

pub use order::{Order, escrow_domain};

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
