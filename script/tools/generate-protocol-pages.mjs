// Puts what the protocol crate prints into the pages of docs/protocol: its tables after `<!-- table:name -->`, and the
// output of its examples after `<!-- output:name -->`. Fails when a page names something that is not printed, or a table
// stands on no page; `--check` also when a page is stale.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./artifacts.mjs";
import { finish, textOf } from "./generated-files.mjs";

/** What an example of the crate prints. */
function printed(example) {
  const command = ["run", "-q", "-p", "tgp-protocol", "--example", example, "--locked"];
  const run = spawnSync("cargo", command, { cwd: root, encoding: "utf8", maxBuffer: 1 << 24 });
  if (run.status !== 0) throw new Error(`cargo ${command.join(" ")}: ${run.error ?? run.stderr}`);
  return run.stdout;
}

const tables = new Map();
for (const part of printed("tables").split(/^=== /m).slice(1)) {
  const [name, ...lines] = part.trimEnd().split("\n");
  tables.set(name, lines.join("\n"));
}

const used = new Set();
let failed = false;
const files = {};
for (const name of readdirSync(join(root, "docs/protocol")).sort()) {
  const page = `docs/protocol/${name}`;
  files[page] = textOf(page)
    .replace(/(<!-- table:([a-z]+) -->\n)[^]*?(<!-- end of table -->)/g, (_, begin, table, end) => {
      if (!tables.has(table)) {
        console.error(`${page}: the example prints no table ${table}`);
        failed = true;
      }
      used.add(table);
      return `${begin}${tables.get(table)}\n${end}`;
    })
    .replace(/(<!-- output:(\w+) -->\n)[^]*?(<!-- end of output -->)/g, (_, begin, example, end) => {
      return `${begin}\`\`\`text\n${printed(example)}\`\`\`\n${end}`;
    });
}
for (const name of tables.keys()) {
  if (used.has(name)) continue;
  console.error(`crates/protocol/examples/tables.rs: table ${name} stands on no page`);
  failed = true;
}
finish(files, failed);
