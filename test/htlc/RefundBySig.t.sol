// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {RevertingPayee} from "../actors/Payees.sol";
import {Wallet} from "../actors/Wallet.sol";
import {HtlcTest, IHashedTimelock, Lock, LockTerms, Locks} from "./HtlcTest.sol";
import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";
import {LockState} from "../../contracts/interfaces/IHashedTimelock.sol";
import {Built} from "../Built.sol";

contract RefundBySigTest is HtlcTest {
    function _message(LockTerms memory terms) private view returns (bytes32) {
        return keccak256(abi.encode(keccak256("EarlyRefund(bytes32 lockId)"), _id(terms)));
    }

    function test_earlyRefundDigest_isEip712() public view {
        LockTerms memory terms = _eth(1);
        assertEq(
            htlc.earlyRefundDigest(_id(terms)),
            _digest(_domain("HashedTimelock", "1", block.chainid, address(htlc)), _message(terms))
        );
    }

    function testFuzz_refundBySig_paysTheSenderByTheReceiversSignature(uint96 amount, uint48 time, bool inEth) public {
        vm.assume(amount != 0);
        LockTerms memory terms = inEth ? _eth(amount) : _usd(amount);
        uint256 before = inEth ? sender.balance : usd.balanceOf(sender);
        Lock memory packed = _lock(terms);
        bytes memory signature = _sign(receiverKey, htlc.earlyRefundDigest(_id(terms)));
        // At any time: the receiver gives up only what is his.
        vm.warp(bound(time, START, START + 30 days));
        vm.expectEmit(address(htlc));
        emit IHashedTimelock.Refunded(_id(terms), true);
        vm.prank(anyone);
        htlc.refundBySig(packed, signature);
        assertEq(inEth ? sender.balance : usd.balanceOf(sender), before);
        assertEq(uint8(htlc.stateOf(_id(terms))), uint8(LockState.RELEASED));
        _assertClosed(terms);
    }

    function test_refundBySig_byTheReceiverHimself() public {
        LockTerms memory terms = _eth(2);
        Lock memory packed = _lock(terms);
        vm.prank(receiver);
        htlc.refundBySig(packed, "");
        assertEq(uint8(htlc.stateOf(_id(terms))), uint8(LockState.RELEASED));
    }

    function test_refundBySig_ofAContractWallet() public {
        Wallet wallet = new Wallet(receiver);
        LockTerms memory terms = _eth(2);
        terms.receiver = address(wallet);
        Lock memory packed = _lock(terms);
        bytes memory signature = _sign(receiverKey, htlc.earlyRefundDigest(_id(terms)));
        wallet.setRefusing(true);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.BadSignature.selector, wallet));
        htlc.refundBySig(packed, signature);
        wallet.setRefusing(false);
        htlc.refundBySig(packed, signature);
        _assertClosed(terms);
    }

    function test_refundBySig_ofAnAccountThatGainedCode() public {
        LockTerms memory terms = _eth(2);
        Lock memory packed = _lock(terms);
        bytes memory signature = _sign(receiverKey, htlc.earlyRefundDigest(_id(terms)));
        vm.etch(receiver, hex"fe");
        htlc.refundBySig(packed, signature);
        _assertClosed(terms);
    }

    function test_refundBySig_leavesATombstone() public {
        LockTerms memory terms = _eth(2);
        Lock memory packed = _lock(terms);
        bytes memory signature = _sign(receiverKey, htlc.earlyRefundDigest(_id(terms)));
        htlc.refundBySig(packed, signature);

        // The same terms can never be locked again, so that the signature has nothing left to release.
        bytes32 id = _id(terms);
        vm.prank(sender);
        vm.expectRevert(abi.encodeWithSelector(IHashedTimelock.AlreadyReleased.selector, id));
        htlc.lock{value: 2}(packed);
        vm.expectRevert(abi.encodeWithSelector(IHashedTimelock.NotLocked.selector, id));
        htlc.refundBySig(packed, signature);
        vm.expectRevert(abi.encodeWithSelector(IHashedTimelock.NotLocked.selector, id));
        htlc.claim(packed, SECRET);
        vm.warp(terms.timelock);
        vm.expectRevert(abi.encodeWithSelector(IHashedTimelock.NotLocked.selector, id));
        htlc.refund(packed);
        assertEq(uint8(htlc.stateOf(id)), uint8(LockState.RELEASED));
    }

    function _refused(LockTerms memory terms, bytes memory signature) private {
        vm.prank(anyone);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.BadSignature.selector, receiver));
        htlc.refundBySig(Locks.pack(terms), signature);
        _assertOpen(terms);
    }

    function test_refundBySig_revertsOnEverySignatureButTheReceivers() public {
        LockTerms memory terms = _eth(2);
        _lock(terms);
        bytes32 id = _id(terms);
        bytes32 message = _message(terms);

        // The sender's, the sender's own call, none, a zero one.
        _refused(terms, _sign(senderKey, htlc.earlyRefundDigest(id)));
        _refused(terms, "");
        _refused(terms, new bytes(65));
        vm.prank(sender);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.BadSignature.selector, receiver));
        htlc.refundBySig(Locks.pack(terms), "");

        // The receiver's in another domain.
        _refused(terms, _sign(receiverKey, _digest(_domain("TgpRouter", "1", block.chainid, address(htlc)), message)));
        _refused(
            terms, _sign(receiverKey, _digest(_domain("HashedTimelock", "2", block.chainid, address(htlc)), message))
        );
        _refused(terms, _sign(receiverKey, _digest(_domain("HashedTimelock", "1", 1, address(htlc)), message)));
        IHashedTimelock other = IHashedTimelock(Built.deploy("HashedTimelock", abi.encode(permit2)));
        _refused(terms, _sign(receiverKey, other.earlyRefundDigest(id)));

        // The receiver's over another lock, or over the id alone.
        LockTerms memory next = _eth(2);
        next.salt++;
        _refused(terms, _sign(receiverKey, htlc.earlyRefundDigest(_id(next))));
        _refused(terms, _sign(receiverKey, id));
    }

    function test_refundBySig_onAnotherChainTheLockIsAnother() public {
        LockTerms memory terms = _eth(2);
        Lock memory packed = _lock(terms);
        bytes memory signature = _sign(receiverKey, htlc.earlyRefundDigest(_id(terms)));
        vm.chainId(369);
        bytes32 id = _id(terms);
        vm.expectRevert(abi.encodeWithSelector(IHashedTimelock.NotLocked.selector, id));
        htlc.refundBySig(packed, signature);
    }

    function test_refundBySig_aMalleableSignatureReleasesNothingTwice() public {
        LockTerms memory terms = _eth(2);
        Lock memory packed = _lock(terms);
        bytes memory signature = _sign(receiverKey, htlc.earlyRefundDigest(_id(terms)));
        htlc.refundBySig(packed, signature);
        bytes32 id = _id(terms);
        vm.expectRevert(abi.encodeWithSelector(IHashedTimelock.NotLocked.selector, id));
        htlc.refundBySig(packed, _malleable(signature));
    }

    function test_refundBySig_creditsASenderThatRefuses() public {
        RevertingPayee payee = new RevertingPayee();
        LockTerms memory terms = _eth(4);
        terms.sender = address(payee);
        Lock memory packed = _lock(terms);
        vm.prank(receiver);
        htlc.refundBySig(packed, "");
        assertEq(htlc.owed(address(0), address(payee)), 4);
    }
}
