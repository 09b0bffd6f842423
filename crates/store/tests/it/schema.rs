use crate::engine::{Place, on_both};
use coreprover_store::{Kind, Table, table::TABLES};

/// What a statement of each engine says about a table's columns: `name kind optional place-in-the-key`, in their order.
fn described(table: &Table, of: impl Fn(Kind) -> &'static str) -> Vec<String> {
    let column = |(place, column): (usize, &coreprover_store::Column)| {
        let optional = if column.optional { "optional" } else { "needed" };
        let key = if place < table.key { place + 1 } else { 0 };
        format!("{} {} {optional} {key}", column.name, of(column.kind))
    };
    table.columns.iter().enumerate().map(column).collect()
}

#[test]
fn the_tables_are_as_the_program_describes_them() {
    on_both!(|place| {
        drop(place.open().await.unwrap());
        let in_a_file = place.sql("SELECT * FROM sqlite_schema").await.is_ok();
        for table in TABLES {
            let (text, kind): (_, fn(Kind) -> &'static str) = if in_a_file {
                (sqlite_columns(table.name), in_sqlite)
            } else {
                (postgres_columns(table.name), in_postgres)
            };
            assert_eq!(place.column(&text).await, described(table, kind), "{}", table.name);
            let mut indexes: Vec<String> = table
                .indexes
                .iter()
                .map(|index| format!("{} {}", index.name, [index.equals, index.order].concat().join(",")))
                .collect();
            indexes.sort();
            let text = if in_a_file { sqlite_indexes(table.name) } else { postgres_indexes(table.name) };
            assert_eq!(place.column(&text).await, indexes, "{}", table.name);
        }
    });
}

fn in_sqlite(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "INTEGER",
        Kind::Text | Kind::Amount => "TEXT",
        Kind::Bytes => "BLOB",
    }
}

fn in_postgres(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "bigint",
        Kind::Text => "text",
        Kind::Amount => "numeric(78,0)",
        Kind::Bytes => "bytea",
    }
}

fn sqlite_columns(table: &str) -> String {
    format!(
        "SELECT name || ' ' || type || CASE \"notnull\" WHEN 1 THEN ' needed ' ELSE ' optional ' END || pk
         FROM pragma_table_info('{table}') ORDER BY cid"
    )
}

fn sqlite_indexes(table: &str) -> String {
    format!(
        "SELECT i.name || ' ' || (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno))
         FROM pragma_index_list('{table}') i WHERE i.origin = 'c' ORDER BY i.name"
    )
}

fn postgres_columns(table: &str) -> String {
    format!(
        "SELECT a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                || CASE WHEN a.attnotnull THEN ' needed ' ELSE ' optional ' END
                || coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0)
         FROM pg_attribute a JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
         WHERE a.attrelid = '{table}'::regclass AND a.attnum > 0 ORDER BY a.attnum"
    )
}

fn postgres_indexes(table: &str) -> String {
    format!(
        "SELECT c.relname || ' ' || (
             SELECT string_agg(a.attname, ',' ORDER BY k.place)
             FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
         )
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
         WHERE i.indrelid = '{table}'::regclass AND NOT i.indisprimary ORDER BY c.relname COLLATE \"C\""
    )
}

/// What is written once is written once, whoever asks the engine.
/// Shows.
#[test]
fn the_engine_itself_guards_what_is_written_once() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        crate::records::fill(&store).await;
        for table in ["session_events", "state_summaries", "tdr_records", "tdr_seals", "tdr_triplets"] {
            let count = place.column(&format!("SELECT CAST(count(*) AS TEXT) FROM {table}")).await;
            assert_ne!(count, ["0"], "{table}");
            let column = match table {
                "tdr_seals" => "day",
                _ => "session_id",
            };
            for text in [format!("UPDATE {table} SET {column} = 'another'"), format!("DELETE FROM {table}")] {
                assert!(place.sql(&text).await.unwrap_err().contains("written once"), "{text}");
            }
            assert_eq!(place.column(&format!("SELECT CAST(count(*) AS TEXT) FROM {table}")).await, count);
        }
        drop(store);
    });
}
