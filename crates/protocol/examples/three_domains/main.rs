//! The three domains of document 001, with real signatures and amounts that add up:
//! `cargo run -p tgp-protocol --example three_domains`.
//!
//! Keys, times and nonces are fixed, so it prints the same every time; `docs/protocol` shows what.

// the crate's dependencies are not all needed here
#![allow(unused_crate_dependencies)]

mod story;

use std::io::{self, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    Ok(io::stdout().write_all(story::tell()?.as_bytes())?)
}
