// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {HtlcTest, LockTerms, Locks} from "./HtlcTest.sol";
import {HopFault} from "../../contracts/interfaces/IHashedTimelock.sol";

contract CheckHopTest is HtlcTest {
    address private gateway = makeAddr("gateway");

    function _incoming() private view returns (LockTerms memory terms) {
        terms = _eth(100);
        terms.receiver = gateway;
    }

    function _outgoing() private view returns (LockTerms memory terms) {
        terms = _eth(90);
        terms.sender = gateway;
        terms.timelock -= 1 hours;
    }

    function _check(LockTerms memory incoming, LockTerms memory outgoing, uint256 minDelta, HopFault expected)
        private
        view
    {
        HopFault fault = htlc.checkHop(Locks.pack(incoming), Locks.pack(outgoing), minDelta);
        assertEq(uint8(fault), uint8(expected));
    }

    /// Shows R-082.
    function testFuzz_checkHop_holdsUpToTheDeltaBetween(uint256 minDelta) public {
        _lock(_incoming());
        _lock(_outgoing());
        _check(_incoming(), _outgoing(), minDelta, minDelta <= 1 hours ? HopFault.NONE : HopFault.DELTA);
        _check(_incoming(), _outgoing(), 1 hours, HopFault.NONE);
        _check(_incoming(), _outgoing(), 1 hours + 1, HopFault.DELTA);
    }

    /// Shows R-081.
    function test_checkHop_saysWhatIsWrong() public {
        LockTerms memory incoming = _incoming();
        LockTerms memory outgoing = _outgoing();
        _check(incoming, outgoing, 0, HopFault.IN_NOT_OPEN);
        _lock(incoming);
        _check(incoming, outgoing, 0, HopFault.OUT_NOT_OPEN);
        _lock(outgoing);
        _check(incoming, outgoing, 0, HopFault.NONE);

        outgoing.timelock = incoming.timelock + 1;
        _lock(outgoing);
        _check(incoming, outgoing, 0, HopFault.DELTA);
        outgoing = _outgoing();
        outgoing.amount = 101;
        _lock(outgoing);
        _check(incoming, outgoing, 0, HopFault.AMOUNT);
        outgoing = _outgoing();
        outgoing.token = address(usd);
        _lock(outgoing);
        _check(incoming, outgoing, 0, HopFault.TOKEN);
        outgoing = _outgoing();
        outgoing.hashlock = sha256(abi.encode("other"));
        _lock(outgoing);
        _check(incoming, outgoing, 0, HopFault.HASHLOCK);
        outgoing = _outgoing();
        outgoing.sender = sender;
        _lock(outgoing);
        _check(incoming, outgoing, 0, HopFault.GATEWAY);

        outgoing = _outgoing();
        vm.warp(outgoing.timelock);
        _check(incoming, outgoing, 0, HopFault.EXPIRED);
        htlc.refund(Locks.pack(outgoing));
        _check(incoming, outgoing, 0, HopFault.OUT_NOT_OPEN);
    }
}
