use super::{Column, Field, Index, Record, Row, Table};
use crate::{Result, StoreError};
use serde::Serialize;
use tgp_protocol::value::{Amount, EvmAddress, Word};

/// Writes a struct, the table of its fields, and both ways between them: a column that stands in one and not in the
/// other cannot be.
macro_rules! rows {
    ($(
        $(#[doc = $doc:literal])+
        $row:ident in $table:literal, key $key:literal, by [$($index:expr),* $(,)?] {
            $($(#[doc = $about:literal])+ $field:ident: $type:ty,)+
        }
    )+) => {
        /// Every table that is folded from events.
        pub const TABLES: &[&Table] = &[$($row::TABLE),+];

        $(
            $(#[doc = $doc])+
            #[derive(Clone, PartialEq, Eq, Debug, Serialize)]
            pub struct $row {
                $($(#[doc = $about])+ pub $field: $type,)+
            }

            impl Row for $row {
                const TABLE: &'static Table = &Table {
                    name: $table,
                    about: concat!($($doc),+).trim_ascii_start(),
                    columns: &[$(Column {
                        name: stringify!($field),
                        about: concat!($($about),+).trim_ascii_start(),
                        kind: <$type as Field>::KIND,
                        optional: <$type as Field>::OPTIONAL,
                    }),+],
                    key: $key,
                    indexes: &[$($index),*],
                };

                fn to_record(&self) -> Result<Record> {
                    Ok(vec![$(self.$field.put(stringify!($field))?),+])
                }

                fn from_record(record: Record) -> Result<Self> {
                    let mut values = record.into_iter();
                    $(
                        let value = values.next().ok_or_else(|| StoreError::Damaged(stringify!($field).into()))?;
                        let $field = <$type as Field>::take(value, stringify!($field))?;
                    )+
                    Ok(Self { $($field),+ })
                }
            }
        )+
    };
}

const fn by(name: &'static str, equals: &'static [&'static str], order: &'static [&'static str]) -> Index {
    Index { name, equals, order }
}

const CREATED: &[&str] = &["created_block", "created_log"];

rows! {
    /// An order of the escrow, with terms or simple, as its events tell it.
    Order in "orders", key 3, by [
        by("orders_by_buyer", &["chain", "buyer"], CREATED),
        by("orders_by_seller", &["chain", "seller"], CREATED),
        by("orders_by_session", &["session_id"], &["chain", "created_block", "created_log"]),
    ] {
        /// The chain's number.
        chain: u64,
        /// The escrow.
        contract: EvmAddress,
        /// The id of a terms order, the key of a simple one.
        id: Word,
        /// Whether it is a simple order.
        simple: bool,
        /// The number that the caller chose for a simple order.
        raw_id: Option<Word>,
        /// Whose order it is.
        buyer: EvmAddress,
        /// Who is to be paid.
        seller: EvmAddress,
        /// Whose money it was.
        payer: EvmAddress,
        /// In what; zero is the chain's coin.
        token: EvmAddress,
        /// How much.
        amount: Amount,
        /// keccak256 of the session's id; zero for a simple order.
        session_id: Word,
        /// Of the accepted OFFER; zero for a simple order.
        offer_hash: Word,
        /// The contract's number of the state.
        state: u8,
        /// The storage slot of a terms order, rebuilt; zero for a simple order.
        slot: Word,
        /// Last second of the seller's commitment.
        commit_by: u64,
        /// Last second of the delivery, or of a simple order's claim.
        deliver_by: u64,
        /// From when on anybody may release; 0: never.
        timed_release: u64,
        /// The seller's bond that a simple order holds.
        deposit: Amount,
        /// The evidence that stands; zero: none.
        evidence: Word,
        /// The buyer's shielded address; zero: none.
        buyer_shield: Word,
        /// The seller's shielded destination; zero: none.
        seller_shield: Word,
        /// How it ended, by the contract's number; 0: it has not, or it is simple and was refunded.
        outcome: u8,
        /// What the buyer got back.
        to_buyer: Amount,
        /// What the seller got.
        to_seller: Amount,
        /// The fee.
        fee: Amount,
        /// Of the receipt that it left; zero: none.
        receipt_hash: Word,
        /// When it was created, in the chain's seconds.
        created_at: u64,
        /// In which block.
        created_block: u64,
        /// By which log.
        created_log: u64,
        /// When it ended; 0: it has not.
        ended_at: u64,
        /// The block of its last event.
        updated_block: u64,
    }

    /// What one party did in one token.
    Party in "parties", key 3, by [] {
        /// The chain's number.
        chain: u64,
        /// Who.
        party: EvmAddress,
        /// In what.
        token: EvmAddress,
        /// Orders as the buyer.
        bought: u64,
        /// Orders as the seller.
        sold: u64,
        /// Paid for receipts, as the buyer.
        spent: Amount,
        /// Earned by receipts, before the fee.
        earned: Amount,
        /// Disputes of his orders, on either side.
        disputes: u64,
    }

    /// What a settled order left.
    Receipt in "receipts", key 3, by [
        by("receipts_by_buyer", &["chain", "buyer"], &["block", "log"]),
        by("receipts_by_seller", &["chain", "seller"], &["block", "log"]),
        by("receipts_by_session", &["session_id"], &["chain", "block", "log"]),
    ] {
        /// The chain's number.
        chain: u64,
        /// The vault.
        contract: EvmAddress,
        /// The order.
        order_id: Word,
        /// The escrow.
        minter: EvmAddress,
        /// Whose order it was.
        buyer: EvmAddress,
        /// Who was paid.
        seller: EvmAddress,
        /// keccak256 of the session's id.
        session_id: Word,
        /// Of the accepted OFFER.
        offer_hash: Word,
        /// In what.
        token: EvmAddress,
        /// The seller's total before the fee.
        paid: Amount,
        /// What went back to the buyer.
        refunded: Amount,
        /// The fee.
        fee: Amount,
        /// How it ended, by the contract's number.
        outcome: u8,
        /// When.
        settled_at: u64,
        /// The evidence that stood.
        evidence: Word,
        /// The buyer's shielded address.
        receipt_address: Word,
        /// The seller's shielded destination.
        delivery_commitment: Word,
        /// keccak256 of all of it.
        receipt_hash: Word,
        /// The transaction.
        tx: Word,
        /// The block's hash.
        block_hash: Word,
        /// The block's number.
        block: u64,
        /// The log's place.
        log: u64,
    }

    /// A hashed time lock.
    Lock in "locks", key 3, by [
        by("locks_by_sender", &["chain", "sender"], CREATED),
        by("locks_by_receiver", &["chain", "receiver"], CREATED),
        by("locks_by_hashlock", &["hashlock"], &["chain", "created_block", "created_log"]),
    ] {
        /// The chain's number.
        chain: u64,
        /// The contract.
        contract: EvmAddress,
        /// The lock.
        id: Word,
        /// Who gets it back.
        sender: EvmAddress,
        /// Who gets it with the secret.
        receiver: EvmAddress,
        /// In what.
        token: EvmAddress,
        /// How much.
        amount: Amount,
        /// SHA-256 of the secret.
        hashlock: Word,
        /// keccak256 of the session's id.
        session_id: Word,
        /// First second of the refund.
        timelock: u64,
        /// Last second at which it could enter the chain.
        lock_deadline: u64,
        /// Where it stands: 1 locked, 2 claimed, 3 refunded, 4 released.
        state: u8,
        /// The secret, once shown.
        secret: Option<Word>,
        /// In which block it was made.
        created_block: u64,
        /// By which log.
        created_log: u64,
        /// The block of its last event.
        updated_block: u64,
    }

    /// A version of a circuit's verifier.
    Verifier in "verifiers", key 4, by [] {
        /// The chain's number.
        chain: u64,
        /// The registry.
        contract: EvmAddress,
        /// The circuit.
        circuit: Word,
        /// Its version.
        version: u64,
        /// From when on.
        active_from: u64,
        /// Since when new orders may not name it; 0: they may.
        deprecated_at: u64,
        /// Since when it proves nothing; 0: it does.
        revoked_at: u64,
        /// How many public inputs.
        public_inputs: u8,
        /// Whether its keys are for tests.
        dev: bool,
        /// Whether it proves deliveries.
        delivery: bool,
        /// The verifier contract.
        verifier: EvmAddress,
        /// Who vouches for it.
        aggregator: EvmAddress,
        /// Hash of the verifier's code.
        code_hash: Word,
        /// Hash of its key.
        vk_hash: Word,
        /// Hash of the ceremony's record.
        ceremony: Word,
    }

    /// Who may propose verifiers of a circuit, or revoke any.
    Role in "roles", key 3, by [] {
        /// The chain's number.
        chain: u64,
        /// The registry.
        contract: EvmAddress,
        /// The circuit; zero for the guardian.
        circuit: Word,
        /// Who holds it; none where it was only offered.
        holder: Option<EvmAddress>,
        /// To whom it is offered.
        offered: Option<EvmAddress>,
    }

    /// A route of the router, or a payment split at once.
    Route in "routes", key 3, by [
        by("routes_by_buyer", &["chain", "buyer"], CREATED),
        by("routes_by_session", &["session_id"], &["chain", "created_block", "created_log"]),
    ] {
        /// The chain's number.
        chain: u64,
        /// The router.
        contract: EvmAddress,
        /// The route, or the split.
        id: Word,
        /// Whether it was one payment, split at once.
        split: bool,
        /// keccak256 of the session's id.
        session_id: Word,
        /// Who pays.
        buyer: EvmAddress,
        /// Who is paid.
        seller: EvmAddress,
        /// In what.
        token: EvmAddress,
        /// The most that may be charged; of a split, what was paid.
        cap: Amount,
        /// What was charged so far.
        charged: Amount,
        /// Of it, to the seller.
        to_seller: Amount,
        /// Of it, to the hops.
        to_hops: Amount,
        /// Last second of a charge; 0 for a split.
        expiry: u64,
        /// Whether it is closed.
        closed: bool,
        /// In which block it was made.
        created_block: u64,
        /// By which log.
        created_log: u64,
    }

    /// What waits for a party at a contract because paying it out failed.
    Owed in "owed", key 4, by [by("owed_by_party", &["chain", "party"], &["contract", "token"])] {
        /// The chain's number.
        chain: u64,
        /// The contract.
        contract: EvmAddress,
        /// In what.
        token: EvmAddress,
        /// To whom.
        party: EvmAddress,
        /// How much.
        amount: Amount,
    }

    /// What waits for a shielded role of an order.
    Held in "held", key 5, by [] {
        /// The chain's number.
        chain: u64,
        /// The escrow.
        contract: EvmAddress,
        /// The order.
        order_id: Word,
        /// 0: the buyer, 1: the seller.
        role: u8,
        /// In what.
        token: EvmAddress,
        /// How much.
        amount: Amount,
    }

    /// The root of a batch of records that somebody put on the chain.
    Anchor in "anchors", key 5, by [by("anchors_by_root", &["root"], &["chain", "block", "log"])] {
        /// The chain's number.
        chain: u64,
        /// The vault.
        contract: EvmAddress,
        /// In which block.
        block: u64,
        /// By which log.
        log: u64,
        /// The root.
        root: Word,
        /// Who.
        sender: EvmAddress,
        /// The transaction.
        tx: Word,
    }
}

/// Where a lock stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum LockState {
    /// The money is in it.
    Locked = 1,
    /// The receiver took it.
    Claimed = 2,
    /// The sender got it back when its time was over.
    Refunded = 3,
    /// The receiver gave it back before.
    Released = 4,
}
