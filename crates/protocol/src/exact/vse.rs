use super::{HopProof, Payment, payment_hash, quote::MOST_HOPS, verbatim::Verbatim};
use crate::{
    Error, Reason, Result,
    json::Object,
    sign::KeyId,
    value::{Clock, PathId, Timestamp, Word, serde_by_text},
    wire::{Kind, Message},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr, time::Duration};

/// VSE: a payment on its way along a path, with a proof of every hop.
///
/// ```
/// use std::time::Duration;
/// use tgp_protocol::{
///     Reason,
///     exact::{Constraints, PaymentForm, SealedBytes, SealedPayment, SettlementEnvelope, payment_hash},
///     json,
///     sign::SigningKey,
///     value::{Clock, Timestamp},
///     wire::Message,
/// };
///
/// # let text = br#"{"x402Version":1,"scheme":"exact","network":"base-sepolia","payload":{"signature":
/// #     "0x2d6a7588d6acca505cbf0d9a4a227e0c52c6c34008c8e8986a1283259764173608a2ce6496642e377d6da8dbbf5836e9bd15092f9ecab05ded3d6293af148b571c",
/// #     "authorization":{"from":"0x857b06519E91e3A54538791bDbb0E22373e36b66",
/// #     "to":"0x209693Bc6afc0C5328bA36FaF03C514EF312287C","value":"10000","validAfter":"1740672089",
/// #     "validBefore":"1740672154","nonce":"0xf3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480"}}}"#;
/// # let json::Value::Object(payment) = json::parse(text)? else { panic!("an object") };
/// let end: Timestamp = "2026-11-21T10:00:30Z".parse()?;
/// let constraints = Constraints { must_settle_before: end, replay_window_sec: 60 };
///
/// // readable for every hop, which each of them must be allowed to do
/// let clear = SettlementEnvelope::clear("gwA>gwB".parse()?, payment.clone(), constraints);
/// clear.to_object()?;
/// assert_eq!(clear.payment()?, PaymentForm::Clear(&payment));
/// assert_eq!(clear.check_disclosure(false).unwrap_err().reason(), Reason::WalletDisclosed);
///
/// // or for the egress gateway alone; the hops prove the same hash
/// let sealed = SealedPayment {
///     kid: SigningKey::from_seed(&[5; 32]).public_key().id(),
///     enc: SealedBytes(vec![1; 32]),
///     ct: SealedBytes(vec![2; 700]),
///     commitment: payment_hash(&payment),
/// };
/// let hidden = SettlementEnvelope::sealed("gwA>gwB".parse()?, sealed.clone(), constraints);
/// hidden.check_disclosure(false)?;
/// assert_eq!(hidden.payment_hash()?, clear.payment_hash()?);
/// sealed.check_opened(&payment)?;
/// assert_eq!(sealed.check_opened(&json::Object::default()).unwrap_err().reason(), Reason::HashMismatch);
///
/// // nobody passes it on after its end, and a copy is known for a while longer
/// assert_eq!(clear.check_open(&Clock::at(end)).unwrap_err().reason(), Reason::SettleDeadline);
/// assert_eq!(clear.remember_until(), end.after(Duration::from_secs(60)));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SettlementEnvelope {
    /// The quote's.
    pub path_id: PathId,
    /// Of the gateways that it has passed, the first of them first.
    pub hop_proofs: Vec<HopProof>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    x402: Option<Verbatim>,
    #[serde(rename = "x402_sealed", default, skip_serializing_if = "Option::is_none")]
    x402_sealed: Option<SealedPayment>,
    /// Until when, and for how long it is remembered.
    pub constraints: Constraints,
}

/// Within which time a payment must be settled.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Constraints {
    /// No gateway passes it on from this instant on.
    pub must_settle_before: Timestamp,
    /// How long after that it must still be known as seen.
    pub replay_window_sec: u32,
}

/// A payment that only the egress gateway can read: sealed to its key by HPKE.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SealedPayment {
    /// Which key of the egress gateway.
    pub kid: KeyId,
    /// The encapsulated key.
    pub enc: SealedBytes,
    /// The ciphertext.
    pub ct: SealedBytes,
    /// The hash of the payment, which every hop sees and hop proofs are over.
    pub commitment: Word,
}

impl SealedPayment {
    /// Checks that what came out of the seal is what every hop has seen the hash of.
    ///
    /// # Errors
    /// With [`Reason::HashMismatch`] at `commitment`.
    pub fn check_opened(&self, payment: &Object) -> Result<()> {
        let same = payment_hash(payment) == self.commitment;
        if same { Ok(()) } else { Err(Error::from(Reason::HashMismatch).within("commitment")) }
    }
}

/// The most bytes of a sealed payment's part.
const MOST_BYTES: usize = 32 * 1024;

/// Bytes in base64url: at least one, at most 32 KiB.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SealedBytes(pub Vec<u8>);

impl FromStr for SealedBytes {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        if text.len() > (MOST_BYTES * 4).div_ceil(3) {
            return Err(Reason::WrongLength);
        }
        let bytes = BASE64.decode(text).map(Self).map_err(|_| Reason::BadBase64)?;
        bytes.check().map(|()| bytes)
    }
}

impl SealedBytes {
    fn check(&self) -> Result<(), Reason> {
        if (1..=MOST_BYTES).contains(&self.0.len()) { Ok(()) } else { Err(Reason::WrongLength) }
    }
}

impl fmt::Display for SealedBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64.encode(&self.0))
    }
}

serde_by_text!(SealedBytes);

/// The two forms of a payment in an envelope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PaymentForm<'e> {
    /// Everybody on the path reads payer and payee.
    Clear(&'e Object),
    /// Only the egress gateway does.
    Sealed(&'e SealedPayment),
}

impl SettlementEnvelope {
    /// An envelope as the client begins it, readable for every hop.
    #[must_use]
    pub fn clear(path_id: PathId, payment: Object, constraints: Constraints) -> Self {
        Self { path_id, hop_proofs: Vec::new(), x402: Some(Verbatim(payment)), x402_sealed: None, constraints }
    }

    /// An envelope as the client begins it, readable for the egress gateway alone.
    #[must_use]
    pub fn sealed(path_id: PathId, payment: SealedPayment, constraints: Constraints) -> Self {
        Self { path_id, hop_proofs: Vec::new(), x402: None, x402_sealed: Some(payment), constraints }
    }

    /// The payment.
    ///
    /// # Errors
    /// With [`Reason::PaymentForm`], which a received envelope has been checked for.
    pub fn payment(&self) -> Result<PaymentForm<'_>> {
        match (&self.x402, &self.x402_sealed) {
            (Some(clear), None) => Ok(PaymentForm::Clear(&clear.0)),
            (None, Some(sealed)) => Ok(PaymentForm::Sealed(sealed)),
            (Some(_), Some(_)) | (None, None) => Err(Reason::PaymentForm.into()),
        }
    }

    /// What hop proofs name the payment by.
    ///
    /// # Errors
    /// As [`Self::payment`].
    pub fn payment_hash(&self) -> Result<Word> {
        Ok(match self.payment()? {
            PaymentForm::Clear(payment) => payment_hash(payment),
            PaymentForm::Sealed(sealed) => sealed.commitment,
        })
    }

    /// Refuses a payment in the clear on a path with a hop that may not see wallets.
    ///
    /// # Errors
    /// With [`Reason::WalletDisclosed`] at `x402`.
    pub fn check_disclosure(&self, every_hop_authorised: bool) -> Result<()> {
        let disclosed = matches!(self.payment()?, PaymentForm::Clear(_)) && !every_hop_authorised;
        if disclosed { Err(Error::from(Reason::WalletDisclosed).within("x402")) } else { Ok(()) }
    }

    /// Refuses an envelope whose deadline has come.
    ///
    /// # Errors
    /// At `constraints.mustSettleBefore`.
    pub fn check_open(&self, clock: &Clock) -> Result<()> {
        let open = clock.now < self.constraints.must_settle_before;
        let late = || Error::from(Reason::SettleDeadline).within("mustSettleBefore").within("constraints");
        if open { Ok(()) } else { Err(late()) }
    }

    /// Until when a gateway must know that it has seen this envelope.
    #[must_use]
    pub fn remember_until(&self) -> Timestamp {
        let window = Duration::from_secs(self.constraints.replay_window_sec.into());
        self.constraints.must_settle_before.after(window)
    }
}

impl Message for SettlementEnvelope {
    const KIND: Kind = Kind::SettlementEnvelope;

    fn check(&self) -> Result<()> {
        if self.hop_proofs.len() > MOST_HOPS {
            return Err(Error::from(Reason::TooManyMembers).within("hopProofs"));
        }
        match self.payment()? {
            PaymentForm::Clear(payment) => {
                Payment::read(payment).map_err(|error| error.within("x402"))?;
            }
            PaymentForm::Sealed(sealed) => {
                for (name, bytes) in [("enc", &sealed.enc), ("ct", &sealed.ct)] {
                    bytes.check().map_err(|reason| Error::from(reason).within(name).within("x402_sealed"))?;
                }
            }
        }
        Ok(())
    }
}
