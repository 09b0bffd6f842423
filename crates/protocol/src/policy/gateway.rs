//! The rules of a gateway: 002 section 12.2.

use super::{FeeSplit, Network, Policy, listed::Listed};
use crate::{
    Result,
    area::Jurisdiction,
    value::{Decimal, Fraction},
};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    allow_networks: Option<Vec<Network>>,
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
    max_total_usd: Option<Decimal>,
    max_fee_usd: Option<Decimal>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Qos {
    max_latency_ms: Option<u64>,
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
