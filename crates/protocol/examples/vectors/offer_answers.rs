//! What answers what on plane B, and who may tell of a settlement.

use crate::{
    Outcome,
    edit::{changed, in_capitals},
    object::{object, written},
    offers::SETTLE,
    topic::{Case, Topic},
};
use tgp_protocol::{
    Result,
    buyer::{Accept, Claim, Offer, Query, Settle},
    json::Object,
    sign::SigningKey,
    wire::{Message, Received},
};

const QUERY: &str = r#"{"phase":"QUERY","id":"q-abc123","from":"buyer://alice.wallet","to":"seller://store.example","asset":"USDC","amount":"1000000","escrow_from_402":true,"escrow_contract_from_402":"0x4242424242424242424242424242424242424242","zk_profile":"REQUIRED","payer":"eip155:8453:0x0101010101010101010101010101010101010101"}"#;

pub(crate) fn push_all(topic: &mut Topic, offer: &Object, accept: &Object) -> Outcome<()> {
    let query = object(QUERY)?;
    let read = |offer: &Object| Received::<Offer>::from_object(offer.clone()).map(Received::into_message);
    let without_escrow =
        changed(&changed(&changed(offer, "order", None)?, "buyer_protection", None)?, "zk_required", Some("false"))?;
    for (name, query, offer) in [
        ("answers", query.clone(), offer.clone()),
        ("another query", changed(&query, "id", Some(r#""q-2""#))?, offer.clone()),
        ("another asset", changed(&query, "asset", Some(r#""EURC""#))?, offer.clone()),
        ("another amount", changed(&query, "amount", Some(r#""999999""#))?, offer.clone()),
        ("the same amount as a number", changed(&query, "amount", Some("1000000"))?, offer.clone()),
        (
            "another payer",
            changed(&query, "payer", Some(r#""eip155:8453:0x0909090909090909090909090909090909090909""#))?,
            offer.clone(),
        ),
        (
            "a payer elsewhere",
            changed(&query, "payer", Some(r#""eip155:1:0x0101010101010101010101010101010101010101""#))?,
            offer.clone(),
        ),
        ("no payer named", changed(&query, "payer", None)?, offer.clone()),
        ("no escrow though demanded", query.clone(), without_escrow.clone()),
        ("no escrow and none demanded", changed(&query, "zk_profile", Some(r#""OPTIONAL""#))?, without_escrow),
    ] {
        let result = Received::<Query>::from_object(query.clone())
            .and_then(|query| read(&offer)?.check_answers(query.message()));
        let case = Case::new(format!("OFFER to QUERY: {name}"))
            .with("query", written(&query)?)
            .with("offer", written(&offer)?);
        topic.push(case.with_result(result, |case, ()| case.with("answers", true)));
    }
    let other = Some(r#""0x0808080808080808080808080808080808080808080808080808080808080808""#);
    for (name, accept) in [
        ("accepts", accept.clone()),
        ("another OFFER", changed(accept, "offer_id", Some(r#""offer-2""#))?),
        ("another hash", changed(accept, "offer_hash", other)?),
        ("its hash in capitals", in_capitals(accept, "offer_hash")?),
    ] {
        let result = Received::<Accept>::from_object(accept.clone())
            .and_then(|accept| accept.message().check_accepts(&read(offer)?));
        let case = Case::new(format!("ACCEPT of OFFER: {name}"))
            .with("accept", written(&accept)?)
            .with("offer", written(offer)?);
        topic.push(case.with_result(result, |case, ()| case.with("answers", true)));
    }
    let settle = object(SETTLE)?;
    for (name, path, value) in [
        ("settles", "later", None),
        ("by the id of the query", "query_or_offer_id", Some(r#""q-abc123""#)),
        ("another OFFER", "query_or_offer_id", Some(r#""offer-2""#)),
        ("no session", "session_id", None),
        ("another session", "session_id", Some(r#""sess-2""#)),
    ] {
        let settle = changed(&settle, path, value)?;
        let result = Received::<Settle>::from_object(settle.clone())
            .and_then(|settle| settle.message().check_settles(&read(offer)?));
        let case = Case::new(format!("SETTLE of OFFER: {name}"))
            .with("settle", written(&settle)?)
            .with("offer", written(offer)?);
        topic.push(case.with_result(result, |case, ()| case.with("answers", true)));
    }
    admission(topic, &settle)
}

/// Who may tell of a settlement, and what his word is good for.
fn admission(topic: &mut Topic, settle: &Object) -> Outcome<()> {
    let (indexer, other) = (SigningKey::from_seed(&[3; 32]), SigningKey::from_seed(&[4; 32]));
    let fresh = changed(&changed(settle, "nonce", Some(r#""n-1""#))?, "timestamp", Some(r#""2026-11-21T10:00:00Z""#))?;
    let by_indexer = changed(&fresh, "source", Some(r#""coreprover-indexer""#))?;
    let sign = |key: &SigningKey| -> Result<Object> {
        Received::<Settle>::from_object(by_indexer.clone())?.into_message().to_signed(key)
    };
    for (name, settle) in [
        ("a buyer", settle.clone()),
        ("a buyer with a transaction in capitals", in_capitals(settle, "layer8_tx")?),
        ("a buyer without a transaction", changed(settle, "layer8_tx", None)?),
        ("the controller's watcher", changed(settle, "source", Some(r#""controller-watcher""#))?),
        ("an indexer", sign(&indexer)?),
        (
            "an indexer without a transaction",
            Received::<Settle>::from_object(changed(&by_indexer, "layer8_tx", None)?)?
                .into_message()
                .to_signed(&indexer)?,
        ),
        ("an indexer who is not registered", sign(&other)?),
        ("an indexer who did not sign", by_indexer.clone()),
    ] {
        let key = indexer.public_key();
        let result =
            Received::<Settle>::from_object(settle.clone()).and_then(|received| Settle::admit(&received, &[key]));
        let case = Case::new(format!("SETTLE by {name}")).with("settle", written(&settle)?);
        topic.push(case.with("indexers", vec![key.to_string()]).with_result(result, |case, claim| {
            case.with(
                "claim",
                match claim {
                    Claim::Hint => "hint".to_owned(),
                    Claim::Transaction(transaction) => transaction.to_string(),
                },
            )
        }));
    }
    Ok(())
}
