use super::{
    Advert, Envelope,
    envelope::{bound, bound_builders, header},
    money,
};
use crate::{
    Error, Reason, Result,
    json::{Kept, Object, Value},
    tib::{SettlementMode, StateRef, Tib, ValueLayer, Verb},
    value::{ChainId, Clock, Decimal, DomainName, EvmAddress, HashLock, Id, PathId, Sha256Digest, Timestamp, Word},
    wire::{Kind, Message},
};
use serde::{Deserialize, Serialize};

/// SELECT: this path. The payer of each lock sends it to the payee of that lock; with `lock_ref` it says that the money
/// is locked, and `message_type` COMMIT may be written for it.
///
/// ```
/// use tgp_protocol::{
///     Code,
///     gateway::{Advert, HtlcParams, LockRef, Locked, LockedStatus, Select},
///     tib::StateRef,
///     value::{ChainId, Clock, EvmAddress, Timestamp},
///     wire::Message,
/// };
///
/// # use tgp_protocol::gateway::{Cost, Path, PathAttributes};
/// # let cost = Cost::new("8.50".parse()?, "0.01".parse()?, 100, "USDC".parse()?);
/// # let attributes = PathAttributes::new(tgp_protocol::tib::EscrowType::Htlc, 120, vec![]);
/// # let (name, hop, risk) = ("path-1".parse()?, "c.example".parse()?, "0.01".parse()?);
/// # let path = Path::new(name, hop, cost, "9.50".parse()?, risk, attributes).as_budget();
/// # use tgp_protocol::{gateway::Invoice, sign::SigningKey, value::Secret};
/// # let (c, secret) = (SigningKey::from_seed(&[3; 32]), Secret::from(std::array::from_fn(|place| place as u8)));
/// # let expiry = "2025-12-01T10:01:00Z".parse()?;
/// # let payee = "eh:tbcz:8Qk".parse()?;
/// # let invoice = Invoice::new("req-1".parse()?, secret.hash_lock(), "9.50".parse()?, expiry, payee).sign(&c)?;
/// # let time = |text: &str| format!("2025-12-01T{text}Z").parse::<Timestamp>();
/// # let advert = Advert::new("req-1".parse()?, time("10:00:02")?, "c.example".parse()?, vec![path], 60)
/// #     .with_invoice(invoice).with_summaries(vec!["sso-1".parse()?]).with_policy_hash([1; 32].into());
/// // the payer has locked what the advert asks, under the invoice's hash, and says where
/// let params = HtlcParams { hash: secret.hash_lock(), timeout: time("10:04:30")?, amount: "9.50".parse()? };
/// let (chain, contract) = (ChainId::eip155(369), EvmAddress([0xcc; 20].into()));
/// let lock = LockRef { chain, contract, lock_id: [1; 32].into(), tx_hash: [2; 32].into(), block: 100 };
/// let select = Select::new("req-1".parse()?, time("10:00:06")?, "b.example".parse()?, "path-1".parse()?, params)
///     .with_lock(lock, time("10:01:00")?)
///     .with_state_refs(vec![StateRef::block_header(100, [0xb1; 32].into())])
///     .with_summaries(vec!["sso-1".parse()?])
///     .with_policy_hash([1; 32].into());
/// select.to_object()?;
///
/// // the payee: is it what was quoted, and in time?
/// select.check_against(&advert, &Clock::at(time("10:00:07")?), [])?;
/// let late = select.check_against(&advert, &Clock::at(time("10:01:00")?), []);
/// assert_eq!(late.unwrap_err().code(), Code::QuoteExpired);
///
/// // it answers when everything below is locked; a lock is the contract's id, whichever transaction is named
/// let locked = Locked::answering(&select, time("10:00:08")?, "c.example".parse()?, "htlc-1".parse()?);
/// locked.check_against(&select)?;
/// assert_eq!(locked.status, LockedStatus::Locked);
/// assert!(lock.is(&LockRef { tx_hash: [3; 32].into(), ..lock }));
/// assert!(!lock.is(&LockRef { lock_id: [9; 32].into(), ..lock }));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Select {
    /// That of the query.
    pub request_id: Id,
    /// When it was sent.
    pub timestamp: Timestamp,
    /// Who sent and signed it.
    pub sender: DomainName,
    /// The path, by the receiver's name for it.
    pub path_id: PathId,
    /// The lock.
    pub htlc_params: HtlcParams,
    /// Where the lock stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock_ref: Option<LockRef>,
    /// The last time at which the lock may enter the chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock_deadline: Option<Timestamp>,
    /// Those of the quote.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sso_ids: Vec<Id>,
    /// That of the quote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_hash: Option<Sha256Digest>,
    /// Concrete blocks; required with a lock.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub state_refs: Vec<StateRef>,
    /// Value, identity and policy: of this lock, with its hash and its amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tib: Option<Box<Kept<Tib>>>,
}

/// A hash lock.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HtlcParams {
    /// The invoice's, on every hop.
    pub hash: HashLock,
    /// When the payer may take it back.
    pub timeout: Timestamp,
    /// The path's `lock_amount`.
    #[serde(deserialize_with = "money::read")]
    pub amount: Decimal,
}

/// Where a lock stands. The contract's id is the lock's identity; ids of messages are names for it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct LockRef {
    /// The chain.
    pub chain: ChainId,
    /// The contract.
    pub contract: EvmAddress,
    /// The contract's id.
    pub lock_id: Word,
    /// The transaction.
    pub tx_hash: Word,
    /// Its block.
    pub block: u64,
}

impl Select {
    /// A selection; what it is bound to is still to be named.
    #[must_use]
    pub fn new(
        request_id: Id,
        timestamp: Timestamp,
        sender: DomainName,
        path_id: PathId,
        htlc_params: HtlcParams,
    ) -> Self {
        Self {
            request_id,
            timestamp,
            sender,
            path_id,
            htlc_params,
            lock_ref: None,
            lock_deadline: None,
            sso_ids: Vec::new(),
            policy_hash: None,
            state_refs: Vec::new(),
            tib: None,
        }
    }

    /// With the lock, which could enter the chain until then.
    #[must_use]
    pub fn with_lock(mut self, lock: LockRef, deadline: Timestamp) -> Self {
        self.lock_ref = Some(lock);
        self.lock_deadline = Some(deadline);
        self
    }

    /// Checks a selection against the advert that it answers, for the gateway that sent the advert: the request, a path
    /// of it that is served and still open, summaries and policy, the invoice's hash, the path's amount. Where the
    /// advert has an info block, the lock stands on its chain and in its contract, and a block of the selection has its
    /// network, asset and escrow contract. `others` are ends that the gateway knows besides; see [`Advert::expiry`].
    ///
    /// # Errors
    /// With the field that is wrong: `QUOTE_EXPIRED` after the quote's end, `SSO_MISMATCH` for other summaries,
    /// [`Reason::Contradiction`] for another block.
    pub fn check_against(
        &self,
        advert: &Advert,
        clock: &Clock,
        others: impl IntoIterator<Item = Timestamp>,
    ) -> Result<()> {
        let at = |reason: Reason, name: &'static str| Error::from(reason).within(name);
        let params = |reason: Reason, name: &'static str| at(reason, name).within("htlc_params");
        if self.request_id != advert.request_id {
            return Err(at(Reason::OtherExchange, "request_id"));
        }
        let path = advert.path(&self.path_id).ok_or_else(|| at(Reason::UnknownPath, "path_id"))?;
        path.attributes.escrow_type.require_served().map_err(|reason| at(reason, "path_id"))?;
        clock.check_open(advert.expiry(others)).map_err(|reason| at(reason, "path_id"))?;
        self.bound().check_same(&advert.bound())?;
        let invoice = advert.invoice.as_ref().ok_or_else(|| at(Reason::Missing, "invoice"))?;
        if self.htlc_params.hash != invoice.fields().hashlock {
            return Err(params(Reason::OtherExchange, "hash"));
        }
        if Some(self.htlc_params.amount) != path.lock_amount {
            return Err(params(Reason::NotLockAmount, "amount"));
        }
        if let Some(offered) = advert.tib.as_ref().and_then(|tib| tib.fields().l8_value.as_ref()) {
            self.check_place(offered)?;
        }
        if let Some(tib) = &self.tib {
            tib.fields().check_open(clock).map_err(|error| error.within("tib"))?;
        }
        clock.check_open(self.htlc_params.timeout).map_err(|reason| params(reason, "timeout"))
    }

    /// What the advert's block says of the place holds for the lock, and for the block of the selection.
    fn check_place(&self, offered: &ValueLayer) -> Result<()> {
        if let Some(lock) = &self.lock_ref {
            lock.check_place(offered).map_err(|error| error.within("lock_ref"))?;
        }
        let chosen = self.tib.as_ref().and_then(|tib| tib.fields().l8_value.as_ref());
        chosen.map_or(Ok(()), |layer| {
            layer.check_same_place(offered).map_err(|error| error.within("l8_value").within("tib"))
        })
    }

    /// The info block of a selection is about the lock that the selection names, and is good when it is sent. A hash or
    /// contract that the block leaves open is not compared, and neither is `timelock_ms`.
    fn check_block(&self, tib: &Tib) -> Result<()> {
        let contradicts = |name: &'static str| Error::from(Reason::Contradiction).within(name);
        if let Some(layer) = &tib.l8_value {
            if layer.settlement.mode != SettlementMode::Escrow {
                return Err(contradicts("mode").within("settlement").within("l8_value").within("tib"));
            }
            if layer.settlement.hashlock.is_some_and(|lock| lock != self.htlc_params.hash) {
                return Err(contradicts("hash").within("htlc_params"));
            }
            if layer.amount != self.htlc_params.amount {
                return Err(contradicts("amount").within("htlc_params"));
            }
            if let Some(lock) = &self.lock_ref {
                lock.check_place(layer).map_err(|error| error.within("lock_ref"))?;
            }
        }
        tib.check_open(&Clock::at(self.timestamp)).map_err(|error| error.within("tib"))
    }

    fn verb(&self) -> Verb {
        if self.lock_ref.is_some() { Verb::Commit } else { Verb::Select }
    }
}

impl Message for Select {
    const KIND: Kind = Kind::Select;

    fn respell(object: &Object) -> Result<Option<Object>> {
        if object.given("parts").is_some() {
            return Err(Error::from(Reason::PartsReserved).within("parts"));
        }
        let commit = object.get("message_type").and_then(Value::as_str) == Some("COMMIT");
        if commit && object.given("lock_ref").is_none() {
            return Err(Error::from(Reason::Missing).within("lock_ref"));
        }
        Ok(None)
    }

    fn check(&self) -> Result<()> {
        let at = |reason: Reason, name: &'static str| Error::from(reason).within(name);
        let params = |reason: Reason, name: &'static str| at(reason, name).within("htlc_params");
        self.htlc_params.hash.check().map_err(|reason| params(reason, "hash"))?;
        if self.htlc_params.amount == Decimal::default() {
            return Err(params(Reason::ZeroAmount, "amount"));
        }
        if self.htlc_params.timeout <= self.timestamp {
            return Err(params(Reason::InThePast, "timeout"));
        }
        if self.lock_deadline.is_some_and(|deadline| self.htlc_params.timeout <= deadline) {
            return Err(at(Reason::Contradiction, "lock_deadline"));
        }
        if let Some(lock) = &self.lock_ref {
            lock.check().map_err(|error| error.within("lock_ref"))?;
        }
        self.bound().check_for(self.verb())?;
        self.tib.as_ref().map_or(Ok(()), |tib| self.check_block(tib.fields()))
    }
}

impl LockRef {
    pub(super) fn check(&self) -> Result<()> {
        if self.contract.is_zero() { Err(Error::from(Reason::ZeroAddress).within("contract")) } else { Ok(()) }
    }

    /// The lock stands on the block's chain, which is of no other family then, and in its contract, if it names one.
    fn check_place(&self, layer: &ValueLayer) -> Result<()> {
        let contradicts = |name: &'static str| Err(Error::from(Reason::Contradiction).within(name));
        if layer.network.chain() != Some(self.chain) {
            return contradicts("chain");
        }
        if layer.settlement.escrow_contract.is_some_and(|contract| contract != self.contract) {
            return contradicts("contract");
        }
        Ok(())
    }

    /// Whether it is the same lock, whichever transaction of it is named.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        (self.chain, self.contract, self.lock_id) == (other.chain, other.contract, other.lock_id)
    }
}

impl Envelope for Select {
    header!();
    bound!();

    fn path_id(&self) -> Option<&PathId> {
        Some(&self.path_id)
    }
}

bound_builders!(Select);
