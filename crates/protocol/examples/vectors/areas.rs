use crate::{
    Outcome,
    topic::{Case, Topic},
};
use tgp_protocol::{
    area::{Area, check_path},
    json::{self, from_value},
};

/// JSON texts of areas: identifiers and objects.
const READ: [&str; 63] = [
    r#""tai:us""#,
    r#""tai:us/ca""#,
    r#""tai:us/ca/retail""#,
    r#""tai:us/-/retail""#,
    r#""tai:us/ca/-/eip155:8453""#,
    r#""tai:us/-/-/eip155:8453""#,
    r#""tai:us/ca/retail/eip155:8453/store.example""#,
    r#""tai:us/-/-/-/store.example""#,
    r#""tai:gb/eng/a-b-1""#,
    r#""tai:de/1""#,
    r#""tai:us/ca/1retail""#,
    r#""tai:""#,
    r#""us""#,
    r#""TAI:us""#,
    r#""tai:US""#,
    r#""tai:us/CA""#,
    r#""tai:usa""#,
    r#""tai:u1""#,
    r#""tai:us/""#,
    r#""tai:us/-""#,
    r#""tai:us/ca/-""#,
    r#""tai:us//retail""#,
    r#""tai:us/cali""#,
    r#""tai:us/c-1""#,
    r#""tai:us/ca/Retail""#,
    r#""tai:us/ca/-retail""#,
    r#""tai:us/ca/re_tail""#,
    r#""tai:us/ca/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
    r#""tai:us/ca/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
    r#""tai:us/ca/retail/base""#,
    r#""tai:us/ca/retail/eip155:08453""#,
    r#""tai:us/ca/retail/solana:abc""#,
    r#""tai:us/ca/retail/eip155:8453/Store.example""#,
    r#""tai:us/ca/retail/eip155:8453/store..example""#,
    r#""tai:us/ca/retail/eip155:8453/store.example/more""#,
    r#"{"jurisdiction":"US"}"#,
    r#"{"jurisdiction":"US-CA","zone":"retail"}"#,
    r#"{"jurisdiction":"US","zone":"retail","network":"base","domain":"store.example"}"#,
    r#"{"jurisdiction":"US-CA","network":"eip155:1"}"#,
    r#"{"jurisdiction":"US","domain":"store.example"}"#,
    r#"{"jurisdiction":"US","zone":null}"#,
    r#"{"zone":"retail"}"#,
    r#"{"jurisdiction":null}"#,
    r#"{"jurisdiction":"us"}"#,
    r#"{"jurisdiction":"USA"}"#,
    r#"{"jurisdiction":"US-"}"#,
    r#"{"jurisdiction":"US-CALI"}"#,
    r#"{"jurisdiction":"US-ca"}"#,
    r#"{"jurisdiction":"US_CA"}"#,
    r#"{"jurisdiction":"US-CA-1"}"#,
    r#"{"jurisdiction":7}"#,
    r#"{"jurisdiction":"US","zone":"Retail"}"#,
    r#"{"jurisdiction":"US","zone":""}"#,
    r#"{"jurisdiction":"US","zone":"-"}"#,
    r#"{"jurisdiction":"US","network":"Base"}"#,
    r#"{"jurisdiction":"US","network":8453}"#,
    r#"{"jurisdiction":"US","domain":"Store.example"}"#,
    r#"{"jurisdiction":"US","country":"US"}"#,
    r#"{"area":"tai:us","jurisdiction":"US"}"#,
    "{}",
    "null",
    "7",
    r#"["tai:us"]"#,
];

const PLACES: [&str; 10] = [
    "tai:us",
    "tai:us/ca",
    "tai:us/c",
    "tai:us/ca/retail",
    "tai:us/-/retail",
    "tai:us/ca/retail/eip155:1",
    "tai:us/ca/-/eip155:1",
    "tai:us/ca/retail/eip155:1/a.example",
    "tai:us/ca/retail/eip155:10",
    "tai:de",
];

const PATHS: [(&str, &[&str]); 14] = [
    ("nowhere", &[]),
    ("one area", &["tai:us"]),
    ("one area twice", &["tai:us", "tai:us"]),
    ("inward", &["tai:us", "tai:us/ca", "tai:us/ca/retail"]),
    ("outward", &["tai:us/ca/retail", "tai:us/ca", "tai:us"]),
    ("across a border", &["tai:us/ca", "tai:us", "tai:de"]),
    ("back to the same area", &["tai:us", "tai:de", "tai:us"]),
    ("back into a part of it", &["tai:us", "tai:de", "tai:us/ca"]),
    ("back to the whole of a part", &["tai:us/ca", "tai:de", "tai:us"]),
    ("back to another part", &["tai:us/ca", "tai:us/ny", "tai:us/tx"]),
    ("back within one country", &["tai:us/ca", "tai:us/ny", "tai:us/ca"]),
    ("back over a level of the whole", &["tai:us/ca", "tai:us", "tai:us/ca"]),
    ("back later", &["tai:us", "tai:us", "tai:de", "tai:fr", "tai:de/by"]),
    ("two ways back", &["tai:us", "tai:de", "tai:de/by", "tai:fr", "tai:de", "tai:us"]),
];

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "Transaction areas: their one text from JSON texts (identifier or object), which covers which, and paths through areas that must not come back to one that they have left.",
    );
    for text in READ {
        let result = from_value::<Area>(&json::parse(text.as_bytes())?);
        let accepted = |case: Case, area: Area| case.with("written", area.to_string()).with("depth", area.depth());
        topic.push(Case::new(text).with("text", text).with_result(result, accepted));
    }
    for outer in PLACES {
        for inner in PLACES {
            let covers = outer.parse::<Area>()?.covers(&inner.parse()?);
            let case = Case::new(format!("{outer} and {inner}")).with("outer", outer).with("inner", inner);
            topic.push(case.with("covers", covers));
        }
    }
    for (name, path) in PATHS {
        let areas = path.iter().map(|area| area.parse()).collect::<Result<Vec<Area>, _>>()?;
        let case = Case::new(format!("path: {name}")).with("path", path.to_vec());
        topic.push(case.with_result(check_path(&areas), |case, ()| case.with("loops", false)));
    }
    Ok(topic)
}
