use super::{AnyRow, At, FoldError, Key, fold, keys, parties};
use crate::Event;
use coreprover_bindings::CoreProverEscrow::CoreProverEscrowEvents as Escrow;
use coreprover_store::{Record, StoreError, Table, Undo, table::Order};
use std::collections::{BTreeSet, HashMap};
use tgp_protocol::value::Word;

/// The rows of a batch: loaded before, changed by its events, written after.
///
/// ```
/// use coreprover_indexer::{Contract, fold::{AnyRow, At, FoldError, Key, Sheet}};
/// use tgp_protocol::value::EvmAddress;
/// # use alloy::{primitives::{Address, B256}, sol_types::SolEvent};
/// # use coreprover_bindings::ReceiptVault::BatchAnchored;
/// # let log = BatchAnchored { sender: Address::ZERO, root: B256::repeat_byte(7) }.encode_log_data();
/// # let (topics, data) = log.split();
/// let vault = EvmAddress([2; 20].into());
/// let kind = Contract::Vault { escrow: EvmAddress([1; 20].into()) };
/// let event = kind.decode(topics, data).ok_or("an event of the vault")?;
/// let at = At { chain: 1, block: 5, block_hash: [9; 32].into(), time: 60, log: 0, tx: [8; 32].into(), contract: vault, kind };
///
/// let mut sheet = Sheet::new(1);
/// for key in sheet.unknown([(&event, &at)]) {
///     sheet.know(key, None); // the store has no such row
/// }
/// let mut undo = Vec::new();
/// sheet.fold(&event, &at, Some(&mut undo))?;
/// assert_eq!(undo.len(), 1);
/// assert_eq!(undo[0].before, None);
/// let key = Key::Anchor(vault, 5, 0, [7; 32].into());
/// assert_eq!(key.table().name, "anchors");
/// assert!(matches!(sheet.row(&key), Some(AnyRow::Anchor(row)) if row.block == 5));
/// let rows = sheet.changed()?;
/// assert_eq!(rows[0].0.name, "anchors");
/// assert_eq!(rows[0].1[..5], key.record(1)?);
/// assert_eq!(AnyRow::from_record(&key, rows[0].1.clone())?, sheet.row(&key).cloned().ok_or("the row is there")?);
///
/// // a row that nobody looked up cannot be changed
/// assert!(matches!(Sheet::new(1).fold(&event, &at, None), Err(FoldError::NoBeginning(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Sheet {
    chain: u64,
    rows: HashMap<Key, Entry>,
}

#[derive(Debug)]
struct Entry {
    row: Option<AnyRow>,
    /// The last block that changed it.
    changed: Option<u64>,
}

impl Sheet {
    /// No rows of a chain.
    #[must_use]
    pub fn new(chain: u64) -> Self {
        Self { chain, rows: HashMap::new() }
    }

    /// The rows that these events need and that the sheet does not know. To be asked again when those are known: a
    /// dispute needs the parties of an order that may stand in the store.
    pub fn unknown<'a>(&self, events: impl IntoIterator<Item = (&'a Event, &'a At)>) -> BTreeSet<Key> {
        let mut begun: HashMap<Key, [Key; 2]> = HashMap::new();
        let mut unknown = BTreeSet::new();
        for (event, at) in events {
            let needed = keys(event, at);
            if let [order @ Key::Order(..), buyer, seller] = needed[..] {
                begun.insert(order, [buyer, seller]);
            }
            let parties = disputed(event, at).and_then(|order| self.parties(&order).or(begun.get(&order).copied()));
            unknown.extend(
                needed.into_iter().chain(parties.into_iter().flatten()).filter(|key| !self.rows.contains_key(key)),
            );
        }
        unknown
    }

    /// Tells the sheet a row as the store has it.
    pub fn know(&mut self, key: Key, row: Option<AnyRow>) {
        self.rows.insert(key, Entry { row, changed: None });
    }

    /// What the sheet knows of a row: nothing, or that it is not there, or the row.
    pub(crate) fn known(&self, key: &Key) -> Option<Option<&AnyRow>> {
        self.rows.get(key).map(|entry| entry.row.as_ref())
    }

    /// What a row is now, where the sheet knows it.
    #[must_use]
    pub fn row(&self, key: &Key) -> Option<&AnyRow> {
        self.known(key).flatten()
    }

    /// Applies an event, and keeps in `undo` the image of each row that its block has not changed before.
    ///
    /// # Errors
    /// With [`FoldError`] when the event does not follow from the rows; the sheet is of no use then.
    pub fn fold(&mut self, event: &Event, at: &At, mut undo: Option<&mut Vec<Undo>>) -> Result<(), FoldError> {
        let parties = disputed(event, at).and_then(|order| self.parties(&order));
        for key in keys(event, at).into_iter().chain(parties.into_iter().flatten()) {
            let entry = self.rows.get_mut(&key).ok_or(FoldError::NoBeginning(key))?;
            let before = entry.row.take();
            if let Some(undo) = undo.as_deref_mut().filter(|_| entry.changed != Some(at.block)) {
                let before = before.as_ref().map(AnyRow::record).transpose()?;
                undo.push(Undo { block: at.block, table: key.table(), key: key.record(self.chain)?, before });
            }
            entry.row = Some(fold(key, event, at, before)?);
            entry.changed = Some(at.block);
        }
        Ok(())
    }

    /// Every row that an event changed, in the order of tables and keys.
    ///
    /// # Errors
    /// With [`StoreError::TooLarge`].
    pub fn changed(&self) -> Result<Vec<(&'static Table, Record)>, StoreError> {
        let mut changed: Vec<_> = self.rows.iter().filter(|(_, entry)| entry.changed.is_some()).collect();
        changed.sort_unstable_by_key(|(key, _)| **key);
        let rows = changed.into_iter().filter_map(|(key, entry)| Some((key, entry.row.as_ref()?)));
        rows.map(|(key, row)| Ok((key.table(), row.record()?))).collect()
    }

    fn parties(&self, order: &Key) -> Option<[Key; 2]> {
        match self.row(order)? {
            AnyRow::Order(row) => {
                let Order { buyer, seller, token, .. } = **row;
                Some(parties::of(buyer, seller, token))
            }
            _ => None,
        }
    }
}

/// The order of a dispute.
fn disputed(event: &Event, at: &At) -> Option<Key> {
    match event {
        Event::Escrow(event) => match event {
            Escrow::Disputed(e) => Some(Key::Order(at.contract, Word(e.orderId))),
            _ => None,
        },
        Event::Vault(_) | Event::Timelock(_) | Event::Router(_) | Event::Registry(_) => None,
    }
}
