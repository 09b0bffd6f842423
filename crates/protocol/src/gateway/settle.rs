use super::{
    Envelope,
    envelope::{bound, bound_builders, header},
    money,
};
use crate::{
    Error, Reason, Result,
    json::Kept,
    tib::{StateRef, Tib, Verb},
    value::{Decimal, DomainName, Id, Sha256Digest, Timestamp, Word},
    wire::{Kind, Message},
};
use serde::{Deserialize, Serialize};

/// SETTLE: how one lock ended, from whoever saw it final to the other party of that lock. It tells the receiver to look
/// at the chain; only the chain settles.
///
/// ```
/// use tgp_protocol::{Reason, gateway::{Settle, SettleStatus}, tib::StateRef, wire::Message};
///
/// let (time, sender) = ("2025-12-01T10:00:33Z".parse()?, "b.example".parse()?);
/// let (lock, status) = ("htlc-1".parse()?, SettleStatus::Settled);
/// let settle = Settle::new("req-1".parse()?, time, sender, lock, status, "9.50".parse()?, vec![[0xe1; 32].into()])
///     .with_state_refs(vec![StateRef::block_header(122, [0xb1; 32].into())])
///     .with_policy_hash([1; 32].into());
/// settle.to_object()?;
///
/// // nobody need believe it: without a transaction to look at, it says nothing
/// let mut bare = settle;
/// bare.settlement_txids.clear();
/// assert_eq!(bare.to_object().unwrap_err().reason(), Reason::Missing);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Settle {
    /// That of the query.
    pub request_id: Id,
    /// When it was sent.
    pub timestamp: Timestamp,
    /// Who sent and signed it.
    pub sender: DomainName,
    /// The lock's name, as LOCKED gave it.
    pub htlc_id: Id,
    /// How it ended.
    pub status: SettleStatus,
    /// What the payee got, or the payer got back, in whole units.
    #[serde(deserialize_with = "money::read")]
    pub final_amount: Decimal,
    /// The transactions that show it.
    #[serde(default)]
    pub settlement_txids: Vec<Word>,
    /// Those of the quote.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sso_ids: Vec<Id>,
    /// That of the quote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_hash: Option<Sha256Digest>,
    /// Concrete blocks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub state_refs: Vec<StateRef>,
    /// Value, identity and policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tib: Option<Box<Kept<Tib>>>,
}

/// How a lock ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum SettleStatus {
    /// The payee has claimed.
    Settled,
    /// The payer has it back.
    Refunded,
}

impl Settle {
    /// The end of a lock; what it is bound to is still to be named.
    #[must_use]
    pub fn new(
        request_id: Id,
        timestamp: Timestamp,
        sender: DomainName,
        htlc_id: Id,
        status: SettleStatus,
        final_amount: Decimal,
        settlement_txids: Vec<Word>,
    ) -> Self {
        Self {
            request_id,
            timestamp,
            sender,
            htlc_id,
            status,
            final_amount,
            settlement_txids,
            sso_ids: Vec::new(),
            policy_hash: None,
            state_refs: Vec::new(),
            tib: None,
        }
    }
}

impl Message for Settle {
    const KIND: Kind = Kind::Settle;

    fn check(&self) -> Result<()> {
        let at = |reason: Reason, name: &'static str| Error::from(reason).within(name);
        if self.settlement_txids.is_empty() {
            return Err(at(Reason::Missing, "settlement_txids"));
        }
        if self.final_amount == Decimal::default() {
            return Err(at(Reason::ZeroAmount, "final_amount"));
        }
        self.bound().check_for(Verb::Settle)
    }
}

impl Envelope for Settle {
    header!();
    bound!();
}

bound_builders!(Settle);
