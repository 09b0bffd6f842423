use super::Deployment;
use crate::{
    Contract, CoreProverEscrow::CoreProverEscrowInstance, EscrowLens::EscrowLensInstance,
    HashedTimelock::HashedTimelockInstance, ReceiptVault::ReceiptVaultInstance, TgpRouter::TgpRouterInstance,
    VerifierRegistry::VerifierRegistryInstance,
};
use alloy::{
    eips::BlockNumberOrTag,
    network::{BlockResponse, Network, primitives::HeaderResponse},
    primitives::{Address, B256, keccak256},
    providers::Provider,
    transports::TransportError,
};
use std::fmt;

/// The contracts of a deployment whose chain and code were checked, ready to be called.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Instances<P, N> {
    pub escrow: CoreProverEscrowInstance<P, N>,
    pub vault: ReceiptVaultInstance<P, N>,
    pub timelock: HashedTimelockInstance<P, N>,
    pub router: TgpRouterInstance<P, N>,
    pub registry: VerifierRegistryInstance<P, N>,
    pub lens: EscrowLensInstance<P, N>,
}

impl Deployment {
    /// The contracts on this node, after [`Self::verify`]: nobody sends money to an address that was not checked.
    ///
    /// ```
    /// use alloy::{
    ///     primitives::{Bytes, keccak256},
    ///     providers::{ProviderBuilder, mock::Asserter},
    /// };
    /// use coreprover_bindings::{ConnectError, Contract, Deployment, Instances};
    ///
    /// # let code = Bytes::from_static(&[0xfe]);
    /// # let contract = |n: u8| format!(r#"{{"address":"{}","codeHash":"{}","block":3}}"#, alloy::primitives::Address::with_last_byte(n), keccak256(&code));
    /// # let names = Contract::ALL.into_iter().zip(1..).map(|(it, n)| format!("\"{}\":{}", it.name(), contract(n)));
    /// # let text = format!(
    /// #     r#"{{"chainId":31337,"deployedAt":1790000000,"permit2":"0x000000000022D473030F116dDEE9F6B43aC78BA3","contracts":{{{}}}}}"#,
    /// #     names.collect::<Vec<_>>().join(",")
    /// # );
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn run(text: &str, code: Bytes) -> Result<(), Box<dyn std::error::Error>> {
    /// let deployment = Deployment::read(text)?;
    /// // a node that answers what it is told to
    /// let answers = Asserter::new();
    /// let node = ProviderBuilder::new().connect_mocked_client(answers.clone());
    ///
    /// answers.push_success(&"0x7a69");
    /// (0..6).for_each(|_| answers.push_success(&code));
    /// let Instances { escrow, .. } = deployment.connect(node.clone()).await?;
    /// assert_eq!(*escrow.address(), deployment.contract(Contract::Escrow).address.0);
    ///
    /// answers.push_success(&"0x1");
    /// let error = deployment.verify(&node).await.unwrap_err();
    /// assert!(matches!(error, ConnectError::OtherChain { expected: 31_337, found: 1 }));
    ///
    /// answers.push_success(&"0x7a69");
    /// answers.push_success(&"0xfd");
    /// let error = deployment.verify(&node).await.unwrap_err();
    /// assert!(matches!(error, ConnectError::OtherCode { contract: Contract::Escrow, .. }));
    /// # Ok(())
    /// # }
    /// # run(&text, code).unwrap();
    /// ```
    ///
    /// # Errors
    /// As [`Self::verify`].
    pub async fn connect<P: Provider<N> + Clone, N: Network>(
        &self,
        provider: P,
    ) -> Result<Instances<P, N>, ConnectError> {
        self.verify(&provider).await?;
        let at = |contract| Address::from(self.contract(contract).address);
        Ok(Instances {
            escrow: CoreProverEscrowInstance::new(at(Contract::Escrow), provider.clone()),
            vault: ReceiptVaultInstance::new(at(Contract::Vault), provider.clone()),
            timelock: HashedTimelockInstance::new(at(Contract::Timelock), provider.clone()),
            router: TgpRouterInstance::new(at(Contract::Router), provider.clone()),
            registry: VerifierRegistryInstance::new(at(Contract::Registry), provider.clone()),
            lens: EscrowLensInstance::new(at(Contract::Lens), provider),
        })
    }

    /// Asks the node for its chain id, its first block where the file has that hash, and the code of every contract.
    ///
    /// # Errors
    /// With what differs, or when the node does not answer.
    pub async fn verify<N: Network>(&self, provider: &impl Provider<N>) -> Result<(), ConnectError> {
        let found = provider.get_chain_id().await?;
        if found != self.chain_id {
            return Err(ConnectError::OtherChain { expected: self.chain_id, found });
        }
        if let Some(expected) = self.genesis_hash {
            let block = provider.get_block_by_number(BlockNumberOrTag::Number(0)).await?;
            let found = block.map(|block| block.header().hash());
            if found != Some(expected.0) {
                return Err(ConnectError::OtherGenesis { expected: expected.0, found });
            }
        }
        for contract in Contract::ALL {
            let deployed = self.contract(contract);
            let (address, expected) = (deployed.address.0, deployed.code_hash.0);
            let code = provider.get_code_at(address).await?;
            if code.is_empty() {
                return Err(ConnectError::NoCode { contract, address });
            }
            let found = keccak256(&code);
            if found != expected {
                return Err(ConnectError::OtherCode { contract, address, expected, found });
            }
        }
        Ok(())
    }
}

/// Why a node does not have the contracts of a deployment.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConnectError {
    /// The node did not answer.
    Node(TransportError),
    /// The node is of another chain.
    OtherChain {
        /// The chain of the deployment.
        expected: u64,
        /// The chain of the node.
        found: u64,
    },
    /// The chain has the same id and another beginning: a local chain that was started anew.
    OtherGenesis {
        /// The hash of block 0 in the deployment.
        expected: B256,
        /// That of the node, where it has a block 0.
        found: Option<B256>,
    },
    /// There is nothing at the address.
    NoCode {
        /// What should be there.
        contract: Contract,
        /// Where.
        address: Address,
    },
    /// There is another contract at the address.
    OtherCode {
        /// What should be there.
        contract: Contract,
        /// Where.
        address: Address,
        /// The hash of its code in the deployment.
        expected: B256,
        /// The hash of the code that is there.
        found: B256,
    },
}

impl From<TransportError> for ConnectError {
    fn from(error: TransportError) -> Self {
        Self::Node(error)
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node(error) => write!(f, "the node does not answer: {error}"),
            Self::OtherChain { expected, found } => write!(f, "the node is of chain {found}, not {expected}"),
            Self::OtherGenesis { expected, found: Some(found) } => {
                write!(f, "the chain begins with {found}, not {expected}")
            }
            Self::OtherGenesis { expected, found: None } => write!(f, "the node has no block 0, which is {expected}"),
            Self::NoCode { contract, address } => write!(f, "{contract} is not at {address}: there is no code"),
            Self::OtherCode { contract, address, expected, found } => {
                write!(f, "{contract} at {address} has the code {found}, not {expected}")
            }
        }
    }
}

impl std::error::Error for ConnectError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Node(error) => Some(error),
            _ => None,
        }
    }
}
