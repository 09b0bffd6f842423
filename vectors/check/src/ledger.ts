// Summaries of ledger state, and the hash that binds a policy to them.
import { hex, taggedHash, utf8 } from "./bytes.js";
import type { PublicKey } from "./ed25519.js";
import { at, integer, need, type Reader, record, text, textAt } from "./fields.js";
import { canonical, type Json, type JsonObject } from "./json.js";
import { verify } from "./message.js";
import { money } from "./money.js";
import { Refusal, within } from "./refusal.js";
import { chain, decimalText, domain, id, instant, symbol, timeText } from "./values.js";

/** How far another clock may be ahead. */
const SKEW_MS = 60_000;

/** Amounts by symbols. */
const bySymbol: Reader = (value) => {
  if (!(value instanceof Map)) throw new Refusal("WrongType");
  // names here are the sender's own, which no error repeats: the place in their order stands for them
  [...value.keys()].sort().forEach((name, place) => {
    within(`[${place}]`, () => {
      symbol(name);
      text(decimalText)(value.get(name) ?? null);
    });
  });
};

export const summary: Reader = record(
  { sso_id: text(id), chain_id: integer(64), height: integer(64), valid_ms: integer(64), issuer: text(domain) },
  {
    midprices: bySymbol,
    gas_quote: record({ max_gwei: money }),
    liquidity_caps: bySymbol,
    issued_at: integer(63),
  },
);

export function verifySummary(value: JsonObject, key: PublicKey): void {
  summary(value);
  verify(value, "sso", key, "sig");
}

/** Until when a summary counts, and whether it may be passed on. */
export function validity(value: Json, firstSeen: string, now: string, capMs: number): [until: string, forward: boolean] {
  const valid = Number(textAt(value, "valid_ms"));
  need(valid > 0, "OutOfRange", "valid_ms");
  const issued = at(value, "issued_at");
  const from = issued === undefined ? instant(firstSeen) : Number(String(issued));
  need(from <= instant(now) + SKEW_MS, "InTheFuture", "issued_at");
  const until = from + Math.min(valid, capMs);
  need(instant(now) < until, "InThePast", "valid_ms");
  return [timeText(until), issued !== undefined];
}

/** Concrete blocks must match or exceed the summaries of their chains, and meet one at least. */
export function checkStateRefs(refs: Json[], usual: string, summaries: Json[]): void {
  let met = false;
  for (const known of summaries) {
    const where = `eip155:${textAt(known, "chain_id")}`;
    const heights = refs
      .filter((ref) => chain(String(at(ref, "chain") ?? usual)) === where)
      .map((ref) => BigInt(textAt(ref, "height")));
    if (heights.length === 0) continue;
    const enough = heights.some((height) => height >= BigInt(textAt(known, "height")));
    need(enough, "BelowSummary", "state_refs");
    met = true;
  }
  need(met, "BelowSummary", "state_refs");
}

export function policyHash(policy: JsonObject, ids: string[]): string {
  // ids are ASCII: the order of their code units is that of their bytes
  const sorted = [...new Set(ids)].sort().map(utf8);
  return `sha256:${hex(taggedHash("TGP/0.1/policy", [utf8(canonical(policy)), ...sorted]))}`;
}
