//! Being told to end.

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

/// Says that everything ends, to everybody who asks.
#[derive(Clone, Debug)]
pub(super) struct Stop(watch::Sender<bool>);

impl Stop {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    pub(super) fn now(&self) {
        self.0.send_replace(true);
    }

    /// Done when somebody has said so.
    pub(super) async fn said(&self) {
        let mut news = self.0.subscribe();
        // the sender lives as long as this one
        drop(news.wait_for(|said| *said).await);
    }
}

/// The first of SIGTERM and SIGINT says stop, the second ends the program where it stands: whatever it is doing, the store
/// is whole.
///
/// # Errors
/// When the system gives no signals.
pub(super) fn listen(stop: Stop) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        for first in [true, false] {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if first {
                tracing::info!("ending: once more to end at once");
                stop.now();
            }
        }
        tracing::warn!("ended at once");
        std::process::exit(1);
    });
    Ok(())
}
