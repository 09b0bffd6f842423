use crate::{
    Error, Reason, Result,
    sign::KeyId,
    value::{ChainId, Clock, EvmAddress, Id, Nonce, Party, PathId, Sha256Digest, Timestamp, Uuid, Word},
    wire::Kind,
};

/// Under what a message is remembered, so that it counts once.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ReplayKey {
    /// A message between gateways. There is one ADVERT for each request: a new one has a new request id, also after a
    /// WITHDRAW-ROUTE.
    Gateway {
        /// The key that signed it.
        key: KeyId,
        /// Of the sender's.
        request_id: Id,
        /// Which message.
        kind: Kind,
        /// Whether a SELECT, LOCKED or ABORT names its lock: that COMMIT may follow the SELECT of the same path, and
        /// so may what is said of either.
        names_lock: bool,
        /// The path that it names, if it names one.
        path_id: Option<PathId>,
        /// The lock whose end a SETTLE tells: it names no path, and one request may have locks on several.
        htlc_id: Option<Id>,
        /// Of an ERROR or a WITHDRAW-ROUTE. One request may have several, and none of them binds anybody: each text
        /// counts for itself.
        digest: Option<Sha256Digest>,
    },
    /// An info block.
    Tib {
        /// The payment.
        trace_id: Uuid,
        /// Of the block.
        nonce: Nonce,
    },
    /// A message of a buyer.
    Buyer {
        /// The buyer.
        from: Party,
        /// Of his.
        id: Id,
    },
    /// A payment by EIP-3009.
    Payment {
        /// The chain.
        chain: ChainId,
        /// The token.
        token: EvmAddress,
        /// The payer.
        from: EvmAddress,
        /// Of the authorization.
        nonce: Word,
    },
}

/// What is known of a message that has arrived.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Seen {
    /// Nothing: handle it.
    Never,
    /// The same message was answered: send the stored bytes of that answer again.
    Before,
}

/// Compares a message with what is stored under its [`ReplayKey`]: both by the digest of everything that was received.
///
/// ```
/// use std::collections::HashMap;
/// use tgp_protocol::{
///     Code,
///     identity::{ReplayKey, Seen, remember_until, seen},
///     value::{Clock, Sha256Digest, Timestamp},
/// };
///
/// let clock = Clock::at("2026-11-21T10:00:00Z".parse()?);
/// let quote_ends: Timestamp = "2026-11-21T10:05:00Z".parse()?;
/// let key = ReplayKey::Buyer { from: "buyer://alice.wallet".parse()?, id: "q-1".parse()? };
/// let digest = Sha256Digest::from([1; 32]);
///
/// let mut store = HashMap::new();
/// assert_eq!(seen(store.get(&key), &digest)?, Seen::Never);
/// store.insert(key.clone(), digest);
/// let until = remember_until([quote_ends], &clock);
/// assert!(until > quote_ends, "two clocks may differ");
///
/// // the same message again has the same answer; another one under its key is refused
/// assert_eq!(seen(store.get(&key), &digest)?, Seen::Before);
/// assert_eq!(seen(store.get(&key), &[2; 32].into()).unwrap_err().code(), Code::Replay);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
///
/// # Errors
/// With `REPLAY` when another message was sent under the same key.
pub fn seen(stored: Option<&Sha256Digest>, arrived: &Sha256Digest) -> Result<Seen> {
    match stored {
        None => Ok(Seen::Never),
        Some(digest) if digest == arrived => Ok(Seen::Before),
        Some(_) => Err(Error::from(Reason::KeyReused)),
    }
}

/// Until when a message must be remembered: the latest end of anything that it can still do - its info block, its
/// quote, its lock with the time for a refund, its authorization - and the clock's tolerance on both sides. An entry
/// that is younger is never dropped to make room: new messages are refused instead.
#[must_use]
pub fn remember_until(ends: impl IntoIterator<Item = Timestamp>, clock: &Clock) -> Timestamp {
    let last = ends.into_iter().fold(clock.now, Timestamp::max);
    last.after(clock.past.saturating_add(clock.future))
}
