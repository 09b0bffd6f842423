// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title The registry of proof verifiers (ZKA)
/// @notice A verifier is known by circuit and version. An aggregator proposes it, a timelock passes, it is active;
/// deprecating it closes it to new orders; revoking it closes the proof path, never the money: an order whose
/// verifier is revoked falls back to wallets and time-outs.
interface IVerifierRegistry {
    /// @notice One version of one circuit's verifier.
    /// @param impl the verifier contract
    /// @param codeHash its code hash when proposed; checked at each use
    /// @param vkHash hash of the verification key
    /// @param ceremony hash that names the set-up of the key
    /// @param nPublic how many public signals it takes
    /// @param dev made from a development set-up; refused except on test chains
    /// @param delivery a proof of it is evidence of delivery
    /// @param activeFrom first second it may be used; 0 = never proposed
    /// @param deprecatedAt since when new orders may not name it; 0 = not deprecated
    /// @param revokedAt since when it proves nothing; 0 = not revoked
    /// @param aggregator who proposed it
    struct Verifier {
        address impl;
        bytes32 codeHash;
        bytes32 vkHash;
        bytes32 ceremony;
        uint8 nPublic;
        bool dev;
        bool delivery;
        uint64 activeFrom;
        uint64 deprecatedAt;
        uint64 revokedAt;
        address aggregator;
    }

    /// @notice Whether a new order may name this version: its timelock has passed, it is not deprecated and not revoked.
    function isActive(bytes32 circuit, uint48 version) external view returns (bool);

    /// @notice Whether this version is revoked, so that its proofs no longer count.
    function isRevoked(bytes32 circuit, uint48 version) external view returns (bool);

    /// @notice Whether this version's proofs are evidence of delivery.
    function isDelivery(bytes32 circuit, uint48 version) external view returns (bool);

    /// @notice Whether the proof holds for these public signals. False, never a revert, for a version that is not
    /// usable, a wrong number of signals, changed code, or a verifier that reverts.
    function verify(bytes32 circuit, uint48 version, uint256[8] calldata proof, uint256[] calldata signals)
        external
        view
        returns (bool);
}

/// @title Membership roots of the buyers' and sellers' handles
/// @notice Comes with the circuits. A deployment without one passes address(0) and proofs carry root 0.
interface IHandleRegistry {
    /// @notice The current root of buyers' handles.
    function buyerRoot() external view returns (uint256);

    /// @notice The current root of sellers' handles.
    function sellerRoot() external view returns (uint256);
}
