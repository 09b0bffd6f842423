use super::Jurisdiction;
use crate::{
    Error, Reason, Result,
    json::{TEXT_OR_OBJECT, members_of},
    value::{ChainId, DomainName, serde_by_text},
};
use serde::Deserialize;
use std::{fmt, str::FromStr};

const PREFIX: &str = "tai:";

/// Stands for a level that is left out above one that is named.
const NONE: &str = "-";

/// A part of a jurisdiction with rules of its own, such as `retail`: 1 to 32 lower-case letters, digits and dashes.
///
/// ```
/// use tgp_protocol::area::Zone;
///
/// let zone: Zone = "retail-2".parse()?;
/// assert_eq!(zone.as_str(), "retail-2");
/// assert!("Retail".parse::<Zone>().is_err());
/// # Ok::<(), tgp_protocol::Reason>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Zone(String);

impl Zone {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Zone {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        let sign = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let good = (1..=32).contains(&text.len()) && text.bytes().all(sign) && !text.starts_with('-');
        if good { Ok(Self(text.to_owned())) } else { Err(Reason::BadArea) }
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

serde_by_text!(Zone);

/// A transaction area: a jurisdiction, and inside it a zone, a network and a domain, each optional.
///
/// An area is a path from the wide to the narrow, `tai:us/ca/retail/eip155:8453/shop.example`, and covers every area
/// whose path begins with its own. A level left out above a named one is `-` and covers only its like.
///
/// Every writer writes that text. [`crate::json::from_value`], by which messages are read, takes the text and an object
/// `{jurisdiction, zone?, network?, domain?}`. Other readers of serde take the object alone: with them, use [`FromStr`].
///
/// ```
/// use tgp_protocol::{area::Area, value::ChainId};
///
/// let area = Area::of("US".parse()?).with_zone("retail".parse()?).with_network(ChainId::eip155(8453));
/// assert_eq!(area.to_string(), "tai:us/-/retail/eip155:8453");
/// assert_eq!(area.depth(), 4);
///
/// let shop = area.clone().with_domain("shop.example".parse()?);
/// assert!(area.covers(&shop));
/// assert_eq!(shop.jurisdiction(), "US".parse()?);
/// assert_eq!(shop.zone(), Some(&"retail".parse()?));
/// assert_eq!(shop.network(), area.network());
/// assert_eq!((area.domain(), shop.domain()), (None, Some(&"shop.example".parse()?)));
/// # Ok::<(), tgp_protocol::Reason>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Area {
    /// The path without `tai:`; the one form of the fields below.
    path: String,
    jurisdiction: Jurisdiction,
    zone: Option<Zone>,
    network: Option<ChainId>,
    domain: Option<DomainName>,
}

impl Area {
    /// The whole of a jurisdiction.
    #[must_use]
    pub fn of(jurisdiction: Jurisdiction) -> Self {
        Self { path: jurisdiction.path(), jurisdiction, zone: None, network: None, domain: None }
    }

    /// The area of this zone in it.
    #[must_use]
    pub fn with_zone(mut self, zone: Zone) -> Self {
        self.zone = Some(zone);
        self.rewritten()
    }

    /// The area of this network in it.
    #[must_use]
    pub fn with_network(mut self, network: ChainId) -> Self {
        self.network = Some(network);
        self.rewritten()
    }

    /// The area of this domain in it.
    #[must_use]
    pub fn with_domain(mut self, domain: DomainName) -> Self {
        self.domain = Some(domain);
        self.rewritten()
    }

    /// The jurisdiction.
    #[must_use]
    pub fn jurisdiction(&self) -> Jurisdiction {
        self.jurisdiction
    }

    /// The zone, where one is named.
    #[must_use]
    pub fn zone(&self) -> Option<&Zone> {
        self.zone.as_ref()
    }

    /// The network, where one is named.
    #[must_use]
    pub fn network(&self) -> Option<ChainId> {
        self.network
    }

    /// The domain, where one is named.
    #[must_use]
    pub fn domain(&self) -> Option<&DomainName> {
        self.domain.as_ref()
    }

    /// How many levels the path has, 1 to 5: the more, the narrower.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.path.split('/').count()
    }

    /// Whether what holds here holds in `other`.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other.path.strip_prefix(self.path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The path without its scheme.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    fn rewritten(mut self) -> Self {
        let mut path = self.jurisdiction.path();
        let levels = [
            // a country's path has no level for a part of it yet
            (!self.jurisdiction.is_part()).then(|| NONE.to_owned()),
            Some(self.zone.as_ref().map_or(NONE.to_owned(), Zone::to_string)),
            Some(self.network.as_ref().map_or(NONE.to_owned(), ChainId::to_string)),
            Some(self.domain.as_ref().map_or(NONE.to_owned(), DomainName::to_string)),
        ];
        for level in levels.iter().flatten() {
            path.push('/');
            path.push_str(level);
        }
        while let Some(shorter) = path.strip_suffix("/-") {
            path.truncate(shorter.len());
        }
        self.path = path;
        self
    }

    fn from_parts(parts: Parts) -> Self {
        let Parts { jurisdiction, zone, network, domain } = parts;
        Self { path: String::new(), jurisdiction, zone, network, domain }.rewritten()
    }
}

impl FromStr for Area {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let path = text.strip_prefix(PREFIX).ok_or(Reason::BadArea)?;
        let mut levels = path.split('/');
        let country = levels.next().unwrap_or_default();
        let mut next = || levels.next().filter(|level| *level != NONE);
        let code = next().map_or(country.to_owned(), |part| format!("{country}-{part}"));
        let parts = Parts {
            jurisdiction: code.to_ascii_uppercase().parse().map_err(|_| Reason::BadArea)?,
            zone: next().map(str::parse).transpose()?,
            network: next().map(str::parse).transpose()?,
            domain: next().map(str::parse).transpose()?,
        };
        let area = Self::from_parts(parts);
        // one text for one area: no capitals, no alias of a network, no empty level at the end
        if area.path == path { Ok(area) } else { Err(Reason::BadArea.into()) }
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", self.path)
    }
}

impl fmt::Debug for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The object form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    jurisdiction: Jurisdiction,
    zone: Option<Zone>,
    network: Option<ChainId>,
    domain: Option<DomainName>,
}

impl serde::Serialize for Area {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Area {
    /// The text is read by [`crate::json::from_value`] only: other readers do not take a text for a struct.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Area;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an area")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Area, E> {
                text.parse::<Area>().map_err(|error| E::custom(error.reason()))
            }

            fn visit_map<M: serde::de::MapAccess<'de>>(self, map: M) -> Result<Area, M::Error> {
                Parts::deserialize(serde::de::value::MapAccessDeserializer::new(map)).map(Area::from_parts)
            }
        }
        deserializer.deserialize_struct(TEXT_OR_OBJECT, members_of::<Parts>(), Visitor)
    }
}
