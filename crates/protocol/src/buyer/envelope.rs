use crate::{
    Error, Reason, Result,
    value::{Bps, Clock, Timestamp},
};
use serde::{Deserialize, Serialize};

/// The most that an order of the contracts can hold.
const ORDER_CAP: u16 = 1_000;

/// What an OFFER costs at most, and until when it stands.
///
/// ```
/// use tgp_protocol::{Reason, buyer::EconomicEnvelope, value::{Bps, Clock}};
///
/// let envelope = EconomicEnvelope { max_fees_bps: Bps::new(50)?, expiry: Some("2026-11-21T10:05:00Z".parse()?) };
/// envelope.check_open(&Clock::at("2026-11-21T10:04:59Z".parse()?))?;
/// assert!(envelope.check_open(&Clock::at("2026-11-21T10:05:00Z".parse()?)).is_err(), "its end is not part of it");
///
/// // the wire holds more than an order does
/// assert_eq!(envelope.fee_cap_of_order()?, 50);
/// let dear = EconomicEnvelope { max_fees_bps: Bps::new(1_001)?, expiry: None };
/// assert_eq!(dear.fee_cap_of_order().unwrap_err().reason(), Reason::AboveFeeCap);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EconomicEnvelope {
    /// All fees together, in basis points of the amount.
    pub max_fees_bps: Bps,
    /// The first instant at which the OFFER is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<Timestamp>,
}

impl EconomicEnvelope {
    /// The cap as the terms of an order hold it. The wire permits up to 10,000 basis points; an order 1,000, and what
    /// is above that is refused, never lowered without a word.
    ///
    /// # Errors
    /// With [`Reason::AboveFeeCap`].
    pub fn fee_cap_of_order(&self) -> Result<u16> {
        let bps = self.max_fees_bps.get();
        if bps <= ORDER_CAP { Ok(bps) } else { Err(Error::from(Reason::AboveFeeCap).within("max_fees_bps")) }
    }

    /// Refuses an expiry that has come.
    ///
    /// # Errors
    /// With `QUOTE_EXPIRED`.
    pub fn check_open(&self, clock: &Clock) -> Result<()> {
        let Some(expiry) = self.expiry else { return Ok(()) };
        clock.check_open(expiry).map_err(|reason| Error::from(reason).within("expiry"))
    }
}
