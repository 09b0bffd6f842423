use super::Tdr;
use crate::{
    Error, Reason, Result, tagged_hash,
    value::{Sha256Digest, Timestamp, Word, serde_by_text},
};
use serde::{Deserialize, Serialize};
use std::{fmt, num::NonZeroU64, str::FromStr};

/// A day in UTC, written `2026-11-21`.
///
/// ```
/// use tgp_protocol::{record::tdr::Day, value::Timestamp};
///
/// let last: Timestamp = "2026-12-31T23:59:59Z".parse()?;
/// let day = Day::from(last);
/// assert_eq!((day.to_string(), day.next().to_string()), ("2026-12-31".to_owned(), "2027-01-01".to_owned()));
/// # Ok::<(), tgp_protocol::Reason>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(i64);

const SECONDS: i64 = 86_400;

impl Day {
    /// The day after.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl From<Timestamp> for Day {
    fn from(time: Timestamp) -> Self {
        Self(time.seconds().div_euclid(SECONDS))
    }
}

impl FromStr for Day {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        format!("{text}T00:00:00Z").parse::<Timestamp>().map(Self::from)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let midnight = Timestamp::from_millis(self.0.saturating_mul(SECONDS * 1000)).to_string();
        f.write_str(midnight.split('T').next().unwrap_or_default())
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

serde_by_text!(Day);

/// The seal of a day's records: a Merkle tree over their hashes in the order of their numbers.
///
/// A leaf is `TH("TGP/0.1/tdr-leaf", hash)`, a node `TH("TGP/0.1/tdr-node", left, right)`; what is left over at the end
/// of a row goes up as it is, never doubled. The root that is anchored is `TH("TGP/0.1/tdr-seal", day, u64be(first),
/// u64be(count), top)`: with another day, number or count it is another root, so a proof has one place.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DaySeal {
    day: Day,
    first_seq: u64,
    count: NonZeroU64,
    top: Sha256Digest,
}

/// What leads from a record to the top of its day's tree.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Inclusion {
    /// The record's number.
    pub seq: u64,
    /// The sister of each node on the way up, where it has one.
    pub path: Vec<Sha256Digest>,
}

impl DaySeal {
    /// Seals a day: the records since the last seal, with numbers that follow each other. A record that comes late is
    /// sealed with the day on which it was appended, so that no seal is opened again.
    ///
    /// # Errors
    /// With [`Reason::EmptyDay`], with [`Reason::OtherDay`] at the first record of a later day, and with
    /// [`Reason::BrokenChain`] at the first that does not follow.
    pub fn over(day: Day, records: &[Tdr]) -> Result<Self> {
        let first = records.first().ok_or(Reason::EmptyDay)?;
        if let Some(place) = records.iter().position(|record| Day::from(record.entry().timestamp) > day) {
            return Err(Error::from(Reason::OtherDay).within(place));
        }
        for (place, pair) in records.windows(2).enumerate() {
            let follows = pair[0].seq().checked_add(1) == Some(pair[1].seq()) && pair[1].prev_hash() == pair[0].hash();
            if !follows {
                return Err(Error::from(Reason::BrokenChain).within(place + 1));
            }
        }
        let mut row = leaves(records);
        while row.len() > 1 {
            row = above(&row);
        }
        let top = row.first().copied().ok_or(Reason::EmptyDay)?;
        let count = u64::try_from(records.len()).ok().and_then(NonZeroU64::new).ok_or(Reason::EmptyDay)?;
        Ok(Self { day, first_seq: first.seq(), count, top })
    }

    /// The root, as `anchorBatch` takes it.
    #[must_use]
    pub fn root(&self) -> Word {
        let (day, first, count) = (self.day.to_string(), self.first_seq.to_be_bytes(), self.count().to_be_bytes());
        tagged_hash("TGP/0.1/tdr-seal", [day.as_bytes(), &first, &count, self.top.0.as_slice()]).into()
    }

    /// The day.
    #[must_use]
    pub fn day(&self) -> Day {
        self.day
    }

    /// The number of its first record.
    #[must_use]
    pub fn first_seq(&self) -> u64 {
        self.first_seq
    }

    /// How many records it has: never none.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count.get()
    }

    /// What shows that the record with this number is in the day.
    ///
    /// # Errors
    /// With [`Reason::NotIncluded`] when `records` are not the day's, or none of them has that number.
    pub fn prove(&self, records: &[Tdr], seq: u64) -> Result<Inclusion> {
        let place = seq.checked_sub(self.first_seq).filter(|place| *place < self.count());
        let place = place.and_then(|place| usize::try_from(place).ok());
        let mut place = place.ok_or(Reason::NotIncluded)?;
        if Self::over(self.day, records)? != *self {
            return Err(Reason::NotIncluded.into());
        }
        let mut row = leaves(records);
        let mut path = Vec::new();
        while row.len() > 1 {
            path.extend(row.get(place ^ 1));
            row = above(&row);
            place /= 2;
        }
        Ok(Inclusion { seq, path })
    }

    /// Verifies that a record with this hash has the number that the proof says, in this day.
    ///
    /// # Errors
    /// With [`Reason::NotIncluded`].
    pub fn verify(&self, hash: Sha256Digest, proof: &Inclusion) -> Result<(), Reason> {
        let place = proof.seq.checked_sub(self.first_seq).filter(|place| *place < self.count());
        let (mut place, mut width) = (place.ok_or(Reason::NotIncluded)?, self.count());
        let mut at = leaf(hash);
        let mut path = proof.path.iter();
        while width > 1 {
            let promoted = place == width - 1 && width % 2 == 1;
            if !promoted {
                let sister = *path.next().ok_or(Reason::NotIncluded)?;
                at = if place.is_multiple_of(2) { node(at, sister) } else { node(sister, at) };
            }
            place /= 2;
            width = width.div_ceil(2);
        }
        if path.next().is_none() && at == self.top { Ok(()) } else { Err(Reason::NotIncluded) }
    }
}

fn leaves(records: &[Tdr]) -> Vec<Sha256Digest> {
    records.iter().map(|record| leaf(record.hash())).collect()
}

/// The row above: each pair's node, and the odd one as it is.
fn above(row: &[Sha256Digest]) -> Vec<Sha256Digest> {
    let pair = |pair: &[Sha256Digest]| match *pair {
        [left, right] => node(left, right),
        [ref odd, ..] => *odd,
        // chunks are never empty
        [] => Sha256Digest::from([0; 32]),
    };
    row.chunks(2).map(pair).collect()
}

fn leaf(hash: Sha256Digest) -> Sha256Digest {
    tagged_hash("TGP/0.1/tdr-leaf", [hash.0.as_slice()]).into()
}

fn node(left: Sha256Digest, right: Sha256Digest) -> Sha256Digest {
    tagged_hash("TGP/0.1/tdr-node", [left.0.as_slice(), right.0.as_slice()]).into()
}
