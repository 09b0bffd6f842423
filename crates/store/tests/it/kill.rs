//! Kill -9, for real: a process writes, is killed at a random moment, and what it leaves is what it would have written.

use crate::{
    engine::{Folder, Place, run},
    model::{Dice, Model},
};
use coreprover_store::{ChainState, ChainStore, Sqlite};
use std::{
    process::{Command, Stdio},
    time::Duration,
};

/// Where the process that is killed finds its store.
const WRITER: &str = "COREPROVER_STORE_WRITER";

/// What the writer does at each step, on the model.
enum Work {
    Apply(Box<coreprover_store::Batch>),
    Rewind(coreprover_store::BlockRef, coreprover_store::BlockRef),
}

fn work(model: &mut Model, step: u64) -> Work {
    let mut dice = Dice(step);
    let open = model.head().number - model.last_final;
    if step % 3 == 2 && open > 0 {
        let head = model.head();
        model.cut(1 + dice.below(open.min(6)));
        return Work::Rewind(head, model.head());
    }
    Work::Apply(Box::new(model.grow(1 + dice.below(8), 20)))
}

/// The model as it was at the step that the store has come to, and that step.
fn at(state: &ChainState) -> (Model, u64) {
    let mut model = Model::new(1, 71);
    for step in 0..100_000 {
        let feed: u64 = model.entries();
        if (model.head(), feed) == (state.head, state.entries) {
            return (model, step);
        }
        work(&mut model, step);
    }
    panic!("the store stands where the writer never was: {state:?}");
}

/// The process that is killed. It ends at once when nobody started it for that.
#[test]
fn the_writer() {
    let Ok(address) = std::env::var(WRITER) else { return };
    run(async {
        match address.strip_prefix("file:") {
            Some(path) => write(&Sqlite::open(path).unwrap()).await,
            #[cfg(feature = "postgres")]
            None => write(&coreprover_store::Postgres::connect(&address).await.unwrap()).await,
            #[cfg(not(feature = "postgres"))]
            None => panic!("no such engine"),
        }
    });
}

async fn write(store: &impl ChainStore) {
    let (mut model, step) = at(&Model::new(1, 71).open(store).await);
    for step in step.. {
        match work(&mut model, step) {
            Work::Apply(batch) => drop(store.apply(*batch).await.unwrap()),
            Work::Rewind(head, to) => drop(store.rewind(1, head, to).await.unwrap()),
        }
    }
}

/// `settle` is a statement that waits for a write that is under way: a server may still commit what a client, dead by
/// now, asked it to.
async fn killed_again_and_again(place: &impl Place, address: &str, settle: &str) {
    let mut dice = Dice(72);
    let store = place.open().await.unwrap();
    Model::new(1, 71).open(&store).await;
    let mut last = 0;
    for _ in 0..12 {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "kill::the_writer", "--nocapture"])
            .env(WRITER, address)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let before = store.chains().await.unwrap();
        while store.chains().await.unwrap() == before {
            assert!(writer.try_wait().unwrap().is_none(), "it ended by itself");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_micros(dice.below(60_000))).await;
        writer.kill().unwrap();
        writer.wait().unwrap();
        place.sql(settle).await.unwrap();
        let store = place.open().await.unwrap();
        let (model, step) = at(&store.chains().await.unwrap()[0]);
        assert!(step > last, "what was written is gone");
        model.check(&store).await;
        last = step;
    }
}

#[test]
fn killed_at_any_moment_a_file_is_whole() {
    run(async {
        let folder = Folder::new();
        let address = format!("file:{}", folder.file().display());
        killed_again_and_again(&folder, &address, "BEGIN IMMEDIATE; COMMIT").await;
    });
}

#[cfg(feature = "postgres")]
#[test]
fn killed_at_any_moment_a_database_is_whole() {
    let Some(server) = crate::server::shared() else { return };
    run(async {
        let place = server.database();
        killed_again_and_again(&place, &place.address, "SELECT 1 FROM chains FOR UPDATE").await;
    });
}
