// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Config} from "./Config.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IEscrow} from "contracts/interfaces/IEscrow.sol";
import {IHashedTimelock} from "contracts/interfaces/IHashedTimelock.sol";
import {IReceiptVault} from "contracts/interfaces/IReceiptVault.sol";
import {ITgpRouter} from "contracts/interfaces/ITgpRouter.sol";
import {ITreasury} from "contracts/interfaces/ITreasury.sol";
import {IVerifierRegistry} from "contracts/interfaces/IVerifierRegistry.sol";

/// @notice Everything that a deployment consists of.
/// @param escrow holds payments and bonds
/// @param vault publishes the receipts; made by the escrow
/// @param htlc hashed timelocks of routes through gateways
/// @param router metered routes and splits
/// @param registry the verifiers of proofs
/// @param lens reads orders for wallets and services
struct Deployment {
    IEscrow escrow;
    IReceiptVault vault;
    IHashedTimelock htlc;
    ITgpRouter router;
    IVerifierRegistry registry;
    address lens;
}

/// @dev What the vault and the lens answer about their own wiring.
interface IWired {
    function registry() external view returns (address);
    function escrow() external view returns (address);
}

/// @title Whether the parts of a deployment belong together
abstract contract Wiring {
    /// @notice A field of a deployed contract is not what the deployment says.
    error WrongWiring(string field, address expected, address found);

    /// @notice The registry's timelock is not what the deployment says.
    error WrongDelay(uint256 expected, uint256 found);

    /// @notice The EIP-712 domain that a contract states is not its own.
    error WrongDomain(string name, address verifyingContract);

    /// @notice Reverts unless every contract names the others, the configuration and its own domain.
    /// @dev A registry that was there before may have moved to another guardian by its own rules, so who holds it is
    /// compared only when it is new.
    function checkWiring(Deployment memory d, Config memory c, bool fresh) public view {
        _same("escrow.permit2", c.permit2, ITreasury(address(d.escrow)).permit2());
        _same("escrow.registry", address(d.registry), address(d.escrow.registry()));
        _same("escrow.vault", address(d.vault), address(d.escrow.vault()));
        _same("vault.minter", address(d.escrow), d.vault.minter());
        _same("vault.registry", address(d.registry), IWired(address(d.vault)).registry());
        _same("htlc.permit2", c.permit2, ITreasury(address(d.htlc)).permit2());
        _same("lens.escrow", address(d.escrow), IWired(d.lens).escrow());
        if (d.registry.delay() != c.delay) revert WrongDelay(c.delay, d.registry.delay());
        if (fresh) _same("registry.guardian", c.guardian, d.registry.guardian());
        _domain("CoreProverEscrow", address(d.escrow));
        _domain("HashedTimelock", address(d.htlc));
        _domain("TgpRouter", address(d.router));
    }

    function _same(string memory field, address expected, address found) private pure {
        if (expected != found) revert WrongWiring(field, expected, found);
    }

    function _domain(string memory name, address where) private view {
        (bytes1 fields, string memory stated, string memory version, uint256 chainId, address verifier,,) =
            IERC5267(where).eip712Domain();
        bool own = fields == 0x0f && keccak256(bytes(stated)) == keccak256(bytes(name)) && verifier == where;
        if (!own || keccak256(bytes(version)) != keccak256("1") || chainId != block.chainid) {
            revert WrongDomain(name, where);
        }
    }
}
