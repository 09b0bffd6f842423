// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITreasury} from "./ITreasury.sol";

/// @notice A gateway on the way and its share.
/// @param payee who gets the share
/// @param feeBps the share, in ten-thousandths of what the buyer pays
struct Hop {
    address payee;
    uint16 feeBps;
}

/// @notice A metered way of a buyer's money to a seller. Its EIP-712 digest is the route id.
/// @param buyer who pays; the tokens leave his account at each charge
/// @param seller who gets what the hops do not
/// @param token the ERC-20
/// @param cap the most that may ever be charged
/// @param maxFeesBps the most that the hops' shares may add up to; at most 1,000
/// @param expiry last second of a charge
/// @param sessionId keccak256 of the session's id
/// @param salt tells routes with otherwise equal terms apart
/// @param hops the gateways on the way, at most eight
struct Route {
    address buyer;
    address seller;
    address token;
    uint96 cap;
    uint16 maxFeesBps;
    uint256 expiry;
    bytes32 sessionId;
    bytes32 salt;
    Hop[] hops;
}

/// @notice A single payment by an EIP-3009 authorization whose nonce is the split's EIP-712 digest.
/// @param buyer who pays and signed the authorization, to this contract
/// @param seller who gets what the hops do not
/// @param token the ERC-20
/// @param amount how much the buyer pays in all
/// @param validAfter the authorization's
/// @param validBefore the authorization's
/// @param sessionId keccak256 of the session's id
/// @param salt tells splits with otherwise equal terms apart
/// @param hops the gateways on the way, at most eight, their shares at most 1,000 in all
struct Split {
    address buyer;
    address seller;
    address token;
    uint96 amount;
    uint256 validAfter;
    uint256 validBefore;
    bytes32 sessionId;
    bytes32 salt;
    Hop[] hops;
}

/// @notice The buyer's EIP-2612 permit for this contract.
/// @param value the allowance it sets
/// @param deadline its last second
/// @param signature 65 bytes: r, s, v
struct Permit {
    uint256 value;
    uint256 deadline;
    bytes signature;
}

/// @notice What has happened on a route.
/// @param charged how much was charged in all
/// @param closed whether the buyer has closed it
struct Meter {
    uint96 charged;
    bool closed;
}

/// @title Payments to a seller that also pay the gateways on the way
/// @notice Two verbs. `charge` meters: the buyer signs a rising total, and each charge moves the difference from his
/// account straight to the seller and the hops. `settleSplit` is one payment by one EIP-3009 authorization. A hop that
/// cannot be paid loses that share, which stays with the buyer or goes back to him; a seller who cannot be paid reverts.
/// The router holds nothing but what `owed` credits. No owner, no pause, no fee of its own.
interface ITgpRouter is ITreasury {
    /// @notice A route was charged for the first time. `route` is everything that `routeId` names.
    event RouteOpened(bytes32 indexed routeId, bytes32 indexed sessionId, Route route);

    /// @notice The total of a route rose to `cumulative`; the seller got `toSeller` of the difference and the hops
    /// `toHops`. What is missing stayed with the buyer (see HopSkipped).
    event Charged(bytes32 indexed routeId, uint96 cumulative, uint256 toSeller, uint256 toHops);

    /// @notice The buyer closed a route for ever.
    event RouteClosed(bytes32 indexed routeId);

    /// @notice A split was settled. What is missing of `amount` went back to the buyer (see HopSkipped).
    event SplitSettled(
        bytes32 indexed splitId,
        bytes32 indexed sessionId,
        address indexed buyer,
        address seller,
        address token,
        uint256 amount,
        uint256 toSeller,
        uint256 toHops
    );

    /// @notice A hop could not be paid its share. `id` is the route's or the split's.
    event HopSkipped(bytes32 indexed id, address indexed payee, uint256 share);

    /// @notice The seller or a hop cannot be paid: zero, or this contract.
    error BadPayee(address payee);

    /// @notice More hops than a call can be sure to pay.
    error TooManyHops(uint256 hops, uint256 max);

    /// @notice The shares of the hops, or the route's own limit, are over the limit that binds them.
    error FeesTooHigh(uint256 feesBps, uint256 maxBps);

    /// @notice The total would be over the cap.
    error OverCap(uint256 cumulative, uint256 cap);

    /// @notice The total must rise; an old signature charges nothing.
    error NotRising(uint256 cumulative, uint256 charged);

    /// @notice The rounded shares of several hops rise by more than the total does. Cannot happen to a rise of nine base
    /// units or more.
    error RiseTooSmall(uint256 rise, uint256 shares);

    /// @notice The route has expired.
    error RouteExpired(uint256 expiry, uint256 time);

    /// @notice The buyer has closed the route.
    error RouteIsClosed(bytes32 routeId);

    /// @notice Only the buyer may close his route.
    error NotBuyer(address caller);

    /// @notice A split of nothing.
    error EmptySplit();

    /// @notice Raises the total charged on a route to `cumulative` and pays the difference out. For anyone who has the
    /// buyer's Charge signature; the buyer's allowance to this contract pays.
    function charge(Route calldata route, uint96 cumulative, bytes calldata signature) external;

    /// @notice The same after the buyer's EIP-2612 permit. A permit that was spent already does no harm: the allowance
    /// decides.
    function permitAndCharge(Route calldata route, uint96 cumulative, bytes calldata signature, Permit calldata permit)
        external;

    /// @notice Ends a route at once. Only for its buyer.
    function closeRoute(Route calldata route) external;

    /// @notice Pulls the buyer's EIP-3009 authorization and splits it. For anyone who has it.
    function settleSplit(Split calldata split, bytes calldata signature) external;

    /// @notice The EIP-712 digest of a route.
    function routeIdOf(Route calldata route) external view returns (bytes32 routeId);

    /// @notice What the buyer signs to let the total of a route rise to `cumulative`.
    function chargeDigest(bytes32 routeId, uint96 cumulative) external view returns (bytes32 digest);

    /// @notice The EIP-712 digest of a split: the nonce of the buyer's authorization.
    function splitIdOf(Split calldata split) external view returns (bytes32 splitId);

    /// @notice What has happened on a route.
    function meter(bytes32 routeId) external view returns (uint96 charged, bool closed);
}
