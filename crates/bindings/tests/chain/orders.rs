//! The contracts take what is signed here, and what they log and refuse is read.
use crate::local::{CHAIN, Local, mined};
use alloy::{
    primitives::{
        Address, B256, Bytes, U256,
        aliases::{U48, U96},
        keccak256,
    },
    signers::local::PrivateKeySigner,
    sol_types::{SolStruct, SolValue},
};
use coreprover_bindings::{
    Contract, CoreProverEscrow, Event, LockTerms, Revert, TgpRouter,
    authorization::{Funding, sign},
    enums::Source,
    escrow_domain,
    messages::{Dispute, Leg, SellerCommitment},
    token::{Erc20, permit2_domain},
};
use tgp_protocol::Code;

const CALLER: u8 = Source::CALLER as u8;
const EIP3009: u8 = Source::EIP3009 as u8;
const PERMIT2: u8 = Source::PERMIT2 as u8;
const EIP2612: u8 = Source::EIP2612 as u8;

/// What `owner` signs so that `source` takes his leg.
async fn authorized(local: &Local, owner: &PrivateKeySigner, funding: &Funding<Leg>, source: u8) -> Bytes {
    let token = Erc20::new(*local.usd.address(), &local.provider);
    let permit2 = local.deployment.permit2.0;
    match source {
        EIP3009 => sign(owner, &funding.receive(), &local.token_domain().await).unwrap().into(),
        PERMIT2 => {
            mined(token.approve(permit2, U256::MAX).from(owner.address())).await;
            sign(owner, &funding.permit2(), &permit2_domain(CHAIN, permit2)).unwrap().into()
        }
        EIP2612 => {
            let nonce = token.nonces(owner.address()).call().await.unwrap();
            let permit = sign(owner, &funding.permit(nonce), &local.token_domain().await).unwrap();
            let leg = sign(owner, &funding.witness, &escrow_domain(CHAIN, funding.contract)).unwrap();
            [permit, leg].concat().into()
        }
        _ => panic!("a source with a signature"),
    }
}

/// The seller's signature of [`Local::commitment`].
fn committed(local: &Local, id: B256) -> CoreProverEscrow::Commitment {
    let unsigned = Local::commitment(Bytes::new());
    let message = SellerCommitment {
        orderId: id,
        businessName: unsigned.businessName,
        businessLicense: unsigned.businessLicense,
        documentHash: unsigned.documentHash,
        deliveryCommitment: unsigned.deliveryCommitment,
    };
    Local::commitment(sign(&local.wallet(2), &message, &escrow_domain(CHAIN, local.escrow())).unwrap())
}

#[tokio::test]
async fn buyer_pays_by_each_signature() {
    let local = Local::start().await;
    let escrow = &local.contracts.escrow;
    let (buyer, relayer) = (local.wallet(1), local.wallet(3).address());
    for source in [EIP3009, PERMIT2, EIP2612] {
        let order = local.order(&format!("paid by {source}")).await;
        let funding = Funding::payment(&order, CHAIN, local.escrow());
        let auth = authorized(&local, &buyer, &funding, source).await;
        let before = local.balance(local.escrow()).await;
        let create = escrow.create(order.pack().into(), source, B256::ZERO, auth);
        let receipt = mined(create.from(relayer)).await;

        assert_eq!(local.balance(local.escrow()).await - before, U256::from(order.amount));
        assert_eq!(local.events(&receipt), ["OrderCreated"]);
        let created = receipt.logs().iter().find_map(|log| local.event(log)).unwrap();
        assert_eq!(created.fields()["orderId"], funding.witness.orderId.to_string());
        assert_eq!(created.fields()["payer"], order.buyer.to_string());
    }
}

#[tokio::test]
async fn seller_brings_his_bond_by_each_signature() {
    let local = Local::start().await;
    let escrow = &local.contracts.escrow;
    for source in [EIP3009, PERMIT2, EIP2612] {
        let order = local.order(&format!("bond by {source}")).await;
        let payment = Funding::payment(&order, CHAIN, local.escrow());
        let bond = Funding::bond(&order, CHAIN, local.escrow());
        let paid = authorized(&local, &local.wallet(1), &payment, EIP3009).await;
        let put = authorized(&local, &local.wallet(2), &bond, source).await;
        let commitment = committed(&local, bond.witness.orderId);
        let both = escrow.createWithCommitment(order.pack().into(), EIP3009, B256::ZERO, paid, commitment, source, put);
        let receipt = mined(both.from(local.wallet(3).address())).await;
        assert_eq!(local.events(&receipt), ["OrderCreated", "SellerCommitted"]);
    }
}

#[tokio::test]
async fn buyer_stakes_in_a_dispute_by_each_signature() {
    let local = Local::start().await;
    let escrow = &local.contracts.escrow;
    let (buyer, seller, relayer) = (local.wallet(1), local.wallet(2), local.wallet(3).address());
    for source in [EIP3009, PERMIT2, EIP2612] {
        let order = local.order(&format!("stake by {source}")).await;
        let terms: CoreProverEscrow::Terms = order.pack().into();
        let payment = Funding::payment(&order, CHAIN, local.escrow());
        let bond = Funding::bond(&order, CHAIN, local.escrow());
        let paid = authorized(&local, &buyer, &payment, EIP3009).await;
        let put = authorized(&local, &seller, &bond, EIP3009).await;
        let id = payment.witness.orderId;
        let both =
            escrow.createWithCommitment(terms.clone(), EIP3009, B256::ZERO, paid, committed(&local, id), EIP3009, put);
        mined(both.from(relayer)).await;
        mined(escrow.fulfil(terms.clone(), keccak256("tracking")).from(order.seller)).await;

        let deadline = U256::from(local.now().await + 600);
        let stake = Funding::stake(&order, CHAIN, local.escrow(), deadline);
        assert_eq!(stake.amount, U256::from(1_000_000));
        let reason = keccak256("it is broken");
        let contest = Dispute { orderId: id, reason, deadline };
        let consent = sign(&buyer, &contest, &escrow_domain(CHAIN, local.escrow())).unwrap();
        let staked = authorized(&local, &buyer, &stake, source).await;
        let dispute = escrow.dispute(terms, reason, deadline, consent.into(), source, staked);
        let receipt = mined(dispute.from(relayer)).await;
        assert_eq!(local.events(&receipt), ["Disputed"]);
    }
}

#[tokio::test]
async fn sender_locks_by_both_signatures() {
    let local = Local::start().await;
    let timelock = &local.contracts.timelock;
    let (sender, permit2) = (local.wallet(1), local.deployment.permit2.0);
    let secret = B256::repeat_byte(3);
    let token = Erc20::new(*local.usd.address(), &local.provider);
    mined(token.approve(permit2, U256::MAX).from(sender.address())).await;
    for source in [EIP3009, PERMIT2] {
        let now = local.now().await;
        let lock = LockTerms {
            sender: sender.address(),
            timelock: U48::from(now + 7_200),
            lock_deadline: U48::from(now + 600),
            receiver: local.wallet(2).address(),
            amount: U96::from(50_000_000),
            token: *local.usd.address(),
            salt: U96::from(source),
            hashlock: sha256(secret),
            session_id: keccak256("sess-1"),
        }
        .pack();
        let funding = Funding::lock(&lock, CHAIN, *timelock.address());
        let signature = if source == EIP3009 {
            sign(&sender, &funding.receive(), &local.token_domain().await).unwrap()
        } else {
            sign(&sender, &funding.permit2(), &permit2_domain(CHAIN, permit2)).unwrap()
        };
        let by_sig = timelock.lockBySig(lock.clone(), source, signature.into());
        let receipt = mined(by_sig.from(local.wallet(3).address())).await;
        assert_eq!(local.events(&receipt), ["Locked"]);
        assert!(timelock.isOpen(lock.id(CHAIN, *timelock.address())).call().await.unwrap());

        let receipt = mined(timelock.claim(lock, secret).from(local.wallet(3).address())).await;
        assert_eq!(local.events(&receipt), ["Claimed"]);
    }
}

fn sha256(secret: B256) -> B256 {
    use sha2::{Digest, Sha256};
    B256::from_slice(&Sha256::digest(secret))
}

#[tokio::test]
async fn buyer_pays_a_split_by_signature() {
    let local = Local::start().await;
    let router = &local.contracts.router;
    let buyer = local.wallet(1);
    let split = TgpRouter::Split {
        buyer: buyer.address(),
        seller: local.wallet(2).address(),
        token: *local.usd.address(),
        amount: U96::from(10_000_000),
        validAfter: U256::from(5),
        validBefore: U256::from(local.now().await + 600),
        sessionId: keccak256("sess-1"),
        salt: keccak256("split"),
        hops: vec![TgpRouter::Hop { payee: local.wallet(4).address(), feeBps: 50 }],
    };
    let funding = Funding::split(&split, CHAIN, *router.address());
    let signature = sign(&buyer, &funding.receive(), &local.token_domain().await).unwrap();
    let settle = router.settleSplit(split.clone(), signature.into());
    let receipt = mined(settle.from(local.wallet(3).address())).await;
    let settled = receipt.logs().iter().find_map(|log| local.event(log)).unwrap();
    let Event::Router(TgpRouter::TgpRouterEvents::SplitSettled(settled)) = settled else {
        panic!("{}", settled.name())
    };
    assert_eq!((settled.splitId, settled.toHops), (funding.nonce, U256::from(50_000)));
}

#[tokio::test]
async fn reverts_are_read_as_errors_of_the_wire() {
    let local = Local::start().await;
    let escrow = &local.contracts.escrow;
    let order = local.order("refused").await;
    let terms: CoreProverEscrow::Terms = order.pack().into();
    let early = escrow.claim(terms.clone(), B256::ZERO).call().await.map(drop).expect_err("a refusal");
    let revert = Revert::decode(&early.as_revert_data().expect("revert data"));
    let id = order.pack().eip712_signing_hash(&escrow_domain(CHAIN, local.escrow()));
    assert_eq!(revert.name(), "WrongState");
    assert_eq!(revert.field("orderId"), Some(id.to_string().as_str()));
    assert_eq!(revert.code(), Code::InvalidState);

    let backwards = coreprover_bindings::Order { commit_by: order.fund_by - order.fund_by, ..order.clone() };
    let refused = escrow
        .create(backwards.pack().into(), CALLER, B256::ZERO, Bytes::new())
        .call()
        .await
        .map(drop)
        .expect_err("a refusal");
    let revert = Revert::decode(&refused.as_revert_data().expect("revert data"));
    assert_eq!(revert.to_string(), "InvalidTerms(fault: DEADLINES_OUT_OF_ORDER)");

    // the token's own word is passed on as it came
    let unpaid = escrow
        .create(order.pack().into(), EIP3009, B256::ZERO, vec![0; 65].into())
        .from(local.wallet(3).address())
        .call()
        .await
        .map(drop)
        .expect_err("a refusal");
    let revert = Revert::decode(&unpaid.as_revert_data().expect("revert data"));
    assert_eq!((revert.name(), revert.code()), (Revert::UNKNOWN, Code::SimulationFail));
    let expected = local_error(order.buyer);
    assert_eq!(revert.field("data"), Some(expected.as_str()));
    assert_eq!(local.deployment.contract(Contract::Escrow).address.0, local.escrow());
}

/// `InvalidSignature` of the test dollar, which is no error of the contracts.
fn local_error(signer: Address) -> String {
    let data = [&keccak256("InvalidSignature(address)")[..4], &signer.abi_encode()].concat();
    alloy::primitives::hex::encode_prefixed(data)
}
