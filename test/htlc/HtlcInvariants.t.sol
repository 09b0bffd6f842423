// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IHashedTimelock} from "../../contracts/interfaces/IHashedTimelock.sol";
import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";
import {Reached} from "../Reached.sol";
import {HtlcHandler} from "./HtlcHandler.sol";
import {Built} from "../Built.sol";

/// @notice What holds after any sequence of calls by anybody.
/// forge-config: default.invariant.runs = 24
/// forge-config: default.invariant.depth = 300
/// forge-config: default.invariant.fail-on-revert = true
/// forge-config: default.invariant.shrink-run-limit = 500
contract HtlcInvariants is Reached {
    IHashedTimelock private htlc;
    HtlcHandler private handler;

    function setUp() public {
        vm.warp(1_790_000_000);
        htlc = IHashedTimelock(Built.deploy("HashedTimelock", abi.encode(address(0))));
        handler = new HtlcHandler(htlc);
        targetContract(address(handler));
    }

    /// @notice Money in the contract = what is open + what is owed + what was given away to it, and nothing happened that
    /// must not.
    /// Shows R-017.
    function invariant_money() public view {
        for (uint256 t; t < handler.tokenCount(); ++t) {
            address token = handler.tokens(t);
            uint256 balance = token == address(0) ? address(htlc).balance : IERC20(token).balanceOf(address(htlc));
            assertEq(balance, handler.open(token) + handler.owedIn(token) + handler.donated(token), "solvent");
        }
        assertEq(handler.violation(), "");
        assertFalse(handler.hostile().everSucceeded(), "re-entered");
    }

    /// @notice The contract's states are those of the handler's book, so that what ended stayed ended; and every
    /// transition is reached.
    function afterInvariant() public {
        for (uint256 i; i < handler.count(); ++i) {
            assertTrue(handler.agrees(i), "state");
        }
        string[] memory transitions = new string[](13);
        transitions[0] = "lock";
        transitions[1] = "lock by authorization";
        transitions[2] = "relock";
        transitions[3] = "relock refused";
        transitions[4] = "claim";
        transitions[5] = "claim batch";
        transitions[6] = "claim refused";
        transitions[7] = "claim of an ended lock refused";
        transitions[8] = "refund";
        transitions[9] = "refund refused";
        transitions[10] = "release";
        transitions[11] = "release refused";
        transitions[12] = "withdraw";
        _checkReached("HTLC_INVARIANTS", transitions);
    }

    function _reached(string memory transition) internal view override returns (uint256) {
        return handler.reached(transition);
    }
}
