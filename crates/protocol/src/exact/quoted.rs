use super::{DisplayName, field};
use crate::{
    Reason,
    value::{Amount, ChainId, EvmAddress, Id, Symbol, serde_by_text},
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The token of a quote.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct QuotedAsset {
    /// Where it is; network names are read as aliases.
    pub chain: ChainId,
    /// The token's contract.
    pub erc20: EvmAddress,
    /// Of its smallest unit.
    pub decimals: u8,
    /// A label.
    pub symbol: Symbol,
}

/// The price of a quote.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Price {
    /// In the token's smallest unit.
    #[serde(deserialize_with = "field::amount")]
    pub amount: Amount,
    /// The asset's symbol again.
    pub currency: Symbol,
    /// How long it stands.
    pub ttl_seconds: u32,
}

/// What a gateway earns.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fee {
    /// The gateway's tag.
    pub hop: Id,
    /// For what.
    #[serde(rename = "type")]
    pub kind: FeeKind,
    /// In the token's smallest unit.
    #[serde(deserialize_with = "field::amount")]
    pub amount: Amount,
}

/// What a fee is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeKind {
    /// Judging the payment by a policy.
    PolicyEval,
    /// Passing it into another domain.
    #[serde(rename = "crossdomain")]
    CrossDomain,
    /// Submitting it to the chain.
    EgressSettle,
}

/// What a path asks of its users. An absent list is no constraint; an empty one permits nothing.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QuotedPolicy {
    /// How well the payer must be known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kyc_class: Option<KycClass>,
    /// Where it may be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<Vec<Id>>,
    /// Which list of sanctions is applied: a label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sanctions: Option<Id>,
    /// How long records are kept: a label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_retention: Option<Id>,
    /// What it may be used for: labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed_use: Option<Vec<Id>>,
}

/// How well a payer is known: a label, compared for equality.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum KycClass {
    P0,
    P1,
    P2,
}

/// Who is paid.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Provider {
    /// For people.
    pub name: DisplayName,
    /// Where the money goes.
    pub settlement_address: EvmAddress,
    /// How it must be paid.
    pub payment_requirements: ProviderRequirements,
}

/// How a provider must be paid.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProviderRequirements {
    /// By which scheme.
    pub scheme: Scheme,
    /// The amount that the buyer signs.
    #[serde(deserialize_with = "field::amount")]
    pub max_amount_required: Amount,
    /// How much of the authorization's window must be left.
    pub validity_min_seconds: u32,
    /// The asset's chain again.
    pub required_network: ChainId,
    /// The asset's symbol again.
    pub required_token: TokenName,
}

/// The schemes of plane S.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Scheme {
    /// One transfer to the provider.
    #[serde(rename = "x402:exact:eip3009")]
    Eip3009,
    /// One transfer to the router, which pays provider and gateways by what the buyer signed.
    #[serde(rename = "x402:exact:router-split")]
    RouterSplit,
}

/// A token by kind and symbol: `erc20:USDC`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct TokenName(pub Symbol);

impl FromStr for TokenName {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        text.strip_prefix("erc20:").ok_or(Reason::BadSymbol)?.parse().map(Self)
    }
}

impl fmt::Display for TokenName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "erc20:{}", self.0)
    }
}

serde_by_text!(TokenName);
