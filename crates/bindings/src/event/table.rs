//! Every event of every contract, and the structs inside, with their fields.
//!
//! Generated from the ABIs by `make generate`: do not edit.

use super::{Contract, Event, LogError, decode};
use crate::{CoreProverEscrow, HashedTimelock, ReceiptVault, TgpRouter, VerifierRegistry, fields::Field};
use alloy::{
    primitives::{B256, LogData},
    sol_types::SolEvent,
};
use serde_json::Value;

crate::fields::object! {
    CoreProverEscrow::Terms { buyer, seller, payment, counter, feeReceiver, arbiter, verifier, deliveryCircuit, rules, times, sessionId, offerHash, salt }
    HashedTimelock::Lock { senderTimes, receiverAmount, tokenSalt, hashlock, sessionId }
    TgpRouter::Hop { payee, feeBps }
    TgpRouter::Route { buyer, seller, token, cap, maxFeesBps, expiry, sessionId, salt, hops }
    IVerifierRegistry::Verifier { activeFrom, deprecatedAt, revokedAt, nPublic, dev, delivery, selector, r#impl, aggregator, codeHash, vkHash, ceremony }
}

super::events! {
    Escrow = CoreProverEscrow::CoreProverEscrowEvents {
        Collected { orderId, role, token, recipient, amount, relayer, fee }
        Disputed { orderId, reason, clock, unfulfilled }
        EvidenceAdded { orderId, evidence, deliveredAt }
        Fulfilled { orderId, evidence, deliveredAt, clock }
        Held { orderId, role, token, amount }
        OrderCreated { orderId, buyer, seller, payer, receiptAddress, terms }
        OrderEnded { orderId, state, outcome, toBuyer, toSeller, fee, bondToBuyer, disputeToBuyer, arbiterFee, evidence }
        Owed { token, party, amount }
        Released { orderId, cumulative }
        SellerCommitted { orderId, businessName, businessLicense, documentHash, deliveryCommitment }
        SimpleDepositCommitted { key }
        SimpleLegPaid { key, to, amount, state }
        SimpleOrderCreated { key, buyer, seller, orderId, amount, commitmentDeadline, claimDeadline, timedRelease }
        SimpleRefunded { key, buyer, amount }
        SimpleSignatureCommitted { key, businessName, businessLicense, documentHash }
        Withdrawn { token, party, to, amount }
    }
    Vault = ReceiptVault::ReceiptVaultEvents {
        Approval { owner, account, id }
        ApprovalForAll { owner, operator, isApproved }
        BatchAnchored { sender, root }
        Locked { tokenId }
        ReceiptIssued { orderId, buyer, seller, sessionId, offerHash, token, paid, refunded, fee, outcome, settledAt, evidence, receiptAddress, deliveryCommitment }
        Transfer { from, to, id }
    }
    Timelock = HashedTimelock::HashedTimelockEvents {
        Claimed { lockId, secret }
        Locked { lockId, terms }
        Owed { token, party, amount }
        Refunded { lockId, early }
        Withdrawn { token, party, to, amount }
    }
    Router = TgpRouter::TgpRouterEvents {
        Charged { routeId, cumulative, toSeller, toHops }
        HopSkipped { id, payee, share }
        Owed { token, party, amount }
        RouteClosed { routeId }
        RouteOpened { routeId, sessionId, route }
        SplitSettled { splitId, sessionId, buyer, seller, token, amount, toSeller, toHops }
        Withdrawn { token, party, to, amount }
    }
    Registry = VerifierRegistry::VerifierRegistryEvents {
        AggregatorChanged { circuit, from, to }
        AggregatorOffered { circuit, from, to }
        GuardianChanged { from, to }
        GuardianOffered { from, to }
        VerifierDeprecated { circuit, version }
        VerifierProposed { circuit, version, verifier }
        VerifierRevoked { circuit, version, by }
    }
}
