//! Locks that go back before their time, and several that are claimed at once.

use super::orders::CHAIN;
use crate::world::World;
use alloy::{
    primitives::{
        Address, B256, Bytes, U256,
        aliases::{U48, U96},
        keccak256,
    },
    sol_types::SolStruct,
};
use coreprover_bindings::{HashedTimelock, LockTerms, authorization::Funding, messages::EarlyRefund, timelock_domain};
use sha2::{Digest, Sha256};

impl World {
    /// A lock of the buyer for the seller, and its secret.
    pub(crate) async fn lock_of(&mut self, token: Address) -> (HashedTimelock::Lock, B256) {
        let (now, secret) = (self.anvil.now().await, self.next());
        let lock = LockTerms {
            sender: self.buyer(),
            receiver: self.seller(),
            token,
            amount: U96::from(7_000),
            timelock: U48::from(now + 7_200),
            lock_deadline: U48::from(now + 1_000),
            hashlock: B256::from_slice(&Sha256::digest(secret)),
            session_id: keccak256("a session"),
            ..LockTerms::default()
        };
        (lock.pack(), secret)
    }

    /// The receiver gives one back himself, and another by his signature; a third is locked by the sender's.
    pub(super) async fn early_refunds(&mut self) {
        let stranger = self.anvil.accounts[6];
        for signed in [false, true] {
            let (terms, _) = self.lock_of(self.usd).await;
            self.send(self.buyer(), self.htlc, HashedTimelock::lockCall { terms: terms.clone() }).await;
            let message = EarlyRefund { lockId: terms.id(CHAIN, self.htlc) };
            let digest = message.eip712_signing_hash(&timelock_domain(CHAIN, self.htlc));
            let (by, signature) = match signed {
                true => (stranger, self.sign(self.seller(), digest)),
                false => (self.seller(), Bytes::new()),
            };
            self.send(by, self.htlc, HashedTimelock::refundBySigCall { terms, signature }).await;
        }
        let (terms, secret) = self.lock_of(self.usd).await;
        let message = Funding::lock(&terms, CHAIN, self.htlc).receive();
        let signature = self.sign(self.buyer(), message.eip712_signing_hash(&self.token_domain(self.usd)));
        // EIP-3009
        let call = HashedTimelock::lockBySigCall { terms: terms.clone(), source: 1, signature };
        self.send(stranger, self.htlc, call).await;
        let (other, second) = self.lock_of(Address::ZERO).await;
        let call = HashedTimelock::lockCall { terms: other.clone() };
        self.pay(self.buyer(), self.htlc, call, U256::from(7_000)).await;
        // the middle one is none: it is passed over
        let wrong = HashedTimelock::Claim { terms: terms.clone(), preimage: second };
        let claims = vec![
            HashedTimelock::Claim { terms, preimage: secret },
            wrong,
            HashedTimelock::Claim { terms: other, preimage: second },
        ];
        self.send(stranger, self.htlc, HashedTimelock::claimBatchCall { claims }).await;
    }
}
