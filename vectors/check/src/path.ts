// Paths between gateways: their shape, what they cost, who vouches for each hop, and which is the best.
import { fromHex, base64url, taggedHash, utf8 } from "./bytes.js";
import { type PublicKey, signatureText, signWith } from "./ed25519.js";
import {
  at, integer, list, listAt, need, objectAt, oneOf, type Reader, record, text, textAt,
} from "./fields.js";
import { usable } from "./hash_lock.js";
import type { Json, JsonObject } from "./json.js";
import { digestOf, signedBytes, verify } from "./message.js";
import { amountOf, checked, type Money, money, moneyText } from "./money.js";
import { Refusal, within } from "./refusal.js";
import { labels, share } from "./tib.js";
import { hop, id, instant, party, pathId, sha256Text, showsWallet, symbol } from "./values.js";

export const MAX_HOPS = 16;

export const escrowType = oneOf(
  "htlc", "escrow", "direct", "immediate", "invoice", "state_channel", "trusted_escrow", "zk_attested",
  "smart_contract",
);

export const amountMode = oneOf("deliver", "budget");

const invoiceShape = record({
  request_id: text(id),
  hashlock: text(sha256Text),
  amount: money,
  expiry: text(instant),
  payee: text(party),
});

/** The payee's word: its shape and what holds whatever time it is. */
export const invoice: Reader = (value) => {
  invoiceShape(value);
  within("hashlock", () => usable(textAt(value, "hashlock")));
  need(amountOf(textAt(value, "amount")) > 0n, "ZeroAmount", "amount");
  need(!showsWallet(textAt(value, "payee")), "WalletDisclosed", "payee");
  checkSigned(value, "sig");
};

/** Somebody must have signed a part that is passed on; who, is asked with a key. */
export function checkSigned(value: Json, member: string): void {
  const signature = at(value, member);
  need(signature !== undefined, "Unsigned", member);
  within(member, () => text(signatureText)(signature));
}

export const invoiceHash = (invoice: JsonObject): string => digestOf(invoice, "TGP/0.1/invoice");
export const quoteHash = (quote: JsonObject): string => digestOf(quote, "TGP/0.1/hop-quote");

export function verifyInvoice(value: JsonObject, key: PublicKey, requestId: string, now: string): string {
  invoice(value);
  verify(value, "invoice", key, "sig");
  need(textAt(value, "request_id") === requestId, "OtherExchange", "request_id");
  need(instant(now) < instant(textAt(value, "expiry")), "InThePast", "expiry");
  return invoiceHash(value);
}

const quoteShape = record({
  previous: text(sha256Text),
  hop: text(hop),
  next: text(hop),
  fee: money,
  timelock_delta: integer(32),
});

export const cost: Reader = record(
  { base: money, variable: money, currency: text(symbol) },
  { units: integer(64), model: oneOf("per_request", "per_byte", "per_second", "bps") },
);

/** base + variable x units; nothing where the number of units is not known. */
export function total(cost: JsonObject, amount: Money): Money | undefined {
  const base = amountOf(textAt(cost, "base"));
  const variable = amountOf(textAt(cost, "variable"));
  if (at(cost, "model") === "bps") {
    const points = moneyText(variable);
    need(/^[0-9]+$/.test(points) && BigInt(points) <= 10_000n, "BadBps", "variable");
    return checked(base + checked((amount * BigInt(points)) / 10_000n));
  }
  const units = at(cost, "units");
  if (variable === 0n) return checked(base);
  if (units === undefined) return undefined;
  return checked(base + checked(variable * BigInt(String(units))));
}

const pathShape = record(
  {
    path_id: text(pathId),
    hops: list(text(hop)),
    cost,
    risk_score: share,
    attributes: record({ escrow_type: escrowType, settlement_time_max: integer(32) }, { compliance: labels }),
  },
  { lock_amount: money, amount_mode: amountMode, hop_quotes: list(quoteShape) },
);

const hopsOf = (path: Json): string[] => listAt(path, "hops").map(String);

export const modeOf = (object: Json | undefined): string => String(at(object, "amount_mode") ?? "deliver");

export function checkLength(path: Json, most: number): void {
  need(hopsOf(path).length <= Math.min(most, MAX_HOPS), "PathTooLong", "hops");
}

/** Refuses a path that leads through one of these gateways already. */
export function checkLoop(path: Json, own: string[]): void {
  const place = hopsOf(path).findIndex((name) => own.includes(name));
  need(place < 0, "Loop", `hops[${place}]`);
}

/** A path's shape, and what holds whatever was asked. */
export const path: Reader = (value) => {
  pathShape(value);
  const hops = hopsOf(value);
  need(hops.length > 0, "WrongLength", "hops");
  checkLength(value, MAX_HOPS);
  hops.forEach((name, place) => {
    need(!hops.slice(0, place).includes(name), "Loop", `hops[${place}]`);
    need(!showsWallet(name), "WalletDisclosed", `hops[${place}]`);
  });
  const quotes = listAt(value, "hop_quotes");
  need(quotes.length <= hops.length, "HopWithoutQuote", "hop_quotes");
  quotes.forEach((quote, place) => within(`hop_quotes[${place}]`, () => {
    for (const name of ["hop", "next"]) need(!showsWallet(textAt(quote, name)), "WalletDisclosed", name);
    checkSigned(quote, "sig");
  }));
  const terms = objectAt(value, "cost") as JsonObject;
  const sum = within("cost", () => total(terms, 0n));
  const locked = at(value, "lock_amount");
  if (locked === undefined) return;
  const amount = amountOf(String(locked));
  need(amount > 0n, "ZeroAmount", "lock_amount");
  // a share of the amount depends on what was asked, and so does what is delivered
  const known = modeOf(value) === "budget" && at(terms, "model") !== "bps" && sum !== undefined;
  if (known) need(amount === sum, "BadSum", "lock_amount");
};

/** What the client locks for a path, by the attributes of its query. */
export function amountFor(value: JsonObject, query: JsonObject): string {
  const asked = objectAt(query, "attributes", "amount");
  need(asked !== undefined, "Missing", "lock_amount");
  need(modeOf(value) === modeOf(objectAt(query, "attributes")), "Contradiction", "amount_mode");
  need(textAt(value, "cost", "currency") === textAt(asked, "currency"), "Contradiction", "cost.currency");
  const wanted = amountOf(textAt(asked, "value"));
  const price = within("cost", () => total(objectAt(value, "cost") as JsonObject, wanted));
  const budget = modeOf(value) === "budget";
  const formula = price === undefined ? undefined : checked(budget ? price : wanted + price);
  const stated = at(value, "lock_amount");
  const amount = stated === undefined ? formula : amountOf(String(stated));
  need(amount !== undefined, "Missing", "lock_amount");
  need(formula === undefined || amount === formula, "BadSum", "lock_amount");
  need(!budget || amount <= wanted, "AboveBudget", "lock_amount");
  return moneyText(amount);
}

/** What a gateway adds to a path that it passes on. */
export interface Extension {
  path_id: string;
  hop: string;
  next: string;
  fee: string;
  timelock_delta: number;
  risk: string;
  settlement_time: number;
}

const millionths = (fraction: string): number => Math.round(Number(fraction) * 1_000_000);

export function extend(
  old: JsonObject,
  by: Extension,
  invoice: JsonObject,
  seed: Uint8Array,
  kid: string,
  number: (value: number) => Json,
): JsonObject {
  checkLoop(old, [by.hop]);
  const quotes = listAt(old, "hop_quotes");
  const last = quotes.at(-1);
  const quote: JsonObject = new Map<string, Json>([
    ["previous", last instanceof Map ? quoteHash(last) : invoiceHash(invoice)],
    ["hop", by.hop],
    ["next", by.next],
    ["fee", moneyText(amountOf(by.fee))],
    ["timelock_delta", number(by.timelock_delta)],
    ["kid", kid],
  ]);
  quote.set("sig", signWith(seed, signedBytes(quote, "hop-quote", "sig")));
  const fee = amountOf(by.fee);
  const raised = (text: string): string => moneyText(checked(amountOf(text) + fee));
  const terms: JsonObject = new Map(objectAt(old, "cost"));
  terms.set("base", raised(textAt(terms, "base")));
  terms.set("variable", moneyText(amountOf(textAt(terms, "variable"))));
  const attributes: JsonObject = new Map(objectAt(old, "attributes"));
  const time = Number(textAt(attributes, "settlement_time_max")) + by.settlement_time;
  attributes.set("settlement_time_max", number(Math.min(time, 2 ** 32 - 1)));
  const risk = Math.min(millionths(textAt(old, "risk_score")) + millionths(by.risk), 1_000_000);
  const longer: JsonObject = new Map(old);
  longer.set("path_id", by.path_id);
  longer.set("hops", [by.hop, ...listAt(old, "hops")]);
  longer.set("cost", terms);
  if (old.has("lock_amount")) longer.set("lock_amount", raised(textAt(old, "lock_amount")));
  longer.set("risk_score", moneyText((BigInt(risk) * 10n ** 40n) / 1_000_000n));
  longer.set("attributes", attributes);
  longer.set("hop_quotes", [...quotes, quote]);
  path(longer);
  return longer;
}

/** Verifies the words of all hops, from the payee's side up, and that the amounts add up. */
export function verifyQuotes(
  value: JsonObject,
  invoice: JsonObject,
  reader: string,
  keyOf: (hop: string) => PublicKey | undefined,
): string[] {
  const hops = hopsOf(value);
  const quotes = listAt(value, "hop_quotes") as JsonObject[];
  need([0, 1].includes(hops.length - quotes.length), "HopWithoutQuote", "hop_quotes");
  const hashes = [invoiceHash(invoice)];
  quotes.forEach((quote, place) => {
    const from = quotes.length - 1 - place;
    within(`hop_quotes[${place}]`, () => {
      need(textAt(quote, "hop") === hops[from], "BrokenQuotes", "hop");
      need(textAt(quote, "next") === (from === 0 ? reader : hops[from - 1]), "BrokenQuotes", "next");
      need(sha256Text(textAt(quote, "previous")) === hashes.at(-1), "BrokenQuotes", "previous");
      const key = keyOf(textAt(quote, "hop"));
      try {
        need(key !== undefined, "UnpublishedKey", "kid");
        verify(quote, "hop-quote", key, "sig");
      } catch (error) {
        if (error instanceof Refusal) throw error.as("HOP_VERIFICATION_FAIL");
        throw error;
      }
    });
    hashes.push(quoteHash(quote));
  });
  const fees = quotes.map((quote) => amountOf(textAt(quote, "fee")));
  const sum = fees.reduce((a, b) => checked(a + b), amountOf(textAt(invoice, "amount")));
  const stated = at(value, "lock_amount");
  need(stated !== undefined, "Missing", "lock_amount");
  need(amountOf(String(stated)) === sum, "BadSum", "lock_amount");
  return hashes;
}

/** The tag of a gateway that hides its name. */
export function tagOf(secret: string, requestId: string): string {
  const hash = taggedHash("TGP/0.1/hop-tag", [fromHex(secret), utf8(requestId)]);
  return `tag:${base64url(hash.subarray(0, 16))}`;
}

/** A path that could be selected. */
export interface Candidate {
  path: JsonObject;
  advertiser: string;
  lock_amount: string;
  allowed: boolean;
}

type Rank = (bigint | string)[];

/** The place of the best one: policy, amount, risk, settlement time, hops, advertiser, name of the path. */
export function best(candidates: Candidate[]): number | null {
  const rankOf = ({ path, advertiser, lock_amount }: Candidate): Rank => [
    amountOf(lock_amount),
    amountOf(textAt(path, "risk_score")),
    BigInt(textAt(path, "attributes", "settlement_time_max")),
    BigInt(hopsOf(path).length),
    advertiser,
    textAt(path, "path_id"),
  ];
  const before = (a: Rank, b: Rank): boolean => {
    const place = a.findIndex((value, at) => value !== b[at]);
    return place >= 0 && (a[place] as bigint) < (b[place] as bigint);
  };
  let found: number | null = null;
  candidates.forEach((candidate, place) => {
    if (!candidate.allowed) return;
    const other = found === null ? undefined : candidates[found];
    if (!other || before(rankOf(candidate), rankOf(other))) found = place;
  });
  return found;
}
