// Fails when a public item of a library crate appears in no example that runs: a type, a constant or a free function must
// be named in a running block of the crate's documentation or of its pages; a method in one that also names its type, or
// that stands in the type's own file. With a folder as argument, prints what is missing below it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./artifacts.mjs";

const crates = ["crates/protocol", "crates/bindings", "crates/indexer"];
// Traits' own method names, and what every type of its kind has: an example of each would say nothing.
const understood = new Set(["fmt"]);

const below = (folder, end) =>
  readdirSync(join(root, folder), { recursive: true }).filter((path) => path.endsWith(end)).map((path) => join(folder, path)).sort();
const read = (path) => readFileSync(join(root, path), "utf8");

/** The blocks of a page or of a comment's text that rustdoc runs. */
function running(text) {
  return [...text.matchAll(/^```([^\n]*)\n([^]*?)^```/gm)]
    .filter(([, tags]) => tags.split(",").every((tag) => ["", "rust", "standalone_crate", "should_panic"].includes(tag.trim())))
    .map(([, , code]) => code);
}

/** The documentation comments of a source file, without their marks. */
const comments = (source) =>
  source.split("\n").map((line) => line.match(/^\s*\/\/[\/!] ?(.*)$/)?.[1] ?? "\u0000").join("\n").replaceAll("\u0000", "");

const words = (text) => new Set(text.match(/\w+/g) ?? []);

/** The public items of a file: { name, owner } where owner is the type of an impl, or nothing. */
function items(source) {
  const found = [];
  let owner;
  let traitOf = false;
  const code = source.split(/^#\[cfg\(test\)\]\nmod /m)[0];
  for (const line of code.split("\n")) {
    const impl = line.match(/^impl(?:<[^>]*>)?\s+(?:(.*)\s+for\s+)?&?([\w:]+)/);
    if (impl) {
      owner = impl[2];
      traitOf = Boolean(impl[1]);
    } else if (/^\S/.test(line) && !line.startsWith("}") && !line.startsWith("#") && !line.startsWith("//")) {
      owner = undefined;
    }
    const item = line.match(/^(\s*)pub (?:const |unsafe |async )*(fn|struct|enum|trait|type|const|static) (?:r#)?(\w+)/)
      ?? line.match(/^(\s*)pub (const) (\w+)/);
    if (!item || traitOf || understood.has(item[3])) continue;
    found.push({ name: item[3], owner: item[1] ? owner : undefined });
  }
  return found;
}

const wrong = [];
let count = 0;
for (const crate of crates) {
  const sources = below(join(crate, "src"), ".rs");
  const blocks = [
    ...sources.flatMap((path) => running(comments(read(path))).map((code) => ({ path, words: words(code) }))),
    ...[join(crate, "README.md"), ...below("docs/protocol", ".md")].flatMap((path) =>
      running(read(path)).map((code) => ({ path, words: words(code) })),
    ),
  ];
  for (const path of sources) {
    for (const { name, owner } of items(read(path))) {
      count += 1;
      const shown = blocks.some(
        (block) => block.words.has(name) && (!owner || block.path === path || block.words.has(owner)),
      );
      if (!shown) wrong.push({ path, text: owner ? `${owner}::${name}` : name });
    }
  }
}

const [folder] = process.argv.slice(2);
if (folder) {
  for (const { path, text } of wrong.filter(({ path }) => path.startsWith(folder))) console.log(`${path}: ${text}`);
} else if (wrong.length > 0) {
  for (const { path, text } of wrong) console.error(`${path}: ${text} appears in no example that runs`);
  process.exit(1);
} else {
  console.log(`each of ${count} public items appears in an example that runs`);
}
