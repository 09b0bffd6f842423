// Strict I-JSON (RFC 7493) in, RFC 8785 out. Numbers are decimals, never doubles.
import { Refusal } from "./refusal.js";

/** `mantissa / 10^places`, with the fewest places. */
export class Decimal {
  constructor(
    readonly mantissa: bigint,
    readonly places: number,
  ) {}

  toString(): string {
    const digits = (this.mantissa < 0n ? -this.mantissa : this.mantissa).toString().padStart(this.places + 1, "0");
    const whole = digits.slice(0, digits.length - this.places);
    return (this.mantissa < 0n ? "-" : "") + whole + (this.places ? `.${digits.slice(-this.places)}` : "");
  }
}

export type Json = null | boolean | Decimal | string | Json[] | JsonObject;
export type JsonObject = Map<string, Json>;

/** A member of a message, unless it is null: such a member is not there. */
export const given = (object: JsonObject, name: string): Json | undefined => object.get(name) ?? undefined;

const MOST_BYTES = 64 * 1024;
const MOST_DEPTH = 32;
const MOST_MEMBERS = 512;
const MAX_INTEGER = 2n ** 53n - 1n;

export function decimal(mantissa: bigint, places: number): Decimal {
  while (places > 0 && mantissa % 10n === 0n) {
    mantissa /= 10n;
    places -= 1;
  }
  const most = places === 0 ? MAX_INTEGER : 10n ** 15n - 1n;
  if (mantissa > most || mantissa < -most || places > 6) throw new Refusal("UnsafeNumber");
  return new Decimal(mantissa, places);
}

function numberOf(whole: string, fraction: string, exponent: string): Decimal {
  const digits = BigInt(whole + fraction);
  if (exponent.length > 6) throw new Refusal("UnsafeNumber");
  const power = Number(exponent || "0") - fraction.length;
  if (digits === 0n) return new Decimal(0n, 0);
  if (power > 20) throw new Refusal("UnsafeNumber");
  if (power >= 0) return decimal(digits * 10n ** BigInt(power), 0);
  return decimal(digits, -power);
}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  whole(): Json {
    const value = this.value();
    this.space();
    if (this.at < this.text.length) throw new Refusal("TrailingText");
    return value;
  }

  private space(): void {
    while (" \t\n\r".includes(this.text[this.at] ?? "x")) this.at += 1;
  }

  private take(token: string): boolean {
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  private need(condition: boolean): void {
    if (!condition) throw new Refusal("NotJson");
  }

  private value(): Json {
    this.space();
    if (this.take("{")) return this.inside(() => this.object());
    if (this.take("[")) return this.inside(() => this.array());
    if (this.take('"')) return this.string();
    if (this.take("null")) return null;
    if (this.take("true")) return true;
    if (this.take("false")) return false;
    return this.number();
  }

  private inside<T>(read: () => T): T {
    if (this.depth >= MOST_DEPTH) throw new Refusal("TooDeep");
    this.depth += 1;
    const value = read();
    this.depth -= 1;
    return value;
  }

  private array(): Json[] {
    const elements: Json[] = [];
    this.space();
    if (this.take("]")) return elements;
    for (;;) {
      elements.push(this.value());
      if (elements.length > MOST_MEMBERS) throw new Refusal("TooManyMembers");
      this.space();
      if (this.take("]")) return elements;
      this.need(this.take(","));
    }
  }

  private object(): JsonObject {
    const members: JsonObject = new Map();
    let twice = false;
    let count = 0;
    this.space();
    if (this.take("}")) return members;
    for (;;) {
      this.space();
      this.need(this.take('"'));
      const name = this.string();
      this.space();
      this.need(this.take(":"));
      twice ||= members.has(name);
      members.set(name, this.value());
      if (++count > MOST_MEMBERS) throw new Refusal("TooManyMembers");
      this.space();
      if (this.take("}")) break;
      this.need(this.take(","));
    }
    if (twice) throw new Refusal("DuplicateName");
    return members;
  }

  private string(): string {
    let out = "";
    for (;;) {
      const unit = this.text[this.at];
      this.need(unit !== undefined && unit >= " ");
      this.at += 1;
      if (unit === '"') break;
      out += unit === "\\" ? this.escape() : unit;
    }
    // what the decoder of UTF-8 let through is sound, so a lone surrogate comes from an escape
    this.need(out.isWellFormed());
    return out;
  }

  private escape(): string {
    const letter = this.text[this.at++] ?? "";
    const plain: Record<string, string> = {
      '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t",
    };
    if (letter !== "u") {
      const character = plain[letter];
      this.need(character !== undefined);
      return character ?? "";
    }
    const digits = this.text.slice(this.at, this.at + 4);
    this.need(/^[0-9a-fA-F]{4}$/.test(digits));
    this.at += 4;
    return String.fromCharCode(parseInt(digits, 16));
  }

  private digits(): string {
    const start = this.at;
    while (/[0-9]/.test(this.text[this.at] ?? "")) this.at += 1;
    this.need(this.at > start);
    return this.text.slice(start, this.at);
  }

  private number(): Decimal {
    const sign = this.take("-") ? "-" : "";
    const whole = this.take("0") ? "0" : this.digits();
    const fraction = this.take(".") ? this.digits() : "";
    let exponent = "";
    if (this.take("e") || this.take("E")) {
      const negative = this.take("-");
      if (!negative) this.take("+");
      exponent = (negative ? "-" : "") + this.digits();
    }
    const { mantissa, places } = numberOf(whole, fraction, exponent);
    return new Decimal(sign ? -mantissa : mantissa, places);
  }
}

export function parse(bytes: Uint8Array): Json {
  if (bytes.length > MOST_BYTES) throw new Refusal("TooLarge");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal("NotUtf8");
  }
  if (text.startsWith("\ufeff")) throw new Refusal("NotUtf8");
  return new Parser(text).whole();
}

export function parseText(text: string): Json {
  return parse(new TextEncoder().encode(text));
}

export function parseObject(bytes: Uint8Array): JsonObject {
  const value = parse(bytes);
  if (!(value instanceof Map)) throw new Refusal("NotAnObject");
  return value;
}

function quoted(text: string): string {
  const short: Record<string, string> = {
    '"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t",
  };
  const escaped = [...text].map((character) => {
    if (short[character]) return short[character];
    return character < " " ? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}` : character;
  });
  return `"${escaped.join("")}"`;
}

/** The canonical text by RFC 8785. JavaScript's own comparison of strings is that of their UTF-16 code units. */
export function canonical(value: Json): string {
  if (value === null || typeof value === "boolean" || value instanceof Decimal) return String(value);
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const names = [...value.keys()].sort((a, b) => (a < b ? -1 : 1));
  return `{${names.map((name) => `${quoted(name)}:${canonical(value.get(name) as Json)}`).join(",")}}`;
}

export function canonicalWithout(object: JsonObject, ...names: string[]): string {
  return canonical(new Map([...object].filter(([name]) => !names.includes(name))));
}
