//! Plane G: gateways with gateways, clients and providers.
//!
//! A client asks with [`Query`]; an [`Advert`] with priced paths comes back hop by hop, with the payee's signed
//! [`Invoice`] in it; [`Select`] goes down as each hop locks, [`Locked`] comes up when everything below is locked; the
//! payee claims and its [`Proof`] travels up; [`Settle`] tells the other party of one lock how it ended. Every message
//! is signed.
//!
//! ```
//! use tgp_protocol::{gateway::{Attributes, GatewayMessage, Query}, sign::SigningKey, wire::Message};
//!
//! let key = SigningKey::from_seed(&[1; 32]);
//! let attributes = Attributes::new("10.00".parse()?, "USDC".parse()?, "2025-12-01T10:05:00Z".parse()?);
//! let (from, to) = ("client-a.example.com".parse()?, "provider-c.example.com".parse()?);
//! let query = Query::new("req-abc-123".parse()?, "2025-12-01T10:00:00Z".parse()?, from, to, attributes)
//!     .with_summaries(vec!["sso-1".parse()?]);
//! let bytes = query.to_signed(&key)?.canonical();
//!
//! let message = GatewayMessage::read(&bytes)?;
//! assert_eq!(message.envelope().request_id().as_str(), "req-abc-123");
//! # Ok::<(), tgp_protocol::Error>(())
//! ```

mod abort;
mod advert;
mod bound;
mod compat;
mod cost;
mod damping;
mod direction;
mod envelope;
mod error_report;
mod hop;
mod hop_quote;
mod invoice;
mod locked;
mod message;
mod money;
mod path;
mod proof;
mod query;
mod route;
mod select;
mod settle;
mod timelock;
mod withdraw;

pub use abort::{Abort, Release};
pub use advert::{Advert, Bond, DEFAULT_TTL};
pub use bound::Bound;
pub use cost::{AmountMode, Cost, CostModel};
pub use damping::{Damping, MIN_READVERTISE};
pub use direction::{Side, check_direction};
pub use envelope::Envelope;
pub use error_report::ErrorReport;
pub use hop::HopId;
pub use hop_quote::HopQuote;
pub use invoice::Invoice;
pub use locked::{Locked, LockedStatus};
pub use message::{GatewayMessage, Intake};
pub use path::{Extension, MAX_HOPS, Path, PathAttributes, USUAL_HOPS};
pub use proof::{Proof, ProofData};
pub use query::{Attributes, Money, Qos, Query};
pub use route::{Candidate, best_path};
pub use select::{HtlcParams, LockRef, Select};
pub use settle::{Settle, SettleStatus};
pub use timelock::{HopTimes, MAX_LOCK, Plan, distance, last_reveal, payee_budget};
pub use withdraw::WithdrawRoute;
