// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Verb} from "../../contracts/interfaces/IEscrowLens.sol";
import {OrderTerms} from "../../contracts/libraries/OrderTerms.sol";
import {Book, OrderSpec, Verb as Call} from "../escrow/OrderSpec.sol";

/// @title What the lens must list, from the state table of `OrderSpec`
library LensSpec {
    uint256 internal constant VERBS = uint256(type(Verb).max) + 1;
    /// @dev What calls carry where the table leaves a choice: half.
    uint8 internal constant PICK = 128;

    /// @notice The call of a verb that `who` can make with nothing but his own right and his own signature.
    function callOf(OrderTerms memory o, Verb v, address who) internal pure returns (Call) {
        if (v == Verb.CREATE) return Call.CREATE;
        if (v == Verb.COMMIT) return Call.COMMIT_OWN;
        if (v == Verb.FULFIL) return Call.FULFIL;
        if (v == Verb.FULFIL_ATTESTED) return who == o.verifier ? Call.ATTESTED : Call.ATTESTED_FORGED;
        if (v == Verb.FULFIL_PROVEN) return Call.PROVEN;
        if (v == Verb.CLAIM) return Call.CLAIM;
        if (v == Verb.RELEASE) return Call.RELEASE_OWN;
        if (v == Verb.REFUND) return Call.REFUND;
        if (v == Verb.DISPUTE) return Call.DISPUTE_OWN;
        if (v == Verb.RESOLVE) return Call.RESOLVE;
        if (v == Verb.RESOLVE_BY_SILENCE) return Call.SILENCE;
        if (v == Verb.SETTLE) return who == o.seller ? Call.YIELD_OWN : Call.ACCEPT_OWN;
        if (v == Verb.COLLECT_BUYER) return Call.COLLECT_BUYER;
        if (v == Verb.COLLECT_SELLER) return Call.COLLECT_SELLER;
        return v == Verb.COLLECT_BUYER_WITH_PROOF ? Call.PROOF_BUYER : Call.PROOF_SELLER;
    }

    /// @notice Whether the table lets `who` do this at `t` by himself.
    function isOpen(OrderTerms memory o, Book memory b, Verb v, address who, uint256 t)
        internal
        pure
        returns (bool open)
    {
        (open,) = OrderSpec.judge(o, b, callOf(o, v, who), who, t, PICK);
    }

    /// @notice Whether the table lets anybody do this at `t` with the signature of the party whose right it is: false
    /// for verbs that only a call will do, and for money that no signature can bring.
    function isOpenSigned(OrderTerms memory o, Book memory b, Verb v, address anybody, uint256 t)
        internal
        pure
        returns (bool open)
    {
        Call call;
        if (v == Verb.COMMIT) call = Call.COMMIT_SIGNED;
        else if (v == Verb.FULFIL_ATTESTED) call = Call.ATTESTED;
        else if (v == Verb.RELEASE) call = Call.RELEASE_SIGNED;
        else if (v == Verb.DISPUTE) call = Call.DISPUTE_SIGNED;
        else if (v == Verb.SETTLE) call = Call.ACCEPT_SIGNED;
        else return false;
        (open,) = OrderSpec.judge(o, b, call, anybody, t, PICK);
    }
}
