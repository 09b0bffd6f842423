use super::{Authorization, PathQuote};
use crate::{
    Error, Reason, Result,
    order::{messages::Split, router_domain},
    value::EvmAddress,
};
use alloy_primitives::U256;
use alloy_sol_types::SolStruct;

/// Checks that an authorization is for this split of the payment and for no other: its nonce is the split's EIP-712
/// digest, so that the buyer's one signature covers every share.
/// The error is at the authorization's field that differs.
pub(super) fn check_split(
    authorization: &Authorization,
    split: &Split,
    quote: &PathQuote,
    router: EvmAddress,
) -> Result<()> {
    let chain = quote.asset.chain.number();
    let same = [
        ("to", authorization.to == router && split.seller == quote.rs.settlement_address.0, Reason::OtherRecipient),
        ("from", authorization.from.0 == split.buyer, Reason::Contradiction),
        ("value", authorization.value.0 == U256::from(split.amount), Reason::OtherValue),
        ("validAfter", authorization.valid_after.0 == split.validAfter, Reason::Contradiction),
        ("validBefore", authorization.valid_before.0 == split.validBefore, Reason::Contradiction),
        (
            "nonce",
            authorization.nonce.0 == split.eip712_signing_hash(&router_domain(chain, router.0))
                && split.token == quote.asset.erc20.0,
            Reason::HashMismatch,
        ),
    ];
    let differs = same.into_iter().find(|(_, same, _)| !same);
    differs.map_or(Ok(()), |(field, _, reason)| Err(Error::from(reason).within(field)))
}
