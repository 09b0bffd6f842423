//! What the contracts log, typed.

mod error;
#[rustfmt::skip]
mod table;

pub use error::{LogError, LogPart};

use crate::{
    Contract, CoreProverEscrow::CoreProverEscrowEvents, HashedTimelock::HashedTimelockEvents,
    ReceiptVault::ReceiptVaultEvents, TgpRouter::TgpRouterEvents, VerifierRegistry::VerifierRegistryEvents,
};
use alloy::{
    primitives::LogData,
    sol_types::{
        SolEvent, SolType,
        abi::{AbiDecoderConfig, decode_sequence_with_config},
    },
};

/// An event of one of the contracts.
///
/// ```
/// use alloy::{
///     primitives::{Address, B256, U256},
///     sol_types::SolEvent,
/// };
/// use coreprover_bindings::{Contract, CoreProverEscrow, Event};
///
/// // a log, as a node gives it
/// let released = CoreProverEscrow::Released { orderId: B256::repeat_byte(7), cumulative: U256::from(40_000_000) };
/// let log = released.encode_log_data();
///
/// let event = Event::decode(Contract::Escrow, &log)?.expect("an event of the escrow");
/// assert_eq!(event, Event::from(released));
/// assert_eq!((event.contract(), event.name()), (Contract::Escrow, "Released"));
///
/// // what a store keeps of it, and what it makes of that later
/// let fields = event.fields();
/// assert_eq!(fields["cumulative"], "40000000");
/// assert_eq!(Event::from_fields(Contract::Escrow, "Released", &fields)?, Some(event));
///
/// // what to ask the node for; what else is logged there is not ours to understand
/// assert!(Event::topics(Contract::Escrow).contains(&log.topics()[0]));
/// assert_eq!(Event::decode(Contract::Router, &log)?, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Event {
    /// Of the escrow.
    Escrow(CoreProverEscrowEvents),
    /// Of the vault.
    Vault(ReceiptVaultEvents),
    /// Of the hash locks.
    Timelock(HashedTimelockEvents),
    /// Of the router.
    Router(TgpRouterEvents),
    /// Of the registry of verifiers.
    Registry(VerifierRegistryEvents),
}

impl Event {
    /// Reads a log of the contract. `None` is another event than those of its ABI.
    ///
    /// A text that is no UTF-8 is read with `U+FFFD` for what is wrong in it: a seller chooses his name, and must not be
    /// able to hide an order from its readers.
    ///
    /// # Errors
    /// When topics or data are not exactly those of the event that topic 0 names.
    pub fn decode(contract: Contract, log: &LogData) -> Result<Option<Self>, LogError> {
        let Some(first) = log.topics().first() else { return Ok(None) };
        Self::decode_as(contract, *first, log)
    }
}

/// Reads one event, and takes nothing that its contract would not write.
fn decode<E: SolEvent>(contract: Contract, log: &LogData) -> Result<E, LogError> {
    let name = E::SIGNATURE.split('(').next().unwrap_or_default();
    let wrong = |part| LogError { contract, event: name, part };
    let strict = AbiDecoderConfig::new().strict(true);
    let topics =
        E::decode_topics_with_config(log.topics().iter().copied(), strict).map_err(|_| wrong(LogPart::Topics))?;
    let tokens =
        decode_sequence_with_config::<E::DataToken<'_>>(&log.data, strict).map_err(|_| wrong(LogPart::Data))?;
    // of texts it asks UTF-8; the other fields beside texts are words that may hold anything
    if !E::SIGNATURE.contains("string") && !E::DataTuple::valid_token(&tokens) {
        return Err(wrong(LogPart::Data));
    }
    Ok(E::new(topics, E::DataTuple::detokenize(tokens)))
}

/// What the table makes of its rows: for each contract its events with their fields.
macro_rules! events {
    ($($kind:ident = $module:ident::$events:ident { $($event:ident { $($field:ident),* })+ })+) => {
        $($(crate::fields::object! { $module::$event { $($field),* } })+)+

        $($(
            impl From<$module::$event> for Event {
                fn from(event: $module::$event) -> Self {
                    Self::$kind($module::$events::$event(event))
                }
            }
        )+)+

        impl Event {
            /// The contract that logged it.
            #[must_use]
            pub fn contract(&self) -> Contract {
                match self { $(Self::$kind(_) => Contract::$kind,)+ }
            }

            /// Its name in the ABI.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self { $($(Self::$kind($module::$events::$event(_)) => stringify!($event),)+)+ }
            }

            /// Topic 0 of every event of a contract, to filter logs by.
            #[must_use]
            pub fn topics(contract: Contract) -> &'static [B256] {
                match contract {
                    $(Contract::$kind => &[$($module::$event::SIGNATURE_HASH),+],)+
                    Contract::Lens => &[],
                }
            }

            /// The fields under the ABI's names, indexed ones too: integers as decimal strings, bytes in hex, addresses
            /// with their checksum. The same event has the same fields, always.
            #[must_use]
            pub fn fields(&self) -> Value {
                match self { $($(Self::$kind($module::$events::$event(event)) => event.to_json(),)+)+ }
            }

            /// The event whose [`Self::fields`] these are. `None` is a name that the contract's ABI does not have.
            ///
            /// # Errors
            /// With the field that is missing, unknown or wrong.
            pub fn from_fields(contract: Contract, name: &str, fields: &Value) -> tgp_protocol::Result<Option<Self>> {
                Ok(match (contract, name) {
                    $($((Contract::$kind, stringify!($event)) => Some($module::$event::from_json(fields)?.into()),)+)+
                    _ => None,
                })
            }

            pub(super) fn decode_as(contract: Contract, topic: B256, log: &LogData) -> Result<Option<Self>, LogError> {
                match contract {
                    $(Contract::$kind => {
                        $(if topic == $module::$event::SIGNATURE_HASH {
                            return decode::<$module::$event>(contract, log).map(|event| Some(event.into()));
                        })+
                    })+
                    Contract::Lens => {}
                }
                Ok(None)
            }
        }
    };
}

use events;
