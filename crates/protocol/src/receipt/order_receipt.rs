use crate::{
    session::OrderState,
    value::{Amount, ChainId, EvmAddress, Word},
};
use alloy_primitives::{B256, U256, keccak256};

/// How an order ended: the numbers are the contract's.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum OrderOutcome {
    /// Evidence stood to the end of the review, or was final by itself.
    Claimed = 1,
    /// The timed release that the terms asked for.
    TimedOut = 2,
    /// The last voucher reached the full amount.
    Released = 3,
    /// A deadline passed without the other side's part.
    Refunded = 4,
    /// The party that gives agreed, or both did.
    Settled = 5,
    /// The arbiter ruled.
    Ruled = 6,
    /// The arbiter stayed silent.
    Silent = 7,
    /// Both legs changed hands at once.
    Swapped = 8,
    /// A simple order was paid.
    Simple = 9,
}

impl OrderOutcome {
    /// Every outcome, in the order of its numbers.
    pub const ALL: &'static [Self] = &[
        Self::Claimed,
        Self::TimedOut,
        Self::Released,
        Self::Refunded,
        Self::Settled,
        Self::Ruled,
        Self::Silent,
        Self::Swapped,
        Self::Simple,
    ];

    /// The outcome of the contract's number.
    ///
    /// ```
    /// use tgp_protocol::receipt::OrderOutcome;
    ///
    /// assert_eq!(OrderOutcome::from_number(9), Some(OrderOutcome::Simple));
    /// assert_eq!(OrderOutcome::from_number(0), None, "an order that has not ended");
    /// let numbers = OrderOutcome::ALL.iter().map(|outcome| outcome.number());
    /// assert!(numbers.eq(1..=9));
    /// ```
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|outcome| outcome.number() == number)
    }

    /// The contract's number.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }
}

/// What a settled order leaves on the chain: whose order paid whom how much for what, and how it ended. There is one if
/// the seller got anything, and none otherwise.
///
/// ```
/// use tgp_protocol::{
///     order::session_word,
///     receipt::{OrderOutcome, OrderReceipt},
///     session::OrderState,
///     value::{Amount, ChainId, EvmAddress, Word},
/// };
///
/// let word = |byte| Word::from([byte; 32]);
/// let [minter, buyer, seller, token] = [5, 1, 2, 3].map(|byte| EvmAddress([byte; 20].into()));
/// let receipt = OrderReceipt {
///     chain: ChainId::eip155(8453), minter, order_id: word(6), buyer, seller, token,
///     session_id: session_word("sess-1"), offer_hash: word(7), paid: Amount::from(25_000_000),
///     refunded: Amount::ZERO, fee: Amount::ZERO, outcome: OrderOutcome::Claimed, settled_at: 1_795_260_600,
///     evidence: word(8), receipt_address: word(0), delivery_commitment: word(0),
/// };
/// assert_eq!(Word(receipt.words()[2]), receipt.order_id);
///
/// // the contract keeps state, time and 26 bytes of the hash in the order's slot
/// let mut slot = [0; 32];
/// slot[0] = OrderState::BothClaimed.number();
/// slot[1..6].copy_from_slice(&receipt.settled_at.to_be_bytes()[3..]);
/// slot[6..].copy_from_slice(&receipt.receipt_hash().0[..26]);
/// assert!(receipt.is_in_slot(slot.into()));
/// let other = OrderReceipt { paid: Amount::from(1), ..receipt };
/// assert!(!other.is_in_slot(slot.into()));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OrderReceipt {
    /// Where.
    pub chain: ChainId,
    /// The escrow that issued it.
    pub minter: EvmAddress,
    /// The id of a terms order, or the key of a simple one.
    pub order_id: Word,
    /// To whom the order belongs.
    pub buyer: EvmAddress,
    /// Who was paid.
    pub seller: EvmAddress,
    /// keccak256 of the session's id; zero for a simple order.
    pub session_id: Word,
    /// Of the accepted OFFER; zero for a simple order.
    pub offer_hash: Word,
    /// In what; zero is the chain's coin.
    pub token: EvmAddress,
    /// The seller's total before the fee.
    pub paid: Amount,
    /// What went back to the buyer.
    pub refunded: Amount,
    /// The fee out of what was paid.
    pub fee: Amount,
    /// How it ended.
    pub outcome: OrderOutcome,
    /// When, in seconds as the chain counts them.
    pub settled_at: u64,
    /// The evidence that stood; zero where there was none.
    pub evidence: Word,
    /// The buyer's shielded address; zero where there is none.
    pub receipt_address: Word,
    /// The seller's shielded destination; zero where there is none.
    pub delivery_commitment: Word,
}

impl OrderReceipt {
    /// The sixteen words of its ABI encoding.
    #[must_use]
    pub fn words(&self) -> [B256; 16] {
        let address = |address: EvmAddress| address.0.into_word();
        let number = |number: U256| B256::from(number);
        [
            number(U256::from(self.chain.number())),
            address(self.minter),
            self.order_id.0,
            address(self.buyer),
            address(self.seller),
            self.session_id.0,
            self.offer_hash.0,
            address(self.token),
            number(self.paid.0),
            number(self.refunded.0),
            number(self.fee.0),
            number(U256::from(self.outcome.number())),
            number(U256::from(self.settled_at)),
            self.evidence.0,
            self.receipt_address.0,
            self.delivery_commitment.0,
        ]
    }

    /// `receiptHash`, as the contract computes it.
    #[must_use]
    pub fn receipt_hash(&self) -> Word {
        Word(keccak256(self.words().map(|word| word.0).as_flattened()))
    }

    /// Whether the slot of an ended terms order holds this receipt: its state, and the upper 208 bits of the hash.
    #[must_use]
    pub fn is_in_slot(&self, slot: Word) -> bool {
        // state 8 | settledAt 40 | receiptHash 208
        let ended = OrderState::from_number(slot.0[0]).is_some_and(|state| state.end().is_some());
        let kept = &slot.0[6..];
        ended && kept.iter().any(|byte| *byte != 0) && *kept == self.receipt_hash().0[..26]
    }
}
