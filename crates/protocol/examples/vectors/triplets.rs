//! The three receipts of a settled session, and the receipt that they are about.

use crate::{
    Outcome,
    edit::changed,
    object::written,
    topic::{Case, Topic},
};
use tgp_protocol::{
    json::{Object, Value, from_value, to_value},
    receipt::{Bindings, Receipt, SettlementProof},
    record::tdr::{Application, ControlPlane, Settlement, Triplet},
    sign::SigningKey,
    value::{Amount, ChainId, EvmAddress},
};

const SESSION: &str = "sess-abc123";
const OTHER_SESSION: &str = "sess-2";

/// The gateway's, the prover's and the seller's.
fn keys() -> [SigningKey; 3] {
    [1, 2, 3].map(|byte| SigningKey::from_seed(&[byte; 32]))
}

fn receipt(session: &str, amount: u64) -> Outcome<Receipt> {
    let proof = |byte: u8| SettlementProof {
        chain: ChainId::eip155(8453),
        minter: EvmAddress([5; 20].into()),
        order_id: [byte; 32].into(),
        receipt_hash: [7; 32].into(),
        tx: [byte; 32].into(),
        block_hash: [8; 32].into(),
        log_index: 3,
    };
    let bindings = Bindings {
        request: [1; 32].into(),
        session_id: session.parse()?,
        payer: "eh:buyer:7f3a".parse()?,
        payee: "eh:seller:9c21".parse()?,
        token: EvmAddress([3; 20].into()),
        amount: Amount::from(amount),
        delivery: None,
    };
    Ok(Receipt::new(vec![proof(1), proof(0x9f)], bindings, [4; 32].into())?)
}

/// A triplet about this receipt, genuinely signed whatever it says.
fn triplet(about: &Receipt, policy: u8, tx: u8) -> Outcome<Object> {
    let [gateway, prover, seller] = keys();
    let session_id = SESSION.parse()?;
    let control_plane = ControlPlane {
        query_id: "q-abc123".parse()?,
        offer_id: "offer-abc123".parse()?,
        settle_id: "settle-abc123".parse()?,
        timestamp: "2026-11-21T21:20:00Z".parse()?,
        policy_hash: [policy; 32].into(),
        tdr_receipt_hash: about.hash(),
    };
    let settlement = Settlement { layer8_tx: [tx; 32].into(), block_number: 12_345_678, confirmation_count: 12 };
    let application = Application {
        fulfillment_proof: "tracking:USPS-123456789".parse()?,
        delivery_timestamp: "2026-11-21T22:00:00Z".parse()?,
        metadata_uri: Some("ipfs://QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG".parse()?),
    };
    let triplet = Triplet {
        control_plane: control_plane.sign(&session_id, &gateway)?,
        settlement: settlement.attest(about, &prover)?,
        application: application.sign(&session_id, &seller)?,
        session_id,
    };
    let Value::Object(object) = to_value(&triplet)? else { return Err("no object".into()) };
    Ok(object)
}

pub(crate) fn push(topic: &mut Topic) -> Outcome<()> {
    let about = receipt(SESSION, 25_000_000)?;
    let (other_payment, other_session) = (receipt(SESSION, 1)?, receipt(OTHER_SESSION, 25_000_000)?);
    let good = triplet(&about, 4, 0x9f)?;
    let word = format!("\"0x{}\"", "ab".repeat(32));
    let of_gateway = good.get("control_plane_receipt").and_then(Value::as_object);
    let of_gateway = of_gateway.and_then(|part| part.get("gateway_signature")).map(Value::canonical);
    let of_gateway = String::from_utf8(of_gateway.ok_or("no signature")?)?;
    let mut cases = vec![
        ("triplet".to_owned(), good.clone(), &about),
        ("of the first settlement".to_owned(), triplet(&about, 4, 1)?, &about),
        ("of another transaction".to_owned(), triplet(&about, 4, 0x9e)?, &about),
        ("of another policy".to_owned(), triplet(&about, 5, 0x9f)?, &about),
        ("of another payment".to_owned(), good.clone(), &other_payment),
        ("of a receipt of another session".to_owned(), triplet(&other_session, 4, 0x9f)?, &other_session),
    ];
    for (path, text) in [
        (&["application_receipt", "seller_signature"][..], None),
        (&["application_receipt", "metadata_uri"], None),
        (&["application_receipt", "fulfillment_proof"], Some("\"tracking:USPS-2\"")),
        (&["application_receipt", "fulfillment_proof"], Some("\"a b\"")),
        (&["application_receipt", "fulfillment_proof"], Some(word.as_str())),
        (&["application_receipt", "later"], Some("true")),
        (&["application_receipt", "kid"], Some("\"AAAAAAAAAAAAAAAAAAAAAA\"")),
        (&["control_plane_receipt", "offer_id"], Some("\"offer-2\"")),
        (&["control_plane_receipt", "gateway_signature"], None),
        (&["control_plane_receipt", "gateway_signature"], Some("\"ed25519:AAAA\"")),
        (&["control_plane_receipt", "policy_hash"], None),
        (&["control_plane_receipt", "later"], Some("null")),
        (&["control_plane_receipt", "session_id"], Some("\"sess-2\"")),
        (&["settlement_receipt", "prover_signature"], None),
        (&["settlement_receipt", "prover_signature"], Some(of_gateway.as_str())),
        (&["settlement_receipt", "confirmation_count"], Some("13")),
        (&["settlement_receipt", "block_number"], Some("\"1\"")),
        (&["settlement_receipt", "later"], Some("[1.5]")),
        (&["session_id"], Some("\"sess-2\"")),
        (&["session_id"], None),
        (&["session_id"], Some("null")),
        (&["application_receipt"], Some("null")),
        (&["application_receipt", "delivery_timestamp"], Some("null")),
        (&["application_receipt", "metadata_uri"], Some("null")),
        (&["application_receipt", "seller_signature"], Some("null")),
        (&["control_plane_receipt", "policy_hash"], Some("null")),
        (&["control_plane_receipt", "gateway_signature"], Some("null")),
        (&["settlement_receipt", "block_number"], Some("null")),
        (&["settlement_receipt", "prover_signature"], Some("null")),
        (&["application_receipt"], None),
        (&["later"], Some("true")),
    ] {
        let text_of = if text == Some(of_gateway.as_str()) { "the gateway's" } else { text.unwrap_or("missing") };
        cases.push((format!("{} is {text_of}", path.join(".")), changed(&good, &path.join("."), text)?, &about));
    }
    let keys = keys().map(|key| key.public_key());
    for (name, object, receipt) in cases {
        let case = Case::new(format!("triplet: {name}")).with("triplet", written(&object)?);
        let case = case.with("receipt", written(receipt.object())?);
        let case = case.with("public_keys", keys.map(|key| key.to_string()).to_vec());
        let result = from_value::<Triplet>(&Value::Object(object)).and_then(|triplet| {
            triplet.verify(receipt, &keys[0], &keys[1], Some(&keys[2]))?;
            Ok(triplet.hash())
        });
        topic.push(case.with_result(result, |case, hash| case.with("triplet_hash", hash.to_string())));
    }
    Ok(())
}
