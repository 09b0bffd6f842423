use std::fmt;

/// The stages of an evaluation, in their order.
///
/// ```
/// use tgp_protocol::policy::{Rule, Stage};
///
/// let of = |stage| Rule::ALL.iter().filter(move |rule| rule.stage() == stage).map(|rule| rule.as_str());
/// assert!(of(Stage::Deny).eq(["deny.jurisdictions", "deny.assets", "deny.sanctions"]));
/// assert!(of(Stage::Fees).eq(["fees.network_fees", "fees.service_fees"]));
/// // no cap is asked before every deny has been
/// assert!(Stage::Deny < Stage::Caps && Stage::Caps < Stage::Allow);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Stage {
    /// What is refused whatever else holds.
    Deny,
    /// Limits of money.
    Caps,
    /// What alone may pass, and what it must show.
    Allow,
    /// What must be promised.
    Qos,
    /// Who bears the fees.
    Fees,
}

/// Declares the kinds of rules in the order in which they decide.
macro_rules! rules {
    ($($(#[$about:meta])* $name:ident = $stage:ident, $text:literal;)+) => {
        /// The kinds of rules, in the order in which they decide.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub enum Rule {
            $($(#[$about])* $name,)+
        }

        impl Rule {
            /// Every kind, in the order in which they decide.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The stage that it belongs to.
            #[must_use]
            pub fn stage(self) -> Stage {
                match self { $(Self::$name => Stage::$stage,)+ }
            }

            /// Its name: stage and rule.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

rules! {
    /// Jurisdictions that nobody of the payment may be in.
    DenyJurisdictions = Deny, "deny.jurisdictions";
    /// Assets that are refused.
    DenyAssets = Deny, "deny.assets";
    /// The sanctions list that the parties must have been screened against.
    DenySanctions = Deny, "deny.sanctions";
    /// The most in dollars, fees included.
    CapsMaxTotalUsd = Caps, "caps.max_total_usd";
    /// The most in dollars, without fees.
    CapsMaxAmountUsd = Caps, "caps.max_amount_usd";
    /// The least in dollars, without fees.
    CapsMinAmountUsd = Caps, "caps.min_amount_usd";
    /// The most that the fees may be in dollars.
    CapsMaxFeeUsd = Caps, "caps.max_fee_usd";
    /// The most that the fees may be of the amount.
    CapsMaxFeeBps = Caps, "caps.max_fee_bps";
    /// Networks that may be used.
    AllowNetworks = Allow, "allow.networks";
    /// Assets that may be paid.
    AllowAssets = Allow, "allow.assets";
    /// Jurisdictions that everybody must be in.
    AllowJurisdictions = Allow, "allow.jurisdictions";
    /// Uses that may be made of what is paid for.
    AllowUses = Allow, "allow.uses";
    /// Compliance tags that must be shown.
    AllowRequires = Allow, "allow.requires";
    /// The class of identification that must be shown.
    AllowKycClass = Allow, "allow.kyc_class";
    /// The retention of data that must be shown.
    AllowDataRetention = Allow, "allow.data_retention";
    /// Escrow with proofs must be wanted.
    AllowZkRequired = Allow, "allow.zk_required";
    /// The longest answer time that may be promised.
    QosMaxLatencyMs = Qos, "qos.max_latency_ms";
    /// The lowest rate of success that may be promised.
    QosMinSuccessRate = Qos, "qos.min_success_rate";
    /// The longest time to delivery that may be promised.
    QosDeliveryPromise = Qos, "qos.delivery_promise";
    /// Who bears the network's fees.
    FeesNetworkFees = Fees, "fees.network_fees";
    /// Who bears the services' fees.
    FeesServiceFees = Fees, "fees.service_fees";
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One rule of a policy: its kind, and its place where the kind has a list. It holds nothing of the input.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct RuleId {
    /// The kind.
    pub rule: Rule,
    /// Which entry of the rule's list, counted from 0, where one entry decided.
    pub place: Option<usize>,
}

impl RuleId {
    pub(super) fn at(rule: Rule, place: usize) -> Self {
        Self { rule, place: Some(place) }
    }
}

impl From<Rule> for RuleId {
    fn from(rule: Rule) -> Self {
        Self { rule, place: None }
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            None => self.rule.fmt(f),
            Some(place) => write!(f, "{}[{place}]", self.rule),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Rule;

    /// Shows R-221.
    #[test]
    fn rules_decide_in_the_order_of_their_stages() {
        assert!(Rule::ALL.is_sorted_by_key(|rule| rule.stage()));
        for rule in Rule::ALL {
            let stage = format!("{:?}.", rule.stage()).to_lowercase();
            assert!(rule.as_str().starts_with(&stage), "{rule}");
        }
    }
}
