// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @notice Answers true exactly for the proof [1..8] and the signals 101, 102, ..., decoded by the compiler's own
/// decoder: a registry that builds its call data wrongly gets false or a revert.
contract FiveSignals {
    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[5] calldata signals
    ) external pure returns (bool) {
        for (uint256 i; i < 5; ++i) {
            if (signals[i] != 101 + i) return false;
        }
        return a[0] == 1 && a[1] == 2 && b[0][0] == 3 && b[0][1] == 4 && b[1][0] == 5 && b[1][1] == 6 && c[0] == 7
            && c[1] == 8;
    }
}

/// @notice The same for the smallest number of signals.
contract OneSignal {
    function verifyProof(uint256[2] calldata a, uint256[2][2] calldata, uint256[2] calldata c, uint256[1] calldata s)
        external
        pure
        returns (bool)
    {
        return a[0] == 1 && c[1] == 8 && s[0] == 101;
    }
}

/// @notice The same for the largest.
contract ManySignals {
    function verifyProof(uint256[2] calldata a, uint256[2][2] calldata, uint256[2] calldata c, uint256[255] calldata s)
        external
        pure
        returns (bool)
    {
        for (uint256 i; i < 255; ++i) {
            if (s[i] != 101 + i) return false;
        }
        return a[0] == 1 && c[1] == 8;
    }
}

/// @notice Answers every call with the bytes it was made with.
contract Answers {
    bytes private _answer;

    constructor(bytes memory answer) {
        _answer = answer;
    }

    fallback(bytes calldata) external returns (bytes memory) {
        return _answer;
    }
}

/// @notice Reverts, with the word 1 as its reason.
contract Refuses {
    fallback() external {
        assembly {
            mstore(0, 1)
            revert(0, 32)
        }
    }
}

/// @notice Uses all gas it is given.
contract Burns {
    fallback() external {
        assembly {
            invalid()
        }
    }
}

/// @notice Answers with a megabyte that starts with the word 1.
contract Floods {
    fallback() external {
        assembly {
            mstore(0, 1)
            return(0, 0x40000)
        }
    }
}

/// @notice Tries to write state where only reading is allowed.
contract Writes {
    uint256 public calls;

    fallback(bytes calldata) external returns (bytes memory) {
        ++calls;
        return abi.encode(true);
    }
}
