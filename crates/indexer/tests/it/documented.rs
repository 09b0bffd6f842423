//! The logs of docs/events.md, from a real run of the contracts: each is decoded, and changes the rows that it should.

use alloy::primitives::{B256, Bytes};
use coreprover_indexer::{
    Contract, Event,
    fold::{AnyRow, At, FoldError, Key, Sheet, keys},
};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use tgp_protocol::value::{Amount, EvmAddress};

const LOGS: &str = include_str!("../../../../docs/examples/events.json");

#[derive(Deserialize)]
struct Example {
    contract: String,
    address: EvmAddress,
    topics: Vec<B256>,
    data: Bytes,
}

/// Each example in a block of its own, in the order of the page.
fn examples() -> Vec<(Event, At)> {
    let examples: Vec<Example> = serde_json::from_str(LOGS).expect("the examples");
    let escrow = examples.iter().find(|example| example.contract == "CoreProverEscrow").expect("an escrow").address;
    let decoded = (0_u64..).zip(examples).map(|(place, example)| {
        let kind = match example.contract.as_str() {
            "CoreProverEscrow" => Contract::Escrow,
            "ReceiptVault" => Contract::Vault { escrow },
            "HashedTimelock" => Contract::Timelock,
            "TgpRouter" => Contract::Router,
            "VerifierRegistry" => Contract::Registry,
            other => panic!("{other} is no contract of ours"),
        };
        let event = kind.decode(example.topics, example.data).expect("an event");
        let word = |tag: u8| [tag; 32].into();
        let contract = example.address;
        let at = At {
            chain: 31337,
            block: 1 + place,
            block_hash: word(1),
            time: 1_790_000_000,
            log: 0,
            tx: word(2),
            contract,
            kind,
        };
        (event, at)
    });
    decoded.collect()
}

/// `SellerCommitted` of `Escrow(SellerCommitted(SellerCommitted { .. }))`.
fn name(event: &Event) -> String {
    format!("{event:?}").split('(').nth(1).expect("a name").to_owned()
}

#[test]
fn every_documented_event_changes_the_tables_that_it_should() {
    let mut changed: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (event, at) in examples() {
        let keys = keys(&event, &at);
        let tables = keys.iter().map(|key| key.table().name);
        for table in tables.chain(keys.is_empty().then_some("")) {
            changed.entry(table).or_default().insert(name(&event));
        }
    }
    let expected = [
        // a hop that is skipped is in the route's sums; a receipt's token is not in the tables
        ("", "Locked Transfer Approval ApprovalForAll HopSkipped"),
        ("anchors", "BatchAnchored"),
        ("held", "Held Collected"),
        ("locks", "Locked Claimed Refunded"),
        (
            "orders",
            "OrderCreated SellerCommitted Fulfilled EvidenceAdded Disputed Released OrderEnded SimpleOrderCreated \
             SimpleDepositCommitted SimpleSignatureCommitted SimpleLegPaid SimpleRefunded ReceiptIssued",
        ),
        ("owed", "Owed Withdrawn"),
        ("parties", "OrderCreated SimpleOrderCreated ReceiptIssued"),
        ("receipts", "ReceiptIssued"),
        ("roles", "AggregatorOffered AggregatorChanged GuardianOffered GuardianChanged"),
        ("routes", "RouteOpened Charged RouteClosed SplitSettled"),
        ("verifiers", "VerifierProposed VerifierDeprecated VerifierRevoked"),
    ];
    let expected: BTreeMap<&str, BTreeSet<String>> =
        expected.iter().map(|(table, names)| (*table, names.split(' ').map(str::to_owned).collect())).collect();
    assert_eq!(changed, expected);
}

#[test]
fn an_event_without_its_beginning_is_refused() {
    let mut begun = 0;
    for (event, at) in examples() {
        let mut sheet = Sheet::new(at.chain);
        for key in sheet.unknown([(&event, &at)]) {
            sheet.know(key, None);
        }
        let begins = matches!(
            name(&event).as_str(),
            "OrderCreated"
                | "SimpleOrderCreated"
                | "Held"
                | "Owed"
                | "BatchAnchored"
                | "RouteOpened"
                | "RouteClosed"
                | "SplitSettled"
                | "VerifierProposed"
                | "AggregatorOffered"
                | "AggregatorChanged"
                | "GuardianOffered"
                | "GuardianChanged"
        );
        let changes_nothing = keys(&event, &at).is_empty();
        let lock_begins = matches!(event, Event::Timelock(_)) && name(&event) == "Locked";
        match sheet.fold(&event, &at, None) {
            Ok(()) => assert!(begins || lock_begins || changes_nothing, "{}", name(&event)),
            Err(FoldError::NoBeginning(_)) => begun += 1,
            Err(error) => panic!("{}: {error}", name(&event)),
        }
    }
    assert!(begun > 15, "{begun}");
}

/// The first example on the page, word by word.
#[test]
fn a_terms_order_and_its_commitment() {
    let examples = examples();
    let mut sheet = Sheet::new(31337);
    for (event, at) in examples.iter().take(2) {
        for key in sheet.unknown([(event, at)]) {
            sheet.know(key, None);
        }
        sheet.fold(event, at, None).expect("it follows");
    }
    let (_, at) = &examples[0];
    let id = "0xc3f36342357a7a1a973bcf0b6dcf186fbd583cdb7936b450c3693965d34b0e90".parse().expect("a word");
    let Some(AnyRow::Order(order)) = sheet.row(&Key::Order(at.contract, id)) else { panic!("the order is there") };
    assert_eq!(order.buyer.to_string().to_lowercase(), "0x0ff93edfa7fb7ad5e962e4c0edb9207c03a0fe02");
    assert_eq!(order.token.to_string().to_lowercase(), "0xf62849f9a0b5bf2913b396098f7c7019b51a820a");
    assert_eq!(order.amount, Amount::from(100_000_000));
    assert_eq!((order.commit_by, order.deliver_by), (0x6ab1_4288, 0x6ab2_8d00));
    // both have committed, nobody is shielded
    assert_eq!(order.slot.to_string(), format!("0x03{}", "0".repeat(62)));
    assert_eq!((order.created_block, order.updated_block), (1, 2));

    // the same event cannot come twice
    let (event, at) = &examples[0];
    let error = sheet.fold(event, at, None).expect_err("it is made");
    assert!(matches!(error, FoldError::Repeated(Key::Order(..))), "{error}");
}
