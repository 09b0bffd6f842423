//! Writes the test vectors that any implementation can be held against: `make vectors`. With `--check` it writes
//! nothing and fails when a file differs from what this crate does now.
//!
//! A topic is a module with a function that gives its [`Topic`]; it is added to [`TOPICS`], to the table in
//! `vectors/README.md`, and to the independent checker in `vectors/check`.

// the crate's dependencies are not all needed here
#![allow(unused_crate_dependencies)]

mod areas;
mod cbor;
mod edit;
mod eip712;
mod envelopes;
mod errors;
mod gateway_messages;
mod hash_locks;
mod headers;
mod identifiers;
mod identity;
mod json;
mod keys;
mod ledger;
mod messages;
mod numbers;
mod object;
mod offer_answers;
mod offers;
mod orders;
mod paths;
mod policies;
mod profiles;
mod quotes;
mod random;
#[path = "../../tests/it/receipt/sample.rs"]
mod receipt_sample;
mod receipts;
mod records;
mod registry;
mod samples;
mod sessions;
mod splits;
mod tagged_hash;
mod tib;
mod timelocks;
mod tlv;
mod topic;
mod triplets;
mod wallet;
mod x402;

use std::{env, error::Error, fs, path::Path};
use topic::Topic;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Makes one file.
type Maker = fn() -> Outcome<Topic>;

/// Every file with its maker.
const TOPICS: [(&str, Maker); 28] = [
    ("json", json::topic),
    ("numbers", numbers::topic),
    ("tagged_hash", tagged_hash::topic),
    ("keys_and_signatures", keys::topic),
    ("identifiers", identifiers::topic),
    ("messages", messages::topic),
    ("orders", orders::topic),
    ("eip712", eip712::topic),
    ("hash_locks", hash_locks::topic),
    ("cbor", cbor::topic),
    ("tlv", tlv::topic),
    ("sessions", sessions::topic),
    ("receipts", receipts::topic),
    ("records", records::topic),
    ("areas", areas::topic),
    ("profiles", profiles::topic),
    ("policies", policies::topic),
    ("registry", registry::topic),
    ("offers", offers::topic),
    ("headers", headers::topic),
    ("x402", x402::topic),
    ("quotes", quotes::topic),
    ("gateway_messages", gateway_messages::topic),
    ("paths", paths::topic),
    ("timelocks", timelocks::topic),
    ("tib", tib::topic),
    ("ledger", ledger::topic),
    ("identity", identity::topic),
];

fn main() -> Outcome<()> {
    let check = env::args().any(|argument| argument == "--check");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors");
    for (name, topic) in TOPICS {
        let path = folder.join(name).with_extension("json");
        let text = topic()?.into_text()?;
        if !check {
            fs::write(path, text)?;
        } else if fs::read_to_string(path).ok().as_ref() != Some(&text) {
            return Err(format!("vectors/{name}.json is stale: run `make vectors`").into());
        }
    }
    Ok(())
}
