//! The steps by which a receipt is held against a request and the chain.

use super::{
    bindings, digest, expected, fact_of, order_receipt, proof_of, receipt, settled, simple_receipt, slot, word,
};
use tgp_protocol::{
    Code, Reason,
    receipt::{Bindings, ChainFact, Expected, OrderReceipt, Receipt, verify},
    value::{Amount, ChainId, EvmAddress},
};

fn refused(receipt: &Receipt, expected: &Expected, fact: ChainFact) -> (Reason, String) {
    let error = verify(receipt, expected, &[fact]).unwrap_err();
    (error.reason(), error.field().to_string())
}

#[test]
fn a_genuine_receipt_says_what_was_paid() {
    let paid = verify(&receipt(), &expected(), &[fact_of(settled())]).unwrap();
    assert_eq!(paid, Amount::from(75_000_000));
}

/// The zero address is the coin of every chain, and one escrow may have one address on several.
#[test]
fn a_payment_on_another_chain_is_not_the_one_that_was_asked_for() {
    let coin = EvmAddress::default();
    let asked = Expected { token: coin, ..expected() };
    let paid = |chain| {
        let settled = OrderReceipt { chain, token: coin, ..settled() };
        let receipt = Receipt::new(vec![proof_of(&settled)], Bindings { token: coin, ..bindings() }, digest(9));
        verify(&receipt.unwrap(), &asked, &[fact_of(settled)])
    };
    assert_eq!(paid(asked.chain).unwrap(), Amount::from(75_000_000));
    let error = paid(ChainId::eip155(84_532)).unwrap_err();
    assert_eq!(error.reason(), Reason::OtherSettlement);
    assert_eq!(error.field().to_string(), "settlement_proofs[0].chain");
}
/// Each step of the verification refuses for its own reason.
#[test]
fn each_step_of_verification_has_its_reason() {
    let fact = fact_of(settled());
    let asked = |change: fn(&mut Expected)| {
        let mut expected = expected();
        change(&mut expected);
        refused(&receipt(), &expected, fact)
    };
    let is = |reason: Reason, field: &str| (reason, field.to_owned());
    assert_eq!(asked(|it| it.request = digest(2)), is(Reason::OtherRequest, "bindings.request"));
    assert_eq!(asked(|it| it.session_id = "sess-2".parse().unwrap()), is(Reason::OtherRequest, "bindings.session_id"));
    assert_eq!(asked(|it| it.token = EvmAddress::default()), is(Reason::OtherAmount, "bindings.token"));
    assert_eq!(asked(|it| it.amount = Amount::from(1)), is(Reason::OtherAmount, "bindings.amount"));
    assert_eq!(asked(|it| it.policy_hash = digest(8)), is(Reason::HashMismatch, "policy_hash"));
    assert_eq!(asked(|it| it.minters.clear()), is(Reason::OtherSettlement, "settlement_proofs[0].minter"));

    let shown = |change: fn(&mut ChainFact)| {
        let mut fact = fact;
        change(&mut fact);
        refused(&receipt(), &expected(), fact)
    };
    assert_eq!(shown(|it| it.receipt.chain = ChainId::eip155(1)), is(Reason::NotOnChain, "settlement_proofs[0]"));
    assert_eq!(shown(|it| it.receipt.order_id = word(1)), is(Reason::NotOnChain, "settlement_proofs[0]"));
    assert_eq!(
        shown(|it| it.receipt.paid = Amount::from(1)),
        is(Reason::HashMismatch, "settlement_proofs[0].receipt_hash")
    );
    assert_eq!(shown(|it| it.kept = word(0)), is(Reason::OtherSettlement, "settlement_proofs[0].order_id"));
    assert_eq!(
        shown(|it| it.kept = it.receipt.receipt_hash()),
        is(Reason::OtherSettlement, "settlement_proofs[0].order_id")
    );
    assert_eq!(shown(|it| it.tx = word(9)), is(Reason::OtherSettlement, "settlement_proofs[0].tx"));
    assert_eq!(shown(|it| it.block_hash = word(9)), is(Reason::OtherSettlement, "settlement_proofs[0].block_hash"));
    assert_eq!(shown(|it| it.log_index = 9), is(Reason::OtherSettlement, "settlement_proofs[0].log_index"));
    assert_eq!(shown(|it| it.last_final = 89), is(Reason::NotFinalYet, "settlement_proofs[0]"));
    assert_eq!(verify(&receipt(), &expected(), &[]).unwrap_err().code(), Code::SettlementPending);
}

/// Receipts that are made well but are of something else.
#[test]
fn receipts_of_other_settlements_are_refused() {
    let with = |settled: OrderReceipt, bindings: Bindings| {
        let receipt = Receipt::new(vec![proof_of(&settled)], bindings, digest(9)).unwrap();
        refused(&receipt, &expected(), fact_of(settled))
    };
    let is = |reason: Reason, field: &str| (reason, field.to_owned());
    let other_session = OrderReceipt { session_id: word(5), ..settled() };
    assert_eq!(with(other_session, bindings()), is(Reason::OtherSettlement, "settlement_proofs[0].order_id"));
    // anybody can pay himself, in an order that names the session
    let other_seller = OrderReceipt { seller: order_receipt().buyer, ..settled() };
    assert_eq!(with(other_seller, bindings()), is(Reason::OtherSettlement, "settlement_proofs[0].order_id"));
    let other_token = OrderReceipt { token: EvmAddress::default(), ..settled() };
    assert_eq!(with(other_token, bindings()), is(Reason::OtherAmount, "settlement_proofs[0].order_id"));
    let more = OrderReceipt { paid: Amount::from(100_000_001), ..settled() };
    assert_eq!(with(more, bindings()), is(Reason::OtherAmount, "bindings.amount"));
    for delivery in [None, Some(word(5))] {
        assert_eq!(
            with(settled(), Bindings { delivery, ..bindings() }),
            is(Reason::OtherDelivery, "bindings.delivery")
        );
    }
    // no evidence on the chain is no delivery in the receipt
    let bare = OrderReceipt { evidence: word(0), ..settled() };
    let none = Receipt::new(vec![proof_of(&bare)], Bindings { delivery: None, ..bindings() }, digest(9)).unwrap();
    assert!(verify(&none, &expected(), &[fact_of(bare)]).is_ok());
    assert_eq!(with(bare, bindings()), is(Reason::OtherDelivery, "bindings.delivery"));
    // the same settlement twice is not twice the money
    let twice = Receipt::new(vec![proof_of(&settled()); 2], bindings(), digest(9)).unwrap();
    assert_eq!(
        refused(&twice, &expected(), fact_of(settled())),
        is(Reason::OtherSettlement, "settlement_proofs[1].order_id")
    );
}

#[test]
fn simple_orders_keep_the_whole_hash_and_name_no_session() {
    let simple = simple_receipt();
    let bindings = Bindings { token: simple.token, amount: simple.paid, delivery: None, ..bindings() };
    let simple_order = Some(simple.order_id);
    let expected = Expected { simple_order, token: simple.token, amount: simple.paid, ..expected() };
    let receipt = Receipt::new(vec![proof_of(&simple)], bindings, digest(9)).unwrap();
    assert_eq!(verify(&receipt, &expected, &[fact_of(simple)]).unwrap(), simple.paid);
    let in_slot = ChainFact { kept: slot(6, simple.receipt_hash()), ..fact_of(simple) };
    assert_eq!(refused(&receipt, &expected, in_slot).0, Reason::OtherSettlement);
    // one payment of a simple order would be the settlement of every session
    for simple_order in [None, Some(word(1))] {
        let another = Expected { simple_order, ..expected.clone() };
        let is = (Reason::OtherSettlement, "settlement_proofs[0].order_id".to_owned());
        assert_eq!(refused(&receipt, &another, fact_of(simple)), is);
    }
}

#[test]
fn two_settlements_add_up() {
    let half = |last| OrderReceipt { order_id: word(last), paid: Amount::from(50_000_000), ..settled() };
    let (one, two) = (half(1), half(2));
    let receipt = Receipt::new(vec![proof_of(&one), proof_of(&two)], bindings(), digest(9)).unwrap();
    let facts = [fact_of(two), fact_of(one)];
    assert_eq!(verify(&receipt, &expected(), &facts).unwrap(), Amount::from(100_000_000));
    let most = Amount(
        "115792089237316195423570985008687907853269984665640564039457584007913129639935".parse::<Amount>().unwrap().0,
    );
    let (one, two) = (OrderReceipt { paid: most, ..one }, OrderReceipt { paid: most, ..two });
    let receipt = Receipt::new(vec![proof_of(&one), proof_of(&two)], bindings(), digest(9)).unwrap();
    let error = verify(&receipt, &expected(), &[fact_of(one), fact_of(two)]).unwrap_err();
    assert_eq!(error.reason(), Reason::OtherAmount, "the sum is beyond 2^256");
}
