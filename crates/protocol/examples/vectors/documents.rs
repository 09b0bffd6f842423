//! JSON documents that the generators change in one place.

use crate::Outcome;
use tgp_protocol::{
    Reason,
    json::{self, Object, Value},
};

pub(crate) fn object(text: &str) -> Outcome<Object> {
    match json::parse(text.as_bytes())? {
        Value::Object(object) => Ok(object),
        _ => Err(Reason::NotAnObject.into()),
    }
}

pub(crate) fn written(object: &Object) -> Outcome<String> {
    Ok(String::from_utf8(object.canonical())?)
}

/// The object with one member set to this JSON, or taken out where there is none. The path leads through objects.
pub(crate) fn replaced(object: &Object, path: &[&str], text: Option<&str>) -> Outcome<Object> {
    let [name, rest @ ..] = path else { return Err("no path".into()) };
    let mut object = object.clone();
    let inner = object.get(name).and_then(Value::as_object).cloned();
    match (text, rest, inner) {
        (_, [_, ..], inner) => {
            let inner = replaced(&inner.unwrap_or_default(), rest, text)?;
            object.insert(name, Value::Object(inner));
        }
        (None, [], _) => {
            object.remove(name);
        }
        (Some(text), [], _) => {
            object.insert(name, json::parse(text.as_bytes())?);
        }
    }
    Ok(object)
}
