use crate::{
    Outcome,
    topic::{Case, Topic},
};
use alloy_primitives::hex;
use tgp_protocol::tagged_hash;

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new("The tagged hash of parts (hex) under a tag.");
    let long = [0xa5; 1000];
    let cases: [(&str, &str, Vec<&[u8]>); 9] = [
        ("no part", "TGP/0.1/example", vec![]),
        ("one empty part", "TGP/0.1/example", vec![b""]),
        ("two empty parts", "TGP/0.1/example", vec![b"", b""]),
        ("one part", "TGP/0.1/example", vec![b"abc"]),
        ("two parts", "TGP/0.1/example", vec![b"ab", b"c"]),
        ("the same bytes, divided elsewhere", "TGP/0.1/example", vec![b"a", b"bc"]),
        ("another tag", "TGP/0.1/other", vec![b"ab", b"c"]),
        ("empty tag", "", vec![b"ab", b"c"]),
        ("long parts", "TGP/0.1/example", vec![&long, &[0; 64], &long[..65]]),
    ];
    for (name, tag, parts) in cases {
        let hash = tagged_hash(tag, parts.iter().copied());
        let parts: Vec<_> = parts.iter().map(hex::encode).collect();
        topic.push(Case::new(name).with("tag", tag).with("parts", parts).with_bytes("hash", hash));
    }
    Ok(topic)
}
