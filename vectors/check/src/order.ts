import type { Fields } from "./eip712.js";

type Order = Record<string, string>;

/** Fields side by side in one word, the first at the left. */
function packed(order: Order, layout: readonly (readonly [string, number])[]): string {
  let word = 0n;
  for (const [name, bits] of layout) {
    const field = BigInt(order[name] ?? "");
    if (field >> BigInt(bits) !== 0n) throw new Error(`${name} has more than ${bits} bits`);
    word = (word << BigInt(bits)) | field;
  }
  return word.toString();
}

const RULES = [
  ["kind", 8], ["policy", 8], ["silence", 8], ["jurisdiction", 8], ["slash_bps", 16], ["fee_bps", 16],
  ["max_fee_bps", 16], ["arbiter_fee_bps", 16], ["dispute_bond_bps", 16], ["delivery_version", 48],
  ["zkb_version", 48], ["zks_version", 48],
] as const;

const TIMES = [
  ["fund_by", 40], ["commit_by", 40], ["deliver_by", 40], ["timed_release", 40], ["review_window", 48],
  ["dispute_window", 48],
] as const;

const SAME = {
  buyer: "buyer", seller: "seller", feeReceiver: "fee_receiver", arbiter: "arbiter", verifier: "verifier",
  deliveryCircuit: "delivery_circuit", sessionId: "session_id", offerHash: "offer_hash", salt: "salt",
};

/** The compact terms, which are the message `OrderTerms`. */
export function pack(order: Order): Fields {
  const named = [...Object.values(SAME), "token", "amount", "counter_token", "counter_amount"];
  const known = [...named, ...RULES.map(([name]) => name), ...TIMES.map(([name]) => name)];
  for (const name of Object.keys(order)) if (!known.includes(name)) throw new Error(`no field is called ${name}`);
  const terms: Fields = {
    payment: packed(order, [["token", 160], ["amount", 96]]),
    counter: packed(order, [["counter_token", 160], ["counter_amount", 96]]),
    rules: packed(order, RULES),
    times: packed(order, TIMES),
  };
  for (const [name, field] of Object.entries(SAME)) terms[name] = order[field] ?? "";
  return terms;
}
