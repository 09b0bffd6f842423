use super::Fields;
use crate::{
    Error, Reason, Result,
    buyer::{Query, ZkProfile},
    value::{Amount, EvmAddress, Id, Party, Symbol},
};

/// The escrow contract that a seller offers: `escrow_contract_from_402` of a QUERY.
pub const ESCROW_CONTRACT: &str = "X-Escrow-Contract";
/// The asset's symbol: `asset`.
pub const PAYMENT_ASSET: &str = "X-Payment-Asset";
/// In the asset's smallest unit: `amount`.
pub const PAYMENT_AMOUNT: &str = "X-Payment-Amount";
/// A session that the seller has begun: `session_id`.
pub const SESSION_ID: &str = "X-Session-ID";

/// What a seller's 402 answer says in the documents' own headers.
///
/// ```
/// use tgp_protocol::{
///     buyer::ZkProfile,
///     header::{ESCROW_CONTRACT, EscrowOffer, Fields, PAYMENT_AMOUNT, PAYMENT_ASSET, SESSION_ID},
/// };
///
/// // the seller writes what it has: here no session
/// let contract = "0x742d35cc6634c0532925a3b844bc9e7595f0beb0".parse()?;
/// let (asset, amount) = (Some("USDC".parse()?), Some("1000000".parse()?));
/// let offer = EscrowOffer { contract: Some(contract), asset, amount, session_id: None };
/// let answer = offer.to_fields();
/// let names: Vec<_> = answer.iter().map(|(name, _)| *name).collect();
/// assert_eq!(names, [ESCROW_CONTRACT, PAYMENT_ASSET, PAYMENT_AMOUNT]);
/// assert!(!names.contains(&SESSION_ID));
///
/// // the buyer reads it, and asks his controller
/// let headers: Vec<_> = answer.iter().map(|(name, value)| (*name, value.as_str())).collect();
/// let read = EscrowOffer::read(Fields(&headers))?;
/// assert_eq!(read, offer);
/// let (id, buyer, seller) = ("q-1".parse()?, "buyer://alice".parse()?, "seller://bob".parse()?);
/// let query = read.into_query(id, buyer, seller, ZkProfile::Optional)?;
/// assert!(query.escrow_from_402 && query.escrow_contract_from_402 == Some(contract));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct EscrowOffer {
    /// The escrow contract.
    pub contract: Option<EvmAddress>,
    /// The asset.
    pub asset: Option<Symbol>,
    /// How much of it.
    pub amount: Option<Amount>,
    /// The seller's session.
    pub session_id: Option<Id>,
}

impl EscrowOffer {
    /// Reads the headers that are there.
    ///
    /// # Errors
    /// With the name of a header that stands twice or does not hold what it should.
    pub fn read(fields: Fields<'_>) -> Result<Self> {
        let contract: Option<EvmAddress> = fields.read(ESCROW_CONTRACT)?;
        if contract.is_some_and(EvmAddress::is_zero) {
            return Err(Error::from(Reason::ZeroAddress).within(ESCROW_CONTRACT));
        }
        let amount: Option<Amount> = fields.read(PAYMENT_AMOUNT)?;
        if amount.is_some_and(|amount| amount.require_positive().is_err()) {
            return Err(Error::from(Reason::ZeroAmount).within(PAYMENT_AMOUNT));
        }
        Ok(Self { contract, asset: fields.read(PAYMENT_ASSET)?, amount, session_id: fields.read(SESSION_ID)? })
    }

    /// The QUERY that asks a controller about this offer.
    ///
    /// # Errors
    /// With [`Reason::Missing`] when the answer named no asset or no amount.
    pub fn into_query(self, id: Id, from: Party, to: Party, profile: ZkProfile) -> Result<Query> {
        let missing = |name: &'static str| Error::from(Reason::Missing).within(name);
        let asset = self.asset.ok_or_else(|| missing(PAYMENT_ASSET))?;
        let amount = self.amount.ok_or_else(|| missing(PAYMENT_AMOUNT))?;
        let query = Query::new(id, from, to, asset, amount).with_zk_profile(profile);
        Ok(match self.contract {
            Some(contract) => query.with_escrow_from_402(contract),
            None => query,
        })
    }

    /// The headers that say this.
    #[must_use]
    pub fn to_fields(&self) -> Vec<(&'static str, String)> {
        let text = |name, value: Option<String>| value.map(|value| (name, value));
        [
            text(ESCROW_CONTRACT, self.contract.map(|contract| contract.to_string())),
            text(PAYMENT_ASSET, self.asset.as_ref().map(ToString::to_string)),
            text(PAYMENT_AMOUNT, self.amount.map(|amount| amount.to_string())),
            text(SESSION_ID, self.session_id.as_ref().map(ToString::to_string)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
