//! A buyer asks, a controller's policy decides, an order of the pizza profile is offered, paid and settled.

use std::{error::Error, fmt::Write, time::Duration};
use tgp_protocol::{
    Failure,
    buyer::{
        Accept, ActionId, BuyerMessage, BuyerProtection, Channel, EconomicEnvelope, ErrorMessage, NextAction, Offer,
        Query, Settle, SettleSource, ZkProfile,
    },
    ledger::policy_hash,
    order::{OrderJson, session_word},
    policy::{Decision, Network, Policy, Prices, Subject},
    profile::{Deal, Profile},
    receipt::{self, Bindings, ChainFact, Expected, OrderOutcome, OrderReceipt, Receipt, SettlementProof},
    record::{
        Participants, SessionSnapshot,
        tdr::{Application, Asset, CSV_HEADER, ControlPlane, Entry, Settlement, Status, Tip, Triplet},
    },
    session::{FinalBlock, OrderState, Role, Session, SessionEvent},
    sign::{PublicKey, SigningKey},
    value::{Account, Amount, Bps, ChainId, Clock, Decimal, EvmAddress, Id, Sha256Digest, Timestamp},
    wire::Message,
};

type Outcome<T> = Result<T, Box<dyn Error>>;

const CHAIN: ChainId = ChainId::eip155(8453);
const DECIMALS: u8 = 6;

const POLICY: &str = r#"{
    "version": "PEL-0.1",
    "requires": ["KYC"],
    "constraints": { "max_amount_usd": "100", "allowed_assets": ["USDC"], "delivery_promise": "2h" }
}"#;

fn address(byte: u8) -> EvmAddress {
    EvmAddress([byte; 20].into())
}

fn at(time: &str) -> Outcome<Timestamp> {
    Ok(format!("2026-11-21T{time}Z").parse()?)
}

/// Everything that the controller has before the first message.
struct Controller {
    key: SigningKey,
    policy: Policy,
    policy_hash: Sha256Digest,
    prices: Prices,
}

impl Controller {
    fn new() -> Outcome<Self> {
        let document = tgp_protocol::json::parse(POLICY.as_bytes())?;
        let document = document.as_object().ok_or("an object")?;
        Ok(Self {
            key: SigningKey::from_seed(&[2; 32]),
            policy: Policy::compile(document.clone())?,
            policy_hash: policy_hash(document, &["sso-1".parse()?]),
            prices: Prices::from_midprices([("USDCUSD", "1.0002".parse()?)]),
        })
    }

    /// Reads what a buyer sent: bytes, signature, time.
    fn receive(&self, bytes: &[u8], buyer: &PublicKey, now: Timestamp) -> Outcome<Query> {
        let BuyerMessage::Query(received) = BuyerMessage::read(bytes)? else { return Err("a QUERY".into()) };
        received.verify(buyer)?;
        BuyerMessage::Query(received.clone()).check_fresh(&Clock::at(now))?;
        Ok(received.into_message())
    }

    fn decide(&self, query: &Query) -> Outcome<Decision> {
        let units = Decimal::from_base_units(query.amount, DECIMALS)?;
        let subject = Subject::new(Network::from(CHAIN), query.asset.clone(), units)
            .with_zk(query.zk_profile)
            .with_compliance("KYC".parse()?)
            .with_delivery(Duration::from_secs(3600));
        Ok(self.policy.evaluate(&subject, &self.prices))
    }

    /// The OFFER with the order that the buyer makes by paying.
    fn offer(&self, query: &Query, now: Timestamp) -> Outcome<Offer> {
        let pizza = Profile::preset("pizza").ok_or("a preset")?;
        let deal = Deal::new(address(1).0, address(2).0, now, "sess-1".parse()?, [7; 32].into())
            .with_price(address(3).0, query.amount)
            .with_fee_receiver(address(4).0)
            .with_escrow(address(5).0);
        let order = OrderJson::try_from(&pizza.terms(&deal)?)?;
        let cap = Bps::new(order.max_fee_bps.into())?;
        let envelope = EconomicEnvelope { max_fees_bps: cap, expiry: Some(now.after(Duration::from_secs(300))) };
        let pay = NextAction::new(ActionId::Create, Channel::Onchain)
            .by(address(1))
            .until(now.after(Duration::from_secs(300)));
        Ok(Offer::answering(query, "offer-1".parse()?, envelope)
            .with_escrow(CHAIN, address(5), "sess-1".parse()?)
            .with_order(order, BuyerProtection::TimedOnly)
            .with_policy(self.policy_hash)
            .with_next_actions(vec![pay])
            .with_freshness(now, "n-2".parse()?)
            .sealed()?)
    }
}

fn ask(id: &str, amount: &str, now: Timestamp) -> Outcome<Query> {
    let (buyer, seller) = ("buyer://alice.wallet".parse()?, "seller://pizza.example".parse()?);
    Ok(Query::new(id.parse()?, buyer, seller, "USDC".parse()?, amount.parse()?)
        .with_zk_profile(ZkProfile::Optional)
        .with_payer(Account { chain: CHAIN, address: address(1) })
        .with_freshness(now, format!("nonce-{id}").parse()?))
}

/// The chain's part, as an indexer reads it once it is final: paid in full by the timed release.
fn chain_fact(offer: &Offer) -> Outcome<ChainFact> {
    let order = offer.order.as_ref().ok_or("an order")?;
    let terms = order.as_terms().ok_or("terms")?;
    let receipt = OrderReceipt {
        chain: CHAIN,
        minter: address(5),
        order_id: order.order_id,
        buyer: terms.buyer,
        seller: terms.seller,
        session_id: session_word("sess-1"),
        offer_hash: terms.offer_hash,
        token: terms.token,
        paid: offer.amount,
        refunded: Amount::ZERO,
        fee: Amount::ZERO,
        outcome: OrderOutcome::TimedOut,
        settled_at: 1_795_260_600,
        evidence: [0; 32].into(),
        receipt_address: [0; 32].into(),
        delivery_commitment: [0; 32].into(),
    };
    // the slot of an ended order: state 8 | settledAt 40 | receiptHash 208
    let mut slot = [0; 32];
    slot[0] = OrderState::BothClaimed.number();
    slot[1..6].copy_from_slice(&receipt.settled_at.to_be_bytes()[3..]);
    slot[6..].copy_from_slice(&receipt.receipt_hash().0[..26]);
    let (tx, block_hash) = ([0xe1; 32].into(), [0xb1; 32].into());
    Ok(ChainFact { receipt, kept: slot.into(), tx, block_hash, log_index: 3, block: 900, last_final: 964 })
}

/// The receipt of the protocol: settlement, bindings, policy.
fn receipt_of(fact: &ChainFact, offer: &Offer, query: &Query, request: Sha256Digest) -> Outcome<Receipt> {
    let on_chain = &fact.receipt;
    let proof = SettlementProof {
        chain: on_chain.chain,
        minter: on_chain.minter,
        order_id: on_chain.order_id,
        receipt_hash: on_chain.receipt_hash(),
        tx: fact.tx,
        block_hash: fact.block_hash,
        log_index: fact.log_index,
    };
    let bindings = Bindings {
        request,
        session_id: "sess-1".parse()?,
        payer: query.from.clone(),
        payee: query.to.clone(),
        token: on_chain.token,
        amount: offer.amount,
        delivery: None,
    };
    Ok(Receipt::new(vec![proof], bindings, offer.policy_hash.ok_or("a policy")?)?)
}

/// The record of the settlement, signed by the three whom it concerns.
fn triplet_of(fact: &ChainFact, offer: &Offer, receipt: &Receipt, controller: &SigningKey) -> Outcome<Triplet> {
    let (indexer, seller) = (SigningKey::from_seed(&[3; 32]), SigningKey::from_seed(&[4; 32]));
    let session_id: Id = "sess-1".parse()?;
    let control_plane = ControlPlane {
        query_id: offer.query_id.clone(),
        offer_id: offer.id.clone(),
        settle_id: "settle-1".parse()?,
        timestamp: at("11:30:30")?,
        policy_hash: offer.policy_hash.ok_or("a policy")?,
        tdr_receipt_hash: receipt.hash(),
    };
    let settlement = Settlement { layer8_tx: fact.tx, block_number: fact.block, confirmation_count: 64 };
    let application = Application {
        fulfillment_proof: "tracking:PIZZA-4521".parse()?,
        delivery_timestamp: at("10:40:00")?,
        metadata_uri: None,
    };
    let triplet = Triplet {
        control_plane: control_plane.sign(&session_id, controller)?,
        settlement: settlement.attest(receipt, &indexer)?,
        application: application.sign(&session_id, &seller)?,
        session_id,
    };
    triplet.verify(receipt, &controller.public_key(), &indexer.public_key(), Some(&seller.public_key()))?;
    Ok(triplet)
}

/// Plays the whole payment and tells what each step decided.
///
/// # Errors
/// When a step is refused that should not be.
pub(crate) fn tell() -> Outcome<String> {
    let mut told = String::new();
    let buyer = SigningKey::from_seed(&[1; 32]);
    let controller = Controller::new()?;
    let now = at("10:00:00")?;

    writeln!(told, "QUERY      the buyer asks to pay 2,500 USDC")?;
    let too_much =
        controller.receive(&ask("q-0", "2500000000", now)?.to_signed(&buyer)?.canonical(), &buyer.public_key(), now)?;
    let Decision::Deny(denial) = controller.decide(&too_much)? else { return Err("too much".into()) };
    let refusal = Failure::new(&denial.into(), "tbc-1".parse()?);
    let error = ErrorMessage::new("err-1".parse()?, refusal).correlated(too_much.id);
    writeln!(told, "  policy   denied by {}: {}", denial.rule, denial.reason)?;
    writeln!(told, "  ERROR    {}, HTTP {}, class {}", error.code, error.http_status(), error.code.class().letter())?;

    let query = ask("q-1", "25000000", now)?;
    let bytes = query.to_signed(&buyer)?.canonical();
    writeln!(told, "QUERY      25 USDC: {} bytes, signed by {}", bytes.len(), buyer.public_key().id())?;
    let got = controller.receive(&bytes, &buyer.public_key(), now)?;
    let mut session = Session::open("sess-1".parse()?, Role::Controller, now);
    follow(&mut told, &mut session, SessionEvent::Query { query_id: got.id.clone() }, now)?;
    let Decision::Allow(permit) = controller.decide(&got)? else { return Err("a fair price".into()) };
    writeln!(told, "  policy   allowed; escrow with proofs required: {}", permit.zk_required)?;

    let offer = controller.offer(&got, now)?;
    let bytes = offer.to_signed(&controller.key)?.canonical();
    let expires_at = Some(offer.expires_at(now));
    follow(&mut told, &mut session, SessionEvent::Offer { offer_id: offer.id.clone(), expires_at }, now)?;
    let BuyerMessage::Offer(received) = BuyerMessage::read(&bytes)? else { return Err("an OFFER".into()) };
    received.verify(&controller.key.public_key())?;
    Offer::check_hashes(&received)?;
    let taken = received.message();
    taken.check_answers(&query)?;
    taken.check_open(now, &Clock::at(at("10:01:00")?))?;
    let order = taken.order.as_ref().ok_or("an order")?;
    let terms = order.as_terms().ok_or("terms")?;
    writeln!(told, "OFFER      hash {}", terms.offer_hash)?;
    writeln!(told, "  order    {}", order.order_id)?;
    writeln!(told, "  pay by   {}, released {} s later", terms.fund_by, terms.timed_release - terms.fund_by)?;

    let accept = Accept::new("acc-1".parse()?, taken.id.clone(), terms.offer_hash)
        .with_freshness(at("10:01:00")?, "n-3".parse()?);
    accept.check_accepts(&offer)?;
    let signed = accept.to_signed(&buyer)?.canonical();
    writeln!(told, "ACCEPT     {} bytes, names that hash", signed.len())?;
    follow(&mut told, &mut session, SessionEvent::Accept { offer_id: accept.offer_id }, at("10:01:01")?)?;

    let fact = chain_fact(taken)?;
    let settle =
        Settle::new("settle-1".parse()?, taken.id.clone(), true, SettleSource::BuyerNotify).with_transaction(fact.tx);
    settle.check_settles(&offer)?;
    writeln!(told, "SETTLE     the buyer says that he paid: a hint")?;
    follow(&mut told, &mut session, SessionEvent::Settle, at("10:02:00")?)?;
    writeln!(told, "chain      the order stands, not final")?;
    follow(&mut told, &mut session, SessionEvent::Locked { ends_at: at("11:30:00")? }, at("10:02:05")?)?;
    writeln!(
        told,
        "chain      order state {}, block {} of {} final",
        OrderState::BothClaimed,
        fact.block,
        fact.last_final
    )?;
    let end = OrderState::BothClaimed.end().ok_or("an end")?;
    let block = FinalBlock::check(fact.block, fact.last_final)?;
    follow(&mut told, &mut session, SessionEvent::Final { end, block }, at("11:30:30")?)?;

    records(&mut told, &controller, &session, &fact, taken, &got)?;
    Ok(told)
}

/// Lets something happen to the session and tells what it makes of it.
fn follow(told: &mut String, session: &mut Session, event: SessionEvent, now: Timestamp) -> Outcome<()> {
    let step = session.apply(event, now)?;
    let duties: Vec<_> = step.duties.iter().map(|duty| duty.as_str()).collect();
    let duties = if duties.is_empty() { String::new() } else { format!("; to do: {}", duties.join(", ")) };
    writeln!(told, "  session  {} -> {}{duties}", step.from, step.to)?;
    Ok(())
}

/// What is kept of the session, and what its buyer can check.
fn records(
    told: &mut String,
    controller: &Controller,
    session: &Session,
    fact: &ChainFact,
    offer: &Offer,
    query: &Query,
) -> Outcome<()> {
    let request = Sha256Digest::from([0x11; 32]);
    let receipt = receipt_of(fact, offer, query, request)?;
    let expected = Expected {
        request,
        session_id: "sess-1".parse()?,
        chain: CHAIN,
        seller: address(2),
        simple_order: None,
        token: address(3),
        amount: query.amount,
        policy_hash: controller.policy_hash,
        minters: vec![address(5)],
    };
    let paid = receipt::verify(&receipt, &expected, &[*fact])?;
    let hash = receipt.hash();
    writeln!(told, "receipt    {hash}")?;
    writeln!(told, "  verify   the seller got {} USDC", Decimal::from_base_units(paid, DECIMALS)?)?;

    let triplet = triplet_of(fact, offer, &receipt, &controller.key)?;
    let entry = Entry {
        tdr_id: "tdr-1".parse()?,
        request_id: query.id.clone(),
        session_id: Some("sess-1".parse()?),
        trace_id: "sess-1".parse()?,
        service: "pizza".parse()?,
        verb: "SETTLE".parse()?,
        ts_start: session.created_at(),
        timestamp: session.updated_at(),
        status: Status::Success,
        error_code: None,
        l8: CHAIN.into(),
        asset: Asset { symbol: query.asset.clone() },
        amount: paid,
        txid: Some(fact.tx),
        block: Some(fact.block),
        client_id: Some("c-1".parse()?),
        path_id: None,
        rs: None,
        auth_nonce: None,
        route_asn: None,
        policy_hash: controller.policy_hash,
        sso_ids: vec!["sso-1".parse()?],
        hash_lock: None,
        tdr_receipt_hash: Some(hash),
        triplet_hash: Some(triplet.hash()),
    };
    let mut tip = Tip::default();
    let record = tip.append(entry, &controller.key)?;
    record.verify(&controller.key.public_key())?;
    writeln!(told, "triplet    {}", triplet.hash())?;
    writeln!(told, "record     number {}, {}", record.seq(), record.hash())?;
    writeln!(told, "  columns  {CSV_HEADER}")?;
    writeln!(told, "  row      {}", record.csv_row())?;

    let participants = Participants {
        buyer: query.from.clone(),
        seller: query.to.clone(),
        controller: "controller://gateway.tbc".parse()?,
    };
    let snapshot = SessionSnapshot::of(session, participants, "coreprover".parse()?, 3);
    let checksum = snapshot.to_object()?;
    let checksum = checksum.get("checksum").and_then(|value| value.as_str()).ok_or("a checksum")?.to_owned();
    writeln!(told, "snapshot   {} of {}, {checksum}", snapshot.version, snapshot.state)?;
    Ok(())
}
