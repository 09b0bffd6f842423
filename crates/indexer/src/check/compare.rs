use super::pages::Pages;
use crate::Result;
use coreprover_store::{ChainStore, Record, Table, table::TABLES};
use std::collections::VecDeque;

/// A row that is not what it should be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// The table.
    pub table: &'static str,
    /// The row's key.
    pub key: Record,
    /// The columns that differ; all of them where a row is missing on one side.
    pub columns: Vec<&'static str>,
}

/// What was compared, and what differs.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Comparison {
    /// How many rows were compared.
    pub rows: u64,
    /// The first differences, at most [`Comparison::MOST`].
    pub differences: Vec<Difference>,
}

impl Comparison {
    /// After so many nobody reads on.
    pub const MOST: usize = 100;

    /// Whether everything is as it should be.
    #[must_use]
    pub fn is_equal(&self) -> bool {
        self.differences.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.differences.len() >= Self::MOST
    }

    pub(super) fn differ(&mut self, table: &'static Table, row: &Record, columns: Vec<&'static str>) {
        if !self.is_full() {
            let key = row.iter().take(table.key).cloned().collect();
            self.differences.push(Difference { table: table.name, key, columns });
        }
    }
}

/// Compares the tables of a chain in two stores, row by row, with a page of each in memory.
///
/// # Errors
/// When a store cannot be read.
pub async fn compare<A: ChainStore, B: ChainStore>(left: &A, right: &B, chain: u64) -> Result<Comparison> {
    let mut comparison = Comparison::default();
    for table in TABLES {
        let (mut left, mut right) = (Pages::new(left, table, chain), Pages::new(right, table, chain));
        let (mut ours, mut theirs) = (VecDeque::new(), VecDeque::new());
        while !comparison.is_full() {
            if ours.is_empty() {
                ours.extend(left.next().await?);
            }
            if theirs.is_empty() {
                theirs.extend(right.next().await?);
            }
            let order = match (ours.front(), theirs.front()) {
                (None, None) => break,
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some(a), Some(b)) => key(table, a).cmp(key(table, b)),
            };
            comparison.rows += 1;
            let a = order.is_le().then(|| ours.pop_front()).flatten();
            let b = order.is_ge().then(|| theirs.pop_front()).flatten();
            if a != b {
                differ(&mut comparison, table, a, b);
            }
        }
    }
    Ok(comparison)
}

fn key<'a>(table: &Table, row: &'a Record) -> &'a [coreprover_store::Value] {
    row.get(..table.key).unwrap_or(row)
}

fn differ(comparison: &mut Comparison, table: &'static Table, a: Option<Record>, b: Option<Record>) {
    let names = table.columns.iter().map(|column| column.name);
    match (a, b) {
        (Some(a), Some(b)) => {
            let pairs = names.zip(a.iter().zip(&b));
            let columns = pairs.filter(|(_, (a, b))| a != b).map(|(name, _)| name).collect();
            comparison.differ(table, &a, columns);
        }
        (Some(row), None) | (None, Some(row)) => comparison.differ(table, &row, names.collect()),
        (None, None) => {}
    }
}
