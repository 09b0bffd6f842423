//! An order: the contract's slot bit for bit, and what a reader wants to know beside it.

use super::{At, FoldError, Key, plus, seconds, slot};
use crate::Event;
use alloy::primitives::{Address, U256};
use coreprover_bindings::{
    CoreProverEscrow::{self, CoreProverEscrowEvents as Escrow},
    ReceiptVault::ReceiptVaultEvents as Vault,
};
use coreprover_store::table::Order;
use tgp_protocol::{
    order::{Order as Terms, messages::OrderTerms},
    receipt::OrderOutcome,
    session::OrderState,
    value::{Amount, EvmAddress, Word},
};

const NONE: Word = Word(alloy::primitives::B256::ZERO);

/// The order of an event that changes nothing else.
pub(super) fn id(event: &Escrow) -> Option<Word> {
    Some(Word(match event {
        Escrow::SellerCommitted(e) => e.orderId,
        Escrow::Fulfilled(e) => e.orderId,
        Escrow::EvidenceAdded(e) => e.orderId,
        Escrow::Disputed(e) => e.orderId,
        Escrow::Released(e) => e.orderId,
        Escrow::OrderEnded(e) => e.orderId,
        Escrow::SimpleDepositCommitted(e) => e.key,
        Escrow::SimpleSignatureCommitted(e) => e.key,
        Escrow::SimpleLegPaid(e) => e.key,
        Escrow::SimpleRefunded(e) => e.key,
        Escrow::OrderCreated(e) => e.orderId,
        Escrow::SimpleOrderCreated(e) => e.key,
        Escrow::Held(e) => e.orderId,
        Escrow::Collected(e) => e.orderId,
        Escrow::Owed(_) | Escrow::Withdrawn(_) => return None,
    }))
}

/// In what a terms order is paid.
pub(super) fn token(terms: &CoreProverEscrow::Terms) -> EvmAddress {
    Address::from_word((terms.payment >> 96_usize).into()).into()
}

pub(super) fn fold(key: Key, event: &Event, at: &At, before: Option<Order>) -> Result<Order, FoldError> {
    let made = || if before.is_some() { Err(FoldError::Repeated(key)) } else { Ok(()) };
    if let Event::Escrow(event) = event {
        match event {
            Escrow::OrderCreated(e) => return made().and_then(|()| created(key, e, at)),
            Escrow::SimpleOrderCreated(e) => return made().and_then(|()| simple(key, e, at)),
            _ => {}
        }
    }
    let mut order = before.ok_or(FoldError::NoBeginning(key))?;
    order.updated_block = at.block;
    match event {
        Event::Escrow(event) if order.simple => change_simple(&mut order, event, at),
        Event::Escrow(event) => change(key, &mut order, event, at)?,
        Event::Vault(event) => settle(key, &mut order, event, at)?,
        Event::Timelock(_) | Event::Router(_) | Event::Registry(_) => {}
    }
    Ok(order)
}

fn created(key: Key, e: &CoreProverEscrow::OrderCreated, at: &At) -> Result<Order, FoldError> {
    let terms = Terms::from(&OrderTerms::from(e.terms.clone()));
    let flags = if e.receiptAddress.is_zero() { 0 } else { slot::BUYER_SHIELDED };
    let state = OrderState::BuyerCommitted.number();
    Ok(Order {
        simple: false,
        raw_id: None,
        payer: e.payer.into(),
        token: terms.token.into(),
        session_id: Word(terms.session_id),
        offer_hash: Word(terms.offer_hash),
        slot: slot::open(state, flags, U256::ZERO, U256::ZERO).ok_or(FoldError::OutOfRange(key))?,
        buyer_shield: Word(e.receiptAddress),
        ..blank(
            at,
            Word(e.orderId),
            (e.buyer, e.seller),
            Amount(U256::from(terms.amount)),
            [terms.commit_by.to(), terms.deliver_by.to(), terms.timed_release.to()],
        )
    })
}

fn simple(key: Key, e: &CoreProverEscrow::SimpleOrderCreated, at: &At) -> Result<Order, FoldError> {
    let times = [seconds(key, e.commitmentDeadline)?, seconds(key, e.claimDeadline)?, seconds(key, e.timedRelease)?];
    let parties = (e.buyer, e.seller);
    Ok(Order { raw_id: Some(Word(e.orderId)), ..blank(at, Word(e.key), parties, Amount(e.amount), times) })
}

/// A new order in the chain's coin, simple until somebody says otherwise.
fn blank(at: &At, id: Word, (buyer, seller): (Address, Address), amount: Amount, times: [u64; 3]) -> Order {
    let [commit_by, deliver_by, timed_release] = times;
    Order {
        chain: at.chain,
        contract: at.contract,
        id,
        simple: true,
        raw_id: None,
        buyer: buyer.into(),
        seller: seller.into(),
        payer: buyer.into(),
        token: EvmAddress::default(),
        amount,
        session_id: NONE,
        offer_hash: NONE,
        state: OrderState::BuyerCommitted.number(),
        slot: NONE,
        commit_by,
        deliver_by,
        timed_release,
        deposit: Amount::ZERO,
        evidence: NONE,
        buyer_shield: NONE,
        seller_shield: NONE,
        outcome: 0,
        to_buyer: Amount::ZERO,
        to_seller: Amount::ZERO,
        fee: Amount::ZERO,
        receipt_hash: NONE,
        created_at: at.time,
        created_block: at.block,
        created_log: at.log,
        ended_at: 0,
        updated_block: at.block,
    }
}

fn change(key: Key, order: &mut Order, event: &Escrow, at: &At) -> Result<(), FoldError> {
    let flags = slot::flags(order.slot);
    let open = |state: OrderState, flags: u8, clock: U256, word: U256| {
        let slot = slot::open(state.number(), flags, clock, word).ok_or(FoldError::OutOfRange(key))?;
        Ok::<_, FoldError>((state.number(), slot))
    };
    (order.state, order.slot) = match event {
        // for a SWAP the end follows in the same transaction
        Escrow::SellerCommitted(e) => {
            order.seller_shield = Word(e.deliveryCommitment);
            let shielded = if e.deliveryCommitment.is_zero() { 0 } else { slot::SELLER_SHIELDED };
            open(OrderState::BothCommitted, flags | shielded, U256::ZERO, U256::ZERO)?
        }
        Escrow::Fulfilled(e) => {
            order.evidence = Word(e.evidence);
            open(OrderState::Fulfilled, flags, e.clock, slot::evidence(order.id, order.evidence))?
        }
        Escrow::Disputed(e) => {
            let how = if e.unfulfilled { slot::DISPUTED_UNFULFILLED } else { 0 };
            open(OrderState::Disputed, flags | how, e.clock, slot::word(order.slot))?
        }
        Escrow::Released(e) => {
            order.to_seller = Amount(e.cumulative);
            open(OrderState::BothCommitted, flags, U256::ZERO, e.cumulative)?
        }
        Escrow::OrderEnded(e) => {
            order.outcome = e.outcome;
            order.to_buyer = Amount(e.toBuyer);
            order.to_seller = plus(key, order.to_seller, e.toSeller)?;
            order.fee = Amount(e.fee);
            order.evidence = Word(e.evidence);
            order.ended_at = at.time;
            // the receipt, where there is one, follows in the same transaction
            (e.state, slot::ended(e.state, at.time, NONE).ok_or(FoldError::OutOfRange(key))?)
        }
        _ => return Ok(()),
    };
    Ok(())
}

fn change_simple(order: &mut Order, event: &Escrow, at: &At) {
    match event {
        Escrow::SimpleDepositCommitted(_) => {
            order.deposit = order.amount;
            order.state = OrderState::BothCommitted.number();
        }
        Escrow::SimpleSignatureCommitted(_) => order.state = OrderState::BothCommitted.number(),
        Escrow::SimpleLegPaid(e) => {
            order.state = e.state;
            if EvmAddress(e.to) == order.buyer {
                order.to_buyer = Amount(e.amount);
            } else {
                order.to_seller = Amount(e.amount);
            }
            if e.state == OrderState::BothClaimed.number() {
                order.deposit = Amount::ZERO;
                order.ended_at = at.time;
            }
        }
        Escrow::SimpleRefunded(e) => {
            order.state = OrderState::Expired.number();
            order.to_buyer = Amount(e.amount);
            order.ended_at = at.time;
        }
        _ => {}
    }
}

/// The receipt says what the seller got in all, earlier releases included.
fn settle(key: Key, order: &mut Order, event: &Vault, at: &At) -> Result<(), FoldError> {
    let Vault::ReceiptIssued(e) = event else { return Ok(()) };
    let receipt = super::receipts::of(key, e, at, order.contract)?;
    order.receipt_hash = receipt.receipt_hash();
    if order.simple {
        order.outcome = OrderOutcome::Simple.number();
    } else {
        order.to_seller = receipt.paid;
        order.fee = receipt.fee;
        order.slot =
            slot::ended(order.state, receipt.settled_at, order.receipt_hash).ok_or(FoldError::OutOfRange(key))?;
    }
    Ok(())
}
