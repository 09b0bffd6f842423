//! Every leg together with every course of the chain: whose money is where when the leg says that it is over.

use super::{apply_leg, leg_events, quoted};
use std::collections::HashMap;
use tgp_protocol::session::{Duty, Leg, LegEvent, LegFact, LegRole, LegState, LegStep};

/// A lock on the chain.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Lock {
    /// Not made, and nobody could make it.
    None,
    /// It may enter the chain.
    Possible,
    Open,
    Claimed,
    Refunded,
    /// Its deadline passed without it.
    Never,
}

/// What the party has seen of a lock.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
enum Seen {
    Nothing,
    Locked,
    End,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Side {
    In,
    Out,
}

/// A lock and what the party has seen of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct View {
    lock: Lock,
    seen: Seen,
}

/// The world around one party.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct World {
    state: LegState,
    incoming: View,
    outgoing: View,
    /// The payee has shown the secret, to somebody.
    shown: bool,
    /// The party has been told.
    known: bool,
    /// The party's own refund is out.
    refund: bool,
}

/// Who makes a move: a party must not need others to act against their own interest to come to an end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mover {
    /// The party, its timers, and those who take back what is theirs.
    Relied,
    /// Somebody who may as well never do it.
    Others,
}

const NOTHING: View = View { lock: Lock::None, seen: Seen::Nothing };

fn quoted_world() -> World {
    let state = LegState::Quoted;
    World { state, incoming: NOTHING, outgoing: NOTHING, shown: false, known: false, refund: false }
}

impl World {
    fn view(&mut self, side: Side) -> &mut View {
        match side {
            Side::In => &mut self.incoming,
            Side::Out => &mut self.outgoing,
        }
    }

    fn with(mut self, side: Side, lock: Lock) -> Self {
        self.view(side).lock = lock;
        self
    }

    /// What the chain, and those who hold the secret, may do next.
    fn chain(self, role: LegRole) -> Vec<(Mover, Self)> {
        let mut next = Vec::new();
        // a payee shows it himself, when he claims
        if !self.shown && role != LegRole::Payee {
            next.push((Mover::Others, Self { shown: true, ..self }));
        }
        for (side, lock) in [(Side::In, self.incoming.lock), (Side::Out, self.outgoing.lock)] {
            match lock {
                Lock::Possible => {
                    // what is signed and stored is sent again until it is in or too late
                    next.push((Mover::Relied, self.with(side, Lock::Open)));
                    next.push((Mover::Relied, self.with(side, Lock::Never)));
                }
                Lock::Open => {
                    if self.shown {
                        // the party claims what it is owed; nobody else has to claim anything
                        let claims = side == Side::In && self.known && self.state != LegState::InReleased;
                        let mover = if claims { Mover::Relied } else { Mover::Others };
                        next.push((mover, self.with(side, Lock::Claimed)));
                    }
                    // whoever locked wants it back; anybody else may help him
                    let owner = side == Side::In || self.refund;
                    let mover = if owner { Mover::Relied } else { Mover::Others };
                    next.push((mover, self.with(side, Lock::Refunded)));
                }
                Lock::None | Lock::Claimed | Lock::Refunded | Lock::Never => {}
            }
        }
        next
    }

    /// The facts that are true and not seen yet. A claim shows the secret, which is learned before it.
    fn facts(self) -> Vec<(LegFact, Self)> {
        let mut facts = Vec::new();
        for (side, view) in [(Side::In, self.incoming), (Side::Out, self.outgoing)] {
            let seen = |seen| {
                let mut next = self;
                next.view(side).seen = seen;
                next
            };
            let pick = |incoming, outgoing| if side == Side::In { incoming } else { outgoing };
            let was_made = matches!(view.lock, Lock::Open | Lock::Claimed | Lock::Refunded);
            if was_made && view.seen == Seen::Nothing {
                facts.push((pick(LegFact::InLocked, LegFact::OutLocked), seen(Seen::Locked)));
            }
            let end = match view.lock {
                Lock::Claimed => Some(pick(LegFact::InClaimed, LegFact::OutClaimed)).filter(|_| self.known),
                Lock::Refunded => Some(pick(LegFact::InRefunded, LegFact::OutRefunded)),
                Lock::Never => Some(pick(LegFact::InNeverLocked, LegFact::OutNeverLocked)),
                Lock::None | Lock::Possible | Lock::Open => None,
            };
            if let Some(fact) = end.filter(|_| view.seen < Seen::End) {
                facts.push((fact, seen(Seen::End)));
            }
        }
        facts
    }

    /// Whether the party could still be paid with the secret that it has.
    fn can_claim(self, role: LegRole) -> bool {
        role != LegRole::Payer && self.known && self.incoming.seen < Seen::End
    }
}

fn leg_at(role: LegRole, legs: &HashMap<LegState, Leg>, state: LegState) -> Leg {
    legs.get(&state).copied().unwrap_or_else(|| quoted(role))
}

/// What a step does to the world, and that it is never one that risks money.
fn after_step(world: World, role: LegRole, step: LegStep) -> World {
    let mut next = world;
    match step {
        LegStep::Select => next.incoming.lock = Lock::Possible,
        LegStep::Reserve => {
            assert!(role == LegRole::Payer || world.incoming.seen == Seen::Locked, "D-18: {world:?}");
            assert!(!world.known, "C-25: {world:?}");
            next.outgoing.lock = Lock::Possible;
        }
        LegStep::RefundOut => {
            assert!(!world.can_claim(role), "the claim comes first: {world:?}");
            next.refund = true;
        }
        LegStep::Release => {
            let dead = matches!(world.outgoing.lock, Lock::None | Lock::Refunded | Lock::Never);
            assert!(dead, "D-21: {world:?}");
            assert!(!world.known, "what the secret opens is not given back: {world:?}");
        }
        LegStep::Expire | LegStep::Refuse | LegStep::Broadcast | LegStep::Locked => {}
    }
    next
}

/// An end says what became of the money.
fn check_end(world: World, role: LegRole) {
    for view in [world.incoming, world.outgoing] {
        assert!(!matches!(view.lock, Lock::Possible | Lock::Open), "over too early: {world:?}");
    }
    let got = world.incoming.lock == Lock::Claimed;
    let paid = world.outgoing.lock == Lock::Claimed;
    let locked = [world.incoming.lock, world.outgoing.lock].contains(&Lock::Refunded);
    let expected = match role {
        LegRole::Payer if paid => LegState::Settled,
        LegRole::Gateway if paid && !got => LegState::ClaimMissed,
        // a service that was paid for by nobody
        LegRole::Payee if world.known && !got => LegState::ClaimMissed,
        LegRole::Gateway | LegRole::Payee if got => LegState::Settled,
        _ if locked => LegState::Refunded,
        _ => LegState::Dead,
    };
    assert_eq!(world.state, expected, "{world:?}");
}

/// Every state of a leg with every state of the chain that can be under it. Whatever is true on the chain and new to the
/// party has a row; an end is an end of both locks, and a loss where money was lost; and wherever a party stands, it
/// comes to an end without the help of those who gain nothing by it.
#[test]
fn legs_keep_their_money_whole() {
    for role in LegRole::ALL {
        let mut legs = HashMap::new();
        let mut place = HashMap::from([(quoted_world(), 0)]);
        let mut worlds = vec![quoted_world()];
        let mut relied_on: Vec<(usize, usize)> = Vec::new();
        let mut at = 0;
        while let Some(world) = worlds.get(at).copied() {
            for (mover, next) in moves(world, *role, &mut legs) {
                let to = *place.entry(next).or_insert(worlds.len());
                if to == worlds.len() {
                    worlds.push(next);
                }
                if mover == Mover::Relied {
                    relied_on.push((at, to));
                }
            }
            at += 1;
        }
        // backwards from the ends, along the moves that a party can count on
        let mut ends: Vec<_> = worlds.iter().map(|world| world.state.is_end()).collect();
        loop {
            let found: Vec<_> = relied_on.iter().filter(|(from, to)| ends[*to] && !ends[*from]).collect();
            if found.is_empty() {
                break;
            }
            found.into_iter().for_each(|(from, _)| ends[*from] = true);
        }
        for (world, ends) in worlds.iter().zip(ends) {
            assert!(ends, "{role}: no way out of {world:?}");
        }
    }
}

/// Everything that may happen next.
fn moves(world: World, role: LegRole, legs: &mut HashMap<LegState, Leg>) -> Vec<(Mover, World)> {
    if world.state.is_end() {
        check_end(world, role);
        return Vec::new();
    }
    let leg = leg_at(role, legs, world.state);
    let mut go = |event: LegEvent, next: World| {
        let mut leg = leg;
        let duties = apply_leg(&mut leg, event).map_err(|error| format!("{role}: {event} in {world:?}: {error}"))?;
        legs.insert(leg.state(), leg);
        Ok::<_, String>((Mover::Relied, World { state: leg.state(), ..next }, duties))
    };
    let mut next = world.chain(role);
    for (fact, seen) in world.facts() {
        let (mover, to, _) = go(LegEvent::Fact(fact), seen).unwrap_or_else(|missing| panic!("{missing}"));
        next.push((mover, to));
    }
    for event in leg_events() {
        match event {
            LegEvent::Step(step) => {
                if let Ok((mover, to, _)) = go(event, world) {
                    next.push((mover, after_step(to, role, step)));
                }
            }
            // nothing is locked in `Quoted`, and a payee shows the secret where his table lets him
            LegEvent::Secret if !world.known && (world.shown || role == LegRole::Payee) => {
                match go(event, World { known: true, shown: true, ..world }) {
                    Ok((mover, to, duties)) => {
                        let claims = to.can_claim(role) && to.state != LegState::InReleased;
                        assert_eq!(duties.contains(&Duty::Claim), claims, "{role}: {world:?}");
                        next.push((mover, to));
                    }
                    Err(missing) => assert!(role == LegRole::Payee || world.state == LegState::Quoted, "{missing}"),
                }
            }
            LegEvent::Secret | LegEvent::Fact(_) => {}
        }
    }
    next
}

/// A loss calls somebody, and every end but that of a quote leaves a record.
#[test]
fn ends_are_recorded_and_losses_call_somebody() {
    for row in LegRole::ALL.iter().flat_map(|role| role.table()) {
        let records = row.to.is_end() && row.event != LegEvent::Step(LegStep::Expire);
        assert_eq!(row.duties.contains(&Duty::Record), records, "{row:?}");
        assert!(row.to != LegState::ClaimMissed || row.duties.contains(&Duty::Alarm), "{row:?}");
        let given_back = row.to == LegState::OutDead;
        assert_eq!(row.duties.contains(&Duty::GiveBack), given_back, "{row:?}");
    }
}
