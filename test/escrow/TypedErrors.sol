// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IOrderErrors} from "../../contracts/interfaces/IOrderErrors.sol";
import {ISimpleOrders} from "../../contracts/interfaces/ISimpleOrders.sol";
import {ITermsOrders} from "../../contracts/interfaces/ITermsOrders.sol";
import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";

/// @title Whether a refusal is one of the escrow's own errors
/// @notice A panic, a text and an empty answer are not.
library TypedErrors {
    function isTyped(bytes memory answer) internal pure returns (bool) {
        if (answer.length < 4) return false;
        bytes4 e = bytes4(answer);
        return _ofOrders(e) || _ofTerms(e) || _ofMoney(e);
    }

    function _ofOrders(bytes4 e) private pure returns (bool) {
        return e == IOrderErrors.WrongState.selector || e == IOrderErrors.TooLate.selector
            || e == IOrderErrors.TooEarly.selector || e == IOrderErrors.NotAllowed.selector
            || e == ISimpleOrders.BadSeller.selector || e == ISimpleOrders.BadAmount.selector
            || e == ISimpleOrders.BadWindows.selector;
    }

    function _ofTerms(bytes4 e) private pure returns (bool) {
        return e == ITermsOrders.InvalidTerms.selector || e == ITermsOrders.VerifierNotActive.selector
            || e == ITermsOrders.BadFunding.selector || e == ITermsOrders.ShieldNotAvailable.selector
            || e == ITermsOrders.PolicyMissing.selector || e == ITermsOrders.ArbiterMissing.selector
            || e == ITermsOrders.EvidenceMismatch.selector || e == ITermsOrders.DeliveredLate.selector
            || e == ITermsOrders.BadProof.selector || e == ITermsOrders.VoucherOutOfRange.selector
            || e == ITermsOrders.SplitMismatch.selector || e == ITermsOrders.SplitNotGranted.selector
            || e == ITermsOrders.RulingAboveSlash.selector || e == ITermsOrders.NothingHeld.selector
            || e == ITermsOrders.FeeAboveHeld.selector;
    }

    function _ofMoney(bytes4 e) private pure returns (bool) {
        return e == ITreasury.NothingOwed.selector || e == ITreasury.BadRecipient.selector
            || e == ITreasury.NotEnoughGas.selector || e == ITreasury.InexactTransfer.selector
            || e == ITreasury.BadSignature.selector || e == ITreasury.WrongValue.selector;
    }
}
