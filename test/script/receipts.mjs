// Waits until an indexer with the table of docs/examples/ponder has read the chain, and compares its receipts with the
// vault's logs. The argument is where it serves; DEMO_NODE and DEMO_DEPLOYMENT say where the chain is.
import { Contract, readJson, rpc } from "../../script/demo/chain.mjs";

const [where] = process.argv.slice(2);
const { address } = readJson(process.env.DEMO_DEPLOYMENT).contracts.ReceiptVault;
const vault = new Contract("ReceiptVault", address);
const fields = ["orderId", "buyer", "seller", "sessionId", "token", "paid", "refunded", "fee", "outcome", "settledAt"];
const query = `{ receipts(limit: 100) { items { ${fields.join(" ")} transaction } } }`;

const logs = (await rpc("eth_getLogs", { fromBlock: "0x0", toBlock: "latest", address })).filter((log) => log.topics.length === 4);
const lines = (rows) => rows.map((row) => JSON.stringify(row)).sort().join("\n");
const expected = lines(logs.map((log) => {
  const issued = vault.event("ReceiptIssued", [log]);
  return Object.fromEntries([...fields.map((name) => [name, String(issued[name])]), ["transaction", log.transactionHash]]);
}));
if (expected === "") throw new Error("the vault issued no receipt");

async function receipts() {
  const ready = await fetch(`${where}/ready`).catch(() => undefined);
  if (!ready?.ok) return undefined;
  const body = JSON.stringify({ query });
  const answer = await fetch(`${where}/graphql`, { method: "POST", headers: { "content-type": "application/json" }, body });
  const { data, errors } = await answer.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data.receipts.items.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)])));
}

// what is not final yet comes live, after `ready`
const end = Date.now() + 180_000;
let rows;
do {
  if (Date.now() > end) throw new Error(`after three minutes the tables hold\n${lines(rows ?? [])}\nand the vault logged\n${expected}`);
  await new Promise((done) => setTimeout(done, 200));
  rows = await receipts();
} while (rows === undefined || lines(rows) !== expected);
console.log(`${rows.length} receipts, as the vault logged them`);
