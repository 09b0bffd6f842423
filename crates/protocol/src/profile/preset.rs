use super::{BuyerProtection, Deal, Draft, Fault, first_fault};
use crate::{
    Error, Reason, Result,
    json::{Limits, from_value, parse_within},
    order::Order,
    value::{Amount, Id, Timestamp},
};
use alloy_primitives::Address;
use std::sync::LazyLock;

/// The files of the presets.
const FILES: [&str; 3] = [
    include_str!("../../../../profiles/pizza.json"),
    include_str!("../../../../profiles/digital.json"),
    include_str!("../../../../profiles/physical.json"),
];

/// Read once. A file that does not pass its check is not here, and a test says so.
static PRESETS: LazyLock<Vec<Profile>> =
    LazyLock::new(|| FILES.iter().filter_map(|text| Profile::read(text.as_bytes()).ok()).collect());

/// A payment profile that has been checked: it gives sound terms for every price and all parties.
///
/// ```
/// use tgp_protocol::profile::{BuyerProtection, Profile};
///
/// let named: Vec<_> = Profile::presets().iter().map(|it| (it.name().as_str(), it.buyer_protection())).collect();
/// let timed = BuyerProtection::TimedOnly;
/// assert_eq!(named, [("pizza", timed), ("digital", timed), ("physical", BuyerProtection::Bond)]);
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Profile(Draft);

impl Profile {
    /// The presets: pizza, digital and physical goods.
    #[must_use]
    pub fn presets() -> &'static [Self] {
        &PRESETS
    }

    /// The preset of this name.
    #[must_use]
    pub fn preset(name: &str) -> Option<&'static Self> {
        Self::presets().iter().find(|profile| profile.name().as_str() == name)
    }

    /// Reads a profile's file.
    ///
    /// # Errors
    /// When the text is no strict JSON object, and as [`Draft::build`].
    pub fn read(text: &[u8]) -> Result<Self> {
        let value = parse_within(text, &Limits::MESSAGE)?;
        from_value::<Draft>(&value)?.build()
    }

    pub(super) fn new(draft: Draft) -> Result<Self> {
        if draft.title.is_empty() || draft.title.len() > 256 {
            return Err(Error::from(Reason::WrongLength).within("title"));
        }
        draft.terms.check_windows().map_err(|error| error.within("terms"))?;
        draft.simple.check().map_err(|error| error.within("simple"))?;
        if draft.buyer_protection != draft.protection() {
            return Err(Error::from(Reason::Contradiction).within("buyer_protection"));
        }
        let profile = Self(draft);
        let deal = Deal::sample();
        let order = profile.unchecked_terms(&deal)?;
        match first_fault(&order, None, deal.now()) {
            None => Ok(profile),
            Some(fault) => Err(profile.explained(fault)),
        }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &Id {
        &self.0.name
    }

    /// What protects the buyer, for every OFFER to say.
    #[must_use]
    pub fn buyer_protection(&self) -> BuyerProtection {
        self.0.buyer_protection
    }

    /// Its file: title, terms, and all else.
    #[must_use]
    pub fn draft(&self) -> &Draft {
        &self.0
    }

    /// To make another profile of it.
    #[must_use]
    pub fn to_draft(&self) -> Draft {
        self.0.clone()
    }

    /// The terms of an order for a deal.
    ///
    /// # Errors
    /// With the field of the order that is missing or breaks a rule of the escrow.
    pub fn terms(&self, deal: &Deal) -> Result<Order> {
        let order = self.unchecked_terms(deal)?;
        match first_fault(&order, deal.escrow(), deal.now()) {
            None => Ok(order),
            Some(fault) => Err(fault.into()),
        }
    }

    fn unchecked_terms(&self, deal: &Deal) -> Result<Order> {
        deal.order(&self.0)
    }

    /// A fault of an order as an error about the member of the profile that causes it.
    fn explained(&self, fault: Fault) -> Error {
        let at = |name: &'static str| Error::from(fault.reason()).within(name);
        match fault.field() {
            top @ "arbiter" => return at(top),
            "verifier" => return at("attester"),
            _ => {}
        }
        let late = self.0.terms.timed_release_delay > self.0.terms.claim_window;
        at(match (fault, fault.field()) {
            (Fault::DeadlinesOutOfOrder, _) => "fund_window",
            (Fault::TooFarAhead, _) if late => "timed_release_delay",
            (_, "deliver_by") => "claim_window",
            (_, "timed_release") => "timed_release_delay",
            (_, field) => field,
        })
        .within("terms")
    }
}

impl Deal {
    /// Parties and a price that break no rule by themselves: every fault is then the profile's.
    fn sample() -> Self {
        let party = |byte| Address::repeat_byte(byte);
        let now = Timestamp::from_millis(1_790_000_000_000);
        #[allow(clippy::expect_used, reason = "six letters are an id")]
        let session = "sample".parse().expect("an id");
        Self::new(party(1), party(2), now, session, [0; 32].into())
            .with_price(party(3), Amount::from(10_000))
            .with_arbiter(party(4))
            .with_attester(party(5))
            .with_fee_receiver(party(6))
            .with_proof([7; 32].into(), 1)
    }
}
