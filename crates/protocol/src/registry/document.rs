use super::{Asset, Chain, Contract, Domain, Key, Place, Seller, contract::Deployment, lookup::Lookup};
use crate::{
    Error, Reason, Result,
    json::{Limits, Object, Value, from_rules, parse_within},
    sign::{self, PublicKey, SigningKey},
    value::{Clock, DomainName, Timestamp},
};
use serde::Deserialize;

const PURPOSE: &str = "registry";

const FORMAT: &str = "TGP-REGISTRY-0.1";

/// Signs a registry's document in place.
pub fn sign(document: &mut Object, key: &SigningKey) {
    sign::sign(PURPOSE, document, key);
}

/// An attribute registry whose document has been checked.
///
/// ```
/// use tgp_protocol::{Reason, json::{self, Value}, registry::Registry, value::Clock};
///
/// let issue = |version: &str| {
///     let Value::Object(mut document) = json::parse(br#"{
///         "format": "TGP-REGISTRY-0.1", "version": 1, "issuer": "registry.example",
///         "issued_at": "2026-11-21T10:00:00Z", "expires_at": "2026-12-21T10:00:00Z",
///         "attributes": { "sla.gold": { "answer_ms": 200 } }
///     }"#)? else { panic!("an object") };
///     document.insert("version", json::parse(version.as_bytes())?);
///     Registry::from_document(document)
/// };
/// let (current, next) = (issue("1")?, issue("2")?);
/// assert_eq!((next.version(), next.issuer().as_str()), (2, "registry.example"));
///
/// // an older document would take back what a newer one says
/// next.check_replaces(&current)?;
/// assert_eq!(current.check_replaces(&next).unwrap_err().reason(), Reason::Superseded);
/// next.check_time(&Clock::at("2026-12-21T09:59:59Z".parse()?))?;
/// let over = next.check_time(&Clock::at("2026-12-21T10:00:00Z".parse()?)).unwrap_err();
/// assert_eq!((over.field().to_string().as_str(), over.reason()), ("expires_at", Reason::InThePast));
///
/// let gold = next.attribute("sla.gold").and_then(Value::as_object).expect("the operator's own");
/// assert_eq!(gold.canonical(), br#"{"answer_ms":200}"#);
/// assert!(next.document().get("attributes").is_some());
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Registry {
    document: Object,
    pub(super) head: Head,
    pub(super) contracts: Vec<Contract>,
    pub(super) lookup: Lookup,
}

/// The members of a document that this version knows.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Head {
    format: String,
    version: u64,
    issuer: DomainName,
    issued_at: Timestamp,
    expires_at: Option<Timestamp>,
    #[serde(default)]
    pub(super) assets: Vec<Asset>,
    #[serde(default)]
    pub(super) chains: Vec<Chain>,
    #[serde(default)]
    pub(super) jurisdictions: Vec<Domain>,
    #[serde(default)]
    pub(super) sellers: Vec<Seller>,
    #[serde(default)]
    pub(super) keys: Vec<Key>,
    #[serde(default)]
    pub(super) areas: Vec<Place>,
}

/// Apart, because its entries are taken apart.
#[derive(Deserialize)]
struct Deployments {
    #[serde(default)]
    contracts: Vec<Deployment>,
}

impl Registry {
    /// Reads a document and verifies its signature.
    ///
    /// # Errors
    /// With `SIG_INVALID` when it is not signed by this key; otherwise as [`Self::from_document`].
    pub fn read(text: &[u8], key: &PublicKey) -> Result<Self> {
        let Value::Object(document) = parse_within(text, &Limits::DOCUMENT)? else {
            return Err(Reason::NotAnObject.into());
        };
        sign::verify(PURPOSE, &document, key)?;
        Self::from_document(document)
    }

    /// Reads a document whose origin is beyond doubt, such as the operator's own file: no signature is asked for.
    ///
    /// # Errors
    /// With the field that is missing or wrong, and for two entries where lookups need one.
    pub fn from_document(document: Object) -> Result<Self> {
        let value = Value::Object(document);
        let head: Head = from_rules(&value)?;
        if head.format != FORMAT {
            return Err(Error::from(Reason::OtherFormat).within("format"));
        }
        if head.expires_at.is_some_and(|end| end <= head.issued_at) {
            return Err(Error::from(Reason::Contradiction).within("expires_at"));
        }
        let mut contracts = Vec::new();
        for (place, deployment) in from_rules::<Deployments>(&value)?.contracts.into_iter().enumerate() {
            let its = deployment.into_contracts().map_err(|error| error.within(place).within("contracts"))?;
            contracts.extend(its);
        }
        let lookup = Lookup::new(&head, &contracts)?;
        let Value::Object(document) = value else { return Err(Reason::NotAnObject.into()) };
        Ok(Self { document, head, contracts, lookup })
    }

    /// Everything that was read, known or not.
    #[must_use]
    pub fn document(&self) -> &Object {
        &self.document
    }

    /// A member of the section `attributes`, which is free: a domain names there what its policies need.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Value> {
        self.document.get("attributes")?.as_object()?.get(name)
    }

    /// The document's number, which grows with every issue.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.head.version
    }

    /// Who issues it.
    #[must_use]
    pub fn issuer(&self) -> &DomainName {
        &self.head.issuer
    }

    /// Refuses a registry that is not valid yet or no longer.
    ///
    /// # Errors
    /// With [`Reason::InTheFuture`] or [`Reason::InThePast`].
    pub fn check_time(&self, clock: &Clock) -> Result<()> {
        let at = |name: &'static str| move |reason: Reason| Error::from(reason).within(name);
        if clock.now.after(clock.future) < self.head.issued_at {
            return Err(at("issued_at")(Reason::InTheFuture));
        }
        self.head.expires_at.map_or(Ok(()), |end| clock.check_open(end)).map_err(at("expires_at"))
    }

    /// Refuses a registry that would take back what a newer one says.
    ///
    /// # Errors
    /// With [`Reason::Superseded`] unless it is of the same issuer and of a higher version than `current`.
    pub fn check_replaces(&self, current: &Self) -> Result<()> {
        if self.head.issuer != current.head.issuer {
            return Err(Error::from(Reason::Contradiction).within("issuer"));
        }
        if self.head.version <= current.head.version {
            return Err(Error::from(Reason::Superseded).within("version"));
        }
        Ok(())
    }
}
