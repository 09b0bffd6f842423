//! Chain profiles.
#![allow(clippy::unwrap_used, reason = "a test may end in a panic: that is how it fails")]

use alloy_primitives::Address;
use proptest::prelude::*;
use std::{fs, path::Path};
use tgp_protocol::{
    Reason,
    chain_profile::{ChainProfile, FinalityRule, Hardfork, Tier},
    value::Amount,
};

const BASE: &str = include_str!("../../../../chains/8453.toml");

fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

/// Every file is sound and named by its chain.
#[test]
fn every_file_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../chains");
    let mut chains = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let profile = ChainProfile::read(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(path.file_stem().and_then(|it| it.to_str()), Some(profile.chain_id.to_string().as_str()));
        chains.push(profile.chain_id);
    }
    chains.sort_unstable();
    assert_eq!(chains, [1, 369, 943, 8_453, 31_337, 84_532]);
}

#[test]
fn bases_profile_is_read_field_by_field() {
    let base = ChainProfile::read(BASE).unwrap();
    assert_eq!(base.chain().to_string(), "eip155:8453");
    assert_eq!((base.name.as_str(), base.testnet, base.hardfork), ("Base", false, Hardfork::Cancun));
    assert_eq!(base.permit2.to_string(), "0x000000000022D473030F116dDEE9F6B43aC78BA3");
    assert_eq!((base.native.symbol.as_str(), base.native.decimals, base.block.seconds), ("ETH", 18, 2));
    let small = base.finality.of(Tier::Small);
    assert_eq!((small.rule, small.blocks, small.seconds), (FinalityRule::Depth, 10, 20));
    assert_eq!(base.finality.of(Tier::Medium).rule, FinalityRule::L1Derived);
    assert_eq!(base.finality.of(Tier::Large).rule, FinalityRule::Finalized);
    let delays = base.delays;
    let all = [
        delays.observation,
        delays.clock,
        delays.outage,
        delays.slack,
        delays.inclusion,
        delays.reorg,
        delays.censorship,
    ];
    assert_eq!(all, [30, 30, 3_600, 60, 120, 900, 3_600]);
    let usdc = &base.tokens["USDC"];
    assert_eq!((usdc.eip712_name.as_str(), usdc.eip712_version.as_str(), usdc.decimals), ("USD Coin", "2", 6));
    assert_eq!(base.token(usdc.address.0), Some(usdc));
}

#[test]
fn a_tier_ends_where_its_table_says() {
    let base = ChainProfile::read(BASE).unwrap();
    let usdc = base.tokens["USDC"].address.0;
    for (token, text, tier) in [
        (usdc, "0", Tier::Small),
        (usdc, "1000000000", Tier::Small),
        (usdc, "1000000001", Tier::Medium),
        (usdc, "100000000000", Tier::Medium),
        (usdc, "100000000001", Tier::Large),
        (Address::ZERO, "250000000000000000", Tier::Small),
        (Address::ZERO, "250000000000000001", Tier::Medium),
        (Address::ZERO, "25000000000000000001", Tier::Large),
        // nobody vouches for it
        (Address::repeat_byte(7), "1", Tier::Large),
    ] {
        assert_eq!(base.tier(token, amount(text)), tier, "{token} {text}");
    }
}

#[test]
fn what_is_wrong_in_a_file_is_named() {
    for (old, new, field, reason) in [
        ("chain_id = 8453", "chain_id = 0", "chain_id", Reason::OutOfRange),
        ("chain_id = 8453", "chain_id = -1", "chain_id", Reason::OutOfRange),
        ("chain_id = 8453", "chain_id = 9007199254740993", "", Reason::UnsafeNumber),
        ("chain_id = 8453", "chain_id = 1.5", "", Reason::NotToml),
        ("chain_id = 8453", "chain_id = 2026-11-21", "", Reason::NotToml),
        ("chain_id = 8453", "", "chain_id", Reason::Missing),
        ("chain_id = 8453", "chain_id = 1\nchain_id = 2", "", Reason::NotToml),
        ("chain_id = 8453", "chain_id = [", "", Reason::NotToml),
        ("testnet = false", "testnet = 0", "testnet", Reason::WrongType),
        ("hardfork = \"cancun\"", "hardfork = \"paris\"", "hardfork", Reason::UnknownValue),
        ("permit2 = \"0x00", "permit2 = \"0x", "permit2", Reason::BadAddress),
        ("seconds = 2\n", "seconds = 0\n", "block.seconds", Reason::OutOfRange),
        ("blocks = 0, seconds = 600", "blocks = 1, seconds = 600", "finality.medium.blocks", Reason::Contradiction),
        ("seconds = 600", "seconds = 19", "finality.medium", Reason::Contradiction),
        ("\"l1-derived\", blocks = 0", "\"depth\", blocks = 9", "finality.medium", Reason::Contradiction),
        ("seconds = 1800", "seconds = 599", "finality.large", Reason::Contradiction),
        ("\"l1-derived\"", "\"l1_derived\"", "finality.medium.rule", Reason::UnknownValue),
        ("outage = 3600", "outage = 3600000", "delays.outage", Reason::OutOfRange),
        ("outage = 3600", "outages = 3600", "delays[4]", Reason::UnknownField),
        ("decimals = 6", "decimals = 37", "tokens[0].decimals", Reason::OutOfRange),
        ("\"1000000000\"", "\"1000000000000\"", "tokens[0].small_up_to", Reason::Contradiction),
        ("\"1000000000\"", "\"1e9\"", "tokens[0].small_up_to", Reason::BadAmount),
        ("[tokens.USDC]", "[tokens.\"US DC\"]", "tokens[0]", Reason::BadSymbol),
    ] {
        assert!(BASE.contains(old), "{old}");
        let error = ChainProfile::read(&BASE.replacen(old, new, 1)).expect_err(new);
        assert_eq!((error.field().to_string().as_str(), error.reason()), (field, reason), "{new}");
    }
    let token = &BASE[BASE.find("[tokens.USDC]").unwrap()..];
    let twice = format!("{BASE}\n{}", token.replace("tokens.USDC", "tokens.USDbC"));
    let error = ChainProfile::read(&twice).unwrap_err();
    assert_eq!((error.field().to_string().as_str(), error.reason()), ("tokens[1].address", Reason::RepeatedEntry));
    let long = format!("{BASE}\n# {}", "x".repeat(70_000));
    assert_eq!(ChainProfile::read(&long).unwrap_err().reason(), Reason::TooLarge);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), depth in 0_usize..400, cut in any::<prop::sample::Index>()) {
        let _ = ChainProfile::read(&text);
        let _ = ChainProfile::read(&format!("a = {}{}", "[".repeat(depth), "]".repeat(depth)));
        let mut at = cut.index(BASE.len());
        while !BASE.is_char_boundary(at) {
            at -= 1;
        }
        let _ = ChainProfile::read(&BASE[..at]);
    }
}
