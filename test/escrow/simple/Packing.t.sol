// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {PackedSimpleOrder, SimpleOrder, SimpleOrderLib} from "../../../contracts/libraries/SimpleOrder.sol";

/// @notice A simple order in two words and back, over everything that `createEscrow` lets through.
contract SimplePackingTest is Test {
    struct Facts {
        address buyer;
        address seller;
        uint80 amount;
        uint32 createdAt;
        uint256 commitmentWindow;
        uint256 claimWindow;
        uint256 delay;
        uint256 phase;
    }

    function _fit(Facts memory f) private pure {
        f.commitmentWindow = bound(f.commitmentWindow, 0, 365 days);
        f.claimWindow = bound(f.claimWindow, 1, 365 days);
        f.delay = bound(f.delay, 0, f.claimWindow);
        f.phase = bound(f.phase, 0, 7);
    }

    function _pack(Facts memory f) private pure returns (PackedSimpleOrder memory p) {
        (p.head, p.tail) =
            SimpleOrderLib.pack(f.buyer, f.seller, f.amount, f.createdAt, f.commitmentWindow, f.claimWindow, f.delay);
    }

    function testFuzz_pack_roundTrip(Facts memory f) public pure {
        _fit(f);
        SimpleOrder memory o = SimpleOrderLib.unpack(_pack(f));
        assertEq(o.buyer, f.buyer);
        assertEq(o.seller, f.seller);
        assertEq(o.amount, f.amount);
        assertEq(o.createdAt, f.createdAt);
        assertEq(o.commitmentDeadline, uint256(f.createdAt) + f.commitmentWindow);
        assertEq(o.claimDeadline, uint256(f.createdAt) + f.commitmentWindow + f.claimWindow);
        assertEq(o.timedRelease, f.delay == 0 ? 0 : uint256(f.createdAt) + f.commitmentWindow + f.delay);
        assertEq(o.phase, 1);
    }

    function testFuzz_headWith_changesThePhaseAndNothingElse(Facts memory f) public pure {
        _fit(f);
        PackedSimpleOrder memory p = _pack(f);
        SimpleOrder memory before = SimpleOrderLib.unpack(p);
        p.head = SimpleOrderLib.headWith(p.head, f.phase);
        assertEq(SimpleOrderLib.phaseOf(p.head), f.phase);
        SimpleOrder memory o = SimpleOrderLib.unpack(p);
        assertEq(o.phase, f.phase);
        o.phase = 1;
        assertEq(abi.encode(o), abi.encode(before));
    }

    function testFuzz_pack_isNeverEmpty(Facts memory f) public pure {
        _fit(f);
        assertNotEq(_pack(f).head, 0, "0 stands for an id that was never used");
    }

    function test_limits_areAboveWhatIsAllowed() public pure {
        assertGt(SimpleOrderLib.WINDOW_LIMIT, 365 days);
        assertEq(SimpleOrderLib.AMOUNT_LIMIT, uint256(type(uint80).max) + 1);
    }
}
