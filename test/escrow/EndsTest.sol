// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";
import {IOrderErrors} from "../../contracts/interfaces/IOrderErrors.sol";
import {IReceiptVault} from "../../contracts/interfaces/IReceiptVault.sol";
import {ITermsOrders, Ruling, Split} from "../../contracts/interfaces/ITermsOrders.sol";
import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {Receipt as OrderReceipt} from "../../contracts/libraries/Receipt.sol";
import "../../contracts/libraries/Terms.sol" as T;
import {Outcome, State} from "../../contracts/libraries/Terms.sol";
import {ORDER_TERMS_TYPEHASH} from "../../contracts/libraries/TypeHashes.sol";
import {EscrowTest} from "./EscrowTest.sol";

/// @notice What the books ask of a token.
interface IBalance {
    function balanceOf(address who) external view returns (uint256);
}

/// @notice Accepts exactly one call, byte for byte: a wrong signal, their order or number makes it say no.
contract ExpectingVerifier {
    bytes32 private _expected;

    function expectProof(uint256[8] calldata proof, uint256[] calldata signals, string calldata signature) external {
        _expected = keccak256(abi.encodePacked(bytes4(keccak256(bytes(signature))), proof, signals));
    }

    fallback(bytes calldata data) external returns (bytes memory) {
        return abi.encode(keccak256(data) == _expected);
    }
}

/// @notice What tests of endings share: orders in every state, and the books: who got what, what was logged, what the
/// slot holds. The expected figures come from the test; nothing here asks the escrow what is right.
abstract contract EndsTest is EscrowTest {
    using OrderTermsLib for OrderTerms;

    bytes32 internal constant EVIDENCE = keccak256("tracking 1Z");
    bytes32 internal constant DELIVERY = keccak256("TEST.DELIVERY");
    bytes32 internal constant ZKB = keccak256("TGP.ZKB-01");
    bytes32 internal constant ZKS = keccak256("TGP.ZKS-01");

    /// @dev An expected ending. The first nine fields are the data of OrderEnded.
    struct Payout {
        State state;
        Outcome outcome;
        uint256 toBuyer;
        uint256 toSeller;
        uint256 fee;
        uint256 bondToBuyer;
        uint256 disputeToBuyer;
        uint256 arbiterFee;
        bytes32 evidence;
        uint256 released; // before this ending
        uint256 feeBefore; // on what was released
        uint256 bondToSeller;
        uint256 disputeToSeller;
        bytes32 receiptAddress;
        bytes32 deliveryCommitment;
    }

    uint256 private _round;
    mapping(uint256 round => mapping(address who => mapping(address token => uint256))) private _before;
    mapping(uint256 round => mapping(address who => mapping(address token => uint256))) private _want;
    mapping(uint256 round => mapping(uint8 role => mapping(address token => uint256))) private _wantHeld;

    /// @dev The last receipt that `_check` saw.
    OrderReceipt internal receipt;

    // ------------------------------------------------------------------------------------------------- books

    /// @dev Opens the books before a verb.
    function _mark(OrderTerms memory o) internal {
        ++_round;
        address[6] memory all = [o.buyer, o.seller, o.feeReceiver, o.arbiter, address(escrow), relayer];
        for (uint256 i; i < 6; ++i) {
            _before[_round][all[i]][o.token] = _balance(o.token, all[i]);
            _before[_round][all[i]][o.counterToken] = _balance(o.counterToken, all[i]);
        }
        vm.recordLogs();
    }

    /// @dev Closes them: every balance, every event that tells of an ending, and the slot.
    function _check(OrderTerms memory o, Payout memory p) internal {
        bytes32 id = escrow.orderIdOf(o.pack());
        _expectMoney(o, p);
        _checkMoney(o, id);
        receipt = _receiptOf(o, id, p);
        _checkLogs(id, p);
        _checkSlot(id, p);
        if (p.released + p.toSeller != 0) assertTrue(vault.verify(o.pack(), receipt), "verify");
    }

    function _expectMoney(OrderTerms memory o, Payout memory p) private {
        if (p.deliveryCommitment == 0) {
            _gain(o.seller, o.token, p.toSeller - p.fee + p.disputeToSeller);
            _gain(o.seller, o.counterToken, p.bondToSeller);
        } else {
            _wantHeld[_round][T.ROLE_SELLER][o.token] += p.toSeller - p.fee + p.disputeToSeller;
            _wantHeld[_round][T.ROLE_SELLER][o.counterToken] += p.bondToSeller;
        }
        if (p.receiptAddress == 0) {
            _gain(o.buyer, o.token, p.toBuyer);
            _gain(o.buyer, o.counterToken, p.bondToBuyer);
        } else {
            _wantHeld[_round][T.ROLE_BUYER][o.token] += p.toBuyer;
            _wantHeld[_round][T.ROLE_BUYER][o.counterToken] += p.bondToBuyer;
        }
        _gain(o.buyer, o.token, p.disputeToBuyer);
        _gain(o.feeReceiver, o.token, p.fee);
        _gain(o.arbiter, o.token, p.arbiterFee);
    }

    function _gain(address who, address token, uint256 amount) private {
        if (amount == 0) return;
        _want[_round][who][token] += amount;
        _want[_round][address(escrow)][token] += amount;
    }

    function _checkMoney(OrderTerms memory o, bytes32 id) private view {
        _checkToken(o, o.token);
        _checkToken(o, o.counterToken);
        for (uint8 role; role < 2; ++role) {
            assertEq(escrow.held(id, role, o.token), _wantHeld[_round][role][o.token], "held");
            assertEq(escrow.held(id, role, o.counterToken), _wantHeld[_round][role][o.counterToken], "held");
        }
    }

    function _checkToken(OrderTerms memory o, address token) private view {
        _checkGain(o.buyer, token, "buyer");
        _checkGain(o.seller, token, "seller");
        if (o.feeReceiver != address(0)) _checkGain(o.feeReceiver, token, "fee receiver");
        if (o.arbiter != address(0)) _checkGain(o.arbiter, token, "arbiter");
        _checkGain(relayer, token, "relayer");
        assertEq(
            _balance(token, address(escrow)) + _want[_round][address(escrow)][token],
            _before[_round][address(escrow)][token],
            "escrow"
        );
    }

    function _checkGain(address who, address token, string memory name) private view {
        assertEq(_balance(token, who), _before[_round][who][token] + _want[_round][who][token], name);
    }

    function _balance(address token, address who) internal view returns (uint256) {
        return token == address(0) ? who.balance : IBalance(token).balanceOf(who);
    }

    /// @dev Exactly one OrderEnded with these figures; a ReceiptIssued with these if the seller ever got anything.
    function _checkLogs(bytes32 id, Payout memory p) private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        (uint256 ends, uint256 receipts) = (0, 0);
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].emitter == address(escrow) && logs[i].topics[0] == ITermsOrders.OrderEnded.selector) {
                ++ends;
                assertEq(logs[i].topics[1], id);
                assertEq(logs[i].data, _slice(abi.encode(p), 0, 0x120), "OrderEnded");
            }
            if (logs[i].emitter == address(vault) && logs[i].topics[0] == IReceiptVault.ReceiptIssued.selector) {
                ++receipts;
                assertEq(logs[i].topics[1], id);
                assertEq(logs[i].topics[2], bytes32(uint256(uint160(receipt.buyer))));
                assertEq(logs[i].topics[3], bytes32(uint256(uint160(receipt.seller))));
                assertEq(logs[i].data, _slice(abi.encode(receipt), 0xa0, 0x200), "ReceiptIssued");
            }
        }
        assertEq(ends, 1, "endings");
        assertEq(receipts, p.released + p.toSeller == 0 ? 0 : 1, "receipts");
    }

    function _checkSlot(bytes32 id, Payout memory p) private view {
        uint256 hash = p.released + p.toSeller == 0 ? 0 : uint256(keccak256(abi.encode(receipt))) >> 48;
        assertEq(escrow.slot(id), uint256(State.unwrap(p.state)) << 248 | vm.getBlockTimestamp() << 208 | hash, "slot");
    }

    function _receiptOf(OrderTerms memory o, bytes32 id, Payout memory p)
        internal
        view
        returns (OrderReceipt memory r)
    {
        r.chainId = block.chainid;
        r.minter = address(escrow);
        r.orderId = id;
        r.buyer = o.buyer;
        r.seller = o.seller;
        r.sessionId = o.sessionId;
        r.offerHash = o.offerHash;
        r.token = o.token;
        r.paid = p.released + p.toSeller;
        r.refunded = p.toBuyer;
        r.fee = p.feeBefore + p.fee;
        r.outcome = p.outcome;
        r.settledAt = vm.getBlockTimestamp();
        r.evidence = p.evidence;
        r.receiptAddress = p.receiptAddress;
        r.deliveryCommitment = p.deliveryCommitment;
    }

    function _slice(bytes memory data, uint256 from, uint256 to) internal pure returns (bytes memory part) {
        part = new bytes(to - from);
        for (uint256 i; i < part.length; ++i) {
            part[i] = data[from + i];
        }
    }

    // ------------------------------------------------------------------------------------------------- figures

    function _share(uint256 whole, uint256 bps) internal pure returns (uint256) {
        return whole * bps / 10_000;
    }

    /// @dev All to the seller.
    function _allToSeller(OrderTerms memory o, Outcome outcome, bytes32 evidence)
        internal
        pure
        returns (Payout memory p)
    {
        p.state = T.BOTH_CLAIMED;
        p.outcome = outcome;
        p.toSeller = o.amount;
        p.fee = _share(o.amount, o.feeBps);
        p.bondToSeller = o.counterAmount;
        p.evidence = evidence;
    }

    /// @dev All to the buyer, with a part of the bond.
    function _allToBuyer(OrderTerms memory o, Outcome outcome, uint256 slash) internal pure returns (Payout memory p) {
        p.state = T.EXPIRED;
        p.outcome = outcome;
        p.toBuyer = o.amount;
        p.bondToBuyer = slash;
        p.bondToSeller = o.counterAmount - slash;
    }

    // ------------------------------------------------------------------------------------------------- orders

    /// @dev A number between lo and hi, the edges often.
    function _pick(uint256 seed, string memory what, uint256 lo, uint256 hi) internal pure returns (uint256) {
        uint256 h = uint256(keccak256(abi.encode(seed, what)));
        if (h % 8 == 0) return lo;
        if (h % 8 == 1) return hi;
        if (h % 8 == 2) return lo == hi ? lo : lo + 1;
        return lo + (h >> 8) % (hi - lo + 1);
    }

    /// @dev Another amount, fee and currency.
    function _vary(OrderTerms memory o, uint256 seed) internal view returns (OrderTerms memory) {
        o.amount = uint96(_pick(seed, "amount", 1, 400_000e6));
        if (_pick(seed, "eth", 0, 1) == 1) o.token = address(0);
        o.feeBps = uint16(_pick(seed, "fee", 0, 1_000));
        o.maxFeeBps = 1_000;
        o.feeReceiver = feeReceiver;
        return o;
    }

    /// @dev Another bond: none, in the same token, in another, in the chain's coin; for a judged order another slash.
    function _varyBond(OrderTerms memory o, uint256 seed) internal view returns (OrderTerms memory) {
        uint256 kind = _pick(seed, "bond", 0, 3);
        if (kind == 0) {
            o.counterToken = address(0);
            o.counterAmount = 0;
            return o;
        }
        o.counterToken = kind == 1 ? o.token : kind == 2 ? address(eur) : address(0);
        o.counterAmount = uint96(_pick(seed, "bondAmount", 1, 400_000e6));
        bool judged = o.arbiter != address(0) || (o.policy & (T.ATTESTER_SIG | T.ZK_PROOF) != 0);
        o.slashBps = judged ? uint16(_pick(seed, "slash", 0, 10_000)) : 0;
        return o;
    }

    /// @dev Other prices of a dispute.
    function _varyDispute(OrderTerms memory o, uint256 seed) internal pure returns (OrderTerms memory) {
        o.disputeBondBps = uint16(_pick(seed, "disputeBond", 0, 10_000));
        o.arbiterFeeBps = uint16(_pick(seed, "arbiterFee", 0, o.disputeBondBps));
        return o;
    }

    /// @dev TIMED with an arbiter: may be disputed without evidence.
    function _timedArbitrated() internal view returns (OrderTerms memory o) {
        o = _arbitrated();
        o.policy = T.TIMED;
        o.timedRelease = uint40(o.deliverBy + o.reviewWindow);
    }

    /// @dev Computed here, so that it asks nobody between an expectation and its call.
    function _id(OrderTerms memory o) internal view returns (bytes32) {
        return _digest(keccak256(abi.encode(ORDER_TERMS_TYPEHASH, o.pack())));
    }

    function _stake(OrderTerms memory o) internal pure returns (uint256) {
        return _share(o.amount, o.disputeBondBps);
    }

    /// @dev Brings an order with an arbiter and no policy into a state, by its verbs.
    function _reach(OrderTerms memory o, State state) internal returns (bytes32 id) {
        id = _id(o);
        if (state == T.NONE) return id;
        _create(o);
        if (state == T.BUYER_COMMITTED) return id;
        _commit(o);
        if (state == T.BOTH_COMMITTED) return id;
        if (state == T.EXPIRED) {
            vm.prank(o.seller);
            escrow.settle(
                o.pack(),
                Split(o.amount, 0, _share(o.counterAmount, o.slashBps), 0, false),
                vm.getBlockTimestamp(),
                "",
                "",
                0
            );
            return id;
        }
        _fulfil(o, EVIDENCE);
        if (state == T.FULFILLED) return id;
        if (state == T.BOTH_CLAIMED) {
            vm.warp(vm.getBlockTimestamp() + o.reviewWindow);
            escrow.claim(o.pack(), EVIDENCE);
            return id;
        }
        _dispute(o);
        if (state == T.DISPUTED) return id;
        vm.prank(o.arbiter);
        escrow.resolve(o.pack(), Ruling(o.amount, 0, 0), EVIDENCE);
    }

    /// @dev Every state that a terms order can be in.
    function _states() internal pure returns (State[8] memory) {
        return
            [
                T.NONE,
                T.BUYER_COMMITTED,
                T.BOTH_COMMITTED,
                T.BOTH_CLAIMED,
                T.DISPUTED,
                T.EXPIRED,
                T.FULFILLED,
                T.RESOLVED
            ];
    }

    // ------------------------------------------------------------------------------------------------- verifiers

    /// @dev Makes a stub verifier active in the registry, two days later.
    function _activate(bytes32 circuit, uint8 nPublic, bool delivery) internal returns (ExpectingVerifier verifier) {
        verifier = new ExpectingVerifier();
        vm.prank(aggregator);
        registry.propose(circuit, 1, address(verifier), 0, 0, nPublic, false, delivery);
        skip(2 days);
    }

    function _revoke(bytes32 circuit) internal {
        vm.prank(guardian);
        registry.revoke(circuit, 1);
    }

    function _proof() internal pure returns (uint256[8] memory proof) {
        for (uint256 i; i < 8; ++i) {
            proof[i] = i + 11;
        }
    }

    function _context(OrderTerms memory o) internal view returns (uint256) {
        return uint256(
            keccak256(
            abi.encode(
            keccak256("OrderContext(uint256 chainId,address escrow,bytes32 orderId,bytes32 sessionId)"),
            block.chainid,
            address(escrow),
            _id(o),
            o.sessionId
        )
        )
        ) >> 8;
    }

    // ------------------------------------------------------------------------------------------------- refusals

    function _refuse(bytes4 selector) internal {
        vm.expectRevert(abi.encodeWithSelector(selector));
    }

    function _refuseState(bytes32 id, State state) internal {
        vm.expectRevert(abi.encodeWithSelector(IOrderErrors.WrongState.selector, id, state));
    }

    function _refuseLate(uint256 deadline) internal {
        vm.expectRevert(abi.encodeWithSelector(IOrderErrors.TooLate.selector, deadline));
    }

    function _refuseEarly(uint256 opensAt) internal {
        vm.expectRevert(abi.encodeWithSelector(IOrderErrors.TooEarly.selector, opensAt));
    }

    function _refuseCaller(address caller, address expected) internal {
        vm.expectRevert(abi.encodeWithSelector(IOrderErrors.NotAllowed.selector, caller, expected));
    }

    function _refuseSigner(address signer) internal {
        vm.expectRevert(abi.encodeWithSelector(ITreasury.BadSignature.selector, signer));
    }

    function _refusePolicy(uint8 bit) internal {
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.PolicyMissing.selector, bit));
    }

    function _refuseEvidence(bytes32 id) internal {
        vm.expectRevert(abi.encodeWithSelector(ITermsOrders.EvidenceMismatch.selector, id));
    }
}
