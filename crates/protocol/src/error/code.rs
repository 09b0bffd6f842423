use std::fmt;

/// What a peer should make of an error.
///
/// ```
/// use tgp_protocol::{Class, Code};
///
/// // each spelling of a document leads to its code, and each plane gets its own back
/// for code in Code::ALL {
///     for spelling in code.spellings().iter().chain([&code.as_str(), &code.dotted()]) {
///         assert_eq!(Code::from_spelling(spelling), Some(*code));
///     }
/// }
/// let code = Code::from_spelling("ERROR.RATE_LIMIT").expect("a spelling of document 002");
/// assert_eq!((code.as_str(), code.dotted()), ("RATE_LIMIT", "TGP.RATE_LIMIT"));
/// assert_eq!((code.class(), code.class().letter()), (Class::Temporary, "T"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Class {
    /// `F`: the same message will fail again.
    Final,
    /// `T`: the same may succeed later, in a new message: this one counts once.
    Temporary,
    /// `R`: another message may succeed at once: a new quote, more time, another bond.
    Retry,
}

impl Class {
    /// The letter on the wire.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Self::Final => "F",
            Self::Temporary => "T",
            Self::Retry => "R",
        }
    }
}

/// Declares the registry: name in Rust, name on the wire, class, HTTP status on plane B, name on plane S, and the
/// spellings of the documents that stand for it.
macro_rules! codes {
    ($($(#[$about:meta])* $name:ident = $wire:literal, $class:ident, $http:literal, $dotted:literal, [$($spelling:literal),*];)+) => {
        /// The registry of errors: one code for every spelling of the documents.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$about])* $name,)+
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The canonical name, as planes B and G carry it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $wire,)+ }
            }

            /// Whether to give up, to wait, or to change something.
            #[must_use]
            pub fn class(self) -> Class {
                match self { $(Self::$name => Class::$class,)+ }
            }

            /// The status of an HTTP answer on plane B.
            #[must_use]
            pub fn http_status(self) -> u16 {
                match self { $(Self::$name => $http,)+ }
            }

            /// The name on plane S.
            #[must_use]
            pub fn dotted(self) -> &'static str {
                match self { $(Self::$name => $dotted,)+ }
            }

            /// Other spellings of the documents that are read as this code; never written.
            #[must_use]
            pub fn spellings(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($spelling),*],)+ }
            }

            /// The code of any spelling that a document uses, in any plane.
            #[must_use]
            pub fn from_spelling(text: &str) -> Option<Self> {
                match text {
                    $($wire | $dotted $(| $spelling)* => Some(Self::$name),)+
                    _ => None,
                }
            }
        }
    };
}

codes! {
    /// A message that fails validation.
    InvalidQuery = "INVALID_QUERY", Final, 400, "TGP.INVALID_QUERY", [];
    /// A critical element that is unknown here.
    Unsupported = "UNSUPPORTED", Final, 400, "TGP.UNSUPPORTED", ["ERROR.unsupported", "unsupported"];
    /// Another major version.
    UnsupportedVersion = "UNSUPPORTED_VERSION", Final, 400, "TGP.UNSUPPORTED_VERSION", [];
    /// An asset that is not served.
    UnsupportedAsset = "UNSUPPORTED_ASSET", Final, 422, "TGP.UNSUPPORTED_ASSET", ["INVALID_ASSET"];
    /// The policy says no.
    PolicyViolation = "POLICY_VIOLATION", Final, 403, "TGP.POLICY_BLOCKED", [];
    /// A contract on the deny list, or not on the allow list.
    ContractBlacklisted = "CONTRACT_BLACKLISTED", Final, 403, "TGP.CONTRACT_BLACKLISTED", [];
    /// The payer has too little.
    InsufficientFunds = "INSUFFICIENT_FUNDS", Final, 402, "X402.BALANCE_INSUFFICIENT", [];
    /// A session or operation ran out of time.
    Timeout = "TIMEOUT", Temporary, 504, "TGP.TIMEOUT", [];
    /// The transaction failed for good.
    SettlementFailed = "SETTLEMENT_FAILED", Final, 422, "TGP.FINAL_SETTLEMENT_FAIL", [];
    /// Broadcast, outcome unknown: not a failure.
    SettlementPending = "SETTLEMENT_PENDING", Temporary, 202, "X402.SETTLEMENT_PENDING", [];
    /// Not allowed in the session's state.
    InvalidState = "INVALID_STATE", Final, 409, "TGP.INVALID_STATE", [];
    /// The quote is over.
    QuoteExpired = "QUOTE_EXPIRED", Retry, 410, "TGP.QUOTE_EXPIRED", [];
    /// Other ledger summaries than those of the quote.
    SsoMismatch = "SSO_MISMATCH", Retry, 409, "TGP.SSO_MISMATCH", ["ERROR.SSO_MISMATCH"];
    /// Too many messages.
    RateLimit = "RATE_LIMIT", Temporary, 429, "TGP.RATE_LIMIT", ["ERROR.RATE_LIMIT"];
    /// A quote-bond is asked for.
    BondRequired = "BOND_REQUIRED", Retry, 402, "TGP.BOND_REQUIRED", ["ERROR.BOND_REQUIRED"];
    /// A lock ran out.
    HtlcTimeout = "HTLC_TIMEOUT", Final, 410, "TGP.HTLC_TIMEOUT", [];
    /// Too little time left for the hops below.
    InsufficientTimelock = "INSUFFICIENT_TIMELOCK", Retry, 422, "TGP.INSUFFICIENT_TIMELOCK", [];
    /// The hop has too little to lock.
    InsufficientLiquidity = "INSUFFICIENT_LIQUIDITY", Temporary, 503, "TGP.INSUFFICIENT_LIQUIDITY", [];
    /// Nobody leads there.
    NoRoute = "NO_ROUTE", Final, 404, "TGP.NO_ROUTE", [];
    /// The path comes back to where it was.
    LoopDetected = "LOOP_DETECTED", Final, 508, "TGP.LOOP_DETECTED", [];
    /// A hop's proof is missing, wrong or out of order.
    HopVerificationFail = "HOP_VERIFICATION_FAIL", Final, 422, "TGP.HOP_VERIFICATION_FAIL", [];
    /// A signature that does not verify.
    SigInvalid = "SIG_INVALID", Final, 401, "X402.SIG_INVALID", [];
    /// A message or nonce that was used.
    Replay = "REPLAY", Final, 409, "X402.NONCE_REUSED", [];
    /// An authorization's time window is closed.
    WindowExpired = "WINDOW_EXPIRED", Retry, 410, "X402.WINDOW_EXPIRED", [];
    /// Another chain or token than agreed.
    NetworkOrTokenMismatch = "NETWORK_OR_TOKEN_MISMATCH", Final, 422, "X402.NETWORK_OR_TOKEN_MISMATCH", [];
    /// The simulated transaction reverts.
    SimulationFail = "SIMULATION_FAIL", Retry, 422, "X402.SIMULATION_FAIL", [];
    /// Seen on the chain, not final yet.
    NotFinal = "NOT_FINAL", Temporary, 425, "TGP.NOT_FINAL", [];
    /// More bytes than allowed.
    TooLarge = "TOO_LARGE", Final, 413, "TGP.TOO_LARGE", [];
    /// Our own fault.
    Internal = "INTERNAL", Temporary, 500, "TGP.INTERNAL", [];
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::from_spelling(&text).ok_or_else(|| serde::de::Error::custom(super::Reason::UnknownValue))
    }
}

#[cfg(test)]
mod tests {
    use super::{Class, Code};
    use std::collections::BTreeMap;

    /// The contracts' list of errors names the same codes and classes.
    #[test]
    fn registry_is_the_contracts_registry() {
        let text = include_str!("../../../../contracts/errors.json");
        let list: serde_json::Value = serde_json::from_str(text).expect("contracts/errors.json is JSON");
        let theirs: BTreeMap<_, _> = list["wire"].as_object().expect("an object").iter().collect();
        assert_eq!(theirs.len(), Code::ALL.len());
        for code in Code::ALL {
            assert_eq!(theirs[&code.as_str().to_owned()], code.class().letter(), "{code}");
        }
    }

    #[test]
    fn every_spelling_leads_to_its_code() {
        for code in Code::ALL {
            assert_eq!(Code::from_spelling(code.as_str()), Some(*code));
            assert_eq!(Code::from_spelling(code.dotted()), Some(*code));
            for spelling in code.spellings() {
                assert_eq!(Code::from_spelling(spelling), Some(*code));
            }
        }
        assert_eq!(Code::from_spelling("ERROR.unsupported"), Some(Code::Unsupported));
        assert_eq!(Code::from_spelling("INVALID_ASSET"), Some(Code::UnsupportedAsset));
        assert_eq!(Code::from_spelling("invalid_asset"), None);
        assert_eq!(Code::SettlementPending.class(), Class::Temporary);
    }
}
