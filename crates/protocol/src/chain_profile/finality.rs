use crate::{Error, Reason, Result, value::Amount};
use serde::Deserialize;

/// How much is at stake: the more, the longer one waits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Tier {
    /// Up to the token's `small_up_to`.
    Small,
    /// Up to its `medium_up_to`.
    Medium,
    /// Above it, and every amount of a token without a table.
    Large,
}

/// The upper ends of the tiers, in base units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Bounds {
    pub(super) small_up_to: Amount,
    pub(super) medium_up_to: Amount,
}

impl Bounds {
    pub(super) fn tier(self, amount: Amount) -> Tier {
        if amount <= self.small_up_to {
            Tier::Small
        } else if amount <= self.medium_up_to {
            Tier::Medium
        } else {
            Tier::Large
        }
    }

    pub(super) fn check(self) -> Result<()> {
        if self.small_up_to > self.medium_up_to {
            return Err(Error::from(Reason::Contradiction).within("small_up_to"));
        }
        Ok(())
    }
}

/// When a block's money counts as final.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FinalityRule {
    /// So many blocks on top.
    Depth,
    /// The block's batch is on the chain below.
    L1Derived,
    /// The node's tag `finalized`.
    Finalized,
}

/// How long money of a tier waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// What to wait for.
    pub rule: FinalityRule,
    /// With the rule of depth, how many blocks on top; otherwise 0.
    pub blocks: u64,
    /// How long that usually takes, for the arithmetic of timelocks.
    pub seconds: u64,
}

impl Wait {
    fn check(self) -> Result<()> {
        if self.rule != FinalityRule::Depth && self.blocks != 0 {
            return Err(Error::from(Reason::Contradiction).within("blocks"));
        }
        Ok(())
    }
}

/// How long money waits, by its amount.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tiers {
    /// Of small amounts.
    pub small: Wait,
    /// Of medium amounts.
    pub medium: Wait,
    /// Of large amounts.
    pub large: Wait,
}

impl Tiers {
    /// That of a tier.
    #[must_use]
    pub fn of(&self, tier: Tier) -> Wait {
        match tier {
            Tier::Small => self.small,
            Tier::Medium => self.medium,
            Tier::Large => self.large,
        }
    }

    /// More money never waits for less.
    pub(super) fn check(&self) -> Result<()> {
        self.small.check().map_err(|error| error.within("small"))?;
        self.medium.check().map_err(|error| error.within("medium"))?;
        self.large.check().map_err(|error| error.within("large"))?;
        let falls = |less: Wait, more: Wait| {
            let shallower = less.rule == FinalityRule::Depth && more.rule == less.rule && more.blocks < less.blocks;
            more.seconds < less.seconds || shallower
        };
        if falls(self.small, self.medium) {
            return Err(Error::from(Reason::Contradiction).within("medium"));
        }
        if falls(self.medium, self.large) {
            return Err(Error::from(Reason::Contradiction).within("large"));
        }
        Ok(())
    }
}
