use crate::{Error, Reason, Result, value::DomainName};

/// Checks that the certificate of a connection belongs to a message's sender: one of its alternative names must be the
/// sender's domain, as DNS name or as SPIFFE trust domain. Asked for every message, not once for the connection.
///
/// ```
/// use tgp_protocol::{Reason, identity::check_peer_name};
///
/// let sender = "gateway-b.example".parse()?;
/// check_peer_name(["spiffe://gateway-b.example/tbc/1"], &sender)?;
/// let error = check_peer_name(["*.example", "gateway-a.example"], &sender).unwrap_err();
/// assert_eq!(error.reason(), Reason::NotTheSender);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
///
/// # Errors
/// With [`Reason::NotTheSender`] at `sender`.
pub fn check_peer_name<'n>(names: impl IntoIterator<Item = &'n str>, sender: &DomainName) -> Result<()> {
    let domain_of = |name: &'n str| match name.strip_prefix("spiffe://") {
        Some(rest) => rest.split('/').next().unwrap_or_default(),
        None => name,
    };
    // a wildcard is no domain and equals none
    let found = names.into_iter().any(|name| domain_of(name).eq_ignore_ascii_case(sender.as_str()));
    if found { Ok(()) } else { Err(Error::from(Reason::NotTheSender).within("sender")) }
}
