use super::{Limits, Value, parse_within};
use crate::Result;
use crate::{Code, Error, Reason};
use serde::Serialize;

/// A value of this crate as JSON. It goes through the same strict reading as a document from outside.
///
/// # Errors
/// When `value` has no JSON form, or one that [`super::parse`] refuses.
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value> {
    to_value_within(value, &Limits::DOCUMENT)
}

/// The same within other limits.
pub(crate) fn to_value_within<T: Serialize + ?Sized>(value: &T, limits: &Limits) -> Result<Value> {
    let text = serde_json::to_vec(value).map_err(|_| Error::new(Code::Internal, Reason::Malformed))?;
    parse_within(&text, limits)
}
