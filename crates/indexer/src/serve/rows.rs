//! The questions about the tables.

use super::{
    Answered, Refusal,
    ask::{Ask, Parameters, address, word},
    page::{Item, Lookup, Page, bytes, item, length, of, page},
    refusal::{Refusals, Same},
    shown::Shown,
};
use axum::response::Response;
use coreprover_bindings::Contract;
use coreprover_store::{
    Record, Value,
    table::{Anchor, Lock, Order, Owed, Receipt, Route, Verifier},
};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which page.
#[derive(Deserialize, IntoParams, Default)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PageQuery {
    /// `next` of the page before.
    pub(super) after: Option<String>,
    /// How many rows: 50, and at most 200.
    #[param(pattern = "^0*[1-9][0-9]*$")]
    pub(super) limit: Option<String>,
}

/// Writes the parameters of a list: exactly one of the first ones says whose rows.
macro_rules! lists {
    ($($(#[$about:meta])* $query:ident { $($(#[$doc:meta])* $by:ident: $kind:ident = $index:literal,)+ })+) => {$(
        $(#[$about])*
        #[derive(Deserialize, IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub(super) struct $query {
            $($(#[$doc])* $by: Option<String>,)+
            /// `next` of the page before.
            after: Option<String>,
            /// How many rows: 50, and at most 200.
            #[param(pattern = "^0*[1-9][0-9]*$")]
            limit: Option<String>,
        }

        impl $query {
            fn lookup(&self, chain: u64) -> Answered<Lookup> {
                let mut found = Vec::new();
                $(if let Some(text) = &self.$by {
                    found.push(Lookup::newest($index, $kind(chain, text, stringify!($by))?));
                })+
                match (found.pop(), found.is_empty()) {
                    (Some(lookup), true) => Ok(lookup),
                    _ => Err(one_of(&[$(stringify!($by)),+])),
                }
            }
        }
    )+};
}

/// An index of one chain.
fn by_address(chain: u64, text: &str, field: &'static str) -> Answered<Record> {
    Ok(vec![number(chain), bytes(address(text, field)?.0.as_slice())])
}

/// An index over every chain.
fn by_word(_: u64, text: &str, field: &'static str) -> Answered<Record> {
    Ok(vec![of(word(text, field)?)])
}

fn one_of(names: &[&'static str]) -> Refusal {
    let message = format!("say whose rows, by exactly one of: {}", names.join(", "));
    Refusal::bad("missing_parameter", names.first().copied().unwrap_or_default(), &message)
}

fn number(number: u64) -> Value {
    Value::Number(i64::try_from(number).unwrap_or(i64::MAX))
}

lists! {
    /// Whose orders or receipts.
    SalesQuery {
        /// The buyer's address.
        #[param(pattern = "^0x[0-9a-fA-F]{40}$")]
        buyer: by_address = "by_buyer",
        /// The seller's address.
        #[param(pattern = "^0x[0-9a-fA-F]{40}$")]
        seller: by_address = "by_seller",
        /// keccak256 of the session's id.
        #[param(pattern = "^0x[0-9a-f]{64}$")]
        session: by_word = "by_session",
    }
    /// Whose locks.
    LocksQuery {
        /// Who gets it back.
        #[param(pattern = "^0x[0-9a-fA-F]{40}$")]
        sender: by_address = "by_sender",
        /// Who gets it with the secret.
        #[param(pattern = "^0x[0-9a-fA-F]{40}$")]
        receiver: by_address = "by_receiver",
        /// SHA-256 of the secret: 0x and 64 hex digits.
        #[param(pattern = "^0x[0-9a-f]{64}$")]
        hashlock: by_word = "by_hashlock",
    }
    /// Whose routes.
    RoutesQuery {
        /// The buyer's address.
        #[param(pattern = "^0x[0-9a-fA-F]{40}$")]
        buyer: by_address = "by_buyer",
        /// keccak256 of the session's id.
        #[param(pattern = "^0x[0-9a-f]{64}$")]
        session: by_word = "by_session",
    }
    /// Whose anchors.
    AnchorsQuery {
        /// The root.
        #[param(pattern = "^0x[0-9a-f]{64}$")]
        root: by_word = "by_root",
    }
}

async fn listed<R: Shown>(ask: &Ask, lookup: Lookup, after: Option<&str>, limit: Option<&str>) -> Answered<Response> {
    let limit = length(limit)?;
    ask.answer(|state| {
        let (shared, lookup) = (&ask.shared, lookup.clone());
        async move { page::<R>(shared, &state, lookup, after, limit).await }
    })
    .await
}

async fn single<R: Shown>(ask: &Ask, kind: Contract) -> Answered<Response> {
    let id = ask.id()?;
    ask.answer(|state| async move { item::<R>(&ask.shared, &state, ask.chain.all(kind), id).await }).await
}

// what the description's macro does not read: a type with another in it
type OrderPage = Page<Order>;
type ReceiptPage = Page<Receipt>;
type LockPage = Page<Lock>;
type RoutePage = Page<Route>;
type AnchorPage = Page<Anchor>;
type OwedPage = Page<Owed>;
type VerifierPage = Page<Verifier>;
type OrderAnswer = Item<Order>;
type ReceiptAnswer = Item<Receipt>;
type LockAnswer = Item<Lock>;
type RouteAnswer = Item<Route>;

/// Writes a list of rows that are looked up by an index, and one row by its id.
macro_rules! tables {
    ($($(#[$about:meta])* $list:ident, $query:ident, $row:ident as $page:ident, $path:literal;)+) => {$(
        $(#[$about])*
        #[utoipa::path(get, path = $path, params(("chain" = u64, Path, description = "The chain's number."), $query),
            responses((status = 200, description = "A page.", body = $page), Same, Refusals))]
        pub(super) async fn $list(ask: Ask, Parameters(query): Parameters<$query>) -> Answered<Response> {
            let lookup = query.lookup(ask.chain.number)?;
            listed::<$row>(&ask, lookup, query.after.as_deref(), query.limit.as_deref()).await
        }
    )+};
    (one $($(#[$about:meta])* $one:ident, $row:ident as $answer:ident, $kind:ident, $path:literal;)+) => {$(
        $(#[$about])*
        #[utoipa::path(get, path = $path, params(
            ("chain" = u64, Path, description = "The chain's number."), ("id" = String, Path, description = "32 bytes in hex.", pattern = "^0x[0-9a-f]{64}$")),
            responses((status = 200, description = "The row.", body = $answer), Same, Refusals))]
        pub(super) async fn $one(ask: Ask) -> Answered<Response> {
            single::<$row>(&ask, Contract::$kind).await
        }
    )+};
}

tables! {
    /// Orders of a buyer, a seller or a session, the newest first.
    orders, SalesQuery, Order as OrderPage, "/v1/chains/{chain}/orders";
    /// Receipts of a buyer, a seller or a session, the newest first.
    receipts, SalesQuery, Receipt as ReceiptPage, "/v1/chains/{chain}/receipts";
    /// Locks of a sender, a receiver or a hash, the newest first.
    locks, LocksQuery, Lock as LockPage, "/v1/chains/{chain}/locks";
    /// Routes of a buyer or a session, the newest first.
    routes, RoutesQuery, Route as RoutePage, "/v1/chains/{chain}/routes";
    /// Where a root was anchored, the newest first.
    anchors, AnchorsQuery, Anchor as AnchorPage, "/v1/chains/{chain}/anchors";
}

tables! { one
    /// An order.
    order, Order as OrderAnswer, Escrow, "/v1/chains/{chain}/orders/{id}";
    /// The receipt of an order.
    receipt, Receipt as ReceiptAnswer, Vault, "/v1/chains/{chain}/receipts/{id}";
    /// A lock.
    lock, Lock as LockAnswer, Timelock, "/v1/chains/{chain}/locks/{id}";
    /// A route or a split.
    route, Route as RouteAnswer, Router, "/v1/chains/{chain}/routes/{id}";
}

/// To whom something is owed.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OwedQuery {
    /// The address.
    #[param(pattern = "^0x[0-9a-fA-F]{40}$")]
    party: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// How many rows: 50, and at most 200.
    #[param(pattern = "^0*[1-9][0-9]*$")]
    limit: Option<String>,
}

/// What waits for a party because paying it out failed.
#[utoipa::path(get, path = "/v1/chains/{chain}/owed", params(("chain" = u64, Path, description = "The chain's number."), OwedQuery),
    responses((status = 200, description = "A page.", body = OwedPage), Same, Refusals))]
pub(super) async fn owed(ask: Ask, Parameters(query): Parameters<OwedQuery>) -> Answered<Response> {
    let party = query.party.as_deref().ok_or_else(|| one_of(&["party"]))?;
    let equals = by_address(ask.chain.number, party, "party")?;
    let lookup = Lookup { index: Some("by_party"), equals, newest: false };
    listed::<Owed>(&ask, lookup, query.after.as_deref(), query.limit.as_deref()).await
}

/// Every version of every circuit's verifier.
#[utoipa::path(get, path = "/v1/chains/{chain}/verifiers", params(("chain" = u64, Path, description = "The chain's number."), PageQuery),
    responses((status = 200, description = "A page.", body = VerifierPage), Same, Refusals))]
pub(super) async fn verifiers(ask: Ask, Parameters(query): Parameters<PageQuery>) -> Answered<Response> {
    let lookup = Lookup { index: None, equals: vec![number(ask.chain.number)], newest: false };
    listed::<Verifier>(&ask, lookup, query.after.as_deref(), query.limit.as_deref()).await
}
