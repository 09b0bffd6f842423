// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IVerifierRegistry, VerifierStatus} from "./interfaces/IVerifierRegistry.sol";
import {ZKB_01, ZKR_01, ZKS_01} from "./libraries/Circuits.sol";
import {LibString} from "solady/utils/LibString.sol";

/// @title The registry of proof verifiers (ZKA)
/// @notice Holds no money and decides about none: it says which verifier contract answers for a circuit's version.
contract VerifierRegistry is IVerifierRegistry {
    /// @notice The longest timelock a deployment may choose.
    uint64 public constant MAX_DELAY = 365 days;

    /// @notice The most gas a verifier gets: Groth16 with 255 signals takes less than two million, and a hostile
    /// verifier burns no more of its caller's gas than this.
    uint256 public constant VERIFIER_GAS = 3_000_000;

    /// @inheritdoc IVerifierRegistry
    uint64 public immutable delay;

    /// @inheritdoc IVerifierRegistry
    address public guardian;

    /// @inheritdoc IVerifierRegistry
    address public pendingGuardian;

    /// @inheritdoc IVerifierRegistry
    mapping(bytes32 circuit => address aggregator) public aggregatorOf;

    /// @inheritdoc IVerifierRegistry
    mapping(bytes32 circuit => address pending) public pendingAggregatorOf;

    /// @dev Every version of every circuit that was ever proposed.
    mapping(bytes32 circuit => mapping(uint48 version => Verifier verifier)) private _verifiers;

    /// @param aggregator to whom ZKB-01, ZKS-01 and ZKR-01 belong
    /// @param guardian_ who may revoke any version
    /// @param delay_ seconds between a proposal and its activation
    constructor(address aggregator, address guardian_, uint64 delay_) {
        if (aggregator == address(0) || guardian_ == address(0)) revert ZeroAddress();
        if (delay_ > MAX_DELAY) revert DelayTooLong(delay_, MAX_DELAY);

        delay = delay_;
        guardian = guardian_;
        emit GuardianChanged({from: address(0), to: guardian_});
        _setAggregator(ZKB_01, address(0), aggregator);
        _setAggregator(ZKS_01, address(0), aggregator);
        _setAggregator(ZKR_01, address(0), aggregator);
    }

    // Verifiers, in the order of their life.

    /// @inheritdoc IVerifierRegistry
    function propose(
        bytes32 circuit,
        uint48 version,
        address impl,
        bytes32 vkHash,
        bytes32 ceremony,
        uint8 nPublic,
        bool dev,
        bool delivery
    ) external {
        // The name is free and the caller's to give.
        if (circuit == 0 || version == 0) revert BadName(circuit, version);
        address owner = aggregatorOf[circuit];
        if (owner == address(0)) _setAggregator(circuit, address(0), msg.sender);
        else if (owner != msg.sender) revert NotAggregator(circuit, owner, msg.sender);
        Verifier storage verifier = _verifiers[circuit][version];
        if (verifier.activeFrom != 0) revert VersionTaken(circuit, version);

        // What it names can answer, and may on this chain.
        if (impl.code.length == 0) revert NoCode(impl);
        if (nPublic == 0) revert NoSignals();
        if (dev && !_isTestChain()) revert DevelopmentVerifier(block.chainid);

        verifier.activeFrom = uint64(block.timestamp) + delay;
        verifier.nPublic = nPublic;
        verifier.dev = dev;
        verifier.delivery = delivery;
        verifier.selector = _selector(nPublic);
        verifier.impl = impl;
        verifier.aggregator = msg.sender;
        verifier.codeHash = impl.codehash;
        verifier.vkHash = vkHash;
        verifier.ceremony = ceremony;
        emit VerifierProposed({circuit: circuit, version: version, verifier: verifier});
    }

    /// @inheritdoc IVerifierRegistry
    function deprecate(bytes32 circuit, uint48 version) external {
        _onlyAggregator(circuit);
        VerifierStatus current = status(circuit, version);
        if (current != VerifierStatus.ACTIVE) revert NotActive(circuit, version, current);

        _verifiers[circuit][version].deprecatedAt = uint64(block.timestamp);
        emit VerifierDeprecated({circuit: circuit, version: version});
    }

    /// @inheritdoc IVerifierRegistry
    function revoke(bytes32 circuit, uint48 version) external {
        if (msg.sender != guardian && msg.sender != aggregatorOf[circuit]) revert MayNotRevoke(circuit, msg.sender);
        VerifierStatus current = status(circuit, version);
        if (current == VerifierStatus.NONE || current == VerifierStatus.REVOKED) {
            revert NotRevocable(circuit, version, current);
        }

        _verifiers[circuit][version].revokedAt = uint64(block.timestamp);
        emit VerifierRevoked({circuit: circuit, version: version, by: msg.sender});
    }

    // Roles, each handed over in two steps.

    /// @inheritdoc IVerifierRegistry
    function transferAggregator(bytes32 circuit, address to) external {
        _onlyAggregator(circuit);
        pendingAggregatorOf[circuit] = to;
        emit AggregatorOffered({circuit: circuit, from: msg.sender, to: to});
    }

    /// @inheritdoc IVerifierRegistry
    function acceptAggregator(bytes32 circuit) external {
        address pending = pendingAggregatorOf[circuit];
        if (msg.sender != pending) revert NotPendingAggregator(circuit, pending, msg.sender);
        delete pendingAggregatorOf[circuit];
        _setAggregator(circuit, aggregatorOf[circuit], msg.sender);
    }

    /// @inheritdoc IVerifierRegistry
    function transferGuardian(address to) external {
        if (msg.sender != guardian) revert NotGuardian(guardian, msg.sender);
        pendingGuardian = to;
        emit GuardianOffered({from: msg.sender, to: to});
    }

    /// @inheritdoc IVerifierRegistry
    function acceptGuardian() external {
        if (msg.sender != pendingGuardian) revert NotPendingGuardian(pendingGuardian, msg.sender);
        delete pendingGuardian;
        emit GuardianChanged({from: guardian, to: msg.sender});
        guardian = msg.sender;
    }

    // Views.

    /// @inheritdoc IVerifierRegistry
    function verifierOf(bytes32 circuit, uint48 version) external view returns (Verifier memory) {
        return _verifiers[circuit][version];
    }

    /// @inheritdoc IVerifierRegistry
    function status(bytes32 circuit, uint48 version) public view returns (VerifierStatus) {
        Verifier storage verifier = _verifiers[circuit][version];
        if (verifier.activeFrom == 0) return VerifierStatus.NONE;
        if (verifier.revokedAt != 0) return VerifierStatus.REVOKED;
        if (block.timestamp < verifier.activeFrom) return VerifierStatus.PENDING;
        if (verifier.deprecatedAt != 0) return VerifierStatus.DEPRECATED;
        return VerifierStatus.ACTIVE;
    }

    /// @inheritdoc IVerifierRegistry
    function isActive(bytes32 circuit, uint48 version, bool delivery) external view returns (bool) {
        if (delivery && !_verifiers[circuit][version].delivery) return false;
        return status(circuit, version) == VerifierStatus.ACTIVE;
    }

    /// @inheritdoc IVerifierRegistry
    function isRevoked(bytes32 circuit, uint48 version) external view returns (bool) {
        return status(circuit, version) == VerifierStatus.REVOKED;
    }

    /// @inheritdoc IVerifierRegistry
    function verify(bytes32 circuit, uint48 version, uint256[8] calldata proof, uint256[] calldata signals)
        external
        view
        returns (bool holds)
    {
        VerifierStatus current = status(circuit, version);
        if (current != VerifierStatus.ACTIVE && current != VerifierStatus.DEPRECATED) return false;
        Verifier storage verifier = _verifiers[circuit][version];
        if (signals.length != verifier.nPublic) return false;
        address impl = verifier.impl;
        if (impl.codehash != verifier.codeHash) return false;

        bytes4 selector = verifier.selector;
        assembly ("memory-safe") {
            // selector | proof: a, b, c | signals, all static, so they follow each other without an offset.
            let input := mload(0x40)
            mstore(input, selector)
            calldatacopy(add(input, 0x04), proof, 0x100)
            calldatacopy(add(input, 0x104), signals.offset, shl(5, signals.length))
            // One word of the answer is read, however much comes back, and it must be exactly true.
            holds := staticcall(VERIFIER_GAS, impl, input, add(0x104, shl(5, signals.length)), 0x00, 0x20)
            holds := and(and(holds, eq(returndatasize(), 0x20)), eq(mload(0x00), 1))
        }
    }

    // Internals.

    /// @dev Reverts unless the caller is the circuit's aggregator.
    function _onlyAggregator(bytes32 circuit) private view {
        address owner = aggregatorOf[circuit];
        if (owner != msg.sender) revert NotAggregator(circuit, owner, msg.sender);
    }

    /// @dev Writes and publishes to whom a circuit belongs.
    function _setAggregator(bytes32 circuit, address from, address to) private {
        aggregatorOf[circuit] = to;
        emit AggregatorChanged({circuit: circuit, from: from, to: to});
    }

    /// @dev Verifiers as snarkjs and others write them take a fixed array, so the selector depends on its length.
    function _selector(uint8 nPublic) private pure returns (bytes4) {
        return bytes4(
            keccak256(
                bytes.concat(
                    "verifyProof(uint256[2],uint256[2][2],uint256[2],uint256[", bytes(LibString.toString(nPublic)), "])"
                )
            )
        );
    }

    /// @dev anvil, Base Sepolia, PulseChain testnet v4, Sepolia.
    function _isTestChain() private view returns (bool) {
        return block.chainid == 31_337 || block.chainid == 84_532 || block.chainid == 943 || block.chainid == 11_155_111;
    }
}
