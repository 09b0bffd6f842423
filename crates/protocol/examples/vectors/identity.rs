use crate::{
    Outcome,
    gateway_messages::KINDS,
    object::{fields, object, put, written},
    samples::{key, sample, signed_tib},
    topic::{Case, Topic},
    wallet::Wallet,
};
use alloy_primitives::{Address, U256, eip191_hash_message, hex};
use k256::ecdsa::SigningKey as WalletKey;
use serde_json::{Value as Json, json};
use tgp_protocol::{
    gateway::GatewayMessage,
    identity::{KeyDirectory, ReplayKey, Role, Seen, WalletBinding, remember_until, seen},
    json::{Kept, Object, Value},
    sign,
    tib::Tib,
    value::{Clock, EvmAddress, Timestamp},
    wire::Kind,
};

const ROOT: u8 = 20;

/// Keys by their seeds: roles, the time in which they sign, and until when they verify. All in December 2025.
const KEYS: [(u8, &str, &str, &str, Option<&str>); 6] = [
    (1, r#"["message"]"#, "01", "11", Some("21")),
    (2, r#"["message","receipt"]"#, "10", "30", None),
    (3, r#"["sso"]"#, "01", "30", None),
    (4, r#"["message"]"#, "01", "30", None),
    (5, r#"["message"]"#, "20", "30", Some("31")),
    (6, r#"["chain-lock"]"#, "01", "30", None),
];

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "Who somebody is: key directories and what a key may do at a time, messages authenticated by a directory, the digest by which a wallet binds a handle (EIP-191) and its signatures, what a message is remembered under and until when, and whether it is new. wallet_key is the signer's uncompressed public key, for those who cannot recover it.",
    );
    directories(&mut topic)?;
    lookups(&mut topic)?;
    authenticated(&mut topic)?;
    bindings(&mut topic)?;
    replays(&mut topic)?;
    Ok(topic)
}

fn day(day: &str) -> String {
    format!("2025-12-{day}T00:00:00Z")
}

/// The directory, unsigned. The key of seed 4 is revoked.
fn directory() -> Outcome<Object> {
    let mut keys = Vec::new();
    for (seed, roles, from, to, last) in KEYS {
        let public = key(seed).public_key();
        let last = last.map_or(String::new(), |last| format!(r#","verify_until":"{}""#, day(last)));
        keys.push(format!(
            r#"{{"kid":"{}","key":"{public}","roles":{roles},"not_before":"{}","not_after":"{}"{last}}}"#,
            public.id(),
            day(from),
            day(to),
        ));
    }
    keys.push(format!(
        r#"{{"kid":"AAAAAAAAAAAAAAAAAAAAAA","key":"x25519:abc","roles":["hpke"],"not_before":"{}","not_after":"{}"}}"#,
        day("01"),
        day("30"),
    ));
    let revoked = key(4).public_key().id();
    object(&format!(
        r#"{{"domain":"provider-c.example.com","issued_at":"{}","expires_at":"{}","keys":[{}],
        "revoked":[{{"kid":"{revoked}","since":"{}"}}]}}"#,
        day("01"),
        day("30"),
        keys.join(","),
        day("05"),
    ))
}

fn signed(mut directory: Object) -> Object {
    sign::sign_member("keys", &mut directory, "sig", &key(ROOT));
    directory
}

fn directories(topic: &mut Topic) -> Outcome<()> {
    let push = |topic: &mut Topic, name: &str, directory: &Object, root: u8, now: &str| -> Outcome<()> {
        let root = key(root).public_key();
        let case = Case::new(format!("directory: {name}")).with("directory", written(directory)?);
        let case = case.with("root", root.to_string()).with("now", now);
        let clock = Clock::at(now.parse()?);
        let result = Kept::<KeyDirectory>::from_object(directory.clone()).and_then(|kept| kept.verify(&root, &clock));
        topic.push(case.with_result(result, |case, ()| case.with("verifies", true)));
        Ok(())
    };
    let now = "2025-12-15T00:00:00Z";
    let good = signed(directory()?);
    push(topic, "valid", &good, ROOT, now)?;
    push(topic, "by another root", &good, 21, now)?;
    push(topic, "a minute before its time", &good, ROOT, "2025-11-30T23:59:00Z")?;
    push(topic, "from the future", &good, ROOT, "2025-11-30T23:58:59Z")?;
    push(topic, "at its end", &good, ROOT, &day("30"))?;
    for (place, text) in [
        ("domain", None),
        ("domain", Some(r#""Provider-C.example.com""#)),
        ("expires_at", Some(r#""2025-12-01T00:00:00Z""#)),
        ("keys.0.kid", Some(r#""AAAAAAAAAAAAAAAAAAAAAQ""#)),
        ("keys.0.key", Some(r#""ed25519:AAAA""#)),
        ("keys.0.roles", Some("[]")),
        ("keys.0.roles.0", Some(r#""king""#)),
        ("keys.0.roles.0", Some("1")),
        ("keys.0.not_after", Some(r#""2025-12-01T00:00:00Z""#)),
        ("keys.0.verify_until", Some(r#""2025-12-10T00:00:00Z""#)),
        ("keys.0.verify_until", None),
        ("revoked", None),
        ("revoked.0.since", None),
        ("later", Some("[1]")),
    ] {
        let mut changed = directory()?;
        put(&mut changed, place, text)?;
        let name = text.map_or_else(|| format!("{place} missing"), |text| format!("{place} is {text}"));
        push(topic, &name, &signed(changed), ROOT, now)?;
    }
    let mut twice = directory()?;
    let first = twice.get("keys").and_then(|keys| match keys {
        Value::Array(keys) => keys.first().cloned(),
        _ => None,
    });
    put(&mut twice, "keys.1", first.map(|key| String::from_utf8(key.canonical())).transpose()?.as_deref())?;
    push(topic, "a key twice", &signed(twice), ROOT, now)?;
    let mut changed = good;
    changed.insert("later", Value::Null);
    push(topic, "a member added after signing", &changed, ROOT, now)
}

fn lookups(topic: &mut Topic) -> Outcome<()> {
    let text = written(&signed(directory()?))?;
    let directory: KeyDirectory = fields(&text)?;
    for seed in (1..=6).chain([9]) {
        let kid = key(seed).public_key().id();
        for role in ["message", "sso"] {
            for at in
                ["2025-11-30T23:59:59.999Z", &day("01"), "2025-12-10T23:59:59.999Z", &day("11"), &day("21"), &day("30")]
            {
                let case = Case::new(format!("key {seed} for {role} at {at}")).with("directory", text.as_str());
                let case = case.with("kid", kid.to_string()).with("role", role).with("at", at);
                let found = directory.key(kid, fields::<Role>(&format!("\"{role}\""))?, at.parse()?);
                topic.push(case.with_result(found, |case, found| {
                    case.with("key", found.key.to_string()).with("verify_only", found.verify_only)
                }));
            }
        }
    }
    // a role that a later version knows, alone and beside one of this version
    let mut later = self::directory()?;
    put(&mut later, "keys.0.roles.0", Some(r#""king""#))?;
    put(&mut later, "keys.1.roles.0", Some(r#""king""#))?;
    let later_text = written(&signed(later))?;
    let later: KeyDirectory = fields(&later_text)?;
    for (seed, role) in [(1, "message"), (2, "message"), (2, "receipt")] {
        let (kid, at) = (key(seed).public_key().id(), "2025-12-10T12:00:00Z");
        let case =
            Case::new(format!("key {seed} with an unknown role for {role}")).with("directory", later_text.as_str());
        let case = case.with("kid", kid.to_string()).with("role", role).with("at", at);
        topic.push(
            case.with_result(later.key(kid, fields::<Role>(&format!("\"{role}\""))?, at.parse()?), |case, found| {
                case.with("key", found.key.to_string()).with("verify_only", found.verify_only)
            }),
        );
    }
    for at in [day("01"), day("10"), day("11"), day("25"), day("30")] {
        let current = directory.current(Role::Message, at.parse()?).map(|found| found.key.id().to_string());
        let case = Case::new(format!("current keys at {at}")).with("directory", text.as_str()).with("role", "message");
        topic.push(case.with("at", at).with("current", current.collect::<Vec<_>>()));
    }
    Ok(())
}

fn authenticated(topic: &mut Topic) -> Outcome<()> {
    let text = written(&signed(directory()?))?;
    let directory: KeyDirectory = fields(&text)?;
    for (name, kind, seed, at, now) in [
        ("current key", Kind::Locked, 2, "2025-12-15T10:00:00Z", "2025-12-15T10:00:00Z"),
        ("verify-only key", Kind::Locked, 1, "2025-12-15T10:00:00Z", "2025-12-15T10:00:00Z"),
        ("verify-only key, new QUERY", Kind::Query, 1, "2025-12-15T10:00:00Z", "2025-12-15T10:00:00Z"),
        ("current key, new QUERY", Kind::Query, 2, "2025-12-15T10:00:00Z", "2025-12-15T10:00:00Z"),
        ("revoked key", Kind::Locked, 4, "2025-12-15T10:00:00Z", "2025-12-15T10:00:00Z"),
        ("key of another role", Kind::Locked, 3, "2025-12-15T10:00:00Z", "2025-12-15T10:00:00Z"),
        ("key that is not published", Kind::Locked, 9, "2025-12-15T10:00:00Z", "2025-12-15T10:00:00Z"),
        ("a minute old", Kind::Locked, 2, "2025-12-15T10:00:00Z", "2025-12-15T10:01:00Z"),
        ("older than a minute", Kind::Locked, 2, "2025-12-15T10:00:00Z", "2025-12-15T10:01:00.001Z"),
        ("a minute ahead", Kind::Locked, 2, "2025-12-15T10:01:00Z", "2025-12-15T10:00:00Z"),
        ("further ahead", Kind::Locked, 2, "2025-12-15T10:01:00.001Z", "2025-12-15T10:00:00Z"),
        ("other sender", Kind::Abort, 2, "2025-12-15T10:00:00Z", "2025-12-15T10:00:00Z"),
    ] {
        let mut message = sample(kind)?;
        put(&mut message, "timestamp", Some(&format!("\"{at}\"")))?;
        let sender = if kind == Kind::Abort { "gateway-b.example.com" } else { "provider-c.example.com" };
        put(&mut message, "sender", Some(&format!("\"{sender}\"")))?;
        if kind == Kind::Query {
            put(&mut message, "attributes.deadline", Some("\"2025-12-15T11:00:00Z\""))?;
        }
        for without_kid in [false, true] {
            let mut message = message.clone();
            sign::sign(&kind.purpose(), &mut message, &key(seed));
            let mut name = format!("authenticated: {name}");
            if without_kid {
                // the signature covers kid, so it is made anew without it
                message.remove("kid");
                message.remove("signature");
                let bytes = [format!("TGP/0.1/sig/{kind}\0").as_bytes(), &message.canonical()].concat();
                message.insert("signature", Value::String(key(seed).sign(&bytes).to_string()));
                name += ", without kid";
            }
            let case = Case::new(name).with("text", written(&message)?).with("directory", text.as_str());
            let result = GatewayMessage::read(written(&message)?.as_bytes())
                .and_then(|message| message.authenticate(&directory, &Clock::at(now.parse()?)));
            topic.push(case.with("now", now).with_result(result, |case, found| {
                case.with("kid", found.key.id().to_string()).with("verify_only", found.verify_only)
            }));
        }
    }
    Ok(())
}

/// Signs as wallets do: `v` is 27 or 28.
fn wallet_signs(wallet: &WalletKey, digest: &[u8]) -> Outcome<[u8; 65]> {
    let (signature, recovery) = wallet.sign_prehash_recoverable(digest)?;
    let mut bytes = [0; 65];
    bytes[..64].copy_from_slice(&signature.to_bytes());
    bytes[64] = 27 + recovery.to_byte();
    Ok(bytes)
}

fn bindings(topic: &mut Topic) -> Outcome<()> {
    let wallet = WalletKey::from_slice(&[0x11; 32])?;
    let address = EvmAddress::from(Address::from_public_key(wallet.verifying_key()));
    let public = hex::encode(wallet.verifying_key().to_encoded_point(false).as_bytes());
    let (handle, chain, expiry) = ("eh:tbca:9x", "eip155:369", "2025-12-15T10:00:00Z");
    let digest_of = |handle: &str, chain: &str, address: EvmAddress, expiry: &str| -> Outcome<_> {
        Ok(WalletBinding::message(&handle.parse()?, chain.parse()?, address, expiry.parse()?))
    };
    for (handle, chain, address, expiry) in [
        (handle, chain, address, expiry),
        ("eh:tbca:9y", chain, address, expiry),
        (handle, "eip155:1", address, expiry),
        (handle, "pulsechain", address, expiry),
        (handle, chain, EvmAddress([0x20; 20].into()), expiry),
        (handle, chain, address, "2025-12-15T10:00:00.250Z"),
    ] {
        let message = digest_of(handle, chain, address, expiry)?;
        let case = Case::new(format!("binding digest of {handle} on {chain} for {address} until {expiry}"));
        let case = case.with("handle", handle).with("chain", chain).with("address", address.to_string());
        let case = case.with("expiry", expiry).with("message", hex::encode_prefixed(message));
        topic.push(case.with("digest", hex::encode_prefixed(eip191_hash_message(message))));
    }
    let message = digest_of(handle, chain, address, expiry)?;
    let good = wallet_signs(&wallet, eip191_hash_message(message).as_slice())?;
    let bare = wallet_signs(&wallet, message.as_slice())?;
    let other = wallet_signs(&WalletKey::from_slice(&[0x12; 32])?, eip191_hash_message(message).as_slice())?;
    let order: U256 = "0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141".parse()?;
    let mut high = good;
    high[32..64].copy_from_slice(&(order - U256::from_be_slice(&good[32..64])).to_be_bytes::<32>());
    high[64] = 55 - good[64];
    let (mut zero, mut recovery) = (good, good);
    zero[..32].fill(0);
    recovery[64] -= 27;
    let long = [good.as_slice(), &[0; 31]].concat();
    let compact = Wallet::compact(&good)?;
    let now = "2025-12-15T09:00:00Z";
    for (name, address, chain, signature, now) in [
        ("signed", address, chain, good.as_slice(), now),
        ("in its last millisecond", address, chain, &good, "2025-12-15T09:59:59.999Z"),
        ("at its end", address, chain, &good, expiry),
        ("of another wallet", EvmAddress([0x20; 20].into()), chain, &other, now),
        ("signed by another wallet", address, chain, &other, now),
        ("for another chain", address, "eip155:1", &good, now),
        ("signed without the prefix of EIP-191", address, chain, &bare, now),
        ("the other signature of the same message", address, chain, &high, now),
        ("v as 0 or 1", address, chain, &recovery, now),
        ("r of zero", address, chain, &zero, now),
        ("of a contract wallet", address, chain, &long, now),
        ("by EIP-2098", address, chain, compact.as_bytes(), now),
        ("for the zero address", EvmAddress(Address::ZERO), chain, &good, now),
    ] {
        let text = json!({
            "handle": handle, "chain": chain, "address": address.to_string(), "expiry": expiry,
            "signature": hex::encode_prefixed(signature),
        })
        .to_string();
        let case = Case::new(format!("binding {name}")).with("binding", text.as_str()).with("now", now);
        let case = case.with("wallet_key", public.as_str());
        let binding: WalletBinding = fields(&text)?;
        let result = binding.verify(&Clock::at(now.parse()?));
        topic.push(case.with_result(result, |case, ()| case.with("verifies", true)));
    }
    Ok(())
}

fn replays(topic: &mut Topic) -> Outcome<()> {
    let digest = |byte: &str| format!("sha256:{}", byte.repeat(32));
    for (name, stored) in [("new", None), ("same", Some(digest("01"))), ("other", Some(digest("02")))] {
        let arrived = digest("01");
        let case = Case::new(format!("replay: {name}")).with("arrived", arrived.as_str());
        let case = case.with("stored", stored.clone().map_or(Json::Null, Json::String));
        let known = stored.map(|stored| stored.parse()).transpose()?;
        topic.push(case.with_result(seen(known.as_ref(), &arrived.parse()?), |case, seen| {
            case.with("seen", if seen == Seen::Never { "never" } else { "before" })
        }));
    }
    let mut messages = Vec::new();
    for kind in KINDS {
        messages.push((kind.to_string(), kind, sample(kind)?));
    }
    for kind in [Kind::Select, Kind::Locked, Kind::Abort] {
        let mut unlocked = sample(kind)?;
        for name in ["lock_ref", "lock_deadline"] {
            unlocked.remove(name);
        }
        messages.push((format!("{kind} without its lock"), kind, unlocked));
    }
    for (about, kind, place, text) in [
        ("of another lock", Kind::Settle, "htlc_id", r#""htlc-b-2""#),
        ("of another time", Kind::Error, "timestamp", r#""2025-12-01T10:00:10Z""#),
        ("of another path", Kind::WithdrawRoute, "withdrawn", r#"["path-via-c"]"#),
    ] {
        let mut other = sample(kind)?;
        put(&mut other, place, Some(text))?;
        messages.push((format!("{kind} {about}"), kind, other));
    }
    for (name, kind, message) in messages {
        for seed in [1, 2] {
            let mut message = message.clone();
            sign::sign(&kind.purpose(), &mut message, &key(seed));
            let public = key(seed).public_key();
            let text = written(&message)?;
            let ReplayKey::Gateway { key, request_id, kind, names_lock, path_id, htlc_id, digest } =
                GatewayMessage::read(text.as_bytes())?.replay_key(&public)
            else {
                return Err("a gateway's message has a gateway's key".into());
            };
            let remembered = json!({
                "key": key.to_string(), "request_id": request_id.to_string(), "kind": kind.name(),
                "names_lock": names_lock, "path_id": path_id.map(|path| path.to_string()),
                "htlc_id": htlc_id.map(|id| id.to_string()), "digest": digest.map(|digest| digest.to_string()),
            });
            let case = Case::new(format!("remembered: {name} by key {seed}")).with("text", text);
            topic.push(case.with("public_key", public.to_string()).with("replay_key", remembered));
        }
    }
    let tib = signed_tib()?;
    let block = Kept::<Tib>::from_object(tib.clone())?;
    if let ReplayKey::Tib { trace_id, nonce } = block.fields().meta.replay_key() {
        let remembered = json!({"trace_id": trace_id.to_string(), "nonce": nonce.to_string()});
        topic.push(Case::new("remembered: info block").with("tib", written(&tib)?).with("replay_key", remembered));
    }
    let now = "2025-12-15T10:00:00Z";
    for (name, ends) in [
        ("nothing", vec![]),
        ("a quote and a lock", vec!["2025-12-15T10:01:00Z", "2025-12-15T12:00:00.5Z"]),
        ("what is over", vec!["2025-12-15T09:00:00Z"]),
    ] {
        let times = ends.iter().map(|end| end.parse()).collect::<Result<Vec<Timestamp>, _>>()?;
        let until = remember_until(times, &Clock::at(now.parse()?)).to_string();
        topic.push(Case::new(format!("kept for {name}")).with("ends", ends).with("now", now).with("until", until));
    }
    Ok(())
}
