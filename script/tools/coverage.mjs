// Reads lcov.info, prints line and branch coverage of contracts/ by file, names every line and branch that no test
// reached, and fails below the limits.
import { readFileSync } from "node:fs";
import { root } from "./artifacts.mjs";

const LINES = 98;
const BRANCHES = 95;

const files = [];
for (const line of readFileSync(`${root}lcov.info`, "utf8").split("\n")) {
  const [tag, rest] = [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)];
  if (tag === "SF") files.push({ path: rest.replace(root, ""), lines: new Map(), branches: new Map() });
  const file = files.at(-1);
  if (tag === "DA") {
    const [at, hits] = rest.split(",").map(Number);
    file.lines.set(at, Math.max(hits, file.lines.get(at) ?? 0));
  }
  if (tag === "BRDA") {
    const [at, block, branch, hits] = rest.split(",");
    file.branches.set(`${at} (${block}.${branch})`, hits === "-" ? 0 : Number(hits));
  }
}

const percent = (hit, all) => (all === 0 ? 100 : (100 * hit) / all);
const figure = (hit, all) => `${percent(hit, all).toFixed(1).padStart(5)} % (${hit}/${all})`.padEnd(20);
const count = (map) => [[...map.values()].filter((hits) => hits > 0).length, map.size];
const sum = { lines: [0, 0], branches: [0, 0] };

for (const file of files.filter(({ path }) => path.startsWith("contracts/"))) {
  const row = { lines: count(file.lines), branches: count(file.branches) };
  for (const kind of ["lines", "branches"]) sum[kind] = sum[kind].map((n, i) => n + row[kind][i]);
  console.log(`${file.path.padEnd(48)} lines ${figure(...row.lines)} branches ${figure(...row.branches)}`);
  const missed = (map) => [...map].filter(([, hits]) => hits === 0).map(([at]) => at);
  if (missed(file.lines).length) console.log(`    lines not reached: ${missed(file.lines).join(", ")}`);
  if (missed(file.branches).length) console.log(`    branches not taken, by line: ${missed(file.branches).join(", ")}`);
}

console.log(`${"contracts/".padEnd(48)} lines ${figure(...sum.lines)} branches ${figure(...sum.branches)}`);
if (sum.lines[1] === 0) throw new Error("lcov.info names no file of contracts/");
const failed = percent(...sum.lines) < LINES || percent(...sum.branches) < BRANCHES;
if (failed) console.error(`below the limits: lines ${LINES} %, branches ${BRANCHES} %`);
process.exit(failed ? 1 : 0);
