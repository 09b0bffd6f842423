// Copies the snippets of test/docs/Guide.t.sol, which compile and run as tests, into the pages that name them: the block
// after `<!-- snippet:name -->`. Fails when a page names a snippet that is not there or a snippet stands on no page;
// `--check` also when a copy is stale.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./artifacts.mjs";
import { finish, textOf } from "./generated-files.mjs";
import { snippetsOf } from "./snippets.mjs";

const snippets = snippetsOf("test/docs/Guide.t.sol");
const pages = ["README.md", "docs/contracts.md", ...readdirSync(join(root, "docs/guide")).map((name) => `docs/guide/${name}`)];
const used = new Set();
let failed = false;
const files = {};
for (const page of pages) {
  files[page] = textOf(page).replace(
    /<!-- snippet:([a-z0-9-]+) -->\n(?:```solidity\n[^]*?\n```\n)?/g,
    (marker, name) => {
      if (!snippets.has(name)) {
        console.error(`${page}: test/docs/Guide.t.sol has no snippet ${name}`);
        failed = true;
        return marker;
      }
      used.add(name);
      return `<!-- snippet:${name} -->\n\`\`\`solidity\n${snippets.get(name)}\n\`\`\`\n`;
    },
  );
}
for (const name of snippets.keys()) {
  if (used.has(name)) continue;
  console.error(`test/docs/Guide.t.sol: snippet ${name} stands on no page`);
  failed = true;
}
finish(files, failed);
