//! The rules of a gateway: 002 section 12.2.

use super::{FeeSplit, Network, Policy, listed::Listed};
use crate::{
    Result,
    area::Jurisdiction,
    json::present,
    value::{Decimal, Fraction},
};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    #[serde(default, deserialize_with = "present")]
    allow_networks: Option<Vec<Network>>,
    #[serde(default, deserialize_with = "present")]
    deny_jurisdictions: Option<Vec<Jurisdiction>>,
    #[serde(default)]
    caps: Caps,
    #[serde(default)]
    fee_split: FeeSplit,
    #[serde(default)]
    qos: Qos,
}

/// Decimal strings: money is never a JSON number here.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Caps {
    #[serde(default, deserialize_with = "present")]
    max_total_usd: Option<Decimal>,
    #[serde(default, deserialize_with = "present")]
    max_fee_usd: Option<Decimal>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Qos {
    #[serde(default, deserialize_with = "present")]
    max_latency_ms: Option<u64>,
    #[serde(default, deserialize_with = "present")]
    min_success_rate: Option<Fraction>,
}

impl Rules {
    pub(super) fn compile(self) -> Result<Policy> {
        Ok(Policy {
            networks: Listed::optional(self.allow_networks, "allow_networks")?,
            deny_jurisdictions: Listed::optional(self.deny_jurisdictions, "deny_jurisdictions")?,
            max_total_usd: self.caps.max_total_usd,
            max_fee_usd: self.caps.max_fee_usd,
            fee_split: self.fee_split,
            max_latency_ms: self.qos.max_latency_ms,
            min_success_rate: self.qos.min_success_rate,
            ..Policy::default()
        })
    }
}
