use super::{Permit, ReceiveWithAuthorization, TokenPermissions, leg, lock};
use crate::{
    HashedTimelock::Lock as PackedLock,
    LockTerms, Order, TgpRouter, escrow_domain,
    messages::{Leg, Lock},
    router_domain,
};
use alloy::{
    primitives::{Address, B256, U256},
    sol_types::{SolStruct, SolValue},
};

/// Which leg of an order money is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// The payment, by the buyer.
    Buyer,
    /// The bond or the other leg of a swap, by the seller.
    Seller,
    /// What the buyer stakes to dispute.
    Dispute,
}

impl Role {
    /// Its number in messages and events.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Buyer => 0,
            Self::Seller => 1,
            Self::Dispute => 2,
        }
    }
}

/// What a contract will take by its owner's signature: once, exactly so much, for one purpose.
///
/// `W` is what Permit2 has the owner sign beside it: the leg of an order, a lock, or nothing for a split, which the
/// router takes by EIP-3009 only.
///
/// ```
/// use alloy::primitives::{Address, B256, U256, aliases::U96};
/// use coreprover_bindings::{LockTerms, Order, TgpRouter, authorization::Funding};
///
/// let (usd, contract) = (Address::with_last_byte(3), Address::with_last_byte(9));
/// let order = Order { token: usd, amount: U96::from(25_000_000), dispute_bond_bps: 400, ..Order::default() };
/// let payment = Funding::payment(&order, 31_337, contract);
/// assert_eq!(Funding::stake(&order, 31_337, contract, U256::MAX).amount, U256::from(1_000_000));
///
/// // who pays under a shielded address authorizes nothing else
/// let shielded = payment.clone().with_receipt_address(B256::repeat_byte(5));
/// assert_ne!(shielded.nonce, payment.nonce);
///
/// // a lock and a split are good once by their ids
/// let lock = LockTerms { token: usd, amount: U96::from(50_000_000), ..LockTerms::default() }.pack();
/// let locked = Funding::lock(&lock, 31_337, contract);
/// assert_eq!((locked.nonce, locked.permit2().witness.lockId), (lock.id(31_337, contract), locked.nonce));
/// let split = TgpRouter::Split {
///     buyer: Address::with_last_byte(1),
///     seller: Address::with_last_byte(2),
///     token: usd,
///     amount: U96::from(10_000_000),
///     validAfter: U256::from(5),
///     validBefore: U256::from(600),
///     sessionId: B256::ZERO,
///     salt: B256::ZERO,
///     hops: vec![],
/// };
/// let message = Funding::split(&split, 31_337, contract).receive();
/// assert_eq!((message.validAfter, message.validBefore), (split.validAfter, split.validBefore));
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Funding<W> {
    /// Who takes it.
    pub contract: Address,
    /// Whose money it is.
    pub owner: Address,
    /// The token; none of this works with the chain's own coin.
    pub token: Address,
    /// How much.
    pub amount: U256,
    /// What makes it good once.
    pub nonce: B256,
    /// Good strictly after this second.
    pub valid_after: U256,
    /// The last second at which it can be taken.
    pub deadline: U256,
    /// What it is for.
    pub witness: W,
}

impl<W> Funding<W> {
    /// The message for [`enums::Source::EIP3009`](crate::enums::Source::EIP3009), to sign in the token's domain.
    #[must_use]
    pub fn receive(&self) -> ReceiveWithAuthorization {
        ReceiveWithAuthorization {
            from: self.owner,
            to: self.contract,
            value: self.amount,
            validAfter: self.valid_after,
            validBefore: self.deadline.saturating_add(U256::ONE),
            nonce: self.nonce,
        }
    }

    fn permitted(&self) -> TokenPermissions {
        TokenPermissions { token: self.token, amount: self.amount }
    }
}

impl Funding<Leg> {
    /// The buyer's payment of an order.
    #[must_use]
    pub fn payment(order: &Order, chain_id: u64, escrow: Address) -> Self {
        let paid = (order.buyer, order.token, U256::from(order.amount));
        Self::leg(order, chain_id, escrow, Role::Buyer, paid, U256::from(order.fund_by))
    }

    /// The seller's bond, or his leg of a swap.
    #[must_use]
    pub fn bond(order: &Order, chain_id: u64, escrow: Address) -> Self {
        let put = (order.seller, order.counter_token, U256::from(order.counter_amount));
        Self::leg(order, chain_id, escrow, Role::Seller, put, U256::from(order.commit_by))
    }

    /// What the buyer stakes in a dispute that is opened until `deadline`.
    #[must_use]
    pub fn stake(order: &Order, chain_id: u64, escrow: Address, deadline: U256) -> Self {
        let stake = U256::from(order.amount) * U256::from(order.dispute_bond_bps) / U256::from(10_000);
        Self::leg(order, chain_id, escrow, Role::Dispute, (order.buyer, order.token, stake), deadline)
    }

    /// The same payment under the buyer's shielded address: who pays so is refunded there.
    #[must_use]
    pub fn with_receipt_address(mut self, address: B256) -> Self {
        self.witness.receiptAddress = address;
        self.nonce = nonce(&self.witness);
        self
    }

    /// The message for [`enums::Source::PERMIT2`](crate::enums::Source::PERMIT2), to sign in Permit2's domain.
    #[must_use]
    pub fn permit2(&self) -> leg::PermitWitnessTransferFrom {
        leg::PermitWitnessTransferFrom {
            permitted: self.permitted(),
            spender: self.contract,
            nonce: self.nonce.into(),
            deadline: self.deadline,
            witness: self.witness.clone(),
        }
    }

    /// The message for [`enums::Source::EIP2612`](crate::enums::Source::EIP2612), to sign in the token's domain;
    /// `nonce` is the owner's next one in the token. It names no order: unless the owner calls himself, his signature of
    /// [`Self::witness`] in the escrow's domain follows the permit's 65 bytes.
    #[must_use]
    pub fn permit(&self, nonce: U256) -> Permit {
        let (owner, spender) = (self.owner, self.contract);
        Permit { owner, spender, value: self.amount, nonce, deadline: self.deadline }
    }

    fn leg(
        order: &Order,
        chain_id: u64,
        escrow: Address,
        role: Role,
        (owner, token, amount): (Address, Address, U256),
        deadline: U256,
    ) -> Self {
        let id = order.pack().eip712_signing_hash(&escrow_domain(chain_id, escrow));
        let witness = Leg { orderId: id, role: role.number(), receiptAddress: B256::ZERO };
        let nonce = nonce(&witness);
        Self { contract: escrow, owner, token, amount, nonce, valid_after: U256::ZERO, deadline, witness }
    }
}

impl Funding<Lock> {
    /// The money of a hash lock.
    #[must_use]
    pub fn lock(packed: &PackedLock, chain_id: u64, timelock: Address) -> Self {
        let terms = LockTerms::from(packed);
        let id = packed.id(chain_id, timelock);
        Self {
            contract: timelock,
            owner: terms.sender,
            token: terms.token,
            amount: U256::from(terms.amount),
            nonce: id,
            valid_after: U256::ZERO,
            deadline: U256::from(terms.lock_deadline),
            witness: Lock { lockId: id },
        }
    }

    /// The message for [`enums::Source::PERMIT2`](crate::enums::Source::PERMIT2), to sign in Permit2's domain.
    #[must_use]
    pub fn permit2(&self) -> lock::PermitWitnessTransferFrom {
        lock::PermitWitnessTransferFrom {
            permitted: self.permitted(),
            spender: self.contract,
            nonce: self.nonce.into(),
            deadline: self.deadline,
            witness: self.witness.clone(),
        }
    }
}

impl Funding<()> {
    /// The money of a split.
    #[must_use]
    pub fn split(split: &TgpRouter::Split, chain_id: u64, router: Address) -> Self {
        Self {
            contract: router,
            owner: split.buyer,
            token: split.token,
            amount: U256::from(split.amount),
            nonce: split.eip712_signing_hash(&router_domain(chain_id, router)),
            valid_after: split.validAfter,
            deadline: split.validBefore.saturating_sub(U256::ONE),
            witness: (),
        }
    }
}

/// What binds an authorization to order, role and shielded address.
fn nonce(leg: &Leg) -> B256 {
    alloy::primitives::keccak256((leg.orderId, U256::from(leg.role), leg.receiptAddress).abi_encode())
}
