// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {TestUSD} from "./TestUSD.sol";

/// @title A token that keeps a part of every transfer
contract FeeToken is TestUSD {
    /// @notice What is burned of each transfer, in ten-thousandths; may be changed to 0 to look honest for a while.
    uint256 public feeBps = 100;

    function setFeeBps(uint256 feeBps_) external {
        feeBps = feeBps_;
    }

    function _update(address from, address to, uint256 value) internal override {
        uint256 fee = from == address(0) || to == address(0) ? 0 : value * feeBps / 10_000;
        super._update(from, to, value - fee);
        if (fee != 0) super._update(from, address(0), fee);
    }
}
