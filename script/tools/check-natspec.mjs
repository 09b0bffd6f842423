// Fails when something in contracts/ has no word of documentation above it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./artifacts.mjs";

const DECLARATION = /^\s*(function|event|error|struct|enum|(abstract )?contract|library|interface|modifier|mapping)\b/;

const folder = join(root, "contracts");
let checked = 0;
let failed = false;
for (const path of readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".sol"))) {
  const lines = readFileSync(join(folder, path), "utf8").split("\n");
  lines.forEach((line, index) => {
    if (!DECLARATION.test(line)) return;
    checked += 1;
    let above = index - 1;
    while (/^\s*\/\/ forge-lint:/.test(lines[above])) above -= 1;
    if (/^\s*\/\/\//.test(lines[above])) return;
    console.error(`contracts/${path}:${index + 1}: no documentation above "${line.trim()}"`);
    failed = true;
  });
}
if (checked === 0) throw new Error("nothing found in contracts/");
if (failed) process.exit(1);
console.log(`natspec: ${checked} declarations, each documented`);
