//! Whether the nodes have the contracts of the deployment.

use super::chain::Known;
use alloy::{
    network::Ethereum,
    providers::RootProvider,
    rpc::client::RpcClient,
    transports::{RpcError, TransportError, TransportErrorKind},
};
use coreprover_bindings::ConnectError;
use coreprover_indexer::{config::Hidden, node::Node};
use std::time::Duration;

/// Why a chain cannot be followed from its nodes.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(super) enum NotHere {
    /// No node answers now.
    #[error("no node answers; the last, {0}")]
    Silent(String),
    /// A node has another chain, or other contracts.
    #[error("{0}")]
    Other(String),
}

/// Looks at every node: those that answer must have the chain and the code of the deployment, and one must answer.
pub(super) async fn connect(known: &Known) -> Result<(), NotHere> {
    let mut silent = Vec::new();
    for (node, url) in &known.nodes {
        let name = node.name();
        match look(known, url).await {
            Ok(()) => {}
            Err(ConnectError::Node(error)) => {
                let why = format!("{name}: {}", plain(&error));
                tracing::warn!(chain = known.chain.number, node = name, why = plain(&error), "a node does not answer");
                silent.push(why);
            }
            Err(error) => return Err(NotHere::Other(format!("{name}: {error}"))),
        }
    }
    match silent.pop() {
        Some(why) if silent.len() + 1 == known.nodes.len() => Err(NotHere::Silent(why)),
        _ => Ok(()),
    }
}

async fn look(known: &Known, url: &Hidden) -> Result<(), ConnectError> {
    let provider = provider(url, known.config.timeout()).map_err(TransportErrorKind::custom)?;
    known.deployment.verify(&provider).await
}

fn provider(url: &Hidden, timeout: Duration) -> Result<RootProvider<Ethereum>, NoClient> {
    let client = reqwest::Client::builder().timeout(timeout).build().map_err(|_| NoClient)?;
    let url = url.show().parse().map_err(|_| NoClient)?;
    Ok(RootProvider::new(RpcClient::new_http_with_client(client, url)))
}

#[derive(Debug, thiserror::Error)]
#[error("no client can be made for the address")]
struct NoClient;

/// What went wrong, without the address that the library's own words show: it may hold a key.
fn plain(error: &TransportError) -> String {
    match error {
        RpcError::ErrorResp(payload) => {
            format!("it refuses: {}", payload.message.chars().take(160).collect::<String>())
        }
        RpcError::Transport(TransportErrorKind::HttpError(error)) => format!("status {}", error.status),
        RpcError::Transport(TransportErrorKind::Custom(error)) => match error.downcast_ref::<reqwest::Error>() {
            Some(error) if error.is_timeout() => "no answer in time".into(),
            Some(error) if error.is_connect() => "no connection".into(),
            _ => "no answer".into(),
        },
        RpcError::DeserError { .. } => "its answer is none".into(),
        _ => "no answer".into(),
    }
}
