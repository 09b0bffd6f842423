//! A node over HTTP that answers as nodes of operators do.

use coreprover_indexer::{
    Contract, Contracts,
    node::{Http, Node, NodeError},
};
use std::{sync::Arc, time::Duration};
use tgp_protocol::value::EvmAddress;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// Answers every request in the same way; nothing: never.
async fn server(answer: Option<&'static str>) -> Http {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            tokio::spawn(async move {
                let mut request = vec![0; 65_536];
                drop(stream.read(&mut request).await);
                match answer {
                    Some(answer) => drop(stream.write_all(answer.as_bytes()).await),
                    None => std::future::pending().await,
                }
            });
        }
    });
    Http::new(&url, Duration::from_millis(300)).expect("a node")
}

/// A whole HTTP answer.
macro_rules! http {
    ($status:literal, $headers:literal, $body:literal) => {
        Some(concat!("HTTP/1.1 ", $status, "\r\n", $headers, "connection: close\r\n\r\n", $body))
    };
}

async fn refusal(answer: Option<&'static str>) -> NodeError {
    let contracts = Contracts::new([(EvmAddress([1; 20].into()), Contract::Escrow)]);
    server(answer).await.logs(Arc::new(contracts), 1..=9).await.expect_err("a refusal")
}

#[tokio::test]
async fn refusals_are_told_apart() {
    let often = refusal(http!("429 Too Many Requests", "retry-after: 7\r\n", "slow down")).await;
    assert_eq!(often, NodeError::RateLimited { wait: Some(Duration::from_secs(7)) });
    let large = http!(
        "200 OK",
        "",
        r#"{"jsonrpc":"2.0","id":0,"error":{"code":-32005,"message":"query returned more than 10000 results"}}"#
    );
    assert!(matches!(refusal(large).await, NodeError::TooLarge(_)));
    let large = http!("413 Payload Too Large", "", "");
    assert!(matches!(refusal(large).await, NodeError::TooLarge(_)));
    let broken = http!("502 Bad Gateway", "", "<html>");
    assert!(matches!(refusal(broken).await, NodeError::Transient(_)));
    let nothing = http!("200 OK", "", r#"{"jsonrpc":"2.0","id":0,"result":null}"#);
    assert_eq!(refusal(nothing).await, NodeError::Missing);
    let nonsense = http!("200 OK", "", r#"{"jsonrpc":"2.0","id":0,"result":[{"address":"0x12"}]}"#);
    assert!(matches!(refusal(nonsense).await, NodeError::Wrong(_)));
    // cut off in the middle
    let cut = http!("200 OK", "content-length: 500\r\n", r#"{"jsonrpc":"2.0","id":0,"resu"#);
    assert!(matches!(refusal(cut).await, NodeError::Transient(_)));
    assert!(matches!(refusal(None).await, NodeError::Transient(_)), "it waits no longer than it should");
}

#[tokio::test]
async fn nobody_there_is_no_answer() {
    let node = Http::new("http://127.0.0.1:1/v2/secret?key=secret", Duration::from_secs(1)).expect("a node");
    let error = node.head().await.expect_err("nobody answers");
    assert!(matches!(error, NodeError::Transient(_)));
    // the library's own words have the address, and with it an operator's key
    let said = error.to_string();
    assert!(said.contains("Connection refused") && !said.contains("secret"), "{said}");
}
