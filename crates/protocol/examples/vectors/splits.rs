use crate::{
    Outcome,
    edit::changed,
    object::object,
    quotes::QUOTE,
    topic::Topic,
    wallet::Wallet,
    x402::{ACCEPTED, NOW, ROUTER, Setting, authorization, check, payment},
};
use alloy_primitives::{Address, B256, U256, aliases::U96};
use alloy_sol_types::SolStruct;
use serde_json::{Value, json};
use tgp_protocol::{
    exact::Authorization,
    header::X402Version,
    order::{
        messages::{Hop, Split},
        router_domain,
    },
    value::{EvmAddress, Word},
};

/// The samples' payment, of which a gateway gets a quarter of a percent.
fn agreed() -> Outcome<Split> {
    Ok(Split {
        buyer: Wallet::of(0x11)?.address().into(),
        seller: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C".parse()?,
        token: "0x036CbD53842c5426634e7929541eC2318f3dCF7e".parse()?,
        amount: U96::from(10_000),
        validAfter: U256::from(1_740_672_089),
        validBefore: U256::from(1_740_672_154),
        sessionId: B256::repeat_byte(0x51),
        salt: B256::repeat_byte(0x5a),
        hops: vec![
            Hop { payee: Address::repeat_byte(8), feeBps: 25 },
            Hop { payee: Address::repeat_byte(9), feeBps: 5 },
        ],
    })
}

/// Numbers as decimal text, as `eip712.json` has them.
pub(crate) fn split_json(split: &Split) -> Value {
    let hops: Vec<Value> = split
        .hops
        .iter()
        .map(|hop| json!({ "payee": EvmAddress(hop.payee).to_string(), "feeBps": hop.feeBps.to_string() }))
        .collect();
    json!({
        "buyer": EvmAddress(split.buyer).to_string(), "seller": EvmAddress(split.seller).to_string(),
        "token": EvmAddress(split.token).to_string(), "amount": split.amount.to_string(),
        "validAfter": split.validAfter.to_string(), "validBefore": split.validBefore.to_string(),
        "sessionId": Word(split.sessionId).to_string(), "salt": Word(split.salt).to_string(), "hops": hops,
    })
}

/// Payments that the router splits: what the buyer signed is good for one router and for its own shares alone.
pub(crate) fn splits(topic: &mut Topic) -> Outcome<()> {
    let (plain_quote, accepted) = (object(QUOTE)?, object(ACCEPTED)?);
    let quote = changed(&plain_quote, "rs.paymentRequirements.scheme", Some(r#""x402:exact:router-split""#))?;
    let agreed = agreed()?;
    let nonce = |split: &Split, router: &str| -> Outcome<Word> {
        Ok(Word(split.eip712_signing_hash(&router_domain(84_532, router.parse()?))))
    };
    let pay = |to: &str, nonce: Word, method: &str| {
        payment(X402Version::V1, Authorization { nonce, ..authorization(to, "10000")? }, method, &accepted)
    };
    let good = pay(ROUTER, nonce(&agreed, ROUTER)?, "receive")?;
    let split = Setting { split: Some(&agreed), ..Setting::default() };
    check(topic, "split", &quote, &good, NOW, split)?;
    check(topic, "split without a router", &quote, &good, NOW, Setting::default())?;
    let to_seller = pay("0x209693Bc6afc0C5328bA36FaF03C514EF312287C", nonce(&agreed, ROUTER)?, "receive")?;
    check(topic, "split to the seller", &quote, &to_seller, NOW, split)?;
    check(topic, "split signed as a transfer", &quote, &pay(ROUTER, nonce(&agreed, ROUTER)?, "transfer")?, NOW, split)?;
    check(topic, "split with a nonce of no shares", &quote, &pay(ROUTER, Word::from([7; 32]), "receive")?, NOW, split)?;
    let elsewhere = pay(ROUTER, nonce(&agreed, "0x4444444444444444444444444444444444444445")?, "receive")?;
    check(topic, "split signed for another router", &quote, &elsewhere, NOW, split)?;
    check(topic, "split where a transfer is asked", &plain_quote, &good, NOW, split)?;
    type Change = fn(&mut Split);
    let changes: [(&str, Change); 10] = [
        ("a higher fee", |it| it.hops[0].feeBps = 26),
        ("another payee", |it| it.hops[1].payee = Address::repeat_byte(0x0a)),
        ("the gateways in another order", |it| it.hops.reverse()),
        ("no gateways", |it| it.hops.clear()),
        ("another salt", |it| it.salt = B256::ZERO),
        ("another seller", |it| it.seller = Address::repeat_byte(8)),
        ("another buyer", |it| it.buyer = Address::repeat_byte(8)),
        ("another amount", |it| it.amount = U96::from(9_999)),
        ("another begin", |it| it.validAfter = U256::ZERO),
        ("another end", |it| it.validBefore = U256::MAX),
    ];
    for (name, change) in changes {
        let mut other = agreed.clone();
        change(&mut other);
        let split = Setting { split: Some(&other), ..Setting::default() };
        check(topic, &format!("split signed otherwise: {name}"), &quote, &good, NOW, split)?;
    }
    // agreed, but in another token than the quote's
    let other = Split { token: Address::repeat_byte(8), ..agreed };
    let split = Setting { split: Some(&other), ..Setting::default() };
    check(topic, "split of another token", &quote, &pay(ROUTER, nonce(&other, ROUTER)?, "receive")?, NOW, split)
}
