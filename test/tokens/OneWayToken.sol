// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {TestUSD} from "./TestUSD.sol";

/// @title A token with accounts that can pay but not be paid
contract OneWayToken is TestUSD {
    mapping(address account => bool) public cannotReceive;

    error CannotReceive(address account);

    function setCannotReceive(address account, bool cannot) external {
        cannotReceive[account] = cannot;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (cannotReceive[to]) revert CannotReceive(to);
        super._update(from, to, value);
    }
}
