//! The page for those who run a store: each of its statements, on the engine that it is for.

use crate::engine::{Folder, Place, run};

/// The blocks of the page with this word after ```` ``` ````.
fn blocks(info: &str) -> Vec<String> {
    let page = include_str!("../../../../docs/operate/where-the-tables-are.md");
    let mut blocks = Vec::new();
    let mut open: Option<Vec<&str>> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(lines), None) => lines.push(line),
            (Some(lines), Some(_)) => {
                blocks.push(lines.join("\n"));
                open = None;
            }
            // a block of another kind is skipped by its end, which opens nothing
            (None, Some(of)) if of == info => open = Some(Vec::new()),
            (None, _) => (),
        }
    }
    assert!(!blocks.is_empty(), "{info}");
    blocks
}

#[test]
fn the_pages_statements_run_in_a_file() {
    run(async {
        let folder = Folder::new();
        let store = folder.open().await.unwrap();
        crate::records::fill(&store).await;
        let backup = folder.file().with_file_name("backup.db");
        for block in blocks("sql").into_iter().chain(blocks("sql file")) {
            let block = block.replace("backup.db", backup.to_str().unwrap());
            folder.sql(&block).await.unwrap();
        }
        // the copy is a store
        let copy = coreprover_store::Sqlite::open(&backup).unwrap();
        use coreprover_store::RecordStore;
        assert_eq!(copy.tip().await, store.tip().await);
    });
}

#[cfg(feature = "postgres")]
#[test]
fn the_pages_statements_run_on_a_server() {
    use coreprover_store::{Postgres, RecordStore};

    let Some(server) = crate::server::shared() else { return };
    run(async {
        let place = server.database();
        let store = place.open().await.unwrap();
        crate::records::fill(&store).await;
        for block in blocks("sql").into_iter().chain(blocks("sql server")) {
            place.sql(&block).await.unwrap();
        }
        for block in blocks("sh server") {
            server.shell(&block, place.name()).unwrap();
        }
        let copy = Postgres::connect(&place.address.replace(place.name(), "coreprover_copy")).await.unwrap();
        assert_eq!(copy.tip().await, store.tip().await);
    });
}
