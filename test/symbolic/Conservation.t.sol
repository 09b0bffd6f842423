// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {OrderProof} from "./OrderProof.sol";
import {Ruling, Split} from "contracts/interfaces/ITermsOrders.sol";
import {Source} from "contracts/interfaces/ITreasury.sol";
import {OrderTerms} from "contracts/libraries/OrderTerms.sol";
import {Slot} from "contracts/libraries/Slot.sol";
import {BOTH_COMMITTED, PARTIAL, Terms} from "contracts/libraries/Terms.sol";

/// @notice No unit is made or lost: what an order held goes to its parties to the last unit, or the call reverts. What is
/// proved over all values is said at each proof; every other term is one example. Payees accept what they are paid.
/// That a call does not revert is not proved.
contract ConservationProofs is OrderProof {
    uint96 private constant LARGEST = type(uint96).max;
    uint96 private constant BOND = 500_009;

    /// @dev Every amount, bond, fee and split of a committed order that buyer and seller both sign.
    function check_settle_committed(uint96 amount, uint96 bond, uint16 feeBps, Split calldata split) external {
        Terms memory t = _open(_arbitrated(amount, bond, feeBps));
        vm.prank(buyer);
        escrow.settle(t, split, block.timestamp, "", hex"01", 0);
        Gains memory g = _gains(amount, bond);
        unchecked {
            bool conserved = _both(g.excess == 0, g.buyer + g.seller + g.feeReceiver == uint256(amount) + bond);
            bool entitled = _both(
                g.buyer == split.toBuyer + split.bondToBuyer,
                g.feeReceiver == _pick(split.noFee, 0, _share(split.toSeller, feeBps))
            );
            bool within = _both(split.toBuyer + split.toSeller == amount, split.bondToBuyer <= bond);
            assert(_both(_both(conserved, entitled), within));
        }
    }

    /// @dev Every split of the largest payment, disputed, without bond and fee. Both have signed, so the split decides
    /// over the stake, too; where it is the buyer's acceptance of everything, his stake goes as if he had lost.
    function check_settle_disputed(Split calldata split) external {
        Terms memory t = _dispute(_arbitrated(LARGEST, 0, 0));
        vm.prank(buyer);
        escrow.settle(t, split, block.timestamp, "", hex"01", EVIDENCE);
        uint256 stake = _share(LARGEST, 503);
        Gains memory g = _gains(LARGEST + stake, 0);
        unchecked {
            bool conserved = _both(g.excess == 0, g.buyer + g.seller + g.feeReceiver + g.arbiter == LARGEST + stake);
            bool within = _both(split.toBuyer + split.toSeller == LARGEST, split.disputeToSeller <= stake);
            bool entitled =
                _both(g.buyer == split.toBuyer + stake - split.disputeToSeller, g.arbiter <= _share(LARGEST, 311));
            assert(_both(_both(conserved, within), entitled));
        }
    }

    /// @dev Every ruling over the largest payment and a small bond, without a fee.
    function check_resolve(Ruling calldata ruling) external {
        Terms memory t = _dispute(_arbitrated(LARGEST, BOND, 0));
        vm.prank(ARBITER);
        escrow.resolve(t, ruling, EVIDENCE);
        uint256 stake = _share(LARGEST, 503);
        uint256 whole = uint256(LARGEST) + BOND + stake;
        Gains memory g = _gains(LARGEST + stake, BOND);
        unchecked {
            bool conserved = _both(g.excess == 0, g.buyer + g.seller + g.feeReceiver + g.arbiter == whole);
            bool within = _both(ruling.toBuyer + ruling.toSeller == LARGEST, ruling.bondToBuyer <= _share(BOND, 4_999));
            bool entitled =
                _both(g.arbiter == _share(LARGEST, 311), g.buyer <= ruling.toBuyer + ruling.bondToBuyer + stake);
            assert(_both(_both(conserved, within), entitled));
        }
    }

    /// @dev Every amount and fee, and every pair of vouchers one after the other.
    function check_release(uint96 amount, uint16 feeBps, uint256 first, uint256 second) external {
        OrderTerms memory o = _plain(amount, feeBps);
        o.policy = PARTIAL;
        Terms memory t = _open(o);
        vm.prank(buyer);
        escrow.release(t, first, "");
        vm.prank(buyer);
        escrow.release(t, second, "");
        Gains memory g = _gains(amount, 0);
        unchecked {
            bool conserved = _both(g.excess == amount - second, g.seller + g.feeReceiver == second);
            bool entitled = _both(g.buyer == 0, g.feeReceiver == _share(second, feeBps));
            assert(_both(_both(conserved, entitled), _both(first < second, second <= amount)));
        }
    }
}
