// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {TestUSD} from "./TestUSD.sol";

/// @title A token that makes a call of its own choice in the middle of every transfer
contract ReenterToken is TestUSD {
    address public target;
    bytes public data;

    /// @notice How often the call was made and how often it succeeded.
    uint256 public attempts;
    uint256 public successes;

    /// @notice What the last call answered.
    bytes public answer;

    bool private _calling;

    function arm(address target_, bytes calldata data_) external {
        target = target_;
        data = data_;
    }

    function disarm() external {
        target = address(0);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        // Minting is quiet, and a call made from inside a call would never end.
        if (from == address(0) || target == address(0) || _calling) return;
        _calling = true;
        attempts++;
        bool success;
        (success, answer) = target.call(data);
        if (success) successes++;
        _calling = false;
    }
}
