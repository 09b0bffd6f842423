use crate::{
    Outcome,
    object::object,
    topic::{Case, Topic},
};
use alloy_primitives::hex;
use tgp_protocol::tlv::{self, MacKey};

const BLOCK: &str = r#"{
  "meta": { "v": 1, "nonce": "5f0c1b8e2d7a4c3990b1e6f2a8d40c17", "exp": 1762147200000, "trace_id": "3f2b8c1e-7a55-4d0e-9a41-0c6d2f1b7e90" },
  "l8_value": {
    "network": { "family": "EVM", "chain_id": 369, "endpoint_class": "full" },
    "state_summaries": ["sso-id-1", "sso-id-2"],
    "amount": "1250.00"
  },
  "l9_identity": { "entities": { "initiator": "did:loe:dbigge", "mediators": ["as12345", "auditor.example"] } },
  "l10_policy": { "rules": { "qos": { "max_latency_ms": 800, "min_success_rate": 0.99 } }, "compliance": ["OFAC:US-2025-10"] },
  "crypto": { "enc": ["hpke:X25519"], "sig": "base64" }
}"#;

const BLOCKS: [(&str, &str); 5] = [
    ("information block of document 002", BLOCK),
    ("PRECHECK: identity and policy alone", r#"{"l9_identity":{"entities":{}},"l10_policy":{"compliance":[]}}"#),
    ("some of meta", r#"{"meta":{"exp":1762147200000,"v":1}}"#),
    ("null is a value", r#"{"crypto":null,"meta":{"nonce":null}}"#),
    ("nothing", "{}"),
];

/// Frames that are read, though no writer makes them so.
const READ: [(&str, &str); 6] = [
    ("elements in another order", "a1000000026130 a00000000101"),
    ("unknown element below 0x80", "0100000003ffffff a00000000101"),
    ("known element in the wrapper", "7e00000006 a00000000101"),
    ("unknown critical element in the wrapper", "a00000000101 7e00000005 9000000000"),
    ("empty wrapper", "7e00000000 a00000000101"),
    ("unknown element of no bytes", "7f00000000"),
];

const REFUSED: [(&str, &str); 19] = [
    ("unknown critical element", "a00000000101 8000000000"),
    ("unknown critical element at the end of the range", "fe00000000"),
    ("code point twice", "a00000000101 a00000000101"),
    ("unknown code point twice", "0100000000 0100000000"),
    ("code point outside and inside the wrapper", "a00000000101 7e00000006 a00000000101"),
    ("two wrappers", "7e00000000 7e00000000"),
    ("wrapper in a wrapper", "7e00000005 7e00000000"),
    ("MAC in the wrapper", "7e00000005 ff00000000"),
    ("element behind the MAC", "ff00000000 a00000000101"),
    ("MAC twice", "ff00000000 ff00000000"),
    ("MAC for who shares no key", "a00000000101 ff000000020000"),
    ("code point alone", "a0"),
    ("length that ends early", "a0000001"),
    ("value that ends early", "a00000000201"),
    ("length of 4 GiB", "a0ffffffff01"),
    ("element in the wrapper that ends early", "7e00000003 a00000"),
    ("no value", "a100000000"),
    ("value that is not deterministic", "a0000000021801"),
    ("float in the value", "c800000003f93c00"),
];

const MAC_KEY: [u8; 32] = [0x42; 32];

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "TLV frames (hex) of information blocks, both ways; frames that are read only; frames that must be refused. A mac_key (hex) is shared with the sender.",
    );
    let key = MacKey::from_bytes(&MAC_KEY);
    for (name, text) in BLOCKS {
        let block = object(text)?;
        let canonical = String::from_utf8(block.canonical())?;
        let case = |name: String| Case::new(name).with("block", canonical.as_str());
        topic.push(case(name.to_owned()).with_bytes("frame", tlv::encode(&block)?));
        let frame = tlv::encode_with_mac(&block, &key)?;
        let case = case(format!("{name}, with a MAC"));
        topic.push(case.with_bytes("mac_key", MAC_KEY).with_bytes("frame", frame));
    }
    for (name, text) in [
        ("unknown member", r#"{"later":1,"meta":{"v":1}}"#),
        ("unknown member of meta", r#"{"meta":{"later":1,"v":1}}"#),
        ("empty meta", r#"{"meta":{}}"#),
        ("meta that is no object", r#"{"meta":1}"#),
    ] {
        let case = Case::new(name).with("block", text);
        topic.push(case.with_result(tlv::encode(&object(text)?), |case, frame| case.with_bytes("frame", frame)));
    }
    for (name, frame) in READ.into_iter().chain(REFUSED) {
        let frame = hex::decode(frame.replace(' ', ""))?;
        topic.push(read(Case::new(name), &frame, None));
    }
    for (name, code, depth) in [
        ("value as deep as allowed", 0xc8, 31),
        ("value too deep", 0xc8, 32),
        ("value of meta as deep as allowed", 0xa1, 30),
        ("value of meta too deep", 0xa1, 31),
    ] {
        let frame = [vec![code, 0, 0, 0, depth], vec![0x81; usize::from(depth) - 1], vec![0x80]].concat();
        topic.push(read(Case::new(name), &frame, None));
    }
    let good = tlv::encode_with_mac(&object(BLOCK)?, &key)?;
    let changed: Vec<_> = good.iter().enumerate().map(|(place, byte)| byte ^ u8::from(place == 20)).collect();
    topic.push(read(Case::new("MAC of a changed frame"), &changed, Some(&key)));
    let other = MacKey::from_bytes(&[0; 32]);
    topic.push(read(Case::new("MAC of another key").with_bytes("mac_key", [0; 32]), &good, Some(&other)));
    topic.push(read(Case::new("no MAC where a key is shared"), &hex!("a00000000101"), Some(&key)));
    topic.push(read(Case::new("MAC of no bytes"), &hex!("ff00000000"), Some(&key)));
    Ok(topic)
}

/// What a reader makes of a frame.
fn read(mut case: Case, frame: &[u8], key: Option<&MacKey>) -> Case {
    case = case.with_bytes("frame", frame);
    let result = match key {
        None => tlv::decode(frame),
        Some(key) => tlv::decode_with_mac(frame, key),
    };
    if key.is_some() && !case.has("mac_key") {
        case = case.with_bytes("mac_key", MAC_KEY);
    }
    case.with_result(result, |case, block| case.with("reads_as", String::from_utf8_lossy(&block.canonical())))
}
