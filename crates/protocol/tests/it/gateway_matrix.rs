//! Every field of every message between gateways: missing, of another type, and with wrong values.

// a helper that fails ends the test
#![allow(clippy::unwrap_used)]

use crate::gateways::{KINDS, put, read, refused, sample, verdict};
use proptest::prelude::*;
use tgp_protocol::{
    Code, Reason,
    json::{self, Value},
    wire::Kind,
};

/// A place, what is said when it is missing (`None`: it may be), and wrong values with their reasons.
type Row = (&'static str, Option<Reason>, &'static [(&'static str, Reason)]);

const HEADER: &[Row] = &[
    ("request_id", Some(Reason::Missing), &[(r#""""#, Reason::BadId), (r#""a b""#, Reason::BadId)]),
    (
        "timestamp",
        Some(Reason::Missing),
        &[(r#""2025-12-01T11:00:00+01:00""#, Reason::BadTime), (r#""yesterday""#, Reason::BadTime)],
    ),
    ("sender", Some(Reason::Missing), &[(r#""Client""#, Reason::BadDomain), (r#""https://a""#, Reason::BadDomain)]),
    ("signature", Some(Reason::Unsigned), &[]),
];

const SHA: &[(&str, Reason)] = &[(r#""0xab""#, Reason::BadSha256), (r#""sha256:abcdef""#, Reason::BadSha256)];
const MONEY: &[(&str, Reason)] = &[
    ("10.00", Reason::NumericMoney),
    ("10", Reason::NumericMoney),
    ("-1", Reason::NumericMoney),
    (r#""-1""#, Reason::BadDecimal),
    (r#""$10""#, Reason::BadDecimal),
    (r#""1e3""#, Reason::BadDecimal),
];
const FRACTION: &[(&str, Reason)] =
    &[("1.5", Reason::BadFraction), (r#""1.000001""#, Reason::BadFraction), ("-1", Reason::WrongType)];
const WORD: &[(&str, Reason)] = &[(r#""0xab""#, Reason::BadWord)];
const PATH_ID: &[(&str, Reason)] = &[(r#""""#, Reason::BadPathId), (r#""a/b""#, Reason::BadPathId)];
const STATE: &[Row] = &[
    ("state_refs", None, &[]),
    ("state_refs[0].type", Some(Reason::Missing), &[(r#""a b""#, Reason::BadLabel)]),
    ("state_refs[0].height", Some(Reason::Missing), &[("-1", Reason::OutOfRange)]),
    ("state_refs[0].hash", Some(Reason::Missing), WORD),
];
const LOCK: &[Row] = &[
    ("lock_ref.chain", Some(Reason::Missing), &[(r#""eip155:01""#, Reason::BadChain)]),
    (
        "lock_ref.contract",
        Some(Reason::Missing),
        &[(r#""0xab""#, Reason::BadAddress), (r#""0x0000000000000000000000000000000000000000""#, Reason::ZeroAddress)],
    ),
    ("lock_ref.lock_id", Some(Reason::Missing), WORD),
    ("lock_ref.tx_hash", Some(Reason::Missing), WORD),
    ("lock_ref.block", Some(Reason::Missing), &[("1.5", Reason::WrongType)]),
];

fn rows(kind: Kind) -> Vec<Row> {
    let own: &[Row] = match kind {
        Kind::Query => &[
            ("destination", Some(Reason::Missing), &[(r#""?""#, Reason::BadDomain)]),
            ("attributes", Some(Reason::Missing), &[]),
            ("attributes.amount", Some(Reason::Missing), &[]),
            ("attributes.amount.value", Some(Reason::Missing), MONEY),
            ("attributes.amount.value", Some(Reason::Missing), &[(r#""0.00""#, Reason::ZeroAmount)]),
            ("attributes.amount.currency", Some(Reason::Missing), &[(r#""US DC""#, Reason::BadSymbol)]),
            ("attributes.amount_mode", None, &[(r#""most""#, Reason::UnknownValue)]),
            (
                "attributes.deadline",
                Some(Reason::Missing),
                &[("0", Reason::WrongType), (r#""2025-12-01T10:00:00Z""#, Reason::InThePast)],
            ),
            ("attributes.compliance", None, &[]),
            ("attributes.compliance[0]", None, &[(r#""""#, Reason::BadLabel)]),
            ("attributes.qos", None, &[]),
            ("attributes.qos.latency_ms", Some(Reason::Missing), &[("0.5", Reason::WrongType)]),
            ("attributes.qos.reliability", Some(Reason::Missing), FRACTION),
            ("sso_ids", Some(Reason::Missing), &[("[]", Reason::Missing)]),
            ("sso_ids[0]", None, &[(r#""a b""#, Reason::BadId)]),
        ],
        Kind::Advert => &[
            ("paths", None, &[]),
            ("paths[0].path_id", Some(Reason::Missing), PATH_ID),
            ("paths[0].path_id", Some(Reason::Missing), &[(r#""path-old""#, Reason::Contradiction)]),
            ("paths[0].hops", Some(Reason::Missing), &[("[]", Reason::WrongLength)]),
            (
                "paths[0].hops[0]",
                None,
                &[
                    (r#""tag:short""#, Reason::BadHop),
                    (r#""other.example""#, Reason::FirstHopNotSender),
                    (r#""0x209693bc6afc0c5328ba36faf03c514ef312287c""#, Reason::WalletDisclosed),
                ],
            ),
            ("paths[0].cost", Some(Reason::Missing), &[]),
            ("paths[0].cost.base", Some(Reason::Missing), MONEY),
            ("paths[0].cost.variable", Some(Reason::Missing), MONEY),
            ("paths[0].cost.currency", Some(Reason::Missing), &[(r#""""#, Reason::BadSymbol)]),
            ("paths[0].cost.units", None, &[(r#""100""#, Reason::WrongType), ("-1", Reason::OutOfRange)]),
            ("paths[0].cost.model", None, &[(r#""per_moon""#, Reason::UnknownValue)]),
            ("paths[0].lock_amount", None, MONEY),
            (
                "paths[0].lock_amount",
                None,
                &[(r#""0""#, Reason::ZeroAmount), (r#""9.49""#, Reason::BadSum), (r#""8.00""#, Reason::BadSum)],
            ),
            ("paths[0].amount_mode", None, &[(r#""x""#, Reason::UnknownValue)]),
            ("paths[0].risk_score", Some(Reason::Missing), FRACTION),
            ("paths[0].attributes", Some(Reason::Missing), &[]),
            ("paths[0].attributes.escrow_type", Some(Reason::Missing), &[(r#""cash""#, Reason::UnknownValue)]),
            (
                "paths[0].attributes.settlement_time_max",
                Some(Reason::Missing),
                &[("-5", Reason::OutOfRange), ("4294967296", Reason::OutOfRange)],
            ),
            ("paths[0].attributes.compliance", None, &[]),
            ("ttl", None, &[("0", Reason::OutOfRange), ("-1", Reason::OutOfRange), (r#""60""#, Reason::WrongType)]),
            ("withdrawn", None, &[]),
            ("invoice", None, &[]),
            ("invoice.sig", Some(Reason::Unsigned), &[(r#""abc""#, Reason::BadSignature)]),
            ("invoice.request_id", Some(Reason::Missing), &[(r#""""#, Reason::BadId)]),
            ("invoice.hashlock", Some(Reason::Missing), SHA),
            (
                "invoice.hashlock",
                Some(Reason::Missing),
                &[(
                    r#""sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855""#,
                    Reason::KnownSecret,
                )],
            ),
            ("invoice.amount", Some(Reason::Missing), MONEY),
            ("invoice.amount", Some(Reason::Missing), &[(r#""0""#, Reason::ZeroAmount)]),
            ("invoice.expiry", Some(Reason::Missing), &[("60", Reason::WrongType)]),
            (
                "invoice.payee",
                Some(Reason::Missing),
                &[
                    (r#""somebody""#, Reason::BadParty),
                    (r#""0x209693bc6afc0c5328ba36faf03c514ef312287c""#, Reason::WalletDisclosed),
                ],
            ),
            ("bond", None, &[]),
            ("bond.asset", Some(Reason::Missing), &[(r#""""#, Reason::BadSymbol)]),
            ("bond.amount", Some(Reason::Missing), &[("1", Reason::NumericMoney), (r#""0""#, Reason::ZeroAmount)]),
            ("bond.refundable", Some(Reason::Missing), &[(r#""yes""#, Reason::WrongType)]),
            ("bond.terms", Some(Reason::Missing), &[(r#""""#, Reason::BadLabel)]),
            ("sso_ids", Some(Reason::Missing), &[("[]", Reason::Missing)]),
            ("policy_hash", Some(Reason::Missing), SHA),
        ],
        Kind::Select => &[
            ("path_id", Some(Reason::Missing), PATH_ID),
            ("htlc_params", Some(Reason::Missing), &[]),
            ("htlc_params.hash", Some(Reason::Missing), SHA),
            (
                "htlc_params.hash",
                Some(Reason::Missing),
                &[
                    (
                        r#""sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855""#,
                        Reason::KnownSecret,
                    ),
                    (r#""sha256-of-secret""#, Reason::BadSha256),
                ],
            ),
            (
                "htlc_params.timeout",
                Some(Reason::Missing),
                &[("300", Reason::WrongType), (r#""2025-12-01T10:00:06Z""#, Reason::InThePast)],
            ),
            ("htlc_params.amount", Some(Reason::Missing), MONEY),
            ("htlc_params.amount", Some(Reason::Missing), &[(r#""0""#, Reason::ZeroAmount)]),
            ("lock_deadline", None, &[("1", Reason::WrongType), (r#""2025-12-01T10:04:30Z""#, Reason::Contradiction)]),
            ("state_refs", Some(Reason::Missing), &[("[]", Reason::Missing)]),
            ("sso_ids", Some(Reason::Missing), &[]),
            ("policy_hash", Some(Reason::Missing), SHA),
        ],
        Kind::Locked => &[
            ("path_id", Some(Reason::Missing), PATH_ID),
            ("htlc_id", Some(Reason::Missing), &[(r#""""#, Reason::BadId)]),
            ("status", Some(Reason::Missing), &[(r#""SETTLED""#, Reason::UnknownValue)]),
            ("sso_ids", Some(Reason::Missing), &[]),
            ("policy_hash", Some(Reason::Missing), SHA),
        ],
        Kind::Proof => &[
            (
                "htlc_secret",
                Some(Reason::Missing),
                &[
                    (r#""preimage-secret-xyz""#, Reason::BadSecret),
                    (r#""0x""#, Reason::BadSecret),
                    (r#""0x5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a""#, Reason::BadSecret),
                    (r#""0x5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a""#, Reason::BadSecret),
                    (r#""0x0000000000000000000000000000000000000000000000000000000000000000""#, Reason::KnownSecret),
                ],
            ),
            ("proof_data", Some(Reason::Missing), &[]),
            ("proof_data.tdr_hash", Some(Reason::Missing), SHA),
            ("proof_data.signature", Some(Reason::Unsigned), &[(r#""ed25519-sig-provider-c""#, Reason::BadSignature)]),
            (
                "proof_data.hashlock",
                None,
                &[(
                    r#""sha256:686703b900000000000000000000000000000000000000000000000000000000""#,
                    Reason::WrongSecret,
                )],
            ),
            ("settlement_txids", None, &[(r#"["0x"]"#, Reason::BadWord)]),
            ("state_refs", Some(Reason::Missing), &[]),
        ],
        Kind::Settle => &[
            ("htlc_id", Some(Reason::Missing), &[(r#""""#, Reason::BadId)]),
            ("status", Some(Reason::Missing), &[(r#""LOCKED""#, Reason::UnknownValue)]),
            ("final_amount", Some(Reason::Missing), MONEY),
            ("final_amount", Some(Reason::Missing), &[(r#""0""#, Reason::ZeroAmount)]),
            ("settlement_txids", Some(Reason::Missing), &[("[]", Reason::Missing)]),
            ("state_refs", Some(Reason::Missing), &[]),
            ("policy_hash", Some(Reason::Missing), SHA),
        ],
        Kind::Error => &[
            ("error_code", Some(Reason::Missing), &[(r#""OOPS""#, Reason::UnknownValue)]),
            ("description", Some(Reason::Missing), &[(r#""""#, Reason::WrongLength)]),
            ("class", None, &[(r#""X""#, Reason::UnknownValue), (r#""T""#, Reason::Contradiction)]),
            ("reason", None, &[(r#""""#, Reason::WrongLength)]),
            ("hop", None, &[(r#""?""#, Reason::BadHop)]),
            ("hop", None, &[(r#""0x209693bc6afc0c5328ba36faf03c514ef312287c""#, Reason::WalletDisclosed)]),
            ("path_id", None, PATH_ID),
        ],
        Kind::WithdrawRoute => &[("withdrawn", Some(Reason::Missing), &[("[]", Reason::WrongLength)])],
        Kind::Abort => &[
            ("path_id", Some(Reason::Missing), PATH_ID),
            ("lock_ref", None, &[]),
            ("release", None, &[]),
            ("release.chain", Some(Reason::Missing), &[(r#""btc""#, Reason::BadChain)]),
            ("release.contract", Some(Reason::Missing), &[(r#""0x""#, Reason::BadAddress)]),
            ("release.lock_id", Some(Reason::Missing), WORD),
            ("release.signature", Some(Reason::Missing), &[(r#""0x11""#, Reason::BadWalletSignature)]),
        ],
        other => panic!("{other} is of another plane"),
    };
    let shared = match kind {
        Kind::Select => [STATE, LOCK].concat(),
        Kind::Locked | Kind::Abort => LOCK.to_vec(),
        Kind::Proof => STATE.to_vec(),
        Kind::Settle => [STATE, &[("sso_ids", None, &[])]].concat(),
        _ => Vec::new(),
    };
    let covered = |place: &str| own.iter().any(|(other, ..)| *other == place);
    let shared = shared.into_iter().filter(|(place, ..)| !covered(place));
    HEADER.iter().copied().chain(own.iter().copied()).chain(shared).collect()
}

/// A value of a type that no field at this place has.
fn wrong_type(kind: Kind, place: &str) -> &'static str {
    let whole = sample(kind);
    let array = whole.get(place).is_some_and(|value| matches!(value, Value::Array(_)))
        || ["hops", "compliance"].iter().any(|name| place.ends_with(name));
    if array { "{}" } else { "[]" }
}

/// Shows R-049..R-058, R-064..R-071, R-074..R-077, R-084, R-089..R-091, R-094, R-134, R-136..R-148, R-152, R-164..R-170, R-240.
#[test]
fn every_field_is_checked_and_named() {
    let mut verdicts = Vec::new();
    for kind in KINDS {
        read(&sample(kind)).unwrap_or_else(|error| panic!("the sample of {kind} must be read: {error}"));
        for (place, missing, wrong) in rows(kind) {
            match missing {
                Some(reason) => verdicts.push(verdict(kind, place, None, reason, place)),
                // without an element the array is another valid one, or too short
                None if place.ends_with(']') => {}
                None => {
                    let mut message = sample(kind);
                    put(&mut message, place, None);
                    let read = read(&message);
                    verdicts.push(read.map(|_| ()).map_err(|error| format!("{kind} without {place}: {error}")));
                }
            }
            if place != "signature" {
                verdicts.push(verdict(kind, place, Some(wrong_type(kind, place)), Reason::WrongType, place));
            }
            for (value, reason) in wrong {
                let error_at = if place == "settlement_txids" && *reason == Reason::BadWord {
                    "settlement_txids[0]"
                } else {
                    place
                };
                verdicts.push(verdict(kind, place, Some(value), *reason, error_at));
            }
        }
    }
    let wrong: Vec<_> = verdicts.iter().filter_map(|verdict| verdict.as_ref().err()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(verdicts.len() > 400, "only {} cases", verdicts.len());
}

/// Every member of every sample stands in the matrix, so that a new field cannot be forgotten.
#[test]
fn matrix_is_complete() {
    const OF_THE_WIRE: [&str; 4] = ["message_type", "tgp_version", "kid", "tib"];
    for kind in KINDS {
        let rows = rows(kind);
        for (name, _) in sample(kind).iter() {
            let known = OF_THE_WIRE.contains(&name)
                || rows.iter().any(|(place, ..)| place.split(['.', '[']).next() == Some(name));
            assert!(known, "{kind} has no row for {name}");
        }
    }
}

/// Shows R-132, R-133.
#[test]
fn version_and_discriminator_are_those_of_the_plane() {
    for kind in KINDS {
        refused(kind, "tgp_version", None, Reason::Missing, "tgp_version");
        refused(kind, "tgp_version", Some(r#""1.0""#), Reason::OtherVersion, "tgp_version");
        refused(kind, "vgp_version", Some(r#""0.2""#), Reason::TwoVersions, "vgp_version");
        refused(kind, "phase", Some(r#""QUERY""#), Reason::NoKind, "");
        refused(kind, "message_type", Some(r#""HELLO""#), Reason::UnknownKind, "message_type");
        let mut former = sample(kind);
        let version = former.remove("tgp_version").expect("a version");
        former.insert("vgp_version", version);
        read(&former).expect("the former name of the version");
    }
}

#[test]
fn unsigned_messages_are_refused_under_the_code_of_signatures() {
    for kind in KINDS {
        let mut message = sample(kind);
        message.remove("signature");
        assert_eq!(read(&message).unwrap_err().code(), Code::SigInvalid, "{kind}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Whatever bytes come, reading them ends in a message or in an error.
    #[test]
    fn no_input_panics(bytes in any::<Vec<u8>>()) {
        let _ = tgp_protocol::gateway::GatewayMessage::read(&bytes);
    }

    /// The same with inputs that are nearly messages.
    #[test]
    fn no_change_of_a_message_panics(kind in 0..KINDS.len(), member in any::<prop::sample::Index>(), text in "[\\[\\]{}0-9a-z\":,.-]{0,12}") {
        let mut message = sample(KINDS[kind]);
        let name = message.iter().nth(member.index(message.len())).map(|(name, _)| name.to_owned()).unwrap();
        let value = json::parse(text.as_bytes()).unwrap_or(Value::String(text));
        message.insert(&name, value);
        let _ = read(&message);
    }
}
