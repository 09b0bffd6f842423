//! What both engines say in the same words, about tables that are known by their columns.

use crate::{Record, Result, Select, StoreError, Table, Value, table::TABLES};

/// `a, b, c`.
pub(crate) fn list<T>(items: impl IntoIterator<Item = T>, between: &str, text: impl FnMut(T) -> String) -> String {
    items.into_iter().map(text).collect::<Vec<_>>().join(between)
}

/// The names of the key's columns, by commas.
pub(crate) fn key(table: &Table) -> String {
    list(table.key_columns(), ", ", |column| column.name.into())
}

/// The rows of each table, in the order of the tables.
pub(crate) fn by_table<'r>(
    rows: &'r [(&'static Table, Record)],
) -> impl Iterator<Item = (&'static Table, Vec<&'r Record>)> {
    let of = |table: &'static Table| rows.iter().filter(|(of, _)| of.name == table.name).map(|(_, row)| row).collect();
    TABLES.iter().map(move |table| (*table, of(table))).filter(|(_, rows): &(_, Vec<_>)| !rows.is_empty())
}

/// How many rows of a chain that was reset one transaction clears: nobody else waits longer than that.
pub(crate) const SLICE: u32 = 4_096;

/// What is true of the rows of chains that are not being reset.
pub(crate) const STANDS: &str = "chain NOT IN (SELECT chain FROM resets)";

/// The tables of a chain's rows, and the columns of their keys.
pub(crate) fn chain_tables() -> impl Iterator<Item = (&'static str, String)> {
    let read = [("events", "block, log"), ("blocks", "id"), ("feed", "chain, entry"), ("undo", "chain, number, step")];
    let read = read.into_iter().map(|(table, columns)| (table, columns.to_owned()));
    read.chain(TABLES.iter().map(|table| (table.name, key(table))))
}

/// The table of a name.
pub(crate) fn table(name: &str) -> Result<&'static Table> {
    TABLES.iter().find(|table| table.name == name).copied().ok_or_else(|| StoreError::Damaged(format!("table {name}")))
}

/// A number for a column.
pub(crate) fn number(value: u64, field: &'static str) -> Result<i64> {
    i64::try_from(value).map_err(|_| StoreError::TooLarge { field })
}

/// A length of a page: more than a number holds is everything.
pub(crate) fn limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// A page of rows: equality of the first columns, and the rest as one row value behind the last page's, so that an index
/// begins where the page does. The places stand in their order: both engines count them from 1.
pub(crate) fn page(query: &Select, columns: &str) -> Result<(String, Record)> {
    let Select { table, equals, newest, .. } = query;
    let key: Vec<&str> = table.key_columns().iter().map(|column| column.name).collect();
    let (fixed, order) = match query.index {
        Some(index) => (index.equals.to_vec(), index.order.to_vec()),
        None => (key[..equals.len().min(key.len())].to_vec(), key[equals.len().min(key.len())..].to_vec()),
    };
    if equals.len() != fixed.len() {
        return Err(StoreError::malformed(format!("{} values for the columns {}", equals.len(), fixed.join(", "))));
    }
    let mut values = equals.clone();
    let mut wanted: Vec<String> = fixed.iter().zip(1..).map(|(name, place)| format!("{name} = ${place}")).collect();
    if let Some(after) = query.after.as_ref().filter(|_| !order.is_empty()) {
        let after =
            after.get(..order.len()).ok_or_else(|| StoreError::malformed("the page before has too few values"))?;
        let places = list(values.len() + 1..=values.len() + after.len(), ", ", |place| format!("${place}"));
        let sign = if *newest { "<" } else { ">" };
        wanted.push(format!("({}) {sign} ({places})", order.join(", ")));
        values.extend_from_slice(after);
    }
    values.push(Value::Number(limit(query.limit)));
    wanted.push(STANDS.into());
    let direction = if *newest { " DESC" } else { "" };
    // what is equal sorts nothing, and with nothing else the key is one row
    let order = match list(&order, ", ", |name| format!("{name}{direction}")) {
        order if order.is_empty() => order,
        order => format!(" ORDER BY {order}"),
    };
    let place = values.len();
    Ok((format!("SELECT {columns} FROM {} WHERE {}{order} LIMIT ${place}", table.name, wanted.join(" AND ")), values))
}

#[cfg(test)]
mod tests {
    use super::page;
    use crate::{Row, Select, StoreError, Value, table::Order};

    #[test]
    fn a_page_is_equality_and_one_row_value() {
        let index = Order::TABLE.index("orders_by_buyer");
        let equals = vec![Value::Number(1), Value::Bytes(vec![2; 20])];
        let after = Some(vec![Value::Number(7), Value::Number(3)]);
        let query = Select { table: Order::TABLE, index, equals, after, limit: 9, newest: true };
        let (text, values) = page(&query, "id").unwrap();
        assert_eq!(
            text,
            "SELECT id FROM orders WHERE chain = $1 AND buyer = $2 AND (created_block, created_log) < ($3, $4) \
             AND chain NOT IN (SELECT chain FROM resets) ORDER BY created_block DESC, created_log DESC LIMIT $5"
        );
        assert_eq!(values.last(), Some(&Value::Number(9)));

        let whole = Select { index: None, equals: vec![], after: None, newest: false, ..query };
        assert_eq!(
            page(&whole, "id").unwrap().0,
            "SELECT id FROM orders WHERE chain NOT IN (SELECT chain FROM resets) ORDER BY chain, contract, id LIMIT $1"
        );
        let short = Select { equals: vec![Value::Number(1)], ..query };
        assert!(matches!(page(&short, "id"), Err(StoreError::Malformed(_))));
    }
}
