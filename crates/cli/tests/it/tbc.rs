//! The command as a process of its own.

use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// Nothing here takes longer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The command in a folder, knowing nothing of this process's environment.
pub(crate) fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tbc"));
    command.args(args).current_dir(folder).env_clear().stdin(Stdio::null());
    command
}

/// Runs it to its end.
pub(crate) fn output(folder: &Path, args: &[&str]) -> Output {
    command(folder, args).output().expect("it runs")
}

/// What it says when it refuses: nothing on the standard output, and the exit code.
pub(crate) fn refusal(command: &mut Command) -> (i32, String) {
    let output = command.output().expect("it runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    (output.status.code().expect("a code"), String::from_utf8(output.stderr).expect("a text"))
}

/// `tbc index`, running.
pub(crate) struct Tbc {
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
    reader: Option<JoinHandle<()>>,
    pub(crate) url: String,
    client: reqwest::Client,
}

impl Drop for Tbc {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Tbc {
    /// Starts `tbc index` with these arguments, on a port of its own.
    pub(crate) fn index(folder: &Path, args: &[&str]) -> Self {
        let with = [&["index", "--listen", "127.0.0.1:0", "--log", "json"], args].concat();
        Self::start(&mut command(folder, &with))
    }

    /// Starts it and kills it as soon as it has logged such a line. Says whether there was one.
    pub(crate) fn killed_at(command: &mut Command, at: impl Fn(&Value) -> bool) -> bool {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
        let end = Instant::now() + PATIENCE;
        let lines = BufReader::new(child.stderr.take().expect("its lines")).lines();
        let mut lines = lines.map_while(Result::ok).take_while(|_| Instant::now() < end);
        let seen = lines.any(|line| serde_json::from_str(&line).is_ok_and(|line| at(&line)));
        child.kill().expect("it is there");
        child.wait().expect("it ends");
        seen
    }

    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut stderr = BufReader::new(child.stderr.take().expect("its lines"));
        let mut said = Vec::new();
        let url = loop {
            let mut line = String::new();
            let read = stderr.read_line(&mut line).expect("a line");
            assert!(read > 0, "it ended: {said:?}, {:?}", child.wait());
            let address = serde_json::from_str::<Value>(&line).ok().and_then(|line| {
                (line["message"] == "serving").then(|| line["address"].as_str().map(str::to_owned)).flatten()
            });
            said.push(line);
            if let Some(address) = address {
                break format!("http://{address}");
            }
        };
        let lines = Arc::new(Mutex::new(said));
        let kept = Arc::clone(&lines);
        let reader = thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                kept.lock().expect("the lines").push(line);
            }
        });
        // the first of a process decides
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = reqwest::Client::builder().timeout(PATIENCE).build().expect("a client");
        Self { child, lines, reader: Some(reader), url, client }
    }

    /// Everything that it logged.
    pub(crate) fn log(&self) -> String {
        self.lines.lock().expect("the lines").join("\n")
    }

    pub(crate) async fn text(&self, path: &str) -> (u16, String) {
        let response = self.client.get(format!("{}{path}", self.url)).send().await.expect("an answer");
        (response.status().as_u16(), response.text().await.expect("a text"))
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        let (status, text) = self.text(path).await;
        (status, serde_json::from_str(&text).unwrap_or_else(|_| panic!("{path}: {text}")))
    }

    /// Opens a stream that is read as it comes.
    pub(crate) async fn stream(&self, path: &str) -> reqwest::Response {
        self.client.get(format!("{}{path}", self.url)).send().await.expect("a stream")
    }

    /// Waits until an answer is as it should be.
    pub(crate) async fn until(&self, path: &str, is: impl Fn(u16, &Value) -> bool) -> Value {
        let end = Instant::now() + PATIENCE;
        loop {
            let (status, answer) = self.get(path).await;
            if is(status, &answer) {
                return answer;
            }
            assert!(Instant::now() < end, "{path}: {answer}\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub(crate) async fn until_ready(&self) {
        self.until("/ready", |status, _| status == 200).await;
    }

    /// Waits until a chain has been read up to a block.
    pub(crate) async fn until_block(&self, chain: u64, block: u64) {
        self.until("/v1/chains", |_, answer| {
            let items = answer["items"].as_array();
            items
                .is_some_and(|items| items.iter().any(|it| it["chain"] == chain && it["block"].as_u64() >= Some(block)))
        })
        .await;
    }

    pub(crate) fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([&format!("-{signal}"), &self.child.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
    }

    /// Waits for its end; gives its status and everything that it logged.
    pub(crate) fn ended(mut self) -> (ExitStatus, String) {
        let end = Instant::now() + PATIENCE;
        let status = loop {
            match self.child.try_wait().expect("its status") {
                Some(status) => break status,
                None => assert!(Instant::now() < end, "it does not end: {}", self.log()),
            }
            thread::sleep(Duration::from_millis(10));
        };
        if let Some(reader) = self.reader.take() {
            reader.join().expect("its last lines");
        }
        (status, self.log())
    }
}

/// Reads a stream until its end.
pub(crate) async fn rest(response: reqwest::Response) -> String {
    response.text().await.expect("its end")
}
