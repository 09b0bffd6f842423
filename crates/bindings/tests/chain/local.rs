//! A chain of our own for each test, with the contracts as the deployment script leaves them.
use alloy::{
    contract::{CallBuilder, CallDecoder},
    network::Ethereum,
    node_bindings::{Anvil, AnvilInstance},
    primitives::{
        Address, Bytes, U256,
        aliases::{U40, U48, U96},
        keccak256,
    },
    providers::{DynProvider, Provider, ProviderBuilder},
    rpc::types::{Log, TransactionReceipt},
    signers::local::PrivateKeySigner,
    sol_types::Eip712Domain,
    transports::http::reqwest::Url,
};
use coreprover_bindings::{
    Contract, CoreProverEscrow, Deployment, Event, Instances, Order,
    TestUSD::TestUSDInstance,
    token::{Erc20, stated_domain},
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};
use tokio::sync::OnceCell;

pub(crate) const CHAIN: u64 = 31_337;

/// What the deployment left: the chain's state, and the file.
static DEPLOYED: OnceCell<(Bytes, String)> = OnceCell::const_new();

pub(crate) struct Local {
    pub(crate) deployment: Deployment,
    pub(crate) provider: DynProvider,
    pub(crate) contracts: Instances<DynProvider, Ethereum>,
    pub(crate) usd: TestUSDInstance<DynProvider>,
    node: AnvilInstance,
}

impl Local {
    pub(crate) async fn start() -> Self {
        let (node, provider) = anvil();
        let (state, file) = DEPLOYED.get_or_init(deploy).await;
        let loaded: bool = provider.raw_request("anvil_loadState".into(), (state,)).await.expect("the state loads");
        assert!(loaded);
        let deployment = Deployment::read(file).expect("the script's file");
        let contracts = deployment.connect(provider.clone()).await.expect("the contracts of the file");
        let usd = TestUSDInstance::new(deployment.tokens["TestUSD"].0, provider.clone());
        Self { deployment, provider, contracts, usd, node }
    }

    /// One of anvil's accounts, each with coins and a million test dollars.
    pub(crate) fn wallet(&self, number: usize) -> PrivateKeySigner {
        self.node.keys()[number].clone().into()
    }

    pub(crate) fn node(&self) -> Url {
        self.node.endpoint_url()
    }

    /// A folder with the script's file.
    pub(crate) fn deployments(&self) -> PathBuf {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("deployments-{}", std::process::id()));
        let (_, file) = DEPLOYED.get().expect("it was deployed");
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("31337.json"), file).expect("a file");
        folder
    }

    pub(crate) fn escrow(&self) -> Address {
        *self.contracts.escrow.address()
    }

    pub(crate) async fn now(&self) -> u64 {
        let block = self.provider.get_block_by_number(Default::default()).await.unwrap().unwrap();
        block.header.timestamp
    }

    /// The token's domain, as a client finds it that knows only the address.
    pub(crate) async fn token_domain(&self) -> Eip712Domain {
        let token = Erc20::new(*self.usd.address(), &self.provider);
        let answer = token.eip712Domain().call().await.unwrap();
        stated_domain(answer, CHAIN, *token.address()).expect("a domain of its own")
    }

    /// An order in test dollars that waits for a seller's bond and has an arbiter.
    pub(crate) async fn order(&self, salt: &str) -> Order {
        let now = self.now().await;
        let at = |seconds: u64| U40::from(now + seconds);
        let usd = *self.usd.address();
        Order {
            buyer: self.wallet(1).address(),
            seller: self.wallet(2).address(),
            token: usd,
            amount: U96::from(25_000_000),
            counter_token: usd,
            counter_amount: U96::from(9_000_000),
            arbiter: self.wallet(6).address(),
            dispute_bond_bps: 400,
            fund_by: at(600),
            commit_by: at(1_800),
            deliver_by: at(7_200),
            review_window: U48::from(7_200),
            dispute_window: U48::from(86_400),
            session_id: keccak256("sess-1"),
            offer_hash: keccak256("offer"),
            salt: keccak256(salt),
            ..Order::default()
        }
    }

    /// What the seller signed; the signature comes beside it.
    pub(crate) fn commitment(signature: impl Into<Bytes>) -> CoreProverEscrow::Commitment {
        CoreProverEscrow::Commitment {
            businessName: "Mario's".into(),
            businessLicense: "LICENSE-789".into(),
            documentHash: keccak256("the order in writing"),
            deliveryCommitment: Default::default(),
            signature: signature.into(),
        }
    }

    /// What the contracts logged in a transaction, by name.
    pub(crate) fn events(&self, receipt: &TransactionReceipt) -> Vec<&'static str> {
        receipt.logs().iter().filter_map(|log| self.event(log)).map(|event| event.name()).collect()
    }

    pub(crate) fn event(&self, log: &Log) -> Option<Event> {
        let contract = Contract::ALL
            .into_iter()
            .find(|contract| self.deployment.contract(*contract).address.0 == log.address())?;
        let event =
            Event::decode(contract, &log.inner.data).expect("a log of its contract").expect("an event of its ABI");
        let again = Event::from_fields(contract, event.name(), &event.fields());
        assert_eq!(again, Ok(Some(event.clone())));
        Some(event)
    }

    pub(crate) async fn balance(&self, owner: Address) -> U256 {
        self.usd.balanceOf(owner).call().await.unwrap()
    }
}

/// Sends a call and waits for it. The gas is no estimate: before a payout more must be left than is used.
pub(crate) async fn mined<P: Provider, D: CallDecoder>(call: CallBuilder<P, D>) -> TransactionReceipt {
    let receipt =
        call.gas(2_000_000).send().await.expect("a node that takes it").get_receipt().await.expect("a receipt");
    assert!(receipt.status(), "the call failed");
    receipt
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository")
}

fn tool(name: &str) -> PathBuf {
    let path = root().join(".tools/bin").join(name);
    assert!(path.exists(), "{} is missing: run `make setup`", path.display());
    path
}

fn anvil() -> (AnvilInstance, DynProvider) {
    // the workspace's HTTP client has TLS without a provider of its own: the first of a process decides
    drop(rustls::crypto::ring::default_provider().install_default());
    let node = Anvil::at(tool("anvil")).port(0_u16).try_spawn().expect("anvil starts");
    let provider = ProviderBuilder::new().connect_http(node.endpoint_url()).erased();
    provider.client().set_poll_interval(Duration::from_millis(10));
    (node, provider)
}

/// Runs the script that people run, on a chain that is ended afterwards.
async fn deploy() -> (Bytes, String) {
    let (node, provider) = anvil();
    // the script may write inside deployments/ only
    let folder = format!("deployments/.run.rust-{}", std::process::id());
    fs::create_dir_all(root().join(&folder)).expect("a folder for the run");
    let sender = node.addresses()[0].to_string();
    // anvil sometimes leaves a transaction in its queue for ever
    let output = Command::new("timeout")
        .arg("300")
        .arg(tool("forge"))
        .current_dir(root())
        .env("COREPROVER_DEPLOYMENTS", &folder)
        .env("FOUNDRY_BROADCAST", format!("{folder}/broadcast"))
        .env("FOUNDRY_DISABLE_NIGHTLY_WARNING", "1")
        .args(["script", "script/DeployLocal.s.sol", "--broadcast", "--slow", "--unlocked"])
        .args(["--sender", &sender, "--rpc-url", &node.endpoint()])
        .output()
        .expect("forge runs");
    let file = fs::read_to_string(root().join(&folder).join("31337.json"));
    fs::remove_dir_all(root().join(&folder)).expect("the folder of the run");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let state = provider.raw_request("anvil_dumpState".into(), ()).await.expect("the state");
    (state, file.expect("the script writes the file"))
}
