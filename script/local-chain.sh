# Sourced by demo.sh and by the tests of the scripts, from the root of the repository: `start_chain [anvil options]`
# starts an anvil of our own on a free port, sets NODE, PORT and a folder for what the run writes, and ends it with
# the shell.

export PATH="$PWD/.tools/bin:$PATH"
export FOUNDRY_DISABLE_NIGHTLY_WARNING=1
DEPLOYER=0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266
CHAIN_PID=
RUN_FOLDER=

end_chain() {
  if [[ -n $CHAIN_PID ]]; then
    kill "$CHAIN_PID" 2>/dev/null || true
    wait "$CHAIN_PID" 2>/dev/null || true
    CHAIN_PID=
  fi
}

end_run() {
  end_chain
  [[ -z $RUN_FOLDER ]] || rm -rf "$RUN_FOLDER"
}
trap end_run EXIT
trap 'exit 130' INT TERM

start_chain() {
  # The scripts may write inside deployments/ only.
  mkdir -p deployments
  [[ -n $RUN_FOLDER ]] || RUN_FOLDER=$(mktemp -d deployments/.run.XXXXXX)
  export COREPROVER_DEPLOYMENTS=$RUN_FOLDER
  export FOUNDRY_BROADCAST=$RUN_FOLDER/broadcast
  local log=$RUN_FOLDER/anvil.log
  : >"$log"
  # Port 0: the system picks a free one and anvil says which.
  anvil --port 0 "$@" >"$log" 2>&1 &
  CHAIN_PID=$!
  for _ in {1..100}; do
    PORT=$(sed -nE 's/^Listening on .*:([0-9]+)$/\1/p' "$log")
    [[ -z $PORT ]] || break
    kill -0 "$CHAIN_PID" 2>/dev/null || break
    sleep 0.1
  done
  if [[ -z ${PORT:-} ]]; then
    echo "anvil did not start:" >&2
    cat "$log" >&2
    return 1
  fi
  NODE=http://127.0.0.1:$PORT
}

# Runs a forge script as the first of anvil's accounts. `--slow` sends one transaction after the other: of several at
# once anvil sometimes leaves one in its queue for ever.
run_script() {
  timeout 300 forge script "$@" --slow --rpc-url "$NODE" --unlocked --sender "$DEPLOYER"
}
