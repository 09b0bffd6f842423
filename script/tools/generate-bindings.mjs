// Writes crates/bindings/abi/<Contract>.json, ABI and creation code of each contract that the Rust crates call, from
// the artifacts in out/. `--check` fails instead of writing when a file is stale or left over.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { contracts, root } from "./artifacts.mjs";

// Not EscrowLens: its struct of 31 fields is more than the Rust generator takes.
const NAMES = [
  "CoreProverEscrow",
  "HashedTimelock",
  "ReceiptVault",
  "TestUSD",
  "TgpRouter",
  "VerifierRegistry",
];

const folder = join(root, "crates/bindings/abi");
const check = process.argv.includes("--check");
// Local chains have the test dollar, so that clients can be tried against it.
const built = new Map([...contracts("test/tokens/"), ...contracts()]);
let failed = false;
const fail = (message) => {
  console.error(message);
  failed = true;
};

for (const name of NAMES) {
  const contract = built.get(name);
  if (!contract) {
    fail(`${name} is not in out/: run forge build, or take it off the list`);
    continue;
  }
  const { abi, bytecode } = contract.artifact;
  const text = `${JSON.stringify({ abi, bytecode: { object: bytecode.object } }, null, 2)}\n`;
  const path = join(folder, `${name}.json`);
  if (!check) {
    writeFileSync(path, text);
    continue;
  }
  let current = "";
  try {
    current = readFileSync(path, "utf8");
  } catch {
    // A missing file is a stale one.
  }
  if (current !== text) fail(`crates/bindings/abi/${name}.json is stale: run make generate`);
}

for (const file of readdirSync(folder)) {
  if (NAMES.includes(file.replace(/\.json$/, ""))) continue;
  if (check) fail(`crates/bindings/abi/${file} belongs to no contract of the list: run make generate`);
  else rmSync(join(folder, file));
}
process.exit(failed ? 1 : 0);
