use crate::{Error, Reason, Result};

/// The headers of a request or an answer as pairs of name and value, in any order and case.
///
/// ```
/// use tgp_protocol::header::Fields;
///
/// let fields = Fields(&[("Content-Type", "text/plain"), ("x-session-id", "sess-1")]);
/// assert_eq!(fields.get("X-Session-ID")?, Some("sess-1"));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Fields<'h>(pub &'h [(&'h str, &'h str)]);

impl<'h> Fields<'h> {
    /// The value of a header, without the space around it. Names are compared without regard to case.
    ///
    /// # Errors
    /// With [`Reason::HeaderTwice`] when it stands twice: two readers could take different ones.
    pub fn get(&self, name: &'static str) -> Result<Option<&'h str>> {
        let mut values = self.0.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
        let Some((_, value)) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(Error::from(Reason::HeaderTwice).within(name));
        }
        Ok(Some(value.trim_matches([' ', '\t'])))
    }

    /// The value of a header as a type of the protocol.
    pub(super) fn read<T: std::str::FromStr<Err = Reason>>(&self, name: &'static str) -> Result<Option<T>> {
        let Some(text) = self.get(name)? else { return Ok(None) };
        text.parse().map(Some).map_err(|reason| Error::from(reason).within(name))
    }
}
