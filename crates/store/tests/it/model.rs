//! A chain and its tables in memory: what a store must be equal to, and the batches that it is given.

use coreprover_store::{
    Batch, Block, BlockRef, ChainStart, ChainState, ChainStore, Change, Cursor, Kind, RawEvent, Record, Result,
    Rewound, Select, Table, Undo, Value, table::TABLES,
};
use std::collections::BTreeMap;
use tgp_protocol::value::Word;

pub(crate) fn word(number: u64) -> Word {
    let mut bytes = [0; 32];
    bytes[24..].copy_from_slice(&number.to_be_bytes());
    bytes.into()
}

/// A small generator of numbers, the same for the same seed.
#[derive(Clone, Debug)]
pub(crate) struct Dice(pub u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

/// The rows of every table, by table and key.
pub(crate) type Rows = BTreeMap<(&'static str, Record), Record>;

/// A chain as it should stand.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) start: ChainStart,
    pub(crate) last_final: u64,
    pub(crate) epoch: u32,
    /// The blocks above the base that are on the chain, and the rows behind each.
    pub(crate) blocks: Vec<(Block, Rows)>,
    /// What the feed said so far.
    pub(crate) feed: Vec<(Change, BlockRef, RawEvent)>,
    pub(crate) dice: Dice,
}

pub(crate) fn table(name: &str) -> &'static Table {
    TABLES.iter().find(|table| table.name == name).unwrap()
}

/// A row of any table with a key out of a few, and anything in the rest.
pub(crate) fn any_row(table: &Table, chain: u64, dice: &mut Dice) -> Record {
    let value = |(place, column): (usize, &coreprover_store::Column)| {
        let few = place < table.key || dice.below(2) == 0;
        let number = if few { dice.below(4) } else { dice.next() >> 1 };
        if place == 0 {
            return Value::Number(i64::try_from(chain).unwrap());
        }
        if column.optional && dice.below(3) == 0 {
            return Value::Null;
        }
        match column.kind {
            Kind::Number => Value::Number(i64::try_from(number).unwrap()),
            Kind::Bytes => Value::Bytes(word(number).0[12..].to_vec()),
            Kind::Text => Value::Text(format!("text {number}")),
            Kind::Amount => Value::Text(if dice.below(8) == 0 { LARGEST.into() } else { number.to_string() }),
        }
    };
    table.columns.iter().enumerate().map(value).collect()
}

/// 2^256 - 1.
pub(crate) const LARGEST: &str = "115792089237316195423570985008687907853269984665640564039457584007913129639935";

impl Model {
    pub(crate) fn new(chain: u64, seed: u64) -> Self {
        let base = BlockRef { number: 10, hash: word(chain * 1_000_000 + 10) };
        let start = ChainStart { chain, genesis: word(chain), base };
        Self { start, last_final: base.number, epoch: 0, blocks: Vec::new(), feed: Vec::new(), dice: Dice(seed) }
    }

    pub(crate) fn chain(&self) -> u64 {
        self.start.chain
    }

    pub(crate) fn head(&self) -> BlockRef {
        self.blocks.last().map_or(self.start.base, |(block, _)| block.at)
    }

    pub(crate) fn at(&self, number: u64) -> BlockRef {
        let place = number.checked_sub(self.start.base.number + 1).map(|place| usize::try_from(place).unwrap());
        place.map_or(self.start.base, |place| self.blocks[place].0.at)
    }

    /// How many entries the feed has: a block with events came, or went.
    pub(crate) fn entries(&self) -> u64 {
        let changes = self.feed.iter().map(|(change, block, _)| (*change, *block)).collect::<Vec<_>>();
        changes.chunk_by(|one, next| one == next).count() as u64
    }

    /// What a store says of the chain.
    pub(crate) fn state(&self) -> ChainState {
        let ChainStart { chain, genesis, base } = self.start;
        let (head, last_final, epoch, entries) = (self.head(), self.last_final, self.epoch, self.entries());
        ChainState { chain, genesis, base, head, last_final, epoch, entries }
    }

    pub(crate) fn rows(&self) -> Rows {
        self.blocks.last().map(|(_, rows)| rows.clone()).unwrap_or_default()
    }

    /// The next blocks, with events and the rows that they change; `last_final` is so many blocks below the new head.
    pub(crate) fn grow(&mut self, blocks: u64, depth: u64) -> Batch {
        let before = self.state();
        let mut undo = Vec::new();
        for _ in 0..blocks {
            let (block, rows) = self.next_block(&mut undo);
            self.feed.extend(block.events.iter().map(|event| (Change::Applied, block.at, event.clone())));
            self.blocks.push((block, rows));
        }
        self.batch(before, depth, undo)
    }

    /// Puts blocks that were taken off back on.
    pub(crate) fn put_back(&mut self, blocks: Vec<(Block, Rows)>, depth: u64) -> Batch {
        let before = self.state();
        let mut undo = Vec::new();
        for (block, rows) in blocks {
            let before = self.rows();
            for (name, key) in before.keys().chain(rows.keys()) {
                let key = (*name, key.clone());
                let known =
                    |undo: &Undo| undo.block == block.at.number && (undo.table.name, &undo.key) == (key.0, &key.1);
                if before.get(&key) != rows.get(&key) && !undo.iter().any(known) {
                    let before = before.get(&key).cloned();
                    undo.push(Undo { block: block.at.number, table: table(key.0), key: key.1, before });
                }
            }
            self.feed.extend(block.events.iter().map(|event| (Change::Applied, block.at, event.clone())));
            self.blocks.push((block, rows));
        }
        self.batch(before, depth, undo)
    }

    fn batch(&mut self, before: ChainState, depth: u64, undo: Vec<Undo>) -> Batch {
        let head = self.head();
        self.last_final = self.last_final.max(head.number.saturating_sub(depth));
        let last_final = self.last_final;
        // nobody goes back there
        for (_, rows) in self.blocks.iter_mut().rev().skip_while(|(block, _)| block.at.number >= last_final) {
            rows.clear();
        }
        let new = self.blocks.iter().filter(|(block, _)| block.at.number > before.head.number);
        let kept = new.filter(|(block, _)| block.at.number > last_final || !block.events.is_empty());
        let changed = |((name, key), row): (&(&'static str, Record), &Record)| {
            undo.iter().any(|undo| undo.table.name == *name && undo.key == *key).then(|| (table(name), row.clone()))
        };
        Batch {
            before,
            head,
            last_final,
            blocks: kept.map(|(block, _)| block.clone()).collect(),
            rows: self.rows().iter().filter_map(changed).collect(),
            undo,
        }
    }

    fn next_block(&mut self, undo: &mut Vec<Undo>) -> (Block, Rows) {
        let (parent, chain) = (self.head(), self.chain());
        let number = parent.number + 1;
        let at = BlockRef { number, hash: word(self.dice.next()) };
        let mut rows = self.rows();
        let mut touched: Vec<(&str, Record)> = Vec::new();
        for _ in 0..self.dice.below(4) {
            let table = TABLES[usize::try_from(self.dice.below(TABLES.len() as u64)).unwrap()];
            let row = any_row(table, chain, &mut self.dice);
            let key = row[..table.key].to_vec();
            if touched.contains(&(table.name, key.clone())) {
                continue;
            }
            touched.push((table.name, key.clone()));
            let before = rows.insert((table.name, key.clone()), row);
            undo.push(Undo { block: number, table, key, before });
        }
        let mut log = 0;
        let events = (0..self.dice.below(4)).map(|_| self.event(&mut log)).collect();
        (Block { at, parent: parent.hash, time: 1_700_000_000 + number, events }, rows)
    }

    fn event(&mut self, log: &mut u64) -> RawEvent {
        *log += self.dice.below(5);
        let event = RawEvent {
            log: *log,
            tx: word(self.dice.next()),
            contract: tgp_protocol::value::EvmAddress([7; 20].into()),
            subject: word(self.dice.below(3)),
            topics: (0..self.dice.below(5)).map(word).collect(),
            data: vec![0xda; usize::try_from(self.dice.below(70)).unwrap()],
        };
        *log += 1;
        event
    }

    /// Takes blocks off the end; gives them, the first first.
    pub(crate) fn cut(&mut self, blocks: u64) -> Vec<(Block, Rows)> {
        let keep = self.blocks.len() - usize::try_from(blocks).unwrap();
        let gone = self.blocks.split_off(keep);
        for (block, _) in gone.iter().rev() {
            let back = block.events.iter().rev().map(|event| (Change::RolledBack, block.at, event.clone()));
            self.feed.extend(back);
        }
        gone
    }

    pub(crate) async fn open(&self, store: &impl ChainStore) -> ChainState {
        store.open_chain(self.start).await.unwrap()
    }

    pub(crate) async fn rewind(&mut self, store: &impl ChainStore, blocks: u64) -> Result<Vec<(Block, Rows)>> {
        let head = self.head();
        let gone = self.cut(blocks);
        let rewound = store.rewind(self.chain(), head, self.head()).await?;
        // final blocks without events are not kept, and are not taken back either
        let events = gone.iter().map(|(block, _)| block.events.len() as u64).sum();
        assert_eq!(rewound, Rewound { blocks, events });
        Ok(gone)
    }

    /// Everything that the store says of the chain is what it should be.
    pub(crate) async fn check(&self, store: &impl ChainStore) {
        let chains = store.chains().await.unwrap();
        let state = chains.iter().find(|state| state.chain == self.chain()).unwrap();
        assert_eq!(*state, self.state());
        self.check_rows(store).await;
        self.check_blocks(store).await;
        let mut feed = Vec::new();
        let mut cursor = Cursor::start(self.chain(), state.epoch);
        loop {
            let page = store.feed(cursor, 7).await.unwrap();
            let Some(last) = page.last() else { break };
            assert!(last.cursor > cursor && page.is_sorted_by(|one, next| one.cursor < next.cursor));
            cursor = last.cursor;
            feed.extend(
                page.into_iter()
                    .map(|event| (event.change, BlockRef { number: event.block, hash: event.block_hash }, event.event)),
            );
        }
        assert_eq!(feed, self.feed);
    }

    async fn check_rows(&self, store: &impl ChainStore) {
        let chain = Value::Number(i64::try_from(self.chain()).unwrap());
        let mut rows = Rows::new();
        for table in TABLES {
            let equals = vec![chain.clone()];
            let select = Select { table, index: None, equals, after: None, limit: usize::MAX, newest: false };
            for row in store.select(select).await.unwrap() {
                rows.insert((table.name, row[..table.key].to_vec()), row);
            }
        }
        assert_eq!(rows, self.rows());
    }

    async fn check_blocks(&self, store: &impl ChainStore) {
        let blocks = store.blocks_below(self.chain(), u64::MAX >> 1, usize::MAX).await.unwrap();
        let kept = |block: &&(Block, Rows)| block.0.at.number >= self.last_final || !block.0.events.is_empty();
        let mut expected: Vec<BlockRef> = self.blocks.iter().filter(kept).map(|(block, _)| block.at).rev().collect();
        expected.push(self.start.base);
        assert_eq!(blocks, expected);
        for subject in 0..3 {
            let of = |(block, _): &(Block, Rows)| {
                let about = block.events.iter().filter(|event| event.subject == word(subject));
                about.map(|event| (block.at, event.clone())).collect::<Vec<_>>()
            };
            let expected: Vec<_> = self.blocks.iter().flat_map(of).collect();
            let mut found = Vec::new();
            let mut after = None;
            loop {
                let page = store.events_of(self.chain(), word(subject), after, 5).await.unwrap();
                let Some(last) = page.last() else { break };
                after = Some((last.at.number, last.event.log));
                found.extend(page.into_iter().map(|event| (event.at, event.event)));
            }
            assert_eq!(found, expected);
        }
    }
}
