// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @dev A buyer controls a receipt address.
bytes32 constant ZKB_01 = keccak256("TGP.ZKB-01");

/// @dev A seller owns a delivery address.
bytes32 constant ZKS_01 = keccak256("TGP.ZKS-01");

/// @dev A settled receipt is anchored, with selective disclosure.
bytes32 constant ZKR_01 = keccak256("TGP.ZKR-01");
