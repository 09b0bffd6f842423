// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {EfficientHashLib} from "solady/utils/EfficientHashLib.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";
import {ITermsOrders, Ruling} from "./interfaces/ITermsOrders.sol";
import {Source} from "./interfaces/ITreasury.sol";
import {DISPUTED_UNFULFILLED, Slot, SlotLib} from "./libraries/Slot.sol";
import {
    BOTH_COMMITTED,
    DISPUTED,
    FULFILLED,
    ROLE_DISPUTE,
    RULED,
    SILENCE_TO_BUYER,
    SILENT,
    State,
    Terms,
    TermsLib,
    TIMED
} from "./libraries/Terms.sol";
import {DISPUTE_TYPEHASH} from "./libraries/TypeHashes.sol";
import {Openings} from "./Openings.sol";

/// @title Disputes: the buyer's stake, the arbiter's ruling, and what silence means
abstract contract Disputes is Openings {
    using TermsLib for Terms;

    // ------------------------------------------------------------------------------------------------- dispute

    /// @inheritdoc ITermsOrders
    function dispute(
        Terms calldata terms,
        bytes32 reason,
        uint256 deadline,
        bytes calldata buyerAuth,
        Source bondSource,
        bytes calldata bondAuth
    ) external payable nonReentrant {
        // check: that it is the buyer
        bytes32 orderId = orderIdOf(terms);
        _requireNotAfter(deadline);
        if (msg.sender != terms.buyer) {
            bytes32 structHash = EfficientHashLib.hash(DISPUTE_TYPEHASH, orderId, reason, bytes32(deadline));
            _requireSigned(terms.buyer, structHash, buyerAuth);
        }

        // check: that it is time; update
        _openDispute(terms, orderId, reason);

        // transfer: the bond, from the buyer only
        uint256 asset = uint256(uint160(terms.token())) << 96 | terms.disputeBond();
        _requireValue(_coinDue(asset));
        _takeFromOwner(orderId, ROLE_DISPUTE, asset, terms.buyer, deadline, bondSource, bondAuth);
    }

    /// @dev Checks the time, starts the dispute's clock, and publishes it.
    function _openDispute(Terms calldata terms, bytes32 orderId, bytes32 reason) private {
        Slot slot_ = _slots[orderId];
        bool unfulfilled = _requireDisputable(terms, orderId, slot_);
        uint256 flags = slot_.flags() | (unfulfilled ? DISPUTED_UNFULFILLED : 0);
        uint256 clock = block.timestamp + terms.disputeWindow();
        _slots[orderId] = SlotLib.open(DISPUTED, flags, clock, slot_.word());
        emit Disputed(orderId, reason, clock, unfulfilled);
    }

    /// @dev In review until the clock; without evidence, between deliverBy and the timed release.
    function _requireDisputable(Terms calldata terms, bytes32 orderId, Slot slot_)
        private
        view
        returns (bool unfulfilled)
    {
        State state = slot_.state();
        if (state == FULFILLED) {
            _requireBefore(slot_.clock());
            return false;
        }
        _requireState(orderId, slot_, BOTH_COMMITTED);
        if (!terms.has(TIMED)) revert PolicyMissing(TIMED);
        if (terms.arbiter == address(0)) revert ArbiterMissing();
        _requireNotBefore(terms.deliverBy() + 1);
        _requireBefore(terms.timedRelease());
        return true;
    }

    /// @inheritdoc ITermsOrders
    function resolve(Terms calldata terms, Ruling calldata ruling, bytes32 evidence) external nonReentrant {
        // check
        (bytes32 orderId, Slot slot_) = _load(terms, DISPUTED);
        if (msg.sender != terms.arbiter) revert NotAllowed(msg.sender, terms.arbiter);
        _requireBefore(slot_.clock());
        _requireEvidence(orderId, slot_, evidence);
        uint256 amount = terms.amount();
        uint256 bond = terms.counterAmount();
        uint256 most = _slash(terms);
        if (!_sums(ruling.toBuyer, ruling.toSeller, amount)) revert SplitMismatch(amount, bond, 0);
        if (ruling.bondToBuyer > most) revert RulingAboveSlash(ruling.bondToBuyer, most);

        Ending memory e;
        e.toBuyer = ruling.toBuyer;
        e.toSeller = ruling.toSeller;
        e.bondToBuyer = ruling.bondToBuyer;
        e.bondToSeller = bond - ruling.bondToBuyer;
        if (ruling.toBuyer < ruling.toSeller) _loseDispute(terms, e);
        else _winDispute(terms, e);
        e.outcome = RULED;
        e.evidence = evidence;
        _finish(terms, orderId, slot_, e);
    }

    /// @dev The buyer lost: his stake pays the arbiter, and the seller gets the rest of it.
    function _loseDispute(Terms calldata terms, Ending memory e) internal pure {
        e.arbiterFee = terms.arbiterFee();
        e.disputeToSeller = terms.disputeBond() - e.arbiterFee;
    }

    /// @dev The buyer won: the arbiter is paid out of the seller's share, then his bond if it is the same token, then
    /// the stake; the buyer gets back what is left of it.
    function _winDispute(Terms calldata terms, Ending memory e) private pure {
        uint256 unpaid = terms.arbiterFee();
        e.arbiterFee = unpaid;
        // no part is above what it is taken from, and the stake covers the whole fee: the terms say so
        unchecked {
            uint256 part = FixedPointMathLib.min(e.toSeller, unpaid);
            e.toSeller -= part;
            unpaid -= part;
            if (terms.counterToken() == terms.token()) {
                part = FixedPointMathLib.min(e.bondToSeller, unpaid);
                e.bondToSeller -= part;
                unpaid -= part;
            }
            e.disputeToBuyer = terms.disputeBond() - unpaid;
        }
    }

    /// @inheritdoc ITermsOrders
    function resolveBySilence(Terms calldata terms, bytes32 evidence) external nonReentrant {
        (bytes32 orderId, Slot slot_) = _load(terms, DISPUTED);
        _requireNotBefore(slot_.clock());
        _requireEvidence(orderId, slot_, evidence);
        Ending memory e;
        if (terms.silence() == SILENCE_TO_BUYER) {
            e.toBuyer = terms.amount();
        } else {
            e.toSeller = terms.amount();
        }
        e.bondToSeller = terms.counterAmount();
        e.disputeToBuyer = terms.disputeBond();
        e.outcome = SILENT;
        e.evidence = evidence;
        _finish(terms, orderId, slot_, e);
    }

    /// @dev Whether two parts make up a whole, without overflow.
    function _sums(uint256 a, uint256 b, uint256 whole) internal pure returns (bool) {
        return a <= whole && b == whole - a;
    }
}
