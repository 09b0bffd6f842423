//! Keys that domains publish, and wallets behind handles.

// a helper that fails ends the test
#![allow(clippy::unwrap_used)]

use crate::gateways::{at, key, put, query, read, sample, v};
use k256::ecdsa::SigningKey as Wallet;
use tgp_protocol::{
    Code, Reason,
    gateway::Release,
    identity::{DirectoryKey, KeyDirectory, Role, WalletBinding, check_peer_name, random_handle},
    json::{self, Kept},
    sign::WalletSignature,
    value::{ChainId, Clock, EvmAddress},
    wire::{Kind, Message},
};

fn wallet(seed: u8) -> Wallet {
    Wallet::from_slice(&[seed; 32]).expect("a key")
}

fn address(wallet: &Wallet) -> EvmAddress {
    alloy_primitives::Address::from_public_key(wallet.verifying_key()).into()
}

fn signed(wallet: &Wallet, digest: alloy_primitives::B256) -> WalletSignature {
    let (signature, recovery) = wallet.sign_prehash_recoverable(digest.as_slice()).expect("signs");
    let signature = alloy_primitives::Signature::from_signature_and_parity(signature, recovery.is_y_odd());
    v(&alloy_primitives::hex::encode_prefixed(signature.as_bytes()))
}

fn binding(by: &Wallet) -> WalletBinding {
    let handle = random_handle("tbca", [3; 16]).unwrap();
    let (chain, address, expiry) = (ChainId::eip155(369), address(by), at("12:00:00"));
    let message = WalletBinding::message(&handle, chain, address, expiry);
    let signature = signed(by, alloy_primitives::eip191_hash_message(message));
    WalletBinding { handle, chain, address, expiry, signature }
}

/// Shows R-203.
#[test]
fn wallet_vouches_for_its_handle_until_it_expires() {
    let clock = Clock::at(at("11:59:59"));
    let good = binding(&wallet(7));
    good.verify(&clock).expect("the wallet signed");
    let error = good.verify(&Clock::at(at("12:00:00"))).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::InThePast, "expiry"));
    let wrong = [
        WalletBinding { handle: random_handle("tbca", [4; 16]).unwrap(), ..good.clone() },
        WalletBinding { chain: ChainId::eip155(1), ..good.clone() },
        WalletBinding { address: address(&wallet(8)), ..good.clone() },
        WalletBinding { expiry: at("12:00:01"), ..good.clone() },
        WalletBinding { signature: binding(&wallet(8)).signature, ..good.clone() },
    ];
    for binding in wrong {
        let error = binding.verify(&clock).unwrap_err();
        assert_eq!((error.code(), error.field().to_string().as_str()), (Code::SigInvalid, "signature"));
    }
    let value = json::to_value(&good).unwrap();
    assert_eq!(json::from_value::<WalletBinding>(&value).unwrap(), good);
}

#[test]
fn handles_differ_between_relations_and_show_nothing() {
    let handle = random_handle("tbca", [3; 16]).unwrap();
    assert_ne!(handle, random_handle("tbca", [4; 16]).unwrap());
    assert!(random_handle("a b", [3; 16]).is_err());
    assert!(random_handle("", [3; 16]).is_err());
}

fn directory() -> KeyDirectory {
    let message = |seed: u8| key(seed).public_key();
    // key 1 is being replaced by key 2: both sign from 10:00 to 10:30, then 1 only verifies, until 11:00
    let first = DirectoryKey::new(message(1), vec![Role::Message], at("09:00:00"), at("10:30:00"));
    let second = DirectoryKey::new(message(2), vec![Role::Message], at("10:00:00"), at("13:00:00"));
    let receipts = DirectoryKey::new(message(3), vec![Role::Receipt, Role::Sso], at("09:00:00"), at("13:00:00"));
    let stolen = DirectoryKey::new(message(4), vec![Role::Message], at("09:00:00"), at("13:00:00"));
    let keys = vec![first.with_verify_until(at("11:00:00")), second, receipts, stolen];
    KeyDirectory::new(v("client-a.example.com"), at("09:30:00"), at("12:00:00"), keys)
        .with_revoked(key(4).public_key().id(), at("10:15:00"))
}

/// Shows R-154.
#[test]
fn directory_is_signed_by_the_domains_root() {
    let signed = directory().sign(&key(9)).unwrap();
    let root = key(9).public_key();
    signed.verify(&root, &Clock::at(at("10:00:00"))).expect("verifies");
    assert_eq!(signed.verify(&key(8).public_key(), &Clock::at(at("10:00:00"))).unwrap_err().code(), Code::SigInvalid);
    let error = signed.verify(&root, &Clock::at(at("12:00:00"))).unwrap_err();
    assert_eq!(error.field().to_string(), "expires_at");
    let error = signed.verify(&root, &Clock::at(at("09:28:59"))).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::InTheFuture, "issued_at"));
    let mut changed = signed.object().clone();
    put(&mut changed, "keys[0].not_after", Some(json::parse(br#""2025-12-01T12:30:00Z""#).unwrap()));
    let changed = Kept::<KeyDirectory>::from_object(changed).unwrap();
    let error = changed.verify(&root, &Clock::at(at("10:00:00"))).unwrap_err();
    assert_eq!(error.reason(), Reason::SignatureMismatch);
}

#[test]
fn directory_with_faults_is_refused_and_the_fault_named() {
    let spoil = |place: &str, value: &str| {
        let Ok(json::Value::Object(mut object)) = json::to_value(&directory()) else { panic!("an object") };
        put(&mut object, place, Some(json::parse(value.as_bytes()).unwrap()));
        let directory = Kept::<KeyDirectory>::from_object(object).map(Kept::into_fields);
        let error = directory.and_then(|directory| directory.check()).unwrap_err();
        (error.reason(), error.field().to_string())
    };
    let other = format!("\"{}\"", key(5).public_key().id());
    assert_eq!(spoil("keys[0].kid", &other), (Reason::HashMismatch, "keys[0].kid".into()));
    assert_eq!(spoil("keys[0].roles", "[]"), (Reason::WrongLength, "keys[0].roles".into()));
    assert_eq!(spoil("keys[0].roles[0]", "1"), (Reason::WrongType, "keys[0].roles[0]".into()));
    assert_eq!(spoil("keys[0].key", r#""ed25519:AAAA""#), (Reason::BadKey, "keys[0].key".into()));
    let early = r#""2025-12-01T09:00:00Z""#;
    assert_eq!(spoil("keys[0].not_after", early), (Reason::Contradiction, "keys[0].not_after".into()));
    assert_eq!(spoil("keys[0].verify_until", early), (Reason::Contradiction, "keys[0].verify_until".into()));
    assert_eq!(spoil("expires_at", early), (Reason::Contradiction, "expires_at".into()));
    let mut twice = directory();
    twice.keys.push(twice.keys[0].clone());
    assert_eq!(twice.check().unwrap_err().field().to_string(), "keys[4].kid");
}

#[test]
fn keys_are_found_by_id_role_and_time() {
    let directory = directory();
    let find = |seed: u8, role: Role, time: &str| {
        let found = directory.key(key(seed).public_key().id(), role, at(time));
        found.map(|found| found.verify_only).map_err(|error| error.reason())
    };
    assert_eq!(find(1, Role::Message, "08:59:59"), Err(Reason::KeyNotValid));
    assert_eq!(find(1, Role::Message, "09:00:00"), Ok(false));
    assert_eq!(find(1, Role::Message, "10:29:59"), Ok(false));
    assert_eq!(find(1, Role::Message, "10:30:00"), Ok(true));
    assert_eq!(find(1, Role::Message, "10:59:59"), Ok(true));
    assert_eq!(find(1, Role::Message, "11:00:00"), Err(Reason::KeyNotValid));
    assert_eq!(find(2, Role::Message, "10:00:00"), Ok(false));
    assert_eq!(find(2, Role::Message, "13:00:00"), Err(Reason::KeyNotValid), "without verify_until it ends at once");
    assert_eq!(find(3, Role::Message, "10:00:00"), Err(Reason::OtherRole));
    assert_eq!(find(3, Role::Sso, "10:00:00"), Ok(false));
    assert_eq!(find(4, Role::Message, "10:00:00"), Err(Reason::KeyRevoked), "a thief can write any date");
    assert_eq!(find(5, Role::Message, "10:00:00"), Err(Reason::UnpublishedKey));
    // keys of other algorithms are carried, and never verify a message
    let Ok(json::Value::Object(mut object)) = json::to_value(&directory) else { panic!("an object") };
    put(&mut object, "keys[1].key", Some(json::Value::String("x25519:AAAA".into())));
    let carried = Kept::<KeyDirectory>::from_object(object).unwrap().into_fields();
    let error = carried.key(key(2).public_key().id(), Role::Message, at("10:00:00")).unwrap_err();
    assert_eq!(error.reason(), Reason::BadKey);
}

/// A peer gives keys a role that only later versions know: the document is read and kept, those keys are not used.
#[test]
fn a_role_of_a_later_version_leaves_the_directory_readable() {
    let Ok(json::Value::Object(mut object)) = json::to_value(&directory()) else { panic!("an object") };
    put(&mut object, "keys[0].roles[0]", Some(json::Value::String("king".into())));
    put(&mut object, "keys[2].roles[0]", Some(json::Value::String("king".into())));
    tgp_protocol::sign::sign_member("keys", &mut object, "sig", &key(9));
    let kept = Kept::<KeyDirectory>::from_object(object.clone()).unwrap();
    kept.verify(&key(9).public_key(), &Clock::at(at("10:00:00"))).expect("the signature covers what was received");
    assert_eq!(json::to_value(&kept).unwrap(), json::Value::Object(object));
    let find = |seed: u8, role: Role| {
        let found = kept.fields().key(key(seed).public_key().id(), role, at("10:00:00"));
        found.map(|_| ()).map_err(|error| error.reason())
    };
    assert_eq!(find(1, Role::Message), Err(Reason::OtherRole));
    assert_eq!(find(1, Role::Unknown), Err(Reason::OtherRole), "nobody may ask for it");
    assert_eq!(find(3, Role::Sso), Ok(()), "the other roles of a key count");
    assert_eq!(kept.fields().current(Role::Unknown, at("10:00:00")).count(), 0);
    assert!(json::to_value(kept.fields()).is_err(), "the role's name is in what was received alone");
}

/// Shows R-039, R-152.
#[test]
fn sender_must_own_the_key_that_signed() {
    let directory = directory();
    let clock = Clock::at(at("10:00:20"));
    let message = |seed: u8| read(&query().to_signed(&key(seed)).unwrap()).unwrap();
    assert_eq!(message(1).authenticate(&directory, &clock).unwrap().key, key(1).public_key());
    for (seed, reason) in [(3, Reason::OtherRole), (4, Reason::KeyRevoked), (5, Reason::UnpublishedKey)] {
        let error = message(seed).authenticate(&directory, &clock).unwrap_err();
        assert_eq!((error.code(), error.reason()), (Code::SigInvalid, reason));
    }
    let mut other = directory.clone();
    other.domain = v("gateway-b.example.com");
    let error = message(1).authenticate(&other, &clock).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::NotTheSender, "sender"));
    // a message that names no key may be of any current one
    let unnamed = |seed: u8| {
        let mut object = query().to_object().unwrap();
        tgp_protocol::sign::sign("G/QUERY", &mut object, &key(seed));
        let mut bytes = b"TGP/0.1/sig/G/QUERY\0".to_vec();
        object.remove("kid");
        bytes.extend(object.canonical_without(&["signature"]));
        object.insert("signature", json::Value::String(key(seed).sign(&bytes).to_string()));
        read(&object).unwrap()
    };
    assert_eq!(unnamed(2).authenticate(&directory, &clock).unwrap().key, key(2).public_key());
    for seed in [3, 4, 5] {
        assert_eq!(unnamed(seed).authenticate(&directory, &clock).unwrap_err().reason(), Reason::SignatureMismatch);
    }
}

#[test]
fn replaced_key_ends_what_is_under_way_and_begins_nothing() {
    let directory = directory();
    let clock = Clock::at(at("10:40:00"));
    let late = |object: &tgp_protocol::json::Object, kind: Kind| {
        let mut object = object.clone();
        object.insert("sender", json::Value::String("client-a.example.com".into()));
        object.insert("timestamp", json::Value::String("2025-12-01T10:40:00Z".into()));
        for place in ["htlc_params.timeout", "attributes.deadline"] {
            if object.get(place.split('.').next().unwrap()).is_some() {
                put(&mut object, place, Some(json::Value::String("2025-12-01T10:50:00Z".into())));
            }
        }
        crate::gateways::sign_as(kind, &mut object, 1);
        read(&object).unwrap().authenticate(&directory, &clock).map(|found| found.verify_only)
    };
    assert_eq!(late(&sample(Kind::Query), Kind::Query).unwrap_err().reason(), Reason::KeyNotValid);
    assert!(late(&sample(Kind::Select), Kind::Select).unwrap());
    assert!(late(&sample(Kind::Settle), Kind::Settle).unwrap());
}

/// Whoever kept a directory beyond its time may not know that a key was revoked.
#[test]
fn a_directory_that_is_over_begins_nothing() {
    let clock = Clock::at(at("10:00:20"));
    let mut directory = directory();
    directory.expires_at = clock.now;
    let read_as = |object| read(&object).unwrap().authenticate(&directory, &clock).map(|found| found.verify_only);
    let error = read_as(query().to_signed(&key(1)).unwrap()).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::KeyNotValid, "kid"));
    let mut select = sample(Kind::Select);
    select.insert("sender", json::Value::String("client-a.example.com".into()));
    select.insert("timestamp", json::Value::String("2025-12-01T10:00:20Z".into()));
    crate::gateways::sign_as(Kind::Select, &mut select, 1);
    assert!(read_as(select).unwrap());
}

#[test]
fn messages_are_fresh_on_both_sides() {
    let directory = directory();
    let message = read(&query().to_signed(&key(1)).unwrap()).unwrap();
    let code = |time: &str| {
        message
            .authenticate(&directory, &Clock::at(at(time)))
            .map(|_| ())
            .map_err(|error| (error.code(), error.field().to_string()))
    };
    assert_eq!(code("10:01:00"), Ok(()));
    assert_eq!(code("10:01:00.001"), Err((Code::Replay, "timestamp".into())));
    assert_eq!(code("09:59:00"), Ok(()));
    assert_eq!(code("09:58:59.999"), Err((Code::InvalidQuery, "timestamp".into())));
}

#[test]
fn certificates_must_name_the_sender() {
    let sender = v("gateway-b.example.com");
    assert!(check_peer_name(["other.example", "gateway-b.example.com"], &sender).is_ok());
    assert!(check_peer_name(["spiffe://gateway-b.example.com/tbc/1"], &sender).is_ok());
    for name in ["*.example.com", "example.com", "spiffe://other/gateway-b.example.com", "x.gateway-b.example.com", ""]
    {
        assert_eq!(check_peer_name([name], &sender).unwrap_err().reason(), Reason::NotTheSender, "{name}");
    }
    assert!(check_peer_name([], &sender).is_err());
}

#[test]
fn release_is_signed_by_the_locks_receiver_for_this_lock() {
    let lock = crate::gateways::lock(1);
    let receiver = wallet(7);
    let digest = Release::digest(lock.chain, lock.contract, lock.lock_id);
    let release = Release {
        chain: lock.chain,
        contract: lock.contract,
        lock_id: lock.lock_id,
        signature: signed(&receiver, digest.0),
    };
    release.verify(address(&receiver)).expect("the receiver signed");
    assert_eq!(release.verify(address(&wallet(8))).unwrap_err().reason(), Reason::WrongWallet);
    for other in [
        Release { chain: ChainId::eip155(1), ..release.clone() },
        Release { contract: address(&receiver), ..release.clone() },
        Release { lock_id: [2; 32].into(), ..release },
    ] {
        let error = other.verify(address(&receiver)).unwrap_err();
        assert_eq!((error.code(), error.field().to_string().as_str()), (Code::SigInvalid, "signature"));
    }
}

/// Beside the object it stands under no name, so every member counts.
#[test]
fn a_detached_signature_covers_members_of_any_name() {
    let signer = tgp_protocol::sign::SigningKey::from_seed(&[1; 32]);
    let read = |text: &str| match tgp_protocol::json::parse(text.as_bytes()) {
        Ok(tgp_protocol::json::Value::Object(object)) => object,
        other => panic!("an object: {other:?}"),
    };
    let signature = tgp_protocol::sign::sign_detached("example", &read(r#"{"a":1}"#), &signer);
    let verify =
        |text: &str| tgp_protocol::sign::verify_detached("example", &read(text), &signature, &signer.public_key());
    verify(r#"{"a":1}"#).expect("verifies");
    for changed in [r#"{"a":2}"#, r#"{"a":1,"b":2}"#, r#"{"a":1,"signature":"x"}"#, r#"{"a":1,"kid":"x"}"#] {
        assert!(verify(changed).is_err(), "{changed}");
    }
    // the key's own id is what is covered with it
    verify(&format!(r#"{{"a":1,"kid":"{}"}}"#, signer.public_key().id())).expect("verifies");
}

/// A directory is as long as its domain likes: what is asked of it for every message takes no square of that.
#[test]
fn a_long_directory_is_searched_in_one_walk() {
    let mut keys = vec![DirectoryKey::new(key(1).public_key(), vec![Role::Message], at("09:00:00"), at("20:00:00"))];
    let other = |number: u32| {
        let kid = base64_kid(number);
        let text = format!(
            r#"{{"kid":"{kid}","key":"x:{number}","roles":["message"],"not_before":"2025-12-01T09:00:00Z","not_after":"2025-12-01T20:00:00Z"}}"#
        );
        json::from_value::<DirectoryKey>(&json::parse(text.as_bytes()).unwrap()).unwrap()
    };
    keys.extend((0..20_000).map(other));
    let directory = KeyDirectory::new(v("gateway-b.example"), at("09:30:00"), at("20:00:00"), keys);
    let begin = std::time::Instant::now();
    directory.check().unwrap();
    assert_eq!(directory.current(Role::Message, at("10:00:00")).count(), 1);
    // the square takes ten seconds, the walk some milliseconds
    assert!(begin.elapsed() < std::time::Duration::from_secs(2), "{:?}", begin.elapsed());
}

fn base64_kid(number: u32) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut kid = [b'A'; 22];
    for (place, sign) in kid[..6].iter_mut().enumerate() {
        *sign = SIGNS[usize::try_from(number >> (6 * place)).unwrap() % 64];
    }
    String::from_utf8(kid.to_vec()).unwrap()
}
