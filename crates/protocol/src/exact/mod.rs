//! Plane S: x402 `exact` payments over several gateways.
//!
//! A [`PathQuote`] (VPQ) says what a payment costs and to whom it goes, a [`SettlementEnvelope`] (VSE) carries the
//! buyer's signed payment along the path with a proof of every hop, a [`ProofOfSettlement`] (PoS) says what became of it.
//! The payment itself is x402's: [`Payment`] and [`Requirements`] read versions 1 and 2, [`Authorization`] is what the
//! buyer signed by EIP-3009. [`PaymentCheck`] holds the checks that need no chain.
//!
//! The egress gateway's signature covers the quote for good; transit gateways add their fees beside it, each signing
//! what came before: [`TransitQuote`]. On the way back to the provider each gateway proves that it passed the payment on:
//! [`HopProof`].

mod authorization;
mod check;
mod display_name;
pub mod eip3009;
mod field;
mod hop_proof;
mod payment;
mod quote;
mod quoted;
mod refusal;
mod required;
mod requirements;
mod seconds;
mod settle_response;
mod settlement;
mod split;
mod transit_quote;
mod verbatim;
mod vse;

pub use authorization::{Authorization, ExactPayload, PaymentKey, TokenDomain};
pub use check::{PaymentCheck, Token};
pub use display_name::DisplayName;
pub use hop_proof::{HopFailure, HopProof, HopTrail, payment_hash};
pub use payment::Payment;
pub use quote::PathQuote;
pub use quoted::{
    Fee, FeeKind, KycClass, Price, Provider, ProviderRequirements, QuotedAsset, QuotedPolicy, Scheme, TokenName,
};
pub use refusal::Refusal;
pub use required::read_payment_required;
pub use requirements::Requirements;
pub use seconds::UnixSeconds;
pub use settle_response::{SettleOutcome, SettleResponse};
pub use settlement::{Finality, FinalityTag, ProofOfSettlement};
pub use transit_quote::TransitQuote;
pub use vse::{Constraints, PaymentForm, SealedBytes, SealedPayment, SettlementEnvelope};
