use crate::{
    Outcome,
    topic::{Case, Topic},
};
use alloy_primitives::hex;
use tgp_protocol::{cbor, json};

const TEXTS: [&str; 34] = [
    "null",
    "true",
    "false",
    "0",
    "23",
    "24",
    "255",
    "256",
    "65535",
    "65536",
    "4294967295",
    "4294967296",
    "9007199254740991",
    "-1",
    "-24",
    "-25",
    "-256",
    "-257",
    "-9007199254740991",
    "0.1",
    "-0.000001",
    "0.99",
    "-1.5",
    "999999999.999999",
    r#""""#,
    r#""IETF""#,
    r#""\"\\\u00fc\u6c34\ud800\udd51""#,
    r#""exactly twenty-four char""#,
    "[]",
    "[1,[2,3],[4,5]]",
    "{}",
    r#"{"aa":1,"b":2,"":0,"a":3,"B":4,"\u00e9":5}"#,
    r#"{"aaaaaaaaaaaaaaaaaaaaaaaa":1,"b":{"c":[{"d":null}]}}"#,
    r#"{"\ufb33":1,"\ud83d\ude00":2,"\u20ac":3}"#,
];

const REFUSED: [(&str, &str); 60] = [
    ("nothing", ""),
    ("reserved head", "1c"),
    ("head that ends early", "18"),
    ("23 in two bytes", "1817"),
    ("255 in three bytes", "1900ff"),
    ("65535 in five bytes", "1a0000ffff"),
    ("2^32-1 in nine bytes", "1b00000000ffffffff"),
    ("-1 in two bytes", "3800"),
    ("length of text in two bytes", "780161"),
    ("length of array in two bytes", "980101"),
    ("length of map in two bytes", "b8016100f6"),
    ("tag in two bytes", "d804822105"),
    ("indefinite array", "9f01ff"),
    ("indefinite map", "bf616101ff"),
    ("indefinite text", "7f6161ff"),
    ("indefinite bytes", "5f4101ff"),
    ("break alone", "ff"),
    ("key twice", "a2616101616102"),
    ("keys in falling order", "a2616201616102"),
    ("longer key first", "a262616101616202"),
    ("key that is a number", "a10102"),
    ("key that is null", "a1f602"),
    ("key that is bytes", "a1410002"),
    ("half float", "f93c00"),
    ("single float", "fa47c35000"),
    ("double float", "fb3ff199999999999a"),
    ("NaN", "f97e00"),
    ("undefined", "f7"),
    ("simple value", "f0"),
    ("simple value in two bytes", "f8ff"),
    ("false in two bytes", "f814"),
    ("bytes", "4401020304"),
    ("empty bytes", "40"),
    ("tag 0, a date", "c06432303236"),
    ("tag 2, a big integer", "c249010000000000000000"),
    ("tag 5, a binary fraction", "c5822003"),
    ("tag 55799, self-described", "d9d9f700"),
    ("2^53", "1b0020000000000000"),
    ("-2^53", "3b001fffffffffffff"),
    ("2^64-1", "1bffffffffffffffff"),
    ("-2^64", "3bffffffffffffffff"),
    ("fraction of no array", "c405"),
    ("fraction of one number", "c48105"),
    ("fraction of three numbers", "c4830005f6"),
    ("fraction with exponent 0", "c4820005"),
    ("fraction with exponent 1", "c4820105"),
    ("fraction with exponent -7", "c4822605"),
    ("fraction not in lowest terms", "c482200a"),
    ("fraction of zero", "c4822000"),
    ("fraction of null", "c48220f6"),
    ("fraction of 16 digits", "c482201b00038d7ea4c68001"),
    ("fraction inside a fraction", "c48220c4822003"),
    ("text that is no UTF-8", "62c328"),
    ("text that ends early", "61"),
    ("text of 2^64-1 bytes", "7bffffffffffffffff"),
    ("array that ends early", "8301"),
    ("array of 2^64-1 elements", "9bffffffffffffffff"),
    ("map without a value", "a16161"),
    ("map of 2^64-1 members", "bbffffffffffffffff"),
    ("two items", "f6f6"),
];

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "Deterministic CBOR (hex) of JSON texts in canonical form, both ways; and bytes that must be refused.",
    );
    for text in TEXTS {
        let value = json::parse(text.as_bytes())?;
        let canonical = String::from_utf8(value.canonical())?;
        topic.push(Case::new(text).with("text", canonical).with_bytes("cbor", cbor::encode(&value)));
    }
    for (name, bytes) in REFUSED {
        let case = Case::new(name).with("cbor", bytes);
        topic.push(case.with_result(cbor::decode(&hex::decode(bytes)?), |case, _| case.with("accepted", true)));
    }
    for (name, depth) in [("nested to the limit", 31), ("nested too deeply", 32)] {
        let bytes = [vec![0x81; depth], vec![0x80]].concat();
        let case = Case::new(name).with_bytes("cbor", &bytes);
        topic.push(case.with_result(cbor::decode(&bytes), |case, value| {
            case.with("text", String::from_utf8_lossy(&value.canonical()))
        }));
    }
    Ok(topic)
}
