//! The contracts on a local chain, and people who use every part of them.

use crate::anvil::Anvil;
use alloy::{
    primitives::{
        Address, B256, Bytes, U256,
        aliases::{U40, U48, U96},
        b256, keccak256,
    },
    sol_types::{SolCall, SolValue},
};
use coreprover_bindings::{
    CoreProverEscrow, HashedTimelock, Order, ReceiptVault, TestUSD, TgpRouter, VerifierRegistry,
};
use coreprover_indexer::{Chain, Contract, Contracts, Limits};
use k256::ecdsa::SigningKey;
use sha2::{Digest, Sha256};
use std::{sync::Arc, time::Duration};
use tgp_protocol::chain_profile::{FinalityRule, Wait};

/// Those of anvil's accounts 1 and 2, and of 5.
const BUYER: B256 = b256!("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d");
const SELLER: B256 = b256!("5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a");
const ATTESTER: B256 = b256!("8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba");

const TIMED: u8 = 4;
const PARTIAL: u8 = 8;

pub(crate) struct World {
    pub(crate) anvil: Anvil,
    pub(crate) escrow: Address,
    pub(crate) vault: Address,
    pub(crate) htlc: Address,
    pub(crate) router: Address,
    pub(crate) registry: Address,
    pub(crate) usd: Address,
    /// A contract that takes no money.
    refuser: Address,
    salt: u64,
}

impl World {
    pub(crate) async fn new(options: &[&str]) -> Self {
        let anvil = Anvil::start(options).await;
        let [owner, buyer, seller, ..] = anvil.accounts[..] else { panic!("anvil has accounts") };
        let with = |code: &Bytes, arguments: Vec<u8>| [code.to_vec(), arguments].concat();
        let usd = anvil.deploy(owner, TestUSD::BYTECODE.to_vec()).await;
        let registry =
            anvil.deploy(owner, with(&VerifierRegistry::BYTECODE, (owner, owner, 0_u64).abi_encode_params())).await;
        let wired = (Address::ZERO, registry, Address::ZERO).abi_encode_params();
        let escrow = anvil.deploy(owner, with(&CoreProverEscrow::BYTECODE, wired)).await;
        let vault = Address::from_word(B256::from_slice(
            &anvil.call(escrow, CoreProverEscrow::vaultCall {}.abi_encode()).await,
        ));
        let htlc = anvil.deploy(owner, with(&HashedTimelock::BYTECODE, Address::ZERO.abi_encode())).await;
        let router = anvil.deploy(owner, TgpRouter::BYTECODE.to_vec()).await;
        // its code is `revert(0, 0)`
        let refuser =
            anvil.deploy(owner, vec![0x64, 0x60, 0, 0x60, 0, 0xfd, 0x5f, 0x52, 0x60, 5, 0x60, 27, 0xf3]).await;
        let world = Self { anvil, escrow, vault, htlc, router, registry, usd, refuser, salt: 0 };
        for party in [buyer, seller] {
            world.send(party, usd, TestUSD::mintCall { to: party, amount: U256::from(u64::MAX) }).await;
            for spender in [escrow, htlc, router] {
                world.send(party, usd, TestUSD::approveCall { spender, value: U256::MAX }).await;
            }
        }
        world
    }

    pub(crate) fn contracts(&self) -> Contracts {
        Contracts::new([
            (self.escrow.into(), Contract::Escrow),
            (self.vault.into(), Contract::Vault { escrow: self.escrow.into() }),
            (self.htlc.into(), Contract::Timelock),
            (self.router.into(), Contract::Router),
            (self.registry.into(), Contract::Registry),
        ])
    }

    /// Blocks are final so many blocks deep.
    pub(crate) fn chain(&self, depth: u64) -> Chain {
        Chain {
            number: 31337,
            contracts: Arc::new(self.contracts()),
            start: 1,
            finality: Wait { rule: FinalityRule::Depth, blocks: depth, seconds: 0 },
            limits: Limits { poll: Duration::from_millis(20), ..Limits::default() },
        }
    }

    pub(crate) fn buyer(&self) -> Address {
        self.anvil.accounts[1]
    }

    pub(crate) fn seller(&self) -> Address {
        self.anvil.accounts[2]
    }

    /// Signs what the contracts ask of buyer, seller and attester.
    pub(crate) fn sign(&self, who: Address, digest: B256) -> Bytes {
        let keys = [(1, BUYER), (2, SELLER), (5, ATTESTER)];
        let key =
            keys.iter().find(|(place, _)| self.anvil.accounts[*place] == who).expect("somebody whose key is known").1;
        let key = SigningKey::from_slice(key.as_slice()).expect("a key");
        let (signature, parity) = key.sign_prehash_recoverable(digest.as_slice()).expect("a signature");
        [&signature.to_bytes()[..], &[27 + parity.to_byte()]].concat().into()
    }

    pub(crate) async fn send<C: SolCall>(&self, from: Address, to: Address, call: C) {
        self.pay(from, to, call, U256::ZERO).await;
    }

    pub(crate) async fn pay<C: SolCall>(&self, from: Address, to: Address, call: C, value: U256) {
        self.anvil.send(from, Some(to), call.abi_encode(), value).await;
    }

    pub(crate) fn next(&mut self) -> B256 {
        self.salt += 1;
        keccak256(self.salt.to_be_bytes())
    }

    /// Terms with deadlines an hour, two and three from now.
    pub(crate) async fn order(&mut self, change: impl FnOnce(&mut Order)) -> CoreProverEscrow::Terms {
        let now = self.anvil.now().await;
        let mut order = Order {
            buyer: self.buyer(),
            seller: self.seller(),
            token: self.usd,
            amount: U96::from(1_000_000),
            max_fee_bps: 100,
            fund_by: U40::from(now + 3_600),
            commit_by: U40::from(now + 3_600),
            deliver_by: U40::from(now + 2 * 3_600),
            review_window: U48::from(3_600),
            session_id: keccak256("a session"),
            offer_hash: keccak256("an offer"),
            salt: self.next(),
            ..Order::default()
        };
        change(&mut order);
        order.pack().into()
    }

    pub(crate) async fn create(&self, terms: &CoreProverEscrow::Terms, receipt_address: B256, value: u64) {
        let call = CoreProverEscrow::createCall {
            terms: terms.clone(),
            source: 0,
            receiptAddress: receipt_address,
            auth: Bytes::new(),
        };
        self.pay(self.buyer(), self.escrow, call, U256::from(value)).await;
    }

    async fn commit(&self, terms: &CoreProverEscrow::Terms) {
        self.commit_with(terms, B256::ZERO, 0).await;
    }

    pub(crate) async fn commit_with(&self, terms: &CoreProverEscrow::Terms, shield: B256, value: u64) {
        let commitment = CoreProverEscrow::Commitment {
            businessName: "Mario".into(),
            businessLicense: "L-1".into(),
            documentHash: B256::ZERO,
            deliveryCommitment: shield,
            signature: Bytes::new(),
        };
        let call =
            CoreProverEscrow::commitCall { terms: terms.clone(), commitment, bondSource: 0, bondAuth: Bytes::new() };
        self.pay(self.seller(), self.escrow, call, U256::from(value)).await;
    }

    /// Something in every table. Chain time passes by weeks.
    pub(crate) async fn every_table(&mut self) {
        self.timed_order_whose_fee_is_refused().await;
        self.disputed_order().await;
        self.metered_order().await;
        self.refunded_order().await;
        self.shielded_order().await;
        self.simple_orders().await;
        self.locks().await;
        self.route().await;
        self.roles().await;
        self.anchor().await;
    }

    pub(crate) async fn timed_order_whose_fee_is_refused(&mut self) {
        let refuser = self.refuser;
        let terms = self
            .order(|order| {
                order.token = Address::ZERO;
                order.policy = TIMED;
                order.timed_release = order.deliver_by + U40::from(7_200);
                (order.fee_bps, order.fee_receiver) = (100, refuser);
            })
            .await;
        self.create(&terms, B256::ZERO, 1_000_000).await;
        self.commit(&terms).await;
        self.anvil.pass(4 * 3_600 + 60).await;
        self.send(self.seller(), self.escrow, CoreProverEscrow::claimCall { terms, evidence: B256::ZERO }).await;
    }

    pub(crate) async fn dispute(&self, terms: &CoreProverEscrow::Terms) {
        let call = CoreProverEscrow::disputeCall {
            terms: terms.clone(),
            reason: keccak256("cold"),
            deadline: U256::MAX,
            buyerAuth: Bytes::new(),
            bondSource: 0,
            bondAuth: Bytes::new(),
        };
        self.send(self.buyer(), self.escrow, call).await;
    }

    pub(crate) async fn disputed_order(&mut self) {
        let arbiter = self.anvil.accounts[3];
        let terms = self
            .order(|order| {
                order.arbiter = arbiter;
                (order.counter_token, order.counter_amount) = (order.token, U96::from(1_000_000));
                (order.slash_bps, order.dispute_bond_bps, order.arbiter_fee_bps) = (5_000, 500, 100);
                order.deliver_by = order.commit_by + U40::from(7_200);
                order.dispute_window = U48::from(86_400);
            })
            .await;
        let evidence = keccak256("evidence");
        self.create(&terms, B256::ZERO, 0).await;
        self.commit(&terms).await;
        self.send(self.seller(), self.escrow, CoreProverEscrow::fulfilCall { terms: terms.clone(), evidence }).await;
        self.dispute(&terms).await;
        // the arbiter stays silent
        self.anvil.pass(86_460).await;
        self.send(arbiter, self.escrow, CoreProverEscrow::resolveBySilenceCall { terms, evidence }).await;
    }

    pub(crate) async fn metered_order(&mut self) {
        let terms = self.order(|order| order.policy = PARTIAL).await;
        self.create(&terms, B256::ZERO, 0).await;
        self.commit(&terms).await;
        for cumulative in [250_000, 600_000] {
            let cumulative = U256::from(cumulative);
            let call = CoreProverEscrow::releaseCall { terms: terms.clone(), cumulative, voucher: Bytes::new() };
            self.send(self.buyer(), self.escrow, call).await;
        }
        self.anvil.pass(4 * 3_600).await;
        self.send(self.buyer(), self.escrow, CoreProverEscrow::refundCall { terms }).await;
    }

    pub(crate) async fn refunded_order(&mut self) {
        let terms = self.order(|_| {}).await;
        self.create(&terms, B256::ZERO, 0).await;
        self.anvil.pass(2 * 3_600).await;
        self.send(self.seller(), self.escrow, CoreProverEscrow::refundCall { terms }).await;
    }

    pub(crate) async fn shielded_order(&mut self) {
        let owner = self.anvil.accounts[0];
        let circuit = keccak256("TGP.ZKB-01");
        let version = U48::from(self.salt + 1);
        let propose = VerifierRegistry::proposeCall {
            circuit,
            version,
            r#impl: self.usd,
            vkHash: keccak256("key"),
            ceremony: keccak256("ceremony"),
            nPublic: 6,
            dev: true,
            delivery: false,
        };
        self.send(owner, self.registry, propose).await;
        let terms = self.order(|order| order.zkb_version = version).await;
        self.create(&terms, keccak256("shielded"), 0).await;
        self.anvil.pass(2 * 3_600).await;
        self.send(self.seller(), self.escrow, CoreProverEscrow::refundCall { terms: terms.clone() }).await;
        self.anvil.pass(31 * 86_400).await;
        let collect = CoreProverEscrow::collectCall { terms, role: 0, token: self.usd };
        self.send(self.seller(), self.escrow, collect).await;
    }

    pub(crate) async fn simple_orders(&mut self) {
        let (exchanged, refunded) = (self.next(), self.next());
        let value = U256::from(1_000);
        for order in [exchanged, refunded] {
            let call = CoreProverEscrow::createEscrowCall {
                orderId: order,
                seller: self.seller(),
                commitmentWindow: U256::from(3_600),
                claimWindow: U256::from(3_600),
                allowsTimedRelease: false,
                timedReleaseDelay: U256::ZERO,
            };
            self.pay(self.buyer(), self.escrow, call, value).await;
        }
        self.pay(self.seller(), self.escrow, CoreProverEscrow::sellerCommitEscrowCall { orderId: exchanged }, value)
            .await;
        self.send(self.seller(), self.escrow, CoreProverEscrow::sellerClaimPaymentCall { orderId: exchanged }).await;
        self.send(self.buyer(), self.escrow, CoreProverEscrow::buyerClaimCounterEscrowCall { orderId: exchanged })
            .await;
        self.anvil.pass(3_700).await;
        self.send(self.seller(), self.escrow, CoreProverEscrow::refundBuyerTimeoutCall { orderId: refunded }).await;
    }

    pub(crate) async fn locks(&mut self) {
        let now = self.anvil.now().await;
        let secret = self.next();
        let hashlock = B256::from_slice(&Sha256::digest(secret));
        let lock = |timelock: u64, salt: u64| {
            let word = |left: Address, right: [u8; 12]| B256::from_slice(&[left.as_slice(), &right].concat());
            let six = |number: u64| number.to_be_bytes()[2..].to_vec();
            let times = [six(timelock), six(now + 1_000)].concat();
            let number = |number: u64| U96::from(number).to_be_bytes::<12>();
            HashedTimelock::Lock {
                senderTimes: word(self.buyer(), times.try_into().expect("twelve bytes")),
                receiverAmount: word(self.seller(), number(5_000)),
                tokenSalt: word(Address::ZERO, number(salt)),
                hashlock,
                sessionId: keccak256("a session"),
            }
        };
        let (claimed, refunded) = (lock(now + 7_200, self.salt), lock(now + 3_600, self.salt));
        for terms in [&claimed, &refunded] {
            let call = HashedTimelock::lockCall { terms: terms.clone() };
            self.pay(self.buyer(), self.htlc, call, U256::from(5_000)).await;
        }
        self.send(self.seller(), self.htlc, HashedTimelock::claimCall { terms: claimed.clone(), preimage: secret })
            .await;
        // the same terms may be locked again
        self.pay(self.buyer(), self.htlc, HashedTimelock::lockCall { terms: claimed }, U256::from(5_000)).await;
        self.anvil.pass(3_660).await;
        self.send(self.seller(), self.htlc, HashedTimelock::refundCall { terms: refunded }).await;
    }

    pub(crate) async fn route(&mut self) {
        let route = self.charge(self.usd, vec![TgpRouter::Hop { payee: self.anvil.accounts[4], feeBps: 50 }]).await;
        self.send(self.buyer(), self.router, TgpRouter::closeRouteCall { route: route.clone() }).await;
        // one that was never charged
        let route = TgpRouter::Route { salt: self.next(), ..route };
        self.send(self.buyer(), self.router, TgpRouter::closeRouteCall { route }).await;
    }

    /// A route that was charged twice.
    pub(crate) async fn charge(&mut self, token: Address, hops: Vec<TgpRouter::Hop>) -> TgpRouter::Route {
        let route = TgpRouter::Route {
            buyer: self.buyer(),
            seller: self.seller(),
            token,
            cap: U96::from(1_000_000),
            maxFeesBps: 100,
            // no column holds it
            expiry: U256::MAX,
            sessionId: keccak256("a session"),
            salt: self.next(),
            hops,
        };
        let id = self.anvil.call(self.router, TgpRouter::routeIdOfCall { route: route.clone() }.abi_encode()).await;
        let id = B256::from_slice(&id);
        for cumulative in [100_000, 400_000] {
            let cumulative = U96::from(cumulative);
            let digest = TgpRouter::chargeDigestCall { routeId: id, cumulative }.abi_encode();
            let digest = B256::from_slice(&self.anvil.call(self.router, digest).await);
            let signature = self.sign(self.buyer(), digest);
            let call = TgpRouter::chargeCall { route: route.clone(), cumulative, signature };
            self.send(self.seller(), self.router, call).await;
        }
        route
    }

    pub(crate) async fn roles(&mut self) {
        let [owner, other, ..] = self.anvil.accounts[..] else { panic!("anvil has accounts") };
        let (circuit, version) = (self.next(), U48::from(1));
        let propose = VerifierRegistry::proposeCall {
            circuit,
            version,
            r#impl: self.usd,
            vkHash: B256::ZERO,
            ceremony: B256::ZERO,
            nPublic: 4,
            dev: true,
            delivery: true,
        };
        self.send(owner, self.registry, propose).await;
        self.send(owner, self.registry, VerifierRegistry::deprecateCall { circuit, version }).await;
        self.send(owner, self.registry, VerifierRegistry::revokeCall { circuit, version }).await;
        self.send(owner, self.registry, VerifierRegistry::transferAggregatorCall { circuit, to: other }).await;
        self.send(other, self.registry, VerifierRegistry::acceptAggregatorCall { circuit }).await;
        self.send(owner, self.registry, VerifierRegistry::transferGuardianCall { to: other }).await;
    }

    pub(crate) async fn anchor(&mut self) {
        let root = self.next();
        self.send(self.seller(), self.vault, ReceiptVault::anchorBatchCall { root }).await;
    }
}
