// Who signed: recovery of a public key by SEC 1, section 4.1.6, and the address of it.
import { bigEndian, concat, fromHex, hex } from "./bytes.js";
import { keccak256 } from "./keccak.js";
import { Refusal } from "./refusal.js";
import { checksummed } from "./values.js";

const P = 2n ** 256n - 2n ** 32n - 977n;
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** No point is the neutral one. */
type Point = readonly [bigint, bigint] | undefined;

const G: Point = [
  0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
  0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
];

const mod = (a: bigint, m = P): bigint => ((a % m) + m) % m;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (base = mod(base); exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = mod(result * base);
    base = mod(base * base);
  }
  return result;
}

function inverse(a: bigint, m = P): bigint {
  let [r, before, t, other] = [m, mod(a, m), 0n, 1n];
  while (before !== 0n) {
    const quotient = r / before;
    [r, before] = [before, r - quotient * before];
    [t, other] = [other, t - quotient * other];
  }
  return mod(t, m);
}

function add(a: Point, b: Point): Point {
  if (!a) return b;
  if (!b) return a;
  if (a[0] === b[0] && mod(a[1] + b[1]) === 0n) return undefined;
  const slope = a[0] === b[0] ? 3n * a[0] * a[0] * inverse(2n * a[1]) : (b[1] - a[1]) * inverse(b[0] - a[0]);
  const x = mod(slope * slope - a[0] - b[0]);
  return [x, mod(slope * (a[0] - x) - a[1])];
}

function times(point: Point, factor: bigint): Point {
  let sum: Point;
  for (; factor > 0n; factor >>= 1n) {
    if (factor & 1n) sum = add(sum, point);
    point = add(point, point);
  }
  return sum;
}

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${hex(bytes)}`);

/** Reads a wallet's signature: 0x and 64 to 4096 bytes. */
export function walletSignature(text: string): Uint8Array {
  const bytes = (text.length - 2) / 2;
  if (!/^0x([0-9a-fA-F]{2})*$/.test(text) || bytes < 64 || bytes > 4096) throw new Refusal("BadWalletSignature");
  return fromHex(text.slice(2).toLowerCase());
}

/** r, s and v of 65 bytes, or of 64 by EIP-2098, where the highest bit of s stands for v. */
function parts(signature: Uint8Array): [r: bigint, s: bigint, v: number] {
  const [r, s] = [numberOf(signature.slice(0, 32)), numberOf(signature.slice(32, 64))];
  if (signature.length === 64) return [r, s & (2n ** 255n - 1n), 27 + Number(s >> 255n)];
  if (signature.length !== 65) throw new Refusal("ContractSignature");
  return [r, s, signature[64] as number];
}

/** The uncompressed public key, with 0x04 before it, that signed this digest; `s` must be the lower of its two values, `v`
 * 27 or 28. */
export function recover(digest: Uint8Array, signature: Uint8Array): Uint8Array {
  const [r, s, v] = parts(signature);
  const sound = r > 0n && r < ORDER && s > 0n && s <= ORDER / 2n && (v === 27 || v === 28);
  if (!sound) throw new Refusal("BadWalletSignature");
  const square = mod(r * r * r + 7n);
  const root = power(square, (P + 1n) / 4n);
  if (mod(root * root) !== square) throw new Refusal("BadWalletSignature");
  const y = (root & 1n) === BigInt(v - 27) ? root : P - root;
  const down = inverse(r, ORDER);
  const key = add(times([r, y], mod(s * down, ORDER)), times(G, mod(-numberOf(digest) * down, ORDER)));
  if (!key) throw new Refusal("BadWalletSignature");
  return concat(Uint8Array.of(4), bigEndian(key[0], 32), bigEndian(key[1], 32));
}

/** The address of an uncompressed public key. */
export const walletOf = (key: Uint8Array): string => checksummed(hex(keccak256(key.slice(1)).slice(12)));

/** The same where a token is asked: it takes 65 bytes of a key. */
export function tokenSigner(digest: Uint8Array, signature: Uint8Array): string {
  if (signature.length !== 65) throw new Refusal("ContractSignature");
  return signer(digest, signature);
}

/** The address of the key that signed this digest. */
export const signer = (digest: Uint8Array, signature: Uint8Array): string => walletOf(recover(digest, signature));
