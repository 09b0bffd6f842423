//! Payments that the router splits.

use crate::{
    exact_checks::{NOW, authorization, checked, quote, refused, token},
    fixtures::{address_of, sign, wallet},
};
use alloy_primitives::{B256, U256, aliases::U96};
use alloy_sol_types::SolStruct;
use tgp_protocol::{
    Reason,
    exact::{Authorization, ExactPayload, Payment, PaymentCheck, Scheme},
    header::X402Version,
    order::{
        messages::{Hop, Split},
        router_domain,
    },
    value::{EvmAddress, Word},
};

/// What the buyer signs covers every share.
#[test]
fn a_split_is_signed_with_the_payment() {
    let router = EvmAddress([0x77; 20].into());
    let (mut quote, token) = (quote(), token());
    quote.rs.payment_requirements.scheme = Scheme::RouterSplit;
    let split = |seller: EvmAddress| Split {
        buyer: address_of(&wallet()).0,
        seller: seller.0,
        token: token.domain.token.0,
        amount: U96::from(10_000),
        validAfter: U256::from(1_740_672_089),
        validBefore: U256::from(1_740_672_154),
        sessionId: B256::ZERO,
        salt: B256::ZERO,
        hops: vec![Hop { payee: [8; 20].into(), feeBps: 25 }],
    };
    let agreed = split(quote.rs.settlement_address);
    let nonce = agreed.eip712_signing_hash(&router_domain(84_532, router.0));
    let authorization = Authorization { to: router, nonce: Word(nonce), ..authorization() };
    let pay = |authorization: Authorization| {
        let signature = sign(&wallet(), authorization.receive_digest(&token.domain));
        let payload = ExactPayload { signature, authorization };
        Payment { version: X402Version::V1, chain: token.domain.chain, accepted: None, payload }
    };
    let payment = pay(authorization.clone());
    let check = PaymentCheck::new(&quote, &token);
    refused(checked(&check, &payment, NOW), "payload.authorization.to", Reason::OtherRecipient);
    let of = |payment: &Payment, split: &Split| checked(&check.clone().with_split(router, split), payment, NOW);
    of(&payment, &agreed).unwrap();
    let changed = |change: fn(&mut Split)| {
        let mut split = agreed.clone();
        change(&mut split);
        of(&payment, &split)
    };
    // the gateway's share is not what the buyer signed
    refused(changed(|it| it.hops[0].feeBps = 26), "payload.authorization.nonce", Reason::HashMismatch);
    refused(changed(|it| it.hops.clear()), "payload.authorization.nonce", Reason::HashMismatch);
    refused(changed(|it| it.salt = B256::repeat_byte(1)), "payload.authorization.nonce", Reason::HashMismatch);
    refused(changed(|it| it.seller = [9; 20].into()), "payload.authorization.to", Reason::OtherRecipient);
    refused(changed(|it| it.buyer = [9; 20].into()), "payload.authorization.from", Reason::Contradiction);
    refused(changed(|it| it.amount = U96::from(9_999)), "payload.authorization.value", Reason::OtherValue);
    refused(changed(|it| it.validAfter = U256::ZERO), "payload.authorization.validAfter", Reason::Contradiction);
    refused(changed(|it| it.validBefore = U256::MAX), "payload.authorization.validBefore", Reason::Contradiction);
    // signed for another token or router, the same shares are other shares
    let mut foreign = agreed.clone();
    foreign.token = [9; 20].into();
    let nonce = Word(foreign.eip712_signing_hash(&router_domain(84_532, router.0)));
    let payment = pay(Authorization { nonce, ..authorization });
    refused(of(&payment, &foreign), "payload.authorization.nonce", Reason::HashMismatch);
    let nonce = Word(agreed.eip712_signing_hash(&router_domain(84_532, [9; 20].into())));
    refused(
        of(&pay(Authorization { nonce, ..authorization }), &agreed),
        "payload.authorization.nonce",
        Reason::HashMismatch,
    );
}
