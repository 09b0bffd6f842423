//! Questions that nobody thought of: schemathesis makes them from the description, and holds the answers against it.

// how much was asked is for the terminal
#![allow(clippy::print_stdout)]

use crate::world::{BUYER, CHAIN, Folder, World, address, now, word};
use std::process::Command;

/// What it cannot know: cursors are not made up, and of the parties of a list exactly one is named.
const NOT_CHECKED: &str = "positive_data_acceptance";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs schemathesis: `make fuzz-api` installs it and runs this"]
async fn no_question_is_answered_otherwise_than_described() {
    let (mut world, folder) = (World::new().await, Folder::new());
    world.fill().await;
    // it takes longer than a node may be silent
    world.status.send_modify(|status| status.heard_at = now() + 3_600);
    let (party, id) = (address(BUYER).to_string(), word(1).to_string());
    let chain = format!("\"path.chain\" = {CHAIN}\n");
    let hits = [
        format!("{chain}\"path.id\" = \"{id}\"\n\"query.subject\" = \"{id}\"\n"),
        format!("\"query.buyer\" = \"{party}\"\n\"query.party\" = \"{party}\"\n\"query.sender\" = \"{party}\"\n"),
        format!("\"query.root\" = \"{}\"\n", word(99)),
    ];
    // everything made up; of the chain that is there; of rows that are there
    for (name, known) in [("nothing", String::new()), ("chain", chain), ("rows", hits.concat())] {
        let settings = folder.0.join(format!("{name}.toml"));
        std::fs::write(&settings, format!("[parameters]\n{known}")).unwrap();
        // a stream has no end
        let output = Command::new("schemathesis")
            .arg("--config-file")
            .arg(&settings)
            .args(["run", &format!("{}/openapi.json", world.url)])
            .args(["--exclude-path-regex", "/(stream|ws)$", "--exclude-checks", NOT_CHECKED])
            .args(["--max-examples", "25", "--generation-database", "none", "--request-timeout", "10"])
            .current_dir(&folder.0)
            .output()
            .expect("schemathesis is there: run `make fuzz-api`");
        let (said, failed) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "with {name} known: {said}\n{failed}");
        let made = said.lines().find(|line| line.contains(" generated, ")).unwrap_or_default();
        println!("with {name} known: {}", made.trim());
        assert!(made.contains("passed"), "no case was made: {said}");
    }
}
