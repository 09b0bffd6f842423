// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {IEscrow} from "../../contracts/interfaces/IEscrow.sol";
import {IEscrowLens} from "../../contracts/interfaces/IEscrowLens.sol";
import {ITermsOrders} from "../../contracts/interfaces/ITermsOrders.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {Slot, SlotLib} from "../../contracts/libraries/Slot.sol";
import "../../contracts/libraries/Terms.sol" as T;
import {VectorOrder} from "../VectorOrder.sol";

/// @notice A call of the lens and its answer as bytes: crates/bindings/src/tests/escrow_lens.rs has the same.
contract LensRustVectorTest is Test {
    using OrderTermsLib for OrderTerms;

    IEscrow private constant ESCROW = IEscrow(address(0xE5c02));
    uint256 private constant NOW = 1_790_000_000;

    /// @dev keccak256 of the calldata, which Rust builds from the fields.
    bytes32 private constant CALL = 0x4bf8ded9fef14d6bf00c6d1c974cc7c547e644666527906cffe088713a9525e2;
    /// @dev What the lens answers about an order whose review runs to NOW + 2 days.
    bytes private constant ANSWER = hex"0000000000000000000000000000000000000000000000000000000000000009"
        hex"0000000000000000000000000000000000000000000000000000000000000060"
        hex"000000000000000000000000000000000000000000000000000000006ab3de80"
        hex"0000000000000000000000000000000000000000000000000000000000000004"
        hex"0000000000000000000000000000000000000000000000000000000000000003"
        hex"0000000000000000000000000000000000000000000000000000000000000007"
        hex"000000000000000000000000000000000000000000000000000000006ab53000"
        hex"0000000000000000000000000000000000000000000000000000000000000008"
        hex"0000000000000000000000000000000000000000000000000000000000000001"
        hex"000000000000000000000000000000000000000000000000000000006ab3de7f"
        hex"000000000000000000000000000000000000000000000000000000000000000b"
        hex"0000000000000000000000000000000000000000000000000000000000000001"
        hex"0000000000000000000000000000000000000000000000000000000000000000"
        hex"000000000000000000000000000000000000000000000000000000000000000b"
        hex"0000000000000000000000000000000000000000000000000000000000000002"
        hex"0000000000000000000000000000000000000000000000000000000000000000";
    bytes32 private constant VOUCHER = 0xa345646cd0a0edcd352fc64ea984f83bc1ff6af705ed05021c286c66c7ef1f32;

    IEscrowLens private lens;

    function setUp() public {
        address registry = makeAddr("registry");
        vm.warp(NOW);
        deployCodeTo(
            "CoreProverEscrow.sol:CoreProverEscrow", abi.encode(address(1), registry, address(0)), address(ESCROW)
        );
        lens = IEscrowLens(vm.deployCode("EscrowLens.sol:EscrowLens", abi.encode(ESCROW)));
    }

    function test_nextActions_vector() external {
        OrderTerms memory o = VectorOrder.bonded();
        bytes32 id = ESCROW.orderIdOf(o.pack());
        uint256 slot = Slot.unwrap(SlotLib.open(T.FULFILLED, 0, NOW + 2 days, 0));
        vm.mockCall(address(ESCROW), abi.encodeCall(ITermsOrders.slot, (id)), abi.encode(slot));
        bytes memory data = abi.encodeCall(IEscrowLens.nextActions, (o.pack()));
        (bool success, bytes memory answer) = address(lens).staticcall(data);
        assertTrue(success);
        assertEq(keccak256(data), CALL);
        assertEq(answer, ANSWER);
    }

    function test_voucherDigest_vector() external view {
        assertEq(lens.voucherDigest(ESCROW.orderIdOf(VectorOrder.bonded().pack()), 60e6), VOUCHER);
    }
}
