// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {BlockToken} from "../tokens/BlockToken.sol";
import {FeeToken} from "../tokens/FeeToken.sol";
import {OneWayToken} from "../tokens/OneWayToken.sol";
import {ReenterToken} from "../tokens/ReenterToken.sol";
import {TestUSD} from "../tokens/TestUSD.sol";
import {Wallet} from "../actors/Wallet.sol";
import {Hop, ITgpRouter, RouterTest, Split} from "./RouterTest.sol";
import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";

contract SettleSplitTest is RouterTest {
    function test_splitIdOf_isEip712() public view {
        Split memory split = _split();
        bytes32 message = keccak256(
            abi.encode(
                keccak256(
                    "Split(address buyer,address seller,address token,uint96 amount,uint256 validAfter,uint256 validBefore,bytes32 sessionId,bytes32 salt,Hop[] hops)Hop(address payee,uint16 feeBps)"
                ),
                split.buyer,
                split.seller,
                split.token,
                split.amount,
                split.validAfter,
                split.validBefore,
                split.sessionId,
                split.salt,
                _hashHops(split.hops)
            )
        );
        assertEq(router.splitIdOf(split), _digest("TgpRouter", block.chainid, address(router), message));
    }

    function testFuzz_settleSplit_paysSellerAndHopsInOneCall(uint96 amount, uint16 bps1, uint16 bps2) public {
        Split memory split = _split();
        split.amount = uint96(bound(amount, 1, type(uint96).max));
        bps1 = uint16(bound(bps1, 0, 500));
        bps2 = uint16(bound(bps2, 0, 500));
        split.hops = _hops(bps1, bps2);
        uint256 share1 = uint256(split.amount) * bps1 / 10_000;
        uint256 share2 = uint256(split.amount) * bps2 / 10_000;
        uint256 before = usd.balanceOf(buyer);
        bytes memory signature = _signSplit(split);
        vm.expectEmit(address(router));
        emit ITgpRouter.SplitSettled(
            router.splitIdOf(split),
            split.sessionId,
            buyer,
            seller,
            address(usd),
            split.amount,
            split.amount - share1 - share2,
            share1 + share2
        );
        vm.prank(anyone);
        router.settleSplit(split, signature);
        assertEq(usd.balanceOf(seller), split.amount - share1 - share2);
        assertEq(usd.balanceOf(hop1), share1);
        assertEq(usd.balanceOf(hop2), share2);
        assertEq(usd.balanceOf(buyer), before - split.amount);
        assertEq(usd.balanceOf(address(router)), 0);
    }

    function test_settleSplit_ofAContractWallet() public {
        Wallet wallet = new Wallet(buyer);
        usd.mint(address(wallet), 1_000_000);
        Split memory split = _split();
        split.buyer = address(wallet);
        router.settleSplit(split, _signSplit(split));
        assertEq(usd.balanceOf(seller), 985_000);
    }

    function test_settleSplit_worksOnce() public {
        Split memory split = _split();
        bytes memory signature = _signSplit(split);
        router.settleSplit(split, signature);
        bytes32 id = router.splitIdOf(split);
        vm.expectRevert(abi.encodeWithSelector(TestUSD.AuthorizationSpent.selector, buyer, id));
        router.settleSplit(split, signature);
    }

    function testFuzz_settleSplit_isGoodForItsTermsOnly(uint8 field) public {
        Split memory split = _split();
        bytes memory signature = _signSplit(split);
        field = field % 7;
        if (field == 0) split.seller = anyone;
        if (field == 1) split.amount--;
        if (field == 2) split.hops[0].payee = anyone;
        if (field == 3) split.hops[1].feeBps = 900;
        if (field == 4) split.validBefore++;
        if (field == 5) split.sessionId = 0;
        if (field == 6) split.salt = bytes32(uint256(1));
        vm.expectRevert(abi.encodeWithSelector(TestUSD.InvalidSignature.selector, buyer));
        router.settleSplit(split, signature);
    }

    function test_settleSplit_holdsOnlyInsideTheWindowOfTheAuthorization() public {
        Split memory split = _split();
        bytes memory signature = _signSplit(split);
        vm.warp(split.validBefore);
        vm.expectRevert(abi.encodeWithSelector(TestUSD.AuthorizationExpired.selector, split.validBefore));
        router.settleSplit(split, signature);
        vm.warp(split.validAfter);
        vm.expectRevert(abi.encodeWithSelector(TestUSD.AuthorizationNotYetValid.selector, split.validAfter));
        router.settleSplit(split, signature);
    }

    function test_settleSplit_revertsOnBadTerms() public {
        Split memory split = _split();
        split.amount = 0;
        vm.expectRevert(ITgpRouter.EmptySplit.selector);
        router.settleSplit(split, "");
        split = _split();
        split.hops = _hops(900, 101);
        vm.expectRevert(abi.encodeWithSelector(ITgpRouter.FeesTooHigh.selector, 1001, 1000));
        router.settleSplit(split, "");
        split = _split();
        split.seller = address(router);
        vm.expectRevert(abi.encodeWithSelector(ITgpRouter.BadPayee.selector, address(router)));
        router.settleSplit(split, "");
        split = _split();
        split.hops = new Hop[](9);
        for (uint256 i; i < 9; ++i) {
            split.hops[i] = Hop(hop1, 1);
        }
        vm.expectRevert(abi.encodeWithSelector(ITgpRouter.TooManyHops.selector, 9, 8));
        router.settleSplit(split, "");
    }

    function test_settleSplit_aFailingHopsShareGoesBackToTheBuyer() public {
        BlockToken token = new BlockToken();
        token.mint(buyer, 1_000_000);
        token.setBlocked(hop1, true);
        Split memory split = _split();
        split.token = address(token);
        bytes memory signature = _signSplit(split);
        bytes32 id = router.splitIdOf(split);
        vm.expectEmit(address(router));
        emit ITgpRouter.HopSkipped(id, hop1, 10_000);
        router.settleSplit(split, signature);
        assertEq(token.balanceOf(seller), 985_000);
        assertEq(token.balanceOf(hop2), 5000);
        assertEq(token.balanceOf(buyer), 10_000);
        assertEq(token.balanceOf(address(router)), 0);
    }

    function test_settleSplit_creditsTheBuyerWhenEvenThatFails() public {
        OneWayToken token = new OneWayToken();
        token.mint(buyer, 1_000_000);
        token.setCannotReceive(hop1, true);
        token.setCannotReceive(buyer, true);
        Split memory split = _split();
        split.token = address(token);
        router.settleSplit(split, _signSplit(split));
        assertEq(router.owed(address(token), buyer), 10_000);
        assertEq(token.balanceOf(address(router)), 10_000);
        token.setCannotReceive(buyer, false);
        router.withdraw(address(token), buyer);
        assertEq(token.balanceOf(buyer), 10_000);
    }

    function test_settleSplit_revertsWhenTheSellerCannotBePaid() public {
        BlockToken token = new BlockToken();
        token.mint(buyer, 1_000_000);
        token.setBlocked(seller, true);
        Split memory split = _split();
        split.token = address(token);
        bytes memory signature = _signSplit(split);
        vm.expectRevert(SafeTransferLib.TransferFailed.selector);
        router.settleSplit(split, signature);
        assertEq(token.balanceOf(buyer), 1_000_000);
    }

    function test_settleSplit_revertsWhenTheTokenTakesAFee() public {
        FeeToken token = new FeeToken();
        token.mint(buyer, 1_000_000);
        Split memory split = _split();
        split.token = address(token);
        bytes memory signature = _signSplit(split);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.InexactTransfer.selector, address(token), 1_000_000, 990_000));
        router.settleSplit(split, signature);
    }

    function test_settleSplit_cannotBeReentered() public {
        ReenterToken token = new ReenterToken();
        token.mint(buyer, 10_000_000);
        Split memory split = _split();
        split.token = address(token);
        split.hops = new Hop[](0);
        Split memory other = _split();
        other.token = address(token);
        other.salt = bytes32(uint256(1));
        token.arm(address(router), abi.encodeCall(router.settleSplit, (other, _signSplit(other))));
        router.settleSplit(split, _signSplit(split));
        assertGt(token.attempts(), 0);
        assertEq(token.successes(), 0);
        assertEq(token.balanceOf(seller), 1_000_000);
    }

    /// @dev What is owed to others cannot be taken by a split of the same token.
    function test_settleSplit_cannotTouchWhatIsOwed() public {
        OneWayToken token = new OneWayToken();
        token.mint(buyer, 3_000_000);
        token.setCannotReceive(hop1, true);
        token.setCannotReceive(buyer, true);
        Split memory split = _split();
        split.token = address(token);
        router.settleSplit(split, _signSplit(split));
        token.setCannotReceive(hop1, false);
        split.salt = bytes32(uint256(1));
        router.settleSplit(split, _signSplit(split));
        assertEq(token.balanceOf(address(router)), router.owed(address(token), buyer));
    }
}
