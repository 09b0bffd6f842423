// What every generator does at its end: write its files, or with --check fail when one is stale.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./artifacts.mjs";

export const checking = process.argv.includes("--check");

/** A file's text, empty when there is none. */
export function textOf(path) {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return "";
  }
}

/** Writes `{ path: text }`, or with --check compares; ends the process, with 1 when a file is stale or `failed`. */
export function finish(files, failed = false, command = "make generate") {
  let wrong = failed;
  for (const [path, text] of Object.entries(files)) {
    if (!checking) {
      writeFileSync(join(root, path), text);
    } else if (textOf(path) !== text) {
      console.error(`${path} is stale: run ${command}`);
      wrong = true;
    }
  }
  process.exit(wrong ? 1 : 0);
}
