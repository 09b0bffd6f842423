// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITermsOrders, Ruling, Split} from "../../contracts/interfaces/ITermsOrders.sol";
import {Source} from "../../contracts/interfaces/ITreasury.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {OrderCalls} from "./OrderCalls.sol";
import {OrderSpec} from "./OrderSpec.sol";
import {TypedErrors} from "./TypedErrors.sol";

/// @notice Refusals that are no error of the interface: numbers a caller may well send that end in a panic.
contract FindingsMatrixTest is OrderCalls {
    using OrderTermsLib for OrderTerms;

    function _assertTyped(address caller, bytes memory data) private {
        vm.prank(caller);
        (bool success, bytes memory answer) = address(escrow).call(data);
        assertFalse(success, "done");
        assertTrue(TypedErrors.isTyped(answer), string.concat("untyped: ", vm.toString(answer)));
    }

    /// @dev toBuyer + toSeller overflows before it is compared.
    function test_settle_splitThatOverflowsHasItsError() external {
        OrderTerms memory o = _plain();
        _both(o);
        Split memory s = Split(type(uint256).max, 1, 0, 0, false);
        _assertTyped(buyer, abi.encodeCall(ITermsOrders.settle, (o.pack(), s, NEVER, "", "", 0)));
    }

    /// @dev The same in a ruling.
    function test_resolve_rulingThatOverflowsHasItsError() external {
        OrderTerms memory o = _arbitrated();
        _both(o);
        _fulfil(o, EVIDENCE);
        _dispute(o);
        Ruling memory r = Ruling(type(uint256).max, 1, 0);
        _assertTyped(arbiter, abi.encodeCall(ITermsOrders.resolve, (o.pack(), r, EVIDENCE)));
    }

    /// @dev "No deadline" is written as the largest number everywhere; EIP-3009's validBefore is one above it.
    function test_dispute_withoutDeadlineByAuthorization() external {
        OrderTerms memory o = _arbitrated();
        bytes32 id = _both(o);
        _fulfil(o, EVIDENCE);
        uint256 never = type(uint256).max;
        bytes memory signature = _signDispute(buyerKey, id, "", never);
        bytes memory auth = new bytes(65);
        _assertTyped(
            relayer, abi.encodeCall(ITermsOrders.dispute, (o.pack(), "", never, signature, Source.EIP3009, auth))
        );
    }
}
