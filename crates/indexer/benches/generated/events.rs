//! What is logged in a block: a function of its number alone.
//!
//! Of every ten orders nine are paid and leave a receipt, one is disputed and refunded. An order is committed 2 blocks after it
//! was made, fulfilled after 12, disputed after 20 and ended after 40; beside it money is owed and taken, locked and claimed.

use super::Branches;
use alloy::{
    primitives::{Address, B256, LogData, U256, aliases::U96, keccak256},
    sol_types::SolEvent,
};
use coreprover_bindings::{CoreProverEscrow, HashedTimelock, LockTerms, Order, ReceiptVault};
use coreprover_indexer::{Contract, Contracts};

pub(crate) const ESCROW: Address = Address::repeat_byte(0xe5);
pub(crate) const VAULT: Address = Address::repeat_byte(0xa1);
const HTLC: Address = Address::repeat_byte(0x71);
const TOKEN: Address = Address::repeat_byte(0x70);

pub(crate) fn contracts() -> Contracts {
    Contracts::new([
        (ESCROW.into(), Contract::Escrow),
        (VAULT.into(), Contract::Vault { escrow: ESCROW.into() }),
        (HTLC.into(), Contract::Timelock),
    ])
}

pub(crate) fn time(block: u64) -> u64 {
    1_700_000_000 + 2 * block
}

/// The id of an order or a lock: nobody but its hash tells two branches apart.
pub(crate) fn id(branch: u64, block: u64, place: u64) -> B256 {
    keccak256([branch.to_be_bytes(), block.to_be_bytes(), place.to_be_bytes()].concat())
}

/// Numbers that look like chance.
fn mixed(number: u64) -> u64 {
    let number = (number ^ number >> 31).wrapping_mul(0x7fb5_d329_728e_a185);
    let number = (number ^ number >> 27).wrapping_mul(0x81da_def4_bc2d_d44d);
    number ^ number >> 33
}

fn person(kind: u8, number: u64) -> Address {
    let mut bytes = [kind; 20];
    bytes[8..16].copy_from_slice(&mixed(number).to_be_bytes());
    Address::from(bytes)
}

/// There is one buyer for twenty orders, and one seller for five hundred.
pub(crate) fn parties(orders: u64, block: u64, place: u64) -> (Address, Address) {
    let order = block * orders + place;
    let of = |each: u64| mixed(order ^ each) % (order / each + 8);
    (person(0xb0, of(20)), person(0x5e, of(500)))
}

/// The logs of a block that makes so many orders.
pub(crate) fn of(branches: &Branches, orders: u64, block: u64) -> Vec<(Address, LogData)> {
    let mut logs = Vec::with_capacity(usize::try_from(5 * orders).unwrap_or_default());
    let disputed = orders / 10;
    // what began so many blocks ago, if there was such a block
    let ago =
        |blocks: u64| block.checked_sub(blocks).filter(|begun| *begun > 0).map(|begun| (branches.at(begun), begun));
    let mut log = |address: Address, data: LogData| logs.push((address, data));

    for place in 0..orders {
        log(ESCROW, created(orders, (branches.at(block), block), place));
    }
    if let Some((branch, begun)) = ago(2) {
        for place in 0..orders {
            log(ESCROW, committed(id(branch, begun, place)));
        }
    }
    if let Some((branch, begun)) = ago(12) {
        for place in 0..orders * 7 / 10 {
            let order = id(branch, begun, place);
            let (delivered, clock) = (U256::from(time(block)), U256::from(time(block) + 86_400));
            let log_data =
                CoreProverEscrow::Fulfilled { orderId: order, evidence: order, deliveredAt: delivered, clock };
            log(ESCROW, log_data.encode_log_data());
        }
    }
    if let Some((branch, begun)) = ago(20) {
        for place in 0..disputed {
            let order = id(branch, begun, place);
            let clock = U256::from(time(block) + 86_400);
            let data = CoreProverEscrow::Disputed { orderId: order, reason: order, clock, unfulfilled: false };
            log(ESCROW, data.encode_log_data());
        }
    }
    if let Some((branch, begun)) = ago(40) {
        for place in 0..orders {
            let order = id(branch, begun, place);
            log(ESCROW, ended(order, place < disputed));
            if place >= disputed {
                log(VAULT, receipt(order, parties(orders, begun, place), time(block)));
            }
        }
    }
    for place in 0..orders / 20 {
        let amount = U256::from(5);
        let party = parties(orders, block, place).1;
        log(ESCROW, CoreProverEscrow::Owed { token: TOKEN, party, amount }.encode_log_data());
        if let Some((_, begun)) = ago(3) {
            let party = parties(orders, begun, place).1;
            log(ESCROW, CoreProverEscrow::Withdrawn { token: TOKEN, party, to: party, amount }.encode_log_data());
        }
    }
    // their ids lie behind those of the orders
    for place in orders..orders + orders / 10 {
        log(HTLC, locked((branches.at(block), block), place));
        if let Some((branch, begun)) = ago(5) {
            let lock = id(branch, begun, place);
            log(HTLC, HashedTimelock::Claimed { lockId: lock, secret: lock }.encode_log_data());
        }
    }
    logs
}

fn created(orders: u64, (branch, block): (u64, u64), place: u64) -> LogData {
    let (buyer, seller) = parties(orders, block, place);
    let order = id(branch, block, place);
    let amount = U96::from(1_000_000 + mixed(block ^ place) % 50_000_000);
    let terms = Order { buyer, seller, token: TOKEN, amount, session_id: order, salt: order, ..Order::default() };
    CoreProverEscrow::OrderCreated {
        orderId: order,
        buyer,
        seller,
        payer: buyer,
        receiptAddress: B256::ZERO,
        terms: terms.pack().into(),
    }
    .encode_log_data()
}

fn committed(order: B256) -> LogData {
    CoreProverEscrow::SellerCommitted {
        orderId: order,
        businessName: "Mario's Pizza".into(),
        businessLicense: "L-2025-17".into(),
        documentHash: B256::ZERO,
        deliveryCommitment: B256::ZERO,
    }
    .encode_log_data()
}

fn ended(order: B256, refunded: bool) -> LogData {
    let (all, none) = (U256::from(1_000_000), U256::ZERO);
    CoreProverEscrow::OrderEnded {
        orderId: order,
        state: if refunded { 8 } else { 6 },
        outcome: if refunded { 4 } else { 1 },
        toBuyer: if refunded { all } else { none },
        toSeller: if refunded { none } else { all },
        fee: none,
        bondToBuyer: none,
        disputeToBuyer: none,
        arbiterFee: none,
        evidence: order,
    }
    .encode_log_data()
}

fn receipt(order: B256, (buyer, seller): (Address, Address), settled: u64) -> LogData {
    ReceiptVault::ReceiptIssued {
        orderId: order,
        buyer,
        seller,
        sessionId: order,
        offerHash: B256::ZERO,
        token: TOKEN,
        paid: U256::from(1_000_000),
        refunded: U256::ZERO,
        fee: U256::ZERO,
        outcome: 1,
        settledAt: U256::from(settled),
        evidence: order,
        receiptAddress: B256::ZERO,
        deliveryCommitment: B256::ZERO,
    }
    .encode_log_data()
}

fn locked((branch, block): (u64, u64), place: u64) -> LogData {
    let lock = id(branch, block, place);
    let (sender, receiver) = (person(0x10, mixed(block) % 500), person(0x11, mixed(place) % 500));
    let amount = U96::from(1_000);
    let terms = LockTerms { sender, receiver, token: TOKEN, amount, hashlock: lock, ..LockTerms::default() };
    HashedTimelock::Locked { lockId: lock, terms: terms.pack() }.encode_log_data()
}
