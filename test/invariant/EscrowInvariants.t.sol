// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Reached} from "../Reached.sol";
import {EscrowHandler} from "./EscrowHandler.sol";

/// @notice What holds after any sequence of calls by anybody. The handler judges each call by the table beforehand and
/// notes the first thing that happened and must not; `invariant_money` compares the contract's balances. README.md
/// says which check holds which invariant.
/// forge-config: default.invariant.runs = 6
/// forge-config: default.invariant.depth = 1000
/// forge-config: default.invariant.fail-on-revert = true
/// forge-config: default.invariant.shrink-run-limit = 60
/// forge-config: soak.invariant.runs = 192
/// forge-config: soak.invariant.depth = 1500
/// forge-config: coverage.invariant.runs = 2
/// forge-config: coverage.invariant.depth = 1000
contract EscrowInvariants is Reached {
    string private constant SUITE = "ESCROW_INVARIANTS";

    /// @dev The depth above: a run as long as this must have reached everything.
    uint256 private constant RUN = 1000;

    /// @dev The most calls of a goal that was begun while the table had its turn.
    uint256 private constant ONE_PURSUIT = 60;

    EscrowHandler private handler;

    function setUp() public {
        handler = new EscrowHandler();
        targetContract(address(handler));
        bytes4[] memory verbs = new bytes4[](24);
        verbs[0] = handler.open.selector;
        verbs[1] = handler.steer.selector;
        verbs[2] = handler.pursue.selector;
        verbs[3] = handler.drive.selector;
        verbs[4] = handler.act.selector;
        verbs[5] = handler.replay.selector;
        verbs[6] = handler.reuse.selector;
        verbs[7] = handler.forge.selector;
        verbs[8] = handler.carry.selector;
        verbs[9] = handler.steal.selector;
        verbs[10] = handler.recreate.selector;
        verbs[11] = handler.collide.selector;
        verbs[12] = handler.openUnsound.selector;
        verbs[13] = handler.openTaxed.selector;
        verbs[14] = handler.openSimple.selector;
        verbs[15] = handler.actSimple.selector;
        verbs[16] = handler.pursueSimple.selector;
        verbs[17] = handler.passTime.selector;
        verbs[18] = handler.passTimeTo.selector;
        verbs[19] = handler.setMood.selector;
        verbs[20] = handler.revoke.selector;
        verbs[21] = handler.donate.selector;
        verbs[22] = handler.withdraw.selector;
        verbs[23] = handler.openWhileTaxed.selector;
        targetSelector(FuzzSelector({addr: address(handler), selectors: verbs}));
    }

    /// @notice Money in the contract = open orders + bonds + dispute bonds + held + owed + what was given away to it.
    /// The handler noted no payment without one of the reasons that the terms admit. Shows R-345, R-353.
    function invariant_money() public {
        _nothingHappened();
        for (uint256 t; t < 4; ++t) {
            address token = handler.tokens(t);
            if (handler.balanceIn(token) != handler.expectedIn(token)) _noteFailure(SUITE);
            assertEq(handler.balanceIn(token), handler.expectedIn(token), "solvent");
        }
    }

    /// @notice Every order can be ended by a stranger, every credit be paid; and the run reached every transition,
    /// at least half of its calls being free.
    function afterInvariant() public {
        uint256 calls = handler.calls();
        (uint256 free, uint256 guided) = (handler.free(), handler.guided());
        handler.finish();
        _nothingHappened();
        assertLe(guided, free + ONE_PURSUIT, "more calls guided than free");
        emit log_named_uint("calls of the fuzzer", calls);
        emit log_named_uint("free calls to the escrow", free);
        emit log_named_uint("guided calls to the escrow", guided);
        _checkReachedByRun(SUITE, _transitions(), calls, RUN);
    }

    function _nothingHappened() private {
        string memory violation = handler.violation();
        if (bytes(violation).length != 0) _noteFailure(SUITE);
        assertEq(violation, "");
    }

    /// @dev The rows of the table, and what was tried against them.
    function _transitions() private view returns (string[] memory all) {
        string[] memory rows = handler.rows();
        string[] memory tried = vm.split(
            "a second early,attested late,attested by another,proven late,proven falsely,released outside the range,"
            "ruled above the slash,split that does not sum,other evidence than recorded,evidence where none is recorded,"
            "owed,withdraw,revoked,replayed,reused on another open order,forged on an open order,"
            "carried to another chain,carried to another contract,stolen nothing,an open id again,an ended id again,"
            "a simple id again,one bit gives another id,unsound terms,taxed payment,taxed bond,kept a fee and refused,"
            "forbidden,forbidden simple,refused by a hostile party",
            ","
        );
        all = new string[](rows.length + tried.length);
        for (uint256 i; i < all.length; ++i) {
            all[i] = i < rows.length ? rows[i] : tried[i - rows.length];
        }
    }

    function _reached(string memory transition) internal view override returns (uint256) {
        return handler.reached(transition);
    }
}
