#![no_main]

#[path = "../../crates/protocol/tests/it/decoders.rs"]
mod decoders;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| decoders::run("header", bytes));
