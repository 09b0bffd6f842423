use super::{HopId, Invoice, money};
use crate::{
    Error, Reason, Result,
    json::{Kept, Value},
    sign::{KeyId, PublicKey, SigningKey, require_signature, sign_kept, verify_member},
    tagged_hash,
    value::{Decimal, Sha256Digest},
};
use serde::{Deserialize, Serialize};

const PURPOSE: &str = "hop-quote";
const SIG: &str = "sig";

/// A gateway's word on its place in a path: after which quote, for which neighbour, for what fee and how much earlier
/// its outgoing lock must end. The signature names the next hop, so a quote is good on one path only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HopQuote {
    /// The hash of the quote below, or of the invoice.
    pub previous: Sha256Digest,
    /// Who quotes.
    pub hop: HopId,
    /// Who is next on the way up.
    pub next: HopId,
    /// What the gateway keeps, in whole units.
    #[serde(deserialize_with = "money::read")]
    pub fee: Decimal,
    /// Seconds between the ends of its incoming and its outgoing lock.
    pub timelock_delta: u32,
}

impl HopQuote {
    /// A quote, unsigned.
    #[must_use]
    pub fn new(previous: Sha256Digest, hop: HopId, next: HopId, fee: Decimal, timelock_delta: u32) -> Self {
        Self { previous, hop, next, fee, timelock_delta }
    }

    /// Signs the quote as its gateway.
    ///
    /// # Errors
    /// When the quote has no JSON form.
    pub fn sign(self, key: &SigningKey) -> Result<Kept<Self>> {
        sign_kept(self, PURPOSE, SIG, key)
    }
}

impl Kept<HopQuote> {
    /// Whether somebody signed.
    pub(super) fn check_shape(&self) -> Result<()> {
        require_signature(self, SIG)
    }

    /// What the next quote is over.
    #[must_use]
    pub fn digest(&self) -> Sha256Digest {
        tagged_hash("TGP/0.1/hop-quote", [self.object().canonical().as_slice()]).into()
    }

    /// The key that the quote says it is signed with.
    #[must_use]
    pub fn kid(&self) -> Option<KeyId> {
        self.object().get("kid").and_then(Value::as_str).and_then(|kid| kid.parse().ok())
    }
}

/// Verifies the quotes of a path, from the payee's side up. `hops` are those of the path, `reader` is who the last
/// quote must be for, and `key_of` finds a hop's key.
pub(super) fn verify_quotes(
    quotes: &[Kept<HopQuote>],
    hops: &[HopId],
    invoice: &Kept<Invoice>,
    reader: &HopId,
    key_of: impl Fn(&HopId, Option<KeyId>) -> Option<PublicKey>,
) -> Result<()> {
    // quotes stand in the order of signing, hops in the order of the path: the last hop may be the payee himself
    let quoting = hops.get(..quotes.len()).ok_or_else(|| Error::from(Reason::HopWithoutQuote))?;
    let mut previous = invoice.digest();
    for (place, quote) in quotes.iter().enumerate() {
        let broken = |name: &'static str| Err(Error::from(Reason::BrokenQuotes).within(name).within(place));
        let fields = quote.fields();
        let hop = quotes.len() - 1 - place;
        if quoting.get(hop) != Some(&fields.hop) {
            return broken("hop");
        }
        let next = hop.checked_sub(1).and_then(|next| quoting.get(next)).unwrap_or(reader);
        if fields.next != *next {
            return broken("next");
        }
        if fields.previous != previous {
            return broken("previous");
        }
        let failed = |error: Error| error.with_code(crate::Code::HopVerificationFail).within(place);
        let key = key_of(&fields.hop, quote.kid())
            .ok_or_else(|| failed(Error::from(Reason::UnpublishedKey).within("kid")))?;
        verify_member(PURPOSE, quote.object(), SIG, &key).map_err(failed)?;
        previous = quote.digest();
    }
    Ok(())
}
