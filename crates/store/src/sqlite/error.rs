use crate::StoreError;
use rusqlite::{Error, ErrorCode};

/// What an error of the engine means to the caller.
pub(super) fn engine(error: Error) -> StoreError {
    let text = error.to_string();
    match (&error, error.sqlite_error_code()) {
        (_, Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)) => StoreError::Busy(text),
        (_, Some(ErrorCode::DiskFull)) => StoreError::Full(text),
        (_, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)) => StoreError::Damaged(text),
        (
            _,
            Some(
                ErrorCode::CannotOpen
                | ErrorCode::SystemIoFailure
                | ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied
                | ErrorCode::FileLockingProtocolFailed,
            ),
        ) => StoreError::Unreachable(text),
        // what the crate checks before; and a trigger that guards what is written once
        (_, Some(ErrorCode::ConstraintViolation)) => StoreError::Malformed(text),
        // a value of a kind that was never written there
        (
            Error::FromSqlConversionFailure(..) | Error::IntegralValueOutOfRange(..) | Error::InvalidColumnType(..),
            None,
        ) => StoreError::Damaged(text),
        _ => StoreError::Engine(text),
    }
}
