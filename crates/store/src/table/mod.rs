//! The tables that are folded from events: their columns, their rows in the program, and the ways to look them up.
//!
//! The engines know tables only by [`Table`]: a name, columns, a key and indexes. The rows that people use are structs
//! such as [`Order`]; both ways between them are [`Row`].

mod rows;
mod value;

pub use rows::{Anchor, Held, Lock, LockState, Order, Owed, Party, Receipt, Role, Route, TABLES, Verifier};
pub use value::{Field, Kind, Value};

use crate::Result;

/// A column of a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its name in SQL and JSON.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether nothing may stand there.
    pub optional: bool,
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
