#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod chain;
mod error;
mod sqlite;
pub mod table;

pub use chain::{
    BadCursor, Batch, Block, BlockRef, ChainStart, ChainState, ChainStore, Change, Cursor, FeedEvent, RawEvent,
    Rewound, Select, StoredEvent, Undo,
};
pub use error::{Contention, Result, StoreError};
pub use sqlite::Sqlite;
pub use table::{Column, Field, Index, Kind, Record, Row, Table, Value};
