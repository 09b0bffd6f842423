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
