//! The info block: document 002, section 11, and the flat one of document 004, section 12.

// a helper that fails ends the test
#![allow(clippy::unwrap_used)]

use crate::documents::{TIB, TIB_LITE as LITE};
use crate::gateways::{self, hashlock, key, object, policy, put, query, read, tib_fields, v};
use proptest::prelude::*;
use std::time::Duration;
use tgp_protocol::{
    Code, Reason,
    buyer::{Offer, Query},
    gateway::{Advert, GatewayMessage, Intake, Select},
    identity::ReplayKey,
    json::{self, Kept, Object, Value, from_value},
    tib::{AnyTib, CarriedTib, EndpointClass, EscrowType, Settlement, SettlementMode, Tib, TibLite, ValueLayer, Verb},
    value::{Clock, DomainName, EpochMillis, Secret, Timestamp},
    wire::{Message, Received},
};

fn block(text: &str) -> tgp_protocol::Result<Kept<Tib>> {
    let tib = Kept::<Tib>::from_object(object(text))?;
    tib.fields().check()?;
    Ok(tib)
}

/// Reads the document's block with one member replaced or taken out.
fn with(place: &str, value: Option<&str>) -> tgp_protocol::Result<Kept<Tib>> {
    let mut tib = object(TIB);
    put(&mut tib, place, value.map(|text| json::parse(text.as_bytes()).expect("JSON")));
    let tib = Kept::<Tib>::from_object(tib)?;
    tib.fields().check()?;
    Ok(tib)
}

/// Shows R-177..R-195.
#[test]
fn documents_block_is_read_layer_by_layer() {
    let tib = block(TIB).expect("valid");
    let fields = tib.fields();
    assert_eq!(fields.meta.exp.millis(), 1_762_147_200_000);
    let value = fields.l8_value.as_ref().expect("a value layer");
    assert_eq!(value.network.chain(), Some(tgp_protocol::value::ChainId::eip155(369)));
    assert_eq!(value.amount, v("1250"));
    assert_eq!(value.settlement.escrow_type(), EscrowType::Escrow);
    assert_eq!(value.price_oracle.as_ref().map(|oracle| oracle.tolerance_bps.get()), Some(50));
    assert_eq!(fields.l9_identity.entities.mediators.len(), 2);
    assert_eq!(fields.l10_policy.roles[1].rights.len(), 2);
    assert_eq!(fields.l10_policy.audit.log_sink.as_str(), "syslog://tbc.local:514");
    // the policy stays as it was received, for the policy engine and its hash
    assert_eq!(fields.l10_policy.rules.object().len(), 5);
    // written again, it is the same
    assert_eq!(json::to_value(&tib).unwrap(), Value::Object(object(TIB)));
}

/// Shows R-177..R-195.
#[test]
fn every_member_of_the_block_is_checked_and_named() {
    let required = [
        "meta",
        "meta.v",
        "meta.nonce",
        "meta.exp",
        "meta.trace_id",
        "l8_value.network",
        "l8_value.network.family",
        "l8_value.network.chain_id",
        "l8_value.network.endpoint_class",
        "l8_value.asset",
        "l8_value.asset.symbol",
        "l8_value.asset.address",
        "l8_value.asset.decimals",
        "l8_value.amount",
        "l8_value.settlement",
        "l8_value.settlement.mode",
        "l8_value.settlement.timelock_ms",
        "l8_value.state_refs[0].type",
        "l8_value.state_refs[0].height",
        "l8_value.state_refs[0].hash",
        "l8_value.price_oracle.id",
        "l8_value.price_oracle.tolerance_bps",
        "l9_identity",
        "l9_identity.entities",
        "l9_identity.entities.initiator",
        "l9_identity.entities.payer",
        "l9_identity.entities.payer.handle",
        "l9_identity.entities.payee",
        "l9_identity.bindings[0].handle",
        "l9_identity.bindings[0].can_settle_on",
        "l9_identity.bindings[0].proof",
        "l10_policy",
        "l10_policy.roles",
        "l10_policy.roles[0].role",
        "l10_policy.roles[0].entity",
        "l10_policy.roles[0].rights",
        "l10_policy.rules",
        "l10_policy.audit",
        "l10_policy.audit.tdr_level",
        "l10_policy.audit.log_sink",
    ];
    for place in required {
        let error = with(place, None).expect_err(place);
        assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::Missing, place));
        let error = with(place, Some("true")).expect_err(place);
        assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::WrongType, place));
    }
    let optional = [
        "l8_value",
        "l8_value.state_refs",
        "l8_value.settlement.escrow_contract",
        "l8_value.price_oracle",
        "l9_identity.entities.mediators",
        "l9_identity.vc_refs",
        "crypto",
    ];
    for place in optional {
        with(place, None).unwrap_or_else(|error| panic!("{place}: {error}"));
        assert_eq!(with(place, Some("true")).expect_err(place).field().to_string(), place);
    }
    for (place, value, reason) in [
        ("meta.v", "2", Reason::OtherCount),
        ("meta.nonce", r#""128-bit-hex""#, Reason::BadNonce),
        ("meta.nonce", r#""00112233445566778899AABBCCDDEEFF""#, Reason::BadNonce),
        ("meta.nonce", r#""00112233""#, Reason::BadNonce),
        ("meta.exp", "-1", Reason::BadTime),
        ("meta.exp", r#""2025-12-01T10:00:00Z""#, Reason::WrongType),
        ("meta.trace_id", r#""uuid-v4""#, Reason::BadUuid),
        ("l8_value.network.endpoint_class", r#""full|archive|light""#, Reason::UnknownValue),
        ("l8_value.asset.address", r#""0x...""#, Reason::BadAddress),
        ("l8_value.asset.decimals", "37", Reason::OutOfRange),
        ("l8_value.asset.decimals", "256", Reason::OutOfRange),
        ("l8_value.amount", "1250.00", Reason::WrongType),
        ("l8_value.amount", r#""0""#, Reason::ZeroAmount),
        ("l8_value.amount", r#""0.0000001""#, Reason::TooPrecise),
        ("l8_value.settlement.mode", r#""later""#, Reason::UnknownValue),
        ("l8_value.settlement.escrow_contract", r#""0x0000000000000000000000000000000000000000""#, Reason::ZeroAddress),
        ("l8_value.price_oracle.tolerance_bps", "10001", Reason::BadBps),
        ("l9_identity.entities.payer.handle", r#""eh:tbca:...?""#, Reason::BadHandle),
        ("l10_policy.roles[0].rights[0]", r#""steal""#, Reason::UnknownValue),
        ("l10_policy.audit.tdr_level", r#""summary|full""#, Reason::UnknownValue),
    ] {
        let error = with(place, Some(value)).expect_err(place);
        assert_eq!((error.reason(), error.field().to_string().as_str()), (reason, place), "{value}");
    }
}

/// Shows R-186.
#[test]
fn settlement_modes_are_escrow_types() {
    let of = |mode| Settlement::new(mode, 1);
    assert_eq!(of(SettlementMode::Immediate).escrow_type(), EscrowType::Direct);
    assert_eq!(of(SettlementMode::Invoice).escrow_type(), EscrowType::Invoice);
    assert_eq!(of(SettlementMode::Escrow).escrow_type(), EscrowType::Escrow);
    assert_eq!(of(SettlementMode::Escrow).with_hashlock(hashlock()).escrow_type(), EscrowType::Htlc);
    // a payment at once is not locked
    let place = "l8_value.settlement";
    let text = format!(r#"{{"mode":"immediate","timelock_ms":1,"hashlock":"{}"}}"#, hashlock());
    let error = with(place, Some(&text)).unwrap_err();
    assert_eq!(error.field().to_string(), "l8_value.settlement.hashlock");
    assert_eq!(error.reason(), Reason::Contradiction);
}

/// Shows R-195, R-198.
#[test]
fn initiators_signature_covers_everything_but_itself() {
    let tib = Kept::<Tib>::sign(block(TIB).unwrap().into_fields(), &key(5)).unwrap();
    tib.verify(&key(5).public_key()).expect("verifies");
    assert_eq!(tib.verify(&key(6).public_key()).unwrap_err().field().to_string(), "crypto.kid");
    for place in ["meta.exp", "l8_value.later", "l10_policy.rules.later", "crypto.later", "later"] {
        let mut changed = tib.object().clone();
        put(&mut changed, place, Some(json::parse(b"1762147200001").unwrap()));
        let changed = Kept::<Tib>::from_object(changed).unwrap();
        let error = changed.verify(&key(5).public_key()).expect_err(place);
        assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::SignatureMismatch, "crypto.sig"));
    }
    assert_eq!(block(TIB).unwrap().verify(&key(5).public_key()).unwrap_err().reason(), Reason::Unsigned);
}

/// Shows R-198..R-200, R-205..R-208.
#[test]
fn each_verb_needs_its_members() {
    let signed = Kept::<Tib>::sign(tib_fields(), &key(5)).unwrap();
    let without = |place: &str| {
        let mut tib = signed.object().clone();
        put(&mut tib, place, None);
        Kept::<Tib>::from_object(tib).unwrap()
    };
    for verb in Verb::ALL {
        let fails = |tib: &Kept<Tib>| tib.check_for(verb).err().map(|error| error.field().to_string());
        if verb == Verb::Precheck {
            assert_eq!(fails(&signed).as_deref(), Some("l8_value"));
            assert_eq!(fails(&without("l8_value")), None);
            continue;
        }
        assert_eq!(fails(&signed), None, "{verb:?}");
        assert_eq!(fails(&without("l8_value")).as_deref(), Some("l8_value"), "{verb:?}");
        let needed = |needed: bool, field: &'static str| needed.then_some(field);
        let summaries = fails(&without("l8_value.state_summaries"));
        assert_eq!(summaries.as_deref(), needed(verb.needs_summaries(), "l8_value.state_summaries"), "{verb:?}");
        let refs = fails(&without("l8_value.state_refs"));
        assert_eq!(refs.as_deref(), needed(verb.needs_state_refs(), "l8_value.state_refs"), "{verb:?}");
        let signature = fails(&without("crypto.sig"));
        assert_eq!(signature.as_deref(), needed(verb.needs_signature(), "crypto.sig"), "{verb:?}");
    }
    assert!([Verb::Query, Verb::Quote, Verb::Select, Verb::Locked].iter().all(|verb| verb.needs_summaries()));
    assert!([Verb::Commit, Verb::Proof, Verb::Settle].iter().all(|verb| verb.needs_state_refs()));
    assert!([Verb::Quote, Verb::Select, Verb::Commit, Verb::Settle].iter().all(|verb| verb.needs_signature()));
}

/// Shows R-196, R-197.
#[test]
fn expiry_and_replay_key_stand_in_meta() {
    let tib = block(TIB).unwrap();
    let end = Timestamp::from(tib.fields().meta.exp);
    assert!(tib.fields().check_open(&Clock::at(Timestamp::from_millis(end.millis() - 1))).is_ok());
    let error = tib.fields().check_open(&Clock::at(end)).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::InThePast, "meta.exp"));
    let replay = tib.fields().meta.replay_key();
    let same = ReplayKey::Tib {
        trace_id: v("6f1c5f3e-0b1a-4f6e-9d6c-2f9a0e1b2c3d"),
        nonce: v("00112233445566778899aabbccddeeff"),
    };
    assert_eq!(replay, same);
}

/// Shows R-118, R-125, R-163, R-201, R-202, R-204.
#[test]
fn wallets_are_shown_to_the_last_authorised_hop_only() {
    let wallet = r#"["evm:0x209693bc6afc0c5328ba36faf03c514ef312287c"]"#;
    let shown = with("l9_identity.bindings[0].can_settle_on", Some(wallet)).unwrap();
    let message = |tib: Kept<Tib>| query().with_tib(tib).to_signed(&key(1)).unwrap();
    let error = read(&message(shown.clone())).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::WalletDisclosed, "tib.l9_identity"));
    let last = Intake { last_authorised_hop: true, ..Intake::default() };
    GatewayMessage::read_as(&message(shown).canonical(), last).expect("the last hop may see it");
    read(&message(block(TIB).unwrap())).expect("handles are fine");
    // nor in a member that this version does not know, in its name, or in other letters
    for place in ["l9_identity.later", "l9_identity.entities.initiator"] {
        let text = r#""did:0X209693BC6AFC0C5328BA36FAF03C514EF312287C""#;
        let hidden = with(place, Some(text)).unwrap();
        assert_eq!(read(&message(hidden)).unwrap_err().reason(), Reason::WalletDisclosed, "{place}");
    }
}

/// Shows R-206, R-207.
#[test]
fn message_and_block_are_bound_to_the_same() {
    let tib = Kept::<Tib>::sign(tib_fields(), &key(5)).unwrap();
    let advert = gateways::advert().with_tib(tib);
    let mut bare = advert.clone();
    bare.sso_ids.clear();
    bare.policy_hash = None;
    read(&bare.to_signed(&key(1)).unwrap()).expect("the block says what the message is bound to");
    let other = advert.clone().with_summaries(vec![v("sso-id-9")]);
    assert_eq!(other.to_object().unwrap_err().field().to_string(), "sso_ids");
    let other = advert.with_policy_hash([1; 32].into());
    assert_eq!(other.to_object().unwrap_err().field().to_string(), "policy_hash");
    let unsigned = Kept::<Tib>::new(tib_fields()).unwrap();
    let error = gateways::advert().with_tib(unsigned).to_object().unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::Unsigned, "tib.crypto.sig"));
}

fn other_secret() -> Secret {
    let mut bytes = [6; 32];
    bytes[0] = 7;
    bytes.into()
}

/// A selection's block is about the lock that it names, and is good when it is sent and when it arrives.
#[test]
fn a_selection_and_its_block_name_one_lock() {
    let select = |block: Tib| gateways::select().with_tib(Kept::<Tib>::sign(block, &key(5)).unwrap());
    let refused = |select: Select| {
        let error = select.to_object().unwrap_err();
        (error.reason(), error.field().to_string())
    };
    let contradicts = |change: fn(&mut ValueLayer), field: &str| {
        let mut block = tib_fields();
        change(block.l8_value.as_mut().unwrap());
        assert_eq!(refused(select(block)), (Reason::Contradiction, field.to_owned()));
    };
    select(tib_fields()).to_object().unwrap();
    contradicts(|layer| layer.settlement.hashlock = Some(other_secret().hash_lock()), "htlc_params.hash");
    contradicts(|layer| layer.amount = v("9.51"), "htlc_params.amount");
    contradicts(|layer| layer.network.chain_id = 1, "lock_ref.chain");
    contradicts(
        |layer| layer.settlement.escrow_contract = Some(v("0x00000000000000000000000000000000000000cd")),
        "lock_ref.contract",
    );
    // a lock is on an EVM chain, and is an escrow
    contradicts(|layer| layer.network.family = v("Solana"), "lock_ref.chain");
    for mode in [SettlementMode::Immediate, SettlementMode::Invoice] {
        let mut block = tib_fields();
        let settlement = &mut block.l8_value.as_mut().unwrap().settlement;
        (settlement.mode, settlement.hashlock) = (mode, None);
        assert_eq!(refused(select(block)), (Reason::Contradiction, "tib.l8_value.settlement.mode".to_owned()));
    }
    // what the block leaves open says nothing; how long it may hold money is not compared
    let mut open = tib_fields();
    let settlement = &mut open.l8_value.as_mut().unwrap().settlement;
    (settlement.hashlock, settlement.timelock_ms) = (None, 1);
    select(open).to_object().unwrap();

    let ending = |end: Timestamp| {
        let mut block = tib_fields();
        block.meta.exp = EpochMillis::from_millis(end.millis());
        select(block)
    };
    let sent = gateways::select().timestamp;
    assert_eq!(refused(ending(sent)), (Reason::InThePast, "tib.meta.exp".to_owned()));
    let soon = ending(sent.after(Duration::from_secs(2)));
    soon.to_object().unwrap();
    let check =
        |second| soon.check_against(&gateways::advert(), &Clock::at(sent.after(Duration::from_secs(second))), []);
    check(1).unwrap();
    let error = check(2).unwrap_err();
    assert_eq!((error.code(), error.field().to_string().as_str()), (Code::QuoteExpired, "tib.meta.exp"));
}

/// What the advert's block says of the place holds for the lock, and for the block of the selection.
#[test]
fn a_selection_stays_where_the_advert_offered() {
    let asked = |change: fn(&mut ValueLayer)| {
        let mut block = tib_fields();
        change(block.l8_value.as_mut().unwrap());
        gateways::advert().with_tib(Kept::<Tib>::sign(block, &key(5)).unwrap())
    };
    let answers = |select: &Select, advert: &Advert| {
        let result = select.check_against(advert, &Clock::at(select.timestamp), []);
        result.map_err(|error| (error.reason(), error.field().to_string()))
    };
    let bare = gateways::select();
    let with_block = bare.clone().with_tib(Kept::<Tib>::sign(tib_fields(), &key(5)).unwrap());
    let mut unlocked = with_block.clone();
    (unlocked.lock_ref, unlocked.lock_deadline) = (None, None);
    let contradicts = |select: &Select, change: fn(&mut ValueLayer), field: &str| {
        assert_eq!(answers(select, &asked(change)), Err((Reason::Contradiction, field.to_owned())));
    };
    let other_chain: fn(&mut ValueLayer) = |layer| layer.network.chain_id = 1;
    let other_family: fn(&mut ValueLayer) = |layer| layer.network.family = v("Solana");
    let other_contract: fn(&mut ValueLayer) =
        |layer| layer.settlement.escrow_contract = Some(v("0x00000000000000000000000000000000000000cd"));
    // the lock, whether or not the selection brings a block
    for select in [&bare, &with_block] {
        contradicts(select, other_chain, "lock_ref.chain");
        contradicts(select, other_family, "lock_ref.chain");
        contradicts(select, other_contract, "lock_ref.contract");
    }
    // the block, whether or not there is a lock
    contradicts(&unlocked, other_chain, "tib.l8_value.network.chain_id");
    contradicts(&unlocked, other_family, "tib.l8_value.network.family");
    for select in [&unlocked, &with_block] {
        contradicts(select, |layer| layer.asset.symbol = v("JUNK"), "tib.l8_value.asset.symbol");
        let address: fn(&mut ValueLayer) =
            |layer| layer.asset.address = v("0x00000000000000000000000000000000000000de");
        contradicts(select, address, "tib.l8_value.asset.address");
        contradicts(select, |layer| layer.asset.decimals = 18, "tib.l8_value.asset.decimals");
    }
    let mut placed = tib_fields();
    let here = gateways::lock(1).contract;
    placed.l8_value.as_mut().unwrap().settlement.escrow_contract = Some(here);
    unlocked = unlocked.with_tib(Kept::<Tib>::sign(placed, &key(5)).unwrap());
    contradicts(&unlocked, other_contract, "tib.l8_value.settlement.escrow_contract");

    // a contract that one of them leaves open, the case of an address, and whom one asks, say nothing
    for select in [&bare, &with_block, &unlocked] {
        assert_eq!(answers(select, &gateways::advert()), Ok(()));
        assert_eq!(answers(select, &asked(|_| {})), Ok(()));
        assert_eq!(answers(select, &asked(|layer| layer.network.endpoint_class = EndpointClass::Light)), Ok(()));
        let capitals: fn(&mut ValueLayer) =
            |layer| layer.asset.address = v("0x00000000000000000000000000000000000000DD");
        assert_eq!(answers(select, &asked(capitals)), Ok(()));
    }
}

/// Shows R-541.
#[test]
fn flat_block_is_told_apart_by_meta() {
    let AnyTib::Lite(lite) = AnyTib::from_object(object(LITE)).expect("valid") else { panic!("flat") };
    assert_eq!(lite.chain_id, 369);
    assert_eq!(lite.reputation_score, Some(95));
    assert!(matches!(AnyTib::from_object(object(TIB)), Ok(AnyTib::Full(_))));
    let mut mixed: Object = object(LITE);
    mixed.insert("meta", Value::Object(Object::default()));
    assert_eq!(AnyTib::from_object(mixed).unwrap_err().field().to_string(), "meta.v");
    for name in [
        "chain_id",
        "ledger_state_hash",
        "block_number",
        "agent_id",
        "domain_id",
        "wallet_type",
        "policy_hash",
        "jurisdiction",
    ] {
        let mut less = object(LITE);
        less.remove(name);
        let error = AnyTib::from_object(less).unwrap_err();
        assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::Missing, name));
    }
}

/// Shows R-540.
#[test]
fn queries_and_offers_of_buyers_carry_a_block_in_either_form() {
    let signed = Kept::<Tib>::sign(tib_fields(), &key(5)).unwrap();
    let AnyTib::Lite(lite) = AnyTib::from_object(object(LITE)).unwrap() else { panic!("flat") };
    for carried in [CarriedTib::full(&signed).unwrap(), CarriedTib::lite(&lite).unwrap()] {
        let query = crate::fixtures::query().with_tib(carried.clone());
        let received = Received::<Query>::read(&query.to_object().unwrap().canonical()).unwrap();
        assert_eq!(received.message().tib.as_ref().unwrap().read(), carried.read());
        let offer = crate::fixtures::offer().with_tib(carried.clone()).sealed().unwrap();
        let received = Received::<Offer>::read(&offer.to_object().unwrap().canonical()).unwrap();
        assert_eq!(received.message().tib.as_ref().unwrap().read(), carried.read());
    }
    // the block's signature is over the block as it came
    let AnyTib::Full(block) = CarriedTib::full(&signed).unwrap().read().unwrap() else { panic!("full") };
    block.verify(&key(5).public_key()).unwrap();
    let mut wrong = crate::fixtures::query().to_object().unwrap();
    wrong.insert("tib", Value::Object(crate::fixtures::with(object(LITE), "domain_id", None)));
    let error = Received::<Query>::from_object(wrong).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::Missing, "tib.domain_id"));
}

fn any_lite() -> impl Strategy<Value = TibLite> {
    let label = || "[!-~]{1,40}";
    let hash = any::<[u8; 32]>();
    (
        any::<u32>(),
        hash,
        0..1_u64 << 53,
        label(),
        label(),
        prop::option::of(any::<u32>()),
        any::<[u8; 32]>(),
        prop::collection::vec(label(), 0..4),
        label(),
    )
        .prop_map(|(chain, state, height, agent, wallet, score, policy, tags, place)| TibLite {
            chain_id: chain.into(),
            ledger_state_hash: state.into(),
            block_number: height,
            agent_id: v(&agent),
            domain_id: v::<DomainName>("example.com"),
            wallet_type: v(&wallet),
            reputation_score: score,
            policy_hash: policy.into(),
            compliance_tags: tags.iter().map(|tag| v(tag)).collect(),
            jurisdiction: v(&place),
        })
}

proptest! {
    /// Shows R-541.
    #[test]
    fn flat_block_goes_through_the_full_one_without_loss(lite in any_lite()) {
        let (tib, sender) = lite.clone().into_tib(tib_fields());
        let written = Kept::new(tib).unwrap();
        let read = Kept::<Tib>::from_object(written.object().clone()).unwrap();
        prop_assert_eq!(TibLite::of(read.fields(), &sender), Some(lite.clone()));
        let value = json::to_value(&lite).unwrap();
        prop_assert_eq!(from_value::<TibLite>(&value).unwrap(), lite);
    }
}

#[test]
fn view_of_a_block_that_lacks_its_fields_is_none() {
    let sender: DomainName = v("example.com");
    assert_eq!(TibLite::of(&tib_fields(), &sender), None);
    assert_ne!(policy().len(), 0);
}
