#!/usr/bin/env bash
# Deploys to a fresh local chain and walks one order of each payment preset, with real transactions.
set -euo pipefail
cd "$(dirname "$0")/.."
source script/local-chain.sh

echo 'Building and deploying to a fresh local chain ...'
start_chain
log=$RUN_FOLDER/deploy.log
if ! run_script script/DeployLocal.s.sol --broadcast >"$log" 2>&1; then
  cat "$log"
  exit 1
fi
sed -nE '/^  +(escrow|vault|htlc|router|registry|lens|TestUSD) /p' "$log"
DEMO_NODE=$NODE DEMO_DEPLOYMENT=$RUN_FOLDER/31337.json node script/demo/walk.mjs
