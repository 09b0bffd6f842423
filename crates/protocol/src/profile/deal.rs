use super::{Draft, PolicyBit, Presence};
use crate::{
    Error, Reason, Result,
    order::Order,
    value::{Amount, Bps, Id, Sha256Digest, Timestamp, Word},
};
use alloy_primitives::{
    Address, B256,
    aliases::{U40, U48},
    keccak256,
};

/// What an order has beside its profile: who, how much, when, and in which negotiation.
///
/// ```
/// use tgp_protocol::{profile::{Deal, PolicyBit, Presence, Profile}, value::Bps};
///
/// let [buyer, seller, token, arbiter, courier, gateway] = [1, 2, 3, 4, 5, 6].map(|byte| [byte; 20].into());
/// let physical = Profile::preset("physical").expect("a preset");
/// let deal = Deal::new(buyer, seller, "2026-11-21T10:00:00Z".parse()?, "sess-1".parse()?, [7; 32].into())
///     .with_price(token, "80000000".parse()?);
/// assert_eq!(physical.terms(&deal).unwrap_err().field().to_string(), "arbiter");
///
/// let deal = deal
///     .with_arbiter(arbiter)
///     .with_attester(courier)
///     .with_fee(gateway, Bps::new(25)?)
///     .with_offer_hash([9; 32].into());
/// let order = physical.terms(&deal)?;
/// assert_eq!((order.arbiter, order.verifier, order.fee_receiver), (arbiter, courier, gateway));
/// assert_eq!(order.counter_amount, order.amount, "the bond is as high as the price");
/// assert!(physical.terms(&deal.clone().with_fee(gateway, Bps::new(51)?)).is_err(), "more than the profile lets");
///
/// // the same where a proof is the evidence
/// let mut draft = physical.to_draft();
/// draft.name = "proven".parse()?;
/// (draft.attester, draft.terms.policy) = (Presence::None, vec![PolicyBit::ZkProof]);
/// let order = draft.build()?.terms(&deal.with_proof([8; 32].into(), 1))?;
/// assert_eq!((order.verifier.is_zero(), order.delivery_version.to()), (true, 1));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deal {
    buyer: Address,
    seller: Address,
    token: Address,
    amount: Amount,
    now: Timestamp,
    session_id: Id,
    salt: Word,
    offer_hash: B256,
    arbiter: Option<Address>,
    attester: Option<Address>,
    fee_receiver: Option<Address>,
    fee: Option<Bps>,
    proof: Option<(B256, u32)>,
    escrow: Option<Address>,
}

impl Deal {
    /// A deal between two, without a price yet. The OFFER fixes the salt, so that a retry is the same order.
    #[must_use]
    pub fn new(buyer: Address, seller: Address, now: Timestamp, session_id: Id, salt: Word) -> Self {
        Self {
            buyer,
            seller,
            token: Address::ZERO,
            amount: Amount::ZERO,
            now,
            session_id,
            salt,
            offer_hash: B256::ZERO,
            arbiter: None,
            attester: None,
            fee_receiver: None,
            fee: None,
            proof: None,
            escrow: None,
        }
    }

    /// So much of a token, in base units; the zero address is the chain's own coin.
    #[must_use]
    pub fn with_price(mut self, token: Address, amount: Amount) -> Self {
        self.token = token;
        self.amount = amount;
        self
    }

    /// The hash of the OFFER. It covers the terms without itself, so it comes last.
    #[must_use]
    pub fn with_offer_hash(mut self, hash: Sha256Digest) -> Self {
        self.offer_hash = hash.0;
        self
    }

    /// Who rules in a dispute. A profile without disputes does not name him.
    #[must_use]
    pub fn with_arbiter(mut self, arbiter: Address) -> Self {
        self.arbiter = Some(arbiter);
        self
    }

    /// Whose signature is evidence of delivery. A profile without attester does not name him.
    #[must_use]
    pub fn with_attester(mut self, attester: Address) -> Self {
        self.attester = Some(attester);
        self
    }

    /// Who gets the fee that the profile says.
    #[must_use]
    pub fn with_fee_receiver(mut self, receiver: Address) -> Self {
        self.fee_receiver = Some(receiver);
        self
    }

    /// Another fee than the profile says; the profile's upper limit holds.
    #[must_use]
    pub fn with_fee(mut self, receiver: Address, fee: Bps) -> Self {
        self.fee_receiver = Some(receiver);
        self.fee = Some(fee);
        self
    }

    /// The circuit, and the version of its verifier, whose proof is evidence of delivery. Only for profiles with proofs.
    #[must_use]
    pub fn with_proof(mut self, circuit: B256, version: u32) -> Self {
        self.proof = Some((circuit, version));
        self
    }

    /// The escrow, to check that nobody in the order is the escrow itself.
    #[must_use]
    pub fn with_escrow(mut self, escrow: Address) -> Self {
        self.escrow = Some(escrow);
        self
    }

    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    pub(super) fn escrow(&self) -> Option<Address> {
        self.escrow
    }

    /// The order that a profile gives: shares of the price, windows from now.
    pub(super) fn order(&self, profile: &Draft) -> Result<Order> {
        let terms = &profile.terms;
        let at = |name: &'static str| move |reason: Reason| Error::from(reason).within(name);
        let policy = terms.policy.iter().fold(0, |bits, policy| bits | policy.value());
        let amount = self.amount.to_u96().map_err(at("amount"))?;
        let bond = terms.counter_bps.of(self.amount).and_then(Amount::to_u96).map_err(at("counter_amount"))?;
        if bond.is_zero() && terms.counter_bps > Bps::default() && !amount.is_zero() {
            // so low a price that its bond is nothing: the profile would promise what it does not give
            return Err(at("amount")(Reason::OutOfRange));
        }
        let (circuit, version) = match self.proof {
            Some(proof) if terms.policy.contains(&PolicyBit::ZkProof) => proof,
            None if terms.policy.contains(&PolicyBit::ZkProof) => {
                return Err(at("delivery_circuit")(Reason::Missing));
            }
            _ => (B256::ZERO, 0),
        };
        let now = u64::try_from(self.now.seconds()).map_err(|_| at("fund_by")(Reason::BadTime))?;
        let instant = |name: &'static str, after: u64| {
            U40::try_from(now.saturating_add(after)).map_err(|_| at(name)(Reason::OutOfRange))
        };
        let window = |name: &'static str, window: u64| U48::try_from(window).map_err(|_| at(name)(Reason::OutOfRange));
        // the sums are of three windows of 365 days at most
        let commit = terms.commitment_window;
        let release = if terms.policy.contains(&PolicyBit::Timed) {
            instant("timed_release", commit + terms.timed_release_delay)?
        } else {
            U40::ZERO
        };
        Ok(Order {
            buyer: self.buyer,
            seller: self.seller,
            token: self.token,
            amount,
            counter_token: if bond.is_zero() { Address::ZERO } else { self.token },
            counter_amount: bond,
            fee_receiver: self.fee_receiver.unwrap_or_default(),
            arbiter: named(profile.arbiter, self.arbiter).ok_or(Reason::Missing).map_err(at("arbiter"))?,
            verifier: named(profile.attester, self.attester).ok_or(Reason::Missing).map_err(at("verifier"))?,
            delivery_circuit: circuit,
            kind: 0,
            policy,
            silence: terms.silence.value(),
            jurisdiction: terms.jurisdiction,
            slash_bps: terms.slash_bps.get(),
            fee_bps: self.fee.unwrap_or(terms.fee_bps).get(),
            max_fee_bps: terms.max_fee_bps.get(),
            arbiter_fee_bps: terms.arbiter_fee_bps.get(),
            dispute_bond_bps: terms.dispute_bond_bps.get(),
            delivery_version: U48::from(version),
            zkb_version: U48::ZERO,
            zks_version: U48::ZERO,
            fund_by: instant("fund_by", terms.fund_window)?,
            commit_by: instant("commit_by", commit)?,
            deliver_by: instant("deliver_by", commit + terms.claim_window)?,
            timed_release: release,
            review_window: window("review_window", terms.review_window)?,
            dispute_window: window("dispute_window", terms.dispute_window)?,
            session_id: keccak256(self.session_id.as_str()),
            offer_hash: self.offer_hash,
            salt: self.salt.0,
        })
    }
}

/// Who stands in the order; `None` when somebody must and is not known.
fn named(presence: Presence, who: Option<Address>) -> Option<Address> {
    match presence {
        Presence::None => Some(Address::ZERO),
        Presence::Required => who.filter(|who| !who.is_zero()),
    }
}
