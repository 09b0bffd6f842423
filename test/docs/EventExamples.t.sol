// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IHashedTimelock} from "../../contracts/interfaces/IHashedTimelock.sol";
import {Lock, LockTerms, Locks} from "../../contracts/libraries/Locks.sol";
import {Hop, ITgpRouter, Route, Split as RouteSplit} from "../../contracts/interfaces/ITgpRouter.sol";
import {Commitment, Ruling, Split} from "../../contracts/interfaces/ITermsOrders.sol";
import {Source} from "../../contracts/interfaces/ITreasury.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {Receipt as OrderReceipt} from "../../contracts/libraries/Receipt.sol";
import {ZKB_01} from "../../contracts/libraries/Circuits.sol";
import {Slot} from "../../contracts/libraries/Slot.sol";
import {Outcome, ROLE_BUYER, TIMED} from "../../contracts/libraries/Terms.sol";
import {EscrowTest} from "../escrow/EscrowTest.sol";
import {Answers} from "../registry/Verifiers.sol";
import {Fold} from "./Fold.sol";

/// @notice Real flows whose logs are the examples of docs/events.md, and whose fold must give what is in storage.
/// @dev `WRITE_EXAMPLES=true` writes docs/examples/events.json; else the file must equal what the flows give.
contract EventExamples is EscrowTest {
    using OrderTermsLib for OrderTerms;

    string private constant FILE = "docs/examples/events.json";

    IHashedTimelock private htlc;
    ITgpRouter private router;
    Fold private fold;

    /// @dev Name of each contract whose logs are examples.
    mapping(address => string) private names;
    mapping(address emitter => mapping(bytes32 topic => bool)) private seen;
    string private examples;
    uint256 private salt;
    bytes32[] private ids;

    function setUp() public override {
        super.setUp();
        htlc = IHashedTimelock(vm.deployCode("HashedTimelock.sol:HashedTimelock", abi.encode(permit2)));
        router = ITgpRouter(vm.deployCode("TgpRouter.sol:TgpRouter"));
        fold = new Fold(address(escrow));
        names[address(escrow)] = "CoreProverEscrow";
        names[address(vault)] = "ReceiptVault";
        names[address(htlc)] = "HashedTimelock";
        names[address(router)] = "TgpRouter";
        names[address(registry)] = "VerifierRegistry";
        for (uint256 i; i < 2; ++i) {
            vm.startPrank(i == 0 ? buyer : seller);
            usd.approve(address(htlc), type(uint256).max);
            usd.approve(address(router), type(uint256).max);
            vm.stopPrank();
        }
    }

    function test_examplesAreWhatTheContractsLog() public {
        vm.recordLogs();
        _arbitratedOrder();
        _meteredOrder();
        _attestedOrder();
        _refundedOrder();
        _failedPayout();
        _simpleOrders();
        _locks();
        _routes();
        _registry();
        _shieldedOrder();
        _receiptToken();

        string memory text = string.concat("[\n", examples, "\n]\n");
        if (vm.envOr("WRITE_EXAMPLES", false)) {
            vm.writeFile(FILE, text);
        } else {
            assertEq(
                vm.readFile(FILE),
                text,
                "stale: WRITE_EXAMPLES=true .tools/bin/forge test --match-path test/docs/EventExamples.t.sol"
            );
        }
    }

    // ------------------------------------------------------------------------------------------------- flows

    /// @dev Paid in, committed, fulfilled, disputed, ruled.
    function _arbitratedOrder() private {
        OrderTerms memory o = _fresh(_withFee(_arbitrated()));
        _track(_create(o));
        Commitment memory c = _signedCommitment(o);
        vm.prank(relayer);
        escrow.commit(o.pack(), c, Source.CALLER, "");
        _fulfil(o, keccak256("evidence"));
        _dispute(o);
        _harvest();
        vm.prank(arbiter);
        escrow.resolve(
            o.pack(), Ruling({toBuyer: PRICE / 4, toSeller: PRICE * 3 / 4, bondToBuyer: 0}), keccak256("evidence")
        );
        _harvest();
    }

    /// @dev One voucher, then a settlement of the rest.
    function _meteredOrder() private {
        OrderTerms memory o = _fresh(_partial());
        bytes32 id = _track(_both(o));
        bytes memory voucher = _signVoucher(buyerKey, id, 40e6);
        escrow.release(o.pack(), 40e6, voucher);
        _harvest();
        Split memory s = Split({toBuyer: 60e6, toSeller: 0, bondToBuyer: 0, disputeToSeller: 0, noFee: false});
        vm.prank(seller);
        escrow.settle(o.pack(), s, vm.getBlockTimestamp(), "", "", 0);
        _harvest();
    }

    /// @dev The attester's word ends it.
    function _attestedOrder() private {
        OrderTerms memory o = _fresh(_attested());
        bytes32 id = _track(_both(o));
        bytes memory word = _signDelivery(attesterKey, id, keccak256("tracking"), vm.getBlockTimestamp());
        escrow.fulfilAttested(o.pack(), keccak256("tracking"), vm.getBlockTimestamp(), word);
        _harvest();
    }

    function _refundedOrder() private {
        OrderTerms memory o = _fresh(_plain());
        _track(_create(o));
        vm.warp(o.commitBy + 1);
        escrow.refund(o.pack());
        _harvest();
    }

    /// @dev The seller's wallet takes no coin: the payout is credited, and withdrawn to another address.
    function _failedPayout() private {
        OrderTerms memory o = _fresh(_plain());
        o.token = address(0);
        _track(_create(o));
        _commit(o);
        vm.etch(seller, hex"5f5ffd");
        vm.prank(buyer);
        escrow.settle(
            o.pack(),
            Split({toBuyer: 0, toSeller: PRICE, bondToBuyer: 0, disputeToSeller: 0, noFee: false}),
            vm.getBlockTimestamp(),
            "",
            "",
            0
        );
        _harvest();
        assertEq(fold.owed(address(0), seller), PRICE, "owed");
        assertEq(escrow.owed(address(0), seller), PRICE, "owed");
        vm.prank(seller);
        escrow.withdrawTo(address(0), relayer);
        vm.etch(seller, "");
        _harvest();
        assertEq(fold.owed(address(0), seller), 0, "owed");
    }

    function _simpleOrders() private {
        bytes32 id = keccak256("simple-deposit");
        vm.prank(buyer);
        escrow.createEscrow{value: 1 ether}(id, seller, 30 minutes, 2 hours, false, 0);
        vm.prank(seller);
        escrow.sellerCommitEscrow{value: 1 ether}(id);
        _checkSimple(id);
        vm.prank(seller);
        escrow.sellerClaimPayment(id);
        _checkSimple(id);
        vm.prank(buyer);
        escrow.buyerClaimCounterEscrow(id);
        _checkSimple(id);

        id = keccak256("simple-signature");
        vm.prank(buyer);
        escrow.createEscrow{value: 1 ether}(id, seller, 30 minutes, 2 hours, true, 1 hours);
        bytes32 digest = escrow.sellerCommitmentDigest(id, "Pizza Hut #4521", "LICENSE-789", keccak256("order"));
        escrow.sellerCommitSignature(id, _sign(sellerKey, digest), "Pizza Hut #4521", "LICENSE-789", keccak256("order"));
        _checkSimple(id);

        id = keccak256("simple-refund");
        vm.prank(buyer);
        escrow.createEscrow{value: 1 ether}(id, seller, 30 minutes, 2 hours, false, 0);
        _checkSimple(id);
        vm.warp(vm.getBlockTimestamp() + 30 minutes + 1);
        escrow.refundBuyerTimeout(id);
        _checkSimple(id);
    }

    function _locks() private {
        Lock memory lock = _lock(1);
        vm.prank(buyer);
        htlc.lock(lock);
        htlc.claim(lock, keccak256("secret"));
        lock = _lock(2);
        vm.prank(buyer);
        htlc.lock(lock);
        vm.prank(seller);
        htlc.refundBySig(lock, "");
        lock = _lock(3);
        lock.tokenSalt = bytes32(uint256(3));
        vm.prank(buyer);
        htlc.lock{value: PRICE}(lock);
        vm.etch(seller, hex"5f5ffd");
        htlc.claim(lock, keccak256("secret"));
        vm.etch(seller, "");
        htlc.withdraw(address(0), seller);
        _harvest();
    }

    function _routes() private {
        Route memory route = Route({
            buyer: buyer,
            seller: seller,
            token: address(usd),
            cap: PRICE,
            maxFeesBps: 300,
            expiry: vm.getBlockTimestamp() + 1 days,
            sessionId: keccak256("sess-1"),
            salt: keccak256("salt-1"),
            hops: new Hop[](2)
        });
        route.hops[0] = Hop({payee: relayer, feeBps: 100});
        route.hops[1] = Hop({payee: feeReceiver, feeBps: 50});
        _charge(route, 10e6);
        // a hop that the token refuses to pay
        vm.mockCallRevert(
            address(usd),
            abi.encodeWithSignature("transferFrom(address,address,uint256)", buyer, feeReceiver, 50_000),
            ""
        );
        _charge(route, 20e6);
        vm.clearMockedCalls();
        vm.prank(buyer);
        router.closeRoute(route);
        _split(route.hops);
        _harvest();
    }

    function _charge(Route memory route, uint96 cumulative) private {
        bytes32 digest = router.chargeDigest(router.routeIdOf(route), cumulative);
        router.charge(route, cumulative, _sign(buyerKey, digest));
    }

    /// @dev A split whose hop cannot be paid and whose buyer cannot be paid back: his share is credited.
    function _split(Hop[] memory hops) private {
        RouteSplit memory s = RouteSplit({
            buyer: buyer,
            seller: seller,
            token: address(usd),
            amount: 10e6,
            validAfter: vm.getBlockTimestamp() - 1,
            validBefore: vm.getBlockTimestamp() + 1 hours,
            sessionId: keccak256("sess-2"),
            salt: keccak256("salt-2"),
            hops: hops
        });
        bytes32 message = keccak256(
            abi.encode(
                usd.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(),
                buyer,
                address(router),
                uint256(s.amount),
                s.validAfter,
                s.validBefore,
                router.splitIdOf(s)
            )
        );
        bytes memory signature =
            _sign(buyerKey, keccak256(abi.encodePacked(hex"1901", usd.DOMAIN_SEPARATOR(), message)));
        vm.mockCallRevert(address(usd), abi.encodeWithSignature("transfer(address,uint256)", relayer, 100_000), "");
        vm.mockCallRevert(address(usd), abi.encodeWithSignature("transfer(address,uint256)", buyer, 100_000), "");
        router.settleSplit(s, signature);
        vm.clearMockedCalls();
        router.withdraw(address(usd), buyer);
    }

    function _registry() private {
        address verifier = address(new Answers(abi.encode(true)));
        bytes32 circuit = keccak256("example.delivery");
        vm.startPrank(aggregator);
        registry.propose(circuit, 1, verifier, keccak256("vk"), keccak256("ceremony"), 4, false, true);
        registry.propose(ZKB_01, 1, verifier, keccak256("vk"), keccak256("ceremony"), 5, false, false);
        vm.warp(vm.getBlockTimestamp() + 2 days);
        registry.deprecate(circuit, 1);
        registry.transferAggregator(circuit, relayer);
        vm.stopPrank();
        vm.prank(relayer);
        registry.acceptAggregator(circuit);
        vm.prank(guardian);
        registry.revoke(circuit, 1);
        vm.prank(guardian);
        registry.transferGuardian(relayer);
        vm.prank(relayer);
        registry.acceptGuardian();
        _harvest();
    }

    /// @dev The refund of a shielded buyer is set aside and, a month later, paid to his wallet.
    function _shieldedOrder() private {
        OrderTerms memory o = _fresh(_plain());
        o.zkbVersion = 1;
        vm.prank(buyer);
        bytes32 id = _track(escrow.create(o.pack(), Source.CALLER, keccak256("receipt address"), ""));
        vm.warp(o.commitBy + 1);
        escrow.refund(o.pack());
        _harvest();
        assertEq(fold.held(id, ROLE_BUYER, address(usd)), PRICE, "held");
        assertEq(escrow.held(id, ROLE_BUYER, address(usd)), PRICE, "held");
        vm.warp(vm.getBlockTimestamp() + 30 days);
        escrow.collect(o.pack(), ROLE_BUYER, address(usd));
        _harvest();
        assertEq(fold.held(id, ROLE_BUYER, address(usd)), 0, "held");
    }

    /// @dev A receipt becomes a token; a root is anchored.
    function _receiptToken() private {
        OrderTerms memory o = _fresh(_plain());
        o.policy = TIMED;
        o.timedRelease = o.deliverBy + 1 hours;
        bytes32 id = _track(_both(o));
        vm.warp(o.timedRelease);
        escrow.claim(o.pack(), 0);
        _harvest();
        OrderReceipt memory r;
        (r.chainId, r.minter, r.orderId, r.buyer, r.seller) = (block.chainid, address(escrow), id, buyer, seller);
        (r.sessionId, r.offerHash, r.token, r.paid) = (o.sessionId, o.offerHash, o.token, o.amount);
        (r.outcome, r.settledAt) = (Outcome.wrap(2), vm.getBlockTimestamp());
        assertTrue(vault.verify(o.pack(), r), "receipt");
        vm.startPrank(buyer);
        vault.materialize(o.pack(), r);
        IERC721(address(vault)).approve(relayer, uint256(id));
        IERC721(address(vault)).setApprovalForAll(relayer, true);
        vault.anchorBatch(keccak256("root"));
        vm.stopPrank();
        _harvest();
    }

    // ------------------------------------------------------------------------------------------------- checking

    /// @dev Folds what was logged since the last time, keeps the first log of each kind as an example, and compares.
    function _harvest() private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            Vm.Log memory log = logs[i];
            if (bytes(names[log.emitter]).length == 0) continue;
            if (log.emitter == address(escrow) || log.emitter == address(vault)) fold.add(log, vm.getBlockTimestamp());
            if (seen[log.emitter][log.topics[0]]) continue;
            seen[log.emitter][log.topics[0]] = true;
            string memory topics = "";
            for (uint256 j; j < log.topics.length; ++j) {
                topics = string.concat(topics, j == 0 ? "\"" : ", \"", vm.toString(log.topics[j]), "\"");
            }
            examples = string.concat(
                examples,
                bytes(examples).length == 0 ? "" : ",\n",
                string.concat("{\"contract\": \"", names[log.emitter], "\", \"address\": \"", vm.toString(log.emitter)),
                string.concat("\", \"topics\": [", topics, "], \"data\": \"", vm.toString(log.data), "\"}")
            );
        }
        for (uint256 i; i < ids.length; ++i) {
            assertEq(Slot.unwrap(fold.slot(ids[i])), escrow.slot(ids[i]), "slot");
            for (uint8 role; role < 2; ++role) {
                assertEq(fold.shield(ids[i], role), escrow.shield(ids[i], role), "shield");
            }
        }
    }

    /// @dev The folded simple order beside the ten facts of `escrows`.
    function _checkSimple(bytes32 orderId) private {
        _harvest();
        bytes memory folded;
        {
            (
                address buyer_,
                address seller_,
                uint256 amount,
                uint256 createdAt,
                uint256 commitmentDeadline,
                uint256 claimDeadline,
                uint256 timedRelease,
                uint256 deposit,
                uint8 state
            ) = fold.simple(escrow.simpleKey(orderId));
            folded = abi.encode(
                buyer_,
                seller_,
                amount,
                deposit,
                state,
                createdAt,
                commitmentDeadline,
                claimDeadline,
                timedRelease != 0,
                timedRelease
            );
        }
        (bool done, bytes memory stored) = address(escrow).staticcall(abi.encodeCall(escrow.escrows, (orderId)));
        assertTrue(done, "escrows");
        assertEq(folded, stored, "simple order");
    }

    /// @dev Another order each time.
    function _fresh(OrderTerms memory o) private returns (OrderTerms memory) {
        o.salt = keccak256(abi.encode("salt", ++salt));
        return o;
    }

    function _track(bytes32 id) private returns (bytes32) {
        ids.push(id);
        return id;
    }

    function _lock(uint96 salt_) private view returns (Lock memory) {
        return Locks.pack(
            LockTerms({
                sender: buyer,
                timelock: uint48(vm.getBlockTimestamp() + 2 hours),
                lockDeadline: uint48(vm.getBlockTimestamp() + 10 minutes),
                receiver: seller,
                amount: PRICE,
                token: address(usd),
                salt: salt_,
                hashlock: sha256(abi.encode(keccak256("secret"))),
                sessionId: keccak256("sess-1")
            })
        );
    }
}
