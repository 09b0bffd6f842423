// Signatures, selectors and topics of ABI items.
import { createRequire } from "node:module";
import { contracts, root } from "./artifacts.mjs";

// The hash function that the pinned compiler's package brings along.
const { keccak256 } = createRequire(createRequire(`${root}package.json`).resolve("solc"))("js-sha3");

/** A type as it stands in signatures: tuples spelled out. */
export const typeOf = ({ type, components }) =>
  type.startsWith("tuple") ? `(${components.map(typeOf).join(",")})${type.slice("tuple".length)}` : type;

export const signatureOf = ({ name, inputs }) => `${name}(${inputs.map(typeOf).join(",")})`;

export const hash = (signature) => `0x${keccak256(signature)}`;

export const selector = (signature) => hash(signature).slice(0, 10);

/** The contracts that are deployed, by name: those that stand in contracts/ itself or in contracts/periphery/. */
export function deployed() {
  return [...contracts().values()]
    .filter(({ source }) => /^contracts\/(periphery\/)?\w+\.sol$/.test(source))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
