use super::{FeeSplit, RuleId};
use crate::{Code, Error, Reason};

/// What a policy says.
///
/// ```
/// use tgp_protocol::{
///     Code, Reason,
///     buyer::ZkProfile,
///     policy::{Decision, Denial, FeeSplit, Network, Permit, Policy, Prices, Rule, Subject},
/// };
///
/// let policy = Policy::read(br#"{ "version": "PEL-0.1", "constraints": { "zk_required": true } }"#)?;
/// let subject = Subject::new(Network::eip155(1), "ETH".parse()?, "1".parse()?);
///
/// let Decision::Deny(denial) = policy.evaluate(&subject, &Prices::none()) else { panic!("no proofs are wanted") };
/// assert_eq!(denial, Denial { rule: Rule::AllowZkRequired.into(), reason: Reason::PolicyZkRequired });
/// assert_eq!(denial.code(), Code::PolicyViolation);
///
/// let decision = policy.evaluate(&subject.with_zk(ZkProfile::Optional), &Prices::none());
/// assert!(decision.is_allow());
/// assert_eq!(decision, Decision::Allow(Permit { zk_required: true, fee_split: FeeSplit::default() }));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
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
