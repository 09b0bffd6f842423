// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITermsOrders} from "../../contracts/interfaces/ITermsOrders.sol";
import {Source} from "../../contracts/interfaces/ITreasury.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import "../../contracts/libraries/Terms.sol" as T;
import {Terms, TermsLib} from "../../contracts/libraries/Terms.sol";
import {Fault} from "../../contracts/libraries/TermsRules.sol";
import {ORDER_TERMS_TYPEHASH} from "../../contracts/libraries/TypeHashes.sol";
import {FiveSignals} from "../registry/Verifiers.sol";
import {VerbTest} from "./VerbTest.sol";

/// @title The table of faults
/// @notice For each fault and each sound order it can happen to: the smallest break that gives exactly this fault, and
/// the nearest terms that pass.
contract TermsTest is VerbTest {
    using OrderTermsLib for OrderTerms;

    bytes32 private constant DELIVERY = keccak256("delivery circuit");

    enum Base {
        PLAIN,
        SWAP,
        PARTIAL,
        TIMED,
        ARBITRATED,
        BONDED,
        ATTESTED,
        TIMED_ARBITRATED,
        PROVEN
    }

    /// @dev The order being broken, and the nearest one that is sound.
    OrderTerms private _bad;
    OrderTerms private _good;
    Base private _on;
    uint256 private _salt;
    uint256[64] private _entries;

    function setUp() public override {
        super.setUp();
        address impl = address(new FiveSignals());
        vm.prank(relayer);
        registry.propose(DELIVERY, 1, impl, keccak256("key"), keccak256("ceremony"), 4, false, true);
        vm.warp(vm.getBlockTimestamp() + 2 days);
    }

    function _sound(Base base) private view returns (OrderTerms memory o) {
        if (base == Base.PLAIN) {
            o = _plain();
        } else if (base == Base.SWAP) {
            o = _swapped();
        } else if (base == Base.PARTIAL) {
            o = _partial();
        } else if (base == Base.TIMED) {
            o = _timed();
        } else if (base == Base.ARBITRATED) {
            o = _arbitrated();
        } else if (base == Base.BONDED) {
            o = _bonded();
        } else if (base == Base.ATTESTED) {
            o = _attested();
        } else if (base == Base.TIMED_ARBITRATED) {
            o = _arbitrated();
            o.policy = T.TIMED;
            o.timedRelease = o.deliverBy + uint40(o.reviewWindow);
        } else {
            o = _plain();
            o.policy = T.ZK_PROOF;
            o.deliveryCircuit = DELIVERY;
            o.deliveryVersion = 1;
        }
    }

    function _begin(Base base) private {
        _on = base;
        _bad = _good = _sound(base);
    }

    /// @dev Both halves of an entry, on chain.
    function _entry(Fault fault) private {
        OrderTerms memory bad = _bad;
        OrderTerms memory good = _good;
        bad.salt = good.salt = bytes32(++_salt);
        string memory where = string.concat(
            "fault ", vm.toString(uint256(fault)), " on base ", vm.toString(uint256(_on)), " entry ", vm.toString(_salt)
        );
        (bool done, bytes memory answer) = _attempt(bad);
        assertFalse(done, string.concat(where, ": passed"));
        assertEq(answer, abi.encodeWithSelector(ITermsOrders.InvalidTerms.selector, fault), where);
        assertEq(escrow.slot(_id(bad)), 0, where);
        (done, answer) = _attempt(good);
        assertTrue(done, string.concat(where, ": the nearest sound terms were refused ", vm.toString(answer)));
        _entries[uint256(fault)]++;
        _begin(_on);
    }

    function _attempt(OrderTerms memory o) private returns (bool, bytes memory) {
        bytes memory data = abi.encodeCall(ITermsOrders.create, (o.pack(), Source.CALLER, 0, ""));
        vm.prank(relayer);
        return address(escrow).call(data);
    }

    function _next(address a) private pure returns (address) {
        return address(uint160(a) + 1);
    }

    // ------------------------------------------------------------------------------------------------- parties

    function _parties(Base base) private {
        _begin(base);
        (_bad.buyer, _good.buyer) = (address(0), address(1));
        _entry(Fault.BUYER_ZERO);
        (_bad.seller, _good.seller) = (address(0), address(1));
        _entry(Fault.SELLER_ZERO);
        (_bad.seller, _good.seller) = (buyer, _next(buyer));
        _entry(Fault.BUYER_IS_SELLER);
        (_bad.buyer, _good.buyer) = (seller, _next(seller));
        _entry(Fault.BUYER_IS_SELLER);
        address self = address(escrow);
        (_bad.buyer, _good.buyer) = (self, _next(self));
        _entry(Fault.NAMES_ESCROW);
        (_bad.seller, _good.seller) = (self, _next(self));
        _entry(Fault.NAMES_ESCROW);
        (_bad.feeReceiver, _good.feeReceiver) = (self, _next(self));
        _entry(Fault.NAMES_ESCROW);
        (_bad.token, _good.token) = (self, address(eur));
        _entry(Fault.NAMES_ESCROW);
        (_bad.counterToken, _good.counterToken) = (self, address(eur));
        _entry(Fault.NAMES_ESCROW);
        if (_good.arbiter != address(0)) {
            (_bad.arbiter, _good.arbiter) = (self, _next(self));
            _entry(Fault.NAMES_ESCROW);
            (_bad.arbiter, _good.arbiter) = (buyer, _next(buyer));
            _entry(Fault.ARBITER_IS_PARTY);
            (_bad.arbiter, _good.arbiter) = (seller, _next(seller));
            _entry(Fault.ARBITER_IS_PARTY);
        }
        if (_good.verifier != address(0)) {
            (_bad.verifier, _good.verifier) = (self, _next(self));
            _entry(Fault.NAMES_ESCROW);
            (_bad.verifier, _good.verifier) = (buyer, _next(buyer));
            _entry(Fault.VERIFIER_IS_PARTY);
            (_bad.verifier, _good.verifier) = (seller, _next(seller));
            _entry(Fault.VERIFIER_IS_PARTY);
        }
    }

    // ------------------------------------------------------------------------------------------------- money

    function _money(Base base) private {
        _begin(base);
        (_bad.amount, _good.amount) = (0, 1);
        _entry(Fault.AMOUNT_ZERO);
        (_bad.maxFeeBps, _good.maxFeeBps) = (1_001, 1_000);
        _entry(Fault.MAX_FEE_ABOVE_CAP);
        (_bad.maxFeeBps, _good.maxFeeBps) = (type(uint16).max, 1_000);
        _entry(Fault.MAX_FEE_ABOVE_CAP);
        _bad.feeReceiver = _good.feeReceiver = feeReceiver;
        _bad.maxFeeBps = _good.maxFeeBps = 1_000;
        (_bad.feeBps, _good.feeBps) = (1_001, 1_000);
        _entry(Fault.FEE_ABOVE_MAX);
        _bad.feeReceiver = _good.feeReceiver = feeReceiver;
        (_bad.feeBps, _good.feeBps) = (1, 0);
        _entry(Fault.FEE_ABOVE_MAX);
        _bad.feeBps = _good.feeBps = _bad.maxFeeBps = _good.maxFeeBps = 1;
        _good.feeReceiver = feeReceiver;
        _entry(Fault.FEE_WITHOUT_RECEIVER);
        _bad.maxFeeBps = _good.maxFeeBps = 1;
        _bad.feeBps = 1;
        _entry(Fault.FEE_WITHOUT_RECEIVER);
        bool judged = _good.arbiter != address(0) || base == Base.ATTESTED || base == Base.PROVEN;
        if (judged) {
            (_bad.slashBps, _good.slashBps) = (10_001, 10_000);
            _entry(Fault.SLASH_ABOVE_WHOLE);
        }
        if (_good.arbiter != address(0)) {
            (_bad.disputeBondBps, _good.disputeBondBps) = (10_001, 10_000);
            _entry(Fault.DISPUTE_BOND_ABOVE_WHOLE);
            (_bad.arbiterFeeBps, _good.arbiterFeeBps) = (501, 500);
            _entry(Fault.DISPUTE_BOND_BELOW_ARBITER_FEE);
            (_bad.disputeBondBps, _good.disputeBondBps) = (299, 300);
            _entry(Fault.DISPUTE_BOND_BELOW_ARBITER_FEE);
        }
    }

    // ------------------------------------------------------------------------------------------------- evidence

    function _evidence(Base base) private {
        _begin(base);
        _bad.kind = 2;
        _entry(Fault.KIND_UNKNOWN);
        _bad.kind = 255;
        _entry(Fault.KIND_UNKNOWN);
        for (uint256 bit = 4; bit < 8; ++bit) {
            _bad.policy |= uint8(1 << bit);
            _entry(Fault.POLICY_UNKNOWN);
        }
        (_bad.silence, _good.silence) = (2, 1);
        _entry(Fault.SILENCE_UNKNOWN);
        (_bad.silence, _good.silence) = (255, 0);
        _entry(Fault.SILENCE_UNKNOWN);
        if (_good.arbiter == address(0)) {
            _bad.disputeBondBps = 1;
            _entry(Fault.DISPUTE_WITHOUT_ARBITER);
            _bad.disputeWindow = 1;
            _entry(Fault.DISPUTE_WITHOUT_ARBITER);
            _bad.disputeBondBps = _bad.arbiterFeeBps = 1;
            _entry(Fault.DISPUTE_WITHOUT_ARBITER);
        } else {
            _bad.arbiter = address(0);
            _entry(Fault.DISPUTE_WITHOUT_ARBITER);
        }
        if (base == Base.PLAIN || base == Base.PARTIAL || base == Base.TIMED) {
            _bad.slashBps = 1;
            _entry(Fault.SLASH_WITHOUT_JUDGE);
        }
        if (base == Base.ATTESTED || base == Base.PROVEN) {
            _bad.policy = _good.policy = _bad.policy | T.TIMED;
            _bad.timedRelease = _good.timedRelease = _bad.deliverBy;
            _bad.slashBps = 1;
            _entry(Fault.SLASH_TIMED_WITHOUT_ARBITER);
        }
        if (base == Base.ATTESTED || base == Base.BONDED) {
            _bad.verifier = address(0);
            _entry(Fault.ATTESTER_WITHOUT_VERIFIER);
            _bad.policy |= T.ZK_PROOF;
            _bad.deliveryCircuit = DELIVERY;
            _bad.deliveryVersion = 1;
            _entry(Fault.ATTESTER_WITH_PROOF);
        }
        if (base == Base.PROVEN) {
            _bad.policy |= T.ATTESTER_SIG;
            _bad.verifier = _good.verifier = attester;
            _entry(Fault.ATTESTER_WITH_PROOF);
            _bad.policy = 0;
            _entry(Fault.CIRCUIT_WITHOUT_PROOF);
        } else {
            _bad.deliveryCircuit = bytes32(uint256(1));
            _entry(Fault.CIRCUIT_WITHOUT_PROOF);
            _bad.deliveryVersion = 1;
            _entry(Fault.CIRCUIT_WITHOUT_PROOF);
        }
    }

    function _partialAlone() private {
        _begin(Base.PARTIAL);
        _bad.policy |= T.ATTESTER_SIG;
        _bad.verifier = attester;
        _entry(Fault.PARTIAL_NOT_ALONE);
        _bad.policy |= T.ZK_PROOF;
        _bad.deliveryCircuit = DELIVERY;
        _bad.deliveryVersion = 1;
        _entry(Fault.PARTIAL_NOT_ALONE);
        _bad.policy |= T.TIMED;
        _bad.timedRelease = _bad.deliverBy + 1 hours;
        _entry(Fault.PARTIAL_NOT_ALONE);
        _bad.arbiter = arbiter;
        _bad.disputeWindow = 1 days;
        _entry(Fault.PARTIAL_NOT_ALONE);
        _bad.verifier = attester;
        _entry(Fault.PARTIAL_NOT_ALONE);
        _bad.counterAmount = 1;
        _entry(Fault.PARTIAL_NOT_ALONE);
    }

    function _swapAlone() private {
        _begin(Base.SWAP);
        (_bad.counterAmount, _good.counterAmount) = (0, 1);
        _entry(Fault.SWAP_WITHOUT_COUNTER);
        _bad.arbiter = arbiter;
        _bad.disputeWindow = 1 days;
        _entry(Fault.SWAP_NOT_ALONE);
        _bad.verifier = attester;
        _entry(Fault.SWAP_NOT_ALONE);
        _bad.policy = T.ATTESTER_SIG;
        _bad.verifier = attester;
        _entry(Fault.SWAP_NOT_ALONE);
        _bad.policy = T.ZK_PROOF;
        _bad.deliveryCircuit = DELIVERY;
        _bad.deliveryVersion = 1;
        _entry(Fault.SWAP_NOT_ALONE);
        _bad.policy = T.TIMED;
        _bad.timedRelease = _bad.deliverBy + 1 hours;
        _entry(Fault.SWAP_NOT_ALONE);
        _bad.policy = T.PARTIAL;
        _entry(Fault.SWAP_NOT_ALONE);
        _bad.slashBps = 1;
        _entry(Fault.SWAP_NOT_ALONE);
    }

    // ------------------------------------------------------------------------------------------------- times

    function _times(Base base) private {
        _begin(base);
        uint40 time = uint40(vm.getBlockTimestamp());
        bool timed = _good.policy & T.TIMED != 0;
        (_bad.fundBy, _good.fundBy) = (time - 1, time);
        _entry(Fault.FUND_BY_PASSED);
        _bad.fundBy = 0;
        _entry(Fault.FUND_BY_PASSED);
        (_bad.commitBy, _good.commitBy) = (_bad.fundBy - 1, _good.fundBy);
        _entry(Fault.DEADLINES_OUT_OF_ORDER);
        _bad.slashBps = _good.slashBps = 0;
        (_bad.deliverBy, _good.deliverBy) = (_bad.commitBy, _good.commitBy + 1);
        _entry(Fault.DEADLINES_OUT_OF_ORDER);
        uint40 farthest = time + 365 days;
        if (timed) {
            (_bad.timedRelease, _good.timedRelease) = (farthest + 1, farthest);
            _entry(Fault.TOO_FAR_AHEAD);
            uint40 review = base == Base.TIMED ? 0 : uint40(_good.reviewWindow);
            (_bad.deliverBy, _good.deliverBy) = (farthest + 1, farthest - review);
            _bad.timedRelease = _good.timedRelease = farthest;
            _entry(Fault.TOO_FAR_AHEAD);
        } else {
            (_bad.deliverBy, _good.deliverBy) = (farthest + 1, farthest);
            _entry(Fault.TOO_FAR_AHEAD);
            _bad.timedRelease = 1;
            _entry(Fault.TIME_WITHOUT_TIMED);
            _bad.timedRelease = _bad.deliverBy + uint40(_bad.reviewWindow);
            _entry(Fault.TIME_WITHOUT_TIMED);
        }
        if (timed) _bad.timedRelease = _good.timedRelease = farthest;
        (_bad.reviewWindow, _good.reviewWindow) = (90 days + 1, 90 days);
        _entry(Fault.REVIEW_TOO_LONG);
        if (base != Base.PLAIN && base != Base.SWAP) {
            (_bad.reviewWindow, _good.reviewWindow) = (1 hours - 1, 1 hours);
            _entry(Fault.REVIEW_TOO_SHORT);
            _bad.reviewWindow = 0;
            _entry(Fault.REVIEW_TOO_SHORT);
        }
        if (_good.arbiter != address(0)) {
            (_bad.disputeWindow, _good.disputeWindow) = (1 days - 1, 1 days);
            _entry(Fault.DISPUTE_WINDOW_OUT_OF_RANGE);
            (_bad.disputeWindow, _good.disputeWindow) = (90 days + 1, 90 days);
            _entry(Fault.DISPUTE_WINDOW_OUT_OF_RANGE);
            _bad.disputeWindow = 0;
            _entry(Fault.DISPUTE_WINDOW_OUT_OF_RANGE);
        }
        if (_good.arbiter != address(0) || base == Base.ATTESTED || base == Base.PROVEN) {
            _bad.slashBps = _good.slashBps = 1;
            _bad.deliverBy = _bad.commitBy + 1 hours - 1;
            _good.deliverBy = _good.commitBy + 1 hours;
            _entry(Fault.SLASH_TOO_SOON);
        }
    }

    function _timedSoon() private {
        _begin(Base.TIMED);
        (_bad.timedRelease, _good.timedRelease) = (_bad.deliverBy - 1, _good.deliverBy);
        _entry(Fault.TIMED_TOO_SOON);
        _bad.timedRelease = 0;
        _entry(Fault.TIMED_TOO_SOON);
        _bad.reviewWindow = _good.reviewWindow = 2 days;
        _bad.timedRelease = _bad.commitBy + 2 days - 1;
        _good.timedRelease = _good.commitBy + 2 days;
        _entry(Fault.TIMED_TOO_SOON);
        _begin(Base.TIMED_ARBITRATED);
        _bad.timedRelease -= 1;
        _entry(Fault.TIMED_TOO_SOON);
        _bad.timedRelease = _bad.deliverBy;
        _entry(Fault.TIMED_TOO_SOON);
    }

    // ------------------------------------------------------------------------------------------------- the table

    function _all(uint256 base) private {
        _parties(Base(base));
        _money(Base(base));
        _evidence(Base(base));
        _times(Base(base));
    }

    function test_terms_everySoundBaseIsAccepted() public {
        for (uint256 i; i <= uint256(type(Base).max); ++i) {
            (bool done,) = _attempt(_sound(Base(i)));
            assertTrue(done, vm.toString(i));
        }
    }

    function test_terms_theTableCoversEveryFault() public {
        for (uint256 i; i <= uint256(type(Base).max); ++i) {
            _all(i);
        }
        _partialAlone();
        _swapAlone();
        _timedSoon();
        for (uint256 fault = 1; fault <= uint256(type(Fault).max); ++fault) {
            assertGt(_entries[fault], 0, string.concat("no entry for fault ", vm.toString(fault)));
        }
        assertEq(_entries[0], 0);
    }

    /// @dev createWithCommitment and create refuse alike.
    function test_terms_aFaultStopsCreateWithCommitmentToo() public {
        OrderTerms memory o = _plain();
        o.maxFeeBps = 1_001;
        bytes memory auth = _buyerAuth(o);
        bytes memory err = abi.encodeWithSelector(ITermsOrders.InvalidTerms.selector, Fault.MAX_FEE_ABOVE_CAP);
        Terms memory t = o.pack();
        vm.prank(seller);
        vm.expectRevert(err);
        escrow.createWithCommitment(t, Source.EIP3009, 0, auth, _commitment(), Source.CALLER, "");
    }

    function test_terms_aVerifierWithoutThePolicyIsNoFault() public {
        OrderTerms memory o = _plain();
        o.verifier = attester;
        _create(o);
        _assertState(_id(o), T.BUYER_COMMITTED);
    }

    // ------------------------------------------------------------------------------------------------- packing

    function testFuzz_pack_roundTrip(OrderTerms memory o) public pure {
        OrderTerms memory back = OrderTermsLib.unpack(o.pack());
        assertEq(abi.encode(back), abi.encode(o));
    }

    function testFuzz_unpack_roundTrip(Terms memory t) public pure {
        Terms memory back = OrderTermsLib.unpack(t).pack();
        assertEq(abi.encode(back), abi.encode(t));
    }

    function testFuzz_read_agreesWithUnpack(Terms calldata t) public pure {
        OrderTerms memory o = OrderTermsLib.unpack(t);
        assertEq(TermsLib.token(t), o.token);
        assertEq(TermsLib.amount(t), o.amount);
        assertEq(TermsLib.counterToken(t), o.counterToken);
        assertEq(TermsLib.counterAmount(t), o.counterAmount);
        assertEq(TermsLib.kind(t), o.kind);
        assertEq(TermsLib.policy(t), o.policy);
        assertEq(TermsLib.silence(t), o.silence);
        assertEq(TermsLib.jurisdiction(t), o.jurisdiction);
        assertEq(TermsLib.slashBps(t), o.slashBps);
        assertEq(TermsLib.feeBps(t), o.feeBps);
        assertEq(TermsLib.maxFeeBps(t), o.maxFeeBps);
        assertEq(TermsLib.arbiterFeeBps(t), o.arbiterFeeBps);
        assertEq(TermsLib.disputeBondBps(t), o.disputeBondBps);
        assertEq(TermsLib.deliveryVersion(t), o.deliveryVersion);
        assertEq(TermsLib.zkbVersion(t), o.zkbVersion);
        assertEq(TermsLib.zksVersion(t), o.zksVersion);
        assertEq(TermsLib.fundBy(t), o.fundBy);
        assertEq(TermsLib.commitBy(t), o.commitBy);
        assertEq(TermsLib.deliverBy(t), o.deliverBy);
        assertEq(TermsLib.timedRelease(t), o.timedRelease);
        assertEq(TermsLib.reviewWindow(t), o.reviewWindow);
        assertEq(TermsLib.disputeWindow(t), o.disputeWindow);
    }

    // ------------------------------------------------------------------------------------------------- hashing

    function testFuzz_structHash_isThatOfTheStandard(Terms calldata t) public pure {
        bytes memory parties = abi.encode(ORDER_TERMS_TYPEHASH, t.buyer, t.seller, t.payment, t.counter);
        bytes memory others = abi.encode(t.feeReceiver, t.arbiter, t.verifier, t.deliveryCircuit);
        bytes memory rest = abi.encode(t.rules, t.times, t.sessionId, t.offerHash, t.salt);
        assertEq(TermsLib.structHash(t), keccak256(bytes.concat(parties, others, rest)));
    }

    /// @dev The calldata of a call whose first argument is terms, with one bit of one of their words turned.
    function _flip(bytes memory data, uint256 word, uint256 bit) private pure {
        assembly ("memory-safe") {
            let at := add(add(data, 0x24), mul(word, 0x20))
            mstore(at, xor(mload(at), shl(bit, 1)))
        }
    }

    function testFuzz_orderIdOf_noBitIsWithoutEffect(Terms memory t, uint8 word, uint8 bit) public view {
        bytes32 id = escrow.orderIdOf(t);
        bytes memory data = abi.encodeCall(ITermsOrders.orderIdOf, (t));
        _flip(data, bound(word, 0, 12), bit);
        (bool done, bytes memory answer) = address(escrow).staticcall(data);
        if (done) assertNotEq(abi.decode(answer, (bytes32)), id);
    }

    function testFuzz_orderIdOf_differentTermsNeverShareAnId(Terms memory a, Terms memory b) public view {
        bool same = keccak256(abi.encode(a)) == keccak256(abi.encode(b));
        assertEq(escrow.orderIdOf(a) == escrow.orderIdOf(b), same);
    }

    // ------------------------------------------------------------------------------------------------- dirty words

    function _addressWord(uint8 which) private pure returns (uint256) {
        which = which % 5;
        return which < 2 ? which : which + 2; // buyer, seller, feeReceiver, arbiter, verifier
    }

    function testFuzz_create_revertsWhenAnAddressHasDirtyBits(uint8 which, uint8 bit) public {
        OrderTerms memory o = _bonded();
        uint256 word = _addressWord(which);
        bytes memory data = abi.encodeCall(ITermsOrders.create, (o.pack(), Source.CALLER, 0, ""));
        _flip(data, word, bound(bit, 160, 255));
        uint256 had = usd.balanceOf(address(escrow));
        vm.prank(buyer);
        (bool done, bytes memory answer) = address(escrow).call(data);
        assertFalse(done);
        assertEq(answer.length, 0, "refused by the decoder, not by a rule");
        assertEq(usd.balanceOf(address(escrow)), had);
    }

    function testFuzz_createWithCommitment_revertsWhenAnAddressHasDirtyBits(uint8 which, uint8 bit) public {
        OrderTerms memory o = _bonded();
        bytes memory auth = _buyerAuth(o);
        bytes memory data = abi.encodeCall(
            ITermsOrders.createWithCommitment, (o.pack(), Source.EIP3009, 0, auth, _commitment(), Source.CALLER, "")
        );
        _flip(data, _addressWord(which), bound(bit, 160, 255));
        vm.prank(seller);
        (bool done,) = address(escrow).call(data);
        assertFalse(done);
        assertEq(usd.balanceOf(address(escrow)), 0);
    }

    /// @dev The same parties in other words are another order, which does not exist.
    function testFuzz_verbs_dirtyBitsNeverReachAnOrder(uint8 which, uint8 bit) public {
        OrderTerms memory o = _bonded();
        bytes32 id = _create(o);
        vm.warp(o.commitBy + 1);
        bytes memory data = abi.encodeCall(ITermsOrders.refund, (o.pack()));
        _flip(data, _addressWord(which), bound(bit, 160, 255));
        (bool done,) = address(escrow).call(data);
        assertFalse(done);
        _assertState(id, T.BUYER_COMMITTED);
    }
}
