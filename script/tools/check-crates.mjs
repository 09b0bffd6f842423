// Fails when a crate depends on another against docs/architecture.md, or when the modules of a crate import each other in
// a circle: what a module builds on must be readable without it. The drawing of the protocol crate's modules on that page
// must be what its code imports.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./artifacts.mjs";

// The list of docs/architecture.md: `crate` <- what it may build on.
const page = readFileSync(join(root, "docs/architecture.md"), "utf8");
const allowed = new Map(
  [...page.matchAll(/^\| `(crates\/\w+)` \| `([\w-]+)` \| ([^|]*) \|/gm)].map(([, folder, name, on]) => [
    folder,
    { name, on: [...on.matchAll(/`([\w-]+)`/g)].map(([, other]) => other) },
  ]),
);
const names = new Set([...allowed.values()].map(({ name }) => name));
const wrong = [];

/** The dependencies of a manifest that are crates of this workspace. */
function siblings(manifest) {
  const [, section = ""] = manifest.match(/^\[dependencies\]\n([^]*?)(?=^\[|$(?![^]))/m) ?? [];
  return [...section.matchAll(/^([\w-]+)(?:\.workspace)?\s*=/gm)].map(([, name]) => name).filter((name) => names.has(name));
}

/** Every Rust file below a folder. */
const sources = (folder) => readdirSync(folder, { recursive: true }).filter((path) => path.endsWith(".rs"));

/** The edges between the top modules of a crate: module -> modules that its code names. */
function modules(folder) {
  const library = readFileSync(join(folder, "lib.rs"), "utf8");
  const tops = [...library.matchAll(/^(?:pub )?mod (\w+);/gm)].map(([, name]) => name);
  // what the crate's root gives on belongs to the module that it comes from
  const given = new Map();
  for (const [, module, list] of library.matchAll(/^pub use (\w+)::(\{[^}]*\}|\w+);/gm)) {
    // what another crate has belongs to no module of this one
    if (!tops.includes(module)) continue;
    for (const [name] of list.matchAll(/\w+/g)) given.set(name, module);
  }
  const edges = new Map(tops.map((name) => [name, new Set()]));
  for (const path of sources(folder)) {
    const from = path.split("/")[0].replace(/\.rs$/, "");
    if (!edges.has(from)) continue;
    // the tests at a file's end may use everything, comments name what they like
    const code = readFileSync(join(folder, path), "utf8").split(/^#\[cfg\(test\)\]/m)[0].replace(/^\s*\/\/.*$/gm, "");
    for (const [, list] of code.matchAll(/\bcrate::(\{[^;]*?\};|\w+)/g)) {
      const named = list.startsWith("{") ? topNames(list) : [list];
      for (const name of named) {
        const to = edges.has(name) ? name : given.get(name);
        if (to && to !== from) edges.get(from).add(to);
      }
    }
  }
  return edges;
}

/** The first names in `{a::{b, c}, d}`: a, d. */
function topNames(list) {
  let depth = 0;
  let flat = "";
  for (const sign of list) {
    if (sign === "{") depth += 1;
    if (depth === 1 && sign !== "{") flat += sign;
    if (sign === "}") depth -= 1;
  }
  return flat.split(",").map((part) => part.trim().split("::")[0]).filter(Boolean);
}

/** A way from a module back to itself, or nothing. */
function circle(edges) {
  const done = new Set();
  const walk = (name, way) => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const next of edges.get(name)) {
      const found = walk(next, [...way, name]);
      if (found) return found;
    }
    done.add(name);
    return undefined;
  };
  for (const name of edges.keys()) {
    const found = walk(name, []);
    if (found) return found;
  }
  return undefined;
}

/** Everything that a module builds on, by whatever way. */
function below(edges, name, found = new Set()) {
  for (const next of edges.get(name) ?? []) {
    if (!found.has(next)) below(edges, next, found.add(next));
  }
  return found;
}

/** The arrows of a drawing: `a --> b & c --> d`. */
function drawn(text) {
  const arrows = new Map();
  for (const line of text.split("\n")) {
    const steps = line.split("-->").map((step) => step.split("&").map((name) => name.trim()));
    for (let place = 1; place < steps.length; place += 1) {
      for (const from of steps[place - 1]) {
        for (const to of steps[place]) arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
      }
    }
  }
  return arrows;
}

/** Holds the drawing of a crate's modules against what its code imports; arrows that follow from others are left out. */
function checkDrawing(edges) {
  const [, text] = page.match(/^## Modules of the protocol crate\n[^]*?```mermaid\n([^]*?)```/m) ?? [];
  if (!text) return wrong.push("docs/architecture.md has no drawing of the protocol crate's modules");
  const arrows = drawn(text);
  for (const [name, ons] of edges) {
    const needed = [...ons].filter((on) => ![...ons].some((other) => other !== on && below(edges, other).has(on)));
    const shown = arrows.get(name) ?? new Set();
    for (const on of needed) if (!shown.has(on)) wrong.push(`docs/architecture.md does not show ${name} --> ${on}`);
    for (const on of shown) if (!needed.includes(on)) wrong.push(`docs/architecture.md shows ${name} --> ${on}`);
  }
  for (const name of arrows.keys()) if (!edges.has(name)) wrong.push(`docs/architecture.md shows a module ${name}`);
}

let count = 0;
for (const entry of readdirSync(join(root, "crates"))) {
  const folder = `crates/${entry}`;
  const rule = allowed.get(folder);
  if (!rule) {
    wrong.push(`${folder} is not in the table of docs/architecture.md`);
    continue;
  }
  const manifest = readFileSync(join(root, folder, "Cargo.toml"), "utf8");
  for (const name of siblings(manifest)) {
    if (!rule.on.includes(name)) wrong.push(`${folder} depends on ${name}`);
  }
  const source = join(root, folder, "src");
  if (existsSync(join(source, "lib.rs"))) {
    const edges = modules(source);
    const found = circle(edges);
    if (found) wrong.push(`${folder}: ${found.join(" -> ")}`);
    else if (folder === "crates/protocol") checkDrawing(edges);
  }
  count += 1;
}
for (const line of wrong) console.error(`imports: ${line}`);
if (allowed.size < 2) throw new Error("docs/architecture.md has no table of crates");
if (wrong.length > 0) process.exit(1);
console.log(`crates: ${count}, no dependency and no module against the direction`);
