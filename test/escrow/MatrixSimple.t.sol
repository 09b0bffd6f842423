// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {SimpleCalls} from "./SimpleCalls.sol";
import {Phase, SimpleBook, SimpleCall, SimpleSpec} from "./SimpleSpec.sol";
import {TypedErrors} from "./TypedErrors.sol";

/// @notice Simple orders, with and without a timed release: every phase at every instant that matters, every call by
/// every caller.
contract MatrixSimpleTest is SimpleCalls {
    error RowDone(uint256 cells, uint256 allowed);
    error CellDone();

    bytes32 private constant ID = keccak256("simple order");
    uint256 private constant AMOUNT = 3 ether;

    function test_matrix_ofSimpleOrders() external {
        vm.pauseGasMetering();
        _fund(arbiter);
        uint256 cells;
        uint256 allowed;
        for (uint256 delay; delay <= CLAIM_WINDOW; delay += CLAIM_WINDOW / 2) {
            for (uint8 p; p <= uint8(type(Phase).max); ++p) {
                try this.row(delay, Phase(p)) {}
                catch (bytes memory reason) {
                    if (bytes4(reason) != RowDone.selector) _bubble(reason);
                    (uint256 c, uint256 a) = _counts(reason);
                    cells += c;
                    allowed += a;
                }
            }
        }
        emit log_named_uint("cells", cells);
        emit log_named_uint("allowed", allowed);
        emit log_named_uint("refused", cells - allowed);
        assertEq(cells, 4536, "cells");
        assertEq(allowed, 274, "allowed");
    }

    function row(uint256 delay, Phase p) external {
        vm.warp(START + 3 days);
        SimpleBook memory b = _simpleBook(ID, buyer, seller, AMOUNT, delay);
        _reach(b, p);
        bytes32 before = _fingerprint();
        uint256[7] memory instants = [
            START + 3 days,
            b.commitmentDeadline,
            b.commitmentDeadline + 1,
            delay == 0 ? b.claimDeadline - 1 : b.timedRelease - 1,
            delay == 0 ? b.claimDeadline : b.timedRelease,
            b.claimDeadline + 1,
            START + 1000 days
        ];
        uint256 cells;
        uint256 allowed;
        for (uint256 i; i < instants.length; ++i) {
            vm.warp(instants[i]);
            for (uint8 c; c < SimpleSpec.CALLS; ++c) {
                uint256 key_ = SimpleCall(c) == SimpleCall.SIGNATURE ? sellerKey : buyerKey;
                bytes memory data = _simpleCall(b, SimpleCall(c), key_);
                allowed += _check(b, SimpleCall(c), buyer, data);
                allowed += _check(b, SimpleCall(c), seller, data);
                allowed += _check(b, SimpleCall(c), relayer, data);
                cells += 3;
            }
        }
        require(_fingerprint() == before, "a refused call changed something");
        revert RowDone(cells, allowed);
    }

    function _check(SimpleBook memory b, SimpleCall c, address caller, bytes memory data) private returns (uint256) {
        (bool allowed, Phase to) = SimpleSpec.judge(b, c, caller, vm.getBlockTimestamp());
        uint256 value = _simpleValue(b, c);
        if (allowed) {
            try this.cell(b, c, caller, value, data, to) {}
            catch (bytes memory reason) {
                if (bytes4(reason) != CellDone.selector) _fail(b, c, caller, "allowed and refused", reason);
            }
            return 1;
        }
        vm.prank(caller);
        (bool success, bytes memory answer) = address(escrow).call{value: value}(data);
        if (success) _fail(b, c, caller, "forbidden and done", "");
        if (!TypedErrors.isTyped(answer)) _fail(b, c, caller, "refused without a typed error", answer);
        return 0;
    }

    /// @notice One allowed call, undone at the end.
    function cell(SimpleBook memory b, SimpleCall c, address caller, uint256 value, bytes memory data, Phase to)
        external
    {
        uint256 total = buyer.balance + seller.balance + relayer.balance + address(escrow).balance;
        uint256 strangers = relayer.balance;
        bool toSeller = c == SimpleCall.CLAIM || c == SimpleCall.TIMED_RELEASE;
        bool toBuyer = c == SimpleCall.TAKE_COUNTER || c == SimpleCall.REFUND;
        uint256[2] memory before = [buyer.balance, seller.balance];
        vm.prank(caller);
        (bool success, bytes memory answer) = address(escrow).call{value: value}(data);
        if (!success) _bubble(answer);
        require(_simpleState() == SimpleSpec.stateOf(to), "wrong state after");
        require(total == buyer.balance + seller.balance + relayer.balance + address(escrow).balance, "money lost");
        require(relayer.balance == strangers - (c == SimpleCall.CREATE && caller == relayer ? value : 0), "stranger");
        if (toSeller) require(seller.balance == before[1] + b.amount, "the seller's leg");
        if (toBuyer) require(buyer.balance == before[0] + b.amount, "the buyer's leg");
        b.phase = to;
        require(address(escrow).balance == SimpleSpec.inside(b), "wrong money inside");
        revert CellDone();
    }

    function _reach(SimpleBook memory b, Phase p) private {
        if (p == Phase.NONE) return;
        _do(b, SimpleCall.CREATE, buyer);
        if (p == Phase.PAID_IN) return;
        if (p == Phase.REFUNDED) {
            vm.warp(b.commitmentDeadline + 1);
            return _do(b, SimpleCall.REFUND, relayer);
        }
        _do(b, p == Phase.SIGNED ? SimpleCall.SIGNATURE : SimpleCall.DEPOSIT, seller);
        if (p == Phase.SELLER_TOOK || p == Phase.PAID_OUT) _do(b, SimpleCall.CLAIM, seller);
        if (p == Phase.BUYER_TOOK || p == Phase.PAID_OUT) _do(b, SimpleCall.TAKE_COUNTER, buyer);
    }

    function _do(SimpleBook memory b, SimpleCall c, address caller) private {
        bytes memory data = _simpleCall(b, c, sellerKey);
        (bool allowed, Phase to) = SimpleSpec.judge(b, c, caller, vm.getBlockTimestamp());
        require(allowed, "a step that the table forbids");
        vm.prank(caller);
        (bool success, bytes memory answer) = address(escrow).call{value: _simpleValue(b, c)}(data);
        if (!success) _bubble(answer);
        b.phase = to;
        require(_simpleState() == SimpleSpec.stateOf(to), "reach");
    }

    function _simpleState() private view returns (uint8 state) {
        (,,,, state,,,,,) = escrow.escrows(ID);
    }

    function _fingerprint() private view returns (bytes32) {
        (bool success, bytes memory facts) = address(escrow).staticcall(abi.encodeCall(escrow.escrows, (ID)));
        require(success, "view");
        uint256 owed = escrow.owed(address(0), buyer) + escrow.owed(address(0), seller);
        return
            keccak256(abi.encode(facts, owed, buyer.balance, seller.balance, relayer.balance, address(escrow).balance));
    }

    function _fail(SimpleBook memory b, SimpleCall c, address caller, string memory what, bytes memory reason)
        private
        view
    {
        string memory where = string.concat(
            what, ": phase ", vm.toString(uint256(b.phase)), ", call ", vm.toString(uint256(c)), ", after creation "
        );
        string memory when = vm.toString(vm.getBlockTimestamp() - START - 3 days);
        revert(string.concat(where, when, ", by ", vm.getLabel(caller), ", reason ", vm.toString(reason)));
    }

    function _counts(bytes memory reason) private pure returns (uint256 cells, uint256 allowed) {
        assembly ("memory-safe") {
            cells := mload(add(reason, 0x24))
            allowed := mload(add(reason, 0x44))
        }
    }

    function _bubble(bytes memory reason) private pure {
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }
}
