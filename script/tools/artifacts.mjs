// Reads the artifacts that `forge build` left in out/.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const root = new URL("../../", import.meta.url).pathname;

/** Every JSON file below a folder. */
function* jsonFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== "build-info") yield* jsonFiles(path);
    else if (entry.name.endsWith(".json")) yield path;
  }
}

/** The deployable contracts below a folder, by name: `{ name, source, artifact }`. */
export function contracts(folder = "contracts/") {
  const found = new Map();
  for (const path of jsonFiles(join(root, "out"))) {
    const artifact = JSON.parse(readFileSync(path, "utf8"));
    const [[source, name]] = Object.entries(artifact.metadata?.settings?.compilationTarget ?? { "": "" });
    if (source.startsWith(folder) && artifact.bytecode.object !== "0x") found.set(name, { name, source, artifact });
  }
  return found;
}
