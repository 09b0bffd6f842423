// A PostgreSQL of the run: the newest server program of this machine, with its own settings for durability.
import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const { Client } = createRequire(new URL("../../docs/examples/ponder/node_modules/", import.meta.url))("pg");

export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Where it answers and how it ends, or undefined where there is no program. */
export async function postgres() {
  const versions = existsSync("/usr/lib/postgresql") ? readdirSync("/usr/lib/postgresql").map(Number).sort((a, b) => b - a) : [];
  if (versions.length === 0) return undefined;
  const programs = `/usr/lib/postgresql/${versions[0]}/bin`;
  const folder = mkdtempSync(join(tmpdir(), "coreprover-peers-"));
  // the server refuses to run as root
  const as = {};
  if (process.getuid() === 0) {
    [as.uid, as.gid] = ["-u", "-g"].map((flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" })));
    chownSync(folder, as.uid, as.gid);
  }
  const data = join(folder, "data");
  const init = ["--auth=trust", "--username=coreprover", "--encoding=UTF8", "--no-locale", "-D", data];
  execFileSync(join(programs, "initdb"), init, { ...as, cwd: folder, stdio: "ignore" });
  const port = await freePort();
  const settings = ["-D", data, "-p", String(port), "-c", "listen_addresses=127.0.0.1", "-c", `unix_socket_directories=${folder}`];
  const server = spawn(join(programs, "postgres"), settings, { ...as, cwd: folder, stdio: "ignore" });
  const address = `postgres://coreprover@127.0.0.1:${port}/postgres`;
  for (let tries = 0; ; ++tries) {
    const client = new Client(address);
    try {
      await client.connect();
      await client.end();
      break;
    } catch (error) {
      if (tries === 200 || server.exitCode !== null) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
  const end = async () => {
    const over = new Promise((done) => server.once("exit", done));
    server.kill("SIGINT");
    await over;
    rmSync(folder, { recursive: true });
  };
  return { address, end };
}
