// Hash locks, and the secrets that everybody knows.
import { fromHex, hex, sha256 } from "./bytes.js";
import { Refusal } from "./refusal.js";
import { secret, sha256Text } from "./values.js";

/** The lock of a secret of 32 bytes. */
export const lockOf = (text: string): string => `sha256:${hex(sha256(fromHex(secret(text).slice(2))))}`;

/** Locks that everybody can open. */
function knownLocks(): string[] {
  const secrets = [...Array(256).keys()].map((byte) => new Uint8Array(32).fill(byte));
  const nothing = sha256(new Uint8Array());
  return [new Uint8Array(32), nothing, sha256(nothing), ...secrets.map(sha256)].map((hash) => `sha256:${hex(hash)}`);
}

const KNOWN = knownLocks();

export function usable(lock: string): string {
  if (KNOWN.includes(sha256Text(lock))) throw new Refusal("KnownSecret");
  return lock;
}
