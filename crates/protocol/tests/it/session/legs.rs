//! The flow of 001 and its failures, as the legs of its three parties.

use super::{apply_leg, block, quoted, secret};
use tgp_protocol::{
    Reason,
    session::{Duty, Leg, LegEvent, LegFact, LegRole, LegState, LegStep},
    value::Secret,
};

/// A pays B, B pays C.
struct Flow {
    a: Leg,
    b: Leg,
    c: Leg,
}

impl Flow {
    fn quoted() -> Self {
        let [a, b, c] = [LegRole::Payer, LegRole::Gateway, LegRole::Payee].map(quoted);
        Self { a, b, c }
    }

    /// Steps 3 and 4: B locks only behind A's final lock, and LOCKED travels from C to A.
    fn locked() -> Self {
        let mut flow = Self::quoted();
        lock(&mut flow.a, &mut flow.b);
        lock(&mut flow.b, &mut flow.c);
        for leg in [&mut flow.c, &mut flow.b, &mut flow.a] {
            leg.apply(LegStep::Locked).unwrap();
        }
        flow
    }

    fn states(&self) -> [LegState; 3] {
        [self.a.state(), self.b.state(), self.c.state()]
    }
}

/// One party's outgoing lock is the next one's incoming lock.
fn lock(from: &mut Leg, to: &mut Leg) {
    from.apply(LegStep::Reserve).unwrap();
    from.apply(LegStep::Broadcast).unwrap();
    to.apply(LegStep::Select).unwrap();
    from.observe(LegFact::OutLocked, block()).unwrap();
    to.observe(LegFact::InLocked, block()).unwrap();
}

/// The lock's time is over: whoever made it takes it back.
fn refund(from: &mut Leg, to: &mut Leg) {
    assert_eq!(from.apply(LegStep::RefundOut).unwrap().duties, [Duty::Refund]);
    from.observe(LegFact::OutRefunded, block()).unwrap();
    to.observe(LegFact::InRefunded, block()).unwrap();
}

/// Shows. The secret that C shows pays C and then B.
#[test]
fn the_secret_pays_everybody_on_the_path() {
    let mut flow = Flow::locked();
    assert_eq!(flow.states(), [LegState::Locked; 3]);
    assert_eq!(flow.c.learn(&secret()).unwrap().duties, [Duty::Claim]);
    flow.c.observe(LegFact::InClaimed, block()).unwrap();
    assert_eq!(flow.b.learn(&secret()).unwrap().duties, [Duty::Claim]);
    flow.b.observe(LegFact::OutClaimed, block()).unwrap();
    flow.b.observe(LegFact::InClaimed, block()).unwrap();
    flow.a.learn(&secret()).unwrap();
    flow.a.observe(LegFact::OutClaimed, block()).unwrap();
    assert_eq!(flow.states(), [LegState::Settled; 3]);
}

/// Shows R-100. Without a PROOF B takes its lock back, then A; C locked nothing.
#[test]
fn without_a_proof_everybody_is_where_he_was() {
    let mut flow = Flow::locked();
    refund(&mut flow.b, &mut flow.c);
    refund(&mut flow.a, &mut flow.b);
    assert_eq!(flow.states(), [LegState::Refunded; 3]);
}

/// Shows R-101. B is gone at any moment after A's lock; A has his money back, and B loses none.
#[test]
fn a_gateway_that_disconnects_costs_nobody_money() {
    let mut flow = Flow::quoted();
    lock(&mut flow.a, &mut flow.b);
    refund(&mut flow.a, &mut flow.b);
    assert_eq!((flow.a.state(), flow.b.state()), (LegState::Refunded, LegState::Refunded));

    // gone behind its own lock: whoever looks again finds the outgoing lock, and the incoming one gone
    let mut flow = Flow::quoted();
    lock(&mut flow.a, &mut flow.b);
    lock(&mut flow.b, &mut flow.c);
    refund(&mut flow.a, &mut flow.b);
    assert_eq!(flow.b.state(), LegState::InGone);
    refund(&mut flow.b, &mut flow.c);
    assert_eq!(flow.states(), [LegState::Refunded; 3]);
}

/// Shows R-102. A gateway that does not pass the lock on earns nothing.
#[test]
fn a_gateway_that_locks_nothing_earns_nothing() {
    let mut flow = Flow::quoted();
    lock(&mut flow.a, &mut flow.b);
    assert_eq!(flow.b.apply(LegStep::Refuse).unwrap().duties, [Duty::GiveBack]);
    flow.b.apply(LegStep::Release).unwrap();
    // nor does it use a secret that it hears of after its release
    assert_eq!(apply_leg(&mut flow.b, LegEvent::Secret).unwrap(), []);
    assert!(apply_leg(&mut flow.b, LegEvent::Step(LegStep::Reserve)).is_err());
    flow.a.observe(LegFact::OutRefunded, block()).unwrap();
    flow.b.observe(LegFact::InRefunded, block()).unwrap();
    flow.c.apply(LegStep::Expire).unwrap();
    assert_eq!(flow.states(), [LegState::Refunded, LegState::Refunded, LegState::Dead]);
}

/// The crash between the record of the secret and the claim: the claim is still the next thing to do.
#[test]
fn a_secret_once_known_leaves_only_facts() {
    let mut leg = Flow::locked().b;
    leg.apply(LegStep::RefundOut).unwrap();
    leg.learn(&secret()).unwrap();
    for step in LegStep::ALL {
        assert!(leg.clone().apply(*step).is_err(), "{step}");
    }
    assert!(leg.clone().learn(&secret()).is_err());
}

/// The incoming lock goes back although the secret is known: how the outgoing one ends says whether money was lost.
#[test]
fn a_missed_claim_is_a_loss_only_behind_a_payment() {
    let mut leg = Flow::locked().b;
    leg.learn(&secret()).unwrap();
    let transition = leg.observe(LegFact::InRefunded, block()).unwrap();
    assert_eq!((transition.to, transition.duties), (LegState::InGone, &[Duty::Alarm][..]));
    // nothing is left to claim, so the outgoing lock is taken back as soon as its time is over
    assert_eq!(leg.apply(LegStep::RefundOut).unwrap().duties, [Duty::Refund]);
    let mut whole = leg;
    assert_eq!(whole.observe(LegFact::OutRefunded, block()).unwrap().to, LegState::Refunded);
    let transition = leg.observe(LegFact::OutClaimed, block()).unwrap();
    assert_eq!((transition.to, transition.duties), (LegState::ClaimMissed, &[Duty::Alarm, Duty::Record][..]));
}

/// Two locks under one invoice: the payee takes one, has agreed to give back the other, and somebody claims that, too.
#[test]
fn a_payee_whose_released_lock_is_claimed_for_him_is_paid() {
    let mut leg = Flow::locked().c;
    leg.apply(LegStep::Release).unwrap();
    assert!(leg.clone().learn(&secret()).is_err(), "he does not claim it himself");
    assert_eq!(leg.observe(LegFact::InClaimed, block()).unwrap().to, LegState::Settled);
    // or before he has said anything
    let mut leg = quoted(LegRole::Payee);
    leg.apply(LegStep::Select).unwrap();
    leg.observe(LegFact::InLocked, block()).unwrap();
    assert_eq!(leg.observe(LegFact::InClaimed, block()).unwrap().to, LegState::Settled);
}

/// The secret came round a gateway whose own lock was never made: it is paid, and that is the end.
#[test]
fn a_gateway_that_was_passed_over_comes_to_an_end() {
    let mut flow = Flow::quoted();
    lock(&mut flow.a, &mut flow.b);
    flow.b.apply(LegStep::Reserve).unwrap();
    assert_eq!(flow.b.learn(&secret()).unwrap().duties, [Duty::Claim]);
    flow.b.observe(LegFact::InClaimed, block()).unwrap();
    assert_eq!(flow.b.observe(LegFact::OutNeverLocked, block()).unwrap().to, LegState::Settled);
}

/// Shows R-157. Nothing but the 32 bytes whose hash is the lock moves money.
#[test]
fn only_the_secret_of_the_lock_counts() {
    for leg in [Flow::locked().a, Flow::locked().b, Flow::locked().c] {
        for bit in 0..256 {
            let mut bytes = secret().0.0;
            bytes[bit / 8] ^= 1 << (bit % 8);
            let error = leg.clone().learn(&Secret::from(bytes)).unwrap_err();
            assert_eq!(error.reason(), Reason::WrongSecret);
        }
        assert_eq!(leg.hash_lock(), secret().hash_lock());
    }
}
