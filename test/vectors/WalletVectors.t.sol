// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {Signatures} from "../../contracts/libraries/Signatures.sol";

/// @notice Every wallet signature of `vectors/`, judged by the contracts' own check.
contract WalletVectorsTest is Test {
    string private json;

    /// @dev What the vectors take is the wallet's here, too, and nobody else's. Of what they refuse, the contracts take the
    /// other `s` alone: no wallet makes it, and tokens refuse it.
    function test_walletSignatures_areTheContracts() external {
        json = vm.readFile("vectors/keys_and_signatures.json");
        address wallet;
        uint256 taken;
        uint256 refused;
        for (uint256 i; vm.keyExistsJson(json, _case(i, "")); i++) {
            if (!vm.keyExistsJson(json, _case(i, ".digest"))) continue;
            bytes32 digest = vm.parseBytes32(string.concat("0x", vm.parseJsonString(json, _case(i, ".digest"))));
            bytes memory signature = vm.parseJsonBytes(json, _case(i, ".signature"));
            string memory name = vm.parseJsonString(json, _case(i, ".name"));
            if (vm.keyExistsJson(json, _case(i, ".wallet"))) {
                taken++;
                address signer = vm.parseJsonAddress(json, _case(i, ".wallet"));
                assertTrue(this.isBy(signer, digest, signature), name);
                assertFalse(this.isBy(address(uint160(signer) ^ 1), digest, signature), name);
                // the one whose signature the later cases change
                if (keccak256(bytes(name)) == keccak256("wallet 1")) wallet = signer;
            } else {
                refused++;
                bool isOther = keccak256(bytes(name)) == keccak256("wallet: high s");
                assertEq(this.isBy(wallet, digest, signature), isOther, name);
            }
        }
        assertGt(taken, 8);
        assertGt(refused, 12);
    }

    function isBy(address signer, bytes32 digest, bytes calldata signature) external view returns (bool) {
        return Signatures.isBy(signer, digest, signature);
    }

    function _case(uint256 place, string memory member) private pure returns (string memory) {
        return string.concat(".cases[", vm.toString(place), "]", member);
    }
}
