//! What a party did: counted when an order begins, is disputed, and leaves a receipt.

use super::{At, FoldError, Key, plus};
use crate::Event;
use coreprover_bindings::{
    CoreProverEscrow::CoreProverEscrowEvents as Escrow, ReceiptVault::ReceiptVaultEvents as Vault,
};
use coreprover_store::table::Party;
use tgp_protocol::value::{Amount, EvmAddress};

/// Both parties of an order.
pub(super) fn of(buyer: EvmAddress, seller: EvmAddress, token: EvmAddress) -> [Key; 2] {
    [Key::Party(buyer, token), Key::Party(seller, token)]
}

/// Buyer and seller of an order are never the same.
pub(super) fn fold(
    key: Key,
    who: EvmAddress,
    event: &Event,
    at: &At,
    before: Option<Party>,
) -> Result<Party, FoldError> {
    let Key::Party(party, token) = key else { return Err(FoldError::OutOfRange(key)) };
    let mut row = before.unwrap_or(Party {
        chain: at.chain,
        party,
        token,
        bought: 0,
        sold: 0,
        spent: Amount::ZERO,
        earned: Amount::ZERO,
        disputes: 0,
    });
    let begin = |row: &mut Party, buyer| if who.0 == buyer { row.bought += 1 } else { row.sold += 1 };
    match event {
        Event::Escrow(event) => match event {
            Escrow::OrderCreated(e) => begin(&mut row, e.buyer),
            Escrow::SimpleOrderCreated(e) => begin(&mut row, e.buyer),
            Escrow::Disputed(_) => row.disputes += 1,
            _ => {}
        },
        Event::Vault(event) => {
            if let Vault::ReceiptIssued(e) = event {
                let sum = if who.0 == e.buyer { &mut row.spent } else { &mut row.earned };
                *sum = plus(key, *sum, e.paid)?;
            }
        }
        Event::Timelock(_) | Event::Router(_) | Event::Registry(_) => {}
    }
    Ok(row)
}
