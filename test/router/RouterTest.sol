// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {Hop, ITgpRouter, Permit, Route, Split} from "../../contracts/interfaces/ITgpRouter.sol";
import {TestUSD} from "../tokens/TestUSD.sol";
import {Built} from "../Built.sol";

/// @dev What the tests of the router's verbs share: people, money, routes and signatures.
abstract contract RouterTest is Test {
    uint256 internal constant START = 1_790_000_000;

    ITgpRouter internal router;
    TestUSD internal usd;
    address internal buyer;
    uint256 internal buyerKey;
    address internal seller = makeAddr("seller");
    address internal hop1 = makeAddr("hop 1");
    address internal hop2 = makeAddr("hop 2");
    address internal anyone = makeAddr("anyone");

    function setUp() public virtual {
        vm.warp(START);
        router = ITgpRouter(Built.deploy("TgpRouter", ""));
        usd = new TestUSD();
        (buyer, buyerKey) = makeAddrAndKey("buyer");
        usd.mint(buyer, type(uint128).max);
        vm.prank(buyer);
        usd.approve(address(router), type(uint256).max);
    }

    function _hops(uint16 first, uint16 second) internal view returns (Hop[] memory hops) {
        hops = new Hop[](2);
        hops[0] = Hop(hop1, first);
        hops[1] = Hop(hop2, second);
    }

    function _route() internal view returns (Route memory) {
        return Route({
            buyer: buyer,
            seller: seller,
            token: address(usd),
            cap: 1_000_000,
            maxFeesBps: 300,
            expiry: START + 1 days,
            sessionId: keccak256("session"),
            salt: 0,
            hops: _hops(100, 50)
        });
    }

    function _split() internal view returns (Split memory) {
        return Split({
            buyer: buyer,
            seller: seller,
            token: address(usd),
            amount: 1_000_000,
            validAfter: START - 600,
            validBefore: START + 600,
            sessionId: keccak256("session"),
            salt: 0,
            hops: _hops(100, 50)
        });
    }

    function _sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _signCharge(Route memory route, uint96 cumulative) internal view returns (bytes memory) {
        return _sign(buyerKey, router.chargeDigest(router.routeIdOf(route), cumulative));
    }

    function _charge(Route memory route, uint96 cumulative) internal {
        bytes memory signature = _signCharge(route, cumulative);
        vm.prank(anyone);
        router.charge(route, cumulative, signature);
    }

    function _signSplit(Split memory split) internal view returns (bytes memory) {
        bytes32 message = keccak256(
            abi.encode(
                usd.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(),
                split.buyer,
                address(router),
                uint256(split.amount),
                split.validAfter,
                split.validBefore,
                router.splitIdOf(split)
            )
        );
        bytes32 domain = TestUSD(split.token).DOMAIN_SEPARATOR();
        return _sign(buyerKey, keccak256(abi.encodePacked(hex"1901", domain, message)));
    }

    function _signPermit(uint256 value, uint256 deadline) internal view returns (Permit memory) {
        bytes32 message =
            keccak256(abi.encode(usd.PERMIT_TYPEHASH(), buyer, address(router), value, usd.nonces(buyer), deadline));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", usd.DOMAIN_SEPARATOR(), message));
        return Permit(value, deadline, _sign(buyerKey, digest));
    }

    /// @dev The domain of a router, written out.
    function _digest(string memory name, uint256 chainId, address verifier, bytes32 message)
        internal
        pure
        returns (bytes32)
    {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256("1"),
                chainId,
                verifier
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, message));
    }

    function _hashHops(Hop[] memory hops) internal pure returns (bytes32) {
        bytes memory hashes;
        for (uint256 i; i < hops.length; ++i) {
            hashes = abi.encodePacked(
                hashes,
                keccak256(abi.encode(keccak256("Hop(address payee,uint16 feeBps)"), hops[i].payee, hops[i].feeBps))
            );
        }
        return keccak256(hashes);
    }
}
