use super::{Tier, Tiers, finality::Bounds};
use crate::{
    Error, Reason, Result,
    json::{Limits, Number, Object, Value, from_value},
    value::{Amount, ChainId, Decimal, EvmAddress, Symbol},
};
use alloy_primitives::Address;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A chain's profile.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ChainProfile {
    /// The number by EIP-155.
    pub chain_id: u64,
    /// What people call it.
    pub name: String,
    /// Whether its money is worth nothing.
    pub testnet: bool,
    /// Which instructions it has.
    pub hardfork: Hardfork,
    /// Where Permit2 is.
    pub permit2: EvmAddress,
    /// Its own coin.
    pub native: Native,
    /// Its blocks.
    pub block: Block,
    /// When money counts as final.
    pub finality: Tiers,
    /// The terms of the distance between two timelocks.
    pub delays: Delays,
    /// Tokens whose EIP-712 domain is known, by their symbols.
    pub tokens: BTreeMap<String, TokenProfile>,
}

/// Which instructions a chain has.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Hardfork {
    /// TSTORE, TLOAD and MCOPY at least.
    Cancun,
    /// The node must be asked.
    Probe,
}

/// A chain's own coin.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Native {
    /// The label.
    pub symbol: Symbol,
    /// Places behind the point of a whole unit.
    pub decimals: u8,
    /// The upper end of small amounts, in base units.
    pub small_up_to: Amount,
    /// The upper end of medium amounts, in base units.
    pub medium_up_to: Amount,
}

/// A chain's blocks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// From one to the next.
    pub seconds: u64,
}

/// The terms of the distance between two timelocks, in seconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delays {
    /// Until we have seen a claim that is on the chain.
    pub observation: u32,
    /// How far our clock and the block's may differ.
    pub clock: u32,
    /// How long we may be down.
    pub outage: u32,
    /// Room.
    pub slack: u32,
    /// Until a transaction with a rising fee is in a block.
    pub inclusion: u32,
    /// How long a block that we acted on may still be replaced.
    pub reorg: u32,
    /// How long a transaction may be kept out.
    pub censorship: u32,
}

/// A token whose EIP-712 domain is known.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenProfile {
    /// Its contract.
    pub address: EvmAddress,
    /// Places behind the point of a whole unit.
    pub decimals: u8,
    /// The domain's name.
    pub eip712_name: String,
    /// The domain's version.
    pub eip712_version: String,
    /// The upper end of small amounts, in base units.
    pub small_up_to: Amount,
    /// The upper end of medium amounts, in base units.
    pub medium_up_to: Amount,
}

/// No delay and no wait of a profile is longer: what is longer is a unit taken for another.
const LONGEST: u64 = 7 * 86_400;

impl ChainProfile {
    /// Reads the text of a profile.
    ///
    /// # Errors
    /// With the field that is missing, unknown or wrong.
    pub fn read(text: &str) -> Result<Self> {
        if text.len() > Limits::MESSAGE.bytes {
            return Err(Reason::TooLarge.into());
        }
        let table: toml::Table = toml::from_str(text).map_err(|_| Reason::NotToml)?;
        let profile: Self = from_value(&json(toml::Value::Table(table))?)?;
        profile.check()?;
        Ok(profile)
    }

    /// The chain.
    #[must_use]
    pub fn chain(&self) -> ChainId {
        ChainId::eip155(self.chain_id)
    }

    /// How much so much of a token is; the zero address is the chain's own coin.
    #[must_use]
    pub fn tier(&self, token: Address, amount: Amount) -> Tier {
        let bounds =
            if token.is_zero() { Some(self.native.bounds()) } else { self.token(token).map(TokenProfile::bounds) };
        bounds.map_or(Tier::Large, |bounds| bounds.tier(amount))
    }

    /// What is known of the token at an address.
    #[must_use]
    pub fn token(&self, address: Address) -> Option<&TokenProfile> {
        self.tokens.values().find(|token| token.address.0 == address)
    }

    fn check(&self) -> Result<()> {
        let at = |reason: Reason, name: &'static str| Err(Error::from(reason).within(name));
        if self.chain_id == 0 {
            return at(Reason::OutOfRange, "chain_id");
        }
        if self.name.is_empty() || self.name.len() > 64 {
            return at(Reason::WrongLength, "name");
        }
        if self.permit2.is_zero() {
            return at(Reason::ZeroAddress, "permit2");
        }
        self.native.check().map_err(|error| error.within("native"))?;
        if !(1..=LONGEST).contains(&self.block.seconds) {
            return Err(Error::from(Reason::OutOfRange).within("seconds").within("block"));
        }
        self.finality.check().map_err(|error| error.within("finality"))?;
        self.delays.check().map_err(|error| error.within("delays"))?;
        let mut addresses = Vec::with_capacity(self.tokens.len());
        for (place, (symbol, token)) in self.tokens.iter().enumerate() {
            let within = |error: Error| error.within(place).within("tokens");
            symbol.parse::<Symbol>().map_err(|reason| within(reason.into()))?;
            token.check().map_err(within)?;
            if addresses.contains(&token.address) {
                return Err(within(Error::from(Reason::RepeatedEntry).within("address")));
            }
            addresses.push(token.address);
        }
        Ok(())
    }
}

impl Native {
    fn bounds(&self) -> Bounds {
        Bounds { small_up_to: self.small_up_to, medium_up_to: self.medium_up_to }
    }

    fn check(&self) -> Result<()> {
        check_decimals(self.decimals)?;
        self.bounds().check()
    }
}

impl TokenProfile {
    fn bounds(&self) -> Bounds {
        Bounds { small_up_to: self.small_up_to, medium_up_to: self.medium_up_to }
    }

    fn check(&self) -> Result<()> {
        if self.address.is_zero() {
            return Err(Error::from(Reason::ZeroAddress).within("address"));
        }
        if self.eip712_name.is_empty() {
            return Err(Error::from(Reason::WrongLength).within("eip712_name"));
        }
        check_decimals(self.decimals)?;
        self.bounds().check()
    }
}

impl Delays {
    fn check(self) -> Result<()> {
        for (name, seconds) in [
            ("observation", self.observation),
            ("clock", self.clock),
            ("outage", self.outage),
            ("slack", self.slack),
            ("inclusion", self.inclusion),
            ("reorg", self.reorg),
            ("censorship", self.censorship),
        ] {
            if u64::from(seconds) > LONGEST {
                return Err(Error::from(Reason::OutOfRange).within(name));
            }
        }
        Ok(())
    }
}

fn check_decimals(decimals: u8) -> Result<()> {
    if decimals > Decimal::MOST_PLACES { Err(Error::from(Reason::OutOfRange).within("decimals")) } else { Ok(()) }
}

/// The same value as JSON, so that one reader checks both and errors name fields in one way. The parser bounds how deep
/// tables stand in each other.
fn json(value: toml::Value) -> Result<Value> {
    Ok(match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::Number(number.to_string().parse::<Number>()?),
        toml::Value::Boolean(truth) => Value::Bool(truth),
        toml::Value::Array(elements) => Value::Array(elements.into_iter().map(json).collect::<Result<_>>()?),
        toml::Value::Table(table) => {
            let members = table.into_iter().map(|(name, value)| Ok((name, json(value)?))).collect::<Result<_>>()?;
            Value::Object(Object::from_members(members).ok_or(Reason::DuplicateName)?)
        }
        toml::Value::Float(_) | toml::Value::Datetime(_) => return Err(Reason::NotToml.into()),
    })
}
