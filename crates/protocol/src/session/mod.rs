//! Three views of one payment, each a machine whose transitions are data.
//!
//! | machine | sees | ends |
//! |---|---|---|
//! | [`Session`] | a negotiation between a buyer and a controller | settled, errored |
//! | [`Path`] | the way through gateways | closed |
//! | [`Leg`] | what one party locked and is owed: the authority for money | settled, refunded, dead, claim missed |
//!
//! Code, tests and documents read the same tables ([`table`]). Nothing ends by a timeout once money may be on its way:
//! a timer then asks for a look at the chain, and only a fact in a [`FinalBlock`] ends it.
//!
//! ```
//! use tgp_protocol::session::{Duty, Role, Session, SessionEvent, SessionState};
//! use tgp_protocol::value::Timestamp;
//!
//! let now = "2026-11-21T10:00:00Z".parse::<Timestamp>()?;
//! let mut session = Session::open("sess-1".parse()?, Role::Controller, now);
//! session.apply(SessionEvent::Query { query_id: "q-1".parse()? }, now)?;
//! session.apply(SessionEvent::Offer { offer_id: "offer-1".parse()?, expires_at: None }, now)?;
//!
//! // a SETTLE settles nothing: it asks for a look at the chain
//! let step = session.apply(SessionEvent::Settle, now)?;
//! assert_eq!((step.to, step.duties), (SessionState::OfferReceived, &[Duty::AskChain][..]));
//! # Ok::<(), tgp_protocol::Error>(())
//! ```

mod chain;
mod event;
mod leg;
mod leg_table;
mod machine;
mod path;
mod state;
mod table;
mod timer;
mod views;

pub use chain::{End, FinalBlock, OrderState};
pub use event::{Dated, SessionEvent, SessionEventKind};
pub use leg::{Leg, LegEvent, LegFact, LegRole, LegState, LegStep};
pub use leg_table::{GATEWAY, PAYEE, PAYER};
pub use machine::{Outcome, Session, session_id};
pub use path::{PATHS, Path, PathEnd, PathEvent, PathFact, PathState, PathStep};
pub use state::{Role, SESSIONS, SessionState};
pub use table::{Duty, Row, Transition, table};
pub use timer::{Due, ESCROW_MARGIN, TIMERS, Timer, TimerAction, TimerKind, TimerRule};
