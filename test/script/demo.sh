#!/usr/bin/env bash
# The demo ends well, and prints what the README shows of it, but for hashes, times and the gas of this build.
set -euo pipefail
cd "$(dirname "$0")/../.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
source test/script/checks.sh

script/demo.sh >"$log" 2>&1 || fail 'the demo ends without an error'
ok 'the demo ends without an error'

# Three orders, paid in, delivered by their rules and paid out, each with its receipt. Shows R-513.
[[ $(grep -c '^    vault.verify  true$' "$log") == 3 ]] || fail 'three receipts verify'
ok 'three receipts verify'
grep -qE '^Three orders settled, [0-9,]+ gas in all; the escrow holds nothing\.$' "$log" || fail 'nothing is left in the escrow'
ok 'nothing is left in the escrow'

plain() { sed -E 's/0x[0-9a-f]{40,}/0x/g; s/ +[0-9,]+ gas/ gas/; s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/time/; s/ +$//'; }
shown=$(sed -n '/^<!-- demo -->$/,/^<!-- end of demo -->$/p' README.md | sed '/^<!--/d; /^```/d; /^$/d; /^\.\.\.$/d' | plain)
[[ -n $shown ]] || fail 'the README shows a part of the demo'
printed=$(plain <"$log")
while IFS= read -r line; do
  grep -qxF -- "$line" <<<"$printed" || fail "the README shows what the demo prints: $line"
done <<<"$shown"
ok 'the README shows what the demo prints'

all_passed
