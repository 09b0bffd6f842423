// Snapshots, detail records, triplets and the seals of days.
import { bigEndian, fromHex, hex, sha256, taggedHash, utf8 } from "./bytes.js";
import { PublicKey, signWith } from "./ed25519.js";
import { canonical, given, type Json, type JsonObject, parseObject } from "./json.js";
import { choice, integer, list, members, optional, type Read, text, u64 } from "./reader.js";
import { attested, type Receipt, readReceipt } from "./receipt.js";
import { Refusal, within } from "./refusal.js";
import { address, amount, chain, id, party, sha256Text, symbol, time, word } from "./values.js";

const th = (purpose: string, ...parts: Uint8Array[]): string => `sha256:${hex(taggedHash(`TGP/0.1/${purpose}`, parts))}`;
const bytesOf = (digest: string): Uint8Array => fromHex(digest.slice("sha256:".length));
const u32 = integer(2n ** 32n - 1n);

function without(object: JsonObject, ...names: string[]): JsonObject {
  return new Map([...object].filter(([name]) => !names.includes(name)));
}

const snapshot = members({
  session_id: text(id),
  state: choice("Idle", "QuerySent", "OfferReceived", "AcceptSent", "Finalizing", "Settled", "Errored"),
  query_id: optional(text(id)),
  offer_id: optional(text(id)),
  timestamp: text(time),
  participants: members({ buyer: text(party), seller: text(party), controller: text(party) }),
  settlement_path: text(id),
  version: u32,
});

function checksum(object: JsonObject): string {
  if (object.has("sso_id")) throw new Refusal("Contradiction", "sso_id");
  if (snapshot(object).version === 0n) throw new Refusal("OutOfRange", "version");
  const claimed = given(object, "checksum");
  if (claimed === undefined) throw new Refusal("Missing", "checksum");
  const computed = th("snapshot", utf8(canonical(without(object, "checksum"))));
  return within("checksum", () => {
    if (text(sha256Text)(claimed) !== computed) throw new Refusal("HashMismatch");
    return computed;
  });
}

/** The codes of this file's records by every spelling, with their name on plane S. */
const CODES: readonly (readonly [string, string])[] = [
  ["HTLC_TIMEOUT", "TGP.HTLC_TIMEOUT"], ["POLICY_VIOLATION", "TGP.POLICY_BLOCKED"], ["TIMEOUT", "TGP.TIMEOUT"],
];

function code(written: string): string {
  const found = CODES.find((spellings) => spellings.includes(written));
  if (!found) throw new Refusal("UnknownValue");
  return found[0];
}

function pathId(written: string): string {
  if (!/^[A-Za-z0-9._:>-]{1,256}$/.test(written)) throw new Refusal("BadPathId");
  return written;
}

const ENTRY = {
  tdr_id: text(id),
  request_id: text(id),
  session_id: optional(text(id)),
  trace_id: text(id),
  service: text(id),
  verb: text(id),
  ts_start: text(time),
  timestamp: text(time),
  status: choice("success", "refunded", "failed"),
  error_code: optional(text(code)),
  l8: members({ family: choice("EVM"), chain_id: text(chain) }),
  asset: members({ symbol: text(symbol) }),
  amount: text(amount),
  txid: optional(text(word)),
  block: optional(u64),
  client_id: optional(text(id)),
  path_id: optional(text(pathId)),
  rs: optional(text(address)),
  auth_nonce: optional(text(word)),
  route_asn: optional(u32),
  policy_hash: text(sha256Text),
  sso_ids: list(text(id)),
  hash_lock: optional(text(sha256Text)),
  tdr_receipt_hash: optional(text(sha256Text)),
  triplet_hash: optional(text(sha256Text)),
};

const entryOf = members(ENTRY);
type Entry = ReturnType<typeof entryOf>;

const FREE = ["tdr_id", "request_id", "session_id", "trace_id", "service", "verb", "client_id", "path_id"] as const;
const HASHED = ["txid", "auth_nonce", "policy_hash", "tdr_receipt_hash", "triplet_hash"] as const;
const showsWord = (written: string | undefined): boolean => /[0-9a-fA-F]{64}/.test(written ?? "");

function checkEntry(entry: Entry): void {
  if (Date.parse(entry.ts_start) > Date.parse(entry.timestamp)) throw new Refusal("Contradiction", "ts_start");
  const failed = entry.status === "failed";
  if (failed !== (entry.error_code !== undefined)) throw new Refusal(failed ? "Missing" : "Contradiction", "error_code");
  const { sso_ids: ids } = entry;
  if (ids.some((one, place) => place > 0 && one <= (ids[place - 1] ?? ""))) throw new Refusal("Contradiction", "sso_ids");
  for (const name of FREE) if (showsWord(entry[name])) throw new Refusal("ShowsSecret", name);
  if (ids.some(showsWord)) throw new Refusal("ShowsSecret", "sso_ids");
  for (const name of HASHED) {
    const digits = entry[name]?.replace(/^(0x|sha256:)/, "");
    const opens = digits !== undefined && `sha256:${hex(sha256(fromHex(digits)))}` === entry.hash_lock;
    if (opens) throw new Refusal("ShowsSecret", name);
  }
}

/** A value as it is read, in JSON again. */
function json(value: unknown): Json {
  if (Array.isArray(value)) return value.map(json);
  if (typeof value === "bigint") return parseObject(utf8(`{"n":${value}}`)).get("n") as Json;
  if (typeof value === "string") return value;
  const there = Object.entries(value as object).filter(([, member]) => member !== undefined);
  return new Map(there.map(([name, member]) => [name, json(member)]));
}

const hashOf = (record: JsonObject): string => th("tdr", utf8(canonical(without(record, "hash", "signature"))));

function summary(record: JsonObject): JsonObject {
  const names = ["tdr_id", "request_id", "timestamp", "service", "status", "kid", "hash", "signature"];
  return new Map([...record].filter(([name]) => names.includes(name)));
}

const signedBytes = (purpose: string, object: JsonObject): Uint8Array =>
  utf8(`TGP/0.1/sig/${purpose}\0${canonical(without(object, "signature"))}`);

const NOTHING = `sha256:${"0".repeat(64)}`;

/** The first record of a chain, made of an entry. */
function first(entry: Entry, seed: Uint8Array): JsonObject {
  checkEntry(entry);
  const record = json({ ...entry, seq: 1n, prev_hash: NOTHING, kid: PublicKey.ofSeed(seed).id() }) as JsonObject;
  record.set("hash", hashOf(record));
  record.set("signature", signWith(seed, signedBytes("tdr", summary(record))));
  return record;
}

/** What stands in no more than one cell. */
function cell(value: unknown): string {
  const written = value === undefined ? "" : String(value);
  const tame = /^[=+\-@\t\r\n]/.test(written) ? `'${written}` : written;
  return /[,"\r\n]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame;
}

function csv(entry: Entry): string[] {
  const dotted = CODES.find(([name]) => name === entry.error_code)?.[1];
  const rc = { success: "OK", refunded: "REFUNDED", failed: dotted }[entry.status];
  const row = [
    entry.ts_start, entry.timestamp, entry.client_id, entry.path_id, entry.l8.chain_id.slice("eip155:".length),
    entry.asset.symbol, entry.amount, entry.txid, entry.block, entry.rs, entry.auth_nonce, rc,
  ];
  const header = "ts_start,ts_end,client_id,path_id,chain_id,token,amount,tx_hash,block,rs,auth_nonce,rc";
  return [header, row.map(cell).join(",")];
}

function keys(entry: Entry): Json {
  const { timestamp: ts, status: result, trace_id, verb, l8, asset, policy_hash, sso_ids, txid, route_asn } = entry;
  const { amount: units, error_code } = entry;
  return json({
    ts, result, trace_id, verb, l8, asset, amount: units, policy_hash, sso_ids, txid, route_asn, error_code,
  });
}

function kid(written: string): string {
  if (!/^[A-Za-z0-9_-]{21}[AQgw]$/.test(written)) throw new Refusal("BadKeyId");
  return written;
}

function signature(written: string): string {
  const sound = /^ed25519:[A-Za-z0-9_-]{85}[AQgw]$/.test(written);
  if (!sound) throw new Refusal("BadSignature");
  return written;
}

const recordOf = members({
  ...ENTRY, seq: u64, prev_hash: text(sha256Text), kid: text(kid), hash: text(sha256Text), signature: text(signature),
});

interface Tip {
  seq: number;
  hash: string;
}

function follow(tip: Tip, object: JsonObject, key: PublicKey): Tip {
  const record = recordOf(object);
  checkEntry(record);
  if (record.hash !== hashOf(object)) throw new Refusal("HashMismatch", "hash");
  if (record.seq !== BigInt(tip.seq) + 1n) throw new Refusal("BrokenChain", "seq");
  if (record.prev_hash !== tip.hash) throw new Refusal("BrokenChain", "prev_hash");
  if (record.kid !== key.id()) throw new Refusal("SignatureMismatch", "kid");
  within("signature", () => key.verify(signedBytes("tdr", summary(object)), record.signature));
  return { seq: Number(record.seq), hash: record.hash };
}

function reference(written: string): string {
  if (!/^[!#-[\]-_a-~]{1,256}$/.test(written)) throw new Refusal("BadReference");
  if (!/^sha256:.{64}$/.test(written) && showsWord(written)) throw new Refusal("ShowsSecret");
  return written;
}

function need(object: JsonObject, name: string): Json {
  const value = given(object, name);
  if (value === undefined) throw new Refusal("Missing", name);
  return value;
}

type Receipts = readonly [name: string, signature: string, fields: Read<object>][];
const RECEIPTS: Receipts = [
  ["control_plane_receipt", "gateway_signature", members({
    query_id: text(id), offer_id: text(id), settle_id: text(id), timestamp: text(time), policy_hash: text(sha256Text),
    tdr_receipt_hash: text(sha256Text),
  })],
  ["settlement_receipt", "prover_signature", members({
    layer8_tx: text(word), block_number: u64, confirmation_count: u32,
  })],
  ["application_receipt", "seller_signature", members({
    fulfillment_proof: text(reference), delivery_timestamp: text(time), metadata_uri: optional(text(reference)),
  })],
];

/** What a signature covers: the receipt as it came, and what is added to it. */
function inSession(receipt: JsonObject, session: string, key: string): JsonObject {
  for (const name of ["session_id", "kid"]) if (receipt.has(name)) throw new Refusal("UnknownField", name);
  return new Map([...receipt, ["session_id", session], ["kid", key]]);
}

function triplet(object: JsonObject, receipt: Receipt, publicKeys: string[]): string {
  const named = need(object, "session_id");
  const session = within("session_id", () => text(id)(named));
  const parts = RECEIPTS.map(([name, signed, fields]) => {
    const value = need(object, name);
    const known = within(name, () => fields(value)) as Record<string, unknown>;
    return { name, known, found: without(value as JsonObject, signed), shown: given(value as JsonObject, signed) };
  });
  const [agreed, paid] = [parts[0]?.known ?? {}, parts[1]?.known ?? {}];
  const receiptHash = String(agreed.tdr_receipt_hash);
  parts.forEach(({ name, found, shown }, place) => {
    if (shown === undefined && place < 2) throw new Refusal("Unsigned", name);
    if (shown === undefined) return;
    const signed = RECEIPTS[place]?.[1] ?? "";
    const written = within(`${name}.${signed}`, () => text(signature)(shown));
    const key = PublicKey.parse(publicKeys[place] ?? "");
    const purpose = place === 0 ? "tdr-control-plane" : "tdr-application";
    within(name, () => {
      const covered = () => signedBytes(purpose, inSession(found, session, key.id()));
      key.verify(place === 1 ? attested(receiptHash, key.id()) : covered(), written);
    });
  });
  const about = "control_plane_receipt";
  if (receiptHash !== receipt.hash) throw new Refusal("HashMismatch", `${about}.tdr_receipt_hash`);
  if (agreed.policy_hash !== receipt.policy) throw new Refusal("HashMismatch", `${about}.policy_hash`);
  if (session !== receipt.bindings.session_id) throw new Refusal("OtherRequest", "session_id");
  if (!receipt.proofs.some(({ tx }) => tx === paid.layer8_tx)) {
    throw new Refusal("OtherSettlement", "settlement_receipt.layer8_tx");
  }
  return th("tdr-triplet", ...parts.map(({ found }) => utf8(canonical(found))), bytesOf(receiptHash));
}

const leaf = (hash: string): string => th("tdr-leaf", bytesOf(hash));
const node = (left: string, right: string): string => th("tdr-node", bytesOf(left), bytesOf(right));

/** The top of a tree in which the odd one at the end goes up as it is. */
function top(row: string[]): string {
  if (row.length === 1) return row[0] ?? "";
  const above = row.filter((_, place) => place % 2 === 0);
  return top(above.map((left, place) => (row[2 * place + 1] === undefined ? left : node(left, row[2 * place + 1] ?? ""))));
}

function included(seal: any, hash: string, proof: any): void {
  if (seal.count < 1) throw new Refusal("OutOfRange", "count");
  let place = proof.seq - seal.first_seq;
  if (place < 0 || place >= seal.count) throw new Refusal("NotIncluded");
  const path: string[] = [...proof.path];
  let at = leaf(hash);
  for (let width = seal.count; width > 1; width = Math.ceil(width / 2), place = Math.floor(place / 2)) {
    if (place % 2 === 0 && place === width - 1) continue;
    const sister = path.shift();
    if (sister === undefined) throw new Refusal("NotIncluded");
    at = place % 2 === 0 ? node(at, sister) : node(sister, at);
  }
  if (path.length > 0 || at !== seal.top) throw new Refusal("NotIncluded");
}

export function checkRecord(input: any): any {
  const object = (written: string): JsonObject => parseObject(utf8(written));
  if (input.snapshot !== undefined) return { checksum: checksum(object(input.snapshot)) };
  if (input.entry !== undefined) {
    const entry = entryOf(object(input.entry));
    const record = first(entry, fromHex(input.seed));
    return {
      record: canonical(record),
      hash: record.get("hash"),
      summary: canonical(summary(record)),
      keys: canonical(keys(entry)),
      csv: csv(entry),
    };
  }
  if (input.records !== undefined) {
    const key = PublicKey.parse(input.public_key);
    let tip: Tip = input.from;
    input.records.forEach((record: string, place: number) => {
      tip = within(`[${place}]`, () => follow(tip, object(record), key));
    });
    return { tip };
  }
  if (input.triplet !== undefined) {
    const receipt = readReceipt(object(input.receipt));
    return { triplet_hash: triplet(object(input.triplet), receipt, input.public_keys) };
  }
  if (input.proof !== undefined) {
    included(input.seal, input.hash, input.proof);
    return { included: true };
  }
  const { day, first_seq, hashes } = input;
  if (hashes.length === 0) throw new Refusal("EmptyDay");
  const seal = { day, first_seq, count: hashes.length, top: top(hashes.map(leaf)) };
  const numbers = [bigEndian(first_seq, 8), bigEndian(seal.count, 8)];
  const root = th("tdr-seal", utf8(day), ...numbers, bytesOf(seal.top)).replace("sha256:", "0x");
  return { seal, root };
}
