//! Events as the contracts would log them, on one branch of a chain.

use super::random::Random;
use alloy::{
    primitives::{Address, B256, LogData, U256, aliases::U96, keccak256},
    sol_types::SolEvent,
};
use coreprover_bindings::{CoreProverEscrow, HashedTimelock, Order, ReceiptVault};
use coreprover_indexer::{Contract, Contracts};
use std::collections::BTreeMap;

pub(crate) const ESCROW: Address = Address::repeat_byte(0xe5);
pub(crate) const VAULT: Address = Address::repeat_byte(0xa1);
pub(crate) const HTLC: Address = Address::repeat_byte(0x71);
/// Somebody else's contract, whose logs stand between ours.
const STRANGER: Address = Address::repeat_byte(0x55);

pub(crate) fn contracts() -> Contracts {
    Contracts::new([
        (ESCROW.into(), Contract::Escrow),
        (VAULT.into(), Contract::Vault { escrow: ESCROW.into() }),
        (HTLC.into(), Contract::Timelock),
    ])
}

/// What a branch holds so far: enough to go on without contradicting it.
#[derive(Clone, Default, Debug)]
pub(crate) struct Branch {
    /// Orders that are open, and whether evidence is in.
    orders: BTreeMap<u64, bool>,
    locks: BTreeMap<u64, ()>,
    owed: bool,
    /// Ids that were used: two branches use the same ones.
    used: u64,
}

impl Branch {
    /// The next logs of ours, in the order in which a transaction writes them.
    pub(crate) fn act(&mut self, random: &mut Random) -> Vec<(Address, LogData)> {
        match random.below(9) {
            0..3 => vec![(ESCROW, self.create(random))],
            3 => self.fulfil().into_iter().map(|log| (ESCROW, log)).collect(),
            4 => self.dispute().into_iter().map(|log| (ESCROW, log)).collect(),
            5 => self.end(),
            6 => vec![(ESCROW, self.credit())],
            7 => vec![(HTLC, self.lock())],
            _ => {
                let root = B256::from(U256::from(random.next()));
                vec![(VAULT, ReceiptVault::BatchAnchored { sender: STRANGER, root }.encode_log_data())]
            }
        }
    }

    pub(crate) fn noise(random: &mut Random) -> (Address, LogData) {
        let topics = vec![keccak256("Noise()"), B256::from(U256::from(random.next()))];
        (STRANGER, LogData::new_unchecked(topics, vec![1, 2, 3].into()))
    }

    fn create(&mut self, random: &mut Random) -> LogData {
        self.used += 1;
        self.orders.insert(self.used, false);
        let people = |number: u64| Address::with_last_byte(u8::try_from(number).expect("a few people"));
        let order = Order {
            buyer: people(1 + random.below(5)),
            seller: people(10 + random.below(5)),
            amount: U96::from(1 + random.below(1_000_000)),
            ..Order::default()
        };
        CoreProverEscrow::OrderCreated {
            orderId: id(self.used),
            buyer: order.buyer,
            seller: order.seller,
            payer: order.buyer,
            receiptAddress: B256::ZERO,
            terms: order.pack().into(),
        }
        .encode_log_data()
    }

    fn fulfil(&mut self) -> Option<LogData> {
        let (order, fulfilled) = self.orders.iter_mut().find(|(_, fulfilled)| !**fulfilled)?;
        *fulfilled = true;
        let (evidence, clock) = (keccak256(order.to_be_bytes()), U256::from(77));
        let log = CoreProverEscrow::Fulfilled { orderId: id(*order), evidence, deliveredAt: U256::ZERO, clock };
        Some(log.encode_log_data())
    }

    fn dispute(&mut self) -> Option<LogData> {
        let (order, fulfilled) = self.orders.last_key_value()?;
        let log = CoreProverEscrow::Disputed {
            orderId: id(*order),
            reason: B256::ZERO,
            clock: U256::from(99),
            unfulfilled: !fulfilled,
        };
        Some(log.encode_log_data())
    }

    /// An end and its receipt, in one transaction.
    fn end(&mut self) -> Vec<(Address, LogData)> {
        let Some((order, _)) = self.orders.pop_first() else { return Vec::new() };
        let ended = CoreProverEscrow::OrderEnded {
            orderId: id(order),
            state: 6,
            outcome: 1,
            toBuyer: U256::ZERO,
            toSeller: U256::from(order),
            fee: U256::ZERO,
            bondToBuyer: U256::ZERO,
            disputeToBuyer: U256::ZERO,
            arbiterFee: U256::ZERO,
            evidence: B256::ZERO,
        };
        let receipt = ReceiptVault::ReceiptIssued {
            orderId: id(order),
            buyer: Address::with_last_byte(1),
            seller: Address::with_last_byte(10),
            sessionId: B256::ZERO,
            offerHash: B256::ZERO,
            token: Address::ZERO,
            paid: U256::from(order),
            refunded: U256::ZERO,
            fee: U256::ZERO,
            outcome: 1,
            settledAt: U256::from(order),
            evidence: B256::ZERO,
            receiptAddress: B256::ZERO,
            deliveryCommitment: B256::ZERO,
        };
        vec![(ESCROW, ended.encode_log_data()), (VAULT, receipt.encode_log_data())]
    }

    fn credit(&mut self) -> LogData {
        let (token, party) = (Address::ZERO, Address::with_last_byte(1));
        self.owed = !self.owed;
        if self.owed {
            CoreProverEscrow::Owed { token, party, amount: U256::from(5) }.encode_log_data()
        } else {
            CoreProverEscrow::Withdrawn { token, party, to: party, amount: U256::from(5) }.encode_log_data()
        }
    }

    fn lock(&mut self) -> LogData {
        if let Some((lock, ())) = self.locks.pop_first() {
            return HashedTimelock::Claimed { lockId: id(lock), secret: keccak256("s") }.encode_log_data();
        }
        self.used += 1;
        self.locks.insert(self.used, ());
        let word = B256::from(U256::from(self.used));
        let terms = HashedTimelock::Lock {
            senderTimes: word,
            receiverAmount: word,
            tokenSalt: word,
            hashlock: word,
            sessionId: word,
        };
        HashedTimelock::Locked { lockId: id(self.used), terms }.encode_log_data()
    }
}

fn id(number: u64) -> B256 {
    keccak256(number.to_be_bytes())
}
