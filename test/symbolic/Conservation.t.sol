// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {CoreProverEscrow} from "contracts/CoreProverEscrow.sol";
import {Commitment, Ruling, Split} from "contracts/interfaces/ITermsOrders.sol";
import {Source} from "contracts/interfaces/ITreasury.sol";
import {IHandleRegistry, IVerifierRegistry} from "contracts/interfaces/IVerifierRegistry.sol";
import {OrderTerms, OrderTermsLib} from "contracts/libraries/OrderTerms.sol";
import {PARTIAL, Terms} from "contracts/libraries/Terms.sol";

/// @dev A token that only keeps books.
contract Ledger {
    mapping(address owner => uint256 amount) public balanceOf;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        return true;
    }
}

/// @dev A wallet that signs everything.
contract Agreeable {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return 0x1626ba7e;
    }
}

/// @notice No unit is made or lost: whatever split, ruling or vouchers an order ends with, what it held goes to its
/// parties to the last unit, or the call reverts.
contract ConservationProofs is Test {
    using OrderTermsLib for OrderTerms;

    CoreProverEscrow private escrow;
    Ledger private usd;
    address private buyer;
    address private seller;
    address private constant ARBITER = address(0xA5);
    address private constant FEE_RECEIVER = address(0xFE);
    uint96 private constant AMOUNT = 1_000_003;
    uint96 private constant BOND = 500_009;

    function setUp() public {
        vm.warp(1_790_000_000);
        buyer = address(new Agreeable());
        seller = address(new Agreeable());
        usd = new Ledger();
        escrow = new CoreProverEscrow(address(1), IVerifierRegistry(address(2)), IHandleRegistry(address(0)));
        usd.mint(buyer, 10 * AMOUNT);
        usd.mint(seller, BOND);
    }

    function _order() private view returns (OrderTerms memory o) {
        o.buyer = buyer;
        o.seller = seller;
        o.token = address(usd);
        o.amount = AMOUNT;
        o.feeReceiver = FEE_RECEIVER;
        o.feeBps = 137;
        o.maxFeeBps = 137;
        o.fundBy = uint40(block.timestamp);
        o.commitBy = o.fundBy;
        o.deliverBy = o.fundBy + 1 days;
        o.reviewWindow = 1 days;
    }

    function _arbitrated() private view returns (OrderTerms memory o) {
        o = _order();
        o.arbiter = ARBITER;
        o.disputeWindow = 7 days;
        o.arbiterFeeBps = 311;
        o.disputeBondBps = 503;
        o.counterToken = address(usd);
        o.counterAmount = BOND;
        o.slashBps = 4_999;
    }

    function _open(OrderTerms memory o) private returns (Terms memory t) {
        t = o.pack();
        Commitment memory none;
        vm.prank(buyer);
        escrow.create(t, Source.CALLER, 0, "");
        vm.prank(seller);
        escrow.commit(t, none, Source.CALLER, "");
    }

    function _partiesHold() private view returns (uint256) {
        return usd.balanceOf(buyer) + usd.balanceOf(seller) + usd.balanceOf(ARBITER) + usd.balanceOf(FEE_RECEIVER);
    }

    function check_settle_conserves(uint256 toBuyer, uint256 toSeller, uint256 bondToBuyer, bool noFee) external {
        Terms memory t = _open(_arbitrated());
        uint256 before = _partiesHold();
        vm.prank(buyer);
        escrow.settle(t, Split(toBuyer, toSeller, bondToBuyer, 0, noFee), block.timestamp, "", hex"01", 0);
        assert(usd.balanceOf(address(escrow)) == 0);
        assert(_partiesHold() == before + AMOUNT + BOND);
        assert(toBuyer + toSeller == AMOUNT && bondToBuyer <= BOND);
    }

    function check_resolve_conserves(uint256 toBuyer, uint256 toSeller, uint256 bondToBuyer) external {
        OrderTerms memory o = _arbitrated();
        Terms memory t = _open(o);
        vm.prank(seller);
        escrow.fulfil(t, bytes32(uint256(1)));
        vm.prank(buyer);
        escrow.dispute(t, 0, block.timestamp, "", Source.CALLER, "");
        uint256 stake = uint256(AMOUNT) * o.disputeBondBps / 10_000;
        uint256 before = _partiesHold();
        vm.prank(ARBITER);
        escrow.resolve(t, Ruling(toBuyer, toSeller, bondToBuyer), bytes32(uint256(1)));
        assert(usd.balanceOf(address(escrow)) == 0);
        assert(_partiesHold() == before + AMOUNT + BOND + stake);
        assert(usd.balanceOf(ARBITER) == uint256(AMOUNT) * o.arbiterFeeBps / 10_000);
        assert(bondToBuyer <= uint256(BOND) * o.slashBps / 10_000);
    }

    function check_release_conserves(uint256 first, uint256 second) external {
        OrderTerms memory o = _order();
        o.policy = PARTIAL;
        Terms memory t = _open(o);
        uint256 before = _partiesHold();
        vm.startPrank(buyer);
        escrow.release(t, first, "");
        assert(first > 0 && first <= AMOUNT);
        assert(usd.balanceOf(address(escrow)) == AMOUNT - first);
        escrow.release(t, second, "");
        vm.stopPrank();
        assert(second > first && second <= AMOUNT);
        assert(usd.balanceOf(address(escrow)) == AMOUNT - second);
        assert(_partiesHold() == before + second);
        assert(usd.balanceOf(FEE_RECEIVER) == second * o.feeBps / 10_000);
    }
}
