//! Objects as texts, and ways to change one thing in them.

use crate::Outcome;
use serde::de::DeserializeOwned;
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

/// The fields of an object's text.
pub(crate) fn fields<T: DeserializeOwned>(text: &str) -> tgp_protocol::Result<T> {
    json::from_value(&json::parse(text.as_bytes())?)
}

/// Puts what a text says at a place such as `paths.0.cost.base`, or takes out what is there.
pub(crate) fn put(object: &mut Object, place: &str, text: Option<&str>) -> Outcome<()> {
    let value = text.map(|text| json::parse(text.as_bytes())).transpose()?;
    let steps: Vec<&str> = place.split('.').collect();
    let mut whole = Value::Object(std::mem::take(object));
    walk(&mut whole, &steps, value).ok_or("there is no such place")?;
    if let Value::Object(changed) = whole {
        *object = changed;
    }
    Ok(())
}

fn walk(value: &mut Value, steps: &[&str], new: Option<Value>) -> Option<()> {
    match (value, steps) {
        (Value::Object(object), [name]) => {
            match new {
                Some(new) => object.insert(name, new),
                None => object.remove(name),
            };
        }
        (Value::Object(object), [name, rest @ ..]) => {
            let mut inner = object.remove(name)?;
            walk(&mut inner, rest, new)?;
            object.insert(name, inner);
        }
        (Value::Array(elements), [place]) => {
            let place: usize = place.parse().ok()?;
            match new {
                Some(new) => *elements.get_mut(place)? = new,
                None => drop(elements.remove(place)),
            }
        }
        (Value::Array(elements), [place, rest @ ..]) => {
            walk(elements.get_mut(place.parse::<usize>().ok()?)?, rest, new)?;
        }
        _ => return None,
    }
    Some(())
}
