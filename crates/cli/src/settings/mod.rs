//! What the program was told: by flags, by the environment, and by one file, in this order.

mod file;
pub(crate) mod keys;
#[cfg(test)]
mod tests;

use crate::failure::{Failure, Result, Wrong};
use coreprover_indexer::config::{Hidden, IndexConfig, Key, Kind};
use serde_json::{Map, Value};
use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    path::{Path, PathBuf},
};

/// A key that was said on the command line.
#[derive(Clone, Debug)]
pub(crate) struct Flag {
    pub(crate) flag: &'static str,
    pub(crate) key: String,
    pub(crate) value: String,
}

/// Everything that the program was told, checked.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) store: Hidden,
    pub(crate) level: String,
    pub(crate) json: bool,
    pub(crate) index: IndexConfig,
    /// The folder of the file: paths that nobody named are looked for there.
    pub(crate) folder: PathBuf,
    /// Where each key was said, for what is found out later.
    places: BTreeMap<String, String>,
}

/// A value, and who said it.
#[derive(Debug)]
struct Said {
    value: Value,
    place: String,
}

/// What was said so far, and what of it was wrong.
#[derive(Debug, Default)]
struct Heard {
    said: BTreeMap<String, Said>,
    wrong: Vec<Wrong>,
    /// Of the file.
    folder: PathBuf,
}

impl Heard {
    /// A path that stands in the file, or that nobody named, is looked for beside the file.
    fn beside(&self, path: &str, kind: Kind, text: &str) -> String {
        match text.strip_prefix("sqlite:").filter(|_| path == "store.url") {
            Some(file) => format!("sqlite:{}", self.folder.join(file.trim_start_matches("//")).display()),
            None if kind == Kind::File => self.folder.join(text).display().to_string(),
            None => text.to_owned(),
        }
    }

    fn wrong(&mut self, place: &str, key: &str, what: impl Into<String>) {
        self.wrong.push(Wrong { place: place.into(), key: key.into(), what: what.into() });
    }

    /// Takes a text from the environment or the command line.
    fn text(&mut self, place: &str, path: &str, text: &str) -> Option<()> {
        let Some(key) = keys::find(path) else {
            self.wrong(place, path, "there is no such key: `tbc config` prints them");
            return None;
        };
        match key.kind.read(text) {
            Ok(value) => self.take(place, path, value),
            Err(expected) => self.wrong(place, path, format!("must be {expected}")),
        }
        Some(())
    }

    /// Takes a sound value in place of an earlier one.
    fn take(&mut self, place: &str, path: &str, value: Value) {
        match keys::bad_name(path) {
            Some(what) => self.wrong(place, path, what),
            None => drop(self.said.insert(path.into(), Said { value, place: place.into() })),
        }
    }

    fn environment(&mut self, variables: impl Iterator<Item = (OsString, OsString)>) {
        for (name, value) in variables {
            let Some(name) = name.to_str().filter(|name| name.starts_with("TBC_") && *name != "TBC_CONFIG") else {
                continue;
            };
            let Some(path) = keys::of_variable(name) else {
                self.wrong(name, "", "there is no such key: `tbc config` prints the variables");
                continue;
            };
            match value.to_str() {
                Some(text) => drop(self.text(name, &path, text)),
                None => self.wrong(name, &path, "must be a text in UTF-8"),
            }
        }
    }

    fn flag(&mut self, flag: &Flag) {
        let seen = "everybody on this machine sees a command line";
        let kind = keys::find(&flag.key).map(|key| key.kind);
        if kind == Some(Kind::Secret) {
            return self.wrong(flag.flag, &flag.key, format!("{seen}: set {}", keys::variable(&flag.key)));
        }
        if matches!(kind, Some(Kind::Hidden | Kind::Urls(_))) && holds_password(&flag.value) {
            return self.wrong(
                flag.flag,
                &flag.key,
                format!("holds a password, and {seen}: set {}", keys::variable(&flag.key)),
            );
        }
        self.text(flag.flag, &flag.key, &flag.value);
    }

    /// Fills in what nobody said, and misses what somebody must say.
    fn complete(&mut self, file: &str) {
        let tables: BTreeSet<String> =
            self.said.keys().filter_map(|path| Some(path.rsplit_once('.')?.0.into())).collect();
        for key in keys::all() {
            let Some((table, name)) = key.path.rsplit_once('.') else { continue };
            let always = keys::is_always(table);
            let own = tables.iter().filter(|own| !always && keys::find(&format!("{own}.{name}")) == Some(key));
            let own: Vec<&str> = if always { vec![table] } else { own.map(String::as_str).collect() };
            for table in own {
                self.complete_one(file, key, &format!("{table}.{name}"));
            }
        }
    }

    fn complete_one(&mut self, file: &str, key: &Key, path: &str) {
        if self.said.contains_key(path) {
            return;
        }
        if key.required {
            let what = format!("is missing: it must be {}; or set {}", key.kind.expected(), keys::variable(path));
            return self.wrong(file, path, what);
        }
        let default = key.default.map(|text| self.beside(path, key.kind, text));
        if let Some(value) = default.and_then(|text| key.kind.read(&text).ok()) {
            self.said.insert(path.into(), Said { value, place: "the default".into() });
        }
    }

    /// The values below a table, nested.
    fn tree(&self) -> Value {
        let mut tree = Map::new();
        for (path, said) in &self.said {
            let mut parts: Vec<&str> = path.split('.').collect();
            let Some(name) = parts.pop() else { continue };
            let mut table = &mut tree;
            for part in parts {
                let below = table.entry(part).or_insert_with(|| Value::Object(Map::new()));
                let Value::Object(below) = below else { unreachable!("no key is a table too") };
                table = below;
            }
            table.insert(name.into(), said.value.clone());
        }
        tree.into()
    }
}

/// Whether an address has the form `scheme://name:password@host`.
fn holds_password(text: &str) -> bool {
    text.split(',').any(|url| {
        let authority = url.split_once("://").map(|(_, rest)| rest.split(['/', '?']).next().unwrap_or_default());
        let user = authority.and_then(|authority| authority.rsplit_once('@')).map(|(user, _)| user);
        user.is_some_and(|user| user.contains(':')) || url.contains("password=")
    })
}

impl Settings {
    /// Reads a file, the environment and flags. Without a file named, `tbc.toml` of this folder is read where it is.
    pub(crate) fn read(
        file: Option<&Path>,
        environment: impl Iterator<Item = (OsString, OsString)>,
        flags: Vec<Flag>,
    ) -> Result<Self> {
        let environment: Vec<_> = environment.collect();
        let named = environment.iter().find(|(name, _)| name == "TBC_CONFIG").map(|(_, path)| PathBuf::from(path));
        let usual = Path::new("tbc.toml").exists().then(|| PathBuf::from("tbc.toml"));
        let file = file.map(Path::to_path_buf).or(named).or(usual);
        let mut heard = Heard::default();
        let name = file.as_ref().map_or_else(|| "tbc.toml".into(), |path| path.display().to_string());
        if let Some(path) = &file {
            let text = std::fs::read_to_string(path);
            let text = text.map_err(|error| Failure::told(&name, "", format!("cannot be read: {error}")))?;
            heard.folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
            file::read(&mut heard, &name, &text);
        }
        heard.environment(environment.into_iter());
        flags.iter().for_each(|flag| heard.flag(flag));
        heard.complete(&name);
        if !heard.wrong.is_empty() {
            return Err(Failure::Told(heard.wrong));
        }
        let mut tree = heard.tree();
        // each value was checked by its kind: what is left is a table and a type that do not agree, which a test finds
        let index = serde_json::from_value(tree["index"].take());
        let index = index.map_err(|error| Failure::told(&name, "index", error.to_string()))?;
        let store = serde_json::from_value(tree["store"]["url"].take());
        let store = store.map_err(|error| Failure::told(&name, "store.url", error.to_string()))?;
        let level = tree["log"]["level"].as_str().unwrap_or("info").to_owned();
        let json = tree["log"]["format"] == "json";
        let folder = heard.folder;
        let places = heard.said.into_iter().map(|(path, said)| (path, said.place)).collect();
        Ok(Self { store, level, json, index, folder, places })
    }

    /// Refuses what a key says, by where it was said.
    pub(crate) fn refuse(&self, key: &str, what: impl Into<String>) -> Failure {
        Failure::told(self.places.get(key).cloned().unwrap_or_default(), key, what)
    }
}
