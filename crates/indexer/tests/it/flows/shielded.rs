//! Orders whose parties are paid by proof, and deliveries that are proven.

use super::orders::nothing;
use crate::world::World;
use alloy::primitives::{
    Address, B256, Bytes, U256,
    aliases::{U40, U48, U96},
    keccak256,
};
use coreprover_bindings::{
    CoreProverEscrow::{self, CollectProof, Split},
    Order, VerifierRegistry,
};

const ZK_PROOF: u8 = 2;
/// A verifier that believes everything: its code is `return(true)`.
const BELIEVER: [u8; 16] =
    [0x67, 0x60, 0x01, 0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3, 0x5f, 0x52, 0x60, 0x08, 0x60, 0x18, 0xf3];

impl World {
    /// A new version of a circuit that believes every proof.
    async fn believer(&mut self, circuit: B256, inputs: u8, delivery: bool) -> U48 {
        let owner = self.anvil.accounts[0];
        let version =
            U48::from(1_000 + u64::from_be_bytes(self.next()[..8].try_into().expect("eight bytes")) % 1_000_000);
        let propose = VerifierRegistry::proposeCall {
            circuit,
            version,
            r#impl: self.anvil.deploy(owner, BELIEVER.to_vec()).await,
            vkHash: keccak256("key"),
            ceremony: keccak256("ceremony"),
            nPublic: inputs,
            dev: true,
            delivery,
        };
        self.send(owner, self.registry, propose).await;
        version
    }

    /// A proof of delivery ends one order; the circuit is revoked before another could be, and the bond goes back whole.
    pub(super) async fn proven_delivery(&mut self) {
        let circuit = self.next();
        let version = self.believer(circuit, 4, true).await;
        let change = |order: &mut Order| {
            (order.policy, order.delivery_circuit, order.delivery_version) = (ZK_PROOF, circuit, version);
            (order.counter_token, order.counter_amount, order.slash_bps) = (order.token, U96::from(200_000), 5_000);
            order.deliver_by = order.commit_by + U40::from(7_200);
        };
        let (proven, refunded) = (self.order(change).await, self.order(change).await);
        for terms in [&proven, &refunded] {
            self.create(terms, B256::ZERO, 0).await;
            self.commit_with(terms, B256::ZERO, 0).await;
        }
        let delivered = U256::from(self.anvil.now().await);
        let (evidence, proof) = (self.next(), [U256::ZERO; 8]);
        let call = CoreProverEscrow::fulfilProvenCall { terms: proven, evidence, deliveredAt: delivered, proof };
        self.send(self.seller(), self.escrow, call).await;
        self.send(self.anvil.accounts[0], self.registry, VerifierRegistry::revokeCall { circuit, version }).await;
        self.anvil.pass(5 * 3_600).await;
        self.send(self.buyer(), self.escrow, CoreProverEscrow::refundCall { terms: refunded }).await;
    }

    /// Both are shielded. What each gets waits until a proof names where it goes, in two tokens.
    pub(super) async fn proven_collection(&mut self) {
        let [.., recipient, relayer] = self.anvil.accounts[..9] else { panic!("anvil has accounts") };
        let zkb = self.believer(keccak256("TGP.ZKB-01"), 5, false).await;
        let zks = self.believer(keccak256("TGP.ZKS-01"), 6, false).await;
        let terms = self
            .order(|order| {
                (order.zkb_version, order.zks_version) = (zkb, zks);
                order.counter_amount = U96::from(30_000);
            })
            .await;
        self.create(&terms, keccak256("a buyer's"), 0).await;
        self.commit_with(&terms, keccak256("a seller's"), 30_000).await;
        // the seller gives up everything but a third of his bond
        let given = Split { toBuyer: U256::from(1_000_000), bondToBuyer: U256::from(20_000), ..nothing() };
        self.settle(self.seller(), &terms, given, [Bytes::new(), Bytes::new()], B256::ZERO).await;
        for (role, token, fee) in [(0, self.usd, 0), (0, Address::ZERO, 50), (1, Address::ZERO, 0)] {
            let nullifier = self.next().into();
            let p = CollectProof {
                proof: [U256::ZERO; 8],
                nullifier,
                recipient,
                relayer,
                fee: U256::from(fee),
                deadline: U256::MAX,
            };
            let call = CoreProverEscrow::collectWithProofCall { terms: terms.clone(), role, token, p };
            self.send(relayer, self.escrow, call).await;
        }
    }
}
