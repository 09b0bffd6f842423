//! `tbc index export`.

use crate::{
    failure::{Failure, Result},
    settings::Settings,
    store::{self, Store},
};
use coreprover_indexer::serve::{self, ExportError};
use coreprover_store::{ChainStore, Table, table::TABLES};
use std::io::{self, BufWriter};

/// Writes a table of one chain to the standard output.
pub(crate) async fn export(settings: Settings, table: &str, number: u64) -> Result<()> {
    let found = TABLES.iter().find(|known| known.name == table);
    let table = found.ok_or_else(|| {
        let names: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
        Failure::told("", table, format!("there is no such table: take one of {}", names.join(", ")))
    })?;
    match store::open(&settings).await? {
        Store::Sqlite(store) => export_from(&store, table, number).await,
        Store::Postgres(store) => export_from(&store, table, number).await,
    }
}

async fn export_from(store: &impl ChainStore, table: &'static Table, number: u64) -> Result<()> {
    let states = store.chains().await.map_err(|error| Failure::run("the store", error))?;
    if !states.iter().any(|state| state.chain == number) {
        return Err(Failure::told("--chain", number.to_string(), "is not in the store"));
    }
    let mut out = BufWriter::new(io::stdout());
    match serve::export(store, table, number, &mut out).await {
        Ok(rows) => tracing::info!(table = table.name, rows, "exported"),
        // whoever read had enough
        Err(ExportError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Err(error) => return Err(Failure::run("the export", error)),
    }
    Ok(())
}
