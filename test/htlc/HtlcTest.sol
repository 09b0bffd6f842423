// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {DeployPermit2} from "permit2/test/utils/DeployPermit2.sol";
import {IHashedTimelock} from "../../contracts/interfaces/IHashedTimelock.sol";
import {Lock, LockTerms, Locks} from "../../contracts/libraries/Locks.sol";
import {Source} from "../../contracts/interfaces/ITreasury.sol";
import {TestUSD} from "../tokens/TestUSD.sol";
import {Built} from "../Built.sol";

/// @dev A token authorization and how it is presented.
struct Funding {
    Source source;
    bytes signature;
}

/// @dev What the tests of each verb share: people, money, terms and signatures.
abstract contract HtlcTest is Test, DeployPermit2 {
    bytes32 internal constant SECRET = keccak256("secret");
    uint256 internal constant START = 1_790_000_000;

    IHashedTimelock internal htlc;
    TestUSD internal usd;
    address internal permit2;

    address internal sender;
    uint256 internal senderKey;
    address internal receiver;
    uint256 internal receiverKey;
    address internal anyone = makeAddr("anyone");

    function setUp() public virtual {
        vm.warp(START);
        permit2 = deployPermit2();
        htlc = IHashedTimelock(Built.deploy("HashedTimelock", abi.encode(permit2)));
        usd = new TestUSD();
        (sender, senderKey) = makeAddrAndKey("sender");
        (receiver, receiverKey) = makeAddrAndKey("receiver");
        vm.deal(sender, type(uint128).max);
        usd.mint(sender, type(uint128).max);
        vm.startPrank(sender);
        usd.approve(address(htlc), type(uint256).max);
        usd.approve(permit2, type(uint256).max);
        vm.stopPrank();
    }

    /// @dev Good terms: two hours to claim, ten minutes to lock.
    function _terms(address token, uint96 amount) internal view returns (LockTerms memory) {
        return LockTerms({
            sender: sender,
            timelock: uint48(START + 2 hours),
            lockDeadline: uint48(START + 10 minutes),
            receiver: receiver,
            amount: amount,
            token: token,
            salt: 7,
            hashlock: sha256(abi.encode(SECRET)),
            sessionId: keccak256("session")
        });
    }

    function _eth(uint96 amount) internal view returns (LockTerms memory) {
        return _terms(address(0), amount);
    }

    function _usd(uint96 amount) internal view returns (LockTerms memory) {
        return _terms(address(usd), amount);
    }

    function _id(LockTerms memory terms) internal view returns (bytes32) {
        return htlc.lockIdOf(Locks.pack(terms));
    }

    /// @dev The sender locks by value or allowance.
    function _lock(LockTerms memory terms) internal returns (Lock memory packed) {
        packed = Locks.pack(terms);
        vm.prank(sender);
        htlc.lock{value: terms.token == address(0) ? terms.amount : 0}(packed);
    }

    function _sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// @dev The other signature of the same message by the same key.
    function _malleable(bytes memory signature) internal pure returns (bytes memory) {
        (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
        uint256 n = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        return abi.encodePacked(r, bytes32(n - uint256(s)), uint8(signature[64]) == 27 ? uint8(28) : uint8(27));
    }

    function _digest(bytes32 domainSeparator, bytes32 message) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", domainSeparator, message));
    }

    function _domain(string memory name, string memory version, uint256 chainId, address verifier)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256(bytes(version)),
                chainId,
                verifier
            )
        );
    }

    /// @dev The sender's EIP-3009 authorization for these terms.
    function _authorization(LockTerms memory terms, uint256 key) internal view returns (Funding memory) {
        bytes32 message = keccak256(
            abi.encode(
                usd.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(),
                terms.sender,
                address(htlc),
                uint256(terms.amount),
                0,
                uint256(terms.lockDeadline) + 1,
                _id(terms)
            )
        );
        return Funding(Source.EIP3009, _sign(key, _digest(TestUSD(terms.token).DOMAIN_SEPARATOR(), message)));
    }

    /// @dev The sender's Permit2 signature for these terms.
    function _permit2(LockTerms memory terms, uint256 key) internal view returns (Funding memory) {
        bytes32 message = keccak256(
            abi.encode(
                keccak256(
                    "PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,Lock witness)Lock(bytes32 lockId)TokenPermissions(address token,uint256 amount)"
                ),
                keccak256(
                    abi.encode(
                        keccak256("TokenPermissions(address token,uint256 amount)"), terms.token, uint256(terms.amount)
                    )
                ),
                address(htlc),
                uint256(_id(terms)),
                uint256(terms.lockDeadline),
                keccak256(abi.encode(keccak256("Lock(bytes32 lockId)"), _id(terms)))
            )
        );
        // The packaged bytecode of Permit2 was made for another chain id; it knows its own domain.
        bytes32 domain = TestUSD(permit2).DOMAIN_SEPARATOR();
        return Funding(Source.PERMIT2, _sign(key, _digest(domain, message)));
    }

    function _assertOpen(LockTerms memory terms) internal view {
        assertTrue(htlc.isOpen(_id(terms)), "open");
    }

    function _assertClosed(LockTerms memory terms) internal view {
        assertFalse(htlc.isOpen(_id(terms)), "closed");
    }
}
