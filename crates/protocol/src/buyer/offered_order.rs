use crate::{
    Error, Reason, Result,
    order::{CommitmentJson, OrderJson, SimpleOrderJson},
    value::{ChainId, EvmAddress, Word},
};
use serde::{
    Serialize,
    de::{self, IgnoredAny},
    ser::SerializeStruct,
};
use std::fmt;

/// The terms of either kind of order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum OfferedTerms {
    /// `kind: "terms"`: the id is the hash of every term.
    Terms(Box<OrderJson>),
    /// `kind: "simple"`: for a seller whom the buyer trusts.
    Simple(SimpleOrderJson),
}

/// The order that a buyer makes by paying: `{kind, terms, order_id, seller_commitment?}`.
///
/// ```
/// use tgp_protocol::{
///     Reason,
///     buyer::{OfferedOrder, OfferedTerms},
///     order::{Order, OrderJson, SimpleOrderJson},
///     value::{ChainId, EvmAddress},
/// };
///
/// let (chain, escrow) = (ChainId::eip155(8453), "0x742d35cc6634c0532925a3b844bc9e7595f0beb0".parse::<EvmAddress>()?);
/// let terms = OrderJson::try_from(&Order { amount: "1000000".parse().expect("a number"), ..Order::default() })?;
/// let order_id = terms.order_id(chain, escrow);
/// let offered = OfferedOrder { terms: OfferedTerms::Terms(Box::new(terms)), order_id, seller_commitment: None };
///
/// // the id is the hash of every term at this escrow on this chain
/// offered.check_id(chain, escrow)?;
/// assert_eq!(offered.check_id(ChainId::eip155(1), escrow).unwrap_err().reason(), Reason::HashMismatch);
/// assert!(offered.as_terms().is_some());
///
/// // the id of a simple order is any word: it says nothing of the terms
/// let terms = SimpleOrderJson {
///     seller: escrow, amount: "1000000".parse()?, commitment_window: 1_800, claim_window: 3_600,
///     allows_timed_release: true, timed_release_delay: 3_600,
/// };
/// let simple = OfferedOrder { terms: OfferedTerms::Simple(terms), order_id: [6; 32].into(), seller_commitment: None };
/// simple.check_id(chain, escrow)?;
/// assert!(simple.as_terms().is_none());
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OfferedOrder {
    /// What is agreed.
    pub terms: OfferedTerms,
    /// The order's id at the OFFER's contract.
    pub order_id: Word,
    /// What the seller has already signed.
    pub seller_commitment: Option<CommitmentJson>,
}

const MEMBERS: &[&str] = &["kind", "order_id", "seller_commitment", "terms"];

impl OfferedOrder {
    /// Checks that the id is the hash of the terms at an escrow. A simple order's id is the buyer's choice.
    ///
    /// # Errors
    /// With [`Reason::HashMismatch`].
    pub fn check_id(&self, chain: ChainId, escrow: EvmAddress) -> Result<()> {
        match &self.terms {
            OfferedTerms::Terms(order) if order.order_id(chain, escrow) != self.order_id => {
                Err(Error::from(Reason::HashMismatch).within("order_id"))
            }
            OfferedTerms::Terms(_) | OfferedTerms::Simple(_) => Ok(()),
        }
    }

    /// The terms, where the order has them.
    #[must_use]
    pub fn as_terms(&self) -> Option<&OrderJson> {
        match &self.terms {
            OfferedTerms::Terms(order) => Some(order),
            OfferedTerms::Simple(_) => None,
        }
    }
}

impl Serialize for OfferedOrder {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut order = serializer.serialize_struct("OfferedOrder", MEMBERS.len())?;
        let kind = match &self.terms {
            OfferedTerms::Terms(_) => "terms",
            OfferedTerms::Simple(_) => "simple",
        };
        order.serialize_field("kind", kind)?;
        order.serialize_field("order_id", &self.order_id)?;
        if let Some(commitment) = &self.seller_commitment {
            order.serialize_field("seller_commitment", commitment)?;
        }
        match &self.terms {
            OfferedTerms::Terms(terms) => order.serialize_field("terms", terms)?,
            OfferedTerms::Simple(terms) => order.serialize_field("terms", terms)?,
        }
        order.end()
    }
}

impl<'de> serde::Deserialize<'de> for OfferedOrder {
    /// Relies on the canonical order in which received objects hold their members: `kind` comes before `terms`.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("OfferedOrder", MEMBERS, Members)
    }
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Terms,
    Simple,
}

struct Members;

impl<'de> de::Visitor<'de> for Members {
    type Value = OfferedOrder;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an order")
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<OfferedOrder, A::Error> {
        let (mut kind, mut order_id, mut seller_commitment, mut terms) = (None, None, None, None);
        while let Some(name) = map.next_key::<&str>()? {
            match name {
                "kind" => kind = Some(map.next_value()?),
                "order_id" => order_id = Some(map.next_value()?),
                "seller_commitment" => seller_commitment = Some(map.next_value()?),
                "terms" => {
                    terms = Some(match kind {
                        None => return Err(de::Error::missing_field("kind")),
                        Some(Kind::Terms) => OfferedTerms::Terms(map.next_value()?),
                        Some(Kind::Simple) => OfferedTerms::Simple(map.next_value()?),
                    });
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let missing = |name| <A::Error as de::Error>::missing_field(name);
        if kind.is_none() {
            return Err(missing("kind"));
        }
        let terms = terms.ok_or_else(|| missing("terms"))?;
        let order_id = order_id.ok_or_else(|| missing("order_id"))?;
        Ok(OfferedOrder { terms, order_id, seller_commitment })
    }
}
