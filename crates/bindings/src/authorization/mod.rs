//! Money by signature: the messages of tokens and of Permit2, filled in as the contracts will present them.
//!
//! A [`Funding`] says what a contract will take, from whom and for what. It gives the message for each source; the owner
//! signs that in the domain of the token or of Permit2, and anyone brings the signature.
//!
//! ```
//! use alloy::{
//!     primitives::{Address, U256, aliases::{U40, U96}, keccak256},
//!     sol_types::{SolStruct, SolValue},
//! };
//! use coreprover_bindings::{
//!     Order,
//!     authorization::{Funding, Role},
//!     token::{PERMIT2, permit2_domain},
//! };
//!
//! let escrow = Address::with_last_byte(9);
//! let order = Order {
//!     buyer: Address::with_last_byte(1),
//!     amount: U96::from(25_000_000),
//!     fund_by: U40::from(1_790_000_600_u64),
//!     ..Order::default()
//! };
//! let funding = Funding::payment(&order, 31_337, escrow);
//!
//! // one authorization is good for one order, one role and one shielded address
//! let nonce = keccak256((funding.witness.orderId, U256::from(Role::Buyer.number()), [0_u8; 32]).abi_encode());
//! assert_eq!(funding.nonce, nonce);
//!
//! // EIP-3009: valid strictly before the second after the last
//! let message = funding.receive();
//! assert_eq!((message.from, message.to, message.nonce), (order.buyer, escrow, nonce));
//! assert_eq!(message.validBefore, U256::from(1_790_000_601_u64));
//!
//! // Permit2: until the last second, with the leg as witness
//! let permit = funding.permit2();
//! assert_eq!((permit.deadline, permit.spender), (U256::from(1_790_000_600_u64), escrow));
//! let digest = permit.eip712_signing_hash(&permit2_domain(31_337, PERMIT2));
//! assert_ne!(digest, Funding::bond(&order, 31_337, escrow).permit2().eip712_signing_hash(&permit2_domain(31_337, PERMIT2)));
//! ```

mod funding;
mod message;
#[cfg(feature = "signer")]
mod sign;

pub use funding::{Funding, Role};
pub use message::{Permit, PermitTransferFrom, TokenPermissions, leg, lock};
#[cfg(feature = "signer")]
pub use sign::sign;
pub use tgp_protocol::exact::eip3009::{ReceiveWithAuthorization, TransferWithAuthorization};
