use crate::Result;
use coreprover_store::{ChainStore, Kind, Record, Select, Table, Value};

/// The rows of one chain in one table, in the order of their keys, a page at a time.
#[derive(Debug)]
pub(super) struct Pages<'a, S> {
    store: &'a S,
    table: &'static Table,
    chain: Value,
    after: Option<Record>,
}

const PAGE: usize = 500;

impl<'a, S: ChainStore> Pages<'a, S> {
    pub(super) fn new(store: &'a S, table: &'static Table, chain: u64) -> Self {
        let chain = Value::Number(i64::try_from(chain).unwrap_or(i64::MAX));
        // the least that can follow the chain's number in a key
        let least = table.key_columns().iter().skip(1).map(|column| match column.kind {
            Kind::Number => Value::Number(-1),
            Kind::Text | Kind::Amount => Value::Text(String::new()),
            Kind::Bytes => Value::Bytes(Vec::new()),
        });
        let after = std::iter::once(chain.clone()).chain(least).collect();
        Self { store, table, chain, after: Some(after) }
    }

    /// The next rows; none at the end.
    pub(super) async fn next(&mut self) -> Result<Vec<Record>> {
        let Some(after) = self.after.take() else { return Ok(Vec::new()) };
        let query = Select {
            table: self.table,
            index: None,
            equals: Vec::new(),
            after: Some(after),
            limit: PAGE,
            newest: false,
        };
        let mut rows = self.store.select(query).await?;
        let full = rows.len() == PAGE;
        let all = rows.len();
        rows.retain(|row| row.first() == Some(&self.chain));
        if full && rows.len() == all {
            self.after = rows.last().map(|row| row.iter().take(self.table.key).cloned().collect());
        }
        Ok(rows)
    }
}
