// Runs forge lint over contracts, scripts and tests and fails on any finding: forge itself exits 0 on notes.
import { spawnSync } from "node:child_process";
import { root } from "./artifacts.mjs";

// What tests may do and contracts may not: they build amounts and bytes out of fuzzed numbers, write short tuples of a
// struct where the table above them names its columns, and make calls that must fail.
const TESTS_MAY = new Set(["unsafe-typecast", "incorrect-shift", "named-struct-fields", "unchecked-call"]);

// A cache and a folder of its own: forge lint compiles without code, and a later build would take that for its own.
const { error, status, stdout, stderr } = spawnSync(".tools/bin/forge", ["lint"], {
  cwd: root,
  env: { ...process.env, FOUNDRY_CACHE_PATH: "cache-lint", FOUNDRY_OUT: "out-lint" },
  encoding: "utf8",
  maxBuffer: 1 << 26,
});
if (error) throw error;
const report = `${stdout}${stderr}`;
if (status !== 0) {
  console.error(report);
  process.exit(1);
}

const open = report
  .split(/^(?=(?:error|warning|note)\[)/m)
  .slice(1)
  .filter((finding) => {
    const [, lint] = finding.match(/\[(.+?)\]/);
    const path = finding.match(/╭▸ (.+?):\d/)?.[1] ?? "";
    return !(path.startsWith("test/") && TESTS_MAY.has(lint));
  });
if (open.length > 0) {
  console.error(open.join(""));
  console.error(`forge lint: ${open.length} findings`);
  process.exit(1);
}
console.log("forge lint: no findings");
