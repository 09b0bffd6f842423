use super::{
    Abort, Advert, Envelope, ErrorReport, Locked, Proof, Query, Select, Settle, WithdrawRoute, compat::numeric_money,
};
use crate::{
    Error, Reason, Result,
    identity::{Found, KeyDirectory, ReplayKey, Role},
    json::{Object, Value},
    sign::{KeyId, PublicKey},
    value::{Clock, Sha256Digest, holds_address},
    wire::{self, Kind, Message, Received},
};

/// How messages between gateways are taken in.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Intake {
    /// `compat.numeric_money`: money may come as a JSON number where the documents write one.
    pub numeric_money: bool,
    /// The receiver is the last authorised hop: it may see wallets behind handles.
    pub last_authorised_hop: bool,
}

/// Any message between gateways, as it was received.
///
/// ```
/// use std::collections::HashMap;
/// use tgp_protocol::{
///     Reason,
///     gateway::{GatewayMessage, Intake},
///     identity::{DirectoryKey, KeyDirectory, Role},
///     json::{self, Value},
///     sign::{self, SigningKey},
///     value::Clock,
///     wire::Kind,
/// };
///
/// # let text = br#"{"tgp_version":"0.1","message_type":"QUERY","request_id":"req-1","sender":"a.example",
/// #     "timestamp":"2025-12-01T10:00:00Z","destination":"c.example","sso_ids":["sso-1"],"attributes":
/// #     {"amount":{"value":10.00,"currency":"USDC"},"deadline":"2025-12-01T10:05:00Z"}}"#;
/// let key = SigningKey::from_seed(&[1; 32]);
/// // a query as the documents print it, with a number for money
/// let Value::Object(mut query) = json::parse(text)? else { panic!("an object") };
/// sign::sign(&Kind::Query.purpose(), &mut query, &key);
/// let bytes = query.canonical();
/// assert_eq!(GatewayMessage::read(&bytes).unwrap_err().reason(), Reason::NumericMoney);
///
/// // an operator may permit that; the signature stays the one over what came
/// let intake = Intake { numeric_money: true, ..Intake::default() };
/// let message = GatewayMessage::read_as(&bytes, intake)?;
/// assert_eq!((message.kind(), message.object()), (Kind::Query, &query));
/// message.verify(&key.public_key())?;
///
/// // whose key that is, the sender's directory says, and a second copy is known by the first
/// let (from, until) = ("2025-12-01T00:00:00Z".parse()?, "2025-12-02T00:00:00Z".parse()?);
/// let listed = DirectoryKey::new(key.public_key(), vec![Role::Message], from, until);
/// let directory = KeyDirectory::new("a.example".parse()?, from, until, vec![listed]);
/// let found = message.authenticate(&directory, &Clock::at("2025-12-01T10:00:01Z".parse()?))?;
/// let mut known = HashMap::new();
/// assert_eq!(known.insert(message.replay_key(&found.key), message.digest()), None);
/// assert_eq!(known.insert(message.replay_key(&found.key), message.digest()), Some(message.digest()));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub enum GatewayMessage {
    /// Which paths lead there?
    Query(Box<Received<Query>>),
    /// These do.
    Advert(Box<Received<Advert>>),
    /// This one.
    Select(Box<Received<Select>>),
    /// Everything is locked.
    Locked(Box<Received<Locked>>),
    /// The secret.
    Proof(Box<Received<Proof>>),
    /// How a lock ended.
    Settle(Box<Received<Settle>>),
    /// It did not work.
    Error(Box<Received<ErrorReport>>),
    /// Paths that no longer lead there.
    WithdrawRoute(Box<Received<WithdrawRoute>>),
    /// Let us end this.
    Abort(Box<Received<Abort>>),
}

impl GatewayMessage {
    /// Reads a message from the bytes that came.
    ///
    /// # Errors
    /// When the bytes are no signed message between gateways, break one of its rules, or show a wallet's address.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        Self::read_as(bytes, Intake::default())
    }

    /// The same under other rules of intake.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_as(bytes: &[u8], intake: Intake) -> Result<Self> {
        let (kind, object) = wire::read(bytes)?;
        let message = Self::from_object(kind, object, intake)?;
        if !intake.last_authorised_hop {
            message.check_disclosure()?;
        }
        Ok(message)
    }

    fn from_object(kind: Kind, object: Object, intake: Intake) -> Result<Self> {
        fn read<M: Message>(object: Object, intake: Intake) -> Result<Box<Received<M>>> {
            let spelling = intake.numeric_money.then(|| numeric_money(M::KIND, &object));
            Received::from_spelling(object, spelling).map(Box::new)
        }
        match kind {
            Kind::Query => read(object, intake).map(Self::Query),
            Kind::Advert => read(object, intake).map(Self::Advert),
            Kind::Select => read(object, intake).map(Self::Select),
            Kind::Locked => read(object, intake).map(Self::Locked),
            Kind::Proof => read(object, intake).map(Self::Proof),
            Kind::Settle => read(object, intake).map(Self::Settle),
            Kind::Error => read(object, intake).map(Self::Error),
            Kind::WithdrawRoute => read(object, intake).map(Self::WithdrawRoute),
            Kind::Abort => read(object, intake).map(Self::Abort),
            Kind::BuyerQuery
            | Kind::BuyerOffer
            | Kind::BuyerAccept
            | Kind::BuyerSettle
            | Kind::BuyerError
            | Kind::PathQuote
            | Kind::SettlementEnvelope
            | Kind::ProofOfSettlement => Err(Error::from(Reason::UnknownKind).within(kind.discriminator())),
        }
    }

    /// Which message it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Query(_) => Kind::Query,
            Self::Advert(_) => Kind::Advert,
            Self::Select(_) => Kind::Select,
            Self::Locked(_) => Kind::Locked,
            Self::Proof(_) => Kind::Proof,
            Self::Settle(_) => Kind::Settle,
            Self::Error(_) => Kind::Error,
            Self::WithdrawRoute(_) => Kind::WithdrawRoute,
            Self::Abort(_) => Kind::Abort,
        }
    }

    /// What every message says.
    #[must_use]
    pub fn envelope(&self) -> &dyn Envelope {
        match self {
            Self::Query(message) => message.message(),
            Self::Advert(message) => message.message(),
            Self::Select(message) => message.message(),
            Self::Locked(message) => message.message(),
            Self::Proof(message) => message.message(),
            Self::Settle(message) => message.message(),
            Self::Error(message) => message.message(),
            Self::WithdrawRoute(message) => message.message(),
            Self::Abort(message) => message.message(),
        }
    }

    /// Everything that was received.
    #[must_use]
    pub fn object(&self) -> &Object {
        match self {
            Self::Query(message) => message.object(),
            Self::Advert(message) => message.object(),
            Self::Select(message) => message.object(),
            Self::Locked(message) => message.object(),
            Self::Proof(message) => message.object(),
            Self::Settle(message) => message.object(),
            Self::Error(message) => message.object(),
            Self::WithdrawRoute(message) => message.object(),
            Self::Abort(message) => message.object(),
        }
    }

    /// The hash of everything that was received.
    #[must_use]
    pub fn digest(&self) -> Sha256Digest {
        match self {
            Self::Query(message) => message.digest(),
            Self::Advert(message) => message.digest(),
            Self::Select(message) => message.digest(),
            Self::Locked(message) => message.digest(),
            Self::Proof(message) => message.digest(),
            Self::Settle(message) => message.digest(),
            Self::Error(message) => message.digest(),
            Self::WithdrawRoute(message) => message.digest(),
            Self::Abort(message) => message.digest(),
        }
    }

    /// Verifies the signature over everything that was received.
    ///
    /// # Errors
    /// See [`crate::sign::verify`].
    pub fn verify(&self, key: &PublicKey) -> Result<()> {
        self.kind().verify(self.object(), key)
    }

    /// Checks a message that has just come: that it is fresh, that the sender's directory lists the key for messages,
    /// and the signature. Where the message names no key, the sender's current ones are tried.
    ///
    /// # Errors
    /// With `REPLAY` for a message that is too old, and `SIG_INVALID` for the rest: a key that is being replaced
    /// verifies what is under way, but no new QUERY; neither does a directory whose time is over, which may miss a
    /// revocation.
    pub fn authenticate(&self, directory: &KeyDirectory, clock: &Clock) -> Result<Found> {
        let envelope = self.envelope();
        clock.check_fresh(envelope.timestamp()).map_err(|reason| Error::from(reason).within("timestamp"))?;
        directory.check_sender(envelope.sender())?;
        let found = match self.kid()? {
            Some(kid) => {
                let found = directory.key(kid, Role::Message, clock.now)?;
                self.verify(&found.key)?;
                found
            }
            None => {
                let mut current = directory.current(Role::Message, clock.now);
                let verifies = |found: &Found| self.verify(&found.key).is_ok();
                current.find(verifies).ok_or_else(|| Error::from(Reason::SignatureMismatch).within("signature"))?
            }
        };
        let over = clock.check_open(directory.expires_at).is_err();
        if (found.verify_only || over) && self.kind() == Kind::Query {
            return Err(Error::from(Reason::KeyNotValid).within("kid"));
        }
        Ok(Found { verify_only: found.verify_only || over, ..found })
    }

    /// The key that the message names, if it names one.
    fn kid(&self) -> Result<Option<KeyId>> {
        let Some(kid) = self.object().given("kid") else { return Ok(None) };
        let kid = kid.as_str().ok_or(Reason::WrongType).and_then(str::parse);
        kid.map(Some).map_err(|reason| Error::from(reason).within("kid"))
    }

    /// Under what the message is remembered, for the key that it was verified with.
    #[must_use]
    pub fn replay_key(&self, key: &PublicKey) -> ReplayKey {
        let envelope = self.envelope();
        ReplayKey::Gateway {
            key: key.id(),
            request_id: envelope.request_id().clone(),
            kind: self.kind(),
            names_lock: match self {
                Self::Select(select) => select.message().lock_ref.is_some(),
                Self::Locked(locked) => locked.message().lock_ref.is_some(),
                Self::Abort(abort) => abort.message().lock_ref.is_some(),
                _ => false,
            },
            path_id: envelope.path_id().cloned(),
            htlc_id: match self {
                Self::Settle(settle) => Some(settle.message().htlc_id.clone()),
                _ => None,
            },
            digest: matches!(self, Self::Error(_) | Self::WithdrawRoute(_)).then(|| self.digest()),
        }
    }

    /// Refuses wallets' addresses in what says who somebody is: domains, the payee of an invoice, the identity layer.
    fn check_disclosure(&self) -> Result<()> {
        let shown = |name: &'static str| Err(Error::from(Reason::WalletDisclosed).within(name));
        for name in ["sender", "destination"] {
            if self.object().get(name).and_then(Value::as_str).is_some_and(holds_address) {
                return shown(name);
            }
        }
        let tib = self.envelope().bound().tib;
        tib.map_or(Ok(()), |tib| tib.check_disclosure().map_err(|error| error.within("tib")))
    }
}
