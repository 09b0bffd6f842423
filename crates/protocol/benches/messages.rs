//! How fast one core reads, checks, signs and hashes: `make bench-protocol`.

// the crate's dependencies are not all needed here, and criterion_group writes functions without docs
#![allow(unused_crate_dependencies, missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use tgp_protocol::{
    buyer::Query,
    cbor, json,
    order::{Order, escrow_domain},
    sign::{PublicKey, SigningKey},
    tagged_hash,
    wire::{self, Message, Received},
};

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

criterion_group!(benches, query, hashes, encodings);
criterion_main!(benches);
