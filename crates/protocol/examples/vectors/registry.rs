use crate::{
    Outcome,
    edit::changed,
    object::{object, written},
    topic::{Case, Topic},
};
use serde_json::{Value as Json, json};
use tgp_protocol::{
    Error,
    json::{self, Object, Value},
    registry::{self, AssetAddress, Registry, Role},
    sign::{KeyId, SigningKey},
    value::{Clock, DomainName, Id, Party},
};

const ESCROW: &str = "0x209693Bc6afc0C5328bA36FaF03C514EF312287C";
const OLD: &str = "0x1111111111111111111111111111111111111111";
const DENIED: &str = "0x2222222222222222222222222222222222222222";
const CODE: &str = "0x00000000000000000000000000000000000000000000000000000000000000c0";

fn document() -> Outcome<Object> {
    let key = SigningKey::from_seed(&[3; 32]).public_key();
    let kid = key.id();
    object(&format!(
        r#"{{
  "format": "TGP-REGISTRY-0.1", "version": 7, "issuer": "registry.example",
  "issued_at": "2026-11-21T10:00:00Z", "expires_at": "2026-12-21T10:00:00Z",
  "attributes": {{ "sla.gold": {{ "answer_ms": 200 }} }},
  "assets": [
    {{ "symbol": "ETH", "chain": "eip155:1", "address": "native", "decimals": 18 }},
    {{ "symbol": "USDC", "chain": "eip155:1", "address": "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48", "decimals": 6,
       "eip712": {{ "name": "USD Coin", "version": "2" }} }},
    {{ "symbol": "USDC", "chain": "base", "address": "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913", "decimals": 6, "bridged": false }},
    {{ "symbol": "WPLS", "chain": "eip155:369", "address": "0x3333333333333333333333333333333333333333", "decimals": 18 }},
    {{ "symbol": "WPLS", "chain": "eip155:369", "address": "0x4444444444444444444444444444444444444444", "decimals": 18 }}
  ],
  "chains": [{{ "chain": "eip155:8453", "name": "Base", "finality_seconds": 1800 }}],
  "contracts": [
    {{ "chain": "eip155:8453", "deployed_at": 1780000000, "jurisdictions": ["US", "DE-BY"],
       "contracts": {{
         "CoreProverEscrow": {{ "address": "{ESCROW}", "account": "eip155:8453:{ESCROW}", "code_hash": "{CODE}" }},
         "TgpRouter": {{ "address": "0x5555555555555555555555555555555555555555", "code_hash": "{CODE}" }}
       }} }},
    {{ "chain": "eip155:8453", "deployed_at": 1770000000,
       "contracts": {{ "CoreProverEscrow": {{ "address": "{OLD}", "code_hash": "{CODE}" }} }} }},
    {{ "chain": "eip155:8453", "status": "deny", "deployed_at": 1790000000,
       "contracts": {{ "CoreProverEscrow": {{ "address": "{DENIED}" }} }} }}
  ],
  "jurisdictions": [{{ "name": "US-OFAC", "jurisdiction": "US", "number": 1, "compliance_tags": ["OFAC"], "allowed_assets": ["USDC"], "max_fee_bps": 50 }}],
  "sellers": [{{ "party": "seller://store.example", "account": "eip155:8453:{OLD}", "commit_endpoint": "https://store.example/tgp/commit", "area": "tai:us/ca/retail" }}],
  "keys": [
    {{ "kid": "{kid}", "public_key": "{key}", "role": "indexer", "domain": "indexer.example" }},
    {{ "kid": "{kid}", "public_key": "{key}", "role": "notary" }}
  ],
  "areas": [{{ "domain": "store.example", "area": {{ "jurisdiction": "US-CA", "zone": "retail" }} }}]
}}"#
    ))
}

/// A section or member replaced, and nothing else: the document is small then.
const CHANGES: [(&str, &str); 51] = [
    ("format", r#""TGP-REGISTRY-0.2""#),
    ("version", r#""7""#),
    ("version", "-1"),
    ("issuer", r#""Registry.example""#),
    ("issued_at", r#""2026-11-21""#),
    ("expires_at", r#""2026-11-21T10:00:00Z""#),
    ("expires_at", r#""2026-11-21T10:00:00.001Z""#),
    ("expires_at", "null"),
    ("later", "1"),
    ("assets", "{}"),
    ("assets", r#"[{"symbol":"ETH","chain":"eip155:1","address":"native","decimals":36}]"#),
    ("assets", r#"[{"symbol":"ETH","chain":"eip155:1","address":"native","decimals":37}]"#),
    ("assets", r#"[{"symbol":"ETH","chain":"eip155:1","address":"native","decimals":256}]"#),
    ("assets", r#"[{"symbol":"ETH","chain":"eip155:1","address":"coin","decimals":18}]"#),
    (
        "assets",
        r#"[{"symbol":"ETH","chain":"eip155:1","address":"0x0000000000000000000000000000000000000000","decimals":18}]"#,
    ),
    ("assets", r#"[{"symbol":"ETH","chain":"eip155:1","decimals":18}]"#),
    ("assets", r#"[{"symbol":"ETH","chain":"ETH","address":"native","decimals":18}]"#),
    (
        "assets",
        r#"[{"symbol":"ETH","chain":"eip155:1","address":"native","decimals":18,"eip712":{"name":"Ether","version":"1"}}]"#,
    ),
    (
        "assets",
        r#"[{"symbol":"A","chain":"eip155:1","address":"0x1111111111111111111111111111111111111111","decimals":6,"eip712":{"name":"","version":"1"}}]"#,
    ),
    (
        "assets",
        r#"[{"symbol":"A","chain":"eip155:1","address":"0x1111111111111111111111111111111111111111","decimals":6,"eip712":{"name":"A","version":""}}]"#,
    ),
    (
        "assets",
        r#"[{"symbol":"A","chain":"eip155:1","address":"native","decimals":6},{"symbol":"B","chain":"ethereum","address":"native","decimals":6}]"#,
    ),
    (
        "assets",
        r#"[{"symbol":"A","chain":"eip155:1","address":"native","decimals":6},{"symbol":"A","chain":"eip155:10","address":"native","decimals":6}]"#,
    ),
    ("chains", r#"[{"chain":"base"},{"chain":"eip155:8453"}]"#),
    ("contracts", r#"[{"chain":"base","contracts":{"E":{"address":"0x0000000000000000000000000000000000000000"}}}]"#),
    ("contracts", r#"[{"chain":"base","contracts":{"E":{"address":"0x1111111111111111111111111111111111111111"}}}]"#),
    (
        "contracts",
        r#"[{"chain":"base","status":"deny","contracts":{"E":{"address":"0x1111111111111111111111111111111111111111"}}}]"#,
    ),
    ("contracts", r#"[{"chain":"base","status":"ban","contracts":{}}]"#),
    ("contracts", r#"[{"chain":"base","contracts":{}},{"contracts":{}}]"#),
    (
        "contracts",
        r#"[{"chain":"base","status":"deny","contracts":{"A":{"address":"0x1111111111111111111111111111111111111111"},"E":{"address":"0x2222222222222222222222222222222222222222","account":"eip155:1:0x2222222222222222222222222222222222222222"}}}]"#,
    ),
    (
        "contracts",
        r#"[{"chain":"base","status":"deny","contracts":{"A":{"address":"0x1111111111111111111111111111111111111111"},"E":{"address":"0x1111111111111111111111111111111111111111"}}}]"#,
    ),
    ("jurisdictions", r#"[{"name":"A","jurisdiction":"US","max_fee_bps":1000}]"#),
    ("jurisdictions", r#"[{"name":"A","jurisdiction":"US","max_fee_bps":1001}]"#),
    ("jurisdictions", r#"[{"name":"A","jurisdiction":"US","number":0}]"#),
    ("jurisdictions", r#"[{"name":"A","jurisdiction":"US","number":7},{"name":"B","jurisdiction":"DE","number":7}]"#),
    ("jurisdictions", r#"[{"name":"A","jurisdiction":"US"},{"name":"B","jurisdiction":"DE"}]"#),
    ("jurisdictions", r#"[{"name":"A","jurisdiction":"US"},{"name":"A","jurisdiction":"DE"}]"#),
    ("jurisdictions", r#"[{"name":"A","jurisdiction":"US","allowed_assets":["X","X"]}]"#),
    ("sellers", r#"[{"party":"seller://a.example","account":"eip155:1:0x0000000000000000000000000000000000000000"}]"#),
    (
        "sellers",
        r#"[{"party":"seller://a.example","account":"eip155:1:0x1111111111111111111111111111111111111111","arbiter":"0x1111111111111111111111111111111111111111"}]"#,
    ),
    (
        "sellers",
        r#"[{"party":"seller://a.example","account":"eip155:1:0x1111111111111111111111111111111111111111","commit_endpoint":"http://a.example/"}]"#,
    ),
    (
        "sellers",
        r#"[{"party":"seller://a.example","account":"eip155:1:0x1111111111111111111111111111111111111111","commit_endpoint":"https://127.0.0.1/"}]"#,
    ),
    (
        "sellers",
        r#"[{"party":"seller://a.example","account":"eip155:1:0x1111111111111111111111111111111111111111","x402":{"min_amount":"2","max_amount":"1"}}]"#,
    ),
    (
        "sellers",
        r#"[{"party":"seller://a.example","account":"eip155:1:0x1111111111111111111111111111111111111111","area":"tai:US"}]"#,
    ),
    ("keys", r#"[{"kid":"AAAAAAAAAAAAAAAAAAAAAA","public_key":"$key","role":"indexer"}]"#),
    (
        "keys",
        r#"[{"kid":"$kid","public_key":"$key","role":"indexer"},{"kid":"$kid","public_key":"$key","role":"indexer"}]"#,
    ),
    ("keys", r#"[{"kid":"$kid","public_key":"$key","role":"in dexer"}]"#),
    ("keys", r#"[{"kid":"$kid","public_key":"$key"}]"#),
    ("areas", r#"[{"domain":"a.example","area":"tai:us"},{"domain":"a.example","area":"tai:de"}]"#),
    ("areas", r#"[{"domain":"a.example","area":{"zone":"a"}}]"#),
    ("areas", r#"[{"domain":null,"area":"tai:us"}]"#),
    ("areas", r#"[{"domain":"a.example","area":{"jurisdiction":null}}]"#),
];

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "The attribute registry: signed documents, what they must hold, questions with their answers (each accepted or refused by itself), their time, and which version replaces which.",
    );
    let issuer = SigningKey::from_seed(&[4; 32]);
    let mut signed = document()?;
    registry::sign(&mut signed, &issuer);
    signatures(&mut topic, &signed, &issuer)?;
    documents(&mut topic)?;
    questions(&mut topic, &signed)?;
    times(&mut topic)?;
    Ok(topic)
}

fn signatures(topic: &mut Topic, signed: &Object, issuer: &SigningKey) -> Outcome<()> {
    let other = SigningKey::from_seed(&[5; 32]);
    let mut elsewhere = document()?;
    tgp_protocol::sign::sign("directory", &mut elsewhere, issuer);
    for (name, document, key) in [
        ("signed", signed.clone(), issuer),
        ("by another key", signed.clone(), &other),
        ("for another purpose", elsewhere, issuer),
        ("not signed", document()?, issuer),
        ("without kid", changed(signed, "kid", None)?, issuer),
        ("with a member changed", changed(signed, "version", Some("8"))?, issuer),
        ("with a member added", changed(signed, "later", Some("1"))?, issuer),
        ("whose signature is none", changed(signed, "signature", Some("\"ed25519:\""))?, issuer),
    ] {
        let text = written(&document)?;
        let result = Registry::read(text.as_bytes(), &key.public_key());
        let case = Case::new(format!("signature: {name}")).with("document", text);
        let case = case.with("public_key", key.public_key().to_string());
        topic.push(case.with_result(result, accepted));
    }
    Ok(())
}

fn accepted(case: Case, registry: Registry) -> Case {
    case.with("version", registry.version()).with("issuer", registry.issuer().as_str())
}

fn bare() -> Outcome<Object> {
    object(
        r#"{"format":"TGP-REGISTRY-0.1","version":7,"issuer":"registry.example","issued_at":"2026-11-21T10:00:00Z"}"#,
    )
}

fn documents(topic: &mut Topic) -> Outcome<()> {
    let key = SigningKey::from_seed(&[3; 32]).public_key();
    let mut push = |name: String, document: Object| -> Outcome<()> {
        let case = Case::new(format!("document: {name}")).with("document", written(&document)?);
        topic.push(case.with_result(Registry::from_document(document), accepted));
        Ok(())
    };
    push("bare".to_owned(), bare()?)?;
    for name in ["format", "version", "issuer", "issued_at"] {
        push(format!("without {name}"), changed(&bare()?, name, None)?)?;
    }
    for (name, text) in CHANGES {
        let text = text.replace("$key", &key.to_string()).replace("$kid", &key.id().to_string());
        push(format!("{name} is {text}"), changed(&bare()?, name, Some(&text))?)?;
    }
    Ok(())
}

/// One question, as it is shown, and its answer.
type Answered = (Json, Result<Json, Error>);

fn questions(topic: &mut Topic, signed: &Object) -> Outcome<()> {
    let text = written(signed)?;
    let registry = Registry::from_document(signed.clone())?;
    for (name, answered) in [
        ("symbols", symbols(&registry)?),
        ("tokens", tokens(&registry)?),
        ("contracts", contracts(&registry)?),
        ("newest contracts", newest(&registry)?),
        ("signers", signers(&registry)?),
        ("places", places(&registry)?),
    ] {
        let (questions, answers): (Vec<_>, Vec<_>) = answered.into_iter().unzip();
        let answers: Vec<_> = answers
            .into_iter()
            .map(|answer| answer.unwrap_or_else(|error| json!({ "refused": crate::topic::refusal(&error) })))
            .collect();
        let case = Case::new(format!("questions: {name}")).with("document", text.as_str());
        topic.push(case.with("questions", questions).with("answers", answers));
    }
    Ok(())
}

fn symbols(registry: &Registry) -> Outcome<Vec<Answered>> {
    let mut all = Vec::new();
    for symbol in ["ETH", "USDC", "WPLS", "DAI", "usdc"] {
        for chain in [None, Some("eip155:1"), Some("base"), Some("eip155:369"), Some("eip155:10")] {
            let asset = registry.resolve(&symbol.parse()?, chain.map(str::parse).transpose()?);
            let answer = asset.map(|asset| json!({ "chain": asset.chain.to_string(), "address": asset.address.to_string(), "decimals": asset.decimals }));
            all.push((json!({ "resolve": symbol, "chain": chain }), answer));
        }
    }
    Ok(all)
}

fn tokens(registry: &Registry) -> Outcome<Vec<Answered>> {
    let mut all = Vec::new();
    for (symbol, chain, token) in [
        ("USDC", "eip155:1", "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"),
        // document 003 shows this very pair
        ("USDC", "base-sepolia", "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"),
        ("USDC", "base", "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"),
        ("ETH", "eip155:1", "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"),
        ("ETH", "eip155:1", "native"),
        ("WPLS", "pulsechain", "0x4444444444444444444444444444444444444444"),
    ] {
        let asset = registry.check_token(&symbol.parse()?, chain.parse()?, token.parse::<AssetAddress>()?);
        let answer = asset.map(|asset| json!({ "decimals": asset.decimals }));
        all.push((json!({ "token": token, "symbol": symbol, "chain": chain }), answer));
    }
    Ok(all)
}

fn contracts(registry: &Registry) -> Outcome<Vec<Answered>> {
    let mut all = Vec::new();
    let other = CODE.replace("c0", "c1");
    for address in [ESCROW, OLD, DENIED, "0x6666666666666666666666666666666666666666"] {
        for code in [CODE, other.as_str()] {
            for jurisdiction in [None, Some("US"), Some("US-CA"), Some("DE"), Some("DE-BY"), Some("FR")] {
                let account = format!("eip155:8453:{address}");
                let place = jurisdiction.map(str::parse).transpose()?;
                let contract = registry.check_contract(&account.parse()?, code.parse()?, place);
                let question = json!({ "contract": account, "code_hash": code, "jurisdiction": jurisdiction });
                all.push((question, contract.map(|contract| json!({ "kind": contract.kind.as_str() }))));
            }
        }
    }
    let account = format!("eip155:1:{ESCROW}");
    let contract = registry.check_contract(&account.parse()?, CODE.parse()?, None);
    let question = json!({ "contract": account, "code_hash": CODE, "jurisdiction": null });
    all.push((question, contract.map(|contract| json!({ "kind": contract.kind.as_str() }))));
    Ok(all)
}

fn newest(registry: &Registry) -> Outcome<Vec<Answered>> {
    let mut all = Vec::new();
    for kind in ["CoreProverEscrow", "TgpRouter", "Other"] {
        for chain in ["base", "eip155:1"] {
            for jurisdiction in [None, Some("US-CA"), Some("FR")] {
                let place = jurisdiction.map(str::parse).transpose()?;
                let contract = registry.select_contract(&kind.parse::<Id>()?, chain.parse()?, place);
                let question = json!({ "newest": kind, "chain": chain, "jurisdiction": jurisdiction });
                let answer = contract.map(|contract| contract.account.to_string());
                all.push((question, Ok(json!({ "account": answer }))));
            }
        }
    }
    Ok(all)
}

fn signers(registry: &Registry) -> Outcome<Vec<Answered>> {
    let mut all = Vec::new();
    for seed in [3, 4] {
        let kid: KeyId = SigningKey::from_seed(&[seed; 32]).public_key().id();
        for role in ["indexer", "notary", "controller", "other"] {
            let key = registry.signer(&kid, &role.parse::<Role>()?);
            let question = json!({ "signer": kid.to_string(), "role": role });
            all.push((question, key.map(|key| json!({ "public_key": key.to_string() }))));
        }
    }
    Ok(all)
}

fn places(registry: &Registry) -> Outcome<Vec<Answered>> {
    let mut all = Vec::new();
    for domain in ["store.example", "other.example"] {
        let area = registry.area_of(&domain.parse::<DomainName>()?).map(ToString::to_string);
        all.push((json!({ "area_of": domain }), Ok(json!({ "area": area }))));
    }
    for party in ["seller://store.example", "seller://other.example"] {
        let account = registry.seller(&party.parse::<Party>()?).map(|seller| seller.account.to_string());
        all.push((json!({ "seller": party }), Ok(json!({ "account": account }))));
    }
    Ok(all)
}

fn times(topic: &mut Topic) -> Outcome<()> {
    let ending = changed(&bare()?, "expires_at", Some(r#""2026-12-21T10:00:00Z""#))?;
    for (document, now) in [
        (&ending, "2026-11-21T09:58:59.999Z"),
        (&ending, "2026-11-21T09:59:00Z"),
        (&ending, "2026-11-21T10:00:00Z"),
        (&ending, "2026-12-21T09:59:59.999Z"),
        (&ending, "2026-12-21T10:00:00Z"),
        (&ending, "2026-12-21T10:00:00.001Z"),
        (&bare()?, "2099-01-01T00:00:00Z"),
    ] {
        let registry = Registry::from_document(document.clone())?;
        let case = Case::new(format!("time: {now}")).with("document", written(document)?).with("now", now);
        let result = registry.check_time(&Clock::at(now.parse()?));
        topic.push(case.with_result(result, |case, ()| case.with("in_time", true)));
    }
    let current = Registry::from_document(bare()?)?;
    for (name, member, text) in [
        ("the next version", "version", "8"),
        ("the same version", "version", "7"),
        ("an older version", "version", "6"),
        ("another issuer", "issuer", r#""other.example""#),
    ] {
        let changed: Value = json::parse(text.as_bytes())?;
        let mut document = bare()?;
        document.insert(member, changed);
        let case = Case::new(format!("replaces: {name}")).with("document", written(&document)?);
        let case = case.with("current", written(&bare()?)?);
        let result = Registry::from_document(document)?.check_replaces(&current);
        topic.push(case.with_result(result, |case, ()| case.with("replaces", true)));
    }
    Ok(())
}
