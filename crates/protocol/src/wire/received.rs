use super::{Kind, Plane, VERSION, kind_of, version::check_version};
use crate::{
    Error, Reason, Result,
    json::{self, Limits, Object, Value, from_value, members_of},
    sign::{PublicKey, SigningKey},
    tagged_hash,
    value::Sha256Digest,
};
use serde::{Serialize, de::DeserializeOwned};

/// A message of the protocol. Its fields are what this version knows; its discriminator, version and signature belong
/// to the object on the wire.
pub trait Message: Serialize + DeserializeOwned {
    /// Which message it is.
    const KIND: Kind;

    /// Checks what holds between fields, whatever time it is.
    ///
    /// # Errors
    /// With the field that is wrong.
    fn check(&self) -> Result<()>;

    /// The object that is read instead of the received one, where the documents have another spelling for the same
    /// message. The signature is verified over the received one all the same.
    ///
    /// # Errors
    /// When the spelling contradicts another member.
    fn respell(object: &Object) -> Result<Option<Object>> {
        let _ = object;
        Ok(None)
    }

    /// Checks what a signed message must have besides: a time and a nonce, so that it cannot be sent again.
    ///
    /// # Errors
    /// With the field that is missing.
    fn check_signed(&self) -> Result<()> {
        Ok(())
    }

    /// The object on the wire: fields, discriminator and version, unsigned.
    ///
    /// # Errors
    /// When the message does not pass [`Self::check`], or has more bytes or members than a peer reads.
    fn to_object(&self) -> Result<Object> {
        self.check()?;
        let kind = Self::KIND;
        let Value::Object(mut object) = json::to_value_within(self, limits_of(kind))? else {
            return Err(Reason::NotAnObject.into());
        };
        match kind.plane() {
            Plane::Exact => object.insert(kind.discriminator(), Value::Number(1.into())),
            Plane::Buyer | Plane::Gateway => {
                object.insert("tgp_version", Value::String(VERSION.to_owned()));
                object.insert(kind.discriminator(), Value::String(kind.name().to_owned()))
            }
        };
        check_size(kind, object)
    }

    /// The signed object on the wire.
    ///
    /// # Errors
    /// As [`Self::to_object`].
    fn to_signed(&self, key: &SigningKey) -> Result<Object> {
        self.check_signed()?;
        let mut object = self.to_object()?;
        Self::KIND.sign(&mut object, key);
        check_size(Self::KIND, object)
    }
}

/// What a message of this kind may use up.
fn limits_of(kind: Kind) -> &'static Limits {
    if matches!(kind, Kind::BuyerError | Kind::Error) { &Limits::ERROR } else { &Limits::MESSAGE }
}

fn check_size(kind: Kind, object: Object) -> Result<Object> {
    if object.canonical().len() > limits_of(kind).bytes { Err(Reason::TooLarge.into()) } else { Ok(object) }
}

/// Reads the bytes of any message as far as its kind.
///
/// # Errors
/// See [`json::parse_within`] and [`kind_of`].
pub fn read(bytes: &[u8]) -> Result<(Kind, Object)> {
    let Value::Object(object) = json::parse_within(bytes, &Limits::MESSAGE)? else {
        return Err(Reason::NotAnObject.into());
    };
    let kind = kind_of(&object)?;
    if bytes.len() > limits_of(kind).bytes {
        return Err(Reason::TooLarge.into());
    }
    check_version(&object, kind)?;
    Ok((kind, object))
}

/// A message with the object that it came in: members that this version does not know stay there, are covered by the
/// signature, and go on when the message is passed on.
///
/// ```
/// use tgp_protocol::{buyer::Accept, json::Value, wire::{Message, Received, VERSION}};
///
/// let accept = Accept::new("a-1".parse()?, "offer-1".parse()?, [9; 32].into());
/// let sent = accept.to_object()?;
/// assert_eq!(sent.get("tgp_version").and_then(|version| version.as_str()), Some(VERSION));
///
/// // a member that is not known here changes what was received, not what is understood
/// let mut more = sent.clone();
/// more.insert("later", Value::Bool(true));
/// let (sent, more) = (Received::<Accept>::from_object(sent)?, Received::<Accept>::from_object(more)?);
/// assert_ne!(sent.digest(), more.digest());
/// assert_eq!((sent.into_message(), more.into_message()), (accept.clone(), accept));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Received<M> {
    message: M,
    object: Object,
}

impl<M: Message> Received<M> {
    /// Reads a message of this kind.
    ///
    /// # Errors
    /// When the bytes are no message of this kind, or break a rule of it.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let (kind, object) = read(bytes)?;
        if kind != M::KIND {
            return Err(Error::from(Reason::UnknownKind).within(kind.discriminator()));
        }
        Self::from_object(object)
    }

    /// Reads a message out of an object whose kind is known.
    ///
    /// # Errors
    /// When a field is missing or wrong, or `crit` names a member that this version does not know.
    pub fn from_object(object: Object) -> Result<Self> {
        Self::from_spelling(object, None)
    }

    /// Reads the fields out of another spelling of the object; see [`Message::respell`].
    pub(crate) fn from_spelling(object: Object, spelling: Option<Object>) -> Result<Self> {
        check_critical::<M>(&object)?;
        let spelling = match M::respell(spelling.as_ref().unwrap_or(&object))? {
            Some(respelled) => Some(respelled),
            None => spelling,
        };
        let (message, object): (M, Object) = match spelling {
            Some(spelling) => (from_value(&Value::Object(spelling))?, object),
            None => {
                let value = Value::Object(object);
                let message = from_value(&value)?;
                let Value::Object(object) = value else { return Err(Reason::NotAnObject.into()) };
                (message, object)
            }
        };
        message.check()?;
        let signed = object.given(M::KIND.signature_member()).is_some();
        if M::KIND.plane() == Plane::Gateway && !signed {
            return Err(Error::from(Reason::Unsigned).within(M::KIND.signature_member()));
        }
        if signed {
            message.check_signed()?;
        }
        Ok(Self { message, object })
    }

    /// The fields that this version knows.
    pub fn message(&self) -> &M {
        &self.message
    }

    /// Everything that was received.
    pub fn object(&self) -> &Object {
        &self.object
    }

    /// The fields, without what came with them.
    pub fn into_message(self) -> M {
        self.message
    }

    /// Verifies the signature over everything that was received, but what gateways add on the way.
    ///
    /// # Errors
    /// See [`crate::sign::verify`].
    pub fn verify(&self, key: &PublicKey) -> Result<()> {
        M::KIND.verify(&self.object, key)
    }

    /// The hash of everything that was received: the same message is the same, whatever its whitespace and order.
    pub fn digest(&self) -> Sha256Digest {
        tagged_hash("TGP/0.1/message", [self.object.canonical().as_slice()]).into()
    }
}

/// Members that a message has beside its own fields. What only another plane has, is not understood in this one.
fn is_shared(kind: Kind, name: &str) -> bool {
    let versions: &[&str] = if kind.plane() == Plane::Exact { &[] } else { &["tgp_version", "vgp_version"] };
    [kind.discriminator(), kind.signature_member(), "kid", "crit"].contains(&name) || versions.contains(&name)
}

/// What the sender says must be understood, must be known here.
fn check_critical<M: Message>(object: &Object) -> Result<()> {
    let Some(critical) = object.given("crit") else { return Ok(()) };
    let known = members_of::<M>();
    let Value::Array(names) = critical else { return Err(Error::from(Reason::WrongType).within("crit")) };
    for (place, name) in names.iter().enumerate() {
        let at = |reason: Reason| Error::from(reason).within(place).within("crit");
        let name = name.as_str().ok_or_else(|| at(Reason::WrongType))?;
        let known = is_shared(M::KIND, name) || known.contains(&name);
        // null says nothing as a member that is known; of another one, nobody here can tell
        let there = if known { object.given(name) } else { object.get(name) };
        match there {
            None => return Err(at(Reason::Missing)),
            Some(_) if !known => return Err(at(Reason::CriticalUnknown)),
            Some(_) => {}
        }
    }
    Ok(())
}
