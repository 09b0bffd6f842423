// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";
import {HopFault, IHashedTimelock} from "../../contracts/interfaces/IHashedTimelock.sol";
import {HtlcTest, Lock, LockTerms, Locks} from "../htlc/HtlcTest.sol";

/// @title The money of document 001: a client pays a provider over a gateway
/// @notice The client locks to the gateway, the gateway less its fee to the provider, both to the hash of the provider's
/// secret. What the parties say to each other is not here: only what the chain lets them do.
contract ThreeDomainsTest is HtlcTest {
    /// @dev Between the two timelocks: the gateway's time to claim with what the provider's claim shows.
    uint256 private constant DELTA = 1 hours;
    uint256 private constant HAD = 1_000_000e6;

    address private client;
    address private gateway = makeAddr("gateway");
    address private provider;

    function setUp() public override {
        super.setUp();
        (client, provider) = (sender, receiver);
        usd.mint(gateway, HAD);
        vm.prank(gateway);
        usd.approve(address(htlc), type(uint256).max);
    }

    // ------------------------------------------------------------------------------------------------- the path

    /// @dev What each has more than before it began; the client began with all that HtlcTest gave him.
    function _assertGained(int256 byClient, int256 byGateway, int256 byProvider, string memory when) private view {
        assertEq(_gain(client, type(uint128).max), byClient, string.concat("client, ", when));
        assertEq(_gain(gateway, HAD), byGateway, string.concat("gateway, ", when));
        assertEq(_gain(provider, 0), byProvider, string.concat("provider, ", when));
    }

    function _gain(address who, uint256 had) private view returns (int256) {
        return int256(usd.balanceOf(who)) - int256(had);
    }

    function _incoming(uint96 total) private view returns (LockTerms memory terms) {
        terms = _usd(total);
        terms.receiver = gateway;
    }

    function _outgoing(uint96 amount) private view returns (LockTerms memory terms) {
        terms = _usd(amount);
        terms.sender = gateway;
        terms.timelock -= uint48(DELTA);
    }

    /// @dev An honest gateway: it locks only behind a lock that is there, and asks the contract whether the hop is good.
    function _lockBoth(uint96 total, uint96 fee) private returns (Lock memory incoming, Lock memory outgoing) {
        incoming = _lock(_incoming(total));
        outgoing = Locks.pack(_outgoing(total - fee));
        vm.prank(gateway);
        htlc.lock(outgoing);
        assertEq(uint8(htlc.checkHop(incoming, outgoing, DELTA)), uint8(HopFault.NONE));
    }

    function _amounts(uint96 total, uint96 fee) private pure returns (uint96, uint96) {
        total = uint96(bound(total, 2, HAD));
        return (total, uint96(bound(fee, 0, total - 1)));
    }

    /// @dev What the last claim showed to everybody.
    function _shown() private returns (bytes32 secret) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] == IHashedTimelock.Claimed.selector) secret = abi.decode(logs[i].data, (bytes32));
        }
    }

    function _opens(Lock memory lock, bytes32 secret) private returns (bool done) {
        (done,) = address(htlc).call(abi.encodeCall(IHashedTimelock.claim, (lock, secret)));
    }

    function _refunds(Lock memory lock) private returns (bool done) {
        (done,) = address(htlc).call(abi.encodeCall(IHashedTimelock.refund, (lock)));
    }

    // ------------------------------------------------------------------------------------------------- settled

    /// @dev The document's figures. The hops settle one after the other: the provider's claim shows the secret, and with
    /// what it showed the gateway is paid.
    /// Shows R-011, R-015, R-016, R-079, R-081, R-092, R-096, R-098.
    function test_threeDomains_theSecretPaysHopByHop() public {
        (Lock memory incoming, Lock memory outgoing) = _lockBoth(10.0e6, 0.5e6);
        assertEq(incoming.hashlock, outgoing.hashlock);
        assertEq(usd.balanceOf(address(htlc)), 19.5e6);
        _assertGained(-10.0e6, -9.5e6, 0, "locked");
        vm.recordLogs();
        vm.prank(provider);
        htlc.claim(outgoing, SECRET);
        _assertGained(-10.0e6, -9.5e6, 9.5e6, "the secret is shown");
        bytes32 secret = _shown();
        vm.prank(gateway);
        htlc.claim(incoming, secret);
        _assertGained(-10.0e6, 0.5e6, 9.5e6, "settled");
        assertEq(usd.balanceOf(address(htlc)), 0);
    }

    /// @dev At whatever second the provider claims, or never: whoever pays does so because the provider was paid, and a
    /// gateway that acts within the distance of the timelocks ends with its fee or with what it had.
    /// Shows R-002, R-017, R-037, R-113, R-155.
    function testFuzz_threeDomains_allOrNothing(uint96 total, uint96 fee, uint256 claimedAt, uint256 reaction) public {
        (total, fee) = _amounts(total, fee);
        (Lock memory incoming, Lock memory outgoing) = _lockBoth(total, fee);
        uint256 outEnds = START + 2 hours - DELTA;
        claimedAt = bound(claimedAt, START, START + 3 hours);
        vm.warp(claimedAt);
        vm.recordLogs();
        bool paid = _opens(outgoing, SECRET);
        assertEq(paid, claimedAt < outEnds);
        vm.warp(claimedAt + bound(reaction, 0, DELTA));
        if (paid) {
            assertTrue(_opens(incoming, _shown()), "the gateway is in time");
            _assertGained(-int256(uint256(total)), int256(uint256(fee)), int256(uint256(total - fee)), "paid");
        } else {
            vm.warp(START + 4 hours);
            assertFalse(_opens(incoming, SECRET), "nobody is paid late");
            assertTrue(_refunds(outgoing) && _refunds(incoming));
            _assertGained(0, 0, 0, "refunded");
        }
        assertEq(usd.balanceOf(address(htlc)), 0);
    }

    // ------------------------------------------------------------------------------------------------- failures

    /// @dev Scenario 1: the provider shows nothing. Anybody may send the refunds, each from its own timelock on; the
    /// provider had nothing locked.
    /// Shows R-100.
    function testFuzz_threeDomains_withoutTheSecretEverybodyHasHisOwn(uint96 total, uint96 fee, address by) public {
        (total, fee) = _amounts(total, fee);
        (Lock memory incoming, Lock memory outgoing) = _lockBoth(total, fee);
        vm.startPrank(by);
        vm.warp(START + 2 hours - DELTA - 1);
        assertFalse(_refunds(outgoing), "too early");
        vm.warp(START + 2 hours - DELTA);
        assertTrue(_refunds(outgoing), "the gateway's");
        _assertGained(-int256(uint256(total)), 0, 0, "the gateway has its own");
        assertFalse(_refunds(incoming), "the client's is later");
        vm.warp(START + 2 hours);
        assertTrue(_refunds(incoming), "the client's");
        _assertGained(0, 0, 0, "refunded");
    }

    /// @dev Scenario 2: from some step on the gateway does nothing. Strangers end what it left, and its money goes to it.
    /// Shows R-101.
    function testFuzz_threeDomains_aGatewayThatIsGoneLosesNothing(uint96 total, uint96 fee, uint8 step) public {
        (total, fee) = _amounts(total, fee);
        step = step % 3;
        Lock memory incoming;
        Lock memory outgoing;
        if (step == 0) incoming = _lock(_incoming(total));
        else (incoming, outgoing) = _lockBoth(total, fee);
        if (step == 2) {
            vm.recordLogs();
            vm.prank(provider);
            htlc.claim(outgoing, SECRET);
            bytes32 secret = _shown();
            vm.prank(anyone);
            htlc.claim(incoming, secret);
            _assertGained(-int256(uint256(total)), int256(uint256(fee)), int256(uint256(total - fee)), "paid");
        } else {
            vm.warp(START + 2 hours);
            vm.startPrank(anyone);
            htlc.refund(incoming);
            if (step == 1) htlc.refund(outgoing);
            vm.stopPrank();
            _assertGained(0, 0, 0, "refunded");
        }
        assertEq(usd.balanceOf(address(htlc)), 0);
    }

    /// @dev Scenario 3: a gateway that pays nothing on has no secret to claim with, and one that did cannot take it back
    /// while the provider may claim.
    /// Shows R-102.
    function testFuzz_threeDomains_aDishonestGatewayEarnsNothing(uint96 total, uint96 fee, bytes32 guess, uint256 time)
        public
    {
        vm.assume(guess != SECRET);
        (total, fee) = _amounts(total, fee);
        (Lock memory incoming, Lock memory outgoing) = _lockBoth(total, fee);
        time = bound(time, START, START + 2 hours - DELTA - 1);
        vm.warp(time);
        vm.startPrank(gateway);
        assertFalse(_opens(incoming, guess), "without the secret");
        assertFalse(_refunds(outgoing), "what the provider may claim");
        vm.stopPrank();
        vm.prank(provider);
        htlc.claim(outgoing, SECRET);
        assertEq(usd.balanceOf(provider), total - fee);
        // another path of the same client, which the gateway never passes on
        LockTerms memory kept = _incoming(total);
        kept.hashlock = sha256(abi.encode("another secret"));
        kept.lockDeadline = uint48(time);
        Lock memory unpaid = _lock(kept);
        vm.prank(gateway);
        assertFalse(_opens(unpaid, SECRET), "a secret opens its own path only");
        uint256 before = usd.balanceOf(client);
        vm.warp(START + 2 hours);
        htlc.refund(unpaid);
        assertEq(usd.balanceOf(client), before + total);
    }
}
