// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {SimpleTest} from "./simple/SimpleTest.sol";

/// @title The flows that document 004 prints, sections 8.2, 8.3 and 8.4
/// @notice Once as printed, with a real signature of the seller where the document mocks one, and once for all amounts
/// and times.
contract DocumentFlowsTest is SimpleTest {
    /// @dev As a seller's script would: the escrow's own view says what to sign.
    function _signature(bytes32 orderId, string memory name, string memory license, bytes32 document)
        private
        view
        returns (bytes memory)
    {
        return _sign(sellerKey, escrow.sellerCommitmentDigest(orderId, name, license, document));
    }

    function _stateNow(bytes32 orderId) private view returns (uint8 state) {
        (,,,, state,,,,,) = escrow.escrows(orderId);
    }

    // ------------------------------------------------------------------------------------------------- 8.2

    /// Shows R-497..R-500.
    function test_section82_bothCommitted() public {
        bytes32 orderId = keccak256("order1");
        uint256 initialBalance = seller.balance;

        // 1. Buyer creates escrow
        vm.prank(buyer);
        escrow.createEscrow{value: 0.1 ether}(
            orderId,
            seller,
            3600, // 1 hour commitment window
            86400, // 24 hour claim window
            false, // No timed release
            0 // No timed release delay
        );

        // 2. Seller commits with legal signature
        bytes memory signature =
            _signature(orderId, "Pizza Hut Franchise #4521", "LICENSE-123456", keccak256("terms-and-conditions"));
        vm.prank(seller);
        escrow.sellerCommitSignature(
            orderId, signature, "Pizza Hut Franchise #4521", "LICENSE-123456", keccak256("terms-and-conditions")
        );

        // 3. Verify both committed state
        (,,,, uint8 state,,,,,) = escrow.escrows(orderId);
        assertEq(state, 3); // BOTH_COMMITTED

        // 4. Seller claims payment
        vm.prank(seller);
        uint256 receiptId = escrow.sellerClaimPayment(orderId);
        assertGt(receiptId, 0);

        // 5. Verify seller received funds
        assertEq(seller.balance, initialBalance + 0.1 ether);
    }

    /// @dev What a seller commits to, and when.
    struct Commits {
        string name;
        string license;
        bytes32 document;
        uint256 time;
    }

    function _commitBySignature(Order memory o, Commits memory c) private {
        vm.warp(c.time);
        bytes memory signature = _signature(o.id, c.name, c.license, c.document);
        vm.prank(seller);
        escrow.sellerCommitSignature(o.id, signature, c.name, c.license, c.document);
        assertEq(_stateNow(o.id), 3);
    }

    /// Shows R-499, R-500.
    function testFuzz_section82_anyAmountAndTime(Order memory o, Commits memory c, uint256 claimedAt) public {
        o.timed = false;
        _fit(o);
        uint256 initialBalance = seller.balance;
        uint256 initialBuyerBalance = buyer.balance;
        _open(o);
        c.time = bound(c.time, o.start, _commitBy(o));
        _commitBySignature(o, c);
        vm.warp(bound(claimedAt, c.time, _claimBy(o)));
        assertGt(_claim(o), 0);
        assertEq(_stateNow(o.id), 6);
        assertEq(seller.balance, initialBalance + o.amount);
        assertEq(buyer.balance, initialBuyerBalance - o.amount);
        assertEq(address(escrow).balance, 0);
    }

    // ------------------------------------------------------------------------------------------------- 8.3

    /// Shows R-501, R-502.
    function test_section83_timedRelease() public {
        bytes32 orderId = keccak256("pizza-order");
        uint256 initialBalance = seller.balance;

        // 1. Buyer creates escrow with timed release
        vm.prank(buyer);
        escrow.createEscrow{value: 0.03 ether}(
            orderId,
            seller,
            1800, // 30 min commitment window
            7200, // 2 hour claim window
            true, // Enable timed release
            3600 // 1 hour auto-release delay
        );

        // 2. Seller commits with signature (no counter-escrow)
        bytes memory signature = _signature(orderId, "Pizza Hut #4521", "LICENSE-789", keccak256("order-details"));
        vm.prank(seller);
        escrow.sellerCommitSignature(orderId, signature, "Pizza Hut #4521", "LICENSE-789", keccak256("order-details"));

        // 3. [Pizza delivered off-chain - 25 minutes later]

        // 4. Fast forward past timed release
        vm.warp(vm.getBlockTimestamp() + 5401); // > 1.5 hours total

        // 5. Anyone can trigger timed release
        escrow.triggerTimedRelease(orderId);

        // 6. Verify seller received payment automatically
        assertEq(seller.balance, initialBalance + 0.03 ether);
    }

    /// Shows R-502, R-518.
    function testFuzz_section83_anyAmountAndTime(Order memory o, Commits memory c, uint256 releasedAt, address by)
        public
    {
        o.timed = true;
        _fit(o);
        vm.assume(by != address(vm) && by != address(escrow));
        uint256 initialBalance = seller.balance;
        _open(o);
        c.time = bound(c.time, o.start, _commitBy(o));
        _commitBySignature(o, c);
        vm.warp(bound(releasedAt, _timedRelease(o), type(uint40).max));
        vm.prank(by);
        escrow.triggerTimedRelease(o.id);
        assertEq(_stateNow(o.id), 6);
        assertEq(seller.balance, initialBalance + o.amount);
        assertEq(address(escrow).balance, 0);
    }

    // ------------------------------------------------------------------------------------------------- 8.4

    /// Shows R-505..R-508.
    function test_section84_physicalGoodsCounterEscrow() public {
        bytes32 orderId = keccak256("electronics-order");
        uint256 initialBuyerBalance = buyer.balance;

        // 1. Buyer creates escrow
        vm.prank(buyer);
        escrow.createEscrow{value: 1 ether}(
            orderId,
            seller,
            86400, // 24 hour commitment window
            604800, // 7 day claim window
            false, // No timed release
            0
        );

        // 2. Seller commits with matching counter-escrow
        vm.prank(seller);
        escrow.sellerCommitEscrow{value: 1 ether}(orderId);
        uint256 initialSellerBalance = seller.balance;

        // 3. Verify both committed
        (,,,, uint8 state,,,,,) = escrow.escrows(orderId);
        assertEq(state, 3); // BOTH_COMMITTED

        // 4. [Tracking submitted and goods delivered off-chain]

        // 5. Buyer claims counter-escrow back
        vm.prank(buyer);
        uint256 claimedAmount = escrow.buyerClaimCounterEscrow(orderId);
        assertEq(claimedAmount, 1 ether);

        // 6. Seller claims payment
        vm.prank(seller);
        escrow.sellerClaimPayment(orderId);

        // 7. Verify both parties got their funds
        assertEq(buyer.balance, initialBuyerBalance); // Counter-escrow returned
        assertEq(seller.balance, initialSellerBalance + 1 ether); // Payment received
    }

    /// @dev In the document's order of calls and in the other, at any times, also long after every deadline.
    /// Shows R-507, R-508.
    function testFuzz_section84_anyAmountTimeAndOrder(
        Order memory o,
        uint256 committedAt,
        uint256 firstAt,
        uint256 secondAt,
        bool sellerFirst
    ) public {
        _fit(o);
        uint256 initialBuyerBalance = buyer.balance;
        uint256 initialSellerBalance = seller.balance;
        _open(o);
        committedAt = bound(committedAt, o.start, _commitBy(o));
        vm.warp(committedAt);
        _deposit(o);
        assertEq(_stateNow(o.id), 3);
        firstAt = bound(firstAt, committedAt, type(uint32).max);
        vm.warp(firstAt);
        if (sellerFirst) assertGt(_claim(o), 0);
        else assertEq(_takeCounter(o), o.amount);
        assertEq(_stateNow(o.id), sellerFirst ? 4 : 5);
        vm.warp(bound(secondAt, firstAt, type(uint32).max));
        if (sellerFirst) assertEq(_takeCounter(o), o.amount);
        else assertGt(_claim(o), 0);
        assertEq(_stateNow(o.id), 6);
        assertEq(buyer.balance, initialBuyerBalance);
        assertEq(seller.balance, initialSellerBalance);
        assertEq(address(escrow).balance, 0);
    }
}
