use super::{
    Duty, LegEvent,
    LegFact::{
        self, InClaimed as InTaken, InLocked, InNeverLocked, InRefunded, OutClaimed as OutTaken, OutLocked,
        OutNeverLocked, OutRefunded,
    },
    LegState::{
        self, ClaimMissed, Dead, InClaimed, InGone, InLockFinal, InLockPending, InReleased, Locked, OutBroadcast,
        OutClaimed, OutDead, OutLockFinal, OutRefunding, OutReserved, OutReturned, Quoted, Refunded, SecretKnown,
        Settled,
    },
    LegStep, Row,
    table::row,
};

type LegRow = Row<LegState, LegEvent>;

const fn by(from: LegState, event: LegStep, to: LegState, duties: &'static [Duty], note: &'static str) -> LegRow {
    row(from, LegEvent::Step(event), to, duties, note)
}

const fn learned(from: LegState, to: LegState, duties: &'static [Duty], note: &'static str) -> LegRow {
    row(from, LegEvent::Secret, to, duties, note)
}

const fn on(from: LegState, fact: LegFact, to: LegState, duties: &'static [Duty], note: &'static str) -> LegRow {
    row(from, LegEvent::Fact(fact), to, duties, note)
}

const RECORD: &[Duty] = &[Duty::Record];
const CLAIM: &[Duty] = &[Duty::Claim];
const REFUND: &[Duty] = &[Duty::Refund];
const ALARM: &[Duty] = &[Duty::Alarm];
const LOSS: &[Duty] = &[Duty::Alarm, Duty::Record];

const EARLY: &str = "no record of sending means it may be out";
const LEARNED: &str = "a secret counts from wherever it is known";
const PASSED_OVER: &str = "nothing of ours is out: whoever shows the secret pays us all the same";
const LATE: &str = "seen late: it changes nothing";
const MISSED_IT: &str = "locked and back while nobody looked";
const GIVE_BACK: &str = "now the incoming lock may go back";
const TOOK: &str = "the next hop took what it was owed";
const SPARED: &str = "the next hop did not take it: ours by its time";
const NEVER: &str = "the path went past us: nothing was paid out";
const GONE: &str = "the incoming lock went back first: only the outgoing one decides now";
const ANYBODY: &str = "anybody may refund a lock whose time is over";
const TIME_OVER: &str = "its time is over, and no secret is known";
const ELSEWHERE: &str = "shown on another lock of the invoice: whoever claimed this one paid him";
const NOTHING_TO_CLAIM: &str = "its time is over, and there is nothing left to claim first";

/// Every transition of a gateway's leg.
///
/// A fact has a row wherever it can be the next one; in [`LegState::Quoted`] no lock is known by its name yet. A lock can
/// only be taken with its secret, so the secret comes before the fact.
///
/// ```
/// use tgp_protocol::session::{GATEWAY, LegEvent, LegState, LegStep};
///
/// // nothing goes out but behind a final incoming lock
/// let locks = GATEWAY.iter().filter(|row| row.event == LegEvent::Step(LegStep::Reserve));
/// assert_eq!(locks.map(|row| row.from).collect::<Vec<_>>(), [LegState::InLockFinal]);
/// ```
pub const GATEWAY: &[LegRow] = &[
    by(Quoted, LegStep::Select, InLockPending, &[], "somebody above has locked, or says so"),
    by(Quoted, LegStep::Expire, Dead, &[], "no money"),
    on(InLockPending, InLocked, InLockFinal, &[], "every parameter as agreed"),
    on(InLockPending, InNeverLocked, Dead, RECORD, "no money"),
    on(InLockPending, InRefunded, Refunded, RECORD, MISSED_IT),
    learned(InLockPending, OutReturned, CLAIM, PASSED_OVER),
    by(InLockFinal, LegStep::Reserve, OutReserved, &[], "only behind a final incoming lock"),
    by(InLockFinal, LegStep::Refuse, OutDead, &[Duty::GiveBack], "nothing went out"),
    on(InLockFinal, InRefunded, Refunded, RECORD, "nothing went out"),
    learned(InLockFinal, OutReturned, CLAIM, PASSED_OVER),
    by(OutReserved, LegStep::Broadcast, OutBroadcast, &[], "for the log: it may be out before"),
    on(OutReserved, OutLocked, OutLockFinal, &[], EARLY),
    on(OutReserved, OutNeverLocked, OutDead, &[Duty::GiveBack], GIVE_BACK),
    on(OutReserved, OutRefunded, OutDead, &[Duty::GiveBack], MISSED_IT),
    learned(OutReserved, SecretKnown, CLAIM, EARLY),
    on(OutReserved, InRefunded, InGone, ALARM, GONE),
    on(OutBroadcast, OutLocked, OutLockFinal, &[], "every parameter as agreed"),
    on(OutBroadcast, OutNeverLocked, OutDead, &[Duty::GiveBack], GIVE_BACK),
    on(OutBroadcast, OutRefunded, OutDead, &[Duty::GiveBack], MISSED_IT),
    learned(OutBroadcast, SecretKnown, CLAIM, LEARNED),
    on(OutBroadcast, InRefunded, InGone, ALARM, GONE),
    by(OutLockFinal, LegStep::Locked, Locked, &[], "everything below is locked"),
    learned(OutLockFinal, SecretKnown, CLAIM, LEARNED),
    by(OutLockFinal, LegStep::RefundOut, OutRefunding, REFUND, TIME_OVER),
    on(OutLockFinal, OutRefunded, OutDead, &[Duty::GiveBack], ANYBODY),
    on(OutLockFinal, InRefunded, InGone, ALARM, GONE),
    learned(Locked, SecretKnown, CLAIM, "claim before anything else"),
    by(Locked, LegStep::RefundOut, OutRefunding, REFUND, TIME_OVER),
    on(Locked, OutRefunded, OutDead, &[Duty::GiveBack], ANYBODY),
    on(Locked, InRefunded, InGone, ALARM, GONE),
    learned(OutRefunding, SecretKnown, CLAIM, "a claim shows up, the contract decides"),
    on(OutRefunding, OutRefunded, OutDead, &[Duty::GiveBack], GIVE_BACK),
    on(OutRefunding, InRefunded, InGone, ALARM, GONE),
    by(OutDead, LegStep::Release, InReleased, &[], "never before the outgoing lock is dead"),
    on(OutDead, InRefunded, Refunded, RECORD, "its time is over"),
    learned(OutDead, OutReturned, CLAIM, PASSED_OVER),
    on(InReleased, InRefunded, Refunded, RECORD, "as agreed"),
    learned(InReleased, InReleased, &[], "who has agreed to give back does not claim"),
    on(InReleased, InTaken, Settled, RECORD, "somebody else showed the secret before the release"),
    on(SecretKnown, InTaken, InClaimed, &[], "what was owed has come"),
    on(SecretKnown, OutLocked, SecretKnown, &[], LATE),
    on(SecretKnown, OutTaken, OutClaimed, &[], TOOK),
    on(SecretKnown, OutRefunded, OutReturned, &[], SPARED),
    on(SecretKnown, OutNeverLocked, OutReturned, &[], NEVER),
    on(SecretKnown, InRefunded, InGone, ALARM, GONE),
    on(InClaimed, OutLocked, InClaimed, &[], LATE),
    by(InClaimed, LegStep::RefundOut, InClaimed, REFUND, NOTHING_TO_CLAIM),
    on(InClaimed, OutTaken, Settled, RECORD, TOOK),
    on(InClaimed, OutRefunded, Settled, RECORD, SPARED),
    on(InClaimed, OutNeverLocked, Settled, RECORD, NEVER),
    on(OutClaimed, InTaken, Settled, RECORD, "what was owed has come"),
    on(OutClaimed, InRefunded, ClaimMissed, LOSS, "the only losing outcome"),
    on(OutReturned, InLocked, OutReturned, &[], LATE),
    on(OutReturned, InTaken, Settled, RECORD, "what was owed has come"),
    on(OutReturned, InRefunded, Refunded, RECORD, "nothing was paid out: no loss"),
    on(OutReturned, InNeverLocked, Dead, RECORD, "no money"),
    on(InGone, OutLocked, InGone, &[], "still open"),
    by(InGone, LegStep::RefundOut, InGone, REFUND, NOTHING_TO_CLAIM),
    learned(InGone, InGone, ALARM, "it may be taken now; until its end nothing is lost"),
    on(InGone, OutNeverLocked, Refunded, RECORD, "no loss"),
    on(InGone, OutRefunded, Refunded, RECORD, "no loss"),
    on(InGone, OutTaken, ClaimMissed, LOSS, "the only losing outcome"),
];

/// Every transition of a payer's leg.
///
/// ```
/// use tgp_protocol::session::{LegState, PAYER};
///
/// // whatever happens, a payer has paid or has his money
/// assert!(PAYER.iter().all(|row| row.to != LegState::ClaimMissed));
/// ```
pub const PAYER: &[LegRow] = &[
    by(Quoted, LegStep::Reserve, OutReserved, &[], "the payment is signed and stored"),
    by(Quoted, LegStep::Expire, Dead, &[], "no money"),
    by(OutReserved, LegStep::Broadcast, OutBroadcast, &[], "for the log: it may be out before"),
    on(OutReserved, OutLocked, OutLockFinal, &[], EARLY),
    on(OutReserved, OutNeverLocked, Dead, RECORD, "no money"),
    on(OutReserved, OutRefunded, Refunded, RECORD, MISSED_IT),
    learned(OutReserved, SecretKnown, &[], EARLY),
    on(OutBroadcast, OutLocked, OutLockFinal, &[], "every parameter as agreed"),
    on(OutBroadcast, OutNeverLocked, Dead, RECORD, "no money"),
    on(OutBroadcast, OutRefunded, Refunded, RECORD, MISSED_IT),
    learned(OutBroadcast, SecretKnown, &[], LEARNED),
    by(OutLockFinal, LegStep::Locked, Locked, &[], "everything below is locked"),
    learned(OutLockFinal, SecretKnown, &[], LEARNED),
    by(OutLockFinal, LegStep::RefundOut, OutRefunding, REFUND, TIME_OVER),
    on(OutLockFinal, OutRefunded, Refunded, RECORD, ANYBODY),
    learned(Locked, SecretKnown, &[], "the proof of payment"),
    by(Locked, LegStep::RefundOut, OutRefunding, REFUND, TIME_OVER),
    on(Locked, OutRefunded, Refunded, RECORD, ANYBODY),
    learned(OutRefunding, SecretKnown, &[], "a claim shows up, the contract decides"),
    on(OutRefunding, OutRefunded, Refunded, RECORD, "the payment is back"),
    on(SecretKnown, OutLocked, SecretKnown, &[], LATE),
    by(SecretKnown, LegStep::RefundOut, SecretKnown, REFUND, NOTHING_TO_CLAIM),
    on(SecretKnown, OutTaken, Settled, RECORD, TOOK),
    on(SecretKnown, OutRefunded, Refunded, RECORD, "C-14: the next hop did not take it; nothing is lost here"),
    on(SecretKnown, OutNeverLocked, Dead, RECORD, NEVER),
];

/// Every transition of a payee's leg.
///
/// ```
/// use tgp_protocol::session::{LegEvent, LegState, LegStep, PAYEE};
///
/// // a lock is given back before the secret is shown, never after
/// let gives_back = PAYEE.iter().filter(|row| row.event == LegEvent::Step(LegStep::Release));
/// assert_eq!(gives_back.map(|row| row.from).collect::<Vec<_>>(), [LegState::InLockFinal, LegState::Locked]);
/// ```
pub const PAYEE: &[LegRow] = &[
    by(Quoted, LegStep::Select, InLockPending, &[], "somebody above has locked, or says so"),
    by(Quoted, LegStep::Expire, Dead, &[], "no money"),
    on(InLockPending, InLocked, InLockFinal, &[], "every parameter as agreed"),
    on(InLockPending, InNeverLocked, Dead, RECORD, "no money"),
    on(InLockPending, InRefunded, Refunded, RECORD, "locked and back while nobody looked"),
    by(InLockFinal, LegStep::Locked, Locked, &[], "the one above may use the service"),
    by(InLockFinal, LegStep::Release, InReleased, &[], "G-25: the payee may give it back before he serves"),
    on(InLockFinal, InRefunded, Refunded, RECORD, "unpaid, and the secret was not shown"),
    on(InLockFinal, InTaken, Settled, RECORD, ELSEWHERE),
    learned(Locked, SecretKnown, CLAIM, "shown on the chain first"),
    by(Locked, LegStep::Release, InReleased, &[], "G-25"),
    on(Locked, InRefunded, Refunded, RECORD, "the window was too short, the secret was not shown"),
    on(InReleased, InRefunded, Refunded, RECORD, "G-25"),
    on(InReleased, InTaken, Settled, RECORD, ELSEWHERE),
    on(SecretKnown, InTaken, Settled, RECORD, "what was owed has come"),
    on(SecretKnown, InRefunded, ClaimMissed, LOSS, "the only losing outcome"),
];
