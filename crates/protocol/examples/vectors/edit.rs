//! Messages that cases change one thing of.

use crate::{Outcome, object::put};
use tgp_protocol::json::{Object, Value};

/// The object with the member at a dotted path replaced, or taken out where there is no value: see [`put`].
pub(crate) fn changed(object: &Object, path: &str, value: Option<&str>) -> Outcome<Object> {
    let mut object = object.clone();
    put(&mut object, path, value)?;
    Ok(object)
}

/// The object with null for one of its members, or for one that it does not have, each with a name for the case.
pub(crate) fn nulls(object: &Object, others: &[&str]) -> Vec<(String, Object)> {
    let others = others.iter().copied().filter(|name| object.get(name).is_none());
    let names = object.iter().map(|(name, _)| name).chain(others);
    let null = |name: &str| {
        let mut object = object.clone();
        object.insert(name, Value::Null);
        (format!("null for {name}"), object)
    };
    names.map(null).collect()
}

/// How a change is called in the name of a case.
pub(crate) fn called(path: &str, value: Option<&str>) -> String {
    value.map_or_else(|| format!("{path} missing"), |text| format!("{path} is {text}"))
}
