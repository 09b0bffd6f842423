use coreprover_store::{ChainState, ChainStore, Cursor, FeedEvent, Record, Result, Select, StoredEvent, Table};
use futures::future::BoxFuture;
use tgp_protocol::value::Word;

type Read<'a, T> = BoxFuture<'a, Result<T>>;

/// A block's number and a log's place in it.
type Place = (u64, u64);

/// What is served of a store. The handlers do not know which engine it is, and are compiled once.
pub(super) trait Reads: Send + Sync {
    fn chains(&self) -> Read<'_, Vec<ChainState>>;
    fn load(&self, table: &'static Table, keys: Vec<Record>) -> Read<'_, Vec<Option<Record>>>;
    fn select(&self, query: Select) -> Read<'_, Vec<Record>>;
    fn events_of(&self, chain: u64, about: Word, after: Option<Place>, limit: usize) -> Read<'_, Vec<StoredEvent>>;
    fn feed(&self, after: Cursor, limit: usize) -> Read<'_, Vec<FeedEvent>>;
}

impl<S: ChainStore> Reads for S {
    fn chains(&self) -> Read<'_, Vec<ChainState>> {
        Box::pin(ChainStore::chains(self))
    }

    fn load(&self, table: &'static Table, keys: Vec<Record>) -> Read<'_, Vec<Option<Record>>> {
        Box::pin(ChainStore::load(self, table, keys))
    }

    fn select(&self, query: Select) -> Read<'_, Vec<Record>> {
        Box::pin(ChainStore::select(self, query))
    }

    fn events_of(&self, chain: u64, about: Word, after: Option<Place>, limit: usize) -> Read<'_, Vec<StoredEvent>> {
        Box::pin(ChainStore::events_of(self, chain, about, after, limit))
    }

    fn feed(&self, after: Cursor, limit: usize) -> Read<'_, Vec<FeedEvent>> {
        Box::pin(ChainStore::feed(self, after, limit))
    }
}
