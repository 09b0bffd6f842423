use coreprover_store::Cursor;

/// How an outlet goes, for the figures.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct OutletStatus {
    /// Its name.
    pub name: String,
    /// The chain's number.
    pub chain: u64,
    /// Behind what was taken last, once there is anything.
    pub cursor: Option<Cursor>,
    /// How many deliveries were taken since the program began.
    pub delivered: u64,
    /// How many were not taken, and are tried again.
    pub failures: u64,
    /// Why the last one was not taken, while that is so.
    pub failing: Option<String>,
}
