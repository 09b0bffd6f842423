// Who signed with a key of secp256k1: node:crypto neither recovers a key nor takes a digest, so it is done here.
import { bigEndian, concat, hex } from "./bytes.js";
import { keccak256 } from "./keccak.js";
import { Refusal } from "./refusal.js";
import { checksummed } from "./values.js";

const P = 2n ** 256n - 2n ** 32n - 977n;
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const BASE: Point = [
  0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
  0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
];

/** A point of the curve y^2 = x^3 + 7; `undefined` is the neutral one. */
type Point = readonly [bigint, bigint];

const mod = (a: bigint, m: bigint): bigint => ((a % m) + m) % m;

function power(base: bigint, exponent: bigint, m: bigint): bigint {
  let result = 1n;
  for (base = mod(base, m); exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % m;
    base = (base * base) % m;
  }
  return result;
}

const inverse = (a: bigint, m: bigint): bigint => power(a, m - 2n, m);

function add(a: Point | undefined, b: Point | undefined): Point | undefined {
  if (!a || !b) return a ?? b;
  if (a[0] === b[0] && mod(a[1] + b[1], P) === 0n) return undefined;
  const same = a[0] === b[0];
  const [over, under] = same ? [3n * a[0] * a[0], 2n * a[1]] : [b[1] - a[1], b[0] - a[0]];
  const slope = mod(over * inverse(under, P), P);
  const x = mod(slope * slope - a[0] - b[0], P);
  return [x, mod(slope * (a[0] - x) - a[1], P)];
}

function times(point: Point, scalar: bigint): Point | undefined {
  let result: Point | undefined;
  for (let addend: Point | undefined = point; scalar > 0n; scalar >>= 1n) {
    if (scalar & 1n) result = add(result, addend);
    addend = add(addend, addend);
  }
  return result;
}

const number = (bytes: Uint8Array): bigint => BigInt(`0x${hex(bytes)}`);

/** The uncompressed public key, with 0x04 before it, that signed a digest; `s` must be low and `v` 27 or 28. */
export function recover(digest: Uint8Array, signature: Uint8Array): Uint8Array {
  if (signature.length !== 65) throw new Refusal("ContractSignature");
  const [r, s, v] = [number(signature.subarray(0, 32)), number(signature.subarray(32, 64)), signature[64]];
  const sound = r > 0n && r < N && s > 0n && s <= N / 2n && (v === 27 || v === 28);
  if (!sound) throw new Refusal("BadWalletSignature");
  const square = mod(r ** 3n + 7n, P);
  const root = power(square, (P + 1n) / 4n, P);
  if (mod(root * root, P) !== square) throw new Refusal("BadWalletSignature");
  const y = (root & 1n) === BigInt(v - 27) ? root : P - root;
  const back = inverse(r, N);
  const key = add(times(BASE, mod(-number(digest) * back, N)), times([r, y], mod(s * back, N)));
  if (!key) throw new Refusal("BadWalletSignature");
  return concat(Uint8Array.of(4), bigEndian(key[0], 32), bigEndian(key[1], 32));
}

/** The wallet of an uncompressed public key. */
export const walletOf = (key: Uint8Array): string => checksummed(hex(keccak256(key.subarray(1)).subarray(12)));
