use super::{Decision, Denial, Permit, Policy, Prices, Rule, RuleId, Subject, Verdict, price::within_bps};
use crate::{Reason, buyer::ZkProfile, value::Decimal};
use std::cmp::Ordering;

impl Policy {
    /// What the policy says, with the rule that decided.
    #[must_use]
    pub fn evaluate(&self, subject: &Subject, prices: &Prices) -> Decision {
        for rule in Rule::ALL {
            if let Verdict::Refuses(denial) = self.judge(*rule, subject, prices) {
                return Decision::Deny(denial);
            }
        }
        Decision::Allow(self.permit(subject))
    }

    /// What every rule says, in the order in which they decide, for an operator who asks why. The first that refuses is
    /// the one that [`Self::evaluate`] names.
    pub fn explain<'p>(
        &'p self,
        subject: &'p Subject,
        prices: &'p Prices,
    ) -> impl ExactSizeIterator<Item = (Rule, Verdict)> + 'p {
        Rule::ALL.iter().map(|rule| (*rule, self.judge(*rule, subject, prices)))
    }

    /// The conditions under which a subject passes.
    pub(super) fn permit(&self, subject: &Subject) -> Permit {
        let zk_required = self.zk_required || subject.zk == ZkProfile::Required;
        Permit { zk_required, fee_split: self.fee_split.or(subject.fee_split) }
    }

    /// What one kind of rule says.
    pub(super) fn judge(&self, rule: Rule, subject: &Subject, prices: &Prices) -> Verdict {
        let refused = match rule {
            Rule::DenyJurisdictions => self.denied_jurisdiction(subject),
            Rule::DenyAssets => self.deny_assets.as_ref().map(|assets| match assets.place(&subject.asset) {
                Some(place) => Err((RuleId::at(rule, place), Reason::PolicyDenied)),
                None => Ok(()),
            }),
            Rule::DenySanctions => {
                self.sanctions.as_ref().map(|list| met(rule, subject.compliance.contains(list), Reason::PolicyUnmet))
            }
            Rule::CapsMaxTotalUsd => self.max_total_usd.map(|cap| {
                let total = subject.amount.checked_add(subject.fee);
                // a sum beyond 2^256 is above every cap
                let worth = total.map_or(Some(Ordering::Greater), |total| prices.most(&subject.asset, total, cap));
                capped(rule, worth)
            }),
            Rule::CapsMaxAmountUsd => {
                self.max_amount_usd.map(|cap| capped(rule, prices.most(&subject.asset, subject.amount, cap)))
            }
            Rule::CapsMinAmountUsd => self.min_amount_usd.map(|floor| self.floored(rule, subject, prices, floor)),
            Rule::CapsMaxFeeUsd => {
                self.max_fee_usd.map(|cap| capped(rule, prices.most(&subject.asset, subject.fee, cap)))
            }
            Rule::CapsMaxFeeBps => self
                .max_fee_bps
                .map(|bps| met(rule, within_bps(subject.fee, subject.amount, bps.get()), Reason::PolicyAboveCap)),
            Rule::AllowNetworks => {
                self.networks.as_ref().map(|list| met(rule, list.has(&subject.network), Reason::PolicyNotListed))
            }
            Rule::AllowAssets => {
                self.assets.as_ref().map(|list| met(rule, list.has(&subject.asset), Reason::PolicyNotListed))
            }
            Rule::AllowJurisdictions => self.jurisdictions.as_ref().map(|list| {
                let mut known = subject.known_jurisdictions().peekable();
                let shown = known.peek().is_some();
                let listed = shown && known.all(|jurisdiction| list.covering(jurisdiction).is_some());
                met(rule, listed, Reason::PolicyNotListed)
            }),
            Rule::AllowUses => self.uses.as_ref().map(|list| {
                let listed = !subject.uses.is_empty() && subject.uses.iter().all(|purpose| list.has(purpose));
                met(rule, listed, Reason::PolicyNotListed)
            }),
            Rule::AllowRequires => self.unmet_requirement(subject),
            Rule::AllowKycClass => self
                .kyc_class
                .as_ref()
                .map(|class| met(rule, subject.kyc_class.as_ref() == Some(class), Reason::PolicyUnmet)),
            Rule::AllowDataRetention => self
                .data_retention
                .as_ref()
                .map(|label| met(rule, subject.data_retention.as_ref() == Some(label), Reason::PolicyUnmet)),
            Rule::AllowZkRequired => {
                self.zk_required.then(|| met(rule, subject.zk != ZkProfile::None, Reason::PolicyZkRequired))
            }
            Rule::QosMaxLatencyMs => {
                self.max_latency_ms.map(|most| promised(rule, subject.latency_ms, |it| it <= most))
            }
            Rule::QosMinSuccessRate => {
                self.min_success_rate.map(|least| promised(rule, subject.success_rate, |it| it >= least))
            }
            Rule::QosDeliveryPromise => self.delivery.map(|most| promised(rule, subject.delivery, |it| it <= most)),
            Rule::FeesNetworkFees => self.fee_split.network_fees.map(|share| {
                let proposed = subject.fee_split.network_fees;
                met(rule, proposed.is_none_or(|it| it == share), Reason::PolicyOtherSplit)
            }),
            Rule::FeesServiceFees => self.fee_split.service_fees.map(|share| {
                let proposed = subject.fee_split.service_fees;
                met(rule, proposed.is_none_or(|it| it == share), Reason::PolicyOtherSplit)
            }),
        };
        match refused {
            None => Verdict::Absent,
            Some(Ok(())) => Verdict::Passes,
            Some(Err((rule, reason))) => Verdict::Refuses(Denial { rule, reason }),
        }
    }

    /// The first entry of the list that somebody is in, whoever comes first in the subject.
    fn denied_jurisdiction(&self, subject: &Subject) -> Option<Judged> {
        let list = self.deny_jurisdictions.as_ref()?;
        let first = subject.known_jurisdictions().filter_map(|jurisdiction| list.covering(jurisdiction)).min();
        Some(match first {
            Some(place) => Err((RuleId::at(Rule::DenyJurisdictions, place), Reason::PolicyDenied)),
            None => Ok(()),
        })
    }

    /// The first tag of the document that is not shown. Both sides are sorted, so one walk along both finds it.
    fn unmet_requirement(&self, subject: &Subject) -> Option<Judged> {
        if self.requires.is_empty() {
            return None;
        }
        let mut shown = subject.compliance.iter().peekable();
        let unmet = self.requires.iter().filter(|(tag, _)| {
            while shown.next_if(|shown| *shown < tag).is_some() {}
            shown.peek() != Some(&tag)
        });
        Some(match unmet.map(|(_, place)| *place).min() {
            Some(place) => Err((RuleId::at(Rule::AllowRequires, place), Reason::PolicyUnmet)),
            None => Ok(()),
        })
    }

    fn floored(&self, rule: Rule, subject: &Subject, prices: &Prices, floor: Decimal) -> Judged {
        match prices.least(&subject.asset, subject.amount, floor) {
            None => Err((rule.into(), Reason::PolicyNoPrice)),
            Some(Ordering::Less) => Err((rule.into(), Reason::PolicyBelowFloor)),
            Some(Ordering::Equal | Ordering::Greater) => Ok(()),
        }
    }
}

/// What a rule that exists says.
type Judged = Result<(), (RuleId, Reason)>;

fn met(rule: Rule, kept: bool, reason: Reason) -> Judged {
    if kept { Ok(()) } else { Err((rule.into(), reason)) }
}

/// `worth` is how the worth compares with the cap; an unknown worth may be any.
fn capped(rule: Rule, worth: Option<Ordering>) -> Judged {
    match worth {
        None => Err((rule.into(), Reason::PolicyNoPrice)),
        Some(Ordering::Greater) => Err((rule.into(), Reason::PolicyAboveCap)),
        Some(Ordering::Less | Ordering::Equal) => Ok(()),
    }
}

fn promised<T>(rule: Rule, promise: Option<T>, enough: impl FnOnce(T) -> bool) -> Judged {
    match promise {
        None => Err((rule.into(), Reason::PolicyNoPromise)),
        Some(promise) => met(rule, enough(promise), Reason::PolicyWeakPromise),
    }
}
