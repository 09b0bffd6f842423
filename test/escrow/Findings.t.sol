// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {SimpleTest} from "./simple/SimpleTest.sol";

/// @title Requirements that the contracts do not meet yet
/// @notice Each test says which. It moves to its verb's file once it passes.
contract FindingsTest is SimpleTest {
    /// @dev Invariant 14: packing is a round trip or a revert, never truncation. `createdAt` has 32 bits; from 2^32
    /// seconds on (the year 2106) its upper bits run into the buyer's address.
    function testFuzz_finding_createEscrowNeverTruncatesTheTime(uint256 time) public {
        Order memory o = _usual(false);
        o.start = bound(time, 1 << 32, (1 << 40) - 1);
        vm.warp(o.start);
        vm.prank(buyer);
        try escrow.createEscrow{value: o.amount}(o.id, seller, o.commitmentWindow, o.claimWindow, false, 0) {
            _assertAt(o, At.PAID_IN);
        } catch {
            assertEq(_ten(o.id).state, 0, "refused, and nothing kept");
        }
    }
}
