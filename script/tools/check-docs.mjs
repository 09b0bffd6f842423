// Fails when a page links to a file or a heading that is not there, names a make target or a path that does not
// exist, names an error that no contract or script has, or shows a gas figure (the number before
// `<!-- figure:Group/row -->`) that is not the snapshot's. Also runs the check of the gas table, which is not a
// generator because it needs the snapshots of `make gas`.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "./artifacts.mjs";
import { figures, grouped } from "./snapshots.mjs";

const pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "vectors/README.md"].map((name) => join(root, name));
for (const entry of readdirSync(join(root, "crates"))) {
  const page = join(root, "crates", entry, "README.md");
  if (existsSync(page)) pages.push(page);
}
for (const entry of readdirSync(join(root, "docs"), { recursive: true })) {
  if (entry.endsWith(".md") && !entry.includes("node_modules")) pages.push(join(root, "docs", entry));
}

const targets = new Set([...readFileSync(join(root, "Makefile"), "utf8").matchAll(/^([a-z-]+):/gm)].map(([, name]) => name));
const { errors, libraries, faults } = JSON.parse(readFileSync(join(root, "contracts/errors.json"), "utf8"));
const errorNames = new Set([...errors, ...libraries].map(({ signature }) => signature.split("(")[0]));
// what the deployment scripts refuse is declared where it is thrown
for (const entry of readdirSync(join(root, "script"), { recursive: true })) {
  if (!entry.endsWith(".sol")) continue;
  for (const [, name] of readFileSync(join(root, "script", entry), "utf8").matchAll(/^ +error (\w+)\(/gm)) errorNames.add(name);
}
const faultNames = new Set(faults.map(({ name }) => name));
let failed = false;
let checked = 0;
const fail = (page, message) => {
  console.error(`${relative(root, page)}: ${message}`);
  failed = true;
};

/** A heading as links name it. */
const anchor = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

function anchorsOf(path) {
  return new Set([...readFileSync(path, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchor(heading)));
}

for (const page of pages) {
  const text = readFileSync(page, "utf8");
  const prose = text.replace(/^```[^]*?^```/gm, "").replace(/`[^`\n]*`/g, "");
  for (const [, target] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    checked += 1;
    const [file, fragment] = target.split("#");
    const path = file === "" ? page : join(dirname(page), file);
    if (!existsSync(path)) fail(page, `links to ${target}, which is not there`);
    else if (fragment && !anchorsOf(path).has(fragment)) fail(page, `links to ${target}, a heading that is not there`);
  }
  for (const [, command] of text.matchAll(/(?:`|^\$ )make ([a-z-]+)/gm)) {
    checked += 1;
    if (!targets.has(command)) fail(page, `make ${command} is not a target`);
  }
  for (const [, path] of text.matchAll(/`((?:contracts|docs|script|test|chains|crates)\/[\w./-]+)`/g)) {
    checked += 1;
    if (!existsSync(join(root, path))) fail(page, `names ${path}, which is not there`);
  }
  // the tables of errors in the guide name errors and faults that exist
  for (const [, cells] of text.matchAll(/^\| error \| do \|\n\|---\|---\|\n((?:\|.*\n)+)/gm)) {
    for (const [, cell] of cells.matchAll(/^\| ([^|]*) \|/gm)) {
      for (const [, name, value] of cell.matchAll(/`(\w+)(?:\((\w*)[^)]*\))?`/g)) {
        checked += 1;
        if (!errorNames.has(name)) fail(page, `${name} is no error`);
        else if (/^[A-Z_]+$/.test(value ?? "") && !faultNames.has(value)) fail(page, `${value} is no fault`);
      }
    }
  }
  for (const [, number, row] of text.matchAll(/([\d,]+) <!-- figure:([^>]+?) -->/g)) {
    checked += 1;
    const figure = figures.get(row);
    if (figure === undefined) fail(page, `no snapshot of "${row}"`);
    else if (grouped(figure) !== number) fail(page, `"${row}" is ${grouped(figure)}, not ${number}`);
  }
}

const table = spawnSync("node", [join(root, "script/tools/gas-table.mjs"), "--check"], { encoding: "utf8" });
if (table.status !== 0) {
  console.error(table.stderr);
  failed = true;
}
console.log(`docs: ${pages.length} pages, ${checked} links, commands, paths and figures`);
process.exit(failed ? 1 : 0);
