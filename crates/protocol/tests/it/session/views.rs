//! One payment as leg, path and session.

use super::{after, apply_leg, at, block, event, leg_events, quoted};
use proptest::prelude::*;
use tgp_protocol::session::{
    Leg, LegEvent, LegFact, LegRole, LegState, Path, PathFact, PathStep, Session, SessionEventKind, SessionState,
};

/// One payment seen three ways: what each step of a leg is for the path and for the session, by hand.
struct Views {
    leg: Leg,
    path: Path,
    session: Session,
    secret_known: bool,
}

impl Views {
    fn quoted(role: LegRole) -> Self {
        let mut path = Path::discover();
        path.apply(PathStep::Advert).unwrap();
        let session = after(&[SessionEventKind::Query, SessionEventKind::Offer]);
        Self { leg: quoted(role), path, session, secret_known: false }
    }

    fn step(&mut self, step: PathStep) {
        self.path.apply(step).unwrap_or_else(|error| panic!("{step} in {}: {error}", self.path.state()));
    }

    fn fact(&mut self, fact: PathFact) {
        self.path.observe(fact, block()).unwrap_or_else(|error| panic!("{fact} in {}: {error}", self.path.state()));
    }

    fn session(&mut self, kind: SessionEventKind) {
        let state = self.session.state();
        self.session.apply(event(kind), at(0)).unwrap_or_else(|error| panic!("{kind} in {state}: {error}"));
    }

    /// A secret is learned once, and nothing is taken before it.
    fn can_happen(&self, event: LegEvent) -> bool {
        let in_order = match event {
            LegEvent::Secret => !self.secret_known,
            LegEvent::Fact(LegFact::InClaimed | LegFact::OutClaimed) => self.secret_known,
            LegEvent::Fact(_) | LegEvent::Step(_) => true,
        };
        in_order && apply_leg(&mut self.leg.clone(), event).is_ok()
    }

    /// Lets it happen in all three, or in none.
    fn happen(&mut self, event: LegEvent, serve: bool) -> bool {
        use SessionEventKind as Kind;
        let from = self.leg.state();
        if apply_leg(&mut self.leg, event).is_err() {
            return false;
        }
        if event == LegEvent::Secret {
            self.step(PathStep::Proof);
            self.secret_known = true;
        }
        let is_unseen = self.session.state() == SessionState::AcceptSent;
        if is_unseen && matches!(self.leg.state(), LegState::Refunded | LegState::Settled) {
            self.session(Kind::Locked);
        }
        match (from, self.leg.state()) {
            (_, LegState::InLockPending) => {
                self.step(PathStep::Select);
                self.session(Kind::Accept);
            }
            (LegState::Quoted, LegState::OutReserved) => {
                self.step(PathStep::Select);
                self.session(Kind::Broadcast);
            }
            (_, LegState::InLockFinal) => self.session(Kind::Locked),
            (LegState::OutReturned, LegState::OutReturned) => self.session(Kind::Locked),
            (_, LegState::Locked) => {
                self.step(PathStep::Locked);
                if serve {
                    self.step(PathStep::Serve);
                }
            }
            (LegState::Quoted, LegState::Dead) => {
                self.step(PathStep::Abandon);
                self.session(Kind::Reject);
            }
            (_, LegState::Dead) => {
                self.fact(PathFact::NeverLocked);
                self.session(if is_unseen { Kind::Failed } else { Kind::Dead });
            }
            (_, LegState::Refunded) => {
                self.fact(PathFact::Refunded);
                self.session(Kind::Refunded);
            }
            (_, LegState::Settled) => {
                self.fact(PathFact::Settled);
                self.session(Kind::Paid);
            }
            (_, LegState::ClaimMissed) => {
                self.fact(PathFact::ClaimMissed);
                self.session(Kind::Refunded);
            }
            _ => {}
        }
        true
    }
}

proptest! {
    /// Whatever happens to a leg in whatever order, its path and session say the same.
    #[test]
    fn three_views_agree_after_every_event(
        role in prop::sample::select(LegRole::ALL),
        serve in any::<bool>(),
        choices in prop::collection::vec(any::<prop::sample::Index>(), 1..60),
    ) {
        let events = leg_events();
        let mut views = Views::quoted(role);
        for choice in choices {
            // choose among what is possible, so that a run gets far
            let possible: Vec<_> = events.iter().filter(|event| views.can_happen(**event)).collect();
            if possible.is_empty() {
                break;
            }
            prop_assert!(views.happen(*possible[choice.index(possible.len())], serve));
            let (leg, path, session) = (views.leg.state(), views.path.state(), views.session.state());
            prop_assert!(leg.agrees_with(path), "{leg} is not {path}");
            prop_assert!(path.agrees_with(session), "{path} is not {session}");
            prop_assert_eq!(leg.is_end(), session.is_end());
        }
    }
}
