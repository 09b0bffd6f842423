// The info block of document 002, and the flat one of document 004.
import { hex, sha256, utf8 } from "./bytes.js";
import { type PublicKey, signatureText } from "./ed25519.js";
import {
  at, integer, list, listAt, need, objectAt, oneOf, type Reader, type Readers, record, text, textAt,
} from "./fields.js";
import { usable } from "./hash_lock.js";
import { canonical, Decimal, given, type Json, type JsonObject } from "./json.js";
import { within } from "./refusal.js";
import {
  address, chain, decimalText, domain, fraction, handle, id, kid, label, nonce, sha256Text, showsWallet, symbol, uuid,
  word,
} from "./values.js";

export const labels = list(text(label));

export const share: Reader = (value) => (value instanceof Decimal ? fraction(String(value)) : text(fraction)(value));

export const stateRef = record(
  { type: text(label), height: integer(64), hash: text(word) },
  { chain: text(chain) },
);

const party = record({ handle: text(handle) }, { proofs: labels });

const LAYERS: Readers = {
  meta: record({ v: integer(64), nonce: text(nonce), exp: integer(63), trace_id: text(uuid) }),
  l9_identity: record(
    { entities: record({ initiator: text(label), payer: party, payee: party }, { mediators: labels }) },
    {
      bindings: list(record({ handle: text(handle), can_settle_on: labels, proof: text(label) })),
      vc_refs: labels,
      attributes: record({}, { wallet_type: text(label), reputation_score: integer(32) }),
    },
  ),
  l10_policy: record(
    {
      roles: list(record({
        role: text(label),
        entity: text(label),
        rights: list(oneOf("quote", "commit", "route", "settle")),
      })),
      rules: record({}),
      audit: record({ tdr_level: oneOf("summary", "full"), log_sink: text(label) }),
    },
    { compliance: labels, policy_hash: text(sha256Text), jurisdiction: text(label) },
  ),
};

const VALUE: Reader = record(
  {
    network: record({
      family: text(label),
      chain_id: integer(64),
      endpoint_class: oneOf("full", "archive", "light"),
    }),
    asset: record({ symbol: text(symbol), address: text(label), decimals: integer(8) }),
    amount: text(decimalText),
    settlement: record(
      { mode: oneOf("immediate", "escrow", "invoice"), timelock_ms: integer(64) },
      { escrow_contract: text(address), hashlock: text(sha256Text) },
    ),
  },
  {
    state_summaries: list(text(id)),
    state_refs: list(stateRef),
    price_oracle: record({ id: text(label), tolerance_bps: integer(32) }),
  },
);

const CRYPTO = record({}, { enc: labels, kid: text(kid), sig: text(signatureText) });

const shape = record(LAYERS, { l8_value: VALUE, crypto: CRYPTO });

/** A block of document 002: its shape, and what holds between its fields. */
export const tib: Reader = (value) => {
  shape(value);
  need(textAt(value, "meta", "v") === "1", "OtherCount", "meta.v");
  const layer = objectAt(value, "l8_value");
  if (layer) within("l8_value", () => checkValue(layer));
};

function checkValue(layer: JsonObject): void {
  const decimals = Number(textAt(layer, "asset", "decimals"));
  need(decimals <= 36, "OutOfRange", "asset.decimals");
  if (textAt(layer, "network", "family") === "EVM") {
    within("asset.address", () => address(textAt(layer, "asset", "address")));
  }
  const amount = decimalText(textAt(layer, "amount"));
  need(amount !== "0", "ZeroAmount", "amount");
  need((amount.split(".")[1] ?? "").length <= decimals, "TooPrecise", "amount");
  const settlement = objectAt(layer, "settlement");
  const lock = at(settlement, "hashlock");
  if (lock !== undefined) {
    within("settlement.hashlock", () => usable(String(lock)));
    need(textAt(settlement, "mode") === "escrow", "Contradiction", "settlement.hashlock");
  }
  need(!/^0x0{40}$/.test(textAt(settlement, "escrow_contract")), "ZeroAddress", "settlement.escrow_contract");
}

export type Verb = "precheck" | "query" | "quote" | "select" | "commit" | "locked" | "proof" | "settle";

/** What must be there, by what a block or message is for. */
export const NEEDS: Record<"summaries" | "policyHash" | "stateRefs" | "signature", Verb[]> = {
  summaries: ["query", "quote", "select", "commit", "locked"],
  policyHash: ["quote", "select", "commit", "locked", "settle"],
  stateRefs: ["commit", "proof", "settle"],
  signature: ["quote", "select", "commit", "settle"],
};

/** What a block must have for this verb; the policy hash may stand in the message instead. */
export function checkFor(block: Json, verb: Verb): void {
  tib(block);
  const value = objectAt(block, "l8_value");
  if (verb === "precheck") need(value === undefined, "Contradiction", "l8_value");
  else need(value !== undefined, "Missing", "l8_value");
  const has = (name: string): boolean => listAt(value, name).length > 0;
  if (NEEDS.summaries.includes(verb)) need(has("state_summaries"), "Missing", "l8_value.state_summaries");
  if (NEEDS.stateRefs.includes(verb)) need(has("state_refs"), "Missing", "l8_value.state_refs");
  if (NEEDS.signature.includes(verb)) need(at(block, "crypto", "sig") !== undefined, "Unsigned", "crypto.sig");
}

/** The bytes that the initiator signs: the block without `crypto.sig`. */
function signedBytes(block: JsonObject): Uint8Array {
  const unsigned: JsonObject = new Map(block);
  const crypto = objectAt(block, "crypto");
  if (crypto) unsigned.set("crypto", new Map([...crypto].filter(([name]) => name !== "sig")));
  return utf8(`TGP/0.1/sig/tib\0${canonical(unsigned)}`);
}

/** Verifies the initiator's signature, and gives the SHA-256 of what it covers. */
export function verifyTib(block: JsonObject, key: PublicKey): string {
  const sig = at(block, "crypto", "sig");
  need(sig !== undefined, "Unsigned", "crypto.sig");
  const named = at(block, "crypto", "kid");
  need(named === undefined || named === key.id(), "SignatureMismatch", "crypto.kid");
  const bytes = signedBytes(block);
  within("crypto.sig", () => key.verify(bytes, String(sig)));
  return hex(sha256(bytes));
}

const shows = (value: Json): boolean => {
  if (typeof value === "string") return showsWallet(value);
  if (Array.isArray(value)) return value.some(shows);
  return value instanceof Map && [...value].some(([name, member]) => showsWallet(name) || shows(member));
};

/** No wallet stands anywhere in the identity layer, whatever the member is called. */
export function checkDisclosure(block: JsonObject): void {
  need(!shows(block.get("l9_identity") ?? null), "WalletDisclosed", "l9_identity");
}

/** The flat block. */
export const lite: Reader = record(
  {
    chain_id: integer(64),
    ledger_state_hash: text(word),
    block_number: integer(64),
    agent_id: text(label),
    domain_id: text(domain),
    wallet_type: text(label),
    policy_hash: text(word),
    jurisdiction: text(label),
  },
  { reputation_score: integer(32), compliance_tags: labels },
);

/** The view of a full block in a message of `sender`, or nothing where the block lacks something. */
export function liteOf(block: JsonObject, sender: string): JsonObject | undefined {
  const claims = objectAt(block, "l9_identity", "attributes");
  const policy = objectAt(block, "l10_policy");
  const [state] = listAt(block, "l8_value", "state_refs");
  const [hash, block_hash] = [at(policy, "policy_hash"), at(state, "hash")];
  const view: [string, Json | undefined][] = [
    ["chain_id", at(block, "l8_value", "network", "chain_id")],
    ["ledger_state_hash", block_hash === undefined ? undefined : word(String(block_hash))],
    ["block_number", at(state, "height")],
    ["agent_id", at(block, "l9_identity", "entities", "initiator")],
    ["domain_id", sender],
    ["wallet_type", at(claims, "wallet_type")],
    ["policy_hash", hash === undefined ? undefined : sha256Text(String(hash)).replace("sha256:", "0x")],
    ["compliance_tags", listAt(policy, "compliance")],
    ["jurisdiction", at(policy, "jurisdiction")],
  ];
  const score = at(claims, "reputation_score");
  if (score !== undefined) view.push(["reputation_score", score]);
  if (view.some(([, value]) => value === undefined)) return undefined;
  return new Map(view as [string, Json][]);
}

/** The full block with the view written into it, unsigned. */
export function withLite(block: JsonObject, view: JsonObject): JsonObject {
  const of = (name: string): Json => view.get(name) ?? null;
  const changed = (object: JsonObject | undefined, ...members: [string, Json][]): JsonObject =>
    new Map([...(object ?? []), ...members]);
  const full = new Map(block);
  full.delete("crypto");
  const value = objectAt(block, "l8_value");
  if (value) {
    const state = changed(
      undefined, ["type", "block_header"], ["height", of("block_number")], ["hash", word(String(of("ledger_state_hash")))],
    );
    full.set("l8_value", changed(
      value,
      ["network", changed(objectAt(value, "network"), ["chain_id", of("chain_id")])],
      ["state_refs", [state, ...listAt(value, "state_refs").slice(1)]],
    ));
  }
  const claims = changed(undefined, ["wallet_type", of("wallet_type")]);
  if (given(view, "reputation_score") !== undefined) claims.set("reputation_score", of("reputation_score"));
  const identity = objectAt(block, "l9_identity");
  const entities = changed(objectAt(identity, "entities"), ["initiator", of("agent_id")]);
  full.set("l9_identity", changed(identity, ["entities", entities], ["attributes", claims]));
  full.set("l10_policy", changed(
    objectAt(block, "l10_policy"),
    ["policy_hash", word(String(of("policy_hash"))).replace("0x", "sha256:")],
    ["compliance", listAt(view, "compliance_tags")],
    ["jurisdiction", of("jurisdiction")],
  ));
  return full;
}

/** Which form a block has: `meta` says so. */
export function formOf(block: JsonObject): string {
  const full = given(block, "meta") !== undefined;
  (full ? tib : lite)(block);
  return full ? "full" : "lite";
}

