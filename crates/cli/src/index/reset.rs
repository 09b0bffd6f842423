//! `tbc index reset`.

use super::{
    chain::{self, Known},
    connect::connect,
};
use crate::{
    failure::{Failure, Result},
    settings::Settings,
    store::{self, Store},
};
use coreprover_indexer::node::{Node, NodeError};
use coreprover_store::{BlockRef, ChainStart, ChainStore};
use std::io::{self, BufRead, Write};

/// Forgets a chain and begins it anew, as the nodes show it now.
pub(crate) async fn reset(settings: Settings, number: u64, yes: bool) -> Result<()> {
    let known = chain::chains(&settings, Some(number))?.remove(0);
    match store::open(&settings).await? {
        Store::Sqlite(store) => reset_in(&store, &known, yes).await,
        Store::Postgres(store) => reset_in(&store, &known, yes).await,
    }
}

async fn reset_in(store: &impl ChainStore, known: &Known, yes: bool) -> Result<()> {
    let number = known.chain.number;
    let failed = |error: &dyn std::fmt::Display| Failure::run("the store", error);
    let states = store.chains().await.map_err(|error| failed(&error))?;
    let state = states.iter().find(|state| state.chain == number);
    let state = state.ok_or_else(|| Failure::run(format!("chain {number}"), "is not in the store"))?;
    connect(known).await.map_err(|error| Failure::run(format!("chain {number}"), error))?;
    let start = start(known).await?;
    if !yes {
        let mut out = io::stderr().lock();
        let asked = write!(
            out,
            "Everything that was read of chain {number}, up to block {}, is forgotten and read anew. Other chains,\n\
             sessions and records stay; consumers get an old_cursor and begin again. Type {number} to go on: ",
            state.head.number
        );
        asked.and_then(|()| out.flush()).map_err(|error| Failure::run("the standard error", error))?;
        let mut typed = String::new();
        io::stdin().lock().read_line(&mut typed).map_err(|error| Failure::run("the standard input", error))?;
        if typed.trim() != number.to_string() {
            return Err(Failure::run("nothing was changed", format!("type {number}, or say --yes")));
        }
    }
    let state = store.reset_chain(start).await.map_err(|error| failed(&error))?;
    tracing::info!(chain = number, epoch = state.epoch, from = state.base.number, "the chain begins anew");
    Ok(())
}

/// Where the chain begins, on which every node must agree.
async fn start(known: &Known) -> Result<ChainStart> {
    let (chain, below) = (known.chain.number, known.chain.start - 1);
    let mut found: Option<ChainStart> = None;
    for (node, _) in &known.nodes {
        let failed = |error: NodeError| Failure::run(node.name(), error);
        let genesis = node.genesis().await.map_err(failed)?;
        let headers = node.headers(below..=below).await.map_err(failed)?;
        let header = headers.first().ok_or_else(|| failed(NodeError::Missing))?;
        let start = ChainStart { chain, genesis, base: BlockRef { number: below, hash: header.hash } };
        if found.is_some_and(|found| found != start) {
            return Err(Failure::run(node.name(), "shows another chain than the nodes before it"));
        }
        found = Some(start);
    }
    found.ok_or_else(|| Failure::run(format!("chain {chain}"), "no node is configured"))
}
