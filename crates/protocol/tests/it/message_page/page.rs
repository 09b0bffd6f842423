//! The page's tables.

use std::collections::{BTreeMap, BTreeSet};

/// What the page says.
pub(crate) struct Page {
    /// The members of each message and part.
    pub(crate) sections: BTreeMap<String, BTreeMap<String, About>>,
    /// The words of each type that has a few.
    pub(crate) words: BTreeMap<String, BTreeSet<String>>,
    /// What a section's signature or hash leaves out.
    pub(crate) outside: BTreeMap<(String, String), BTreeSet<String>>,
}

/// What the page says of a member.
pub(crate) struct About {
    pub(crate) kind: String,
    pub(crate) must: String,
}

impl Page {
    pub(crate) fn read() -> Self {
        let mut page = Self { sections: BTreeMap::new(), words: BTreeMap::new(), outside: BTreeMap::new() };
        let mut section = String::new();
        let mut in_words = false;
        for line in include_str!("../../../../../docs/protocol/messages.md").lines() {
            if let Some(name) = line.strip_prefix("### ") {
                section = name.to_owned();
                assert!(page.sections.insert(section.clone(), BTreeMap::new()).is_none(), "{name} stands twice");
            } else if let Some(name) = line.strip_prefix("## ") {
                section.clear();
                in_words = name == "Words";
            } else if let Some((by, list)) = line.split_once(" covers all but ") {
                let by = if by.starts_with("The hash") { "hash" } else { by.trim_matches('`') };
                page.outside.insert((section.clone(), by.to_owned()), quoted(list));
            } else if let Some(row) = line.strip_prefix("| ").and_then(|row| row.strip_suffix(" |")) {
                let cells: Vec<_> = row.split(" | ").collect();
                match cells.as_slice() {
                    [member, kind, must] if member.starts_with('`') => {
                        let about = About { kind: without_links(kind), must: (*must).to_owned() };
                        let rows = page.sections.get_mut(&section).expect("a section");
                        assert!(rows.insert(member.trim_matches('`').to_owned(), about).is_none(), "{line}");
                    }
                    [name, words] if in_words && words.starts_with('`') => {
                        page.words.insert((*name).to_owned(), quoted(words));
                    }
                    _ => {}
                }
            }
        }
        page
    }

    pub(crate) fn rows(&self, section: &str) -> &BTreeMap<String, About> {
        self.sections.get(section).unwrap_or_else(|| panic!("no section {section}"))
    }
}

/// What stands between backticks.
fn quoted(text: &str) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// `list of [path](#path)` is `list of path`.
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    for part in text.split('[') {
        match part.split_once("](") {
            None => plain.push_str(part),
            Some((name, rest)) => {
                plain.push_str(name);
                plain.push_str(rest.split_once(')').map_or("", |(_, rest)| rest));
            }
        }
    }
    plain
}
