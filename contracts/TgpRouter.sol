// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";
import {EIP712} from "solady/utils/EIP712.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {Treasury} from "./Treasury.sol";
import {Hop, ITgpRouter, Meter, Permit, Route, Split} from "./interfaces/ITgpRouter.sol";
import {Pull, Source} from "./interfaces/ITreasury.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {CHARGE_TYPEHASH, HOP_TYPEHASH, ROUTE_TYPEHASH, SPLIT_TYPEHASH} from "./libraries/TypeHashes.sol";

/// @title TgpRouter
/// @notice Metered routes and single splits, for money that pays gateways on its way to a seller.
contract TgpRouter is ITgpRouter, Treasury, EIP712 {
    // Constants

    uint256 private constant BPS = 10_000;

    /// @dev The most that the hops of any payment may get together.
    uint256 private constant MAX_FEES_BPS = 1000;

    /// @dev The most hops of a payment: each may take PAYOUT_GAS.
    uint256 private constant MAX_HOPS = 8;

    /// @dev What must be left before a hop is tried, so that it cannot fail for want of the caller's gas (EIP-150).
    uint256 private constant HOP_RESERVE = PAYOUT_GAS * 64 / 63 + 20_000;

    // Storage

    /// @inheritdoc ITgpRouter
    mapping(bytes32 routeId => Meter) public meter;

    /// @dev Nothing here takes Permit2: a route's money comes by allowance, a split's by EIP-3009.
    constructor() Treasury(address(0)) {}

    // Verbs

    /// @inheritdoc ITgpRouter
    function charge(Route calldata route, uint96 cumulative, bytes calldata signature) external nonReentrant {
        _charge(route, cumulative, signature);
    }

    /// @inheritdoc ITgpRouter
    function permitAndCharge(Route calldata route, uint96 cumulative, bytes calldata signature, Permit calldata permit)
        external
        nonReentrant
    {
        if (permit.signature.length != 65) revert BadSignature(route.buyer);
        _permit(
            Pull({
                token: route.token,
                from: route.buyer,
                amount: permit.value,
                nonce: 0,
                deadline: permit.deadline,
                witness: 0,
                validAfter: 0
            }),
            permit.signature
        );
        _charge(route, cumulative, signature);
    }

    /// @inheritdoc ITgpRouter
    function closeRoute(Route calldata route) external nonReentrant {
        if (msg.sender != route.buyer) revert NotBuyer(msg.sender);
        bytes32 routeId = routeIdOf(route);
        if (meter[routeId].closed) revert RouteIsClosed(routeId);

        meter[routeId].closed = true;
        emit RouteClosed({routeId: routeId});
    }

    /// @inheritdoc ITgpRouter
    function settleSplit(Split calldata split, bytes calldata signature) external nonReentrant {
        if (split.amount == 0) revert EmptySplit();
        _checkPayees(split.seller, split.hops, MAX_FEES_BPS);
        bytes32 splitId = splitIdOf(split);

        // Pull exactly the amount; the token sees to it that the nonce, which is the split's id, works once.
        _pull(
            Pull({
                token: split.token,
                from: split.buyer,
                amount: split.amount,
                nonce: splitId,
                deadline: FixedPointMathLib.zeroFloorSub(split.validBefore, 1),
                witness: 0,
                validAfter: split.validAfter
            }),
            Source.EIP3009,
            signature
        );

        // Pay the hops, then the seller; what a hop cannot take goes back to the buyer.
        (uint256 toHops, uint256 skipped) = _payHops(splitId, split.token, address(this), split.hops, 0, split.amount);
        uint256 toSeller = split.amount - toHops - skipped;
        SafeTransferLib.safeTransfer(split.token, split.seller, toSeller);
        _pay(split.token, split.buyer, skipped);
        emit SplitSettled({
            splitId: splitId,
            sessionId: split.sessionId,
            buyer: split.buyer,
            seller: split.seller,
            token: split.token,
            amount: split.amount,
            toSeller: toSeller,
            toHops: toHops
        });
    }

    // Views

    /// @inheritdoc ITgpRouter
    function routeIdOf(Route calldata route) public view returns (bytes32 routeId) {
        routeId = _hashTypedData(
            keccak256(
                abi.encode(
                    ROUTE_TYPEHASH,
                    route.buyer,
                    route.seller,
                    route.token,
                    route.cap,
                    route.maxFeesBps,
                    route.expiry,
                    route.sessionId,
                    route.salt,
                    _hashHops(route.hops)
                )
            )
        );
    }

    /// @inheritdoc ITgpRouter
    function chargeDigest(bytes32 routeId, uint96 cumulative) public view returns (bytes32 digest) {
        digest = _hashTypedData(keccak256(abi.encode(CHARGE_TYPEHASH, routeId, cumulative)));
    }

    /// @inheritdoc ITgpRouter
    function splitIdOf(Split calldata split) public view returns (bytes32 splitId) {
        splitId = _hashTypedData(
            keccak256(
                abi.encode(
                    SPLIT_TYPEHASH,
                    split.buyer,
                    split.seller,
                    split.token,
                    split.amount,
                    split.validAfter,
                    split.validBefore,
                    split.sessionId,
                    split.salt,
                    _hashHops(split.hops)
                )
            )
        );
    }

    // Internals

    /// @dev Checks route, total and signature, writes the total, and moves the rise.
    function _charge(Route calldata route, uint96 cumulative, bytes calldata signature) private {
        // Check the route.
        if (route.maxFeesBps > MAX_FEES_BPS) revert FeesTooHigh(route.maxFeesBps, MAX_FEES_BPS);
        _checkPayees(route.seller, route.hops, route.maxFeesBps);
        if (block.timestamp > route.expiry) revert RouteExpired(route.expiry, block.timestamp);
        if (cumulative > route.cap) revert OverCap(cumulative, route.cap);
        bytes32 routeId = routeIdOf(route);
        Meter memory before = meter[routeId];
        if (before.closed) revert RouteIsClosed(routeId);
        if (cumulative <= before.charged) revert NotRising(cumulative, before.charged);
        if (!Signatures.isBy(route.buyer, chargeDigest(routeId, cumulative), signature)) {
            revert BadSignature(route.buyer);
        }

        // Write the new total.
        meter[routeId].charged = cumulative;
        if (before.charged == 0) emit RouteOpened({routeId: routeId, sessionId: route.sessionId, route: route});

        // Move the difference: the hops' shares where they can be paid, the rest to the seller.
        (uint256 toHops, uint256 skipped) =
            _payHops(routeId, route.token, route.buyer, route.hops, before.charged, cumulative);
        uint256 rise = cumulative - before.charged;
        if (toHops + skipped > rise) revert RiseTooSmall(rise, toHops + skipped);
        uint256 toSeller = rise - toHops - skipped;
        SafeTransferLib.safeTransferFrom(route.token, route.buyer, route.seller, toSeller);
        emit Charged({routeId: routeId, cumulative: cumulative, toSeller: toSeller, toHops: toHops});
    }

    /// @dev Refuses payments whose payees cannot be paid or get too much; never clamps.
    function _checkPayees(address seller, Hop[] calldata hops, uint256 maxFeesBps) private view {
        _checkPayee(seller);
        if (hops.length > MAX_HOPS) revert TooManyHops(hops.length, MAX_HOPS);
        uint256 feesBps;
        for (uint256 i; i < hops.length; ++i) {
            _checkPayee(hops[i].payee);
            feesBps += hops[i].feeBps;
        }
        if (feesBps > maxFeesBps) revert FeesTooHigh(feesBps, maxFeesBps);
    }

    /// @dev Reverts for a payee that cannot be paid.
    function _checkPayee(address payee) private view {
        if (payee == address(0) || payee == address(this)) revert BadPayee(payee);
    }

    /// @dev Pays each hop its share of the rise from `prev` to `cum`. Shares are rounded down on the total, so that many
    /// small charges pay what one large charge would.
    function _payHops(bytes32 id, address token, address from, Hop[] calldata hops, uint256 prev, uint256 cum)
        private
        returns (uint256 paid, uint256 skipped)
    {
        for (uint256 i; i < hops.length; ++i) {
            Hop calldata hop = hops[i];
            uint256 share = cum * hop.feeBps / BPS - prev * hop.feeBps / BPS;
            if (share == 0) continue;
            if (gasleft() < HOP_RESERVE) revert NotEnoughGas(HOP_RESERVE);
            if (_tryMove(token, from, hop.payee, share)) {
                paid += share;
            } else {
                skipped += share;
                emit HopSkipped({id: id, payee: hop.payee, share: share});
            }
        }
    }

    /// @dev Moves tokens with exactly PAYOUT_GAS. Reads at most one word of the answer: nothing, with code behind it, or
    /// exactly true.
    function _tryMove(address token, address from, address to, uint256 amount) private returns (bool done) {
        bytes memory data = from == address(this)
            ? abi.encodeCall(IERC20.transfer, (to, amount))
            : abi.encodeCall(IERC20.transferFrom, (from, to, amount));
        assembly ("memory-safe") {
            done := call(PAYOUT_GAS, token, 0x00, add(data, 0x20), mload(data), 0x00, 0x20)
            switch returndatasize()
            case 0 { done := and(done, gt(extcodesize(token), 0)) }
            default { done := and(done, and(gt(returndatasize(), 0x1f), eq(mload(0x00), 1))) }
        }
    }

    /// @dev As EIP-712 hashes an array of structs.
    function _hashHops(Hop[] calldata hops) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](hops.length);
        for (uint256 i; i < hops.length; ++i) {
            hashes[i] = keccak256(abi.encode(HOP_TYPEHASH, hops[i].payee, hops[i].feeBps));
        }
        return keccak256(abi.encodePacked(hashes));
    }

    /// @inheritdoc EIP712
    function _domainNameAndVersion() internal pure override returns (string memory name, string memory version) {
        return ("TgpRouter", "1");
    }

    /// @dev The router takes no Permit2 authorizations.
    function _witnessType() internal pure override returns (string memory) {
        return "";
    }
}
