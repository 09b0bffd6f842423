//! The pages for operators, held against the command.

use crate::{
    Folder,
    local::deployment,
    tbc::{PATIENCE, Tbc, command, output},
    world::World,
};
use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

fn page(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/operate").join(name)
}

/// The page has what `tbc config` prints; `WRITE_PAGES=true` writes it anew.
#[test]
fn the_page_of_the_configuration_is_what_the_command_prints() {
    let folder = Folder::new();
    let printed = output(folder.path(), &["config"]);
    let printed = String::from_utf8(printed.stdout).expect("a text");
    let text = std::fs::read_to_string(page("configure.md")).expect("the page");
    let (before, rest) = text.split_once("```toml\n").expect("its block");
    let (_, after) = rest.split_once("```\n").expect("the block's end");
    let wanted = format!("{before}```toml\n{printed}```\n{after}");
    if std::env::var_os("WRITE_PAGES").is_some() {
        std::fs::write(page("configure.md"), wanted).expect("the page is written");
        return;
    }
    assert!(text == wanted, "docs/operate/configure.md is stale: WRITE_PAGES=true cargo test -p tbc --test it pages");
}

/// The blocks of a page with this word after ```` ``` ````.
fn blocks(text: &str, info: &str) -> Vec<String> {
    let begin = format!("```{info}\n");
    let found = text.split(&begin).skip(1).filter_map(|rest| rest.split("```").next());
    found.map(str::to_owned).collect()
}

/// Every command of the page for operators, in its order: the indexer goes on until the next one is started.
#[tokio::test(flavor = "multi_thread")]
async fn the_commands_of_the_page_work() {
    let mut world = World::new(&[]).await;
    world.every_table().await;
    let folder = Folder::new();
    std::fs::create_dir(folder.path().join("deployments")).expect("a folder");
    folder.write("deployments/31337.json", &deployment(&world, 31337).await);
    // a port that is free now, as everybody else's is another
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let text = std::fs::read_to_string(page("run-the-indexer.md")).expect("the page");
    let text = text.replace("127.0.0.1:8080", &free.to_string()).replace("http://127.0.0.1:8545", &world.anvil.url);
    let commands: Vec<String> = blocks(&text, "console")
        .iter()
        .flat_map(|block| block.lines())
        .map(|line| line.strip_prefix("$ ").expect("a command").to_owned())
        .collect();
    assert!(commands.len() > 8);
    let mut running: Option<Tbc> = None;
    let end = |running: &mut Option<Tbc>| {
        if let Some(tbc) = running.take() {
            tbc.signal("TERM");
            let (status, log) = tbc.ended();
            assert_eq!(status.code(), Some(0), "{log}");
        }
    };
    for line in commands {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["tbc", "index", ..] if words.len() == 2 || words[2].starts_with("--") && words[2] != "--check" => {
                end(&mut running);
                let mut args: Vec<&str> = words[1..].to_vec();
                args.extend(["--log", "json"]);
                let tbc = Tbc::start(&mut command(folder.path(), &args));
                tbc.until_block(31337, world.anvil.head().await).await;
                running = Some(tbc);
            }
            ["curl", url] => {
                let begun = Instant::now();
                // ready as soon as it has caught up
                while reqwest::get(url).await.map_or(0, |answer| answer.status().as_u16()) != 200 {
                    assert!(begun.elapsed() < PATIENCE, "{line}");
                }
            }
            _ => in_shell(folder.path(), &line),
        }
        // the file of the page is written when its commands begin
        if line.starts_with("curl") && line.ends_with("/chains") {
            folder.write("tbc.toml", &blocks(&text, "toml")[0]);
        }
    }
    end(&mut running);
    let csv = std::fs::read_to_string(folder.path().join("orders.csv")).expect("the export");
    assert!(csv.lines().count() > 5, "{csv}");
}

fn in_shell(folder: &Path, line: &str) {
    let programs = Path::new(env!("CARGO_BIN_EXE_tbc")).parent().expect("its folder").display().to_string();
    let mut shell = Command::new("sh");
    shell.args(["-ec", line]).current_dir(folder).env_clear().env("PATH", format!("{programs}:/usr/bin:/bin"));
    let output = shell.output().expect("a shell");
    assert!(output.status.success(), "{line}: {output:?}");
}
