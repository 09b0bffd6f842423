// Runs the queries of docs/events.md as they stand there against a local chain on which each has an answer, and compares
// what they find with a filter over all logs. DEMO_NODE and DEMO_DEPLOYMENT say where; a line for each query.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Contract, pass, readJson, rpc, send, word } from "../../script/demo/chain.mjs";
import { hash, signatureOf } from "../../script/tools/abi.mjs";

const { contracts } = readJson(process.env.DEMO_DEPLOYMENT);
const contract = (name) => new Contract(name, contracts[name].address.toLowerCase());
const escrow = contract("CoreProverEscrow");
const vault = contract("ReceiptVault");
const [, buyer, seller, anybody, , , , , party] = await rpc("eth_accounts");
const COIN = `0x${"0".repeat(40)}`;

/** A refund that cannot be paid out, and is fetched later. */
async function credit() {
  const id = `0x${word(1)}`;
  await send(party, escrow.address, escrow.data("createEscrow", id, seller, 3600n, 3600n, false, 0n), 1_000n);
  await pass(3_700);
  await rpc("anvil_setCode", party, "0x5f5ffd"); // takes no money
  await send(anybody, escrow.address, escrow.data("refundBuyerTimeout", id));
  await rpc("anvil_setCode", party, "0x");
  await send(anybody, escrow.address, escrow.data("withdraw", COIN, party));
}

await credit();
const logs = await rpc("eth_getLogs", { fromBlock: "0x0", toBlock: "latest", address: [escrow.address, vault.address] });
const topic = ({ abi }, name) => hash(signatureOf(abi.find((item) => item.type === "event" && item.name === name)));
const padded = (address) => `0x${word(address)}`;

// in the order of the page: whose logs, and which topics
const id = logs.findLast((log) => log.address === vault.address).topics[1];
const expected = [
  [escrow, [null, id]],
  [vault, [topic(vault, "ReceiptIssued"), id]],
  [escrow, [topic(escrow, "OrderCreated"), null, padded(buyer)]],
  [vault, [topic(vault, "ReceiptIssued"), null, null, padded(seller)]],
  [escrow, [topic(escrow, "Owed"), null, padded(party)]],
  [escrow, [topic(escrow, "Withdrawn"), null, padded(party)]],
];
const section = readFileSync("docs/events.md", "utf8").match(/^## Queries$([^]*?)^## /m)[1].replaceAll("\\\n", "");
const commands = [...section.matchAll(/^\$ (.*)$/gm)].map(([, command]) => command);
if (commands.length !== expected.length) throw new Error(`${commands.length} queries, ${expected.length} are expected`);

const env = {
  ...process.env,
  RPC: process.env.DEMO_NODE,
  DEPLOYED: String(contracts.CoreProverEscrow.block),
  ESCROW: escrow.address,
  VAULT: vault.address,
  ORDER_ID: id,
  BUYER: buyer,
  SELLER: seller,
  PARTY: party,
};
const place = (log) => `${Number(log.blockNumber)}-${Number(log.logIndex)}`;
commands.forEach((command, at) => {
  const [{ address }, topics] = expected[at];
  const right = logs.filter((log) => log.address === address && topics.every((one, n) => one === null || one === log.topics[n]));
  const answer = execFileSync("bash", ["-c", `${command} --json`], { env, encoding: "utf8" });
  const found = JSON.parse(answer).map(place).sort();
  if (right.length === 0 || found.join() !== right.map(place).sort().join()) {
    throw new Error(`${command}: found ${found}, and there is ${right.map(place)}`);
  }
  console.log(`query ${at + 1}: ${found.length} logs`);
});
