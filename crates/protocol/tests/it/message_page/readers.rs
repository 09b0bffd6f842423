//! What the readers know: the members of each struct, the words of each enum, and the form of each type.

use serde::de::{self, DeserializeOwned, Visitor};
use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr,
};
use tgp_protocol::{
    Code, buyer, exact, gateway,
    json::Value,
    order,
    sign::{KeyId, Signature, WalletSignature},
    tib,
    value::{
        Account, Amount, ChainId, Decimal, DomainName, EndpointHandle, EvmAddress, Fraction, Id, Label, Nonce, Party,
        PathId, Secret, Sha256Digest, Symbol, Timestamp, Uuid, Word,
    },
};

type Names = BTreeSet<&'static str>;

/// The members that each section's reader knows. Keys and signatures of parts stand beside their fields.
pub(crate) fn members() -> Vec<(&'static str, Names)> {
    fn of<T: DeserializeOwned>(section: &'static str, others: &[&'static str]) -> (&'static str, Names) {
        (section, known::<T>().iter().copied().chain(others.iter().copied()).collect())
    }
    fn of_gateways<T: DeserializeOwned>(section: &'static str) -> (&'static str, Names) {
        let header = ["request_id", "timestamp", "sender"];
        (section, known::<T>().iter().copied().filter(|name| !header.contains(name)).collect())
    }
    vec![
        of::<buyer::Query>("B/QUERY", &[]),
        of::<buyer::Offer>("B/OFFER", &[]),
        of::<buyer::Accept>("B/ACCEPT", &[]),
        of::<buyer::Settle>("B/SETTLE", &[]),
        of::<buyer::ErrorMessage>("B/ERROR", &[]),
        of_gateways::<gateway::Query>("G/QUERY"),
        of_gateways::<gateway::Advert>("G/ADVERT"),
        of_gateways::<gateway::Select>("G/SELECT"),
        of_gateways::<gateway::Locked>("G/LOCKED"),
        of_gateways::<gateway::Proof>("G/PROOF"),
        of_gateways::<gateway::Settle>("G/SETTLE"),
        of_gateways::<gateway::ErrorReport>("G/ERROR"),
        of_gateways::<gateway::WithdrawRoute>("G/WITHDRAW-ROUTE"),
        of_gateways::<gateway::Abort>("G/ABORT"),
        of::<exact::PathQuote>("S/VPQ", &[]),
        of::<exact::SettlementEnvelope>("S/VSE", &[]),
        of::<exact::ProofOfSettlement>("S/POS", &[]),
        of::<buyer::EconomicEnvelope>("economic envelope", &[]),
        of::<buyer::OfferedOrder>("order", &[]),
        of::<order::OrderJson>("terms", &[]),
        of::<order::SimpleOrderJson>("simple terms", &[]),
        of::<order::CommitmentJson>("commitment", &[]),
        of::<buyer::NextAction>("action", &[]),
        of::<tib::TibLite>("flat block", &[]),
        of::<gateway::Attributes>("attributes", &[]),
        of::<gateway::Money>("sum", &[]),
        of::<gateway::Qos>("service", &[]),
        of::<gateway::Path>("path", &[]),
        of::<gateway::Cost>("cost", &[]),
        of::<gateway::PathAttributes>("path attributes", &[]),
        of::<gateway::HopQuote>("hop quote", &["kid", "sig"]),
        of::<gateway::Invoice>("invoice", &["kid", "sig"]),
        of::<gateway::Bond>("bond", &[]),
        of::<gateway::HtlcParams>("lock", &[]),
        of::<gateway::LockRef>("lock on the chain", &[]),
        of::<tib::StateRef>("block", &[]),
        of::<gateway::ProofData>("proof data", &["kid", "signature"]),
        of::<gateway::Release>("release", &[]),
        of::<tib::Tib>("info block", &[]),
        of::<tib::Meta>("meta", &[]),
        of::<tib::ValueLayer>("value layer", &[]),
        of::<tib::Network>("network", &[]),
        of::<tib::Asset>("asset", &[]),
        of::<tib::Settlement>("settlement", &[]),
        of::<tib::PriceOracle>("price oracle", &[]),
        of::<tib::IdentityLayer>("identity layer", &[]),
        of::<tib::Entities>("entities", &[]),
        of::<tib::Endpoint>("endpoint", &[]),
        of::<tib::Binding>("binding", &[]),
        of::<tib::Claims>("claims", &[]),
        of::<tib::PolicyLayer>("policy layer", &[]),
        of::<tib::Role>("role", &[]),
        of::<tib::Audit>("audit", &[]),
        of::<tib::Crypto>("crypto", &[]),
        of::<exact::QuotedAsset>("quoted asset", &[]),
        of::<exact::Price>("price", &[]),
        of::<exact::Fee>("fee", &[]),
        of::<exact::QuotedPolicy>("quoted policy", &[]),
        of::<exact::Provider>("provider", &[]),
        of::<exact::ProviderRequirements>("payment requirements", &[]),
        of::<exact::TransitQuote>("transit quote", &[]),
        of::<exact::HopProof>("hop proof", &[]),
        of::<exact::SealedPayment>("sealed payment", &[]),
        of::<exact::Constraints>("constraints", &[]),
        of::<exact::Finality>("finality", &[]),
    ]
}

/// The words of each type that has a few.
pub(crate) fn words() -> BTreeMap<&'static str, BTreeSet<String>> {
    fn of<T: DeserializeOwned>(name: &'static str) -> (&'static str, BTreeSet<String>) {
        (name, known::<T>().iter().copied().map(str::to_owned).collect())
    }
    let listed = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    BTreeMap::from([
        of::<buyer::ActionId>("action id"),
        of::<gateway::AmountMode>("amount mode"),
        of::<buyer::Channel>("channel"),
        ("class", listed(&Code::ALL.iter().map(|code| code.class().letter()).collect::<Vec<_>>())),
        of::<gateway::CostModel>("cost model"),
        of::<order::CounterKind>("counter kind"),
        of::<tib::EndpointClass>("endpoint class"),
        of::<tib::EscrowType>("escrow type"),
        of::<exact::FeeKind>("fee kind"),
        of::<exact::FinalityTag>("finality tag"),
        of::<exact::KycClass>("kyc class"),
        of::<gateway::LockedStatus>("locked status"),
        // of a type that only the reader of orders has
        ("order kind", listed(&["terms", "simple"])),
        of::<buyer::BuyerProtection>("protection"),
        of::<tib::TdrLevel>("record level"),
        of::<tib::Right>("right"),
        of::<exact::Scheme>("scheme"),
        of::<gateway::SettleStatus>("settle status"),
        of::<tib::SettlementMode>("settlement mode"),
        of::<order::Silence>("silence"),
        of::<buyer::SettleSource>("source"),
        of::<order::PolicyBit>("way of release"),
        of::<buyer::ZkProfile>("zk profile"),
    ])
}

/// Whether a value has the form of a type of the page.
pub(crate) fn is_of_type(name: &str, value: &Value) -> bool {
    fn reads<T: FromStr>(value: &Value) -> bool {
        value.as_str().is_some_and(|text| text.parse::<T>().is_ok())
    }
    let number = |most: u64| matches!(value, Value::Number(number) if number.as_u64().is_some_and(|it| it <= most));
    match name {
        "account" => reads::<Account>(value),
        "address" => reads::<EvmAddress>(value),
        "amount" | "amount text" | "digits" => reads::<Amount>(value),
        "bps" => number(10_000),
        "bytes" => reads::<exact::SealedBytes>(value),
        "chain" => reads::<ChainId>(value),
        "code" => value.as_str().is_some_and(|text| Code::from_spelling(text).is_some()),
        "domain" => reads::<DomainName>(value),
        "fraction" => reads::<Fraction>(value),
        "handle" => reads::<EndpointHandle>(value),
        "hop" => reads::<gateway::HopId>(value),
        "id" => reads::<Id>(value),
        "key id" => reads::<KeyId>(value),
        "kind" => value.as_str().is_some_and(|text| text.chars().all(|sign| sign.is_ascii_uppercase() || sign == '-')),
        "label" => reads::<Label>(value),
        "milliseconds" | "u64" => number(u64::MAX),
        "money" | "money text" => reads::<Decimal>(value),
        "nonce" => reads::<Nonce>(value),
        "one" => number(1) && !number(0),
        "party" => reads::<Party>(value),
        "path id" => reads::<PathId>(value),
        "policy" | "x402 payment" => matches!(value, Value::Object(_)),
        "secret" => reads::<Secret>(value),
        "sha256" => reads::<Sha256Digest>(value),
        "signature" => reads::<Signature>(value),
        "symbol" => reads::<Symbol>(value),
        "text" => value.as_str().is_some(),
        "time" => reads::<Timestamp>(value),
        "token" => reads::<exact::TokenName>(value),
        "truth" => matches!(value, Value::Bool(_)),
        "u8" => number(u8::MAX.into()),
        "u32" => number(u32::MAX.into()),
        "uuid" => reads::<Uuid>(value),
        "version" => value.as_str() == Some("0.1"),
        "wallet signature" => reads::<WalletSignature>(value),
        "word" => reads::<Word>(value),
        _ => false,
    }
}

/// The names that a struct's or an enum's reader asks for.
fn known<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    let refused = T::deserialize(Probe(&mut names));
    assert!(refused.is_err(), "the probe has no value");
    names
}

/// Learns the names, and refuses every value.
struct Probe<'p>(&'p mut &'static [&'static str]);

impl<'de> de::Deserializer<'de> for Probe<'_> {
    type Error = de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(de::Error::custom("no value"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = names;
        self.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = words;
        self.deserialize_any(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map identifier ignored_any
    }
}
