use super::{Flag, Settings, keys};
use crate::failure::Failure;
use coreprover_indexer::config::Kind;
use std::{
    ffi::OsString,
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

/// A file that goes with its test.
struct File(PathBuf);

impl File {
    fn new(text: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("tbc-{}-{}.toml", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).unwrap();
        Self(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

fn read(text: &str, variables: &[(&str, &str)], flags: &[(&'static str, &str, &str)]) -> Result<Settings, Vec<String>> {
    let file = File::new(text);
    let variables = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    let flags = flags.iter().map(|(flag, key, value)| Flag { flag, key: (*key).into(), value: (*value).into() });
    let path = file.0.display().to_string();
    Settings::read(Some(&file.0), variables, flags.collect()).map_err(|failure| match failure {
        Failure::Told(wrong) => wrong.iter().map(|wrong| wrong.to_string().replace(&path, "tbc.toml")).collect(),
        other => panic!("{other:?}"),
    })
}

/// What is wrong with a file alone.
fn wrong(text: &str) -> Vec<String> {
    read(text, &[], &[]).unwrap_err()
}

#[test]
fn flags_count_more_than_the_environment_and_that_more_than_the_file() {
    let text =
        "[index]\nlisten = \"127.0.0.1:1\"\n[index.chains.1]\nrpc = [\"http://a\"]\nblocks = 10\nquestions = 1\n";
    let variables = [
        ("TBC_INDEX_LISTEN", "127.0.0.1:2"),
        ("TBC_INDEX_CHAINS_1_BLOCKS", "20"),
        ("TBC_INDEX_CHAINS_8453_RPC", "http://b, https://c"),
        ("TBC_INDEX_WEBHOOKS_MY_BOOKS_URL", "https://d"),
        ("PATH", "/bin"),
    ];
    let flags = [("--listen", "index.listen", "127.0.0.1:3"), ("--set", "index.chains.1.quorum", "1")];
    let settings = read(text, &variables, &flags).unwrap();
    assert_eq!(settings.index.listen.port(), 3);
    let chain = &settings.index.chains[&1];
    assert_eq!((chain.limits().blocks, chain.limits().questions, chain.policy().quorum), (20, 1, 1));
    let other: Vec<&str> = settings.index.chains[&8453].rpc.iter().map(|url| url.show()).collect();
    assert_eq!(other, ["http://b", "https://c"]);
    assert_eq!(settings.index.webhooks["my_books"].url.show(), "https://d");
}

#[test]
fn a_path_of_the_file_is_beside_the_file() {
    let beside = |name: &str| std::env::temp_dir().join(name).display().to_string();
    let text = "[store]\nurl = \"sqlite:a.db\"\n[index.chains.1]\nrpc = \"http://a\"\nprofile = \"p.toml\"";
    let settings = read(text, &[], &[]).unwrap();
    assert_eq!(settings.store.show(), format!("sqlite:{}", beside("a.db")));
    assert_eq!(settings.index.chains[&1].profile.as_ref().unwrap().display().to_string(), beside("p.toml"));
    assert_eq!(read("", &[], &[]).unwrap().store.show(), format!("sqlite:{}", beside("tbc.db")));
    let flags = [("--store", "store.url", "sqlite:b.db"), ("--profile", "index.chains.1.profile", "q.toml")];
    let settings = read(text, &[], &flags).unwrap();
    assert_eq!(settings.store.show(), "sqlite:b.db");
    assert_eq!(settings.index.chains[&1].profile.as_ref().unwrap().display().to_string(), "q.toml");
}

#[test]
fn what_is_wrong_is_named_with_its_line_and_what_to_do() {
    for (text, expected) in [
        (
            "[index]\nlisten = \"8080\"",
            "tbc.toml:2: index.listen: must be an address to listen on, such as 127.0.0.1:8080",
        ),
        (
            "[index]\n\nlisten = 8080",
            "tbc.toml:3: index.listen: must be an address to listen on, such as 127.0.0.1:8080",
        ),
        (
            "[index.chains.1]\nrpc = \"http://a\"\nquorum = 0",
            "tbc.toml:3: index.chains.1.quorum: must be a whole number from 1 to 100",
        ),
        (
            "[index.chains.1]\nrpc = \"http://a\"\nquorum = 1.5",
            "tbc.toml:3: index.chains.1.quorum: must be a whole number from 1 to 100",
        ),
        (
            "[index.chains.1]\nrpc = [\"ftp://a\"]",
            "tbc.toml:2: index.chains.1.rpc: must be a list of addresses that begin with http:// or https://",
        ),
        (
            "[index.chains.1]\nrpc = []",
            "tbc.toml:2: index.chains.1.rpc: must be a list of addresses that begin with http:// or https://",
        ),
        (
            "[index.chains.1]\nrpc = \"http://a\"\nproof = \"never\"",
            "tbc.toml:3: index.chains.1.proof: must be one of nodes-differ, in-doubt, always",
        ),
        (
            "[index.chains.base]\nrpc = \"http://a\"",
            "tbc.toml:2: index.chains.base.rpc: is no chain's number: write [index.chains.8453]",
        ),
        (
            "[index.chains.1]\nblocks = 5",
            "tbc.toml: index.chains.1.rpc: is missing: it must be a list of addresses that begin with http:// or https://; or set TBC_INDEX_CHAINS_1_RPC",
        ),
        ("index = 5", "tbc.toml:1: index: is a table: write [index]"),
        ("[index]\nnats = true", "tbc.toml:2: index.nats: is a table: write [index.nats]"),
        (
            "[index]\nwebhook_key = \"aa\"",
            "tbc.toml:2: index.webhook_key: does not belong into a file: set TBC_INDEX_WEBHOOK_KEY",
        ),
        ("[store]\nurl = \"a\"\nurl = \"b\"", "tbc.toml:3: is no TOML: duplicate key"),
        ("[log]\nlevel = \"loud\"", "tbc.toml:2: log.level: must be one of error, warn, info, debug, trace"),
        ("[index]\n\"a.b\" = 1", "tbc.toml:2: index.a.b: a name holds no point"),
    ] {
        assert_eq!(wrong(text), [expected], "{text}");
    }
    let unknown = wrong("[log]\nlevels = \"info\"\n[indexer]\nlisten = \"127.0.0.1:1\"");
    assert_eq!(
        unknown,
        [
            "tbc.toml:3: indexer: there is no such key: here stand store, log, index",
            "tbc.toml:2: log.levels: there is no such key: here stand level, format",
        ]
    );
    let chain = wrong("[[index.chain]]\nrpc = \"http://a\"");
    assert_eq!(chain.len(), 1);
    assert!(chain[0].starts_with("tbc.toml:1: index.chain: there is no such key: here stand listen, "), "{chain:?}");
}

#[test]
fn the_environment_and_the_command_line_are_refused_by_their_names() {
    let refused = |variables: &[(&str, &str)], flags: &[(&'static str, &str, &str)]| {
        read("", variables, flags).unwrap_err().join("\n")
    };
    assert_eq!(
        refused(&[("TBC_INDEX_LISTENER", "1")], &[]),
        "TBC_INDEX_LISTENER: there is no such key: `tbc config` prints the variables"
    );
    assert_eq!(
        refused(&[("TBC_INDEX_LISTENERS", "-1")], &[]),
        "TBC_INDEX_LISTENERS: index.listeners: must be a whole number from 0 to 100000"
    );
    assert_eq!(
        refused(&[], &[("--set", "index.chains.1.node", "http://a")]),
        "--set: index.chains.1.node: there is no such key: `tbc config` prints them"
    );
}

#[test]
fn a_secret_is_in_no_message() {
    const SECRET: &str = "hunter2";
    let texts = [
        // the line that is wrong holds it
        format!("[store]\nurl = \"postgres://me:{SECRET}@host/db"),
        format!("[store]\nurl = [\"postgres://me:{SECRET}@host/db\"]"),
        format!("[index]\nlisten = \"{SECRET}\"\nwebhook_key = \"{SECRET}\""),
        format!("[index.chains.1]\nrpc = [\"wss://node/{SECRET}\"]\nquorum = \"{SECRET}\""),
    ];
    for text in &texts {
        let said = wrong(text).join("\n");
        assert!(!said.contains(SECRET), "{said}");
    }
    // everybody on the machine sees a command line
    for (key, value) in [
        ("store.url", format!("postgres://me:{SECRET}@host/db")),
        ("store.url", format!("postgres://host/db?user=me&password={SECRET}")),
        ("index.chains.1.rpc", format!("https://me:{SECRET}@host")),
        ("index.webhook_key", SECRET.into()),
    ] {
        let said = read("", &[], &[("--set", key, &value)]).unwrap_err().join("\n");
        assert!(said.contains(&keys::variable(key)) && !said.contains(SECRET), "{said}");
    }
    let url = format!("postgres://me:{SECRET}@host/db");
    let settings = read("", &[("TBC_STORE_URL", &url)], &[]).unwrap();
    assert_eq!(settings.store.show(), url);
    assert!(!format!("{settings:?}").contains(SECRET));
}

#[test]
fn each_key_has_a_default_that_is_one_and_a_variable_of_its_own() {
    let mut variables = Vec::new();
    for key in keys::all() {
        if let Some(default) = key.default {
            assert!(key.kind.read(default).is_ok(), "{}", key.path);
        }
        let path = key.path.replace("chains.*", "chains.8453").replace('*', "books");
        let variable = keys::variable(&path);
        assert_eq!(keys::of_variable(&variable), Some(path));
        assert!(!variables.contains(&variable), "{variable}");
        variables.push(variable);
        assert!(key.about.ends_with('.'), "{}", key.path);
    }
}

/// Each key of the table is a member of the type that it is for: nothing can be said that nobody reads.
#[test]
fn each_key_reaches_the_type_that_it_is_for() {
    for key in keys::all().filter(|key| key.path.starts_with("index.")) {
        let path = key.path.replace("chains.*", "chains.8453").replace('*', "books");
        let text = match key.kind {
            Kind::Truth => "true",
            Kind::Number { least, .. } => &least.to_string(),
            Kind::Word(words) => words[0],
            Kind::Socket => "127.0.0.1:1",
            Kind::Urls(begins) => &format!("{}a", begins[0]),
            Kind::Address => "0x00000000000000000000000000000000000000aa",
            Kind::Bytes => &format!("0x{}", "ab".repeat(32)),
            Kind::Text | Kind::Hidden | Kind::Secret | Kind::File => "text",
        };
        let mut variables = vec![(keys::variable(&path), text)];
        let table = key.path.rsplit_once('.').unwrap().0;
        for needed in keys::all().filter(|it| it.required && it.path != key.path) {
            if needed.path.rsplit_once('.').unwrap().0 == table {
                let own = needed.path.replace("chains.*", "chains.8453").replace('*', "books");
                variables.push((keys::variable(&own), "http://a"));
            }
        }
        let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        assert!(read("", &variables, &[]).is_ok(), "{path}");
    }
}

/// What `tbc config` prints is a file that is taken, as it is and with every line that it suggests.
#[test]
fn what_is_printed_is_a_file() {
    let mut printed = Vec::new();
    crate::shown::write(&mut printed).unwrap();
    let printed = String::from_utf8(printed).unwrap();
    let settings = read(&printed, &[], &[]).unwrap();
    assert!(settings.index.chains.is_empty() && settings.index.nats.is_none());
    // a line that suggests something begins without a space; what has no value of its own gets one
    let said: Vec<String> = printed
        .lines()
        .map(|line| match line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')) {
            Some(rest) if rest.ends_with(" = \"\"") || rest.ends_with(" = []") => String::new(),
            Some(rest) => rest.to_owned(),
            None => line.to_owned(),
        })
        .collect();
    let mut needed = vec![("TBC_INDEX_CHAINS_8453_RPC", "http://a"), ("TBC_INDEX_WEBHOOKS_BOOKS_URL", "https://a")];
    needed.push(("TBC_INDEX_NATS_SERVERS", "nats://a"));
    let settings = read(&said.join("\n"), &needed, &[]).unwrap();
    assert_eq!((settings.index.chains.len(), settings.index.webhooks.len()), (1, 1));
}
