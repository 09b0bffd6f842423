use coreprover_store::{ChainState, ChainStore, Cursor, FeedEvent, Record, Result, Select, StoredEvent, Table};
use futures::future::BoxFuture;
use tgp_protocol::value::Word;

/// What is served of a store. The handlers do not know which engine it is, and are compiled once.
pub(super) trait Reads: Send + Sync {
    fn chains(&self) -> BoxFuture<'_, Result<Vec<ChainState>>>;
    fn load(&self, table: &'static Table, keys: Vec<Record>) -> BoxFuture<'_, Result<Vec<Option<Record>>>>;
    fn select(&self, query: Select) -> BoxFuture<'_, Result<Vec<Record>>>;
    fn events_of(
        &self,
        chain: u64,
        subject: Word,
        after: Option<(u64, u64)>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<StoredEvent>>>;
    fn feed(&self, after: Cursor, limit: usize) -> BoxFuture<'_, Result<Vec<FeedEvent>>>;
}

impl<S: ChainStore> Reads for S {
    fn chains(&self) -> BoxFuture<'_, Result<Vec<ChainState>>> {
        Box::pin(ChainStore::chains(self))
    }

    fn load(&self, table: &'static Table, keys: Vec<Record>) -> BoxFuture<'_, Result<Vec<Option<Record>>>> {
        Box::pin(ChainStore::load(self, table, keys))
    }

    fn select(&self, query: Select) -> BoxFuture<'_, Result<Vec<Record>>> {
        Box::pin(ChainStore::select(self, query))
    }

    fn events_of(
        &self,
        chain: u64,
        subject: Word,
        after: Option<(u64, u64)>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<StoredEvent>>> {
        Box::pin(ChainStore::events_of(self, chain, subject, after, limit))
    }

    fn feed(&self, after: Cursor, limit: usize) -> BoxFuture<'_, Result<Vec<FeedEvent>>> {
        Box::pin(ChainStore::feed(self, after, limit))
    }
}
