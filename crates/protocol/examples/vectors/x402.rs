use crate::{
    Outcome,
    edit::{called, changed},
    object::{object, written},
    quotes::QUOTE,
    random::Random,
    splits::{split_json, splits},
    topic::{Case, Topic},
    wallet::Wallet,
};
use alloy_primitives::{B256, U256};
use serde_json::{Value, json};
use std::time::Duration;
use tgp_protocol::{
    Error, Reason, Result,
    exact::{
        Authorization, PathQuote, Payment, PaymentCheck, PaymentForm, SettlementEnvelope, Token, TokenDomain,
        UnixSeconds, payment_hash,
    },
    header::X402Version,
    json::{Object, to_value},
    order::messages::Split,
    sign::WalletSignature,
    value::{Amount, Clock, Timestamp},
    wire::Received,
};

pub(crate) const NOW: &str = "2025-02-27T16:01:40Z";
const USDC: &str = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";
pub(crate) const SELLER: &str = "0x209693Bc6afc0C5328bA36FaF03C514EF312287C";
pub(crate) const ROUTER: &str = "0x4444444444444444444444444444444444444444";

pub(crate) const ACCEPTED: &str = r#"{"scheme":"exact","network":"eip155:84532","amount":"10000","asset":"0x036CbD53842c5426634e7929541eC2318f3dCF7e","payTo":"0x209693Bc6afc0C5328bA36FaF03C514EF312287C","maxTimeoutSeconds":60,"extra":{"name":"USDC","version":"2"}}"#;

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "Payments of x402: what is signed by EIP-3009 and by whom, how a payment is read and named, and whether it fits its quote.",
    );
    digests(&mut topic)?;
    payments(&mut topic)?;
    checks(&mut topic)?;
    splits(&mut topic)?;
    Ok(topic)
}

pub(crate) fn token() -> Outcome<Token> {
    let domain = TokenDomain {
        name: "USDC".to_owned(),
        version: "2".to_owned(),
        chain: "base-sepolia".parse()?,
        token: USDC.parse()?,
    };
    Ok(Token { symbol: "USDC".parse()?, decimals: 6, domain })
}

fn domain_json(domain: &TokenDomain) -> Value {
    json!({
        "name": domain.name, "version": domain.version, "chain": domain.chain.to_string(),
        "token": domain.token.to_string(),
    })
}

fn digest_of(authorization: &Authorization, domain: &TokenDomain, method: &str) -> B256 {
    match method {
        "transfer" => authorization.transfer_digest(domain),
        _ => authorization.receive_digest(domain),
    }
}

fn digests(topic: &mut Topic) -> Outcome<()> {
    let mut random = Random::new("TGP/0.1/vectors/x402");
    let names = [("USDC", "2"), ("USD Coin", "2"), ("EURC", "2"), ("Caf\u{e9} \u{1f355}", ""), ("", "1")];
    for (place, (name, version)) in names.into_iter().enumerate() {
        let chain = ["base-sepolia", "eip155:1", "base", "polygon", "eip155:9007199254740991"][place].parse()?;
        let domain =
            TokenDomain { name: name.to_owned(), version: version.to_owned(), chain, token: random.address().into() };
        for method in ["transfer", "receive"] {
            let wallet = Wallet::of(u8::try_from(place)? + 1)?;
            let authorization = Authorization {
                from: wallet.address(),
                to: random.address().into(),
                value: Amount(random.uint(256)),
                valid_after: UnixSeconds(random.uint(40)),
                valid_before: UnixSeconds(if place == 4 { U256::MAX } else { random.uint(64) }),
                nonce: random.bytes().into(),
            };
            let signature = wallet.sign(digest_of(&authorization, &domain, method))?;
            push_digest(topic, &format!("{method} {place}"), &domain, &authorization, method, &signature)?;
        }
    }
    wrong_signatures(topic)
}

fn wrong_signatures(topic: &mut Topic) -> Outcome<()> {
    let (domain, authorization) = (token()?.domain, authorization(SELLER, "10000")?);
    let digest = authorization.transfer_digest(&domain);
    let good = Wallet::of(0x11)?.sign(digest)?;
    let bytes: [u8; 65] = good.as_bytes().try_into()?;
    let with = |place: usize, byte: u8| -> WalletSignature {
        let mut bytes = bytes;
        bytes[place] = byte;
        bytes.into()
    };
    let order = "0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141".parse::<U256>()?;
    let mut high = bytes;
    let s = U256::from_be_slice(&bytes[32..64]);
    high[32..64].copy_from_slice(&(order - s).to_be_bytes::<32>());
    high[64] = 27 + 28 - bytes[64];
    let (mut zero_r, mut zero_s) = (bytes, bytes);
    zero_r[..32].fill(0);
    zero_s[32..64].fill(0);
    let mut large_r = bytes;
    large_r[..32].copy_from_slice(&order.to_be_bytes::<32>());
    let contract: WalletSignature = format!("0x{}", "ab".repeat(97)).parse()?;
    for (name, method, signature) in [
        ("good", "transfer", good.clone()),
        ("of a transfer for a receive", "receive", good),
        ("v as 0 or 1", "transfer", with(64, bytes[64] - 27)),
        ("the other v", "transfer", with(64, 27 + 28 - bytes[64])),
        ("v of a chain", "transfer", with(64, 37)),
        ("high s", "transfer", high.into()),
        ("r is 0", "transfer", zero_r.into()),
        ("s is 0", "transfer", zero_s.into()),
        ("r is the order", "transfer", large_r.into()),
        ("of another wallet", "transfer", Wallet::of(0x12)?.sign(digest)?),
        ("of a contract wallet", "transfer", contract),
        ("by EIP-2098, which no token takes", "transfer", Wallet::compact(&bytes)?),
    ] {
        push_digest(topic, &format!("signature: {name}"), &domain, &authorization, method, &signature)?;
    }
    Ok(())
}

fn push_digest(
    topic: &mut Topic,
    name: &str,
    domain: &TokenDomain,
    authorization: &Authorization,
    method: &str,
    signature: &WalletSignature,
) -> Outcome<()> {
    let digest = digest_of(authorization, domain, method);
    let text = String::from_utf8(to_value(authorization)?.canonical())?;
    let case = Case::new(name).with("domain", domain_json(domain)).with("authorization", text);
    let case = case.with("method", method).with("signature", signature.to_string());
    let signer = signature.token_signer(digest).map_err(|reason| Error::from(reason).within("signature"));
    topic.push(case.with_result(signer, |case, signer| {
        let case = case.with("digest", digest.to_string()).with("signer", signer.to_string());
        case.with("of_the_payer", signer == authorization.from)
    }));
    Ok(())
}

pub(crate) fn authorization(to: &str, value: &str) -> Outcome<Authorization> {
    Ok(Authorization {
        from: Wallet::of(0x11)?.address(),
        to: to.parse()?,
        value: value.parse()?,
        valid_after: "1740672089".parse()?,
        valid_before: "1740672154".parse()?,
        nonce: [7; 32].into(),
    })
}

/// The object of a payment in either version, signed by the wallet that pays.
pub(crate) fn payment(
    version: X402Version,
    authorization: Authorization,
    method: &str,
    accepted: &Object,
) -> Outcome<Object> {
    let signature = Wallet::of(0x11)?.sign(digest_of(&authorization, &token()?.domain, method))?;
    let authorization = String::from_utf8(to_value(&authorization)?.canonical())?;
    let payload = format!(r#"{{"signature":"{signature}","authorization":{authorization}}}"#);
    let text = match version {
        X402Version::V1 => {
            format!(r#"{{"x402Version":1,"scheme":"exact","network":"base-sepolia","payload":{payload}}}"#)
        }
        X402Version::V2 => format!(r#"{{"x402Version":2,"accepted":{},"payload":{payload}}}"#, written(accepted)?),
    };
    object(&text)
}

/// Of 65 bytes, in capitals.
const UPPER: &str = r#""0x1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B1B""#;

/// Of 32 bytes, in capitals.
pub(crate) const NONCE: &str = r#""0xABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB""#;

const OF_BOTH: &[(&str, &[Option<&str>])] = &[
    ("x402Version", &[None, Some("3"), Some(r#""1""#)]),
    ("payload", &[None, Some("[]")]),
    ("payload.signature", &[None, Some(r#""0x1234""#), Some("1"), Some(UPPER), Some(r#""0X1B""#)]),
    ("payload.authorization", &[None]),
    ("payload.authorization.from", &[None, Some(r#""alice""#)]),
    ("payload.authorization.to", &[None, Some("1")]),
    ("payload.authorization.value", &[None, Some("10000"), Some(r#""010000""#), Some(r#""1.5""#), Some(r#""0""#)]),
    ("payload.authorization.validAfter", &[None, Some("0"), Some(r#""0""#), Some(r#""-1""#), Some(r#""01""#)]),
    (
        "payload.authorization.validBefore",
        &[
            Some(r#""115792089237316195423570985008687907853269984665640564039457584007913129639935""#),
            Some(r#""115792089237316195423570985008687907853269984665640564039457584007913129639936""#),
        ],
    ),
    ("payload.authorization.nonce", &[None, Some("null"), Some(r#""0x07""#), Some(NONCE)]),
    ("extensions", &[Some("null"), Some(r#"{"a":{"info":{"x":1.5}}}"#), Some("7")]),
    ("later", &[Some("[1]")]),
];

const OF_FIRST: &[(&str, &[Option<&str>])] = &[
    ("scheme", &[None, Some("null"), Some(r#""upto""#)]),
    ("network", &[None, Some("null"), Some(r#""eip155:84532""#), Some(r#""base""#), Some(r#""solana""#), Some("1")]),
];

const OF_SECOND: &[(&str, &[Option<&str>])] = &[
    ("accepted", &[None, Some("null"), Some("[]")]),
    ("accepted.scheme", &[None, Some("null"), Some(r#""escrow""#)]),
    ("accepted.network", &[None, Some(r#""base-sepolia""#), Some(r#""eip155:8453""#)]),
    ("accepted.amount", &[None, Some("10000")]),
    ("accepted.payTo", &[None, Some("null"), Some(r#""0x12""#)]),
    ("accepted.asset", &[None]),
    ("accepted.maxTimeoutSeconds", &[None, Some(r#""60""#)]),
    ("accepted.extra", &[None, Some("null"), Some("{}"), Some(r#"{"name":1}"#), Some("[]")]),
    (
        "resource",
        &[
            Some("null"),
            Some(r#"{"url":"https://store.example/a","mimeType":null}"#),
            Some(r#"{"description":"no url"}"#),
            Some(r#""https://store.example/a""#),
        ],
    ),
];

fn payments(topic: &mut Topic) -> Outcome<()> {
    let accepted = object(ACCEPTED)?;
    for (name, version, table) in [("version 1", X402Version::V1, OF_FIRST), ("version 2", X402Version::V2, OF_SECOND)]
    {
        let whole = payment(version, authorization(SELLER, "10000")?, "transfer", &accepted)?;
        push_payment(topic, name, &whole)?;
        for (path, values) in OF_BOTH.iter().chain(table) {
            for value in *values {
                push_payment(topic, &format!("{name}: {}", called(path, *value)), &changed(&whole, path, *value)?)?;
            }
        }
    }
    Ok(())
}

fn push_payment(topic: &mut Topic, name: &str, object: &Object) -> Outcome<()> {
    let case = Case::new(name).with("payment", written(object)?);
    topic.push(case.with_result(Payment::read(object), |case, payment| {
        let case = case.with("version", payment.version.number()).with("chain", payment.chain.to_string());
        case.with("payment_hash", payment_hash(object).to_string())
    }));
    Ok(())
}

/// What a check is told beside the envelope and the quote.
#[derive(Clone, Copy, Default)]
pub(crate) struct Setting<'s> {
    pub(crate) overpayment: bool,
    /// What the router pays to whom.
    pub(crate) split: Option<&'s Split>,
    pub(crate) latency_seconds: u64,
}

fn checks(topic: &mut Topic) -> Outcome<()> {
    let (quote, accepted) = (object(QUOTE)?, object(ACCEPTED)?);
    let plain = Setting::default();
    let more = Setting { overpayment: true, ..plain };
    let (first, second) = (X402Version::V1, X402Version::V2);
    let pay = |version, to: &str, value: &str| payment(version, authorization(to, value)?, "transfer", &accepted);
    let good = pay(first, SELLER, "10000")?;
    let good_second = pay(second, SELLER, "10000")?;
    let elsewhere = "0x3333333333333333333333333333333333333333";
    let mut push = |name: &str, quote: &Object, payment: &Object, now: &str, setting: Setting<'_>| {
        check(topic, name, quote, payment, now, setting)
    };
    push("version 1", &quote, &good, NOW, plain)?;
    push("version 2", &quote, &good_second, NOW, plain)?;
    push("too little", &quote, &pay(first, SELLER, "9999")?, NOW, plain)?;
    push("too little, overpayment permitted", &quote, &pay(first, SELLER, "9999")?, NOW, more)?;
    push("too much", &quote, &pay(first, SELLER, "10001")?, NOW, plain)?;
    push("too much, overpayment permitted", &quote, &pay(first, SELLER, "10001")?, NOW, more)?;
    push("too much in version 2", &quote, &pay(second, SELLER, "10001")?, NOW, more)?;
    push("another recipient", &quote, &pay(first, elsewhere, "10000")?, NOW, plain)?;
    push("another network", &quote, &changed(&good, "network", Some(r#""base""#))?, NOW, plain)?;
    for (path, value) in [
        ("accepted.amount", r#""9999""#.to_owned()),
        ("accepted.payTo", format!(r#""{elsewhere}""#)),
        ("accepted.asset", format!(r#""{elsewhere}""#)),
        ("accepted.network", r#""eip155:8453""#.to_owned()),
        ("payload.authorization.nonce", format!(r#""0x{}""#, "08".repeat(32))),
    ] {
        // what was signed no longer is what is sent: another nonce shows as another signer
        push(&format!("version 2, {path} changed"), &quote, &changed(&good_second, path, Some(&value))?, NOW, plain)?;
    }
    for (name, path, value) in [
        ("a quote on another chain", "asset.chain", r#""base""#),
        ("a quote in another token", "asset.erc20", r#""0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48""#),
        ("a quote with other decimals", "asset.decimals", "18"),
    ] {
        let quote = changed(&quote, path, Some(value))?;
        let quote = if path == "asset.chain" {
            changed(&quote, "rs.paymentRequirements.requiredNetwork", Some(value))?
        } else {
            quote
        };
        push(name, &quote, &good, NOW, plain)?;
    }
    for (name, now, latency_seconds) in [
        ("5 s before the window", "2025-02-27T16:01:24Z", 0),
        ("less than 5 s before the window", "2025-02-27T16:01:24.001Z", 0),
        ("just enough of the window left", "2025-02-27T16:02:13.999Z", 0),
        ("not enough of the window left", "2025-02-27T16:02:14Z", 0),
        ("not enough with what settling takes", NOW, 34),
        ("enough with what settling takes", NOW, 33),
        ("just before 5 s after the window", "2025-02-27T16:02:38.999Z", 0),
        ("5 s after the window", "2025-02-27T16:02:39Z", 0),
    ] {
        let quote = changed(&quote, "price.ttlSeconds", Some("600"))?;
        let quote = changed(&quote, "issuedAt", Some(r#""2025-02-27T16:01:00Z""#))?;
        push(name, &quote, &good, now, Setting { latency_seconds, ..plain })?;
    }
    push("the quote is over", &changed(&quote, "issuedAt", Some(r#""2025-02-27T16:00:55Z""#))?, &good, NOW, plain)?;
    push(
        "the quote is about to be over",
        &changed(&quote, "issuedAt", Some(r#""2025-02-27T16:00:55.001Z""#))?,
        &good,
        NOW,
        plain,
    )?;
    push(
        "the quote is from the future",
        &changed(&quote, "issuedAt", Some(r#""2025-02-27T16:02:40.001Z""#))?,
        &good,
        NOW,
        plain,
    )?;
    for (name, issued, ttl) in [
        ("no time of issue, and 5 s after it was first seen", None, "5"),
        ("no time of issue, and less than 6 s after it was first seen", None, "6"),
        ("issued after it was first seen", Some(r#""2025-02-27T16:01:38Z""#), "5"),
    ] {
        let quote = changed(&changed(&quote, "issuedAt", issued)?, "price.ttlSeconds", Some(ttl))?;
        push(name, &quote, &good, NOW, plain)?;
    }
    let for_ever = Authorization {
        valid_after: "0".parse()?,
        valid_before: U256::MAX.to_string().parse()?,
        ..authorization(SELLER, "10000")?
    };
    push("an authorization for ever", &quote, &payment(first, for_ever, "transfer", &accepted)?, NOW, plain)?;
    push("a quote for another path", &changed(&quote, "pathId", Some(r#""gwA>gwC""#))?, &good, NOW, plain)?;
    let shouted = Authorization { nonce: [0xab; 32].into(), ..authorization(SELLER, "10000")? };
    let shouted = payment(first, shouted, "transfer", &accepted)?;
    let shouted = changed(&shouted, "payload.authorization.nonce", Some(NONCE))?;
    push("a nonce in capitals", &quote, &shouted, NOW, plain)?;
    let received = payment(first, authorization(SELLER, "10000")?, "receive", &accepted)?;
    push("a receive where a transfer is asked", &quote, &received, NOW, plain)
}

pub(crate) fn check(
    topic: &mut Topic,
    name: &str,
    quote: &Object,
    payment: &Object,
    now: &str,
    setting: Setting<'_>,
) -> Outcome<()> {
    let end = if name.contains("window") || name.contains("settling") {
        "2025-02-27T17:00:00Z"
    } else {
        "2025-02-27T16:02:10Z"
    };
    let envelope = format!(
        r#"{{"vseVersion":1,"pathId":"gwA>gwB>gwC","hopProofs":[],"x402":{},"constraints":{{"mustSettleBefore":"{end}","replayWindowSec":60}}}}"#,
        written(payment)?
    );
    let token = token()?;
    let first_seen: Timestamp = "2025-02-27T16:01:35Z".parse()?;
    let case = Case::new(format!("check: {name}")).with("quote", written(quote)?).with("envelope", envelope.as_str());
    let registered = json!({ "symbol": "USDC", "decimals": token.decimals, "domain": domain_json(&token.domain) });
    let case = case.with("token", registered).with("first_seen", first_seen.to_string()).with("now", now);
    let case = case.with("overpayment", setting.overpayment).with("latency_seconds", setting.latency_seconds);
    let case = match setting.split {
        Some(split) => case.with("router", ROUTER).with("split", split_json(split)),
        None => case,
    };
    let clock = Clock::at(now.parse()?);
    let verdict = || -> Result<()> {
        let quote = Received::<PathQuote>::from_object(quote.clone())?.into_message();
        let envelope = Received::<SettlementEnvelope>::read(envelope.as_bytes())?.into_message();
        let PaymentForm::Clear(payment) = envelope.payment()? else { return Err(Reason::PaymentForm.into()) };
        let mut check = PaymentCheck::new(&quote, &token).with_latency(Duration::from_secs(setting.latency_seconds));
        if setting.overpayment {
            check = check.with_overpayment();
        }
        if let Some(split) = setting.split {
            check = check.with_split(ROUTER.parse()?, split);
        }
        check.check(&Payment::read(payment)?, &envelope, first_seen, &clock)
    };
    topic.push(case.with_result(verdict(), |case, ()| case.with("fits", true)));
    Ok(())
}
