use crate::{
    Code, Error, Reason, Result,
    json::{Object, Value, from_value},
    value::{EvmAddress, Word},
};
use serde::{Deserialize, Serialize};

/// What became of a payment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SettleOutcome {
    /// This transaction paid.
    Settled(Word),
    /// This transaction was sent; whether it pays is not known yet. Never sign again: ask again.
    Pending(Word),
    /// It did not pay and will not.
    Failed,
}

/// The object of `PAYMENT-RESPONSE` and `X-PAYMENT-RESPONSE`.
///
/// ```
/// use tgp_protocol::{exact::{SettleOutcome, SettleResponse}, header::decode_x402};
///
/// let text = "eyJzdWNjZXNzIjpmYWxzZSwiZXJyb3JSZWFzb24iOiJpbnN1ZmZpY2llbnRfZnVuZHMiLCJ0cmFuc2FjdGlvbiI6IiIsIm5ldHdvcmsiOiJlaXAxNTU6ODQ1MzIifQ==";
/// let response = SettleResponse::read(&decode_x402(text)?)?;
/// assert_eq!(response.outcome()?, SettleOutcome::Failed);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SettleResponse {
    /// Whether it paid.
    pub success: bool,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_reason: Option<String>,
    /// Who paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer: Option<EvmAddress>,
    /// The transaction; empty where there is none.
    pub transaction: String,
    /// Where, in the version's own spelling.
    pub network: String,
}

impl SettleResponse {
    /// Reads the object of the header.
    ///
    /// # Errors
    /// With the field that is missing or wrong.
    pub fn read(object: &Object) -> Result<Self> {
        from_value(&Value::Object(object.clone()))
    }

    /// What became of the payment. `settlement_pending` is no failure.
    ///
    /// # Errors
    /// At `transaction` with `SETTLEMENT_PENDING`, when it names none where there must be one, and at `errorReason` with the
    /// same code beside a success: the payment may be out, so look for it on the chain and never sign again.
    pub fn outcome(&self) -> Result<SettleOutcome> {
        let transaction = || {
            let word = self.transaction.parse::<Word>();
            word.map_err(|reason| Error::from(reason).with_code(Code::SettlementPending).within("transaction"))
        };
        match (self.success, self.error_reason.as_deref()) {
            (true, None) => transaction().map(SettleOutcome::Settled),
            (true, Some(_)) => {
                Err(Error::from(Reason::Contradiction).with_code(Code::SettlementPending).within("errorReason"))
            }
            (false, Some("settlement_pending")) => transaction().map(SettleOutcome::Pending),
            (false, _) if self.transaction.is_empty() => Ok(SettleOutcome::Failed),
            // something was sent, whatever the reason says: the chain knows how it ended
            (false, _) => transaction().map(SettleOutcome::Pending),
        }
    }
}
