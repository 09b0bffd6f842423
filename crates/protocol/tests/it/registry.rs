//! The attribute registry.
#![allow(clippy::unwrap_used, reason = "a test may end in a panic: that is how it fails")]

use tgp_protocol::{
    Code, Reason,
    json::{self, Object, Value},
    policy::{Decision, Network, PolicySet, Prices, Subject},
    registry::{self, AssetAddress, Registry, Role, Status},
    sign::SigningKey,
    value::{Account, ChainId, Clock, Symbol, Word},
};

const MAINNET_USDC: &str = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48";
const BASE_USDC: &str = "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913";
const SEPOLIA_USDC: &str = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";
const ESCROW: &str = "0x209693Bc6afc0C5328bA36FaF03C514EF312287C";
const OLD_ESCROW: &str = "0x1111111111111111111111111111111111111111";
const BAD_ESCROW: &str = "0x2222222222222222222222222222222222222222";
const CODE: &str = "0x00000000000000000000000000000000000000000000000000000000000000c0";

fn indexer() -> SigningKey {
    SigningKey::from_seed(&[3; 32])
}

/// Every section, with members that no version knows yet.
fn text() -> String {
    let key = indexer().public_key();
    let kid = key.id();
    format!(
        r#"{{
  "format": "TGP-REGISTRY-0.1", "version": 7, "issuer": "registry.example",
  "issued_at": "2026-11-21T10:00:00Z", "expires_at": "2026-12-21T10:00:00Z",
  "attributes": {{ "sla.gold": {{ "answer_ms": 200 }} }},
  "dialects": ["PEL-0.2"],
  "assets": [
    {{ "symbol": "ETH", "chain": "eip155:1", "address": "native", "decimals": 18 }},
    {{ "symbol": "USDC", "chain": "eip155:1", "address": "{MAINNET_USDC}", "decimals": 6,
       "eip712": {{ "name": "USD Coin", "version": "2" }} }},
    {{ "symbol": "USDC", "chain": "base", "address": "{BASE_USDC}", "decimals": 6, "bridged": false }},
    {{ "symbol": "WPLS", "chain": "eip155:369", "address": "0x3333333333333333333333333333333333333333", "decimals": 18 }},
    {{ "symbol": "WPLS", "chain": "eip155:369", "address": "0x4444444444444444444444444444444444444444", "decimals": 18 }}
  ],
  "chains": [{{ "chain": "eip155:8453", "name": "Base", "finality_seconds": 1800, "bridges": ["a", "b"] }}],
  "contracts": [
    {{ "chain": "eip155:8453", "audit_status": "internal", "deployed_at": 1780000000, "jurisdictions": ["US", "DE"],
       "guardian": "{BAD_ESCROW}",
       "contracts": {{
         "CoreProverEscrow": {{ "address": "{ESCROW}", "account": "eip155:8453:{ESCROW}", "code_hash": "{CODE}" }},
         "TgpRouter": {{ "address": "0x5555555555555555555555555555555555555555", "code_hash": "{CODE}" }}
       }} }},
    {{ "chain": "eip155:8453", "deployed_at": 1770000000,
       "contracts": {{ "CoreProverEscrow": {{ "address": "{OLD_ESCROW}", "code_hash": "{CODE}" }} }} }},
    {{ "chain": "eip155:8453", "status": "deny", "deployed_at": 1790000000,
       "contracts": {{ "CoreProverEscrow": {{ "address": "{BAD_ESCROW}" }} }} }}
  ],
  "jurisdictions": [
    {{ "name": "US-OFAC", "jurisdiction": "US", "number": 1, "compliance_tags": ["OFAC"],
       "allowed_assets": ["USDC"], "max_fee_bps": 50 }},
    {{ "name": "EU-GDPR", "jurisdiction": "DE" }}
  ],
  "sellers": [
    {{ "party": "seller://store.example", "account": "eip155:8453:{OLD_ESCROW}",
       "commit_endpoint": "https://store.example/tgp/commit", "arbiter": "{BAD_ESCROW}", "area": "tai:us/ca/retail",
       "service_level": {{ "availability": "0.999", "settlement_seconds": 60 }},
       "x402": {{ "min_amount": "1", "max_amount": "1000000", "assets": ["USDC"] }} }}
  ],
  "keys": [
    {{ "kid": "{kid}", "public_key": "{key}", "role": "indexer", "domain": "indexer.example" }},
    {{ "kid": "{kid}", "public_key": "{key}", "role": "notary" }}
  ],
  "areas": [{{ "domain": "store.example", "area": {{ "jurisdiction": "US-CA", "zone": "retail" }} }}]
}}"#
    )
}

fn document() -> Object {
    let Ok(Value::Object(object)) = json::parse(text().as_bytes()) else { panic!("an object") };
    object
}

fn registry() -> Registry {
    Registry::from_document(document()).unwrap_or_else(|error| panic!("{error}"))
}

fn symbol(text: &str) -> Symbol {
    text.parse().unwrap()
}

fn account(address: &str) -> Account {
    format!("eip155:8453:{address}").parse().unwrap()
}

/// Shows R-354.
#[test]
fn a_document_is_read_only_as_its_signer_left_it() {
    let (key, other) = (SigningKey::from_seed(&[1; 32]), SigningKey::from_seed(&[2; 32]));
    let mut signed = document();
    registry::sign(&mut signed, &key);
    let read = |object: &Object, key: &SigningKey| Registry::read(&object.canonical(), &key.public_key());
    assert_eq!(read(&signed, &key).unwrap().version(), 7);
    assert_eq!(read(&signed, &other).unwrap_err().code(), Code::SigInvalid);
    assert_eq!(read(&document(), &key).unwrap_err().reason(), Reason::Unsigned);
    // members that this version does not know are covered too
    for name in ["dialects", "assets", "version", "attributes"] {
        let mut changed = signed.clone();
        changed.insert(name, Value::Null);
        assert_eq!(read(&changed, &key).unwrap_err().reason(), Reason::SignatureMismatch, "{name}");
    }
    // a signature over a message is none over a registry
    let mut message = document();
    tgp_protocol::sign::sign("B/QUERY", &mut message, &key);
    assert_eq!(read(&message, &key).unwrap_err().reason(), Reason::SignatureMismatch);
}

/// Shows R-108, R-116, R-482.
#[test]
fn what_this_version_does_not_know_is_kept() {
    let registry = registry();
    let gold = registry.attribute("sla.gold").and_then(Value::as_object).unwrap();
    assert_eq!(gold.get("answer_ms"), Some(&Value::Number(200.into())));
    assert_eq!(registry.attribute("sla.silver"), None);
    assert!(registry.document().get("dialects").is_some());
    let kid = indexer().public_key().id();
    assert!(registry.signer(&kid, &Role::Other("notary".parse().unwrap())).is_ok());
    let seller = registry.seller(&"seller://store.example".parse().unwrap()).unwrap();
    assert_eq!(seller.service_level.as_ref().and_then(|it| it.settlement_seconds), Some(60));
    assert_eq!(seller.x402.as_ref().and_then(|it| it.max_amount), Some(1_000_000.into()));
    assert_eq!(registry.chain(ChainId::eip155(8453)).and_then(|it| it.finality_seconds), Some(1_800));
    assert_eq!(registry.chain(ChainId::eip155(1)), None);
}

/// Shows R-332, R-373.
#[test]
fn symbols_lead_to_one_asset_or_none() {
    let registry = registry();
    let resolve = |text: &str, chain: Option<u64>| {
        let found = registry.resolve(&symbol(text), chain.map(ChainId::eip155));
        found.map(|asset| asset.chain.number()).map_err(|error| (error.code(), error.reason()))
    };
    assert_eq!(resolve("ETH", None), Ok(1));
    assert_eq!(resolve("USDC", Some(1)), Ok(1));
    assert_eq!(resolve("USDC", Some(8453)), Ok(8453));
    assert_eq!(resolve("USDC", None), Err((Code::UnsupportedAsset, Reason::AmbiguousAsset)));
    assert_eq!(resolve("WPLS", Some(369)), Err((Code::UnsupportedAsset, Reason::AmbiguousAsset)));
    assert_eq!(resolve("USDT", None), Err((Code::UnsupportedAsset, Reason::UnknownAsset)));
    assert_eq!(resolve("usdc", Some(1)), Err((Code::UnsupportedAsset, Reason::UnknownAsset)));
    assert_eq!(resolve("ETH", Some(8453)), Err((Code::NetworkOrTokenMismatch, Reason::NetworkMismatch)));
    let usdc = registry.resolve(&symbol("USDC"), Some(ChainId::eip155(1))).unwrap();
    assert_eq!(usdc.eip712.as_ref().map(|domain| domain.name.as_str()), Some("USD Coin"));
    assert!(registry.resolve(&symbol("ETH"), None).unwrap().address.address().is_zero());
}

/// The address of the documents' example is mainnet's USDC, its network Base Sepolia.
#[test]
fn the_documents_pair_of_network_and_token_is_refused() {
    let registry = registry();
    let check = |chain: &str, address: &str| {
        let chain: ChainId = chain.parse().unwrap();
        registry.check_token(&symbol("USDC"), chain, address.parse().unwrap()).map(|_| ()).map_err(|error| error.code())
    };
    assert_eq!(check("base-sepolia", MAINNET_USDC), Err(Code::NetworkOrTokenMismatch));
    assert_eq!(check("base-sepolia", SEPOLIA_USDC), Err(Code::NetworkOrTokenMismatch));
    assert_eq!(check("base", MAINNET_USDC), Err(Code::NetworkOrTokenMismatch));
    assert_eq!(check("ethereum", MAINNET_USDC), Ok(()));
    assert_eq!(check("ethereum", "native"), Err(Code::NetworkOrTokenMismatch));
    assert_eq!(registry.asset_at(ChainId::eip155(1), AssetAddress::Native).map(|it| it.symbol.as_str()), Some("ETH"));
}

/// Shows R-483, R-522.
#[test]
fn contracts_are_known_by_chain_address_and_code() {
    let registry = registry();
    let check = |account: &str, code: &str, place: Option<&str>| {
        let (account, code): (Account, Word) = (account.parse().unwrap(), code.parse().unwrap());
        let checked = registry.check_contract(&account, code, place.map(|it| it.parse().unwrap()));
        checked.map(|contract| contract.kind.to_string()).map_err(|error| (error.code(), error.reason()))
    };
    let refused = |reason| Err((Code::ContractBlacklisted, reason));
    let at = |address: &str| account(address).to_string();
    let other_code = CODE.replace("c0", "c1");
    assert_eq!(check(&at(ESCROW), CODE, Some("US-CA")), Ok("CoreProverEscrow".into()));
    assert_eq!(check(&at(ESCROW), &other_code, Some("US-CA")), refused(Reason::OtherCode));
    assert_eq!(check(&at(ESCROW), CODE, Some("FR")), refused(Reason::ContractElsewhere));
    assert_eq!(check(&at(ESCROW), CODE, None), refused(Reason::ContractElsewhere));
    assert_eq!(check(&at(OLD_ESCROW), CODE, None), Ok("CoreProverEscrow".into()));
    assert_eq!(check(&at(BAD_ESCROW), CODE, Some("US")), refused(Reason::DeniedContract));
    assert_eq!(check(&at(MAINNET_USDC), CODE, Some("US")), refused(Reason::UnknownContract));
    assert_eq!(check(&format!("eip155:1:{ESCROW}"), CODE, Some("US")), refused(Reason::UnknownContract));
    assert_eq!(registry.contract_at(&account(BAD_ESCROW)).map(|it| it.status), Some(Status::Deny));
    let contract = registry.contract_at(&account(ESCROW)).unwrap();
    assert_eq!(contract.audit_status.as_ref().map(|it| it.as_str()), Some("internal"));
    assert_eq!(contract.deployed_at, Some(1_780_000_000));
}

#[test]
fn an_offer_takes_the_newest_contract_that_is_allowed() {
    let registry = registry();
    let select = |kind: &str, chain: u64, place: Option<&str>| {
        let place = place.map(|it| it.parse().unwrap());
        let found = registry.select_contract(&kind.parse().unwrap(), ChainId::eip155(chain), place);
        found.map(|contract| contract.account.address.to_string())
    };
    assert_eq!(select("CoreProverEscrow", 8453, Some("DE")).as_deref(), Some(ESCROW));
    assert_eq!(select("CoreProverEscrow", 8453, Some("FR")).as_deref(), Some(OLD_ESCROW));
    assert_eq!(select("CoreProverEscrow", 8453, None).as_deref(), Some(OLD_ESCROW));
    assert_eq!(select("CoreProverEscrow", 1, Some("DE")), None);
    assert_eq!(select("TgpRouter", 8453, Some("FR")), None);
}

/// Shows R-484.
#[test]
fn a_policy_domain_is_a_policy() {
    let registry = registry();
    let domain = registry.domain(&"US-OFAC".parse().unwrap()).unwrap();
    assert_eq!((domain.number, domain.compliance_tags.len()), (Some(1), 1));
    let mut set = PolicySet::new();
    for domain in registry.domains() {
        set.insert(domain.name.clone(), None, domain.to_policy().unwrap()).unwrap();
    }
    let pay = |symbol: &str, fee: &str, tag: &str, place: &str| {
        let subject = Subject::new(Network::eip155(1), symbol.parse().unwrap(), "100".parse().unwrap())
            .with_fee(fee.parse().unwrap())
            .with_compliance(tag.parse().unwrap())
            .with_jurisdiction(place.parse().unwrap());
        match set.evaluate(&subject, &Prices::none()).decision {
            Decision::Allow(_) => None,
            Decision::Deny(denial) => Some(denial.rule.to_string()),
        }
    };
    assert_eq!(pay("USDC", "0.5", "OFAC", "US-CA"), None);
    assert_eq!(pay("USDC", "0.51", "OFAC", "US-CA").as_deref(), Some("caps.max_fee_bps"));
    assert_eq!(pay("ETH", "0.5", "OFAC", "US-CA").as_deref(), Some("allow.assets"));
    assert_eq!(pay("USDC", "0.5", "KYC", "US-CA").as_deref(), Some("allow.requires[0]"));
    assert_eq!(pay("ETH", "50", "KYC", "DE"), None);
}

#[test]
fn keys_speak_in_their_roles_only() {
    let registry = registry();
    let key = indexer().public_key();
    assert_eq!(registry.signer(&key.id(), &Role::Indexer).unwrap(), &key);
    let refused = |kid, role| {
        let error = registry.signer(&kid, &role).unwrap_err();
        (error.code(), error.reason())
    };
    assert_eq!(refused(key.id(), Role::Controller), (Code::SigInvalid, Reason::WrongRole));
    let stranger = SigningKey::from_seed(&[9; 32]).public_key().id();
    assert_eq!(refused(stranger, Role::Indexer), (Code::SigInvalid, Reason::UnknownKey));
}

#[test]
fn sellers_and_domains_are_found_by_name() {
    let registry = registry();
    let seller = registry.seller(&"seller://store.example".parse().unwrap()).unwrap();
    assert_eq!(seller.commit_endpoint.as_ref().map(|it| it.host()), Some("store.example"));
    assert_eq!(seller.account, account(OLD_ESCROW));
    assert_eq!(seller.area.as_ref(), registry.area_of(&"store.example".parse().unwrap()));
    assert!(registry.seller(&"seller://other.example".parse().unwrap()).is_none());
    assert!(registry.area_of(&"other.example".parse().unwrap()).is_none());
}

#[test]
fn a_registry_has_its_time_and_never_goes_back() {
    let registry = registry();
    let at = |time: &str| {
        let checked = registry.check_time(&Clock::at(time.parse().unwrap()));
        checked.map_err(|error| (error.field().to_string(), error.reason()))
    };
    assert_eq!(at("2026-11-21T09:59:00Z"), Ok(()));
    assert_eq!(at("2026-11-21T09:58:59Z"), Err(("issued_at".into(), Reason::InTheFuture)));
    assert_eq!(at("2026-12-21T09:59:59Z"), Ok(()));
    assert_eq!(at("2026-12-21T10:00:00Z"), Err(("expires_at".into(), Reason::InThePast)));

    let with = |name: &str, value: &str| {
        let mut document = document();
        document.insert(name, json::parse(value.as_bytes()).unwrap());
        Registry::from_document(document).unwrap()
    };
    assert!(with("version", "8").check_replaces(&registry).is_ok());
    let reason = |newer: &Registry| newer.check_replaces(&registry).unwrap_err().reason();
    assert_eq!(reason(&with("version", "7")), Reason::Superseded);
    assert_eq!(reason(&with("version", "6")), Reason::Superseded);
    assert_eq!(reason(&with("issuer", r#""other.example""#)), Reason::Contradiction);
    assert_eq!(registry.issuer().as_str(), "registry.example");
}

/// One thing is wrong, and is named.
#[test]
fn what_is_wrong_in_a_document_is_named() {
    let key = indexer().public_key();
    let (kid, other) = (key.id(), SigningKey::from_seed(&[4; 32]).public_key().id());
    let cases: Vec<(&str, &str, String, &str, Reason)> = vec![
        ("TGP-REGISTRY-0.1", "TGP-REGISTRY-0.1", "TGP-REGISTRY-9".into(), "format", Reason::OtherFormat),
        ("\"version\": 7", "7", "-7".into(), "version", Reason::OutOfRange),
        ("2026-12-21", "2026-12-21", "2026-11-20".into(), "expires_at", Reason::Contradiction),
        ("\"decimals\": 18", "18", "37".into(), "assets[0].decimals", Reason::OutOfRange),
        (
            "\"native\"",
            "native",
            "0x0000000000000000000000000000000000000000".into(),
            "assets[0].address",
            Reason::ZeroAddress,
        ),
        (MAINNET_USDC, "0xA0b8", "0xa0B8".into(), "assets[1].address", Reason::BadChecksum),
        ("\"symbol\": \"ETH\"", "ETH", "E TH".into(), "assets[0].symbol", Reason::BadSymbol),
        (
            "0x4444444444444444444444444444444444444444",
            "0x4444444444444444444444444444444444444444",
            "0x3333333333333333333333333333333333333333".into(),
            "assets[4]",
            Reason::RepeatedEntry,
        ),
        ("\"name\": \"USD Coin\"", "USD Coin", String::new(), "assets[1].eip712", Reason::WrongLength),
        ("\"code_hash\": \"0x00", "0x00", "00".into(), "contracts[0].contracts[0].code_hash", Reason::BadWord),
        ("\"status\": \"deny\"", "deny", "allow".into(), "contracts[2].contracts[0].code_hash", Reason::Missing),
        ("\"status\": \"deny\"", "deny", "maybe".into(), "contracts[2].status", Reason::UnknownValue),
        (
            "\"account\": \"eip155:8453:0x2096",
            "8453",
            "1".into(),
            "contracts[0].contracts[0].account",
            Reason::Contradiction,
        ),
        (OLD_ESCROW, OLD_ESCROW, ESCROW.into(), "contracts[2]", Reason::RepeatedEntry),
        (
            r#""jurisdictions": ["US", "DE"]"#,
            r#"["US", "DE"]"#,
            "null".into(),
            "contracts[0].jurisdictions",
            Reason::WrongType,
        ),
        ("\"max_fee_bps\": 50", "50", "1001".into(), "jurisdictions[0].max_fee_bps", Reason::BadBps),
        ("\"number\": 1", "1", "0".into(), "jurisdictions[0].number", Reason::OutOfRange),
        (
            r#""jurisdiction": "DE""#,
            r#""DE""#,
            r#""DE", "number": 1"#.into(),
            "jurisdictions[1].number",
            Reason::RepeatedEntry,
        ),
        ("EU-GDPR", "EU-GDPR", "US-OFAC".into(), "jurisdictions[1]", Reason::RepeatedEntry),
        ("https://store.example", "https", "http".into(), "sellers[0].commit_endpoint", Reason::BadEndpoint),
        ("\"min_amount\": \"1\"", "\"1\"", "\"1000001\"".into(), "sellers[0].x402", Reason::Contradiction),
        (
            "\"arbiter\": \"0x2222222222222222222222222222222222222222\"",
            BAD_ESCROW,
            OLD_ESCROW.into(),
            "sellers[0].arbiter",
            Reason::Contradiction,
        ),
        ("notary", "notary", "indexer".into(), "keys[1]", Reason::RepeatedEntry),
        ("\"kid\"", "kid", "id".into(), "keys[0].kid", Reason::Missing),
        ("\"zone\": \"retail\"", "retail", "Retail".into(), "areas[0].area.zone", Reason::BadArea),
    ];
    for (within, old, new, field, reason) in cases {
        let changed = text().replacen(within, &within.replacen(old, &new, 1), 1);
        assert_ne!(changed, text(), "{within}");
        let Ok(Value::Object(document)) = json::parse(changed.as_bytes()) else { panic!("{within}") };
        let error = Registry::from_document(document).expect_err(within);
        assert_eq!((error.field().to_string().as_str(), error.reason()), (field, reason), "{within} -> {new}");
    }
    // a kid that is not the key's
    let changed = text().replacen(&kid.to_string(), &other.to_string(), 1);
    let error = Registry::read(changed.as_bytes(), &key).unwrap_err();
    assert_eq!(error.code(), Code::SigInvalid);
    let Ok(Value::Object(document)) = json::parse(changed.as_bytes()) else { panic!("an object") };
    let error = Registry::from_document(document).unwrap_err();
    assert_eq!((error.field().to_string().as_str(), error.reason()), ("keys[0].kid", Reason::HashMismatch));
}

#[test]
fn every_section_may_be_left_out() {
    let mut least = Object::default();
    for name in ["format", "version", "issuer", "issued_at"] {
        let member = document().remove(name).unwrap();
        assert_eq!(Registry::from_document(least.clone()).unwrap_err().reason(), Reason::Missing, "{name}");
        least.insert(name, member);
    }
    let registry = Registry::from_document(least).unwrap();
    assert_eq!(registry.resolve(&symbol("ETH"), None).unwrap_err().reason(), Reason::UnknownAsset);
    assert!(registry.attribute("any").is_none() && registry.domains().is_empty());
}

#[test]
fn no_value_makes_it_panic_or_echo() {
    let all = crate::documents::spoiled(&document());
    assert!(all.len() > 500, "{}", all.len());
    let mut refused = 0;
    for document in all {
        if let Err(error) = Registry::from_document(document) {
            refused += 1;
            assert!(!error.to_string().contains("SECRET"), "{error}");
        }
    }
    assert!(refused > 400, "{refused}");
}
