// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {OrderTerms} from "../../contracts/libraries/OrderTerms.sol";
import {ZKB_01, ZKS_01} from "../../contracts/libraries/Circuits.sol";
import {BoundProof} from "../escrow/OrderCalls.sol";
import {Book, OrderSpec, Verb} from "../escrow/OrderSpec.sol";
import {Actors} from "./Actors.sol";

/// @notice Verifiers that are revoked while orders pin them, and what the table says about such orders.
abstract contract Revocations is Actors {
    /// @dev Versions of each circuit. A revocation is for ever, so each takes the next version; the last one stays.
    uint48 internal constant VERSIONS = 24;

    bytes32[3] internal _circuits = [DELIVERY_CIRCUIT, ZKB_01, ZKS_01];

    /// @dev The version that new orders pin; every earlier one is revoked.
    mapping(bytes32 circuit => uint48) internal _version;

    constructor() {
        address impl = address(new BoundProof());
        uint8[3] memory signals = [4, 5, 6];
        vm.startPrank(aggregator);
        for (uint256 c; c < 3; ++c) {
            _version[_circuits[c]] = 1;
            // the first versions are there already
            for (uint48 v = 2; v <= VERSIONS; ++v) {
                registry.propose(_circuits[c], v, impl, 0, 0, signals[c], false, c == 0);
            }
        }
        vm.stopPrank();
        vm.warp(vm.getBlockTimestamp() + 3 days);
    }

    function _revoke(bytes32 circuit) internal {
        uint48 version = _version[circuit];
        if (version == VERSIONS) return;
        vm.prank(guardian);
        registry.revoke(circuit, version);
        _version[circuit] = version + 1;
        ++reached["revoked"];
    }

    /// @notice Now and then the guardian revokes what some orders pin.
    function revoke(uint256 seed) external counted {
        if (seed & 3 == 0) _revoke(_circuits[(seed >> 2) % 3]);
    }

    function _deliveryRevoked(OrderTerms memory o) internal view returns (bool) {
        return o.policy & OrderSpec.ZK_PROOF != 0 && o.deliveryVersion < _version[DELIVERY_CIRCUIT];
    }

    function _shieldRevoked(OrderTerms memory o, bool ofBuyer) private view returns (bool) {
        uint48 version = ofBuyer ? o.zkbVersion : o.zksVersion;
        return version != 0 && version < _version[ofBuyer ? ZKB_01 : ZKS_01];
    }

    /// @dev The table with revocations: a revoked verifier closes the ways that need it, costs nobody his bond, and
    /// opens a shielded credit to its wallet at once.
    function _judge(OrderTerms memory o, Book memory b, Verb v, address caller, uint8 pick)
        internal
        view
        returns (bool allowed, uint8 to)
    {
        (allowed, to) = OrderSpec.judge(o, b, v, caller, vm.getBlockTimestamp(), pick);
        if (v == Verb.COLLECT_BUYER || v == Verb.COLLECT_SELLER) {
            bool ofBuyer = v == Verb.COLLECT_BUYER;
            allowed = allowed || ((ofBuyer ? b.heldBuyer : b.heldSeller) != 0 && _shieldRevoked(o, ofBuyer));
        }
        if (!allowed) return (allowed, to);
        if (v <= Verb.CREATE_COMMIT) {
            allowed = !_deliveryRevoked(o) && !_shieldRevoked(o, true) && !_shieldRevoked(o, false);
        } else if (v == Verb.PROVEN) {
            allowed = !_deliveryRevoked(o);
        } else if (v == Verb.PROOF_BUYER || v == Verb.PROOF_SELLER) {
            allowed = !_shieldRevoked(o, v == Verb.PROOF_BUYER);
        } else if (v == Verb.RESOLVE && _deliveryRevoked(o)) {
            allowed = OrderSpec.share(OrderSpec.slash(o), pick) == 0;
        }
    }
}
