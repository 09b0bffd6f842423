//! The code of docs/guide/call-from-rust.md: `make generate` copies it there.
use crate::local::Local;
use alloy::{
    primitives::{
        B256, U256,
        aliases::{U40, U48, U96},
        keccak256,
    },
    providers::ProviderBuilder,
    sol_types::SolStruct,
};
use coreprover_bindings::{
    Contract, Deployment, Event, Order, Revert,
    authorization::{Funding, sign},
    enums::{Fault, Source, Verb},
    escrow_domain,
    token::{Erc20, stated_domain},
};

#[tokio::test]
#[allow(clippy::print_stdout)]
async fn call_from_rust() -> Result<(), Box<dyn std::error::Error>> {
    let local = Local::start().await;
    let (node, folder) = (local.node(), local.deployments());
    let (wallet, seller, relayer) = (local.wallet(1), local.wallet(2).address(), local.wallet(3).address());
    let now = local.now().await;

    // snippet:rust-connect
    let provider = ProviderBuilder::new().connect_http(node);
    let deployment = Deployment::load(&folder, 31_337)?;
    // asks for the chain and for the code of every contract before anything is sent there
    let contracts = deployment.connect(provider.clone()).await?;
    // endsnippet

    let token = *local.usd.address();
    // snippet:rust-order
    let order = Order {
        buyer: wallet.address(),
        seller,
        token,
        amount: U96::from(20_000_000),
        policy: 4, // TIMED: pays the seller at timed_release unless somebody settles earlier
        fund_by: U40::from(now + 600),
        commit_by: U40::from(now + 1_800),
        deliver_by: U40::from(now + 7_200),
        timed_release: U40::from(now + 10_800),
        review_window: U48::from(3_600),
        session_id: keccak256("sess-1"),
        offer_hash: keccak256("the offer as both sides know it"),
        salt: keccak256("one per offer"),
        ..Order::default()
    };
    let terms = order.pack();
    let escrow = *contracts.escrow.address();
    let order_id = terms.eip712_signing_hash(&escrow_domain(31_337, escrow)); // no node is asked

    let fault = contracts.lens.check(terms.clone().into()).call().await?;
    assert_eq!(Fault::try_from(fault)?, Fault::NONE);
    // endsnippet

    // snippet:rust-pay
    // the buyer signs, in the token's domain
    let answer = Erc20::new(token, &provider).eip712Domain().call().await?;
    let domain = stated_domain(answer, 31_337, token).ok_or("the token states no domain of its own")?;
    let funding = Funding::payment(&order, 31_337, escrow);
    let signature = sign(&wallet, &funding.receive(), &domain)?;

    // anyone sends it
    let call = contracts.escrow.create(terms.clone().into(), Source::EIP3009 as u8, B256::ZERO, signature.into());
    let receipt = call.from(relayer).send().await?.get_receipt().await?;
    // endsnippet

    // snippet:rust-read
    for log in receipt.logs().iter().filter(|log| log.address() == escrow) {
        if let Some(event) = Event::decode(Contract::Escrow, &log.inner.data)? {
            println!("{}: {}", event.name(), event.fields());
        }
    }
    let next = contracts.lens.nextActions(terms.clone().into()).call().await?;
    for action in next.actions {
        println!("{:?} by {} until {}", Verb::try_from(action.verb)?, action.who, action.until);
    }
    // endsnippet
    assert_eq!(local.events(&receipt), ["OrderCreated"]);
    assert_eq!(contracts.lens.orderOf(order_id).call().await?.state, 1);

    // snippet:rust-refused
    // a release before the seller has committed
    let early = contracts.escrow.claim(terms.into(), B256::ZERO).call().await;
    let refusal = early.err().ok_or("paid out before anybody committed")?;
    let revert = Revert::decode(&refusal.as_revert_data().unwrap_or_default());
    println!("{revert}: {} {}", revert.code(), revert.class().letter());
    // WrongState(orderId: 0x5f..., state: 1): INVALID_STATE F
    assert_eq!((revert.name(), revert.field("state")), ("WrongState", Some("1")));
    // endsnippet
    assert_eq!(local.balance(escrow).await, U256::from(20_000_000));
    Ok(())
}
