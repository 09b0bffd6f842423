use super::{Header, Log, Node, NodeError, Receipt, refusal::classify};
use crate::Contracts;
use alloy::{
    consensus,
    primitives::{Address, B256, Bytes},
    rpc::{
        client::{BatchRequest, RpcClient},
        json_rpc::RpcRecv,
    },
};
use serde::Deserialize;
use serde_json::json;
use std::{ops::RangeInclusive, sync::Arc, time::Duration};
use tgp_protocol::value::Word;

/// A node over HTTP.
///
/// ```
/// use coreprover_indexer::node::{Http, Node};
/// use std::time::Duration;
///
/// // the key in the path of an operator's address never gets into messages
/// let node = Http::new("https://base.example.org/v2/secret", Duration::from_secs(20))?;
/// assert_eq!(node.name(), "base.example.org");
/// assert!(Http::new("base.example.org", Duration::from_secs(20)).is_err());
/// # Ok::<(), coreprover_indexer::node::NodeError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Http {
    name: String,
    client: RpcClient,
}

/// How many calls go into one request: what the strictest operators take.
const BATCH: usize = 100;

impl Http {
    /// A node at an address; no call takes longer than `timeout`.
    ///
    /// # Errors
    /// With [`NodeError::Unsupported`] for an address that is none.
    pub fn new(url: &str, timeout: Duration) -> Result<Self, NodeError> {
        let bad = || NodeError::Unsupported("the address is no URL".into());
        let url: reqwest::Url = url.parse().map_err(|_| bad())?;
        let name = url.host_str().ok_or_else(bad)?.to_owned();
        // the first of a process decides; another that is there already does as well
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = reqwest::Client::builder().timeout(timeout).build();
        let client = client.map_err(|error| NodeError::Unsupported(error.to_string()))?;
        Ok(Self { name, client: RpcClient::new_http_with_client(client, url) })
    }

    async fn one<T: RpcRecv>(&self, method: &'static str, params: serde_json::Value) -> Result<T, NodeError> {
        let answer: Option<T> = self.client.request(method, params).await.map_err(classify)?;
        // null stands for a block that is not there
        answer.ok_or(NodeError::Missing)
    }

    /// The same call with each of these parameters.
    async fn each<T: RpcRecv>(
        &self,
        method: &'static str,
        params: impl IntoIterator<Item = serde_json::Value>,
    ) -> Result<Vec<T>, NodeError> {
        let params: Vec<_> = params.into_iter().collect();
        let mut answers = Vec::with_capacity(params.len());
        for part in params.chunks(BATCH) {
            if let [only] = part {
                answers.push(self.one(method, only.clone()).await?);
                continue;
            }
            let mut batch = BatchRequest::new(&self.client);
            let mut waiting = Vec::with_capacity(part.len());
            for params in part {
                waiting.push(batch.add_call::<_, Option<T>>(method, params).map_err(classify)?);
            }
            batch.send().await.map_err(classify)?;
            for answer in waiting {
                answers.push(answer.await.map_err(classify)?.ok_or(NodeError::Missing)?);
            }
        }
        Ok(answers)
    }
}

fn filter(contracts: &Contracts) -> serde_json::Value {
    json!({ "address": contracts.addresses(), "topics": [contracts.topics()] })
}

fn with(mut filter: serde_json::Value, members: &[(&str, serde_json::Value)]) -> serde_json::Value {
    for (name, value) in members {
        filter[name] = value.clone();
    }
    json!([filter])
}

fn quantity(number: u64) -> String {
    format!("{number:#x}")
}

/// Block 0, and the hash that the node says it has.
#[derive(Debug, Deserialize)]
struct Genesis {
    hash: B256,
    #[serde(flatten)]
    header: consensus::Header,
}

impl Node for Http {
    fn name(&self) -> &str {
        &self.name
    }

    async fn genesis(&self) -> Result<Word, NodeError> {
        let answer: Genesis = self.one("eth_getBlockByNumber", json!(["0x0", false])).await?;
        let computed = Header::from(&answer.header).hash;
        if computed.0 != answer.hash {
            return Err(NodeError::Wrong("the hash of block 0 is not that of its fields".into()));
        }
        Ok(computed)
    }

    async fn head(&self) -> Result<Header, NodeError> {
        let header: consensus::Header = self.one("eth_getBlockByNumber", json!(["latest", false])).await?;
        Ok(Header::from(&header))
    }

    async fn finalized(&self) -> Result<Header, NodeError> {
        let header: consensus::Header = self.one("eth_getBlockByNumber", json!(["finalized", false])).await?;
        Ok(Header::from(&header))
    }

    async fn headers(&self, numbers: RangeInclusive<u64>) -> Result<Vec<Header>, NodeError> {
        let params = numbers.map(|number| json!([quantity(number), false]));
        let headers: Vec<consensus::Header> = self.each("eth_getBlockByNumber", params).await?;
        Ok(headers.iter().map(Header::from).collect())
    }

    async fn logs(&self, contracts: Arc<Contracts>, numbers: RangeInclusive<u64>) -> Result<Vec<Log>, NodeError> {
        let (from, to) = (json!(quantity(*numbers.start())), json!(quantity(*numbers.end())));
        self.one("eth_getLogs", with(filter(&contracts), &[("fromBlock", from), ("toBlock", to)])).await
    }

    async fn logs_of(&self, contracts: Arc<Contracts>, blocks: Vec<Word>) -> Result<Vec<Vec<Log>>, NodeError> {
        let filter = filter(&contracts);
        let params = blocks.iter().map(|block| with(filter.clone(), &[("blockHash", json!(block))]));
        self.each("eth_getLogs", params).await
    }

    async fn receipts_of(&self, block: Word) -> Result<Vec<Receipt>, NodeError> {
        self.one("eth_getBlockReceipts", json!([block])).await
    }

    async fn calls(&self, calls: Vec<(Address, Bytes)>, block: Word) -> Result<Vec<Bytes>, NodeError> {
        let at = json!({ "blockHash": block });
        let params = calls.iter().map(|(to, data)| json!([{ "to": to, "data": data }, at]));
        self.each("eth_call", params).await
    }
}
