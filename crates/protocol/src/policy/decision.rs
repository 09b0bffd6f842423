use super::{FeeSplit, RuleId};
use crate::{Code, Error, Reason};

/// What a policy says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    /// It may pass, with these conditions.
    Allow(Permit),
    /// It may not.
    Deny(Denial),
}

impl Decision {
    /// Whether it may pass.
    #[must_use]
    pub fn is_allow(&self) -> bool {
        matches!(self, Self::Allow(_))
    }
}

/// The conditions under which something may pass.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Permit {
    /// Whether escrow with proofs must be used: because the policy demands it, or because the buyer does.
    pub zk_required: bool,
    /// Who bears the fees, as far as the policy says.
    pub fee_split: FeeSplit,
}

/// Which rule refused, and why. It holds nothing of the input, so it can be logged; a peer gets the [`Error`], which
/// does not name the rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Denial {
    /// The rule that decided.
    pub rule: RuleId,
    /// Why.
    pub reason: Reason,
}

impl Denial {
    /// The code that goes on the wire.
    #[must_use]
    pub fn code(&self) -> Code {
        self.reason.code()
    }
}

impl From<Denial> for Error {
    fn from(denial: Denial) -> Self {
        denial.reason.into()
    }
}

/// What one kind of rule says, for an operator who asks why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The policy has no such rule.
    Absent,
    /// The rule is kept.
    Passes,
    /// The rule is broken.
    Refuses(Denial),
}
