// Copies snippets that compile and run as tests, of test/docs/Guide.t.sol and of crates/bindings/tests/chain/guide.rs,
// into the pages that name them: the block after `<!-- snippet:name -->`. Fails when a page names a snippet that is not
// there or a snippet stands on no page; `--check` also when a copy is stale.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./artifacts.mjs";
import { finish, textOf } from "./generated-files.mjs";
import { snippetsOf } from "./snippets.mjs";

const sources = { solidity: "test/docs/Guide.t.sol", rust: "crates/bindings/tests/chain/guide.rs" };
const snippets = new Map(
  Object.entries(sources).flatMap(([language, path]) =>
    [...snippetsOf(path)].map(([name, code]) => [name, { path, block: `\`\`\`${language}\n${code}\n\`\`\`` }]),
  ),
);
const pages = ["README.md", "docs/contracts.md", ...readdirSync(join(root, "docs/guide")).map((name) => `docs/guide/${name}`)];
const used = new Set();
let failed = false;
const files = {};
for (const page of pages) {
  files[page] = textOf(page).replace(
    /<!-- snippet:([a-z0-9-]+) -->\n(?:```(?:solidity|rust)\n[^]*?\n```\n)?/g,
    (marker, name) => {
      if (!snippets.has(name)) {
        console.error(`${page}: no test has a snippet ${name}`);
        failed = true;
        return marker;
      }
      used.add(name);
      return `<!-- snippet:${name} -->\n${snippets.get(name).block}\n`;
    },
  );
}
for (const [name, { path }] of snippets) {
  if (used.has(name)) continue;
  console.error(`${path}: snippet ${name} stands on no page`);
  failed = true;
}
finish(files, failed);
