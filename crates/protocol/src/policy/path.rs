//! The policy block of an x402 path: 003 section 4.1. Its values are labels, compared for equality.

use super::{Policy, listed::Listed};
use crate::{Result, area::Jurisdiction, json::present, value::Id};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct PathPolicy {
    #[serde(default, deserialize_with = "present")]
    kyc_class: Option<Id>,
    #[serde(default, deserialize_with = "present")]
    jurisdiction: Option<Vec<Jurisdiction>>,
    #[serde(default, deserialize_with = "present")]
    sanctions: Option<Id>,
    #[serde(default, deserialize_with = "present")]
    data_retention: Option<Id>,
    #[serde(default, deserialize_with = "present")]
    allowed_use: Option<Vec<Id>>,
}

impl PathPolicy {
    pub(super) fn compile(self) -> Result<Policy> {
        Ok(Policy {
            kyc_class: self.kyc_class,
            jurisdictions: Listed::optional(self.jurisdiction, "jurisdiction")?,
            sanctions: self.sanctions,
            data_retention: self.data_retention,
            uses: Listed::optional(self.allowed_use, "allowedUse")?,
            ..Policy::default()
        })
    }
}
