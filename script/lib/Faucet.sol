// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {SilentToken} from "../../test/tokens/SilentToken.sol";
import {TestUSD} from "../../test/tokens/TestUSD.sol";

/// @notice Gives everybody a million of both tokens, in one transaction.
contract Faucet {
    constructor(TestUSD usd, SilentToken silent, address[] memory accounts) {
        for (uint256 i; i < accounts.length; ++i) {
            usd.mint(accounts[i], 1_000_000e6);
            silent.mint(accounts[i], 1_000_000e6);
        }
    }
}
