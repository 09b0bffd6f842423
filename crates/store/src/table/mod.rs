//! The tables that are folded from events: their columns, their rows in the program, and the ways to look them up.
//!
//! The engines know tables only by [`Table`]: a name, columns, a key and indexes. The rows that people use are structs
//! such as [`Order`]; both ways between them are [`Row`].
//!
//! ```
//! use coreprover_store::{Row, StoreError, Value, table::Owed};
//! use tgp_protocol::value::{Amount, EvmAddress};
//!
//! let [contract, token, party] = [5, 3, 1].map(|byte| EvmAddress([byte; 20].into()));
//! let owed = Owed { chain: 8453, contract, token, party, amount: Amount::from(25_000_000) };
//! let record = owed.to_record()?;
//! assert_eq!(Owed::TABLE.place("amount").map(|place| &record[place]), Some(&Value::Text("25000000".into())));
//! assert_eq!(Owed::from_record(record)?, owed);
//!
//! let chain = u64::MAX;
//! assert_eq!(Owed { chain, ..owed }.to_record(), Err(StoreError::TooLarge { field: "chain" }));
//! # Ok::<(), StoreError>(())
//! ```

mod image;
mod rows;
mod value;

pub(crate) use image::{image, parse};

pub use rows::{Anchor, Held, Lock, LockState, Order, Owed, Party, Receipt, Role, Route, TABLES, Verifier};
pub use value::{Field, Kind, Value};

use crate::{Result, StoreError};

/// A column of a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its name in SQL and JSON.
    pub name: &'static str,
    /// What it says, for people.
    pub about: &'static str,
    /// How it is written.
    pub kind: Kind,
    /// Whether nothing may stand there.
    pub optional: bool,
}

impl Column {
    /// Whether a value may stand there, on both engines: PostgreSQL's text has no NUL.
    fn holds(&self, value: &Value) -> bool {
        match (self.kind, value) {
            (_, Value::Null) => self.optional,
            (Kind::Number, Value::Number(number)) => *number >= 0,
            (Kind::Text, Value::Text(text)) => !text.contains('\0'),
            (Kind::Bytes, Value::Bytes(_)) => true,
            (Kind::Amount, Value::Text(text)) => {
                (1..=78).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
            }
            _ => false,
        }
    }
}

/// A way to look rows up: by equality of its first columns, in the order of the rest and then of the key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Index {
    /// Its name.
    pub name: &'static str,
    /// What must be given.
    pub equals: &'static [&'static str],
    /// What the answer is sorted by; together with `equals` no two rows are the same in it.
    pub order: &'static [&'static str],
}

/// A table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What a row of it is, for people.
    pub about: &'static str,
    /// Its columns, the key's first.
    pub columns: &'static [Column],
    /// How many columns are the key.
    pub key: usize,
    /// The ways to look it up beside the key.
    pub indexes: &'static [Index],
}

impl Table {
    /// The key's columns.
    #[must_use]
    pub fn key_columns(&self) -> &'static [Column] {
        &self.columns[..self.key]
    }

    /// The index of a name.
    #[must_use]
    pub fn index(&self, name: &str) -> Option<&'static Index> {
        self.indexes.iter().find(|index| index.name == name)
    }

    /// Refuses a row that the table does not hold, before an engine sees it.
    pub(crate) fn check(&self, record: &Record) -> Result<()> {
        self.check_values(record, self.columns)
    }

    /// As [`Self::check`], for a key.
    pub(crate) fn check_key(&self, key: &Record) -> Result<()> {
        self.check_values(key, self.key_columns())
    }

    fn check_values(&self, record: &Record, columns: &[Column]) -> Result<()> {
        if record.len() != columns.len() {
            let (has, needs) = (record.len(), columns.len());
            return Err(StoreError::malformed(format!("{has} values for {needs} columns of {}", self.name)));
        }
        match record.iter().zip(columns).find(|(value, column)| !column.holds(value)) {
            Some((_, column)) => Err(StoreError::malformed(format!("column {} of {}", column.name, self.name))),
            None => Ok(()),
        }
    }

    /// The place of a column.
    #[must_use]
    pub fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|known| known.name == column)
    }
}

/// The values of a row, in the order of its table's columns.
pub type Record = Vec<Value>;

/// A row of a table as a struct.
pub trait Row: Sized {
    /// Its table.
    const TABLE: &'static Table;

    /// The values, the key's first.
    ///
    /// # Errors
    /// With [`crate::StoreError::TooLarge`] and the column that does not hold its value.
    fn to_record(&self) -> Result<Record>;

    /// The row of these values.
    ///
    /// # Errors
    /// With [`crate::StoreError::Damaged`] and the column.
    fn from_record(record: Record) -> Result<Self>;
}
