use coreprover_store::{Field, Record, Row, StoreError, Table, table};
use tgp_protocol::value::{EvmAddress, Word};

/// The key of a row, of whichever table; the chain is understood.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Key {
    /// Escrow, order.
    Order(EvmAddress, Word),
    /// Party, token.
    Party(EvmAddress, EvmAddress),
    /// Vault, order.
    Receipt(EvmAddress, Word),
    /// Timelock, lock.
    Lock(EvmAddress, Word),
    /// Registry, circuit, version.
    Verifier(EvmAddress, Word, u64),
    /// Registry, circuit.
    Role(EvmAddress, Word),
    /// Router, route.
    Route(EvmAddress, Word),
    /// Contract, token, party.
    Owed(EvmAddress, EvmAddress, EvmAddress),
    /// Escrow, order, role, token.
    Held(EvmAddress, Word, u8, EvmAddress),
    /// Vault, block, log, root.
    Anchor(EvmAddress, u64, u64, Word),
}

impl Key {
    /// Its table.
    #[must_use]
    pub const fn table(&self) -> &'static Table {
        match self {
            Self::Order(..) => table::Order::TABLE,
            Self::Party(..) => table::Party::TABLE,
            Self::Receipt(..) => table::Receipt::TABLE,
            Self::Lock(..) => table::Lock::TABLE,
            Self::Verifier(..) => table::Verifier::TABLE,
            Self::Role(..) => table::Role::TABLE,
            Self::Route(..) => table::Route::TABLE,
            Self::Owed(..) => table::Owed::TABLE,
            Self::Held(..) => table::Held::TABLE,
            Self::Anchor(..) => table::Anchor::TABLE,
        }
    }

    /// Its columns.
    ///
    /// # Errors
    /// With [`StoreError::TooLarge`] for a number above 2^63-1.
    pub fn record(&self, chain: u64) -> Result<Record, StoreError> {
        let mut record = Vec::with_capacity(5);
        record.push(chain.put("chain")?);
        match self {
            Self::Order(contract, word) | Self::Lock(contract, word) | Self::Route(contract, word) => {
                record.extend([contract.put("contract")?, word.put("id")?]);
            }
            Self::Receipt(contract, word) => record.extend([contract.put("contract")?, word.put("order_id")?]),
            Self::Role(contract, word) => record.extend([contract.put("contract")?, word.put("circuit")?]),
            Self::Party(party, token) => record.extend([party.put("party")?, token.put("token")?]),
            Self::Verifier(contract, circuit, version) => {
                record.extend([contract.put("contract")?, circuit.put("circuit")?, version.put("version")?]);
            }
            Self::Owed(contract, token, party) => {
                record.extend([contract.put("contract")?, token.put("token")?, party.put("party")?]);
            }
            Self::Held(contract, order, role, token) => record.extend([
                contract.put("contract")?,
                order.put("order_id")?,
                role.put("role")?,
                token.put("token")?,
            ]),
            Self::Anchor(contract, block, log, root) => {
                record.extend([contract.put("contract")?, block.put("block")?, log.put("log")?, root.put("root")?])
            }
        }
        Ok(record)
    }
}
