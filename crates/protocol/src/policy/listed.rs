use crate::{Error, Reason, Result, area::Jurisdiction};
use std::{collections::HashMap, hash::Hash};

/// The entries of a list, each with its place. Only looked up, never walked, so its order cannot matter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Listed<T: Eq + Hash>(HashMap<T, usize>);

impl<T: Eq + Hash> Listed<T> {
    /// Refuses an entry that stands twice: one of the two was meant to be another.
    pub(super) fn new(entries: Vec<T>) -> Result<Self> {
        let mut places = HashMap::with_capacity(entries.len());
        for (place, entry) in entries.into_iter().enumerate() {
            if places.insert(entry, place).is_some() {
                return Err(Error::from(Reason::RepeatedEntry).within(place));
            }
        }
        Ok(Self(places))
    }

    /// A list that a document may leave out.
    pub(super) fn optional(entries: Option<Vec<T>>, name: &'static str) -> Result<Option<Self>> {
        entries.map(Self::new).transpose().map_err(|error| error.within(name))
    }

    /// Where an entry stands.
    pub(super) fn place(&self, entry: &T) -> Option<usize> {
        self.0.get(entry).copied()
    }

    pub(super) fn has(&self, entry: &T) -> bool {
        self.0.contains_key(entry)
    }
}

impl Listed<Jurisdiction> {
    /// Where an entry stands that covers this jurisdiction: the first of them.
    pub(super) fn covering(&self, jurisdiction: Jurisdiction) -> Option<usize> {
        let itself = self.place(&jurisdiction);
        let country = self.place(&jurisdiction.country());
        itself.into_iter().chain(country).min()
    }
}
