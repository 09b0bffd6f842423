// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {DeploymentFile} from "./lib/DeploymentFile.sol";
import {Factory} from "./lib/Factory.sol";
import {Script} from "forge-std/Script.sol";
import {console} from "forge-std/console.sol";

/// @title Compares what is on a chain with this build
/// @notice `forge script script/Verify.s.sol --rpc-url <node>`: makes every contract of deployments/<chainId>.json
/// again, here, at the same address and with the recorded constructor arguments, and compares the code, immutables
/// included. Ends with an error when one differs. Sends nothing.
contract Verify is Script, Factory, DeploymentFile {
    /// @notice So many contracts are not what this build makes.
    error Different(uint256 contracts);

    function run() external {
        string memory file = vm.readFile(path());
        (string[6] memory name, address[6] memory where, string[6] memory verdict) = verify(file);
        uint256 different;
        for (uint256 i; i < 6; ++i) {
            bool same = bytes(verdict[i]).length == 0;
            if (!same) ++different;
            console.log(
                string.concat(
                    "  ", _padded(name[i]), vm.toString(where[i]), same ? "  ok" : "  DIFFERENT: ", verdict[i]
                )
            );
        }
        if (different != 0) revert Different(different);
    }

    /// @notice What is wrong with each contract of a deployment file; an empty text where nothing is.
    function verify(string memory file)
        public
        returns (string[6] memory name, address[6] memory where, string[6] memory verdict)
    {
        name = names();
        bytes32[6] memory found;
        bytes32[6] memory recorded;
        for (uint256 i; i < 6; ++i) {
            string memory key = string.concat(".contracts.", name[i]);
            where[i] = vm.parseJsonAddress(file, string.concat(key, ".address"));
            recorded[i] = vm.parseJsonBytes32(file, string.concat(key, ".codeHash"));
            found[i] = where[i].codehash;
        }
        uint256 state = vm.snapshotState();
        _rebuild(file, name, where);
        for (uint256 i; i < 6; ++i) {
            if (where[i].code.length == 0) verdict[i] = "this build makes another address";
            else if (where[i].codehash != found[i]) verdict[i] = "the chain has other code than this build";
            else if (recorded[i] != found[i]) verdict[i] = "the file has another code hash";
        }
        vm.revertToState(state);
    }

    /// @dev Clears the addresses and makes everything again, in this process only.
    function _rebuild(string memory file, string[6] memory name, address[6] memory where) private {
        for (uint256 i; i < 6; ++i) {
            _clear(where[i]);
        }
        if (FACTORY.code.length == 0) vm.etch(FACTORY, FACTORY_CODE);
        for (uint256 i; i < 6; ++i) {
            // The escrow makes the vault.
            if (keccak256(bytes(name[i])) == keccak256("ReceiptVault")) continue;
            string memory key = string.concat(".contracts.", name[i], ".constructorArguments");
            bytes memory code = creationCode(name[i], vm.parseJsonBytes(file, key));
            address made = _addressOf(code);
            _clear(made);
            _clear(vm.computeCreateAddress(made, 1));
            (bool done, bytes memory reason) = FACTORY.call(abi.encodePacked(SALT, code));
            if (!done) revert CreationFailed(name[i], reason);
        }
    }

    /// @dev As if nothing had ever been there.
    function _clear(address where) private {
        vm.etch(where, "");
        vm.setNonceUnsafe(where, 0);
    }

    function _padded(string memory text) private pure returns (string memory) {
        while (bytes(text).length < 18) text = string.concat(text, " ");
        return text;
    }
}
