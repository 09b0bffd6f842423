// Holds the branching trees beside the tests against them, as far as prose can be: each test file of a verb has a tree
// of its contract's name, each tree is drawn soundly and no condition is left without an outcome, each error it names
// is declared and spoken of in the test or in what it imports, and each other test it names exists. Whether a sentence
// is tested is the reviewer's to see.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { root } from "./artifacts.mjs";

// Tables, figures, vectors, campaigns and proofs have no branches of their own.
const WITHOUT = [
  /^test\/(chains|docs|gas|invariant|script|symbolic|vectors)\//,
  /\/(Matrix\w*|Regressions|RustVector|\w*Invariants)\.t\.sol$/,
];

let failed = false;
const fail = (path, message) => {
  console.error(`${relative(root, path)}: ${message}`);
  failed = true;
};

function* walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}

const tests = join(root, "test");

/** The text of a test and of what it imports from the tests, by path. */
function sources(path, seen = new Map()) {
  if (seen.has(path) || !path.startsWith(tests)) return seen;
  const text = readFileSync(path, "utf8");
  seen.set(path, text);
  for (const [, target] of text.matchAll(/(?:from|import) "(\.[^"]+)"/g)) {
    sources(normalize(join(dirname(path), target)), seen);
  }
  return seen;
}

/** The nodes of a tree in order, `{ depth, text }`, from the second line on. */
function nodesOf(path, lines) {
  return lines.map((line, index) => {
    const [, indent, text] = line.match(/^((?:│ {3}| {4})*)[├└]── (.+)$/) ?? [];
    if (text === undefined) fail(path, `line ${index + 2} is not drawn as a branch`);
    return { depth: (indent?.length ?? 0) / 4, text: text ?? "", last: line.includes("└") };
  });
}

function checkDrawing(path, nodes) {
  nodes.forEach((node, index) => {
    const next = nodes[index + 1];
    if (next && next.depth > node.depth + 1) fail(path, `"${next.text}" skips a level`);
    if (/^(when|given) /.test(node.text) && !(next?.depth > node.depth)) fail(path, `"${node.text}" has no outcome`);
    // the next node that is not below this one ends its branch or goes on with it
    const after = nodes.slice(index + 1).find(({ depth }) => depth <= node.depth);
    if (node.last !== (after?.depth !== node.depth)) fail(path, `"${node.text}" is drawn with the wrong corner`);
  });
}

const files = [...walk(tests)];
const declared = new Set();
for (const path of [...walk(join(root, "contracts")), ...files]) {
  if (!path.endsWith(".sol")) continue;
  for (const [, name] of readFileSync(path, "utf8").matchAll(/^\s*error (\w+)\(/gm)) declared.add(name);
}

let count = 0;
for (const path of files.filter((file) => file.endsWith(".tree"))) {
  const test = path.replace(/\.tree$/, ".t.sol");
  if (!existsSync(test)) {
    fail(path, "no test beside it");
    continue;
  }
  ++count;
  const [name, ...lines] = readFileSync(path, "utf8").trimEnd().split("\n");
  const own = readFileSync(test, "utf8");
  if (!new RegExp(`^contract ${name} `, "m").test(own)) fail(path, `${name} is not the contract of its test`);
  checkDrawing(path, nodesOf(path, lines));
  const tree = lines.join("\n");
  // `it reverts with Error (Other)` leaves it to the test of that name beside this one
  for (const [, error, other] of tree.matchAll(/reverts? with ([A-Z]\w+)(?: \((\w+)\)$)?/gm)) {
    const elsewhere = join(dirname(path), `${other}.t.sol`);
    const spoken = [...sources(other && existsSync(elsewhere) ? elsewhere : test).values()].join("\n");
    if (!declared.has(error)) fail(path, `no error ${error} is declared`);
    // a test says it by selector, by signature, or by a helper of its own
    if (!new RegExp(`(?<!error )\\b${error}(\\.selector|\\()`).test(spoken)) fail(path, `its test never speaks of ${error}`);
  }
  for (const [, other] of tree.matchAll(/\b(\w+\.t\.sol)\b/g)) {
    if (!files.some((file) => file.endsWith(`/${other}`))) fail(path, `there is no ${other}`);
  }
}

for (const path of files.filter((file) => file.endsWith(".t.sol"))) {
  if (WITHOUT.some((pattern) => pattern.test(relative(root, path)))) continue;
  if (!existsSync(path.replace(/\.t\.sol$/, ".tree"))) fail(path, "no tree beside it");
}

if (failed) process.exit(1);
console.log(`${count} trees agree with their tests`);
