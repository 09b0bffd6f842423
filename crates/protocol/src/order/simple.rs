use super::decimal;
use crate::value::{Amount, EvmAddress};
use serde::{Deserialize, Serialize};

/// What a simple order is made with: the arguments of the contract's `createEscrow`, and the money that goes along.
/// Its id is any word that the buyer has not used.
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
