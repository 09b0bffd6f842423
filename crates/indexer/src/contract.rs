use alloy::primitives::{B256, Bytes, LogData};
use coreprover_bindings::{Contract as Kind, Event};
use tgp_protocol::value::EvmAddress;

/// What stands at an address.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Contract {
    /// A `CoreProverEscrow`.
    Escrow,
    /// A `ReceiptVault`, and the escrow that made it.
    Vault {
        /// Whose receipts it issues.
        escrow: EvmAddress,
    },
    /// A `HashedTimelock`.
    Timelock,
    /// A `TgpRouter`.
    Router,
    /// A `VerifierRegistry`.
    Registry,
}

impl Contract {
    /// Which of the deployment's contracts it is.
    ///
    /// ```
    /// use coreprover_bindings::Contract as Kind;
    /// use coreprover_indexer::Contract;
    /// use tgp_protocol::value::EvmAddress;
    ///
    /// let escrow = EvmAddress([1; 20].into());
    /// assert_eq!(Contract::Vault { escrow }.kind(), Kind::Vault);
    /// ```
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::Escrow => Kind::Escrow,
            Self::Vault { .. } => Kind::Vault,
            Self::Timelock => Kind::Timelock,
            Self::Router => Kind::Router,
            Self::Registry => Kind::Registry,
        }
    }

    /// Decodes a log of this contract; nothing where it is none of its events.
    ///
    /// ```
    /// use coreprover_bindings::Event;
    /// use coreprover_indexer::Contract;
    /// # use alloy::{primitives::{Address, B256}, sol_types::SolEvent};
    /// # use coreprover_bindings::ReceiptVault::BatchAnchored;
    /// # let log = BatchAnchored { sender: Address::ZERO, root: B256::repeat_byte(7) }.encode_log_data();
    /// # let (topics, data) = log.split();
    /// let escrow = Address::repeat_byte(1).into();
    /// assert!(matches!(Contract::Vault { escrow }.decode(topics.clone(), data.clone()), Some(Event::Vault(_))));
    /// // the same log at another contract means nothing
    /// assert_eq!(Contract::Router.decode(topics, data), None);
    /// ```
    #[must_use]
    pub fn decode(self, topics: Vec<B256>, data: Bytes) -> Option<Event> {
        decode(self.kind(), topics, data)
    }
}

/// The event that a log of such a contract is.
pub(crate) fn decode(kind: Kind, topics: Vec<B256>, data: Bytes) -> Option<Event> {
    Event::decode(kind, &LogData::new_unchecked(topics, data)).ok().flatten()
}
