use super::{Authorization, PathQuote, Payment, Scheme, SettlementEnvelope, TokenDomain, split::check_split};
use crate::{
    Error, Reason, Result,
    header::X402Version,
    order::messages::Split,
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

/// The checks of a payment on a quote that need no chain, in the order of document 003 section 5.
///
/// What came before is not looked at again: the quote's signature ([`crate::wire::Received::verify`]), the seal of the
/// payment ([`super::SealedPayment::check_opened`]) and the proofs of the hops ([`super::HopTrail::check`]). What is left for
/// the chain: the payer's balance covers the value, the nonce is unused or was used by this very transfer, the simulated
/// transfer succeeds.
///
/// ```
/// use alloy_sol_types::SolStruct;
/// use std::time::Duration;
/// use tgp_protocol::{
///     Reason,
///     exact::{
///         Authorization, Constraints, ExactPayload, PathQuote, Payment, PaymentCheck, Scheme, SettlementEnvelope, Token,
///         TokenDomain,
///     },
///     header::X402Version,
///     json::Object,
///     order::{messages::{Hop, Split}, router_domain},
///     value::{Clock, EvmAddress, Timestamp, Word},
///     wire::Received,
/// };
///
/// # let wallet = k256::ecdsa::SigningKey::from_slice(&[7; 32]).expect("a key");
/// # let sign = |digest: alloy_primitives::B256| -> tgp_protocol::sign::WalletSignature {
/// #     let (signature, parity) = wallet.sign_prehash_recoverable(digest.as_slice()).expect("signs");
/// #     let mut bytes = [27 + parity.to_byte(); 65];
/// #     bytes[..64].copy_from_slice(&signature.to_bytes());
/// #     bytes.into()
/// # };
/// # let domain = TokenDomain {
/// #     name: "USDC".to_owned(),
/// #     version: "2".to_owned(),
/// #     chain: "base-sepolia".parse()?,
/// #     token: "0x036CbD53842c5426634e7929541eC2318f3dCF7e".parse()?,
/// # };
/// # let text = br#"{"vpqVersion":1,"pathId":"gwA>gwB","nonce":"vpq-1","policy":{},"price":
/// #     {"amount":"10000","currency":"USDC","ttlSeconds":45},"asset":{"chain":"base-sepolia",
/// #     "erc20":"0x036CbD53842c5426634e7929541eC2318f3dCF7e","decimals":6,"symbol":"USDC"},"rs":{"name":"Example",
/// #     "settlementAddress":"0x209693Bc6afc0C5328bA36FaF03C514EF312287C","paymentRequirements":{"scheme":
/// #     "x402:exact:eip3009","maxAmountRequired":"10000","validityMinSeconds":20,"requiredNetwork":"base-sepolia",
/// #     "requiredToken":"erc20:USDC"}}}"#;
/// # let buyer: EvmAddress = alloy_primitives::Address::from_private_key(&wallet).into();
/// # let mut quote = Received::<PathQuote>::read(text)?.into_message();
/// # let now = Timestamp::from_millis(1_740_672_100_000);
/// # let (must_settle_before, clock) = (now.after(Duration::from_secs(30)), Clock::at(now));
/// # let constraints = Constraints { must_settle_before, replay_window_sec: 60 };
/// # let envelope = SettlementEnvelope::clear("gwA>gwB".parse()?, Object::default(), constraints);
/// # let authorization = Authorization { from: buyer, to: quote.rs.settlement_address, value: 10_000.into(),
/// #     valid_after: "1740672089".parse()?, valid_before: "1740672154".parse()?, nonce: [7; 32].into() };
/// # let paid = |signature, authorization| {
/// #     let payload = ExactPayload { signature, authorization };
/// #     Payment { version: X402Version::V1, chain: domain.chain, accepted: None, payload }
/// # };
/// // what the operator's registry knows of the quote's token, and how long its chain takes
/// let token = Token { symbol: "USDC".parse()?, decimals: 6, domain: domain.clone() };
/// let check = PaymentCheck::new(&quote, &token).with_latency(Duration::from_secs(12));
/// let payment = paid(sign(authorization.transfer_digest(&domain)), authorization.clone());
/// check.check(&payment, &envelope, now, &clock)?;
/// let slow = check.clone().with_latency(Duration::from_secs(40)).check(&payment, &envelope, now, &clock);
/// assert_eq!(slow.unwrap_err().reason(), Reason::WindowTooShort);
///
/// // a little more than was asked passes in version 1, where the operator takes it
/// let more = Authorization { value: 10_001.into(), ..authorization.clone() };
/// let generous = paid(sign(more.transfer_digest(&domain)), more);
/// assert_eq!(check.check(&generous, &envelope, now, &clock).unwrap_err().reason(), Reason::OtherValue);
/// check.with_overpayment().check(&generous, &envelope, now, &clock)?;
///
/// // where the router splits the payment, the shares are what the buyer signed
/// quote.rs.payment_requirements.scheme = Scheme::RouterSplit;
/// let router = EvmAddress([0x77; 20].into());
/// let shares = Split {
///     buyer: buyer.into(),
///     seller: quote.rs.settlement_address.into(),
///     token: domain.token.into(),
///     amount: "10000".parse().expect("96 bits"),
///     validAfter: authorization.valid_after.0,
///     validBefore: authorization.valid_before.0,
///     sessionId: Default::default(),
///     salt: Default::default(),
///     hops: vec![Hop { payee: [8; 20].into(), feeBps: 25 }],
/// };
/// let nonce = Word(shares.eip712_signing_hash(&router_domain(domain.chain.number(), router.into())));
/// let split = Authorization { to: router, nonce, ..authorization };
/// let payment = paid(sign(split.receive_digest(&domain)), split);
/// let check = PaymentCheck::new(&quote, &token);
/// check.clone().with_split(router, &shares).check(&payment, &envelope, now, &clock)?;
/// let dearer = Split { hops: vec![Hop { payee: [8; 20].into(), feeBps: 26 }], ..shares.clone() };
/// let refused = check.clone().with_split(router, &dearer).check(&payment, &envelope, now, &clock);
/// assert_eq!(refused.unwrap_err().field().to_string(), "payload.authorization.nonce");
///
/// // of a contract wallet the chain has judged the signature; the rest is checked all the same
/// let contract = format!("0x{}", "ab".repeat(97)).parse()?;
/// let payment = paid(contract, payment.payload.authorization);
/// let check = check.with_split(router, &shares);
/// assert_eq!(check.check(&payment, &envelope, now, &clock).unwrap_err().reason(), Reason::ContractSignature);
/// check.with_signature_judged().check(&payment, &envelope, now, &clock)?;
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct PaymentCheck<'q> {
    quote: &'q PathQuote,
    token: &'q Token,
    split: Option<(EvmAddress, &'q Split)>,
    overpayment: bool,
    signature_judged: bool,
    latency: Duration,
}

impl<'q> PaymentCheck<'q> {
    /// Against this quote, whose signature has been checked, and the registry's entry for its asset.
    #[must_use]
    pub fn new(quote: &'q PathQuote, token: &'q Token) -> Self {
        Self { quote, token, split: None, overpayment: false, signature_judged: false, latency: Duration::ZERO }
    }

    /// The router of the chain and the shares that it pays, for the scheme that splits a payment. Without them no such
    /// payment passes. A quote names no gateway's wallet and no share of the provider's: that these shares are the agreed
    /// ones, the caller knows; that the buyer signed them and no others, is checked.
    #[must_use]
    pub fn with_split(mut self, router: EvmAddress, split: &'q Split) -> Self {
        self.split = Some((router, split));
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

    /// All of them, for a payment and the envelope that it came in. `first_seen` is when the quote was.
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
        self.check_shares(authorization)?;
        self.check_path(envelope)?;
        self.quote.check_open(first_seen, clock)?;
        self.check_time_left(authorization, clock)?;
        envelope.check_open(clock)
    }

    /// The payer signed, in the domain that the registry knows for the token.
    fn check_signature(&self, payment: &Payment) -> Result<()> {
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
    fn check_value(&self, payment: &Payment) -> Result<()> {
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
    fn check_window(&self, authorization: &Authorization, clock: &Clock) -> Result<()> {
        if clock.now.after(clock.window) <= authorization.valid_after.instant() {
            return Err(in_authorization("validAfter", Reason::OutsideWindow));
        }
        if authorization.valid_before.instant().after(clock.window) <= clock.now {
            return Err(in_authorization("validBefore", Reason::OutsideWindow));
        }
        Ok(())
    }

    /// Quote, payment and registry mean the same token on the same chain. A symbol alone is never enough.
    fn check_network(&self, payment: &Payment) -> Result<()> {
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
    fn check_recipient(&self, payment: &Payment) -> Result<()> {
        let provider = self.quote.rs.settlement_address;
        let expected = match self.quote.rs.payment_requirements.scheme {
            Scheme::Eip3009 => Some(provider),
            Scheme::RouterSplit => self.split.map(|(router, _)| router),
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

    /// What the buyer signed is good for these shares alone.
    fn check_shares(&self, authorization: &Authorization) -> Result<()> {
        match (self.quote.rs.payment_requirements.scheme, self.split) {
            (Scheme::RouterSplit, Some((router, split))) => check_split(authorization, split, self.quote, router)
                .map_err(|error| error.within("authorization").within("payload")),
            // without a router its recipient has been refused
            (Scheme::RouterSplit, None) | (Scheme::Eip3009, _) => Ok(()),
        }
    }

    /// The envelope is on the quoted path.
    fn check_path(&self, envelope: &SettlementEnvelope) -> Result<()> {
        let same = envelope.path_id == self.quote.path_id;
        if same { Ok(()) } else { Err(Error::from(Reason::OtherPath).within("pathId")) }
    }

    /// More of the window is left than settling takes and the quote asks.
    fn check_time_left(&self, authorization: &Authorization, clock: &Clock) -> Result<()> {
        let least = Duration::from_secs(self.quote.rs.payment_requirements.validity_min_seconds.into());
        let needed = clock.now.after(self.latency).after(least);
        let enough = needed < authorization.valid_before.instant();
        if enough { Ok(()) } else { Err(in_authorization("validBefore", Reason::WindowTooShort)) }
    }
}

fn in_authorization(field: &'static str, reason: Reason) -> Error {
    Error::from(reason).within(field).within("authorization").within("payload")
}
