//! The commands beside `tbc index` itself.

use crate::{
    Folder,
    index::args,
    local::flags,
    tbc::{Tbc, output},
    world::World,
};
use coreprover_store::{Batch, ChainStore, Row, Select, Sqlite, table::Order};
use std::{path::Path, process::Output};

/// Changes one row that no event has changed.
async fn spoil(path: &Path) {
    let store = Sqlite::open(path).expect("the store");
    let state = store.chains().await.expect("chains")[0];
    let all = Select { table: Order::TABLE, index: None, equals: Vec::new(), after: None, limit: 100, newest: false };
    let rows = store.select(all).await.expect("rows").into_iter().map(Order::from_record);
    let mut row = rows.map(|row| row.expect("an order")).find(|row| row.raw_id.is_none()).expect("a terms order");
    row.slot = [0; 32].into();
    let rows = vec![(Order::TABLE, row.to_record().expect("a row"))];
    let batch =
        Batch { before: state, head: state.head, last_final: state.last_final, blocks: vec![], rows, undo: vec![] };
    store.apply(batch).await.expect("it is taken");
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("a text")
}

/// Shows R-527.
#[tokio::test(flavor = "multi_thread")]
async fn tables_are_proven_and_exported() {
    let mut world = World::new(&[]).await;
    world.every_table().await;
    let folder = Folder::new();
    let flags = flags(&world, 31337, &folder).await;
    let run = |command: &[&str]| -> Output { output(folder.path(), &[command, &args(&flags)].concat()) };

    let before = run(&["index", "verify"]);
    assert_eq!(before.status.code(), Some(1));
    assert!(text(&before.stderr).contains("is not in the store: index it first"), "{before:?}");

    let tbc = Tbc::index(folder.path(), &args(&flags));
    tbc.until_block(31337, world.anvil.head().await).await;
    let head = world.anvil.head().await;
    // while it runs
    for (command, with) in [("verify", "what the contracts store"), ("rebuild", "what the events give once more")] {
        let output = run(&["index", command]);
        let said = text(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(said.starts_with(&format!("chain 31337 at block {head} (0x")), "{said}");
        assert!(said.ends_with(&format!("rows are {with}\n")), "{said}");
    }
    tbc.signal("TERM");
    tbc.ended();

    let store = ["index", "export", "orders", "--chain", "31337"];
    let exported = output(folder.path(), &store);
    assert_eq!(exported.status.code(), Some(0), "{exported:?}");
    let csv = text(&exported.stdout);
    assert!(csv.starts_with("chain,contract,id,"), "{csv}");
    assert!(csv.lines().count() > 5 && csv.lines().skip(1).all(|line| line.starts_with("31337,0x")), "{csv}");

    let check = run(&["index", "--check"]);
    assert_eq!(check.status.code(), Some(0), "{check:?}");
    assert_eq!(
        text(&check.stdout),
        "the store answers, and knows 1 chains\nchain 31337: the contracts are there, by 127.0.0.1\n"
    );

    // a row that nobody wrote by the rules
    spoil(&folder.path().join("tbc.db")).await;
    for command in ["verify", "rebuild"] {
        let output = run(&["index", command]);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let said = text(&output.stdout);
        assert!(said.contains(" 1 of ") && said.contains("\n  orders 0x") && said.contains(": slot\n"), "{said}");
    }

    drop(world);
    let check = run(&["index", "--check"]);
    assert_eq!(check.status.code(), Some(1));
    assert!(
        text(&check.stdout).contains("chain 31337: no node answers; the last, 127.0.0.1: no connection"),
        "{check:?}"
    );
}

#[test]
fn shells_get_what_they_complete_by() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish"] {
        let output = output(folder.path(), &["completions", shell]);
        assert_eq!(output.status.code(), Some(0));
        assert!(text(&output.stdout).contains("tbc"), "{shell}");
    }
    let help = output(folder.path(), &["index", "--help"]);
    assert!(text(&help.stdout).contains("--deployment <FILE>"), "{help:?}");
}
