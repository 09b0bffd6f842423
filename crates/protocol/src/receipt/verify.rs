use super::{OrderOutcome, OrderReceipt, Receipt, SettlementProof};
use crate::{
    Error, Reason, Result,
    session::FinalBlock,
    value::{Amount, ChainId, EvmAddress, Id, Sha256Digest, Word},
};
use alloy_primitives::{B256, keccak256};

/// What the one who checks a receipt asked for and paid for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expected {
    /// The digest of the request.
    pub request: Sha256Digest,
    /// The session.
    pub session_id: Id,
    /// The chain: a coin and a contract's address are something else on another one.
    pub chain: ChainId,
    /// The seller's wallet: anybody can make an order that names the session and pay himself.
    pub seller: EvmAddress,
    /// The order's key, where it is a simple one: it names no session, and without its key it counts for none.
    pub simple_order: Option<Word>,
    /// The token.
    pub token: EvmAddress,
    /// The amount.
    pub amount: Amount,
    /// The policy of the quote.
    pub policy_hash: Sha256Digest,
    /// The escrows whose receipts count: from the attribute registry.
    pub minters: Vec<EvmAddress>,
}

/// What the chain shows of one settlement, read by the one who checks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChainFact {
    /// The receipt, from the log.
    pub receipt: OrderReceipt,
    /// What the contracts keep of it: the order's slot, or the whole hash for a simple order.
    pub kept: Word,
    /// The transaction.
    pub tx: Word,
    /// The block's hash.
    pub block_hash: Word,
    /// The log's place in the block.
    pub log_index: u64,
    /// The block's number.
    pub block: u64,
    /// The last block that is final.
    pub last_final: u64,
}

/// Holds a receipt against a request and the chain, and gives what the seller got.
///
/// In this order: request, session, amount and policy are the ones asked for; each settlement is on the chain where the
/// receipt says, on the chain that was asked for, kept by an escrow that counts, of this session and to this seller, and
/// final; together they paid no more than was asked; the delivery is the evidence that the escrow recorded. That the
/// three parts are there, a [`Receipt`] is itself the proof of.
///
/// # Errors
/// Each step has a reason of its own: [`Reason::OtherRequest`], [`Reason::OtherAmount`], [`Reason::OtherSettlement`],
/// [`Reason::OtherDelivery`], [`Reason::HashMismatch`]; [`Reason::NotOnChain`] and [`Reason::NotFinalYet`] are no
/// failures: ask again.
pub fn verify(receipt: &Receipt, expected: &Expected, facts: &[ChainFact]) -> Result<Amount> {
    let bindings = receipt.bindings();
    let in_bindings = |reason: Reason, name: &'static str| Error::from(reason).within(name).within("bindings");
    if bindings.request != expected.request {
        return Err(in_bindings(Reason::OtherRequest, "request"));
    }
    if bindings.session_id != expected.session_id {
        return Err(in_bindings(Reason::OtherRequest, "session_id"));
    }
    if bindings.token != expected.token {
        return Err(in_bindings(Reason::OtherAmount, "token"));
    }
    if bindings.amount != expected.amount {
        return Err(in_bindings(Reason::OtherAmount, "amount"));
    }
    if receipt.policy_hash() != expected.policy_hash {
        return Err(Error::from(Reason::HashMismatch).within("policy_hash"));
    }
    let mut paid = Amount::ZERO;
    let mut orders = Vec::new();
    for (place, proof) in receipt.settlement_proofs().iter().enumerate() {
        let at = |error: Error| error.within(place).within("settlement_proofs");
        if orders.contains(&(proof.chain, proof.minter, proof.order_id)) {
            // one payment shown twice is one payment
            return Err(at(Error::from(Reason::OtherSettlement).within("order_id")));
        }
        orders.push((proof.chain, proof.minter, proof.order_id));
        let fact = check_settlement(proof, expected, facts).map_err(at)?;
        paid = paid.0.checked_add(fact.receipt.paid.0).map(Amount).ok_or(Reason::OtherAmount)?;
        // no evidence is zero on the chain
        let delivery = bindings.delivery.map_or(B256::ZERO, |delivery| delivery.0);
        if delivery != fact.receipt.evidence.0 {
            return Err(in_bindings(Reason::OtherDelivery, "delivery"));
        }
    }
    if paid > expected.amount { Err(in_bindings(Reason::OtherAmount, "amount")) } else { Ok(paid) }
}

/// One settlement: it is where the receipt says, of this chain, session, seller and token, kept by the escrow, and final.
fn check_settlement<'f>(proof: &SettlementProof, expected: &Expected, facts: &'f [ChainFact]) -> Result<&'f ChainFact> {
    let other = |name: &'static str| Err(Error::from(Reason::OtherSettlement).within(name));
    if proof.chain != expected.chain {
        return other("chain");
    }
    if !expected.minters.contains(&proof.minter) {
        return other("minter");
    }
    let shows = |fact: &&ChainFact| {
        let receipt = &fact.receipt;
        (receipt.chain, receipt.minter, receipt.order_id) == (proof.chain, proof.minter, proof.order_id)
    };
    let fact = facts.iter().find(shows).ok_or(Reason::NotOnChain)?;
    let receipt = &fact.receipt;
    let hash = receipt.receipt_hash();
    if hash != proof.receipt_hash {
        return Err(Error::from(Reason::HashMismatch).within("receipt_hash"));
    }
    let simple = receipt.outcome == OrderOutcome::Simple;
    let kept = if simple { fact.kept == hash } else { receipt.is_in_slot(fact.kept) };
    let session = Word(keccak256(expected.session_id.as_str()));
    let asked = if simple { expected.simple_order == Some(receipt.order_id) } else { receipt.session_id == session };
    if !kept || !asked || receipt.seller != expected.seller {
        return other("order_id");
    }
    if receipt.token != expected.token {
        return Err(Error::from(Reason::OtherAmount).within("order_id"));
    }
    if fact.tx != proof.tx {
        return other("tx");
    }
    if fact.block_hash != proof.block_hash {
        return other("block_hash");
    }
    if fact.log_index != proof.log_index {
        return other("log_index");
    }
    FinalBlock::check(fact.block, fact.last_final)?;
    Ok(fact)
}
