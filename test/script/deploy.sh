#!/usr/bin/env bash
# The scripts as people run them, against local chains of our own: deploying twice, verifying, the registry entry, a
# changed contract, a chain without the factory and one without the Cancun opcodes.
set -euo pipefail
cd "$(dirname "$0")/../.."
source script/local-chain.sh
source test/script/checks.sh

start_chain
log=$RUN_FOLDER/script.log
file=$RUN_FOLDER/31337.json
field() { node -p "JSON.parse(require('fs').readFileSync('$file'))$1 ?? ''"; }

run_script script/DeployLocal.s.sol --broadcast >"$log" 2>&1 || fail 'the first run deploys'
expect 'the first run deploys' 'Deployed 6 of 6 contracts'
[[ -z $(field .contracts.CoreProverEscrow.tx) ]] || fail 'the file knows no transaction before the broadcast'
genesis() { cast block 0 --field hash --rpc-url "$NODE"; }
[[ $(field .genesisHash) == "$(genesis)" ]] || fail 'the file has the hash of block 0'
ok 'the file has the hash of block 0'

nonce=$(cast nonce "$DEPLOYER" --rpc-url "$NODE")
run_script script/DeployLocal.s.sol --broadcast >"$log" 2>&1 || fail 'the second run works'
expect 'the second run deploys nothing and says so' 'Nothing to deploy'
[[ $(cast nonce "$DEPLOYER" --rpc-url "$NODE") == "$nonce" ]] || fail 'the second run sends nothing'
ok 'the second run sends nothing'

for name in VerifierRegistry CoreProverEscrow ReceiptVault HashedTimelock TgpRouter EscrowLens; do
  [[ $(cast keccak "$(cast code "$(field .contracts.$name.address)" --rpc-url "$NODE")") == $(field .contracts.$name.codeHash) ]] ||
    fail "the file has the code hash of $name"
  hash=$(field .contracts.$name.tx)
  [[ $(cast receipt "$hash" blockNumber --rpc-url "$NODE") == $(field .contracts.$name.block) ]] ||
    fail "the file has transaction and block of $name"
done
ok 'the file has code hash, transaction and block of every contract'

run_script script/Verify.s.sol >"$log" 2>&1 || fail 'the deployment verifies'
[[ $(grep -cE '^ .*  ok$' "$log") == 6 ]] || fail 'every contract verifies'
ok 'every contract verifies'

COREPROVER_ENTRY=$RUN_FOLDER/entry.json run_script script/RegistryEntry.s.sol >"$log" 2>&1 || fail 'the registry entry'
[[ $(node -p "JSON.parse(require('fs').readFileSync('$RUN_FOLDER/entry.json')).chain") == eip155:31337 ]] ||
  fail 'the registry entry names the chain'
ok 'the registry entry is written'

# One byte of the router's code.
router=$(field .contracts.TgpRouter.address)
code=$(cast code "$router" --rpc-url "$NODE")
cast rpc --rpc-url "$NODE" anvil_setCode "$router" "${code%?}$([[ ${code: -1} == 0 ]] && echo 1 || echo 0)" >"$log"
if run_script script/Verify.s.sol >"$log" 2>&1; then fail 'a changed byte fails the verification'; fi
expect 'a changed byte fails the verification' 'TgpRouter .*DIFFERENT'
end_chain

start_chain --disable-default-create2-deployer
if run_script script/DeployLocal.s.sol --broadcast >"$log" 2>&1; then fail 'the factory is missing'; fi
expect 'the factory is deployed where it is not' 'FactoryIsNew\(.*run this again'
run_script script/DeployLocal.s.sol --broadcast >"$log" 2>&1 || fail 'the next run uses the factory'
expect 'the next run uses the factory' 'Deployed 6 of 6 contracts'
[[ $(cast code 0x4e59b44847b379578588920cA78FbF26c0B4956C --rpc-url "$NODE") != 0x ]] || fail 'the factory has code'
# the addresses are the same on both chains
[[ $(field .genesisHash) == "$(genesis)" && -z $(field .contracts.CoreProverEscrow.tx) ]] ||
  fail 'of an older chain with the same id nothing is kept'
ok 'of an older chain with the same id nothing is kept'
end_chain

start_chain --chain-id 943 --hardfork shanghai
permit2=0x000000000022D473030F116dDEE9F6B43aC78BA3
cast rpc --rpc-url "$NODE" anvil_setCode "$permit2" 0x00 >"$log"
export COREPROVER_GUARDIAN=$DEPLOYER COREPROVER_AGGREGATOR=$DEPLOYER
if run_script script/Deploy.s.sol >"$log" 2>&1; then fail 'a chain without the opcodes is refused'; fi
expect 'a chain without the opcodes is refused with the command that helps' 'OpcodesMissing\(943, .*FOUNDRY_PROFILE=storage-guard'
end_chain

# Another chain than the local one, by its own profile. Shows R-521.
start_chain --chain-id 943
cast rpc --rpc-url "$NODE" anvil_setCode "$permit2" 0x00 >"$log"
run_script script/Deploy.s.sol >"$log" 2>&1 || fail 'a chain that answers the probe is taken'
expect 'a chain that answers the probe is taken' 'Deployed 6 of 6 contracts'

# a setting that cannot be read is no reason to take the default
for setting in COREPROVER_DELAY='2 weeks' COREPROVER_PERMIT2=0xdeadbeef COREPROVER_GUARDIAN=0x1234; do
  if (export "$setting" && run_script script/Deploy.s.sol) >"$log" 2>&1; then
    fail "${setting%%=*} that cannot be read is refused"
  fi
  expect "${setting%%=*} that cannot be read is refused" "${setting%%=*}"
done

all_passed
