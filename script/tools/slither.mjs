// Runs slither over the artifacts of the slither profile. Every finding must be answered in slither-answers.json by
// detector and place, with the reason why it stands; an answer that no finding asks for is stale and fails too.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { root } from "./artifacts.mjs";

const report = `${root}out-slither/report.json`;
rmSync(report, { force: true });
const run = spawnSync(
  ".venv/bin/slither",
  [
    ".",
    "--ignore-compile",
    "--foundry-out-directory",
    "out-slither",
    "--compile-force-framework",
    "foundry",
    "--filter-paths",
    "node_modules|test|script",
    "--json",
    report,
  ],
  { cwd: root, encoding: "utf8", env: { ...process.env, FOUNDRY_PROFILE: "slither" }, maxBuffer: 1 << 28 },
);
let results;
try {
  results = JSON.parse(readFileSync(report, "utf8"));
} catch {
  console.error(run.stderr);
  throw new Error("slither wrote no report");
}
if (!results.success) throw new Error(`slither failed: ${results.error}`);

/** Where a finding stands, as Contract.function.variable of its first element. */
function place({ elements: [element] }) {
  const names = [];
  for (let at = element; at && at.type !== "file"; at = at.type_specific_fields?.parent) names.unshift(at.name);
  return names.join(".") || "the whole project";
}

/** `where` is a place, or with a star at its end the beginning of places. */
const answered = ({ check, where }, finding) =>
  check === finding.check &&
  (where.endsWith("*") ? place(finding).startsWith(where.slice(0, -1)) : where === place(finding));

const answers = JSON.parse(readFileSync(`${root}script/tools/slither-answers.json`, "utf8"));
const used = new Set();
let open = 0;
const findings = results.results.detectors ?? [];
for (const finding of findings) {
  const index = answers.findIndex((answer) => answered(answer, finding));
  if (index >= 0) {
    used.add(index);
    continue;
  }
  open += 1;
  console.error(`${finding.impact} ${finding.check} at ${place(finding)}\n${finding.description}`);
}
const stale = answers.filter((_, index) => !used.has(index));
for (const { check, where } of stale) console.error(`stale answer: ${check} at ${where}`);
console.log(`slither: ${findings.length} findings, ${findings.length - open} answered, ${open} open, ${stale.length} stale answers`);
process.exit(open + stale.length > 0 ? 1 : 0);
