// Runs forge lint and fails on any finding: forge itself exits 0 on notes.
import { spawnSync } from "node:child_process";
import { root } from "./artifacts.mjs";

const { error, status, stdout, stderr } = spawnSync(".tools/bin/forge", ["lint"], {
  cwd: root,
  encoding: "utf8",
  maxBuffer: 1 << 26,
});
if (error) throw error;
const report = `${stdout}${stderr}`;
const findings = report.match(/^(error|warning|note)\[/gm)?.length ?? 0;
if (findings > 0 || status !== 0) {
  console.error(report);
  console.error(`forge lint: ${findings} findings`);
  process.exit(1);
}
console.log("forge lint: no findings");
