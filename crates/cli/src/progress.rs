//! How far the chains are, on a terminal.

use coreprover_indexer::serve::ServedChain;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::{
    fmt::Write,
    io::{self, IsTerminal},
    sync::OnceLock,
    time::Duration,
};
use tokio::task::JoinHandle;

/// The bars of this process: whoever writes a line has them put aside.
static BARS: OnceLock<MultiProgress> = OnceLock::new();

/// Does something while no bar is on the terminal.
pub(crate) fn aside<T>(write: impl FnOnce() -> T) -> T {
    match BARS.get() {
        Some(bars) => bars.suspend(write),
        None => write(),
    }
}

/// A bar for each chain, as long as it is behind.
#[derive(Debug)]
pub(crate) struct Progress(Vec<(ProgressBar, JoinHandle<()>)>);

/// Fewer blocks are read before anybody sees a bar.
const WORTH: u64 = 100;

impl Progress {
    /// Shows how far these chains are, where somebody can see it.
    pub(crate) fn start(chains: &[ServedChain]) -> Self {
        if !io::stderr().is_terminal() {
            return Self(Vec::new());
        }
        let bars = BARS.get_or_init(MultiProgress::new);
        let style = "chain {prefix}  {wide_bar}  block {human_pos} of {human_len}  {msg}  {rate}  {eta} left";
        let style = ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar());
        let style = style.with_key("rate", |state: &ProgressState, out: &mut dyn Write| {
            // a bar has nowhere to say that it could not be drawn
            let _ = write!(out, "{:.0} blocks/s", state.per_sec());
        });
        let of = |chain: &ServedChain| {
            let bar = bars.add(ProgressBar::hidden().with_style(style.clone()).with_prefix(chain.number.to_string()));
            let shown = bar.clone();
            let mut status = chain.status.clone();
            let task = tokio::spawn(async move {
                let mut begun = false;
                while status.changed().await.is_ok() {
                    let now = status.borrow_and_update().clone();
                    shown.set_length(now.node_head);
                    shown.set_position(now.head);
                    shown.set_message(format!("{} events", now.events));
                    if !begun && now.behind() > WORTH {
                        begun = true;
                        shown.reset_eta();
                        shown.set_draw_target(ProgressDrawTarget::stderr());
                    }
                    if begun && now.behind() == 0 {
                        break;
                    }
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                shown.finish_and_clear();
            });
            (bar, task)
        };
        Self(chains.iter().map(of).collect())
    }

    /// Takes the bars away.
    pub(crate) fn end(self) {
        for (bar, task) in self.0 {
            task.abort();
            bar.finish_and_clear();
        }
    }
}
