// Writes docs/errors.md from contracts/errors.json, the one list of the contracts' errors. Fails when the list lacks an
// error of an ABI in out/ or has one that no ABI knows, when a selector, a class or a contract is wrong, or when the
// faults differ from the enum in contracts/libraries/TermsRules.sol. `--check` also fails when the page is stale.
import { deployed, selector, signatureOf } from "./abi.mjs";
import { finish, textOf } from "./generated-files.mjs";

const { wire, errors, libraries, faults } = JSON.parse(textOf("contracts/errors.json"));
let failed = false;
const fail = (message) => {
  console.error(`contracts/errors.json: ${message}`);
  failed = true;
};

/** Every error of an ABI, with the contracts that have it. */
const built = new Map();
for (const { name, artifact } of deployed()) {
  for (const item of artifact.abi.filter(({ type }) => type === "error")) {
    const signature = signatureOf(item);
    built.set(signature, [...(built.get(signature) ?? []), name]);
  }
}

const listed = new Set();
for (const { signature, contracts } of errors) {
  if (listed.has(signature)) fail(`${signature} stands twice`);
  listed.add(signature);
  const expected = built.get(signature);
  if (!expected) fail(`no contract has ${signature}`);
  else if (expected.join() !== contracts.join()) fail(`${signature} is an error of ${expected.join(", ")}`);
}
for (const [signature, names] of built) {
  if (!listed.has(signature)) fail(`${signature} of ${names.join(", ")} is missing (selector ${selector(signature)})`);
}
for (const { signature, library } of libraries) {
  const source = textOf(`node_modules/solady/src/utils/${library}.sol`);
  if (!source.includes(`error ${signature};`)) fail(`${library} has no ${signature}`);
}
for (const error of [...errors, ...libraries]) {
  const { signature } = error;
  if (error.selector !== selector(signature)) fail(`the selector of ${signature} is ${selector(signature)}`);
  if (!wire[error.wire]) fail(`${signature}: ${error.wire} is no wire code`);
  else if (wire[error.wire] !== error.class) fail(`${signature}: ${error.wire} is of class ${wire[error.wire]}`);
  for (const field of ["happened", "todo"]) if (!error[field]) fail(`${signature} lacks "${field}"`);
}

const [, body] = textOf("contracts/libraries/TermsRules.sol").match(/enum Fault \{([^}]*)\}/) ?? fail("no enum Fault");
const members = body.match(/^\s*[A-Z_]+,?$/gm).map((line) => line.trim().replace(",", ""));
if (members.join() !== faults.map(({ name }) => name).join()) {
  const names = new Set(faults.map(({ name }) => name));
  const missing = members.filter((name) => !names.has(name));
  fail(`the faults differ from the enum${missing.length ? `; missing: ${missing.join(", ")}` : " or its order"}`);
}

const row = ({ signature, selector, contracts, library, wire, class: kind, happened, todo }) =>
  `| \`${signature}\`<br>\`${selector}\` | ${(contracts ?? [library]).join(", ")} | ${wire} | ${kind} | ${happened} | ${todo} |`;
const head = "| error | contract | wire code | class | what happened | what to do |\n|---|---|---|---|---|---|";

const page = `# Errors

<!-- Generated from contracts/errors.json by \`make generate\`: do not edit. -->

Every call that is refused reverts with one of these errors and changes nothing. The first four bytes of the revert data
are the selector; the values follow in ABI encoding. \`cast decode-error\`, or any library with the ABI, shows them:

\`\`\`console
$ cast decode-error --sig 'TooEarly(uint256)' ${selector("TooEarly(uint256)")}000000000000000000000000000000000000000000000000000000006ab1a8d1
1790027985 [1.79e9]
\`\`\`

Each error has one wire code, which services of the protocol put into their answers. The class says what to do with the
request: **F** is final (the same request fails again), **T** may work later as it is, **R** works after a change that
the requester makes himself (new deadline, new quote, more gas).

An error of a token or of Permit2 while money is pulled in is passed on as it came and is not listed here.

## Errors of the contracts

${head}
${errors.map(row).join("\n")}

## Errors of the libraries inside

They are not in the ABIs of the contracts.

${head}
${libraries.map(row).join("\n")}

## Faults of terms

The value inside \`InvalidTerms(uint8)\`: the first rule that the terms break. \`deliverBy\`, \`commitBy\` and the others are
the fields of \`OrderTerms\`.

| number | fault | field | fix |
|---|---|---|---|
${faults.map(({ name, field, fix }, index) => `| ${index} | ${name} | ${field} | ${fix} |`).join("\n")}
`;

finish({ "docs/errors.md": page }, failed);
