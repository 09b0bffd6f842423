//! Policies: what a gateway or controller lets pass.
//!
//! The documents have three ways to write one: the rules of a gateway (002 section 12), the policy expression of a
//! controller (004 section 15), and the policy block of an x402 path (003 section 4.1). All compile to one [`Policy`],
//! which is evaluated in the strict order deny, caps, allow, qos, fees. The first rule that refuses decides.
//!
//! Evaluation is pure: the subject and the prices are arguments, and the same arguments give the same answer. A list
//! that is absent constrains nothing; an allow list that is present and empty allows nothing. What a rule demands and
//! the subject does not say, it does not have. Exemptions are free text: they are kept for the log and never relax a
//! rule. A member that no dialect has is refused: a rule that is not understood cannot be kept.
//!
//! ```
//! use tgp_protocol::policy::{Decision, Network, Policy, Prices, Subject};
//!
//! let policy = Policy::read(br#"{
//!     "allow_networks": [{ "family": "EVM", "chain_id": 369 }],
//!     "caps": { "max_total_usd": "2000" }
//! }"#)?;
//! let prices = Prices::from_midprices([("USDCUSD", "1.0002".parse()?)]);
//! let subject = Subject::new(Network::eip155(369), "USDC".parse()?, "2000".parse()?);
//!
//! let Decision::Deny(denial) = policy.evaluate(&subject, &prices) else { panic!("2,000.40 dollars are too much") };
//! assert_eq!(denial.rule.to_string(), "caps.max_total_usd");
//! # Ok::<(), tgp_protocol::Error>(())
//! ```

mod compile;
mod decision;
mod evaluate;
mod expression;
mod fees;
mod gateway;
mod listed;
mod path;
mod price;
mod rule;
mod set;
mod subject;

pub use compile::{Dialect, Policy};
pub use decision::{Decision, Denial, Permit, Verdict};
pub use fees::{FeeShare, FeeSplit};
pub use price::Prices;
pub use rule::{Rule, RuleId, Stage};
pub use set::{Entry, PolicySet, SetDecision};
pub use subject::{Network, Subject};
