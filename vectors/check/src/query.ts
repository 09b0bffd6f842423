// A QUERY of plane B, as far as any message of a plane and its own rules.
import type { PublicKey } from "./ed25519.js";
import { boolean, type Readers, text } from "./fields.js";
import { Decimal, type Json, type JsonObject, parseObject } from "./json.js";
import { checkCritical, checkVersion, digestOf, kindOf, verify } from "./message.js";
import { Refusal, within } from "./refusal.js";
import { account, address, amount, id, party, symbol, time } from "./values.js";

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

const REQUIRED: Readers = {
  id: text(id),
  from: text(party),
  to: text(party),
  asset: text(symbol),
  amount: money,
  escrow_from_402: boolean,
  zk_profile: text(zkProfile),
};

const OPTIONAL: Readers = {
  escrow_contract_from_402: text(address),
  payer: text(account),
  nonce: text(id),
  timestamp: text(time),
};

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

/** Reads a QUERY, with a key verifies it, and gives the digest of everything that was received. */
export function readQuery(bytes: Uint8Array, key?: PublicKey): string {
  const object = parseObject(bytes);
  if (kindOf(object, "phase") !== "QUERY") throw new Refusal("UnknownKind", "phase");
  checkVersion(object, false);
  checkCritical(object, [...Object.keys(REQUIRED), ...Object.keys(OPTIONAL)]);
  checkFields(object);
  if (key) verify(object, "B/QUERY", key);
  return digestOf(object);
}
