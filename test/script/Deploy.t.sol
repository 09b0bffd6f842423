// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Deploy} from "../../script/Deploy.s.sol";
import {RegistryEntry} from "../../script/RegistryEntry.s.sol";
import {Verify} from "../../script/Verify.s.sol";
import {Config, Configuration} from "../../script/lib/Config.sol";
import {Deployment, Wiring} from "../../script/lib/Wiring.sol";
import {Test} from "forge-std/Test.sol";
import {DeployPermit2} from "permit2/test/utils/DeployPermit2.sol";

/// @dev A node that lacks the opcodes, or has them.
contract DeployTo is Deploy {
    bool private immutable _answer;

    constructor(bool answer) {
        _answer = answer;
    }

    function _hasOpcodes() internal view override returns (bool) {
        return _answer;
    }
}

contract FactoryView is Deploy {
    function sender() external pure returns (address) {
        return FACTORY_SENDER;
    }
}

/// @notice `new Deploy().deploy()` in somebody's test, what it refuses, and the files.
contract DeployTest is Test {
    Deploy private _deploy;

    function setUp() public {
        _deploy = new Deploy();
        vm.label(0x4e59b44847b379578588920cA78FbF26c0B4956C, "factory");
    }

    function test_deploy_inATestMakesEverything() external {
        Deployment memory d = _deploy.deploy();
        assertEq(_deploy.made(), 6);
        address[6] memory where = _deploy.addresses(d);
        for (uint256 i; i < 6; ++i) {
            assertGt(where[i].code.length, 0);
        }
        assertEq(d.vault.minter(), address(d.escrow));
        assertEq(d.registry.guardian(), address(this), "who asks holds the local registry");
        assertEq(d.registry.delay(), 0);
    }

    function test_deploy_twiceMakesNothing() external {
        Deployment memory first = _deploy.deploy();
        Deployment memory second = _deploy.deploy();
        assertEq(_deploy.made(), 0);
        assertEq(abi.encode(first), abi.encode(second));
    }

    function test_deploy_completesAPartOfADeployment() external {
        Deployment memory first = _deploy.deploy();
        vm.etch(address(first.router), "");
        vm.setNonceUnsafe(address(first.router), 0);
        assertEq(address(_deploy.deploy().router), address(first.router));
        assertEq(_deploy.made(), 1);
    }

    function test_deploy_sameAddressesWhoeverDeploys() external {
        Config memory c = _config();
        Deployment memory first = _deploy.deploy(c);
        Deploy other = new Deploy();
        vm.prank(makeAddr("somebody else"));
        assertEq(abi.encode(other.deploy(c)), abi.encode(first));
    }

    /// @dev The factory is put in place where a test chain has none.
    function test_deploy_withoutFactory() external {
        address factory = 0x4e59b44847b379578588920cA78FbF26c0B4956C;
        bytes memory code = factory.code;
        vm.etch(factory, "");
        _deploy.deploy();
        assertEq(factory.code, code, "the code that the presigned transaction leaves");
    }

    /// @dev Whoever is asked for coins for the factory is the one that makes it.
    function test_factory_isMadeByItsSender() external {
        FactoryView factory = new FactoryView();
        assertEq(vm.computeCreateAddress(factory.sender(), 0), 0x4e59b44847b379578588920cA78FbF26c0B4956C);
    }

    function test_deploy_guardianMayHaveMovedSince() external {
        Deployment memory d = _deploy.deploy();
        d.registry.transferGuardian(makeAddr("next"));
        vm.prank(makeAddr("next"));
        d.registry.acceptGuardian();
        _deploy.deploy();
    }

    // Configuration

    function test_config_revertsWhenMissing() external {
        Config memory c = _config();
        c.guardian = address(0);
        _refusedAs("COREPROVER_GUARDIAN", c);
        c = _config();
        c.aggregator = address(0);
        _refusedAs("COREPROVER_AGGREGATOR", c);
        c = _config();
        c.permit2 = address(0);
        _refusedAs("COREPROVER_PERMIT2", c);
    }

    function test_config_nobodyHoldsARegistryByDefaultElsewhere() external {
        vm.chainId(1);
        vm.expectRevert(abi.encodeWithSelector(Configuration.ConfigMissing.selector, "COREPROVER_AGGREGATOR"));
        _deploy.deploy();
    }

    function test_config_delayBounds() external {
        uint256[6] memory chains = [uint256(31337), 1, 8453, 369, 84532, 943];
        uint256[6] memory least = [uint256(0), 2 days, 2 days, 2 days, 1 hours, 1 hours];
        Config memory c = _config();
        for (uint256 i; i < 6; ++i) {
            vm.chainId(chains[i]);
            c.delay = uint64(least[i]);
            _deploy.checkConfig(c);
            if (least[i] > 0) _delayRefused(c, c.delay - 1, least[i]);
            _delayRefused(c, 365 days + 1, least[i]);
        }
    }

    function test_chain_permit2MustBeThere() external {
        Config memory c = _config();
        vm.expectRevert(abi.encodeWithSelector(Configuration.NoCode.selector, "permit2", c.permit2));
        _deploy.checkChain(c);
        new DeployPermit2().run();
        _deploy.checkChain(c);
    }

    function test_chain_otherPermit2IsRefused() external {
        Config memory c = _config();
        address usual = c.permit2;
        c.permit2 = makeAddr("another permit2");
        vm.etch(c.permit2, hex"00");
        vm.expectRevert(abi.encodeWithSelector(Configuration.OtherPermit2.selector, usual, c.permit2));
        _deploy.checkChain(c);
    }

    function test_chain_withoutProfileIsRefused() external {
        vm.chainId(5);
        vm.expectRevert(abi.encodeWithSelector(Configuration.ChainUnknown.selector, 5));
        _deploy.checkChain(_config());
    }

    function test_chain_opcodesAreProbedWhereTheProfileSaysSo() external {
        new DeployPermit2().run();
        Deploy without = new DeployTo(false);
        uint256[2] memory probed = [uint256(369), 943];
        for (uint256 i; i < 2; ++i) {
            vm.chainId(probed[i]);
            vm.expectPartialRevert(Configuration.OpcodesMissing.selector);
            without.checkChain(_config());
            new DeployTo(true).checkChain(_config());
        }
        vm.chainId(8453);
        without.checkChain(_config());
    }

    // Wiring

    function test_wiring_refusesEachField() external {
        Deployment memory d = _deploy.deploy(_config());
        _wrong(d, address(d.escrow), "permit2()", "escrow.permit2", _config().permit2);
        _wrong(d, address(d.escrow), "registry()", "escrow.registry", address(d.registry));
        _wrong(d, address(d.escrow), "vault()", "escrow.vault", address(d.vault));
        _wrong(d, address(d.vault), "minter()", "vault.minter", address(d.escrow));
        _wrong(d, address(d.vault), "registry()", "vault.registry", address(d.registry));
        _wrong(d, address(d.htlc), "permit2()", "htlc.permit2", _config().permit2);
        _wrong(d, d.lens, "escrow()", "lens.escrow", address(d.escrow));
        _wrong(d, address(d.registry), "guardian()", "registry.guardian", _config().guardian);
    }

    function test_wiring_refusesAnotherDelay() external {
        Deployment memory d = _deploy.deploy(_config());
        vm.mockCall(address(d.registry), abi.encodeWithSignature("delay()"), abi.encode(7));
        vm.expectRevert(abi.encodeWithSelector(Wiring.WrongDelay.selector, _config().delay, 7));
        _deploy.checkWiring(d, _config(), true);
    }

    function test_wiring_refusesADomainThatIsNotTheContractsOwn() external {
        Deployment memory d = _deploy.deploy(_config());
        address[3] memory where = [address(d.escrow), address(d.htlc), address(d.router)];
        string[3] memory name = ["CoreProverEscrow", "HashedTimelock", "TgpRouter"];
        for (uint256 i; i < 3; ++i) {
            bytes memory call = abi.encodeWithSignature("eip712Domain()");
            _domainRefused(d, where[i], name[i], abi.encode(bytes1(0x0f), "Other", "1", block.chainid, where[i], 0, ""));
            _domainRefused(d, where[i], name[i], abi.encode(bytes1(0x0f), name[i], "2", block.chainid, where[i], 0, ""));
            _domainRefused(d, where[i], name[i], abi.encode(bytes1(0x0f), name[i], "1", 5, where[i], 0, ""));
            _domainRefused(d, where[i], name[i], abi.encode(bytes1(0x0f), name[i], "1", block.chainid, this, 0, ""));
            (, bytes memory own) = where[i].staticcall(call);
            assertGt(own.length, 0);
        }
        _deploy.checkWiring(d, _config(), true);
    }

    // Files

    function test_file_namesEverything() external {
        Deployment memory d = _deploy.deploy(_config());
        string memory json = _written(d, "names");
        assertEq(vm.parseJsonUint(json, ".chainId"), block.chainid);
        assertEq(vm.parseJsonAddress(json, ".guardian"), _config().guardian);
        assertEq(vm.parseJsonAddress(json, ".aggregator"), _config().aggregator);
        assertEq(vm.parseJsonUint(json, ".delay"), _config().delay);
        assertEq(vm.parseJsonString(json, ".contracts.CoreProverEscrow.compiler.evm"), "cancun");
        assertTrue(vm.parseJsonBool(json, ".contracts.CoreProverEscrow.compiler.viaIR"));
        assertEq(vm.parseJsonUint(json, ".contracts.CoreProverEscrow.compiler.runs"), 200);
        assertEq(vm.parseJsonUint(json, ".contracts.HashedTimelock.compiler.runs"), 1_000_000);
        assertGt(bytes(vm.parseJsonString(json, ".contracts.EscrowLens.compiler.optimizerSteps")).length, 0);
        (string[6] memory name, address[6] memory where) = (_deploy.names(), _deploy.addresses(d));
        bytes[6] memory args = _deploy.arguments(d, _config());
        for (uint256 i; i < 6; ++i) {
            string memory key = string.concat(".contracts.", name[i]);
            assertEq(vm.parseJsonAddress(json, string.concat(key, ".address")), where[i]);
            assertEq(vm.parseJsonBytes32(json, string.concat(key, ".codeHash")), where[i].codehash);
            assertEq(vm.parseJsonUint(json, string.concat(key, ".block")), block.number);
            assertEq(vm.parseJsonBytes(json, string.concat(key, ".constructorArguments")), args[i]);
        }
    }

    function test_file_keepsTheBlockOfTheFirstRun() external {
        vm.roll(100);
        vm.warp(1_790_000_000);
        Deployment memory d = _deploy.deploy(_config());
        _deploy.write(d, _config(), _path("keeps"));
        vm.roll(200);
        vm.warp(1_790_009_999);
        string memory json = _written(d, "keeps");
        assertEq(vm.parseJsonUint(json, ".contracts.CoreProverEscrow.block"), 100);
        assertEq(vm.parseJsonUint(json, ".deployedAt"), 1_790_000_000);
    }

    function test_entry_namesTheGuardianOfToday() external {
        Deployment memory d = _deploy.deploy();
        string memory file = _written(d, "moved");
        d.registry.transferGuardian(makeAddr("next"));
        vm.prank(makeAddr("next"));
        d.registry.acceptGuardian();
        assertEq(vm.parseJsonAddress(new RegistryEntry().entry(file), ".guardian"), makeAddr("next"));
    }

    function test_entry_saysWhatTheChainHas() external {
        Deployment memory d = _deploy.deploy(_config());
        string memory json = new RegistryEntry().entry(_written(d, "entry"));
        assertEq(vm.parseJsonString(json, ".chain"), "eip155:31337");
        assertEq(vm.parseJsonString(json, ".audit_status"), "none");
        assertEq(vm.parseJsonAddress(json, ".guardian"), _config().guardian);
        assertEq(vm.parseJsonUint(json, ".deployed_at"), block.timestamp);
        assertEq(vm.parseJsonBytes32(json, ".contracts.TgpRouter.code_hash"), address(d.router).codehash);
        assertEq(
            vm.parseJsonString(json, ".contracts.TgpRouter.account"),
            string.concat("eip155:31337:", vm.toString(address(d.router)))
        );
    }

    // Verification

    function test_verify_findsNothingWrongWithItsOwnBuild() external {
        Deployment memory d = _deploy.deploy(_config());
        _verdict(_written(d, "own"), 6, "");
        assertEq(d.vault.minter(), address(d.escrow), "and leaves everything as it was");
    }

    /// @dev Not fuzzed: runs of one test share its file.
    function test_verify_detectsAChangedByteOfEachContract() external {
        Deployment memory d = _deploy.deploy(_config());
        string memory json = _written(d, "changed");
        address[6] memory where = _deploy.addresses(d);
        for (uint256 i; i < 6; ++i) {
            for (uint256 part; part <= 4; ++part) {
                bytes memory original = where[i].code;
                bytes memory code = where[i].code;
                uint256 index = (code.length - 1) * part / 4;
                code[index] = bytes1(uint8(code[index]) ^ 1);
                vm.etch(where[i], code);
                _verdict(json, i, "the chain has other code than this build");
                vm.etch(where[i], original);
            }
        }
    }

    function test_verify_detectsAnotherHashInTheFile() external {
        string memory json = _written(_deploy.deploy(_config()), "hash");
        string memory hash = vm.toString(vm.parseJsonBytes32(json, ".contracts.TgpRouter.codeHash"));
        json = vm.replace(json, hash, vm.toString(keccak256("other")));
        _verdict(json, 4, "the file has another code hash");
    }

    function test_verify_detectsAnotherAddressInTheFile() external {
        string memory json = _written(_deploy.deploy(_config()), "address");
        string memory router = vm.toString(vm.parseJsonAddress(json, ".contracts.TgpRouter.address"));
        json = vm.replace(json, router, vm.toString(makeAddr("other")));
        _verdict(json, 4, "this build makes another address");
    }

    // ------------------------------------------------------------------------------------------------- helpers

    function _config() private returns (Config memory) {
        return Config({
            aggregator: makeAddr("aggregator"),
            guardian: makeAddr("guardian"),
            delay: 2 days,
            permit2: 0x000000000022D473030F116dDEE9F6B43aC78BA3
        });
    }

    function _refusedAs(string memory variable, Config memory c) private {
        vm.expectRevert(abi.encodeWithSelector(Configuration.ConfigMissing.selector, variable));
        _deploy.deploy(c);
    }

    function _delayRefused(Config memory c, uint64 delay, uint256 least) private {
        c.delay = delay;
        vm.expectRevert(abi.encodeWithSelector(Configuration.DelayOutOfRange.selector, delay, least, 365 days));
        _deploy.checkConfig(c);
    }

    /// @dev Lets one getter answer wrongly.
    function _wrong(Deployment memory d, address where, string memory getter, string memory field, address expected)
        private
    {
        address other = makeAddr("other");
        vm.mockCall(where, abi.encodeWithSignature(getter), abi.encode(other));
        vm.expectRevert(abi.encodeWithSelector(Wiring.WrongWiring.selector, field, expected, other));
        _deploy.checkWiring(d, _config(), true);
        vm.clearMockedCalls();
        _deploy.checkWiring(d, _config(), true);
    }

    function _domainRefused(Deployment memory d, address where, string memory name, bytes memory answer) private {
        vm.mockCall(where, abi.encodeWithSignature("eip712Domain()"), answer);
        vm.expectRevert(abi.encodeWithSelector(Wiring.WrongDomain.selector, name, where));
        _deploy.checkWiring(d, _config(), true);
        vm.clearMockedCalls();
    }

    function _path(string memory test) private view returns (string memory) {
        return string.concat("deployments/.test-", test, "-", vm.toString(block.chainid), ".json");
    }

    /// @dev The file of a deployment; tests run at the same time, so each has its own.
    function _written(Deployment memory d, string memory test) private returns (string memory json) {
        string memory file = _path(test);
        _deploy.write(d, _config(), file);
        json = vm.readFile(file);
        vm.removeFile(file);
    }

    /// @dev Contract number `wrong` has this verdict, every other none.
    function _verdict(string memory json, uint256 wrong, string memory expected) private {
        (,, string[6] memory verdict) = new Verify().verify(json);
        for (uint256 i; i < 6; ++i) {
            assertEq(verdict[i], i == wrong ? expected : "");
        }
    }
}
