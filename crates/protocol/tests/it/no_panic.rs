//! No input makes a decoder panic: the seeds of the fuzz targets, and what chance makes of them.

use crate::decoders::{DECODERS, Decoder, run};
use proptest::{collection::vec, prelude::*, sample::Index};
use std::{fs, path::Path};

/// The inputs that fuzzing begins with, in the order of their names.
fn seeds(decoder: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(decoder);
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("is read")).collect()
}

/// What a fuzzer does to an input.
#[derive(Clone, Debug)]
enum Mutation {
    Flip(Index, u8),
    Set(Index, u8),
    Insert(Index, Vec<u8>),
    Cut(Index, Index),
    Repeat(Index, Index),
    /// Goes on with the end of another seed.
    Splice(Index, Index, Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let place = any::<Index>;
    prop_oneof![
        (place(), 0..8_u8).prop_map(|(at, bit)| Mutation::Flip(at, bit)),
        (place(), any::<u8>()).prop_map(|(at, byte)| Mutation::Set(at, byte)),
        (place(), vec(any::<u8>(), 1..9)).prop_map(|(at, bytes)| Mutation::Insert(at, bytes)),
        (place(), place()).prop_map(|(at, to)| Mutation::Cut(at, to)),
        (place(), place()).prop_map(|(at, to)| Mutation::Repeat(at, to)),
        (place(), place(), place()).prop_map(|(at, seed, from)| Mutation::Splice(at, seed, from)),
    ]
}

impl Mutation {
    fn apply(&self, bytes: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        let end = bytes.len() + 1;
        let range = |a: &Index, b: &Index| {
            let (a, b) = (a.index(end), b.index(end));
            a.min(b)..a.max(b)
        };
        match self {
            Self::Flip(at, bit) if end > 1 => bytes[at.index(end - 1)] ^= 1 << bit,
            Self::Set(at, byte) if end > 1 => bytes[at.index(end - 1)] = *byte,
            Self::Flip(..) | Self::Set(..) => {}
            Self::Insert(at, more) => {
                let at = at.index(end);
                bytes.splice(at..at, more.iter().copied());
            }
            Self::Cut(at, to) => drop(bytes.drain(range(at, to))),
            Self::Repeat(at, to) => {
                let range = range(at, to);
                let again = bytes[range.clone()].to_vec();
                bytes.splice(range.start..range.start, again);
            }
            Self::Splice(at, seed, from) => {
                let other = &seeds[seed.index(seeds.len())];
                bytes.truncate(at.index(end));
                bytes.extend(&other[from.index(other.len() + 1)..]);
            }
        }
    }
}

#[test]
fn seeds_of_every_decoder_are_read() {
    for (name, decoder) in DECODERS {
        let seeds = seeds(name);
        assert!(seeds.len() >= 5, "{name} has {} seeds", seeds.len());
        seeds.iter().for_each(|seed| decoder(seed));
    }
    let targets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/fuzz_targets");
    for (name, _) in DECODERS {
        assert!(targets.join(name).with_extension("rs").exists(), "{name} has no target in fuzz/fuzz_targets");
    }
}

/// The protocol's own way of holding a decoder against chance is able to fail.
#[test]
#[should_panic(expected = "a decoder of this name")]
fn unknown_decoders_are_not_passed_over() {
    run("none", b"");
}

proptest! {
    /// Each decoder reads seeds that were changed in up to seven places. `make soak` sets `PROPTEST_CASES` higher.
    #[test]
    fn mutated_seeds_make_no_decoder_panic(
        changes in vec((any::<Index>(), vec(mutation(), 1..8)), 4),
    ) {
        for (name, decoder) in DECODERS {
            mutate(decoder, &seeds(name), &changes);
        }
    }
}

fn mutate(decoder: Decoder, seeds: &[Vec<u8>], changes: &[(Index, Vec<Mutation>)]) {
    for (seed, mutations) in changes {
        let mut bytes = seeds[seed.index(seeds.len())].clone();
        mutations.iter().for_each(|mutation| mutation.apply(&mut bytes, seeds));
        decoder(&bytes);
    }
}
