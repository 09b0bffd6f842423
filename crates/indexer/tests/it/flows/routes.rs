//! Payments that are split at once.

use super::orders::CHAIN;
use crate::world::World;
use alloy::{
    primitives::{Address, Bytes, U256, aliases::U96, keccak256},
    sol_types::{Eip712Domain, SolStruct, eip712_domain},
};
use coreprover_bindings::{
    TgpRouter::{self, Hop},
    authorization::Funding,
};

impl World {
    /// That of the test token, at an address.
    pub(super) fn token_domain(&self, token: Address) -> Eip712Domain {
        eip712_domain! { name: "Test USD", version: "2", chain_id: CHAIN, verifying_contract: token, }
    }

    /// The buyer's authorization of a split; the seller may bring it.
    pub(super) async fn settle_split(&mut self, token: Address, hops: Vec<Hop>) {
        let split = TgpRouter::Split {
            buyer: self.buyer(),
            seller: self.seller(),
            token,
            amount: U96::from(800_000),
            validAfter: U256::ZERO,
            validBefore: U256::MAX,
            sessionId: keccak256("a session"),
            salt: self.next(),
            hops,
        };
        let message = Funding::split(&split, CHAIN, self.router).receive();
        let signature: Bytes = self.sign(self.buyer(), message.eip712_signing_hash(&self.token_domain(token)));
        self.send(self.seller(), self.router, TgpRouter::settleSplitCall { split, signature }).await;
    }

    pub(super) async fn split(&mut self) {
        let [.., first, second] = self.anvil.accounts[..5] else { panic!("anvil has accounts") };
        let hop = |payee, fee| Hop { payee, feeBps: fee };
        self.settle_split(self.usd, vec![hop(first, 50), hop(second, 125)]).await;
        self.settle_split(self.usd, vec![]).await;
    }
}
