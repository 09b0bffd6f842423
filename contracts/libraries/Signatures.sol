// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "solady/utils/ECDSA.sol";
import {SignatureCheckerLib} from "solady/utils/SignatureCheckerLib.sol";

/// @title Who signed this digest
library Signatures {
    /// @notice Whether `signature` over `digest` is `signer`'s.
    /// @dev ecrecover comes first and EIP-1271 second, because an account may gain code after it has signed.
    function isBy(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        address recovered = ECDSA.tryRecoverCalldata(digest, signature);
        if (recovered != address(0) && recovered == signer) return true;
        return
            signer.code.length != 0 && SignatureCheckerLib.isValidERC1271SignatureNowCalldata(signer, digest, signature);
    }
}
