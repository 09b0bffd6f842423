//! Logs of a real run, every event of every ABI, and what is no such log.
use super::errors::abi;
use crate::{Contract, CoreProverEscrow, Event, LogError, LogPart};
use alloy::{
    json_abi::Param,
    primitives::{Address, B256, Bytes, IntoLogData, LogData, U256, hex, keccak256},
    sol_types::SolEvent,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tgp_protocol::Reason;

const LOGGED: [(Contract, &str); 5] = [
    (Contract::Escrow, include_str!("../../abi/CoreProverEscrow.json")),
    (Contract::Vault, include_str!("../../abi/ReceiptVault.json")),
    (Contract::Timelock, include_str!("../../abi/HashedTimelock.json")),
    (Contract::Router, include_str!("../../abi/TgpRouter.json")),
    (Contract::Registry, include_str!("../../abi/VerifierRegistry.json")),
];

/// The examples of docs/events.md, which a test of the contracts keeps up to date.
fn examples() -> Vec<(Contract, LogData)> {
    let text = include_str!("../../../../docs/examples/events.json");
    let logs: Vec<Value> = serde_json::from_str(text).expect("JSON");
    logs.iter()
        .map(|log| {
            let contract = Contract::ALL.into_iter().find(|one| log["contract"] == one.name()).expect("a contract");
            let topics = log["topics"].as_array().expect("topics");
            let topics = topics.iter().map(|topic| topic.as_str().expect("hex").parse().expect("a word"));
            let data: Bytes = log["data"].as_str().expect("hex").parse().expect("bytes");
            (contract, LogData::new_unchecked(topics.collect(), data))
        })
        .collect()
}

/// A word as the page shows it, by the rule of this crate.
fn shown(word: &[u8], kind: &str) -> Value {
    match kind {
        "address" => Address::from_slice(&word[12..]).to_checksum(None).into(),
        "bool" => (word[31] == 1).into(),
        "bytes4" => hex::encode_prefixed(&word[..4]).into(),
        "bytes32" => hex::encode_prefixed(word).into(),
        _ => U256::from_be_slice(word).to_string().into(),
    }
}

/// The fields of an event by its ABI, where all of them are words: another way to the same JSON.
fn by_words<'a>(parameters: &'a [Param], words: &mut impl Iterator<Item = &'a [u8]>) -> Option<Value> {
    let mut fields = serde_json::Map::new();
    for parameter in parameters {
        let value = match parameter.ty.as_str() {
            "tuple" => by_words(&parameter.components, words)?,
            kind if kind == "string" || kind.ends_with(']') => return None,
            kind => shown(words.next()?, kind),
        };
        fields.insert(parameter.name.clone(), value);
    }
    Some(fields.into())
}

#[test]
fn examples_decode_to_what_the_page_shows() {
    let mut plain = 0;
    for (contract, log) in examples() {
        let event = Event::decode(contract, &log).expect("a sound log").expect("an event of its ABI");
        assert_eq!(event.contract(), contract);
        let (_, text) = LOGGED[LOGGED.iter().position(|(one, _)| *one == contract).expect("a contract that logs")];
        let abi = abi(text);
        let item = abi.events().find(|item| item.selector() == log.topics()[0]).expect("its ABI has it");
        assert_eq!(event.name(), item.name);
        let fields = event.fields();
        assert_eq!(Event::from_fields(contract, &item.name, &fields), Ok(Some(event)));

        // indexed fields come first in every event of ours
        let inputs: Vec<Param> = item
            .inputs
            .iter()
            .map(|input| Param {
                ty: input.ty.clone(),
                name: input.name.clone(),
                components: input.components.clone(),
                internal_type: None,
            })
            .collect();
        assert!(item.inputs.is_sorted_by_key(|input| !input.indexed), "{}", item.name);
        let mut words = log.topics()[1..].iter().map(|topic| topic.as_slice()).chain(log.data.chunks(32));
        if let Some(expected) = by_words(&inputs, &mut words) {
            plain += 1;
            assert_eq!(fields, expected, "{contract}.{}", item.name);
        }
    }
    // the others hold texts or lists
    assert!(plain > 30, "{plain}");
}

#[test]
fn texts_of_the_examples_are_read() {
    let committed = examples().into_iter().find_map(|(contract, log)| {
        Event::decode(contract, &log).expect("a log").filter(|event| event.name() == "SellerCommitted")
    });
    let fields = committed.expect("an example of it").fields();
    assert_eq!(fields["businessName"], "Pizza Hut #4521");
    assert_eq!(fields["businessLicense"], "LICENSE-789");
}

#[test]
fn every_event_of_every_abi_is_there_and_has_an_example() {
    let examples: BTreeSet<(Contract, B256)> =
        examples().iter().map(|(contract, log)| (*contract, log.topics()[0])).collect();
    for (contract, text) in LOGGED {
        let mut theirs: Vec<B256> = abi(text).events().map(|event| event.selector()).collect();
        let mut ours = Event::topics(contract).to_vec();
        theirs.sort_unstable();
        ours.sort_unstable();
        assert_eq!(ours, theirs, "{contract}");
        for topic in theirs {
            assert!(examples.contains(&(contract, topic)), "{contract} {topic}");
        }
    }
    assert!(abi(include_str!("../../abi/EscrowLens.json")).events().next().is_none());
    assert!(Event::topics(Contract::Lens).is_empty());
}

#[test]
fn other_events_are_not_ours_and_no_error() {
    let other = LogData::new_unchecked(vec![keccak256("Other(bytes32)"), B256::ZERO], Bytes::new());
    for contract in Contract::ALL {
        assert_eq!(Event::decode(contract, &other), Ok(None));
        assert_eq!(Event::decode(contract, &LogData::empty()), Ok(None));
    }
}

#[test]
fn wrong_topics_and_data_name_the_event() {
    for (contract, log) in examples() {
        let name = Event::decode(contract, &log).expect("a log").expect("an event").name();
        let wrong = |topics: Vec<B256>, data: Vec<u8>| {
            Event::decode(contract, &LogData::new_unchecked(topics, data.into())).expect_err("refused")
        };
        let (topics, data) = (log.topics().to_vec(), log.data.to_vec());
        let error = |part| LogError { contract, event: name, part };

        let more = [topics.clone(), vec![B256::ZERO]].concat();
        assert_eq!(wrong(more, data.clone()), error(LogPart::Topics));
        if topics.len() > 1 {
            assert_eq!(wrong(topics[..topics.len() - 1].to_vec(), data.clone()), error(LogPart::Topics));
        }
        // a byte or a word too many
        assert_eq!(wrong(topics.clone(), [data.clone(), vec![0]].concat()), error(LogPart::Data));
        assert_eq!(wrong(topics.clone(), [data.clone(), vec![0; 32]].concat()), error(LogPart::Data));
        if !data.is_empty() {
            assert_eq!(wrong(topics, data[..data.len() - 1].to_vec()), error(LogPart::Data));
        }
    }
    let error = LogError { contract: Contract::Escrow, event: "Held", part: LogPart::Topics };
    assert_eq!(error.to_string(), "the topics are not those of CoreProverEscrow.Held");
}

#[test]
fn dirty_words_are_refused() {
    let held = CoreProverEscrow::Held {
        orderId: B256::ZERO,
        role: 1,
        token: Address::with_last_byte(3),
        amount: U256::from(5),
    };
    let log = held.encode_log_data();
    let mut topics = log.topics().to_vec();
    topics[2] = U256::from(256).into();
    let refused = Event::decode(Contract::Escrow, &LogData::new_unchecked(topics, log.data)).expect_err("refused");
    assert_eq!(refused.part, LogPart::Topics);

    let disputed =
        CoreProverEscrow::Disputed { orderId: B256::ZERO, reason: B256::ZERO, clock: U256::ZERO, unfulfilled: true };
    let log = disputed.encode_log_data();
    let mut data = log.data.to_vec();
    data[95] = 2;
    let refused = Event::decode(Contract::Escrow, &LogData::new_unchecked(log.topics().to_vec(), data.into()));
    assert_eq!(refused.expect_err("no bool").part, LogPart::Data);
}

/// A seller who could make a log unreadable by his name would hide an order that is paid.
#[test]
fn a_name_that_is_no_text_hides_no_order() {
    let log = CoreProverEscrow::SellerCommitted {
        orderId: B256::repeat_byte(1),
        businessName: "Mario".into(),
        businessLicense: String::new(),
        documentHash: B256::ZERO,
        deliveryCommitment: B256::ZERO,
    }
    .encode_log_data();
    let mut data = log.data.to_vec();
    let at = data.windows(5).position(|bytes| bytes == b"Mario").expect("the name");
    data[at] = 0xff;
    let event = Event::decode(Contract::Escrow, &LogData::new_unchecked(log.topics().to_vec(), data.into()));
    let event = event.expect("readable").expect("an event");
    assert_eq!(event.fields()["businessName"], "\u{fffd}ario");
    assert_eq!(Event::from_fields(Contract::Escrow, "SellerCommitted", &event.fields()), Ok(Some(event)));
}

#[test]
fn fields_hold_structs_lists_and_keywords() {
    let (word, account) = (format!("0x{}", "07".repeat(32)), "0x0000000000000000000000000000000000000009");
    let opened = json!({
        "routeId": word,
        "sessionId": word,
        "route": {
            "buyer": account, "seller": account, "token": account, "cap": "79228162514264337593543950335",
            "maxFeesBps": "900", "expiry": "1790000000", "sessionId": word, "salt": word,
            "hops": [{ "payee": account, "feeBps": "50" }, { "payee": account, "feeBps": "65535" }],
        },
    });
    let event = Event::from_fields(Contract::Router, "RouteOpened", &opened).expect("sound").expect("its event");
    assert_eq!(event.fields(), opened);
    let Event::Router(inner) = &event else { panic!("{}", event.name()) };
    assert_eq!(Event::decode(Contract::Router, &inner.to_log_data()), Ok(Some(event)));

    let mut wrong = opened;
    wrong["route"]["hops"][1]["feeBps"] = json!("65536");
    let error = Event::from_fields(Contract::Router, "RouteOpened", &wrong).expect_err("beyond 16 bits");
    assert_eq!((error.field().to_string().as_str(), error.reason()), ("route.hops[1].feeBps", Reason::OutOfRange));

    let proposed = examples().into_iter().find_map(|(contract, log)| {
        Event::decode(contract, &log).expect("a log").filter(|event| event.name() == "VerifierProposed")
    });
    let verifier = &proposed.expect("an example of it").fields()["verifier"];
    assert!(verifier["impl"].is_string() && verifier["dev"].is_boolean(), "{verifier}");
    assert_eq!(verifier["selector"].as_str().map(str::len), Some(10));
}

#[test]
fn wrong_fields_are_named() {
    let sound = json!({ "orderId": format!("0x{}", "07".repeat(32)), "cumulative": "40" });
    let read = |fields: &Value| Event::from_fields(Contract::Escrow, "Released", fields);
    assert!(read(&sound).expect("sound").is_some());
    assert_eq!(Event::from_fields(Contract::Escrow, "Renamed", &sound), Ok(None));
    assert_eq!(Event::from_fields(Contract::Vault, "Released", &sound), Ok(None));
    for (member, value, reason) in [
        ("cumulative", json!(40), Reason::WrongType),
        ("cumulative", json!("040"), Reason::BadAmount),
        ("cumulative", json!("0x28"), Reason::BadAmount),
        ("cumulative", json!("9".repeat(78)), Reason::OutOfRange),
        ("orderId", json!("0x07"), Reason::BadWord),
        ("orderId", json!(format!("0x0x{}", "07".repeat(31))), Reason::BadWord),
    ] {
        let mut fields = sound.clone();
        fields[member] = value;
        let error = read(&fields).expect_err("refused");
        assert_eq!((error.field().to_string().as_str(), error.reason()), (member, reason));
    }
    let mut more = sound;
    more["extra"] = json!(1);
    assert_eq!(read(&more).expect_err("refused").reason(), Reason::UnknownField);
    assert_eq!(read(&json!({ "cumulative": "40" })).expect_err("refused").field().to_string(), "orderId");
    assert_eq!(read(&json!([])).expect_err("refused").reason(), Reason::WrongType);
}
