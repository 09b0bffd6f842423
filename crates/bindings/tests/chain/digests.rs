//! Every id and digest is what the contracts make of the same words.
use crate::local::{CHAIN, Local};
use alloy::{
    primitives::{Address, B256, U256, aliases::U96, keccak256},
    sol_types::{SolStruct, SolValue},
};
use coreprover_bindings::{
    EscrowLens, HashedTimelock, Order, TgpRouter,
    authorization::Funding,
    escrow_domain,
    messages::{
        BuyerOrder, Charge, Delivery, Dispute, EarlyRefund, Leg, OrderTerms, SellerCommitment, Settlement, Voucher,
    },
    router_domain, timelock_domain,
};

/// How many cases: each is a call to the node.
const CASES: u64 = 48;

/// Words that nobody chose, the same in each run.
struct Words(u64);

impl Words {
    fn word(&mut self) -> B256 {
        self.0 += 1;
        let word = keccak256(self.0.to_be_bytes());
        // the ends of a field's range come up too
        match self.0 % 7 {
            0 => B256::ZERO,
            1 => B256::repeat_byte(0xff),
            _ => word,
        }
    }

    fn number(&mut self) -> U256 {
        self.word().into()
    }

    fn address(&mut self) -> Address {
        Address::from_word(self.word())
    }
}

#[tokio::test]
async fn order_ids_are_those_of_the_escrow() {
    let local = Local::start().await;
    let (words, domain) = (&mut Words(0), escrow_domain(CHAIN, local.escrow()));
    for case in 0..CASES {
        let terms = OrderTerms {
            buyer: words.address(),
            seller: words.address(),
            payment: words.number(),
            counter: words.number(),
            feeReceiver: words.address(),
            arbiter: words.address(),
            verifier: words.address(),
            deliveryCircuit: words.word(),
            rules: words.number(),
            times: words.number(),
            sessionId: words.word(),
            offerHash: words.word(),
            salt: words.word(),
        };
        // by way of the fields' names, which must lose nothing
        let packed = Order::from(&terms).pack();
        let theirs = local.contracts.escrow.orderIdOf(terms.into()).call().await.unwrap();
        assert_eq!(packed.eip712_signing_hash(&domain), theirs, "case {case}");
    }
}

#[tokio::test]
async fn escrow_messages_have_the_digests_of_the_lens() {
    let local = Local::start().await;
    let (lens, domain) = (&local.contracts.lens, escrow_domain(CHAIN, local.escrow()));
    let words = &mut Words(1_000);
    for role in 0..3 {
        let (id, other, number) = (words.word(), words.word(), words.number());
        let leg = Leg { orderId: id, role, receiptAddress: other };
        assert_eq!(leg.eip712_signing_hash(&domain), lens.legDigest(id, role, other).call().await.unwrap());
        assert_eq!(leg.eip712_hash_struct(), lens.fundingWitness(id, role, other).call().await.unwrap());
        let nonce = keccak256((id, U256::from(role), other).abi_encode());
        assert_eq!(nonce, lens.fundingNonce(id, role, other).call().await.unwrap());
        let payment = Funding::payment(&Order::default(), CHAIN, local.escrow()).with_receipt_address(other);
        let shielded = lens.fundingNonce(payment.witness.orderId, 0, other).call().await.unwrap();
        assert_eq!(payment.nonce, shielded);

        let buyer = BuyerOrder { orderId: id, receiptAddress: other };
        assert_eq!(buyer.eip712_signing_hash(&domain), lens.buyerOrderDigest(id, other).call().await.unwrap());
        let voucher = Voucher { orderId: id, cumulative: number };
        assert_eq!(voucher.eip712_signing_hash(&domain), lens.voucherDigest(id, number).call().await.unwrap());
        let dispute = Dispute { orderId: id, reason: other, deadline: number };
        assert_eq!(dispute.eip712_signing_hash(&domain), lens.disputeDigest(id, other, number).call().await.unwrap());
        let delivery = Delivery { orderId: id, evidence: other, deliveredAt: number };
        assert_eq!(delivery.eip712_signing_hash(&domain), lens.deliveryDigest(id, other, number).call().await.unwrap());

        let split = EscrowLens::Split {
            toBuyer: words.number(),
            toSeller: words.number(),
            bondToBuyer: words.number(),
            disputeToSeller: words.number(),
            noFee: role == 1,
        };
        let settlement = Settlement {
            orderId: id,
            toBuyer: split.toBuyer,
            toSeller: split.toSeller,
            bondToBuyer: split.bondToBuyer,
            disputeToSeller: split.disputeToSeller,
            noFee: split.noFee,
            deadline: number,
        };
        let theirs = lens.settlementDigest(id, split, number).call().await.unwrap();
        assert_eq!(settlement.eip712_signing_hash(&domain), theirs);

        let commitment = EscrowLens::Commitment {
            businessName: "Mario's \u{1f355} #4521".into(),
            businessLicense: "x".repeat(usize::from(role) * 40),
            documentHash: words.word(),
            deliveryCommitment: words.word(),
            signature: Default::default(),
        };
        let message = SellerCommitment {
            orderId: id,
            businessName: commitment.businessName.clone(),
            businessLicense: commitment.businessLicense.clone(),
            documentHash: commitment.documentHash,
            deliveryCommitment: commitment.deliveryCommitment,
        };
        let theirs = lens.sellerCommitmentDigest(id, commitment).call().await.unwrap();
        assert_eq!(message.eip712_signing_hash(&domain), theirs);
    }
}

#[tokio::test]
async fn locks_and_routes_have_the_ids_of_their_contracts() {
    let local = Local::start().await;
    let (timelock, router) = (&local.contracts.timelock, &local.contracts.router);
    let words = &mut Words(2_000);
    for hops in 0..4 {
        let lock = HashedTimelock::Lock {
            senderTimes: words.word(),
            receiverAmount: words.word(),
            tokenSalt: words.word(),
            hashlock: words.word(),
            sessionId: words.word(),
        };
        assert_eq!(coreprover_bindings::LockTerms::from(&lock).pack(), lock);
        let id = lock.id(CHAIN, *timelock.address());
        assert_eq!(id, timelock.lockIdOf(lock).call().await.unwrap());
        let domain = timelock_domain(CHAIN, *timelock.address());
        let early = EarlyRefund { lockId: id }.eip712_signing_hash(&domain);
        assert_eq!(early, timelock.earlyRefundDigest(id).call().await.unwrap());

        let hops: Vec<_> = (0..hops).map(|bps| TgpRouter::Hop { payee: words.address(), feeBps: bps }).collect();
        let route = TgpRouter::Route {
            buyer: words.address(),
            seller: words.address(),
            token: words.address(),
            cap: U96::MAX,
            maxFeesBps: 900,
            expiry: words.number(),
            sessionId: words.word(),
            salt: words.word(),
            hops: hops.clone(),
        };
        let domain = router_domain(CHAIN, *router.address());
        let id = route.eip712_signing_hash(&domain);
        assert_eq!(id, router.routeIdOf(route).call().await.unwrap());
        let charge = Charge { routeId: id, cumulative: U96::from(7) };
        let theirs = router.chargeDigest(id, charge.cumulative).call().await.unwrap();
        assert_eq!(charge.eip712_signing_hash(&domain), theirs);
        let split = TgpRouter::Split {
            buyer: words.address(),
            seller: words.address(),
            token: words.address(),
            amount: U96::from(1),
            validAfter: words.number(),
            validBefore: words.number(),
            sessionId: words.word(),
            salt: words.word(),
            hops,
        };
        assert_eq!(split.eip712_signing_hash(&domain), router.splitIdOf(split).call().await.unwrap());
    }
}
