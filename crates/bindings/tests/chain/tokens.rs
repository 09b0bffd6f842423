//! The token and Permit2 take what is signed here.
use crate::local::{CHAIN, Local, mined};
use alloy::{
    primitives::{B256, U256, address},
    sol,
};
use coreprover_bindings::{
    authorization::{
        Permit, PermitTransferFrom, ReceiveWithAuthorization, TokenPermissions, TransferWithAuthorization, sign,
    },
    token::{Erc20, permit2_domain},
};

sol! {
    #[sol(rpc)]
    interface Permit2 {
        struct Permissions { address token; uint256 amount; }
        struct Transfer { Permissions permitted; uint256 nonce; uint256 deadline; }
        struct Details { address to; uint256 requestedAmount; }
        function DOMAIN_SEPARATOR() external view returns (bytes32);
        function permitTransferFrom(Transfer permit, Details transferDetails, address owner, bytes signature) external;
    }
}

#[tokio::test]
async fn domains_are_those_of_token_and_permit2() {
    let local = Local::start().await;
    let separator = local.usd.DOMAIN_SEPARATOR().call().await.unwrap();
    assert_eq!(local.token_domain().await.separator(), separator);
    let permit2 = Permit2::new(local.deployment.permit2.0, &local.provider);
    assert_eq!(permit2_domain(CHAIN, *permit2.address()).separator(), permit2.DOMAIN_SEPARATOR().call().await.unwrap());
}

#[tokio::test]
async fn token_takes_both_authorizations_of_eip3009() {
    let local = Local::start().await;
    let (owner, payee) = (local.wallet(1), local.wallet(2).address());
    let domain = local.token_domain().await;
    let before = local.balance(payee).await;
    let (from, to, value) = (owner.address(), payee, U256::from(7));
    let (after, until) = (U256::ZERO, U256::MAX);

    let nonce = B256::repeat_byte(1);
    let message = TransferWithAuthorization { from, to, value, validAfter: after, validBefore: until, nonce };
    let signature = sign(&owner, &message, &domain).unwrap();
    mined(
        local
            .usd
            .transferWithAuthorization_0(from, to, value, after, until, nonce, signature.into())
            .from(local.wallet(3).address()),
    )
    .await;

    let nonce = B256::repeat_byte(2);
    let message = ReceiveWithAuthorization { from, to, value, validAfter: after, validBefore: until, nonce };
    let signature = sign(&owner, &message, &domain).unwrap();
    mined(local.usd.receiveWithAuthorization_0(from, to, value, after, until, nonce, signature.into()).from(payee))
        .await;
    assert_eq!(local.balance(payee).await - before, U256::from(14));
}

#[tokio::test]
async fn token_takes_the_permit_of_eip2612() {
    let local = Local::start().await;
    let (owner, spender) = (local.wallet(1), local.wallet(2).address());
    let token = Erc20::new(*local.usd.address(), &local.provider);
    let nonce = token.nonces(owner.address()).call().await.unwrap();
    let permit = Permit { owner: owner.address(), spender, value: U256::from(7), nonce, deadline: U256::MAX };
    let signature = sign(&owner, &permit, &local.token_domain().await).unwrap();
    mined(local.usd.permit_0(permit.owner, spender, permit.value, permit.deadline, signature.into()).from(spender))
        .await;
    assert_eq!(token.allowance(owner.address(), spender).call().await.unwrap(), U256::from(7));
}

#[tokio::test]
async fn permit2_takes_a_permission_without_witness() {
    let local = Local::start().await;
    let (owner, spender) = (local.wallet(1), local.wallet(2).address());
    let token = Erc20::new(*local.usd.address(), &local.provider);
    let permit2 = Permit2::new(local.deployment.permit2.0, &local.provider);
    mined(token.approve(*permit2.address(), U256::MAX).from(owner.address())).await;

    let permitted = TokenPermissions { token: *token.address(), amount: U256::from(7) };
    let permit = PermitTransferFrom { permitted, spender, nonce: U256::from(5), deadline: U256::MAX };
    let signature = sign(&owner, &permit, &permit2_domain(CHAIN, *permit2.address())).unwrap();
    let to = address!("00000000000000000000000000000000000abcde");
    let transfer = Permit2::Transfer {
        permitted: Permit2::Permissions { token: permit.permitted.token, amount: permit.permitted.amount },
        nonce: permit.nonce,
        deadline: permit.deadline,
    };
    let details = Permit2::Details { to, requestedAmount: U256::from(7) };
    mined(permit2.permitTransferFrom(transfer, details, owner.address(), signature.into()).from(spender)).await;
    assert_eq!(local.balance(to).await, U256::from(7));
}
