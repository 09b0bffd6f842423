use coreprover_store::{
    Batch, BlockRef, ChainStart, ChainState, ChainStore, Cursor, FeedEvent, Postgres, Record, Result, Rewound, Select,
    StoredEvent, Table,
};
use std::sync::OnceLock;
use tgp_protocol::value::Word;
use tokio::runtime::Runtime;

/// A store whose server answers in real time, also to a test whose own clock stands still. A call that is dropped goes on,
/// as what a killed program asked of a server does.
#[derive(Clone, Debug)]
pub(crate) struct Store(Postgres);

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().unwrap())
}

async fn there<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    runtime().spawn(work).await.unwrap()
}

impl Store {
    pub(crate) async fn connect(address: String) -> Self {
        Self(there(async move { Postgres::connect(&address).await.unwrap() }).await)
    }
}

/// Passes a call on.
macro_rules! pass {
    ($self:ident.$call:ident($($argument:expr),*)) => {{
        let store = $self.0.clone();
        there(async move { store.$call($($argument),*).await }).await
    }};
}

impl ChainStore for Store {
    async fn open_chain(&self, start: ChainStart) -> Result<ChainState> {
        pass!(self.open_chain(start))
    }

    async fn chains(&self) -> Result<Vec<ChainState>> {
        pass!(self.chains())
    }

    async fn reset_chain(&self, start: ChainStart) -> Result<ChainState> {
        pass!(self.reset_chain(start))
    }

    async fn apply(&self, batch: Batch) -> Result<ChainState> {
        pass!(self.apply(batch))
    }

    async fn rewind(&self, chain: u64, head: BlockRef, to: BlockRef) -> Result<Rewound> {
        pass!(self.rewind(chain, head, to))
    }

    async fn blocks_below(&self, chain: u64, below: u64, limit: usize) -> Result<Vec<BlockRef>> {
        pass!(self.blocks_below(chain, below, limit))
    }

    async fn load(&self, table: &'static Table, keys: Vec<Record>) -> Result<Vec<Option<Record>>> {
        pass!(self.load(table, keys))
    }

    async fn select(&self, query: Select) -> Result<Vec<Record>> {
        pass!(self.select(query))
    }

    async fn events_of(
        &self,
        chain: u64,
        subject: Word,
        after: Option<(u64, u64)>,
        limit: usize,
    ) -> Result<Vec<StoredEvent>> {
        pass!(self.events_of(chain, subject, after, limit))
    }

    async fn feed(&self, after: Cursor, limit: usize) -> Result<Vec<FeedEvent>> {
        pass!(self.feed(after, limit))
    }

    async fn cursor(&self, consumer: &str, chain: u64) -> Result<Option<Cursor>> {
        let consumer = consumer.to_owned();
        pass!(self.cursor(&consumer, chain))
    }

    async fn move_cursor(&self, consumer: &str, from: Option<Cursor>, to: Cursor) -> Result<()> {
        let consumer = consumer.to_owned();
        pass!(self.move_cursor(&consumer, from, to))
    }
}
