//! How much of the bare framework the server reaches: `cargo bench -p coreprover-indexer --bench reads`.
//!
//! Orders and receipts by their ids over HTTP, from thirty-two connections that stay open, in turn from the server and from a
//! handler of the same framework that reads the same row and writes it as JSON, and does nothing else. Whoever asks is in this
//! process: what asking costs is the same for both, and is part of both figures.

// the crate's own dependencies are not all needed here, nor all that the node can do
#![allow(unused_crate_dependencies, dead_code)]
// it is for the terminal
#![allow(clippy::print_stdout)]

mod generated;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::get,
};
use coreprover_bindings::Contract;
use coreprover_indexer::serve::{Api, Bounds, Listeners, ServedChain, Status};
use coreprover_store::{
    ChainStore, Row, Sqlite, Value,
    table::{Order, Receipt},
};
use generated::{
    events,
    measure::{CHAIN, Failure, Folder, every, open},
    server::{NodeProcess, serve_if_told},
};
use serde::Serialize;
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use tgp_protocol::value::Word;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

const ORDERS: u64 = 20;
const BLOCKS: u64 = 1_000;
const CONNECTIONS: u64 = 32;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);

fn main() -> Result<(), Failure> {
    if serve_if_told()? {
        return Ok(());
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(measure())
}

async fn measure() -> Result<(), Failure> {
    let folder = Folder::new()?;
    let store = Sqlite::open(folder.file("reads.db"))?;
    {
        let node = NodeProcess::start(ORDERS)?;
        node.tell("generated_head", BLOCKS).await?;
        every(&mut open(&node, &store, 64).await?, |_| ()).await?;
    }
    let state = store.chains().await?.remove(0);
    let head = watch::Sender::new(Status { node_head: state.head.number, connected: true, ..Status::default() });
    let chain = ServedChain {
        number: CHAIN,
        contracts: [(events::ESCROW.into(), Contract::Escrow), (events::VAULT.into(), Contract::Vault)].into(),
        status: head.subscribe(),
        bounds: Bounds::default(),
    };
    let ours = listen(Api::new(store.clone(), [chain], [], Listeners::default()).router()).await?;
    let bare = Router::new()
        .route("/v1/chains/{chain}/orders/{id}", get(row::<Order>))
        .route("/v1/chains/{chain}/receipts/{id}", get(row::<Receipt>))
        .with_state(store);
    let bare = listen(bare).await?;
    for table in ["orders", "receipts"] {
        let (mut framework, mut server) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            framework.push(load(bare, table).await?);
            server.push(load(ours, table).await?);
        }
        framework.sort_unstable();
        server.sort_unstable();
        let (framework, server) = (framework[ROUNDS / 2], server[ROUNDS / 2]);
        let share = server * 100 / framework.max(1);
        println!("{table:<9} the framework alone {framework:>7}/s, the server {server:>7}/s: {share} %");
    }
    Ok(())
}

async fn listen(router: Router) -> Result<SocketAddr, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

/// What one would write without any of our layers: no bounds, no head, no tag, no cursor.
async fn row<R: Row + Serialize>(
    State(store): State<Sqlite>,
    Path((chain, id)): Path<(i64, Word)>,
) -> Result<Json<R>, StatusCode> {
    let contract = if R::TABLE.name == "orders" { events::ESCROW } else { events::VAULT };
    let key = vec![Value::Number(chain), Value::Bytes(contract.to_vec()), Value::Bytes(id.0.to_vec())];
    let found = store.load(R::TABLE, vec![key]).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let record = found.into_iter().next().flatten().ok_or(StatusCode::NOT_FOUND)?;
    R::from_record(record).map(Json).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

/// How many questions are answered in a second.
async fn load(address: SocketAddr, table: &'static str) -> Result<u64, Failure> {
    let end = Instant::now() + ROUND;
    let connections = (0..CONNECTIONS).map(|connection| tokio::spawn(ask(address, table, connection, end)));
    let connections: Vec<_> = connections.collect();
    let mut answered = 0;
    for connection in connections {
        answered += connection.await?.map_err(|error| error.to_string())?;
    }
    Ok(answered * 1_000 / u64::try_from(ROUND.as_millis())?)
}

async fn ask(
    address: SocketAddr,
    table: &str,
    connection: u64,
    end: Instant,
) -> Result<u64, Box<dyn std::error::Error + Send + Sync>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut answered = 0;
    let mut buffer = Vec::with_capacity(16_384);
    while Instant::now() < end {
        // of orders that have ended, and were not refunded
        let number = (connection << 32 | answered).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 16;
        let id = events::id(0, 1 + number % (BLOCKS - 50), ORDERS / 10 + number % (ORDERS - ORDERS / 10));
        let question = format!("GET /v1/chains/{CHAIN}/{table}/{id} HTTP/1.1\r\nhost: localhost\r\n\r\n");
        stream.write_all(question.as_bytes()).await?;
        answer(&mut stream, &mut buffer).await?;
        answered += 1;
    }
    Ok(answered)
}

/// Reads one answer, which must be a row.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err("the connection ended".into());
        }
        let Some(head) = buffer.windows(4).position(|end| end == b"\r\n\r\n") else { continue };
        let text = std::str::from_utf8(&buffer[..head])?;
        if !text.starts_with("HTTP/1.1 200") {
            return Err(text.into());
        }
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")).ok_or("no length")?;
        if buffer.len() == head + 4 + length.parse::<usize>()? {
            return Ok(());
        }
    }
}
