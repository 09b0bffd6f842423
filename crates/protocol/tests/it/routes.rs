//! Paths: who may be in them, what they cost, which is the best, and who vouches for each hop.

// a helper that fails ends the test
#![allow(clippy::unwrap_used)]

use crate::gateways::{at, invoice, key, path, query, v};
use alloy_primitives::U256;
use proptest::prelude::*;
use std::time::Duration;
use tgp_protocol::{
    Code, Reason,
    gateway::{
        AmountMode, Candidate, Cost, CostModel, Damping, Extension, GatewayMessage, HopId, Invoice, MAX_HOPS, Path,
        Side, USUAL_HOPS, best_path, check_direction,
    },
    json::{Kept, Value},
    sign::{KeyId, PublicKey},
    tib::EscrowType,
    value::{Amount, Decimal, DomainName},
    wire::Kind,
};

fn hop(number: usize) -> HopId {
    v(&format!("hop-{number}.example"))
}

/// The key of a hop in these tests: its number is its seed.
fn key_of(hop: &HopId, kid: Option<KeyId>) -> Option<PublicKey> {
    let number: u8 = hop.to_string().strip_prefix("hop-")?.strip_suffix(".example")?.parse().ok()?;
    let key = key(100 + number).public_key();
    (kid == Some(key.id())).then_some(key)
}

fn extension(number: usize) -> Extension {
    Extension {
        path_id: v(&format!("path-{number}")),
        hop: hop(number),
        next: hop(number + 1),
        fee: v("0.50"),
        timelock_delta: 30,
        risk: v("0.01"),
        settlement_time: 60,
    }
}

fn extended(hops: usize, invoice: &Kept<Invoice>) -> Path {
    (1..hops).fold(path(), |path, number| {
        let seed = 100 + u8::try_from(number).unwrap();
        path.extended(extension(number), invoice, &key(seed)).expect("extends")
    })
}

/// Shows R-072, R-103.
#[test]
fn gateway_puts_itself_in_front_and_raises_what_it_adds_to() {
    let invoice = invoice("9.50");
    let one = path();
    let two = extended(2, &invoice);
    assert_eq!(two.hops, [hop(1), one.hops[0].clone()]);
    assert_eq!(two.path_id, v("path-1"));
    assert_eq!((two.cost.base, two.cost.variable, two.cost.units), (v("9.00"), v("0.01"), Some(100)));
    assert_eq!(two.lock_amount, Some(v("10.00")));
    assert_eq!(two.risk_score, v("0.02"));
    assert_eq!(two.attributes.settlement_time_max, 180);
    let quote = two.hop_quotes[0].fields();
    assert_eq!((quote.previous, quote.fee, &quote.next), (invoice.digest(), v("0.50"), &hop(2)));
}

#[test]
fn words_of_all_hops_are_verified_and_the_failing_one_is_named() {
    let invoice = invoice("9.50");
    let path = extended(5, &invoice);
    path.verify_quotes(&invoice, &hop(5), key_of).expect("a whole chain");
    let fails = |path: &Path, reader: usize| {
        let error = path.verify_quotes(&invoice, &hop(reader), key_of).unwrap_err();
        assert!(matches!(error.code(), Code::HopVerificationFail | Code::InvalidQuery));
        (error.reason(), error.field().to_string())
    };
    assert_eq!(fails(&path, 6), (Reason::BrokenQuotes, "hop_quotes[3].next".into()), "for another reader");
    for place in 0..4 {
        let mut changed = path.clone();
        changed.hop_quotes.remove(place);
        // gateways that pass one over cannot hide it
        let (reason, field) = fails(&changed, 5);
        assert!(matches!(reason, Reason::BrokenQuotes | Reason::HopWithoutQuote), "{reason:?} {field}");
        let mut changed = path.clone();
        let mut quote = changed.hop_quotes[place].object().clone();
        quote.insert("fee", Value::String("0.49".into()));
        changed.hop_quotes[place] = Kept::from_object(quote).unwrap();
        assert_eq!(fails(&changed, 5), (Reason::SignatureMismatch, format!("hop_quotes[{place}].sig")));
    }
    let mut swapped = path.clone();
    swapped.hop_quotes.swap(1, 2);
    assert_eq!(fails(&swapped, 5), (Reason::BrokenQuotes, "hop_quotes[1].hop".into()));
    let mut renamed = path.clone();
    renamed.hops.swap(1, 2);
    assert_eq!(fails(&renamed, 5), (Reason::BrokenQuotes, "hop_quotes[0].next".into()));
    let mut dearer = path.clone();
    dearer.lock_amount = Some(v("11.51"));
    assert_eq!(fails(&dearer, 5), (Reason::BadSum, "lock_amount".into()));
    // without it the formula would say what is locked, and nobody below has signed that
    let mut unsaid = path.clone();
    (unsaid.lock_amount, unsaid.cost.base) = (None, v("90.00"));
    assert_eq!(fails(&unsaid, 5), (Reason::Missing, "lock_amount".into()));
    let unknown = path.verify_quotes(&invoice, &hop(5), |_, _| None).unwrap_err();
    assert_eq!(
        (unknown.code(), unknown.field().to_string().as_str()),
        (Code::HopVerificationFail, "hop_quotes[0].kid")
    );
    // the first quote is over this invoice
    let other = crate::gateways::invoice("9.51");
    let error = path.verify_quotes(&other, &hop(5), key_of).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::BrokenQuotes, "hop_quotes[0].previous"));
}

/// A quote goes on to everybody up the path, as the names in `hops` do.
#[test]
fn a_quote_shows_no_wallet() {
    for name in ["hop", "next"] {
        let mut advert = crate::gateways::sample(Kind::Advert);
        let mut path = extended(2, &invoice("9.50"));
        let mut quote = path.hop_quotes[0].object().clone();
        quote.insert(name, Value::String("0x209693bc6afc0c5328ba36faf03c514ef312287c".to_owned()));
        path.hop_quotes[0] = Kept::from_object(quote).unwrap();
        advert.insert("sender", Value::String(hop(1).to_string()));
        advert.insert("paths", Value::Array(vec![tgp_protocol::json::to_value(&path).unwrap()]));
        let error = crate::gateways::read(&advert).unwrap_err();
        let at = format!("paths[0].hop_quotes[0].{name}");
        assert_eq!((error.reason(), error.field().to_string()), (Reason::WalletDisclosed, at));
    }
}

#[test]
fn hop_whose_quote_follows_a_forged_one_is_not_blamed() {
    let invoice = invoice("9.50");
    let mut path = extended(3, &invoice);
    // the second hop signs over a quote that the first never made
    let forged = extended(2, &crate::gateways::invoice("9.00"));
    path.hop_quotes[0] = forged.hop_quotes[0].clone();
    let error = path.verify_quotes(&invoice, &hop(3), key_of).unwrap_err();
    assert_eq!(
        (error.code(), error.field().to_string().as_str()),
        (Code::HopVerificationFail, "hop_quotes[0].previous")
    );
}

#[test]
fn fees_that_no_money_holds_do_not_add_up() {
    let invoice = invoice("9.50");
    let mut first = path();
    (first.cost.base, first.cost.variable, first.lock_amount) = (Decimal::default(), Decimal::default(), None);
    let by = |fee: Decimal| {
        let mut longer = first.extended(Extension { fee, ..extension(1) }, &invoice, &key(101)).expect("extends");
        longer.lock_amount = Some(v("10.00"));
        longer.verify_quotes(&invoice, &hop(2), key_of).map_err(|error| (error.reason(), error.field().to_string()))
    };
    assert_eq!(by(v("0.50")), Ok(()));
    let most = Decimal::from_base_units(Amount(U256::MAX), 0).unwrap();
    assert_eq!(by(most), Err((Reason::BadSum, "lock_amount".into())));
}

/// Shows R-160.
#[test]
fn paths_are_short_and_lead_nowhere_twice() {
    let invoice = invoice("9.50");
    let longest = extended(MAX_HOPS, &invoice);
    assert!(longest.check_length(MAX_HOPS).is_ok());
    assert!(longest.check_length(usize::MAX).is_ok());
    assert_eq!(longest.check_length(USUAL_HOPS).unwrap_err().reason(), Reason::PathTooLong);
    assert!(extended(USUAL_HOPS, &invoice).check_length(USUAL_HOPS).is_ok());
    let error = longest.extended(extension(MAX_HOPS), &invoice, &key(1)).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::PathTooLong, "hops"));

    let three = extended(3, &invoice);
    let error = three.check_loop(&[hop(9), hop(1)]).unwrap_err();
    assert_eq!((error.code(), error.field().to_string().as_str()), (Code::LoopDetected, "hops[1]"));
    assert!(three.check_loop(&[hop(9)]).is_ok());
    let error = three.extended(extension(1), &invoice, &key(101)).unwrap_err();
    assert_eq!(error.code(), Code::LoopDetected);
    crate::gateways::refused(
        Kind::Advert,
        "paths[0].hops",
        Some(r#"["provider-c.example.com","x.example","x.example"]"#),
        Reason::Loop,
        "paths[0].hops[2]",
    );
    let long = format!(
        "[\"provider-c.example.com\"{}]",
        (0..16).map(|number| format!(",\"{}\"", hop(number))).collect::<String>()
    );
    crate::gateways::refused(Kind::Advert, "paths[0].hops", Some(&long), Reason::PathTooLong, "paths[0].hops");
}

/// Shows R-041, R-114, R-161.
#[test]
fn gateway_recognises_itself_behind_its_tag() {
    let secret = [7; 32];
    let mine = HopId::blinded(&secret, &v("req-abc-123"));
    let mut path = path();
    path.hops.push(mine.clone());
    assert_eq!(path.check_loop(&[hop(1), mine]).unwrap_err().code(), Code::LoopDetected);
    let elsewhere = HopId::blinded(&secret, &v("req-abc-124"));
    assert!(path.check_loop(&[elsewhere]).is_ok(), "nobody can follow a gateway from request to request");
}

#[test]
fn totals_follow_their_models() {
    let cost = |base: &str, variable: &str, units: u64, model: CostModel| {
        Cost::new(v(base), v(variable), units, v("USDC")).with_model(model).total(v("200"))
    };
    assert_eq!(cost("8.50", "0.01", 100, CostModel::PerRequest).unwrap(), Some(v("9.50")));
    assert_eq!(cost("0", "0.000001", 1_500_000, CostModel::PerByte).unwrap(), Some(v("1.5")));
    assert_eq!(cost("1", "0.25", 8, CostModel::PerSecond).unwrap(), Some(v("3")));
    assert_eq!(cost("0.10", "25", 7, CostModel::Bps).unwrap(), Some(v("0.60")), "a quarter of a percent of 200");
    for wrong in ["10001", "0.5"] {
        let error = cost("0", wrong, 1, CostModel::Bps).unwrap_err();
        assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::BadBps, "variable"));
    }
    let huge = "9".repeat(77);
    assert_eq!(cost(&huge, &huge, u64::MAX, CostModel::PerRequest).unwrap_err().reason(), Reason::BadSum);
    // neither part is too much by itself
    let most = Decimal::from_base_units(Amount(U256::MAX), 0).unwrap();
    let with_most = |base: Decimal| Cost::new(base, v("1"), 1, v("USDC")).total(v("200"));
    assert_eq!(with_most(most).unwrap_err().reason(), Reason::BadSum);
    assert_eq!(with_most(most.checked_sub(v("1")).unwrap()).unwrap(), Some(most));
    assert_eq!(AmountMode::Deliver.lock_amount(most, v("1")).unwrap_err().reason(), Reason::BadSum);
    assert_eq!(AmountMode::Deliver.lock_amount(v("100"), v("1.50")).unwrap(), v("101.50"));
    assert_eq!(AmountMode::Budget.lock_amount(v("100"), v("1.50")).unwrap(), v("1.50"));
}

/// Shows R-098, R-103.
#[test]
fn incoming_is_outgoing_and_fee_in_the_worked_example() {
    let invoice = invoice("9.50");
    let path = extended(2, &invoice);
    let incoming = path.amount_for(&query()).unwrap();
    let fee = path.hop_quotes[0].fields().fee;
    assert_eq!((incoming, fee, invoice.fields().amount), (v("10.00"), v("0.50"), v("9.50")));
    assert_eq!(invoice.fields().amount.checked_add(fee), Some(incoming));
}

#[test]
fn paths_above_the_budget_or_of_another_meaning_are_refused() {
    let invoice = invoice("9.50");
    let refused = |path: &Path| {
        let error = path.amount_for(&query()).unwrap_err();
        (error.reason(), error.field().to_string())
    };
    assert_eq!(refused(&extended(3, &invoice)), (Reason::AboveBudget, "lock_amount".into()));
    let mut other = path();
    other.amount_mode = AmountMode::Deliver;
    assert_eq!(refused(&other), (Reason::Contradiction, "amount_mode".into()));
    let mut other = path();
    other.cost.currency = v("EURC");
    assert_eq!(refused(&other), (Reason::Contradiction, "cost.currency".into()));
    let mut other = path();
    other.lock_amount = None;
    assert_eq!(other.amount_for(&query()).unwrap(), v("9.50"), "an older peer's price is computed");
}

/// Shows R-168.
/// Shows R-248.
#[test]
fn escrow_types_are_all_read_and_three_are_served() {
    for (name, served) in [
        ("htlc", true),
        ("escrow", true),
        ("direct", true),
        ("immediate", true),
        ("invoice", false),
        ("state_channel", false),
        ("trusted_escrow", false),
        ("zk_attested", false),
        ("smart_contract", false),
    ] {
        let read: EscrowType = tgp_protocol::json::from_value(&Value::String(name.into())).expect(name);
        assert_eq!(read.require_served().is_ok(), served, "{name}");
    }
    assert_eq!(EscrowType::StateChannel.require_served().unwrap_err().code(), Code::Unsupported);
}

fn candidate<'p>(path: &'p Path, advertiser: &'p DomainName, allowed: bool) -> Candidate<'p> {
    Candidate { path, advertiser, lock_amount: path.lock_amount.unwrap(), allowed }
}

#[test]
fn best_path_is_chosen_by_one_rule_after_the_other() {
    let (a, b): (DomainName, DomainName) = (v("a.example"), v("b.example"));
    let base = path();
    let changed = |change: fn(&mut Path)| {
        let mut path = path();
        change(&mut path);
        path
    };
    let dearer = changed(|path| path.lock_amount = Some(v("9.51")));
    let riskier = changed(|path| path.risk_score = v("0.011"));
    let slower = changed(|path| path.attributes.settlement_time_max = 121);
    let longer = changed(|path| path.hops.push(v("x.example")));
    // every path is better than those behind it, whatever they have more of
    let order = [
        candidate(&base, &a, true),
        candidate(&base, &b, true),
        candidate(&longer, &a, true),
        candidate(&slower, &a, true),
        candidate(&riskier, &a, true),
        candidate(&dearer, &a, true),
    ];
    for place in 0..order.len() {
        let rest: Vec<_> = order[place..].iter().rev().copied().collect();
        let best = best_path(rest).expect("one is best");
        assert!(std::ptr::eq(best.path, order[place].path) && best.advertiser == order[place].advertiser, "{place}");
    }
    let barred = candidate(&base, &a, false);
    assert!(best_path([barred]).is_none());
    assert!(std::ptr::eq(best_path([barred, order[5]]).unwrap().path, &dearer));
    assert!(best_path([]).is_none());
}

proptest! {
    #[test]
    fn best_path_does_not_depend_on_the_order(numbers in prop::collection::vec((1..4_u64, 0..3_u32, 0..3_u32), 1..8), turn in any::<prop::sample::Index>()) {
        let paths: Vec<(Path, DomainName)> = numbers.iter().enumerate().map(|(place, (amount, risk, time))| {
            let mut path = path();
            path.path_id = v(&format!("p{place}"));
            path.lock_amount = Some(v::<Decimal>(&amount.to_string()));
            path.risk_score = v(&format!("0.{risk}"));
            path.attributes.settlement_time_max = *time;
            (path, v("a.example"))
        }).collect();
        let mut candidates: Vec<_> = paths.iter().map(|(path, from)| candidate(path, from, true)).collect();
        let best = best_path(candidates.clone()).unwrap().path.path_id.clone();
        let middle = turn.index(candidates.len());
        candidates.rotate_left(middle);
        candidates.reverse();
        prop_assert_eq!(&best_path(candidates).unwrap().path.path_id, &best);
    }

    /// However often a path flaps, an hour after the last time it is back.
    #[test]
    fn flapping_paths_come_back(gaps in prop::collection::vec(0..600_u64, 1..40)) {
        let mut now = at("10:00:00");
        let mut path = Damping::new(now);
        for gap in gaps {
            now = now.after(Duration::from_secs(gap));
            path = path.flapped(now);
        }
        prop_assert!(!path.is_suppressed(now.after(Duration::from_secs(3600))));
    }
}

#[test]
fn only_many_flaps_suppress_a_path_until_it_is_quiet() {
    let start = at("10:00:00");
    let mut path = Damping::new(start);
    for _ in 0..5 {
        path = path.flapped(start);
        assert!(!path.is_suppressed(start));
    }
    path = path.flapped(start);
    assert!(path.is_suppressed(start));
    // 6000 is 750 after three half-lives
    assert!(path.is_suppressed(start.after(Duration::from_secs(45 * 60))));
    assert!(!path.is_suppressed(start.after(Duration::from_secs(45 * 60 + 5))));
    // once back, one flap does not suppress it again
    let later = start.after(Duration::from_secs(46 * 60));
    assert!(!path.flapped(later).is_suppressed(later));
}

/// The penalty does not grow without end: who flaps all day is away no longer than who flaps twelve times.
#[test]
fn no_path_is_suppressed_for_more_than_an_hour() {
    let start = at("10:00:00");
    for flaps in [12, 13, 1000] {
        let path = (0..flaps).fold(Damping::new(start), |path, _| path.flapped(start));
        assert!(path.is_suppressed(start.after(Duration::from_millis(3_599_999))), "{flaps}");
        assert!(!path.is_suppressed(start.after(Duration::from_secs(3600))), "{flaps}");
    }
}

/// Shows R-024, R-130, R-131, R-145.
#[test]
fn messages_come_from_their_side_of_a_lock() {
    use Side::{Payee, Payer};
    for (kind, sides) in [
        (Kind::Query, &[Payer][..]),
        (Kind::Advert, &[Payee]),
        (Kind::Select, &[Payer]),
        (Kind::Locked, &[Payee]),
        (Kind::Proof, &[Payee]),
        (Kind::Settle, &[Payer, Payee]),
        (Kind::Error, &[Payer, Payee]),
        (Kind::WithdrawRoute, &[Payee]),
        (Kind::Abort, &[Payee]),
    ] {
        let message = crate::gateways::read(&crate::gateways::sample(kind)).unwrap();
        for side in [Payer, Payee] {
            match check_direction(&message, side) {
                Ok(()) => assert!(sides.contains(&side), "{kind} from {side:?}"),
                Err(error) => {
                    assert!(!sides.contains(&side), "{kind} from {side:?}");
                    assert_eq!((error.code(), error.reason()), (Code::InvalidState, Reason::WrongDirection));
                }
            }
        }
    }
    // without a release, ABORT is the payer's request
    let mut request = crate::gateways::sample(Kind::Abort);
    request.remove("release");
    let request: GatewayMessage = crate::gateways::read(&request).unwrap();
    assert!(check_direction(&request, Payer).is_ok());
    assert!(check_direction(&request, Payee).is_err());
}
