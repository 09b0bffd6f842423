use super::serde_by_text;
use crate::Reason;
use std::{fmt, str::FromStr, time::Duration};

/// Declares an instant that counts milliseconds since 1970 and differs from the others in its text.
macro_rules! instants {
    ($($(#[$about:meta])* $name:ident;)+) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(i64);

        impl $name {
            /// So many milliseconds after the beginning of 1970.
            #[must_use]
            pub const fn from_millis(millis: i64) -> Self {
                Self(millis)
            }

            /// Milliseconds since the beginning of 1970.
            #[must_use]
            pub const fn millis(self) -> i64 {
                self.0
            }
        }
    )+};
}

instants! {
    /// An instant, written by RFC 3339 in UTC: `2026-11-21T10:00:00Z`.
    ///
    /// ```
    /// use tgp_protocol::value::Timestamp;
    ///
    /// let time: Timestamp = "2025-12-01T10:00:00Z".parse()?;
    /// assert_eq!(time.millis(), 1_764_583_200_000);
    /// assert_eq!(time.seconds(), 1_764_583_200);
    /// assert!("2025-12-01T11:00:00+01:00".parse::<Timestamp>().is_err());
    /// # Ok::<(), tgp_protocol::Reason>(())
    /// ```
    Timestamp;
    /// An instant, written in milliseconds: `TIB.meta.exp`.
    EpochMillis;
    /// An instant, written in seconds as a decimal string, as x402 does.
    EpochSeconds;
}

impl Timestamp {
    /// Later by this much.
    #[must_use]
    pub fn after(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }

    /// Whole seconds, as the chain counts them.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }
}

impl From<EpochMillis> for Timestamp {
    fn from(time: EpochMillis) -> Self {
        Self(time.0)
    }
}

impl From<EpochSeconds> for Timestamp {
    fn from(time: EpochSeconds) -> Self {
        Self(time.0)
    }
}

/// The last whole second that is read and written: 9999-12-30T22:00:00Z, where jiff ends so that every offset fits.
const LAST: i64 = 253_402_207_200_000;

impl FromStr for Timestamp {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        // jiff also reads other separators, offsets and finer fractions
        let bytes = text.as_bytes();
        let shape = matches!(bytes.len(), 20 | 22..=24)
            && bytes[10] == b'T'
            && bytes[bytes.len() - 1] == b'Z'
            && bytes.iter().enumerate().all(|(place, byte)| match place {
                4 | 7 => *byte == b'-',
                10 => *byte == b'T',
                13 | 16 => *byte == b':',
                19 if bytes.len() > 20 => *byte == b'.',
                _ if place == bytes.len() - 1 => true,
                _ => byte.is_ascii_digit(),
            });
        // a leap second has no place on a scale of equal milliseconds
        if !shape || text.get(17..19) == Some("60") {
            return Err(Reason::BadTime);
        }
        let time: jiff::Timestamp = text.parse().map_err(|_| Reason::BadTime)?;
        let millis = time.as_millisecond();
        if (0..=LAST).contains(&millis) { Ok(Self(millis)) } else { Err(Reason::BadTime) }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = jiff::Timestamp::from_millisecond(self.0.clamp(0, LAST)).map_err(|_| fmt::Error)?;
        // three places, or none
        if self.0.rem_euclid(1000) == 0 { write!(f, "{time:.0}") } else { write!(f, "{time:.3}") }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

serde_by_text!(Timestamp, EpochSeconds);

impl FromStr for EpochSeconds {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        let plain = text == "0" || !text.starts_with('0');
        if !plain || text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Reason::BadTime);
        }
        // an authorization may be open for ever: 2^256-1 is the year 9999
        let seconds = text.parse().unwrap_or(LAST / 1000);
        Ok(Self(seconds.min(LAST / 1000) * 1000))
    }
}

impl fmt::Display for EpochSeconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0 / 1000)
    }
}

impl fmt::Debug for EpochSeconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for EpochMillis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl serde::Serialize for EpochMillis {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> serde::Deserialize<'de> for EpochMillis {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let millis = i64::deserialize(deserializer)?;
        if (0..=LAST).contains(&millis) { Ok(Self(millis)) } else { Err(serde::de::Error::custom(Reason::BadTime)) }
    }
}

/// What time it is for the caller, and how far two clocks may differ. This crate never reads a clock itself.
///
/// ```
/// use tgp_protocol::{Reason, value::Clock};
///
/// let clock = Clock::at("2026-11-21T10:00:00Z".parse()?);
/// assert_eq!(clock.check_fresh("2026-11-21T09:59:00Z".parse()?), Ok(()));
/// assert_eq!(clock.check_fresh("2026-11-21T09:58:59Z".parse()?), Err(Reason::Stale));
/// assert_eq!(clock.check_fresh("2026-11-21T10:01:01Z".parse()?), Err(Reason::InTheFuture));
///
/// // an end has no tolerance: what ends now is over
/// assert_eq!(clock.check_open("2026-11-21T10:00:00.001Z".parse()?), Ok(()));
/// assert_eq!(clock.check_open(clock.now), Err(Reason::InThePast));
/// # Ok::<(), Reason>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Clock {
    /// Now.
    pub now: Timestamp,
    /// How old a message's time may be.
    pub past: Duration,
    /// How far in the future a message's time may be.
    pub future: Duration,
    /// How far a payment's window may be missed.
    pub window: Duration,
}

impl Clock {
    /// This instant, with the protocol's tolerances: 60 s for messages, 5 s for windows of payments.
    #[must_use]
    pub const fn at(now: Timestamp) -> Self {
        let minute = Duration::from_secs(60);
        Self { now, past: minute, future: minute, window: Duration::from_secs(5) }
    }

    /// Refuses a message's time that is too old or lies in the future.
    ///
    /// # Errors
    /// With [`Reason::Stale`] or [`Reason::InTheFuture`].
    pub fn check_fresh(&self, time: Timestamp) -> Result<(), Reason> {
        if time.after(self.past) < self.now {
            return Err(Reason::Stale);
        }
        if self.now.after(self.future) < time {
            return Err(Reason::InTheFuture);
        }
        Ok(())
    }

    /// Refuses an expiry that has come.
    ///
    /// # Errors
    /// With [`Reason::InThePast`].
    pub fn check_open(&self, expiry: Timestamp) -> Result<(), Reason> {
        if expiry <= self.now { Err(Reason::InThePast) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::{EpochSeconds, LAST, Timestamp};
    use crate::Reason;

    /// An authorization that is open for ever must not end in a panic where it is shown.
    #[test]
    fn every_instant_has_a_text_and_every_text_read_is_written_back() {
        let for_ever: EpochSeconds =
            "115792089237316195423570985008687907853269984665640564039457584007913129639935".parse().unwrap();
        assert_eq!(Timestamp::from(for_ever).to_string(), "9999-12-30T22:00:00Z");
        for millis in [i64::MIN, -1, 0, 1, LAST, LAST + 1, i64::MAX] {
            let text = Timestamp::from_millis(millis).to_string();
            assert_eq!(text.parse::<Timestamp>().unwrap().millis(), millis.clamp(0, LAST));
        }
        // the last leap second there was, and one with a fraction
        for text in ["2016-12-31T23:59:60Z", "2016-12-31T23:59:60.500Z"] {
            assert_eq!(text.parse::<Timestamp>(), Err(Reason::BadTime), "{text}");
        }
        assert!("1969-12-31T23:59:59.999Z".parse::<Timestamp>().is_err());
        assert!("9999-12-30T22:00:00.001Z".parse::<Timestamp>().is_err());
    }
}
