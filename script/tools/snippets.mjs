// Pieces of code between `// snippet:name` and `// endsnippet`, without the indentation they stand in.
import { textOf } from "./generated-files.mjs";

/** Every snippet of a file, by name. */
export function snippetsOf(path) {
  const found = new Map();
  for (const [, name, body] of textOf(path).matchAll(/^ *\/\/ snippet:([a-z0-9-]+)\n([^]*?)^ *\/\/ endsnippet$/gm)) {
    const lines = body.trimEnd().split("\n");
    const indent = Math.min(...lines.filter((line) => line.trim()).map((line) => line.match(/^ */)[0].length));
    found.set(name, lines.map((line) => line.slice(indent)).join("\n"));
  }
  return found;
}

export function snippet(path, name) {
  const text = snippetsOf(path).get(name);
  if (text === undefined) throw new Error(`${path} has no snippet ${name}`);
  return text;
}
