// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title The token calls that move money into a contract by the owner's signature
/// @notice Only what the treasury calls; the full standards are ERC-20, EIP-2612, EIP-3009 and Permit2.
interface IERC3009 {
    /// @notice Pulls `value` from `from` to `to`, who must be the caller.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice The same with a signature of any length, for contract wallets.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes memory signature
    ) external;
}

/// @title EIP-2612
interface IERC2612 {
    /// @notice Sets the allowance of `spender` by `owner`'s signature.
    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external;
}

/// @title Permit2, as much of it as is called here
interface IPermit2 {
    /// @notice A token and the most that may be taken.
    struct TokenPermissions {
        address token;
        uint256 amount;
    }

    /// @notice One permission, single-use by its nonce.
    struct PermitTransferFrom {
        TokenPermissions permitted;
        uint256 nonce;
        uint256 deadline;
    }

    /// @notice Where the money goes and how much of it.
    struct SignatureTransferDetails {
        address to;
        uint256 requestedAmount;
    }

    /// @notice Pulls by signature; the witness binds the permission to an order.
    function permitWitnessTransferFrom(
        PermitTransferFrom calldata permit,
        SignatureTransferDetails calldata transferDetails,
        address owner,
        bytes32 witness,
        string calldata witnessTypeString,
        bytes calldata signature
    ) external;
}
