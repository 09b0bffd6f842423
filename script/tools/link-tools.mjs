// Links the native forge, anvil and cast into .tools/bin. The launchers in node_modules/.bin must not be used in
// checks: they exit with 0 even when the tool failed.
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);
const require = createRequire(root);
const arch = { x64: "amd64", arm64: "arm64" }[process.arch];

const folder = fileURLToPath(new URL(".tools/bin/", root));
mkdirSync(folder, { recursive: true });
for (const tool of ["forge", "anvil", "cast"]) {
  const binary = require.resolve(`@foundry-rs/${tool}-${process.platform}-${arch}/bin/${tool}`);
  rmSync(`${folder}${tool}`, { force: true });
  symlinkSync(relative(folder, binary), `${folder}${tool}`);
}
