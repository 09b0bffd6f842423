//! An anvil of our own, and its calls.

use alloy::{
    primitives::{Address, B256, Bytes, U256},
    rpc::client::RpcClient,
};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

pub(crate) struct Anvil {
    child: Child,
    client: RpcClient,
    pub(crate) url: String,
    pub(crate) accounts: Vec<Address>,
}

impl Drop for Anvil {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What `make setup` installs; the launcher beside it needs Node and hides what it starts.
fn program() -> PathBuf {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../.tools/bin/anvil");
    assert!(path.exists(), "these tests need anvil: run `make setup`");
    path
}

impl Anvil {
    pub(crate) async fn start(options: &[&str]) -> Self {
        let mut child = Command::new(program())
            .args(["--port", "0"])
            .args(options)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("anvil starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let port = lines
            .find_map(|line| line.ok()?.strip_prefix("Listening on ")?.rsplit(':').next().map(str::to_owned))
            .expect("anvil says where it listens");
        // a full pipe would stop it
        std::thread::spawn(move || lines.for_each(drop));
        let url = format!("http://127.0.0.1:{port}");
        // as `Http::new` does: without it no HTTP client can be made
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = RpcClient::new_http(url.parse().expect("a URL"));
        let accounts = client.request_noparams("eth_accounts").await.expect("its accounts");
        Self { child, client, url, accounts }
    }

    pub(crate) async fn rpc(&self, method: &'static str, params: Value) -> Value {
        self.client.request(method, params).await.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Sends a transaction, which mines a block, and gives its receipt; it must have worked.
    pub(crate) async fn send(&self, from: Address, to: Option<Address>, data: Vec<u8>, value: U256) -> Value {
        let data = Bytes::from(data);
        let transaction = json!({ "from": from, "to": to, "data": data, "value": value, "gas": "0x1c9c380" });
        let hash: B256 = self.client.request("eth_sendTransaction", [&transaction]).await.expect("it is taken");
        // it is mined a moment after it was taken
        let receipt = loop {
            match self.rpc("eth_getTransactionReceipt", json!([hash])).await {
                Value::Null => tokio::time::sleep(Duration::from_millis(1)).await,
                receipt => break receipt,
            }
        };
        if receipt["status"] != "0x1" {
            let why = self.client.request::<_, Value>("eth_call", (&transaction, "latest")).await;
            panic!("the transaction failed: {why:.200?}");
        }
        receipt
    }

    pub(crate) async fn deploy(&self, from: Address, code: Vec<u8>) -> Address {
        let receipt = self.send(from, None, code, U256::ZERO).await;
        serde_json::from_value(receipt["contractAddress"].clone()).expect("an address")
    }

    pub(crate) async fn call(&self, to: Address, data: Vec<u8>) -> Bytes {
        let data = Bytes::from(data);
        self.client.request("eth_call", json!([{ "to": to, "data": data }, "latest"])).await.expect("an answer")
    }

    pub(crate) async fn now(&self) -> u64 {
        let block = self.rpc("eth_getBlockByNumber", json!(["latest", false])).await;
        let time: U256 = serde_json::from_value(block["timestamp"].clone()).expect("a time");
        time.to()
    }

    pub(crate) async fn head(&self) -> u64 {
        let number: U256 = serde_json::from_value(self.rpc("eth_blockNumber", json!([])).await).expect("a number");
        number.to()
    }

    pub(crate) async fn pass(&self, seconds: u64) {
        self.rpc("evm_increaseTime", json!([seconds])).await;
        self.mine(1).await;
    }

    pub(crate) async fn mine(&self, blocks: u64) {
        self.rpc("anvil_mine", json!([format!("{blocks:#x}")])).await;
    }
}
