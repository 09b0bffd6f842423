// Prints our gas figures beside the peers' and the targets, and writes the same table into docs/gas.md. Fails when a
// target is missed, unless its row in gas-targets.json says where the gas goes and what the best reached is; that figure
// is then the row's ceiling. `--check` fails instead of writing when the page is stale.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./artifacts.mjs";
import { figures, grouped } from "./snapshots.mjs";

const { peers, ours, rows } = JSON.parse(readFileSync(join(root, "script/tools/gas-targets.json"), "utf8"));
let failed = false;
const fail = (message) => {
  console.error(message);
  failed = true;
};

function figureOf(name) {
  if (!figures.has(name)) fail(`no snapshot of "${name}": run make gas`);
  return figures.get(name) ?? NaN;
}

/** The table's lines: what, ours, target, mark, peer. */
const lines = rows.map(({ operation, add, less = [], peer, target, best, reason }) => {
  const sum = (names) => names.reduce((total, name) => total + figureOf(name), 0);
  const figure = sum(add) - sum(less);
  const ok = figure <= target;
  if (!ok && !(reason && best)) fail(`${operation}: ${figure} is above the target of ${target}, and no reason is given`);
  if (!ok && best && figure > best) fail(`${operation}: ${figure} is above ${best}, the best reached`);
  return { operation, figure, target, mark: ok ? "ok" : "missed", peer, reason };
});

for (const { operation, figure, target, mark, peer } of lines) {
  console.log(
    `${operation.padEnd(54)} ${grouped(figure).padStart(8)}  target ${grouped(target).padStart(8)}  ${mark.padEnd(7)} ${peer}`,
  );
}
const missed = lines.filter(({ mark }) => mark === "missed");
if (missed.length > 0) console.log("\nWhere a target is missed, and where the gas goes:");
for (const { operation, reason } of missed) console.log(`- ${operation}: ${reason ?? "no reason given"}`);

const table = [
  "| operation | ours | target | | peer |",
  "|---|---:|---:|---|---|",
  ...lines.map(
    ({ operation, figure, target, mark, peer }) =>
      `| ${operation} | ${grouped(figure)} | ${grouped(target)} | ${mark} | ${peer} |`,
  ),
  "",
  ...(missed.length > 0 ? ["Where a target is missed, and where the gas goes:", ""] : []),
  ...missed.map(({ operation, reason }) => `- ${operation}: ${reason ?? "no reason given"}.`),
  ...(missed.length > 0 ? [""] : []),
  ours,
  "",
  peers,
].join("\n");

const path = join(root, "docs/gas.md");
const page = readFileSync(path, "utf8");
const markers = /(<!-- table: by `make gas`, do not edit -->\n)[^]*?(<!-- table end -->)/;
if (!markers.test(page)) fail("docs/gas.md lacks the markers of the table");
const fresh = page.replace(markers, (_, before, after) => `${before}\n${table}\n\n${after}`);
if (!process.argv.includes("--check")) writeFileSync(path, fresh);
else if (fresh !== page) fail("docs/gas.md is stale: run node script/tools/gas-table.mjs");
process.exit(failed ? 1 : 0);
