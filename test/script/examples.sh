#!/usr/bin/env bash
# Runs the examples of docs/examples against a fresh local chain with the orders of the demo, and compares the tables
# that they make with the logs of the vault. `make examples` installs what it needs first.
set -euo pipefail
cd "$(dirname "$0")/../.."
source script/local-chain.sh
source test/script/checks.sh

INDEXER_PID=
end_indexer() {
  [[ -z $INDEXER_PID ]] || { kill "$INDEXER_PID" 2>/dev/null && wait "$INDEXER_PID" 2>/dev/null; } || true
  INDEXER_PID=
}
trap 'end_indexer; end_run' EXIT

start_chain
log=$RUN_FOLDER/script.log
run_script script/DeployLocal.s.sol --broadcast >"$log" 2>&1 || fail 'the contracts are deployed'
export DEMO_NODE=$NODE DEMO_DEPLOYMENT=$RUN_FOLDER/31337.json
node script/demo/walk.mjs >"$log" 2>&1 || fail 'three orders are settled'

# a free port: the project's own would be taken where it runs already
port=$(node -p 'const s = require("net").createServer().listen(0); const { port } = s.address(); s.close(); port')
ponder=docs/examples/ponder
export RPC=$NODE DEPLOYMENT=$PWD/$RUN_FOLDER/31337.json PONDER_TELEMETRY_DISABLED=true
rm -rf "$ponder/.ponder"
(cd $ponder && exec node node_modules/.bin/ponder start --schema receipts --port "$port" --hostname 127.0.0.1) >"$log" 2>&1 &
INDEXER_PID=$!
node test/script/receipts.mjs "http://127.0.0.1:$port" || fail 'Ponder has every receipt'
ok 'Ponder has every receipt'
(cd $ponder && node node_modules/.bin/tsc) >"$log" 2>&1 || fail 'the project fits its types'
ok 'the project fits its types'
end_indexer

all_passed
