use crate::{
    Reason,
    value::{EpochSeconds, Timestamp, serde_by_text},
};
use alloy_primitives::U256;
use std::{fmt, str::FromStr};

/// Seconds since 1970 as a signed authorization has them: any 256-bit number, exactly, because the signature covers it.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct UnixSeconds(pub U256);

impl UnixSeconds {
    /// The instant; what lies beyond the year 9999 is for ever.
    pub(super) fn instant(self) -> Timestamp {
        // a decimal string always is an instant
        self.0.to_string().parse::<EpochSeconds>().map_or(Timestamp::from_millis(i64::MAX), Into::into)
    }
}

impl FromStr for UnixSeconds {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        let plain = text == "0" || !text.starts_with('0');
        if !plain || text.is_empty() || text.len() > 78 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Reason::BadTime);
        }
        U256::from_str_radix(text, 10).map(Self).map_err(|_| Reason::BadTime)
    }
}

impl fmt::Display for UnixSeconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

serde_by_text!(UnixSeconds);
