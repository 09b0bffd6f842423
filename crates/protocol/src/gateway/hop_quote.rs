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
///
/// ```
/// use tgp_protocol::{gateway::{Extension, HopQuote}, json::Kept};
///
/// # use tgp_protocol::gateway::{Cost, Path, PathAttributes};
/// # let cost = Cost::new("8.50".parse()?, "0.01".parse()?, 100, "USDC".parse()?);
/// # let attributes = PathAttributes::new(tgp_protocol::tib::EscrowType::Htlc, 120, vec![]);
/// # let (name, hop, risk) = ("path-1".parse()?, "c.example".parse()?, "0.01".parse()?);
/// # let path = Path::new(name, hop, cost, "9.50".parse()?, risk, attributes).as_budget();
/// # use tgp_protocol::{gateway::Invoice, sign::SigningKey, value::Secret};
/// # let (c, secret) = (SigningKey::from_seed(&[3; 32]), Secret::from(std::array::from_fn(|place| place as u8)));
/// # let expiry = "2025-12-01T10:01:00Z".parse()?;
/// # let payee = "eh:tbcz:8Qk".parse()?;
/// # let invoice = Invoice::new("req-1".parse()?, secret.hash_lock(), "9.50".parse()?, expiry, payee).sign(&c)?;
/// # let b = SigningKey::from_seed(&[2; 32]);
/// # let extension = |hop: &str, next: &str| -> tgp_protocol::Result<Extension> {
/// #     let (path_id, fee, risk) = ("path-2".parse()?, "0.50".parse()?, "0.01".parse()?);
/// #     let (hop, next) = (hop.parse()?, next.parse()?);
/// #     Ok(Extension { path_id, hop, next, fee, timelock_delta: 30, risk, settlement_time: 60 })
/// # };
/// let longer = path.extended(extension("b.example", "a.example")?, &invoice, &b)?;
/// let longest = longer.extended(extension("a.example", "client.example")?, &invoice, &b)?;
///
/// // each word is over the one below it, the first over the payee's invoice
/// let [first, second]: &[Kept<HopQuote>; 2] = longest.hop_quotes.as_slice().try_into().expect("two hops quote");
/// assert_eq!(first.fields().previous, invoice.digest());
/// assert_eq!(second.fields().previous, first.digest());
/// assert_eq!((first.fields().next.to_string(), first.fields().fee), ("a.example".to_owned(), "0.5".parse()?));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
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
    pub(super) fn new(previous: Sha256Digest, hop: HopId, next: HopId, fee: Decimal, timelock_delta: u32) -> Self {
        Self { previous, hop, next, fee, timelock_delta }
    }

    /// Signs the quote as its gateway.
    pub(super) fn sign(self, key: &SigningKey) -> Result<Kept<Self>> {
        sign_kept(self, PURPOSE, SIG, key)
    }
}

impl Kept<HopQuote> {
    /// Whether somebody signed, and nobody shows a wallet.
    pub(super) fn check_shape(&self) -> Result<()> {
        for (name, hop) in [("hop", &self.fields().hop), ("next", &self.fields().next)] {
            hop.check_disclosure().map_err(|reason| Error::from(reason).within(name))?;
        }
        require_signature(self, SIG)
    }

    /// What the next quote is over.
    #[must_use]
    pub fn digest(&self) -> Sha256Digest {
        tagged_hash("TGP/0.1/hop-quote", [self.object().canonical().as_slice()]).into()
    }

    /// The key that the quote says it is signed with.
    fn kid(&self) -> Option<KeyId> {
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
