use alloy::{
    signers::{Error, SignerSync},
    sol_types::{Eip712Domain, SolStruct},
};

/// A message, signed: `r`, `s`, `v` as contracts and tokens take them. A signer that asks elsewhere, such as a Ledger or
/// a KMS, signs `message.eip712_signing_hash(domain)` by alloy's asynchronous trait.
///
/// # Errors
/// When the signer refuses.
pub fn sign<M: SolStruct>(signer: &impl SignerSync, message: &M, domain: &Eip712Domain) -> Result<[u8; 65], Error> {
    Ok(signer.sign_hash_sync(&message.eip712_signing_hash(domain))?.as_bytes())
}
