// Holds every vector against this implementation, which shares no code with the one that wrote them. Prints each case
// that differs, and at the end how many do not.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { checkArea } from "./area.js";
import { fromHex, hex, taggedHash, utf8 } from "./bytes.js";
import * as cbor from "./cbor.js";
import { PublicKey, signWith } from "./ed25519.js";
import { digest, type Fields, Types } from "./eip712.js";
import { GATEWAY_TOPICS } from "./gateway_topics.js";
import { lockOf, usable } from "./hash_lock.js";
import { headers } from "./headers.js";
import { canonical, Decimal, parse, parseObject, parseText } from "./json.js";
import { offers } from "./offers.js";
import { pack } from "./order.js";
import { readQuery } from "./query.js";
import { checkPolicy } from "./policy.js";
import { orderOf, readProfile } from "./profile.js";
import { checkReceipt } from "./receipt.js";
import { checkRecord } from "./record.js";
import { checkRegistry } from "./registry.js";
import { Refusal, shown } from "./refusal.js";
import { signer, walletSignature } from "./secp256k1.js";
import { checkSession } from "./session.js";
import { quotes } from "./quotes.js";
import * as tlv from "./tlv.js";
import { TYPES } from "./values.js";
import { x402 } from "./x402.js";

/** A case as it stands in its file. */
type Case = Record<string, any>;

const folder = join(dirname(fileURLToPath(import.meta.url)), "../..");
const contracts = JSON.parse(readFileSync(join(folder, "../contracts/eip712.json"), "utf8"));
const types = new Types(contracts.types);

/** What this implementation makes of a case: all that the case must say besides its input. */
const TOPICS: Record<string, (input: Case) => Case> = {
  json: ({ text, bytes }) => {
    const value = parse(bytes === undefined ? utf8(text) : fromHex(bytes));
    const written = canonical(value);
    return { canonical: written, hash: hex(taggedHash("TGP/0.1/message", [utf8(written)])) };
  },
  numbers: ({ text }) => {
    const value = parseText(text);
    if (!(value instanceof Decimal)) throw new Error("is no number");
    return { canonical: value.toString(), mantissa: value.mantissa.toString(), places: value.places };
  },
  tagged_hash: ({ tag, parts }) => ({ hash: hex(taggedHash(tag, parts.map(fromHex))) }),
  keys_and_signatures: ({ seed, message, public_key, signature, digest: signed }) => {
    if (signed !== undefined) return { wallet: signer(fromHex(signed), walletSignature(signature)) };
    if (seed !== undefined) {
      const key = PublicKey.ofSeed(fromHex(seed));
      key.verify(fromHex(message), signature);
      const signed = signWith(fromHex(seed), fromHex(message));
      return { public_key: key.toString(), kid: key.id(), signature: signed };
    }
    const key = PublicKey.parse(public_key);
    if (signature === undefined) return { kid: key.id() };
    key.verify(fromHex(message), signature);
    return { verifies: true };
  },
  identifiers: ({ type, text }) => {
    const read = TYPES[type];
    if (!read) throw new Error(`no type is called ${type}`);
    return { written: read(text) };
  },
  messages: ({ text, public_key }) => ({
    digest: readQuery(utf8(text), public_key === undefined ? undefined : PublicKey.parse(public_key)),
  }),
  orders: ({ chain_id, escrow, order }) => {
    const terms = pack(order);
    return { terms, order_id: digest("CoreProverEscrow", chain_id, escrow, types.hashStruct("OrderTerms", terms)) };
  },
  eip712: ({ type, chain_id, verifying_contract, message }) => {
    const contract = contracts.types.find(({ name }: Case) => name === type)?.contract;
    const structHash = types.hashStruct(type, message as Fields);
    return {
      contract,
      struct_hash: `0x${hex(structHash)}`,
      digest: digest(contract, chain_id, verifying_contract, structHash),
    };
  },
  hash_locks: (input) => {
    if (input.secret !== undefined) return { lock: lockOf(input.secret) };
    usable(input.lock);
    return { usable: true };
  },
  cbor: ({ text, cbor: bytes }) => {
    const value = cbor.decode(fromHex(bytes));
    return { text: canonical(value), cbor: hex(cbor.encode(text === undefined ? value : parseText(text))) };
  },
  tlv: ({ block, frame, mac_key }) => {
    const key = mac_key === undefined ? undefined : fromHex(mac_key);
    if (block === undefined) return { reads_as: canonical(tlv.decode(fromHex(frame), key)) };
    const written = tlv.encode(parseObject(utf8(block)), key);
    return { block: canonical(tlv.decode(written, key)), frame: hex(written) };
  },
  areas: checkArea,
  policies: checkPolicy,
  profiles: ({ profile, deal, chain_id }) => {
    if (deal === undefined) return { profile_name: readProfile(profile).name };
    const order = orderOf(profile, deal);
    const structHash = types.hashStruct("OrderTerms", pack(order));
    return { order, order_id: digest("CoreProverEscrow", chain_id, deal.escrow, structHash) };
  },
  records: checkRecord,
  registry: checkRegistry,
  receipts: checkReceipt,
  sessions: checkSession,
  offers: offers(types),
  headers,
  x402,
  quotes,
  ...GATEWAY_TOPICS,
};

function judge(topic: (input: Case) => Case, expected: Case): string | undefined {
  let found: Case;
  try {
    found = topic(expected);
  } catch (error) {
    if (!(error instanceof Refusal)) return String(error);
    found = { refused: shown(error) };
  }
  // whatever one side says and the other does not is a difference, too
  if (("refused" in expected) !== ("refused" in found)) found.refused ??= null;
  for (const [name, value] of Object.entries(found)) {
    if (!isDeepStrictEqual(expected[name], value)) {
      return `${name} is ${JSON.stringify(value)} here, ${JSON.stringify(expected[name])} in the file`;
    }
  }
  return undefined;
}

let passed = 0;
let failed = 0;
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
const fail = (message: string): void => {
  console.error(`not ok ${message}`);
  failed += 1;
};
for (const name of Object.keys(TOPICS)) if (!files.includes(`${name}.json`)) fail(`${name}: the file is missing`);
const signed = new Set<string>();
for (const file of files) {
  const name = file.replace(".json", "");
  const topic = TOPICS[name];
  if (!topic) {
    fail(`${name}: nothing here checks this file`);
    continue;
  }
  const { cases } = JSON.parse(readFileSync(join(folder, file), "utf8")) as { cases: Case[] };
  if (cases.length === 0) fail(`${name}: there are no cases`);
  for (const expected of cases) {
    if (name === "eip712") signed.add(expected.type);
    const difference = judge(topic, expected);
    if (difference === undefined) passed += 1;
    else fail(`${name}: ${expected.name}: ${difference}`);
  }
}
for (const type of types.names()) if (!signed.has(type)) fail(`eip712: ${type} has no case`);
if (failed > 0) {
  console.error(`${failed} failed`);
  process.exit(1);
}
console.log(`${passed} passed`);
