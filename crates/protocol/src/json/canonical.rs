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
