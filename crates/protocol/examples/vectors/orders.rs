use crate::{
    Outcome,
    random::Random,
    topic::{Case, Topic},
};
use alloy_primitives::{
    Address, B256, U256,
    aliases::{U40, U48, U96},
    ruint::UintTryTo,
};
use alloy_sol_types::SolStruct;
use serde_json::{Value, json};
use tgp_protocol::order::{Order, escrow_domain, messages::OrderTerms};

const CHAINS: [u64; 4] = [1, 8453, 31_337, 9_007_199_254_740_991];

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "Orders field by field, their compact terms, and their ids: EIP-712 digests in the escrow's domain. Numbers are decimal strings, words hex.",
    );
    let mut random = Random::new("TGP/0.1/vectors/orders");
    for place in 0..64 {
        let chain = CHAINS[place % CHAINS.len()];
        let escrow = random.address();
        let order = if place == 0 { Order::default() } else { order(&mut random) };
        let terms = order.pack();
        let id = terms.eip712_signing_hash(&escrow_domain(chain, escrow));
        let case = Case::new(format!("order {place}")).with("chain_id", chain.to_string());
        let case = case.with("escrow", escrow.to_string()).with("order", fields(&order)).with("terms", words(&terms));
        topic.push(case.with("order_id", id.to_string()));
    }
    Ok(topic)
}

fn order(random: &mut Random) -> Order {
    Order {
        buyer: random.address(),
        seller: random.address(),
        token: random.address(),
        amount: of(random, 96),
        counter_token: random.address(),
        counter_amount: of(random, 96),
        fee_receiver: random.address(),
        arbiter: random.address(),
        verifier: random.address(),
        delivery_circuit: random.word(),
        kind: of(random, 8),
        policy: of(random, 8),
        silence: of(random, 8),
        jurisdiction: of(random, 8),
        slash_bps: of(random, 16),
        fee_bps: of(random, 16),
        max_fee_bps: of(random, 16),
        arbiter_fee_bps: of(random, 16),
        dispute_bond_bps: of(random, 16),
        delivery_version: of(random, 48),
        zkb_version: of(random, 48),
        zks_version: of(random, 48),
        fund_by: of(random, 40),
        commit_by: of(random, 40),
        deliver_by: of(random, 40),
        timed_release: of(random, 40),
        review_window: of(random, 48),
        dispute_window: of(random, 48),
        session_id: random.word(),
        offer_hash: random.word(),
        salt: random.word(),
    }
}

fn of<T>(random: &mut Random, bits: usize) -> T
where
    U256: UintTryTo<T>,
{
    random.uint(bits).wrapping_to()
}

/// The order as JSON, under the names that its fields have in Rust.
pub(crate) fn fields(order: &Order) -> Value {
    let address = |address: Address| address.to_string();
    let word = |word: B256| word.to_string();
    let (u96, u48, u40) = (|n: U96| n.to_string(), |n: U48| n.to_string(), |n: U40| n.to_string());
    json!({
        "buyer": address(order.buyer),
        "seller": address(order.seller),
        "token": address(order.token),
        "amount": u96(order.amount),
        "counter_token": address(order.counter_token),
        "counter_amount": u96(order.counter_amount),
        "fee_receiver": address(order.fee_receiver),
        "arbiter": address(order.arbiter),
        "verifier": address(order.verifier),
        "delivery_circuit": word(order.delivery_circuit),
        "kind": order.kind.to_string(),
        "policy": order.policy.to_string(),
        "silence": order.silence.to_string(),
        "jurisdiction": order.jurisdiction.to_string(),
        "slash_bps": order.slash_bps.to_string(),
        "fee_bps": order.fee_bps.to_string(),
        "max_fee_bps": order.max_fee_bps.to_string(),
        "arbiter_fee_bps": order.arbiter_fee_bps.to_string(),
        "dispute_bond_bps": order.dispute_bond_bps.to_string(),
        "delivery_version": u48(order.delivery_version),
        "zkb_version": u48(order.zkb_version),
        "zks_version": u48(order.zks_version),
        "fund_by": u40(order.fund_by),
        "commit_by": u40(order.commit_by),
        "deliver_by": u40(order.deliver_by),
        "timed_release": u40(order.timed_release),
        "review_window": u48(order.review_window),
        "dispute_window": u48(order.dispute_window),
        "session_id": word(order.session_id),
        "offer_hash": word(order.offer_hash),
        "salt": word(order.salt),
    })
}

/// The compact terms as JSON, under the names of the signed message.
fn words(terms: &OrderTerms) -> Value {
    json!({
        "buyer": terms.buyer.to_string(),
        "seller": terms.seller.to_string(),
        "payment": terms.payment.to_string(),
        "counter": terms.counter.to_string(),
        "feeReceiver": terms.feeReceiver.to_string(),
        "arbiter": terms.arbiter.to_string(),
        "verifier": terms.verifier.to_string(),
        "deliveryCircuit": terms.deliveryCircuit.to_string(),
        "rules": terms.rules.to_string(),
        "times": terms.times.to_string(),
        "sessionId": terms.sessionId.to_string(),
        "offerHash": terms.offerHash.to_string(),
        "salt": terms.salt.to_string(),
    })
}
