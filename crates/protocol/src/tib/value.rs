use super::EscrowType;
use crate::{
    Error, Reason, Result,
    value::{Bps, ChainId, Decimal, EvmAddress, HashLock, Id, Label, Symbol, Word},
};
use serde::{Deserialize, Serialize};

/// More decimals than any asset has, and the most that a [`Decimal`] holds.
const MOST_DECIMALS: u8 = 36;

/// The family of chains that is settled on here.
const EVM: &str = "EVM";

/// Layer 8: what is paid, and where.
///
/// ```
/// use tgp_protocol::{
///     tib::{Asset, EndpointClass, EscrowType, Network, PriceOracle, Settlement, SettlementMode, StateRef, ValueLayer},
///     value::{Bps, ChainId, Secret},
/// };
///
/// let (base, pulse) = (ChainId::eip155(8453), ChainId::eip155(369));
/// let usdc = Asset::evm("USDC".parse()?, "0x833589fcd6edb6e08f4c7c32d4f71b54bda02913".parse()?, 6);
///
/// // an escrow with a hash lock is an HTLC
/// let contract = "0x00000000000000000000000000000000000000cc".parse()?;
/// let settlement = Settlement::new(SettlementMode::Escrow, 180_000).with_escrow_contract(contract);
/// assert_eq!(settlement.escrow_type(), EscrowType::Escrow);
/// let settlement = settlement.with_hashlock(Secret::from([7; 32]).hash_lock());
/// assert_eq!(settlement.escrow_type(), EscrowType::Htlc);
///
/// let mut layer = ValueLayer::new(Network::evm(base), usdc, "12.50".parse()?, settlement, vec!["sso-1".parse()?])
///     .with_state_refs(vec![
///         StateRef::block_header(23_456_789, [0xb1; 32].into()),
///         StateRef::block_header(98_765, [0xb2; 32].into()).on(pulse),
///     ]);
/// layer.price_oracle = Some(PriceOracle { id: "chainlink:USDCUSD".parse()?, tolerance_bps: Bps::new(50)? });
/// assert_eq!((layer.network.chain(), layer.network.endpoint_class), (Some(base), EndpointClass::Full));
/// assert_eq!(layer.state_refs[1].chain, Some(pulse), "the other block is on another chain than the payment");
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ValueLayer {
    /// The ledger.
    pub network: Network,
    /// The asset.
    pub asset: Asset,
    /// The ids of the ledger summaries that the quote is bound to; required from QUERY to LOCKED.
    #[serde(default)]
    pub state_summaries: Vec<Id>,
    /// Concrete blocks; required from the commitment on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub state_refs: Vec<StateRef>,
    /// In whole units of the asset.
    pub amount: Decimal,
    /// How it is paid.
    pub settlement: Settlement,
    /// Where prices come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_oracle: Option<PriceOracle>,
}

impl ValueLayer {
    /// A payment of `amount`, bound to these ledger summaries.
    #[must_use]
    pub fn new(network: Network, asset: Asset, amount: Decimal, settlement: Settlement, summaries: Vec<Id>) -> Self {
        let (state_refs, price_oracle) = (Vec::new(), None);
        Self { network, asset, state_summaries: summaries, state_refs, amount, settlement, price_oracle }
    }

    /// With concrete blocks.
    #[must_use]
    pub fn with_state_refs(mut self, state_refs: Vec<StateRef>) -> Self {
        self.state_refs = state_refs;
        self
    }

    /// Checks that it is the same asset on the same ledger as in another block, and the same contract where both name
    /// one. What kind of node answers questions is everybody's own.
    pub(crate) fn check_same_place(&self, other: &Self) -> Result<()> {
        let contradicts = |name: &'static str| Error::from(Reason::Contradiction).within(name);
        self.network.check_same(&other.network).map_err(|error| error.within("network"))?;
        let evm = self.network.is_evm();
        self.asset.check_same(&other.asset, evm).map_err(|error| error.within("asset"))?;
        match (self.settlement.escrow_contract, other.settlement.escrow_contract) {
            (Some(mine), Some(theirs)) if mine != theirs => Err(contradicts("escrow_contract").within("settlement")),
            _ => Ok(()),
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        let asset = |reason: Reason, name: &'static str| Error::from(reason).within(name).within("asset");
        if self.asset.decimals > MOST_DECIMALS {
            return Err(asset(Reason::OutOfRange, "decimals"));
        }
        if self.network.is_evm() {
            self.asset.evm_address().map_err(|reason| asset(reason, "address"))?;
        }
        if self.amount == Decimal::default() {
            return Err(Error::from(Reason::ZeroAmount).within("amount"));
        }
        self.amount.to_base_units(self.asset.decimals).map_err(|reason| Error::from(reason).within("amount"))?;
        self.settlement.check().map_err(|error| error.within("settlement"))
    }
}

/// A ledger.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Network {
    /// `EVM`, `UTXO`, `Solana` and others.
    pub family: Label,
    /// The number of the chain in its family.
    pub chain_id: u64,
    /// What kind of node answers questions about it.
    pub endpoint_class: EndpointClass,
}

impl Network {
    /// An EVM chain, asked through a full node.
    #[must_use]
    pub fn evm(chain: ChainId) -> Self {
        Self { family: Label::own(EVM), chain_id: chain.number(), endpoint_class: EndpointClass::Full }
    }

    fn check_same(&self, other: &Self) -> Result<()> {
        let contradicts = |name: &'static str| Err(Error::from(Reason::Contradiction).within(name));
        if self.family != other.family {
            return contradicts("family");
        }
        if self.chain_id == other.chain_id { Ok(()) } else { contradicts("chain_id") }
    }

    /// Whether the chain is of the family that is settled on here.
    fn is_evm(&self) -> bool {
        self.family.as_str() == EVM
    }

    /// The chain, when it is an EVM chain.
    #[must_use]
    pub fn chain(&self) -> Option<ChainId> {
        self.is_evm().then(|| ChainId::eip155(self.chain_id))
    }
}

/// What kind of node answers questions about a ledger.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EndpointClass {
    /// With the state of recent blocks.
    Full,
    /// With every state since the first block.
    Archive,
    /// With headers and proofs.
    Light,
}

/// An asset: the symbol is a label, the address with its chain is what it is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Asset {
    /// What people call it.
    pub symbol: Symbol,
    /// The token's contract; on an EVM chain the zero address stands for the chain's own coin.
    pub address: Label,
    /// Places behind the point.
    pub decimals: u8,
}

impl Asset {
    /// A token or coin of an EVM chain.
    #[must_use]
    pub fn evm(symbol: Symbol, address: EvmAddress, decimals: u8) -> Self {
        Self { symbol, address: Label::own(address.to_string()), decimals }
    }

    /// The symbol counts too: policies name assets by it. On an EVM chain the case of an address does not.
    fn check_same(&self, other: &Self, evm: bool) -> Result<()> {
        let contradicts = |name: &'static str| Err(Error::from(Reason::Contradiction).within(name));
        if self.symbol != other.symbol {
            return contradicts("symbol");
        }
        let same = self.address == other.address || (evm && self.evm_address()? == other.evm_address()?);
        if !same {
            return contradicts("address");
        }
        if self.decimals == other.decimals { Ok(()) } else { contradicts("decimals") }
    }

    /// The address on an EVM chain.
    ///
    /// # Errors
    /// When it is none.
    fn evm_address(&self) -> Result<EvmAddress, Reason> {
        self.address.as_str().parse()
    }
}

/// A concrete block.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StateRef {
    /// `block_header`.
    #[serde(rename = "type")]
    pub kind: Label,
    /// Its number.
    pub height: u64,
    /// Its hash.
    pub hash: Word,
    /// Its chain, where it is not that of the block's network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain: Option<ChainId>,
}

impl StateRef {
    /// A block header.
    #[must_use]
    pub fn block_header(height: u64, hash: Word) -> Self {
        Self { kind: Label::own("block_header"), height, hash, chain: None }
    }

    /// On this chain.
    #[must_use]
    pub fn on(mut self, chain: ChainId) -> Self {
        self.chain = Some(chain);
        self
    }
}

/// How a payment is made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Settlement {
    /// At once, held, or later.
    pub mode: SettlementMode,
    /// How long money may be held.
    pub timelock_ms: u64,
    /// The contract that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escrow_contract: Option<EvmAddress>,
    /// The lock under which it is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hashlock: Option<HashLock>,
}

impl Settlement {
    /// Paid so, within this time.
    #[must_use]
    pub fn new(mode: SettlementMode, timelock_ms: u64) -> Self {
        Self { mode, timelock_ms, escrow_contract: None, hashlock: None }
    }

    /// Held by this contract.
    #[must_use]
    pub fn with_escrow_contract(mut self, contract: EvmAddress) -> Self {
        self.escrow_contract = Some(contract);
        self
    }

    /// Held under this lock.
    #[must_use]
    pub fn with_hashlock(mut self, hashlock: HashLock) -> Self {
        self.hashlock = Some(hashlock);
        self
    }

    /// The same in the words of an advert: an escrow with a hash lock is an HTLC.
    #[must_use]
    pub fn escrow_type(&self) -> EscrowType {
        match (self.mode, self.hashlock) {
            (SettlementMode::Immediate, _) => EscrowType::Direct,
            (SettlementMode::Escrow, Some(_)) => EscrowType::Htlc,
            (SettlementMode::Escrow, None) => EscrowType::Escrow,
            (SettlementMode::Invoice, _) => EscrowType::Invoice,
        }
    }

    fn check(&self) -> Result<()> {
        let at = |reason: Reason, name: &'static str| Error::from(reason).within(name);
        if let Some(lock) = self.hashlock {
            lock.check().map_err(|reason| at(reason, "hashlock"))?;
            if self.mode != SettlementMode::Escrow {
                return Err(at(Reason::Contradiction, "hashlock"));
            }
        }
        if self.escrow_contract.is_some_and(EvmAddress::is_zero) {
            return Err(at(Reason::ZeroAddress, "escrow_contract"));
        }
        Ok(())
    }
}

/// When the payee is paid.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SettlementMode {
    /// By one transfer.
    Immediate,
    /// Held first: by an escrow, or by a hash lock.
    Escrow,
    /// Later, between two parties who trust each other so far.
    Invoice,
}

/// Where prices come from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PriceOracle {
    /// Such as `chainlink:USDCUSD`.
    pub id: Label,
    /// How far two prices may differ.
    pub tolerance_bps: Bps,
}
