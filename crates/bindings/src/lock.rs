use crate::HashedTimelock::Lock;
use alloy::primitives::{
    Address, B256,
    aliases::{U48, U96},
    keccak256,
};

/// The terms of a hash lock, field by field: `LockTerms` of the Solidity sources, where each field is explained.
///
/// ```
/// use alloy::primitives::{Address, B256, aliases::{U48, U96}};
/// use coreprover_bindings::LockTerms;
///
/// let terms = LockTerms {
///     sender: Address::with_last_byte(1),
///     receiver: Address::with_last_byte(2),
///     amount: U96::from(50_000_000),
///     timelock: U48::from(1_790_007_200_u64),
///     lock_deadline: U48::from(1_790_000_600_u64),
///     hashlock: B256::repeat_byte(0xaa),
///     ..LockTerms::default()
/// };
/// let lock = terms.pack(); // what `HashedTimelock::lockCall` takes
/// assert_eq!(LockTerms::from(&lock), terms);
///
/// let timelock = Address::with_last_byte(9);
/// assert_ne!(lock.id(31_337, timelock), lock.id(8453, timelock));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub struct LockTerms {
    pub sender: Address,
    pub timelock: U48,
    pub lock_deadline: U48,
    pub receiver: Address,
    pub amount: U96,
    pub token: Address,
    pub salt: U96,
    pub hashlock: B256,
    pub session_id: B256,
}

impl LockTerms {
    /// The five words that every call carries.
    #[must_use]
    pub fn pack(&self) -> Lock {
        Lock {
            senderTimes: word(
                self.sender,
                &[&self.timelock.to_be_bytes::<6>(), &self.lock_deadline.to_be_bytes::<6>()],
            ),
            receiverAmount: word(self.receiver, &[&self.amount.to_be_bytes::<12>()]),
            tokenSalt: word(self.token, &[&self.salt.to_be_bytes::<12>()]),
            hashlock: self.hashlock,
            sessionId: self.session_id,
        }
    }
}

impl From<&Lock> for LockTerms {
    fn from(lock: &Lock) -> Self {
        let times = &lock.senderTimes[20..];
        Self {
            sender: Address::from_slice(&lock.senderTimes[..20]),
            timelock: U48::from_be_slice(&times[..6]),
            lock_deadline: U48::from_be_slice(&times[6..]),
            receiver: Address::from_slice(&lock.receiverAmount[..20]),
            amount: U96::from_be_slice(&lock.receiverAmount[20..]),
            token: Address::from_slice(&lock.tokenSalt[..20]),
            salt: U96::from_be_slice(&lock.tokenSalt[20..]),
            hashlock: lock.hashlock,
            session_id: lock.sessionId,
        }
    }
}

impl Lock {
    /// Its id in the contract at `timelock` on the chain `chain_id`.
    #[must_use]
    pub fn id(&self, chain_id: u64, timelock: Address) -> B256 {
        let chain = B256::left_padding_from(&chain_id.to_be_bytes());
        let words = [
            chain,
            timelock.into_word(),
            self.senderTimes,
            self.receiverAmount,
            self.tokenSalt,
            self.hashlock,
            self.sessionId,
        ];
        keccak256(words.concat())
    }
}

/// An address and what follows it, 32 bytes in all.
fn word(address: Address, rest: &[&[u8]]) -> B256 {
    B256::from_slice(&[address.as_slice(), &rest.concat()].concat())
}
