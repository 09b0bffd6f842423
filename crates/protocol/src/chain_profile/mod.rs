//! What a chain is, for whoever waits for its blocks: finality by amount, delays, tokens. One file a chain,
//! `chains/<id>.toml`, read by the deployment scripts too.
//!
//! ```standalone_crate
//! use tgp_protocol::chain_profile::{ChainProfile, Tier};
//!
//! let base = ChainProfile::read(include_str!("../../../../chains/8453.toml"))?;
//! let usdc = base.tokens["USDC"].address;
//! assert_eq!(base.tier(usdc.into(), 500_000_000_u64.into()), Tier::Small);
//! assert_eq!(base.finality.of(Tier::Small).blocks, 10);
//! # Ok::<(), tgp_protocol::Error>(())
//! ```

mod file;
mod finality;

pub use file::{Block, ChainProfile, Delays, Hardfork, Native, TokenProfile};
pub use finality::{FinalityRule, Tier, Tiers, Wait};
