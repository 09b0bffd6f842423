use super::{NotTaken, Parcel, Sink};
use async_nats::{
    ConnectOptions,
    header::NATS_MESSAGE_ID,
    jetstream::{
        self,
        context::PublishAckFuture,
        message::PublishMessage,
        stream::{Config, LastRawMessageErrorKind, Stream},
    },
};
use coreprover_store::Cursor;
use std::{path::Path, time::Duration};

/// How long the server has to say that it has kept something.
const TIMEOUT: Duration = Duration::from_secs(5);

/// For how long the server itself knows an id again.
const WINDOW: Duration = Duration::from_secs(120);

/// No server of NATS can be used.
#[derive(Debug, thiserror::Error)]
#[error("NATS: {0}")]
pub struct NatsError(String);

/// Publishes each delivery to NATS JetStream, and goes on when the server has kept it.
///
/// A chain has a stream of its own, `{prefix}-{chain}`, which is made where there is none; one that is there keeps its
/// settings. Subjects are `{prefix}.{chain}.{contract}.{event}`, a delivery's `Nats-Msg-Id` is its cursor. Each message
/// names the stream's sequence before it, so that none stands there twice or in another order, however long the two were
/// apart: nobody else may publish into the stream.
///
/// ```
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// use coreprover_indexer::serve::{Nats, NatsError};
///
/// // with a server this is a sink for an `Outlet`; without one it says so at once
/// let refused: NatsError = Nats::connect("nats://127.0.0.1:1", "coreprover", None).await.unwrap_err();
/// assert!(refused.to_string().starts_with("NATS: "));
/// // the prefix is a part of every subject
/// let refused = Nats::connect("nats://127.0.0.1:4222", "core.prover", None).await.unwrap_err();
/// assert!(refused.to_string().contains("a prefix is a word"));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Nats {
    context: jetstream::Context,
    prefix: String,
    /// What stands last in the stream; not known at the beginning and after a failure.
    last: Option<Last>,
}

/// The end of a stream.
#[derive(Clone, Copy, Debug)]
struct Last {
    sequence: u64,
    cursor: Option<Cursor>,
}

fn not_taken(error: impl std::fmt::Display) -> NotTaken {
    NotTaken(error.to_string())
}

impl Nats {
    /// Connects to a server, or a list of servers by commas; `credentials` is a file with a user's keys.
    ///
    /// # Errors
    /// When the prefix is no word of a to z and digits, the file cannot be read, or no server answers now. A connection that is
    /// lost later is made again.
    pub async fn connect(servers: &str, prefix: &str, credentials: Option<&Path>) -> Result<Self, NatsError> {
        if prefix.is_empty() || !prefix.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
            return Err(NatsError("a prefix is a word of a to z and 0 to 9".into()));
        }
        let failed = |error: &dyn std::fmt::Display| NatsError(error.to_string());
        let mut options = ConnectOptions::new().name("coreprover-indexer");
        if let Some(path) = credentials {
            options = options.credentials_file(path).await.map_err(|error| failed(&error))?;
        }
        let servers: Vec<&str> = servers.split(',').map(str::trim).collect();
        let client = options.connect(servers).await.map_err(|error| failed(&error))?;
        let mut context = jetstream::new(client);
        context.set_timeout(TIMEOUT);
        Ok(Self { context, prefix: prefix.into(), last: None })
    }

    async fn stream(&self, chain: u64) -> Result<Stream, NotTaken> {
        let config = Config {
            name: format!("{}-{chain}", self.prefix),
            subjects: vec![format!("{}.{chain}.>", self.prefix)],
            duplicate_window: WINDOW,
            ..Config::default()
        };
        self.context.get_or_create_stream(config).await.map_err(not_taken)
    }

    /// The end of the chain's stream, as the server has it.
    async fn look(&self, chain: u64) -> Result<Last, NotTaken> {
        let stream = self.stream(chain).await?;
        let sequence = stream.get_info().await.map_err(not_taken)?.state.last_sequence;
        let cursor = match stream.get_last_raw_message_by_subject(&format!("{}.{chain}.>", self.prefix)).await {
            Ok(message) => {
                let id = message.headers.get(NATS_MESSAGE_ID).and_then(|id| id.as_str().parse().ok());
                Some(id.ok_or_else(|| NotTaken("somebody else publishes into the stream".into()))?)
            }
            Err(error) if error.kind() == LastRawMessageErrorKind::NoMessageFound => None,
            Err(error) => return Err(not_taken(error)),
        };
        Ok(Last { sequence, cursor })
    }

    async fn send(&self, parcel: &Parcel, after: u64) -> Result<PublishAckFuture, NotTaken> {
        let subject = format!("{}.{}.{}.{}", self.prefix, parcel.chain, parcel.contract, parcel.event);
        let message = PublishMessage::build().payload(parcel.body.clone().into()).message_id(&parcel.id);
        self.context.send_publish(subject, message.expected_last_sequence(after)).await.map_err(not_taken)
    }

    /// Sends everything, then waits for each to be kept; counts those that were.
    async fn publish(&self, parcels: &[Parcel], last: &mut Last, taken: &mut usize) -> Result<(), NotTaken> {
        let mut waiting = Vec::with_capacity(parcels.len());
        let mut unsent = Ok(());
        for (parcel, after) in parcels.iter().zip(last.sequence..) {
            match self.send(parcel, after).await {
                Ok(ack) => waiting.push((parcel, ack)),
                Err(error) => {
                    unsent = Err(error);
                    break;
                }
            }
        }
        for (parcel, ack) in waiting {
            last.sequence = ack.await.map_err(not_taken)?.sequence;
            last.cursor = parcel.id.parse().ok();
            *taken += 1;
        }
        unsent
    }
}

impl Sink for Nats {
    const AT_ONCE: usize = 128;

    async fn hand_over(&mut self, parcels: &[Parcel]) -> (usize, Result<(), NotTaken>) {
        let Some(chain) = parcels.first().map(|parcel| parcel.chain) else { return (0, Ok(())) };
        let mut last = match self.last.take() {
            Some(last) => last,
            None => match self.look(chain).await {
                Ok(last) => last,
                Err(error) => return (0, Err(error)),
            },
        };
        // of an earlier try whose answer was lost
        let known = |parcel: &&Parcel| parcel.id.parse().ok().is_some_and(|id: Cursor| Some(id) <= last.cursor);
        let mut taken = parcels.iter().take_while(known).count();
        let result = self.publish(parcels.get(taken..).unwrap_or_default(), &mut last, &mut taken).await;
        self.last = result.is_ok().then_some(last);
        (taken, result)
    }

    async fn kept(&mut self, chain: u64) -> Result<Option<Cursor>, NotTaken> {
        let last = self.look(chain).await?;
        self.last = Some(last);
        Ok(last.cursor)
    }
}
