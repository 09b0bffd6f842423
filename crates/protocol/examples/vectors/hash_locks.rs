use crate::{
    Outcome,
    random::Random,
    topic::{Case, Topic},
};
use alloy_primitives::hex;
use sha2::{Digest, Sha256};
use tgp_protocol::{
    Reason,
    value::{HashLock, Secret},
};

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "Hash locks: the lock of a secret of 32 bytes, secrets of other lengths, and locks that anybody can open.",
    );
    let mut random = Random::new("TGP/0.1/vectors/hash-locks");
    for place in 0..8 {
        let secret = Secret::from(random.bytes());
        let case = Case::new(format!("secret {place}")).with("secret", secret.to_string());
        topic.push(case.with("lock", secret.hash_lock().to_string()));
    }
    let capitals = format!("0x{}", hex::encode_upper([0xab; 32]));
    let lock = capitals.parse::<Secret>()?.hash_lock().to_string();
    topic.push(Case::new("secret in capitals").with("secret", capitals).with("lock", lock));
    // the documents' own secret is text of 19 bytes
    let shorter = format!("0x{}", hex::encode([7; 31]));
    let longer = format!("0x{}", hex::encode([7; 33]));
    let text = format!("0x{}", hex::encode("preimage-secret-xyz"));
    for (name, secret) in [
        ("the documents' secret", "preimage-secret-xyz"),
        ("the documents' secret in hex", text.as_str()),
        ("no secret", "0x"),
        ("31 bytes", shorter.as_str()),
        ("33 bytes", longer.as_str()),
    ] {
        topic.push(Case::new(name).with("secret", secret).with_result(secret.parse::<Secret>(), |case, _| case));
    }
    let empty = Sha256::digest(b"");
    let known: [(&str, [u8; 32]); 7] = [
        ("of nothing, which the documents print", empty.into()),
        ("of the hash of nothing", Sha256::digest(empty).into()),
        ("zero", [0; 32]),
        ("of 32 zeros", Sha256::digest([0; 32]).into()),
        ("of 32 times 0xff", Sha256::digest([0xff; 32]).into()),
        ("of 32 times 0x2a", Sha256::digest([0x2a; 32]).into()),
        ("of the documents' secret", Sha256::digest("preimage-secret-xyz").into()),
    ];
    for (name, hash) in known {
        let lock = HashLock::from(hash);
        let result: Result<(), Reason> = lock.check();
        let case = Case::new(format!("lock {name}")).with("lock", lock.to_string());
        topic.push(case.with_result(result, |case, ()| case.with("usable", true)));
    }
    Ok(topic)
}
