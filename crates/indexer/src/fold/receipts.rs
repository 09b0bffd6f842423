//! Receipts, with the hash that the escrow keeps.

use super::{At, FoldError, Key, seconds};
use crate::{Contract, Event};
use coreprover_bindings::ReceiptVault::{self, ReceiptVaultEvents as Vault};
use coreprover_store::table::Receipt;
use tgp_protocol::{
    receipt::{OrderOutcome, OrderReceipt},
    value::{Amount, ChainId, EvmAddress, Word},
};

/// The contract's receipt from its event.
pub(super) fn of(
    key: Key,
    e: &ReceiptVault::ReceiptIssued,
    at: &At,
    minter: EvmAddress,
) -> Result<OrderReceipt, FoldError> {
    Ok(OrderReceipt {
        chain: ChainId::eip155(at.chain),
        minter,
        order_id: Word(e.orderId),
        buyer: e.buyer.into(),
        seller: e.seller.into(),
        session_id: Word(e.sessionId),
        offer_hash: Word(e.offerHash),
        token: e.token.into(),
        paid: Amount(e.paid),
        refunded: Amount(e.refunded),
        fee: Amount(e.fee),
        outcome: OrderOutcome::from_number(e.outcome).ok_or(FoldError::OutOfRange(key))?,
        settled_at: seconds(key, e.settledAt)?,
        evidence: Word(e.evidence),
        receipt_address: Word(e.receiptAddress),
        delivery_commitment: Word(e.deliveryCommitment),
    })
}

pub(super) fn fold(key: Key, event: &Event, at: &At, before: Option<Receipt>) -> Result<Receipt, FoldError> {
    if before.is_some() {
        return Err(FoldError::Repeated(key));
    }
    let (Event::Vault(event), Contract::Vault { escrow }) = (event, at.kind) else {
        return Err(FoldError::OutOfRange(key));
    };
    let Vault::ReceiptIssued(e) = event else { return Err(FoldError::OutOfRange(key)) };
    let receipt = of(key, e, at, escrow)?;
    Ok(Receipt {
        chain: at.chain,
        contract: at.contract,
        order_id: receipt.order_id,
        minter: escrow,
        buyer: receipt.buyer,
        seller: receipt.seller,
        session_id: receipt.session_id,
        offer_hash: receipt.offer_hash,
        token: receipt.token,
        paid: receipt.paid,
        refunded: receipt.refunded,
        fee: receipt.fee,
        outcome: receipt.outcome.number(),
        settled_at: receipt.settled_at,
        evidence: receipt.evidence,
        receipt_address: receipt.receipt_address,
        delivery_commitment: receipt.delivery_commitment,
        receipt_hash: receipt.receipt_hash(),
        tx: at.tx,
        block_hash: at.block_hash,
        block: at.block,
        log: at.log,
    })
}
