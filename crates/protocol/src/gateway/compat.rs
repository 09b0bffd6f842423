use crate::{
    json::{Object, Value},
    wire::Kind,
};

/// A way to money inside a message; `[]` stands for every element of an array.
type Way = &'static [&'static str];

/// Where the documents write money as a JSON number.
fn money_of(kind: Kind) -> &'static [Way] {
    match kind {
        Kind::Query => &[&["attributes", "amount", "value"]],
        Kind::Advert => {
            &[&["paths", "[]", "cost", "base"], &["paths", "[]", "cost", "variable"], &["paths", "[]", "lock_amount"]]
        }
        Kind::Select => &[&["htlc_params", "amount"]],
        Kind::Settle => &[&["final_amount"]],
        Kind::BuyerQuery
        | Kind::BuyerOffer
        | Kind::BuyerAccept
        | Kind::BuyerSettle
        | Kind::BuyerError
        | Kind::Locked
        | Kind::Proof
        | Kind::Error
        | Kind::WithdrawRoute
        | Kind::Abort
        | Kind::PathQuote
        | Kind::SettlementEnvelope
        | Kind::ProofOfSettlement => &[],
    }
}

/// The copy of a message in which money is a string wherever the documents write a number: the compat mode
/// `compat.numeric_money`. A number becomes the text of its value, digit by digit; it never was a float. Signatures are
/// verified over the message as it came. Parts that others signed, such as invoices, have no numbers for money and are
/// not touched.
pub(super) fn numeric_money(kind: Kind, message: &Object) -> Object {
    let mut value = Value::Object(message.clone());
    for way in money_of(kind) {
        convert(&mut value, way);
    }
    match value {
        Value::Object(object) => object,
        // it was one, and only numbers were replaced
        _ => message.clone(),
    }
}

fn convert(value: &mut Value, way: &[&str]) {
    match (way, value) {
        ([], value @ Value::Number(_)) => {
            let Value::Number(number) = value else { return };
            *value = Value::String(number.to_string());
        }
        (["[]", rest @ ..], Value::Array(elements)) => elements.iter_mut().for_each(|element| convert(element, rest)),
        ([name, rest @ ..], Value::Object(object)) => {
            if let Some(mut inner) = object.remove(name) {
                convert(&mut inner, rest);
                object.insert(name, inner);
            }
        }
        _ => {}
    }
}
