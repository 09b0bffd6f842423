// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Source} from "../../contracts/interfaces/ITreasury.sol";
import {Verb} from "../escrow/OrderSpec.sol";
import {Phase, SimpleCall} from "../escrow/SimpleSpec.sol";

/// @dev A transition to be reached: one row of the table of terms orders.
struct Goal {
    string name;
    uint8 from;
    uint8 to;
    Verb verb;
    uint8 ways; // how many verbs of the enumeration lead there, `verb` first
    uint8 kind; // of the order that is opened for it
    Source source; // EIP3009 where the verb has no authorization
    bool revoked; // only after the verifier that the order pins was revoked
}

/// @dev A row of the table of simple orders.
struct SimpleGoal {
    string name;
    Phase from;
    SimpleCall call_;
    bool timed;
}

/// @title The rows of the state table
/// @notice What a campaign must have reached: every transition of a terms order and of a simple one.
abstract contract Goals {
    Goal[] internal _goals;
    SimpleGoal[] internal _simpleGoals;

    constructor() {
        _enter();
        _deliver();
        _end();
        _settle();
        _collect();
        _simple();
    }

    /// @notice The name of every row, terms orders first.
    function rows() external view returns (string[] memory names) {
        names = new string[](_goals.length + _simpleGoals.length);
        for (uint256 i; i < _goals.length; ++i) {
            names[i] = _goals[i].name;
        }
        for (uint256 i; i < _simpleGoals.length; ++i) {
            names[_goals.length + i] = _simpleGoals[i].name;
        }
    }

    function _row(string memory name, uint8 from, uint8 to, Verb verb, uint8 ways, uint8 kind) private {
        Goal storage goal = _goals.push();
        (goal.name, goal.from, goal.to) = (name, from, to);
        (goal.verb, goal.ways, goal.kind, goal.source) = (verb, ways, kind, Source.EIP3009);
    }

    function _paid(string memory name, uint8 from, uint8 to, Verb verb, uint8 kind, Source source) private {
        _row(name, from, to, verb, 1, kind);
        _goals[_goals.length - 1].source = source;
    }

    function _afterRevocation(string memory name, uint8 from, uint8 to, Verb verb, uint8 kind) private {
        _row(name, from, to, verb, 1, kind);
        _goals[_goals.length - 1].revoked = true;
    }

    function _simpleRow(string memory name, Phase from, SimpleCall call_, bool timed) private {
        SimpleGoal storage goal = _simpleGoals.push();
        (goal.name, goal.from, goal.call_, goal.timed) = (name, from, call_, timed);
    }

    function _enter() private {
        _row("0->1 create", 0, 1, Verb.CREATE, 2, 0);
        _paid("0->1 create by Permit2", 0, 1, Verb.CREATE_AUTH, 11, Source.PERMIT2);
        _paid("0->1 create by EIP-2612", 0, 1, Verb.CREATE_AUTH, 11, Source.EIP2612);
        _row("0->3 createWithCommitment", 0, 3, Verb.CREATE_COMMIT, 1, 3);
        _row("0->6 createWithCommitment", 0, 6, Verb.CREATE_COMMIT, 1, 8);
        _row("1->3 commit", 1, 3, Verb.COMMIT_OWN, 2, 3);
        _paid("1->3 commit by Permit2", 1, 3, Verb.COMMIT_SIGNED, 3, Source.PERMIT2);
        _paid("1->3 commit by EIP-2612", 1, 3, Verb.COMMIT_SIGNED, 3, Source.EIP2612);
        _row("1->6 commit", 1, 6, Verb.COMMIT_OWN, 2, 8);
        _paid("1->6 commit by Permit2", 1, 6, Verb.COMMIT_SIGNED, 8, Source.PERMIT2);
        _paid("1->6 commit by EIP-2612", 1, 6, Verb.COMMIT_SIGNED, 8, Source.EIP2612);
        _row("1->8 refund", 1, 8, Verb.REFUND, 1, 0);
    }

    function _deliver() private {
        _row("3->9 fulfil", 3, 9, Verb.FULFIL, 1, 2);
        _row("3->9 fulfilAttested", 3, 9, Verb.ATTESTED, 1, 3);
        _row("3->9 fulfilProven", 3, 9, Verb.PROVEN, 1, 12);
        _row("3->6 fulfilAttested", 3, 6, Verb.ATTESTED, 1, 10);
        _row("3->6 fulfilProven", 3, 6, Verb.PROVEN, 1, 6);
        _row("9->9 fulfilAttested", 9, 9, Verb.ATTESTED, 1, 3);
        _row("9->9 fulfilProven", 9, 9, Verb.PROVEN, 1, 12);
        _row("7->7 fulfilAttested", 7, 7, Verb.ATTESTED, 1, 3);
        _row("7->7 fulfilProven", 7, 7, Verb.PROVEN, 1, 12);
    }

    function _end() private {
        _row("9->6 claim", 9, 6, Verb.CLAIM, 1, 4);
        _row("3->6 claim", 3, 6, Verb.CLAIM, 1, 1);
        _row("3->3 release", 3, 3, Verb.RELEASE_OWN, 2, 7);
        _row("3->6 release", 3, 6, Verb.RELEASE_ALL, 1, 7);
        _row("3->8 refund", 3, 8, Verb.REFUND, 1, 5);
        _row("3->10 refund", 3, 10, Verb.REFUND, 1, 7);
        _afterRevocation("refunded without a slash", 3, 8, Verb.REFUND, 12);
        _row("9->7 dispute", 9, 7, Verb.DISPUTE_OWN, 2, 2);
        _paid("9->7 dispute by Permit2", 9, 7, Verb.DISPUTE_SIGNED, 2, Source.PERMIT2);
        _paid("9->7 dispute by EIP-2612", 9, 7, Verb.DISPUTE_SIGNED, 2, Source.EIP2612);
        _row("3->7 dispute", 3, 7, Verb.DISPUTE_OWN, 2, 9);
        _row("7->10 resolve", 7, 10, Verb.RESOLVE, 1, 4);
        _row("7->10 resolveBySilence", 7, 10, Verb.SILENCE, 1, 2);
    }

    function _settle() private {
        uint8[4] memory states = [1, 3, 9, 7];
        string[4] memory names = ["1->", "3->", "9->", "7->"];
        for (uint256 i; i < 4; ++i) {
            _row(string.concat(names[i], "6 settle"), states[i], 6, Verb.ACCEPT_OWN, 2, 4);
            _row(string.concat(names[i], "8 settle"), states[i], 8, Verb.YIELD_OWN, 2, 4);
            _row(string.concat(names[i], "10 settle"), states[i], 10, Verb.SPLIT_SIGNED, 1, 4);
        }
    }

    function _collect() private {
        uint8[3] memory ends = [6, 8, 10];
        string[3] memory names = ["6->6 ", "8->8 ", "10->10 "];
        for (uint256 i; i < 3; ++i) {
            _row(string.concat(names[i], "collect"), ends[i], ends[i], Verb.COLLECT_BUYER, 2, 11);
            _row(string.concat(names[i], "collectWithProof"), ends[i], ends[i], Verb.PROOF_BUYER, 2, 11);
        }
        _afterRevocation("collected at once", 10, 10, Verb.COLLECT_BUYER, 11);
    }

    function _simple() private {
        _simpleRow("0->1 simple create", Phase.NONE, SimpleCall.CREATE, false);
        _simpleRow("1->3 simple deposit", Phase.PAID_IN, SimpleCall.DEPOSIT, true);
        _simpleRow("1->3 simple signature", Phase.PAID_IN, SimpleCall.SIGNATURE, true);
        _simpleRow("3->6 simple claim", Phase.SIGNED, SimpleCall.CLAIM, false);
        _simpleRow("3->4 simple claim", Phase.DEPOSITED, SimpleCall.CLAIM, false);
        _simpleRow("5->6 simple claim", Phase.BUYER_TOOK, SimpleCall.CLAIM, true);
        _simpleRow("3->5 simple counter", Phase.DEPOSITED, SimpleCall.TAKE_COUNTER, true);
        _simpleRow("4->6 simple counter", Phase.SELLER_TOOK, SimpleCall.TAKE_COUNTER, false);
        _simpleRow("3->6 simple timed release", Phase.SIGNED, SimpleCall.TIMED_RELEASE, true);
        _simpleRow("1->8 simple refund", Phase.PAID_IN, SimpleCall.REFUND, false);
        _simpleRow("3->8 simple refund", Phase.SIGNED, SimpleCall.REFUND, false);
    }
}
