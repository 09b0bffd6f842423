//! One valid message of every kind, and ways to spoil them.

// a helper that fails ends the test
#![allow(clippy::unwrap_used)]

use tgp_protocol::{
    Reason,
    gateway::{
        Abort, Advert, Attributes, Bond, Cost, ErrorReport, GatewayMessage, HtlcParams, Invoice, LockRef, Locked, Path,
        PathAttributes, Proof, ProofData, Query, Release, Select, Settle, SettleStatus, WithdrawRoute,
    },
    json::{self, Kept, Object, Value},
    ledger::policy_hash,
    sign::{self, SigningKey},
    tib::{
        Asset, Audit, Entities, EscrowType, IdentityLayer, Meta, Network, PolicyLayer, Role, Rules, Settlement,
        SettlementMode, StateRef, TdrLevel, Tib, ValueLayer,
    },
    value::{ChainId, EpochMillis, HashLock, Id, Label, Secret, Sha256Digest, Timestamp, Word},
    wire::{Kind, Message},
};

/// Reads a value of a test's own text.
#[track_caller]
pub(crate) fn v<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

pub(crate) fn secret() -> Secret {
    let mut bytes = [0x5a; 32];
    bytes[0] = 1;
    bytes.into()
}

pub(crate) fn hashlock() -> HashLock {
    secret().hash_lock()
}

pub(crate) fn object(text: &str) -> Object {
    match json::parse(text.as_bytes()) {
        Ok(Value::Object(object)) => object,
        other => panic!("no object: {other:?}"),
    }
}

pub(crate) fn summaries() -> Vec<Id> {
    vec![v("sso-id-1"), v("sso-id-2")]
}

pub(crate) fn policy() -> Object {
    object(r#"{"allow_networks":[{"family":"EVM","chain_id":369}],"deny_jurisdictions":["RU"]}"#)
}

pub(crate) fn hash() -> Sha256Digest {
    policy_hash(&policy(), &summaries())
}

pub(crate) fn word(byte: u8) -> Word {
    [byte; 32].into()
}

pub(crate) fn state_refs(height: u64) -> Vec<StateRef> {
    vec![StateRef::block_header(height, word(0xb1))]
}

pub(crate) fn lock(id: u8) -> LockRef {
    LockRef {
        chain: ChainId::eip155(369),
        contract: v("0x00000000000000000000000000000000000000cc"),
        lock_id: word(id),
        tx_hash: word(0xaa),
        block: 23_456_789,
    }
}

pub(crate) fn at(time: &str) -> Timestamp {
    v(&format!("2025-12-01T{time}Z"))
}

pub(crate) fn invoice(amount: &str) -> Kept<Invoice> {
    let invoice = Invoice::new(v("req-abc-123"), hashlock(), v(amount), at("10:01:00"), v("eh:tbcz:8Qk"));
    invoice.sign(&key(3)).unwrap()
}

pub(crate) fn tib_fields() -> Tib {
    let meta = Meta::new(
        [7; 16].into(),
        EpochMillis::from_millis(1_764_583_260_000),
        v("6f1c5f3e-0b1a-4f6e-9d6c-2f9a0e1b2c3d"),
    );
    let usdc = Asset::evm(v("USDC"), v("0x00000000000000000000000000000000000000dd"), 6);
    let settlement = Settlement::new(SettlementMode::Escrow, 180_000).with_hashlock(hashlock());
    let network = Network::evm(ChainId::eip155(369));
    let value =
        ValueLayer::new(network, usdc, v("9.50"), settlement, summaries()).with_state_refs(state_refs(23_456_789));
    let party = |handle: &str| tgp_protocol::tib::Endpoint::new(v(handle));
    let identity = IdentityLayer::new(Entities::new(v("did:loe:dbigge"), party("eh:tbca:9x"), party("eh:tbcz:8Qk")));
    let rules = Kept::<Rules>::from_object(policy()).unwrap();
    let roles = vec![Role::new(v("router"), v("as12345"), vec![tgp_protocol::tib::Right::Route])];
    let layer = PolicyLayer::new(roles, rules, Audit::new(TdrLevel::Summary, v("syslog://tbc.local:514")));
    Tib::new(meta, value, identity, layer.with_policy_hash(hash()))
}

pub(crate) fn path() -> Path {
    let cost = Cost::new(v("8.50"), v("0.01"), 100, v("USDC"));
    let attributes = PathAttributes::new(EscrowType::Htlc, 120, vec![v::<Label>("KYC")]);
    Path::new(v("path-direct-c"), v("provider-c.example.com"), cost, v("9.50"), v("0.01"), attributes).as_budget()
}

fn release() -> Release {
    let lock = lock(1);
    let signature = format!("0x{}1b", "11".repeat(64));
    Release { chain: lock.chain, contract: lock.contract, lock_id: lock.lock_id, signature: v(&signature) }
}

pub(crate) fn query() -> Query {
    let attributes = Attributes::new(v("10.00"), v("USDC"), at("10:05:00"))
        .as_budget()
        .with_compliance(vec![v("KYC")])
        .with_qos(500, v("0.99"));
    let (from, to) = (v("client-a.example.com"), v("provider-c.example.com"));
    Query::new(v("req-abc-123"), at("10:00:00"), from, to, attributes).with_summaries(summaries())
}

pub(crate) fn advert() -> Advert {
    let (id, from) = (v("req-abc-123"), v("provider-c.example.com"));
    let bond = Bond { asset: v("USDC"), amount: v("0.25"), refundable: true, terms: v("terms-1") };
    Advert::new(id, at("10:00:02"), from, vec![path()], 60)
        .with_invoice(invoice("9.50"))
        .with_bond(bond)
        .with_summaries(summaries())
        .with_policy_hash(hash())
        .with_withdrawn(vec![v("path-old")])
}

pub(crate) fn select() -> Select {
    let params = HtlcParams { hash: hashlock(), timeout: at("10:04:30"), amount: v("9.50") };
    Select::new(v("req-abc-123"), at("10:00:06"), v("gateway-b.example.com"), v("path-direct-c"), params)
        .with_lock(lock(1), at("10:01:00"))
        .with_state_refs(state_refs(23_456_789))
        .with_summaries(summaries())
        .with_policy_hash(hash())
}

pub(crate) fn locked() -> Locked {
    Locked::answering(&select(), at("10:00:07"), v("provider-c.example.com"), v("htlc-c-12345"))
}

pub(crate) fn proof() -> Proof {
    let data = ProofData::new([9; 32].into(), hashlock()).sign(&key(3)).unwrap();
    Proof::new(v("req-abc-123"), at("10:00:31"), v("provider-c.example.com"), secret(), data)
        .with_state_refs(state_refs(23_456_790))
}

pub(crate) fn settle() -> Settle {
    let (id, from) = (v("req-abc-123"), v("gateway-b.example.com"));
    let status = SettleStatus::Settled;
    Settle::new(id, at("10:00:33"), from, v("htlc-c-12345"), status, v("9.50"), vec![word(0xe1)])
        .with_state_refs(state_refs(23_456_791))
        .with_policy_hash(hash())
        .with_summaries(summaries())
}

pub(crate) fn abort() -> Abort {
    let request = Abort::request(v("req-abc-123"), at("10:00:09"), v("a.example"), v("path-via-b"), Some(lock(1)));
    request.answer(at("10:00:10"), v("b.example"), release())
}

/// A valid, signed message of this kind, with every member that the kind knows but the info block.
pub(crate) fn sample(kind: Kind) -> Object {
    fn signed<M: Message>(message: &M) -> Object {
        message.to_signed(&key(1)).expect("a valid message")
    }
    let error = tgp_protocol::Error::from(Reason::UnknownPath);
    let (id, from) = (v::<Id>("req-abc-123"), v("gateway-b.example.com"));
    match kind {
        Kind::Query => signed(&query()),
        Kind::Advert => signed(&advert()),
        Kind::Select => signed(&select()),
        Kind::Locked => signed(&locked()),
        Kind::Proof => signed(&proof().with_settlement_txids(vec![word(0xe0)])),
        Kind::Settle => signed(&settle()),
        Kind::Error => {
            let report = ErrorReport::new(id, at("10:00:09"), from, &error);
            signed(&report.at_hop(v("gateway-b.example.com")).on_path(v("path-via-b")))
        }
        Kind::WithdrawRoute => signed(&WithdrawRoute::new(id, at("10:00:09"), from, vec![v("path-via-b")])),
        Kind::Abort => signed(&abort()),
        other => panic!("{other} is of another plane"),
    }
}

pub(crate) const KINDS: [Kind; 9] = [
    Kind::Query,
    Kind::Advert,
    Kind::Select,
    Kind::Locked,
    Kind::Proof,
    Kind::Settle,
    Kind::Error,
    Kind::WithdrawRoute,
    Kind::Abort,
];

/// Puts a value at a place such as `paths[0].cost.base`, or takes the member out.
pub(crate) fn put(object: &mut Object, place: &str, value: Option<Value>) {
    let mut steps: Vec<&str> = place.split(['.', '[', ']']).filter(|step| !step.is_empty()).collect();
    let last = steps.pop().expect("a place");
    let mut whole = Value::Object(std::mem::take(object));
    walk(&mut whole, &steps, last, value);
    let Value::Object(changed) = whole else { unreachable!("it was an object") };
    *object = changed;
}

fn walk(value: &mut Value, steps: &[&str], last: &str, new: Option<Value>) {
    match (value, steps) {
        (Value::Object(object), []) => {
            match new {
                Some(new) => object.insert(last, new),
                None => object.remove(last),
            };
        }
        (Value::Array(elements), []) => {
            let place: usize = last.parse().expect("an index");
            match new {
                Some(new) => elements[place] = new,
                None => drop(elements.remove(place)),
            }
        }
        (Value::Object(object), [name, rest @ ..]) => {
            let mut inner = object.remove(name).unwrap_or_else(|| panic!("no member {name}"));
            walk(&mut inner, rest, last, new);
            object.insert(name, inner);
        }
        (Value::Array(elements), [place, rest @ ..]) => {
            let place: usize = place.parse().expect("an index");
            walk(&mut elements[place], rest, last, new);
        }
        _ => panic!("no way there"),
    }
}

/// Signs an object that is no message of this crate's making.
pub(crate) fn sign_as(kind: Kind, object: &mut Object, by: u8) {
    sign::sign(&kind.purpose(), object, &key(by));
}

/// Reads a message from an object's bytes.
pub(crate) fn read(object: &Object) -> tgp_protocol::Result<GatewayMessage> {
    GatewayMessage::read(&object.canonical())
}

/// Whether a sample with this change is refused for this reason at this field; if not, what happened.
pub(crate) fn verdict(kind: Kind, place: &str, value: Option<&str>, reason: Reason, field: &str) -> Result<(), String> {
    let mut message = sample(kind);
    put(&mut message, place, value.map(|text| json::parse(text.as_bytes()).expect("JSON")));
    match read(&message) {
        Ok(_) => Err(format!("{kind} with {place} = {value:?} is accepted")),
        Err(error) if (error.reason(), error.field().to_string().as_str()) == (reason, field) => Ok(()),
        Err(error) => Err(format!("{kind} with {place} = {value:?}: {error}, not {reason:?} at {field}")),
    }
}

/// Checks that a sample with this change is refused for this reason at this field.
#[track_caller]
pub(crate) fn refused(kind: Kind, place: &str, value: Option<&str>, reason: Reason, field: &str) {
    assert_eq!(verdict(kind, place, value, reason, field), Ok(()));
}
