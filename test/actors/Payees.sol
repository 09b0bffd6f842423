// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title Takes the chain's coin
contract AcceptingPayee {
    receive() external payable {}
}

/// @title Refuses the chain's coin, until told otherwise
contract RevertingPayee {
    bool public refusing = true;

    error Refused();

    function setRefusing(bool refusing_) external {
        refusing = refusing_;
    }

    receive() external payable {
        if (refusing) revert Refused();
    }
}

/// @title Burns all gas it is given
contract GasBurningPayee {
    receive() external payable {
        assembly ("memory-safe") {
            invalid()
        }
    }
}

/// @title Answers with as much data as its gas allows, which a careless caller would copy and pay for
contract ReturnBombPayee {
    receive() external payable {
        assembly ("memory-safe") {
            // Expanding memory costs about words * 3 + words^2 / 512 gas; this leaves a few thousand.
            let size := 200000
            if gt(gas(), 1000000) { size := 2000000 }
            return(0x00, size)
        }
    }
}

/// @title Needs more gas than a payout inside a verb forwards
contract HungryPayee {
    uint256 public received;
    uint256[10] private _slots;

    receive() external payable {
        received += msg.value;
        for (uint256 i; i < _slots.length; ++i) {
            _slots[i]++;
        }
    }
}

/// @title Makes a call of the test's choice while it is being paid
contract ReenteringPayee {
    address public target;
    bytes public data;
    uint256 public attempts;
    uint256 public successes;
    bytes public answer;
    bool private _calling;

    function arm(address target_, bytes calldata data_) external {
        target = target_;
        data = data_;
    }

    receive() external payable {
        if (target == address(0) || _calling) return;
        _calling = true;
        attempts++;
        bool success;
        (success, answer) = target.call(data);
        if (success) successes++;
        _calling = false;
    }
}
