//! Pages of rows: by an index or the key, never by looking at every row.

use super::{
    Answered, Refusal, Shared,
    shown::{Shown, show},
};
use coreprover_store::{ChainState, Column, Index, Kind, Record, Select, Table, Value};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use std::marker::PhantomData;
use tgp_protocol::value::Word;

/// How many rows a page has where nothing is asked, and at most.
const USUAL: usize = 50;
pub(super) const MOST: usize = 200;

/// A page of rows as it is answered.
#[derive(Serialize)]
pub(super) struct Page<R> {
    items: Vec<Map<String, Json>>,
    next: Option<String>,
    #[serde(skip)]
    row: PhantomData<R>,
}

/// One row as it is answered.
#[derive(Serialize)]
pub(super) struct Item<R> {
    item: Map<String, Json>,
    #[serde(skip)]
    row: PhantomData<R>,
}

/// By what rows are looked up.
#[derive(Clone)]
pub(super) struct Lookup {
    /// The index, its name behind the table's; nothing for the key.
    pub(super) index: Option<&'static str>,
    /// The values of its first columns.
    pub(super) equals: Record,
    /// From the newest on.
    pub(super) newest: bool,
}

impl Lookup {
    pub(super) fn newest(index: &'static str, equals: Record) -> Self {
        Self { index: Some(index), equals, newest: true }
    }
}

/// The length of a page.
pub(super) fn length(limit: Option<&str>) -> Answered<usize> {
    let Some(limit) = limit else { return Ok(USUAL) };
    let number = limit.parse().ok().filter(|number| *number > 0);
    let bad = || Refusal::bad("bad_limit", "limit", "a number from 1 on; more than 200 is 200");
    number.map(|number: usize| number.min(MOST)).ok_or_else(bad)
}

pub(super) async fn page<R: Shown>(
    shared: &Shared,
    state: &ChainState,
    lookup: Lookup,
    after: Option<&str>,
    limit: usize,
) -> Answered<Page<R>> {
    let table = R::TABLE;
    let behind = |index: &Index| index.name.strip_prefix(table.name).and_then(|name| name.strip_prefix('_'));
    let index = table.indexes.iter().find(|index| lookup.index.is_some() && behind(index) == lookup.index);
    let order: Vec<&Column> = match index {
        Some(index) => index.order.iter().filter_map(|name| column(table, name)).collect(),
        None => table.key_columns().iter().skip(lookup.equals.len()).collect(),
    };
    // an index that goes over every chain is entered at this one's end
    let chain = i64::try_from(state.chain).unwrap_or(i64::MAX);
    let everywhere = order.first().is_some_and(|column| column.name == "chain");
    let first = |number: i64| order.iter().map(|_| number).map(Value::Number).collect::<Record>();
    let after = match after {
        Some(text) => Some(read(text, state.epoch, &order)?),
        None if !everywhere => None,
        None if lookup.newest => Some([vec![Value::Number(chain.saturating_add(1))], first(0)].concat()),
        None => Some([vec![Value::Number(chain)], first(-1)].concat()),
    };
    let select = Select { table, index, equals: lookup.equals, after, limit: limit + 1, newest: lookup.newest };
    let mut records = shared.store.select(select).await?;
    let here = |record: &Record| {
        !everywhere || table.place("chain").and_then(|place| record.get(place)) == Some(&Value::Number(chain))
    };
    records.truncate(records.iter().take_while(|record| here(record)).count());
    let more = records.len() > limit;
    records.truncate(limit);
    let next = records.last().filter(|_| more).map(|record| write(record, table, state.epoch, &order));
    let mut items = Vec::with_capacity(records.len());
    for record in records {
        items.push(show(shared, state, R::from_record(record)?).await?);
    }
    Ok(Page { items, next, row: PhantomData })
}

/// The row of an id at any of the contracts that could have it.
pub(super) async fn item<R: Shown>(
    shared: &Shared,
    state: &ChainState,
    contracts: impl Iterator<Item = tgp_protocol::value::EvmAddress>,
    id: Word,
) -> Answered<Item<R>> {
    let chain = Value::Number(i64::try_from(state.chain).unwrap_or(i64::MAX));
    let key = |contract: tgp_protocol::value::EvmAddress| vec![chain.clone(), bytes(contract.0.as_slice()), of(id)];
    let found = shared.store.load(R::TABLE, contracts.map(key).collect()).await?;
    let record = found.into_iter().flatten().next().ok_or_else(Refusal::not_found)?;
    Ok(Item { item: show(shared, state, R::from_record(record)?).await?, row: PhantomData })
}

pub(super) fn bytes(bytes: &[u8]) -> Value {
    Value::Bytes(bytes.to_vec())
}

pub(super) fn of(word: Word) -> Value {
    bytes(word.0.as_slice())
}

fn column(table: &Table, name: &str) -> Option<&'static Column> {
    table.columns.iter().find(|column| column.name == name)
}

/// Where a page ended: the epoch, then the values by which the rows are sorted.
fn write(record: &Record, table: &Table, epoch: u32, order: &[&Column]) -> String {
    let values = order.iter().filter_map(|column| table.place(column.name).and_then(|place| record.get(place)));
    values.fold(epoch.to_string(), |text, value| match value {
        Value::Null => text + "-",
        Value::Number(number) => format!("{text}-{number}"),
        Value::Text(digits) => format!("{text}-{digits}"),
        Value::Bytes(bytes) => format!("{text}-{}", alloy_primitives::hex::encode(bytes)),
    })
}

fn read(text: &str, epoch: u32, order: &[&Column]) -> Answered<Record> {
    let bad = || Refusal::bad("bad_cursor", "after", "take `next` of an earlier answer to the same question");
    let mut parts = text.split('-');
    let of_epoch: u32 = parts.next().and_then(|epoch| epoch.parse().ok()).ok_or_else(bad)?;
    let values: Option<Record> = parts.clone().zip(order).map(|(part, column)| value(part, column.kind)).collect();
    let values = values.filter(|values| values.len() == order.len() && parts.count() == order.len()).ok_or_else(bad)?;
    if of_epoch == epoch { Ok(values) } else { Err(Refusal::old_cursor()) }
}

fn value(text: &str, kind: Kind) -> Option<Value> {
    match kind {
        Kind::Number => text.parse().ok().filter(|number| *number >= 0).map(Value::Number),
        Kind::Bytes => alloy_primitives::hex::decode(text).ok().filter(|bytes| bytes.len() <= 32).map(Value::Bytes),
        Kind::Text | Kind::Amount => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{read, write};
    use coreprover_store::{Column, Kind, Row, Value, table::Order};

    #[test]
    fn a_cursor_is_read_back_or_refused() {
        let table = Order::TABLE;
        let column = |name| table.columns.iter().find(|column| column.name == name).unwrap();
        let order: [&Column; 2] = [column("created_block"), column("contract")];
        assert_eq!(order.map(|column| column.kind), [Kind::Number, Kind::Bytes]);
        let mut record = vec![Value::Null; table.columns.len()];
        record[table.place("created_block").unwrap()] = Value::Number(7);
        record[table.place("contract").unwrap()] = Value::Bytes(vec![5; 20]);
        let text = write(&record, table, 3, &order);
        assert_eq!(read(&text, 3, &order), Ok(vec![Value::Number(7), Value::Bytes(vec![5; 20])]));
        assert_eq!(read(&text, 4, &order).unwrap_err().code, "old_cursor");
        for wrong in ["", "3", "3-7", "3-7-05-1", "3--05", "3-7-zz", "x-7-05", "3--7-05"] {
            assert_eq!(read(wrong, 3, &order).unwrap_err().code, "bad_cursor", "{wrong}");
        }
    }
}
