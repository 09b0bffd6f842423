//! The documents' own examples, re-typed with straight quotes.

use tgp_protocol::json::{self, Object, Value};

/// 004 section 3.1, with its escrow address cut to what an address is: the printed one has 39 digits.
pub(crate) const QUERY: &str = r#"{
  "phase": "QUERY",
  "id": "q-abc123",
  "from": "buyer://alice.wallet",
  "to": "seller://store.example",
  "asset": "USDC",
  "amount": 1000000,
  "escrow_from_402": true,
  "escrow_contract_from_402": "0x742d35cc6634c0532925a3b844bc9e7595f0beb0",
  "zk_profile": "REQUIRED"
}"#;

/// The document with each of its values, however deep, replaced by each of some others in turn.
pub(crate) fn spoiled(document: &Object) -> Vec<Object> {
    let others = [
        "null",
        "true",
        "-1",
        "9007199254740991",
        "0.5",
        r#""SECRET""#,
        "[]",
        "{}",
        r#"["SECRET"]"#,
        r#"{"SECRET":1}"#,
    ];
    let others = others.map(|text| json::parse(text.as_bytes()).expect("JSON"));
    let mut spoiled = Vec::new();
    for (name, value) in document.iter() {
        let inner = match value {
            Value::Object(object) => self::spoiled(object).into_iter().map(Value::Object).collect(),
            Value::Array(elements) => in_list(elements),
            _ => Vec::new(),
        };
        for value in others.iter().cloned().chain(inner) {
            let mut changed = document.clone();
            changed.insert(name, value);
            spoiled.push(changed);
        }
    }
    spoiled
}

fn in_list(elements: &[Value]) -> Vec<Value> {
    let mut lists = Vec::new();
    for (place, element) in elements.iter().enumerate() {
        let Value::Object(object) = element else { continue };
        for changed in spoiled(object) {
            let mut list = elements.to_vec();
            list[place] = Value::Object(changed);
            lists.push(Value::Array(list));
        }
    }
    lists
}
