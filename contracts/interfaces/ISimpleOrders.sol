// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {State} from "../libraries/Terms.sol";
import {ICoreProverEscrow} from "./ICoreProverEscrow.sol";
import {IOrderErrors} from "./IOrderErrors.sol";

/// @title Simple orders: events, errors and views
interface ISimpleOrders is ICoreProverEscrow, IOrderErrors {
    /// @notice An order was paid in. `key` names it everywhere else; `orderId` is the buyer's own id.
    event SimpleOrderCreated(
        bytes32 indexed key,
        address indexed buyer,
        address indexed seller,
        bytes32 orderId,
        uint256 amount,
        uint256 commitmentDeadline,
        uint256 claimDeadline,
        uint256 timedRelease
    );

    /// @notice The seller put in a deposit equal to the payment.
    event SimpleDepositCommitted(bytes32 indexed key);

    /// @notice The seller's signature was presented.
    event SimpleSignatureCommitted(
        bytes32 indexed key, string businessName, string businessLicense, bytes32 documentHash
    );

    /// @notice One leg was paid out; `state` is where the order stands now.
    event SimpleLegPaid(bytes32 indexed key, address indexed to, uint256 amount, State state);

    /// @notice The payment went back to the buyer.
    event SimpleRefunded(bytes32 indexed key, address indexed buyer, uint256 amount);

    /// @notice A party of a simple order is refused: zero, the escrow itself, or the buyer as seller.
    error BadSeller(address seller);

    /// @notice The payment must be above zero and below 2^80 wei.
    error BadAmount(uint256 amount);

    /// @notice A window is out of range: claimWindow above 0, every window at most 365 days, a timed release's delay
    /// above 0 and at most claimWindow, and 0 when there is none.
    error BadWindows(uint256 commitmentWindow, uint256 claimWindow, uint256 timedReleaseDelay);

    /// @notice What the documents call the escrow: the ten facts of a simple order.
    function escrows(bytes32 orderId)
        external
        view
        returns (
            address buyer,
            address seller,
            uint256 buyerAmount,
            uint256 sellerAmount,
            uint8 state,
            uint256 createdAt,
            uint256 commitmentDeadline,
            uint256 claimDeadline,
            bool allowsTimedRelease,
            uint256 timedReleaseTime
        );

    /// @notice The key that stands for `orderId` in storage, topics and the vault.
    function simpleKey(bytes32 orderId) external view returns (bytes32);

    /// @notice What the seller signs to commit without a deposit.
    function sellerCommitmentDigest(
        bytes32 orderId,
        string calldata businessName,
        string calldata businessLicense,
        bytes32 documentHash
    ) external view returns (bytes32);
}
