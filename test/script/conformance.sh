#!/usr/bin/env bash
# The checker of the claims, on small trees of its own: what it accepts, where each kind of claim may stand, and that each
# kind of mistake fails with a line that names it.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tree=$folder/tree
log=$folder/log
source test/script/checks.sh

check() { node "$tree/script/tools/conformance.mjs" "$@" >"$log" 2>&1; }
# Made up here, so that no line of this file reads as a claim.
claim() { printf 'Shows %s.' "$1"; }
row() { printf 'R-%03d\t%s\t§1\tmust\tSEC\t%s\t\n' "$@"; }

# A tree with six requirements: one claimed in each language, one owned, one not testable.
plant() {
  rm -rf "$tree"
  mkdir -p "$tree"/{conformance,docs,script/tools,test/script,crates/one/src,vectors}
  cp script/tools/{artifacts,claims,conformance,generated-files}.mjs "$tree/script/tools/"
  {
    printf 'id\tdocument\tsection\tlevel\tkind\trequirement\tref\n'
    for number in 1 2 3 4 5 6; do row "$number" 000 "a | b <c> \`d|e\` $number"; done
  } >"$tree/conformance/requirements.tsv"
  printf 'id\towner\treason\nR-005\tgateway\tits turn comes\n' >"$tree/conformance/owned.tsv"
  printf 'id\treason\nR-006\ta plan\n' >"$tree/conformance/not-testable.tsv"
  cat >"$tree/test/One.t.sol" <<SOL
contract OneTest {
    /// @dev Money.
    /// $(claim R-001)
    function test_one() external {}
}
SOL
  cat >"$tree/crates/one/src/lib.rs" <<RUST
//! A crate.

/// $(claim R-002)
#[test]
fn two() {}

fn helper() {}
RUST
  cat >"$tree/test/script/three.sh" <<SH
# $(claim R-003)
true || fail 'three'
ok 'three is so'
SH
  cat >"$tree/vectors/four.ts" <<TS
import test from "node:test";

// $(claim R-004)
test("four", () => {});
TS
}

# accepts <what>: the tree, as it is now, is good and its page is written.
accepts() {
  check || fail "$1"
  check --check || fail "$1"
  ok "$1"
}
# refuses <what> <pattern in the output>: with the page fresh.
refuses() {
  if check; then fail "$1"; fi
  grep -qE -- "$2" "$log" || fail "$1: says why"
  ok "$1"
}

plant
accepts 'a good tree passes'
grep -qE '^all +6 +4 +1 +1$' "$log" || fail 'the counts'
ok 'it counts what is claimed, owned and not testable'
page=$tree/docs/conformance.md
for line in \
  '| R-001 | §1 | a \| b \<c\> `d\|e` 1 |  | [`test/One.t.sol:test_one`](../test/One.t.sol) |' \
  '| R-002 | §1 | a \| b \<c\> `d\|e` 2 |  | [`crates/one/src/lib.rs:two`](../crates/one/src/lib.rs) |' \
  '| R-003 | §1 | a \| b \<c\> `d\|e` 3 |  | [`test/script/three.sh:three is so`](../test/script/three.sh) |' \
  '| R-004 | §1 | a \| b \<c\> `d\|e` 4 |  | [`vectors/four.ts:four`](../vectors/four.ts) |' \
  '| R-005 | §1 | a \| b \<c\> `d\|e` 5 |  | **gateway**: its turn comes |' \
  '| R-006 | §1 | a \| b \<c\> `d\|e` 6 |  | not testable: a plan |'; do
  grep -qxF -- "$line" "$page" || { cp "$page" "$log" && fail "the page has: $line"; }
done
ok 'the page names tests, owners and reasons'

# What a claim may look like

plant
sed -i "s/$(claim R-001)/$(claim 'R-001, R-003..R-004')/" "$tree/test/One.t.sol"
rm "$tree/test/script/three.sh" "$tree/vectors/four.ts"
accepts 'a claim may list ids and ranges'

plant
sed -i 's/Shows R-002\./Shows\n\/\/\/ R-002./' "$tree/crates/one/src/lib.rs"
accepts 'a claim may go on in the next line'

plant
{
  printf '//! A file of tests. %s\n\nproptest! {\n    #[test]\n    fn two(x: u8) {}\n}\n' "$(claim R-002)"
} >"$tree/crates/one/src/lib.rs"
accepts 'the inner documentation of a Rust file speaks for its tests'

plant
printf '/// %s\nmod two {\n    use super::*;\n\n    #[tokio::test]\n    async fn x() {}\n}\n' "$(claim R-002)" \
  >"$tree/crates/one/src/lib.rs"
accepts 'a claim may stand above a Rust module of tests'

plant
printf '/// %s\ncontract OneTest {\n    function invariant_one() external {}\n}\n' "$(claim R-001)" >"$tree/test/One.t.sol"
accepts 'a claim may stand above a Solidity contract with tests'

# Rows

plant
sed -i '/R-005/d' "$tree/conformance/owned.tsv"
refuses 'a row that nobody speaks for fails' '^R-005 has no claim, no owner'

plant
printf 'R-001\tgateway\tlater\n' >>"$tree/conformance/owned.tsv"
refuses 'a row that is claimed and owned fails' '^conformance/owned.tsv:3: R-001 is claimed by test/One.t.sol:3; delete this line'

plant
printf 'R-001\ta plan\n' >>"$tree/conformance/not-testable.tsv"
refuses 'a row that is claimed and not testable fails' '^conformance/not-testable.tsv:3: R-001 is claimed by'

plant
printf 'R-006\tgateway\tlater\n' >>"$tree/conformance/owned.tsv"
refuses 'a row that is owned and not testable fails' '^conformance/owned.tsv:3: R-006 stands in conformance/not-testable.tsv:2 too'

plant
printf 'R-005\tstore\tlater\n' >>"$tree/conformance/owned.tsv"
refuses 'a row that stands twice in a table fails' '^conformance/owned.tsv:3: R-005 stands at conformance/owned.tsv:2 already'

plant
printf 'R-007\tgateway\tlater\n' >>"$tree/conformance/owned.tsv"
refuses 'an owned row that does not exist fails' '^conformance/owned.tsv:3: R-007 is no requirement'

plant
sed -i 's/gateway/somebody/' "$tree/conformance/owned.tsv"
refuses 'an unknown owner fails' '^conformance/owned.tsv:2: somebody is no owner'

plant
sed -i 's/its turn comes//' "$tree/conformance/owned.tsv"
refuses 'an owned row without a reason fails' '^conformance/owned.tsv:2: R-005 has no reason'

plant
sed -i '/^R-004/d' "$tree/conformance/requirements.tsv"
refuses 'a requirement that is left out fails' '^conformance/requirements.tsv:5: R-005, where R-004 is due'

# so_many <number>: that many rows that are not testable, and nothing else to complain about.
so_many() {
  plant
  for number in $(seq 7 $((5 + $1))); do
    row "$number" 000 more >>"$tree/conformance/requirements.tsv"
    printf 'R-%03d\ta plan\n' "$number" >>"$tree/conformance/not-testable.tsv"
  done
}
so_many 25
accepts 'twenty-five rows may be not testable'
so_many 26
refuses 'twenty-six may not' '^conformance/not-testable.tsv: 26 rows, at most 25 are allowed'

# Claims

plant
sed -i "s/$(claim R-001)/$(claim 'R-001, R-077')/" "$tree/test/One.t.sol"
refuses 'a claim of an unknown row fails' '^test/One.t.sol:3: R-077 is no requirement'

plant
sed -i 's/test_one/helper/' "$tree/test/One.t.sol"
refuses 'a Solidity claim with no test below it fails' '^test/One.t.sol:3: no test stands below this claim'

plant
printf '/// %s\nfn helper() {}\n\n#[test]\nfn two() {}\n' "$(claim R-002)" >"$tree/crates/one/src/lib.rs"
refuses 'a Rust claim above a helper fails, whatever follows' '^crates/one/src/lib.rs:1: no test stands below this claim'

plant
printf '/// %s\n\n#[test]\nfn two() {}\n' "$(claim R-002)" >"$tree/crates/one/src/lib.rs"
refuses 'a Rust claim with a gap below it fails' '^crates/one/src/lib.rs:1: no test stands below this claim'

plant
printf '//! %s\n\nfn helper() {}\n' "$(claim R-002)" >"$tree/crates/one/src/lib.rs"
refuses 'the inner documentation of a file without tests fails' '^crates/one/src/lib.rs:1: no test stands below this claim'

plant
printf 'true\n\n# %s\ntrue\n' "$(claim R-003)" >"$tree/test/script/three.sh"
refuses 'a shell claim with no check below it fails' '^test/script/three.sh:3: no test stands below this claim'

plant
sed -i 's/^test(/run(/' "$tree/vectors/four.ts"
refuses 'a TypeScript claim with no test below it fails' '^vectors/four.ts:3: no test stands below this claim'

plant
sed -i 's/\(Shows R-001\)\./\1/' "$tree/test/One.t.sol"
refuses 'a claim without its full stop fails' '^test/One.t.sol:3: a claim reads "Shows R-001, R-003..R-005."'

plant
sed -i 's/Shows R-001/Shows R-001..R-000/' "$tree/test/One.t.sol"
refuses 'a range that goes backwards fails' '^test/One.t.sol:3: the range goes backwards'

plant
printf '#[test]\nfn two() {} // %s\n' "$(claim R-002)" >"$tree/crates/one/src/lib.rs"
refuses 'a claim behind code fails' '^crates/one/src/lib.rs:2: a claim stands above its test, in lines that begin as comments'

plant
printf '/*\n%s\n*/\n#[test]\nfn two() {}\n' "$(claim R-002)" >"$tree/crates/one/src/lib.rs"
refuses 'a claim inside a bare block comment fails' '^crates/one/src/lib.rs:2: a claim stands above its test, in lines that begin'

# The page

plant
check || fail 'the page is written'
sed -i 's/its turn comes/its turn is near/' "$tree/conformance/owned.tsv"
if check --check; then fail 'a stale page fails'; fi
grep -qF 'docs/conformance.md is stale: run make conformance' "$log" || fail 'a stale page fails: says why'
grep -qF 'its turn comes' "$page" || fail 'the check writes nothing'
ok 'a stale page fails, and the check writes nothing'

all_passed
