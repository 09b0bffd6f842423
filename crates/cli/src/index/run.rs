//! The whole process: a follower for each chain, the server, and what brings deliveries elsewhere.

use super::{
    chain::{self, Known},
    follow::Following,
    outlets::Outlets,
    signal::{self, Stop},
    watched::Noted,
};
use crate::{
    failure::{Failure, Result},
    progress::Progress,
    settings::Settings,
    store::{self, Store},
};
use coreprover_indexer::serve::{Api, ServedChain};
use coreprover_store::ChainStore;
use std::{sync::Arc, time::Duration};
use tokio::{net::TcpListener, task::JoinSet, time::sleep};

/// How long the store has for what is on its way into it.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long connections may last once the program ends.
const DRAIN: Duration = Duration::from_secs(10);

pub(crate) async fn run(settings: Settings) -> Result<()> {
    let chains = chain::chains(&settings, None)?;
    let outlets = Outlets::of(&settings)?;
    match store::open(&settings).await? {
        Store::Sqlite(store) => serve(settings, chains, outlets, store).await,
        Store::Postgres(store) => serve(settings, chains, outlets, store).await,
    }
}

async fn serve<S: ChainStore>(settings: Settings, chains: Vec<Known>, outlets: Outlets, store: S) -> Result<()> {
    let listen = settings.index.listen;
    let listener =
        TcpListener::bind(listen).await.map_err(|error| Failure::run(format!("index.listen {listen}"), error))?;
    let stop = Stop::new();
    signal::listen(stop.clone()).map_err(|error| Failure::run("signals", error))?;
    let address = listener.local_addr().map_err(|error| Failure::run("index.listen", error))?;
    tracing::info!(%address, chains = chains.len(), "serving");

    let mut followers = JoinSet::new();
    let mut served = Vec::new();
    for known in chains {
        let noted = Noted::new(known.config.policy().quorum);
        served.push(shown(&known, &noted));
        let following = Following { store: store.clone(), known, noted, stop: stop.clone() };
        followers.spawn(following.run());
    }
    let progress = Progress::start(&served);
    let mut delivering = JoinSet::new();
    let outlets = outlets.start(&store, &served, &stop, &mut delivering);
    let api = Api::new(store, served, outlets, settings.index.listeners());
    let ending = stop.clone();
    let server = axum::serve(listener, api.router()).with_graceful_shutdown(async move { ending.said().await });
    let server = tokio::spawn(async move { server.await });

    let closing = stop.clone();
    tokio::spawn(async move {
        closing.said().await;
        api.close();
    });

    let mut lost = 0;
    let all = followers.len();
    let following = async {
        while let Some(ended) = followers.join_next().await {
            // a follower says itself why; one that panicked is worse, and has said so too
            lost += usize::from(!matches!(ended, Ok(Ok(()))));
            if lost == all {
                tracing::error!("no chain is left to follow");
                stop.now();
            }
        }
        while delivering.join_next().await.is_some() {}
    };
    let late = async {
        stop.said().await;
        sleep(PATIENCE).await;
    };
    tokio::select! {
        () = following => {}
        () = late => tracing::warn!(after = ?PATIENCE, "the store does not answer: what it was given is done or not done"),
    }
    progress.end();
    tokio::select! {
        ended = server => match ended {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(Failure::run("the server", error)),
            Err(error) => return Err(Failure::run("the server", error)),
        },
        () = sleep(DRAIN) => tracing::warn!(after = ?DRAIN, "connections that did not end are cut"),
    }
    tracing::info!("ended");
    if lost > 0 {
        Err(Failure::Run(format!("{lost} of {all} chains could not be followed to the end")))
    } else {
        Ok(())
    }
}

fn shown(known: &Known, noted: &Arc<Noted>) -> ServedChain {
    let contracts = known.chain.contracts.iter().map(|(address, contract)| (address, contract.kind()));
    ServedChain {
        number: known.chain.number,
        contracts: contracts.collect(),
        status: noted.status.subscribe(),
        bounds: known.config.bounds(),
    }
}
