use std::fmt;

/// One step of a [`Field`] path.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Segment {
    /// A member that the protocol names. Names of an input that the protocol does not know never come here.
    Name(&'static str),
    /// A place in an array, or among the members of a map, counted from 0.
    Index(usize),
}

impl From<&'static str> for Segment {
    fn from(name: &'static str) -> Self {
        Self::Name(name)
    }
}

impl From<usize> for Segment {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// A place in a message, such as `paths[0].cost.base`.
///
/// ```
/// use tgp_protocol::{Error, Reason, Segment};
///
/// // the error gathers its path on the way out
/// let error = Error::from(Reason::BadDecimal).within("base").within("cost").within(0).within("paths");
/// let field = error.field();
/// assert_eq!(field.to_string(), "paths[0].cost.base");
/// let names: Vec<_> = field.segments().filter(|step| matches!(step, Segment::Name(_))).collect();
/// assert_eq!(names, ["paths", "cost", "base"].map(Segment::Name));
/// // an error about the whole message has none
/// assert!(Error::from(Reason::NotJson).field().is_empty());
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, Debug)]
pub struct Field {
    /// Innermost first: an error gathers its path on the way out.
    segments: Vec<Segment>,
}

impl Field {
    /// Whether the message as a whole is meant.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// The steps from the outside in.
    pub fn segments(&self) -> impl Iterator<Item = Segment> + '_ {
        self.segments.iter().rev().copied()
    }

    pub(super) fn push_outer(&mut self, segment: Segment) {
        self.segments.push(segment);
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (depth, segment) in self.segments().enumerate() {
            match segment {
                Segment::Name(name) if depth == 0 => f.write_str(name)?,
                Segment::Name(name) => write!(f, ".{name}")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
