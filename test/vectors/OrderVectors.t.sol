// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {IEscrow} from "../../contracts/interfaces/IEscrow.sol";
import {IEscrowLens} from "../../contracts/interfaces/IEscrowLens.sol";
import {IHashedTimelock} from "../../contracts/interfaces/IHashedTimelock.sol";
import {Commitment, Split as Settled} from "../../contracts/interfaces/ITermsOrders.sol";
import {Hop, ITgpRouter, Route, Split} from "../../contracts/interfaces/ITgpRouter.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {Terms} from "../../contracts/libraries/Terms.sol";
import {HOP_TYPEHASH, LOCK_TYPEHASH, SIMPLE_COMMITMENT_TYPEHASH} from "../../contracts/libraries/TypeHashes.sol";

/// @notice Every order id and message digest of `vectors/`, which the Rust crate wrote, computed by the contracts.
contract OrderVectorsTest is Test {
    using OrderTermsLib for OrderTerms;

    struct SimpleCommitment {
        bytes32 orderId;
        address buyer;
        address seller;
        uint256 amount;
        uint256 commitmentDeadline;
        uint256 claimDeadline;
        bool timed;
        uint256 timedRelease;
        string businessName;
        string businessLicense;
        bytes32 documentHash;
    }

    struct SellerCommitment {
        bytes32 orderId;
        string businessName;
        string businessLicense;
        bytes32 documentHash;
        bytes32 deliveryCommitment;
    }

    struct Settlement {
        bytes32 orderId;
        uint256 toBuyer;
        uint256 toSeller;
        uint256 bondToBuyer;
        uint256 disputeToSeller;
        bool noFee;
        uint256 deadline;
    }

    /// @dev An order in the words of the vectors, in the order of the contract's fields. Forge would take a struct of the
    /// same name for it, and a test has one that is called Order.
    string private constant ORDER = "VectorOrder(address buyer,address seller,address token,uint96 amount,"
        "address counter_token,uint96 counter_amount,address fee_receiver,address arbiter,address verifier,"
        "bytes32 delivery_circuit,uint8 kind,uint8 policy,uint8 silence,uint8 jurisdiction,uint16 slash_bps,"
        "uint16 fee_bps,uint16 max_fee_bps,uint16 arbiter_fee_bps,uint16 dispute_bond_bps,uint48 delivery_version,"
        "uint48 zkb_version,uint48 zks_version,uint40 fund_by,uint40 commit_by,uint40 deliver_by,"
        "uint40 timed_release,uint48 review_window,uint48 dispute_window,bytes32 session_id,bytes32 offer_hash,"
        "bytes32 salt)";
    string private constant TERMS = "Terms(address buyer,address seller,uint256 payment,uint256 counter,"
        "address feeReceiver,address arbiter,address verifier,bytes32 deliveryCircuit,uint256 rules,uint256 times,"
        "bytes32 sessionId,bytes32 offerHash,bytes32 salt)";
    string private constant HOPS = "Hop[] hops)Hop(address payee,uint16 feeBps)";

    string private json;
    /// @dev Where the case stands that is being checked.
    string private here;
    address private contract_;
    IEscrowLens private lens;

    function test_orderIds_areTheContracts() external {
        // a contract is deployed for each case: together more gas than a test may use
        vm.pauseGasMetering();
        json = vm.readFile("vectors/orders.json");
        uint256 cases;
        for (; vm.keyExistsJson(json, _case(cases)); cases++) {
            here = _case(cases);
            vm.chainId(_number(".chain_id"));
            contract_ = vm.parseJsonAddress(json, string.concat(here, ".escrow"));
            deployCodeTo("CoreProverEscrow.sol:CoreProverEscrow", abi.encode(address(1), address(2), 0), contract_);
            OrderTerms memory order = abi.decode(_parse(".order", ORDER), (OrderTerms));
            Terms memory terms = abi.decode(_parse(".terms", TERMS), (Terms));
            assertEq(abi.encode(order.pack()), abi.encode(terms), here);
            assertEq(IEscrow(contract_).orderIdOf(terms), _word(".order_id"), here);
        }
        assertEq(cases, 64);
    }

    function test_messageDigests_areTheContracts() external {
        vm.pauseGasMetering();
        json = vm.readFile("vectors/eip712.json");
        uint256 cases;
        for (; vm.keyExistsJson(json, _case(cases)); cases++) {
            here = _case(cases);
            vm.chainId(_number(".chain_id"));
            contract_ = vm.parseJsonAddress(json, string.concat(here, ".verifying_contract"));
            bytes32 domain = keccak256(bytes(vm.parseJsonString(json, string.concat(here, ".contract"))));
            bytes32 kind = keccak256(bytes(vm.parseJsonString(json, string.concat(here, ".type"))));
            bytes32 digest;
            if (domain == keccak256("CoreProverEscrow")) digest = _escrow(kind);
            else if (domain == keccak256("HashedTimelock")) digest = _timelock(kind);
            else if (domain == keccak256("TgpRouter")) digest = _router(kind);
            assertEq(digest, _word(".digest"), here);
        }
        assertEq(cases, 60);
    }

    // What each contract says about its messages

    function _escrow(bytes32 kind) private returns (bytes32) {
        deployCodeTo("CoreProverEscrow.sol:CoreProverEscrow", abi.encode(address(1), address(2), 0), contract_);
        if (kind == keccak256("OrderTerms")) {
            return IEscrow(contract_).orderIdOf(abi.decode(_parse(".message", TERMS), (Terms)));
        }
        if (kind == keccak256("SimpleCommitment")) return _simpleCommitment();
        lens = IEscrowLens(vm.deployCode("EscrowLens.sol:EscrowLens", abi.encode(contract_)));
        if (kind == keccak256("SellerCommitment")) return _sellerCommitment();
        if (kind == keccak256("Settlement")) return _settlement();
        bytes32 id = _word(".message.orderId");
        if (kind == keccak256("BuyerOrder")) return lens.buyerOrderDigest(id, _word(".message.receiptAddress"));
        if (kind == keccak256("Leg")) {
            return lens.legDigest(id, uint8(_number(".message.role")), _word(".message.receiptAddress"));
        }
        if (kind == keccak256("Voucher")) return lens.voucherDigest(id, _number(".message.cumulative"));
        if (kind == keccak256("Dispute")) {
            return lens.disputeDigest(id, _word(".message.reason"), _number(".message.deadline"));
        }
        if (kind == keccak256("Delivery")) {
            return lens.deliveryDigest(id, _word(".message.evidence"), _number(".message.deliveredAt"));
        }
        revert("a message of the escrow that is not checked");
    }

    function _sellerCommitment() private view returns (bytes32) {
        SellerCommitment memory m = abi.decode(
            _parse(
                ".message",
                "SellerCommitment(bytes32 orderId,string businessName,string businessLicense,bytes32 documentHash,"
                "bytes32 deliveryCommitment)"
            ),
            (SellerCommitment)
        );
        Commitment memory commitment =
            Commitment(m.businessName, m.businessLicense, m.documentHash, m.deliveryCommitment, "");
        return lens.sellerCommitmentDigest(m.orderId, commitment);
    }

    function _settlement() private view returns (bytes32) {
        Settlement memory m = abi.decode(
            _parse(
                ".message",
                "Settlement(bytes32 orderId,uint256 toBuyer,uint256 toSeller,uint256 bondToBuyer,"
                "uint256 disputeToSeller,bool noFee,uint256 deadline)"
            ),
            (Settlement)
        );
        Settled memory split = Settled(m.toBuyer, m.toSeller, m.bondToBuyer, m.disputeToSeller, m.noFee);
        return lens.settlementDigest(m.orderId, split, m.deadline);
    }

    /// @dev The escrow hashes it out of a stored order, which cannot hold every number: the domain is the escrow's.
    function _simpleCommitment() private view returns (bytes32) {
        SimpleCommitment memory m = abi.decode(
            _parse(
                ".message",
                "SimpleCommitment(bytes32 orderId,address buyer,address seller,uint256 amount,"
                "uint256 commitmentDeadline,uint256 claimDeadline,bool timed,uint256 timedRelease,"
                "string businessName,string businessLicense,bytes32 documentHash)"
            ),
            (SimpleCommitment)
        );
        bytes memory head = abi.encode(
            SIMPLE_COMMITMENT_TYPEHASH, m.orderId, m.buyer, m.seller, m.amount, m.commitmentDeadline, m.claimDeadline
        );
        bytes32 name = keccak256(bytes(m.businessName));
        bytes32 license = keccak256(bytes(m.businessLicense));
        return
            _digest(keccak256(bytes.concat(head, abi.encode(m.timed, m.timedRelease, name, license, m.documentHash))));
    }

    function _timelock(bytes32 kind) private returns (bytes32) {
        deployCodeTo("HashedTimelock.sol:HashedTimelock", abi.encode(address(1)), contract_);
        bytes32 id = _word(".message.lockId");
        if (kind == keccak256("EarlyRefund")) return IHashedTimelock(contract_).earlyRefundDigest(id);
        // a Permit2 witness: the contract hashes it, and Permit2 makes the digest in its own domain
        if (kind == keccak256("Lock")) return _digest(keccak256(abi.encode(LOCK_TYPEHASH, id)));
        revert("a message of the timelock that is not checked");
    }

    function _router(bytes32 kind) private returns (bytes32) {
        deployCodeTo("TgpRouter.sol:TgpRouter", "", contract_);
        ITgpRouter router = ITgpRouter(contract_);
        if (kind == keccak256("Charge")) {
            return router.chargeDigest(_word(".message.routeId"), uint96(_number(".message.cumulative")));
        }
        if (kind == keccak256("Hop")) {
            Hop memory hop = abi.decode(_parse(".message", "Hop(address payee,uint16 feeBps)"), (Hop));
            return _digest(keccak256(abi.encode(HOP_TYPEHASH, hop.payee, hop.feeBps)));
        }
        if (kind == keccak256("Route")) {
            string memory fields = "Route(address buyer,address seller,address token,uint96 cap,uint16 maxFeesBps,"
                "uint256 expiry,bytes32 sessionId,bytes32 salt,";
            return router.routeIdOf(abi.decode(_parse(".message", string.concat(fields, HOPS)), (Route)));
        }
        if (kind == keccak256("Split")) {
            // another struct of the project is called Split, too, and forge would take that one
            string memory fields = "SinglePayment(address buyer,address seller,address token,uint96 amount,uint256 validAfter,"
                "uint256 validBefore,bytes32 sessionId,bytes32 salt,";
            return router.splitIdOf(abi.decode(_parse(".message", string.concat(fields, HOPS)), (Split)));
        }
        revert("a message of the router that is not checked");
    }

    /// @dev A struct hash in the domain that the contract names.
    function _digest(bytes32 structHash) private view returns (bytes32) {
        (, string memory name, string memory version, uint256 chainId, address verifier,,) =
            IEscrow(contract_).eip712Domain();
        bytes32 typeHash =
            keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        bytes32 domain =
            keccak256(abi.encode(typeHash, keccak256(bytes(name)), keccak256(bytes(version)), chainId, verifier));
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    // Members of the case

    function _case(uint256 place) private pure returns (string memory) {
        return string.concat(".cases[", vm.toString(place), "]");
    }

    function _parse(string memory member, string memory description) private view returns (bytes memory) {
        return vm.parseJsonType(json, string.concat(here, member), description);
    }

    function _word(string memory member) private view returns (bytes32) {
        return vm.parseJsonBytes32(json, string.concat(here, member));
    }

    function _number(string memory member) private view returns (uint256) {
        return vm.parseJsonUint(json, string.concat(here, member));
    }
}
