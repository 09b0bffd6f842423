// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Reached} from "../Reached.sol";
import {EscrowHandler} from "./EscrowHandler.sol";

/// @notice What holds after any sequence of calls by anybody. The handler judges each call by the table beforehand and
/// notes the first thing that happened and must not; `invariant_money` compares the contract's balances.
/// forge-config: default.invariant.runs = 8
/// forge-config: default.invariant.depth = 400
/// forge-config: default.invariant.fail-on-revert = true
/// forge-config: soak.invariant.runs = 256
/// forge-config: soak.invariant.depth = 500
/// forge-config: soak.invariant.fail-on-revert = true
/// forge-config: default.invariant.shrink-run-limit = 300
contract EscrowInvariants is Reached {
    EscrowHandler private handler;

    function setUp() public {
        handler = new EscrowHandler();
        targetContract(address(handler));
        bytes4[] memory verbs = new bytes4[](16);
        verbs[0] = handler.open.selector;
        verbs[1] = handler.drive.selector;
        verbs[2] = handler.driveOn.selector;
        verbs[3] = handler.act.selector;
        verbs[4] = handler.replay.selector;
        verbs[5] = handler.mix.selector;
        verbs[6] = handler.steal.selector;
        verbs[7] = handler.openSimple.selector;
        verbs[8] = handler.actSimple.selector;
        verbs[9] = handler.driveSimple.selector;
        verbs[10] = handler.passTime.selector;
        verbs[11] = handler.passTimeTo.selector;
        verbs[12] = handler.setMood.selector;
        verbs[13] = handler.donate.selector;
        verbs[14] = handler.withdraw.selector;
        verbs[15] = handler.openUnsound.selector;
        targetSelector(FuzzSelector({addr: address(handler), selectors: verbs}));
    }

    /// @notice Money in the contract = open orders + bonds + dispute bonds + held + owed + what was given away to it.
    function invariant_money() public view {
        assertEq(handler.violation(), "");
        for (uint256 t; t < 4; ++t) {
            address token = handler.tokens(t);
            assertEq(handler.balanceIn(token), handler.expectedIn(token), "solvent");
        }
    }

    /// @notice Every order can be ended by a stranger, every credit be paid, and every transition is reached.
    function afterInvariant() public {
        handler.finish();
        assertEq(handler.violation(), "");
        // A short campaign does not reach every row; a deep one must.
        if (keccak256(bytes(vm.envOr("FOUNDRY_PROFILE", string("")))) != keccak256("soak")) return;
        _checkReached("ESCROW_INVARIANTS", _transitions());
        _print();
    }

    function _transitions() private view returns (string[] memory) {
        return vm.split(
            "0->1 create,0->3 createWithCommitment,0->6 createWithCommitment,1->3 commit,1->6 commit,1->8 refund,"
            "3->9 fulfil,3->9 fulfilAttested,3->6 fulfilAttested,3->6 fulfilProven,9->9 fulfilAttested,"
            "7->7 fulfilAttested,9->6 claim,3->6 claim,3->3 release,3->6 release,3->8 refund,3->10 refund,"
            "9->7 dispute,3->7 dispute,7->10 resolve,7->10 resolveBySilence,1->6 settle,1->8 settle,1->10 settle,"
            "3->6 settle,3->8 settle,3->10 settle,9->6 settle,9->8 settle,9->10 settle,7->6 settle,7->8 settle,"
            "7->10 settle,6->6 collect,10->10 collect,8->8 collect,6->6 collectWithProof,10->10 collectWithProof,"
            "8->8 collectWithProof,0->1 simple create,1->3 simple deposit,1->3 simple signature,3->6 simple claim,"
            "3->4 simple claim,5->6 simple claim,3->5 simple counter,4->6 simple counter,3->6 simple timed release,"
            "1->8 simple refund,3->8 simple refund,owed,withdraw,replayed,mixed,stolen nothing,forbidden,"
            "forbidden simple,unsound terms,refused by a hostile party",
            ","
        );
    }

    /// @dev The counts so far, of all runs of this process.
    function _print() private {
        string[] memory transitions = _transitions();
        for (uint256 i; i < transitions.length; ++i) {
            emit log_named_uint(
                transitions[i], vm.envOr(string.concat("ESCROW_INVARIANTS_REACHED_", vm.toString(i)), uint256(0))
            );
        }
    }

    function _reached(string memory transition) internal view override returns (uint256) {
        return handler.reached(transition);
    }
}
