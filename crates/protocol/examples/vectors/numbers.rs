use crate::{
    Outcome,
    topic::{Case, Topic},
};
use tgp_protocol::json::{Value, parse};

const TEXTS: [&str; 42] = [
    "0",
    "-0",
    "0.0",
    "-0.000",
    "0e5",
    "0e-5",
    "1",
    "-1",
    "10",
    "10.00",
    "1e3",
    "1E+3",
    "-1.5E1",
    "100000e-5",
    "100001e-5",
    "0.99",
    "0.05",
    "0.000001",
    "-0.000001",
    "1.5",
    "1.50",
    "9007199254740991",
    "-9007199254740991",
    "9007199254740991.0",
    "900719925474099.1e1",
    "123456789.012345",
    "999999999.999999",
    "999999999999999e-6",
    "9007199254740992",
    "-9007199254740992",
    "9007199254740993",
    "18446744073709551615",
    "18446744073709551616",
    "1e16",
    "1e400",
    "1e99999999999",
    "1e-7",
    "0.0000001",
    "1234567890.123456",
    "0.12345678901234567",
    "01",
    "-",
];

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "Number literals: the canonical text and the decimal mantissa / 10^places in lowest terms, or the refusal.",
    );
    for text in TEXTS {
        let case = Case::new(text).with("text", text);
        topic.push(case.with_result(parse(text.as_bytes()), |case, value| match value {
            Value::Number(number) => {
                let (mantissa, places) = number.as_decimal();
                case.with("canonical", number.to_string()).with("mantissa", mantissa.to_string()).with("places", places)
            }
            _ => case,
        }));
    }
    Ok(topic)
}
