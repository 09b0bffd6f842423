use crate::{
    Reason,
    value::{DomainName, serde_by_text},
};
use std::{fmt, str::FromStr};

const SCHEME: &str = "https://";

const MOST_BYTES: usize = 512;

/// An address that may be called: `https`, a domain name, optionally a port and a path.
///
/// A bare IP address is refused: no certificate would say whose it is, and a registry could point into a private network.
///
/// ```
/// use tgp_protocol::registry::HttpsUrl;
///
/// let endpoint: HttpsUrl = "https://shop.example:8443/tgp/commit".parse()?;
/// assert_eq!(endpoint.as_str(), "https://shop.example:8443/tgp/commit");
/// assert_eq!(endpoint.host(), "shop.example");
/// assert!("http://shop.example/".parse::<HttpsUrl>().is_err());
/// assert!("https://169.254.169.254/".parse::<HttpsUrl>().is_err());
/// # Ok::<(), tgp_protocol::Reason>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HttpsUrl {
    text: String,
    /// Where the host ends.
    host_end: usize,
}

impl HttpsUrl {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host, without port.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.text[SCHEME.len()..self.host_end]
    }
}

impl FromStr for HttpsUrl {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        let rest = text.strip_prefix(SCHEME).filter(|_| text.len() <= MOST_BYTES).ok_or(Reason::BadEndpoint)?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
        let domain: DomainName = host.parse().map_err(|_| Reason::BadEndpoint)?;
        // a last label of digits is an IPv4 address
        let last = domain.as_str().rsplit('.').next().unwrap_or_default();
        let named = last.bytes().any(|byte| byte.is_ascii_lowercase()) && domain.as_str().contains('.');
        let port_good = port.is_none_or(|port| !port.starts_with(['0', '+']) && port.parse::<u16>().is_ok());
        let sign = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:@?".contains(&byte);
        if named && port_good && path.bytes().all(sign) {
            Ok(Self { text: text.to_owned(), host_end: SCHEME.len() + host.len() })
        } else {
            Err(Reason::BadEndpoint)
        }
    }
}

impl fmt::Display for HttpsUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for HttpsUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

serde_by_text!(HttpsUrl);

#[cfg(test)]
mod tests {
    use super::HttpsUrl;

    #[test]
    fn only_named_hosts_over_tls() {
        for text in ["https://a.example", "https://a.example/", "https://a.b.example:443/x?y=%20"] {
            assert_eq!(text.parse::<HttpsUrl>().unwrap().as_str(), text);
        }
        for text in [
            "",
            "https://",
            "https:///x",
            "http://a.example",
            "HTTPS://a.example",
            "https://user@a.example",
            "https://a:b@a.example",
            "https://a.example:0/",
            "https://a.example:65536/",
            "https://a.example:/",
            "https://a.example/#f",
            "https://a.example/ x",
            "https://a.example/\u{e9}",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://localhost/",
            "https://2130706433/",
            "https://A.example",
            "https://a.example?x",
            "https://a.example\\@b.example/",
            "ftp://a.example",
        ] {
            assert!(text.parse::<HttpsUrl>().is_err(), "{text}");
        }
        assert!(format!("https://a.example/{}", "x".repeat(600)).parse::<HttpsUrl>().is_err());
    }
}
