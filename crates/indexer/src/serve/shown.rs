//! A row as other people's programs get it: the table's words, the names of its numbers, and whether it is final.

use super::{Answered, Shared};
use coreprover_store::{
    ChainState, Row,
    table::{Anchor, Lock, Order, Owed, Receipt, Route, Verifier},
};
use serde::Serialize;
use serde_json::{Map, Value};
use tgp_protocol::{
    receipt::OrderOutcome,
    session::OrderState,
    value::{EvmAddress, Word},
};

/// A row that is answered.
pub(super) trait Shown: Row + Serialize + Send + Sync + 'static {
    /// Its name in the API's description.
    const NAME: &'static str;
    /// The members that are not columns: names of numbers.
    const NAMES: &'static [&'static str] = &[];

    /// What could still take it back.
    fn settled(&self) -> Settled;

    /// The names, in the order of [`Self::NAMES`].
    fn names(&self) -> Vec<Option<&'static str>> {
        Vec::new()
    }
}

/// Whether a row can still be taken back.
pub(super) enum Settled {
    /// Not once this block is final.
    Block(u64),
    /// Not without an event about this subject, and with this word among its topics, in a block that is not final.
    Events(Word, Option<Word>),
}

/// Of a busy subject so many events are looked through.
const LOOKED_AT: usize = 100;

pub(super) async fn show<R: Shown>(shared: &Shared, state: &ChainState, row: R) -> Answered<Map<String, Value>> {
    let is_final = match row.settled() {
        Settled::Block(block) => block <= state.last_final,
        Settled::Events(subject, with) => {
            let limit = if with.is_some() { LOOKED_AT } else { 1 };
            let after = Some((state.last_final, u64::MAX >> 1));
            let later = shared.store.events_of(state.chain, subject, after, limit).await?;
            let touches = with.is_none_or(|word| later.iter().any(|event| event.event.topics.contains(&word)));
            later.is_empty() || (later.len() < limit && !touches)
        }
    };
    let names: Vec<_> = R::NAMES.iter().copied().zip(row.names()).collect();
    // structs of numbers and texts: always an object
    let mut members = match serde_json::to_value(&row) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    };
    members.extend(names.into_iter().map(|(name, value)| (name.to_owned(), value.into())));
    members.insert("final".into(), is_final.into());
    Ok(members)
}

/// An address as a topic has it.
pub(super) fn topic(address: EvmAddress) -> Word {
    Word(address.0.into_word())
}

fn outcome(number: u8) -> Option<&'static str> {
    OrderOutcome::from_number(number).map(|outcome| match outcome {
        OrderOutcome::Claimed => "CLAIMED",
        OrderOutcome::TimedOut => "TIMED_OUT",
        OrderOutcome::Released => "RELEASED",
        OrderOutcome::Refunded => "REFUNDED",
        OrderOutcome::Settled => "SETTLED",
        OrderOutcome::Ruled => "RULED",
        OrderOutcome::Silent => "SILENT",
        OrderOutcome::Swapped => "SWAPPED",
        OrderOutcome::Simple => "SIMPLE",
    })
}

impl Shown for Order {
    const NAME: &'static str = "Order";
    const NAMES: &'static [&'static str] = &["state_name", "outcome_name"];

    fn settled(&self) -> Settled {
        Settled::Block(self.updated_block)
    }

    fn names(&self) -> Vec<Option<&'static str>> {
        vec![OrderState::from_number(self.state).map(OrderState::as_str), outcome(self.outcome)]
    }
}

impl Shown for Receipt {
    const NAME: &'static str = "Receipt";
    const NAMES: &'static [&'static str] = &["outcome_name"];

    fn settled(&self) -> Settled {
        Settled::Block(self.block)
    }

    fn names(&self) -> Vec<Option<&'static str>> {
        vec![outcome(self.outcome)]
    }
}

impl Shown for Lock {
    const NAME: &'static str = "Lock";
    const NAMES: &'static [&'static str] = &["state_name"];

    fn settled(&self) -> Settled {
        Settled::Block(self.updated_block)
    }

    fn names(&self) -> Vec<Option<&'static str>> {
        // the numbers of `LockState`
        let name = match self.state {
            1 => Some("LOCKED"),
            2 => Some("CLAIMED"),
            3 => Some("REFUNDED"),
            4 => Some("RELEASED"),
            _ => None,
        };
        vec![name]
    }
}

impl Shown for Route {
    const NAME: &'static str = "Route";

    fn settled(&self) -> Settled {
        Settled::Events(self.id, None)
    }
}

impl Shown for Owed {
    const NAME: &'static str = "Owed";

    fn settled(&self) -> Settled {
        Settled::Events(topic(self.token), Some(topic(self.party)))
    }
}

impl Shown for Verifier {
    const NAME: &'static str = "Verifier";

    fn settled(&self) -> Settled {
        Settled::Events(self.circuit, None)
    }
}

impl Shown for Anchor {
    const NAME: &'static str = "Anchor";

    fn settled(&self) -> Settled {
        Settled::Block(self.block)
    }
}
