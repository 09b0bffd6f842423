#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod chain;
mod error;
#[cfg(feature = "postgres")]
mod postgres;
mod record;
mod sql;
mod sqlite;
pub mod table;

pub use chain::{
    BadCursor, Batch, Block, BlockRef, Change, ChainStart, ChainState, ChainStore, Cursor, FeedEvent, RawEvent,
    Rewound, Select, StoredEvent, Undo,
};
pub use error::{Contention, Result, StoreError};
#[cfg(feature = "postgres")]
pub use postgres::Postgres;
pub use record::{RecordStore, StoredSession, StoredTriplet};
pub use sqlite::Sqlite;
pub use table::{Column, Field, Index, Kind, Record, Row, Table, Value};
