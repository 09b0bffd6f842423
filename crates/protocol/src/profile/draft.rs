use super::{Profile, Silence, rules};
use crate::{
    Error, Reason, Result,
    order::{BuyerProtection, PolicyBit},
    value::{Bps, Id},
};
use serde::{Deserialize, Serialize};

/// What is delivered.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum FulfillmentType {
    /// Something done.
    Service,
    /// Something sent.
    Shipping,
    /// Something handed over as data.
    Digital,
}

/// How the seller commits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum CommitmentType {
    /// By a signature that names his business.
    LegalSignature,
    /// By a deposit of his own.
    CounterEscrow,
}

/// Whether an order names an arbiter or an attester.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// Nobody, even where somebody could be named: the terms have no times for him.
    None,
    /// One must be named.
    Required,
}

/// The kinds of orders that a profile gives. An exchange has two prices and no profile.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum OrderKind {
    /// The seller's deposit comes back to him.
    Bond,
}

/// The words that a profile's file has for [`Silence`]; the wire has others.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Silence")]
enum SilenceInFile {
    #[serde(rename = "buyer")]
    ToBuyer,
    #[serde(rename = "seller")]
    ToSeller,
}

/// A profile before it is checked: the members of its file. [`Self::build`] checks it.
///
/// One begins with a preset, or with nothing:
///
/// ```
/// use tgp_protocol::{
///     profile::{
///         BuyerProtection, CommitmentType, Draft, FulfillmentType, OrderKind, PolicyBit, Presence, Silence, SimpleDraft,
///         TermsDraft,
///     },
///     value::Bps,
/// };
///
/// const DAY: u64 = 86_400;
/// let simple = SimpleDraft {
///     instant_on_commit: true,
///     requires_deposit: false,
///     commitment_window: DAY,
///     claim_window: 7 * DAY,
///     allows_timed_release: true,
///     timed_release_delay: 7 * DAY,
/// };
/// let terms = TermsDraft {
///     kind: OrderKind::Bond,
///     policy: vec![PolicyBit::Timed],
///     silence: Silence::ToSeller,
///     jurisdiction: 0,
///     counter_bps: Bps::default(),
///     slash_bps: Bps::default(),
///     fee_bps: Bps::default(),
///     max_fee_bps: Bps::new(50)?,
///     arbiter_fee_bps: Bps::default(),
///     dispute_bond_bps: Bps::default(),
///     fund_window: 3_600,
///     commitment_window: DAY,
///     claim_window: 7 * DAY,
///     timed_release_delay: 7 * DAY,
///     review_window: DAY,
///     dispute_window: 0,
/// };
/// let course = Draft {
///     name: "course".parse()?,
///     title: "A course of a week, paid when it is over".to_owned(),
///     buyer_protection: BuyerProtection::TimedOnly,
///     fulfillment_type: FulfillmentType::Service,
///     commitment_type: CommitmentType::LegalSignature,
///     requires_tracking: false,
///     arbiter: Presence::None,
///     attester: Presence::None,
///     terms,
///     simple,
/// };
/// let profile = course.clone().build()?;
/// assert_eq!(profile.draft(), &course);
///
/// // nobody promises a protection that the terms do not hold
/// let boast = Draft { buyer_protection: BuyerProtection::Dispute, ..course };
/// assert_eq!(boast.build().unwrap_err().field().to_string(), "buyer_protection");
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
///
/// ```
/// use tgp_protocol::profile::{Draft, Presence, Profile};
///
/// let mut draft = Profile::preset("digital").expect("a preset").to_draft();
/// draft.name = "course".parse()?;
/// draft.terms.claim_window = 7 * 86_400;
/// let error = draft.clone().build().expect_err("released before the course is over");
/// assert_eq!(error.field().to_string(), "terms.timed_release_delay");
///
/// draft.terms.timed_release_delay = 7 * 86_400;
/// draft.build()?;
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// Unique among an operator's profiles.
    pub name: Id,
    /// For people.
    pub title: String,
    /// Must be what the terms give.
    pub buyer_protection: BuyerProtection,
    /// What is delivered.
    pub fulfillment_type: FulfillmentType,
    /// How the seller commits.
    pub commitment_type: CommitmentType,
    /// Whether the way of the goods must be followed.
    pub requires_tracking: bool,
    /// Whether orders name an arbiter.
    pub arbiter: Presence,
    /// Whether orders name an attester.
    pub attester: Presence,
    /// The terms of its orders.
    pub terms: TermsDraft,
    /// Its simple orders, as the documents' own call takes them.
    pub simple: SimpleDraft,
}

/// The terms of a profile's orders: shares of the price, and windows in seconds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermsDraft {
    /// The kind of order.
    pub kind: OrderKind,
    /// What besides the buyer may release the payment.
    pub policy: Vec<PolicyBit>,
    /// Who gets the payment when the arbiter stays silent.
    #[serde(with = "SilenceInFile")]
    pub silence: Silence,
    /// A number that both sides know; 0 is none.
    pub jurisdiction: u8,
    /// The seller's bond, of the price.
    pub counter_bps: Bps,
    /// What he loses of it when he delivers nothing.
    pub slash_bps: Bps,
    /// The fee, of what the seller gets, where a deal does not say another.
    pub fee_bps: Bps,
    /// The most that the fee may be.
    pub max_fee_bps: Bps,
    /// The arbiter's fee, of the price.
    pub arbiter_fee_bps: Bps,
    /// The buyer's stake in a dispute, of the price.
    pub dispute_bond_bps: Bps,
    /// From now: to pay in.
    pub fund_window: u64,
    /// From now: for the seller to commit.
    pub commitment_window: u64,
    /// From the end of the commitment window: to deliver.
    pub claim_window: u64,
    /// From the end of the commitment window, with TIMED: to the release.
    pub timed_release_delay: u64,
    /// To contest evidence.
    pub review_window: u64,
    /// For the arbiter to rule.
    pub dispute_window: u64,
}

/// Simple orders of a profile.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SimpleDraft {
    /// Whether the seller may claim as soon as he has committed: the buyer trusts him, and must be told so.
    pub instant_on_commit: bool,
    /// Whether the seller deposits as much as the buyer.
    pub requires_deposit: bool,
    /// To commit.
    pub commitment_window: u64,
    /// To claim.
    pub claim_window: u64,
    /// Whether anybody may release by time.
    pub allows_timed_release: bool,
    /// From the end of the commitment window to that release.
    pub timed_release_delay: u64,
}

impl Draft {
    /// Checks the draft by the escrow's rules.
    ///
    /// # Errors
    /// With the member that must be changed.
    pub fn build(self) -> Result<Profile> {
        Profile::new(self)
    }

    /// What really protects the buyer under these terms.
    pub(super) fn protection(&self) -> BuyerProtection {
        let whole = Bps::default();
        if self.terms.counter_bps > whole && self.terms.slash_bps > whole {
            BuyerProtection::Bond
        } else if self.arbiter == Presence::Required {
            BuyerProtection::Dispute
        } else if self.terms.policy.contains(&PolicyBit::Timed) {
            BuyerProtection::TimedOnly
        } else {
            BuyerProtection::None
        }
    }
}

impl TermsDraft {
    /// Windows that are open at all, and short enough for their sums to fit an order's fields.
    pub(super) fn check_windows(&self) -> Result<()> {
        for (name, seconds, least) in [
            ("fund_window", self.fund_window, 1),
            ("commitment_window", self.commitment_window, 1),
            ("claim_window", self.claim_window, 1),
            ("timed_release_delay", self.timed_release_delay, 0),
            ("review_window", self.review_window, 0),
            ("dispute_window", self.dispute_window, 0),
        ] {
            if !(least..=rules::MAX_AHEAD).contains(&seconds) {
                return Err(Error::from(Reason::OutOfRange).within(name));
            }
        }
        // without TIMED the delay has no meaning, and a reader could think that it has
        if !self.policy.contains(&PolicyBit::Timed) && self.timed_release_delay != 0 {
            return Err(Error::from(Reason::Contradiction).within("timed_release_delay"));
        }
        let twice = |place: &usize| self.policy[..*place].contains(&self.policy[*place]);
        match (0..self.policy.len()).find(twice) {
            Some(place) => Err(Error::from(Reason::RepeatedEntry).within(place).within("policy")),
            None => Ok(()),
        }
    }
}

impl SimpleDraft {
    /// The rules of the documents' own call.
    pub(super) fn check(&self) -> Result<()> {
        let at = |reason: Reason, name: &'static str| Err(Error::from(reason).within(name));
        for (name, seconds) in [("commitment_window", self.commitment_window), ("claim_window", self.claim_window)] {
            if !(1..=rules::MAX_AHEAD).contains(&seconds) {
                return at(Reason::OutOfRange, name);
            }
        }
        if self.allows_timed_release != (self.timed_release_delay > 0) {
            return at(Reason::Contradiction, "timed_release_delay");
        }
        if self.timed_release_delay > self.claim_window {
            return at(Reason::OutOfRange, "timed_release_delay");
        }
        // a signature alone lets the seller claim at once; a deposit is an exchange
        if self.instant_on_commit == self.requires_deposit {
            return at(Reason::Contradiction, "instant_on_commit");
        }
        Ok(())
    }
}
