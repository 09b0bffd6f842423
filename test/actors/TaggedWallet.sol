// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title A contract wallet whose signatures are longer than a key's: a tag word, then 65 bytes of its owner
/// @notice Tokens take such signatures in the bytes form only.
contract TaggedWallet is IERC1271 {
    bytes32 public constant TAG = keccak256("TaggedWallet");
    address public immutable owner;

    constructor(address owner_) {
        owner = owner_;
    }

    receive() external payable {}

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        if (signature.length != 97 || bytes32(signature[:32]) != TAG) return 0xffffffff;
        (address signer, ECDSA.RecoverError problem,) = ECDSA.tryRecover(hash, signature[32:]);
        return problem == ECDSA.RecoverError.NoError && signer == owner ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}
