//! The indexer's part of the configuration file.
//!
//! Each crate owns its part of one `tbc.toml`. [`KEYS`] says what may stand in this one: whoever reads the file checks
//! values by it, fills in what is not there, and hands the whole over as an [`IndexConfig`]. Help texts and pages are
//! printed from the same table.
//!
//! ```
//! use coreprover_indexer::{
//!     config::{ChainConfig, Hidden, IndexConfig, KEYS, Key, Kind, NatsConfig, WebhookConfig},
//!     node::Proof,
//! };
//! use serde_json::{Value, json};
//!
//! let listen: &Key = KEYS.iter().find(|key| key.path == "index.listen").ok_or("a key")?;
//! assert_eq!(listen.kind.read("127.0.0.1:8080"), Ok(json!("127.0.0.1:8080")));
//! assert_eq!(listen.kind.read("8080"), Err("an address to listen on, such as 127.0.0.1:8080".to_owned()));
//!
//! // another crate's key, made in the same way
//! let port = Key::required("web.port", Kind::Number { least: 1, most: 65_535 }, "Where pages are shown.");
//! assert_eq!(port.kind.check(&json!(0)), Err(port.kind.expected()));
//!
//! // what a table holds when nothing is said about it
//! let of = |table: &str| -> serde_json::Map<String, Value> {
//!     let keys = KEYS.iter().filter_map(|key| Some((key.path.strip_prefix(table)?, key)));
//!     let own = keys.filter(|(name, _)| !name.contains('.'));
//!     own.filter_map(|(name, key)| Some((name.to_owned(), key.kind.read(key.default?).ok()?))).collect()
//! };
//! let mut chain = of("index.chains.*.");
//! chain.insert("rpc".into(), json!(["https://base.example.org/v2/secret"]));
//! chain.insert("proof".into(), json!("always"));
//! let mut index = of("index.");
//! index.insert("chains".into(), json!({ "8453": chain }));
//! let config: IndexConfig = serde_json::from_value(index.into())?;
//!
//! let base: &ChainConfig = &config.chains[&8453];
//! assert_eq!((base.policy().proof, base.limits().questions, base.bounds().blocks), (Proof::Always, 4, 20));
//! assert_eq!(base.timeout().as_secs(), 20);
//! assert_eq!((config.listeners().most, config.webhooks.len(), config.nats.is_none()), (256, 0, true));
//! // a key in an address shows in no message
//! let rpc: &Hidden = &base.rpc[0];
//! assert!(rpc.show().ends_with("/secret") && !format!("{config:?}").contains("secret"));
//! assert!(matches!(listen.kind, Kind::Socket) && Kind::Secret.is_secret());
//! # let hook: WebhookConfig = serde_json::from_value(json!({ "url": "https://a.example.org/", "private": false }))?;
//! # assert_eq!(hook.filter(), Default::default());
//! # let nats: NatsConfig = serde_json::from_value(json!({ "servers": "nats://localhost", "prefix": "coreprover" }))?;
//! # assert_eq!(nats.prefix, "coreprover");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod key;
mod keys;

pub use key::{Hidden, Key, Kind};
pub use keys::KEYS;

use crate::{
    Limits,
    node::{Policy, Proof},
    serve::{self, Bounds, Filter},
};
use serde::Deserialize;
use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, time::Duration};
use tgp_protocol::value::{EvmAddress, Word};

/// `[index]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexConfig {
    /// Where questions are answered.
    pub listen: SocketAddr,
    listeners: usize,
    patience_seconds: u64,
    heartbeat_seconds: u64,
    /// The file with the key that signs webhooks.
    pub webhook_key_file: Option<PathBuf>,
    /// The key itself, from the environment.
    pub webhook_key: Option<Hidden>,
    /// The chains, by their numbers.
    #[serde(default)]
    pub chains: BTreeMap<u64, ChainConfig>,
    /// The webhooks, by the names under which their cursors are kept.
    #[serde(default)]
    pub webhooks: BTreeMap<String, WebhookConfig>,
    /// The queue.
    pub nats: Option<NatsConfig>,
}

impl IndexConfig {
    /// How much is given to listeners.
    #[must_use]
    pub fn listeners(&self) -> serve::Listeners {
        let [patience, heartbeat] = [self.patience_seconds, self.heartbeat_seconds].map(Duration::from_secs);
        serve::Listeners { most: self.listeners, patience, heartbeat, ..serve::Listeners::default() }
    }
}

/// `[index.chains.<number>]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainConfig {
    /// The nodes, the best first. An address may hold an operator's key.
    pub rpc: Vec<Hidden>,
    /// Nodes that say over a WebSocket when there is a new block.
    #[serde(default)]
    pub ws: Vec<Hidden>,
    /// The deployment's file.
    pub deployment: Option<PathBuf>,
    /// The chain's profile; the one that the program was built with where none is named.
    pub profile: Option<PathBuf>,
    /// The first block that is read; that of the oldest contract where none is named.
    pub start_block: Option<u64>,
    quorum: usize,
    #[serde(with = "ProofName")]
    proof: Proof,
    timeout_seconds: u64,
    blocks: u64,
    bytes: usize,
    questions: usize,
    events: usize,
    poll_ms: u64,
    ready_blocks: u64,
    ready_seconds: u64,
    ready_silence: u64,
}

#[derive(Deserialize)]
#[serde(remote = "Proof", rename_all = "kebab-case")]
enum ProofName {
    NodesDiffer,
    InDoubt,
    Always,
}

impl ChainConfig {
    /// How long one call to a node may take.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds)
    }

    /// How nodes are asked.
    #[must_use]
    pub fn policy(&self) -> Policy {
        // a call that takes too long ends by itself before its question does, and is known as this node's
        let timeout = self.timeout() + Duration::from_secs(1);
        Policy { timeout, quorum: self.quorum, proof: self.proof, ..Policy::default() }
    }

    /// How much is read at once.
    #[must_use]
    pub fn limits(&self) -> Limits {
        let Self { blocks, bytes, questions, events, .. } = *self;
        Limits { blocks, bytes, questions, events, poll: Duration::from_millis(self.poll_ms) }
    }

    /// When the chain counts as ready.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        Bounds { blocks: self.ready_blocks, seconds: self.ready_seconds, silence: self.ready_silence }
    }
}

/// `[index.webhooks.<name>]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookConfig {
    /// Where each delivery is posted. It may hold a secret of the receiver's.
    pub url: Hidden,
    /// Whether the receiver may stand in a private network.
    pub private: bool,
    contract: Option<EvmAddress>,
    event: Option<String>,
    party: Option<EvmAddress>,
    subject: Option<Word>,
}

impl WebhookConfig {
    /// Which events are posted.
    #[must_use]
    pub fn filter(&self) -> Filter {
        let Self { contract, party, subject, .. } = *self;
        Filter { contract, party, subject, event: self.event.clone() }
    }
}

/// `[index.nats]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NatsConfig {
    /// A server, or several by commas. An address may hold a password.
    pub servers: Hidden,
    /// The first word of every stream and subject.
    pub prefix: String,
    /// A file with a user's keys.
    pub credentials: Option<PathBuf>,
}
