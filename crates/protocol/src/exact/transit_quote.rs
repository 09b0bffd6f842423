use super::{HopFailure, field};
use crate::{
    Error, Reason,
    sign::{PublicKey, Signature, SigningKey},
    tagged_hash,
    value::{Amount, Id, Word},
};
use alloy_primitives::U256;
use serde::{Deserialize, Serialize};

/// What a transit gateway adds to a quote on its way to the client: its fee, signed over everything before it and for
/// the next gateway upstream alone, so that nobody can change it or pass it to somebody else, and none but that gateway
/// can leave it out: with all that came before, because the egress gateway's quote is for anybody.
///
/// ```
/// use tgp_protocol::{Reason, exact::TransitQuote, sign::SigningKey, value::{Id, Word}};
///
/// let [a, b, client]: [Id; 3] = ["gwA".parse()?, "gwB".parse()?, "client".parse()?];
/// let (key_a, key_b) = (SigningKey::from_seed(&[1; 32]), SigningKey::from_seed(&[2; 32]));
/// let quote = Word::from([9; 32]);
///
/// // the quote goes from B to A to the client, and each signs what came before and who is next
/// let of_b = TransitQuote::sign(quote, b.clone(), a.clone(), 25.into(), 30, &key_b);
/// let of_a = TransitQuote::sign(of_b.hash(quote), a.clone(), client.clone(), 5.into(), 60, &key_a);
/// let keys = |hop: &Id| Some(if *hop == a { key_a.public_key() } else { key_b.public_key() });
/// let quotes = [of_b, of_a];
/// assert_eq!(TransitQuote::check_all(quote, &quotes, &client, keys).unwrap(), 30.into());
///
/// // nobody can lower another's fee, or take it from under one's own
/// let mut cheaper = quotes.clone();
/// cheaper[0].fee = 1.into();
/// let failure = TransitQuote::check_all(quote, &cheaper, &client, keys).unwrap_err();
/// assert_eq!((failure.hop, failure.error.reason()), (b, Reason::HopMismatch));
/// assert!(TransitQuote::check_all(quote, &quotes[1..], &client, keys).is_err());
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransitQuote {
    /// The gateway's tag.
    pub hop: Id,
    /// The next one towards the client.
    pub upstream: Id,
    /// In the token's smallest unit.
    #[serde(deserialize_with = "field::amount")]
    pub fee: Amount,
    /// What it adds to the time that the payment needs, in seconds.
    pub timelock_delta: u32,
    /// Over all that and the hash of what came before.
    pub sig: Signature,
}

impl TransitQuote {
    /// Signs a fee on top of what has this hash: the quote itself, or the hop quote before.
    #[must_use]
    pub fn sign(previous: Word, hop: Id, upstream: Id, fee: Amount, timelock_delta: u32, key: &SigningKey) -> Self {
        let sig = key.sign(digest(previous, &hop, &upstream, fee, timelock_delta).0.as_slice());
        Self { hop, upstream, fee, timelock_delta, sig }
    }

    /// What the next hop quote names this one by.
    #[must_use]
    pub fn hash(&self, previous: Word) -> Word {
        digest(previous, &self.hop, &self.upstream, self.fee, self.timelock_delta)
    }

    /// Checks all hop quotes on a quote of this hash, as the one to whom the last of them is addressed, and adds up
    /// their fees. `keys` knows the gateways' keys.
    ///
    /// # Errors
    /// With the hop whose quote is wrong.
    pub fn check_all(
        quote: Word,
        quotes: &[Self],
        reader: &Id,
        keys: impl Fn(&Id) -> Option<PublicKey>,
    ) -> Result<Amount, HopFailure> {
        let (mut previous, mut fees) = (quote, U256::ZERO);
        for (place, hop_quote) in quotes.iter().enumerate() {
            let fail = |reason: Reason| {
                Err(HopFailure::new(hop_quote.hop.clone(), Error::from(reason).within(place).within("hopQuotes")))
            };
            let next = quotes.get(place + 1).map_or(reader, |next| &next.hop);
            if hop_quote.upstream != *next {
                return fail(Reason::HopMismatch);
            }
            let Some(key) = keys(&hop_quote.hop) else { return fail(Reason::HopUnknown) };
            let hash = hop_quote.hash(previous);
            if key.verify(hash.0.as_slice(), &hop_quote.sig).is_err() {
                return fail(Reason::HopMismatch);
            }
            previous = hash;
            match fees.checked_add(hop_quote.fee.0) {
                Some(sum) => fees = sum,
                None => return fail(Reason::BadAmount),
            }
        }
        Ok(Amount(fees))
    }
}

fn digest(previous: Word, hop: &Id, upstream: &Id, fee: Amount, timelock_delta: u32) -> Word {
    let (fee, delta) = (fee.to_string(), timelock_delta.to_string());
    let parts = [
        previous.0.as_slice(),
        hop.as_str().as_bytes(),
        upstream.as_str().as_bytes(),
        fee.as_bytes(),
        delta.as_bytes(),
    ];
    tagged_hash("TGP/0.1/vpq-hop-quote", parts).into()
}
