// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {CollectProof, Commitment, ITermsOrders, Ruling, Split} from "../../contracts/interfaces/ITermsOrders.sol";
import {Source} from "../../contracts/interfaces/ITreasury.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {ZKB_01, ZKS_01} from "../../contracts/libraries/Circuits.sol";
import {ACTION_COLLECT, Shield} from "../../contracts/libraries/Shield.sol";
import {Terms} from "../../contracts/libraries/Terms.sol";
import {TestUSD} from "../tokens/TestUSD.sol";
import {EscrowTest} from "./EscrowTest.sol";
import {Book, OrderSpec, Verb} from "./OrderSpec.sol";

/// @dev Answers true for the proof whose first word is the hash of the public signals: bound to them, as a real one is.
contract BoundProof {
    fallback(bytes calldata input) external returns (bytes memory) {
        return abi.encode(uint256(bytes32(input[4:36])) == uint256(keccak256(input[260:])));
    }
}

/// @notice Builds the call of every verb for any order, with everybody's true signatures.
abstract contract OrderCalls is EscrowTest {
    using OrderTermsLib for OrderTerms;

    bytes32 internal constant DELIVERY_CIRCUIT = keccak256("test delivery");
    bytes32 internal constant EVIDENCE = keccak256("evidence");
    bytes32 internal constant RECEIPT_ADDRESS = keccak256("receipt address");
    bytes32 internal constant DELIVERY_COMMITMENT = keccak256("delivery commitment");
    uint256 internal constant NEVER = type(uint40).max;
    address internal stash = makeAddr("stash");

    function setUp() public virtual override {
        super.setUp();
        address impl = address(new BoundProof());
        vm.startPrank(aggregator);
        registry.propose(ZKB_01, 1, impl, 0, 0, 5, false, false);
        registry.propose(ZKS_01, 1, impl, 0, 0, 6, false, false);
        registry.propose(DELIVERY_CIRCUIT, 1, impl, 0, 0, 4, false, true);
        vm.stopPrank();
        vm.warp(START + 3 days);
    }

    /// @dev What must come with the call in the chain's coin.
    function _valueOf(OrderTerms memory o, Verb v) internal pure returns (uint256 value) {
        if ((v == Verb.CREATE || v == Verb.CREATE_AUTH || v == Verb.CREATE_COMMIT) && o.token == address(0)) {
            value = o.amount;
        }
        if ((v == Verb.COMMIT_OWN || v == Verb.CREATE_COMMIT) && o.counterToken == address(0)) {
            value += o.counterAmount;
        }
        if (v == Verb.DISPUTE_OWN && o.token == address(0)) value = OrderSpec.stake(o);
    }

    /// @dev The call of `v` on the order `o`, with messages that name the order `id`.
    function _callOf(OrderTerms memory o, bytes32 id, Book memory b, Verb v, uint8 pick)
        internal
        view
        returns (bytes memory)
    {
        if (v <= Verb.COMMIT_SIGNED) return _enteringCall(o, id, v);
        if (v <= Verb.PROVEN_FORGED) return _evidenceCall(o, id, v);
        if (v <= Verb.REFUND) return _payingCall(o, id, b, v, pick);
        if (v <= Verb.SILENCE) return _disputingCall(o, id, b, v, pick);
        if (v <= Verb.SPLIT_WRONG) return _settlingCall(o, id, b, v, pick);
        return _collectingCall(o, id, b, v, pick);
    }

    function _receiptOf(OrderTerms memory o) internal pure returns (bytes32) {
        return o.zkbVersion == 0 ? bytes32(0) : RECEIPT_ADDRESS;
    }

    function _commitmentOf(OrderTerms memory o, bytes32 id, bool signed) internal view returns (Commitment memory c) {
        c = _commitment();
        c.businessName = "Pizza Hut #4521";
        if (o.zksVersion != 0) c.deliveryCommitment = DELIVERY_COMMITMENT;
        if (signed) c.signature = _signCommitment(sellerKey, id, c);
    }

    /// @dev EIP-3009 of a leg, by whoever's key it is.
    function _authOf(address owner, uint256 key, address token, bytes32 nonce, uint256 amount, uint256 lastSecond)
        internal
        view
        returns (bytes memory)
    {
        if (token == address(0) || amount == 0) return "";
        bytes32 structHash = keccak256(
            abi.encode(
                TestUSD(token).RECEIVE_WITH_AUTHORIZATION_TYPEHASH(),
                owner,
                address(escrow),
                amount,
                0,
                lastSecond + 1,
                nonce
            )
        );
        return _sign(key, keccak256(abi.encodePacked(hex"1901", TestUSD(token).DOMAIN_SEPARATOR(), structHash)));
    }

    function _bondAuth(OrderTerms memory o, bytes32 id) private view returns (bytes memory) {
        bytes32 nonce = keccak256(abi.encode(id, 1, 0));
        return _authOf(o.seller, sellerKey, o.counterToken, nonce, o.counterAmount, o.commitBy);
    }

    function _enteringCall(OrderTerms memory o, bytes32 id, Verb v) private view returns (bytes memory) {
        Terms memory t = o.pack();
        bytes32 receipt = _receiptOf(o);
        if (v == Verb.COMMIT_OWN) {
            return abi.encodeCall(ITermsOrders.commit, (t, _commitmentOf(o, id, false), Source.CALLER, ""));
        }
        if (v == Verb.COMMIT_SIGNED) {
            return
                abi.encodeCall(ITermsOrders.commit, (t, _commitmentOf(o, id, true), Source.EIP3009, _bondAuth(o, id)));
        }
        if (v == Verb.CREATE_AUTH) {
            bytes32 nonce = keccak256(abi.encode(id, 0, receipt));
            bytes memory auth_ = _authOf(o.buyer, buyerKey, o.token, nonce, o.amount, o.fundBy);
            return abi.encodeCall(ITermsOrders.create, (t, Source.EIP3009, receipt, auth_));
        }
        bytes memory auth = receipt == 0 ? bytes("") : _signBuyerOrder(buyerKey, id, receipt);
        if (v == Verb.CREATE) return abi.encodeCall(ITermsOrders.create, (t, Source.CALLER, receipt, auth));
        return abi.encodeCall(
            ITermsOrders.createWithCommitment,
            (t, Source.CALLER, receipt, auth, _commitmentOf(o, id, true), Source.EIP3009, _bondAuth(o, id))
        );
    }

    function _evidenceCall(OrderTerms memory o, bytes32 id, Verb v) private view returns (bytes memory) {
        Terms memory t = o.pack();
        if (v == Verb.FULFIL) return abi.encodeCall(ITermsOrders.fulfil, (t, EVIDENCE));
        bool late = v == Verb.ATTESTED_LATE || v == Verb.PROVEN_LATE;
        uint256 deliveredAt = late ? uint256(o.deliverBy) + 1 : o.fundBy - 10 minutes;
        if (v <= Verb.ATTESTED_FORGED) {
            uint256 key = v == Verb.ATTESTED_FORGED ? sellerKey : attesterKey;
            bytes memory signature = _signDelivery(key, id, EVIDENCE, deliveredAt);
            return abi.encodeCall(ITermsOrders.fulfilAttested, (t, EVIDENCE, deliveredAt, signature));
        }
        uint256[] memory signals = new uint256[](4);
        signals[0] = Shield.orderContext(address(escrow), id, o.sessionId);
        signals[1] = uint256(EVIDENCE) >> 128;
        signals[2] = uint128(uint256(EVIDENCE));
        signals[3] = deliveredAt;
        uint256[8] memory proof = _prove(signals);
        if (v == Verb.PROVEN_FORGED) ++proof[0];
        return abi.encodeCall(ITermsOrders.fulfilProven, (t, EVIDENCE, deliveredAt, proof));
    }

    function _prove(uint256[] memory signals) private pure returns (uint256[8] memory proof) {
        proof[0] = uint256(keccak256(abi.encodePacked(signals)));
    }

    function _payingCall(OrderTerms memory o, bytes32 id, Book memory b, Verb v, uint8 pick)
        private
        view
        returns (bytes memory)
    {
        Terms memory t = o.pack();
        if (v == Verb.REFUND) return abi.encodeCall(ITermsOrders.refund, (t));
        if (v == Verb.CLAIM) return abi.encodeCall(ITermsOrders.claim, (t, b.evidence));
        if (v == Verb.CLAIM_WRONG) return abi.encodeCall(ITermsOrders.claim, (t, keccak256("other evidence")));
        uint256 cumulative = OrderSpec.voucher(o, b, pick);
        if (v == Verb.RELEASE_ALL) cumulative = o.amount;
        if (v == Verb.RELEASE_WRONG) cumulative = pick & 1 == 0 ? b.released : uint256(o.amount) + 1;
        bytes memory signature = v == Verb.RELEASE_OWN ? bytes("") : _signVoucher(buyerKey, id, cumulative);
        return abi.encodeCall(ITermsOrders.release, (t, cumulative, signature));
    }

    function _disputingCall(OrderTerms memory o, bytes32 id, Book memory b, Verb v, uint8 pick)
        private
        view
        returns (bytes memory)
    {
        Terms memory t = o.pack();
        if (v == Verb.SILENCE) return abi.encodeCall(ITermsOrders.resolveBySilence, (t, b.evidence));
        bytes32 reason = keccak256("reason");
        if (v == Verb.DISPUTE_OWN) {
            return abi.encodeCall(ITermsOrders.dispute, (t, reason, NEVER, "", Source.CALLER, ""));
        }
        if (v == Verb.DISPUTE_SIGNED) {
            bytes memory auth =
                _authOf(o.buyer, buyerKey, o.token, keccak256(abi.encode(id, 2, 0)), OrderSpec.stake(o), NEVER);
            bytes memory signature = _signDispute(buyerKey, id, reason, NEVER);
            return abi.encodeCall(ITermsOrders.dispute, (t, reason, NEVER, signature, Source.EIP3009, auth));
        }
        Ruling memory r;
        r.toBuyer = OrderSpec.share(o.amount, pick);
        r.toSeller = o.amount - r.toBuyer;
        r.bondToBuyer = OrderSpec.share(OrderSpec.slash(o), pick);
        if (v == Verb.RESOLVE_GREEDY) r.bondToBuyer = OrderSpec.slash(o) + 1;
        return abi.encodeCall(ITermsOrders.resolve, (t, r, b.evidence));
    }

    function _splitFor(OrderTerms memory o, Book memory b, Verb v, uint8 pick) internal pure returns (Split memory s) {
        uint256 left = OrderSpec.left(o, b);
        if (v == Verb.ACCEPT_OWN || v == Verb.ACCEPT_SIGNED) {
            s.toSeller = left;
            s.disputeToSeller = OrderSpec.stakeIn(o, b);
        } else if (v == Verb.YIELD_OWN || v == Verb.YIELD_SIGNED) {
            s.toBuyer = left;
            s.bondToBuyer = b.state == 1 ? 0 : OrderSpec.slash(o);
        } else {
            s.toBuyer = OrderSpec.share(left, pick);
            s.toSeller = left - s.toBuyer + (v == Verb.SPLIT_WRONG ? 1 : 0);
            s.bondToBuyer = OrderSpec.share(OrderSpec.bondIn(o, b), pick);
            s.disputeToSeller = OrderSpec.share(OrderSpec.stakeIn(o, b), pick);
            s.noFee = pick & 1 == 1;
        }
    }

    function _settlingCall(OrderTerms memory o, bytes32 id, Book memory b, Verb v, uint8 pick)
        private
        view
        returns (bytes memory)
    {
        Split memory s = _splitFor(o, b, v, pick);
        bytes memory byBuyer;
        bytes memory bySeller;
        bool both = v == Verb.SPLIT_SIGNED || v == Verb.SPLIT_WRONG;
        if (both || v == Verb.ACCEPT_SIGNED || v == Verb.SPLIT_HALF) byBuyer = _signSettlement(buyerKey, id, s, NEVER);
        if (both || v == Verb.YIELD_SIGNED) bySeller = _signSettlement(sellerKey, id, s, NEVER);
        return abi.encodeCall(ITermsOrders.settle, (o.pack(), s, NEVER, byBuyer, bySeller, b.evidence));
    }

    /// @dev Which of an order's tokens a collecting call is about.
    function _collectToken(OrderTerms memory o, uint8 pick) internal pure returns (address) {
        return pick & 1 == 1 && o.counterAmount != 0 ? o.counterToken : o.token;
    }

    function _collectingCall(OrderTerms memory o, bytes32 id, Book memory b, Verb v, uint8 pick)
        private
        view
        returns (bytes memory)
    {
        uint8 role = v == Verb.COLLECT_BUYER || v == Verb.PROOF_BUYER ? 0 : 1;
        address token = _collectToken(o, pick);
        if (v <= Verb.COLLECT_SELLER) return abi.encodeCall(ITermsOrders.collect, (o.pack(), role, token));
        uint256 amount = role == 0 ? b.heldBuyer : b.heldSeller;
        CollectProof memory p = _collectProof(o, id, role, token, amount);
        return abi.encodeCall(ITermsOrders.collectWithProof, (o.pack(), role, token, p));
    }

    function _collectProof(OrderTerms memory o, bytes32 id, uint8 role, address token, uint256 amount)
        internal
        view
        returns (CollectProof memory p)
    {
        p.nullifier = 7;
        p.recipient = stash;
        p.relayer = relayer;
        p.fee = amount / 100;
        p.deadline = NEVER;
        uint256[] memory signals = new uint256[](role == 0 ? 5 : 6);
        signals[0] = uint256(role == 0 ? RECEIPT_ADDRESS : DELIVERY_COMMITMENT);
        signals[1] = p.nullifier;
        if (role == 1) signals[3] = uint256(uint160(p.recipient));
        signals[signals.length - 2] = Shield.orderContext(address(escrow), id, o.sessionId);
        signals[signals.length - 1] = Shield.signalHash(
            ACTION_COLLECT, p.recipient, p.relayer, p.fee, p.deadline, keccak256(abi.encode(role, token, amount))
        );
        p.proof = _prove(signals);
    }

    // Orders of the kinds that EscrowTest does not build

    function _proven() internal view returns (OrderTerms memory o) {
        o = _plain();
        o.policy = OrderSpec.ZK_PROOF;
        o.deliveryCircuit = DELIVERY_CIRCUIT;
        o.deliveryVersion = 1;
    }

    function _timedArbitrated() internal view returns (OrderTerms memory o) {
        o = _arbitrated();
        o.policy = OrderSpec.TIMED;
        o.timedRelease = uint40(o.deliverBy + o.reviewWindow + 1 hours);
    }

    function _timedAttested() internal view returns (OrderTerms memory o) {
        o = _attested();
        o.policy = OrderSpec.TIMED | OrderSpec.ATTESTER_SIG;
        o.timedRelease = o.deliverBy + 30 minutes;
    }

    function _shielded() internal view returns (OrderTerms memory o) {
        o = _arbitrated();
        (o.zkbVersion, o.zksVersion) = (1, 1);
    }
}
