// From a payment preset to the terms of an order, and the messages that its parties sign.
import { keccak, now, readJson, rpc, sign, word } from "./chain.mjs";

export const ZERO = `0x${"0".repeat(40)}`;
export const NOTHING = `0x${"0".repeat(64)}`;
export const Source = { CALLER: 0, EIP3009: 1 };
export const Role = { BUYER: 0, SELLER: 1 };

const KINDS = { BOND: 0n, SWAP: 1n };
const BITS = { ATTESTER_SIG: 1n, ZK_PROOF: 2n, TIMED: 4n, PARTIAL: 8n };
const SILENCE = { buyer: 0n, seller: 1n };
const { types } = readJson("contracts/eip712.json");

/** Numbers packed into one word, each `[value, bits]`, the first on top. */
const pack = (...parts) => parts.reduce((all, [value, bits]) => (all << BigInt(bits)) | BigInt(value), 0n);
const share = (amount, bps) => (amount * BigInt(bps)) / 10_000n;

/** The terms that a preset gives for a price, in the order in which they are signed. */
export async function order({ preset, people, token, amount, feeBps }) {
  const t = preset.terms;
  const bond = share(amount, t.counter_bps);
  const fundBy = (await now()) + t.fund_window;
  const commitBy = fundBy - t.fund_window + t.commitment_window;
  const deliverBy = commitBy + t.claim_window;
  const policy = t.policy.reduce((bits, name) => bits | BITS[name], 0n);
  const timedRelease = t.policy.includes("TIMED") ? commitBy + t.timed_release_delay : 0;
  const terms = {
    buyer: people.buyer,
    seller: people.seller,
    payment: pack([token, 160], [amount, 96]),
    counter: bond ? pack([token, 160], [bond, 96]) : 0n,
    feeReceiver: people.gateway,
    arbiter: preset.arbiter === "required" ? people.arbiter : ZERO,
    verifier: preset.attester === "required" ? people.carrier : ZERO,
    deliveryCircuit: NOTHING,
    rules: pack(
      [KINDS[t.kind], 8], [policy, 8], [SILENCE[t.silence], 8], [t.jurisdiction, 8], [t.slash_bps, 16], [feeBps, 16],
      [t.max_fee_bps, 16], [t.arbiter_fee_bps, 16], [t.dispute_bond_bps, 16], [0, 48], [0, 48], [0, 48],
    ),
    times: pack(
      [fundBy, 40], [commitBy, 40], [deliverBy, 40], [timedRelease, 40], [t.review_window, 48], [t.dispute_window, 48],
    ),
    sessionId: keccak(`session-${preset.name}`),
    offerHash: keccak(`offer-${preset.name}`),
    salt: keccak(`salt-${preset.name}`),
  };
  return { preset, token, amount, bond, fundBy, commitBy, deliverBy, timedRelease, terms: Object.values(terms) };
}

/** A signature over one of the escrow's messages, with the fields that contracts/eip712.json gives it. */
export async function signMessage(escrow, signer, name, message) {
  const { fields } = types.find((type) => type.name === name);
  return sign(signer, await domain("CoreProverEscrow", "1", escrow.address), name, fields, message);
}

/** A token owner's EIP-3009 authorization for his leg of an order: it names the order, and so all of its terms. */
export async function authorize(token, escrow, owner, id, role, value, lastSecond) {
  const fields =
    "address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce";
  const nonce = keccak(`${id}${word(role)}${word(0)}`);
  const message = { from: owner, to: escrow.address, value: `${value}`, validAfter: 0, validBefore: lastSecond + 1, nonce };
  return sign(owner, await domain("Test USD", "2", token.address), "ReceiveWithAuthorization", fields, message);
}

async function domain(name, version, verifyingContract) {
  return { name, version, chainId: Number(await rpc("eth_chainId")), verifyingContract };
}
