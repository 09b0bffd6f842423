use crate::{
    Error, Reason, Result,
    value::{Bps, Clock, Timestamp},
};
use serde::{Deserialize, Serialize};

/// The most that an order of the contracts can hold.
const ORDER_CAP: u16 = 1_000;

/// What an OFFER costs at most, and until when it stands.
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
