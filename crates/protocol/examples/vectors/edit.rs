//! Messages that cases change one thing of.

use crate::Outcome;
use tgp_protocol::json::{self, Object, Value};

/// The object with the member at a dotted path replaced, or taken out where there is no value. A number in the path is a
/// place in an array.
pub(crate) fn changed(object: &Object, path: &str, value: Option<&str>) -> Outcome<Object> {
    let mut object = object.clone();
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let new = match (rest, value) {
        (None, Some(text)) => json::parse(text.as_bytes())?,
        (None, None) => {
            object.remove(name);
            return Ok(object);
        }
        (Some(rest), _) => inside(object.get(name), rest, value)?,
    };
    object.insert(name, new);
    Ok(object)
}

fn inside(outer: Option<&Value>, path: &str, value: Option<&str>) -> Outcome<Value> {
    match outer {
        Some(Value::Object(inner)) => Ok(Value::Object(changed(inner, path, value)?)),
        Some(Value::Array(elements)) => {
            let (place, rest) = path.split_once('.').ok_or("an element has no member")?;
            let mut elements = elements.clone();
            let element = elements.get_mut(place.parse::<usize>()?).ok_or("no such element")?;
            *element = inside(Some(element), rest, value)?;
            Ok(Value::Array(elements))
        }
        _ => Err(format!("nothing is inside {path}").into()),
    }
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
