#!/usr/bin/env bash
# Somebody else's forge project, with this repository as a library and the settings that the deploy page shows, deploys
# everything in a test of its own.
set -euo pipefail
cd "$(dirname "$0")/../.."
repository=$PWD
export FOUNDRY_DISABLE_NIGHTLY_WARNING=1

project=$(mktemp -d)
trap 'rm -rf "$project"' EXIT
log=$project/log
source test/script/checks.sh
mkdir -p "$project"/{src,test} "$project/lib/coreprover/crates/bindings"
cp -r contracts script "$project/lib/coreprover/"
cp -r crates/bindings/abi "$project/lib/coreprover/crates/bindings/"
ln -s "$repository/node_modules" "$project/node_modules"

{
  echo '[profile.default]'
  sed -n '/^<!-- consumer -->$/,/^<!-- end of consumer -->$/p' docs/guide/deploy.md | sed '/^<!--/d; /^```/d'
} >"$project/foundry.toml"
cp "$project/foundry.toml" "$log"
expect 'the deploy page shows the settings' remappings

cat >"$project/test/Mine.t.sol" <<'SOL'
// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Deploy} from "coreprover/script/Deploy.s.sol";
import {Deployment} from "coreprover/script/lib/Wiring.sol";
import {Test} from "forge-std/Test.sol";
// compiled here with other settings: it must not be what is deployed
import {TgpRouter} from "contracts/TgpRouter.sol";

contract MineTest is Test {
    function test_everythingIsThere() external {
        Deploy deploy = new Deploy();
        Deployment memory d = deploy.deploy();
        assertGt(address(d.escrow).code.length, 0);
        bytes memory released = vm.getCode("lib/coreprover/crates/bindings/abi/TgpRouter.json");
        assertEq(deploy.creationCode("TgpRouter", ""), released);
        assertNotEq(keccak256(type(TgpRouter).creationCode), keccak256(released));
        assertEq(deploy.predict("TgpRouter", ""), address(d.router));
        assertEq(d.vault.minter(), address(d.escrow));
        assertEq(address(d.escrow.registry()), address(d.registry));
        assertGt(address(d.htlc).code.length, 0);
        assertGt(address(d.router).code.length, 0);
        assertGt(d.lens.code.length, 0);
    }
}
SOL

cd "$project"
"$repository/.tools/bin/forge" test >"$log" 2>&1 || fail 'another project deploys everything in its tests'
expect 'another project deploys everything in its tests' '1 tests passed, 0 failed'
all_passed
