//! Orders: swapped, settled, attested, disputed; simple ones with a timed release.

use crate::world::World;
use alloy::{
    primitives::{
        Address, B256, Bytes, U256,
        aliases::{U40, U48, U96},
    },
    sol_types::{SolCall, SolStruct},
};
use coreprover_bindings::{
    CoreProverEscrow::{self, Ruling, Split, Terms},
    ReceiptVault, VerifierRegistry,
    authorization::Funding,
    escrow_domain,
    messages::{Delivery, OrderTerms, SellerCommitment, Settlement},
};

pub(super) const CHAIN: u64 = 31_337;

const SWAP: u8 = 1;
const ATTESTER_SIG: u8 = 1;
const TIMED: u8 = 4;

impl World {
    pub(super) fn id_of(&self, terms: &Terms) -> B256 {
        OrderTerms::from(terms.clone()).eip712_signing_hash(&escrow_domain(CHAIN, self.escrow))
    }

    fn signed<M: SolStruct>(&self, who: Address, message: &M) -> Bytes {
        self.sign(who, message.eip712_signing_hash(&escrow_domain(CHAIN, self.escrow)))
    }

    /// Coins against tokens.
    pub(super) async fn swap(&mut self) {
        let terms = self
            .order(|order| {
                order.kind = SWAP;
                order.counter_amount = U96::from(40_000);
            })
            .await;
        self.create(&terms, B256::ZERO, 0).await;
        self.commit_with(&terms, B256::ZERO, 40_000).await;
    }

    pub(super) async fn settle(&self, by: Address, terms: &Terms, split: Split, others: [Bytes; 2], evidence: B256) {
        let [buyer, seller] = others;
        let (terms, deadline) = (terms.clone(), U256::MAX);
        let call =
            CoreProverEscrow::settleCall { terms, split, deadline, buyerAuth: buyer, sellerAuth: seller, evidence };
        self.send(by, self.escrow, call).await;
    }

    /// Both agree: on a part with the fee, and in a dispute on another without it.
    pub(super) async fn settled_together(&mut self) {
        let [.., arbiter, gateway] = self.anvil.accounts[..5] else { panic!("anvil has accounts") };
        for disputed in [false, true] {
            let terms = self
                .order(|order| {
                    (order.fee_bps, order.fee_receiver) = (100, gateway);
                    (order.counter_token, order.counter_amount) = (order.token, U96::from(300_000));
                    if disputed {
                        (order.arbiter, order.dispute_bond_bps) = (arbiter, 500);
                        order.dispute_window = U48::from(86_400);
                    }
                })
                .await;
            self.create(&terms, B256::ZERO, 0).await;
            self.commit_with(&terms, B256::ZERO, 0).await;
            let evidence = if disputed { self.fulfil_and_dispute(&terms).await } else { B256::ZERO };
            let split = Split {
                toBuyer: U256::from(400_000),
                toSeller: U256::from(600_000),
                bondToBuyer: U256::from(100_000),
                disputeToSeller: U256::from(if disputed { 20_000 } else { 0 }),
                noFee: disputed,
            };
            let agreed = Settlement {
                orderId: self.id_of(&terms),
                toBuyer: split.toBuyer,
                toSeller: split.toSeller,
                bondToBuyer: split.bondToBuyer,
                disputeToSeller: split.disputeToSeller,
                noFee: split.noFee,
                deadline: U256::MAX,
            };
            let seller = self.signed(self.seller(), &agreed);
            self.settle(self.buyer(), &terms, split, [Bytes::new(), seller], evidence).await;
        }
    }

    /// One gives the other everything: the seller before he committed and after, the buyer what was delivered.
    pub(super) async fn given_up(&mut self) {
        let (buyer, seller, all) = (self.buyer(), self.seller(), U256::from(1_000_000));
        for committed in [false, true] {
            let terms = self.order(|_| {}).await;
            self.create(&terms, B256::ZERO, 0).await;
            if committed {
                self.commit_with(&terms, B256::ZERO, 0).await;
            }
            let back = Split { toBuyer: all, ..nothing() };
            self.settle(seller, &terms, back, [Bytes::new(), Bytes::new()], B256::ZERO).await;
        }
        let arbiter = self.anvil.accounts[3];
        let terms = self.order(|order| (order.arbiter, order.dispute_window) = (arbiter, U48::from(86_400))).await;
        self.create(&terms, B256::ZERO, 0).await;
        self.commit_with(&terms, B256::ZERO, 0).await;
        let evidence = self.fulfil(&terms).await;
        let paid = Split { toSeller: all, ..nothing() };
        self.settle(buyer, &terms, paid, [Bytes::new(), Bytes::new()], evidence).await;
    }

    /// A relayer brings both signatures, and the order begins and is bound in one call.
    pub(super) async fn signed_by_both_at_once(&mut self) {
        let mut named = None;
        let terms = self.order(|order| named = Some(order.clone())).await;
        let order = named.expect("an order");
        let message = Funding::payment(&order, CHAIN, self.escrow).receive();
        let auth = self.sign(self.buyer(), message.eip712_signing_hash(&self.token_domain(self.usd)));
        let mut commitment = CoreProverEscrow::Commitment {
            businessName: "Mario".into(),
            businessLicense: "L-1".into(),
            documentHash: B256::ZERO,
            deliveryCommitment: B256::ZERO,
            signature: Bytes::new(),
        };
        let agreed = SellerCommitment {
            orderId: self.id_of(&terms),
            businessName: commitment.businessName.clone(),
            businessLicense: commitment.businessLicense.clone(),
            documentHash: B256::ZERO,
            deliveryCommitment: B256::ZERO,
        };
        commitment.signature = self.signed(self.seller(), &agreed);
        let call = CoreProverEscrow::createWithCommitmentCall {
            terms: terms.clone(),
            // EIP-3009
            source: 1,
            receiptAddress: B256::ZERO,
            auth,
            commitment,
            bondSource: 0,
            bondAuth: Bytes::new(),
        };
        self.send(self.anvil.accounts[6], self.escrow, call).await;
        // too late: after the deadline only a refund is left
        self.anvil.pass(2 * 3_600 + 60).await;
        self.send(self.buyer(), self.escrow, CoreProverEscrow::refundCall { terms }).await;
    }

    async fn fulfil(&mut self, terms: &Terms) -> B256 {
        let evidence = self.next();
        let call = CoreProverEscrow::fulfilCall { terms: terms.clone(), evidence };
        self.send(self.seller(), self.escrow, call).await;
        evidence
    }

    async fn fulfil_and_dispute(&mut self, terms: &Terms) -> B256 {
        let evidence = self.fulfil(terms).await;
        self.dispute(terms).await;
        evidence
    }

    async fn attest(&mut self, terms: &Terms) -> B256 {
        let (evidence, attester) = (self.next(), self.anvil.accounts[5]);
        let delivered = U256::from(self.anvil.now().await);
        let delivery = Delivery { orderId: self.id_of(terms), evidence, deliveredAt: delivered };
        let signature = self.signed(attester, &delivery);
        let terms = terms.clone();
        let call = CoreProverEscrow::fulfilAttestedCall { terms, evidence, deliveredAt: delivered, signature };
        self.send(self.anvil.accounts[6], self.escrow, call).await;
        evidence
    }

    /// Without an arbiter it ends the order; with one the buyer may dispute, and more evidence is for the arbiter's eyes.
    pub(super) async fn attested_delivery(&mut self) {
        let [.., arbiter, _, attester] = self.anvil.accounts[..6] else { panic!("anvil has accounts") };
        for arbitrated in [false, true] {
            let terms = self
                .order(|order| {
                    (order.policy, order.verifier) = (ATTESTER_SIG, attester);
                    if arbitrated {
                        (order.arbiter, order.dispute_window) = (arbiter, U48::from(86_400));
                    }
                })
                .await;
            self.create(&terms, B256::ZERO, 0).await;
            self.commit_with(&terms, B256::ZERO, 0).await;
            let evidence = self.attest(&terms).await;
            if arbitrated {
                self.attest(&terms).await;
                self.dispute(&terms).await;
                self.attest(&terms).await;
                self.rule(&terms, [0, 1_000_000, 0], evidence).await;
            }
        }
    }

    async fn rule(&self, terms: &Terms, [to_buyer, to_seller, bond]: [u64; 3], evidence: B256) {
        let ruling =
            Ruling { toBuyer: U256::from(to_buyer), toSeller: U256::from(to_seller), bondToBuyer: U256::from(bond) };
        let call = CoreProverEscrow::resolveCall { terms: terms.clone(), ruling, evidence };
        self.send(self.anvil.accounts[3], self.escrow, call).await;
    }

    /// The arbiter rules for each of the two, and takes his fee from whoever lost.
    pub(super) async fn rulings(&mut self) {
        let arbiter = self.anvil.accounts[3];
        for ruling in [[700_000, 300_000, 200_000], [100_000, 900_000, 0]] {
            let terms = self
                .order(|order| {
                    order.arbiter = arbiter;
                    (order.counter_token, order.counter_amount) = (order.token, U96::from(500_000));
                    (order.slash_bps, order.dispute_bond_bps, order.arbiter_fee_bps) = (5_000, 500, 100);
                    order.dispute_window = U48::from(86_400);
                })
                .await;
            self.create(&terms, B256::ZERO, 0).await;
            self.commit_with(&terms, B256::ZERO, 0).await;
            let evidence = self.fulfil_and_dispute(&terms).await;
            self.rule(&terms, ruling, evidence).await;
        }
    }

    /// There is no evidence, the buyer disputes, and the arbiter says nothing: by these terms it goes to the seller.
    pub(super) async fn silence_about_nothing_delivered(&mut self) {
        let arbiter = self.anvil.accounts[3];
        let terms = self
            .order(|order| {
                (order.policy, order.silence, order.arbiter) = (TIMED, 1, arbiter);
                order.timed_release = order.deliver_by + U40::from(7_200);
                order.dispute_window = U48::from(86_400);
            })
            .await;
        self.create(&terms, B256::ZERO, 0).await;
        self.commit_with(&terms, B256::ZERO, 0).await;
        self.anvil.pass(2 * 3_600 + 60).await;
        self.dispute(&terms).await;
        self.anvil.pass(86_460).await;
        let call = CoreProverEscrow::resolveBySilenceCall { terms, evidence: B256::ZERO };
        self.send(self.anvil.accounts[6], self.escrow, call).await;
    }

    /// The seller commits by his signature, time releases the payment, and the buyer makes a token of the receipt.
    pub(super) async fn timed_simple_order_and_its_token(&mut self) {
        let (buyer, seller, order) = (self.buyer(), self.seller(), self.next());
        let (value, hour) = (U256::from(1_000), U256::from(3_600));
        let call = CoreProverEscrow::createEscrowCall {
            orderId: order,
            seller,
            commitmentWindow: hour,
            claimWindow: hour,
            allowsTimedRelease: true,
            timedReleaseDelay: U256::from(600),
        };
        self.pay(buyer, self.escrow, call, value).await;
        let digest = CoreProverEscrow::sellerCommitmentDigestCall {
            orderId: order,
            businessName: "Mario".into(),
            businessLicense: "L-1".into(),
            documentHash: B256::ZERO,
        };
        let digest = B256::from_slice(&self.anvil.call(self.escrow, digest.abi_encode()).await);
        let call = CoreProverEscrow::sellerCommitSignatureCall {
            orderId: order,
            signature: self.sign(seller, digest),
            businessName: "Mario".into(),
            businessLicense: "L-1".into(),
            documentHash: B256::ZERO,
        };
        self.send(seller, self.escrow, call).await;
        self.anvil.pass(3_600 + 660).await;
        self.send(self.anvil.accounts[6], self.escrow, CoreProverEscrow::triggerTimedReleaseCall { orderId: order })
            .await;

        let settled = self.anvil.now().await;
        let key = self.anvil.call(self.escrow, CoreProverEscrow::simpleKeyCall { orderId: order }.abi_encode()).await;
        let key = B256::from_slice(&key);
        let receipt = ReceiptVault::Receipt {
            chainId: U256::from(CHAIN),
            minter: self.escrow,
            orderId: key,
            buyer,
            seller,
            sessionId: B256::ZERO,
            offerHash: B256::ZERO,
            token: Address::ZERO,
            paid: value,
            refunded: U256::ZERO,
            fee: U256::ZERO,
            // a simple order's
            outcome: 9,
            settledAt: U256::from(settled),
            evidence: B256::ZERO,
            receiptAddress: B256::ZERO,
            deliveryCommitment: B256::ZERO,
        };
        self.send(buyer, self.vault, ReceiptVault::materializeSimpleCall { receipt }).await;
        self.send(buyer, self.vault, ReceiptVault::approveCall { account: seller, tokenId: key.into() }).await;
        let call = ReceiptVault::setApprovalForAllCall { operator: seller, isApproved: true };
        self.send(buyer, self.vault, call).await;
    }

    /// The guardian goes to another and comes back.
    pub(super) async fn guardians(&mut self) {
        let guardian = self.anvil.call(self.registry, VerifierRegistry::guardianCall {}.abi_encode()).await;
        let (guardian, other) = (Address::from_word(B256::from_slice(&guardian)), self.anvil.accounts[7]);
        for (from, to) in [(guardian, other), (other, guardian)] {
            self.send(from, self.registry, VerifierRegistry::transferGuardianCall { to }).await;
            self.send(to, self.registry, VerifierRegistry::acceptGuardianCall {}).await;
        }
    }
}

/// A split that gives nobody anything yet.
pub(super) fn nothing() -> Split {
    let zero = U256::ZERO;
    Split { toBuyer: zero, toSeller: zero, bondToBuyer: zero, disputeToSeller: zero, noFee: false }
}
