use crate::{
    Error, Reason, Result,
    json::Kept,
    sign::{KeyId, PublicKey, SigningKey, sign_kept, verify_member},
    value::{Clock, DomainName, Label, Timestamp},
};
use serde::{Deserialize, Serialize};
use std::{collections::HashSet, fmt, str::FromStr};

const PURPOSE: &str = "keys";
const SIG: &str = "sig";

/// Verifying a signature costs time: a message without a key id must not buy more of it than this.
const MOST_TRIED: usize = 16;

/// The keys of a domain: the document at `/.well-known/tgp-keys.json`, signed by the domain's root key, which peers
/// learned when they agreed to talk.
///
/// A key changes by overlap: the new one is published beside the old one, the old one stops signing at `not_after` and
/// verifies until `verify_until`, so that what is under way can end.
///
/// ```
/// use tgp_protocol::{
///     Reason,
///     identity::{DirectoryKey, Found, KeyDirectory, KeyText, Revocation, Role},
///     sign::SigningKey,
///     value::{Clock, Timestamp},
/// };
///
/// let at = |time: &str| format!("2026-11-21T{time}Z").parse::<Timestamp>();
/// let [root, old, new, stolen] = [9, 1, 2, 3].map(|byte| SigningKey::from_seed(&[byte; 32]));
/// let key = |key: &SigningKey, from, to| DirectoryKey::new(key.public_key(), vec![Role::Message], from, to);
/// let keys = vec![
///     key(&old, at("09:00:00")?, at("10:30:00")?).with_verify_until(at("11:00:00")?),
///     key(&new, at("10:00:00")?, at("20:00:00")?),
///     key(&stolen, at("09:00:00")?, at("20:00:00")?),
/// ];
/// assert_eq!(keys[1].key, KeyText::Ed25519(new.public_key()));
/// let directory = KeyDirectory::new("gateway-b.example".parse()?, at("09:30:00")?, at("20:00:00")?, keys)
///     .with_revoked(stolen.public_key().id(), at("10:15:00")?);
/// directory.check()?;
/// let published = directory.sign(&root)?;
/// assert_eq!(KeyDirectory::PATH, "/.well-known/tgp-keys.json");
///
/// // a peer that knows the root
/// published.verify(&root.public_key(), &Clock::at(at("10:45:00")?))?;
/// let directory = published.fields();
/// directory.check_sender(&"gateway-b.example".parse()?)?;
/// let find = |key: &SigningKey| directory.key(key.public_key().id(), Role::Message, at("10:45:00")?);
/// assert_eq!(find(&new)?, Found { key: new.public_key(), verify_only: false });
/// assert!(find(&old)?.verify_only, "what it signed may still end");
/// assert_eq!(directory.revoked, [Revocation { kid: stolen.public_key().id(), since: at("10:15:00")? }]);
/// assert_eq!(find(&stolen).unwrap_err().reason(), Reason::KeyRevoked);
/// let signing: Vec<_> = directory.current(Role::Message, at("10:45:00")?).map(|found| found.key).collect();
/// assert_eq!(signing, [new.public_key()]);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct KeyDirectory {
    /// Whose keys.
    pub domain: DomainName,
    /// A later document replaces an earlier one.
    pub issued_at: Timestamp,
    /// After this the document must be fetched anew.
    pub expires_at: Timestamp,
    /// The keys.
    pub keys: Vec<DirectoryKey>,
    /// Keys that no longer count, whatever their time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revoked: Vec<Revocation>,
}

/// A published key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DirectoryKey {
    /// Its id; of an Ed25519 key, the hash of the key.
    pub kid: KeyId,
    /// The key.
    pub key: KeyText,
    /// What it is for.
    pub roles: Vec<Role>,
    /// From when it signs.
    pub not_before: Timestamp,
    /// Until when it signs.
    pub not_after: Timestamp,
    /// Until when what it signed is verified; as `not_after` where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verify_until: Option<Timestamp>,
}

/// A key that no longer counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Revocation {
    /// Which.
    pub kid: KeyId,
    /// Since when. What it signed before is refused too: a stolen key can sign with any date.
    pub since: Timestamp,
}

/// What a key is for. Each role has keys of its own. A directory stays readable when a later version adds one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Connections.
    Tls,
    /// Messages, and what is signed inside them.
    Message,
    /// Transactions that lock.
    ChainLock,
    /// Transactions that claim.
    ChainClaim,
    /// Where refunds and profits go.
    Sweep,
    /// Ledger summaries.
    Sso,
    /// Receipts and records.
    Receipt,
    /// Sealed parts.
    Hpke,
    /// One that this version does not know. No key is ever found for it, and it cannot be written.
    #[serde(other, skip_serializing)]
    Unknown,
}

/// A key as it is published: the Ed25519 keys are read, others are carried.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum KeyText {
    /// Signs messages, summaries and receipts.
    Ed25519(PublicKey),
    /// Of another algorithm, such as `x25519:..` or a CAIP-10 account. It never verifies a message.
    Other(Label),
}

impl FromStr for KeyText {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        if text.starts_with("ed25519:") { text.parse().map(Self::Ed25519) } else { text.parse().map(Self::Other) }
    }
}

impl fmt::Display for KeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ed25519(key) => fmt::Display::fmt(key, f),
            Self::Other(text) => fmt::Display::fmt(text, f),
        }
    }
}

crate::value::serde_by_text!(KeyText);

/// A key that was looked up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Found {
    /// The key.
    pub key: PublicKey,
    /// It has stopped signing: it verifies what is under way, and nothing new may begin with it.
    pub verify_only: bool,
}

impl DirectoryKey {
    /// An Ed25519 key for these roles, in this time.
    #[must_use]
    pub fn new(key: PublicKey, roles: Vec<Role>, not_before: Timestamp, not_after: Timestamp) -> Self {
        Self { kid: key.id(), key: KeyText::Ed25519(key), roles, not_before, not_after, verify_until: None }
    }

    /// It verifies until then.
    #[must_use]
    pub fn with_verify_until(mut self, time: Timestamp) -> Self {
        self.verify_until = Some(time);
        self
    }

    fn last(&self) -> Timestamp {
        self.verify_until.unwrap_or(self.not_after)
    }

    /// The key, for this role at this time, unless it is revoked.
    fn found(&self, role: Role, at: Timestamp) -> Result<Found, Reason> {
        let KeyText::Ed25519(key) = self.key else { return Err(Reason::BadKey) };
        if role == Role::Unknown || !self.roles.contains(&role) {
            return Err(Reason::OtherRole);
        }
        if at < self.not_before || self.last() <= at {
            return Err(Reason::KeyNotValid);
        }
        Ok(Found { key, verify_only: self.not_after <= at })
    }

    fn check(&self) -> Result<()> {
        let at = |reason: Reason, name: &'static str| Error::from(reason).within(name);
        if let KeyText::Ed25519(key) = &self.key
            && key.id() != self.kid
        {
            return Err(at(Reason::HashMismatch, "kid"));
        }
        if self.roles.is_empty() {
            return Err(at(Reason::WrongLength, "roles"));
        }
        if self.not_after <= self.not_before {
            return Err(at(Reason::Contradiction, "not_after"));
        }
        if self.last() < self.not_after {
            return Err(at(Reason::Contradiction, "verify_until"));
        }
        Ok(())
    }
}

impl KeyDirectory {
    /// Where a domain publishes its directory.
    pub const PATH: &'static str = "/.well-known/tgp-keys.json";

    /// A directory without revocations, unsigned.
    #[must_use]
    pub fn new(domain: DomainName, issued_at: Timestamp, expires_at: Timestamp, keys: Vec<DirectoryKey>) -> Self {
        Self { domain, issued_at, expires_at, keys, revoked: Vec::new() }
    }

    /// With a key that no longer counts.
    #[must_use]
    pub fn with_revoked(mut self, kid: KeyId, since: Timestamp) -> Self {
        self.revoked.push(Revocation { kid, since });
        self
    }

    /// Signs the directory with the domain's root key.
    ///
    /// # Errors
    /// When the directory does not hold together.
    pub fn sign(self, root: &SigningKey) -> Result<Kept<Self>> {
        self.check()?;
        sign_kept(self, PURPOSE, SIG, root)
    }

    /// Checks what holds between fields.
    ///
    /// # Errors
    /// With the field that is wrong.
    pub fn check(&self) -> Result<()> {
        if self.expires_at <= self.issued_at {
            return Err(Error::from(Reason::Contradiction).within("expires_at"));
        }
        let mut kids = HashSet::with_capacity(self.keys.len());
        for (place, key) in self.keys.iter().enumerate() {
            let at = |error: Error| error.within(place).within("keys");
            key.check().map_err(at)?;
            if !kids.insert(key.kid) {
                return Err(at(Error::from(Reason::DuplicateName).within("kid")));
            }
        }
        Ok(())
    }

    /// The Ed25519 key of this id, for this role, at this time.
    ///
    /// # Errors
    /// With `SIG_INVALID`, and as reason whether the key is unknown, revoked, for another role, or out of its time.
    pub fn key(&self, kid: KeyId, role: Role, at: Timestamp) -> Result<Found> {
        let refused = |reason: Reason| Err(Error::from(reason).within("kid"));
        if self.revoked.iter().any(|revocation| revocation.kid == kid) {
            return refused(Reason::KeyRevoked);
        }
        let Some(entry) = self.keys.iter().find(|entry| entry.kid == kid) else {
            return refused(Reason::UnpublishedKey);
        };
        entry.found(role, at).or_else(refused)
    }

    /// The keys that may sign for this role now: at most 16 are given.
    pub fn current(&self, role: Role, at: Timestamp) -> impl Iterator<Item = Found> {
        let revoked: HashSet<KeyId> = self.revoked.iter().map(|revocation| revocation.kid).collect();
        let keys = self.keys.iter().filter(move |entry| !revoked.contains(&entry.kid));
        let found = keys.filter_map(move |entry| entry.found(role, at).ok());
        found.filter(|found| !found.verify_only).take(MOST_TRIED)
    }

    /// Refuses a sender who is not the directory's domain.
    ///
    /// # Errors
    /// With [`Reason::NotTheSender`] at `sender`.
    pub fn check_sender(&self, sender: &DomainName) -> Result<()> {
        if *sender == self.domain { Ok(()) } else { Err(Error::from(Reason::NotTheSender).within("sender")) }
    }
}

impl Kept<KeyDirectory> {
    /// Checks a directory that was fetched: the root's signature over everything, the document's time, its fields.
    ///
    /// # Errors
    /// With the field that is wrong.
    pub fn verify(&self, root: &PublicKey, clock: &Clock) -> Result<()> {
        verify_member(PURPOSE, self.object(), SIG, root)?;
        let directory = self.fields();
        directory.check()?;
        if clock.now.after(clock.future) < directory.issued_at {
            return Err(Error::from(Reason::InTheFuture).within("issued_at"));
        }
        clock.check_open(directory.expires_at).map_err(|reason| Error::from(reason).within("expires_at"))
    }
}
