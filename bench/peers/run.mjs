// Measures the peers on the chain of the indexer's own benchmark, which runs this three times: `live` while the chain is
// short, `backfill` when it is filled, and `table` at the end. PEERS_NODE, PEERS_ESCROW, PEERS_VAULT, PEERS_EVENTS and
// PEERS_FOLDER say where and what.
import { randomBytes } from "node:crypto";
import { selector } from "../../script/tools/abi.mjs";
import { ponder } from "./ponder.mjs";
import { postgres } from "./postgres.mjs";
import { keep, table } from "./results.mjs";

const { PEERS_NODE: node, PEERS_VAULT: vault, PEERS_EVENTS: written } = process.env;
const SAMPLES = 100;

async function rpc(method, ...params) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const answer = await fetch(node, { method: "POST", headers: { "content-type": "application/json" }, body });
  const { result, error } = await answer.json();
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Sends an anchor and waits for its row; `each` is done while it is not there. */
async function anchor(who, peer, each) {
  const [from] = await rpc("eth_accounts");
  const root = `0x${randomBytes(32).toString("hex")}`;
  const start = performance.now();
  await rpc("eth_sendTransaction", { from, to: vault, data: selector("anchorBatch(bytes32)") + root.slice(2) });
  while (!(await peer.anchored(root))) {
    if (performance.now() - start > 60_000) throw new Error(`${who} shows no row after a minute`);
    await each();
  }
  return Math.round((performance.now() - start) * 1000);
}

/** From sending a transaction to its row. */
async function live(who, peer) {
  // what came before it listened it learns with the next block
  await anchor(who, peer, async () => {
    await pause(500);
    await rpc("evm_mine");
  });
  const times = [];
  while (times.length < SAMPLES) {
    times.push(await anchor(who, peer, () => pause(1)));
    // what comes together is taken together
    await pause(20);
  }
  times.sort((a, b) => a - b);
  keep(who, { p50: times[SAMPLES / 2], p95: times[(SAMPLES * 95) / 100] });
}

async function backfill(who, peer) {
  const found = await peer.events();
  if (found < Number(written)) throw new Error(`${who} has ${found} of ${written} events`);
  keep(who, { rate: (found * 1000) / peer.milliseconds });
}

async function each(measure) {
  for (const [who, server] of [["Ponder, PGlite (its default)", undefined], ["Ponder, PostgreSQL", postgres]]) {
    const database = await server?.();
    if (server && !database) {
      keep(who, { missing: "no PostgreSQL here" });
      continue;
    }
    try {
      const peer = await ponder(database?.address);
      try {
        await measure(who, peer);
      } finally {
        await peer.stop();
      }
    } finally {
      await database?.end();
    }
  }
}

const [phase] = process.argv.slice(2);
if (phase === "live") {
  await each(live);
} else if (phase === "backfill") {
  // what is not final would be read one by one
  await rpc("anvil_mine", "0x40");
  await each(backfill);
} else {
  console.log(`\n${table()}`);
}
