//! Tables of what each field of a message is, and every wrong message that follows from them.

use crate::fixtures::with;
use tgp_protocol::{
    Reason::{self, *},
    Result,
    json::{self, Object, Value},
};

/// What a field is: whether it may be absent, the JSON types that it reads, and values that it refuses.
pub(crate) struct Row {
    path: &'static str,
    /// Whether the message is refused without it.
    required: bool,
    reads: &'static str,
    wrong: &'static [(&'static str, Reason)],
}

pub(crate) const fn must(path: &'static str, reads: &'static str, wrong: &'static [(&'static str, Reason)]) -> Row {
    Row { path, required: true, reads, wrong }
}

pub(crate) const fn may(path: &'static str, reads: &'static str, wrong: &'static [(&'static str, Reason)]) -> Row {
    Row { path, required: false, reads, wrong }
}

/// Not always there, but required by what else the message holds.
pub(crate) const fn here(path: &'static str, reads: &'static str, wrong: &'static [(&'static str, Reason)]) -> Row {
    must(path, reads, wrong)
}

pub(crate) const BAD_IDS: &[(&str, Reason)] = &[
    (r#""""#, BadId),
    (r#""a b""#, BadId),
    (r#""q\u0000""#, BadId),
    (r#""12345678901234567890123456789012345678901234567890123456789012345""#, BadId),
];
pub(crate) const BAD_PARTIES: &[(&str, Reason)] = &[
    (r#""""#, BadParty),
    (r#""alice""#, BadParty),
    (r#""buyer://""#, BadParty),
    (r#""seller://user:secret@host""#, BadParty),
    (r#""javascript://x""#, BadParty),
    (r#""buyer://a\nb""#, BadParty),
    (r#""0x742d35Cc6634C0532925a3b844Bc9e7595f0bEb""#, BadAddress),
    (r#""eip155:0:0x742d35cc6634c0532925a3b844bc9e7595f0beb0""#, BadChain),
];
pub(crate) const BAD_SYMBOLS: &[(&str, Reason)] =
    &[(r#""""#, BadSymbol), (r#""US DC""#, BadSymbol), (r#""USDCUSDCUSDCUSDCU""#, BadSymbol)];
pub(crate) const BAD_AMOUNTS: &[(&str, Reason)] = &[
    ("0", ZeroAmount),
    (r#""0""#, ZeroAmount),
    ("-1", BadAmount),
    ("1.5", BadAmount),
    (r#""1.5""#, BadAmount),
    (r#""01""#, BadAmount),
    (r#""+1""#, BadAmount),
    (r#""1e6""#, BadAmount),
    (r#""115792089237316195423570985008687907853269984665640564039457584007913129639936""#, BadAmount),
];
pub(crate) const BAD_CONTRACTS: &[(&str, Reason)] = &[
    // the documents' own example has 39 digits
    (r#""0x742d35Cc6634C0532925a3b844Bc9e7595f0bEb""#, BadAddress),
    (r#""742d35cc6634c0532925a3b844bc9e7595f0beb000""#, BadAddress),
    (r#""0x742D35cc6634C0532925a3b844Bc9e7595f0beb0""#, BadChecksum),
    (r#""0x0000000000000000000000000000000000000000""#, ZeroAddress),
];
pub(crate) const BAD_TIMES: &[(&str, Reason)] = &[
    (r#""2025-11-10""#, BadTime),
    (r#""2025-11-10T23:59:59""#, BadTime),
    (r#""2025-11-10T23:59:59+01:00""#, BadTime),
    (r#""2025-02-30T00:00:00Z""#, BadTime),
];
pub(crate) const BAD_WORDS: &[(&str, Reason)] = &[(r#""0x9f2d""#, BadWord), (r#""9f2d""#, BadWord)];
pub(crate) const BAD_NUMBERS: &[(&str, Reason)] = &[
    (r#""""#, BadAmount),
    (r#""-1""#, BadAmount),
    (r#""0x1""#, BadAmount),
    (r#""01""#, BadAmount),
    (r#""79228162514264337593543950336""#, OutOfRange),
];
pub(crate) const BAD_ENUMS: &[(&str, Reason)] = &[(r#""""#, UnknownValue), (r#""NEVER""#, UnknownValue)];

/// One value of each JSON type but null.
const TYPES: [(&str, &str); 5] =
    [("bool", "true"), ("number", "7"), ("string", r#""x""#), ("array", "[]"), ("object", "{}")];

/// Where a wrong value shows: most rules name the field itself, some a part of it.
fn place(path: &str, reason: Reason) -> String {
    match (path, reason) {
        ("escrow_from_402", Contradiction) => "escrow_contract_from_402".to_owned(),
        _ => path.replace(".0.", "[0]."),
    }
}

/// Tries everything that a table says about a message, and counts it.
pub(crate) fn refuse_all(name: &str, whole: &Object, rows: &[Row], read: impl Fn(&[u8]) -> Result<()>) -> usize {
    read(&whole.canonical()).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut tried = 0;
    let mut failed = Vec::new();
    let mut refused = |object: Object, path: &str, reason: Reason, what: &str| {
        tried += 1;
        let found = read(&object.canonical()).map_err(|error| (error.reason(), error.field().to_string()));
        if found.as_ref().err() != Some(&(reason, place(path, reason))) {
            failed.push(format!("{name}.{path} = {what}: {:?}, not {reason:?}", found.err()));
        }
    };
    for row in rows {
        if row.required {
            refused(with(whole.clone(), row.path, None), row.path, Missing, "missing");
            refused(with(whole.clone(), row.path, Some(Value::Null)), row.path, Missing, "null");
        }
        for (kind, text) in TYPES {
            if row.reads.split(' ').any(|reads| reads == kind) {
                continue;
            }
            let value = json::parse(text.as_bytes()).unwrap();
            refused(with(whole.clone(), row.path, Some(value)), row.path, WrongType, text);
        }
        for (text, reason) in row.wrong {
            let value = json::parse(text.as_bytes()).unwrap();
            refused(with(whole.clone(), row.path, Some(value)), row.path, *reason, text);
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
    tried
}
