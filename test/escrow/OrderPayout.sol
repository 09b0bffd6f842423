// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {OrderTerms} from "../../contracts/libraries/OrderTerms.sol";
import {Book, OrderSpec, Verb} from "./OrderSpec.sol";

/// @dev Who gets what by one call.
struct Payout {
    uint256 toBuyer;
    uint256 toSeller; // the arbiter's fee taken off, the fee not yet
    uint256 fee;
    uint256 bondToBuyer;
    uint256 bondToSeller;
    uint256 stakeToBuyer;
    uint256 stakeToSeller;
    uint256 arbiterFee;
}

/// @title What each allowed call pays, written down a second time
library OrderPayout {
    /// @notice What the call pays out. `by` is its caller.
    function of_(OrderTerms memory o, Book memory b, Verb v, address by, uint8 to, uint8 pick)
        internal
        pure
        returns (Payout memory p)
    {
        bool ends = to == 6 || to == 8 || to == 10;
        uint256 left = OrderSpec.left(o, b);
        if (v == Verb.RELEASE_OWN || v == Verb.RELEASE_SIGNED) {
            p.toSeller = OrderSpec.voucher(o, b, pick) - b.released;
            p.fee = _fee(o, b.released, p.toSeller);
        } else if (v >= Verb.COLLECT_BUYER || !ends || b.state == to) {
            return p;
        } else if (o.kind == 1 && v <= Verb.COMMIT_SIGNED) {
            (p.toSeller, p.bondToBuyer) = (left, o.counterAmount);
            p.fee = _fee(o, 0, left);
        } else if (v == Verb.RESOLVE) {
            _ruled(o, p, pick);
            p.fee = _fee(o, 0, p.toSeller);
        } else {
            bool noFee = _ended(o, b, v, by, pick, p);
            if (!noFee) p.fee = _fee(o, b.released, p.toSeller);
        }
    }

    function _fee(OrderTerms memory o, uint256 before, uint256 more) private pure returns (uint256) {
        return (before + more) * o.feeBps / 10_000 - before * o.feeBps / 10_000;
    }

    function _ended(OrderTerms memory o, Book memory b, Verb v, address by, uint8 pick, Payout memory p)
        private
        pure
        returns (bool noFee)
    {
        uint256 left = OrderSpec.left(o, b);
        uint256 stake = OrderSpec.stakeIn(o, b);
        bool split = v == Verb.SPLIT_SIGNED || (v == Verb.SPLIT_HALF && by == o.seller);
        if (split) {
            p.toBuyer = OrderSpec.share(left, pick);
            p.toSeller = left - p.toBuyer;
            p.bondToBuyer = OrderSpec.share(OrderSpec.bondIn(o, b), pick);
            p.stakeToSeller = OrderSpec.share(stake, pick);
            p.stakeToBuyer = stake - p.stakeToSeller;
            noFee = pick & 1 == 1;
            // a split of everything to the seller, the stake too, is the acceptance that loses the dispute
            if (b.state == 7 && p.toBuyer + p.bondToBuyer + p.stakeToBuyer == 0 && !noFee) {
                p.arbiterFee = _arbiterFee(o);
                p.stakeToSeller = stake - p.arbiterFee;
            }
        } else if (v == Verb.REFUND || v == Verb.YIELD_OWN || v == Verb.YIELD_SIGNED) {
            p.toBuyer = left;
            p.bondToBuyer = b.state == 1 ? 0 : OrderSpec.slash(o);
            p.stakeToBuyer = stake;
        } else if (v == Verb.SILENCE) {
            if (o.silence == 0) p.toBuyer = left;
            else p.toSeller = left;
            p.stakeToBuyer = stake;
        } else {
            p.toSeller = left;
            if (b.state == 7) {
                p.arbiterFee = _arbiterFee(o);
                p.stakeToSeller = stake - p.arbiterFee;
            }
        }
        p.bondToSeller = OrderSpec.bondIn(o, b) - p.bondToBuyer;
    }

    function _arbiterFee(OrderTerms memory o) private pure returns (uint256) {
        return uint256(o.amount) * o.arbiterFeeBps / 10_000;
    }

    function _ruled(OrderTerms memory o, Payout memory p, uint8 pick) private pure {
        p.toBuyer = OrderSpec.share(o.amount, pick);
        p.toSeller = o.amount - p.toBuyer;
        p.bondToBuyer = OrderSpec.share(OrderSpec.slash(o), pick);
        p.bondToSeller = o.counterAmount - p.bondToBuyer;
        p.arbiterFee = _arbiterFee(o);
        if (p.toBuyer * 2 < o.amount) {
            p.stakeToSeller = OrderSpec.stake(o) - p.arbiterFee;
            return;
        }
        uint256 unpaid = p.arbiterFee;
        uint256 part = unpaid < p.toSeller ? unpaid : p.toSeller;
        p.toSeller -= part;
        unpaid -= part;
        if (o.token == o.counterToken) {
            part = unpaid < p.bondToSeller ? unpaid : p.bondToSeller;
            p.bondToSeller -= part;
            unpaid -= part;
        }
        p.stakeToBuyer = OrderSpec.stake(o) - unpaid;
    }
}
