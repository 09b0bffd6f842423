use crate::{
    Outcome,
    random::Random,
    topic::{Case, Topic},
    wallet::Wallet,
};
use alloy_primitives::{B256, U256, hex};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use tgp_protocol::{
    Reason,
    sign::{PublicKey, Signature, SigningKey, WalletSignature},
};

/// The order of the curve's base point.
const ORDER: U256 = U256::from_limbs([0x5812_631a_5cf5_d3ed, 0x14de_f9de_a2f7_9cd6, 0, 0x1000_0000_0000_0000]);

/// Encodings of points of small order, and of points that have another encoding.
const BAD_KEYS: [(&str, [u8; 32]); 8] = [
    ("the neutral point", hex!("0100000000000000000000000000000000000000000000000000000000000000")),
    ("the neutral point with a sign", hex!("0100000000000000000000000000000000000000000000000000000000000080")),
    ("a point of order 2", hex!("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")),
    ("a point of order 4", hex!("0000000000000000000000000000000000000000000000000000000000000000")),
    ("a point of order 8", hex!("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")),
    ("a point of order 4, y not reduced", hex!("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")),
    ("a point of full order, y not reduced", hex!("f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")),
    ("no point", hex!("0200000000000000000000000000000000000000000000000000000000000000")),
];

/// Over `small`, by the key of the seed 0x01..01: R is the neutral point, and the plain equation of Ed25519 holds.
const SMALL_R: [u8; 64] = hex!(
    "0100000000000000000000000000000000000000000000000000000000000000"
    "d4a52cd303f6f2ce823eefb43d93a20bd65a1485f6921023f2cf56aeb1bbba0b"
);

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "Ed25519: public keys and key ids of seeds, signatures, and what strict verification refuses. secp256k1: which wallet signed a digest, in 65 bytes or in the 64 of EIP-2098. Seeds, messages and digests are hex.",
    );
    let mut random = Random::new("TGP/0.1/vectors/keys");
    for place in 0..8 {
        let seed = if place == 0 { [1; 32] } else { random.bytes() };
        let key = SigningKey::from_seed(&seed);
        let public = key.public_key();
        let message = [random.bytes(), random.bytes()].concat();
        let message = &message[..place * 9];
        let signature = key.sign(message);
        let case = Case::new(format!("signature {place}")).with_bytes("seed", seed).with_bytes("message", message);
        let case = case.with("public_key", public.to_string()).with("kid", public.id().to_string());
        topic.push(case.with("signature", signature.to_string()));
    }

    let key = SigningKey::from_seed(&[1; 32]);
    let good = key.sign(b"message").to_bytes();
    let other = SigningKey::from_seed(&[2; 32]);
    let public = key.public_key();
    topic.push(verified("verifies", &public, b"message", &text(&good)));
    topic.push(verified("another message", &public, b"massage", &text(&good)));
    topic.push(verified("another key", &other.public_key(), b"message", &text(&good)));
    topic.push(verified("malleable: S and the order added", &public, b"message", &text(&malleable(&good))));
    topic.push(verified("R of small order", &public, b"small", &text(&SMALL_R)));
    for place in [0, 31, 32, 63] {
        let mut changed = good;
        changed[place] ^= 1;
        topic.push(verified(&format!("byte {place} changed"), &public, b"message", &text(&changed)));
    }
    topic.push(verified("signature of 63 bytes", &public, b"message", &text(&good[1..])));
    topic.push(verified("signature without its prefix", &public, b"message", &BASE64.encode(good)));
    topic.push(verified("signature with padding", &public, b"message", &format!("{}==", text(&good))));
    topic.push(verified("signature in plain base64", &public, b"message", &text(&good).replace(['-', '_'], "+")));
    topic.push(verified("signature in hex", &public, b"message", &format!("ed25519:{}", hex::encode(good))));

    for (name, bytes) in BAD_KEYS {
        topic.push(parsed(name, &text(&bytes)));
    }
    topic.push(parsed("key of 31 bytes", &text(&[9; 31])));
    topic.push(parsed("key without its prefix", &BASE64.encode(public.to_bytes())));
    topic.push(parsed("key that is good", &public.to_string()));
    wallets(&mut topic)?;
    Ok(topic)
}

/// What wallets sign: 65 bytes, or 64 by EIP-2098; each signature has one `s`.
fn wallets(topic: &mut Topic) -> Outcome<()> {
    let digest = B256::repeat_byte(3);
    for seed in 1..=4 {
        let plain: [u8; 65] = Wallet::of(seed)?.sign(digest)?.as_bytes().try_into()?;
        let compact: [u8; 64] = Wallet::compact(&plain)?.as_bytes().try_into()?;
        topic.push(recovered(&format!("wallet {seed}"), digest, &plain));
        topic.push(recovered(&format!("wallet {seed} by EIP-2098"), digest, &compact));
    }
    let wallet = Wallet::of(1)?;
    let good: [u8; 65] = wallet.sign(digest)?.as_bytes().try_into()?;
    let compact: [u8; 64] = Wallet::compact(&good)?.as_bytes().try_into()?;
    for v in [0, 1, 26, 29, 30, 35, 255] {
        let mut changed = good;
        changed[64] = v;
        topic.push(recovered(&format!("wallet: v is {v}"), digest, &changed));
    }
    let order = "0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141".parse::<U256>()?;
    let half = order / U256::from(2);
    let mut high = good;
    high[32..64].copy_from_slice(&(order - U256::from_be_slice(&good[32..64])).to_be_bytes::<32>());
    high[64] = 27 + 28 - good[64];
    topic.push(recovered("wallet: high s", digest, &high));
    for (name, s) in
        [("s is 0", U256::ZERO), ("s is half the order", half), ("s is one above half the order", half + U256::ONE)]
    {
        let (mut plain, mut short) = (good, compact);
        plain[32..64].copy_from_slice(&s.to_be_bytes::<32>());
        short[32..64].copy_from_slice(&s.to_be_bytes::<32>());
        topic.push(recovered(&format!("wallet: {name}"), digest, &plain));
        topic.push(recovered(&format!("wallet: {name}, by EIP-2098"), digest, &short));
    }
    let mut other = compact;
    other[32] ^= 0x80;
    topic.push(recovered("wallet: the other parity, by EIP-2098", digest, &other));
    topic.push(recovered("wallet: 63 bytes", digest, &good[..63]));
    topic.push(recovered("wallet: 66 bytes", digest, &[good.as_slice(), &[0]].concat()));
    topic.push(recovered("wallet: of a contract", digest, &[0xab; 97]));
    Ok(())
}

fn recovered(name: &str, digest: B256, signature: &[u8]) -> Case {
    let text = hex::encode_prefixed(signature);
    let case = Case::new(name).with_bytes("digest", digest).with("signature", text.as_str());
    let wallet = text.parse::<WalletSignature>().and_then(|signature| signature.signer(digest));
    case.with_result(wallet, |case, wallet| case.with("wallet", wallet.to_string()))
}

fn text(bytes: &[u8]) -> String {
    format!("ed25519:{}", BASE64.encode(bytes))
}

fn verified(name: &str, key: &PublicKey, message: &[u8], signature: &str) -> Case {
    let case = Case::new(name).with("public_key", key.to_string()).with_bytes("message", message);
    let result: Result<(), Reason> =
        signature.parse::<Signature>().and_then(|signature| key.verify(message, &signature));
    case.with("signature", signature).with_result(result, |case, ()| case.with("verifies", true))
}

fn parsed(name: &str, key: &str) -> Case {
    Case::new(name)
        .with("public_key", key)
        .with_result(key.parse::<PublicKey>(), |case, key| case.with("kid", key.id().to_string()))
}

/// The other S under which a verifier that does not compare it with the order would accept.
fn malleable(signature: &[u8; 64]) -> [u8; 64] {
    let mut changed = *signature;
    let s = U256::from_le_slice(&signature[32..]) + ORDER;
    changed[32..].copy_from_slice(&s.to_le_bytes::<32>());
    changed
}
