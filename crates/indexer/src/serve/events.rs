//! The questions about chains and events.

use super::{
    Answered, Refusal, Shared,
    ask::{Ask, Parameters, word},
    delivery::{Delivery, Log},
    openapi::AsOfAnd,
    page::length,
    refusal::{Refusals, Same},
    rows::PageQuery,
    status::now,
};
use axum::{Json, extract::State, response::Response};
use coreprover_store::{BlockRef, ChainState, Cursor};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tgp_protocol::value::{EvmAddress, Word};
use utoipa::{IntoParams, ToSchema};

/// A chain that is served.
#[derive(Serialize, ToSchema)]
pub(super) struct ChainInfo {
    /// Its number.
    chain: u64,
    /// The hash of its block 0.
    #[schema(value_type = String)]
    genesis: Word,
    /// The block before the first that was read.
    base: u64,
    /// The last block that was read.
    block: u64,
    /// Its hash.
    #[schema(value_type = String)]
    hash: Word,
    /// The last block that is final.
    last_final: u64,
    /// How often the chain was read anew.
    epoch: u32,
    /// The newest block that a node showed.
    node_head: u64,
    /// Whether a node answers.
    connected: bool,
    /// How many blocks are still to be read.
    behind: u64,
    /// How many seconds old the last block is, where any are.
    lag_seconds: u64,
    /// Before the first event.
    first: String,
    /// Behind the last event.
    last: String,
    /// Our contracts on it.
    contracts: Vec<ContractInfo>,
}

/// A contract of a chain.
#[derive(Serialize, ToSchema)]
pub(super) struct ContractInfo {
    /// Its address.
    #[schema(value_type = String)]
    address: EvmAddress,
    /// Its name.
    #[schema(value_type = String)]
    name: &'static str,
}

/// The chains that are served.
#[derive(Serialize, ToSchema)]
pub(super) struct Chains {
    /// In the order of their numbers.
    items: Vec<ChainInfo>,
}

/// The chains, and where each stands.
#[utoipa::path(get, path = "/v1/chains", responses((status = 200, description = "All of them.", body = Chains), Refusals))]
pub(super) async fn chains(State(shared): State<Arc<Shared>>) -> Answered<Json<Chains>> {
    let states = shared.store.chains().await?;
    let info = |state: ChainState| {
        let chain = shared.chains.get(&state.chain)?;
        let status = chain.status.borrow().clone();
        let BlockRef { number: block, hash } = state.head;
        let name = |(address, contract): (&EvmAddress, &coreprover_bindings::Contract)| ContractInfo {
            address: *address,
            name: contract.name(),
        };
        Some(ChainInfo {
            chain: state.chain,
            genesis: state.genesis,
            base: state.base.number,
            block,
            hash,
            last_final: state.last_final,
            epoch: state.epoch,
            node_head: status.node_head,
            connected: status.connected,
            behind: status.behind(),
            lag_seconds: status.lag(now()),
            first: Cursor::start(state.chain, state.epoch).to_string(),
            last: end(&state).to_string(),
            contracts: chain.contracts.iter().map(name).collect(),
        })
    };
    Ok(Json(Chains { items: states.into_iter().filter_map(info).collect() }))
}

/// Behind everything that a feed has now: no block has so many logs.
pub(super) fn end(state: &ChainState) -> Cursor {
    Cursor { entry: state.entries, logs: u64::MAX >> 1, ..Cursor::start(state.chain, state.epoch) }
}

/// About what.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EventsQuery {
    /// An order, a lock, a route, a circuit: the first indexed field.
    #[param(pattern = "^0x[0-9a-f]{64}$")]
    subject: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// How many events: 50, and at most 200.
    #[param(pattern = "^0*[1-9][0-9]*$")]
    limit: Option<String>,
}

// what the description's macro does not read: a type with another in it
type LogsAnswer = AsOfAnd<Logs>;
type FeedAnswer = AsOfAnd<Feed>;

/// A page of events.
#[derive(Serialize, ToSchema)]
pub(super) struct Logs {
    /// In their order on the chain.
    items: Vec<Log>,
    /// `after` of the next page, where there is one.
    next: Option<String>,
}

/// The events about one subject that are on the chain now, in their order.
#[utoipa::path(get, path = "/v1/chains/{chain}/events", params(("chain" = u64, Path, description = "The chain's number."), EventsQuery),
    responses((status = 200, description = "A page.", body = LogsAnswer), Same, Refusals))]
pub(super) async fn events(ask: Ask, Parameters(query): Parameters<EventsQuery>) -> Answered<Response> {
    let missing = || Refusal::bad("missing_parameter", "subject", "say about what: 32 bytes in hex");
    let subject = word(query.subject.as_deref().ok_or_else(missing)?, "subject")?;
    let limit = length(query.limit.as_deref())?;
    ask.answer(|state| {
        let (ask, after) = (&ask, query.after.as_deref());
        async move {
            let after = after.map(|text| place(text, state.epoch)).transpose()?;
            let mut found = ask.shared.store.events_of(state.chain, subject, after, limit + 1).await?;
            let more = found.len() > limit;
            found.truncate(limit);
            let log = |event| Log::of_chain(&ask.chain, state.last_final, event);
            let items: Vec<Log> = found.into_iter().map(log).collect();
            let last = items.last().filter(|_| more).map(Log::place);
            let next = last.map(|(block, log)| format!("{}-{block}-{log}", state.epoch));
            Ok(Logs { items, next })
        }
    })
    .await
}

fn place(text: &str, epoch: u32) -> Answered<(u64, u64)> {
    let bad = || Refusal::bad("bad_cursor", "after", "take `next` of an earlier answer to the same question");
    let numbers = text.split('-').map(|part| part.parse().ok()).collect::<Option<Vec<u64>>>().ok_or_else(bad)?;
    match numbers[..] {
        [of_epoch, ..] if numbers.len() == 3 && of_epoch != u64::from(epoch) => Err(Refusal::old_cursor()),
        [_, block, log] => Ok((block, log)),
        _ => Err(bad()),
    }
}

/// A page of the feed.
#[derive(Serialize, ToSchema)]
pub(super) struct Feed {
    /// In the order in which they came and went.
    items: Vec<Delivery>,
    /// `after` of what follows.
    next: String,
}

/// What came and went, in that order: with every event of every block that was taken back. `next` is always there; ask
/// again with it for what follows.
#[utoipa::path(get, path = "/v1/chains/{chain}/feed", params(("chain" = u64, Path, description = "The chain's number."), PageQuery),
    responses((status = 200, description = "A page.", body = FeedAnswer), Same, Refusals))]
pub(super) async fn feed(ask: Ask, Parameters(query): Parameters<PageQuery>) -> Answered<Response> {
    let limit = length(query.limit.as_deref())?;
    let after = query.after.as_deref().map(|text| cursor(text, ask.chain.number)).transpose()?;
    ask.answer(|state| {
        let ask = &ask;
        async move {
            let after = after.unwrap_or_else(|| Cursor::start(state.chain, state.epoch));
            let found = ask.shared.store.feed(after, limit).await?;
            let next = found.last().map_or(after, |event| event.cursor).to_string();
            let items = found.into_iter().map(|event| Delivery::new(&ask.chain, state.last_final, event)).collect();
            Ok(Feed { items, next })
        }
    })
    .await
}

/// A cursor of this chain's feed.
pub(super) fn cursor(text: &str, chain: u64) -> Answered<Cursor> {
    let bad = || Refusal::bad("bad_cursor", "after", "a cursor of this chain, as an earlier answer gave it");
    text.parse().ok().filter(|cursor: &Cursor| cursor.chain == chain).ok_or_else(bad)
}
