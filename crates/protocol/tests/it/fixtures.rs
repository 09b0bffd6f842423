//! Whole messages that tests change one thing of.

use alloy_primitives::{Address, B256};
pub(crate) use k256::ecdsa::SigningKey as WalletKey;
use tgp_protocol::{
    buyer::{
        ActionId, BuyerProtection, Channel, EconomicEnvelope, NextAction, Offer, OfferedOrder, OfferedTerms, Query,
        ZkProfile,
    },
    json::{self, Object, Value},
    order::{CommitmentJson, Order, OrderJson, SimpleOrderJson, session_word},
    sign::WalletSignature,
    value::{Account, Bps, ChainId, EvmAddress, Word},
    wire::Message,
};

pub(crate) const CHAIN: ChainId = ChainId::eip155(8453);

pub(crate) fn address(byte: u8) -> EvmAddress {
    EvmAddress([byte; 20].into())
}

/// The object that a text holds.
pub(crate) fn object(text: &str) -> Object {
    match json::parse(text.as_bytes()) {
        Ok(Value::Object(object)) => object,
        other => panic!("no object: {other:?}"),
    }
}

/// The object with the member at a dotted path replaced, or taken out. A number in the path is a place in an array.
pub(crate) fn with(mut object: Object, path: &str, value: Option<Value>) -> Object {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let new = match rest {
        None => value,
        Some(rest) => {
            let inner = object.remove(name).unwrap_or_else(|| panic!("no {name}"));
            Some(inside(inner, rest, value))
        }
    };
    match new {
        Some(value) => object.insert(name, value),
        None => object.remove(name),
    };
    object
}

fn inside(outer: Value, path: &str, value: Option<Value>) -> Value {
    match outer {
        Value::Object(inner) => Value::Object(with(inner, path, value)),
        Value::Array(mut elements) => {
            let (place, rest) = path.split_once('.').expect("a member of an element");
            let place: usize = place.parse().expect("a place");
            let old = elements[place].clone();
            elements[place] = inside(old, rest, value);
            Value::Array(elements)
        }
        other => panic!("nothing inside {other:?}"),
    }
}

pub(crate) fn query() -> Query {
    let (from, to) = ("buyer://alice.wallet".parse().unwrap(), "seller://store.example".parse().unwrap());
    Query::new("q-abc123".parse().unwrap(), from, to, "USDC".parse().unwrap(), "1000000".parse().unwrap())
        .with_escrow_from_402(address(0x42))
        .with_zk_profile(ZkProfile::Required)
        .with_payer(Account { chain: CHAIN, address: address(1) })
}

pub(crate) fn order() -> OrderJson {
    let order = Order {
        buyer: address(1).0,
        seller: address(2).0,
        token: address(3).0,
        amount: "1000000".parse().unwrap(),
        counter_token: address(3).0,
        counter_amount: "1000000".parse().unwrap(),
        arbiter: address(4).0,
        policy: 4,
        silence: 1,
        slash_bps: 10_000,
        max_fee_bps: 50,
        dispute_bond_bps: 100,
        fund_by: "1795255200".parse().unwrap(),
        commit_by: "1795258800".parse().unwrap(),
        deliver_by: "1795860000".parse().unwrap(),
        timed_release: "1796464800".parse().unwrap(),
        review_window: "86400".parse().unwrap(),
        dispute_window: "604800".parse().unwrap(),
        session_id: session_word("sess-abc123").0,
        salt: [7; 32].into(),
        ..Order::default()
    };
    OrderJson::try_from(&order).unwrap()
}

/// An OFFER with every member that there is.
pub(crate) fn offer() -> Offer {
    let envelope =
        EconomicEnvelope { max_fees_bps: Bps::new(50).unwrap(), expiry: Some("2026-11-21T10:05:00Z".parse().unwrap()) };
    let pay = NextAction::new(ActionId::Create, Channel::Onchain)
        .by(address(1))
        .until("2026-11-21T10:00:00Z".parse().unwrap());
    let mut offer = Offer::answering(&query(), "offer-abc123".parse().unwrap(), envelope)
        .with_escrow(CHAIN, address(0x42), "sess-abc123".parse().unwrap())
        .with_order(order(), BuyerProtection::Bond)
        .with_zk_required()
        .with_policy([9; 32].into())
        .with_next_actions(vec![pay])
        .with_freshness("2026-11-21T10:00:00Z".parse().unwrap(), "n-2".parse().unwrap());
    offer.order.as_mut().unwrap().seller_commitment = Some(CommitmentJson {
        business_name: "Pizza Hut #4521".to_owned(),
        business_license: "LICENSE-789".to_owned(),
        document_hash: Word::from([5; 32]),
        delivery_commitment: Word::from([0; 32]),
        signature: [27; 65].into(),
    });
    offer.sealed().unwrap()
}

/// The same for a simple order.
pub(crate) fn simple_offer() -> Offer {
    let mut offer = offer();
    offer.buyer_protection = Some(BuyerProtection::None);
    let terms = SimpleOrderJson {
        seller: address(2),
        amount: "1000000".parse().unwrap(),
        commitment_window: 1800,
        claim_window: 3600,
        allows_timed_release: true,
        timed_release_delay: 3600,
    };
    offer.order = Some(OfferedOrder {
        terms: OfferedTerms::Simple(terms),
        order_id: Word::from([6; 32]),
        seller_commitment: None,
    });
    offer.sealed().unwrap()
}

pub(crate) fn offer_object() -> Object {
    offer().to_object().unwrap()
}

/// A buyer's or seller's wallet.
pub(crate) fn wallet() -> WalletKey {
    WalletKey::from_slice(&[0x11; 32]).unwrap()
}

pub(crate) fn address_of(key: &WalletKey) -> EvmAddress {
    Address::from_public_key(key.verifying_key()).into()
}

/// Signs as wallets do: `v` is 27 or 28.
pub(crate) fn sign(key: &WalletKey, digest: B256) -> WalletSignature {
    let (signature, recovery) = key.sign_prehash_recoverable(digest.as_slice()).unwrap();
    let mut bytes = [0; 65];
    bytes[..64].copy_from_slice(&signature.to_bytes());
    bytes[64] = 27 + recovery.to_byte();
    bytes.into()
}
