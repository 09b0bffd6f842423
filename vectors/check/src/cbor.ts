// Deterministic CBOR (RFC 8949 section 4.2.1) of JSON's data model; fractions are decimal fractions, tag 4.
import { bigEndian, concat, fromHex, utf8 } from "./bytes.js";
import { Decimal, decimal, type Json, type JsonObject } from "./json.js";
import { Refusal } from "./refusal.js";

const MOST_BYTES = 64 * 1024;
const MOST_DEPTH = 32;
const MOST_MEMBERS = 512n;
const WIDTHS = [1, 2, 4, 8];

function head(major: number, number: bigint): Uint8Array {
  if (number < 24n) return Uint8Array.of((major << 5) | Number(number));
  const at = WIDTHS.findIndex((width) => number < 1n << BigInt(8 * width));
  return concat(Uint8Array.of((major << 5) | (24 + at)), bigEndian(number, WIDTHS[at] as number));
}

const integer = (number: bigint): Uint8Array => (number < 0n ? head(1, -1n - number) : head(0, number));

function text(value: string): Uint8Array {
  const bytes = utf8(value);
  return concat(head(3, BigInt(bytes.length)), bytes);
}

export function encode(value: Json): Uint8Array {
  if (value === false) return fromHex("f4");
  if (value === true) return fromHex("f5");
  if (value === null) return fromHex("f6");
  if (typeof value === "string") return text(value);
  if (value instanceof Decimal) {
    const mantissa = integer(value.mantissa);
    return value.places === 0 ? mantissa : concat(fromHex("c482"), integer(BigInt(-value.places)), mantissa);
  }
  if (Array.isArray(value)) return concat(head(4, BigInt(value.length)), ...value.map(encode));
  const members = [...value].map(([name, inner]) => [text(name), encode(inner)] as const);
  members.sort(([a], [b]) => Buffer.compare(a, b));
  return concat(head(5, BigInt(members.length)), ...members.flat());
}

class Reader {
  at = 0;
  private depth = 0;

  constructor(
    readonly bytes: Uint8Array,
    private readonly mostDepth: number,
  ) {}

  private take(length: bigint | number): Uint8Array {
    if (BigInt(this.at) + BigInt(length) > BigInt(this.bytes.length)) throw new Refusal("NotCbor");
    this.at += Number(length);
    return this.bytes.subarray(this.at - Number(length), this.at);
  }

  private head(): readonly [number, bigint] {
    const first = this.take(1)[0] as number;
    const [major, short] = [first >> 5, first & 31];
    if (short < 24) return [major, BigInt(short)];
    if (short === 31) throw new Refusal(major >= 2 && major <= 5 ? "IndefiniteLength" : "NotCbor");
    const width = WIDTHS[short - 24];
    if (width === undefined) throw new Refusal("NotCbor");
    if (major === 7 && width > 1) throw new Refusal("CborFloat");
    const number = BigInt(`0x${Buffer.from(this.take(width)).toString("hex")}`);
    if (major === 7 && number < 32n) throw new Refusal("NotCbor");
    const least = width === 1 ? 24n : 1n << BigInt(4 * width);
    if (number < least) throw new Refusal("NotShortest");
    return [major, number];
  }

  value(): Json {
    const [major, number] = this.head();
    if (major === 0) return decimal(number, 0);
    if (major === 1) return decimal(-1n - number, 0);
    if (major === 3) return this.text(number);
    if (major === 4) return this.inside(number, () => this.array(number));
    if (major === 5) return this.inside(number, () => this.map(number));
    if (major === 6 && number === 4n) return this.fraction();
    if (major === 7 && number === 20n) return false;
    if (major === 7 && number === 21n) return true;
    if (major === 7 && number === 22n) return null;
    throw new Refusal("NotInModel");
  }

  private text(length: bigint): string {
    const bytes = this.take(length);
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw new Refusal("NotUtf8");
    }
  }

  private inside<T>(length: bigint, read: () => T): T {
    if (this.depth >= this.mostDepth) throw new Refusal("TooDeep");
    if (length > MOST_MEMBERS) throw new Refusal("TooManyMembers");
    this.depth += 1;
    const value = read();
    this.depth -= 1;
    return value;
  }

  private array(length: bigint): Json[] {
    const elements: Json[] = [];
    while (BigInt(elements.length) < length) elements.push(this.value());
    return elements;
  }

  private map(length: bigint): JsonObject {
    const members: JsonObject = new Map();
    let before = new Uint8Array();
    for (let count = 0n; count < length; count += 1n) {
      const start = this.at;
      const [major, number] = this.head();
      if (major !== 3) throw new Refusal("KeyNotText");
      const name = this.text(number);
      const encoded = this.bytes.slice(start, this.at);
      const order = Buffer.compare(encoded, before);
      if (order === 0) throw new Refusal("DuplicateName");
      if (order < 0) throw new Refusal("UnsortedKeys");
      before = encoded;
      members.set(name, this.value());
    }
    return members;
  }

  private fraction(): Decimal {
    const [array, count] = this.head();
    if (array !== 4 || count !== 2n) throw new Refusal("BadDecimalFraction");
    const [negative, exponent] = this.head();
    const [major, number] = this.head();
    if (negative !== 1 || exponent > 5n || major > 1) throw new Refusal("BadDecimalFraction");
    const places = Number(exponent) + 1;
    const value = decimal(major === 1 ? -1n - number : number, places);
    if (value.places !== places) throw new Refusal("BadDecimalFraction");
    return value;
  }
}

export function decode(bytes: Uint8Array, mostDepth = MOST_DEPTH): Json {
  if (bytes.length > MOST_BYTES) throw new Refusal("TooLarge");
  const reader = new Reader(bytes, mostDepth);
  const value = reader.value();
  if (reader.at < bytes.length) throw new Refusal("TrailingBytes");
  return value;
}
