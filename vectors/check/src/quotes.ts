// Plane S: quotes, what gateways add to them, proofs of hops, and proofs of settlement; envelopes are in envelope.ts.
import { fromHex, hex, taggedHash, utf8 } from "./bytes.js";
import { PublicKey, signatureText } from "./ed25519.js";
import { envelopes, MOST_HOPS } from "./envelope.js";
import { canonicalWithout, given, type Json, type JsonObject, parse, parseObject } from "./json.js";
import {
  at, list, type Members, digestOf, moneyText, object, oneOf, received, text, verify, whole,
} from "./message.js";
import { type Reason, Refusal } from "./refusal.js";
import { address, chain, id, pathId, symbol, time, word } from "./values.js";

const U32 = whole(2n ** 32n - 1n);
const ZERO = `0x${"0".repeat(40)}`;

const HOP_QUOTES = list(
  object({ hop: text(id), upstream: text(id), fee: moneyText, timelockDelta: U32, sig: text(signatureText) }),
);

const QUOTE: Members = {
  pathId: text(pathId),
  asset: object({ chain: text(chain), erc20: text(address), decimals: whole(255n), symbol: text(symbol) }),
  price: object({ amount: moneyText, currency: text(symbol), ttlSeconds: U32 }),
  "fees?": list(
    object({ hop: text(id), type: oneOf("policy_eval", "crossdomain", "egress_settle"), amount: moneyText }),
  ),
  policy: object({
    "kycClass?": oneOf("P0", "P1", "P2"), "jurisdiction?": list(text(id)), "sanctions?": text(id),
    "dataRetention?": text(id), "allowedUse?": list(text(id)),
  }),
  rs: object({
    name: text((value) => {
      const length = [...value].length;
      if (length < 1 || length > 128 || /\p{Cc}/u.test(value)) throw new Refusal("BadDisplayName");
    }),
    settlementAddress: text(address),
    paymentRequirements: object({
      scheme: oneOf("x402:exact:eip3009", "x402:exact:router-split"), maxAmountRequired: moneyText,
      validityMinSeconds: U32, requiredNetwork: text(chain),
      requiredToken: text((value) => {
        if (!value.startsWith("erc20:")) throw new Refusal("BadSymbol");
        symbol(value.slice("erc20:".length));
      }),
    }),
  }),
  nonce: text(id), "issuedAt?": text(time), "hopQuotes?": HOP_QUOTES,
};

export function readQuote(source: string): JsonObject {
  const quote = received(source, "vpqVersion", QUOTE);
  const refuseIf = (wrong: boolean, reason: Reason, field: string): void => {
    if (wrong) throw new Refusal(reason, field);
  };
  const member = (path: string): string => String(at(quote, path));
  const wanted = "rs.paymentRequirements";
  const label = member("asset.symbol");
  refuseIf(member("asset.erc20") === ZERO, "ZeroAddress", "asset.erc20");
  refuseIf(member("price.amount") === "0", "ZeroAmount", "price.amount");
  refuseIf(member("price.ttlSeconds") === "0", "OutOfRange", "price.ttlSeconds");
  refuseIf(member("price.currency") !== label, "Contradiction", "price.currency");
  for (const name of ["fees", "hopQuotes"]) {
    refuseIf(((given(quote, name) ?? []) as Json[]).length > MOST_HOPS, "TooManyMembers", name);
  }
  refuseIf(member("rs.settlementAddress") === ZERO, "ZeroAddress", "rs.settlementAddress");
  refuseIf(member(`${wanted}.maxAmountRequired`) === "0", "ZeroAmount", `${wanted}.maxAmountRequired`);
  const [shown, signed] = [BigInt(member("price.amount")), BigInt(member(`${wanted}.maxAmountRequired`))];
  const split = member(`${wanted}.scheme`) === "x402:exact:router-split";
  refuseIf(split ? signed < shown : signed !== shown, "Contradiction", `${wanted}.maxAmountRequired`);
  const network = chain(member(`${wanted}.requiredNetwork`));
  refuseIf(network !== chain(member("asset.chain")), "NetworkMismatch", `${wanted}.requiredNetwork`);
  refuseIf(member(`${wanted}.requiredToken`) !== `erc20:${label}`, "NetworkMismatch", `${wanted}.requiredToken`);
  return quote;
}

const millis = (value: unknown): number => new Date(time(String(value))).getTime();

/** The first instant at which a quote is over, in milliseconds: its time counts from when it was made, or first seen. */
export function expiryOf(quote: JsonObject, firstSeen: number): number {
  const issued = at(quote, "issuedAt");
  const from = issued === undefined ? firstSeen : Math.min(millis(issued), firstSeen);
  return from + Number(String(at(quote, "price.ttlSeconds"))) * 1000;
}

function quoteHash(quote: JsonObject): string {
  const bytes = utf8(canonicalWithout(quote, "sig", "hopQuotes"));
  return `0x${hex(taggedHash("TGP/0.1/vpq", [bytes]))}`;
}

const bytesOf = (word: string): Uint8Array => fromHex(word.slice(2));

const listOf = (source: string): JsonObject[] => parse(utf8(source)) as JsonObject[];

/** Whether a gateway's key signed this. An unknown gateway is the caller's to name. */
function signedBy(key: string, digest: Uint8Array, signature: Json | undefined): boolean {
  try {
    PublicKey.parse(key).verify(digest, String(signature));
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

function hopQuotes(input: Record<string, any>): string {
  const quotes = listOf(input.hop_quotes);
  HOP_QUOTES(quotes);
  let previous = bytesOf(input.quote_hash);
  let fees = 0n;
  quotes.forEach((quote, place) => {
    const member = (name: string): string => String(quote.get(name));
    const fail = (reason: Reason): never => {
      throw new Refusal(reason, `hopQuotes[${place}]`, member("hop"));
    };
    const next = quotes[place + 1]?.get("hop") ?? input.reader;
    if (quote.get("upstream") !== next) fail("HopMismatch");
    const key = input.keys[member("hop")] ?? fail("HopUnknown");
    const parts = ["hop", "upstream", "fee", "timelockDelta"].map((name) => utf8(member(name)));
    const hash = taggedHash("TGP/0.1/vpq-hop-quote", [previous, ...parts]);
    if (!signedBy(key, hash, quote.get("sig"))) fail("HopMismatch");
    previous = hash;
    fees += BigInt(member("fee"));
    if (fees >> 256n > 0n) fail("BadAmount");
  });
  return fees.toString();
}

function hopProofs(input: Record<string, any>): void {
  const proofs = listOf(input.hop_proofs);
  const plan: string[] = input.plan;
  let previous: Uint8Array = new Uint8Array();
  for (let place = 0; place < Math.max(plan.length, proofs.length); place += 1) {
    const [hop, found] = [plan[place], proofs[place]];
    const fail = (reason: Reason): never => {
      throw new Refusal(reason, `hopProofs[${place}]`, hop ?? String(found?.get("gw")));
    };
    if (hop === undefined || !found || found.get("gw") !== hop) return fail("HopsIncomplete");
    const key = input.keys[hop] ?? fail("HopUnknown");
    const next = plan[place + 1] ?? input.reader;
    const [quote, payment] = [bytesOf(input.quote_hash), bytesOf(input.payment_hash)];
    const digest = taggedHash("TGP/0.1/hop-proof", [quote, payment, previous, utf8(hop), utf8(next)]);
    if (!signedBy(key, digest, found.get("proof"))) fail("HopMismatch");
    previous = Buffer.from(String(found.get("proof")).replace("ed25519:", ""), "base64url");
  }
}

const TAGS = ["latest", "safe", "finalized"];

const SETTLEMENT: Members = {
  txHash: text(word), blockNumber: whole(2n ** 53n), chainId: whole(2n ** 53n), erc20: text(address), from: text(address),
  to: text(address), value: moneyText, vpqNonce: text(id), pathId: text(pathId),
  "finality?": object({ confirmations: U32, tag: oneOf(...TAGS) }),
};

function readSettlement(source: string): JsonObject {
  const settlement = received(source, "posVersion", SETTLEMENT);
  if (String(settlement.get("chainId")) === "0") throw new Refusal("OutOfRange", "chainId");
  if (settlement.get("value") === "0") throw new Refusal("ZeroAmount", "value");
  for (const name of ["erc20", "from", "to"]) {
    if (settlement.get(name) === ZERO) throw new Refusal("ZeroAddress", name);
  }
  return settlement;
}

function checkSettles(settlement: JsonObject, quote: JsonObject, authorization: JsonObject): void {
  const lower = (value: unknown): string => String(value).toLowerCase();
  const expected: [string, unknown][] = [
    ["chainId", chain(String(at(quote, "asset.chain"))).replace("eip155:", "")],
    ["erc20", at(quote, "asset.erc20")],
    ["from", authorization.get("from")],
    ["to", authorization.get("to")],
    ["value", authorization.get("value")],
  ];
  for (const [name, value] of expected) {
    if (lower(settlement.get(name)) !== lower(value)) throw new Refusal("OtherTransfer", name);
  }
  if (settlement.get("vpqNonce") !== quote.get("nonce")) throw new Refusal("OtherTransfer", "vpqNonce");
  if (settlement.get("pathId") !== quote.get("pathId")) throw new Refusal("OtherTransfer", "pathId");
}

function checkFinal(settlement: JsonObject, least: { confirmations: number; tag: string }): void {
  const seen = Number(String(at(settlement, "finality.confirmations") ?? -1));
  const tag = TAGS.indexOf(String(at(settlement, "finality.tag")));
  const enough = seen >= least.confirmations && tag >= TAGS.indexOf(least.tag);
  if (!enough) throw new Refusal("NotFinalYet", "finality");
}

/** What this implementation makes of a case of `quotes.json`. */
export function quotes(input: Record<string, any>): Record<string, unknown> {
  const key = input.public_key === undefined ? undefined : PublicKey.parse(input.public_key);
  if (input.envelope !== undefined) return envelopes(input, key);
  if (input.hop_quotes !== undefined) return { fees: hopQuotes(input) };
  if (input.hop_proofs !== undefined) {
    hopProofs(input);
    return { verifies: true };
  }
  if (input.settlement === undefined) {
    const quote = readQuote(input.quote);
    if (key) verify(quote, "S/VPQ", key, "sig", "hopQuotes");
    return { hash: quoteHash(quote), digest: digestOf(quote) };
  }
  const settlement = readSettlement(input.settlement);
  if (input.least !== undefined) {
    checkFinal(settlement, input.least);
    return { final: true };
  }
  if (input.quote !== undefined) {
    checkSettles(settlement, readQuote(input.quote), parseObject(utf8(input.authorization)));
    return { settles: true };
  }
  if (key) verify(settlement, "S/POS", key, "sig");
  return { digest: digestOf(settlement) };
}
