// Receipts of the escrow and of the protocol.
import { bigEndian, concat, fromHex, hex, taggedHash, utf8 } from "./bytes.js";
import { PublicKey, signWith } from "./ed25519.js";
import { canonical, given, type Json, type JsonObject, parseObject } from "./json.js";
import { keccak256 } from "./keccak.js";
import { list, members, optional, text, u64 } from "./reader.js";
import { Refusal, within } from "./refusal.js";
import { address, amount, chain, id, party, sha256Text, word } from "./values.js";

type Fields = Record<string, any>;

const WORDS: readonly (readonly [string, "number" | "address" | "word"])[] = [
  ["chain", "number"], ["minter", "address"], ["order_id", "word"], ["buyer", "address"], ["seller", "address"],
  ["session_id", "word"], ["offer_hash", "word"], ["token", "address"], ["paid", "number"], ["refunded", "number"],
  ["fee", "number"], ["outcome", "number"], ["settled_at", "number"], ["evidence", "word"],
  ["receipt_address", "word"], ["delivery_commitment", "word"],
];

function words(receipt: Fields): Uint8Array[] {
  return WORDS.map(([name, kind]) => {
    const value = String(receipt[name]);
    if (kind === "number") return bigEndian(BigInt(value.replace("eip155:", "")), 32);
    return concat(new Uint8Array(kind === "address" ? 12 : 0), fromHex(value.slice(2).toLowerCase()));
  });
}

const hashOf = (receipt: Fields): string => `0x${hex(keccak256(concat(...words(receipt))))}`;

/** State, five bytes of time, and the upper 26 bytes of the receipt's hash. */
function isInSlot(receipt: Fields, slot: string): boolean {
  const kept = slot.slice(14);
  return [6, 8, 10].includes(parseInt(slot.slice(2, 4), 16)) && !/^0+$/.test(kept) && kept === hashOf(receipt).slice(2, 54);
}

const proofs = list(
  members({
    chain: text(chain),
    minter: text(address),
    order_id: text(word),
    receipt_hash: text(word),
    tx: text(word),
    block_hash: text(word),
    log_index: u64,
  }),
);

/** Base units, or a JSON number of them, which is never written. */
const money = (value: Json): string => amount(value !== null && typeof value === "object" ? String(value) : text(String)(value));

const bindings = members({
  request: text(sha256Text),
  session_id: text(id),
  payer: text(party),
  payee: text(party),
  token: text(address),
  amount: money,
  delivery: optional(text(word)),
});

const digestBytes = (written: string): Uint8Array => fromHex(written.slice("sha256:".length));

export function readReceipt(object: JsonObject) {
  const part = (name: string): Json => {
    const value = object.get(name) ?? null;
    if (value === null) throw new Refusal("NoTriplet", name);
    return value;
  };
  const [shownProofs, shownBindings, shownPolicy] = [part("settlement_proofs"), part("bindings"), part("policy_hash")];
  const receipt = {
    proofs: within("settlement_proofs", () => proofs(shownProofs)),
    bindings: within("bindings", () => bindings(shownBindings)),
    policy: within("policy_hash", () => text(sha256Text)(shownPolicy)),
  };
  if (receipt.proofs.length === 0) throw new Refusal("NoTriplet", "settlement_proofs");
  if (/^sha256:0+$/.test(receipt.policy)) throw new Refusal("NoTriplet", "policy_hash");
  const claimed = given(object, "tdr_receipt_hash");
  if (claimed === undefined) throw new Refusal("Missing", "tdr_receipt_hash");
  const preimage = [utf8(canonical(shownProofs)), utf8(canonical(shownBindings)), digestBytes(receipt.policy)];
  const hash = `sha256:${hex(taggedHash("TGP/0.1/receipt", preimage))}`;
  within("tdr_receipt_hash", () => {
    if (text(sha256Text)(claimed) !== hash) throw new Refusal("HashMismatch");
  });
  return { ...receipt, hash };
}

export type Receipt = ReturnType<typeof readReceipt>;

/** The bytes that an attestation of a receipt's hash covers. */
export function attested(hash: string, kid: string): Uint8Array {
  const covered = new Map<string, Json>([["tdr_receipt_hash", hash], ["kid", kid]]);
  return utf8(`TGP/0.1/sig/receipt\0${canonical(covered)}`);
}

function settlement(proof: Receipt["proofs"][number], expected: Fields, facts: Fields[]): Fields {
  const other = (field: string): never => {
    throw new Refusal("OtherSettlement", field);
  };
  if (proof.chain !== expected.chain) other("chain");
  if (!expected.minters.includes(proof.minter)) other("minter");
  const same = ({ receipt }: Fields): boolean =>
    chain(receipt.chain) === proof.chain && receipt.minter === proof.minter && receipt.order_id === proof.order_id;
  const fact = facts.find(same);
  if (!fact) throw new Refusal("NotOnChain");
  const { receipt } = fact;
  const hash = hashOf(receipt);
  if (hash !== proof.receipt_hash) throw new Refusal("HashMismatch", "receipt_hash");
  if (receipt.outcome === 9) {
    if (fact.kept !== hash || receipt.order_id !== expected.simple_order) other("order_id");
  } else {
    const session = `0x${hex(keccak256(utf8(expected.session_id)))}`;
    if (!isInSlot(receipt, fact.kept) || receipt.session_id !== session) other("order_id");
  }
  if (receipt.seller !== expected.seller) other("order_id");
  if (receipt.token !== expected.token) throw new Refusal("OtherAmount", "order_id");
  for (const name of ["tx", "block_hash"] as const) if (fact[name] !== proof[name]) other(name);
  if (BigInt(fact.log_index) !== proof.log_index) other("log_index");
  if (BigInt(fact.block) > BigInt(fact.last_final)) throw new Refusal("NotFinalYet");
  return fact;
}

function verify(receipt: Receipt, expected: Fields, facts: Fields[]): string {
  for (const [name, reason] of [
    ["request", "OtherRequest"], ["session_id", "OtherRequest"], ["token", "OtherAmount"], ["amount", "OtherAmount"],
  ] as const) {
    if (receipt.bindings[name] !== expected[name]) throw new Refusal(reason, `bindings.${name}`);
  }
  if (receipt.policy !== expected.policy_hash) throw new Refusal("HashMismatch", "policy_hash");
  const seen = new Set<string>();
  let paid = 0n;
  receipt.proofs.forEach((proof, place) => {
    const fact = within(`settlement_proofs[${place}]`, () => {
      const order = `${proof.chain} ${proof.minter} ${proof.order_id}`;
      if (seen.has(order)) throw new Refusal("OtherSettlement", "order_id");
      seen.add(order);
      return settlement(proof, expected, facts);
    });
    paid += BigInt(fact.receipt.paid);
    const evidence = receipt.bindings.delivery ?? `0x${"0".repeat(64)}`;
    if (evidence !== fact.receipt.evidence) throw new Refusal("OtherDelivery", "bindings.delivery");
  });
  if (paid > BigInt(expected.amount)) throw new Refusal("OtherAmount", "bindings.amount");
  return paid.toString();
}

export function checkReceipt(input: Fields): Fields {
  if (input.slot !== undefined) return { in_slot: isInSlot(input.receipt, input.slot) };
  if (input.receipt !== undefined) {
    return { words: words(input.receipt).map((word) => `0x${hex(word)}`), receipt_hash: hashOf(input.receipt) };
  }
  if (input.seed !== undefined) {
    const key = PublicKey.ofSeed(fromHex(input.seed));
    return { public_key: key.toString(), signature: signWith(fromHex(input.seed), attested(input.attested, key.id())) };
  }
  if (input.attested !== undefined) {
    const key = PublicKey.parse(input.public_key);
    key.verify(attested(input.attested, key.id()), input.signature);
    return { verifies: true };
  }
  const receipt = readReceipt(parseObject(utf8(input.text)));
  if (input.expected !== undefined) return { paid: verify(receipt, input.expected, input.facts) };
  return { tdr_receipt_hash: receipt.hash };
}
