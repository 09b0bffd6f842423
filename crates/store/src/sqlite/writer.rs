//! The thread that writes. What waits for it is committed together: a commit waits for the disk, and the disk takes as
//! long for one as for many.

use super::error::engine;
use crate::{Result, StoreError};
use rusqlite::Connection;
use std::thread;
use tokio::sync::{mpsc, oneshot};

/// How many small writes one commit takes at most.
const GROUP: usize = 256;

/// A write that waits.
trait Job: Send {
    /// Whether it has a transaction of its own: for what changes many rows, since taking it back alone costs a copy of
    /// every page that it touched.
    fn is_large(&self) -> bool;
    /// Does the work; says whether it succeeded.
    fn run(&mut self, connection: &Connection) -> bool;
    /// Tells whoever waits how it ended: as the work did, unless the transaction around it failed.
    fn answer(self: Box<Self>, failed: Option<StoreError>);
}

struct Task<T, F> {
    large: bool,
    work: Option<F>,
    done: Option<Result<T>>,
    answer: oneshot::Sender<Result<T>>,
}

impl<T: Send, F: FnOnce(&Connection) -> Result<T> + Send> Job for Task<T, F> {
    fn is_large(&self) -> bool {
        self.large
    }

    fn run(&mut self, connection: &Connection) -> bool {
        self.done = self.work.take().map(|work| work(connection));
        matches!(self.done, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, failed: Option<StoreError>) {
        let done = match (self.done, failed) {
            (Some(Err(error)), _) | (_, Some(error)) => Err(error),
            (Some(done), None) => done,
            (None, None) => Err(StoreError::Unreachable("the writer has stopped".into())),
        };
        // nobody may be waiting any more
        drop(self.answer.send(done));
    }
}

#[derive(Debug)]
pub(super) struct Writer {
    jobs: Option<mpsc::Sender<Box<dyn Job>>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(connection: Connection) -> Result<Self> {
        // whoever writes more than a few groups ahead waits, instead of filling the memory
        let (jobs, queue) = mpsc::channel(4 * GROUP);
        let thread = thread::Builder::new()
            .name("coreprover-store".into())
            .spawn(move || work(&connection, queue))
            .map_err(|error| StoreError::Unreachable(error.to_string()))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Writes a few rows.
    pub(super) async fn small<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.run(false, work).await
    }

    /// Writes many rows.
    pub(super) async fn large<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.run(true, work).await
    }

    async fn run<T: Send + 'static>(
        &self,
        large: bool,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let gone = || StoreError::Unreachable("the writer has stopped".into());
        let (answer, answered) = oneshot::channel();
        let task = Task { large, work: Some(work), done: None, answer };
        self.jobs.as_ref().ok_or_else(gone)?.send(Box::new(task)).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }
}

impl Drop for Writer {
    /// Waits until the queue is written and the file closed: whoever opens it next finds all of it.
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // a panic of the thread was reported where it happened
            drop(thread.join());
        }
    }
}

fn work(connection: &Connection, mut queue: mpsc::Receiver<Box<dyn Job>>) {
    let mut next = None;
    while let Some(first) = next.take().or_else(|| queue.blocking_recv()) {
        if first.is_large() {
            alone(connection, first);
            continue;
        }
        let mut group = vec![first];
        while group.len() < GROUP {
            match queue.try_recv() {
                Ok(job) if job.is_large() => {
                    next = Some(job);
                    break;
                }
                Ok(job) => group.push(job),
                Err(_) => break,
            }
        }
        together(connection, group);
    }
}

fn alone(connection: &Connection, mut job: Box<dyn Job>) {
    let failed = begin(connection).err().or_else(|| {
        if job.run(connection) {
            return commit(connection).err();
        }
        rollback(connection);
        None
    });
    job.answer(failed);
}

/// Each job in a savepoint: one that fails is taken back, the others stay.
fn together(connection: &Connection, group: Vec<Box<dyn Job>>) {
    if group.len() == 1 {
        group.into_iter().for_each(|job| alone(connection, job));
        return;
    }
    let mut done = Vec::with_capacity(group.len());
    let mut failed = begin(connection).err();
    for mut job in group {
        if failed.is_none() {
            failed = in_savepoint(connection, job.as_mut()).err();
        }
        done.push(job);
    }
    let failed = failed.inspect(|_| rollback(connection)).or_else(|| commit(connection).err());
    for job in done {
        job.answer(failed.clone());
    }
}

fn in_savepoint(connection: &Connection, job: &mut dyn Job) -> Result<()> {
    execute(connection, "SAVEPOINT job")?;
    if !job.run(connection) {
        // a full disk ends the whole transaction, and this says so
        execute(connection, "ROLLBACK TO job")?;
    }
    execute(connection, "RELEASE job")
}

fn begin(connection: &Connection) -> Result<()> {
    execute(connection, "BEGIN IMMEDIATE")
}

fn commit(connection: &Connection) -> Result<()> {
    execute(connection, "COMMIT").inspect_err(|_| rollback(connection))
}

/// The engine may have rolled back already.
fn rollback(connection: &Connection) {
    if !connection.is_autocommit() {
        drop(execute(connection, "ROLLBACK"));
    }
}

fn execute(connection: &Connection, text: &str) -> Result<()> {
    let mut statement = connection.prepare_cached(text).map_err(engine)?;
    statement.raw_execute().map_err(engine)?;
    Ok(())
}
