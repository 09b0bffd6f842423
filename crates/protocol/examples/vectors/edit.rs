//! Messages that cases change one thing of.

use crate::{
    Outcome,
    object::{put, written},
};
use tgp_protocol::json::{Object, Value};

/// The object with the member at a dotted path replaced, or taken out where there is no value: see [`put`].
pub(crate) fn changed(object: &Object, path: &str, value: Option<&str>) -> Outcome<Object> {
    let mut object = object.clone();
    put(&mut object, path, value)?;
    Ok(object)
}

/// The object with the hex digits of the text at a dotted path in capitals: what is read in any case says the same.
pub(crate) fn in_capitals(object: &Object, path: &str) -> Outcome<Object> {
    let mut found = Some(Value::Object(object.clone()));
    for step in path.split('.') {
        found = match found {
            Some(Value::Object(object)) => object.get(step).cloned(),
            Some(Value::Array(elements)) => elements.get(step.parse::<usize>()?).cloned(),
            _ => None,
        };
    }
    let text = found.as_ref().and_then(Value::as_str).ok_or_else(|| format!("no text at {path}"))?;
    let (prefix, digits) = text.split_at(text.find(['x', ':']).map_or(0, |end| end + 1));
    let capitals = digits.to_uppercase();
    if capitals == digits {
        return Err(format!("no letter among the digits of {path} in {}", written(object)?).into());
    }
    changed(object, path, Some(&format!(r#""{prefix}{capitals}""#)))
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
