// A QUERY of plane B, as far as any message of a plane and its own rules.
import type { PublicKey } from "./ed25519.js";
import { given, type JsonObject, parseObject } from "./json.js";
import {
  at, boolean, checkCritical, checkVersion, kindOf, type Members, digestOf, money, object, oneOf, requireFresh, text,
  verify,
} from "./message.js";
import { Refusal } from "./refusal.js";
import { account, address, id, party, symbol, time } from "./values.js";

const QUERY: Members = {
  id: text(id),
  from: text(party),
  to: text(party),
  asset: text(symbol),
  amount: money,
  escrow_from_402: boolean,
  zk_profile: oneOf("NONE", "OPTIONAL", "REQUIRED"),
  "escrow_contract_from_402?": text(address),
  "payer?": text(account),
  "nonce?": text(id),
  "timestamp?": text(time),
};

export function checkQuery(query: JsonObject): void {
  checkVersion(query, "phase");
  checkCritical(query, Object.keys(QUERY));
  object(QUERY)(query);
  if (String(query.get("amount")) === "0") throw new Refusal("ZeroAmount", "amount");
  const contract = at(query, "escrow_contract_from_402");
  if (contract !== undefined) {
    if (/^0x0{40}$/.test(String(contract))) throw new Refusal("ZeroAddress", "escrow_contract_from_402");
    if (query.get("escrow_from_402") !== true) throw new Refusal("Contradiction", "escrow_contract_from_402");
  }
  if (given(query, "signature") !== undefined) requireFresh(query);
}

/** Reads a QUERY, with a key verifies it, and gives the digest of everything that was received. */
export function readQuery(bytes: Uint8Array, key?: PublicKey): string {
  const query = parseObject(bytes);
  const [member, kind] = kindOf(query);
  if (member !== "phase" || kind !== "QUERY") throw new Refusal("UnknownKind", member);
  checkQuery(query);
  if (key) verify(query, "B/QUERY", key);
  return digestOf(query);
}
