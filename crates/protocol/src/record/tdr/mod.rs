//! Transaction detail records: one record, four renderings, a chain, and a seal for each day.
//!
//! An [`Entry`] says what happened. [`Tip::append`] numbers it, links it to the record before it and signs it: a [`Tdr`].
//! [`verify`] finds the first record of a series that was changed, removed or moved; a [`DaySeal`] commits to a whole day
//! in one word for `anchorBatch` and proves that a record is in it.
//!
//! | rendering | for |
//! |---|---|
//! | [`Tdr::summary`] | whoever asked for the service; its signature can be checked without the rest |
//! | [`Tdr::keys`] | the log of a gateway |
//! | [`Tdr::csv_row`] | billing |
//! | [`Triplet`] | who agreed, who paid, who delivered |
//!
//! Records hold no secret: a hash lock has its place, its secret has none.

mod chain;
mod csv;
mod entry;
mod record;
mod reference;
mod seal;
mod triplet;

pub use chain::{Tip, verify};
pub use csv::CSV_HEADER;
pub use entry::{Asset, Entry, Family, Layer8, Status};
pub use record::Tdr;
pub use reference::Reference;
pub use seal::{Day, DaySeal, Inclusion};
pub use triplet::{Application, ControlPlane, Settlement, Triplet};
