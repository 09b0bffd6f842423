//! The tables against what the contracts store.

use super::{compare::Comparison, pages::Pages};
use crate::{
    Result,
    node::{Endpoints, Node, NodesError},
};
use alloy::{
    primitives::{Address, B256, Bytes, U256, aliases::U48},
    sol_types::{SolCall, SolValue},
};
use coreprover_bindings::{CoreProverEscrow, HashedTimelock, ReceiptVault, TgpRouter, VerifierRegistry};
use coreprover_store::{
    BlockRef, ChainStore, Record, Row, StoreError, Table,
    table::{Held, Lock, LockState, Order, Owed, Receipt, Role, Route, Verifier},
};
use std::sync::Arc;
use tgp_protocol::{receipt::OrderOutcome, value::EvmAddress};

/// A question to a contract, the answer that the row promises, and the columns that it promises it by.
struct Promise {
    to: Address,
    call: Vec<u8>,
    answer: Vec<u8>,
    columns: Vec<&'static str>,
}

impl Promise {
    fn new<C: SolCall>(to: EvmAddress, call: &C, answer: Vec<u8>, columns: &[&'static str]) -> Self {
        Self { to: to.0, call: call.abi_encode(), answer, columns: columns.to_vec() }
    }
}

/// Compares every row of a chain with what its contract stores after a block, which must be where the store stands.
///
/// Anchors and the counts of parties are nowhere in storage and are not compared.
///
/// # Errors
/// When the store or the nodes do not answer.
pub async fn verify<S: ChainStore, N: Node>(
    store: &S,
    nodes: &Endpoints<N>,
    chain: u64,
    at: BlockRef,
) -> Result<Comparison> {
    let mut comparison = Comparison::default();
    let mut tables = Tables { store, nodes, chain, at, comparison: &mut comparison };
    tables.check(order).await?;
    tables.check(receipt).await?;
    tables.check(lock).await?;
    tables.check(verifier).await?;
    tables.check(role).await?;
    tables.check(route).await?;
    tables.check(owed).await?;
    tables.check(held).await?;
    Ok(comparison)
}

struct Tables<'a, S, N> {
    store: &'a S,
    nodes: &'a Endpoints<N>,
    chain: u64,
    at: BlockRef,
    comparison: &'a mut Comparison,
}

impl<S: ChainStore, N: Node> Tables<'_, S, N> {
    async fn check<R: Row>(&mut self, promises: fn(&R) -> Vec<Promise>) -> Result<()> {
        let mut pages = Pages::new(self.store, R::TABLE, self.chain);
        loop {
            let rows = pages.next().await?;
            if rows.is_empty() || self.comparison.is_full() {
                return Ok(());
            }
            let promised = rows.iter().map(|row| Ok(promises(&R::from_record(row.clone())?)));
            let promised = promised.collect::<Result<Vec<_>, StoreError>>()?;
            let answers = self.ask(promised.iter().flatten()).await?;
            self.judge(R::TABLE, &rows, &promised, answers);
        }
    }

    async fn ask(&self, promises: impl Iterator<Item = &Promise>) -> Result<Vec<Bytes>, NodesError> {
        let calls: Vec<(Address, Bytes)> = promises.map(|it| (it.to, Bytes::from(it.call.clone()))).collect();
        let question = |node: Arc<N>| {
            let (calls, block) = (calls.clone(), self.at.hash);
            async move { node.calls(calls, block).await }
        };
        self.nodes.ask(question).await.map(|(_, answers)| answers)
    }

    fn judge(&mut self, table: &'static Table, rows: &[Record], promised: &[Vec<Promise>], answers: Vec<Bytes>) {
        let mut answers = answers.into_iter();
        for (row, promises) in rows.iter().zip(promised) {
            self.comparison.rows += 1;
            let mut columns = Vec::new();
            for promise in promises {
                if answers.next().is_none_or(|answer| *answer != *promise.answer) {
                    columns.extend(&promise.columns);
                }
            }
            if !columns.is_empty() {
                self.comparison.differ(table, row, columns);
            }
        }
    }
}

fn order(row: &Order) -> Vec<Promise> {
    let id = row.id.0;
    let Some(raw) = row.raw_id else {
        let slot =
            Promise::new(row.contract, &CoreProverEscrow::slotCall { orderId: id }, row.slot.0.to_vec(), &["slot"]);
        let shields = [(0, row.buyer_shield, "buyer_shield"), (1, row.seller_shield, "seller_shield")];
        let shields = shields.map(|(role, shield, column)| {
            let call = CoreProverEscrow::shieldCall { orderId: id, role };
            Promise::new(row.contract, &call, shield.0.to_vec(), &[column])
        });
        return std::iter::once(slot).chain(shields).collect();
    };
    let timed = row.timed_release != 0;
    let ten = (
        (row.buyer.0, row.seller.0, row.amount.0, row.deposit.0, U256::from(row.state)),
        (U256::from(row.created_at), U256::from(row.commit_by), U256::from(row.deliver_by), timed),
        U256::from(row.timed_release),
    );
    let columns =
        ["buyer", "seller", "amount", "deposit", "state", "created_at", "commit_by", "deliver_by", "timed_release"];
    let call = CoreProverEscrow::escrowsCall { orderId: raw.0 };
    let (parties, times, release) = ten;
    let answer = [parties.abi_encode(), times.abi_encode(), release.abi_encode()].concat();
    vec![Promise::new(row.contract, &call, answer, &columns)]
}

/// That of a terms order is in the order's slot.
fn receipt(row: &Receipt) -> Vec<Promise> {
    if row.outcome != OrderOutcome::Simple.number() {
        return Vec::new();
    }
    let call = ReceiptVault::simpleReceiptCall { key: row.order_id.0 };
    vec![Promise::new(row.contract, &call, row.receipt_hash.0.to_vec(), &["receipt_hash"])]
}

fn lock(row: &Lock) -> Vec<Promise> {
    // none, open, released for ever
    let state = match row.state {
        state if state == LockState::Locked as u8 => 1,
        state if state == LockState::Released as u8 => 2,
        _ => 0,
    };
    let call = HashedTimelock::stateOfCall { lockId: row.id.0 };
    vec![Promise::new(row.contract, &call, U256::from(state).abi_encode(), &["state"])]
}

fn verifier(row: &Verifier) -> Vec<Promise> {
    let call = VerifierRegistry::verifierOfCall { circuit: row.circuit.0, version: U48::from(row.version) };
    // the selector follows from the number of inputs
    let arguments = format!("verifyProof(uint256[2],uint256[2][2],uint256[2],uint256[{}])", row.public_inputs);
    let selector = alloy::primitives::keccak256(arguments);
    let number = |number: u64| B256::from(U256::from(number));
    let answer = [
        number(row.active_from),
        number(row.deprecated_at),
        number(row.revoked_at),
        number(row.public_inputs.into()),
        number(row.dev.into()),
        number(row.delivery.into()),
        B256::right_padding_from(&selector[..4]),
        row.verifier.0.into_word(),
        row.aggregator.0.into_word(),
        row.code_hash.0,
        row.vk_hash.0,
        row.ceremony.0,
    ];
    let columns: Vec<&'static str> = Verifier::TABLE.columns.iter().skip(4).map(|column| column.name).collect();
    vec![Promise::new(row.contract, &call, answer.concat(), &columns)]
}

fn role(row: &Role) -> Vec<Promise> {
    let holder = row.holder.unwrap_or_default().0.abi_encode();
    let offered = row.offered.unwrap_or_default().0.abi_encode();
    let (holds, waits) = if row.circuit.0.is_zero() {
        (VerifierRegistry::guardianCall {}.abi_encode(), VerifierRegistry::pendingGuardianCall {}.abi_encode())
    } else {
        let circuit = row.circuit.0;
        let waits = VerifierRegistry::pendingAggregatorOfCall { circuit };
        (VerifierRegistry::aggregatorOfCall { circuit }.abi_encode(), waits.abi_encode())
    };
    let to = row.contract.0;
    vec![
        Promise { to, call: holds, answer: holder, columns: vec!["holder"] },
        Promise { to, call: waits, answer: offered, columns: vec!["offered"] },
    ]
}

/// Of a split the token keeps the nonce, and the router nothing.
fn route(row: &Route) -> Vec<Promise> {
    if row.split {
        return Vec::new();
    }
    let call = TgpRouter::meterCall { routeId: row.id.0 };
    let answer = [row.charged.0.abi_encode(), row.closed.abi_encode()].concat();
    vec![Promise::new(row.contract, &call, answer, &["charged", "closed"])]
}

fn owed(row: &Owed) -> Vec<Promise> {
    let call = CoreProverEscrow::owedCall { token: row.token.0, party: row.party.0 };
    vec![Promise::new(row.contract, &call, row.amount.0.abi_encode(), &["amount"])]
}

fn held(row: &Held) -> Vec<Promise> {
    let call = CoreProverEscrow::heldCall { orderId: row.order_id.0, role: row.role, token: row.token.0 };
    vec![Promise::new(row.contract, &call, row.amount.0.abi_encode(), &["amount"])]
}
