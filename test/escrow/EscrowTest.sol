// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {DeployPermit2} from "permit2/test/utils/DeployPermit2.sol";
import {IEscrow} from "../../contracts/interfaces/IEscrow.sol";
import {Commitment, Split} from "../../contracts/interfaces/ITermsOrders.sol";
import {Source} from "../../contracts/interfaces/ITreasury.sol";
import {IHandleRegistry, IVerifierRegistry} from "../../contracts/interfaces/IVerifierRegistry.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {Slot} from "../../contracts/libraries/Slot.sol";
import "../../contracts/libraries/Terms.sol" as T;
import {State} from "../../contracts/libraries/Terms.sol";
import {
    BUYER_ORDER_TYPEHASH,
    DELIVERY_TYPEHASH,
    DISPUTE_TYPEHASH,
    LEG_TYPEHASH,
    SELLER_COMMITMENT_TYPEHASH,
    SETTLEMENT_TYPEHASH,
    VOUCHER_TYPEHASH
} from "../../contracts/libraries/TypeHashes.sol";
import {IReceiptVault} from "../../contracts/interfaces/IReceiptVault.sol";
import {TestUSD} from "../tokens/TestUSD.sol";
import {Built} from "../Built.sol";

/// @notice A deployed escrow, funded parties, orders of every kind, and everybody's signatures.
abstract contract EscrowTest is Test, DeployPermit2 {
    using OrderTermsLib for OrderTerms;

    IEscrow internal escrow;
    IReceiptVault internal vault;
    IVerifierRegistry internal registry;
    TestUSD internal usd;
    TestUSD internal eur;
    address internal permit2;

    address internal buyer;
    address internal seller;
    address internal arbiter;
    address internal attester;
    uint256 internal buyerKey;
    uint256 internal sellerKey;
    uint256 internal arbiterKey;
    uint256 internal attesterKey;
    address internal feeReceiver = makeAddr("fee receiver");
    address internal relayer = makeAddr("relayer");
    address internal thief = makeAddr("thief");
    address internal aggregator = makeAddr("aggregator");
    address internal guardian = makeAddr("guardian");

    uint256 internal constant START = 1_790_000_000;
    uint96 internal constant PRICE = 100e6;

    function setUp() public virtual {
        vm.warp(START);
        (buyer, buyerKey) = makeAddrAndKey("buyer");
        (seller, sellerKey) = makeAddrAndKey("seller");
        (arbiter, arbiterKey) = makeAddrAndKey("arbiter");
        (attester, attesterKey) = makeAddrAndKey("attester");
        permit2 = deployPermit2();
        registry = IVerifierRegistry(Built.deploy("VerifierRegistry", abi.encode(aggregator, guardian, 2 days)));
        escrow = IEscrow(Built.deploy("CoreProverEscrow", abi.encode(permit2, registry, IHandleRegistry(address(0)))));
        vault = IReceiptVault(address(escrow.vault()));
        usd = new TestUSD();
        eur = new TestUSD();
        _fund(buyer);
        _fund(seller);
        _fund(relayer);
        vm.label(address(escrow), "escrow");
        vm.label(address(vault), "vault");
        vm.label(address(usd), "usd");
    }

    /// @dev Money of every kind, and an allowance.
    function _fund(address who) internal {
        vm.deal(who, 1_000 ether);
        usd.mint(who, 1_000_000e6);
        eur.mint(who, 1_000_000e6);
        vm.startPrank(who);
        usd.approve(address(escrow), type(uint256).max);
        eur.approve(address(escrow), type(uint256).max);
        usd.approve(permit2, type(uint256).max);
        eur.approve(permit2, type(uint256).max);
        vm.stopPrank();
    }

    // ------------------------------------------------------------------------------------------------- orders

    /// @dev The plainest order: USD, no arbiter, no bond; a refund if nobody settles.
    function _plain() internal view returns (OrderTerms memory o) {
        uint256 t = vm.getBlockTimestamp();
        o.buyer = buyer;
        o.seller = seller;
        o.token = address(usd);
        o.amount = PRICE;
        o.fundBy = uint40(t + 10 minutes);
        o.commitBy = uint40(t + 30 minutes);
        o.deliverBy = uint40(t + 1 days);
        o.reviewWindow = 1 hours;
        o.sessionId = keccak256("sess-1");
        o.offerHash = keccak256("offer-1");
        o.salt = keccak256("salt-1");
    }

    /// @dev Pizza: the seller signs, the payment is released by time.
    function _timed() internal view returns (OrderTerms memory o) {
        o = _plain();
        o.policy = T.TIMED;
        o.timedRelease = o.deliverBy + 1 hours;
    }

    /// @dev Physical goods: a bond as high as the price, an arbiter, tracking evidence by an attester.
    function _bonded() internal view returns (OrderTerms memory o) {
        o = _arbitrated();
        o.policy = T.ATTESTER_SIG;
        o.verifier = attester;
        o.counterToken = address(usd);
        o.counterAmount = PRICE;
        o.slashBps = 5_000;
    }

    /// @dev An arbiter, and nothing else: the seller's own evidence counts until contested.
    function _arbitrated() internal view returns (OrderTerms memory o) {
        o = _plain();
        o.arbiter = arbiter;
        o.reviewWindow = 2 days;
        o.disputeWindow = 7 days;
        o.arbiterFeeBps = 300;
        o.disputeBondBps = 500;
    }

    /// @dev Final evidence: an attester and no arbiter.
    function _attested() internal view returns (OrderTerms memory o) {
        o = _plain();
        o.policy = T.ATTESTER_SIG;
        o.verifier = attester;
    }

    /// @dev Metered use: cumulative vouchers.
    function _partial() internal view returns (OrderTerms memory o) {
        o = _plain();
        o.policy = T.PARTIAL;
    }

    /// @dev An exchange of two tokens.
    function _swapped() internal view returns (OrderTerms memory o) {
        o = _plain();
        o.kind = T.KIND_SWAP;
        o.counterToken = address(eur);
        o.counterAmount = 90e6;
    }

    /// @dev With a fee of 1 %.
    function _withFee(OrderTerms memory o) internal view returns (OrderTerms memory) {
        o.feeReceiver = feeReceiver;
        o.feeBps = 100;
        o.maxFeeBps = 200;
        return o;
    }

    // ------------------------------------------------------------------------------------------------- verbs

    /// @dev The buyer pays in by himself.
    function _create(OrderTerms memory o) internal returns (bytes32 id) {
        vm.prank(o.buyer);
        return escrow.create{value: o.token == address(0) ? o.amount : 0}(o.pack(), Source.CALLER, 0, "");
    }

    /// @dev The seller commits by himself.
    function _commit(OrderTerms memory o) internal {
        vm.prank(o.seller);
        escrow.commit{value: o.counterToken == address(0) ? o.counterAmount : 0}(
            o.pack(), _commitment(), Source.CALLER, ""
        );
    }

    /// @dev Paid in and committed.
    function _both(OrderTerms memory o) internal returns (bytes32 id) {
        id = _create(o);
        _commit(o);
    }

    /// @dev The seller's own evidence.
    function _fulfil(OrderTerms memory o, bytes32 evidence) internal {
        vm.prank(o.seller);
        escrow.fulfil(o.pack(), evidence);
    }

    /// @dev The buyer contests.
    function _dispute(OrderTerms memory o) internal {
        uint256 bond = uint256(o.amount) * o.disputeBondBps / 10_000;
        vm.prank(o.buyer);
        escrow.dispute{value: o.token == address(0) ? bond : 0}(
            o.pack(), keccak256("reason"), vm.getBlockTimestamp(), "", Source.CALLER, ""
        );
    }

    function _commitment() internal pure returns (Commitment memory) {
        return
            Commitment({businessName: "", businessLicense: "", documentHash: 0, deliveryCommitment: 0, signature: ""});
    }

    /// @dev The seller's signature over a plain commitment, for anybody to present.
    function _signedCommitment(OrderTerms memory o) internal view returns (Commitment memory c) {
        c = _commitment();
        c.businessName = "Pizza Hut #4521";
        c.businessLicense = "LICENSE-789";
        c.documentHash = keccak256("order-details");
        c.signature = _signCommitment(sellerKey, escrow.orderIdOf(o.pack()), c);
    }

    // ------------------------------------------------------------------------------------------------- signatures

    function _sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// @dev The EIP-712 digest of a message to the escrow, computed here from the domain's own fields.
    function _digest(bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("CoreProverEscrow"),
                keccak256("1"),
                block.chainid,
                address(escrow)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function _signCommitment(uint256 key, bytes32 id, Commitment memory c) internal view returns (bytes memory) {
        return _sign(
            key,
            _digest(
                keccak256(
                    abi.encode(
                        SELLER_COMMITMENT_TYPEHASH,
                        id,
                        keccak256(bytes(c.businessName)),
                        keccak256(bytes(c.businessLicense)),
                        c.documentHash,
                        c.deliveryCommitment
                    )
                )
            )
        );
    }

    function _signSettlement(uint256 key, bytes32 id, Split memory s, uint256 deadline)
        internal
        view
        returns (bytes memory)
    {
        return _sign(key, _digest(keccak256(abi.encode(SETTLEMENT_TYPEHASH, id, s, deadline))));
    }

    function _signVoucher(uint256 key, bytes32 id, uint256 cumulative) internal view returns (bytes memory) {
        return _sign(key, _digest(keccak256(abi.encode(VOUCHER_TYPEHASH, id, cumulative))));
    }

    function _signDelivery(uint256 key, bytes32 id, bytes32 evidence, uint256 deliveredAt)
        internal
        view
        returns (bytes memory)
    {
        return _sign(key, _digest(keccak256(abi.encode(DELIVERY_TYPEHASH, id, evidence, deliveredAt))));
    }

    function _signDispute(uint256 key, bytes32 id, bytes32 reason, uint256 deadline)
        internal
        view
        returns (bytes memory)
    {
        return _sign(key, _digest(keccak256(abi.encode(DISPUTE_TYPEHASH, id, reason, deadline))));
    }

    function _signLeg(uint256 key, bytes32 id, uint8 role, bytes32 receiptAddress)
        internal
        view
        returns (bytes memory)
    {
        return _sign(key, _digest(keccak256(abi.encode(LEG_TYPEHASH, id, role, receiptAddress))));
    }

    function _signBuyerOrder(uint256 key, bytes32 id, bytes32 receiptAddress) internal view returns (bytes memory) {
        return _sign(key, _digest(keccak256(abi.encode(BUYER_ORDER_TYPEHASH, id, receiptAddress))));
    }

    /// @dev EIP-3009 for a leg of an order.
    function _authorize(
        uint256 key,
        TestUSD token,
        bytes32 id,
        uint8 role,
        bytes32 receiptAddress,
        uint256 amount,
        uint256 lastSecond
    ) internal view returns (bytes memory) {
        bytes32 structHash = keccak256(
            abi.encode(
                token.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(),
                vm.addr(key),
                address(escrow),
                amount,
                0,
                lastSecond + 1,
                keccak256(abi.encode(id, role, receiptAddress))
            )
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash));
        return _sign(key, digest);
    }

    /// @dev Permit2 with witness for a leg of an order.
    function _permit2(
        uint256 key,
        address token,
        bytes32 id,
        uint8 role,
        bytes32 receiptAddress,
        uint256 amount,
        uint256 lastSecond
    ) internal view returns (bytes memory) {
        bytes32 permissions = keccak256(
            abi.encode(keccak256("TokenPermissions(address token,uint256 amount)"), token, amount)
        );
        bytes32 typeHash = keccak256(
            "PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,Leg witness)Leg(bytes32 orderId,uint8 role,bytes32 receiptAddress)TokenPermissions(address token,uint256 amount)"
        );
        bytes32 structHash = keccak256(
            abi.encode(
                typeHash,
                permissions,
                address(escrow),
                uint256(keccak256(abi.encode(id, role, receiptAddress))),
                lastSecond,
                keccak256(abi.encode(LEG_TYPEHASH, id, role, receiptAddress))
            )
        );
        (, bytes memory domain) = permit2.staticcall(abi.encodeWithSignature("DOMAIN_SEPARATOR()"));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", abi.decode(domain, (bytes32)), structHash));
        return _sign(key, digest);
    }

    /// @dev EIP-2612 for a leg of an order.
    function _permit(uint256 key, TestUSD token, uint256 amount, uint256 lastSecond)
        internal
        view
        returns (bytes memory)
    {
        address owner = vm.addr(key);
        bytes32 structHash = keccak256(
            abi.encode(token.PERMIT_TYPEHASH(), owner, address(escrow), amount, token.nonces(owner), lastSecond)
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash));
        return _sign(key, digest);
    }

    // ------------------------------------------------------------------------------------------------- reading

    function _slot(bytes32 id) internal view returns (Slot) {
        return Slot.wrap(escrow.slot(id));
    }

    function _state(bytes32 id) internal view returns (uint8) {
        return State.unwrap(_slot(id).state());
    }

    function _assertState(bytes32 id, State expected) internal view {
        assertEq(_state(id), State.unwrap(expected), "state");
    }
}
