//! Roots that somebody anchored. Two are never one row: the log's place is in the key.

use super::{At, FoldError, Key};
use crate::Event;
use coreprover_bindings::ReceiptVault::ReceiptVaultEvents as Vault;
use coreprover_store::table::Anchor;
use tgp_protocol::value::Word;

pub(super) fn fold(key: Key, event: &Event, at: &At) -> Result<Anchor, FoldError> {
    let Event::Vault(event) = event else { return Err(FoldError::OutOfRange(key)) };
    let Vault::BatchAnchored(e) = event else { return Err(FoldError::OutOfRange(key)) };
    Ok(Anchor {
        chain: at.chain,
        contract: at.contract,
        block: at.block,
        log: at.log,
        root: Word(e.root),
        sender: e.sender.into(),
        tx: at.tx,
    })
}
