// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import "../../contracts/libraries/Terms.sol" as T;
import {Terms} from "../../contracts/libraries/Terms.sol";
import {Fault, TermsRules} from "../../contracts/libraries/TermsRules.sol";
import {Test} from "forge-std/Test.sol";

/// @notice Every preset in profiles/ gives sound terms for every price, and says what the documents say.
contract PresetsTest is Test {
    using OrderTermsLib for OrderTerms;

    string[3] private _names = ["pizza", "digital", "physical"];

    function setUp() public {
        vm.warp(1_790_000_000);
    }

    function test_presets_everyFileIsListed() external view {
        assertEq(vm.readDir("profiles").length, _names.length);
    }

    function test_presets_giveSoundTermsForEveryPrice(uint96 price) external {
        price = uint96(bound(price, 1, type(uint96).max));
        for (uint256 i; i < _names.length; ++i) {
            _sound(_order(_names[i], price));
        }
    }

    /// @dev The buyer may take the whole window to pay in.
    function test_presets_areSoundUntilFundBy() external {
        for (uint256 i; i < _names.length; ++i) {
            vm.warp(1_790_000_000);
            OrderTerms memory o = _order(_names[i], 25e6);
            vm.warp(o.fundBy);
            _sound(o);
            vm.warp(uint256(o.fundBy) + 1);
            assertTrue(this.faultOf(o.pack()) == Fault.FUND_BY_PASSED);
        }
    }

    /// @dev 30 minutes to commit, one hour to deliver, and the release 5,400 seconds after the order.
    /// Shows R-503, R-504, R-510.
    function test_presets_pizza() external {
        OrderTerms memory o = _order("pizza", 25e6);
        assertEq(o.policy, T.TIMED);
        assertEq(o.commitBy, block.timestamp + 1_800);
        assertEq(o.deliverBy, o.commitBy + 3_600);
        assertEq(o.timedRelease, block.timestamp + 5_400);
        assertEq(o.counterAmount, 0);
        assertEq(o.arbiter, address(0));
        _says("pizza", "timed-only", "Service", "LegalSignature", false);
        _simple("pizza", 1_800, 3_600, 3_600);
    }

    /// @dev Released at the end of the claim window unless the buyer accepts earlier.
    /// Shows R-510, R-512.
    function test_presets_digital() external {
        OrderTerms memory o = _order("digital", 10e6);
        assertEq(o.policy, T.TIMED);
        assertEq(o.commitBy, block.timestamp + 900);
        assertEq(o.deliverBy, o.commitBy + 3_600);
        assertEq(o.timedRelease, o.deliverBy);
        _says("digital", "timed-only", "Digital", "LegalSignature", false);
        _simple("digital", 900, 3_600, 1_800);
    }

    /// @dev A bond as high as the price, an arbiter and tracking evidence.
    /// Shows R-509..R-511.
    function test_presets_physical(uint96 price) external {
        price = uint96(bound(price, 1, type(uint96).max));
        OrderTerms memory o = _order("physical", price);
        assertEq(o.policy, T.ATTESTER_SIG);
        assertEq(o.counterAmount, price);
        assertEq(o.counterToken, o.token);
        assertTrue(o.arbiter != address(0) && o.verifier != address(0));
        assertEq(o.commitBy, block.timestamp + 86_400);
        assertEq(o.deliverBy, o.commitBy + 604_800);
        assertGt(o.slashBps, 0);
        _says("physical", "bond", "Shipping", "CounterEscrow", true);
        _simple("physical", 86_400, 604_800, 0);
    }

    /// @dev External, because the rules read calldata.
    function faultOf(Terms calldata terms) external view returns (Fault) {
        return TermsRules.firstFault(terms, address(0xe5c0));
    }

    function _sound(OrderTerms memory o) private view {
        assertTrue(this.faultOf(o.pack()) == Fault.NONE);
    }

    function _says(
        string memory name,
        string memory protection,
        string memory fulfillment,
        string memory commitment,
        bool tracking
    ) private view {
        string memory json = _read(name);
        assertEq(vm.parseJsonString(json, ".name"), name);
        assertEq(vm.parseJsonString(json, ".buyer_protection"), protection);
        assertEq(vm.parseJsonString(json, ".fulfillment_type"), fulfillment);
        assertEq(vm.parseJsonString(json, ".commitment_type"), commitment);
        assertEq(vm.parseJsonBool(json, ".requires_tracking"), tracking);
    }

    /// @dev The documents' own call takes these numbers; a simple order by signature trusts the seller and says so, one
    /// with a deposit is never offered in place of a bond.
    function _simple(string memory name, uint256 commitment, uint256 claim, uint256 delay) private view {
        string memory json = _read(name);
        assertEq(vm.parseJsonUint(json, ".simple.commitment_window"), commitment);
        assertEq(vm.parseJsonUint(json, ".simple.claim_window"), claim);
        assertEq(vm.parseJsonUint(json, ".simple.timed_release_delay"), delay);
        assertEq(vm.parseJsonBool(json, ".simple.allows_timed_release"), delay > 0);
        bool deposit = vm.parseJsonBool(json, ".simple.requires_deposit");
        assertEq(vm.parseJsonBool(json, ".simple.instant_on_commit"), !deposit);
        assertLe(delay, claim);
    }

    function _read(string memory name) private view returns (string memory) {
        return vm.readFile(string.concat("profiles/", name, ".json"));
    }

    /// @dev The terms that a preset gives: fractions of the price, windows from now.
    function _order(string memory name, uint96 price) private returns (OrderTerms memory o) {
        string memory json = _read(name);
        o.buyer = makeAddr("buyer");
        o.seller = makeAddr("seller");
        o.token = makeAddr("token");
        o.amount = price;
        o.counterAmount = uint96(uint256(price) * _uint(json, "counter_bps") / 10_000);
        if (o.counterAmount > 0) o.counterToken = o.token;
        if (_is(json, ".arbiter", "required")) o.arbiter = makeAddr("arbiter");
        if (_is(json, ".attester", "required")) o.verifier = makeAddr("attester");
        _rules(json, o);
        o.fundBy = uint40(block.timestamp + _uint(json, "fund_window"));
        o.commitBy = uint40(block.timestamp + _uint(json, "commitment_window"));
        o.deliverBy = o.commitBy + uint40(_uint(json, "claim_window"));
        if (o.policy & T.TIMED != 0) o.timedRelease = o.commitBy + uint40(_uint(json, "timed_release_delay"));
        o.reviewWindow = uint48(_uint(json, "review_window"));
        o.disputeWindow = uint48(_uint(json, "dispute_window"));
    }

    function _rules(string memory json, OrderTerms memory o) private pure {
        assertTrue(_is(json, ".terms.kind", "BOND"));
        assertTrue(_is(json, ".terms.silence", "buyer"));
        string[] memory policy = vm.parseJsonStringArray(json, ".terms.policy");
        for (uint256 i; i < policy.length; ++i) {
            o.policy |= _bit(policy[i]);
        }
        o.jurisdiction = uint8(_uint(json, "jurisdiction"));
        o.slashBps = uint16(_uint(json, "slash_bps"));
        o.feeBps = uint16(_uint(json, "fee_bps"));
        o.maxFeeBps = uint16(_uint(json, "max_fee_bps"));
        o.arbiterFeeBps = uint16(_uint(json, "arbiter_fee_bps"));
        o.disputeBondBps = uint16(_uint(json, "dispute_bond_bps"));
    }

    function _bit(string memory policy) private pure returns (uint8) {
        bytes32 name = keccak256(bytes(policy));
        if (name == keccak256("ATTESTER_SIG")) return T.ATTESTER_SIG;
        if (name == keccak256("ZK_PROOF")) return T.ZK_PROOF;
        if (name == keccak256("TIMED")) return T.TIMED;
        assertEq(policy, "PARTIAL");
        return T.PARTIAL;
    }

    function _uint(string memory json, string memory term) private pure returns (uint256) {
        return vm.parseJsonUint(json, string.concat(".terms.", term));
    }

    function _is(string memory json, string memory key, string memory value) private pure returns (bool) {
        return keccak256(bytes(vm.parseJsonString(json, key))) == keccak256(bytes(value));
    }
}
