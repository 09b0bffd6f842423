use super::error::engine;
use crate::{
    BlockRef, ChainState, Change, Cursor, FeedEvent, RawEvent, Result, StoreError, StoredEvent,
    sql::{STANDS, limit as at_most, number},
};
use alloy_primitives::Address;
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Row, postgres::PgRow};
use tgp_protocol::value::{EvmAddress, Word};

const CHAIN: &str = "SELECT chain, genesis, base_number, base_hash, head_number, head_hash, last_final, epoch, entries \
                     FROM chains";

/// The chain; `lock` keeps every other writer out until the transaction ends.
pub(super) async fn chain(connection: &mut PgConnection, chain: u64, lock: bool) -> Result<Option<ChainState>> {
    let lock = if lock { " FOR UPDATE" } else { "" };
    let select = sqlx::query(AssertSqlSafe(format!("{CHAIN} WHERE chain = $1{lock}"))).bind(number(chain, "chain")?);
    select.fetch_optional(connection).await.map_err(engine)?.map(|row| state(&row)).transpose()
}

/// The epoch in which a chain that is being reset begins anew.
pub(super) async fn reset(connection: &mut PgConnection, chain: u64) -> Result<Option<u32>> {
    let select = sqlx::query("SELECT epoch FROM resets WHERE chain = $1").bind(number(chain, "chain")?);
    select.fetch_optional(connection).await.map_err(engine)?.map(|row| epoch(&row, 0)).transpose()
}

pub(super) fn epoch(row: &PgRow, place: usize) -> Result<u32> {
    u32::try_from(count(row, place)?).map_err(|_| StoreError::Damaged("column epoch".into()))
}

pub(super) async fn chains(pool: &PgPool) -> Result<Vec<ChainState>> {
    let select = sqlx::query(AssertSqlSafe(format!("{CHAIN} ORDER BY chain")));
    select.fetch_all(pool).await.map_err(engine)?.iter().map(state).collect()
}

fn state(row: &PgRow) -> Result<ChainState> {
    Ok(ChainState {
        chain: count(row, 0)?,
        genesis: word(row, 1)?,
        base: BlockRef { number: count(row, 2)?, hash: word(row, 3)? },
        head: BlockRef { number: count(row, 4)?, hash: word(row, 5)? },
        last_final: count(row, 6)?,
        epoch: epoch(row, 7)?,
        entries: count(row, 8)?,
    })
}

pub(super) fn count(row: &PgRow, place: usize) -> Result<u64> {
    let number: i64 = row.try_get(place).map_err(engine)?;
    u64::try_from(number).map_err(|_| StoreError::Damaged(format!("a number below zero: {number}")))
}

pub(super) fn bytes<const N: usize>(row: &PgRow, place: usize) -> Result<[u8; N]> {
    let bytes: &[u8] = row.try_get(place).map_err(engine)?;
    bytes.try_into().map_err(|_| StoreError::Damaged(format!("{} bytes where {N} belong", bytes.len())))
}

fn word(row: &PgRow, place: usize) -> Result<Word> {
    bytes(row, place).map(|bytes: [u8; 32]| Word::from(bytes))
}

/// The hash of a block that one can go back to: of the head, or as the block above it names it.
pub(super) async fn hash_at(connection: &mut PgConnection, state: &ChainState, at: u64) -> Result<Option<Word>> {
    if at == state.head.number {
        return Ok(Some(state.head.hash));
    }
    let select = sqlx::query("SELECT parent FROM blocks WHERE chain = $1 AND number = $2 AND canonical")
        .bind(number(state.chain, "chain")?)
        .bind(number(at.saturating_add(1), "number")?);
    select.fetch_optional(connection).await.map_err(engine)?.map(|row| word(&row, 0)).transpose()
}

pub(super) async fn blocks_below(pool: &PgPool, chain: u64, below: u64, limit: usize) -> Result<Vec<BlockRef>> {
    // one moment for the three statements
    let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    let mut transaction = pool.begin_with(begin).await.map_err(engine)?;
    let state = self::chain(&mut transaction, chain, false).await?.ok_or(StoreError::UnknownChain(chain))?;
    let select = sqlx::query(
        "SELECT number, hash FROM blocks WHERE chain = $1 AND number <= $2 AND canonical ORDER BY number DESC LIMIT $3",
    )
    .bind(number(chain, "chain")?)
    .bind(number(below, "number")?)
    .bind(at_most(limit));
    let rows = select.fetch_all(&mut *transaction).await.map_err(engine)?;
    let block = |row| Ok(BlockRef { number: count(row, 0)?, hash: word(row, 1)? });
    let blocks = rows.iter().map(block).collect::<Result<Vec<_>>>()?;
    let last_final = hash_at(&mut transaction, &state, state.last_final).await?;
    Ok(state.with_ends(blocks, last_final, below, limit))
}

pub(super) const EVENT: &str = "e.log, e.tx, e.contract, e.subject, e.topics, e.data";

pub(super) fn event(row: &PgRow, from: usize) -> Result<RawEvent> {
    Ok(RawEvent {
        log: count(row, from)?,
        tx: word(row, from + 1)?,
        contract: EvmAddress(Address::from(bytes::<20>(row, from + 2)?)),
        subject: word(row, from + 3)?,
        topics: RawEvent::topics_of(row.try_get(from + 4).map_err(engine)?)?,
        data: row.try_get(from + 5).map_err(engine)?,
    })
}

pub(super) async fn events_of(
    pool: &PgPool,
    chain: u64,
    subject: Word,
    after: Option<(u64, u64)>,
    limit: usize,
) -> Result<Vec<StoredEvent>> {
    let (block, log) = match after {
        Some((block, log)) => (number(block, "number")?, number(log, "log")?),
        None => (-1, -1),
    };
    let text = format!(
        "SELECT b.number, b.hash, b.time, {EVENT} FROM events e JOIN blocks b ON b.id = e.block
         WHERE e.chain = $1 AND e.subject = $2 AND b.canonical AND (e.number, e.log) > ($3, $4) AND e.{STANDS}
         ORDER BY e.number, e.log LIMIT $5"
    );
    let select = sqlx::query(AssertSqlSafe(text))
        .bind(number(chain, "chain")?)
        .bind(subject.0.to_vec())
        .bind(block)
        .bind(log)
        .bind(at_most(limit));
    let rows = select.fetch_all(pool).await.map_err(engine)?;
    let stored = |row| {
        let at = BlockRef { number: count(row, 0)?, hash: word(row, 1)? };
        Ok(StoredEvent { at, time: count(row, 2)?, event: event(row, 3)? })
    };
    rows.iter().map(stored).collect()
}

/// The entries that a page needs, by what is in them before: the first may be behind the cursor in part, so all of it is
/// left out of the count.
const PAGE: &str = "
    WITH entries AS (
        SELECT f.entry, f.rolled_back, b.id, b.number, b.hash, b.time, b.logs,
               sum(CASE WHEN f.entry = $2 THEN 0 ELSE b.events END) OVER (ORDER BY f.entry) - b.events AS before
        FROM (SELECT entry, rolled_back, block FROM feed
              WHERE chain = $1 AND entry >= $2 AND chain NOT IN (SELECT chain FROM resets)
              ORDER BY entry LIMIT $5) f
        JOIN blocks b ON b.id = f.block
    )
    SELECT f.entry, f.rolled_back, f.number, f.hash, f.time, f.logs,
           e.log, e.tx, e.contract, e.subject, e.topics, e.data
    FROM entries f JOIN events e ON e.block = f.id
    WHERE f.before < $4
      AND e.log >= CASE WHEN f.entry = $2 AND NOT f.rolled_back THEN $3 ELSE 0 END
      AND e.log < CASE WHEN f.entry = $2 AND f.rolled_back THEN f.logs - $3 ELSE f.logs END
    ORDER BY f.entry, CASE WHEN f.rolled_back THEN -e.log ELSE e.log END
    LIMIT $4";

pub(super) async fn feed(pool: &PgPool, after: Cursor, limit: usize) -> Result<Vec<FeedEvent>> {
    let select = sqlx::query(PAGE)
        .bind(number(after.chain, "chain")?)
        .bind(number(after.entry, "cursor")?)
        .bind(number(after.logs, "cursor")?)
        .bind(at_most(limit))
        .bind(at_most(limit.saturating_add(1)));
    let mut connection = pool.acquire().await.map_err(engine)?;
    let rows = select.fetch_all(&mut *connection).await.map_err(engine)?;
    // behind the page: an epoch that is still the cursor's was so before, or the page is empty
    let Some(state) = chain(&mut connection, after.chain, false).await? else {
        return Err(ChainState::missing(after, reset(&mut connection, after.chain).await?));
    };
    state.check_epoch(after)?;
    let change = |row| {
        let event = event(row, 6)?;
        let change = if row.try_get(1).map_err(engine)? { Change::RolledBack } else { Change::Applied };
        let entry = Cursor { entry: count(row, 0)?, ..after };
        Ok(FeedEvent {
            cursor: entry.behind(change, &event, count(row, 5)?),
            change,
            block: count(row, 2)?,
            block_hash: word(row, 3)?,
            time: count(row, 4)?,
            event,
        })
    };
    rows.iter().map(change).collect()
}
