// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {EscrowBase} from "./EscrowBase.sol";
import {IHandleRegistry, IVerifierRegistry} from "./interfaces/IVerifierRegistry.sol";
import {SimpleOrders} from "./SimpleOrders.sol";
import {TermsOrders} from "./TermsOrders.sol";
import {Treasury} from "./Treasury.sol";

/// @title CoreProverEscrow
/// @notice Holds a buyer's payment, and a seller's bond where the terms ask one, until what releases the payment
/// under the order's own terms has happened, or until a deadline sends it back. Immutable, without owner, pause,
/// upgrade or fee switch: what an order's parties agreed to is all that can move its money.
/// @dev `TermsOrders` holds the verbs of terms orders, `SimpleOrders` the documents' seven calls, `ShieldedCredits`
/// the money of shielded roles, `Treasury` how money enters and leaves.
contract CoreProverEscrow is SimpleOrders, TermsOrders {
    /// @param permit2_ the Permit2 contract of the chain
    /// @param registry_ the verifiers that terms may pin
    /// @param handles_ membership roots of handles; address(0) for none
    constructor(address permit2_, IVerifierRegistry registry_, IHandleRegistry handles_)
        Treasury(permit2_)
        EscrowBase(registry_, handles_)
    {}
}
