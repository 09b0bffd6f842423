use super::{ZkProfile, require_fresh};
use crate::{
    Error, Reason, Result,
    tib::CarriedTib,
    value::{Account, Amount, EvmAddress, Id, Party, Symbol, Timestamp},
    wire::{Kind, Message},
};
use serde::{Deserialize, Serialize};

/// What a buyer asks of a controller: may I pay this seller so much, and how?
///
/// ```
/// use tgp_protocol::{buyer::{Query, ZkProfile}, value::EvmAddress, wire::{Message, Received}};
///
/// let (id, buyer, seller) = ("q-1".parse()?, "buyer://alice".parse()?, "seller://bob".parse()?);
/// let query = Query::new(id, buyer, seller, "USDC".parse()?, "1000000".parse()?)
///     .with_zk_profile(ZkProfile::Required);
/// let bytes = query.to_object()?.canonical();
/// assert_eq!(Received::<Query>::read(&bytes)?.message(), &query);
///
/// // the seller's 402 answer offered this contract: a zero address is none
/// let query = query.with_escrow_from_402("0x742d35cc6634c0532925a3b844bc9e7595f0beb0".parse()?);
/// query.check()?;
/// assert!(query.with_escrow_from_402(EvmAddress::default()).check().is_err());
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Query {
    /// Made by the buyer, unique among his.
    pub id: Id,
    /// The buyer.
    pub from: Party,
    /// The seller, or the resource that is to be paid.
    pub to: Party,
    /// The asset's label; the controller's registry says which token it is.
    pub asset: Symbol,
    /// In the asset's smallest unit.
    pub amount: Amount,
    /// Whether the seller's 402 answer offered escrow.
    pub escrow_from_402: bool,
    /// The contract that it named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escrow_contract_from_402: Option<EvmAddress>,
    /// What the buyer wants of escrow and proofs.
    pub zk_profile: ZkProfile,
    /// The wallet that will pay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer: Option<Account>,
    /// Value, identity and policy in one block; see [`CarriedTib::read`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tib: Option<CarriedTib>,
    /// Never used before by this sender; required in a signed message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<Id>,
    /// When it was sent; required in a signed message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
}

impl Query {
    /// A query without escrow from a 402 answer, for a buyer who leaves the way to the controller.
    #[must_use]
    pub fn new(id: Id, from: Party, to: Party, asset: Symbol, amount: Amount) -> Self {
        Self {
            id,
            from,
            to,
            asset,
            amount,
            escrow_from_402: false,
            escrow_contract_from_402: None,
            zk_profile: ZkProfile::Optional,
            payer: None,
            tib: None,
            nonce: None,
            timestamp: None,
        }
    }

    /// The seller's 402 answer offered this contract.
    #[must_use]
    pub fn with_escrow_from_402(mut self, contract: EvmAddress) -> Self {
        self.escrow_from_402 = true;
        self.escrow_contract_from_402 = Some(contract);
        self
    }

    /// What the buyer wants of escrow and proofs.
    #[must_use]
    pub fn with_zk_profile(mut self, profile: ZkProfile) -> Self {
        self.zk_profile = profile;
        self
    }

    /// The wallet that will pay.
    #[must_use]
    pub fn with_payer(mut self, payer: Account) -> Self {
        self.payer = Some(payer);
        self
    }

    /// With this block.
    #[must_use]
    pub fn with_tib(mut self, tib: CarriedTib) -> Self {
        self.tib = Some(tib);
        self
    }

    /// What a signed message needs.
    #[must_use]
    pub fn with_freshness(mut self, timestamp: Timestamp, nonce: Id) -> Self {
        self.timestamp = Some(timestamp);
        self.nonce = Some(nonce);
        self
    }
}

impl Message for Query {
    const KIND: Kind = Kind::BuyerQuery;

    fn check(&self) -> Result<()> {
        self.amount.require_positive().map_err(|reason| Error::from(reason).within("amount"))?;
        if let Some(contract) = self.escrow_contract_from_402 {
            let at = |reason: Reason| Error::from(reason).within("escrow_contract_from_402");
            if contract.is_zero() {
                return Err(at(Reason::ZeroAddress));
            }
            if !self.escrow_from_402 {
                return Err(at(Reason::Contradiction));
            }
        }
        self.tib.as_ref().map_or(Ok(()), |tib| tib.read().map(|_| ()).map_err(|error| error.within("tib")))
    }

    fn check_signed(&self) -> Result<()> {
        require_fresh(self.nonce.as_ref(), self.timestamp)
    }
}
