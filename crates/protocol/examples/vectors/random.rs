use alloy_primitives::{Address, B256, U256};
use tgp_protocol::tagged_hash;

/// A row of bytes that is the same in every run: tagged hashes of a counter.
pub(crate) struct Random {
    purpose: &'static str,
    count: u64,
}

impl Random {
    pub(crate) fn new(purpose: &'static str) -> Self {
        Self { purpose, count: 0 }
    }

    pub(crate) fn bytes(&mut self) -> [u8; 32] {
        self.count += 1;
        tagged_hash(self.purpose, [self.count.to_be_bytes().as_slice()])
    }

    pub(crate) fn word(&mut self) -> B256 {
        self.bytes().into()
    }

    pub(crate) fn address(&mut self) -> Address {
        Address::from_word(self.word())
    }

    /// A number of so many bits; every fourth time the least or the greatest.
    pub(crate) fn uint(&mut self, bits: usize) -> U256 {
        let most = U256::MAX >> (256 - bits);
        let word = U256::from_be_bytes(self.bytes());
        match self.count % 8 {
            0 => U256::ZERO,
            4 => most,
            _ => word & most,
        }
    }
}
