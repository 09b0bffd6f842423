// Ponder with the project beside, on a new database each time.
import { spawn } from "node:child_process";
import { existsSync, rmSync, symlinkSync } from "node:fs";
import { createInterface } from "node:readline";
import { Client, freePort } from "./postgres.mjs";

const project = new URL("ponder/", import.meta.url).pathname;
const packages = new URL("../../docs/examples/ponder/node_modules", import.meta.url).pathname;

/** Starts it and waits until its backfill is done; `database` is a PostgreSQL, its own PGlite without one. */
export async function ponder(database) {
  if (!existsSync(packages)) throw new Error("Ponder is not installed: run `make bench-peers`");
  if (!existsSync(`${project}node_modules`)) symlinkSync(packages, `${project}node_modules`);
  rmSync(`${project}.ponder`, { recursive: true, force: true });
  const port = await freePort();
  const words = ["start", "--schema", "peers", "--port", String(port), "--hostname", "127.0.0.1", "--log-format", "json"];
  const env = { ...process.env, PONDER_TELEMETRY_DISABLED: "true", PEERS_DATABASE: database ?? "" };
  const child = spawn(process.execPath, [`${packages}/ponder/dist/esm/bin/ponder.js`, ...words], { cwd: project, env });
  const over = new Promise((done) => child.once("exit", done));
  const end = async () => {
    child.kill();
    await over;
    rmSync(`${project}.ponder`, { recursive: true, force: true });
  };
  const said = [];
  const backfill = new Promise((done, refuse) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      said.push(line);
      const { msg, duration } = line.startsWith("{") ? JSON.parse(line) : {};
      if (msg?.startsWith("Completed backfill indexing")) done(duration);
    });
    createInterface({ input: child.stderr }).on("line", (line) => said.push(line));
    over.then(() => refuse(new Error(`Ponder ended:\n${said.slice(-20).join("\n")}`)));
  });
  const milliseconds = await backfill;
  const ask = async (query) => {
    const body = JSON.stringify({ query });
    const answer = await fetch(`http://127.0.0.1:${port}/graphql`, { method: "POST", headers: { "content-type": "application/json" }, body });
    const { data, errors } = await answer.json();
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };
  const client = database && new Client(database);
  await client?.connect();
  /** Whether the row of an anchor is there: straight from the database, or where it is inside Ponder, from its API. */
  const anchored = async (root) => {
    if (client) return (await client.query('SELECT 1 FROM "peers"."anchor" WHERE root = $1', [root])).rowCount === 1;
    return (await ask(`{ anchor(root: "${root}") { root } }`)).anchor !== null;
  };
  const events = async () => {
    const { orders, anchors } = await ask("{ orders(limit: 1) { totalCount } anchors(limit: 1) { totalCount } }");
    return orders.totalCount + anchors.totalCount;
  };
  const stop = async () => {
    await client?.end();
    await end();
  };
  return { milliseconds, anchored, events, stop };
}
