use super::{Authorization, PathQuote, Payment, Scheme, SettlementEnvelope, TokenDomain};
use crate::{
    Error, Reason, Result,
    header::X402Version,
    value::{Clock, EvmAddress, Symbol, Timestamp},
};
use std::time::Duration;

/// A token as the operator's attribute registry knows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token {
    /// Its label.
    pub symbol: Symbol,
    /// Of its smallest unit.
    pub decimals: u8,
    /// Its chain, contract and EIP-712 domain.
    pub domain: TokenDomain,
}

/// The checks of a payment on a quote that need no chain, in the order of document 003 section 5. What is left for the
/// chain: the payer's balance covers the value, the nonce is unused or was used by this very transfer, the simulated
/// transfer succeeds.
#[derive(Clone, Debug)]
pub struct PaymentCheck<'q> {
    quote: &'q PathQuote,
    token: &'q Token,
    router: Option<EvmAddress>,
    overpayment: bool,
    signature_judged: bool,
    latency: Duration,
}

impl<'q> PaymentCheck<'q> {
    /// Against this quote, whose signature has been checked, and the registry's entry for its asset.
    #[must_use]
    pub fn new(quote: &'q PathQuote, token: &'q Token) -> Self {
        Self { quote, token, router: None, overpayment: false, signature_judged: false, latency: Duration::ZERO }
    }

    /// The router of the chain, for the scheme that splits a payment.
    #[must_use]
    pub fn with_router(mut self, router: EvmAddress) -> Self {
        self.router = Some(router);
        self
    }

    /// Also takes more than the amount in version 1 of x402, whose rule it is. Version 2 is always exact.
    #[must_use]
    pub fn with_overpayment(mut self) -> Self {
        self.overpayment = true;
        self
    }

    /// The chain has judged the signature already, as it must for a contract wallet (ERC-1271, ERC-6492).
    #[must_use]
    pub fn with_signature_judged(mut self) -> Self {
        self.signature_judged = true;
        self
    }

    /// How long it takes until a payment is in a block.
    #[must_use]
    pub fn with_latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Everything, with the envelope that the payment came in. `first_seen` is when the quote was.
    ///
    /// # Errors
    /// Of the first check that fails.
    pub fn check(
        &self,
        payment: &Payment,
        envelope: &SettlementEnvelope,
        first_seen: Timestamp,
        clock: &Clock,
    ) -> Result<()> {
        let authorization = &payment.payload.authorization;
        self.check_signature(payment)?;
        self.check_value(payment)?;
        self.check_window(authorization, clock)?;
        self.check_network(payment)?;
        self.check_recipient(payment)?;
        self.check_path(envelope)?;
        self.quote.check_open(first_seen, clock)?;
        self.check_time_left(authorization, clock)?;
        envelope.check_open(clock)
    }

    /// The payer signed, in the domain that the registry knows for the token.
    ///
    /// # Errors
    /// With `SIG_INVALID` at `payload.signature`; with [`Reason::ContractSignature`] where only the chain can say.
    pub fn check_signature(&self, payment: &Payment) -> Result<()> {
        if self.signature_judged {
            return Ok(());
        }
        let signed = match self.quote.rs.payment_requirements.scheme {
            Scheme::Eip3009 => payment.payload.check_transfer_signature(&self.token.domain),
            Scheme::RouterSplit => payment.payload.check_receive_signature(&self.token.domain),
        };
        signed.map_err(|error| error.within("payload"))
    }

    /// The value is what the quote asks.
    ///
    /// # Errors
    /// With [`Reason::OtherValue`] at the field that differs.
    pub fn check_value(&self, payment: &Payment) -> Result<()> {
        let asked = self.quote.rs.payment_requirements.max_amount_required;
        let value = payment.payload.authorization.value;
        let more = self.overpayment && payment.version == X402Version::V1 && value > asked;
        if value != asked && !more {
            return Err(in_authorization("value", Reason::OtherValue));
        }
        match &payment.accepted {
            Some(accepted) if accepted.amount != asked => {
                Err(Error::from(Reason::OtherValue).within("amount").within("accepted"))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The window is open, give or take the clock's tolerance.
    ///
    /// # Errors
    /// With `WINDOW_EXPIRED` at the end that is missed.
    pub fn check_window(&self, authorization: &Authorization, clock: &Clock) -> Result<()> {
        if clock.now.after(clock.window) <= authorization.valid_after.instant() {
            return Err(in_authorization("validAfter", Reason::OutsideWindow));
        }
        if authorization.valid_before.instant().after(clock.window) <= clock.now {
            return Err(in_authorization("validBefore", Reason::OutsideWindow));
        }
        Ok(())
    }

    /// Quote, payment and registry mean the same token on the same chain. A symbol alone is never enough.
    ///
    /// # Errors
    /// With `NETWORK_OR_TOKEN_MISMATCH` at the field that differs.
    pub fn check_network(&self, payment: &Payment) -> Result<()> {
        let (asset, known) = (&self.quote.asset, &self.token.domain);
        let in_asset = [
            ("chain", asset.chain == known.chain),
            ("erc20", asset.erc20 == known.token),
            ("decimals", asset.decimals == self.token.decimals),
            ("symbol", asset.symbol == self.token.symbol),
        ];
        if let Some((field, _)) = in_asset.into_iter().find(|(_, same)| !same) {
            return Err(Error::from(Reason::NetworkMismatch).within(field).within("asset"));
        }
        if payment.chain != asset.chain {
            return Err(Error::from(Reason::NetworkMismatch).within("network"));
        }
        match &payment.accepted {
            Some(accepted) if accepted.token != asset.erc20 => {
                Err(Error::from(Reason::NetworkMismatch).within("asset").within("accepted"))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The payment goes to the provider, or to the router where the scheme says so.
    ///
    /// # Errors
    /// With [`Reason::OtherRecipient`] at the field that differs.
    pub fn check_recipient(&self, payment: &Payment) -> Result<()> {
        let provider = self.quote.rs.settlement_address;
        let expected = match self.quote.rs.payment_requirements.scheme {
            Scheme::Eip3009 => Some(provider),
            Scheme::RouterSplit => self.router,
        };
        if Some(payment.payload.authorization.to) != expected {
            return Err(in_authorization("to", Reason::OtherRecipient));
        }
        match &payment.accepted {
            Some(accepted) if Some(accepted.pay_to) != expected => {
                Err(Error::from(Reason::OtherRecipient).within("payTo").within("accepted"))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The envelope is on the quoted path.
    ///
    /// # Errors
    /// With `HOP_VERIFICATION_FAIL` at `pathId`.
    pub fn check_path(&self, envelope: &SettlementEnvelope) -> Result<()> {
        let same = envelope.path_id == self.quote.path_id;
        if same { Ok(()) } else { Err(Error::from(Reason::OtherPath).within("pathId")) }
    }

    /// More of the window is left than settling takes and the quote asks.
    ///
    /// # Errors
    /// With [`Reason::WindowTooShort`].
    pub fn check_time_left(&self, authorization: &Authorization, clock: &Clock) -> Result<()> {
        let least = Duration::from_secs(self.quote.rs.payment_requirements.validity_min_seconds.into());
        let needed = clock.now.after(self.latency).after(least);
        let enough = needed < authorization.valid_before.instant();
        if enough { Ok(()) } else { Err(in_authorization("validBefore", Reason::WindowTooShort)) }
    }
}

fn in_authorization(field: &'static str, reason: Reason) -> Error {
    Error::from(reason).within(field).within("authorization").within("payload")
}
