// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @dev Cheatcodes that the packaged forge-std does not list yet.
interface IEvmVersion {
    function setEvmVersion(string calldata evm) external;
    function getEvmVersion() external view returns (string memory);
}
