// Fails when a contract imports against the direction of docs/architecture.md: libraries know libraries, interfaces know
// both, contracts know all three and of each other only what their arrows say.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { root } from "./artifacts.mjs";

// The arrows of the picture, `name -- is --> base`, and the one contract that deploys another.
const picture = readFileSync(join(root, "docs/architecture.md"), "utf8");
const arrows = new Set([...picture.matchAll(/(\w+) -- is --> (\w+)/g)].map(([, from, to]) => `${from} ${to}`));
arrows.add("EscrowBase ReceiptVault");
const named = new Set([...arrows].flatMap((arrow) => arrow.split(" ")));

const layerOf = (path) => (path.includes("/") ? path.split("/")[0] : "");
const nameOf = (path) => path.split("/").at(-1).replace(".sol", "");
const LAYERS = {
  libraries: ["libraries"],
  interfaces: ["interfaces", "libraries"],
  guards: [],
  periphery: ["interfaces", "libraries"],
  "": ["interfaces", "libraries"],
};

/** What is above a contract in the picture: its bases, theirs, and so on. */
function bases(name, found = new Set()) {
  for (const arrow of arrows) {
    const [from, to] = arrow.split(" ");
    if (from !== name || found.has(to)) continue;
    found.add(to);
    bases(to, found);
  }
  return found;
}

const folder = join(root, "contracts");
const files = readdirSync(folder, { recursive: true }).filter((path) => path.endsWith(".sol"));
const wrong = [];
for (const path of files) {
  const text = readFileSync(join(folder, path), "utf8");
  for (const [, target] of text.matchAll(/^(?:import|\})[^;"]*"(\.[^"]+|guard\/[^"]+)";/gm)) {
    const to = target.startsWith("guard/")
      ? target.replace("guard/", "guards/")
      : normalize(relative(folder, join(folder, dirname(path), target)));
    const allowed =
      LAYERS[layerOf(path)]?.includes(layerOf(to)) ||
      (layerOf(path) === "" && ["", "guards"].includes(layerOf(to)) && bases(nameOf(path)).has(nameOf(to)));
    if (!allowed) wrong.push(`contracts/${path} imports contracts/${to}`);
  }
  if (layerOf(path) === "" && !named.has(nameOf(path)) && /^import [^;]*"\.\/\w+\.sol"/m.test(text)) {
    wrong.push(`contracts/${path} is not in the picture of docs/architecture.md`);
  }
}
for (const line of wrong) console.error(`against the direction of imports: ${line}`);
if (files.length < 20 || arrows.size < 8) throw new Error("contracts or picture not found");
if (wrong.length > 0) process.exit(1);
console.log(`imports: ${files.length} files, none against the direction`);
