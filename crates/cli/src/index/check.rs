//! `tbc index --check`.

use super::{chain, connect::connect, outlets::Outlets};
use crate::{
    failure::{Failure, Result},
    settings::Settings,
    store::{self, Store},
};
use coreprover_indexer::node::Node;
use coreprover_store::ChainStore;
use std::io::{self, Write};

/// Says of everything whether it is as the settings say, and ends.
pub(crate) async fn check(settings: Settings) -> Result<()> {
    let chains = chain::chains(&settings, None)?;
    Outlets::of(&settings)?;
    let known = match store::open(&settings).await? {
        Store::Sqlite(store) => store.chains().await,
        Store::Postgres(store) => store.chains().await,
    };
    let known = known.map_err(|error| Failure::run("the store", error))?;
    let mut out = io::stdout().lock();
    let mut say = |text: String| writeln!(out, "{text}").map_err(|error| Failure::run("the standard output", error));
    say(format!("the store answers, and knows {} chains", known.len()))?;
    let mut sound = true;
    for chain in &chains {
        let number = chain.chain.number;
        let names: Vec<&str> = chain.nodes.iter().map(|(node, _)| node.name()).collect();
        match connect(chain).await {
            Ok(()) => say(format!("chain {number}: the contracts are there, by {}", names.join(", ")))?,
            Err(error) => {
                sound = false;
                say(format!("chain {number}: {error}"))?;
            }
        }
    }
    if sound { Ok(()) } else { Err(Failure::Found) }
}
