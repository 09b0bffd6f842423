// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title The smallest contract wallet: one key signs for it by EIP-1271
contract Wallet is IERC1271 {
    address public immutable owner;

    /// @notice Whether it denies every signature from now on, as a wallet may do at any time.
    bool public refusing;

    constructor(address owner_) {
        owner = owner_;
    }

    receive() external payable {}

    function setRefusing(bool refusing_) external {
        refusing = refusing_;
    }

    /// @notice Makes any call, for anybody: a test's convenience.
    function execute(address target, uint256 value, bytes calldata data) external returns (bytes memory answer) {
        bool success;
        (success, answer) = target.call{value: value}(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        if (refusing) return 0xffffffff;
        (address signer, ECDSA.RecoverError problem,) = ECDSA.tryRecover(hash, signature);
        return problem == ECDSA.RecoverError.NoError && signer == owner ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}
