use crate::{Contention, StoreError};
use sqlx::Error;

/// What an error of the server, or of the way to it, means to the caller.
pub(super) fn engine(error: Error) -> StoreError {
    let text = error.to_string();
    match error {
        Error::Database(refusal) => by_state(&refusal.code().unwrap_or_default(), text),
        Error::Configuration(_) => StoreError::Malformed(text),
        Error::ColumnDecode { .. } | Error::Decode(_) | Error::RowNotFound => StoreError::Damaged(text),
        Error::Io(_) | Error::Tls(_) | Error::Protocol(_) | Error::PoolTimedOut | Error::PoolClosed => {
            StoreError::Unreachable(text)
        }
        Error::WorkerCrashed => StoreError::Unreachable(text),
        _ => StoreError::Engine(text),
    }
}

/// By SQLSTATE, whose first two letters are its class.
fn by_state(state: &str, text: String) -> StoreError {
    match state {
        // serialization failure, deadlock
        "40001" | "40P01" => StoreError::Contention(Contention::Rows),
        // lock not available, query cancelled, too many connections, out of memory
        "55P03" | "57014" | "53300" | "53200" => StoreError::Busy(text),
        // disk full, limit of the configuration
        "53100" | "53400" => StoreError::Full(text),
        // data corrupted, index corrupted
        "XX001" | "XX002" => StoreError::Damaged(text),
        // a server that only reads
        "25006" => StoreError::Unreachable(text),
        _ => match state.get(..2).unwrap_or_default() {
            // connection, operator intervention, a system error such as a failing disk, authorization, no such database
            "08" | "57" | "58" | "28" | "3D" => StoreError::Unreachable(text),
            // a value that no column holds; what the crate checks before, and the triggers of what is written once
            "22" | "23" => StoreError::Malformed(text),
            _ => StoreError::Engine(text),
        },
    }
}
