//! A token that does not pay everybody: what could not be paid is owed, and taken later.

use crate::world::World;
use alloy::{
    primitives::{Address, B256, U256},
    sol_types::SolCall,
};
use coreprover_bindings::{
    CoreProverEscrow, HashedTimelock, TestUSD,
    TgpRouter::{self, Hop},
};

alloy::sol! {
    /// Of the token below.
    function setCannotReceive(address account, bool cannot);
}

/// `TestUSD` behind a door: who may not be paid is kept under the complement of his address, where `TestUSD` has nothing;
/// everything else is handed on.
fn token(implementation: Address) -> Vec<u8> {
    const SELECTOR: [u8; 6] = [0x60, 0x00, 0x35, 0x60, 0xe0, 0x1c];
    let is = |selector: [u8; 4]| [&[0x63][..], &selector, &[0x14]].concat();
    let is_transfer = is(TestUSD::transferCall::SELECTOR);
    let is_transfer_from = is(TestUSD::transferFromCall::SELECTOR);
    let is_set = is(setCannotReceiveCall::SELECTOR);
    let code = [
        &SELECTOR[..],
        // his address: the first argument, and of transferFrom the second
        &[0x80],
        &is_transfer_from,
        &[0x60, 0x05, 0x1b, 0x60, 0x04, 0x01, 0x35, 0x19],
        // a transfer, and to him not
        &[0x81],
        &is_transfer,
        &[0x82],
        &is_transfer_from,
        &[0x17, 0x81, 0x54, 0x16, 0x60, 0x61, 0x57],
        &[0x90],
        &is_set,
        &[0x60, 0x65, 0x57],
        // handed on
        &[0x36, 0x5f, 0x5f, 0x37, 0x5f, 0x5f, 0x36, 0x5f, 0x73],
        implementation.as_slice(),
        &[0x5a, 0xf4, 0x3d, 0x5f, 0x5f, 0x3e, 0x60, 0x5d, 0x57, 0x3d, 0x5f, 0xfd, 0x5b, 0x3d, 0x5f, 0xf3],
        // refused
        &[0x5b, 0x5f, 0x5f, 0xfd],
        // set
        &[0x5b, 0x60, 0x24, 0x35, 0x90, 0x55, 0x00],
    ]
    .concat();
    let length = u8::try_from(code.len()).expect("short");
    [&[0x60, length, 0x80, 0x60, 0x09, 0x5f, 0x39, 0x5f, 0xf3][..], &code].concat()
}

impl World {
    /// A token of which buyer and seller have some.
    async fn one_way_token(&self) -> Address {
        let token = self.anvil.deploy(self.anvil.accounts[0], token(self.usd)).await;
        for party in [self.buyer(), self.seller()] {
            self.send(party, token, TestUSD::mintCall { to: party, amount: U256::from(u64::MAX) }).await;
            for spender in [self.escrow, self.htlc, self.router] {
                self.send(party, token, TestUSD::approveCall { spender, value: U256::MAX }).await;
            }
        }
        token
    }

    async fn may_be_paid(&self, token: Address, account: Address, may: bool) {
        self.send(self.buyer(), token, setCannotReceiveCall { account, cannot: !may }).await;
    }

    /// A seller is owed for two orders at once, of which one was paid by parts; somebody sends it to him when he can take it.
    pub(super) async fn refused_payouts(&mut self) {
        let (token, seller) = (self.one_way_token().await, self.seller());
        self.may_be_paid(token, seller, false).await;
        for cumulative in [&[250_000, 700_000, 1_000_000][..], &[1_000_000]] {
            let terms = self.order(|order| (order.token, order.policy) = (token, 8)).await;
            self.create(&terms, B256::ZERO, 0).await;
            self.commit_with(&terms, B256::ZERO, 0).await;
            for cumulative in cumulative {
                let (terms, cumulative) = (terms.clone(), U256::from(*cumulative));
                let call = CoreProverEscrow::releaseCall { terms, cumulative, voucher: Default::default() };
                self.send(self.buyer(), self.escrow, call).await;
            }
        }
        self.may_be_paid(token, seller, true).await;
        self.send(self.buyer(), self.escrow, CoreProverEscrow::withdrawCall { token, party: seller }).await;
    }

    /// The receiver of a lock takes what he is owed elsewhere; what the sender is owed of another stays.
    pub(super) async fn refused_locks(&mut self) {
        let (token, to) = (self.one_way_token().await, self.anvil.accounts[6]);
        let ((claimed, secret), (refunded, _)) = (self.lock_of(token).await, self.lock_of(token).await);
        for terms in [&claimed, &refunded] {
            self.send(self.buyer(), self.htlc, HashedTimelock::lockCall { terms: terms.clone() }).await;
        }
        for party in [self.buyer(), self.seller()] {
            self.may_be_paid(token, party, false).await;
        }
        self.send(to, self.htlc, HashedTimelock::claimCall { terms: claimed, preimage: secret }).await;
        self.send(self.seller(), self.htlc, HashedTimelock::withdrawToCall { token, to }).await;
        self.anvil.pass(7_260).await;
        self.send(to, self.htlc, HashedTimelock::refundCall { terms: refunded }).await;
    }

    /// A hop cannot be paid: of a charge its share is the buyer's still, of a split it goes back to him, or is owed to him.
    pub(super) async fn refused_hops(&mut self) {
        let (token, buyer) = (self.one_way_token().await, self.buyer());
        let hops: Vec<Hop> = [3, 4].map(|place| Hop { payee: self.anvil.accounts[place], feeBps: 50 }).into();
        self.may_be_paid(token, self.anvil.accounts[3], false).await;
        self.charge(token, hops.clone()).await;
        self.settle_split(token, hops.clone()).await;
        self.may_be_paid(token, buyer, false).await;
        self.settle_split(token, hops).await;
        self.may_be_paid(token, buyer, true).await;
        self.send(self.seller(), self.router, TgpRouter::withdrawCall { token, party: buyer }).await;
    }
}
