// What HTTP headers say about a payment.
import { base64url, fromBase64url, utf8 } from "./bytes.js";
import { canonical, Decimal, given, type Json, type JsonObject, parse, parseText } from "./json.js";
import { digestOf } from "./message.js";
import { readBuyer } from "./offers.js";
import { Refusal, within } from "./refusal.js";
import { address, amount, id, pathId, symbol } from "./values.js";

type Headers = [name: string, value: string][];

/** The value of a header that must not stand twice. */
function header(headers: Headers, name: string): string | undefined {
  const values = headers.filter(([other]) => other.toLowerCase() === name.toLowerCase());
  if (values.length > 1) throw new Refusal("HeaderTwice", name);
  return values[0]?.[1].replace(/^[ \t]+|[ \t]+$/g, "");
}

const STATUSES = ["SELECTED", "LOCKED", "SERVING", "PROVED", "SETTLED", "REFUNDED"];

function parsePath(value: string): string {
  if (utf8(value).length > 1024) throw new Refusal("HeaderTooLong");
  const pairs = new Map<string, string>();
  for (const part of value.split(";")) {
    const [, key, text] = /^[ \t]*([a-z0-9_]+)=(.*?)[ \t]*$/s.exec(part) ?? [];
    if (key === undefined || text === undefined) throw new Refusal("BadHeader");
    const name = key === "htlc_id" ? "settlement_id" : key;
    if (pairs.has(name) || pairs.size === 8) throw new Refusal("BadHeader");
    pairs.set(name, text);
  }
  const status = (text: string): string => {
    if (!STATUSES.includes(text)) throw new Refusal("UnknownValue");
    return text;
  };
  const fields = { request_id: id, path_id: pathId, settlement_id: id, status };
  const written = Object.entries(fields).map(([name, read]) => {
    const text = pairs.get(name);
    if (text === undefined) throw new Refusal("Missing", name);
    return `${name}=${within(name, () => read(text))}`;
  });
  return written.join("; ");
}

function path(headers: Headers): string | null {
  let found: string | null = null;
  for (const name of ["transaction-path", "htlc-path", "value-path"]) {
    const value = header(headers, name);
    if (value === undefined) continue;
    if (found !== null) throw new Refusal("HeaderTwice", name);
    found = within(name, () => parsePath(value));
  }
  return found;
}

function escrow(headers: Headers, given: Record<string, string>): Record<string, unknown> {
  const read = (name: string, reader: (text: string) => string): string | undefined => {
    const value = header(headers, name);
    return value === undefined ? undefined : within(name, () => reader(value));
  };
  const contract = read("X-Escrow-Contract", (text) => {
    if (/^0x0{40}$/.test(text)) throw new Refusal("ZeroAddress");
    return address(text);
  });
  const asset = read("X-Payment-Asset", symbol);
  const price = read("X-Payment-Amount", (text) => {
    if (text === "0") throw new Refusal("ZeroAmount");
    return amount(text);
  });
  const session = read("X-Session-ID", id);
  if (asset === undefined) throw new Refusal("Missing", "X-Payment-Asset");
  if (price === undefined) throw new Refusal("Missing", "X-Payment-Amount");
  const query: [string, Json][] = [
    ["phase", "QUERY"], ["tgp_version", "0.1"], ["id", given.id as string], ["from", given.from as string],
    ["to", given.to as string], ["asset", asset], ["amount", price], ["escrow_from_402", contract !== undefined],
    ["zk_profile", given.zk_profile as string],
  ];
  if (contract !== undefined) query.push(["escrow_contract_from_402", contract]);
  return { query: canonical(new Map(query)), session_id: session ?? null };
}

function readMessage(value: string, kind: string): Record<string, unknown> {
  if (value.length > 8192) throw new Refusal("HeaderTooLong");
  const bytes = fromBase64url(value);
  if (!bytes) throw new Refusal("BadBase64");
  return { digest: digestOf(readBuyer(bytes, kind)[1]) };
}

function fromBase64(value: string): Json {
  if (value.length > 32 * 1024) throw new Refusal("HeaderTooLong");
  const bytes = Buffer.from(value, "base64");
  if (bytes.toString("base64") !== value) throw new Refusal("BadBase64Header");
  const object = parse(bytes);
  if (!(object instanceof Map)) throw new Refusal("BadBase64Header");
  return object;
}

/** The version that an x402 object says it is of. */
export function x402Version(object: JsonObject): number {
  const version = given(object, "x402Version");
  if (version === undefined) throw new Refusal("Missing", "x402Version");
  if (!(version instanceof Decimal)) throw new Refusal("WrongType", "x402Version");
  if (!["1", "2"].includes(String(version))) throw new Refusal("OtherX402Version", "x402Version");
  return Number(version);
}

function payment(headers: Headers): Record<string, unknown> {
  const read = (name: string, version: number): JsonObject | undefined => {
    const value = header(headers, name);
    if (value === undefined) return undefined;
    return within(name, () => {
      const object = fromBase64(value) as JsonObject;
      if (x402Version(object) !== version) throw new Refusal("OtherHeaderVersion");
      return object;
    });
  };
  const [second, first] = [read("PAYMENT-SIGNATURE", 2), read("X-PAYMENT", 1)];
  if (second && first) {
    const [ours, theirs] = [second, first].map((object) => canonical(object.get("payload") ?? null));
    if (ours !== theirs) throw new Refusal("TwoPayments", "X-PAYMENT");
  }
  const object = second ?? first;
  return { version: object ? x402Version(object) : null, object: object ? canonical(object) : null };
}

/** What this implementation makes of a case of `headers.json`. */
export function headers(input: Record<string, any>): Record<string, unknown> {
  switch (input.read) {
    case "transaction-path":
      return { written: path(input.headers) };
    case "escrow":
      return escrow(input.headers, input);
    case "payment":
      return payment(input.headers);
    case "x402": {
      const value = Buffer.from(canonical(parseText(input.object))).toString("base64");
      return { value, canonical: canonical(fromBase64(value)) };
    }
    case "X-TGP-Query":
      return readMessage(input.value, "QUERY");
    case "X-TGP-Offer":
      return readMessage(input.value, "OFFER");
    case "x-tgp": {
      const written = base64url(utf8(canonical(parseText(input.message))));
      if (written.length > 8192) throw new Refusal("HeaderTooLong");
      return { header: written };
    }
    default:
      throw new Error(`nothing reads ${input.read}`);
  }
}
