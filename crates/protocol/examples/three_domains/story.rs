//! Client A pays provider C through gateway B. Every message is signed, sent as bytes, read and checked.

use std::{error::Error, fmt::Write, str::FromStr, time::Duration};
use tgp_protocol::{
    Reason,
    chain_profile::Delays,
    gateway::{
        Advert, Attributes, Cost, Extension, GatewayMessage, HopId, HopTimes, HtlcParams, Invoice, LockRef, Locked,
        MAX_LOCK, Path, PathAttributes, Plan, Proof, ProofData, Query, Select, Settle, SettleStatus, Side,
        check_direction, distance, last_reveal, payee_budget,
    },
    identity::{DirectoryKey, KeyDirectory, Role},
    ledger::policy_hash,
    sign::{KeyId, PublicKey, SigningKey},
    tib::{EscrowType, StateRef},
    value::{ChainId, Clock, Decimal, Id, Secret, Sha256Digest, Timestamp},
    wire::Message,
};

type Outcome<T> = Result<T, Box<dyn Error>>;

const CHAIN: ChainId = ChainId::eip155(31337);

/// A chain whose blocks are final at once, as document 001 assumes.
const LOCAL: Delays = Delays { observation: 1, clock: 0, outage: 25, slack: 3, inclusion: 1, reorg: 0, censorship: 0 };

fn v<T: FromStr<Err = Reason>>(text: &str) -> Outcome<T> {
    Ok(text.parse().map_err(tgp_protocol::Error::from)?)
}

fn at(time: &str) -> Outcome<Timestamp> {
    v(&format!("2025-12-01T{time}Z"))
}

/// One of the three: its name and its key.
struct Domain {
    name: &'static str,
    key: SigningKey,
}

impl Domain {
    fn new(name: &'static str, seed: u8) -> Self {
        Self { name, key: SigningKey::from_seed(&[seed; 32]) }
    }

    fn hop(&self) -> Outcome<HopId> {
        v(self.name)
    }

    fn directory(&self) -> Outcome<KeyDirectory> {
        let (from, until) = (at("00:00:00")?, at("23:00:00")?);
        let key = DirectoryKey::new(self.key.public_key(), vec![Role::Message], from, until);
        Ok(KeyDirectory::new(v(self.name)?, from, until, vec![key]))
    }

    /// Takes in what another domain sent: bytes, signature, time, direction.
    fn takes(&self, message: &impl Message, from: &Self, side: Side, now: &str) -> Outcome<GatewayMessage> {
        let bytes = message.to_signed(&from.key)?.canonical();
        let message = GatewayMessage::read(&bytes)?;
        message.authenticate(&from.directory()?, &Clock::at(at(now)?))?;
        check_direction(&message, side)?;
        if message.envelope().sender().as_str() == from.name { Ok(message) } else { Err("another sender".into()) }
    }
}

/// The message of one kind, out of any.
macro_rules! taken {
    ($kind:ident, $message:expr) => {{
        let GatewayMessage::$kind(message) = $message else { return Err("another kind".into()) };
        message.into_message()
    }};
}

fn lock(id: u8) -> Outcome<LockRef> {
    let contract = v("0x00000000000000000000000000000000000000cc")?;
    Ok(LockRef { chain: CHAIN, contract, lock_id: [id; 32].into(), tx_hash: [0xff; 32].into(), block: 100 })
}

/// What all quotes of this request are bound to.
struct Bound {
    request: Id,
    summaries: Vec<Id>,
    policy_hash: Sha256Digest,
}

impl Bound {
    fn new() -> Outcome<Self> {
        let policy = tgp_protocol::json::parse(br#"{"deny_jurisdictions":["RU"]}"#)?;
        let summaries = vec![v("sso-1")?];
        let policy_hash = policy_hash(policy.as_object().ok_or("an object")?, &summaries);
        Ok(Self { request: v("req-abc-123")?, summaries, policy_hash })
    }

    fn advert(
        &self,
        domain: &Domain,
        time: &str,
        path: Path,
        invoice: tgp_protocol::json::Kept<Invoice>,
    ) -> Outcome<Advert> {
        Ok(Advert::new(self.request.clone(), at(time)?, v(domain.name)?, vec![path], 60)
            .with_invoice(invoice)
            .with_summaries(self.summaries.clone())
            .with_policy_hash(self.policy_hash))
    }

    fn select(&self, domain: &Domain, time: &str, path: &str, params: HtlcParams, id: u8) -> Outcome<Select> {
        Ok(Select::new(self.request.clone(), at(time)?, v(domain.name)?, v(path)?, params)
            .with_lock(lock(id)?, at("10:00:59")?)
            .with_state_refs(vec![StateRef::block_header(100, [0xb1; 32].into())])
            .with_summaries(self.summaries.clone())
            .with_policy_hash(self.policy_hash))
    }

    fn settle(&self, domain: &Domain, time: &str, lock: &str, amount: Decimal, tx: u8) -> Outcome<Settle> {
        let (request, txids) = (self.request.clone(), vec![[tx; 32].into()]);
        Ok(Settle::new(request, at(time)?, v(domain.name)?, v(lock)?, SettleStatus::Settled, amount, txids)
            .with_state_refs(vec![StateRef::block_header(122, [0xb1; 32].into())])
            .with_summaries(self.summaries.clone())
            .with_policy_hash(self.policy_hash))
    }
}

/// Plays the whole exchange and tells who owed whom what at each step.
///
/// # Errors
/// When a step is refused that should not be.
pub(crate) fn tell() -> Outcome<String> {
    let mut told = String::new();
    let (a, b, c) = (
        Domain::new("client-a.example.com", 1),
        Domain::new("gateway-b.example.com", 2),
        Domain::new("provider-c.example.com", 3),
    );
    let bound = Bound::new()?;
    let fee: Decimal = v("0.50")?;

    let attributes = Attributes::new(v("10.00")?, v("USDC")?, at("10:05:00")?).as_budget().with_qos(500, v("0.99")?);
    let asked = Query::new(bound.request.clone(), at("10:00:00")?, v(a.name)?, v(c.name)?, attributes)
        .with_summaries(bound.summaries.clone());
    let at_b = taken!(Query, b.takes(&asked, &a, Side::Payer, "10:00:01")?);
    let onward = at_b.forwarded(v(b.name)?, at("10:00:01")?, fee, 100)?;
    let at_c = taken!(Query, c.takes(&onward, &b, Side::Payer, "10:00:02")?);
    let budget = at_c.attributes.amount.as_ref().ok_or("an amount")?.value;
    writeln!(told, "QUERY    A to B: at most 10; B to C: at most {budget}, B's fee is {fee}")?;

    let mut secret = [0x5a; 32];
    secret[0] = 1;
    let secret = Secret::from(secret);
    let cost = Cost::new(v("8.50")?, v("0.01")?, 100, v("USDC")?);
    let price = cost.total(v("10.00")?)?.ok_or("a price")?;
    let invoice = Invoice::new(bound.request.clone(), secret.hash_lock(), price, at("10:01:00")?, v("eh:tbcz:8Qk")?);
    let invoice = invoice.sign(&c.key)?;
    writeln!(told, "ADVERT   C to B: 8.5 + 0.01 x 100 = {price}, with C's signed invoice")?;
    let attributes = PathAttributes::new(EscrowType::Htlc, 120, Vec::new());
    let direct = Path::new(v("path-direct-c")?, c.hop()?, cost, price, v("0.01")?, attributes).as_budget();
    let offered = bound.advert(&c, "10:00:02", direct, invoice)?;
    let at_b = taken!(Advert, b.takes(&offered, &c, Side::Payee, "10:00:03")?);
    at_b.check_against(&onward)?;
    let below = at_b.invoice.as_ref().ok_or("an invoice")?;
    below.verify(&c.key.public_key(), &bound.request, &Clock::at(at("10:00:03")?))?;

    let delta = u32::try_from(distance(&LOCAL, &LOCAL).as_secs())?;
    let extension = Extension {
        path_id: v("path-via-b")?,
        hop: b.hop()?,
        next: a.hop()?,
        fee,
        timelock_delta: delta,
        risk: v("0.01")?,
        settlement_time: 60,
    };
    let via_b = at_b.paths[0].extended(extension, below, &b.key)?;
    let passed_on = bound.advert(&b, "10:00:03", via_b, below.as_ref().clone())?;
    let at_a = taken!(Advert, a.takes(&passed_on, &b, Side::Payee, "10:00:04")?);
    at_a.check_against(&asked)?;
    let quote = at_a.path(&v("path-via-b")?).ok_or("B's path")?;
    let word_of_c = at_a.invoice.as_ref().ok_or("C's invoice")?;
    word_of_c.verify(&c.key.public_key(), &bound.request, &Clock::at(at("10:00:04")?))?;
    let key_of = |hop: &HopId, _: Option<KeyId>| -> Option<PublicKey> {
        [&b, &c]
            .into_iter()
            .find(|domain| domain.hop().is_ok_and(|own| own == *hop))
            .map(|domain| domain.key.public_key())
    };
    quote.verify_quotes(word_of_c, &a.hop()?, key_of)?;
    let locks = quote.lock_amount.ok_or("an amount")?;
    writeln!(
        told,
        "         B to A: base {} + 0.01 x 100 = {locks}; fees and order of hops verified",
        quote.cost.base
    )?;

    let plan = [Plan { chain: LOCAL, finality: Duration::ZERO }; 2];
    let ends = Plan::timeouts(at("10:00:05")?, &plan, Duration::from_secs(60), MAX_LOCK)?;
    writeln!(told, "TIME     A's lock may end from {} on, B's from {}: {delta} s between them", ends[0], ends[1])?;

    let hash = word_of_c.fields().hashlock;
    let params = HtlcParams { hash, timeout: ends[0].after(Duration::from_secs(10)), amount: locks };
    let selected = bound.select(&a, "10:00:05", "path-via-b", params, 1)?;
    let at_b = taken!(Select, b.takes(&selected, &a, Side::Payer, "10:00:06")?);
    at_b.check_against(&passed_on, &Clock::at(at("10:00:06")?), [])?;
    writeln!(told, "SELECT   A has locked {} for B", at_b.htlc_params.amount)?;

    let mut hop = HopTimes {
        now: at("10:00:06")?,
        timeout_in: at_b.htlc_params.timeout,
        timeout_out: ends[1].after(Duration::from_secs(10)),
        incoming_final: false,
        incoming: LOCAL,
        outgoing: LOCAL,
        outgoing_finality: Duration::ZERO,
        below: payee_budget(Duration::from_secs(60), &LOCAL),
    };
    let early = hop.check().err().ok_or("too early")?;
    writeln!(told, "         B may not lock yet: {early}")?;
    hop.incoming_final = true;
    hop.check()?;
    let params = HtlcParams { hash, timeout: hop.timeout_out, amount: price };
    let onward = bound.select(&b, "10:00:06", "path-direct-c", params, 2)?;
    let at_c = taken!(Select, c.takes(&onward, &b, Side::Payer, "10:00:07")?);
    at_c.check_against(&offered, &Clock::at(at("10:00:07")?), [])?;
    writeln!(told, "         B has locked {} for C, under the same hash", at_c.htlc_params.amount)?;

    let locked = Locked::answering(&at_c, at("10:00:07")?, v(c.name)?, v("htlc-c-12345")?);
    taken!(Locked, b.takes(&locked, &c, Side::Payee, "10:00:08")?).check_against(&onward)?;
    let locked = Locked::answering(&at_b, at("10:00:08")?, v(b.name)?, v("htlc-b-67890")?);
    taken!(Locked, a.takes(&locked, &b, Side::Payee, "10:00:09")?).check_against(&selected)?;
    writeln!(told, "LOCKED   C to B, B to A: everything below is locked")?;

    let last = last_reveal(hop.timeout_out, &LOCAL);
    let data = ProofData::new([0x7d; 32].into(), secret.hash_lock()).sign(&c.key)?;
    let refs = |height| vec![StateRef::block_header(height, [0xb1; 32].into())];
    let proof = Proof::new(bound.request.clone(), at("10:00:31")?, v(c.name)?, secret, data)
        .with_state_refs(refs(120))
        .with_settlement_txids(vec![[0xe2; 32].into()]);
    let at_b = taken!(Proof, b.takes(&proof, &c, Side::Payee, "10:00:32")?);
    at_b.check_against(&hash)?;
    let relayed = at_b.forwarded(bound.request.clone(), v(b.name)?, at("10:00:32")?, refs(121));
    let at_a = taken!(Proof, a.takes(&relayed, &b, Side::Payee, "10:00:33")?);
    at_a.check_against(&hash)?;
    at_a.proof_data.verify(&c.key.public_key())?;
    writeln!(told, "PROOF    C has claimed, at the latest by {last}; the secret goes up to A")?;

    let settle = bound.settle(&b, "10:00:33", "htlc-c-12345", price, 0xe2)?;
    let at_c = taken!(Settle, c.takes(&settle, &b, Side::Payer, "10:00:34")?);
    let settle = bound.settle(&b, "10:00:34", "htlc-b-67890", locks, 0xe1)?;
    let at_a = taken!(Settle, a.takes(&settle, &b, Side::Payee, "10:00:35")?);
    let kept = at_a.final_amount.checked_sub(at_c.final_amount).ok_or("a fee")?;
    writeln!(told, "SETTLE   A paid {}, C got {}, B keeps {kept}", at_a.final_amount, at_c.final_amount)?;
    Ok(told)
}
