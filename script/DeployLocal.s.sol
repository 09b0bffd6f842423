// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Deploy} from "./Deploy.s.sol";
import {Faucet} from "./lib/Faucet.sol";
import {Deployment} from "./lib/Wiring.sol";
import {SilentToken} from "../test/tokens/SilentToken.sol";
import {TestUSD} from "../test/tokens/TestUSD.sol";
import {DeployPermit2} from "permit2/test/utils/DeployPermit2.sol";
import {VmSafe} from "forge-std/Vm.sol";
import {console} from "forge-std/console.sol";

/// @title Deploys CoreProver and what a local chain lacks: Permit2 and two test tokens
/// @notice `forge script script/DeployLocal.s.sol --rpc-url http://127.0.0.1:8545 --broadcast --slow --unlocked --sender
/// 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266` against `anvil`. The tokens stand under `tokens` in the deployment
/// file; the first ten accounts of anvil's mnemonic get a million of each.
contract DeployLocal is Deploy {
    string private constant MNEMONIC = "test test test test test test test test test test test junk";

    /// @notice Test tokens are for local chains.
    error NotLocal(uint256 chainId);

    function run() public override returns (Deployment memory d) {
        if (block.chainid != LOCAL) revert NotLocal(block.chainid);
        _putPermit2();
        _payForFactory();
        d = super.run();
        TestUSD usd = TestUSD(_create("TestUSD", type(TestUSD).creationCode));
        SilentToken silent = SilentToken(_create("SilentToken", type(SilentToken).creationCode));
        address[] memory accounts = new address[](10);
        for (uint32 i; i < 10; ++i) {
            accounts[i] = vm.addr(vm.deriveKey(MNEMONIC, i));
        }
        if (usd.balanceOf(accounts[9]) == 0) {
            vm.broadcast();
            new Faucet(usd, silent, accounts);
        }
        console.log("  TestUSD  %s", address(usd));
        console.log("  Silent   %s", address(silent));
        if (vm.isContext(VmSafe.ForgeContext.ScriptBroadcast)) {
            vm.serializeAddress("tokens", "TestUSD", address(usd));
            string memory tokens = vm.serializeAddress("tokens", "SilentToken", address(silent));
            vm.writeJson(tokens, path(), ".tokens");
        }
    }

    /// @dev Puts Permit2's code at its usual address, on the node and here.
    function _putPermit2() private {
        if (PERMIT2.code.length != 0) return;
        new DeployPermit2().run();
        vm.etch(PERMIT2, _withoutDomain(PERMIT2.code));
        vm.rpc("anvil_setCode", string.concat('["', vm.toString(PERMIT2), '","', vm.toString(PERMIT2.code), '"]'));
    }

    /// @dev The code was taken from a local chain too, where it stood at another address, and the domain of that address
    /// is in it. Without a chain that it was made for it works out its own, the one that wallets sign in.
    function _withoutDomain(bytes memory code) private pure returns (bytes memory) {
        uint256 found;
        for (uint256 i = 33; i <= code.length; ++i) {
            uint256 word;
            assembly ("memory-safe") {
                word := mload(add(code, i))
            }
            // the immutable, pushed as a whole word: PUSH32 LOCAL
            if (word != LOCAL || code[i - 33] != 0x7f) continue;
            assembly ("memory-safe") {
                mstore(add(code, i), 0)
            }
            ++found;
        }
        assert(found == 1);
        return code;
    }

    /// @dev The sender of the factory's transaction, for an anvil that was started without the factory.
    function _payForFactory() private {
        string memory sender = vm.toString(FACTORY_SENDER);
        vm.rpc("anvil_setBalance", string.concat('["', sender, '","0x2386f26fc10000"]'));
        vm.deal(FACTORY_SENDER, FACTORY_COST);
    }
}
