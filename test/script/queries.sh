#!/usr/bin/env bash
# The queries of docs/events.md find what they say, on a chain with the orders of the demo and a payout that failed.
set -euo pipefail
cd "$(dirname "$0")/../.."
source script/local-chain.sh
source test/script/checks.sh

start_chain
log=$RUN_FOLDER/script.log
run_script script/DeployLocal.s.sol --broadcast >"$log" 2>&1 || fail 'the contracts are deployed'
export DEMO_NODE=$NODE DEMO_DEPLOYMENT=$RUN_FOLDER/31337.json
node script/demo/walk.mjs >"$log" 2>&1 || fail 'three orders are settled'
node test/script/queries.mjs >"$log" 2>&1 || fail 'each query of docs/events.md finds its logs, and no other'
expect 'each query of docs/events.md finds its logs, and no other' '^query 6: 1 logs$'

all_passed
