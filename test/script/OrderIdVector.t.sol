// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IEscrow} from "../../contracts/interfaces/IEscrow.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {VectorOrder} from "../VectorOrder.sol";
import {Test} from "forge-std/Test.sol";

/// @notice The ids that the Rust bindings compute by themselves: crates/bindings/src/tests/order_id.rs has the same.
contract OrderIdVectorTest is Test {
    using OrderTermsLib for OrderTerms;

    IEscrow private constant ESCROW = IEscrow(address(0xE5c02));

    function setUp() public {
        bytes memory arguments = abi.encode(address(1), address(2), address(0));
        deployCodeTo("CoreProverEscrow.sol:CoreProverEscrow", arguments, address(ESCROW));
    }

    function test_orderId_bonded() external view {
        bytes32 expected = 0x2855d48435f75da976e364fbbcaade6b17e77d98e1f01366ec463fc587c73d89;
        assertEq(ESCROW.orderIdOf(VectorOrder.bonded().pack()), expected);
    }

    function test_orderId_plain() external view {
        OrderTerms memory o = VectorOrder.bonded();
        (o.feeReceiver, o.arbiter, o.verifier) = (address(0), address(0), address(0));
        (o.counterToken, o.counterAmount) = (address(0), 0);
        (o.policy, o.silence, o.jurisdiction, o.slashBps, o.feeBps, o.maxFeeBps) = (0, 0, 0, 0, 0, 0);
        (o.arbiterFeeBps, o.disputeBondBps, o.zkbVersion, o.zksVersion) = (0, 0, 0, 0);
        bytes32 expected = 0x1d2629005ac8b328a0926e5eddb3e0a79fb821c359ca33dbb51d53889fa19b50;
        assertEq(ESCROW.orderIdOf(o.pack()), expected);
    }
}
