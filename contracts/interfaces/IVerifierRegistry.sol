// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @notice Where one version of a circuit stands. It only ever moves down this list.
enum VerifierStatus {
    /// Never proposed.
    NONE,
    /// Proposed; its timelock runs.
    PENDING,
    /// New orders may name it and its proofs count.
    ACTIVE,
    /// Its proofs count for the orders that name it; new orders may not.
    DEPRECATED,
    /// It proves nothing, for ever.
    REVOKED
}

/// @title The registry of proof verifiers (ZKA)
/// @notice A verifier is known by circuit and version. An aggregator proposes it, a timelock passes, it is active;
/// deprecating it closes it to new orders; revoking it closes the proof path, never the money: an order whose
/// verifier is revoked falls back to wallets and time-outs.
/// @dev Every circuit belongs to one aggregator. The project's own circuits get theirs at construction; any other
/// belongs to whoever first proposes a version of it, which concerns only the orders whose terms name it.
interface IVerifierRegistry {
    /// @notice One version of one circuit's verifier.
    /// @param activeFrom first second it may be used; 0 = never proposed
    /// @param deprecatedAt since when new orders may not name it; 0 = not deprecated
    /// @param revokedAt since when it proves nothing; 0 = not revoked
    /// @param nPublic how many public signals it takes
    /// @param dev made from a development set-up; refused except on test chains
    /// @param delivery a proof of it is evidence of delivery
    /// @param selector of `verifyProof(uint256[2],uint256[2][2],uint256[2],uint256[nPublic])`
    /// @param impl the verifier contract
    /// @param aggregator who proposed it
    /// @param codeHash its code hash when proposed; checked at each use
    /// @param vkHash hash of the verification key
    /// @param ceremony hash that names the set-up of the key
    struct Verifier {
        uint64 activeFrom;
        uint64 deprecatedAt;
        uint64 revokedAt;
        uint8 nPublic;
        bool dev;
        bool delivery;
        bytes4 selector;
        address impl;
        address aggregator;
        bytes32 codeHash;
        bytes32 vkHash;
        bytes32 ceremony;
    }

    /// @notice A version was proposed; it becomes active at `verifier.activeFrom`.
    event VerifierProposed(bytes32 indexed circuit, uint48 indexed version, Verifier verifier);

    /// @notice New orders may no longer name this version.
    event VerifierDeprecated(bytes32 indexed circuit, uint48 indexed version);

    /// @notice `by` closed the proof path of this version for ever.
    event VerifierRevoked(bytes32 indexed circuit, uint48 indexed version, address indexed by);

    /// @notice `circuit` was offered to `to`; address(0) withdraws an offer.
    event AggregatorOffered(bytes32 indexed circuit, address indexed from, address indexed to);

    /// @notice `circuit` belongs to `to` from now on; `from` is 0 for its first aggregator.
    event AggregatorChanged(bytes32 indexed circuit, address indexed from, address indexed to);

    /// @notice The guardian's role was offered to `to`; address(0) withdraws an offer.
    event GuardianOffered(address indexed from, address indexed to);

    /// @notice `to` is the guardian from now on; `from` is 0 for the first.
    event GuardianChanged(address indexed from, address indexed to);

    /// @notice A role cannot start with address(0).
    error ZeroAddress();

    /// @notice The timelock is longer than `longest` seconds.
    error DelayTooLong(uint64 delay, uint64 longest);

    /// @notice The circuit belongs to `aggregator`, not to `caller`.
    error NotAggregator(bytes32 circuit, address aggregator, address caller);

    /// @notice The circuit is offered to `pending`, not to `caller`.
    error NotPendingAggregator(bytes32 circuit, address pending, address caller);

    /// @notice The guardian is `guardian`, not `caller`.
    error NotGuardian(address guardian, address caller);

    /// @notice The guardian's role is offered to `pending`, not to `caller`.
    error NotPendingGuardian(address pending, address caller);

    /// @notice Neither the circuit's aggregator nor the guardian is `caller`.
    error MayNotRevoke(bytes32 circuit, address caller);

    /// @notice Circuit 0 and version 0 stand for "none" in the terms of an order.
    error BadName(bytes32 circuit, uint48 version);

    /// @notice This version was proposed before; versions are never reused.
    error VersionTaken(bytes32 circuit, uint48 version);

    /// @notice There is no contract at `impl`.
    error NoCode(address impl);

    /// @notice A verifier takes at least one public signal.
    error NoSignals();

    /// @notice A verifier from a development set-up is refused on this chain.
    error DevelopmentVerifier(uint256 chainId);

    /// @notice Only an active version can be deprecated.
    error NotActive(bytes32 circuit, uint48 version, VerifierStatus status);

    /// @notice A version that was never proposed or is revoked already cannot be revoked.
    error NotRevocable(bytes32 circuit, uint48 version, VerifierStatus status);

    /// @notice Proposes a verifier; it becomes active after `delay` seconds.
    /// @dev The first proposal for a circuit that nobody owns makes the caller its aggregator. The code hash is taken
    /// now and checked at each use; it says nothing about what a proxy points to, so review `impl` before naming it.
    /// @param circuit the circuit's id, not 0
    /// @param version the version's number, not 0 and never used before for this circuit
    /// @param impl the verifier contract; it must have code
    /// @param vkHash hash of the verification key
    /// @param ceremony hash that names the set-up of the key
    /// @param nPublic how many public signals it takes, not 0
    /// @param dev whether the key is from a development set-up
    /// @param delivery whether a proof is evidence of delivery
    function propose(
        bytes32 circuit,
        uint48 version,
        address impl,
        bytes32 vkHash,
        bytes32 ceremony,
        uint8 nPublic,
        bool dev,
        bool delivery
    ) external;

    /// @notice Closes an active version to new orders. By the circuit's aggregator; cannot be undone.
    function deprecate(bytes32 circuit, uint48 version) external;

    /// @notice Closes the proof path of a version at once. By the guardian or the circuit's aggregator; cannot be
    /// undone.
    function revoke(bytes32 circuit, uint48 version) external;

    /// @notice Offers a circuit to another aggregator, who takes it with `acceptAggregator`.
    function transferAggregator(bytes32 circuit, address to) external;

    /// @notice Takes a circuit that was offered to the caller.
    function acceptAggregator(bytes32 circuit) external;

    /// @notice Offers the guardian's role to another address, which takes it with `acceptGuardian`.
    function transferGuardian(address to) external;

    /// @notice Takes the guardian's role that was offered to the caller.
    function acceptGuardian() external;

    /// @notice The most gas that one verifier may use.
    // forge-lint: disable-next-line(mixed-case-function)
    function VERIFIER_GAS() external view returns (uint256);

    /// @notice Seconds between the proposal of a version and its activation.
    function delay() external view returns (uint64);

    /// @notice Who may revoke any version, and nothing else.
    function guardian() external view returns (address);

    /// @notice To whom the guardian's role is offered; 0 = nobody.
    function pendingGuardian() external view returns (address);

    /// @notice To whom a circuit belongs; 0 = nobody yet.
    function aggregatorOf(bytes32 circuit) external view returns (address);

    /// @notice To whom a circuit is offered; 0 = nobody.
    function pendingAggregatorOf(bytes32 circuit) external view returns (address);

    /// @notice Everything recorded about a version; all zero when it was never proposed.
    function verifierOf(bytes32 circuit, uint48 version) external view returns (Verifier memory);

    /// @notice Where a version stands now.
    function status(bytes32 circuit, uint48 version) external view returns (VerifierStatus);

    /// @notice Whether a new order may name this version: its timelock has passed, it is not deprecated and not revoked.
    /// @param delivery whether its proofs must count as evidence of delivery
    function isActive(bytes32 circuit, uint48 version, bool delivery) external view returns (bool);

    /// @notice Whether this version is revoked, so that its proofs no longer count.
    function isRevoked(bytes32 circuit, uint48 version) external view returns (bool);

    /// @notice Whether the proof holds for these public signals. False, never a revert, for a version that is not
    /// usable, a wrong number of signals, changed code, or a verifier that reverts.
    /// @dev False also when the call carried too little gas, so `false` never disproves anything.
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
