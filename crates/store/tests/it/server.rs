//! A PostgreSQL server of the tests' own: a cluster in a temporary folder, a database for each test.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

/// The server that every test shares; nothing where none can be had. CI does not accept nothing.
pub(crate) fn shared() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let server = SERVER.get_or_init(|| match Server::start("shared") {
        Ok(server) => Some(server),
        Err(why) => {
            not_run("every test of the PostgreSQL engine", &why);
            None
        }
    });
    assert!(server.is_some() || std::env::var_os("CI").is_none(), "CI needs a PostgreSQL server");
    server.as_ref()
}

/// Says so past the capture of the tests' output: whoever runs them must see it.
pub(crate) fn not_run(what: &str, why: &str) {
    std::io::stderr().write_all(format!("NOT RUN: {what} ({why})\n").as_bytes()).unwrap();
}

/// A cluster, and the guard that ends it with this process, however that ends.
#[derive(Debug)]
pub(crate) struct Server {
    folder: PathBuf,
    binaries: PathBuf,
    user: Option<&'static str>,
    guard: Child,
    databases: AtomicU32,
}

impl Server {
    pub(crate) fn start(name: &str) -> Result<Self, String> {
        let binaries = find().or_else(install).ok_or("no server in /usr/lib/postgresql, and apt installs none")?;
        let folder = std::env::temp_dir().join(format!("coreprover-pg-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        // the server refuses to run as root
        let user = is_root().then(|| if has_user("postgres") { "postgres" } else { "nobody" });
        if let Some(user) = user {
            succeed(Command::new("chown").arg(user).arg(&folder))?;
        }
        let mut server =
            Self { guard: guard(&binaries, &folder, user)?, folder, binaries, user, databases: AtomicU32::new(0) };
        let data = server.folder.join("data");
        let mut initdb = server.command("initdb");
        initdb.args(["--auth=trust", "--username=coreprover", "--encoding=UTF8", "--no-locale", "--no-sync", "-D"]);
        succeed(initdb.arg(&data))?;
        server.up()?;
        Ok(server)
    }

    /// Starts the server, at first or again.
    pub(crate) fn up(&mut self) -> Result<(), String> {
        succeed(self.command("pg_ctl").args(self.start_arguments()))
    }

    /// Starts the server again, with a disk of so many megabytes at the folder that this gives. Only the server sees the
    /// disk, and it goes with it.
    pub(crate) fn up_with_a_small_disk(&mut self, megabytes: u32) -> Result<String, String> {
        let user = self.user.ok_or("only root may mount a disk")?;
        let disk = self.folder.join("small").display().to_string();
        std::fs::create_dir_all(&disk).map_err(|error| error.to_string())?;
        let script = format!(
            "mount -t tmpfs -o size={megabytes}m,uid=\"$(id -u {user})\",mode=700 tmpfs {disk}; exec runuser -u {user} -- \"$@\""
        );
        let mut start = Command::new("unshare");
        start.current_dir(&self.folder).args(["--mount", "sh", "-euc", &script, "sh"]);
        succeed(start.arg(self.binaries.join("pg_ctl")).args(self.start_arguments()))?;
        Ok(disk)
    }

    /// What the operating system has is enough here: it does not crash.
    fn start_arguments(&self) -> Vec<String> {
        let folder = self.folder.display();
        let settings = format!(
            "-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c max_connections=300 -c shared_buffers=64MB"
        );
        let [data, log] = ["data", "log"].map(|name| self.folder.join(name).display().to_string());
        ["-D", &data, "-l", &log, "-w", "-o", &settings, "start"].map(str::to_owned).to_vec()
    }

    /// Ends the server without a word, as a crash would.
    pub(crate) fn crash(&self) -> Result<(), String> {
        let mut stop = self.command("pg_ctl");
        succeed(stop.arg("-D").arg(self.folder.join("data")).args(["-m", "immediate", "-w", "stop"]))
    }

    /// Runs commands with the server's programs at hand, against a database.
    pub(crate) fn shell(&self, commands: &str, database: &str) -> Result<(), String> {
        let mut shell = as_user(self.user, Path::new("sh"), &self.folder);
        let path = format!("{}:{}", self.binaries.display(), std::env::var("PATH").unwrap_or_default());
        shell.env("PATH", path).env("PGHOST", &self.folder).env("PGUSER", "coreprover").env("DATABASE", database);
        succeed(shell.args(["-euc", commands]))
    }

    fn command(&self, program: &str) -> Command {
        as_user(self.user, &self.binaries.join(program), &self.folder)
    }

    fn address(&self, database: &str) -> String {
        format!("postgres:///{database}?host={}&user=coreprover", self.folder.display())
    }

    /// An empty database.
    pub(crate) fn database(&self) -> Database {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.shell("createdb \"$DATABASE\"", &name).unwrap();
        Database { address: self.address(&name), name }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        self.guard.wait().unwrap();
    }
}

/// Waits for the end of its input, which is the end of this process, and removes the cluster.
fn guard(binaries: &Path, folder: &Path, user: Option<&str>) -> Result<Child, String> {
    let stop = format!("{}/pg_ctl -D {}/data -m immediate stop", binaries.display(), folder.display());
    let stop = user.map_or(stop.clone(), |user| format!("runuser -u {user} -- {stop}"));
    let script = format!("trap '' INT TERM HUP; cat >/dev/null; {stop}; rm -rf {}", folder.display());
    let mut shell = Command::new("sh");
    shell.args(["-c", &script]).current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    shell.spawn().map_err(|error| error.to_string())
}

fn as_user(user: Option<&str>, program: &Path, folder: &Path) -> Command {
    let mut command = match user {
        Some(user) => {
            let mut command = Command::new("runuser");
            command.args(["-u", user, "--"]).arg(program);
            command
        }
        None => Command::new(program),
    };
    command.current_dir(folder);
    command
}

/// The server's programs, of the newest version.
fn find() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|version| {
            let version = version.ok()?;
            let binaries = version.path().join("bin");
            let number = version.file_name().to_str()?.parse().ok()?;
            binaries.join("initdb").exists().then_some((number, binaries))
        })
        .collect();
    found.sort();
    found.pop().map(|(_, binaries)| binaries)
}

fn install() -> Option<PathBuf> {
    if !is_root() {
        return None;
    }
    let mut update = Command::new("apt-get");
    succeed(update.args(["-qq", "update"])).ok()?;
    let mut install = Command::new("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive");
    succeed(install.args(["-qq", "-y", "--no-install-recommends", "install", "postgresql"])).ok()?;
    find()
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

fn has_user(name: &str) -> bool {
    Command::new("id").arg(name).output().is_ok_and(|output| output.status.success())
}

fn succeed(command: &mut Command) -> Result<(), String> {
    // a server that a command starts keeps what it inherits: its output must not be a pipe that somebody waits for
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status().map_err(|error| error.to_string())?;
    if status.success() { Ok(()) } else { Err(format!("{command:?}: {status}")) }
}

/// A database of the server.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    pub(crate) address: String,
    name: String,
}

impl Database {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}
