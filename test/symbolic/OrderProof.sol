// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ledger} from "./Ledger.sol";
import {Released} from "./Released.sol";
import {IEscrow} from "contracts/interfaces/IEscrow.sol";
import {Commitment} from "contracts/interfaces/ITermsOrders.sol";
import {Source} from "contracts/interfaces/ITreasury.sol";
import {OrderTerms, OrderTermsLib} from "contracts/libraries/OrderTerms.sol";
import {BPS, Terms} from "contracts/libraries/Terms.sol";

/// @dev A wallet that signs everything it is asked to. What is signed is not what these proofs are about.
contract Agreeable {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return 0x1626ba7e;
    }
}

/// @dev Every verifier is active.
contract Active {
    function isActive(bytes32, uint48, bool) external pure returns (bool) {
        return true;
    }
}

/// @notice An escrow that holds one order, and what everybody has got from it. Sums are modulo 2^256, as the ledger's.
abstract contract OrderProof is Released {
    using OrderTermsLib for OrderTerms;

    /// @dev What each has got out of the order, its credits included.
    struct Gains {
        uint256 buyer;
        uint256 seller;
        uint256 feeReceiver;
        uint256 arbiter;
        uint256 excess; // what the escrow has beyond the credits; 0 when the order has ended
    }

    address internal constant ARBITER = address(0xA5);
    address internal constant FEE_RECEIVER = address(0xFE);
    bytes32 internal constant EVIDENCE = bytes32(uint256(1));

    IEscrow internal escrow;
    Ledger internal usd;
    address internal buyer;
    address internal seller;

    function setUp() public {
        vm.warp(1_790_000_000);
        buyer = address(new Agreeable());
        seller = address(new Agreeable());
        usd = new Ledger();
        escrow = IEscrow(_deployEscrow(address(new Active())));
    }

    function _plain(uint96 amount, uint16 feeBps) internal view returns (OrderTerms memory o) {
        o.buyer = buyer;
        o.seller = seller;
        o.token = address(usd);
        o.amount = amount;
        o.feeReceiver = FEE_RECEIVER;
        o.feeBps = feeBps;
        o.maxFeeBps = 1_000;
        o.fundBy = uint40(block.timestamp);
        o.commitBy = o.fundBy;
        o.deliverBy = o.fundBy + 1 days;
        o.reviewWindow = 1 days;
    }

    function _arbitrated(uint96 amount, uint96 bond, uint16 feeBps) internal view returns (OrderTerms memory o) {
        o = _plain(amount, feeBps);
        o.arbiter = ARBITER;
        o.disputeWindow = 7 days;
        o.arbiterFeeBps = 311;
        o.disputeBondBps = 503;
        o.counterToken = address(usd);
        o.counterAmount = bond;
        o.slashBps = 4_999;
    }

    /// @dev Pays the order in and commits to it.
    function _open(OrderTerms memory o) internal returns (Terms memory t) {
        t = o.pack();
        Commitment memory none;
        vm.prank(buyer);
        escrow.create(t, Source.CALLER, 0, "");
        vm.prank(seller);
        escrow.commit(t, none, Source.CALLER, "");
    }

    /// @dev Pays the order in, commits to it, delivers and disputes.
    function _dispute(OrderTerms memory o) internal returns (Terms memory t) {
        t = _open(o);
        vm.prank(seller);
        escrow.fulfil(t, EVIDENCE);
        vm.prank(buyer);
        escrow.dispute(t, 0, block.timestamp, "", Source.CALLER, "");
    }

    /// @dev What somebody who had nothing has paid into the escrow.
    function _paidBy(address party) internal view returns (uint256) {
        unchecked {
            return 0 - usd.balanceOf(party);
        }
    }

    /// @dev Who has got what, after buyer and seller have paid this much in.
    function _gains(uint256 fromBuyer, uint256 fromSeller) internal view returns (Gains memory g) {
        address token = address(usd);
        (uint256 b, uint256 s) = (escrow.owed(token, buyer), escrow.owed(token, seller));
        (uint256 f, uint256 a) = (escrow.owed(token, FEE_RECEIVER), escrow.owed(token, ARBITER));
        unchecked {
            g.buyer = usd.balanceOf(buyer) + b + fromBuyer;
            g.seller = usd.balanceOf(seller) + s + fromSeller;
            g.feeReceiver = usd.balanceOf(FEE_RECEIVER) + f;
            g.arbiter = usd.balanceOf(ARBITER) + a;
            g.excess = usd.balanceOf(address(escrow)) - (b + s + f + a);
        }
    }

    /// @dev Basis points of an amount, rounded down.
    function _share(uint256 whole, uint256 bps) internal pure returns (uint256) {
        unchecked {
            return whole * bps / BPS;
        }
    }

    function _sum(uint256 a, uint256 b, uint256 c) internal pure returns (uint256) {
        unchecked {
            return a + b + c;
        }
    }

    /// @dev Without a branch: every branch here is one for each path through the escrow.
    function _both(bool a, bool b) internal pure returns (bool both) {
        assembly ("memory-safe") {
            both := and(a, b)
        }
    }

    /// @dev Without a branch, too.
    function _pick(bool first, uint256 a, uint256 b) internal pure returns (uint256 picked) {
        assembly ("memory-safe") {
            picked := xor(b, and(sub(0, first), xor(a, b)))
        }
    }
}
