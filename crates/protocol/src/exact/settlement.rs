use super::{Authorization, PathQuote, field};
use crate::{
    Error, Reason, Result,
    value::{Amount, EvmAddress, Id, PathId, Word},
    wire::{Kind, Message},
};
use serde::{Deserialize, Serialize};

/// PoS: the egress gateway's word that a payment is on the chain.
///
/// ```
/// use tgp_protocol::{
///     Code,
///     exact::{Authorization, Finality, FinalityTag, PathQuote, ProofOfSettlement, UnixSeconds},
///     wire::{Message, Received},
/// };
///
/// # let text = br#"{"vpqVersion":1,"pathId":"gwA>gwB","nonce":"vpq-1","policy":{},"price":
/// #     {"amount":"10000","currency":"USDC","ttlSeconds":45},"asset":{"chain":"base-sepolia",
/// #     "erc20":"0x036CbD53842c5426634e7929541eC2318f3dCF7e","decimals":6,"symbol":"USDC"},"rs":{"name":"Example",
/// #     "settlementAddress":"0x209693Bc6afc0C5328bA36FaF03C514EF312287C","paymentRequirements":{"scheme":
/// #     "x402:exact:eip3009","maxAmountRequired":"10000","validityMinSeconds":20,"requiredNetwork":"base-sepolia",
/// #     "requiredToken":"erc20:USDC"}}}"#;
/// # let quote = Received::<PathQuote>::read(text)?.into_message();
/// # let (from, to) = (tgp_protocol::value::EvmAddress([1; 20].into()), quote.rs.settlement_address);
/// # let (valid_after, valid_before) = (UnixSeconds::default(), UnixSeconds::default());
/// # let authorization = Authorization { from, to, value: 10_000.into(), valid_after, valid_before, nonce: [7; 32].into() };
/// let proof = ProofOfSettlement {
///     tx_hash: [0xe1; 32].into(),
///     block_number: 12_345_678,
///     chain_id: quote.asset.chain.number(),
///     erc20: quote.asset.erc20,
///     from: authorization.from,
///     to: authorization.to,
///     value: authorization.value,
///     vpq_nonce: quote.nonce.clone(),
///     path_id: quote.path_id.clone(),
///     finality: Some(Finality { confirmations: 12, tag: FinalityTag::Safe }),
/// };
/// proof.to_object()?;
///
/// // it tells of this payment, and as firmly as the chain's profile asks
/// proof.check_settles(&quote, &authorization)?;
/// proof.check_final(Finality { confirmations: 10, tag: FinalityTag::Safe })?;
/// let firmer = Finality { confirmations: 10, tag: FinalityTag::Finalized };
/// assert_eq!(proof.check_final(firmer).unwrap_err().code(), Code::NotFinal);
/// let less = Authorization { value: 9_999.into(), ..authorization };
/// assert_eq!(proof.check_settles(&quote, &less).unwrap_err().field().to_string(), "value");
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProofOfSettlement {
    /// The transaction that paid.
    pub tx_hash: Word,
    /// Its block.
    pub block_number: u64,
    /// Its chain, by EIP-155.
    pub chain_id: u64,
    /// The token.
    pub erc20: EvmAddress,
    /// Who paid.
    pub from: EvmAddress,
    /// Who was paid.
    pub to: EvmAddress,
    /// In the token's smallest unit.
    #[serde(deserialize_with = "field::amount")]
    pub value: Amount,
    /// The quote's.
    pub vpq_nonce: Id,
    /// The quote's.
    pub path_id: PathId,
    /// How firm it is; always sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finality: Option<Finality>,
}

/// How firmly a transaction is on the chain, as the sender saw it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Finality {
    /// Blocks from its own on.
    pub confirmations: u32,
    /// What the chain's own rules say of its block.
    pub tag: FinalityTag,
}

/// How far a chain commits to a block. The order is that of firmness.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FinalityTag {
    /// In the chain now.
    Latest,
    /// Unlikely to leave it.
    Safe,
    /// In it for good.
    Finalized,
}

impl ProofOfSettlement {
    /// Checks that it tells of the payment that was authorized on this quote.
    ///
    /// # Errors
    /// With `SETTLEMENT_FAILED` at the field that differs.
    pub fn check_settles(&self, quote: &PathQuote, authorization: &Authorization) -> Result<()> {
        let same = [
            ("chainId", self.chain_id == quote.asset.chain.number()),
            ("erc20", self.erc20 == quote.asset.erc20),
            ("from", self.from == authorization.from),
            ("to", self.to == authorization.to),
            ("value", self.value == authorization.value),
            ("vpqNonce", self.vpq_nonce == quote.nonce),
            ("pathId", self.path_id == quote.path_id),
        ];
        let differs = same.into_iter().find(|(_, same)| !same);
        differs.map_or(Ok(()), |(field, _)| Err(Error::from(Reason::OtherTransfer).within(field)))
    }

    /// Refuses a settlement that is less firm than a chain's profile asks, in either measure.
    ///
    /// # Errors
    /// With `NOT_FINAL` at `finality`, also where it says nothing.
    pub fn check_final(&self, least: Finality) -> Result<()> {
        let enough = |seen: Finality| seen.confirmations >= least.confirmations && seen.tag >= least.tag;
        if self.finality.is_some_and(enough) {
            Ok(())
        } else {
            Err(Error::from(Reason::NotFinalYet).within("finality"))
        }
    }
}

impl Message for ProofOfSettlement {
    const KIND: Kind = Kind::ProofOfSettlement;

    fn check(&self) -> Result<()> {
        let at = |field: &'static str, reason: Reason| Err(Error::from(reason).within(field));
        if self.chain_id == 0 {
            return at("chainId", Reason::OutOfRange);
        }
        if self.value.require_positive().is_err() {
            return at("value", Reason::ZeroAmount);
        }
        for (field, address) in [("erc20", self.erc20), ("from", self.from), ("to", self.to)] {
            if address.is_zero() {
                return at(field, Reason::ZeroAddress);
            }
        }
        Ok(())
    }
}
