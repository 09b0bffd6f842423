use crate::{
    Outcome,
    topic::{Case, Topic},
};
use std::{fmt::Display, str::FromStr};
use tgp_protocol::{
    Reason,
    value::{
        Account, Amount, ChainId, Decimal, DomainName, EndpointHandle, EvmAddress, Fraction, Id, Party, Sha256Digest,
        Symbol, Timestamp, Uuid, Word,
    },
};

const ADDRESSES: &[&str] = &[
    "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
    "0x209693bc6afc0c5328ba36faf03c514ef312287c",
    "0x209693BC6AFC0C5328BA36FAF03C514EF312287C",
    "0x0000000000000000000000000000000000000000",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",
    "0x209693bc6afc0C5328bA36FaF03C514EF312287C",
    // the documents' escrow: 39 digits
    "0x742d35Cc6634C0532925a3b844Bc9e7595f0bEb",
    "0x742d35Cc6634C0532925a3b844Bc9e7595f0bEb00",
    "209693bc6afc0c5328ba36faf03c514ef312287c",
    "0X209693bc6afc0c5328ba36faf03c514ef312287c",
    "0x209693bc6afc0c5328ba36faf03c514ef312287g",
    " 0x209693bc6afc0c5328ba36faf03c514ef312287c",
    "",
];

const CHAINS: &[&str] = &[
    "eip155:1",
    "eip155:8453",
    "eip155:18446744073709551615",
    "ethereum",
    "sepolia",
    "base",
    "base-sepolia",
    "polygon",
    "polygon-amoy",
    "avalanche",
    "avalanche-fuji",
    "arbitrum",
    "optimism",
    "pulsechain",
    "pulsechain-testnet-v4",
    "Base",
    "eip155:0",
    "eip155:01",
    "eip155:",
    "eip155:+1",
    "eip155:18446744073709551616",
    "EIP155:1",
    "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp",
    "8453",
    "",
];

const ACCOUNTS: &[&str] = &[
    "eip155:8453:0x209693bc6afc0c5328ba36faf03c514ef312287c",
    "base:0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
    "eip155:8453:0x209693bc6afc0C5328bA36FaF03C514EF312287C",
    "eip155:8453:0x209693bc6afc0c5328ba36faf03c514ef31228",
    "0x209693bc6afc0c5328ba36faf03c514ef312287c",
    "eip155:x:0x209693bc6afc0c5328ba36faf03c514ef312287c",
];

const PARTIES: &[&str] = &[
    "buyer://alice.wallet",
    "seller://store.example",
    "seller://store.example/shop/1?item=2#x",
    "controller://tbc-1",
    "agent://a",
    "https://store.example/pay",
    "https://store.example/@alice",
    "did:loe:dbigge",
    "eh:tbca:x1",
    "0x209693bc6afc0c5328ba36faf03c514ef312287c",
    "eip155:8453:0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
    "alice",
    "http://store.example",
    "BUYER://alice",
    "buyer://",
    "did:",
    "seller://user:secret@host",
    "https://user@host/",
    "seller://host with space",
    "seller://host\"",
    "seller://h\u{f6}st",
    "seller://host\n",
    "0x742d35Cc6634C0532925a3b844Bc9e7595f0bEb",
    "eip155:0:0x209693bc6afc0c5328ba36faf03c514ef312287c",
    "",
];

const TIMES: &[&str] = &[
    "2026-11-21T10:00:00Z",
    "2025-12-01T10:00:00.5Z",
    "2025-12-01T10:00:00.50Z",
    "2025-12-01T10:00:00.123Z",
    "1970-01-01T00:00:00Z",
    "2024-02-29T23:59:59.999Z",
    "9999-12-30T22:00:00Z",
    "9999-12-30T22:00:00.001Z",
    "1969-12-31T23:59:59Z",
    "2025-02-29T00:00:00Z",
    "2025-13-01T00:00:00Z",
    "2025-12-01T24:00:00Z",
    "2025-12-01T10:60:00Z",
    "2016-12-31T23:59:60Z",
    "2025-12-01T11:00:00+01:00",
    "2025-12-01T10:00:00+00:00",
    "2025-12-01T10:00:00",
    "2025-12-01t10:00:00z",
    "2025-12-01 10:00:00Z",
    "2025-12-01T10:00:00.1234Z",
    "2025-12-01T10:00:00.Z",
    "2025-12-01T10:00Z",
    "1764583200",
    "",
];

const AMOUNTS: &[&str] = &[
    "0",
    "1",
    "1000000",
    "9007199254740993",
    "115792089237316195423570985008687907853269984665640564039457584007913129639935",
    "115792089237316195423570985008687907853269984665640564039457584007913129639936",
    "1000000000000000000000000000000000000000000000000000000000000000000000000000000",
    "01",
    "1.5",
    "-1",
    "+1",
    "1e6",
    "0x10",
    "1_000",
    " 1",
    "",
];

const DECIMALS: &[&str] = &[
    "10.00",
    "9.50",
    "0",
    "0.000000000000000001",
    "1250",
    "115792089237316195423570985008687907853269984665640564039457584007913129639935",
    "$50,000",
    "1,000",
    "1.",
    ".5",
    "00.5",
    "-1",
    "1e3",
    "0.0000000000000000000000000000000000001",
    "",
];

const FRACTIONS: &[&str] =
    &["0", "1", "0.05", "0.990000", "0.000001", "1.0", "1.000001", "0.0000001", "2", ".5", "-0", ""];

const IDS: &[&str] = &[
    "q-abc123",
    "A.b_c:d-9",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "a b",
    "a>b",
    "\u{e4}",
    "",
];

const DOMAINS: &[&str] =
    &["gw.example", "localhost", "a-1.b", "Gw.example", "-a.b", "a-.b", "a..b", "a.b.", "a_b", "h\u{f6}st", ""];

const HANDLES: &[&str] = &[
    "eh:tbca:x1",
    "eh:a-b:0_.9-",
    "eh:tbca:",
    "eh::x",
    "eh:tbca",
    "tbca:x1",
    "eh:t:0x209693bc6afc0c5328ba36faf03c514ef312287c",
];

const SYMBOLS: &[&str] = &["USDC", "wETH.e", "USD-C", "US DC", "ABCDEFGHIJKLMNOP", "ABCDEFGHIJKLMNOPQ", ""];

const UUIDS: &[&str] = &[
    "3f2b8c1e-7a55-4d0e-9a41-0c6d2f1b7e90",
    "3F2B8C1E-7A55-4D0E-9A41-0C6D2F1B7E90",
    "3f2b8c1e7a554d0e9a410c6d2f1b7e90",
    "{3f2b8c1e-7a55-4d0e-9a41-0c6d2f1b7e90}",
];

const DIGESTS: &[&str] = &[
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8",
    "sha256:0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8zz",
    "sha256:E3B0C44298FC1C149AFBF4C8996FB92427ae41e4649b934ca495991b7852b855",
    "0xE3B0C44298FC1C149AFBF4C8996FB92427ae41e4649b934ca495991b7852b855",
    "0Xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
];

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new("Texts of the protocol's types: the one text that is written for them, or the refusal.");
    judge::<EvmAddress>(&mut topic, "address", ADDRESSES);
    judge::<ChainId>(&mut topic, "chain", CHAINS);
    judge::<Account>(&mut topic, "account", ACCOUNTS);
    judge::<Party>(&mut topic, "party", PARTIES);
    judge::<Timestamp>(&mut topic, "time", TIMES);
    judge::<Amount>(&mut topic, "amount", AMOUNTS);
    judge::<Decimal>(&mut topic, "decimal", DECIMALS);
    judge::<Fraction>(&mut topic, "fraction", FRACTIONS);
    judge::<Id>(&mut topic, "id", IDS);
    judge::<DomainName>(&mut topic, "domain", DOMAINS);
    judge::<EndpointHandle>(&mut topic, "handle", HANDLES);
    judge::<Symbol>(&mut topic, "symbol", SYMBOLS);
    judge::<Uuid>(&mut topic, "uuid", UUIDS);
    judge::<Sha256Digest>(&mut topic, "sha256", DIGESTS);
    judge::<Word>(&mut topic, "word", DIGESTS);
    Ok(topic)
}

fn judge<T: FromStr<Err = Reason> + Display>(topic: &mut Topic, kind: &str, texts: &[&str]) {
    for text in texts {
        let case = Case::new(format!("{kind} {text:?}")).with("type", kind).with("text", *text);
        topic.push(case.with_result(text.parse::<T>(), |case, value| case.with("written", value.to_string())));
    }
}
