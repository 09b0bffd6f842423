use super::{Object, Value};
use std::fmt::Write;

impl Value {
    /// The canonical bytes by RFC 8785.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        let mut out = String::with_capacity(256);
        self.write(&mut out);
        out.into_bytes()
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(true) => out.push_str("true"),
            Self::Bool(false) => out.push_str("false"),
            Self::Number(number) => {
                // writing to a String cannot fail
                let _ = write!(out, "{number}");
            }
            Self::String(text) => write_string(text, out),
            Self::Array(elements) => {
                out.push('[');
                for (place, element) in elements.iter().enumerate() {
                    if place != 0 {
                        out.push(',');
                    }
                    element.write(out);
                }
                out.push(']');
            }
            Self::Object(object) => object.write(&[], out),
        }
    }
}

impl Object {
    /// The canonical bytes by RFC 8785.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        self.canonical_without(&[])
    }

    /// The canonical bytes of the object without some of its members: what a signature or checksum that stands in the
    /// object covers.
    #[must_use]
    pub fn canonical_without(&self, names: &[&str]) -> Vec<u8> {
        let mut out = String::with_capacity(512);
        self.write(names, &mut out);
        out.into_bytes()
    }

    fn write(&self, without: &[&str], out: &mut String) {
        out.push('{');
        let mut first = true;
        for (name, value) in self.iter() {
            if without.contains(&name) {
                continue;
            }
            if !first {
                out.push(',');
            }
            first = false;
            write_string(name, out);
            out.push(':');
            value.write(out);
        }
        out.push('}');
    }
}

/// Only what JSON cannot hold is escaped, in the one form that RFC 8785 names.
fn write_string(text: &str, out: &mut String) {
    out.push('"');
    let mut plain = 0;
    for (place, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            0x08 => "\\b",
            b'\t' => "\\t",
            b'\n' => "\\n",
            0x0c => "\\f",
            b'\r' => "\\r",
            0x00..=0x1f => "",
            _ => continue,
        };
        out.push_str(&text[plain..place]);
        plain = place + 1;
        if escape.is_empty() {
            let _ = write!(out, "\\u{byte:04x}");
        } else {
            out.push_str(escape);
        }
    }
    out.push_str(&text[plain..]);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use crate::json::parse;
    use proptest::prelude::*;

    /// The canonical bytes of a text by two canonicalizers of other authors.
    fn peers(text: &str) -> [Vec<u8>; 2] {
        let value: serde_json::Value = serde_json::from_str(text).expect("what parse accepts, serde_json accepts");
        [serde_jcs::to_vec(&value).unwrap(), serde_json_canonicalizer::to_vec(&value).unwrap()]
    }

    #[track_caller]
    fn same_as_peers(text: &str) {
        let ours = parse(text.as_bytes()).expect("accepted").canonical();
        for theirs in peers(text) {
            assert_eq!(ours, theirs, "{text}");
        }
    }

    /// Text of every plane of Unicode, with what needs escapes often in it.
    fn any_text() -> impl Strategy<Value = String> {
        let character = prop_oneof![
            prop::char::range('\0', '\u{7f}'),
            prop::char::range('\u{80}', '\u{7ff}'),
            prop::char::range('\u{e000}', '\u{ffff}'),
            prop::char::range('\u{10000}', '\u{10ffff}'),
            any::<char>(),
        ];
        prop::collection::vec(character, 0..12).prop_map(String::from_iter)
    }

    /// A number's text as somebody may write it: signs, points, exponents, zeros at both ends.
    fn any_number() -> impl Strategy<Value = String> {
        prop_oneof![
            r"-?(0|[1-9][0-9]{0,15})",
            r"-?(0|[1-9][0-9]{0,8})\.[0-9]{1,7}",
            r"-?(0|[1-9][0-9]{0,4})(\.[0-9]{1,4})?[eE][+-]?[0-9]{1,2}",
        ]
    }

    fn any_json() -> impl Strategy<Value = String> {
        let quoted = || any_text().prop_map(|text| serde_json::to_string(&text).unwrap());
        let leaf = prop_oneof![
            Just("null".to_owned()),
            any::<bool>().prop_map(|truth| truth.to_string()),
            any_number(),
            quoted(),
        ];
        leaf.prop_recursive(5, 48, 6, move |inner| {
            let members = prop::collection::vec((quoted(), inner.clone()), 0..6);
            prop_oneof![
                prop::collection::vec(inner, 0..6).prop_map(|elements| format!("[ {} ]", elements.join(" , "))),
                members.prop_map(|members| {
                    let members: Vec<_> = members.iter().map(|(name, value)| format!("{name} : {value}")).collect();
                    format!("{{ {} }}", members.join("\n,\t"))
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn bytes_are_those_of_other_canonicalizers(text in any_json()) {
            // duplicate names and unsafe numbers are refused here and folded there
            if let Ok(value) = parse(text.as_bytes()) {
                let ours = value.canonical();
                for theirs in peers(&text) {
                    prop_assert_eq!(&ours, &theirs);
                }
            }
        }

        #[test]
        fn numbers_are_written_as_others_write_them(text in any_number()) {
            if let Ok(value) = parse(text.as_bytes()) {
                let ours = value.canonical();
                for theirs in peers(&text) {
                    prop_assert_eq!(&ours, &theirs);
                }
            }
        }

        #[test]
        fn refuses_no_json_but_for_a_stated_reason(text in any_json()) {
            use crate::Reason::{DuplicateName, TooDeep, TooLarge, TooManyMembers, UnsafeNumber};
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            match parse(text.as_bytes()) {
                Ok(_) => prop_assert!(theirs.is_ok()),
                // serde_json reads the number as a double, or the last of two members
                Err(error) => prop_assert!(
                    matches!(error.reason(), DuplicateName | TooDeep | TooLarge | TooManyMembers | UnsafeNumber),
                    "{}: {}", error, text
                ),
            }
        }
    }

    #[test]
    fn examples_of_rfc_8785_are_written_as_it_says() {
        let names = r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#;
        let expected = concat!(
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",",
            "\"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20ac}\":\"Euro Sign\",",
            "\"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}"
        );
        assert_eq!(parse(names.as_bytes()).unwrap().canonical(), expected.as_bytes());
        same_as_peers(names);
        let text = r#"{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#;
        let expected = r#"{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}"#;
        assert_eq!(parse(text.as_bytes()).unwrap().canonical(), expected.as_bytes());
        same_as_peers(text);
    }

    /// Why integers above 2^53-1 are refused: the peers round them, and two different amounts get the same bytes.
    #[test]
    fn peers_round_what_is_refused() {
        let rounded = br"9007199254740992".to_vec();
        assert_eq!(peers("9007199254740992"), [rounded.clone(), rounded.clone()]);
        assert_eq!(peers("9007199254740993"), [rounded.clone(), rounded]);
        assert!(parse(b"9007199254740992").is_err() && parse(b"9007199254740993").is_err());
    }
}
