//! Receipts: the contract's own hash, the three layers, and the steps of their verification.

// the helpers of these tests are not tests themselves
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use tgp_protocol::{
    Code, Reason,
    json::{self, Object, Value},
    receipt::{Bindings, ChainFact, Expected, OrderOutcome, OrderReceipt, Receipt, SettlementProof, verify},
    sign::SigningKey,
    value::{Amount, ChainId, EvmAddress, Sha256Digest, Word},
};

/// `test/receipts/RustVector.t.sol` has the same two receipts and the same two hashes.
const TERMS_HASH: &str = "0x929acc8b13f2719bcf2bee9a14e4d66228940365ba01799a2d8781d10753950a";
const SIMPLE_HASH: &str = "0xffa03fedf9088091a1c2e6a4a55785590aefcac33eb27130141fbd6dca9a28d7";

fn order_receipt() -> OrderReceipt {
    OrderReceipt {
        chain: ChainId::eip155(8453),
        minter: "0x2e234DAe75C793f67A35089C9d99245E1C58470b".parse().unwrap(),
        order_id: "0xc3f36342357a7a1a973bcf0b6dcf186fbd583cdb7936b450c3693965d34b0e90".parse().unwrap(),
        buyer: "0x0ff93edfa7fb7ad5e962e4c0edb9207c03a0fe02".parse().unwrap(),
        seller: "0xdfa97bfe5d2b2e8169b194eaa78fbb793346b174".parse().unwrap(),
        session_id: "0xac3394aedd5f0646001ad6ed50b0b93f03346087c5f8d9e1af1c7be8993c068a".parse().unwrap(),
        offer_hash: "0x58735202734f795b4af32cc76b1788549009da7d9f64c78397956091249ea14e".parse().unwrap(),
        token: "0xf62849f9a0b5bf2913b396098f7c7019b51a820a".parse().unwrap(),
        paid: Amount::from(75_000_000),
        refunded: Amount::from(25_000_000),
        fee: Amount::from(750_000),
        outcome: OrderOutcome::TimedOut,
        settled_at: 1_795_255_200,
        evidence: "0x97794b46b3afe9245d61058666381907ac8a35b0e3bce564cde9dd0eea648cb6".parse().unwrap(),
        receipt_address: word(11),
        delivery_commitment: word(12),
    }
}

fn simple_receipt() -> OrderReceipt {
    let zero = word(0);
    OrderReceipt {
        session_id: zero,
        offer_hash: zero,
        token: EvmAddress::default(),
        paid: Amount::from(100_000_000_000_000_000),
        refunded: Amount::ZERO,
        fee: Amount::ZERO,
        outcome: OrderOutcome::Simple,
        evidence: zero,
        receipt_address: zero,
        delivery_commitment: zero,
        ..order_receipt()
    }
}

fn word(last: u8) -> Word {
    let mut bytes = [0; 32];
    bytes[31] = last;
    bytes.into()
}

fn digest(byte: u8) -> Sha256Digest {
    [byte; 32].into()
}

/// The slot of an ended order: state, time, and the upper 208 bits of the hash.
fn slot(state: u8, hash: Word) -> Word {
    let mut slot = [0; 32];
    slot[0] = state;
    slot[1..6].copy_from_slice(&1_795_255_200_u64.to_be_bytes()[3..]);
    slot[6..].copy_from_slice(&hash.0[..26]);
    slot.into()
}

/// Shows R-516. The hash is the contract's, word for word.
#[test]
fn receipt_hash_is_the_contracts() {
    assert_eq!(order_receipt().receipt_hash().to_string(), TERMS_HASH);
    assert_eq!(simple_receipt().receipt_hash().to_string(), SIMPLE_HASH);
}

#[test]
fn each_word_of_a_receipt_counts() {
    let receipt = order_receipt();
    let changes: [fn(&mut OrderReceipt); 16] = [
        |receipt| receipt.chain = ChainId::eip155(1),
        |receipt| receipt.minter = receipt.buyer,
        |receipt| receipt.order_id = word(1),
        |receipt| receipt.buyer = receipt.seller,
        |receipt| receipt.seller = receipt.buyer,
        |receipt| receipt.session_id = word(1),
        |receipt| receipt.offer_hash = word(1),
        |receipt| receipt.token = receipt.buyer,
        |receipt| receipt.paid = Amount::ZERO,
        |receipt| receipt.refunded = Amount::ZERO,
        |receipt| receipt.fee = Amount::ZERO,
        |receipt| receipt.outcome = OrderOutcome::Ruled,
        |receipt| receipt.settled_at += 1,
        |receipt| receipt.evidence = word(1),
        |receipt| receipt.receipt_address = word(1),
        |receipt| receipt.delivery_commitment = word(1),
    ];
    for (place, change) in changes.into_iter().enumerate() {
        let mut other = receipt;
        change(&mut other);
        let differing: Vec<_> = (0..16).filter(|word| other.words()[*word] != receipt.words()[*word]).collect();
        assert_eq!(differing, [place]);
        assert_ne!(other.receipt_hash(), receipt.receipt_hash());
    }
}

#[test]
fn only_the_slot_of_an_ended_order_holds_a_receipt() {
    let receipt = order_receipt();
    for state in 0..=u8::MAX {
        let held = receipt.is_in_slot(slot(state, receipt.receipt_hash()));
        assert_eq!(held, matches!(state, 6 | 8 | 10), "{state}");
        assert!(!receipt.is_in_slot(slot(state, word(0))), "an order without a receipt");
    }
    for byte in 6..32 {
        let mut changed = slot(6, receipt.receipt_hash()).0.0;
        changed[byte] ^= 1;
        assert!(!receipt.is_in_slot(changed.into()), "{byte}");
    }
}

#[test]
fn outcomes_have_the_contracts_numbers() {
    for number in 0..=u8::MAX {
        let outcome = OrderOutcome::from_number(number);
        assert_eq!(outcome.map(OrderOutcome::number), (1..=9).contains(&number).then_some(number));
    }
    assert_eq!(OrderOutcome::from_number(9), Some(OrderOutcome::Simple));
}

const SESSION: &str = "sess-abc123";

fn settled() -> OrderReceipt {
    let session_id = alloy_primitives::keccak256(SESSION);
    OrderReceipt { session_id: Word(session_id), ..order_receipt() }
}

fn proof_of(receipt: &OrderReceipt) -> SettlementProof {
    SettlementProof {
        chain: receipt.chain,
        minter: receipt.minter,
        order_id: receipt.order_id,
        receipt_hash: receipt.receipt_hash(),
        tx: word(1),
        block_hash: word(2),
        log_index: 3,
    }
}

fn fact_of(receipt: OrderReceipt) -> ChainFact {
    let kept =
        if receipt.outcome == OrderOutcome::Simple { receipt.receipt_hash() } else { slot(6, receipt.receipt_hash()) };
    ChainFact { receipt, kept, tx: word(1), block_hash: word(2), log_index: 3, block: 90, last_final: 100 }
}

fn bindings() -> Bindings {
    Bindings {
        request: digest(1),
        session_id: SESSION.parse().unwrap(),
        payer: "eh:buyer:7f3a".parse().unwrap(),
        payee: "eh:seller:9c21".parse().unwrap(),
        token: order_receipt().token,
        amount: Amount::from(100_000_000),
        delivery: Some(order_receipt().evidence),
    }
}

fn receipt() -> Receipt {
    Receipt::new(vec![proof_of(&settled())], bindings(), digest(9)).unwrap()
}

fn expected() -> Expected {
    Expected {
        request: digest(1),
        session_id: SESSION.parse().unwrap(),
        chain: order_receipt().chain,
        token: order_receipt().token,
        amount: Amount::from(100_000_000),
        policy_hash: digest(9),
        minters: vec![order_receipt().minter],
    }
}

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

/// Shows R-244, R-245. The hash commits to all three layers, each in its place.
#[test]
fn the_hash_commits_to_settlement_bindings_and_policy() {
    let hash = receipt().hash();
    assert_eq!(hash, receipt().hash());
    let mut other_proof = proof_of(&settled());
    other_proof.log_index = 4;
    let mut other_bindings = bindings();
    other_bindings.amount = Amount::from(1);
    let proofs = vec![proof_of(&settled())];
    for other in [
        Receipt::new(vec![other_proof], bindings(), digest(9)),
        Receipt::new(vec![proof_of(&settled()); 2], bindings(), digest(9)),
        Receipt::new(proofs.clone(), other_bindings, digest(9)),
        Receipt::new(proofs, bindings(), digest(8)),
    ] {
        assert_ne!(other.unwrap().hash(), hash);
    }
    // by hand, from the words of the decision: three parts, the last the 32 bytes of the policy's hash
    let object = receipt().object().clone();
    let part = |name: &str| object.get(name).unwrap().canonical();
    let (proofs, bindings) = (part("settlement_proofs"), part("bindings"));
    let parts = [proofs.as_slice(), bindings.as_slice(), [9; 32].as_slice()];
    assert_eq!(hash, tgp_protocol::tagged_hash("TGP/0.1/receipt", parts).into());
}

/// Shows R-246.
#[test]
fn without_one_of_the_three_there_is_no_receipt() {
    let object = receipt().object().clone();
    assert_eq!(Receipt::from_object(object.clone()).unwrap(), receipt());
    for name in ["settlement_proofs", "bindings", "policy_hash"] {
        for value in [None, Some(Value::Null)] {
            let mut without = object.clone();
            match value {
                None => without.remove(name),
                Some(null) => without.insert(name, null),
            };
            let error = Receipt::from_object(without).unwrap_err();
            assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::NoTriplet, name));
        }
    }
    let empty = Receipt::new(Vec::new(), bindings(), digest(9)).unwrap_err();
    assert_eq!(empty.reason(), Reason::NoTriplet);
    let no_policy = Receipt::new(vec![proof_of(&settled())], bindings(), digest(0)).unwrap_err();
    assert_eq!(no_policy.reason(), Reason::NoTriplet);
}

fn replaced(object: &Object, path: &[&str], text: &str) -> Object {
    let [name, rest @ ..] = path else { panic!("a path") };
    let mut object = object.clone();
    let value = match (object.get(name), rest) {
        (Some(Value::Object(inner)), [_, ..]) => Value::Object(replaced(inner, rest, text)),
        _ => json::parse(text.as_bytes()).unwrap(),
    };
    object.insert(name, value);
    object
}

#[test]
fn a_changed_receipt_has_another_hash() {
    let object = receipt().object().clone();
    for (path, text) in [
        (&["bindings", "amount"][..], r#""1""#),
        (&["bindings", "later"], "1"),
        (&["policy_hash"], &format!(r#""sha256:{}""#, "08".repeat(32))),
        (&["tdr_receipt_hash"], &format!(r#""sha256:{}""#, "08".repeat(32))),
    ] {
        let error = Receipt::from_object(replaced(&object, path, text)).unwrap_err();
        let named = (error.reason(), error.field().to_string());
        assert_eq!(named, (Reason::HashMismatch, "tdr_receipt_hash".to_owned()), "{path:?}");
    }
    let error = Receipt::from_object(replaced(&object, &["bindings", "amount"], r#""1.5""#)).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string()), (Reason::BadAmount, "bindings.amount".to_owned()));
}

/// Members of a later version: they are covered by the hash, and whoever passes the receipt on passes them on.
#[test]
fn unknown_members_stay_in_a_receipt_and_in_its_hash() {
    let mut object = replaced(receipt().object(), &["bindings", "later"], r#"["a", 1.5]"#);
    let Some(Value::Array(proofs)) = object.get("settlement_proofs").cloned() else { panic!("a list") };
    let Some(Value::Object(proof)) = proofs.first() else { panic!("an object") };
    let proof = replaced(proof, &["later"], "true");
    object.insert("settlement_proofs", Value::Array(vec![Value::Object(proof)]));
    object.insert("later", Value::Null);
    let part = |name: &str| object.get(name).unwrap().canonical();
    let (proofs, bindings) = (part("settlement_proofs"), part("bindings"));
    let parts = [proofs.as_slice(), bindings.as_slice(), [9; 32].as_slice()];
    let hash: Sha256Digest = tgp_protocol::tagged_hash("TGP/0.1/receipt", parts).into();
    object.insert("tdr_receipt_hash", Value::String(hash.to_string()));

    let read = Receipt::from_object(object.clone()).unwrap();
    assert_eq!((read.hash(), read.object()), (hash, &object));
    assert_eq!(verify(&read, &expected(), &[fact_of(settled())]).unwrap(), Amount::from(75_000_000));
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
    let expected = Expected { token: simple.token, amount: simple.paid, ..expected() };
    let receipt = Receipt::new(vec![proof_of(&simple)], bindings, digest(9)).unwrap();
    assert_eq!(verify(&receipt, &expected, &[fact_of(simple)]).unwrap(), simple.paid);
    let in_slot = ChainFact { kept: slot(6, simple.receipt_hash()), ..fact_of(simple) };
    assert_eq!(refused(&receipt, &expected, in_slot).0, Reason::OtherSettlement);
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

#[test]
fn attestations_are_of_one_receipt_and_one_key() {
    let (key, other) = (SigningKey::from_seed(&[1; 32]), SigningKey::from_seed(&[2; 32]));
    let hash = receipt().hash();
    let signature = tgp_protocol::receipt::attest(hash, &key);
    let check = |hash, key: &SigningKey| {
        tgp_protocol::receipt::verify_attestation(hash, &signature, &key.public_key()).map_err(|error| error.reason())
    };
    assert_eq!(check(hash, &key), Ok(()));
    assert_eq!(check(digest(1), &key), Err(Reason::SignatureMismatch));
    assert_eq!(check(hash, &other), Err(Reason::SignatureMismatch));
}

proptest! {
    #[test]
    fn receipts_come_back(amount in any::<u64>(), log_index in 0_u64..1 << 53, count in 1_usize..5, delivery in any::<Option<[u8; 32]>>()) {
        let proof = SettlementProof { log_index, ..proof_of(&settled()) };
        let bindings = Bindings { amount: Amount::from(amount), delivery: delivery.map(Word::from), ..bindings() };
        let receipt = Receipt::new(vec![proof; count], bindings, digest(9)).unwrap();
        let Ok(Value::Object(object)) = json::parse(&receipt.object().canonical()) else { panic!("an object") };
        prop_assert_eq!(Receipt::from_object(object).unwrap(), receipt);
    }
}
