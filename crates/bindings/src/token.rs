//! What of a token is needed to pay with it.

use alloy::{
    primitives::{Address, U256, address},
    sol_types::{Eip712Domain, eip712_domain},
};
use std::borrow::Cow;
use tgp_protocol::chain_profile::TokenProfile;

/// Where Permit2 is on nearly every chain; a chain's profile and its deployment say where.
pub const PERMIT2: Address = address!("000000000022D473030F116dDEE9F6B43aC78BA3");

/// The calls of any token, two arms as in the crate's root.
macro_rules! interface {
    ($($attribute:tt)*) => {
        alloy::sol! {
            /// The calls of any token that paying with it needs, and how it states its domain (EIP-5267).
            #[allow(missing_docs)]
            #[sol($($attribute)* extra_derives(Debug, PartialEq, Eq, Hash))]
            interface Erc20 {
                function balanceOf(address account) external view returns (uint256);
                function allowance(address owner, address spender) external view returns (uint256);
                function approve(address spender, uint256 value) external returns (bool);
                function nonces(address owner) external view returns (uint256);
                function eip712Domain() external view returns (
                    bytes1 fields,
                    string memory name,
                    string memory version,
                    uint256 chainId,
                    address verifyingContract,
                    bytes32 salt,
                    uint256[] memory extensions
                );
            }
        }
    };
}

#[cfg(not(feature = "rpc"))]
interface!();
#[cfg(feature = "rpc")]
interface!(rpc,);

/// The domain of Permit2's messages.
#[must_use]
pub fn permit2_domain(chain_id: u64, permit2: Address) -> Eip712Domain {
    eip712_domain! { name: "Permit2", chain_id: chain_id, verifying_contract: permit2, }
}

/// The domain of a token's EIP-3009 and EIP-2612 messages, as the chain's profile vouches for it.
///
/// ```
/// use alloy::primitives::b256;
/// use coreprover_bindings::token::token_domain;
/// use tgp_protocol::chain_profile::ChainProfile;
///
/// let base = ChainProfile::read(include_str!("../../../chains/8453.toml"))?;
/// let domain = token_domain(&base.tokens["USDC"], base.chain_id);
/// // what `DOMAIN_SEPARATOR()` of the token answers
/// assert_eq!(domain.separator(), b256!("02fa7265e7c5d81118673727957699e4d68f74cd74b7db77da710fe8a2c7834f"));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[must_use]
pub fn token_domain(token: &TokenProfile, chain_id: u64) -> Eip712Domain {
    named_domain(token.eip712_name.clone(), token.eip712_version.clone(), chain_id, token.address.0)
}

/// The domain that a token states by `eip712Domain`, for a token that no profile has. `None` where it is not a domain of
/// name, version, this chain and this token: what is signed in it would be another message than the token's.
///
/// ```
/// use alloy::primitives::{Address, U256};
/// use coreprover_bindings::token::{Erc20, stated_domain};
///
/// let token = Address::with_last_byte(3);
/// let answer = Erc20::eip712DomainReturn {
///     fields: [0x0f].into(),
///     name: "Test USD".into(),
///     version: "2".into(),
///     chainId: U256::from(31_337),
///     verifyingContract: token,
///     salt: Default::default(),
///     extensions: vec![],
/// };
/// assert_eq!(stated_domain(answer.clone(), 31_337, token).unwrap().name.unwrap(), "Test USD");
/// assert_eq!(stated_domain(answer, 31_337, Address::with_last_byte(4)), None);
/// ```
#[must_use]
pub fn stated_domain(answer: Erc20::eip712DomainReturn, chain_id: u64, token: Address) -> Option<Eip712Domain> {
    let own = answer.fields.0 == [0x0f]
        && answer.chainId == U256::from(chain_id)
        && answer.verifyingContract == token
        && answer.extensions.is_empty();
    own.then(|| named_domain(answer.name, answer.version, chain_id, token))
}

fn named_domain(name: String, version: String, chain_id: u64, token: Address) -> Eip712Domain {
    eip712_domain! {
        name: Cow::Owned(name),
        version: Cow::Owned(version),
        chain_id: chain_id,
        verifying_contract: token,
    }
}
