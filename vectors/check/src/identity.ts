// Who somebody is: the keys that a domain publishes, the wallets behind handles, and what is remembered of messages.
import { concat, fromHex, hex, taggedHash, utf8 } from "./bytes.js";
import { PublicKey } from "./ed25519.js";
import { at, list, listAt, need, objectAt, type Reader, record, text, textAt } from "./fields.js";
import { readGateway } from "./gateway.js";
import { type JsonObject, parseObject } from "./json.js";
import { keccak256 } from "./keccak.js";
import { verify } from "./message.js";
import { Refusal, within } from "./refusal.js";
import { recover, walletOf } from "./secp256k1.js";
import { address, chain, domain, handle, instant, kid, label, timeText } from "./values.js";

/** How far two clocks may differ. */
const SKEW_MS = 60_000;

const keyText = (value: string): void => {
  if (value.startsWith("ed25519:")) PublicKey.parse(value);
  else label(value);
};

const keyShape = record(
  {
    kid: text(kid),
    key: text(keyText),
    // what a role means is asked when a key is used
    roles: list(text(() => {})),
    not_before: text(instant),
    not_after: text(instant),
  },
  { verify_until: text(instant) },
);

const shape = record(
  { domain: text(domain), issued_at: text(instant), expires_at: text(instant), keys: list(keyShape) },
  { revoked: list(record({ kid: text(kid), since: text(instant) })) },
);

/** Until when what a key signed is verified. */
const lastOf = (key: JsonObject): number => instant(String(at(key, "verify_until") ?? textAt(key, "not_after")));

const keysOf = (directory: JsonObject): JsonObject[] => listAt(directory, "keys") as JsonObject[];

const directoryReader: Reader = (value) => {
  shape(value);
  need(instant(textAt(value, "issued_at")) < instant(textAt(value, "expires_at")), "Contradiction", "expires_at");
  const seen: string[] = [];
  listAt(value, "keys").forEach((key, place) => {
    within(`keys[${place}]`, () => {
      const [name, written] = [textAt(key, "kid"), textAt(key, "key")];
      if (written.startsWith("ed25519:")) need(PublicKey.parse(written).id() === name, "HashMismatch", "kid");
      need(listAt(key, "roles").length > 0, "WrongLength", "roles");
      const end = instant(textAt(key, "not_after"));
      need(instant(textAt(key, "not_before")) < end, "Contradiction", "not_after");
      need(end <= lastOf(key as JsonObject), "Contradiction", "verify_until");
      need(!seen.includes(name), "DuplicateName", "kid");
      seen.push(name);
    });
  });
};

export function verifyDirectory(value: JsonObject, root: PublicKey, now: string): void {
  directoryReader(value);
  verify(value, "keys", root, "sig");
  need(instant(textAt(value, "issued_at")) <= instant(now) + SKEW_MS, "InTheFuture", "issued_at");
  need(instant(now) < instant(textAt(value, "expires_at")), "InThePast", "expires_at");
}

/** The key of this id, for this role, at this time: whether it signs, or only verifies what is under way. */
export function lookUp(directory: JsonObject, id: string, role: string, time: string): [PublicKey, boolean] {
  const revoked = listAt(directory, "revoked").some((entry) => textAt(entry, "kid") === id);
  need(!revoked, "KeyRevoked", "kid");
  const entry = keysOf(directory).find((key) => textAt(key, "kid") === id);
  need(entry !== undefined, "UnpublishedKey", "kid");
  const key = within("kid", () => PublicKey.parse(textAt(entry, "key")));
  need(listAt(entry, "roles").includes(role), "OtherRole", "kid");
  const now = instant(time);
  need(instant(textAt(entry, "not_before")) <= now && now < lastOf(entry), "KeyNotValid", "kid");
  return [key, instant(textAt(entry, "not_after")) <= now];
}

/** The ids of the keys that sign for this role now. */
export function current(directory: JsonObject, role: string, time: string): string[] {
  const signs = (id: string): boolean => {
    try {
      return !lookUp(directory, id, role, time)[1];
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  };
  return keysOf(directory).map((key) => textAt(key, "kid")).filter(signs);
}

function verifies(message: JsonObject, purpose: string, key: PublicKey): boolean {
  try {
    verify(message, purpose, key);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** Checks a message that has just come, by its sender's directory. */
export function authenticate(bytes: Uint8Array, directory: JsonObject, now: string): [string, boolean] {
  const { kind } = readGateway(bytes, { numericMoney: false, lastHop: false });
  const message = parseObject(bytes);
  const sent = instant(textAt(message, "timestamp"));
  need(instant(now) <= sent + SKEW_MS, "Stale", "timestamp");
  need(sent <= instant(now) + SKEW_MS, "InTheFuture", "timestamp");
  need(textAt(message, "sender") === textAt(directory, "domain"), "NotTheSender", "sender");
  const named = at(message, "kid");
  if (named === undefined) {
    // a key that has stopped signing is not tried
    const keys = current(directory, "message", now).map((id) => lookUp(directory, id, "message", now)[0]);
    const found = keys.find((key) => verifies(message, `G/${kind}`, key));
    need(found !== undefined, "SignatureMismatch", "signature");
    return [found.id(), false];
  }
  const [key, verifyOnly] = lookUp(directory, String(named), "message", now);
  verify(message, `G/${kind}`, key);
  need(!verifyOnly || kind !== "QUERY", "KeyNotValid", "kid");
  return [key.id(), verifyOnly];
}

/** What a wallet signs to bind a handle, and the digest of EIP-191 under which it does. */
export function bindingDigest(binding: JsonObject | Record<string, string>): [message: Uint8Array, digest: Uint8Array] {
  const of = (name: string): string =>
    binding instanceof Map ? textAt(binding, name) : String((binding as Record<string, string>)[name]);
  const parts = [handle(of("handle")), chain(of("chain")), address(of("address")), timeText(instant(of("expiry")))];
  const message = taggedHash("TGP/0.1/eh-bind", parts.map(utf8));
  return [message, keccak256(concat(utf8("\x19Ethereum Signed Message:\n32"), message))];
}

/** Verifies a binding; `publicKey` is that of the wallet which the vectors sign with. */
export function verifyBinding(binding: JsonObject, publicKey: string, now: string): void {
  const wallet = address(textAt(binding, "address"));
  need(!/^0x0{40}$/.test(wallet), "ZeroAddress", "address");
  need(instant(now) < instant(textAt(binding, "expiry")), "InThePast", "expiry");
  const [, digest] = bindingDigest(binding);
  within("signature", () => {
    const signer = recover(digest, fromHex(textAt(binding, "signature").slice(2)));
    need(walletOf(signer) === wallet, "WrongWallet");
    if (hex(signer) !== publicKey) throw new Error("the recovered key is not the vector's");
  });
}

/** What is known of a message that arrives: both are told by their digests. */
export function seen(stored: string | null, arrived: string): string {
  need(stored === null || stored === arrived, "KeyReused");
  return stored === null ? "never" : "before";
}

/** Under what a message between gateways is remembered. */
export function replayKey(bytes: Uint8Array, key: PublicKey): Record<string, string | boolean | null> {
  const { kind, digest: whole } = readGateway(bytes, { numericMoney: false, lastHop: false }, key);
  const message = parseObject(bytes);
  const path = at(message, "path_id");
  const path_id = path === undefined ? null : String(path);
  // a COMMIT may follow its SELECT, and so may what is said of either
  const may = ["SELECT", "LOCKED", "ABORT"].includes(kind);
  const names_lock = may && (at(message, "lock_ref") ?? null) !== null;
  // a SETTLE names no path, and one request may have locks on several
  const htlc_id = kind === "SETTLE" ? textAt(message, "htlc_id") : null;
  // one request may have several of these, and none of them binds anybody
  const digest = ["ERROR", "WITHDRAW-ROUTE"].includes(kind) ? whole : null;
  return { key: key.id(), request_id: textAt(message, "request_id"), kind, names_lock, path_id, htlc_id, digest };
}

/** The same for an info block. */
export function tibReplayKey(block: JsonObject): Record<string, string> {
  const meta = objectAt(block, "meta");
  return { trace_id: textAt(meta, "trace_id"), nonce: textAt(meta, "nonce") };
}

/** Until the last thing that a message can still do is over, and both clocks' differences are. */
export function rememberUntil(ends: string[], now: string): string {
  return timeText(Math.max(...[now, ...ends].map(instant)) + 2 * SKEW_MS);
}
