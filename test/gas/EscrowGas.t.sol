// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Commitment, Ruling} from "../../contracts/interfaces/ITermsOrders.sol";
import {Source} from "../../contracts/interfaces/ITreasury.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {ROLE_BUYER, Terms} from "../../contracts/libraries/Terms.sol";
import {EscrowTest} from "../escrow/EscrowTest.sol";
import {TestUSD} from "../tokens/TestUSD.sol";
import {IEvmVersion} from "./IEvmVersion.sol";

/// @notice What each verb costs as a whole transaction, by the rules of today's mainnet. Run with `--isolate`: the
/// figures are then those of a node's receipt. `script/tools/gas-table.mjs` holds the targets and the peers.
/// @dev The usual case: parties and escrow have the token already, the allowance is infinite, salt and hashes are full
/// words as real ones are.
contract EscrowGas is EscrowTest {
    using OrderTermsLib for OrderTerms;

    string private constant GROUP = "CoreProverEscrow";

    function setUp() public override {
        IEvmVersion(address(vm)).setEvmVersion("osaka");
        super.setUp();
        usd = TestUSD(vm.deployCode("GasToken.sol:GasToken"));
        eur = TestUSD(vm.deployCode("GasToken.sol:GasToken"));
        _fund(buyer);
        _fund(seller);
        usd.mint(address(escrow), 5e6);
        eur.mint(address(escrow), 5e6);
        vm.deal(address(escrow), 1 ether);
        usd.mint(feeReceiver, 1e6);
        usd.mint(arbiter, 1e6);
    }

    function _eth(OrderTerms memory o) private pure returns (OrderTerms memory) {
        o.token = address(0);
        o.amount = 1.234 ether;
        return o;
    }

    function test_gas_createSimple() public {
        vm.prank(buyer);
        escrow.createEscrow{value: 1 ether}(keccak256("order1"), seller, 1800, 7200, true, 3600);
        vm.snapshotGasLastCall(GROUP, "create simple ETH");
    }

    function test_gas_createEth() public {
        Terms memory t = _eth(_plain()).pack();
        vm.prank(buyer);
        escrow.create{value: 1.234 ether}(t, Source.CALLER, 0, "");
        vm.snapshotGasLastCall(GROUP, "create ETH");
    }

    function test_gas_createAllowance() public {
        Terms memory t = _timed().pack();
        vm.prank(buyer);
        escrow.create(t, Source.CALLER, 0, "");
        vm.snapshotGasLastCall(GROUP, "create ERC-20 allowance");
    }

    function test_gas_createAuthorization() public {
        OrderTerms memory o = _timed();
        Terms memory t = o.pack();
        bytes memory f = _authorize(buyerKey, usd, escrow.orderIdOf(t), ROLE_BUYER, 0, PRICE, o.fundBy);
        vm.prank(relayer);
        escrow.create(t, Source.EIP3009, 0, f);
        vm.snapshotGasLastCall(GROUP, "create EIP-3009");
    }

    function test_gas_createPermit2() public {
        OrderTerms memory o = _timed();
        Terms memory t = o.pack();
        bytes memory f = _permit2(buyerKey, address(usd), escrow.orderIdOf(t), ROLE_BUYER, 0, PRICE, o.fundBy);
        vm.prank(relayer);
        escrow.create(t, Source.PERMIT2, 0, f);
        vm.snapshotGasLastCall(GROUP, "create Permit2");
    }

    function _createWithCommitment(OrderTerms memory o) private {
        Terms memory t = o.pack();
        bytes memory f = _authorize(buyerKey, usd, escrow.orderIdOf(t), ROLE_BUYER, 0, PRICE, o.fundBy);
        Commitment memory c = _commitment();
        c.signature = _signCommitment(sellerKey, escrow.orderIdOf(t), c);
        vm.prank(relayer);
        escrow.createWithCommitment(t, Source.EIP3009, 0, f, c, Source.CALLER, "");
    }

    function test_gas_createWithCommitment() public {
        _createWithCommitment(_timed());
        vm.snapshotGasLastCall(GROUP, "create EIP-3009 with the seller's commitment");
    }

    function test_gas_commitSimpleSignature() public {
        bytes32 id = keccak256("order1");
        vm.prank(buyer);
        escrow.createEscrow{value: 1 ether}(id, seller, 1800, 7200, true, 3600);
        bytes memory signature = _sign(sellerKey, escrow.sellerCommitmentDigest(id, "", "", 0));
        vm.prank(seller);
        escrow.sellerCommitSignature(id, signature, "", "", 0);
        vm.snapshotGasLastCall(GROUP, "commit simple by signature");
    }

    function test_gas_commitSignature() public {
        OrderTerms memory o = _timed();
        bytes32 id = _create(o);
        Commitment memory c = _commitment();
        c.signature = _signCommitment(sellerKey, id, c);
        Terms memory t = o.pack();
        vm.prank(relayer);
        escrow.commit(t, c, Source.CALLER, "");
        vm.snapshotGasLastCall(GROUP, "commit by signature");
    }

    function test_gas_commitSimpleDeposit() public {
        bytes32 id = keccak256("order1");
        vm.prank(buyer);
        escrow.createEscrow{value: 1 ether}(id, seller, 1800, 7200, false, 0);
        vm.prank(seller);
        escrow.sellerCommitEscrow{value: 1 ether}(id);
        vm.snapshotGasLastCall(GROUP, "commit simple by deposit");
    }

    function test_gas_commitEthBond() public {
        OrderTerms memory o = _bonded();
        (o.counterToken, o.counterAmount) = (address(0), 1 ether);
        _create(o);
        Terms memory t = o.pack();
        Commitment memory c = _commitment();
        vm.prank(seller);
        escrow.commit{value: 1 ether}(t, c, Source.CALLER, "");
        vm.snapshotGasLastCall(GROUP, "commit with an ETH bond");
    }

    function test_gas_commitTokenBond() public {
        OrderTerms memory o = _bonded();
        _create(o);
        Terms memory t = o.pack();
        Commitment memory c = _commitment();
        vm.prank(seller);
        escrow.commit(t, c, Source.CALLER, "");
        vm.snapshotGasLastCall(GROUP, "commit with an ERC-20 bond");
    }

    function test_gas_evidence() public {
        OrderTerms memory o = _arbitrated();
        _both(o);
        Terms memory t = o.pack();
        vm.prank(seller);
        escrow.fulfil(t, keccak256("evidence"));
        vm.snapshotGasLastCall(GROUP, "evidence");
    }

    function test_gas_payOut() public {
        OrderTerms memory o = _timed();
        _both(o);
        vm.warp(o.timedRelease);
        Terms memory t = o.pack();
        vm.prank(relayer);
        escrow.claim(t, 0);
        vm.snapshotGasLastCall(GROUP, "pay out ERC-20, no fee, with receipt");
    }

    function test_gas_payOutFee() public {
        OrderTerms memory o = _withFee(_timed());
        _both(o);
        vm.warp(o.timedRelease);
        Terms memory t = o.pack();
        vm.prank(relayer);
        escrow.claim(t, 0);
        vm.snapshotGasLastCall(GROUP, "pay out ERC-20, 1 % fee, with receipt");
    }

    function test_gas_refund() public {
        OrderTerms memory o = _plain();
        _create(o);
        vm.warp(o.commitBy + 1);
        Terms memory t = o.pack();
        vm.prank(relayer);
        escrow.refund(t);
        vm.snapshotGasLastCall(GROUP, "refund ERC-20");
    }

    function test_gas_dispute() public {
        OrderTerms memory o = _arbitrated();
        _both(o);
        _fulfil(o, keccak256("evidence"));
        Terms memory t = o.pack();
        vm.prank(buyer);
        escrow.dispute(t, keccak256("reason"), o.deliverBy, "", Source.CALLER, "");
        vm.snapshotGasLastCall(GROUP, "dispute");
    }

    function _resolve(uint256 toBuyer, string memory row) private {
        OrderTerms memory o = _arbitrated();
        _both(o);
        _fulfil(o, keccak256("evidence"));
        _dispute(o);
        Terms memory t = o.pack();
        vm.prank(arbiter);
        escrow.resolve(t, Ruling({toBuyer: toBuyer, toSeller: PRICE - toBuyer, bondToBuyer: 0}), keccak256("evidence"));
        vm.snapshotGasLastCall(GROUP, row);
    }

    function test_gas_resolveToBuyer() public {
        _resolve(PRICE, "resolve, all to the buyer");
    }

    function test_gas_resolveToSeller() public {
        _resolve(0, "resolve, all to the seller, with receipt");
    }

    function test_gas_resolveSplit() public {
        _resolve(PRICE / 2, "resolve, split, with receipt");
    }

    function test_gas_claimSimple() public {
        bytes32 id = keccak256("order1");
        vm.prank(buyer);
        escrow.createEscrow{value: 1 ether}(id, seller, 1800, 7200, false, 0);
        escrow.sellerCommitSignature(id, _sign(sellerKey, escrow.sellerCommitmentDigest(id, "", "", 0)), "", "", 0);
        vm.prank(seller);
        escrow.sellerClaimPayment(id);
        vm.snapshotGasLastCall(GROUP, "pay out simple, with receipt");
    }
}
