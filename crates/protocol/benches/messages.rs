//! How fast one core reads, checks, signs and hashes: `make bench-protocol`.

// the crate's dependencies are not all needed here, and criterion_group writes functions without docs
#![allow(unused_crate_dependencies, missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use tgp_protocol::{
    buyer::Query,
    cbor, json,
    order::{Order, escrow_domain, session_word},
    policy::{Network, Policy, Prices, Subject},
    receipt::{Bindings, OrderOutcome, OrderReceipt, Receipt, SettlementProof},
    sign::{PublicKey, SigningKey},
    tagged_hash,
    value::{Amount, ChainId, Decimal, EvmAddress, Word},
    wire::{self, Message, Received},
};

const CHAIN: ChainId = ChainId::eip155(8453);

/// A signed QUERY as a buyer sends it, and the key that it is signed with.
fn signed_query() -> tgp_protocol::Result<(Vec<u8>, PublicKey)> {
    let key = SigningKey::from_seed(&[1; 32]);
    let (from, to) = ("buyer://alice.wallet".parse()?, "seller://store.example".parse()?);
    let query = Query::new("q-abc123".parse()?, from, to, "USDC".parse()?, "1000000".parse()?)
        .with_escrow_from_402("0x742d35cc6634c0532925a3b844bc9e7595f0beb0".parse()?)
        .with_payer("eip155:8453:0x209693bc6afc0c5328ba36faf03c514ef312287c".parse()?)
        .with_freshness("2026-11-21T10:00:00Z".parse()?, "n-1".parse()?);
    Ok((query.to_signed(&key)?.canonical(), key.public_key()))
}

fn query(criterion: &mut Criterion) {
    let (bytes, key) = signed_query().expect("a sound message");
    let (_, object) = wire::read(&bytes).expect("is read");
    let received = Received::<Query>::read(&bytes).expect("is valid");
    let mut group = criterion.benchmark_group("query");
    group.throughput(Throughput::Elements(1));
    group.bench_function("parse", |bencher| bencher.iter(|| wire::read(black_box(&bytes))));
    // the clone stands for the object that reading has made
    group.bench_function("validate", |bencher| {
        bencher.iter_batched(|| object.clone(), Received::<Query>::from_object, criterion::BatchSize::SmallInput);
    });
    group.bench_function("canonical", |bencher| bencher.iter(|| black_box(&object).canonical()));
    group.bench_function("digest", |bencher| bencher.iter(|| black_box(&received).digest()));
    group.bench_function("verify", |bencher| bencher.iter(|| black_box(&received).verify(&key)));
    group.bench_function("parse and validate", |bencher| bencher.iter(|| Received::<Query>::read(black_box(&bytes))));
    group.bench_function("parse, validate and verify", |bencher| {
        bencher.iter(|| Received::<Query>::read(black_box(&bytes)).and_then(|received| received.verify(&key)));
    });
    group.finish();
}

/// The policy of a controller as operators write it: 40 rules, each entry of a list counted. And what is known of every
/// buyer before a message comes.
fn forty_rules() -> tgp_protocol::Result<(Policy, Subject)> {
    let names = |prefix: &str, count: usize| {
        let names: Vec<_> = (0..count).map(|place| format!("\"{prefix}{place}\"")).collect();
        names.join(",")
    };
    let policy = format!(
        r#"{{"version":"PEL-0.1","requires":[{}],"constraints":{{"max_amount_usd":"50000","min_amount_usd":"1",
            "allowed_assets":["USDC",{}],"blocked_assets":[{}],"delivery_promise":"72h"}}}}"#,
        names("TAG-", 12),
        names("A", 12),
        names("B", 12),
    );
    let mut subject = Subject::new(Network::from(CHAIN), "USDC".parse()?, Decimal::default())
        .with_delivery(std::time::Duration::from_secs(3_600));
    for place in 0..12 {
        subject = subject.with_compliance(format!("TAG-{place}").parse()?);
    }
    Ok((Policy::read(policy.as_bytes())?, subject))
}

/// What a controller does with a QUERY before it makes an offer.
fn decisions(criterion: &mut Criterion) {
    let (bytes, key) = signed_query().expect("a sound message");
    let (policy, known) = forty_rules().expect("a sound policy");
    let prices = Prices::from_midprices([("USDCUSD", Decimal::from(1))]);
    let allows = |received: &Received<Query>| {
        let query = received.message();
        let mut subject = known.clone();
        subject.asset = query.asset.clone();
        subject.amount = Decimal::from_base_units(query.amount, 6).expect("six places");
        subject.zk = query.zk_profile;
        policy.evaluate(&subject, &prices).is_allow()
    };
    assert!(allows(&Received::read(&bytes).expect("is valid")));
    let mut group = criterion.benchmark_group("decision");
    group.throughput(Throughput::Elements(1));
    group.bench_function("parse, validate and decide by 40 rules", |bencher| {
        bencher.iter(|| Received::<Query>::read(black_box(&bytes)).map(|received| allows(&received)));
    });
    group.bench_function("parse, validate, verify and decide by 40 rules", |bencher| {
        bencher.iter(|| {
            let received = Received::<Query>::read(black_box(&bytes))?;
            received.verify(&key)?;
            Ok::<_, tgp_protocol::Error>(allows(&received))
        });
    });
    group.finish();
}

/// A receipt of a terms order, as the vault writes it and as the protocol commits to it.
fn receipt() -> tgp_protocol::Result<(OrderReceipt, Receipt)> {
    let [escrow, buyer, seller, token] = [5, 1, 2, 3].map(|byte| EvmAddress([byte; 20].into()));
    let word = |byte| Word::from([byte; 32]);
    let on_chain = OrderReceipt {
        chain: CHAIN,
        minter: escrow,
        order_id: word(6),
        buyer,
        seller,
        session_id: session_word("sess-1"),
        offer_hash: word(7),
        token,
        paid: Amount::from(24_937_500),
        refunded: Amount::ZERO,
        fee: Amount::from(62_500),
        outcome: OrderOutcome::Claimed,
        settled_at: 1_795_260_600,
        evidence: word(8),
        receipt_address: word(0),
        delivery_commitment: word(0),
    };
    let proof = SettlementProof {
        chain: CHAIN,
        minter: escrow,
        order_id: on_chain.order_id,
        receipt_hash: on_chain.receipt_hash(),
        tx: word(0xe1),
        block_hash: word(0xb1),
        log_index: 3,
    };
    let bindings = Bindings {
        request: [0x11; 32].into(),
        session_id: "sess-1".parse()?,
        payer: "eh:buyer:7f3a".parse()?,
        payee: "eh:seller:9c21".parse()?,
        token,
        amount: Amount::from(25_000_000),
        delivery: Some(on_chain.evidence),
    };
    Ok((on_chain, Receipt::new(vec![proof], bindings, [0x99; 32].into())?))
}

fn receipts(criterion: &mut Criterion) {
    let (on_chain, receipt) = receipt().expect("a sound receipt");
    let mut group = criterion.benchmark_group("receipt");
    group.throughput(Throughput::Elements(1));
    group.bench_function("read, held against its hash", |bencher| {
        let fresh = || receipt.object().clone();
        bencher.iter_batched(fresh, Receipt::from_object, criterion::BatchSize::SmallInput);
    });
    group.bench_function("hash on the chain", |bencher| bencher.iter(|| black_box(&on_chain).receipt_hash()));
    group.finish();
}

fn hashes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("hash");
    group.throughput(Throughput::Elements(1));
    let part = [7; 64];
    group.bench_function("tagged, two parts of 64 bytes", |bencher| {
        bencher.iter(|| tagged_hash("TGP/0.1/example", [black_box(&part).as_slice(), &part]));
    });
    let (order, domain) = (Order { policy: 4, ..Order::default() }, escrow_domain(8453, [7; 20].into()));
    group.bench_function("order id", |bencher| {
        bencher.iter(|| {
            use alloy_sol_types::SolStruct;
            black_box(&order).pack().eip712_signing_hash(&domain)
        });
    });
    group.finish();
}

fn encodings(criterion: &mut Criterion) {
    let (bytes, _) = signed_query().expect("a sound message");
    let value = json::parse(&bytes).expect("is JSON");
    let binary = cbor::encode(&value);
    let mut group = criterion.benchmark_group("encoding");
    let bytes_of = |text: &[u8]| Throughput::Bytes(text.len().try_into().unwrap_or(u64::MAX));
    group.throughput(bytes_of(&bytes));
    group.bench_function("json read", |bencher| bencher.iter(|| json::parse(black_box(&bytes))));
    group.bench_function("json write", |bencher| bencher.iter(|| black_box(&value).canonical()));
    group.throughput(bytes_of(&binary));
    group.bench_function("cbor read", |bencher| bencher.iter(|| cbor::decode(black_box(&binary))));
    group.bench_function("cbor write", |bencher| bencher.iter(|| cbor::encode(black_box(&value))));
    group.finish();
}

criterion_group!(benches, query, decisions, receipts, hashes, encodings);
criterion_main!(benches);
