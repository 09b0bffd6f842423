//! Hashed time locks. A lock that was claimed or refunded may be made again under the same terms; it keeps the place of its
//! first making, because what a table is sorted by never changes.

use super::{At, FoldError, Key};
use crate::Event;
use alloy::primitives::{Address, B256, U256};
use coreprover_bindings::HashedTimelock::{self, HashedTimelockEvents as Timelock};
use coreprover_store::table::{Lock, LockState};
use tgp_protocol::value::{Amount, EvmAddress, Word};

pub(super) fn fold(key: Key, event: &Event, at: &At, before: Option<Lock>) -> Result<Lock, FoldError> {
    let Event::Timelock(event) = event else { return Err(FoldError::OutOfRange(key)) };
    let open = |lock: &Lock| lock.state == LockState::Locked as u8;
    let mut lock = match event {
        Timelock::Locked(_) if before.as_ref().is_some_and(open) => return Err(FoldError::Repeated(key)),
        Timelock::Locked(e) => {
            let new = locked(e, at);
            let (created_block, created_log) =
                before.map_or((new.created_block, new.created_log), |first| (first.created_block, first.created_log));
            return Ok(Lock { created_block, created_log, ..new });
        }
        _ => before.filter(open).ok_or(FoldError::NoBeginning(key))?,
    };
    lock.updated_block = at.block;
    match event {
        Timelock::Claimed(e) => {
            lock.state = LockState::Claimed as u8;
            lock.secret = Some(Word(e.secret));
        }
        Timelock::Refunded(e) => {
            lock.state = if e.early { LockState::Released } else { LockState::Refunded } as u8;
        }
        Timelock::Locked(_) | Timelock::Owed(_) | Timelock::Withdrawn(_) => {}
    }
    Ok(lock)
}

/// Five words: sender 160, timelock 48, lock deadline 48; receiver 160, amount 96; token 160, salt 96; and two whole ones.
fn locked(e: &HashedTimelock::Locked, at: &At) -> Lock {
    let left = |word: B256| EvmAddress(Address::from_slice(&word[..20]));
    let times = |from: usize| word_u48(e.terms.senderTimes, from);
    Lock {
        chain: at.chain,
        contract: at.contract,
        id: Word(e.lockId),
        sender: left(e.terms.senderTimes),
        receiver: left(e.terms.receiverAmount),
        token: left(e.terms.tokenSalt),
        amount: Amount(U256::from_be_slice(&e.terms.receiverAmount[20..])),
        hashlock: Word(e.terms.hashlock),
        session_id: Word(e.terms.sessionId),
        timelock: times(20),
        lock_deadline: times(26),
        state: LockState::Locked as u8,
        secret: None,
        created_block: at.block,
        created_log: at.log,
        updated_block: at.block,
    }
}

fn word_u48(word: B256, from: usize) -> u64 {
    word[from..from + 6].iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}
