// Strict Ed25519: the equation is left to node:crypto, what it lets pass beside the one sound form is refused here.
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { base64url, concat, fromBase64url, fromHex, hex, taggedHash } from "./bytes.js";
import { Refusal } from "./refusal.js";

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

const mod = (a: bigint): bigint => ((a % P) + P) % P;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (base = mod(base); exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = mod(result * base);
    base = mod(base * base);
  }
  return result;
}

const inverse = (a: bigint): bigint => power(a, P - 2n);
const D = mod(-121665n * inverse(121666n));

const littleEndian = (bytes: Uint8Array): bigint => BigInt(`0x${hex(Uint8Array.from(bytes).reverse())}`);

type Point = readonly [bigint, bigint];

/** The point of an encoding by RFC 8032, section 5.1.3. */
function decode(bytes: Uint8Array): Point | undefined {
  const word = littleEndian(bytes);
  const [y, sign] = [word & (2n ** 255n - 1n), word >> 255n];
  if (y >= P) return undefined;
  const square = mod((y * y - 1n) * inverse(D * y * y + 1n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x - square) !== 0n) x = mod(x * power(2n, (P - 1n) / 4n));
  if (mod(x * x - square) !== 0n || (x === 0n && sign === 1n)) return undefined;
  return [(x & 1n) === sign ? x : P - x, y];
}

function double([x, y]: Point): Point {
  const t = mod(D * x * x * y * y);
  return [mod(2n * x * y * inverse(1n + t)), mod((y * y + x * x) * inverse(1n - t))];
}

/** Whether eight times the point is the neutral one. */
function isSmall(point: Point): boolean {
  const [x, y] = double(double(double(point)));
  return x === 0n && y === 1n;
}

const PREFIX = "ed25519:";

function bytesOf(text: string, length: number): Uint8Array | undefined {
  const bytes = text.startsWith(PREFIX) ? fromBase64url(text.slice(PREFIX.length)) : undefined;
  return bytes?.length === length ? bytes : undefined;
}

/** A signature as it is written, whatever it is of. */
export function signatureText(text: string): string {
  if (!bytesOf(text, 64)) throw new Refusal("BadSignature");
  return text;
}

export class PublicKey {
  private constructor(readonly bytes: Uint8Array) {}

  static parse(text: string): PublicKey {
    const bytes = bytesOf(text, 32);
    const point = bytes && decode(bytes);
    if (!bytes || !point || isSmall(point)) throw new Refusal("BadKey");
    return new PublicKey(bytes);
  }

  static ofSeed(seed: Uint8Array): PublicKey {
    const { x } = createPublicKey(privateKey(seed)).export({ format: "jwk" });
    return PublicKey.parse(PREFIX + x);
  }

  toString(): string {
    return PREFIX + base64url(this.bytes);
  }

  id(): string {
    return base64url(taggedHash("TGP/0.1/kid", [this.bytes]).slice(0, 16));
  }

  verify(message: Uint8Array, text: string): void {
    const signature = bytesOf(text, 64);
    if (!signature) throw new Refusal("BadSignature");
    const r = decode(signature.subarray(0, 32));
    const der = concat(fromHex("302a300506032b6570032100"), this.bytes);
    const key = createPublicKey({ key: Buffer.from(der), format: "der", type: "spki" });
    const sound = r && !isSmall(r) && littleEndian(signature.subarray(32)) < ORDER;
    if (!sound || !verify(null, message, key, signature)) throw new Refusal("SignatureMismatch");
  }
}

function privateKey(seed: Uint8Array) {
  const der = concat(fromHex("302e020100300506032b657004220420"), seed);
  return createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" });
}

export function signWith(seed: Uint8Array, message: Uint8Array): string {
  return PREFIX + base64url(sign(null, message, privateKey(seed)));
}
