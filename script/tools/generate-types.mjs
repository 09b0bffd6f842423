// Writes contracts/libraries/TypeHashes.sol and docs/messages.md from contracts/eip712.json, the one list of signed
// messages. `--check` fails instead of writing when a file is stale.
import { readFileSync, writeFileSync } from "node:fs";

const root = new URL("../../", import.meta.url);
const { domains, version, types } = JSON.parse(readFileSync(new URL("contracts/eip712.json", root), "utf8"));
const byName = new Map(types.map((type) => [type.name, type]));

const ownString = (type) => `${type.name}(${type.fields})`;

/** A type string with the strings of the structs it refers to appended in alphabetical order, as EIP-712 says. */
function typeString(type) {
  const referred = type.fields
    .split(",")
    .map((field) => byName.get(field.split(" ")[0].replace("[]", "")))
    .filter(Boolean)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return [type, ...new Set(referred)].map(ownString).join("");
}

const constantName = (name) => name.replace(/([a-z])([A-Z])/g, "$1_$2").toUpperCase() + "_TYPEHASH";

function solidity() {
  const constants = types
    .map((type) => `/// @dev ${type.contract}; signed by ${type.signer}.\nbytes32 constant ${constantName(type.name)} = keccak256(\n    "${typeString(type)}"\n);\n`)
    .join("\n");
  return `// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

// Generated from contracts/eip712.json by \`make generate\`: do not edit.

${constants}`;
}

function markdown() {
  const rows = types.map((type) => `### ${type.name}\n\nContract: \`${type.contract}\`. Signer: ${type.signer}.\n\n\`\`\`text\n${typeString(type)}\n\`\`\`\n`);
  return `# Signed messages

<!-- Generated from contracts/eip712.json by \`make generate\`: do not edit. -->

Every signature the contracts accept is an EIP-712 signature in the domain
\`{name, version "${version}", chainId, verifyingContract}\`, where name is ${domains.map((d) => `\`${d}\``).join(", ")}.
A signature may be the 65-byte form, the 64-byte form of EIP-2098, or whatever a contract wallet accepts by EIP-1271.

${rows.join("\n")}`;
}

const files = { "contracts/libraries/TypeHashes.sol": solidity(), "docs/messages.md": markdown() };
let stale = false;
for (const [path, text] of Object.entries(files)) {
  const url = new URL(path, root);
  if (process.argv.includes("--check")) {
    let current = "";
    try {
      current = readFileSync(url, "utf8");
    } catch {
      // A missing file is a stale one.
    }
    if (current !== text) {
      console.error(`${path} is stale: run make generate`);
      stale = true;
    }
  } else {
    writeFileSync(url, text);
  }
}
process.exit(stale ? 1 : 0);
