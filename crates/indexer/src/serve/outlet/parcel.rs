use crate::serve::delivery::Delivery;
use coreprover_store::Cursor;
use serde_json::json;

/// What an outlet hands over: one delivery, or that a chain was read anew.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parcel {
    /// Its name, the same each time it is handed over: its cursor.
    pub id: String,
    /// Of which chain.
    pub chain: u64,
    /// The contract's name; `chain` for what is about the whole chain.
    pub contract: &'static str,
    /// The event's name; `reset` where the chain was read anew.
    pub event: &'static str,
    /// The JSON.
    pub body: Vec<u8>,
}

impl Parcel {
    pub(super) fn new(chain: u64, delivery: &Delivery) -> serde_json::Result<Self> {
        let (contract, event) = delivery.names();
        Ok(Self { id: delivery.cursor.clone(), chain, contract, event, body: serde_json::to_vec(delivery)? })
    }

    /// The receiver forgets what he has of the chain: everything follows again.
    pub(super) fn reset(start: Cursor) -> Self {
        let (id, chain) = (start.to_string(), start.chain);
        let body = json!({ "type": "reset", "cursor": id, "chain": chain, "epoch": start.epoch });
        Self { id, chain, contract: "chain", event: "reset", body: body.to_string().into_bytes() }
    }
}
