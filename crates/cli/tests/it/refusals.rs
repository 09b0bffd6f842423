//! What the real command says to what makes no sense: exit code 2, and nothing was begun.

use crate::{
    Folder,
    tbc::{command, refusal},
};
use std::os::unix::fs::PermissionsExt;

const DEPLOYMENT: &str =
    r#"{"chainId":31337,"deployedAt":1,"permit2":"0x000000000022D473030F116dDEE9F6B43aC78BA3","contracts":{}}"#;

#[test]
fn a_file_is_refused_by_line() {
    let folder = Folder::new();
    folder.write("tbc.toml", "[store]\nurl = \"sqlite:here.db\"\n\n[index]\nlisten = \"everywhere\"\nlistner = 1\n");
    let (code, said) = refusal(&mut command(folder.path(), &["index"]));
    assert_eq!(code, 2);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "tbc: tbc.toml:5: index.listen: must be an address to listen on, such as 127.0.0.1:8080");
    assert!(
        lines[1].starts_with("tbc: tbc.toml:6: index.listner: there is no such key: here stand listen, "),
        "{said}"
    );
    assert_eq!(lines.len(), 2);
    assert!(!folder.path().join("here.db").exists());
}

#[test]
fn a_file_that_is_missing_is_named() {
    let folder = Folder::new();
    let said = |args: &[&str]| {
        let (code, said) = refusal(&mut command(folder.path(), args));
        assert_eq!(code, 2, "{said}");
        said
    };
    assert_eq!(
        said(&["index", "--config", "there.toml"]),
        "tbc: there.toml: cannot be read: No such file or directory (os error 2)\n"
    );
    assert!(
        said(&["index"]).contains("no chain to follow: write [index.chains.<number>] into tbc.toml, or give --rpc")
    );
    assert!(said(&["index", "--rpc", "http://a"]).contains("give --deployment too"));
    assert!(
        said(&["index", "--rpc", "http://a", "--deployment", "31337.json"])
            .contains("--deployment: 31337.json: No such file")
    );

    folder.write("31337.json", DEPLOYMENT);
    let wrong = said(&["index", "--rpc", "http://a", "--deployment", "31337.json"]);
    assert!(wrong.contains("contracts.CoreProverEscrow") || wrong.contains("is required"), "{wrong}");

    folder.write("tbc.toml", "[index.chains.5]\nrpc = \"http://a\"\ndeployment = \"deployments/5.json\"\n");
    let wrong = said(&["index"]);
    assert!(
        wrong.starts_with("tbc: tbc.toml:3: index.chains.5.deployment: deployments/5.json: cannot be read"),
        "{wrong}"
    );
}

#[test]
fn an_engine_that_nobody_knows_is_refused() {
    let folder = Folder::new();
    let (code, said) =
        refusal(&mut command(folder.path(), &["index", "export", "orders", "--chain", "1", "--store", "mysql://a"]));
    assert_eq!((code, said.as_str()), (2, "tbc: --store: store.url: must begin with sqlite: or postgres://\n"));
    let (code, said) = refusal(&mut command(folder.path(), &["index", "export", "order", "--chain", "1"]));
    assert_eq!(code, 2);
    assert!(said.starts_with("tbc: order: there is no such table: take one of orders, "), "{said}");
}

#[test]
fn a_password_stands_in_no_message() {
    let folder = Folder::new();
    let run = |url: &str, at: &str| {
        let mut export = command(folder.path(), &["index", "export", "orders", "--chain", "1"]);
        let (code, said) = refusal(export.env(at, url));
        assert!(!said.contains("hunter2"), "{said}");
        (code, said)
    };
    // nobody listens there
    assert_eq!(run("postgres://me:hunter2@127.0.0.1:1/db", "TBC_STORE_URL").0, 1);
    assert_eq!(run("postgres://me:hunter2@127.0.0.1:no/db", "TBC_STORE_URL").0, 1);
    assert_eq!(run("hunter2", "TBC_STORE_URL").0, 2);
    assert_eq!(run("hunter2", "TBC_INDEX_LISTEN").0, 2);
    let (code, said) = refusal(&mut command(folder.path(), &["index", "--store", "postgres://me:hunter2@a/db"]));
    assert_eq!(code, 2);
    assert!(said.contains("holds a password") && said.contains("TBC_STORE_URL") && !said.contains("hunter2"), "{said}");
    // what is set shows in no help text
    let help = command(folder.path(), &["index", "--help"]).env("TBC_STORE_URL", "hunter2").output().expect("it runs");
    assert!(!String::from_utf8_lossy(&help.stdout).contains("hunter2"));
}

#[test]
fn a_key_that_others_may_read_is_refused() {
    let folder = Folder::new();
    let chain = format!("{}\n", deployment());
    folder.write("31337.json", &chain);
    let key = folder.write("key", &"07".repeat(32));
    let with = |more: &str| {
        let text = format!(
            "[index]\n{more}\n[index.chains.31337]\nrpc = \"http://a\"\ndeployment = \"31337.json\"\n\
             [index.webhooks.books]\nurl = \"https://hooks.example.org/\"\n"
        );
        folder.write("tbc.toml", &text);
        refusal(&mut command(folder.path(), &["index"]))
    };
    let (code, said) = with("");
    assert_eq!(code, 2);
    assert!(said.contains("index.webhook_key_file: is missing, and webhooks are signed"), "{said}");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o640)).expect("its mode");
    let (code, said) = with("webhook_key_file = \"key\"");
    assert_eq!(code, 2);
    assert_eq!(
        said,
        "tbc: tbc.toml:2: index.webhook_key_file: key: others may read it (mode 640): run `chmod 600 key`\n"
    );
    folder.write("key", "0707");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).expect("its mode");
    let (code, said) = with("webhook_key_file = \"key\"");
    assert_eq!(code, 2);
    assert!(
        said.contains("tbc.toml:2: index.webhook_key_file: must be 64 hex digits") && !said.contains("0707"),
        "{said}"
    );
}

/// A deployment that nobody has to be able to reach.
fn deployment() -> String {
    let names = ["CoreProverEscrow", "ReceiptVault", "HashedTimelock", "TgpRouter", "VerifierRegistry", "EscrowLens"];
    let contract = |n: usize| format!(r#"{{"address":"0x{n:040x}","codeHash":"0x{}","block":3}}"#, "ab".repeat(32));
    let contracts: Vec<String> = names.iter().zip(1..).map(|(name, n)| format!("\"{name}\":{}", contract(n))).collect();
    DEPLOYMENT.replace("{}", &format!("{{{}}}", contracts.join(",")))
}
