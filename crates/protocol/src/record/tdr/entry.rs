use super::reference::shows_word;
use crate::{
    Code, Error, Reason, Result,
    value::{Amount, ChainId, EvmAddress, HashLock, Id, PathId, Secret, Sha256Digest, Symbol, Timestamp, Word},
};
use serde::{Deserialize, Serialize};

/// How it ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Served and settled.
    Success,
    /// Paid back.
    Refunded,
    /// Not done: `error_code` says why.
    Failed,
}

impl Status {
    /// The word in records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Refunded => "refunded",
            Self::Failed => "failed",
        }
    }
}

/// The ledger on which it was settled.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Layer8 {
    /// The family that the chain's id names.
    pub family: Family,
    /// The chain.
    pub chain_id: ChainId,
}

impl From<ChainId> for Layer8 {
    fn from(chain_id: ChainId) -> Self {
        Self { family: Family::Evm, chain_id }
    }
}

/// The families of ledgers of this version.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Family {
    /// Chains named by `eip155`.
    #[serde(rename = "EVM")]
    Evm,
}

/// In what it was paid.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Asset {
    /// The label.
    pub symbol: Symbol,
}

/// What happened, before it is numbered, linked and signed.
///
/// ```
/// use tgp_protocol::{
///     Code, Reason,
///     record::tdr::{Asset, Entry, Family, Layer8, Status},
///     value::{Amount, ChainId},
/// };
///
/// let entry = Entry {
///     tdr_id: "tdr-1".parse()?, request_id: "req-1".parse()?, session_id: None, trace_id: "sess-1".parse()?,
///     service: "api".parse()?, verb: "SETTLE".parse()?, ts_start: "2026-11-21T08:14:20Z".parse()?,
///     timestamp: "2026-11-21T08:14:33Z".parse()?, status: Status::Failed, error_code: Some(Code::HtlcTimeout),
///     l8: ChainId::eip155(8453).into(), asset: Asset { symbol: "USDC".parse()? }, amount: Amount::from(10_000),
///     txid: None, block: None, client_id: None, path_id: Some("gwA>gwB".parse()?), rs: None, auth_nonce: None,
///     route_asn: None, policy_hash: [0x11; 32].into(), sso_ids: vec!["sso-1".parse()?, "sso-2".parse()?],
///     hash_lock: None, tdr_receipt_hash: None, triplet_hash: None,
/// };
/// entry.check()?;
/// assert_eq!(entry.l8, Layer8 { family: Family::Evm, chain_id: ChainId::eip155(8453) });
///
/// // what failed says why, and nothing else does
/// assert_eq!(Status::Refunded.as_str(), "refunded");
/// let error = Entry { status: Status::Refunded, ..entry }.check().unwrap_err();
/// assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::Contradiction, "error_code"));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
///
/// No field takes a secret:
///
/// ```compile_fail,E0308
/// # use tgp_protocol::{record::tdr::Entry, value::Secret};
/// # let mut entry: Entry = unimplemented!();
/// entry.hash_lock = Some(Secret::from([7; 32]));
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Of this record, unique.
    pub tdr_id: Id,
    /// Of the request that it is about.
    pub request_id: Id,
    /// Of the session, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<Id>,
    /// Of everything that belongs together, across hops: on plane B the session.
    pub trace_id: Id,
    /// What was served.
    pub service: Id,
    /// The message that ended it.
    pub verb: Id,
    /// When it began.
    pub ts_start: Timestamp,
    /// When it ended.
    pub timestamp: Timestamp,
    /// How it ended.
    pub status: Status,
    /// Why it failed; only then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<Code>,
    /// Where it was settled.
    pub l8: Layer8,
    /// In what.
    pub asset: Asset,
    /// How much, in the smallest unit.
    pub amount: Amount,
    /// The transaction that settled it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub txid: Option<Word>,
    /// Its block.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<u64>,
    /// Whose request it was, as this peer knows him.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<Id>,
    /// The path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_id: Option<PathId>,
    /// The settlement address of the resource server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rs: Option<EvmAddress>,
    /// The nonce of the buyer's token authorization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_nonce: Option<Word>,
    /// The number of the autonomous system of the route.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route_asn: Option<u32>,
    /// The policy of the quote.
    pub policy_hash: Sha256Digest,
    /// The ledger summaries of the quote, sorted, each once.
    pub sso_ids: Vec<Id>,
    /// Under which hash value was locked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash_lock: Option<HashLock>,
    /// Of the receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tdr_receipt_hash: Option<Sha256Digest>,
    /// Of the triplet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub triplet_hash: Option<Sha256Digest>,
}

impl Entry {
    /// Checks what holds between fields, and that nothing in it opens its own lock.
    ///
    /// # Errors
    /// With the field that is wrong.
    pub fn check(&self) -> Result<()> {
        let at = |reason: Reason, name: &'static str| Err(Error::from(reason).within(name));
        if self.ts_start > self.timestamp {
            return at(Reason::Contradiction, "ts_start");
        }
        match (self.status, self.error_code) {
            (Status::Failed, None) => return at(Reason::Missing, "error_code"),
            (Status::Success | Status::Refunded, Some(_)) => return at(Reason::Contradiction, "error_code"),
            (Status::Failed, Some(_)) | (Status::Success | Status::Refunded, None) => {}
        }
        if !self.sso_ids.windows(2).all(|pair| pair[0] < pair[1]) {
            return at(Reason::Contradiction, "sso_ids");
        }
        self.check_privacy()
    }

    /// 32 bytes of hex are no id, and no word of the record may be the secret of its lock.
    fn check_privacy(&self) -> Result<()> {
        let ids = [
            ("tdr_id", Some(&self.tdr_id)),
            ("request_id", Some(&self.request_id)),
            ("session_id", self.session_id.as_ref()),
            ("trace_id", Some(&self.trace_id)),
            ("service", Some(&self.service)),
            ("verb", Some(&self.verb)),
            ("client_id", self.client_id.as_ref()),
        ];
        let shows = |name: &'static str| Err(Error::from(Reason::ShowsSecret).within(name));
        for (name, id) in ids {
            if id.is_some_and(|id| shows_word(id.as_str())) {
                return shows(name);
            }
        }
        if self.path_id.as_ref().is_some_and(|path| shows_word(path.as_str())) {
            return shows("path_id");
        }
        if self.sso_ids.iter().any(|id| shows_word(id.as_str())) {
            return shows("sso_ids");
        }
        let Some(lock) = self.hash_lock else { return Ok(()) };
        let words = [
            ("txid", self.txid.map(|word| word.0)),
            ("auth_nonce", self.auth_nonce.map(|word| word.0)),
            ("policy_hash", Some(self.policy_hash.0)),
            ("tdr_receipt_hash", self.tdr_receipt_hash.map(|hash| hash.0)),
            ("triplet_hash", self.triplet_hash.map(|hash| hash.0)),
        ];
        for (name, word) in words {
            if word.is_some_and(|word| Secret(word).opens(&lock)) {
                return shows(name);
            }
        }
        Ok(())
    }
}
