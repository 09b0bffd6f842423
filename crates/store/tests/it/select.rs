use crate::{
    engine::{Place, on_both},
    model::{Dice, Model, any_row, table},
};
use coreprover_store::{ChainStore, Index, Record, Select, StoreError, Table, Value, table::TABLES};
use std::collections::BTreeMap;

fn columns(table: &Table, names: &[&str], row: &Record) -> Record {
    names.iter().map(|name| row[table.place(name).unwrap()].clone()).collect()
}

/// Pages of three, to the end.
async fn pages(store: &impl ChainStore, mut query: Select, order: &[&str]) -> Vec<Record> {
    let mut found: Vec<Record> = Vec::new();
    loop {
        let page = store.select(query.clone()).await.unwrap();
        assert!(page.len() <= query.limit);
        let Some(last) = page.last() else { return found };
        query.after = Some(columns(query.table, order, last));
        found.extend(page);
    }
}

/// Every index of every table, both ways, in pages: what sorting the rows by hand gives.
#[test]
fn every_index_gives_its_rows_in_pages_both_ways() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        let mut model = Model::new(1, 31);
        model.open(&store).await;
        let mut batch = model.grow(1, 0);
        let mut dice = Dice(5);
        batch.undo.clear();
        batch.rows = TABLES.iter().flat_map(|table| rows(table, &mut dice)).collect();
        let rows = batch.rows.clone();
        store.apply(batch).await.unwrap();

        let mut checked = 0;
        for table in TABLES {
            let mut of: Vec<Record> =
                rows.iter().filter(|(of, _)| of.name == table.name).map(|(_, row)| row.clone()).collect();
            of.sort();
            let key: Vec<&str> = table.key_columns().iter().map(|column| column.name).collect();
            let whole = |newest| Select { table, index: None, equals: vec![], after: None, limit: 3, newest };
            assert_eq!(pages(&store, whole(false), &key).await, of);
            of.reverse();
            assert_eq!(pages(&store, whole(true), &key).await, of);
            for index in table.indexes {
                checked += check_index(&store, table, index, &of).await;
            }
        }
        assert!(checked > 30);
    });
}

/// Thirty rows whose indexed columns are few, each row with its own block and log.
fn rows(table: &'static Table, dice: &mut Dice) -> Vec<(&'static Table, Record)> {
    let mut rows: BTreeMap<Record, Record> = BTreeMap::new();
    for place in 0..30_i64 {
        let mut row = any_row(table, 1, dice);
        for index in table.indexes {
            for name in index.equals.iter().filter(|name| **name != "chain") {
                row[table.place(name).unwrap()] = Value::Bytes(vec![u8::try_from(dice.below(3)).unwrap(); 20]);
            }
        }
        for (name, number) in [("created_block", place / 3), ("block", place / 3), ("created_log", place), ("log", place)] {
            if let Some(at) = table.place(name) {
                row[at] = Value::Number(number);
            }
        }
        // what is in the key and not counted must differ by itself
        for (at, column) in table.key_columns().iter().enumerate().skip(1).filter(|(_, column)| column.name == "id") {
            row[at] = Value::Bytes(vec![u8::try_from(place).unwrap(); 32]);
            assert_eq!(column.name, "id");
        }
        rows.insert(row[..table.key].to_vec(), row);
    }
    rows.into_values().map(|row| (table, row)).collect()
}

async fn check_index(store: &impl ChainStore, table: &'static Table, index: &'static Index, rows: &[Record]) -> usize {
    let mut groups: BTreeMap<Record, Vec<Record>> = BTreeMap::new();
    for row in rows {
        groups.entry(columns(table, index.equals, row)).or_default().push(row.clone());
    }
    let count = groups.len();
    for (equals, mut group) in groups {
        group.sort_by_key(|row| columns(table, index.order, row));
        let query = |newest| Select { table, index: Some(index), equals: equals.clone(), after: None, limit: 3, newest };
        assert_eq!(pages(store, query(false), index.order).await, group, "{}", index.name);
        group.reverse();
        assert_eq!(pages(store, query(true), index.order).await, group, "{}", index.name);
    }
    count
}

#[test]
fn a_page_by_the_first_columns_of_the_key() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        for chain in [1, 2] {
            let mut model = Model::new(chain, 32);
            model.open(&store).await;
            store.apply(model.grow(40, 64)).await.unwrap();
            model.check(&store).await;
        }
        let orders = table("orders");
        let equals = vec![Value::Number(2)];
        let query = Select { table: orders, index: None, equals, after: None, limit: 2, newest: true };
        let found = pages(&store, query.clone(), &["contract", "id"]).await;
        assert!(found.len() > 2 && found.iter().all(|row| row[0] == Value::Number(2)));
        let short = Select { index: orders.index("orders_by_buyer"), ..query.clone() };
        assert!(matches!(store.select(short).await, Err(StoreError::Malformed(_))));
        let short = Select { after: Some(vec![]), ..query };
        assert!(matches!(store.select(short).await, Err(StoreError::Malformed(_))));
        let short = store.load(orders, vec![vec![Value::Number(1)]]).await;
        assert!(matches!(short, Err(StoreError::Malformed(_))));
    });
}
