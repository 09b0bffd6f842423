// Writes what the Rust crate of bindings is generated from: crates/bindings/abi/<Contract>.json, ABI and creation code
// of each contract that the Rust crates call, from the artifacts in out/, crates/bindings/src/enums.rs from the
// interfaces, the tables of events and errors in that crate from the ABIs and contracts/errors.json, and
// crates/protocol/src/order/messages.rs from contracts/eip712.json. `--check` fails instead of writing when a file is stale or left over.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { signatureOf } from "./abi.mjs";
import { contracts, root } from "./artifacts.mjs";
import { checking, finish } from "./generated-files.mjs";

const NAMES = [
  "CoreProverEscrow",
  "EscrowLens",
  "HashedTimelock",
  "ReceiptVault",
  "TestUSD",
  "TgpRouter",
  "VerifierRegistry",
];

// The Rust generator knows tuples of up to 24 fields. These calls of the lens take the 31 fields of an order by name;
// in Rust `Order` of the crate does what they do.
const MOST_FIELDS = 24;
const LEFT_OUT = { EscrowLens: ["orderIdOf", "pack", "unpack"] };

// Enums are plain numbers in an ABI: their names come from the source.
const ENUMS = {
  Source: "contracts/interfaces/ITreasury.sol",
  Fault: "contracts/libraries/TermsRules.sol",
  Verb: "contracts/interfaces/IEscrowLens.sol",
  VerifierStatus: "contracts/interfaces/IVerifierRegistry.sol",
};

// The contracts whose logs are read, with the names that they have in Rust.
const LOGGED = {
  Escrow: "CoreProverEscrow",
  Vault: "ReceiptVault",
  Timelock: "HashedTimelock",
  Router: "TgpRouter",
  Registry: "VerifierRegistry",
};

const folder = "crates/bindings/abi";
const files = {};
let failed = false;
const fail = (message) => {
  console.error(message);
  failed = true;
};

const fits = (parameter) =>
  (parameter.components?.length ?? 0) <= MOST_FIELDS && (parameter.components ?? []).every(fits);
const takes = (entry) => [...(entry.inputs ?? []), ...(entry.outputs ?? [])].every(fits);

// Local chains have the test dollar, so that clients can be tried against it.
const built = new Map([...contracts("test/tokens/"), ...contracts()]);
for (const name of NAMES) {
  const contract = built.get(name);
  if (!contract) {
    fail(`${name} is not in out/: run forge build, or take it off the list`);
    continue;
  }
  const { abi, bytecode } = contract.artifact;
  const leftOut = abi.filter((entry) => !takes(entry)).map((entry) => entry.name).sort();
  const expected = LEFT_OUT[name] ?? [];
  if (leftOut.join() !== expected.join()) fail(`${name}: ${leftOut} have too many fields, not ${expected}`);
  const text = JSON.stringify({ abi: abi.filter(takes), bytecode: { object: bytecode.object } }, null, 2);
  files[`${folder}/${name}.json`] = `${text}\n`;
}

for (const file of readdirSync(join(root, folder))) {
  if (NAMES.includes(file.replace(/\.json$/, ""))) continue;
  if (checking) fail(`${folder}/${file} belongs to no contract of the list: run make generate`);
  else rmSync(join(root, folder, file));
}

/** A generated module: its crate documentation and what stands in `sol!`. */
const rust = (about, source, macro, items) => `//! ${about}
//!
//! Generated from ${source} by \`make generate\`: do not edit.

${macro}! {
    #![sol(extra_derives(Debug, PartialEq, Eq, Hash))]

${items.join("\n")}}
`;

const { types } = JSON.parse(readFileSync(join(root, "contracts/eip712.json"), "utf8"));
const message = ({ name, contract, signer, fields }) => {
  const lines = fields.split(",").map((field) => `        ${field};\n`);
  return `    /// Of \`${contract}\`; signed by ${signer}.\n    #[allow(missing_docs)]\n    struct ${name} {\n${lines.join("")}    }\n`;
};
files["crates/protocol/src/order/messages.rs"] = rust(
  "Every message that the contracts hash or take a signature of, as EIP-712 types.",
  "`contracts/eip712.json`",
  "alloy_sol_types::sol",
  types.map(message),
);

const enumOf = ([name, path]) => {
  const source = readFileSync(join(root, path), "utf8");
  const [, documentation = "", body] = source.match(new RegExp(`((?:^///.*\\n)*)^enum ${name} \\{\\n([^}]*)^\\}`, "m")) ?? [];
  if (!body) {
    fail(`${path} has no enum ${name}`);
    return "";
  }
  const lines = documentation.replaceAll("@notice ", "").trimEnd().split("\n");
  return [...lines, "#[allow(missing_docs)]", `enum ${name} {`, ...body.trimEnd().split("\n"), "}", ""]
    .map((line) => (line ? `    ${line}` : line))
    .join("\n");
};
files["crates/bindings/src/enums.rs"] = rust(
  "The numbers that an ABI does not name.",
  "the interfaces",
  "alloy::sol",
  Object.entries(ENUMS).map(enumOf),
);

/** A table of macro calls, which no formatter touches. */
const table = (about, source, uses, lines) => `//! ${about}
//!
//! Generated from ${source} by \`make generate\`: do not edit.

${uses}

${lines.join("\n")}
`;

const abiOf = (name) => built.get(name)?.artifact.abi ?? [];
const KEYWORDS = new Set(["impl"]);
const names = (parameters) =>
  parameters
    .map(({ name }) => (KEYWORDS.has(name) ? `r#${name}` : name || fail("a parameter has no name")))
    .join(", ");
/** A name with its fields, or alone where there are none. */
const braced = (name, parameters) => `${name} { ${parameters.length ? `${names(parameters)} ` : ""}}`;

/** The structs that the parameters hold, the innermost first; one of an interface has the interface's own module. */
const structsOf = (contract, parameters) =>
  parameters.filter(({ components }) => components).flatMap(({ internalType, components }) => {
    const [name, module = contract] = internalType.match(/\w+/g).slice(1).reverse();
    return [...structsOf(contract, components), `${module}::${braced(name, components)}`];
  });

const eventsOf = (name) => abiOf(name).filter(({ type }) => type === "event");
files["crates/bindings/src/event/table.rs"] = table(
  "Every event of every contract, and the structs inside, with their fields.",
  "the ABIs",
  `use super::{Contract, Event, LogError, decode};
use crate::{${Object.values(LOGGED).sort().join(", ")}, fields::Field};
use alloy::{
    primitives::{B256, LogData},
    sol_types::SolEvent,
};
use serde_json::Value;`,
  [
    "crate::fields::object! {",
    ...Object.values(LOGGED).flatMap((name) =>
      [...new Set(eventsOf(name).flatMap(({ inputs }) => structsOf(name, inputs)))].map((line) => `    ${line}`),
    ),
    "}",
    "",
    "super::events! {",
    ...Object.entries(LOGGED).flatMap(([kind, name]) => [
      `    ${kind} = ${name}::${name}Events {`,
      ...eventsOf(name).map((event) => `        ${braced(event.name, event.inputs)}`),
      "    }",
    ]),
    "}",
  ],
);

const { errors, libraries } = JSON.parse(readFileSync(join(root, "contracts/errors.json"), "utf8"));
const code = (wire) => wire.toLowerCase().replace(/(?:^|_)(\w)/g, (_, letter) => letter.toUpperCase());
files["crates/bindings/src/revert/table.rs"] = table(
  "Every error of the contracts and of the libraries inside, with its fields and its code on the wire.",
  "the ABIs and `contracts/errors.json`",
  `use super::text;
use crate::{${Object.values(LOGGED).sort().join(", ")}, fields::plain};
use alloy::sol_types::SolError;
use tgp_protocol::Code;`,
  [
    "super::errors! {",
    ...errors.map(({ signature, contracts: [name], wire }) => {
      const error = abiOf(name).find((item) => item.type === "error" && signatureOf(item) === signature);
      if (!error) fail(`${name} has no error ${signature}`);
      return `    ${name}::${braced(error?.name, error?.inputs ?? [])} => ${code(wire)};`;
    }),
    ...libraries.map(({ signature, selector, wire }) => {
      if (!signature.endsWith("()")) fail(`${signature}: an error of a library has no fields here`);
      return `    ${selector} ${signature.replace("()", "")} => ${code(wire)};`;
    }),
    "}",
  ],
);

finish(files, failed);
