// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ICoreProverEscrow} from "../../../contracts/interfaces/ICoreProverEscrow.sol";
import {ISimpleOrders} from "../../../contracts/interfaces/ISimpleOrders.sol";
import {ITreasury} from "../../../contracts/interfaces/ITreasury.sol";
import {RevertingPayee} from "../../actors/Payees.sol";
import {Wallet} from "../../actors/Wallet.sol";
import {SimpleTest} from "./SimpleTest.sol";

contract SellerCommitSignatureTest is SimpleTest {
    function _call(Order memory o, bytes memory signature) private pure returns (bytes memory) {
        return abi.encodeCall(ICoreProverEscrow.sellerCommitSignature, (o.id, signature, NAME, LICENSE, DOCUMENT));
    }

    function _badSignature(address signer) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ITreasury.BadSignature.selector, signer);
    }

    function testFuzz_sellerCommitmentDigest_isTheOneComputedByHand(Order memory o) public {
        _fit(o);
        _open(o);
        assertEq(escrow.sellerCommitmentDigest(o.id, NAME, LICENSE, DOCUMENT), _digest(_simpleHash(o, buyer)));
    }

    function test_sellerCommitmentDigest_revertsForAnUnknownOrder() public {
        vm.expectRevert(_wrongState(keccak256("unknown"), 0));
        escrow.sellerCommitmentDigest(keccak256("unknown"), NAME, LICENSE, DOCUMENT);
    }

    /// Shows R-498.
    function testFuzz_sellerCommitSignature_byAnybodyInTime(Order memory o, address by, uint256 time) public {
        _fit(o);
        vm.assume(by != address(vm) && by != address(escrow));
        _open(o);
        vm.warp(bound(time, o.start, _commitBy(o)));
        bytes memory signature = _signSimple(sellerKey, o);
        vm.expectEmit(address(escrow));
        emit ISimpleOrders.SimpleSignatureCommitted(escrow.simpleKey(o.id), NAME, LICENSE, DOCUMENT);
        vm.prank(by);
        escrow.sellerCommitSignature(o.id, signature, NAME, LICENSE, DOCUMENT);
        _assertAt(o, At.SIGNED);
        assertEq(address(escrow).balance, o.amount);
    }

    function testFuzz_sellerCommitSignature_overAnyNamesInSixtyFourBytes(
        string calldata name,
        string calldata license,
        bytes32 document
    ) public {
        Order memory o = _usual(false);
        _open(o);
        bytes32 digest = escrow.sellerCommitmentDigest(o.id, name, license, document);
        (bytes32 r, bytes32 vs) = vm.signCompact(sellerKey, digest);
        escrow.sellerCommitSignature(o.id, abi.encodePacked(r, vs), name, license, document);
        _assertAt(o, At.SIGNED);
    }

    function testFuzz_sellerCommitSignature_revertsWhenTooLate(Order memory o, uint256 time) public {
        _fit(o);
        _open(o);
        bytes memory data = _call(o, _signSimple(sellerKey, o));
        vm.warp(_commitBy(o) + 1);
        _refuse(o, relayer, 0, data, _tooLate(_commitBy(o)));
        vm.warp(bound(time, _commitBy(o) + 1, type(uint64).max));
        _refuse(o, seller, 0, data, _tooLate(_commitBy(o)));
    }

    function testFuzz_sellerCommitSignature_revertsWhenItIsGarbage(bytes calldata signature, address by) public {
        vm.assume(by != address(vm) && by != address(escrow));
        Order memory o = _usual(false);
        _open(o);
        // the seller's own call does not replace his signature
        _refuse(o, seller, 0, _call(o, signature), _badSignature(seller));
        _refuse(o, by, 0, _call(o, signature), _badSignature(seller));
    }

    function test_sellerCommitSignature_revertsWhenAnotherSigned() public {
        Order memory o = _usual(false);
        _open(o);
        _refuse(o, buyer, 0, _call(o, _signSimple(buyerKey, o)), _badSignature(seller));
        _refuse(o, relayer, 0, _call(o, _signSimple(arbiterKey, o)), _badSignature(seller));
    }

    /// @dev Each field of what was signed, one after the other.
    function test_sellerCommitSignature_revertsWhenAnyFactDiffers() public {
        Order memory o = _usual(true);
        _open(o);
        for (uint256 i; i < 7; ++i) {
            Order memory other = _usual(true);
            if (i == 0) other.id = keccak256("other");
            if (i == 1) other.amount += 1;
            if (i == 2) other.start += 1;
            if (i == 3) other.commitmentWindow += 1;
            if (i == 4) other.claimWindow += 1;
            if (i == 5) other.delay += 1;
            if (i == 6) (other.timed, other.delay) = (false, 0);
            _refuse(o, relayer, 0, _call(o, _signSimple(sellerKey, other)), _badSignature(seller));
        }
        bytes memory otherBuyer = _sign(sellerKey, _digest(_simpleHash(o, thief)));
        _refuse(o, relayer, 0, _call(o, otherBuyer), _badSignature(seller));
        _presentSignature(o);
    }

    /// Shows R-498.
    function test_sellerCommitSignature_revertsWhenNamesOrDocumentDiffer() public {
        Order memory o = _usual(false);
        _open(o);
        bytes memory signature = _signSimple(sellerKey, o);
        bytes memory err = _badSignature(seller);
        bytes4 verb = ICoreProverEscrow.sellerCommitSignature.selector;
        _refuse(o, relayer, 0, abi.encodeWithSelector(verb, o.id, signature, "Pizza", LICENSE, DOCUMENT), err);
        _refuse(o, relayer, 0, abi.encodeWithSelector(verb, o.id, signature, NAME, "", DOCUMENT), err);
        _refuse(o, relayer, 0, abi.encodeWithSelector(verb, o.id, signature, LICENSE, NAME, DOCUMENT), err);
        _refuse(o, relayer, 0, abi.encodeWithSelector(verb, o.id, signature, NAME, LICENSE, bytes32(0)), err);
    }

    function test_sellerCommitSignature_revertsWhenSignedForAnotherChainOrContract() public {
        Order memory o = _usual(false);
        _open(o);
        bytes memory signature = _signSimple(sellerKey, o);
        uint256 here = block.chainid;
        vm.chainId(here + 1);
        // on another chain it is another order, which does not exist
        _refuse(o, relayer, 0, _call(o, signature), _wrongState(o.id, 0));
        _open(o);
        _refuse(o, relayer, 0, _call(o, signature), _badSignature(seller));
        vm.chainId(here);
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("CoreProverEscrow"),
                keccak256("1"),
                here,
                address(vault)
            )
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", domain, _simpleHash(o, buyer)));
        _refuse(o, relayer, 0, _call(o, _sign(sellerKey, digest)), _badSignature(seller));
    }

    function test_sellerCommitSignature_aWalletSignsForItself() public {
        Wallet wallet = new Wallet(seller);
        Order memory o = _usual(false);
        seller = address(wallet);
        _open(o);
        bytes memory signature = _signSimple(sellerKey, o);
        wallet.setRefusing(true);
        _refuse(o, relayer, 0, _call(o, signature), _badSignature(seller));
        wallet.setRefusing(false);
        _presentSignature(o);
        _assertAt(o, At.SIGNED);
    }

    function test_sellerCommitSignature_survivesCodeThatItsAccountGains() public {
        Order memory o = _usual(false);
        _open(o);
        vm.etch(seller, address(new RevertingPayee()).code);
        _presentSignature(o);
        _assertAt(o, At.SIGNED);
    }

    function test_sellerCommitSignature_revertsInEveryOtherState() public {
        Order memory o = _usual(false);
        _refuseAt(_places(0xfd), false, relayer, 0, _call(o, _signSimple(sellerKey, o)), 0);
        o = _usual(true);
        _refuseAt(_places(0xfd), true, seller, 0, _call(o, _signSimple(sellerKey, o)), 0);
    }
}
