// Writes docs/events.md from the ABIs in out/, the meanings in contracts/events.json and the logs of a real run in
// docs/examples/events.json (test/docs/EventExamples.t.sol writes and checks that file). Fails when an event or a field
// has no meaning, no event has that meaning, or an event has no example; `--check` also when the page is stale.
import { deployed, hash, signatureOf, typeOf } from "./abi.mjs";
import { finish, textOf } from "./generated-files.mjs";
import { snippet } from "./snippets.mjs";

const { events } = JSON.parse(textOf("contracts/events.json"));
const logs = JSON.parse(textOf("docs/examples/events.json"));
let failed = false;
const fail = (message) => {
  console.error(message);
  failed = true;
};

const isDynamic = ({ type, components = [] }) =>
  type === "string" || type === "bytes" || type.endsWith("]") || components.some(isDynamic);

/** The words of a field in the data of a log: a static struct takes one for each of its fields. */
function wordsOf(field, prefix = "") {
  const name = `${prefix}${field.name}`;
  if (isDynamic(field) || !field.type.startsWith("tuple")) return [{ ...field, name }];
  return field.components.flatMap((component) => wordsOf(component, `${name}.`));
}

const words = (data) => data.slice(2).match(/.{64}/g) ?? [];

/** A word as its type is written. */
function shown(word, type) {
  if (type === "address") return `0x${word.slice(24)}`;
  if (type === "bool") return word.endsWith("1") ? "true" : "false";
  if (type.startsWith("uint")) {
    const value = BigInt(`0x${word}`);
    return value < 1n << 96n ? String(value) : `0x${word}`;
  }
  if (type.startsWith("bytes")) return `0x${word.slice(0, 2 * Number(type.slice(5)))}`;
  return `0x${word}`;
}

/** Where each field is, and what it is in the example. */
function layout(item, log, meanings, name) {
  const rows = [["topic 0", "signature", "", `\`${log.topics[0]}\``, ""]];
  let topic = 1;
  const data = words(log.data);
  let offset = 0;
  for (const input of item.inputs) {
    const meaning = meanings[input.name];
    if (!meaning) fail(`contracts/events.json: ${name}.${input.name} has no meaning`);
    if (input.indexed) {
      rows.push([`topic ${topic}`, input.name, typeOf(input), `\`${shown(log.topics[topic].slice(2), input.type)}\``, meaning]);
      topic += 1;
      continue;
    }
    wordsOf(input).forEach((field, index) => {
      const place = `data 0x${(offset * 32).toString(16).padStart(2, "0")}`;
      const word = data[offset];
      const example = isDynamic(field) ? `at 0x${Number(`0x${word}`).toString(16)}` : shown(word, field.type);
      rows.push([place, field.name, typeOf(field), `\`${example}\``, index === 0 ? meaning : ""]);
      offset += 1;
    });
  }
  for (const field of Object.keys(meanings)) {
    if (!item.inputs.some((input) => input.name === field)) fail(`contracts/events.json: ${name} has no field ${field}`);
  }
  return rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
}

const sections = new Map();
const described = new Set();
for (const { name: contract, artifact } of deployed()) {
  for (const item of artifact.abi.filter(({ type }) => type === "event")) {
    const entry = events.find(({ name, contracts }) => name === item.name && contracts.includes(contract));
    const name = `${contract}.${item.name}`;
    if (!entry) {
      fail(`contracts/events.json lacks ${name}`);
      continue;
    }
    described.add(`${name}`);
    const signature = signatureOf(item);
    const topic = hash(signature);
    const log = logs.find((each) => each.contract === contract && each.topics[0] === topic);
    if (!log) {
      fail(`docs/examples/events.json lacks ${name} (WRITE_EXAMPLES=true forge test --match-path test/docs/EventExamples.t.sol)`);
      continue;
    }
    const { meaning, stored, fields, contracts } = entry;
    if (contracts[0] !== contract) continue; // shown with the first contract that has it
    const also = contracts.slice(1);
    const text = `### ${item.name}

${meaning}${also.length > 0 ? ` Also logged by ${also.join(" and ")}.` : ""}

\`\`\`text
${signature}
\`\`\`

Rebuilds: ${stored}.

| where | field | type | example | meaning |
|---|---|---|---|---|
${layout(item, log, fields, name)}

<details><summary>The example as a log</summary>

\`\`\`json
${JSON.stringify({ address: log.address, topics: log.topics, data: log.data }, null, 2)}
\`\`\`

</details>
`;
    sections.set(contract, [...(sections.get(contract) ?? []), { order: events.indexOf(entry), text }]);
  }
}
for (const { name, contracts } of events) {
  for (const contract of contracts) {
    if (!described.has(`${contract}.${name}`)) fail(`contracts/events.json: ${contract} has no event ${name}`);
  }
}

const order = ["CoreProverEscrow", "ReceiptVault", "HashedTimelock", "TgpRouter", "VerifierRegistry"];
const contractsInOrder = [...sections.keys()].sort((a, b) => order.indexOf(a) - order.indexOf(b));
const signatures = new Map();
for (const { artifact } of deployed()) {
  for (const item of artifact.abi.filter(({ type }) => type === "event")) {
    const inputs = item.inputs.map((input) => `${typeOf(input)}${input.indexed ? " indexed" : ""}`);
    signatures.set(item.name, `${item.name}(${inputs.join(",")})`);
  }
}
const query = (...names) => names.map((name) => `'${signatures.get(name)}'`).join(" ");
const fold = (name) => `\`\`\`solidity\n${snippet("test/docs/Fold.sol", name)}\n\`\`\``;

const page = `# Events

<!-- Generated by \`make generate\` from the ABIs, contracts/events.json and docs/examples/events.json: do not edit. -->

The events are public interface. From them alone an indexer rebuilds every field that the contracts store. The examples
are logs of a real run: \`test/docs/EventExamples.t.sol\` performs the flows and fails when this page no longer shows what
the contracts log.

- Follow two addresses for orders: the escrow, and its vault (\`escrow.vault()\`).
- Order the logs by block and log index. Within a transaction OrderEnded comes before ReceiptIssued, and both before the
  Held and Owed of the payouts.
- Amounts are in the token's smallest unit, times are seconds. Token 0 is the chain's coin.
- Pick an order's logs by topic 1, which is the order id in every event of a terms order and of its receipt, and the key
  in every event of a simple order. Match the id that you computed from the offer, never the session id alone: anybody
  can create an order that names your session.

## Queries

Patterns: fill in the node, the addresses and the id (\`test/script/queries.sh\` runs each as it stands here; the same with an
indexer: [guide/index-with-public-tools.md](guide/index-with-public-tools.md)). \`cast\` filters by an argument only where the signature says
\`indexed\`; an empty argument matches everything.

Everything that happened to one order, escrow and vault:

\`\`\`console
$ cast logs --rpc-url $RPC --from-block $DEPLOYED --address $ESCROW "" $ORDER_ID
$ cast logs --rpc-url $RPC --from-block $DEPLOYED --address $VAULT ${query("ReceiptIssued")} $ORDER_ID
\`\`\`

All orders of one buyer (topic 2 is the buyer, topic 3 the seller):

\`\`\`console
$ cast logs --rpc-url $RPC --from-block $DEPLOYED --address $ESCROW \\
    ${query("OrderCreated")} "" $BUYER
\`\`\`

All receipts of one seller:

\`\`\`console
$ cast logs --rpc-url $RPC --from-block $DEPLOYED --address $VAULT \\
    ${query("ReceiptIssued")} "" "" $SELLER
\`\`\`

Credits that wait for somebody:

\`\`\`console
$ cast logs --rpc-url $RPC --from-block $DEPLOYED --address $ESCROW ${query("Owed")} "" $PARTY
$ cast logs --rpc-url $RPC --from-block $DEPLOYED --address $ESCROW ${query("Withdrawn")} "" $PARTY
\`\`\`

## From logs to storage

The code below is a contract of the tests (\`test/docs/Fold.sol\`): it is fed the logs of the example flows, and what it
rebuilds must equal what the escrow stores. An open slot is \`state 8 | flags 8 | clock 40 | word 200\`, an ended one
\`state 8 | settledAt 40 | receiptHash 208\`. \`time\` is the timestamp of the log's block.

A terms order:

${fold("fold-slot")}

Its receipt:

${fold("fold-receipt")}

Shielded credits, and payouts that failed:

${fold("fold-money")}

A simple order:

${fold("fold-simple")}

${contractsInOrder
  .map(
    (contract) =>
      `## ${contract}\n\n${sections
        .get(contract)
        .sort((a, b) => a.order - b.order)
        .map(({ text }) => text)
        .join("\n")}`,
  )
  .join("\n")}`;

finish({ "docs/events.md": page }, failed);
