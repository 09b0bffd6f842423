use super::messages::OrderTerms;
use alloy_primitives::{
    Address, B256, U256,
    aliases::{U40, U48, U96},
    ruint::{UintTryFrom, UintTryTo},
};

/// The terms of an order, field by field: `OrderTerms` of the Solidity sources, where each field is explained.
///
/// Every field has the width that it has in the compact form, so packing cannot fail and loses nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub struct Order {
    pub buyer: Address,
    pub seller: Address,
    pub token: Address,
    pub amount: U96,
    pub counter_token: Address,
    pub counter_amount: U96,
    pub fee_receiver: Address,
    pub arbiter: Address,
    pub verifier: Address,
    pub delivery_circuit: B256,
    pub kind: u8,
    pub policy: u8,
    pub silence: u8,
    pub jurisdiction: u8,
    pub slash_bps: u16,
    pub fee_bps: u16,
    pub max_fee_bps: u16,
    pub arbiter_fee_bps: u16,
    pub dispute_bond_bps: u16,
    pub delivery_version: U48,
    pub zkb_version: U48,
    pub zks_version: U48,
    pub fund_by: U40,
    pub commit_by: U40,
    pub deliver_by: U40,
    pub timed_release: U40,
    pub review_window: U48,
    pub dispute_window: U48,
    pub session_id: B256,
    pub offer_hash: B256,
    pub salt: B256,
}

impl Order {
    /// The compact form.
    #[must_use]
    pub fn pack(&self) -> OrderTerms {
        let mut rules = Word::default();
        rules.push(self.kind, 8).push(self.policy, 8).push(self.silence, 8).push(self.jurisdiction, 8);
        rules.push(self.slash_bps, 16).push(self.fee_bps, 16).push(self.max_fee_bps, 16);
        rules.push(self.arbiter_fee_bps, 16).push(self.dispute_bond_bps, 16);
        rules.push(self.delivery_version, 48).push(self.zkb_version, 48).push(self.zks_version, 48);
        let mut times = Word::default();
        times.push(self.fund_by, 40).push(self.commit_by, 40).push(self.deliver_by, 40).push(self.timed_release, 40);
        times.push(self.review_window, 48).push(self.dispute_window, 48);
        OrderTerms {
            buyer: self.buyer,
            seller: self.seller,
            payment: asset(self.token, self.amount),
            counter: asset(self.counter_token, self.counter_amount),
            feeReceiver: self.fee_receiver,
            arbiter: self.arbiter,
            verifier: self.verifier,
            deliveryCircuit: self.delivery_circuit,
            rules: rules.0,
            times: times.0,
            sessionId: self.session_id,
            offerHash: self.offer_hash,
            salt: self.salt,
        }
    }
}

impl From<&OrderTerms> for Order {
    fn from(terms: &OrderTerms) -> Self {
        // Fields are taken from the right end of each word on, so the last comes first.
        let (mut payment, mut counter) = (Word(terms.payment), Word(terms.counter));
        let (mut rules, mut times) = (Word(terms.rules), Word(terms.times));
        Self {
            zks_version: rules.pop(48),
            zkb_version: rules.pop(48),
            delivery_version: rules.pop(48),
            dispute_bond_bps: rules.pop(16),
            arbiter_fee_bps: rules.pop(16),
            max_fee_bps: rules.pop(16),
            fee_bps: rules.pop(16),
            slash_bps: rules.pop(16),
            jurisdiction: rules.pop(8),
            silence: rules.pop(8),
            policy: rules.pop(8),
            kind: rules.pop(8),
            dispute_window: times.pop(48),
            review_window: times.pop(48),
            timed_release: times.pop(40),
            deliver_by: times.pop(40),
            commit_by: times.pop(40),
            fund_by: times.pop(40),
            amount: payment.pop(96),
            token: address(payment.0),
            counter_amount: counter.pop(96),
            counter_token: address(counter.0),
            buyer: terms.buyer,
            seller: terms.seller,
            fee_receiver: terms.feeReceiver,
            arbiter: terms.arbiter,
            verifier: terms.verifier,
            delivery_circuit: terms.deliveryCircuit,
            session_id: terms.sessionId,
            offer_hash: terms.offerHash,
            salt: terms.salt,
        }
    }
}

/// A word whose fields come in from the right.
#[derive(Default)]
struct Word(U256);

impl Word {
    fn push<T>(&mut self, field: T, bits: usize) -> &mut Self
    where
        U256: UintTryFrom<T>,
    {
        self.0 = (self.0 << bits) | U256::from(field);
        self
    }

    /// Takes the rightmost `bits` out.
    fn pop<T>(&mut self, bits: usize) -> T
    where
        U256: UintTryTo<T>,
    {
        let field = self.0 & ((U256::ONE << bits) - U256::ONE);
        self.0 >>= bits;
        field.wrapping_to()
    }
}

fn asset(token: Address, amount: U96) -> U256 {
    (U256::from_be_bytes(token.into_word().0) << 96) | U256::from(amount)
}

fn address(word: U256) -> Address {
    Address::from_word(word.into())
}
