// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "solady/utils/EIP712.sol";
import {IReceiptVault} from "./interfaces/IReceiptVault.sol";
import {IHandleRegistry, IVerifierRegistry} from "./interfaces/IVerifierRegistry.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {ReceiptVault} from "./ReceiptVault.sol";
import {Treasury} from "./Treasury.sol";

/// @title What simple and terms orders share: the domain of signatures, the vault and the registries
abstract contract EscrowBase is Treasury, EIP712 {
    /// @notice Where receipts are published; deployed with the escrow and bound to it for ever.
    IReceiptVault public immutable vault;

    /// @notice The verifiers that terms may pin.
    IVerifierRegistry public immutable registry;

    constructor(IVerifierRegistry registry_, IHandleRegistry handles_) {
        registry = registry_;
        vault = new ReceiptVault(address(this), registry_, handles_);
    }

    /// @dev The domain of every message that the escrow checks.
    function _domainNameAndVersion() internal pure override returns (string memory, string memory) {
        return ("CoreProverEscrow", "1");
    }

    /// @dev Reverts unless `signature` is `signer`'s over the message with this struct hash.
    function _requireSigned(address signer, bytes32 structHash, bytes calldata signature) internal view {
        if (!Signatures.isBy(signer, _hashTypedData(structHash), signature)) revert BadSignature(signer);
    }

    /// @dev Reverts unless the call carries exactly `due`.
    function _requireValue(uint256 due) internal view {
        if (msg.value != due) revert WrongValue(due, msg.value);
    }
}
