// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITermsOrders} from "../../contracts/interfaces/ITermsOrders.sol";
import {OrderTerms} from "../../contracts/libraries/OrderTerms.sol";
import {Book, Verb} from "../escrow/OrderSpec.sol";
import {Opening} from "./Opening.sol";

/// @notice Calls with a single thing wrong, made where the right call is allowed: elsewhere the state or the time
/// refuses them, and nobody learns whether what is wrong was looked at.
abstract contract NearMisses is Opening {
    /// @dev Tries the wrong versions of a call that is allowed to `caller` now.
    function _missNearly(uint256 i, Verb v, address caller, uint8 pick) internal {
        (Verb first, Verb last) = _wrongOnes(v);
        for (uint256 w = uint256(first); w <= uint256(last) && first != v; ++w) {
            _try(i, Verb(w), caller, pick);
            ++reached[_nameOfMiss(Verb(w))];
        }
        if (v == Verb.CLAIM || v == Verb.RESOLVE || (v >= Verb.SILENCE && v <= Verb.SPLIT_SIGNED)) {
            _otherEvidence(i, v, caller, pick);
        }
    }

    /// @dev The wrong versions of a verb stand together; `v` itself where it has none.
    function _wrongOnes(Verb v) private pure returns (Verb, Verb) {
        if (v == Verb.ATTESTED) return (Verb.ATTESTED_LATE, Verb.ATTESTED_FORGED);
        if (v == Verb.PROVEN) return (Verb.PROVEN_LATE, Verb.PROVEN_FORGED);
        if (v == Verb.RELEASE_OWN || v == Verb.RELEASE_SIGNED) return (Verb.RELEASE_WRONG, Verb.RELEASE_WRONG);
        if (v == Verb.RESOLVE) return (Verb.RESOLVE_GREEDY, Verb.RESOLVE_GREEDY);
        if (v == Verb.SPLIT_SIGNED) return (Verb.SPLIT_WRONG, Verb.SPLIT_WRONG);
        return (v, v);
    }

    function _otherEvidence(uint256 i, Verb v, address caller, uint8 pick) private {
        OrderTerms memory o = _orders[i];
        Book memory b = _bookOf(i, o.token);
        bool recorded = b.evidence != 0;
        b.evidence = keccak256(abi.encode(b.evidence));
        if (_send(caller, 0, _callOf(o, _ids[i], b, v, pick), false)) _note("other evidence was accepted");
        if (_refusal == ITermsOrders.EvidenceMismatch.selector) {
            ++reached[recorded ? "other evidence than recorded" : "evidence where none is recorded"];
        }
        _checkOrder(i);
    }

    function _nameOfMiss(Verb v) private pure returns (string memory) {
        if (v == Verb.ATTESTED_LATE) return "attested late";
        if (v == Verb.ATTESTED_FORGED) return "attested by another";
        if (v == Verb.PROVEN_LATE) return "proven late";
        if (v == Verb.PROVEN_FORGED) return "proven falsely";
        if (v == Verb.RELEASE_WRONG) return "released outside the range";
        return v == Verb.RESOLVE_GREEDY ? "ruled above the slash" : "split that does not sum";
    }
}
