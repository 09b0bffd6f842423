//! `tbc index verify` and `tbc index rebuild`: the tables against the contracts, and against a second fold.

use super::{
    chain::{self, Known},
    connect::connect,
};
use crate::{
    failure::{Failure, Result},
    settings::Settings,
    store::{self, Store},
};
use coreprover_indexer::{
    check::{self, Comparison, Difference},
    node::Endpoints,
};
use coreprover_store::{ChainState, ChainStore, Sqlite, Value};
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// How often a chain that moves meanwhile is looked at.
const TRIES: usize = 5;

/// Compares the tables with what the contracts store.
pub(crate) async fn verify(settings: Settings, only: Option<u64>) -> Result<()> {
    let chains = chain::chains(&settings, only)?;
    match store::open(&settings).await? {
        Store::Sqlite(store) => verify_in(&store, &chains).await,
        Store::Postgres(store) => verify_in(&store, &chains).await,
    }
}

async fn verify_in(store: &impl ChainStore, chains: &[Known]) -> Result<()> {
    let mut sound = true;
    for known in chains {
        let number = known.chain.number;
        let failed = |error: &dyn std::fmt::Display| Failure::run(format!("chain {number}"), error);
        connect(known).await.map_err(|error| failed(&error))?;
        let nodes = Endpoints::new(known.nodes.iter().map(|(node, _)| node.clone()), known.config.policy());
        let (state, comparison) = at_rest(store, number, |state| {
            let nodes = &nodes;
            async move { check::verify(store, nodes, number, state.head).await.map_err(|error| failed(&error)) }
        })
        .await?;
        sound &= tell(&state, &comparison, "what the contracts store")?;
    }
    if sound { Ok(()) } else { Err(Failure::Found) }
}

/// Folds every event once more and compares the tables.
pub(crate) async fn rebuild(settings: Settings, only: Option<u64>) -> Result<()> {
    let chains = chain::chains(&settings, only)?;
    match store::open(&settings).await? {
        Store::Sqlite(store) => rebuild_from(&store, &chains).await,
        Store::Postgres(store) => rebuild_from(&store, &chains).await,
    }
}

async fn rebuild_from(store: &impl ChainStore, chains: &[Known]) -> Result<()> {
    let mut sound = true;
    for known in chains {
        let number = known.chain.number;
        let failed = |error: &dyn std::fmt::Display| Failure::run(format!("chain {number}"), error);
        let (state, comparison) = at_rest(store, number, |_| async {
            let scratch = Scratch::new().map_err(|error| failed(&error))?;
            let again = Sqlite::open(scratch.0.join("again.db")).map_err(|error| failed(&error))?;
            check::rebuild(store, &again, &known.chain).await.map_err(|error| failed(&error))?;
            check::compare(store, &again, number).await.map_err(|error| failed(&error))
        })
        .await?;
        sound &= tell(&state, &comparison, "what the events give once more")?;
    }
    if sound { Ok(()) } else { Err(Failure::Found) }
}

/// Looks until the chain stood where it was all the while; differences of a chain that moved say nothing.
async fn at_rest<S: ChainStore, F>(
    store: &S,
    number: u64,
    look: impl Fn(ChainState) -> F,
) -> Result<(ChainState, Comparison)>
where
    F: Future<Output = Result<Comparison>>,
{
    for _ in 0..TRIES {
        let before = state(store, number).await?;
        let comparison = look(before).await?;
        if comparison.is_equal() || state(store, number).await? == before {
            return Ok((before, comparison));
        }
    }
    Err(Failure::run(format!("chain {number}"), "it moved all the while: stop the indexer, or try again"))
}

async fn state(store: &impl ChainStore, number: u64) -> Result<ChainState> {
    let states = store.chains().await.map_err(|error| Failure::run("the store", error))?;
    let state = states.into_iter().find(|state| state.chain == number);
    state.ok_or_else(|| Failure::run(format!("chain {number}"), "is not in the store: index it first"))
}

/// Says what was found, and whether it is as it should be.
fn tell(state: &ChainState, comparison: &Comparison, with: &str) -> Result<bool> {
    let written = print(&mut io::stdout().lock(), state, comparison, with);
    written.map_err(|error| Failure::run("the standard output", error))?;
    Ok(comparison.is_equal())
}

fn print(out: &mut impl Write, state: &ChainState, found: &Comparison, with: &str) -> io::Result<()> {
    let ChainState { chain, head, .. } = state;
    if found.is_equal() {
        return writeln!(out, "chain {chain} at block {head}: {} rows are {with}", found.rows);
    }
    let more = if found.differences.len() < Comparison::MOST { "" } else { " at least" };
    let count = found.differences.len();
    writeln!(out, "chain {chain} at block {head}:{more} {count} of {} rows are not {with}", found.rows)?;
    for Difference { table, key, columns } in &found.differences {
        let key: Vec<String> = key.iter().skip(1).map(shown).collect();
        writeln!(out, "  {table} {}: {}", key.join(" "), columns.join(", "))?;
    }
    Ok(())
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".into(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Bytes(bytes) => alloy::primitives::hex::encode_prefixed(bytes),
    }
}

/// A folder for a store that is thrown away.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("tbc-rebuild-{}", std::process::id()));
        std::fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // what is left behind is in the system's folder for such things
        drop(std::fs::remove_dir_all(&self.0));
    }
}
