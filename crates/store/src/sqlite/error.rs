use crate::{Contention, StoreError};
use rusqlite::{Error, ErrorCode};

/// What an error of the engine means to the caller.
pub(super) fn engine(error: Error) -> StoreError {
    let text = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy(text),
        Some(ErrorCode::DiskFull | ErrorCode::TooBig) => StoreError::Full(text),
        Some(
            ErrorCode::CannotOpen | ErrorCode::SystemIoFailure | ErrorCode::ReadOnly | ErrorCode::PermissionDenied,
        ) => StoreError::Unreachable(text),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Damaged(text),
        Some(ErrorCode::ConstraintViolation) => StoreError::Contention(Contention::Rows),
        _ => StoreError::Engine(text),
    }
}
