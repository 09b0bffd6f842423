// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Commitment, ITermsOrders, Split} from "../../contracts/interfaces/ITermsOrders.sol";
import {Source} from "../../contracts/interfaces/ITreasury.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {Terms} from "../../contracts/libraries/Terms.sol";
import {OrderSpec} from "../escrow/OrderSpec.sol";
import {LensTest} from "./LensTest.sol";

/// @notice What Permit2 signs with.
interface IPermit2Domain {
    // forge-lint: disable-next-line(mixed-case-function)
    function DOMAIN_SEPARATOR() external view returns (bytes32);
}

/// @notice Every digest the lens gives is what a wallet computes from the typed data as JSON, and the escrow accepts
/// the signature of the party over it, and nobody else's.
contract LensDigestsTest is LensTest {
    using OrderTermsLib for OrderTerms;

    // ------------------------------------------------------------------------------------------------- typed data

    /// @dev What a wallet signs when it is given this message as JSON.
    function _wallet(string memory name, string memory types, string memory message) private view returns (bytes32) {
        string memory domain = string.concat(
            '"domain":{"name":"CoreProverEscrow","version":"1","chainId":',
            vm.toString(block.chainid),
            ',"verifyingContract":"',
            vm.toString(address(escrow)),
            '"}'
        );
        string memory domainType =
            '"EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},{"name":"chainId","type":"uint256"},{"name":"verifyingContract","type":"address"}]';
        string memory head = string.concat('{"types":{', domainType, ',"', name, '":[', types, ']},"primaryType":"');
        return vm.eip712HashTypedData(string.concat(head, name, '",', domain, ',"message":{', message, "}}"));
    }

    function _type(string memory kind, string memory name) private pure returns (string memory) {
        return string.concat('{"name":"', name, '","type":"', kind, '"}');
    }

    function _value(string memory name, string memory value) private pure returns (string memory) {
        return string.concat('"', name, '":"', value, '"');
    }

    function _join(string[] memory parts) private pure returns (string memory all) {
        for (uint256 i; i < parts.length; ++i) {
            all = i == 0 ? parts[0] : string.concat(all, ",", parts[i]);
        }
    }

    /// @dev Typed data of fields that are all of one type but the first, which is the order's id.
    function _message(string memory name, bytes32 id, string[3] memory f, string[3] memory v)
        private
        view
        returns (bytes32)
    {
        uint256 count = bytes(f[2]).length == 0 ? 2 : 3;
        (string[] memory types, string[] memory values) = (new string[](count), new string[](count));
        (types[0], values[0]) = (_type("bytes32", "orderId"), _value("orderId", vm.toString(id)));
        for (uint256 i = 1; i < count; ++i) {
            string[] memory words = vm.split(f[i], " ");
            (types[i], values[i]) = (_type(words[0], words[1]), _value(words[1], v[i]));
        }
        return _wallet(name, _join(types), _join(values));
    }

    // ------------------------------------------------------------------------------------------------- calls

    /// @dev The escrow refuses the thief's signature over this digest as that of `signer`, and takes `key`'s. The
    /// signature stands at the end of each call, filled up to words.
    function _accept(bytes32 id, address signer, bytes memory forged, bytes memory signed, uint8 to) private {
        vm.startPrank(relayer);
        (bool success, bytes memory answer) = address(escrow).call(forged);
        assertFalse(success, "the thief's");
        assertEq(answer, abi.encodeWithSignature("BadSignature(address)", signer));
        (success, answer) = address(escrow).call(signed);
        assertTrue(success, vm.toString(answer));
        vm.stopPrank();
        assertEq(_state(id), to);
    }

    function _thief(bytes32 digest) private returns (bytes memory) {
        (, uint256 key) = makeAddrAndKey("thief");
        return _sign(key, digest);
    }

    function testFuzz_sellerCommitmentDigest(string calldata salt, bytes32 document, bytes32 delivery, uint64 chain)
        external
    {
        vm.chainId(bound(chain, 1, type(uint64).max));
        OrderTerms memory o = _plain();
        (o.salt, o.zksVersion) = (keccak256(bytes(salt)), 1);
        bytes32 id = _create(o);
        Commitment memory c;
        (c.businessName, c.documentHash, c.deliveryCommitment) = (unicode"Jörg’s Pizza №4521", document, delivery);
        c.businessLicense = vm.toString(o.salt);
        string[] memory types = new string[](5);
        string[] memory values = new string[](5);
        (types[0], values[0]) = (_type("bytes32", "orderId"), _value("orderId", vm.toString(id)));
        (types[1], values[1]) = (_type("string", "businessName"), _value("businessName", c.businessName));
        (types[2], values[2]) = (_type("string", "businessLicense"), _value("businessLicense", c.businessLicense));
        (types[3], values[3]) = (_type("bytes32", "documentHash"), _value("documentHash", vm.toString(document)));
        (types[4], values[4]) =
        (_type("bytes32", "deliveryCommitment"), _value("deliveryCommitment", vm.toString(delivery)));
        c.signature = "not a part of it";
        bytes32 digest = lens.sellerCommitmentDigest(id, c);
        assertEq(digest, _wallet("SellerCommitment", _join(types), _join(values)));
        c.signature = _thief(digest);
        bytes memory forged = abi.encodeCall(ITermsOrders.commit, (o.pack(), c, Source.CALLER, ""));
        c.signature = _sign(sellerKey, digest);
        _accept(id, seller, forged, abi.encodeCall(ITermsOrders.commit, (o.pack(), c, Source.CALLER, "")), 3);
    }

    function testFuzz_buyerOrderDigest(bytes32 receiptAddress, uint64 chain) external {
        vm.assume(receiptAddress != 0);
        vm.chainId(bound(chain, 1, type(uint64).max));
        OrderTerms memory o = _plain();
        o.zkbVersion = 1;
        bytes32 id = escrow.orderIdOf(o.pack());
        bytes32 digest = lens.buyerOrderDigest(id, receiptAddress);
        string[3] memory fields = ["", "bytes32 receiptAddress", ""];
        assertEq(digest, _message("BuyerOrder", id, fields, ["", vm.toString(receiptAddress), ""]));
        bytes memory forged =
            abi.encodeCall(ITermsOrders.create, (o.pack(), Source.CALLER, receiptAddress, _thief(digest)));
        bytes memory signed =
            abi.encodeCall(ITermsOrders.create, (o.pack(), Source.CALLER, receiptAddress, _sign(buyerKey, digest)));
        _accept(id, buyer, forged, signed, 1);
    }

    function testFuzz_legDigest(bytes32 receiptAddress, uint64 chain) external {
        vm.chainId(bound(chain, 1, type(uint64).max));
        OrderTerms memory o = _plain();
        o.zkbVersion = 1;
        bytes32 id = escrow.orderIdOf(o.pack());
        bytes32 digest = lens.legDigest(id, 0, receiptAddress);
        string[3] memory fields = ["", "uint8 role", "bytes32 receiptAddress"];
        assertEq(digest, _message("Leg", id, fields, ["", "0", vm.toString(receiptAddress)]));
        for (uint8 role = 1; role < 3; ++role) {
            bytes32 other = _message("Leg", id, fields, ["", vm.toString(role), vm.toString(receiptAddress)]);
            assertEq(lens.legDigest(id, role, receiptAddress), other);
            assertNotEq(other, digest);
        }
        bytes memory permit = _permit(buyerKey, usd, o.amount, o.fundBy);
        bytes memory forged = bytes.concat(permit, _thief(digest));
        bytes memory signed = bytes.concat(permit, _sign(buyerKey, digest));
        forged = abi.encodeCall(ITermsOrders.create, (o.pack(), Source.EIP2612, receiptAddress, forged));
        signed = abi.encodeCall(ITermsOrders.create, (o.pack(), Source.EIP2612, receiptAddress, signed));
        _accept(id, buyer, forged, signed, 1);
    }

    function testFuzz_settlementDigest(uint96 toBuyer, uint96 toBond, bool noFee, uint256 deadline, bool byBuyer)
        external
    {
        OrderTerms memory o = _withFee(_bonded());
        bytes32 id = _both(o);
        Split memory s;
        s.toBuyer = bound(toBuyer, 0, o.amount);
        (s.toSeller, s.bondToBuyer, s.noFee) = (o.amount - s.toBuyer, bound(toBond, 0, o.counterAmount), noFee);
        deadline = bound(deadline, vm.getBlockTimestamp(), type(uint256).max);
        bytes32 digest = lens.settlementDigest(id, s, deadline);
        assertEq(digest, _settlement(id, s, deadline));
        (bytes memory b, bytes memory v) = (_sign(buyerKey, digest), _sign(sellerKey, digest));
        bytes memory f = _thief(digest);
        bytes memory forged =
            abi.encodeCall(ITermsOrders.settle, (o.pack(), s, deadline, byBuyer ? f : b, byBuyer ? v : f, 0));
        bytes memory signed = abi.encodeCall(ITermsOrders.settle, (o.pack(), s, deadline, b, v, 0));
        _accept(id, byBuyer ? buyer : seller, forged, signed, s.toSeller == 0 ? 8 : s.toBuyer == 0 ? 6 : 10);
    }

    function _settlement(bytes32 id, Split memory s, uint256 deadline) private view returns (bytes32) {
        string[] memory types = new string[](7);
        string[] memory values = new string[](7);
        (types[0], values[0]) = (_type("bytes32", "orderId"), _value("orderId", vm.toString(id)));
        (types[1], values[1]) = (_type("uint256", "toBuyer"), _value("toBuyer", vm.toString(s.toBuyer)));
        (types[2], values[2]) = (_type("uint256", "toSeller"), _value("toSeller", vm.toString(s.toSeller)));
        (types[3], values[3]) = (_type("uint256", "bondToBuyer"), _value("bondToBuyer", vm.toString(s.bondToBuyer)));
        (types[4], values[4]) =
        (_type("uint256", "disputeToSeller"), _value("disputeToSeller", vm.toString(s.disputeToSeller)));
        (types[5], values[5]) = (_type("bool", "noFee"), string.concat('"noFee":', vm.toString(s.noFee)));
        (types[6], values[6]) = (_type("uint256", "deadline"), _value("deadline", vm.toString(deadline)));
        return _wallet("Settlement", _join(types), _join(values));
    }

    function testFuzz_voucherDigest(uint256 cumulative, uint64 chain) external {
        vm.chainId(bound(chain, 1, type(uint64).max));
        OrderTerms memory o = _partial();
        bytes32 id = _both(o);
        cumulative = bound(cumulative, 1, o.amount);
        bytes32 digest = lens.voucherDigest(id, cumulative);
        assertEq(digest, _message("Voucher", id, ["", "uint256 cumulative", ""], ["", vm.toString(cumulative), ""]));
        bytes memory forged = abi.encodeCall(ITermsOrders.release, (o.pack(), cumulative, _thief(digest)));
        bytes memory signed = abi.encodeCall(ITermsOrders.release, (o.pack(), cumulative, _sign(buyerKey, digest)));
        _accept(id, buyer, forged, signed, cumulative == o.amount ? 6 : 3);
    }

    function testFuzz_disputeDigest(bytes32 reason, uint256 deadline) external {
        OrderTerms memory o = _arbitrated();
        bytes32 id = _both(o);
        _fulfil(o, EVIDENCE);
        deadline = bound(deadline, vm.getBlockTimestamp(), type(uint40).max);
        bytes32 digest = lens.disputeDigest(id, reason, deadline);
        string[3] memory fields = ["", "bytes32 reason", "uint256 deadline"];
        assertEq(digest, _message("Dispute", id, fields, ["", vm.toString(reason), vm.toString(deadline)]));
        // the stake by an authorization with the nonce of the lens
        bytes32 nonce = lens.fundingNonce(id, 2, 0);
        bytes memory stake = _authOf(buyer, buyerKey, o.token, nonce, OrderSpec.stake(o), deadline);
        Terms memory t = o.pack();
        bytes memory forged =
            abi.encodeCall(ITermsOrders.dispute, (t, reason, deadline, _thief(digest), Source.EIP3009, stake));
        bytes memory signed =
            abi.encodeCall(ITermsOrders.dispute, (t, reason, deadline, _sign(buyerKey, digest), Source.EIP3009, stake));
        _accept(id, buyer, forged, signed, 7);
    }

    function testFuzz_deliveryDigest(bytes32 evidence, uint256 deliveredAt) external {
        OrderTerms memory o = _attested();
        bytes32 id = _both(o);
        deliveredAt = bound(deliveredAt, 0, vm.getBlockTimestamp());
        bytes32 digest = lens.deliveryDigest(id, evidence, deliveredAt);
        string[3] memory fields = ["", "bytes32 evidence", "uint256 deliveredAt"];
        assertEq(digest, _message("Delivery", id, fields, ["", vm.toString(evidence), vm.toString(deliveredAt)]));
        Terms memory t = o.pack();
        bytes memory forged = abi.encodeCall(ITermsOrders.fulfilAttested, (t, evidence, deliveredAt, _thief(digest)));
        bytes memory signed =
            abi.encodeCall(ITermsOrders.fulfilAttested, (t, evidence, deliveredAt, _sign(attesterKey, digest)));
        _accept(id, attester, forged, signed, 6);
    }

    // ------------------------------------------------------------------------------------------------- funding

    /// @dev Both legs by EIP-3009 with the nonces of the lens.
    function testFuzz_fundingNonce_ofBothLegs(bytes32 receiptAddress, uint96 amount) external {
        OrderTerms memory o = _swapped();
        (o.zkbVersion, o.amount) = (1, uint96(bound(amount, 1, 1_000_000e6)));
        bytes32 id = escrow.orderIdOf(o.pack());
        bytes32 nonce = lens.fundingNonce(id, 0, receiptAddress);
        bytes memory pay = _authOf(buyer, buyerKey, o.token, nonce, o.amount, o.fundBy);
        bytes memory bond =
            _authOf(seller, sellerKey, o.counterToken, lens.fundingNonce(id, 1, 0), o.counterAmount, o.commitBy);
        Commitment memory c = _commitment();
        c.signature = _sign(sellerKey, lens.sellerCommitmentDigest(id, c));
        vm.prank(relayer);
        escrow.createWithCommitment(o.pack(), Source.EIP3009, receiptAddress, pay, c, Source.EIP3009, bond);
        assertEq(_state(id), 6);
        assertTrue(usd.authorizationState(buyer, nonce));
    }

    /// @dev The buyer's leg by Permit2 with nonce and witness of the lens.
    function testFuzz_fundingWitness(bytes32 receiptAddress, bytes32 salt) external {
        OrderTerms memory o = _plain();
        (o.zkbVersion, o.salt) = (1, salt);
        bytes32 id = escrow.orderIdOf(o.pack());
        bytes32 typeHash = keccak256(
            "PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,Leg witness)Leg(bytes32 orderId,uint8 role,bytes32 receiptAddress)TokenPermissions(address token,uint256 amount)"
        );
        bytes32 permitted =
            keccak256(abi.encode(keccak256("TokenPermissions(address token,uint256 amount)"), o.token, o.amount));
        bytes32 nonce = lens.fundingNonce(id, 0, receiptAddress);
        bytes32 witness = lens.fundingWitness(id, 0, receiptAddress);
        bytes memory leg = abi.encode(id, uint256(0), receiptAddress);
        assertEq(
            witness, vm.eip712HashStruct("Leg(bytes32 orderId,uint8 role,bytes32 receiptAddress)", leg), "the witness"
        );
        bytes32 structHash = keccak256(abi.encode(typeHash, permitted, escrow, nonce, uint256(o.fundBy), witness));
        bytes32 domain = IPermit2Domain(permit2).DOMAIN_SEPARATOR();
        bytes memory signature = _sign(buyerKey, keccak256(abi.encodePacked(hex"1901", domain, structHash)));
        vm.prank(relayer);
        escrow.create(o.pack(), Source.PERMIT2, receiptAddress, signature);
        assertEq(_state(id), 1);
        assertEq(escrow.shield(id, 0), receiptAddress);
    }

    // ------------------------------------------------------------------------------------------------- the id

    /// @dev The id is the digest of the compact terms.
    function testFuzz_orderIdOf_isTheDigestOfTheTerms(OrderTerms memory o, uint64 chain) external {
        vm.chainId(bound(chain, 1, type(uint64).max));
        Terms memory t = o.pack();
        string[] memory types = new string[](13);
        string[] memory values = new string[](13);
        string[13] memory fields = [
            "address buyer",
            "address seller",
            "uint256 payment",
            "uint256 counter",
            "address feeReceiver",
            "address arbiter",
            "address verifier",
            "bytes32 deliveryCircuit",
            "uint256 rules",
            "uint256 times",
            "bytes32 sessionId",
            "bytes32 offerHash",
            "bytes32 salt"
        ];
        bytes memory data = abi.encode(t);
        for (uint256 i; i < 13; ++i) {
            string[] memory words = vm.split(fields[i], " ");
            types[i] = _type(words[0], words[1]);
            bytes32 word;
            assembly ("memory-safe") {
                word := mload(add(add(data, 0x20), mul(i, 0x20)))
            }
            bool isAddress = bytes(words[0]).length == 7 && bytes(words[0])[0] == "a";
            values[i] = _value(words[1], isAddress ? vm.toString(address(uint160(uint256(word)))) : vm.toString(word));
        }
        assertEq(lens.orderIdOf(o), _wallet("OrderTerms", _join(types), _join(values)));
    }
}
