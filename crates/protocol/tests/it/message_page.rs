//! `docs/protocol/messages.md` against the readers: every member of every message, its type, whether it must be there,
//! and what covers it.

// a helper that fails ends the test
#![allow(clippy::unwrap_used)]

mod page;
mod readers;
mod samples;

use crate::gateways::{key, put};
use page::Page;
use samples::{Sample, read};
use std::collections::{BTreeMap, BTreeSet};
use tgp_protocol::{
    Reason,
    buyer::offer_hash,
    exact::PathQuote,
    json::{self, Object, Value},
    wire::{Kind, Received},
};

/// A row of the page: the section and the member.
type Row = (String, String);

/// What the samples show of the page's rows.
#[derive(Default)]
struct Shown {
    /// Where each row's member stands in a sample.
    places: BTreeMap<Row, Vec<(usize, String)>>,
    /// Rows whose member is absent from a sample that is read.
    absent: BTreeSet<Row>,
    /// What is in no table, or not of the type that its row says.
    wrong: Vec<String>,
}

impl Shown {
    fn of(page: &Page, samples: &[Sample]) -> Self {
        let mut shown = Self::default();
        for (number, sample) in samples.iter().enumerate() {
            read(sample.kind, &sample.object).unwrap_or_else(|error| panic!("{}: {error}", sample.name));
            let plane = sample.kind.plane().letter();
            shown.object(
                page,
                &[format!("{plane}/every message"), sample.kind.to_string()],
                number,
                "",
                &sample.object,
            );
        }
        shown
    }

    /// Holds an object against the sections that say what its members are.
    fn object(&mut self, page: &Page, sections: &[String], number: usize, at: &str, object: &Object) {
        for section in sections {
            for (member, about) in page.rows(section) {
                let row = (section.clone(), member.clone());
                let Some(value) = object.get(member) else {
                    self.absent.insert(row);
                    continue;
                };
                let place = if at.is_empty() { member.clone() } else { format!("{at}.{member}") };
                self.places.entry(row).or_default().push((number, place.clone()));
                self.value(page, &about.kind, number, &place, value);
            }
        }
        for (name, _) in object.iter() {
            if !sections.iter().any(|section| page.rows(section).contains_key(name)) {
                self.wrong.push(format!("{sections:?} have no row for {at}.{name}"));
            }
        }
    }

    fn value(&mut self, page: &Page, kind: &str, number: usize, place: &str, value: &Value) {
        if let Some(kind) = kind.strip_prefix("list of ") {
            let Value::Array(elements) = value else { return self.wrong.push(format!("{place} is no list")) };
            for (index, element) in elements.iter().enumerate() {
                self.value(page, kind, number, &format!("{place}[{index}]"), element);
            }
            return;
        }
        let sections: Vec<_> = kind.split(" or ").filter(|name| page.sections.contains_key(*name)).collect();
        match (value, sections.as_slice()) {
            (Value::Object(object), [_, ..]) => {
                // of two forms it is the one that has all of its members
                let fits = |section: &&&str| object.iter().all(|(name, _)| page.rows(section).contains_key(name));
                let section = sections.iter().find(fits).unwrap_or(&sections[0]);
                self.object(page, &[(*section).to_owned()], number, place, object);
            }
            _ if page.words.get(kind).is_some_and(|words| value.as_str().is_some_and(|word| words.contains(word))) => {}
            _ if readers::is_of_type(kind, value) => {}
            _ => self.wrong.push(format!("{place} is no {kind}: {}", String::from_utf8_lossy(&value.canonical()))),
        }
    }
}

/// Why the sample with this change is refused, and where.
fn refusal(sample: &Sample, place: &str, value: Option<Value>) -> Option<(Reason, String)> {
    let mut object = sample.object.clone();
    put(&mut object, place, value);
    read(sample.kind, &object).err().map(|error| (error.reason(), error.field().to_string()))
}

#[test]
fn every_member_of_a_message_has_a_row() {
    let (page, samples) = (Page::read(), samples::all());
    let shown = Shown::of(&page, &samples);
    assert_eq!(shown.wrong, Vec::<String>::new());
    let of_messages = Kind::ALL.iter().all(|kind| page.sections.contains_key(&kind.to_string()));
    assert!(of_messages, "every kind has a section");
    for (section, rows) in &page.sections {
        for member in rows.keys() {
            let row = (section.clone(), member.clone());
            assert!(shown.places.contains_key(&row), "no sample has {row:?}");
        }
    }
    // the readers themselves know no other members, and no other words
    for (section, known) in readers::members() {
        let rows: BTreeSet<_> = page.rows(section).keys().map(String::as_str).collect();
        let wire = ["phase", "message_type", "vpqVersion", "vseVersion", "posVersion"];
        let rows: BTreeSet<_> = rows.into_iter().filter(|row| !wire.contains(row)).collect();
        assert_eq!(rows, known, "{section}");
    }
    let named: BTreeSet<_> = readers::members().into_iter().map(|(section, _)| section).collect();
    let unnamed = |section: &&String| !named.contains(section.as_str()) && !section.ends_with("/every message");
    assert_eq!(page.sections.keys().find(unnamed), None, "every section is held against its reader");
    let words: BTreeMap<_, _> = page.words.iter().map(|(name, words)| (name.as_str(), words.clone())).collect();
    let known = readers::words();
    for (name, of_page) in words {
        assert_eq!(Some(&of_page), known.get(name), "{name}");
    }
}

#[test]
fn what_must_be_there_is_refused_when_it_is_not() {
    let (page, samples) = (Page::read(), samples::all());
    let shown = Shown::of(&page, &samples);
    let mut wrong = Vec::new();
    for (row, places) in &shown.places {
        let refusals: Vec<_> =
            places.iter().map(|(number, place)| (place, refusal(&samples[*number], place, None))).collect();
        let missed = |(place, refusal): &(&String, Option<(Reason, String)>)| match refusal {
            None => false,
            // without what says its kind, a message has no fields
            Some((Reason::NoKind, at)) => at.is_empty(),
            Some((Reason::PaymentForm, at)) => at.is_empty(),
            // without `meta` a block of plane B is read as the flat one
            Some((Reason::Missing, at)) if *row == ("info block".to_owned(), "meta".to_owned()) => {
                at.starts_with("tib.")
            }
            Some((Reason::Missing | Reason::Unsigned, at)) => at == *place || at.starts_with(&format!("{place}.")),
            Some(_) => false,
        };
        let (absent, missing) = (shown.absent.contains(row), refusals.iter().filter(|refusal| missed(refusal)).count());
        let as_said = match page.rows(&row.0)[&row.1].must.split(',').next() {
            Some("yes") => !absent && missing == refusals.len(),
            Some("no") => absent || refusals.iter().any(|(_, refusal)| refusal.is_none()),
            _when => absent && missing > 0,
        };
        if !as_said {
            wrong.push(format!("{row:?}: absent from a sample: {absent}; taken out: {refusals:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_of_another_type_is_refused() {
    // keys and signatures of messages and of parts are looked at when they are verified
    const VERIFIED: [&str; 6] =
        ["B/every message", "G/every message", "S/every message", "invoice", "hop quote", "proof data"];
    let (page, samples) = (Page::read(), samples::all());
    let mut tried = 0;
    for (row, places) in Shown::of(&page, &samples).places {
        let kind = &page.rows(&row.0)[&row.1].kind;
        if VERIFIED.contains(&row.0.as_str()) && ["key id", "signature"].contains(&kind.as_str()) {
            continue;
        }
        let (number, place) = &places[0];
        let other = if kind.starts_with("list of ") { "{}" } else { "[]" };
        let found = refusal(&samples[*number], place, Some(json::parse(other.as_bytes()).unwrap()));
        assert!(found.as_ref().is_some_and(|(_, at)| at == place), "{row:?} reads {other} at {place}: {found:?}");
        tried += 1;
        let Some(words) = page.words.get(kind.strip_prefix("list of ").unwrap_or(kind)) else { continue };
        let one = |word: &str| match kind.strip_prefix("list of ") {
            Some(_) => (format!("{place}[0]"), Value::String(word.to_owned())),
            None => (place.clone(), Value::String(word.to_owned())),
        };
        let unknown = |word: &str| {
            let (place, value) = one(word);
            refusal(&samples[*number], &place, Some(value)) == Some((Reason::UnknownValue, place))
        };
        assert!(unknown("NEVER"), "{row:?} reads any word");
        for word in words {
            assert!(!unknown(word), "{row:?} does not know {word}");
        }
    }
    assert!(tried > 200, "only {tried}");
}

/// What is covered by a signature, or by a hash, cannot be taken out.
#[test]
fn what_is_covered_cannot_be_taken_out() {
    let page = Page::read();
    for sample in samples::all() {
        let kind = sample.kind;
        let member = if kind.plane().letter() == "S" { "sig" } else { "signature" };
        if sample.object.get(member).is_none() {
            continue;
        }
        let sections = [format!("{}/every message", kind.plane().letter()), kind.to_string()];
        let outside = sections.iter().find_map(|section| page.outside.get(&(section.clone(), member.to_owned())));
        let outside = outside.unwrap_or_else(|| panic!("the page does not say what the signature of {kind} covers"));
        let mut signed = sample.object.clone();
        kind.sign(&mut signed, &key(1));
        kind.verify(&signed, &key(1).public_key()).unwrap();
        for (name, _) in signed.iter().filter(|(name, _)| *name != member) {
            let mut less = signed.clone();
            less.remove(name);
            let verifies = kind.verify(&less, &key(1).public_key()).is_ok();
            assert_eq!(verifies, outside.contains(name), "{name} of {kind}");
        }
    }
    let outside = |section: &str, by: &str| page.outside[&(section.to_owned(), by.to_owned())].clone();
    let samples = samples::all();
    let shown = Shown::of(&page, &samples);
    let of_offer = outside("B/OFFER", "offer_hash");
    let mut covered = 0;
    for (number, place) in shown.places.values().flatten() {
        let sample = &samples[*number];
        if sample.kind == Kind::BuyerOffer {
            let mut less = sample.object.clone();
            put(&mut less, place, None);
            let is_outside = of_offer.iter().any(|outside| {
                place.strip_prefix(outside.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            });
            assert_eq!(offer_hash(&less) == offer_hash(&sample.object), is_outside, "{place}");
            covered += usize::from(!is_outside);
        }
    }
    assert!(covered > 60, "only {covered}");
    let quote = samples.iter().find(|sample| sample.kind == Kind::PathQuote).unwrap();
    let hash = |object: Object| Received::<PathQuote>::from_object(object).map(|quote| PathQuote::hash(&quote));
    let whole = hash(quote.object.clone()).unwrap();
    let of_quote = outside("S/VPQ", "hash");
    let mut tried = 0;
    for (name, _) in quote.object.iter() {
        let mut less = quote.object.clone();
        less.remove(name);
        if let Ok(hash) = hash(less) {
            assert_eq!(hash == whole, of_quote.contains(name), "{name}");
            tried += 1;
        }
    }
    assert!(tried >= 5, "only {tried}");
}
