// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @notice Where the money of a call comes from.
enum Source {
    /// The caller: ETH in the call, or his allowance to the contract.
    CALLER,
    /// The owner's `receiveWithAuthorization` signature.
    EIP3009,
    /// The owner's Permit2 signature with a witness.
    PERMIT2,
    /// The owner's `permit` signature, spent at once.
    EIP2612
}

/// @notice One exact movement of a token into the contract.
/// @param token the ERC-20
/// @param from the owner of the money
/// @param amount exactly what must arrive
/// @param nonce the EIP-3009 or Permit2 nonce, which binds the authorization to its order and role
/// @param deadline the last second the authorization is good for
/// @param witness the Permit2 witness
/// @param validAfter the EIP-3009 authorization is good after this second only
struct Pull {
    address token;
    address from;
    uint256 amount;
    bytes32 nonce;
    uint256 deadline;
    bytes32 witness;
    uint256 validAfter;
}

/// @title Credits of payouts that failed
interface ITreasury {
    /// @notice A payout failed and its amount was credited to `party`.
    event Owed(address indexed token, address indexed party, uint256 amount);

    /// @notice The whole credit of `party` was paid to `to`.
    event Withdrawn(address indexed token, address indexed party, address to, uint256 amount);

    /// @notice `party` has no credit in `token`.
    error NothingOwed(address token, address party);

    /// @notice Money cannot be sent to this address.
    error BadRecipient(address to);

    /// @notice The call must carry enough gas to pay everybody: at least `needed` before each payout.
    error NotEnoughGas(uint256 needed);

    /// @notice The token delivered another amount than asked; tokens that take a fee on transfer are refused.
    error InexactTransfer(address token, uint256 expected, uint256 received);

    /// @notice The signature is not `signer`'s over this message.
    error BadSignature(address signer);

    /// @notice The call must carry exactly `due` of the chain's coin.
    error WrongValue(uint256 due, uint256 sent);

    /// @notice The Permit2 contract that authorizations may name.
    function permit2() external view returns (address);

    /// @notice What is credited to `party` in `token` (0 for the chain's coin).
    function owed(address token, address party) external view returns (uint256);

    /// @notice Pays `party` its whole credit. Anyone may call. Reverts when the payment fails again.
    function withdraw(address token, address party) external returns (uint256 amount);

    /// @notice Pays the caller's whole credit to another address.
    function withdrawTo(address token, address to) external returns (uint256 amount);
}
