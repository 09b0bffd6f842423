use super::{escrow_domain, messages::SellerCommitment};
use crate::{
    Error, Reason, Result,
    sign::WalletSignature,
    value::{ChainId, EvmAddress, Word},
};
use alloy_primitives::Address;
use alloy_sol_types::SolStruct;
use serde::{Deserialize, Serialize};

/// What the seller signed to bind himself to an order, with his signature.
///
/// ```
/// use tgp_protocol::{
///     Reason,
///     order::{CommitmentJson, Order, OrderJson},
///     value::{ChainId, EvmAddress, Word},
/// };
///
/// let (chain, escrow) = (ChainId::eip155(8453), EvmAddress([5; 20].into()));
/// let order_id = OrderJson::try_from(&Order { policy: 4, ..Order::default() })?.order_id(chain, escrow);
/// let mut commitment = CommitmentJson {
///     business_name: "Pizza Hut #4521".to_owned(),
///     business_license: "LICENSE-789".to_owned(),
///     document_hash: [5; 32].into(),
///     delivery_commitment: Word::from([0; 32]),
///     signature: concat!(
///         "0x3b7d3ea77fb97609659d56e0fe8ce78f11458aa8016d7859306a60e052b051da",
///         "8f8c4b81b1f71365175850dc681a0a879d53998aea249bdbc1c371179a55320a",
///     )
///     .parse()?,
/// };
/// commitment.check()?;
/// let seller = commitment.signer(order_id, chain, escrow)?;
/// assert_eq!(seller, "0x4a62316623ad457F02cDC5D997deD67a383EC569".parse()?);
/// // he signed for this order, and for no other escrow
/// assert_ne!(commitment.signer(order_id, chain, EvmAddress([6; 20].into())), Ok(seller));
///
/// commitment.business_name = "Pizza\n".to_owned();
/// assert_eq!(commitment.check().unwrap_err().reason(), Reason::Malformed);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CommitmentJson {
    /// His name, as the buyer shall read it.
    pub business_name: String,
    /// His licence; may be empty.
    pub business_license: String,
    /// The hash of the document that he stands by; 0 = none.
    pub document_hash: Word,
    /// His shielded destination; 0 = his wallet.
    pub delivery_commitment: Word,
    /// Over all that and the order's id.
    pub signature: WalletSignature,
}

impl CommitmentJson {
    /// Refuses names that no contract call should carry: longer than 256 bytes, or with control characters.
    ///
    /// # Errors
    /// With the field.
    pub fn check(&self) -> Result<()> {
        for (field, text) in [("businessName", &self.business_name), ("businessLicense", &self.business_license)] {
            if text.len() > 256 {
                return Err(Error::from(Reason::WrongLength).within(field));
            }
            if text.chars().any(char::is_control) {
                return Err(Error::from(Reason::Malformed).within(field));
            }
        }
        Ok(())
    }

    /// Who signed it for a terms order of this id, where a key signed. A contract wallet's signature can only be judged
    /// by the chain.
    ///
    /// # Errors
    /// With [`Reason::BadWalletSignature`].
    pub fn signer(&self, order_id: Word, chain: ChainId, escrow: EvmAddress) -> Result<EvmAddress> {
        let escrow: Address = escrow.into();
        let message = SellerCommitment {
            orderId: order_id.0,
            businessName: self.business_name.clone(),
            businessLicense: self.business_license.clone(),
            documentHash: self.document_hash.0,
            deliveryCommitment: self.delivery_commitment.0,
        };
        let digest = message.eip712_signing_hash(&escrow_domain(chain.number(), escrow));
        self.signature.signer(digest).map_err(|reason| Error::from(reason).within("signature"))
    }
}
