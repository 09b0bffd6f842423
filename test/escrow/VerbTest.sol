// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Commitment, ITermsOrders} from "../../contracts/interfaces/ITermsOrders.sol";
import {ITreasury, Source} from "../../contracts/interfaces/ITreasury.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {ZKB_01, ZKS_01} from "../../contracts/libraries/Circuits.sol";
import {State, Terms} from "../../contracts/libraries/Terms.sol";
import {FiveSignals} from "../registry/Verifiers.sol";
import {TestUSD} from "../tokens/TestUSD.sol";
import {EscrowTest} from "./EscrowTest.sol";

/// @notice What the tests of single verbs share: calls that must be refused and must then have changed nothing.
abstract contract VerbTest is EscrowTest {
    using OrderTermsLib for OrderTerms;

    /// @dev How a payment or a bond is brought.
    struct Funding {
        address by;
        uint256 value;
        Source source;
        bytes32 receiptAddress;
        bytes auth;
    }

    bytes32 internal constant RECEIPT_ADDRESS = keccak256("receipt address");
    uint256 internal constant CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    // ------------------------------------------------------------------------------------------------- orders

    function _eth(OrderTerms memory o, uint96 amount) internal pure returns (OrderTerms memory) {
        o.token = address(0);
        o.amount = amount;
        return o;
    }

    /// @dev A bond of the chain's coin.
    function _ethBonded() internal view returns (OrderTerms memory o) {
        o = _bonded();
        o.counterToken = address(0);
        o.counterAmount = 2 ether;
    }

    function _id(OrderTerms memory o) internal view returns (bytes32) {
        return escrow.orderIdOf(o.pack());
    }

    /// @dev Both roles may be shielded from now on: their verifiers are active.
    function _activateShields() internal {
        address impl = address(new FiveSignals());
        vm.startPrank(aggregator);
        registry.propose(ZKB_01, 1, impl, keccak256("key"), keccak256("ceremony"), 5, false, false);
        registry.propose(ZKS_01, 1, impl, keccak256("key"), keccak256("ceremony"), 5, false, false);
        vm.stopPrank();
        vm.warp(vm.getBlockTimestamp() + 2 days);
    }

    function _shieldable() internal view returns (OrderTerms memory o) {
        o = _plain();
        o.zkbVersion = 1;
        o.zksVersion = 1;
    }

    // ------------------------------------------------------------------------------------------------- money

    /// @dev As much of everything as any order can ask.
    function _enrich(address who) internal {
        vm.deal(who, type(uint128).max);
        usd.mint(who, type(uint128).max);
        eur.mint(who, type(uint128).max);
    }

    /// @dev Takes back every allowance, so that nothing but an authorization can move his money.
    function _disallow(address who) internal {
        vm.startPrank(who);
        usd.approve(address(escrow), 0);
        eur.approve(address(escrow), 0);
        vm.stopPrank();
    }

    // ------------------------------------------------------------------------------------------------- refusals

    /// @dev Everything that a refused call must leave as it was.
    function _fingerprint(bytes32 id) internal view returns (bytes32) {
        bytes32 money = keccak256(
            abi.encode(
                address(escrow).balance,
                usd.balanceOf(address(escrow)),
                eur.balanceOf(address(escrow)),
                usd.balanceOf(buyer),
                usd.balanceOf(seller),
                eur.balanceOf(seller),
                buyer.balance,
                seller.balance
            )
        );
        return keccak256(abi.encode(escrow.slot(id), escrow.shield(id, 0), escrow.shield(id, 1), money));
    }

    function _pay(OrderTerms memory o, Funding memory f) internal returns (bytes32) {
        vm.prank(f.by);
        return escrow.create{value: f.value}(o.pack(), f.source, f.receiptAddress, f.auth);
    }

    function _refusePay(OrderTerms memory o, Funding memory f, bytes memory err) internal {
        bytes32 before = _fingerprint(_id(o));
        Terms memory t = o.pack();
        vm.prank(f.by);
        vm.expectRevert(err);
        escrow.create{value: f.value}(t, f.source, f.receiptAddress, f.auth);
        assertEq(_fingerprint(_id(o)), before, "a refused create changes nothing");
    }

    /// @dev The same where the token, not the escrow, says why.
    function _refusePayAnyhow(OrderTerms memory o, Funding memory f) internal {
        bytes32 before = _fingerprint(_id(o));
        Terms memory t = o.pack();
        vm.prank(f.by);
        vm.expectRevert();
        escrow.create{value: f.value}(t, f.source, f.receiptAddress, f.auth);
        assertEq(_fingerprint(_id(o)), before, "a refused create changes nothing");
    }

    function _bind(OrderTerms memory o, Commitment memory c, Funding memory f) internal {
        vm.prank(f.by);
        escrow.commit{value: f.value}(o.pack(), c, f.source, f.auth);
    }

    function _refuseBind(OrderTerms memory o, Commitment memory c, Funding memory f, bytes memory err) internal {
        bytes32 before = _fingerprint(_id(o));
        Terms memory t = o.pack();
        vm.prank(f.by);
        vm.expectRevert(err);
        escrow.commit{value: f.value}(t, c, f.source, f.auth);
        assertEq(_fingerprint(_id(o)), before, "a refused commit changes nothing");
    }

    function _refuseBindAnyhow(OrderTerms memory o, Commitment memory c, Funding memory f) internal {
        bytes32 before = _fingerprint(_id(o));
        Terms memory t = o.pack();
        vm.prank(f.by);
        vm.expectRevert();
        escrow.commit{value: f.value}(t, c, f.source, f.auth);
        assertEq(_fingerprint(_id(o)), before, "a refused commit changes nothing");
    }

    function _calls(address by, uint256 value) internal pure returns (Funding memory f) {
        f.by = by;
        f.value = value;
        f.source = Source.CALLER;
    }

    function _brings(address by, Source source, bytes memory auth) internal pure returns (Funding memory f) {
        f.by = by;
        f.source = source;
        f.auth = auth;
    }

    // ------------------------------------------------------------------------------------------------- errors

    function _badSignature(address signer) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ITreasury.BadSignature.selector, signer);
    }

    function _badFunding(address owner) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ITermsOrders.BadFunding.selector, owner);
    }

    function _wrongValue(uint256 due, uint256 sent) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ITreasury.WrongValue.selector, due, sent);
    }

    function _wrongState(bytes32 id, State state) internal pure returns (bytes memory) {
        return abi.encodeWithSignature("WrongState(bytes32,uint8)", id, State.unwrap(state));
    }

    function _tooLate(uint256 deadline) internal pure returns (bytes memory) {
        return abi.encodeWithSignature("TooLate(uint256)", deadline);
    }

    function _invalidSignature(address signer) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(TestUSD.InvalidSignature.selector, signer);
    }

    // ------------------------------------------------------------------------------------------------- signatures

    /// @dev A digest under a domain of the test's choice.
    function _digestUnder(string memory name, uint256 chainId, address verifier, bytes32 structHash)
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
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    /// @dev The 64-byte form of EIP-2098.
    function _compact(bytes memory signature) internal pure returns (bytes memory) {
        (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
        uint256 vs = uint256(s) | (uint256(uint8(signature[64]) - 27) << 255);
        return abi.encodePacked(r, bytes32(vs));
    }

    /// @dev The other signature of the same message by the same key.
    function _malleable(bytes memory signature) internal pure returns (bytes memory) {
        (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
        return
            abi.encodePacked(r, bytes32(CURVE_ORDER - uint256(s)), uint8(signature[64]) == 27 ? uint8(28) : uint8(27));
    }

    /// @dev EIP-3009 as any owner would have it signed: `owner` may be a wallet, `key` its key.
    function _authorizeAs(address owner, uint256 key, bytes32 id, uint8 role, uint256 amount, uint256 lastSecond)
        internal
        view
        returns (bytes memory)
    {
        bytes32 structHash = keccak256(
            abi.encode(
                usd.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(),
                owner,
                address(escrow),
                amount,
                0,
                lastSecond + 1,
                keccak256(abi.encode(id, role, bytes32(0)))
            )
        );
        return _sign(key, keccak256(abi.encodePacked(hex"1901", usd.DOMAIN_SEPARATOR(), structHash)));
    }

    /// @dev EIP-3009 of the buyer for this order.
    function _buyerAuth(OrderTerms memory o) internal view returns (bytes memory) {
        return _authorize(buyerKey, TestUSD(o.token), _id(o), 0, 0, o.amount, o.fundBy);
    }

    /// @dev Permit2 of the buyer for this order.
    function _buyerPermit2(OrderTerms memory o) internal view returns (bytes memory) {
        return _permit2(buyerKey, o.token, _id(o), 0, 0, o.amount, o.fundBy);
    }

    /// @dev EIP-2612 of the buyer and his word that it is for this order.
    function _buyerPermit(OrderTerms memory o) internal view returns (bytes memory) {
        return bytes.concat(_permit(buyerKey, TestUSD(o.token), o.amount, o.fundBy), _signLeg(buyerKey, _id(o), 0, 0));
    }
}
