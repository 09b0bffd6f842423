// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ICoreProverEscrow} from "../../../contracts/interfaces/ICoreProverEscrow.sol";
import {IOrderErrors} from "../../../contracts/interfaces/IOrderErrors.sol";
import {ISimpleOrders} from "../../../contracts/interfaces/ISimpleOrders.sol";
import {ITreasury} from "../../../contracts/interfaces/ITreasury.sol";
import {Receipt as OrderReceipt} from "../../../contracts/libraries/Receipt.sol";
import "../../../contracts/libraries/Terms.sol" as T;
import {State} from "../../../contracts/libraries/Terms.sol";
import {EscrowTest} from "../EscrowTest.sol";

/// @notice What the tests of the documents' seven calls share: orders of any size and time, and a way into each state.
abstract contract SimpleTest is EscrowTest {
    /// @dev A simple order as a test wants it; `delay` counts only when `timed`.
    struct Order {
        bytes32 id;
        uint256 amount;
        uint256 start;
        uint256 commitmentWindow;
        uint256 claimWindow;
        uint256 delay;
        bool timed;
    }

    /// @dev What `escrows` answers.
    struct Ten {
        address buyer;
        address seller;
        uint256 buyerAmount;
        uint256 sellerAmount;
        uint8 state;
        uint256 createdAt;
        uint256 commitmentDeadline;
        uint256 claimDeadline;
        bool allowsTimedRelease;
        uint256 timedReleaseTime;
    }

    /// @dev Where a simple order can stand: both ways of committing are told apart.
    enum At {
        NOWHERE,
        PAID_IN,
        SIGNED,
        DEPOSITED,
        SELLER_TOOK,
        BUYER_TOOK,
        PAID_OUT,
        REFUNDED
    }

    string internal constant NAME = "Pizza Hut #4521";
    string internal constant LICENSE = "LICENSE-789";
    bytes32 internal constant DOCUMENT = keccak256("order-details");

    function setUp() public virtual override {
        super.setUp();
        vm.deal(buyer, 1 << 90);
        vm.deal(seller, 1 << 90);
    }

    /// @dev Makes any fuzzed order one that the escrow must accept, and goes to its start.
    function _fit(Order memory o) internal {
        o.amount = bound(o.amount, 1, type(uint80).max);
        o.start = bound(o.start, START, START + 50 * 365 days);
        o.commitmentWindow = bound(o.commitmentWindow, 0, 365 days);
        o.claimWindow = bound(o.claimWindow, 1, 365 days);
        o.delay = o.timed ? bound(o.delay, 1, o.claimWindow) : 0;
        vm.warp(o.start);
    }

    function _usual(bool timed) internal pure returns (Order memory o) {
        o = Order(keccak256("order1"), 1 ether, START, 1800, 7200, timed ? 3600 : 0, timed);
    }

    function _commitBy(Order memory o) internal pure returns (uint256) {
        return o.start + o.commitmentWindow;
    }

    function _claimBy(Order memory o) internal pure returns (uint256) {
        return _commitBy(o) + o.claimWindow;
    }

    function _timedRelease(Order memory o) internal pure returns (uint256) {
        return o.timed ? _commitBy(o) + o.delay : 0;
    }

    // ------------------------------------------------------------------------------------------------- calls

    function _open(Order memory o) internal {
        vm.prank(buyer);
        escrow.createEscrow{value: o.amount}(o.id, seller, o.commitmentWindow, o.claimWindow, o.timed, o.delay);
    }

    function _deposit(Order memory o) internal {
        vm.prank(seller);
        escrow.sellerCommitEscrow{value: o.amount}(o.id);
    }

    function _presentSignature(Order memory o) internal {
        bytes memory signature = _signSimple(sellerKey, o);
        vm.prank(relayer);
        escrow.sellerCommitSignature(o.id, signature, NAME, LICENSE, DOCUMENT);
    }

    function _claim(Order memory o) internal returns (uint256) {
        vm.prank(seller);
        return escrow.sellerClaimPayment(o.id);
    }

    function _takeCounter(Order memory o) internal returns (uint256) {
        vm.prank(buyer);
        return escrow.buyerClaimCounterEscrow(o.id);
    }

    /// @dev From nothing to there.
    function _reach(Order memory o, At place) internal {
        if (place == At.NOWHERE) return;
        _open(o);
        if (place == At.PAID_IN) return;
        if (place == At.REFUNDED) {
            vm.warp(_commitBy(o) + 1);
            escrow.refundBuyerTimeout(o.id);
            return;
        }
        if (place == At.SIGNED) {
            _presentSignature(o);
            return;
        }
        _deposit(o);
        if (place == At.SELLER_TOOK || place == At.PAID_OUT) _claim(o);
        if (place == At.BUYER_TOOK || place == At.PAID_OUT) _takeCounter(o);
    }

    // ------------------------------------------------------------------------------------------------- signatures

    function _simpleHash(Order memory o, address buyer_) internal view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "SimpleCommitment(bytes32 orderId,address buyer,address seller,uint256 amount,uint256 commitmentDeadline,uint256 claimDeadline,bool timed,uint256 timedRelease,string businessName,string businessLicense,bytes32 documentHash)"
        );
        bytes memory head = abi.encode(typeHash, o.id, buyer_, seller, o.amount);
        bytes memory times = abi.encode(_commitBy(o), _claimBy(o), o.timed, _timedRelease(o));
        bytes memory rest = abi.encode(keccak256(bytes(NAME)), keccak256(bytes(LICENSE)), DOCUMENT);
        return keccak256(bytes.concat(head, times, rest));
    }

    function _signSimple(uint256 key, Order memory o) internal view returns (bytes memory) {
        return _sign(key, _digest(_simpleHash(o, buyer)));
    }

    // ------------------------------------------------------------------------------------------------- reading

    function _ten(bytes32 id) internal view returns (Ten memory) {
        (bool done, bytes memory answer) = address(escrow).staticcall(abi.encodeCall(ISimpleOrders.escrows, (id)));
        assertTrue(done);
        assertEq(answer.length, 320, "ten words");
        return abi.decode(answer, (Ten));
    }

    function _stateOf(At place) internal pure returns (uint8) {
        return [0, 1, 3, 3, 4, 5, 6, 8][uint256(place)];
    }

    /// @dev Every one of the ten facts.
    function _assertAt(Order memory o, At place) internal view {
        Ten memory expected;
        if (place != At.NOWHERE) {
            bool deposit = place == At.DEPOSITED || place == At.SELLER_TOOK || place == At.BUYER_TOOK;
            expected = Ten({
                buyer: buyer,
                seller: seller,
                buyerAmount: o.amount,
                sellerAmount: deposit ? o.amount : 0,
                state: _stateOf(place),
                createdAt: o.start,
                commitmentDeadline: _commitBy(o),
                claimDeadline: _claimBy(o),
                allowsTimedRelease: o.timed,
                timedReleaseTime: _timedRelease(o)
            });
        }
        assertEq(abi.encode(_ten(o.id)), abi.encode(expected), "escrows");
    }

    /// @dev The receipt of a simple order paid now.
    function _simpleReceipt(Order memory o) internal view returns (OrderReceipt memory r) {
        r.chainId = block.chainid;
        r.minter = address(escrow);
        r.orderId = escrow.simpleKey(o.id);
        r.buyer = buyer;
        r.seller = seller;
        r.paid = o.amount;
        r.outcome = T.SIMPLE;
        r.settledAt = vm.getBlockTimestamp();
    }

    // ------------------------------------------------------------------------------------------------- refusals

    /// @dev A call that must be refused with this error, whoever makes it, and must change nothing.
    function _refuse(Order memory o, address by, uint256 value, bytes memory data, bytes memory err) internal {
        bytes32 before = keccak256(abi.encode(_ten(o.id), address(escrow).balance, by.balance));
        vm.prank(by);
        (bool done, bytes memory answer) = address(escrow).call{value: value}(data);
        assertFalse(done, "refused");
        assertEq(answer, err, "its own error");
        assertEq(keccak256(abi.encode(_ten(o.id), address(escrow).balance, by.balance)), before, "changes nothing");
    }

    /// @dev The same in each of these places, with WrongState.
    function _refuseAt(At[] memory places, bool timed, address by, uint256 value, bytes memory data, uint256 later)
        internal
    {
        for (uint256 i; i < places.length; ++i) {
            uint256 snapshot = vm.snapshotState();
            _reach(_usual(timed), places[i]);
            vm.warp(vm.getBlockTimestamp() + later);
            _refuseUsual(by, value, data, _stateOf(places[i]));
            vm.revertToState(snapshot);
        }
    }

    function _refuseUsual(address by, uint256 value, bytes memory data, uint8 state) private {
        Order memory o = _usual(false);
        _refuse(o, by, value, data, _wrongState(o.id, state));
    }

    function _places(uint256 mask) internal pure returns (At[] memory places) {
        places = new At[](8);
        uint256 n;
        for (uint256 i; i < 8; ++i) {
            if (mask & (1 << i) != 0) places[n++] = At(i);
        }
        assembly ("memory-safe") {
            mstore(places, n)
        }
    }

    function _wrongState(bytes32 id, uint8 state) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IOrderErrors.WrongState.selector, id, State.wrap(state));
    }

    function _notAllowed(address caller, address expected) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IOrderErrors.NotAllowed.selector, caller, expected);
    }

    function _tooLate(uint256 deadline) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IOrderErrors.TooLate.selector, deadline);
    }

    function _tooEarly(uint256 opensAt) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IOrderErrors.TooEarly.selector, opensAt);
    }

    function _wrongValue(uint256 due, uint256 sent) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ITreasury.WrongValue.selector, due, sent);
    }

    function _claimCall(bytes32 id) internal pure returns (bytes memory) {
        return abi.encodeCall(ICoreProverEscrow.sellerClaimPayment, (id));
    }

    function _counterCall(bytes32 id) internal pure returns (bytes memory) {
        return abi.encodeCall(ICoreProverEscrow.buyerClaimCounterEscrow, (id));
    }

    function _releaseCall(bytes32 id) internal pure returns (bytes memory) {
        return abi.encodeCall(ICoreProverEscrow.triggerTimedRelease, (id));
    }

    function _refundCall(bytes32 id) internal pure returns (bytes memory) {
        return abi.encodeCall(ICoreProverEscrow.refundBuyerTimeout, (id));
    }

    /// @dev Whether a call would go through now; nothing of it stays.
    function _open(address by, bytes memory data) internal returns (bool done) {
        uint256 snapshot = vm.snapshotState();
        vm.prank(by);
        (done,) = address(escrow).call(data);
        vm.revertToState(snapshot);
    }
}
