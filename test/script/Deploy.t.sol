// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Deploy} from "../../script/Deploy.s.sol";
import {Config, Configuration} from "../../script/lib/Config.sol";
import {Deployment, Wiring} from "../../script/lib/Wiring.sol";
import {Test} from "forge-std/Test.sol";

/// @notice `new Deploy().deploy()` in somebody's test, its refusals, and the file it writes.
contract DeployTest is Test {
    Deploy private _deploy;

    function setUp() public {
        _deploy = new Deploy();
    }

    function test_deploy_inATestMakesEverything() external {
        Deployment memory d = _deploy.deploy();
        assertEq(_deploy.made(), 6);
        assertGt(address(d.escrow).code.length, 0);
        assertEq(d.vault.minter(), address(d.escrow));
        assertEq(d.registry.guardian(), address(this), "who asks holds the local registry");
        assertEq(d.registry.delay(), 0);
        assertGt(address(d.htlc).code.length, 0);
        assertGt(address(d.router).code.length, 0);
    }
}
