// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Phase, SimpleBook, SimpleCall, SimpleSpec} from "../escrow/SimpleSpec.sol";
import {TermsGhosts} from "./TermsGhosts.sol";

/// @notice Simple orders, judged and checked in the same way.
abstract contract SimpleGhosts is TermsGhosts {
    SimpleBook[] internal _simples;

    function _trySimple(uint256 i, SimpleCall c, address caller) internal returns (bool done) {
        SimpleBook memory b = _simples[i];
        uint256 key_ = c == SimpleCall.SIGNATURE_FORGED ? buyerKey : sellerKey;
        bytes memory data = _simpleCall(b, c, key_);
        (bool allowed, Phase to) = SimpleSpec.judge(b, c, caller, vm.getBlockTimestamp());
        Wealth[] memory before = _wealths();
        done = _send(caller, _simpleValue(b, c), data, false);
        if (done != allowed) {
            _note(string.concat(allowed ? "refused: call " : "forbidden and done: call ", vm.toString(uint256(c))));
        }
        if (!done) {
            ++reached["forbidden simple"];
            if (c == SimpleCall.CREATE && b.phase != Phase.NONE) ++reached["a simple id again"];
            return false;
        }
        _onlyRicher(before, [b.buyer, b.seller, address(0), address(0)]);
        if (c >= SimpleCall.CLAIM) {
            bool toSeller = c == SimpleCall.CLAIM || c == SimpleCall.TIMED_RELEASE;
            uint256 payee;
            while (_actors[payee] != (toSeller ? b.seller : b.buyer)) ++payee;
            if (_wealth(_actors[payee]).of_[0] != before[payee].of_[0] + b.amount) _note("a leg to somebody else");
            if (toSeller) ++_claims[b.orderId];
        }
        _countSimple(b.phase, to, c);
        uint256 old = SimpleSpec.inside(b);
        b.phase = to;
        if (c == SimpleCall.CREATE) b.buyer = caller;
        _inside[address(0)] = _inside[address(0)] - old + SimpleSpec.inside(b);
        _simples[i] = b;
        _checkSimple(i);
    }

    mapping(bytes32 id => uint256) private _claims;

    function _checkSimple(uint256 i) internal {
        SimpleBook memory b = _simples[i];
        bytes32 key = escrow.simpleKey(b.orderId);
        (
            address buyer_,
            address seller_,
            uint256 amount,,
            uint8 state,,
            uint256 commitBy,
            uint256 claimBy,,
            uint256 timed
        ) = escrow.escrows(b.orderId);
        if (state != SimpleSpec.stateOf(b.phase)) _note("a simple order in another state");
        if (state != _foldSimple[key]) _note("a simple order is not the fold of its events");
        if (b.phase == Phase.NONE) return;
        bytes32 mine =
            keccak256(abi.encode(b.buyer, b.seller, b.amount, b.commitmentDeadline, b.claimDeadline, b.timedRelease));
        if (mine != keccak256(abi.encode(buyer_, seller_, amount, commitBy, claimBy, timed))) _note("packed wrongly");
        if (_receipts[key] != _claims[b.orderId]) _note("a simple receipt too many or too few");
        if (_receipts[key] > 1) _note("two simple receipts");
        if (_receipts[key] == 1 && !vault.verifySimple(_foldReceipt[key])) _note("a simple receipt of other facts");
    }

    function _countSimple(Phase from, Phase to, SimpleCall c) private {
        string memory verb = c == SimpleCall.CREATE
            ? "create"
            : c == SimpleCall.DEPOSIT
                ? "deposit"
                : c == SimpleCall.SIGNATURE
                    ? "signature"
                    : c == SimpleCall.CLAIM
                        ? "claim"
                        : c == SimpleCall.TAKE_COUNTER
                            ? "counter"
                            : c == SimpleCall.TIMED_RELEASE ? "timed release" : "refund";
        _count(SimpleSpec.stateOf(from), SimpleSpec.stateOf(to), string.concat("simple ", verb));
    }
}
