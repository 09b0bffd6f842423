use crate::{
    Outcome,
    edit::{in_capitals, nulls},
    object::{put, written},
    samples::{key, sample, signed_tib, tib},
    topic::{Case, Topic},
};
use tgp_protocol::{
    gateway::{GatewayMessage, Intake},
    json::{Object, Value},
    sign::{self, SigningKey},
    wire::Kind,
};

/// Every kind of plane G.
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

/// Changes of a valid message: what stands at a place, or that nothing does. A row names all that is changed.
type Row = (Kind, &'static [(&'static str, Option<&'static str>)]);

const CHANGES: &[Row] = &[
    (Kind::Query, &[("attributes.amount", None)]),
    (Kind::Query, &[("attributes.amount.value", Some(r#""0.00""#))]),
    (Kind::Query, &[("attributes.amount.value", Some(r#""$10.00""#))]),
    (Kind::Query, &[("attributes.amount.value", Some("10"))]),
    (Kind::Query, &[("attributes.amount.currency", None)]),
    (Kind::Query, &[("attributes.amount_mode", None)]),
    (Kind::Query, &[("attributes.amount_mode", Some(r#""most""#))]),
    (Kind::Query, &[("attributes.deadline", None)]),
    (Kind::Query, &[("attributes.deadline", Some(r#""2025-12-01T10:00:00Z""#))]),
    (Kind::Query, &[("attributes.deadline", Some(r#""2025-12-01T10:00:00.001Z""#))]),
    (Kind::Query, &[("attributes.compliance.0", Some(r#""K Y C""#))]),
    (Kind::Query, &[("attributes.qos.reliability", Some("0.99"))]),
    (Kind::Query, &[("attributes.qos.reliability", Some("1.01"))]),
    (Kind::Query, &[("attributes.qos.latency_ms", Some("4294967296"))]),
    (Kind::Query, &[("attributes.qos.latency_ms", Some("-1"))]),
    (Kind::Query, &[("precheck", Some("true")), ("attributes", Some("{}"))]),
    (Kind::Query, &[("precheck", Some("true")), ("sso_ids", None)]),
    (Kind::Query, &[("message_type", Some(r#""PRECHECK""#)), ("attributes", Some("{}"))]),
    (Kind::Query, &[("message_type", Some(r#""PRECHECK""#)), ("precheck", Some("true"))]),
    (Kind::Query, &[("message_type", Some(r#""PRECHECK""#)), ("precheck", Some("false"))]),
    (Kind::Query, &[("message_type", Some(r#""Query""#))]),
    (Kind::Query, &[("message_type", None), ("type", Some(r#""QUERY""#))]),
    (Kind::Query, &[("phase", Some(r#""QUERY""#))]),
    (Kind::Query, &[("tgp_version", None), ("vgp_version", Some(r#""0.1""#))]),
    (Kind::Query, &[("tgp_version", Some(r#""1.0""#))]),
    (Kind::Query, &[("vgp_version", Some(r#""0.2""#))]),
    (Kind::Query, &[("later", Some("[0.5]")), ("crit", Some(r#"["sso_ids","kid"]"#))]),
    (Kind::Query, &[("later", Some("[0.5]")), ("crit", Some(r#"["sso_ids","later"]"#))]),
    (Kind::Query, &[("sender", Some(r#""0x209693bc6afc0c5328ba36faf03c514ef312287c.example""#))]),
    (Kind::Query, &[("destination", Some(r#""a.0x209693bc6afc0c5328ba36faf03c514ef312287c""#))]),
    (Kind::Query, &[("sso_ids", Some("[]"))]),
    (Kind::Advert, &[("message_type", Some(r#""QUOTE""#))]),
    (Kind::Advert, &[("paths", Some("[]")), ("sso_ids", None), ("policy_hash", None)]),
    (Kind::Advert, &[("ttl", Some("0"))]),
    (Kind::Advert, &[("withdrawn.0", Some(r#""path-direct-c""#))]),
    (Kind::Advert, &[("bond.amount", Some(r#""0""#))]),
    (Kind::Advert, &[("bond.amount", Some("0.25"))]),
    (Kind::Advert, &[("invoice.sig", None)]),
    (Kind::Advert, &[("invoice.amount", Some(r#""0""#))]),
    (Kind::Advert, &[("invoice.payee", Some(r#""eip155:369:0x209693bc6afc0c5328ba36faf03c514ef312287c""#))]),
    (
        Kind::Advert,
        &[("invoice.hashlock", Some(r#""sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855""#))],
    ),
    (Kind::Advert, &[("paths.0.hops", Some("[]"))]),
    (Kind::Advert, &[("paths.0.hops.0", Some(r#""gateway-b.example.com""#))]),
    (Kind::Advert, &[("paths.0.hops.0", Some(r#""tag:AAECAwQFBgcICQoLDA0ODw""#))]),
    (Kind::Advert, &[("paths.0.hops.0", Some(r#""tag:AAECAwQFBgcICQoLDA0O""#))]),
    (Kind::Advert, &[("paths.0.hops", Some(r#"["provider-c.example.com","b.example","b.example"]"#))]),
    (Kind::Advert, &[("paths.0.cost.base", Some("8.5"))]),
    (Kind::Advert, &[("paths.0.cost.base", Some(r#""8.51""#))]),
    (Kind::Advert, &[("paths.0.cost.base", Some(r#""8.51""#)), ("paths.0.amount_mode", Some(r#""deliver""#))]),
    (Kind::Advert, &[("paths.0.cost.model", Some(r#""per_day""#))]),
    (Kind::Advert, &[("paths.0.cost.model", Some(r#""bps""#))]),
    (Kind::Advert, &[("paths.0.cost.model", Some(r#""bps""#)), ("paths.0.cost.variable", Some(r#""10001""#))]),
    (Kind::Advert, &[("paths.0.cost.model", Some(r#""bps""#)), ("paths.0.cost.variable", Some(r#""25""#))]),
    (Kind::Advert, &[("paths.0.lock_amount", Some(r#""0""#)), ("paths.0.amount_mode", Some(r#""deliver""#))]),
    (Kind::Advert, &[("paths.0.lock_amount", None)]),
    (Kind::Advert, &[("paths.0.cost.units", None)]),
    (Kind::Advert, &[("paths.0.attributes.escrow_type", Some(r#""cash""#))]),
    (Kind::Advert, &[("paths.0.attributes.escrow_type", Some(r#""state_channel""#))]),
    (Kind::Advert, &[("paths.0.path_id", Some(r#""gwA>gwB>gwC""#))]),
    (Kind::Advert, &[("paths.0.path_id", Some(r#""a b""#))]),
    (Kind::Select, &[("lock_ref", None), ("lock_deadline", None), ("state_refs", None)]),
    (Kind::Select, &[("message_type", Some(r#""COMMIT""#))]),
    (Kind::Select, &[("message_type", Some(r#""COMMIT""#)), ("lock_ref", None)]),
    (Kind::Select, &[("parts", Some("2"))]),
    (Kind::Select, &[("htlc_params.amount", Some(r#""0""#))]),
    (Kind::Select, &[("htlc_params.amount", Some("9.5"))]),
    (
        Kind::Select,
        &[("htlc_params.hash", Some(r#""sha256:5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456""#))],
    ),
    (Kind::Select, &[("htlc_params.timeout", Some(r#""2025-12-01T10:00:00Z""#)), ("lock_deadline", None)]),
    (Kind::Select, &[("lock_deadline", Some(r#""2025-12-01T10:04:30Z""#))]),
    (Kind::Select, &[("lock_ref.contract", Some(r#""0x0000000000000000000000000000000000000000""#))]),
    (Kind::Select, &[("lock_ref.chain", Some(r#""pulsechain""#))]),
    (Kind::Select, &[("lock_ref.lock_id", Some(r#""0x01""#))]),
    (Kind::Locked, &[("status", Some(r#""PENDING""#))]),
    (Kind::Locked, &[("htlc_id", Some(r#""htlc c""#))]),
    (Kind::Locked, &[("sso_ids", Some("[]"))]),
    (Kind::Proof, &[("htlc_secret", Some(r#""0x5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a""#))]),
    (Kind::Proof, &[("htlc_secret", Some(r#""preimage-secret-xyz""#))]),
    (Kind::Proof, &[("htlc_secret", Some(r#""0x025a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a""#))]),
    (Kind::Proof, &[("proof_data.signature", None)]),
    (Kind::Proof, &[("proof_data.hashlock", None)]),
    (Kind::Proof, &[("state_refs", Some("[]"))]),
    (Kind::Settle, &[("status", Some(r#""REFUNDED""#))]),
    (Kind::Settle, &[("status", Some(r#""PENDING""#))]),
    (Kind::Settle, &[("final_amount", Some(r#""0""#))]),
    (Kind::Settle, &[("settlement_txids", Some("[]"))]),
    (Kind::Settle, &[("settlement_txids.0", Some(r#""0xe1""#))]),
    (Kind::Error, &[("error_code", Some(r#""ERROR.unsupported""#))]),
    (Kind::Error, &[("error_code", Some(r#""X402.NONCE_REUSED""#))]),
    (Kind::Error, &[("error_code", Some(r#""TIMEOUT""#))]),
    (Kind::Error, &[("error_code", Some(r#""TIMEOUT""#)), ("class", Some(r#""T""#))]),
    (Kind::Error, &[("error_code", Some(r#""OUT_OF_MILK""#))]),
    (Kind::Error, &[("hop", Some(r#""0x209693bc6afc0c5328ba36faf03c514ef312287c""#))]),
    (Kind::Error, &[("class", Some(r#""X""#))]),
    (Kind::Error, &[("class", None), ("hop", None), ("path_id", None)]),
    (Kind::Error, &[("description", Some(r#""line\none""#))]),
    (Kind::Error, &[("description", Some(r#""""#))]),
    (Kind::Error, &[("hop", Some(r#""gateway b""#))]),
    (Kind::WithdrawRoute, &[("withdrawn", Some("[]"))]),
    (Kind::WithdrawRoute, &[("withdrawn.0", Some("1"))]),
    (Kind::Abort, &[("release.signature", Some(r#""0x1b""#))]),
    (Kind::Abort, &[("release.chain", Some(r#""eip155:1""#))]),
    (Kind::Abort, &[("lock_ref.lock_id", Some(LOCK_ID)), ("release.lock_id", Some(LOCK_ID_IN_CAPITALS))]),
    (Kind::Abort, &[("release.lock_id", Some(LOCK_ID_IN_CAPITALS))]),
    (Kind::Abort, &[("release.contract", Some(r#""0x00000000000000000000000000000000000000CC""#))]),
    (
        Kind::Select,
        &[("htlc_params.hash", Some(r#""sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855""#))],
    ),
    (
        Kind::Advert,
        &[("invoice.hashlock", Some(r#""sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855""#))],
    ),
    (Kind::Query, &[("attributes.qos", Some("null"))]),
    (Kind::Query, &[("attributes.compliance", Some("null"))]),
    (Kind::Query, &[("attributes.amount", Some("null"))]),
    (Kind::Query, &[("attributes.amount.value", Some("null"))]),
    (Kind::Query, &[("message_type", Some(r#""PRECHECK""#)), ("precheck", Some("null")), ("attributes", Some("{}"))]),
    (Kind::Query, &[("later", Some("null")), ("crit", Some(r#"["later"]"#))]),
    (Kind::Query, &[("precheck", Some("null")), ("crit", Some(r#"["precheck"]"#))]),
    (Kind::Advert, &[("paths.0.cost.units", Some("null"))]),
    (Kind::Advert, &[("paths.0.lock_amount", Some("null"))]),
    (Kind::Advert, &[("paths.0.hops", Some("null"))]),
    (Kind::Advert, &[("paths.0.attributes.compliance", Some("null"))]),
    (Kind::Select, &[("htlc_params.amount", Some("null"))]),
    (Kind::Select, &[("message_type", Some(r#""COMMIT""#)), ("lock_ref", Some("null"))]),
    (Kind::Select, &[("parts", Some("null"))]),
];

/// The sample's block, twice; with one of another chain; and the same in the other order.
const TWICE: &str = r#"[{"type":"block_header","height":23456789,"hash":"0xb1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1"},{"type":"block_header","height":23456789,"hash":"0xb1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1"}]"#;
const TWO: &str = r#"[{"type":"block_header","height":23456789,"hash":"0xb1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1"},{"type":"block_header","height":900,"hash":"0xb2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2","chain":"eip155:8453"}]"#;
const TWO_TURNED: &str = r#"[{"type":"block_header","height":900,"hash":"0xb2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2","chain":"eip155:8453"},{"type":"block_header","height":23456789,"hash":"0xb1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1","chain":"eip155:369"}]"#;

/// A lock with letters in its id.
const LOCK_ID: &str = r#""0xabababababababababababababababababababababababababababababababab""#;
const LOCK_ID_IN_CAPITALS: &str = r#""0xABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB""#;

/// Changes of what a message is bound to, where it carries the info block.
const BOUND: &[Row] = &[
    (Kind::Query, &[]),
    (Kind::Advert, &[]),
    (Kind::Select, &[]),
    (Kind::Locked, &[]),
    (Kind::Proof, &[]),
    (Kind::Settle, &[]),
    (Kind::Select, &[("sso_ids", None), ("policy_hash", None), ("state_refs", None)]),
    (Kind::Select, &[("sso_ids", Some(r#"["sso-id-2","sso-id-1","sso-id-2"]"#))]),
    (Kind::Select, &[("sso_ids", Some(r#"["sso-id-1"]"#))]),
    (
        Kind::Select,
        &[("policy_hash", Some(r#""sha256:5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456""#))],
    ),
    (Kind::Select, &[("state_refs.0.height", Some("23456790"))]),
    (Kind::Select, &[("state_refs.0.chain", Some(r#""eip155:369""#))]),
    (
        Kind::Select,
        &[
            ("lock_ref", None),
            ("state_refs.0.chain", Some(r#""pulsechain""#)),
            ("tib.l8_value.network.family", Some(r#""Solana""#)),
        ],
    ),
    (Kind::Select, &[("state_refs.0.chain", Some(r#""eip155:1""#))]),
    (Kind::Select, &[("state_refs", None)]),
    (Kind::Select, &[("tib.l8_value.state_refs", Some("[]"))]),
    (Kind::Select, &[("state_refs", Some(TWICE))]),
    (Kind::Select, &[("state_refs", Some(TWO)), ("tib.l8_value.state_refs", Some(TWO_TURNED))]),
    (Kind::Select, &[("state_refs", Some(TWO))]),
    (
        Kind::Proof,
        &[("state_refs.0.hash", Some(r#""0xb2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2""#))],
    ),
    (Kind::Settle, &[("state_refs.0.height", Some("23456790"))]),
    (Kind::Advert, &[("state_refs", Some(TWO))]),
    // the lock of a selection, in the message and in the block
    (
        Kind::Select,
        &[("htlc_params.hash", Some(r#""sha256:5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9457""#))],
    ),
    (Kind::Select, &[("htlc_params.amount", Some(r#""9.51""#))]),
    (Kind::Select, &[("htlc_params.amount", Some(r#""9.5""#))]),
    (Kind::Select, &[("tib.l8_value.amount", Some(r#""10.00""#))]),
    (Kind::Select, &[("tib.l8_value.settlement.hashlock", None)]),
    (Kind::Select, &[("tib.l8_value.settlement.escrow_contract", None)]),
    (
        Kind::Select,
        &[
            ("tib.l8_value.settlement.hashlock", None),
            ("htlc_params.hash", Some(r#""sha256:5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9457""#)),
        ],
    ),
    (Kind::Select, &[("lock_ref.chain", Some(r#""eip155:1""#))]),
    (Kind::Select, &[("lock_ref.contract", Some(r#""0x00000000000000000000000000000000000000cd""#))]),
    (Kind::Select, &[("lock_ref.contract", Some(r#""0x00000000000000000000000000000000000000CC""#))]),
    (Kind::Select, &[("lock_ref", None), ("tib.l8_value.settlement.escrow_contract", None)]),
    // a lock is on an EVM chain, and is an escrow
    (Kind::Select, &[("tib.l8_value.network.family", Some(r#""Solana""#))]),
    (Kind::Select, &[("lock_ref", None), ("tib.l8_value.network.family", Some(r#""Solana""#))]),
    (
        Kind::Select,
        &[("tib.l8_value.settlement.hashlock", None), ("tib.l8_value.settlement.mode", Some(r#""immediate""#))],
    ),
    (
        Kind::Select,
        &[("tib.l8_value.settlement.hashlock", None), ("tib.l8_value.settlement.mode", Some(r#""invoice""#))],
    ),
    (Kind::Select, &[("tib.l8_value.settlement.timelock_ms", Some("1"))]),
    (Kind::Select, &[("tib.meta.exp", Some("1764583200001"))]),
    (Kind::Select, &[("tib.meta.exp", Some("1764583200000"))]),
    (Kind::Query, &[("precheck", Some("true"))]),
    (Kind::Query, &[("precheck", Some("true")), ("tib.l8_value", None)]),
    (Kind::Query, &[("tib.l8_value", None)]),
    (
        Kind::Query,
        &[("tib.l9_identity.attributes", Some(r#"{"wallet_type":"0x209693bc6afc0c5328ba36faf03c514ef312287c"}"#))],
    ),
];

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "Messages between gateways as they arrive: kind and digest of what is accepted, or the refusal. numeric_money is the compat mode in which money may be a JSON number; last_authorised_hop says that the receiver may see wallets. With a public_key the signature is verified as well.",
    );
    for kind in KINDS {
        let good = sample(kind)?;
        topic.push(received(format!("{kind}"), &good, kind, Reader::default())?);
        for (name, value) in good.iter() {
            // the kind itself is not another kind's member
            if name != "message_type" {
                changed(&mut topic, kind, &good, &[(name, None)], Reader::default())?;
            }
            let other = if matches!(value, Value::Bool(_)) { "1" } else { "true" };
            changed(&mut topic, kind, &good, &[(name, Some(other))], Reader::default())?;
        }
        for (about, object) in nulls(&good, &["phase", "vgp_version", "crit", "tib", "lock_ref", "policy_hash"]) {
            topic.push(received(format!("{kind}, {about}"), &object, kind, Reader::default())?);
        }
        signatures(&mut topic, kind, &good)?;
    }
    for (kind, changes) in CHANGES {
        let changes: Vec<_> = changes.iter().map(|(place, text)| (*place, *text)).collect();
        changed(&mut topic, *kind, &sample(*kind)?, &changes, Reader::default())?;
    }
    numbers(&mut topic)?;
    blocks(&mut topic)?;
    Ok(topic)
}

/// How a receiver reads.
#[derive(Clone, Copy, Default)]
struct Reader<'c> {
    about: &'c str,
    intake: Intake,
}

fn changed(
    topic: &mut Topic,
    kind: Kind,
    good: &Object,
    changes: &[(&str, Option<&str>)],
    reader: Reader<'_>,
) -> Outcome<()> {
    let mut object = good.clone();
    let mut names = vec![format!("{kind}{}", reader.about)];
    for (place, text) in changes {
        put(&mut object, place, *text)?;
        names.push(match text {
            None => format!("{place} missing"),
            Some(text) => format!("{place} is {text}"),
        });
    }
    topic.push(received(names.join(", "), &object, kind, reader)?);
    Ok(())
}

/// Signs a message as its sender, and has it read.
fn received(name: String, message: &Object, kind: Kind, reader: Reader<'_>) -> Outcome<Case> {
    let mut message = message.clone();
    sign::sign(&kind.purpose(), &mut message, &key(1));
    read(name, &message, &key(1), reader.intake)
}

fn signatures(topic: &mut Topic, kind: Kind, good: &Object) -> Outcome<()> {
    let signed = |purpose: &str| {
        let mut message = good.clone();
        sign::sign(purpose, &mut message, &key(1));
        message
    };
    let whole = signed(&kind.purpose());
    let mut later = whole.clone();
    later.insert("later", Value::Null);
    let mut null = whole.clone();
    null.insert("signature", Value::Null);
    let mut other_key = whole.clone();
    other_key.insert("kid", Value::String(key(2).public_key().id().to_string()));
    for (name, message, by) in [
        ("not signed", good.clone(), 1),
        ("null for the signature", null, 1),
        ("a member added after signing", later, 1),
        ("kid of another key", other_key, 1),
        ("signed by another key", whole, 2),
        ("signed for plane B", signed(&kind.purpose().replace("G/", "B/")), 1),
    ] {
        topic.push(read(format!("{kind}, {name}"), &message, &key(by), Intake::default())?);
    }
    Ok(())
}

/// Money as the documents print it.
fn numbers(topic: &mut Topic) -> Outcome<()> {
    let numbers: [&[(&str, &str)]; 4] = [
        &[("attributes.amount.value", "10.00")],
        &[("paths.0.cost.base", "8.50"), ("paths.0.cost.variable", "0.01"), ("paths.0.lock_amount", "9.5")],
        &[("htlc_params.amount", "9.50")],
        &[("final_amount", "9.50")],
    ];
    let compat = Reader { about: " with numeric_money", intake: Intake { numeric_money: true, ..Intake::default() } };
    for (kind, places) in [Kind::Query, Kind::Advert, Kind::Select, Kind::Settle].into_iter().zip(numbers) {
        let changes: Vec<_> = places.iter().map(|(place, number)| (*place, Some(*number))).collect();
        for reader in [compat, Reader::default()] {
            // one fault at a time, where numbers are refused
            let changes = if reader.intake.numeric_money { &changes[..] } else { &changes[..1] };
            changed(topic, kind, &sample(kind)?, changes, Reader { about: reader.about, ..reader })?;
        }
        changed(topic, kind, &sample(kind)?, &[(places[0].0, Some("-1"))], compat)?;
        changed(topic, kind, &sample(kind)?, &[], compat)?;
    }
    // where the documents write no number, none is read
    changed(topic, Kind::Advert, &sample(Kind::Advert)?, &[("bond.amount", Some("0.25"))], compat)?;
    changed(topic, Kind::Advert, &sample(Kind::Advert)?, &[("invoice.amount", Some("9.5"))], compat)
}

fn blocks(topic: &mut Topic) -> Outcome<()> {
    let last = Reader { about: " to the last hop", intake: Intake { last_authorised_hop: true, ..Intake::default() } };
    let with = |kind: Kind, tib: Object| -> Outcome<Object> {
        let mut message = sample(kind)?;
        message.insert("tib", Value::Object(tib));
        Ok(message)
    };
    for (kind, changes) in BOUND {
        let reader = Reader { about: " with tib", ..Reader::default() };
        changed(topic, *kind, &with(*kind, signed_tib()?)?, changes, reader)?;
    }
    for (kind, path) in [
        (Kind::Select, "policy_hash"),
        (Kind::Select, "tib.l10_policy.policy_hash"),
        (Kind::Select, "htlc_params.hash"),
        (Kind::Select, "tib.l8_value.settlement.hashlock"),
        (Kind::Select, "tib.l8_value.state_refs.0.hash"),
        (Kind::Proof, "proof_data.hashlock"),
    ] {
        let whole = if path.starts_with("proof_data") { sample(kind)? } else { with(kind, signed_tib()?)? };
        let name = format!("{kind} with tib, {path} in capitals");
        topic.push(received(name, &in_capitals(&whole, path)?, kind, Reader::default())?);
    }
    let mut other = with(Kind::Select, signed_tib()?)?;
    put(
        &mut other,
        "policy_hash",
        Some(r#""sha256:5DF6E0E2761359D30A8275058E299FCC0381534545F55CF43E41983F5D4C9456""#),
    )?;
    let name = "G/SELECT with tib, another policy hash in capitals".to_owned();
    topic.push(received(name, &other, Kind::Select, Reader::default())?);
    let mut other = sample(Kind::Proof)?;
    let hash = r#""sha256:5DF6E0E2761359D30A8275058E299FCC0381534545F55CF43E41983F5D4C9456""#;
    put(&mut other, "proof_data.hashlock", Some(hash))?;
    let name = "G/PROOF of another lock in capitals".to_owned();
    topic.push(received(name, &other, Kind::Proof, Reader::default())?);
    for kind in &KINDS[..6] {
        let reader = Reader { about: " with unsigned tib", ..Reader::default() };
        changed(topic, *kind, &with(*kind, tib()?)?, &[], reader)?;
    }
    let wallet =
        ("tib.l9_identity.bindings.0.can_settle_on.0", Some(r#""evm:0x209693bc6afc0c5328ba36faf03c514ef312287c""#));
    for reader in [last, Reader { about: " to a hop on the way", ..Reader::default() }] {
        changed(topic, Kind::Query, &with(Kind::Query, signed_tib()?)?, &[wallet], reader)?;
    }
    let late = [("sender", Some(r#""0x209693bc6afc0c5328ba36faf03c514ef312287c.example""#))];
    changed(topic, Kind::Query, &sample(Kind::Query)?, &late, last)
}

fn read(name: String, message: &Object, key: &SigningKey, intake: Intake) -> Outcome<Case> {
    let public = key.public_key();
    let text = written(message)?;
    let mut case = Case::new(name).with("text", text.as_str()).with("public_key", public.to_string());
    for (name, flag) in [("numeric_money", intake.numeric_money), ("last_authorised_hop", intake.last_authorised_hop)] {
        if flag {
            case = case.with(name, true);
        }
    }
    let result = GatewayMessage::read_as(text.as_bytes(), intake).and_then(|message| {
        message.verify(&public)?;
        Ok(message)
    });
    Ok(case.with_result(result, |case, message| {
        case.with("kind", message.kind().name()).with("digest", message.digest().to_string())
    }))
}
