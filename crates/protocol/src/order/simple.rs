use super::decimal;
use crate::value::{Amount, EvmAddress};
use serde::{Deserialize, Serialize};

/// What a simple order is made with: the arguments of the contract's `createEscrow`, and the money that goes along.
/// Its id is any word that the buyer has not used.
///
/// ```
/// use tgp_protocol::{Reason, json, order::SimpleOrderJson};
///
/// let order: SimpleOrderJson = json::from_value(&json::parse(br#"{
///     "seller": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C", "amount": "10000000000000000",
///     "commitmentWindow": "1800", "claimWindow": "3600", "allowsTimedRelease": true, "timedReleaseDelay": "3600"
/// }"#)?)?;
/// // timed releases come at the end of the claim window at the latest
/// assert!(order.allows_timed_release && order.timed_release_delay <= order.claim_window);
///
/// // windows are of 32 bits, in decimal strings
/// let mut value = json::to_value(&order)?;
/// if let json::Value::Object(members) = &mut value {
///     members.insert("claimWindow", json::Value::String("4294967296".to_owned()));
/// }
/// let error = json::from_value::<SimpleOrderJson>(&value).unwrap_err();
/// assert_eq!((error.field().to_string().as_str(), error.reason()), ("claimWindow", Reason::OutOfRange));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct SimpleOrderJson {
    pub seller: EvmAddress,
    /// In the chain's own coin.
    pub amount: Amount,
    #[serde(with = "decimal")]
    pub commitment_window: u32,
    #[serde(with = "decimal")]
    pub claim_window: u32,
    pub allows_timed_release: bool,
    #[serde(with = "decimal")]
    pub timed_release_delay: u32,
}
