// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Wallet} from "../actors/Wallet.sol";
import {TestUSD} from "../tokens/TestUSD.sol";

/// @dev How a hostile token or payee behaves now.
enum Mood {
    HONEST,
    REFUSES,
    BURNS_GAS,
    FLOODS, // answers with more than anyone wants to read
    REENTERS,
    TAKES_A_FEE // a token only, of what comes in
}

/// @dev A call that a hostile party makes while it is being paid. None may ever succeed.
abstract contract Reenterer {
    address private _target;
    bytes private _data;
    bool private _calling;
    Mood public mood;
    bool public everSucceeded;

    function set(Mood mood_, address target, bytes calldata data) external {
        (mood, _target, _data) = (mood_, target, data);
    }

    function _misbehave() internal {
        if (mood == Mood.REFUSES) revert("refused");
        if (mood == Mood.BURNS_GAS) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        if (mood == Mood.FLOODS) {
            assembly ("memory-safe") {
                revert(0x00, 200000)
            }
        }
        if (mood == Mood.REENTERS && !_calling) {
            _calling = true;
            (bool success,) = _target.call(_data);
            if (success) everSucceeded = true;
            _calling = false;
        }
    }
}

/// @title A contract wallet that signs honestly and takes the chain's coin as its mood is
contract HostileWallet is Reenterer {
    Wallet private immutable _signer;

    constructor(address owner) {
        _signer = new Wallet(owner);
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        return _signer.isValidSignature(hash, signature);
    }

    receive() external payable {
        _misbehave();
    }
}

/// @title A token that pays out as its mood is
contract HostileToken is TestUSD, Reenterer {
    function _update(address from, address to, uint256 value) internal override {
        if (from == address(0) || mood == Mood.HONEST) return super._update(from, to, value);
        // money comes in honestly, or with a fee taken
        if (from.code.length == 0 && mood == Mood.TAKES_A_FEE) {
            super._update(from, to, value - 1);
            return super._update(from, address(0), 1);
        }
        super._update(from, to, value);
        _misbehave();
    }
}
