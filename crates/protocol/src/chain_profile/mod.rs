//! What a chain is, for whoever waits for its blocks: finality by amount, delays, tokens. One file a chain,
//! `chains/<id>.toml`, read by the deployment scripts too.
//!
//! ```standalone_crate
//! use tgp_protocol::chain_profile::{
//!     Block, ChainProfile, Delays, FinalityRule, Hardfork, Native, Tier, Tiers, TokenProfile, Wait,
//! };
//!
//! let base = ChainProfile::read(include_str!("../../../../chains/8453.toml"))?;
//! assert_eq!((base.hardfork, base.block), (Hardfork::Cancun, Block { seconds: 2 }));
//!
//! // how long 500 dollars wait, and how long 500,000
//! let usdc = base.tokens["USDC"].address.into();
//! assert_eq!(base.tier(usdc, 500_000_000_u64.into()), Tier::Small);
//! assert_eq!(base.tier(usdc, 500_000_000_000_u64.into()), Tier::Large);
//! let Tiers { small, .. } = base.finality;
//! assert_eq!(small, Wait { rule: FinalityRule::Depth, blocks: 10, seconds: 20 });
//! assert!(base.finality.of(Tier::Large).seconds > small.seconds);
//!
//! // what a token without a table has at stake is not known: it waits longest
//! assert!(base.token([9; 20].into()).is_none());
//! assert_eq!(base.tier([9; 20].into(), 1_u64.into()), Tier::Large);
//! let Some(TokenProfile { eip712_name, decimals: 6, .. }) = base.token(usdc) else { panic!("a known token") };
//! assert_eq!(eip712_name, "USD Coin");
//!
//! // the coin has a table of its own, and timelocks are far enough apart for an outage
//! let (Native { small_up_to, .. }, Delays { outage, slack, .. }) = (&base.native, base.delays);
//! assert_eq!(base.tier([0; 20].into(), *small_up_to), Tier::Small);
//! assert!(outage > slack);
//! # Ok::<(), tgp_protocol::Error>(())
//! ```

mod file;
mod finality;

pub use file::{Block, ChainProfile, Delays, Hardfork, Native, TokenProfile};
pub use finality::{FinalityRule, Tier, Tiers, Wait};
