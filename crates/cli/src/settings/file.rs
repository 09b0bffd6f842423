//! Reading the file: each value with its line.

use super::{Heard, keys};
use coreprover_indexer::config::Kind;
use serde_json::Value;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

pub(super) fn read(heard: &mut Heard, name: &str, text: &str) {
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => {
            let line = error.span().map_or(1, |span| line(text, span.start));
            // the parser's own words, and not the line that it would show with them: it may hold a secret
            return heard.wrong(&format!("{name}:{line}"), "", format!("is no TOML: {}", error.message()));
        }
    };
    let mut file = File { heard, name, text };
    file.table("", table.get_ref());
}

struct File<'a> {
    heard: &'a mut Heard,
    name: &'a str,
    text: &'a str,
}

/// The line of a byte, counted from 1.
fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

impl File<'_> {
    fn table(&mut self, above: &str, table: &DeTable<'_>) {
        for (name, value) in table {
            let path =
                if above.is_empty() { name.get_ref().to_string() } else { format!("{above}.{}", name.get_ref()) };
            let place = format!("{}:{}", self.name, line(self.text, name.span().start));
            // a point in a name would be taken for the border of two
            if name.get_ref().contains('.') {
                self.heard.wrong(&place, &path, "a name holds no point");
                continue;
            }
            match (keys::find(&path), value.get_ref()) {
                (None, DeValue::Table(below)) if keys::is_table(&path) => self.table(&path, below),
                (None, _) if keys::is_table(&path) => {
                    self.heard.wrong(&place, &path, format!("is a table: write [{path}]"))
                }
                (None, _) => {
                    let known = keys::names(above).join(", ").replace('*', "<name>");
                    self.heard.wrong(&place, &path, format!("there is no such key: here stand {known}"));
                }
                (Some(key), _) if key.kind == Kind::Secret => {
                    let what = format!("does not belong into a file: set {}", keys::variable(&path));
                    self.heard.wrong(&place, &path, what);
                }
                (Some(key), _) => {
                    match self.value(&path, key.kind, value).filter(|value| key.kind.check(value).is_ok()) {
                        Some(value) => self.heard.take(&place, &path, value),
                        None => self.heard.wrong(&place, &path, format!("must be {}", key.kind.expected())),
                    }
                }
            }
        }
    }

    /// The value as its kind takes it; nothing for a date, a float or a table. One address may stand without brackets.
    fn value(&self, path: &str, kind: Kind, value: &Spanned<DeValue<'_>>) -> Option<Value> {
        match value.get_ref() {
            DeValue::String(text) if matches!(kind, Kind::Urls(_)) => Some(Value::from(vec![text.as_ref()])),
            DeValue::String(text) => Some(Value::from(self.heard.beside(path, kind, text))),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(Value::from),
            DeValue::Boolean(truth) => Some(Value::from(*truth)),
            DeValue::Array(items) => {
                items.iter().map(|item| self.value(path, Kind::Text, item)).collect::<Option<Vec<_>>>().map(Value::from)
            }
            DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Table(_) => None,
        }
    }
}
