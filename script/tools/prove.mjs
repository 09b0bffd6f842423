// Runs every proof of test/symbolic with halmos, each in its own process, and fails unless all of them are proved.
//
// halmos alone would let some things pass that are not proofs: a file that was not built, a setUp that failed, a loop
// that was cut at the unrolling bound. So the list of proofs is read from the sources, and each must come back as one
// result without a counterexample, a solver's timeout, a path that got stuck or a loop that was cut.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./artifacts.mjs";

const FOLDER = "test/symbolic";
const env = { ...process.env, FOUNDRY_PROFILE: "halmos", PATH: `${join(root, ".tools/bin")}:${process.env.PATH}` };

/** Every proof in the sources: `{ contract, name }`. A contract's proofs follow its head. */
function proofs() {
  const found = [];
  for (const file of readdirSync(join(root, FOLDER)).sort()) {
    if (!file.endsWith(".t.sol")) continue;
    let contract;
    let count = 0;
    for (const match of readFileSync(join(root, FOLDER, file), "utf8").matchAll(
      /^(?:abstract )?contract (\w+)|^ +function (check_\w+|invariant_\w+)\(/gm,
    )) {
      if (match[1]) contract = match[1];
      else found.push({ contract, name: match[2], count: ++count });
    }
    if (count === 0) throw new Error(`${FOLDER}/${file} has no proofs`);
  }
  return found;
}

/** Proves one; resolves to what is wrong with it, or to nothing. */
function prove({ contract, name }, folder) {
  const report = join(folder, `${contract}.${name}.json`);
  const args = ["--forge-build-out", "out-halmos", "--contract", contract, "--match-test", `^${name}\\(`];
  // No loop here depends on an input: a bound that is reached is an error, below. The solver that prunes branches may
  // give up soon, which costs paths and no soundness; the one that decides assertions must answer.
  args.push("--loop", "256", "--solver-timeout-branching", "100ms", "--solver-timeout-assertion", "120s");
  args.push("--solver-threads", "1", "--no-status", "--json-output", report);
  return new Promise((resolve) => {
    const started = Date.now();
    const halmos = spawn(".venv/bin/halmos", args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const collect = (chunk) => (output += chunk);
    halmos.stdout.on("data", collect);
    halmos.stderr.on("data", collect);
    halmos.on("error", (error) => resolve({ fault: String(error), output }));
    halmos.on("close", (code) => {
      const seconds = Math.round((Date.now() - started) / 1000);
      resolve({ ...judge(code, name, report), seconds, output });
    });
  });
}

/** What is wrong with a result, if anything, and how many paths it took. */
function judge(code, name, report) {
  let results;
  try {
    results = Object.values(JSON.parse(readFileSync(report, "utf8")).test_results).flat();
  } catch {
    return { fault: `no result, exit code ${code}` };
  }
  if (results.length !== 1 || !results[0].name.startsWith(`${name}(`)) return { fault: `${results.length} results` };
  const [{ exitcode, num_models, num_paths, num_bounded_loops }] = results;
  const paths = num_paths?.[0];
  if (num_models > 0) return { fault: "counterexample", paths };
  if (num_bounded_loops !== 0) return { fault: "a loop was cut at its bound", paths };
  if (num_paths?.[2] !== 0) return { fault: "paths that got stuck", paths };
  if (exitcode !== 0 || code !== 0) return { fault: `not proved, exit code ${exitcode || code}`, paths };
  return { paths };
}

const build = spawnSync(".tools/bin/forge", ["build", "--ast"], { cwd: root, env, stdio: "inherit" });
if (build.error) throw build.error;
if (build.status !== 0) process.exit(1);

const started = Date.now();
const folder = mkdtempSync(join(tmpdir(), "proofs-"));
const all = proofs();
const waiting = [...all];
let passed = 0;
async function worker() {
  for (let proof = waiting.shift(); proof; proof = waiting.shift()) {
    const { fault, paths, seconds, output } = await prove(proof, folder);
    console.log(`${fault ? "FAIL" : "pass"} ${proof.contract}.${proof.name}: ${paths ?? "?"} paths, ${seconds} s`);
    if (fault) console.log(`${fault}\n${output.replaceAll(/^ +[0-9a-f]{20,}\s*$\n?/gm, "")}`);
    else passed += 1;
  }
}
await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, worker));
rmSync(folder, { recursive: true });

const failed = all.length - passed;
console.log(`${passed} proofs passed, ${failed} failed, in ${Math.round((Date.now() - started) / 1000)} s`);
process.exit(all.length > 0 && failed === 0 ? 0 : 1);
