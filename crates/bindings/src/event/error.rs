use crate::Contract;
use std::fmt;

/// Why a log is not what its first topic says.
///
/// ```
/// use alloy::{primitives::{B256, LogData, U256}, sol_types::SolEvent};
/// use coreprover_bindings::{Contract, CoreProverEscrow, Event, LogError, LogPart};
///
/// let log = CoreProverEscrow::Released { orderId: B256::ZERO, cumulative: U256::from(5) }.encode_log_data();
/// let longer = [&log.data[..], &[0; 32]].concat();
/// let error = Event::decode(Contract::Escrow, &LogData::new_unchecked(log.topics().to_vec(), longer.into())).unwrap_err();
/// assert_eq!(error, LogError { contract: Contract::Escrow, event: "Released", part: LogPart::Data });
/// assert_eq!(error.to_string(), "the data are not those of CoreProverEscrow.Released");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct LogError {
    /// Whose log was expected.
    pub contract: Contract,
    /// The event that topic 0 names.
    pub event: &'static str,
    /// What does not fit.
    pub part: LogPart,
}

/// A part of a log.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LogPart {
    /// The indexed fields: too few, too many, or out of their type's range.
    Topics,
    /// The other fields: cut off, too long, or not in the one form that contracts write.
    Data,
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = match self.part {
            LogPart::Topics => "topics",
            LogPart::Data => "data",
        };
        write!(f, "the {part} are not those of {}.{}", self.contract, self.event)
    }
}

impl std::error::Error for LogError {}
