//! The compact terms of an order in the types of each contract.

use crate::{CoreProverEscrow, EscrowLens, ReceiptVault};
use tgp_protocol::order::messages::OrderTerms;

/// Each contract's module has a `Terms` of its own; all are the one compact form.
macro_rules! terms_of {
    ($($contract:ident),+) => {$(
        terms_of!(@from OrderTerms, $contract::Terms);
        terms_of!(@from $contract::Terms, OrderTerms);
    )+};
    (@from $from:ty, $to:ty) => {
        impl From<$from> for $to {
            fn from(terms: $from) -> Self {
                Self {
                    buyer: terms.buyer,
                    seller: terms.seller,
                    payment: terms.payment,
                    counter: terms.counter,
                    feeReceiver: terms.feeReceiver,
                    arbiter: terms.arbiter,
                    verifier: terms.verifier,
                    deliveryCircuit: terms.deliveryCircuit,
                    rules: terms.rules,
                    times: terms.times,
                    sessionId: terms.sessionId,
                    offerHash: terms.offerHash,
                    salt: terms.salt,
                }
            }
        }
    };
}

terms_of!(CoreProverEscrow, EscrowLens, ReceiptVault);
