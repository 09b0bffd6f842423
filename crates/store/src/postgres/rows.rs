//! Rows of tables that are known by their columns. Many rows go in one statement, a column an array.

use super::error::engine;
use crate::{
    Column, Kind, Record, Result, Select, Table, Value,
    sql::{STANDS, key, list, page},
};
use sqlx::{
    AssertSqlSafe, PgConnection, PgPool, Postgres, Row,
    postgres::{PgArguments, PgRow},
    query::Query,
};
use std::collections::HashMap;

type Statement<'q> = Query<'q, Postgres, PgArguments>;

/// Columns as they are read: money as its decimals.
fn columns(table: &Table) -> String {
    let read = |column: &Column| {
        let cast = if column.kind == Kind::Amount { "::text" } else { "" };
        format!("{}.{}{cast}", table.name, column.name)
    };
    list(table.columns, ", ", read)
}

/// `unnest($1::bigint[], $2::bytea[])`: a row for each place of the arrays.
fn unnest(columns: &[Column]) -> String {
    let array = |(place, column): (usize, &Column)| {
        let of = match column.kind {
            Kind::Number => "bigint",
            Kind::Bytes => "bytea",
            Kind::Text | Kind::Amount => "text",
        };
        format!("${place}::{of}[]")
    };
    format!("unnest({})", list((1..).zip(columns), ", ", array))
}

fn bind<'q>(mut statement: Statement<'q>, columns: &[Column], rows: &[&'q Record]) -> Statement<'q> {
    for (place, column) in columns.iter().enumerate() {
        let values = rows.iter().map(|row| row.get(place));
        statement = match column.kind {
            Kind::Number => statement.bind(values.map(number).collect::<Vec<_>>()),
            Kind::Bytes => statement.bind(values.map(bytes).collect::<Vec<_>>()),
            Kind::Text | Kind::Amount => statement.bind(values.map(text).collect::<Vec<_>>()),
        };
    }
    statement
}

fn number(value: Option<&Value>) -> Option<i64> {
    if let Some(Value::Number(number)) = value { Some(*number) } else { None }
}

fn bytes(value: Option<&Value>) -> Option<&[u8]> {
    if let Some(Value::Bytes(bytes)) = value { Some(bytes) } else { None }
}

fn text(value: Option<&Value>) -> Option<&str> {
    if let Some(Value::Text(text)) = value { Some(text) } else { None }
}

/// Writes rows; of two with one key the later stands.
pub(super) async fn upsert(connection: &mut PgConnection, table: &Table, rows: &[&Record]) -> Result<()> {
    let last: HashMap<&[Value], &Record> = rows.iter().map(|row| (&row[..table.key], *row)).collect();
    let rows: Vec<&Record> = last.into_values().collect();
    let names = |columns: &[Column]| list(columns, ", ", |column| column.name.into());
    let read = list(table.columns, ", ", |column| {
        let cast = if column.kind == Kind::Amount { "::numeric" } else { "" };
        format!("{}{cast}", column.name)
    });
    let text = format!(
        "INSERT INTO {} ({names}) SELECT {read} FROM {} AS new ({names}) ON CONFLICT ({}) DO UPDATE SET {}",
        table.name,
        unnest(table.columns),
        key(table),
        list(&table.columns[table.key..], ", ", |column| format!("{} = excluded.{}", column.name, column.name)),
        names = names(table.columns),
    );
    bind(sqlx::query(AssertSqlSafe(text)), table.columns, &rows).execute(connection).await.map_err(engine)?;
    Ok(())
}

/// Takes rows away.
pub(super) async fn delete(connection: &mut PgConnection, table: &Table, keys: &[&Record]) -> Result<()> {
    let text = format!(
        "DELETE FROM {} USING {} AS gone ({}) WHERE {}",
        table.name,
        unnest(table.key_columns()),
        key(table),
        list(table.key_columns(), " AND ", |column| format!("{}.{} = gone.{}", table.name, column.name, column.name)),
    );
    bind(sqlx::query(AssertSqlSafe(text)), table.key_columns(), keys).execute(connection).await.map_err(engine)?;
    Ok(())
}

pub(super) fn load_text(table: &Table) -> String {
    format!(
        "SELECT {}, wanted.place FROM {} WITH ORDINALITY AS wanted ({}, place) JOIN {} ON {} WHERE {}.{STANDS}",
        columns(table),
        unnest(table.key_columns()),
        key(table),
        table.name,
        list(table.key_columns(), " AND ", |column| format!("{}.{} = wanted.{}", table.name, column.name, column.name)),
        table.name,
    )
}

pub(super) async fn load(pool: &PgPool, table: &'static Table, keys: &[Record]) -> Result<Vec<Option<Record>>> {
    keys.iter().try_for_each(|key| table.check_key(key))?;
    let mut found = vec![None; keys.len()];
    let keys: Vec<&Record> = keys.iter().collect();
    let select = bind(sqlx::query(AssertSqlSafe(load_text(table))), table.key_columns(), &keys);
    for row in select.fetch_all(pool).await.map_err(engine)? {
        let place: i64 = row.try_get(table.columns.len()).map_err(engine)?;
        let place = usize::try_from(place).unwrap_or_default();
        if let Some(found) = place.checked_sub(1).and_then(|place| found.get_mut(place)) {
            *found = Some(record(&row, table)?);
        }
    }
    Ok(found)
}

pub(super) async fn select(pool: &PgPool, query: &Select) -> Result<Vec<Record>> {
    let (text, values) = page(query, &columns(query.table))?;
    let mut select = sqlx::query(AssertSqlSafe(text));
    for value in values {
        select = match value {
            Value::Null => select.bind(None::<i64>),
            Value::Number(number) => select.bind(number),
            Value::Text(text) => select.bind(text),
            Value::Bytes(bytes) => select.bind(bytes),
        };
    }
    let rows = select.fetch_all(pool).await.map_err(engine)?;
    rows.iter().map(|row| record(row, query.table)).collect()
}

/// The values of a row that was read with [`columns`].
fn record(row: &PgRow, table: &Table) -> Result<Record> {
    let read = |(place, column): (usize, &Column)| {
        Ok(match column.kind {
            Kind::Number => row.try_get::<Option<i64>, _>(place).map_err(engine)?.map_or(Value::Null, Value::Number),
            Kind::Bytes => row.try_get::<Option<Vec<u8>>, _>(place).map_err(engine)?.map_or(Value::Null, Value::Bytes),
            Kind::Text | Kind::Amount => {
                row.try_get::<Option<String>, _>(place).map_err(engine)?.map_or(Value::Null, Value::Text)
            }
        })
    };
    table.columns.iter().enumerate().map(read).collect()
}
