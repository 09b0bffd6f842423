//! Statements and values of tables that are known by their columns.

use super::error::engine;
use crate::{Record, Result, StoreError, Table, Value};
use rusqlite::{
    Row, ToSql,
    types::{ToSqlOutput, ValueRef},
};

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Number(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// The columns of a table, by commas.
pub(super) fn columns(table: &Table) -> String {
    list(table.columns.iter().map(|column| column.name), ", ", |name| name.into())
}

/// `a = ?1 AND b = ?2` over the key.
pub(super) fn key_is(table: &Table) -> String {
    let mut place = 0;
    list(table.key_columns().iter().map(|column| column.name), " AND ", |name| {
        place += 1;
        format!("{name} = ?{place}")
    })
}

/// Writes a row. Columns of indexes never change, and are not written again: an index is touched once a row.
pub(super) fn upsert(table: &Table) -> String {
    let places = list(1..=table.columns.len(), ", ", |place| format!("?{place}"));
    let fixed =
        |name: &str| table.indexes.iter().any(|index| index.equals.contains(&name) || index.order.contains(&name));
    let key = list(table.key_columns().iter().map(|column| column.name), ", ", |name| name.into());
    let changing = table.columns[table.key..].iter().map(|column| column.name).filter(|name| !fixed(name));
    let changes = list(changing, ", ", |name| format!("{name} = excluded.{name}"));
    let action = if changes.is_empty() { "NOTHING".into() } else { format!("UPDATE SET {changes}") };
    format!("INSERT INTO {} ({}) VALUES ({places}) ON CONFLICT ({key}) DO {action}", table.name, columns(table))
}

pub(super) fn list<T>(items: impl Iterator<Item = T>, between: &str, text: impl FnMut(T) -> String) -> String {
    items.map(text).collect::<Vec<_>>().join(between)
}

/// The values of a row that was read with [`columns`].
pub(super) fn record(row: &Row<'_>, table: &Table) -> Result<Record> {
    (0..table.columns.len())
        .map(|place| {
            Ok(match row.get_ref(place).map_err(engine)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(number) => Value::Number(number),
                ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
                ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
                ValueRef::Real(_) => return Err(StoreError::Damaged(table.columns[place].name.into())),
            })
        })
        .collect()
}

/// A number for a column.
pub(super) fn number(value: u64, field: &'static str) -> Result<i64> {
    i64::try_from(value).map_err(|_| StoreError::TooLarge { field })
}
