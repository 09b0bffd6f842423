use coreprover_store::{ChainStore, Record, Select, StoreError, Table, Value};
use std::io::{self, Write};
use tgp_protocol::value::EvmAddress;

/// How many rows are read at once.
const PAGE: usize = 1_000;

/// Why an export is not whole.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It could not be written.
    #[error("the export could not be written: {0}")]
    Write(#[from] io::Error),
}

/// Writes the rows of one chain as CSV (RFC 4180), in the order of the key: a line of the columns' names, then a line for
/// each row. Amounts are decimals in the token's smallest unit, bytes are hex, addresses have their checksum, yes and no
/// are 1 and 0, and what is not there is empty. Returns how many rows there were.
///
/// Rows are read in pages, so a table may be larger than memory. While the chain is being followed the pages may be of
/// different blocks: export from a copy of the store where all must be of one.
///
/// ```
/// # tokio::runtime::Runtime::new().map_err(|error| error.to_string()).and_then(|runtime| runtime.block_on(async {
/// use coreprover_indexer::serve::{ExportError, export};
/// use coreprover_store::{BlockRef, ChainStart, ChainStore, Row, Sqlite, table::Owed};
/// use tgp_protocol::value::Word;
///
/// # let folder = std::env::temp_dir().join(format!("coreprover-export-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
/// let store = Sqlite::open(folder.join("chain.db")).map_err(|error| error.to_string())?;
/// let mut csv = Vec::new();
/// let rows = export(&store, Owed::TABLE, 8453, &mut csv).await.map_err(|error| error.to_string())?;
/// assert_eq!((rows, csv.as_slice()), (0, b"chain,contract,token,party,amount\r\n".as_slice()));
/// // a disk without room
/// let full = export(&store, Owed::TABLE, 8453, &mut [0; 4].as_mut_slice()).await;
/// assert!(matches!(full, Err(ExportError::Write(_))));
/// # drop(store);
/// # std::fs::remove_dir_all(&folder).map_err(|error| error.to_string())
/// # })).unwrap();
/// ```
///
/// # Errors
/// When a page cannot be read or written: what is there then is not whole.
pub async fn export(
    store: &impl ChainStore,
    table: &'static Table,
    chain: u64,
    out: &mut (impl Write + Send),
) -> Result<u64, ExportError> {
    line(out, table.columns.iter().map(|column| column.name.to_owned()))?;
    let equals = vec![Value::Number(i64::try_from(chain).map_err(|_| StoreError::TooLarge { field: "chain" })?)];
    let (mut after, mut count): (Option<Record>, u64) = (None, 0);
    loop {
        let select = Select { table, index: None, equals: equals.clone(), after, limit: PAGE, newest: false };
        let rows = store.select(select).await?;
        for row in &rows {
            line(out, row.iter().map(field))?;
            count += 1;
        }
        match rows.last().filter(|_| rows.len() == PAGE) {
            Some(last) => after = last.get(equals.len()..table.key).map(<[Value]>::to_vec),
            None => break,
        }
    }
    out.flush()?;
    Ok(count)
}

fn line(out: &mut impl Write, fields: impl Iterator<Item = String>) -> io::Result<()> {
    let fields: Vec<String> = fields.map(quoted).collect();
    write!(out, "{}\r\n", fields.join(","))
}

fn field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Bytes(bytes) => match <[u8; 20]>::try_from(bytes.as_slice()) {
            Ok(address) => EvmAddress(address.into()).to_string(),
            Err(_) => alloy_primitives::hex::encode_prefixed(bytes),
        },
    }
}

/// In quotes where a comma, a quote or a line's end would be misread.
fn quoted(text: String) -> String {
    if text.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::{field, line, quoted};
    use coreprover_store::Value;

    #[test]
    fn what_would_be_misread_stands_in_quotes() {
        assert_eq!(quoted("plain text".into()), "plain text");
        assert_eq!(quoted("a \"name\", and\r\nmore".into()), "\"a \"\"name\"\", and\r\nmore\"");
        let mut out = Vec::new();
        let values = [Value::Null, Value::Number(7), Value::Text("1,5".into()), Value::Bytes(vec![0xab; 32])];
        line(&mut out, values.iter().map(field)).unwrap();
        assert_eq!(out, format!(",7,\"1,5\",0x{}\r\n", "ab".repeat(32)).into_bytes());
    }
}
