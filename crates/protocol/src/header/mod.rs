//! What HTTP headers say about a payment: pure reading and writing of names and values, without an HTTP library.
//!
//! - [`EscrowOffer`]: the documents' own headers in a 402 answer.
//! - [`TransactionPath`]: which lock a request belongs to. Correlation data: it never authorises anything.
//! - [`encode_message`] and [`decode_message`]: `X-TGP-Query` and `X-TGP-Offer`.
//! - [`payment`] and its companions: the headers of x402, both versions.

mod escrow;
mod fields;
mod message;
mod path;
mod x402;

pub use escrow::{ESCROW_CONTRACT, EscrowOffer, PAYMENT_AMOUNT, PAYMENT_ASSET, SESSION_ID};
pub use fields::Fields;
pub use message::{TGP_OFFER, TGP_QUERY, decode_message, encode_message};
pub use path::{PathStatus, TRANSACTION_PATH, TransactionPath};
pub use x402::{
    PAYMENT_REQUIRED, PAYMENT_RESPONSE, PAYMENT_SIGNATURE, X_PAYMENT, X_PAYMENT_RESPONSE, X402Version, decode_x402,
    encode_x402, payment,
};
