//! The chain as a node: a process of its own, so that what it needs is not taken for what its reader needs.

use super::{block::Chain, measure::Failure};
use alloy::{primitives::B256, rpc::client::RpcClient};
use axum::{Router, body::Bytes, extract::State, routing::post};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
};

/// What a benchmark calls first: as the node's process it serves, and comes back only when that cannot go on.
pub(crate) fn serve_if_told() -> Result<bool, Failure> {
    let mut arguments = std::env::args().skip_while(|argument| argument != "serve");
    if arguments.next().is_none() {
        return Ok(false);
    }
    let orders = arguments.next().ok_or("how many orders?")?.parse()?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve(orders))?;
    Ok(true)
}

async fn serve(orders: u64) -> Result<(), Failure> {
    let chain = Arc::new(Mutex::new(Chain::new(orders)));
    let router = Router::new().route("/", post(answer)).with_state(chain);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    #[allow(clippy::print_stdout)]
    {
        println!("{}", listener.local_addr()?);
    }
    Ok(axum::serve(listener, router).await?)
}

#[derive(Deserialize)]
struct Question<'a> {
    #[serde(borrow)]
    id: &'a RawValue,
    #[serde(borrow)]
    method: &'a str,
    #[serde(default)]
    params: Value,
}

async fn answer(State(chain): State<Arc<Mutex<Chain>>>, body: Bytes) -> ([(&'static str, &'static str); 1], String) {
    let mut chain = chain.lock().unwrap_or_else(PoisonError::into_inner);
    let mut text = String::new();
    if body.first() == Some(&b'[') {
        let questions: Vec<Question<'_>> = serde_json::from_slice(&body).unwrap_or_default();
        for (place, question) in questions.iter().enumerate() {
            text.push(if place == 0 { '[' } else { ',' });
            one(&mut chain, question, &mut text);
        }
        text.push(']');
    } else if let Ok(question) = serde_json::from_slice::<Question<'_>>(&body) {
        one(&mut chain, &question, &mut text);
    }
    ([("content-type", "application/json")], text)
}

fn one(chain: &mut Chain, question: &Question<'_>, text: &mut String) {
    text.push_str(r#"{"jsonrpc":"2.0","id":"#);
    text.push_str(question.id.get());
    text.push_str(r#","result":"#);
    let begun = text.len();
    if result(chain, question, text).is_none() {
        text.truncate(begun);
        text.push_str("null");
    }
    text.push('}');
}

/// Every log is of the contracts that are asked for: nobody else is on this chain.
fn result(chain: &mut Chain, question: &Question<'_>, text: &mut String) -> Option<()> {
    let first = &question.params[0];
    match question.method {
        "eth_chainId" => text.push_str(r#""0x539""#),
        "eth_getBlockByNumber" => {
            let number = match first.as_str()? {
                "latest" => chain.head,
                "finalized" => chain.head.saturating_sub(64),
                other => quantity(other)?,
            };
            text.push_str(&chain.block(number)?.header);
        }
        "eth_getLogs" => {
            let (from, to) = match first["blockHash"].as_str() {
                Some(hash) => {
                    let number = chain.number_of(hash.parse().ok()?)?;
                    (number, number)
                }
                None => (quantity(first["fromBlock"].as_str()?)?, quantity(first["toBlock"].as_str()?)?),
            };
            text.push('[');
            let mut some = false;
            for number in from..=to.min(chain.head) {
                let block = chain.block(number)?;
                if some && !block.logs.is_empty() {
                    text.push(',');
                }
                some |= !block.logs.is_empty();
                text.push_str(&block.logs);
            }
            text.push(']');
        }
        "eth_getBlockReceipts" => {
            let hash: B256 = first.as_str()?.parse().ok()?;
            text.push_str(&chain.receipts(chain.number_of(hash)?).to_string());
        }
        "generated_head" => {
            chain.head = first.as_u64()?;
            text.push_str("true");
        }
        "generated_part" => {
            chain.part(first.as_u64()?);
            text.push_str("true");
        }
        // by a reader that is in no hurry
        "generated_make" => {
            for number in first.as_u64()?..=chain.head {
                chain.block(number)?;
            }
            text.push_str("true");
        }
        "generated_spent" => text.push_str(&chain.spent.as_millis().to_string()),
        _ => return None,
    }
    Some(())
}

fn quantity(text: &str) -> Option<u64> {
    u64::from_str_radix(text.strip_prefix("0x")?, 16).ok()
}

/// The process, which ends with this.
pub(crate) struct NodeProcess {
    child: Child,
    client: RpcClient,
    pub(crate) url: String,
}

impl Drop for NodeProcess {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl NodeProcess {
    /// A chain whose blocks make so many orders.
    pub(crate) fn start(orders: u64) -> Result<Self, Failure> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["serve", &orders.to_string()])
            .stdout(Stdio::piped())
            .spawn()?;
        let mut address = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut address)?;
        let url = format!("http://{}", address.trim());
        // as `Http::new` does: without it no HTTP client can be made
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = RpcClient::new_http(url.parse()?);
        Ok(Self { child, client, url })
    }

    pub(crate) async fn tell(&self, method: &'static str, number: u64) -> Result<Value, Failure> {
        Ok(self.client.request(method, [number]).await?)
    }
}
