use coreprover_indexer::config::{KEYS, Key, Kind};

/// What this crate itself has to be told.
const OWN: &[Key] = &[
    Key::new(
        "store.url",
        Kind::Hidden,
        Some("sqlite:tbc.db"),
        "The store: `sqlite:` and a file, or `postgres://user@host/database`. A password belongs into the file or the environment.",
    ),
    Key::new(
        "log.level",
        Kind::Word(&["error", "warn", "info", "debug", "trace"]),
        Some("info"),
        "What is worth a line.",
    ),
    Key::new("log.format", Kind::Word(&["text", "json"]), Some("text"), "For people, or a JSON object a line."),
];

/// Every key, those of this crate first.
pub(crate) fn all() -> impl Iterator<Item = &'static Key> {
    OWN.iter().chain(KEYS)
}

/// The key of a path, where `*` takes a name.
pub(crate) fn find(path: &str) -> Option<&'static Key> {
    all().find(|key| {
        let (mut asked, mut known) = (path.split('.'), key.path.split('.'));
        loop {
            match (asked.next(), known.next()) {
                (None, None) => return true,
                (Some(asked), Some(known)) if asked == known || known == "*" => {}
                _ => return false,
            }
        }
    })
}

/// Whether a table is there in any case, so that what it lacks is filled in.
pub(crate) fn is_always(table: &str) -> bool {
    ["store", "log", "index"].contains(&table)
}

/// Whether a path leads to a table.
pub(crate) fn is_table(path: &str) -> bool {
    let length = path.split('.').count();
    all().any(|key| {
        let known: Vec<&str> = key.path.split('.').collect();
        known.len() > length && path.split('.').zip(&known).all(|(asked, known)| asked == *known || *known == "*")
    })
}

/// The names that a table may hold.
pub(crate) fn names(table: &str) -> Vec<&'static str> {
    let length = if table.is_empty() { 0 } else { table.split('.').count() };
    let mut names = Vec::new();
    for key in all() {
        let known: Vec<&str> = key.path.split('.').collect();
        let within = length == 0 || table.split('.').zip(&known).all(|(asked, known)| asked == *known || *known == "*");
        if let Some(name) = known.get(length).filter(|name| within && !names.contains(*name)) {
            names.push(name);
        }
    }
    names
}

/// What is wrong with the name that stands for the `*` of a path.
pub(crate) fn bad_name(path: &str) -> Option<&'static str> {
    let mut parts = path.split('.').skip(1);
    let (table, name) = (parts.next()?, parts.next()?);
    let plain = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-' || sign == '_';
    match table {
        "chains" if name.parse::<u64>().is_ok_and(|number| number > 0 && number.to_string() == name) => None,
        "chains" => Some("is no chain's number: write [index.chains.8453]"),
        "webhooks" if name == "nats" => Some("the queue's cursor is kept under this name: take another"),
        "webhooks" if name.len() <= 64 && name.chars().all(plain) => None,
        "webhooks" => Some("a webhook's name is up to 64 of a to z, 0 to 9, - and _"),
        _ => None,
    }
}

/// The variable of a key.
pub(crate) fn variable(path: &str) -> String {
    format!("TBC_{}", path.replace('.', "_").to_ascii_uppercase())
}

/// The path that a variable sets. Where two would do, `..._READY_BLOCKS` means `ready_blocks` and not `blocks` of something
/// that ends in `_ready`.
pub(crate) fn of_variable(name: &str) -> Option<String> {
    let paths = all().filter_map(|key| match key.path.split_once('*') {
        None => (variable(key.path) == name).then(|| (0, key.path.to_owned())),
        Some((before, after)) => {
            let (begin, end) = (variable(before), after.replace('.', "_").to_ascii_uppercase());
            let own = name.strip_prefix(&begin)?.strip_suffix(&end).filter(|own| !own.is_empty())?;
            Some((own.len(), format!("{before}{}{after}", own.to_ascii_lowercase())))
        }
    });
    paths.min().map(|(_, path)| path)
}
