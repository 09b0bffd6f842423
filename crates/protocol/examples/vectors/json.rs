use crate::{
    Outcome,
    topic::{Case, Topic},
};
use tgp_protocol::{json, tagged_hash};

/// 004 section 3.1 as it is printed: quotes that do not close, and an address of 39 digits.
const PRINTED_QUERY: &str = r#"{
  "phase: "QUERY,
  "id: "q-abc123,
  "from: "buyer://alice.wallet,
  "to: "seller://store.example,
  "asset: "USDC,
  "amount: 1000000,
  "escrow_from_402: true,
  "escrow_contract_from_402: "0x742d35Cc6634C0532925a3b844Bc9e7595f0bEb,
  "zk_profile: "REQUIRED
}"#;

const TEXTS: [(&str, &str); 57] = [
    ("null", "null"),
    ("true", " true "),
    ("false", "\tfalse\r\n"),
    ("empty text", r#""""#),
    ("empty array", "[ ]"),
    ("empty object", "{ }"),
    ("members are sorted", r#"{"b":1,"a":2,"aa":3,"A":4,"":5}"#),
    ("members are sorted by UTF-16", r#"{"\ufb33":1,"\ud83d\ude00":2,"\u20ac":3,"z":4}"#),
    ("elements keep their order", "[3,1,2,[],{}]"),
    ("space between tokens goes", "{ \"a\" : [ 1 , 2 ] ,\n\t\"b\" : { } }"),
    ("escapes in their one form", r#""\u0008\u0009\u000a\u000c\u000d\u0022\u005c\/\u001f\u007f\u00e9""#),
    ("control characters", r#""\u0000\u0001\u000b\u001e""#),
    ("surrogate pair becomes a character", r#""\ud83d\ude00""#),
    ("text beyond the basic plane stays", "\"\u{1f600}\u{e9}\u{2028}\""),
    ("no normalization", "[\"e\u{301}\",\"\u{e9}\"]"),
    ("numbers of other spelling", "[10.00,1e3,-0,0.50,-1.5E1,100000e-5]"),
    (
        "RFC 8785, sample of section 3.2.2 without its inexact numbers",
        r#"{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#,
    ),
    ("nested to the limit", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"),
    ("names that differ by case", r#"{"a":1,"A":2}"#),
    ("empty input", ""),
    ("only space", "  "),
    ("printed QUERY of the documents", PRINTED_QUERY),
    ("curly quotes", "{\u{201c}phase\u{201d}: \u{201c}QUERY\u{201d}}"),
    ("curly quote closes", "{\"phase: \u{201c}QUERY\u{201d}}"),
    ("comment", "{\"a\":1} // one"),
    ("comment inside", "{/* one */\"a\":1}"),
    ("name without quotes", "{a:1}"),
    ("single quotes", "{'a':1}"),
    ("comma at the end of an array", "[1,]"),
    ("comma at the end of an object", "{\"a\":1,}"),
    ("no comma", "[1 2]"),
    ("no colon", "{\"a\" 1}"),
    ("array that does not end", "[1"),
    ("object that does not end", "{\"a\":1"),
    ("text that does not end", "\"a"),
    ("wrong bracket", "[1}"),
    ("bracket without a beginning", "]"),
    ("two values", "{} {}"),
    ("text behind the value", "{\"a\":1} x"),
    ("name twice", r#"{"a":1,"b":2,"a":3}"#),
    ("name twice, once escaped", r#"{"a":1,"\u0061":1}"#),
    ("name twice, deep inside", r#"[{"a":{"b":1,"b":1}}]"#),
    ("lone high surrogate", r#""\ud800""#),
    ("lone low surrogate", r#""\udc00""#),
    ("surrogates in the wrong order", r#""\udc00\ud800""#),
    ("high surrogate before a plain escape", r#""\ud800\u0041""#),
    ("unknown escape", r#""\x41""#),
    ("short escape", r#""\u12""#),
    ("raw newline in text", "\"a\nb\""),
    ("raw tab in text", "\"a\tb\""),
    ("NaN", "NaN"),
    ("Infinity", "-Infinity"),
    ("plus sign", "+1"),
    ("point first", ".5"),
    ("point last", "1."),
    ("exponent without digits", "1e"),
    ("nested too deeply", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"),
];

const BYTES: [(&str, &[u8]); 6] = [
    ("byte order mark", b"\xef\xbb\xbf{}"),
    ("byte that is no UTF-8", b"\"\xff\""),
    ("overlong UTF-8", b"\"\xc0\xaf\""),
    ("surrogate in UTF-8", b"\"\xed\xa0\x80\""),
    ("UTF-16", b"\xff\xfe{\0}\0"),
    ("UTF-8 that ends early", b"\"\xe2\x82\""),
];

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "JSON texts: the canonical bytes (RFC 8785, as text) and their tagged hash under TGP/0.1/message, or the refusal.",
    );
    for (name, text) in TEXTS {
        topic.push(judged(Case::new(name).with("text", text), text.as_bytes()));
    }
    for (name, bytes) in BYTES {
        topic.push(judged(Case::new(name).with_bytes("bytes", bytes), bytes));
    }
    for (name, length) in [("as many elements as allowed", 512), ("too many elements", 513)] {
        let text = format!("[{}]", vec!["1"; length].join(","));
        topic.push(judged(Case::new(name).with("text", text.as_str()), text.as_bytes()));
    }
    Ok(topic)
}

fn judged(case: Case, text: &[u8]) -> Case {
    case.with_result(json::parse(text), |case, value| {
        let canonical = value.canonical();
        let hash = tagged_hash("TGP/0.1/message", [canonical.as_slice()]);
        case.with("canonical", String::from_utf8_lossy(&canonical)).with_bytes("hash", hash)
    })
}
