// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;
import {Script} from "forge-std/Script.sol";
import {CoreProverEscrow} from "../../contracts/CoreProverEscrow.sol";
import {VerifierRegistry} from "../../contracts/VerifierRegistry.sol";
import {IHandleRegistry} from "../../contracts/interfaces/IVerifierRegistry.sol";
import {Commitment, Ruling, Split} from "../../contracts/interfaces/ITermsOrders.sol";
import {Source} from "../../contracts/interfaces/ITreasury.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {Terms} from "../../contracts/libraries/Terms.sol";
import "../../contracts/libraries/TypeHashes.sol";
import {TestUSD} from "../../test/tokens/TestUSD.sol";

contract Profile is Script {
    using OrderTermsLib for OrderTerms;
    uint256 constant BK = 0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80;
    uint256 constant SK = 0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d;
    function run() external {
        address buyer = vm.addr(BK); address seller = vm.addr(SK);
        vm.startBroadcast(BK);
        VerifierRegistry r = new VerifierRegistry(buyer, buyer, 0);
        CoreProverEscrow e = new CoreProverEscrow(address(1), r, IHandleRegistry(address(0)));
        TestUSD usd = new TestUSD();
        usd.mint(buyer, 1e12); usd.mint(seller, 1e12); usd.mint(address(e), 1e6);
        usd.approve(address(e), type(uint256).max);
        OrderTerms memory o;
        o.buyer = buyer; o.seller = seller; o.token = address(usd); o.amount = 100e6;
        o.fundBy = uint40(block.timestamp + 600); o.commitBy = uint40(block.timestamp + 1800); o.deliverBy = uint40(block.timestamp + 1 days);
        o.reviewWindow = 1 hours; o.sessionId = keccak256("s"); o.offerHash = keccak256("o"); o.salt = keccak256("x");
        
        e.create(o.pack(), Source.CALLER, 0, "");
        bytes32 id = e.orderIdOf(o.pack());
        Commitment memory c;
        (uint8 v, bytes32 rr, bytes32 s) = vm.sign(SK, _d(e, keccak256(abi.encode(SELLER_COMMITMENT_TYPEHASH, id, keccak256(""), keccak256(""), bytes32(0), bytes32(0)))));
        c.signature = abi.encodePacked(rr, s, v);
        e.commit(o.pack(), c, Source.CALLER, "");
        Split memory sp; sp.toSeller = 100e6;
        e.settle(o.pack(), sp, block.timestamp + 1000, "", "", 0);
        e.createEscrow{value: 1 ether}(keccak256("a"), seller, 1800, 7200, true, 3600);
        vm.stopBroadcast();
    }
    function _d(CoreProverEscrow e, bytes32 h) internal view returns (bytes32) {
        bytes32 domain = keccak256(abi.encode(keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"), keccak256("CoreProverEscrow"), keccak256("1"), block.chainid, address(e)));
        return keccak256(abi.encodePacked(hex"1901", domain, h));
    }
}
