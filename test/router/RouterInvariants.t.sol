// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {CommonBase} from "forge-std/Base.sol";
import {StdCheats} from "forge-std/StdCheats.sol";
import {StdUtils} from "forge-std/StdUtils.sol";
import {ITgpRouter} from "../../contracts/interfaces/ITgpRouter.sol";
import {Hop, Route, Split} from "../../contracts/interfaces/ITgpRouter.sol";
import {Reached} from "../Reached.sol";
import {OneWayToken} from "../tokens/OneWayToken.sol";
import {Built} from "../Built.sol";

/// @dev Plays a buyer, a seller, hops that come and go, and a thief, and keeps its own book.
contract RouterHandler is CommonBase, StdCheats, StdUtils {
    ITgpRouter public immutable router;
    OneWayToken public immutable token;
    address public immutable buyer;
    uint256 private immutable _buyerKey;
    address public immutable seller;
    address[3] public hops;

    Route[] private _routes;
    uint256[] private _signed;
    uint256[] private _charged;
    bool[] private _closed;
    uint256 private _salt;

    /// @notice The first thing that happened and must not.
    string public violation;

    /// @notice Which transitions were reached.
    mapping(string transition => uint256 count) public reached;

    /// @notice What hops may have got at most, and all that was charged and settled.
    uint256 public feeLimit;
    uint256 public total;
    uint256 public immutable supply;

    constructor(ITgpRouter router_) {
        router = router_;
        token = new OneWayToken();
        (buyer, _buyerKey) = makeAddrAndKey("buyer");
        seller = makeAddr("seller");
        hops = [makeAddr("hop 1"), makeAddr("hop 2"), makeAddr("hop 3")];
        supply = type(uint128).max;
        token.mint(buyer, supply);
        vm.prank(buyer);
        token.approve(address(router_), type(uint256).max);
    }

    function _hops(uint256 seed, uint256 limit) private view returns (Hop[] memory list) {
        list = new Hop[](seed % 4);
        for (uint256 i; i < list.length; ++i) {
            list[i] = Hop(hops[i], uint16(limit / list.length));
        }
    }

    function open(uint96 cap, uint16 maxFeesBps, uint256 seed, uint32 lasts) external {
        maxFeesBps = uint16(bound(maxFeesBps, 0, 1000));
        _routes.push();
        Route storage route = _routes[_routes.length - 1];
        route.buyer = buyer;
        route.seller = seller;
        route.token = address(token);
        route.cap = uint96(bound(cap, 1000, 1e24));
        route.maxFeesBps = maxFeesBps;
        route.expiry = vm.getBlockTimestamp() + bound(lasts, 1 hours, 1 days);
        route.salt = bytes32(_salt++);
        Hop[] memory list = _hops(seed, maxFeesBps);
        for (uint256 i; i < list.length; ++i) {
            route.hops.push(list[i]);
        }
        _signed.push(0);
        _charged.push(0);
        _closed.push(false);
    }

    /// @dev Somebody presents a total; the buyer has signed it only if `signs`.
    function charge(uint256 seed, uint96 cumulative, bool signs, bool rises) external {
        if (_routes.length == 0) return;
        uint256 i = seed % _routes.length;
        Route memory route = _routes[i];
        uint96 limit = route.cap + route.cap / 4;
        cumulative = uint96(bound(cumulative, rises && _charged[i] + 9 < limit ? _charged[i] + 9 : 0, limit));
        bytes32 digest = router.chargeDigest(router.routeIdOf(route), cumulative);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(signs ? _buyerKey : 1, digest);
        if (signs && cumulative > _signed[i]) _signed[i] = cumulative;
        try router.charge(route, cumulative, abi.encodePacked(r, s, v)) {
            if (!signs) violation = "charged without the buyer";
            if (cumulative <= _charged[i]) violation = "charged an old total";
            if (cumulative > route.cap) violation = "charged over the cap";
            if (cumulative > _signed[i]) violation = "charged over what was signed";
            if (_closed[i]) violation = "charged a closed route";
            if (vm.getBlockTimestamp() > route.expiry) violation = "charged an expired route";
            total += cumulative - _charged[i];
            feeLimit += uint256(cumulative) * route.maxFeesBps / 10_000 - _charged[i] * route.maxFeesBps / 10_000;
            _charged[i] = cumulative;
            reached["charge"]++;
        } catch {
            reached["charge refused"]++;
        }
    }

    function close(uint256 seed, bool byThief) external {
        if (_routes.length < 3) return;
        uint256 i = seed % _routes.length;
        vm.prank(byThief ? seller : buyer);
        try router.closeRoute(_routes[i]) {
            if (byThief) violation = "closed by somebody else";
            _closed[i] = true;
            reached["close"]++;
        } catch {
            reached["close refused"]++;
        }
    }

    function settle(uint96 amount, uint256 seed, uint16 bps) external {
        bps = uint16(bound(bps, 0, 1000));
        Split memory split = Split({
            buyer: buyer,
            seller: seller,
            token: address(token),
            amount: uint96(bound(amount, 1, 1e24)),
            validAfter: 0,
            validBefore: type(uint256).max,
            sessionId: 0,
            salt: bytes32(_salt++),
            hops: _hops(seed, bps)
        });
        bytes32 message = keccak256(
            abi.encode(
                token.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(),
                buyer,
                address(router),
                uint256(split.amount),
                0,
                type(uint256).max,
                router.splitIdOf(split)
            )
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), message));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_buyerKey, digest);
        uint256 credit = router.owed(address(token), buyer);
        router.settleSplit(split, abi.encodePacked(r, s, v));
        if (router.owed(address(token), buyer) > credit) reached["credit"]++;
        total += split.amount;
        feeLimit += uint256(split.amount) * bps / 10_000;
        reached["settle"]++;
    }

    function withdraw() external {
        if (router.owed(address(token), buyer) == 0) return;
        try router.withdraw(address(token), buyer) {
            reached["withdraw"]++;
        } catch {}
    }

    function setMoods(uint8 seed) external {
        for (uint256 i; i < 3; ++i) {
            token.setCannotReceive(hops[i], (seed >> i) & 1 == 1);
        }
        token.setCannotReceive(buyer, (seed >> 3) & 1 == 1);
    }

    function passTime(uint32 by) external {
        vm.warp(vm.getBlockTimestamp() + bound(by, 1, 10 minutes));
    }

    function hopBalances() external view returns (uint256 sum) {
        for (uint256 i; i < 3; ++i) {
            sum += token.balanceOf(hops[i]);
        }
    }

    function metersAgree() external view returns (bool) {
        for (uint256 i; i < _routes.length; ++i) {
            (uint96 charged, bool closed) = router.meter(router.routeIdOf(_routes[i]));
            if (charged != _charged[i] || closed != _closed[i]) return false;
        }
        return true;
    }
}

/// @notice What holds after any sequence of calls by anybody.
/// forge-config: default.invariant.runs = 16
/// forge-config: default.invariant.depth = 300
/// forge-config: default.invariant.fail-on-revert = true
/// forge-config: default.invariant.shrink-run-limit = 500
contract RouterInvariants is Reached {
    ITgpRouter private router;
    RouterHandler private handler;

    function setUp() public {
        vm.warp(1_790_000_000);
        router = ITgpRouter(Built.deploy("TgpRouter", ""));
        handler = new RouterHandler(router);
        targetContract(address(handler));
    }

    function invariant_money() public view {
        assertEq(handler.violation(), "");
        assertEq(
            handler.token().balanceOf(address(router)),
            router.owed(address(handler.token()), handler.buyer()),
            "the router holds nothing but what is owed"
        );
        assertLe(handler.hopBalances(), handler.feeLimit(), "the hops got no more than the routes allow");
        uint256 spent = handler.supply() - handler.token().balanceOf(handler.buyer());
        assertLe(spent, handler.total(), "the buyer paid no more than was charged");
    }

    /// @notice The meters are those of the handler's book; and every transition is reached.
    function afterInvariant() public {
        assertTrue(handler.metersAgree(), "meters");
        string[] memory transitions = new string[](7);
        transitions[0] = "charge";
        transitions[1] = "charge refused";
        transitions[2] = "close";
        transitions[3] = "close refused";
        transitions[4] = "settle";
        transitions[5] = "credit";
        transitions[6] = "withdraw";
        _checkReached("ROUTER_INVARIANTS", transitions);
    }

    function _reached(string memory transition) internal view override returns (uint256) {
        return handler.reached(transition);
    }
}
