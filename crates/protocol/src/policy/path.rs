//! The policy block of an x402 path: 003 section 4.1. Its values are labels, compared for equality.

use super::{Policy, listed::Listed};
use crate::{Result, area::Jurisdiction, value::Id};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct PathPolicy {
    kyc_class: Option<Id>,
    jurisdiction: Option<Vec<Jurisdiction>>,
    sanctions: Option<Id>,
    data_retention: Option<Id>,
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
