// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {State} from "../libraries/Terms.sol";

/// @title Refusals that both kinds of order share
interface IOrderErrors {
    /// @notice The order is not in a state that allows this.
    error WrongState(bytes32 orderId, State state);

    /// @notice It was allowed until `deadline`.
    error TooLate(uint256 deadline);

    /// @notice It is allowed from `opensAt` on.
    error TooEarly(uint256 opensAt);

    /// @notice Only `expected` may do this now.
    error NotAllowed(address caller, address expected);
}
