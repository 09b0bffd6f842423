// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IHashedTimelock} from "../../contracts/interfaces/IHashedTimelock.sol";
import {Lock, LockTerms, Locks} from "../../contracts/libraries/Locks.sol";
import {Hop, ITgpRouter, Route} from "../../contracts/interfaces/ITgpRouter.sol";
import {Commitment, Ruling, Split} from "../../contracts/interfaces/ITermsOrders.sol";
import {Source} from "../../contracts/interfaces/ITreasury.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {Receipt as OrderReceipt} from "../../contracts/libraries/Receipt.sol";
import {
    BOTH_CLAIMED,
    BOTH_COMMITTED,
    BUYER_COMMITTED,
    EXPIRED,
    FULFILLED,
    KIND_SWAP,
    PARTIAL,
    RESOLVED,
    ROLE_BUYER,
    TIMED,
    TIMED_OUT,
    Terms
} from "../../contracts/libraries/Terms.sol";
import {EscrowTest} from "../escrow/EscrowTest.sol";

/// @notice The calls that the guide shows. What stands between two markers is copied into docs/guide/ as it is.
contract Guide is EscrowTest {
    using OrderTermsLib for OrderTerms;

    IHashedTimelock private htlc;
    ITgpRouter private router;

    function setUp() public override {
        super.setUp();
        htlc = IHashedTimelock(vm.deployCode("HashedTimelock.sol:HashedTimelock", abi.encode(permit2)));
        router = ITgpRouter(vm.deployCode("TgpRouter.sol:TgpRouter"));
        vm.startPrank(buyer);
        usd.approve(address(htlc), type(uint256).max);
        usd.approve(address(router), type(uint256).max);
        vm.stopPrank();
    }

    function test_createAnOrder() public {
        vm.startPrank(buyer);
        // snippet:create
        OrderTerms memory order;
        order.buyer = buyer;
        order.seller = seller;
        order.token = address(usd); // address(0) for the chain's coin
        order.amount = 20e6;
        order.policy = TIMED; // pays the seller at timedRelease unless somebody settles earlier
        order.fundBy = uint40(block.timestamp + 10 minutes);
        order.commitBy = uint40(block.timestamp + 30 minutes);
        order.deliverBy = uint40(block.timestamp + 2 hours);
        order.timedRelease = uint40(block.timestamp + 3 hours);
        order.reviewWindow = 1 hours;
        order.sessionId = keccak256("sess-1");
        order.offerHash = keccak256("the offer as both sides know it");
        order.salt = keccak256("one per offer");
        Terms memory terms = order.pack();

        usd.approve(address(escrow), order.amount);
        bytes32 orderId = escrow.create(terms, Source.CALLER, 0, "");
        // endsnippet
        vm.stopPrank();
        _assertState(orderId, BUYER_COMMITTED);
        assertEq(orderId, escrow.orderIdOf(terms));
    }

    function test_createByAuthorization() public {
        OrderTerms memory order = _timed();
        Terms memory terms = order.pack();
        // snippet:create-3009
        // the buyer signs ReceiveWithAuthorization in the token's domain: to = escrow, value = amount, validAfter = 0,
        // validBefore = fundBy + 1, nonce = keccak256(abi.encode(orderId, ROLE_BUYER, receiptAddress))
        bytes32 orderId = escrow.orderIdOf(terms);
        bytes memory authorization =
            _authorize(buyerKey, usd, orderId, ROLE_BUYER, bytes32(0), order.amount, order.fundBy);

        // anyone sends it
        escrow.create(terms, Source.EIP3009, 0, authorization);
        // endsnippet
        _assertState(orderId, BUYER_COMMITTED);
    }

    function test_createSimple() public {
        vm.startPrank(buyer);
        // snippet:create-simple
        escrow.createEscrow{value: 0.01 ether}({
            orderId: keccak256("my order 1"),
            seller: seller,
            commitmentWindow: 30 minutes,
            claimWindow: 2 hours,
            allowsTimedRelease: false,
            timedReleaseDelay: 0
        });
        // endsnippet
        vm.stopPrank();
    }

    function test_commit() public {
        OrderTerms memory order = _timed();
        bytes32 orderId = _create(order);
        Terms memory terms = order.pack();
        // snippet:commit-signature
        // the seller signs SellerCommitment(orderId, ...); his wallet shows every field
        Commitment memory commitment = Commitment({
            businessName: "Pizza Hut #4521",
            businessLicense: "LICENSE-789",
            documentHash: keccak256("the menu"),
            deliveryCommitment: 0,
            signature: ""
        });
        commitment.signature = _signCommitment(sellerKey, orderId, commitment);

        // anyone sends it
        escrow.commit(terms, commitment, Source.CALLER, "");
        // endsnippet
        _assertState(orderId, BOTH_COMMITTED);
    }

    function test_commitWithBond() public {
        OrderTerms memory order = _bonded();
        bytes32 orderId = _create(order);
        Terms memory terms = order.pack();
        Commitment memory commitment = _commitment();
        vm.startPrank(seller);
        // snippet:commit-bond
        // the seller calls himself and brings the bond; commitment.signature stays empty
        usd.approve(address(escrow), order.counterAmount);
        escrow.commit(terms, commitment, Source.CALLER, "");
        // endsnippet
        vm.stopPrank();
        _assertState(orderId, BOTH_COMMITTED);
    }

    function test_proveDelivery() public {
        OrderTerms memory order = _arbitrated();
        bytes32 orderId = _both(order);
        Terms memory terms = order.pack();
        vm.startPrank(seller);
        // snippet:fulfil
        // terms with an arbiter: the seller's own evidence, a hash of whatever shows delivery
        bytes32 evidence = keccak256("parcel 4711, signed for at 14:05");
        escrow.fulfil(terms, evidence);
        // endsnippet
        vm.stopPrank();
        _assertState(orderId, FULFILLED);

        vm.warp(_slot(orderId).clock());
        // snippet:claim
        // from the end of the review on, anyone calls
        escrow.claim(terms, evidence);
        // endsnippet
        _assertState(orderId, BOTH_CLAIMED);
    }

    function test_attestDelivery() public {
        OrderTerms memory order = _attested();
        bytes32 orderId = _both(order);
        Terms memory terms = order.pack();
        bytes32 evidence = keccak256("tracking 4711");
        uint256 deliveredAt = vm.getBlockTimestamp();
        // snippet:fulfil-attested
        // terms with ATTESTER_SIG: terms.verifier signs Delivery(orderId, evidence, deliveredAt), anyone sends it
        bytes memory word = _signDelivery(attesterKey, orderId, evidence, deliveredAt);
        escrow.fulfilAttested(terms, evidence, deliveredAt, word);
        // endsnippet
        _assertState(orderId, BOTH_CLAIMED); // without an arbiter it pays at once
    }

    function test_timedRelease() public {
        OrderTerms memory order = _timed();
        bytes32 orderId = _both(order);
        Terms memory terms = order.pack();
        vm.warp(order.timedRelease);
        // snippet:claim-timed
        // terms with TIMED: from timedRelease on, anyone calls
        escrow.claim(terms, 0);
        // endsnippet
        _assertState(orderId, BOTH_CLAIMED);
        assertEq(usd.balanceOf(seller), 1_000_000e6 + PRICE);
    }

    function test_accept() public {
        OrderTerms memory order = _arbitrated();
        bytes32 orderId = _both(order);
        Terms memory terms = order.pack();
        vm.startPrank(buyer);
        // snippet:accept
        // the buyer gives everything to the seller
        Split memory all = Split({toBuyer: 0, toSeller: order.amount, bondToBuyer: 0, disputeToSeller: 0, noFee: false});
        escrow.settle(terms, all, block.timestamp + 10 minutes, "", "", 0);
        // endsnippet
        vm.stopPrank();
        _assertState(orderId, BOTH_CLAIMED);
    }

    function test_withdraw() public {
        OrderTerms memory order = _plain();
        order.token = address(0);
        _both(order);
        Terms memory terms = order.pack();
        vm.etch(seller, hex"5f5ffd"); // a wallet that takes no coins
        vm.prank(buyer);
        escrow.settle(
            terms,
            Split({toBuyer: 0, toSeller: order.amount, bondToBuyer: 0, disputeToSeller: 0, noFee: false}),
            vm.getBlockTimestamp(),
            "",
            "",
            0
        );
        vm.etch(seller, "");
        // snippet:withdraw
        // anyone pays the party its credit; the party itself may name another address with withdrawTo
        uint256 paid = escrow.withdraw(address(0), seller);
        // endsnippet
        assertEq(paid, order.amount);
    }

    function test_refund() public {
        OrderTerms memory order = _plain();
        bytes32 orderId = _create(order);
        Terms memory terms = order.pack();
        vm.warp(order.commitBy + 1);
        // snippet:refund
        // the seller never committed: after commitBy, anyone calls
        escrow.refund(terms);
        // endsnippet
        _assertState(orderId, EXPIRED);
        assertEq(usd.balanceOf(buyer), 1_000_000e6);
    }

    function test_dispute() public {
        OrderTerms memory order = _arbitrated();
        bytes32 orderId = _both(order);
        bytes32 evidence = keccak256("evidence");
        _fulfil(order, evidence);
        Terms memory terms = order.pack();
        vm.startPrank(buyer);
        // snippet:dispute
        // within the review window: the buyer stakes disputeBondBps of the amount
        usd.approve(address(escrow), uint256(order.amount) * order.disputeBondBps / 10_000);
        escrow.dispute(terms, keccak256("the box was empty"), block.timestamp + 10 minutes, "", Source.CALLER, "");
        // endsnippet
        vm.stopPrank();
        vm.startPrank(arbiter);
        // snippet:resolve
        // the arbiter, before the clock of the dispute
        Ruling memory ruling =
            Ruling({toBuyer: order.amount / 2, toSeller: order.amount - order.amount / 2, bondToBuyer: 0});
        escrow.resolve(terms, ruling, evidence);
        // endsnippet
        vm.stopPrank();
        _assertState(orderId, RESOLVED);
    }

    function test_silence() public {
        OrderTerms memory order = _arbitrated();
        bytes32 orderId = _both(order);
        bytes32 evidence = keccak256("evidence");
        _fulfil(order, evidence);
        _dispute(order);
        Terms memory terms = order.pack();
        vm.warp(_slot(orderId).clock());
        // snippet:silence
        // the arbiter did not rule: from the clock on, anyone calls, and the silence rule of the terms decides
        escrow.resolveBySilence(terms, evidence);
        // endsnippet
        _assertState(orderId, RESOLVED);
    }

    function test_settleTogether() public {
        OrderTerms memory order = _bonded();
        bytes32 orderId = _both(order);
        Terms memory terms = order.pack();
        // snippet:settle
        // absolute amounts: toBuyer + toSeller is what is left of the payment; the rest of the bond goes back
        Split memory split = Split({toBuyer: 30e6, toSeller: 70e6, bondToBuyer: 0, disputeToSeller: 0, noFee: true});
        uint256 deadline = block.timestamp + 1 days;
        bytes memory buyerAuth = _signSettlement(buyerKey, orderId, split, deadline);
        bytes memory sellerAuth = _signSettlement(sellerKey, orderId, split, deadline);

        // anyone sends it
        escrow.settle(terms, split, deadline, buyerAuth, sellerAuth, 0);
        // endsnippet
        _assertState(orderId, RESOLVED);
    }

    function test_swap() public {
        vm.prank(seller);
        eur.approve(address(escrow), type(uint256).max);
        Commitment memory commitment = _commitment();
        // snippet:swap-terms
        OrderTerms memory order = _plain();
        order.kind = KIND_SWAP;
        order.token = address(usd);
        order.amount = 100e6;
        order.counterToken = address(eur);
        order.counterAmount = 90e6;
        // endsnippet
        bytes32 orderId = _create(order);
        Terms memory terms = order.pack();
        vm.startPrank(seller);
        // snippet:swap
        // the seller commits, and both legs change hands in that call
        escrow.commit(terms, commitment, Source.CALLER, "");
        // endsnippet
        vm.stopPrank();
        _assertState(orderId, BOTH_CLAIMED);
        assertEq(eur.balanceOf(buyer), 1_000_000e6 + 90e6);
    }

    function test_meter() public {
        // snippet:meter-terms
        OrderTerms memory order = _plain();
        order.policy = PARTIAL;
        order.amount = 100e6; // the most that can be used
        // endsnippet
        bytes32 orderId = _both(order);
        Terms memory terms = order.pack();
        // snippet:meter
        // the buyer signs a rising total as he uses the service; only the newest voucher matters
        bytes memory voucher = _signVoucher(buyerKey, orderId, 40e6);

        // anyone sends it; the seller gets what is above the last total
        escrow.release(terms, 40e6, voucher);
        // endsnippet
        assertEq(_slot(orderId).word(), 40e6);
        vm.warp(order.deliverBy + order.reviewWindow + 1);
        // snippet:meter-refund
        // after deliverBy + reviewWindow the rest goes back to the buyer
        escrow.refund(terms);
        // endsnippet
        _assertState(orderId, RESOLVED);
    }

    function test_hashLock() public {
        vm.startPrank(buyer);
        // snippet:lock
        bytes32 secret = keccak256("32 random bytes in real life");
        Lock memory lock = Locks.pack(
            LockTerms({
                sender: buyer,
                timelock: uint48(block.timestamp + 2 hours),
                lockDeadline: uint48(block.timestamp + 10 minutes),
                receiver: seller,
                amount: 50e6,
                token: address(usd),
                salt: 1,
                hashlock: sha256(abi.encode(secret)),
                sessionId: keccak256("sess-1")
            })
        );
        usd.approve(address(htlc), 50e6);
        htlc.lock(lock);
        // endsnippet
        vm.stopPrank();
        // snippet:lock-claim
        // anyone with the secret, strictly before the timelock: pays the receiver
        htlc.claim(lock, secret);
        // endsnippet
        assertEq(usd.balanceOf(seller), 1_000_000e6 + 50e6);
    }

    function test_hashLockRefund() public {
        Lock memory lock = Locks.pack(
            LockTerms({
                sender: buyer,
                timelock: uint48(vm.getBlockTimestamp() + 2 hours),
                lockDeadline: uint48(vm.getBlockTimestamp() + 10 minutes),
                receiver: seller,
                amount: 50e6,
                token: address(usd),
                salt: 1,
                hashlock: sha256("secret"),
                sessionId: keccak256("sess-1")
            })
        );
        vm.prank(buyer);
        htlc.lock(lock);
        vm.warp(vm.getBlockTimestamp() + 2 hours);
        // snippet:lock-refund
        // nobody showed the secret: from the timelock on, anyone calls
        htlc.refund(lock);
        // endsnippet
        assertEq(usd.balanceOf(buyer), 1_000_000e6);
    }

    function test_route() public {
        address gateway = feeReceiver;
        // snippet:route
        Route memory route = Route({
            buyer: buyer,
            seller: seller,
            token: address(usd),
            cap: 10e6,
            maxFeesBps: 300,
            expiry: block.timestamp + 1 days,
            sessionId: keccak256("sess-1"),
            salt: keccak256("salt-1"),
            hops: new Hop[](1)
        });
        route.hops[0] = Hop({payee: gateway, feeBps: 100});

        // the buyer signs Charge(routeId, cumulative), a rising total; his allowance to the router pays
        bytes memory signature = _sign(buyerKey, router.chargeDigest(router.routeIdOf(route), 2e6));

        // anyone sends it
        router.charge(route, 2e6, signature);
        // endsnippet
        assertEq(usd.balanceOf(gateway), 20_000);
        vm.startPrank(buyer);
        // snippet:close-route
        // the buyer ends it
        router.closeRoute(route);
        // endsnippet
        vm.stopPrank();
    }

    function test_receipt() public {
        OrderTerms memory order = _timed();
        bytes32 orderId = _both(order);
        Terms memory terms = order.pack();
        vm.warp(order.timedRelease);
        escrow.claim(terms, 0);
        uint256 settledAt = vm.getBlockTimestamp();
        // snippet:receipt
        // every field is in the ReceiptIssued event, the first two are the chain and the escrow
        OrderReceipt memory receipt;
        receipt.chainId = block.chainid;
        receipt.minter = address(escrow);
        receipt.orderId = orderId;
        receipt.buyer = order.buyer;
        receipt.seller = order.seller;
        receipt.sessionId = order.sessionId;
        receipt.offerHash = order.offerHash;
        receipt.token = order.token;
        receipt.paid = order.amount;
        receipt.outcome = TIMED_OUT;
        receipt.settledAt = settledAt;
        require(vault.verify(terms, receipt), "not a receipt of this escrow");
        // endsnippet
        vm.startPrank(buyer);
        // snippet:materialize
        // the buyer, if he wants a token of it
        uint256 tokenId = vault.materialize(terms, receipt);
        // endsnippet
        vm.stopPrank();
        assertEq(tokenId, uint256(orderId));
    }
}
