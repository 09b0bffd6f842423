// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IReceiptVault} from "./IReceiptVault.sol";
import {ISimpleOrders} from "./ISimpleOrders.sol";
import {ITermsOrders} from "./ITermsOrders.sol";
import {ITreasury} from "./ITreasury.sol";
import {IVerifierRegistry} from "./IVerifierRegistry.sol";

/// @title Everything a CoreProverEscrow does
interface IEscrow is ISimpleOrders, ITermsOrders, ITreasury {
    /// @notice Where receipts are published; deployed with the escrow and bound to it for ever.
    function vault() external view returns (IReceiptVault);

    /// @notice The verifiers that terms may pin.
    function registry() external view returns (IVerifierRegistry);

    /// @notice ERC-5267: the domain of every signature.
    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        );
}
