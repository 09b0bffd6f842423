// A QUERY of plane B, as far as any message of a plane and its own rules.
import { hex, taggedHash, utf8 } from "./bytes.js";
import { PublicKey } from "./ed25519.js";
import { canonical, canonicalWithout, Decimal, type Json, type JsonObject, parseObject } from "./json.js";
import { Refusal, within } from "./refusal.js";
import { account, address, amount, id, party, symbol, time } from "./values.js";

const KINDS: Record<string, string[]> = {
  phase: ["QUERY", "OFFER", "ACCEPT", "SETTLE", "ERROR"],
  message_type: ["QUERY", "ADVERT", "SELECT", "LOCKED", "PROOF", "SETTLE", "ERROR", "WITHDRAW-ROUTE", "ABORT"],
  vpqVersion: [],
  vseVersion: [],
  posVersion: [],
};

const text = (read: (text: string) => unknown) => (value: Json) => {
  if (typeof value !== "string") throw new Refusal("WrongType");
  read(value);
};

const boolean = (value: Json): void => {
  if (typeof value !== "boolean") throw new Refusal("WrongType");
};

function money(value: Json): void {
  if (value instanceof Decimal) {
    if (value.places > 0 || value.mantissa < 0n) throw new Refusal("BadAmount");
  } else {
    text(amount)(value);
  }
}

function zkProfile(value: string): void {
  if (!["NONE", "OPTIONAL", "REQUIRED"].includes(value)) throw new Refusal("UnknownValue");
}

const REQUIRED: Record<string, (value: Json) => void> = {
  id: text(id),
  from: text(party),
  to: text(party),
  asset: text(symbol),
  amount: money,
  escrow_from_402: boolean,
  zk_profile: text(zkProfile),
};

const OPTIONAL: Record<string, (value: Json) => void> = {
  escrow_contract_from_402: text(address),
  payer: text(account),
  nonce: text(id),
  timestamp: text(time),
};

const SHARED = ["phase", "message_type", "tgp_version", "vgp_version", "kid", "signature", "crit"];

function checkKind(object: JsonObject): void {
  const present = Object.keys(KINDS).filter((name) => object.has(name));
  const [member] = present;
  if (member === undefined) throw new Refusal(object.has("type") ? "ReservedType" : "NoKind");
  if (present.length > 1) throw new Refusal("NoKind");
  const name = object.get(member);
  if (member === "phase" && typeof name !== "string") throw new Refusal("WrongType", member);
  if (member !== "phase" || name !== "QUERY") throw new Refusal("UnknownKind", member);
}

function checkVersion(object: JsonObject): void {
  const [now, once] = [object.get("tgp_version"), object.get("vgp_version")];
  if (now !== undefined && once !== undefined && canonical(now) !== canonical(once)) {
    throw new Refusal("TwoVersions", "vgp_version");
  }
  const [member, value] = now !== undefined ? ["tgp_version", now] : ["vgp_version", once];
  if (value === undefined) return;
  if (typeof value !== "string") throw new Refusal("WrongType", member);
  if (!/^0\.[0-9]{1,9}$/.test(value)) throw new Refusal("OtherVersion", member);
}

function checkCritical(object: JsonObject): void {
  const critical = object.get("crit");
  if (critical === undefined) return;
  if (!Array.isArray(critical)) throw new Refusal("WrongType", "crit");
  critical.forEach((name, place) => {
    const at = `crit[${place}]`;
    if (typeof name !== "string") throw new Refusal("WrongType", at);
    if (!object.has(name)) throw new Refusal("Missing", at);
    if (![...SHARED, ...Object.keys(REQUIRED), ...Object.keys(OPTIONAL)].includes(name)) {
      throw new Refusal("CriticalUnknown", at);
    }
  });
}

function checkFields(object: JsonObject): void {
  for (const [name, read] of Object.entries(REQUIRED)) {
    const value = object.get(name);
    if (value !== undefined) within(name, () => read(value));
  }
  for (const [name, read] of Object.entries(OPTIONAL)) {
    const value = object.get(name);
    if (value !== undefined && value !== null) within(name, () => read(value));
  }
  for (const name of Object.keys(REQUIRED)) if (!object.has(name)) throw new Refusal("Missing", name);

  if (String(object.get("amount")) === "0") throw new Refusal("ZeroAmount", "amount");
  const contract = object.get("escrow_contract_from_402") ?? null;
  if (contract !== null) {
    if (/^0x0{40}$/.test(String(contract))) throw new Refusal("ZeroAddress", "escrow_contract_from_402");
    if (object.get("escrow_from_402") !== true) throw new Refusal("Contradiction", "escrow_contract_from_402");
  }
  if (object.has("signature")) {
    for (const name of ["nonce", "timestamp"]) {
      if ((object.get(name) ?? null) === null) throw new Refusal("Missing", name);
    }
  }
}

function verify(object: JsonObject, key: PublicKey): void {
  const signature = object.get("signature");
  if (signature === undefined) throw new Refusal("Unsigned", "signature");
  if (typeof signature !== "string") throw new Refusal("WrongType", "signature");
  const covered = utf8(`TGP/0.1/sig/B/QUERY\0${canonicalWithout(object, "signature")}`);
  const kid = object.get("kid");
  if (kid !== undefined && kid !== key.id()) throw new Refusal("SignatureMismatch", "kid");
  within("signature", () => key.verify(covered, signature));
}

/** Reads a QUERY, with a key verifies it, and gives the digest of everything that was received. */
export function readQuery(bytes: Uint8Array, key?: PublicKey): string {
  const object = parseObject(bytes);
  checkKind(object);
  checkVersion(object);
  checkCritical(object);
  checkFields(object);
  if (key) verify(object, key);
  return `sha256:${hex(taggedHash("TGP/0.1/message", [utf8(canonical(object))]))}`;
}
