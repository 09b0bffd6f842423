//! Which addresses are posted to.

use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Why nothing is posted to an address.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BadAddress {
    /// It is no address of a web server.
    #[error("the webhook's address is no URL")]
    NoUrl,
    /// What is sent could be read and changed on its way.
    #[error("a webhook's address begins with https; http is for this machine itself")]
    Plain,
    /// It carries a name and a password, which would stand in logs.
    #[error("a webhook's address holds no name and password")]
    Password,
    /// It stands in a private network.
    #[error("the webhook's address is private: allow it for this webhook if that is meant")]
    Private,
    /// No client could be made.
    #[error("no HTTP client: {0}")]
    Client(String),
}

/// The address, if it may be posted to at all. Where a name leads is looked at each time.
pub(super) fn target(url: &str, private: bool) -> Result<Url, BadAddress> {
    let url: Url = url.parse().map_err(|_| BadAddress::NoUrl)?;
    let host = url.host_str().ok_or(BadAddress::NoUrl)?.trim_start_matches('[').trim_end_matches(']');
    if !url.username().is_empty() || url.password().is_some() {
        return Err(BadAddress::Password);
    }
    let ip: Option<IpAddr> = host.parse().ok();
    let here = ip.is_some_and(|ip| ip.is_loopback());
    match url.scheme() {
        "http" if here => Ok(url),
        "https" if private || ip.is_none_or(is_public) => Ok(url),
        "https" => Err(BadAddress::Private),
        "http" => Err(BadAddress::Plain),
        _ => Err(BadAddress::NoUrl),
    }
}

/// Resolves names, and knows only public addresses: a name that led elsewhere yesterday is looked at again.
#[derive(Debug)]
pub(super) struct Public;

impl Resolve for Public {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(BadAddress::Private.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is of the open internet.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_4(ip),
        IpAddr::V6(ip) => is_public_6(ip),
    }
}

fn is_public_4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    // 0/8 and 240/4 are nobody's, 100.64/10 is a carrier's, 192.0.0/24 and 198.18/15 are for protocols and measurements
    let odd =
        a == 0 || a >= 240 || (a == 100 && b & 0xc0 == 64) || (a, b, c) == (192, 0, 0) || (a == 198 && b & 0xfe == 18);
    !(odd || ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_multicast() || ip.is_documentation())
}

fn is_public_6(ip: Ipv6Addr) -> bool {
    // an address of the other kind inside: mapped, of a translator (64:ff9b::/96), or of 6to4 (2002::/16)
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let inner = |high: u16, low: u16| {
        let ([one, two], [three, four]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_4(Ipv4Addr::new(one, two, three, four))
    };
    match (a, b, c, d, e, f) {
        (0, 0, 0, 0, 0, 0 | 0xffff) | (0x64, 0xff9b, 0, 0, 0, 0) => inner(g, h),
        (0x2002, ..) => inner(b, c),
        // the rest of what is given out is 2000::/3; 2001:db8::/32 is for documents, 2001::/23 for protocols
        _ => a & 0xe000 == 0x2000 && !(a == 0x2001 && (b == 0xdb8 || b < 0x200)),
    }
}

#[cfg(test)]
mod tests {
    use super::{BadAddress, Public, is_public, target};
    use reqwest::dns::Resolve;

    #[test]
    fn only_public_addresses_are_public() {
        for public in ["1.1.1.1", "100.63.0.1", "198.17.0.1", "2606:4700::1111", "::ffff:1.1.1.1", "2002:101:101::"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.0.8",
            "198.18.0.1",
            "203.0.113.5",
            "::",
            "::1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "2001:db8::1",
            "2001::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
    }

    #[test]
    fn addresses_are_https_or_of_this_machine() {
        let of = |url| target(url, false).map(|_| ());
        assert_eq!(of("https://hooks.example.org/a?b"), Ok(()));
        assert_eq!(of("http://127.0.0.1:8080/"), Ok(()));
        assert_eq!(of("http://[::1]:8080/"), Ok(()));
        assert_eq!(of("http://hooks.example.org/"), Err(BadAddress::Plain));
        assert_eq!(of("http://localhost/"), Err(BadAddress::Plain));
        assert_eq!(of("https://10.0.0.1/"), Err(BadAddress::Private));
        assert_eq!(of("https://127.0.0.1/"), Err(BadAddress::Private));
        assert_eq!(of("https://[::ffff:10.0.0.1]/"), Err(BadAddress::Private));
        // 10.0.0.1 written as one number
        assert_eq!(of("https://167772161/"), Err(BadAddress::Private));
        assert_eq!(of("https://name:word@hooks.example.org/"), Err(BadAddress::Password));
        assert_eq!(of("ftp://hooks.example.org/"), Err(BadAddress::NoUrl));
        assert_eq!(of("hooks"), Err(BadAddress::NoUrl));
        assert_eq!(target("https://10.0.0.1/", true).map(|_| ()), Ok(()));
    }

    #[tokio::test]
    async fn a_name_that_leads_home_is_refused() {
        let found = Public.resolve("localhost".parse().unwrap()).await;
        let refused = found.err().unwrap();
        assert_eq!(refused.downcast_ref::<BadAddress>(), Some(&BadAddress::Private));
    }
}
