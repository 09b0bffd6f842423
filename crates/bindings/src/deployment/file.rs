use crate::Contract;
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    fmt, fs, io,
    path::{Path, PathBuf},
};
use tgp_protocol::{
    Error, Reason, json,
    value::{EvmAddress, Word},
};

/// What `deployments/<chainId>.json` says: where the contracts of a chain are, and which code they have. Members that
/// are not here are for `script/Verify.s.sol` and are passed over.
///
/// ```
/// use coreprover_bindings::{Contract, DeployedContract, Deployment, LoadError};
///
/// # let contract = |n: u8| format!(r#"{{"address":"{}","codeHash":"0x{}","block":3}}"#, alloy::primitives::Address::with_last_byte(n), "ab".repeat(32));
/// # let names = Contract::ALL.into_iter().zip(1..).map(|(it, n)| format!("\"{}\":{}", it.name(), contract(n)));
/// # let text = format!(
/// #     r#"{{"chainId":31337,"deployedAt":1790000000,"permit2":"0x000000000022D473030F116dDEE9F6B43aC78BA3","contracts":{{{}}}}}"#,
/// #     names.collect::<Vec<_>>().join(",")
/// # );
/// # let folder = std::env::temp_dir().join(format!("deployments-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # std::fs::write(folder.join("31337.json"), &text)?;
/// let deployment = Deployment::load(&folder, 31_337)?;
/// let escrow: &DeployedContract = deployment.contract(Contract::Escrow);
/// assert_eq!((escrow.address.to_string().as_str(), escrow.block), ("0x0000000000000000000000000000000000000001", 3));
/// assert_eq!(Deployment::read(&text)?, deployment);
///
/// // what is wrong is named
/// let error = Deployment::read(&text.replace("VerifierRegistry", "Registry")).unwrap_err();
/// assert_eq!(error.to_string(), "INVALID_QUERY: contracts.VerifierRegistry: is required: add it");
/// assert!(matches!(Deployment::load(&folder, 8453), Err(LoadError::File { .. })));
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Deployment {
    /// The number by EIP-155.
    pub chain_id: u64,
    /// The hash of block 0, where the file has it: local chains share one id.
    #[serde(default)]
    pub genesis_hash: Option<Word>,
    /// When, in seconds since 1970.
    pub deployed_at: u64,
    /// The Permit2 that the contracts take money through.
    pub permit2: EvmAddress,
    /// Test tokens of a local chain, by their names.
    #[serde(default)]
    pub tokens: BTreeMap<String, EvmAddress>,
    contracts: Contracts,
}

/// One contract of a [`Deployment`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DeployedContract {
    /// Where it is.
    pub address: EvmAddress,
    /// keccak256 of its code, immutables included.
    pub code_hash: Word,
    /// It logs nothing before this block.
    pub block: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Contracts {
    core_prover_escrow: DeployedContract,
    receipt_vault: DeployedContract,
    hashed_timelock: DeployedContract,
    tgp_router: DeployedContract,
    verifier_registry: DeployedContract,
    escrow_lens: DeployedContract,
}

impl Deployment {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// With the field that is missing or wrong.
    pub fn read(text: &str) -> Result<Self, Error> {
        let deployment: Self = json::from_value(&json::parse(text.as_bytes())?)?;
        for contract in Contract::ALL {
            if deployment.contract(contract).address.is_zero() {
                let error = Error::from(Reason::ZeroAddress).within("address");
                return Err(error.within(contract.name()).within("contracts"));
            }
        }
        if deployment.permit2.is_zero() {
            return Err(Error::from(Reason::ZeroAddress).within("permit2"));
        }
        Ok(deployment)
    }

    /// Reads `<folder>/<chain_id>.json`.
    ///
    /// # Errors
    /// When there is no such file, when it is not sound, or when it is about another chain.
    pub fn load(folder: &Path, chain_id: u64) -> Result<Self, LoadError> {
        let path = folder.join(format!("{chain_id}.json"));
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => return Err(LoadError::File { path, error }),
        };
        match Self::read(&text) {
            Ok(deployment) if deployment.chain_id == chain_id => Ok(deployment),
            Ok(deployment) => Err(LoadError::OtherChain { path, found: deployment.chain_id }),
            Err(error) => Err(LoadError::Content { path, error }),
        }
    }

    /// One of its contracts.
    #[must_use]
    pub fn contract(&self, contract: Contract) -> &DeployedContract {
        match contract {
            Contract::Escrow => &self.contracts.core_prover_escrow,
            Contract::Vault => &self.contracts.receipt_vault,
            Contract::Timelock => &self.contracts.hashed_timelock,
            Contract::Router => &self.contracts.tgp_router,
            Contract::Registry => &self.contracts.verifier_registry,
            Contract::Lens => &self.contracts.escrow_lens,
        }
    }
}

/// Why there is no deployment to work with.
#[derive(Debug)]
#[non_exhaustive]
pub enum LoadError {
    /// The file cannot be read: nothing was deployed there, or elsewhere.
    File {
        /// Where it was looked for.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The file is not what it should be.
    Content {
        /// Where it is.
        path: PathBuf,
        /// Which field, and why.
        error: Error,
    },
    /// The file is about another chain than its name says.
    OtherChain {
        /// Where it is.
        path: PathBuf,
        /// The chain that it is about.
        found: u64,
    },
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, error } => write!(f, "{}: {error}", path.display()),
            Self::Content { path, error } => write!(f, "{}: {error}", path.display()),
            Self::OtherChain { path, found } => write!(f, "{}: is about chain {found}", path.display()),
        }
    }
}

impl std::error::Error for LoadError {}
