// Prints the runtime and creation code size of every contract and fails above a limit.
import { contracts } from "./artifacts.mjs";

/** EIP-170, and EIP-3860 for creation code. */
const RUNTIME_LIMIT = 24_576;
const CREATION_LIMIT = 49_152;

/** Tighter limits of our own: room for what the proofs add later. */
const OWN_LIMITS = { CoreProverEscrow: 20_000 };

const bytes = (code) => (code.object.length - 2) / 2;

let failed = false;
for (const { name, artifact } of [...contracts().values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
  const runtime = bytes(artifact.deployedBytecode);
  const creation = bytes(artifact.bytecode);
  const limit = OWN_LIMITS[name] ?? RUNTIME_LIMIT;
  const ok = runtime <= limit && creation <= CREATION_LIMIT;
  failed ||= !ok;
  console.log(
    `${name.padEnd(24)} runtime ${String(runtime).padStart(6)} of ${limit}   creation ${String(creation).padStart(6)} of ${CREATION_LIMIT}${ok ? "" : "   TOO LARGE"}`,
  );
}
process.exit(failed ? 1 : 0);
