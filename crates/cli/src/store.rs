use crate::{
    failure::{Failure, Result},
    settings::Settings,
};
use coreprover_store::{Postgres, Sqlite};

/// A store of either engine.
pub(crate) enum Store {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// Opens the store that the settings name.
pub(crate) async fn open(settings: &Settings) -> Result<Store> {
    let url = settings.store.show();
    if let Some(path) = url.strip_prefix("sqlite:") {
        let path = path.trim_start_matches("//");
        let store = Sqlite::open(path).map_err(|error| Failure::run(path, error))?;
        return Ok(Store::Sqlite(store));
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        let store = Postgres::connect(url).await.map_err(|error| Failure::run("the PostgreSQL store", error))?;
        return Ok(Store::Postgres(store));
    }
    Err(settings.refuse("store.url", "must begin with sqlite: or postgres://"))
}
