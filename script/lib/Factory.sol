// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Configuration} from "./Config.sol";
import {VmSafe} from "forge-std/Vm.sol";
import {console} from "forge-std/console.sol";

/// @title Deterministic addresses: CREATE2 through the factory that has the same address on every chain
/// @dev The factory is whatever code the well-known presigned transaction leaves; nobody holds the key of its sender.
abstract contract Factory is Configuration {
    address internal constant FACTORY = 0x4e59b44847b379578588920cA78FbF26c0B4956C;

    /// @dev One for every release: the same code with the same arguments has the same address on every chain.
    bytes32 internal constant SALT = keccak256("CoreProver 0.1.0");

    address internal constant FACTORY_SENDER = 0x3fAB184622Dc19b6109349B94811493BF2a45362;
    uint256 internal constant FACTORY_COST = 0.01 ether;
    bytes internal constant FACTORY_CODE =
        hex"7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3";
    string private constant FACTORY_TRANSACTION =
        "0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222222222222222222222222222222222222222222222222222222";

    /// @notice The factory is not on this chain and its sender cannot pay for it.
    error FactoryUnfunded(address factory, address sender, uint256 missing, string fix);

    /// @notice The node does not take the transaction that makes the factory.
    error FactoryRefused(address factory, string fix);

    /// @notice This run has put the factory on the chain; the next one can use it.
    error FactoryIsNew(address factory, string fix);

    /// @notice The factory did not make the contract.
    error CreationFailed(string name, bytes reason);

    /// @dev Makes sure that the factory answers. In a test it is put there.
    function _ensureFactory() internal {
        if (!_onChain()) {
            if (FACTORY.code.length == 0) vm.etch(FACTORY, FACTORY_CODE);
            return;
        }
        // Scripts run with the factory in place, whatever the chain says: the node is asked.
        if (_factoryIsThere()) return;
        if (!vm.isContext(VmSafe.ForgeContext.ScriptBroadcast)) {
            vm.etch(FACTORY, FACTORY_CODE);
            console.log("The CREATE2 factory is not on this chain: a run with --broadcast puts it there.");
            return;
        }
        if (FACTORY_SENDER.balance < FACTORY_COST) {
            revert FactoryUnfunded(
                FACTORY,
                FACTORY_SENDER,
                FACTORY_COST - FACTORY_SENDER.balance,
                "send it the missing coin, then run again"
            );
        }
        string memory fix = "this node takes no transaction without a chain id: publish the factory's through another";
        try vm.rpc("eth_sendRawTransaction", string.concat('["', FACTORY_TRANSACTION, '"]')) {}
        catch {
            revert FactoryRefused(FACTORY, fix);
        }
        for (uint256 i; i < 120; ++i) {
            if (_factoryIsThere()) {
                // A run sees the chain of its beginning, without the factory.
                revert FactoryIsNew(FACTORY, "the factory was not on this chain and is now: run this again");
            }
            vm.sleep(1_000);
        }
        revert FactoryRefused(FACTORY, fix);
    }

    function _factoryIsThere() private returns (bool) {
        bytes memory code = vm.rpc("eth_getCode", string.concat('["', vm.toString(FACTORY), '","latest"]'));
        return code.length >= FACTORY_CODE.length;
    }

    /// @dev Where a contract with this creation code is, or will be.
    function _addressOf(bytes memory creationCode) internal pure returns (address) {
        return vm.computeCreate2Address(SALT, keccak256(creationCode), FACTORY);
    }

    /// @dev Creates the contract unless it is there.
    function _create(string memory name, bytes memory creationCode) internal returns (address made) {
        made = _addressOf(creationCode);
        if (made.code.length != 0) return made;
        if (vm.isContext(VmSafe.ForgeContext.ScriptGroup)) vm.broadcast();
        (bool done, bytes memory reason) = FACTORY.call(abi.encodePacked(SALT, creationCode));
        if (!done || made.code.length == 0) revert CreationFailed(name, reason);
    }
}
