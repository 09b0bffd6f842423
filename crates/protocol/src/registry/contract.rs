use crate::{
    Error, Reason, Result,
    area::Jurisdiction,
    json::present,
    value::{Account, ChainId, EvmAddress, Id, Word},
};
use serde::Deserialize;
use std::fmt;

/// Whether contracts may be used.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// They may.
    #[default]
    Allow,
    /// They may not: listed so that nobody takes them for forgotten.
    Deny,
}

/// A contract that the registry knows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contract {
    /// What it is: `CoreProverEscrow`, `HashedTimelock`, `TgpRouter`, others.
    pub kind: Id,
    /// Where it is.
    pub account: Account,
    /// keccak256 of its code. A denied contract needs none.
    pub code_hash: Option<Word>,
    /// What the operator says of audits, compared for equality: `none`, `internal`, `external`.
    pub audit_status: Option<Id>,
    /// When it came there, in seconds since 1970.
    pub deployed_at: Option<u64>,
    /// The jurisdictions in which it may be used; everywhere without the list.
    pub jurisdictions: Option<Vec<Jurisdiction>>,
    /// Whether it may be used.
    pub status: Status,
}

impl Contract {
    /// Whether it may be used by somebody in this jurisdiction; an unknown one is in no list.
    #[must_use]
    pub(super) fn allows(&self, jurisdiction: Option<Jurisdiction>) -> bool {
        self.status == Status::Allow
            && self.jurisdictions.as_ref().is_none_or(|allowed| {
                jurisdiction.is_some_and(|place| allowed.iter().any(|allowed| allowed.covers(place)))
            })
    }
}

/// The contracts of one deployment, as `script/RegistryEntry.s.sol` prints them, with what the operator adds: `status`
/// and `jurisdictions`.
#[derive(Deserialize)]
pub(super) struct Deployment {
    chain: ChainId,
    audit_status: Option<Id>,
    deployed_at: Option<u64>,
    #[serde(default, deserialize_with = "present")]
    jurisdictions: Option<Vec<Jurisdiction>>,
    #[serde(default)]
    status: Status,
    contracts: Contracts,
}

#[derive(Deserialize)]
struct Code {
    address: EvmAddress,
    code_hash: Option<Word>,
    /// The address again, with its chain.
    account: Option<Account>,
}

impl Deployment {
    /// One contract each.
    pub(super) fn into_contracts(self) -> Result<Vec<Contract>> {
        let mut contracts = Vec::with_capacity(self.contracts.0.len());
        for (place, (kind, code)) in self.contracts.0.into_iter().enumerate() {
            let within = |reason: Reason, name| Error::from(reason).within(name).within(place).within("contracts");
            if code.address.is_zero() {
                return Err(within(Reason::ZeroAddress, "address"));
            }
            let account = Account { chain: self.chain, address: code.address };
            if code.account.is_some_and(|other| other != account) {
                return Err(within(Reason::Contradiction, "account"));
            }
            if code.code_hash.is_none() && self.status == Status::Allow {
                return Err(within(Reason::Missing, "code_hash"));
            }
            contracts.push(Contract {
                kind,
                account,
                code_hash: code.code_hash,
                audit_status: self.audit_status.clone(),
                deployed_at: self.deployed_at,
                jurisdictions: self.jurisdictions.clone(),
                status: self.status,
            });
        }
        Ok(contracts)
    }
}

/// The members of an object, in its order.
struct Contracts(Vec<(Id, Code)>);

impl<'de> Deserialize<'de> for Contracts {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Contracts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("contracts by their kinds")
            }

            fn visit_map<M: serde::de::MapAccess<'de>>(self, mut map: M) -> Result<Contracts, M::Error> {
                let mut contracts = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    contracts.push(entry);
                }
                Ok(Contracts(contracts))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}
