//! What messages between gateways are bound to, in themselves and in their info block: summaries, policy, blocks.

// a helper that fails ends the test
#![allow(clippy::unwrap_used)]

use crate::gateways::{advert, at, key, proof, query, select, settle, state_refs, tib_fields, v};
use tgp_protocol::{
    Reason,
    gateway::{Advert, Select},
    json::Kept,
    tib::{StateRef, Tib},
    value::{ChainId, Clock, EpochMillis},
    wire::Message,
};

/// The samples' info block with these blocks; its chain is 369.
fn tib(refs: Vec<StateRef>) -> Kept<Tib> {
    let mut tib = tib_fields();
    tib.l8_value.as_mut().unwrap().state_refs = refs;
    Kept::<Tib>::sign(tib, &key(1)).unwrap()
}

/// The first reason and field that a message is not written for.
fn refused(message: &impl Message) -> Option<(Reason, String)> {
    message.to_object().err().map(|error| (error.reason(), error.field().to_string()))
}

fn other() -> StateRef {
    StateRef::block_header(900, [0xb2; 32].into()).on(ChainId::eip155(8453))
}

fn both() -> Vec<StateRef> {
    vec![state_refs(23_456_789).remove(0), other()]
}

#[test]
fn blocks_of_a_message_are_those_of_its_info_block() {
    let contradicts = Some((Reason::Contradiction, "state_refs".to_owned()));
    let with =
        |mine: Vec<StateRef>, theirs: Vec<StateRef>| refused(&select().with_state_refs(mine).with_tib(tib(theirs)));
    let one = || state_refs(23_456_789);
    assert_eq!(with(one(), one()), None);
    assert_eq!(with(state_refs(23_456_790), one()), contradicts);
    assert_eq!(with(vec![StateRef::block_header(23_456_789, [0xb2; 32].into())], one()), contradicts);
    assert_eq!(with(both(), one()), contradicts, "one more");
    assert_eq!(with(one(), both()), contradicts, "one less");
    // a set: neither order nor number counts, and who names no chain means the block's own
    assert_eq!(with(both(), both().into_iter().rev().collect()), None);
    assert_eq!(with([one(), one()].concat(), one()), None);
    let named = |chain: u64| vec![one().remove(0).on(ChainId::eip155(chain))];
    assert_eq!(with(named(369), one()), None);
    assert_eq!(with(named(1), one()), contradicts);
    // whoever writes them once writes them in either
    assert_eq!(with(vec![], both()), None);

    assert_eq!(refused(&proof().with_state_refs(both()).with_tib(tib(one()))), contradicts);
    assert_eq!(refused(&settle().with_state_refs(both()).with_tib(tib(one()))), contradicts);
    assert_eq!(refused(&query().with_state_refs(both()).with_tib(tib(one()))), contradicts);
    // before the commitment a block may leave them to the message
    assert_eq!(refused(&query().with_state_refs(both()).with_tib(tib(vec![]))), None);
}

/// Shows R-238.
#[test]
fn a_selection_is_bound_to_the_summaries_of_the_advert_wherever_they_stand() {
    let clock = Clock::at(at("10:00:10"));
    let refs = || state_refs(23_456_789);
    let plain = |mut advert: Advert| {
        (advert.sso_ids, advert.policy_hash) = (vec![], None);
        advert.with_tib(tib(refs()))
    };
    let selected = |advert: &Advert, select: &Select| select.check_against(advert, &clock, []).map_err(|e| e.reason());
    let mut in_block = select().with_tib(tib(refs()));
    (in_block.sso_ids, in_block.policy_hash) = (vec![], None);
    for select in [select(), in_block.clone()] {
        assert_eq!(selected(&advert(), &select), Ok(()));
        assert_eq!(selected(&plain(advert()), &select), Ok(()));
    }
    let elsewhere = advert().with_summaries(vec![v("sso-id-1"), v("sso-id-3")]);
    assert_eq!(selected(&elsewhere, &in_block), Err(Reason::OtherSummaries));
    let other_policy = advert().with_policy_hash([1; 32].into());
    assert_eq!(selected(&other_policy, &in_block), Err(Reason::OtherPolicy));
}

#[test]
fn a_quote_ends_with_its_info_block() {
    let mut short = tib_fields();
    short.meta.exp = EpochMillis::from_millis(at("10:00:40").millis());
    let advert = advert().with_tib(Kept::<Tib>::sign(short, &key(1)).unwrap());
    assert_eq!(advert.expiry([]), at("10:00:40"));
    advert.check_open(&Clock::at(at("10:00:39.999")), []).unwrap();
    let over = advert.check_open(&Clock::at(at("10:00:40")), []).unwrap_err();
    assert_eq!((over.reason(), over.field().to_string().as_str()), (Reason::InThePast, "ttl"));
    let late = select().check_against(&advert, &Clock::at(at("10:00:40")), []).unwrap_err();
    assert_eq!((late.reason(), late.field().to_string().as_str()), (Reason::InThePast, "path_id"));
}

/// A selection that was good when it was sent is of no use when its lock is over before it arrives.
#[test]
fn a_lock_that_is_over_is_not_selected() {
    let mut select = select();
    (select.htlc_params.timeout, select.lock_deadline) = (at("10:00:20"), None);
    select.to_object().unwrap();
    select.check_against(&advert(), &Clock::at(at("10:00:19.999")), []).unwrap();
    let over = select.check_against(&advert(), &Clock::at(at("10:00:20")), []).unwrap_err();
    assert_eq!((over.reason(), over.field().to_string().as_str()), (Reason::InThePast, "htlc_params.timeout"));
}
