import { createHash } from "node:crypto";

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

export function fromHex(text: string): Uint8Array {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new Error(`a vector holds bad hex: ${text.slice(0, 80)}`);
  return Buffer.from(text, "hex");
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

/** A number in so many bytes, big end first. */
export function bigEndian(number: bigint | number, width: number): Uint8Array {
  return fromHex(BigInt(number).toString(16).padStart(2 * width, "0"));
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}

/** Base64url without padding, in its one form; `undefined` for anything else. */
export function fromBase64url(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : undefined;
}

export function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

/** `TH(tag, m1..mn)` of the protocol. */
export function taggedHash(tag: string, parts: Uint8Array[]): Uint8Array {
  const prefix = sha256(utf8(tag));
  const framed = parts.flatMap((part) => [bigEndian(part.length, 8), part]);
  return sha256(concat(prefix, prefix, bigEndian(parts.length, 8), ...framed));
}
