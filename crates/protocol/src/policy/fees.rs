use crate::{Reason, json::present, value::serde_by_text};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Who bears a fee: hundredths for the payer, the rest for the payee.
///
/// Written `payer`, `payee` or `split:70/30`, the payer's share first.
///
/// ```
/// use tgp_protocol::policy::FeeShare;
///
/// let share: FeeShare = "split:70/30".parse()?;
/// assert_eq!((share.payer(), share.payee()), (70, 30));
/// assert!("split:70/40".parse::<FeeShare>().is_err());
/// # Ok::<(), tgp_protocol::Reason>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct FeeShare {
    /// At most 100.
    payer: u8,
}

impl FeeShare {
    /// The payer's hundredths.
    #[must_use]
    pub fn payer(self) -> u8 {
        self.payer
    }

    /// The payee's hundredths.
    #[must_use]
    pub fn payee(self) -> u8 {
        100 - self.payer
    }
}

impl FromStr for FeeShare {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        let payer = match text {
            "payer" => 100,
            "payee" => 0,
            _ => {
                let shares = text.strip_prefix("split:").and_then(|shares| shares.split_once('/'));
                let (payer, payee) = shares.ok_or(Reason::BadFeeShare)?;
                let (payer, payee) = (hundredths(payer)?, hundredths(payee)?);
                if payer + payee == 100 { payer } else { return Err(Reason::BadFeeShare) }
            }
        };
        Ok(Self { payer })
    }
}

fn hundredths(text: &str) -> Result<u8, Reason> {
    let plain = text == "0" || !text.starts_with('0');
    let digits = plain && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|share| digits && *share <= 100).ok_or(Reason::BadFeeShare)
}

impl fmt::Display for FeeShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.payer {
            100 => f.write_str("payer"),
            0 => f.write_str("payee"),
            payer => write!(f, "split:{payer}/{}", self.payee()),
        }
    }
}

serde_by_text!(FeeShare);

/// Who bears which fees.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeSplit {
    /// What the ledgers take.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub network_fees: Option<FeeShare>,
    /// What gateways and other services take.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub service_fees: Option<FeeShare>,
}

impl FeeSplit {
    /// This split, and the other's where this says nothing.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            network_fees: self.network_fees.or(other.network_fees),
            service_fees: self.service_fees.or(other.service_fees),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FeeShare;

    /// Shows R-226.
    #[test]
    fn shares_sum_to_the_whole() {
        for payer in 0..=100_u8 {
            for payee in 0..=200_u8 {
                let share = format!("split:{payer}/{payee}").parse::<FeeShare>();
                assert_eq!(share.is_ok(), u16::from(payer) + u16::from(payee) == 100, "{payer}/{payee}");
                if let Ok(share) = share {
                    assert_eq!((share.payer(), share.payee()), (payer, payee));
                    assert_eq!(share.to_string().parse(), Ok(share));
                }
            }
        }
        for text in ["", "buyer", "Payer", "split:", "split:70", "split:070/30", "split:+70/30", "split:70/30/0"] {
            assert!(text.parse::<FeeShare>().is_err(), "{text}");
        }
    }
}
