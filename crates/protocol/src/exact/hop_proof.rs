use crate::{
    Error, Failure, Reason,
    json::Object,
    sign::{PublicKey, Signature, SigningKey},
    tagged_hash,
    value::{Id, Word},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// That a gateway verified a payment and passed it on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HopProof {
    /// The gateway's tag.
    pub gw: Id,
    /// Over the quote, the payment, the proof before, the gateway itself and the next one.
    pub proof: Signature,
}

/// What hop proofs and the seal of a payment name it by: the hash of the whole x402 object.
#[must_use]
pub fn payment_hash(payment: &Object) -> Word {
    tagged_hash("TGP/0.1/x402-payload", [payment.canonical().as_slice()]).into()
}

/// One payment on one quoted path: what all of its hop proofs are about.
///
/// ```
/// use tgp_protocol::{
///     Code,
///     exact::{HopFailure, HopProof, HopTrail, payment_hash},
///     json::Object,
///     sign::SigningKey,
///     value::Id,
/// };
///
/// let [a, b, provider]: [Id; 3] = ["gwA".parse()?, "gwB".parse()?, "rs".parse()?];
/// let (key_a, key_b) = (SigningKey::from_seed(&[1; 32]), SigningKey::from_seed(&[2; 32]));
/// let keys = |hop: &Id| Some(if *hop == a { key_a.public_key() } else { key_b.public_key() });
/// let trail = HopTrail { quote: [9; 32].into(), payment: payment_hash(&Object::default()) };
///
/// let mut proofs: Vec<HopProof> = Vec::new();
/// trail.prove(&mut proofs, a.clone(), &b, &key_a);
/// trail.prove(&mut proofs, b.clone(), &provider, &key_b);
/// let plan = [a.clone(), b.clone()];
/// trail.check(&proofs, &plan, &provider, keys).expect("both in their places");
///
/// // without the first, the second one's proof is of no use
/// let failure: HopFailure = trail.check(&proofs[1..], &plan, &provider, keys).unwrap_err();
/// assert_eq!((failure.hop, failure.error.code()), (a.clone(), Code::HopVerificationFail));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HopTrail {
    /// See [`super::PathQuote::hash`].
    pub quote: Word,
    /// See [`payment_hash`]: of a sealed payment, what it commits to.
    pub payment: Word,
}

impl HopTrail {
    /// Adds a gateway's proof behind those that came with the payment. `next` is who gets it now: for the egress
    /// gateway, the provider.
    pub fn prove(&self, proofs: &mut Vec<HopProof>, own: Id, next: &Id, key: &SigningKey) {
        let proof = key.sign(&self.digest(proofs.last(), &own, next));
        proofs.push(HopProof { gw: own, proof });
    }

    /// Checks the proofs of the gateways in `plan`, all of them in this order, as the one to whom the last passed the
    /// payment: `reader`. `keys` knows the gateways' keys.
    ///
    /// # Errors
    /// With the first hop whose proof is missing, in another place or wrong.
    pub fn check(
        &self,
        proofs: &[HopProof],
        plan: &[Id],
        reader: &Id,
        keys: impl Fn(&Id) -> Option<PublicKey>,
    ) -> Result<(), HopFailure> {
        for place in 0..plan.len().max(proofs.len()) {
            let fail = |hop: &Id, reason: Reason| {
                Err(HopFailure::new(hop.clone(), Error::from(reason).within(place).within("hopProofs")))
            };
            let (hop, proof) = match (plan.get(place), proofs.get(place)) {
                (Some(hop), Some(proof)) if *hop == proof.gw => (hop, proof),
                (Some(hop), _) => return fail(hop, Reason::HopsIncomplete),
                (None, Some(proof)) => return fail(&proof.gw, Reason::HopsIncomplete),
                (None, None) => return Ok(()),
            };
            let Some(key) = keys(hop) else { return fail(hop, Reason::HopUnknown) };
            let previous = place.checked_sub(1).and_then(|place| proofs.get(place));
            let next = plan.get(place + 1).unwrap_or(reader);
            if key.verify(&self.digest(previous, hop, next), &proof.proof).is_err() {
                return fail(hop, Reason::HopMismatch);
            }
        }
        Ok(())
    }

    fn digest(&self, previous: Option<&HopProof>, own: &Id, next: &Id) -> [u8; 32] {
        // the first proof has none before it: an empty part, which no signature is
        let previous = previous.map(|previous| previous.proof.to_bytes());
        let parts = [
            self.quote.0.as_slice(),
            self.payment.0.as_slice(),
            previous.as_ref().map_or(&[], <[u8; 64]>::as_slice),
            own.as_str().as_bytes(),
            next.as_str().as_bytes(),
        ];
        tagged_hash("TGP/0.1/hop-proof", parts)
    }
}

/// The hop at which a path does not hold, and why: always `HOP_VERIFICATION_FAIL`.
#[derive(Clone, PartialEq, Eq)]
pub struct HopFailure {
    /// The gateway's tag.
    pub hop: Id,
    /// What is wrong with its part.
    pub error: Error,
}

impl HopFailure {
    pub(super) fn new(hop: Id, error: Error) -> Self {
        Self { hop, error }
    }
}

impl From<HopFailure> for Failure {
    fn from(failure: HopFailure) -> Self {
        Self::new(&failure.error, failure.hop)
    }
}

impl fmt::Display for HopFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at hop {}", self.error, self.hop)
    }
}

impl fmt::Debug for HopFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for HopFailure {}
