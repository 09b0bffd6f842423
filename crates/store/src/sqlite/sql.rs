//! Values and statements of tables that are known by their columns.

use super::error::engine;
use crate::{
    Record, Result, StoreError, Table, Value,
    sql::{key, list},
};
use rusqlite::{
    CachedStatement, Connection, Row, ToSql, params_from_iter,
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
    list(table.columns, ", ", |column| column.name.into())
}

/// `a = ?1 AND b = ?2` over the key.
pub(super) fn key_is(table: &Table) -> String {
    list(table.key_columns().iter().zip(1..), " AND ", |(column, place)| format!("{} = ?{place}", column.name))
}

/// The two ways to write a row. An index costs more than the row, and the engine writes it anew whenever its columns are
/// named: they are named only when they differ, as those of a lock that is made again after its refund.
pub(super) struct Upsert<'a> {
    narrow: Option<CachedStatement<'a>>,
    wide: CachedStatement<'a>,
}

impl<'a> Upsert<'a> {
    pub(super) fn into(connection: &'a Connection, table: &Table) -> Result<Self> {
        let indexed =
            |name: &str| table.indexes.iter().any(|index| index.equals.contains(&name) || index.order.contains(&name));
        let names = || table.columns[table.key..].iter().map(|column| column.name);
        let set = |names: Vec<&str>| list(names, ", ", |name| format!("{name} = excluded.{name}"));
        let places = list(1..=table.columns.len(), ", ", |place| format!("?{place}"));
        let insert = format!(
            "INSERT INTO {} ({}) VALUES ({places}) ON CONFLICT ({}) DO UPDATE SET ",
            table.name,
            columns(table),
            key(table)
        );
        let (kept, changing): (Vec<_>, Vec<_>) = names().partition(|name| indexed(name));
        let same = list(&kept, " AND ", |name| format!("{}.{name} IS excluded.{name}", table.name));
        let narrow =
            (!kept.is_empty() && !changing.is_empty()).then(|| format!("{insert}{} WHERE {same}", set(changing)));
        let prepare = |text: String| connection.prepare_cached(&text).map_err(engine);
        let wide = prepare(format!("{insert}{}", set(names().collect())))?;
        Ok(Self { narrow: narrow.map(prepare).transpose()?, wide })
    }

    pub(super) fn run(&mut self, record: &Record) -> Result<()> {
        if let Some(narrow) = &mut self.narrow
            && narrow.execute(params_from_iter(record)).map_err(engine)? == 1
        {
            return Ok(());
        }
        self.wide.execute(params_from_iter(record)).map_err(engine)?;
        Ok(())
    }
}

/// The values of a row that was read with [`columns`].
pub(super) fn record(row: &Row<'_>, table: &Table) -> Result<Record> {
    let read = |(place, column): (usize, &crate::Column)| {
        let damaged = || StoreError::Damaged(format!("column {} of {}", column.name, table.name));
        Ok(match row.get_ref(place).map_err(engine)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Number(number),
            ValueRef::Text(text) => Value::Text(String::from_utf8(text.to_vec()).map_err(|_| damaged())?),
            ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
            ValueRef::Real(_) => return Err(damaged()),
        })
    };
    table.columns.iter().enumerate().map(read).collect()
}
