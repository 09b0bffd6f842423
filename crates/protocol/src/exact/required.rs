use super::Requirements;
use crate::{
    Error, Reason, Result,
    header::X402Version,
    json::{Object, Value},
};

/// What a seller's 402 answer asks for: the entries of `accepts` that are `exact` payments on EVM chains. Entries of
/// other schemes and chains are somebody else's and are passed over; a broken entry of ours is not.
///
/// Version 2 sends the object in `PAYMENT-REQUIRED`, version 1 as the body.
///
/// # Errors
/// With the entry's field, such as `accepts[0].payTo`.
pub fn read_payment_required(object: &Object) -> Result<Vec<Requirements>> {
    let version = X402Version::of(object)?;
    let accepts = match object.given("accepts") {
        None => return Err(Error::from(Reason::Missing).within("accepts")),
        Some(Value::Array(accepts)) => accepts,
        Some(_) => return Err(Error::from(Reason::WrongType).within("accepts")),
    };
    let mut found = Vec::new();
    for (place, entry) in accepts.iter().enumerate() {
        let at = |error: Error| error.within(place).within("accepts");
        let entry = entry.as_object().ok_or_else(|| at(Reason::WrongType.into()))?;
        match Requirements::read(version, entry) {
            Ok(requirements) => found.push(requirements),
            Err(error) if matches!(error.reason(), Reason::OtherScheme | Reason::BadChain) => {}
            Err(error) => return Err(at(error)),
        }
    }
    Ok(found)
}
