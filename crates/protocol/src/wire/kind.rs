use crate::{
    Error, Reason, Result,
    json::Object,
    sign::{PublicKey, SigningKey, sign_without, verify_without},
};
use std::fmt;

/// Who talks.
///
/// ```
/// use tgp_protocol::wire::{Kind, Plane};
///
/// // a signature names plane and kind, so that no message stands for another
/// assert_eq!(Kind::BuyerQuery.purpose(), "B/QUERY");
/// assert_eq!(Kind::Query.purpose(), "G/QUERY");
/// let planes = [Plane::Buyer, Plane::Gateway, Plane::Exact];
/// let kinds = planes.map(|plane| Kind::ALL.iter().filter(|kind| kind.plane() == plane).count());
/// assert_eq!((planes.map(Plane::letter), kinds), (["B", "G", "S"], [5, 9, 3]));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Plane {
    /// A buyer or his agent with a controller: `phase`.
    Buyer,
    /// Gateways with each other: `message_type`.
    Gateway,
    /// The objects around an x402 payment: `vpqVersion`, `vseVersion`, `posVersion`.
    Exact,
}

impl Plane {
    /// The letter in hashes and documents.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Self::Buyer => "B",
            Self::Gateway => "G",
            Self::Exact => "S",
        }
    }
}

/// Declares the kinds of messages: plane, discriminator and value.
macro_rules! kinds {
    ($($name:ident = $plane:ident, $member:literal, $value:literal;)+) => {
        /// A kind of message.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[allow(missing_docs)]
        pub enum Kind { $($name,)+ }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The plane that it belongs to.
            #[must_use]
            pub fn plane(self) -> Plane {
                match self { $(Self::$name => Plane::$plane,)+ }
            }

            /// The member that says the kind.
            pub(crate) fn discriminator(self) -> &'static str {
                match self { $(Self::$name => $member,)+ }
            }

            /// The kind's name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $value,)+ }
            }
        }
    };
}

kinds! {
    BuyerQuery = Buyer, "phase", "QUERY";
    BuyerOffer = Buyer, "phase", "OFFER";
    BuyerAccept = Buyer, "phase", "ACCEPT";
    BuyerSettle = Buyer, "phase", "SETTLE";
    BuyerError = Buyer, "phase", "ERROR";
    Query = Gateway, "message_type", "QUERY";
    Advert = Gateway, "message_type", "ADVERT";
    Select = Gateway, "message_type", "SELECT";
    Locked = Gateway, "message_type", "LOCKED";
    Proof = Gateway, "message_type", "PROOF";
    Settle = Gateway, "message_type", "SETTLE";
    Error = Gateway, "message_type", "ERROR";
    WithdrawRoute = Gateway, "message_type", "WITHDRAW-ROUTE";
    Abort = Gateway, "message_type", "ABORT";
    PathQuote = Exact, "vpqVersion", "VPQ";
    SettlementEnvelope = Exact, "vseVersion", "VSE";
    ProofOfSettlement = Exact, "posVersion", "POS";
}

impl Kind {
    /// The purpose that a signature over such a message names: `B/QUERY`.
    #[must_use]
    pub fn purpose(self) -> String {
        self.to_string()
    }

    /// The member that holds the signature.
    pub(crate) fn signature_member(self) -> &'static str {
        if self.plane() == Plane::Exact { "sig" } else { "signature" }
    }

    /// Members that gateways add on the way, each with a signature of its own: the sender's leaves them out.
    pub(crate) fn added_on_the_way(self) -> &'static [&'static str] {
        match self {
            Self::PathQuote => &["hopQuotes"],
            Self::SettlementEnvelope => &["hopProofs"],
            _ => &[],
        }
    }

    /// Signs an object as a message of this kind: over every member, known or not, but the signature and what gateways
    /// add on the way.
    ///
    /// ```
    /// use tgp_protocol::{json::{Object, Value}, sign::SigningKey, wire::Kind};
    ///
    /// let client = SigningKey::from_seed(&[5; 32]);
    /// let mut envelope = Object::default();
    /// Kind::SettlementEnvelope.sign(&mut envelope, &client);
    /// envelope.insert("hopProofs", Value::Array(vec![]));
    /// Kind::SettlementEnvelope.verify(&envelope, &client.public_key())?;
    /// envelope.insert("pathId", Value::String("gwA>gwB".to_owned()));
    /// assert!(Kind::SettlementEnvelope.verify(&envelope, &client.public_key()).is_err());
    /// # Ok::<(), tgp_protocol::Error>(())
    /// ```
    pub fn sign(self, object: &mut Object, key: &SigningKey) {
        sign_without(&self.purpose(), object, self.signature_member(), self.added_on_the_way(), key);
    }

    /// Verifies the signature of an object as a message of this kind.
    ///
    /// # Errors
    /// See [`crate::sign::verify`].
    pub fn verify(self, object: &Object, key: &PublicKey) -> Result<()> {
        verify_without(&self.purpose(), object, self.signature_member(), self.added_on_the_way(), key)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.plane().letter(), self.name())
    }
}

const DISCRIMINATORS: [&str; 5] = ["phase", "message_type", "vpqVersion", "vseVersion", "posVersion"];

/// Finds out what kind of message an object is. Other spellings of a gateway's kinds are read as the documents use
/// them: PRECHECK as QUERY, QUOTE as ADVERT, COMMIT as SELECT.
///
/// ```
/// use tgp_protocol::{Reason, json::{self, Value}, wire::{Kind, kind_of}};
///
/// let kind = |text: &str| match json::parse(text.as_bytes())? {
///     Value::Object(object) => kind_of(&object),
///     _ => Err(Reason::NotAnObject.into()),
/// };
/// assert_eq!(kind(r#"{"message_type":"QUOTE"}"#)?, Kind::Advert);
/// assert_eq!(kind(r#"{"vpqVersion":1}"#)?, Kind::PathQuote);
/// // two of them is none
/// let error = kind(r#"{"phase":"QUERY","message_type":"QUERY"}"#).unwrap_err();
/// assert_eq!(error.reason(), Reason::NoKind);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
///
/// # Errors
/// When none or more than one of the discriminators is there, or its value is no kind of its plane.
pub fn kind_of(object: &Object) -> Result<Kind> {
    let mut present = DISCRIMINATORS.into_iter().filter_map(|name| Some((name, object.given(name)?)));
    let Some((member, value)) = present.next() else {
        let later_draft = object.given("type").is_some();
        return Err(if later_draft { Reason::ReservedType } else { Reason::NoKind }.into());
    };
    if present.next().is_some() {
        return Err(Reason::NoKind.into());
    }
    if let Some(kind) =
        Kind::ALL.iter().copied().find(|kind| kind.plane() == Plane::Exact && kind.discriminator() == member)
    {
        // the version itself is checked with the message
        return Ok(kind);
    }
    let name = value.as_str().ok_or_else(|| Error::from(Reason::WrongType).within(member))?;
    let name = match (member, name) {
        ("message_type", "PRECHECK") => "QUERY",
        ("message_type", "QUOTE") => "ADVERT",
        ("message_type", "COMMIT") => "SELECT",
        (_, name) => name,
    };
    let found = Kind::ALL.iter().copied().find(|kind| kind.discriminator() == member && kind.name() == name);
    found.ok_or_else(|| Error::from(Reason::UnknownKind).within(member))
}
