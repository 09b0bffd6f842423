// Keccak-256 as Ethereum uses it: the sponge of SHA-3 with the padding that it had before it was standardized.
const MASK = (1n << 64n) - 1n;
const RATE = 136;

const rotate = (lane: bigint, by: number): bigint =>
  by === 0 ? lane : ((lane << BigInt(by)) | (lane >> BigInt(64 - by))) & MASK;

/** The rotations of rho, from the walk over the lanes that defines them. */
const ROTATIONS = new Array<number>(25).fill(0);
for (let step = 0, x = 1, y = 0; step < 24; step += 1) {
  ROTATIONS[x + 5 * y] = (((step + 1) * (step + 2)) / 2) % 64;
  [x, y] = [y, (2 * x + 3 * y) % 5];
}

/** The constants of iota, from the shift register that defines them. */
const CONSTANTS: bigint[] = [];
for (let round = 0, register = 1; round < 24; round += 1) {
  let constant = 0n;
  for (let bit = 0; bit < 7; bit += 1) {
    if (register & 1) constant |= 1n << BigInt((1 << bit) - 1);
    register = register & 0x80 ? ((register << 1) ^ 0x171) & 0xff : register << 1;
  }
  CONSTANTS.push(constant);
}

function permute(state: bigint[]): bigint[] {
  const lane = (from: bigint[], x: number, y: number): bigint => from[(x % 5) + 5 * (y % 5)] as bigint;
  for (const constant of CONSTANTS) {
    const parity = [0, 1, 2, 3, 4].map((x) => [0, 1, 2, 3, 4].reduce((sum, y) => sum ^ lane(state, x, y), 0n));
    const theta = state.map((value, at) => {
      const x = at % 5;
      return value ^ (parity[(x + 4) % 5] as bigint) ^ rotate(parity[(x + 1) % 5] as bigint, 1);
    });
    const moved = new Array<bigint>(25).fill(0n);
    for (let x = 0; x < 5; x += 1) {
      for (let y = 0; y < 5; y += 1) {
        moved[y + 5 * ((2 * x + 3 * y) % 5)] = rotate(lane(theta, x, y), ROTATIONS[x + 5 * y] as number);
      }
    }
    state = moved.map((value, at) => {
      const [x, y] = [at % 5, Math.floor(at / 5)];
      return value ^ (~lane(moved, x + 1, y) & MASK & lane(moved, x + 2, y));
    });
    state[0] = (state[0] as bigint) ^ constant;
  }
  return state;
}

export function keccak256(input: Uint8Array): Uint8Array {
  const padded = Buffer.alloc((Math.floor(input.length / RATE) + 1) * RATE);
  padded.set(input);
  padded[input.length] = 0x01;
  padded[padded.length - 1] = (padded[padded.length - 1] as number) | 0x80;
  let state = new Array<bigint>(25).fill(0n);
  for (let block = 0; block < padded.length; block += RATE) {
    for (let at = 0; at < RATE / 8; at += 1) {
      state[at] = (state[at] as bigint) ^ padded.readBigUInt64LE(block + 8 * at);
    }
    state = permute(state);
  }
  const out = Buffer.alloc(32);
  for (let at = 0; at < 4; at += 1) out.writeBigUInt64LE(state[at] as bigint, 8 * at);
  return out;
}
