use crate::Reason;
use std::{fmt, str::FromStr};

/// The largest integer that every reader of JSON holds exactly: 2^53-1.
const MAX_INTEGER: u64 = (1 << 53) - 1;

/// A fraction with more significant digits can collide with its neighbour in a reader that uses doubles.
const MOST_DIGITS: usize = 15;
const MAX_FRACTION: u64 = 10_u64.pow(15) - 1;

/// From seven places on, the canonical form would need an exponent.
const MOST_PLACES: usize = 6;

/// A JSON number as a decimal: `digits / 10^places`, never a float.
///
/// It is an integer up to 2^53-1, or a fraction of at most 15 digits and six places: what every reader holds exactly,
/// so that two different texts never have the same canonical form by rounding.
///
/// ```
/// use tgp_protocol::json::Number;
///
/// let number: Number = "1.50".parse()?;
/// assert_eq!((number.to_string().as_str(), number.as_u64()), ("1.5", None));
/// assert_eq!("1e3".parse::<Number>()?.as_u64(), Some(1_000));
/// assert!("9007199254740993".parse::<Number>().is_err());
/// # Ok::<(), tgp_protocol::Reason>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Number {
    negative: bool,
    digits: u64,
    /// Of `digits`, behind the point; the last of them is not 0.
    places: u8,
}

impl Number {
    /// The integer, when it is one and has no sign.
    #[must_use]
    pub fn as_u64(self) -> Option<u64> {
        (self.places == 0 && !self.negative).then_some(self.digits)
    }

    /// The integer, when it is one.
    pub(crate) fn as_i64(self) -> Option<i64> {
        let magnitude = i64::try_from(self.digits).ok()?;
        (self.places == 0).then_some(if self.negative { -magnitude } else { magnitude })
    }

    /// The number as `mantissa / 10^places` with the fewest places.
    ///
    /// ```
    /// use tgp_protocol::json::Number;
    ///
    /// let number: Number = "-1.50".parse()?;
    /// assert_eq!(number.as_decimal(), (-15, 1));
    /// assert_eq!(Number::from_decimal(-15, 1)?, number);
    /// # Ok::<(), tgp_protocol::Reason>(())
    /// ```
    #[must_use]
    pub fn as_decimal(self) -> (i64, u8) {
        // at most 2^53-1
        let magnitude = i64::try_from(self.digits).unwrap_or(i64::MAX);
        (if self.negative { -magnitude } else { magnitude }, self.places)
    }

    /// The number `mantissa / 10^places`.
    ///
    /// # Errors
    /// With [`Reason::UnsafeNumber`] for what the text of the number would be refused for.
    pub fn from_decimal(mantissa: i64, places: u8) -> Result<Self, Reason> {
        let (negative, mut digits, mut places) = (mantissa < 0, mantissa.unsigned_abs(), places);
        while places != 0 && digits.is_multiple_of(10) {
            digits /= 10;
            places -= 1;
        }
        let most = if places == 0 { MAX_INTEGER } else { MAX_FRACTION };
        if digits > most || usize::from(places) > MOST_PLACES {
            return Err(Reason::UnsafeNumber);
        }
        Ok(Self { negative, digits, places })
    }
}

impl FromStr for Number {
    type Err = Reason;

    /// Reads a JSON number's literal text.
    fn from_str(text: &str) -> Result<Self, Reason> {
        let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            None => (rest, 0),
            // an exponent beyond this only writes what has too many digits or places anyway
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i16>().map_err(|_| Reason::UnsafeNumber)?),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = || whole.bytes().chain(fraction.bytes());
        let plain = !whole.is_empty() && (whole == "0" || !whole.starts_with('0'));
        let pointed = mantissa.contains('.') && fraction.is_empty();
        if !plain || pointed || !all().all(|byte| byte.is_ascii_digit()) {
            return Err(Reason::NotJson);
        }
        let length = whole.len() + fraction.len();
        let leading = all().take_while(|byte| *byte == b'0').count();
        if leading == length {
            return Ok(Self { negative: false, digits: 0, places: 0 });
        }
        let trailing = whole.bytes().chain(fraction.bytes()).rev().take_while(|byte| *byte == b'0').count();
        let significant = length - leading - trailing;
        if significant > MOST_DIGITS + 1 {
            return Err(Reason::UnsafeNumber);
        }
        let mut digits = 0_u64;
        for byte in all().skip(leading).take(significant) {
            digits = digits * 10 + u64::from(byte - b'0');
        }
        // the number is digits * 10^power
        let behind = i64::try_from(fraction.len()).map_err(|_| Reason::UnsafeNumber)?;
        let dropped = i64::try_from(trailing).map_err(|_| Reason::UnsafeNumber)?;
        let power = i64::from(exponent) - behind + dropped;
        if let Ok(zeros) = u32::try_from(power) {
            let digits = 10_u64.checked_pow(zeros).and_then(|scale| digits.checked_mul(scale));
            let digits = digits.filter(|digits| *digits <= MAX_INTEGER).ok_or(Reason::UnsafeNumber)?;
            return Ok(Self { negative, digits, places: 0 });
        }
        let places = usize::try_from(-power).map_err(|_| Reason::UnsafeNumber)?;
        if significant > MOST_DIGITS || places > MOST_PLACES {
            return Err(Reason::UnsafeNumber);
        }
        let places = u8::try_from(places).map_err(|_| Reason::UnsafeNumber)?;
        Ok(Self { negative, digits, places })
    }
}

impl fmt::Display for Number {
    /// The canonical text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negative {
            f.write_str("-")?;
        }
        if self.places == 0 {
            return write!(f, "{}", self.digits);
        }
        let scale = 10_u64.pow(u32::from(self.places));
        let width = usize::from(self.places);
        write!(f, "{}.{:0width$}", self.digits / scale, self.digits % scale)
    }
}

impl From<u32> for Number {
    fn from(number: u32) -> Self {
        Self { negative: false, digits: number.into(), places: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    fn canonical(text: &str) -> Option<String> {
        text.parse::<Number>().ok().map(|number| number.to_string())
    }

    #[test]
    fn reads_what_every_reader_holds_exactly() {
        for (text, expected) in [
            ("0", "0"),
            ("-0", "0"),
            ("0.0", "0"),
            ("0e5", "0"),
            ("10.00", "10"),
            ("1e3", "1000"),
            ("-1.5E1", "-15"),
            ("0.99", "0.99"),
            ("0.000001", "0.000001"),
            ("100000e-5", "1"),
            ("9007199254740991", "9007199254740991"),
            ("123456789.012345", "123456789.012345"),
        ] {
            assert_eq!(canonical(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn parts_make_the_number_that_they_came_from() {
        for text in ["0", "-1", "9007199254740991", "-9007199254740991", "0.000001", "-123456789.012345"] {
            let number: Number = text.parse().unwrap();
            let (mantissa, places) = number.as_decimal();
            assert_eq!(Number::from_decimal(mantissa, places), Ok(number), "{text}");
        }
        assert_eq!(Number::from_decimal(0, 200), "0".parse());
        assert_eq!(Number::from_decimal(1_500, 2), "15".parse());
        for (mantissa, places) in [(1 << 53, 0), (i64::MIN, 0), (1, 7), (1, 255), (1_234_567_890_123_456, 1)] {
            assert!(Number::from_decimal(mantissa, places).is_err(), "{mantissa} / 10^{places}");
        }
    }

    #[test]
    fn refuses_what_a_double_may_round() {
        for text in [
            "9007199254740992",
            "9007199254740993",
            "1e16",
            "1e400",
            "1e99999999999",
            "0.0000001",
            "1234567890.123456",
            "18446744073709551616",
            "0.12345678901234567",
        ] {
            assert_eq!(canonical(text), None, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_json_number() {
        for text in ["01", "1.", "00.5", "1.e2", "-01", ".5", "", "-", "+1", "1e", "0x1", "1_000"] {
            assert!(text.parse::<Number>().is_err(), "{text}");
        }
    }
}
