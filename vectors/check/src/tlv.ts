// The framing of information blocks: code point, four bytes of length, deterministic CBOR.
import { createHmac } from "node:crypto";
import { bigEndian, concat } from "./bytes.js";
import * as cbor from "./cbor.js";
import type { Json, JsonObject } from "./json.js";
import { Refusal, within } from "./refusal.js";

const MOST_BYTES = 64 * 1024;
/** Of the whole block, its own level counted. */
const MOST_DEPTH = 32;
const WRAPPER = 0x7e;
const MAC = 0xff;

const META = new Map([[0xa0, "v"], [0xa1, "nonce"], [0xa2, "exp"], [0xa3, "trace_id"]]);
const MEMBERS = new Map([[0xc8, "l8_value"], [0xc9, "l9_identity"], [0xca, "l10_policy"], [0xf0, "crypto"]]);

function element(code: number, value: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(code), bigEndian(value.length, 4), value);
}

const hmac = (key: Uint8Array, bytes: Uint8Array): Buffer => createHmac("sha256", key).update(bytes).digest();

export function encode(block: JsonObject, key?: Uint8Array): Uint8Array {
  const meta = block.get("meta");
  if (meta !== undefined && !(meta instanceof Map && meta.size > 0)) throw new Refusal("NoCodePoint", "meta");
  const inner: JsonObject = meta instanceof Map ? meta : new Map();
  const known = ["meta", ...MEMBERS.values()];
  if ([...block.keys()].some((name) => !known.includes(name))) throw new Refusal("NoCodePoint");
  if ([...inner.keys()].some((name) => ![...META.values()].includes(name))) throw new Refusal("NoCodePoint", "meta");
  const parts: Uint8Array[] = [];
  for (const [codes, object] of [[META, inner], [MEMBERS, block]] as const) {
    for (const [code, name] of codes) {
      const value = object.get(name);
      if (value !== undefined) parts.push(element(code, cbor.encode(value)));
    }
  }
  const frame = concat(...parts);
  return key ? concat(frame, element(MAC, hmac(key, frame))) : frame;
}

export function decode(bytes: Uint8Array, key?: Uint8Array): JsonObject {
  if (bytes.length > MOST_BYTES) throw new Refusal("TooLarge");
  const [meta, block]: [JsonObject, JsonObject] = [new Map(), new Map()];
  const seen = new Set<number>();
  let mac: { covered: Uint8Array; value: Uint8Array } | undefined;

  const read = (frame: Uint8Array, wrapped: boolean): void => {
    for (let at = 0; at < frame.length; ) {
      const header = Buffer.from(frame.subarray(at, at + 5));
      const length = header.length === 5 ? header.readUInt32BE(1) : Infinity;
      if (at + 5 + length > frame.length) throw new Refusal("NotTlv");
      const code = header[0] as number;
      const value = frame.subarray(at + 5, at + 5 + length);
      if (mac) throw new Refusal("MisplacedElement");
      if (seen.has(code)) throw new Refusal("DuplicateElement");
      seen.add(code);
      const [ofMeta, ofBlock] = [META.get(code), MEMBERS.get(code)];
      if (ofMeta !== undefined) {
        meta.set(ofMeta, within(`meta.${ofMeta}`, () => cbor.decode(value, MOST_DEPTH - 2)));
      } else if (ofBlock !== undefined) {
        block.set(ofBlock, within(ofBlock, () => cbor.decode(value, MOST_DEPTH - 1)));
      } else if (code === WRAPPER || code === MAC) {
        if (wrapped) throw new Refusal("MisplacedElement");
        if (code === WRAPPER) read(value, true);
        else mac = { covered: frame.subarray(0, at), value };
      } else if (code >= 0x80 && !wrapped) {
        throw new Refusal("CriticalElement");
      }
      at += 5 + length;
    }
  };

  read(bytes, false);
  if (mac && !key) throw new Refusal("UnexpectedMac");
  if (key) {
    if (!mac) throw new Refusal("MissingMac");
    if (!hmac(key, mac.covered).equals(mac.value)) throw new Refusal("MacMismatch");
  }
  if (meta.size > 0) block.set("meta", meta as Json);
  return block;
}
