// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @notice A token that only keeps books, and can refuse to pay somebody. It lets everybody overdraw, modulo 2^256: what
/// the escrow pays out and did not take in shows as a balance that is not what it should be, not as a failed transfer.
contract Ledger {
    mapping(address owner => uint256 amount) public balanceOf;
    mapping(address payee => bool) private _refused;

    function refuse(address payee, bool refused) external {
        _refused[payee] = refused;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        return !_refused[to] && _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        return _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private returns (bool) {
        unchecked {
            balanceOf[from] -= amount;
            balanceOf[to] += amount;
        }
        return true;
    }
}
