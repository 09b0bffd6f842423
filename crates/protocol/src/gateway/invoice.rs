use super::money;
use crate::{
    Error, Reason, Result,
    json::Kept,
    sign::{PublicKey, SigningKey, require_signature, sign_kept, verify_member},
    tagged_hash,
    value::{Clock, Decimal, HashLock, Id, Party, Sha256Digest, Timestamp},
};
use serde::{Deserialize, Serialize};

const PURPOSE: &str = "invoice";
const SIG: &str = "sig";

/// The payee's word: who shows the secret of this hash has been paid so much. It goes from payee to client unchanged;
/// every hop locks under its hash.
///
/// One hash is good for every lock on the path. Gateways that collude can therefore pass over one between them and keep
/// its fee; the quotes of the path show it, and its own lock is refunded. Principal is never at stake.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Invoice {
    /// The request, as the payee knows it.
    pub request_id: Id,
    /// Of a secret that only the payee knows, made for this invoice.
    pub hashlock: HashLock,
    /// What the payee gets, in whole units.
    #[serde(deserialize_with = "money::read")]
    pub amount: Decimal,
    /// Until when it may be selected.
    pub expiry: Timestamp,
    /// The payee: a handle or a domain, never a wallet.
    pub payee: Party,
}

impl Invoice {
    /// An invoice, unsigned.
    #[must_use]
    pub fn new(request_id: Id, hashlock: HashLock, amount: Decimal, expiry: Timestamp, payee: Party) -> Self {
        Self { request_id, hashlock, amount, expiry, payee }
    }

    /// Signs the invoice as its payee.
    ///
    /// # Errors
    /// With [`Reason::KnownSecret`], [`Reason::ZeroAmount`] or [`Reason::WalletDisclosed`] at its field.
    pub fn sign(self, key: &SigningKey) -> Result<Kept<Self>> {
        self.check()?;
        sign_kept(self, PURPOSE, SIG, key)
    }

    /// Checks what holds whatever time it is.
    fn check(&self) -> Result<()> {
        let at = |reason: Reason, name: &'static str| Error::from(reason).within(name);
        self.hashlock.check().map_err(|reason| at(reason, "hashlock"))?;
        if self.amount == Decimal::default() {
            return Err(at(Reason::ZeroAmount, "amount"));
        }
        if self.payee.shows_wallet() {
            return Err(at(Reason::WalletDisclosed, "payee"));
        }
        Ok(())
    }
}

impl Kept<Invoice> {
    /// The same, and that somebody signed.
    pub(super) fn check_shape(&self) -> Result<()> {
        self.fields().check()?;
        require_signature(self, SIG)
    }

    /// Checks an invoice before anything is locked for it: the payee's signature, the time, and that it is for this
    /// request. Where a gateway on the way hides its topology, that is the id that it gave the payee.
    ///
    /// # Errors
    /// With the field that is wrong.
    pub fn verify(&self, key: &PublicKey, request_id: &Id, clock: &Clock) -> Result<()> {
        let at = |reason: Reason, name: &'static str| Error::from(reason).within(name);
        let invoice = self.fields();
        invoice.check()?;
        verify_member(PURPOSE, self.object(), SIG, key)?;
        if invoice.request_id != *request_id {
            return Err(at(Reason::OtherExchange, "request_id"));
        }
        clock.check_open(invoice.expiry).map_err(|reason| at(reason, "expiry"))
    }

    /// What the first hop quote is over.
    #[must_use]
    pub fn digest(&self) -> Sha256Digest {
        tagged_hash("TGP/0.1/invoice", [self.object().canonical().as_slice()]).into()
    }
}
