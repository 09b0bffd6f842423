// Profiles: what a profile and a deal make an order of, and which rule of the escrow it breaks.
import { fromHex, hex, utf8 } from "./bytes.js";
import { parseObject } from "./json.js";
import { keccak256 } from "./keccak.js";
import { bps, choice, distinct, integer, members, text, truth, u64, anyText } from "./reader.js";
import { type Reason, Refusal, within } from "./refusal.js";
import { address, id } from "./values.js";

const YEAR = 365n * 86_400n;
const NOBODY = `0x${"0".repeat(40)}`;
const NOTHING = `0x${"0".repeat(64)}`;
const BITS: Record<string, bigint> = { ATTESTER_SIG: 1n, ZK_PROOF: 2n, TIMED: 4n, PARTIAL: 8n };

const profile = members(
  {
    name: text(id),
    title: anyText,
    buyer_protection: choice("none", "timed-only", "dispute", "bond"),
    fulfillment_type: choice("Service", "Shipping", "Digital"),
    commitment_type: choice("LegalSignature", "CounterEscrow"),
    requires_tracking: truth,
    arbiter: choice("none", "required"),
    attester: choice("none", "required"),
    terms: members(
      {
        kind: choice("BOND"),
        policy: distinct(choice("ATTESTER_SIG", "ZK_PROOF", "TIMED", "PARTIAL")),
        silence: choice("buyer", "seller"),
        jurisdiction: integer(255n),
        counter_bps: bps,
        slash_bps: bps,
        fee_bps: bps,
        max_fee_bps: bps,
        arbiter_fee_bps: bps,
        dispute_bond_bps: bps,
        fund_window: u64,
        commitment_window: u64,
        claim_window: u64,
        timed_release_delay: u64,
        review_window: u64,
        dispute_window: u64,
      },
      "closed",
    ),
    simple: members(
      {
        instant_on_commit: truth,
        requires_deposit: truth,
        commitment_window: u64,
        claim_window: u64,
        allows_timed_release: truth,
        timed_release_delay: u64,
      },
      "closed",
    ),
  },
  "closed",
);

type Profile = ReturnType<typeof profile>;

function refuse(broken: boolean, reason: Reason, field: string): void {
  if (broken) throw new Refusal(reason, field);
}

/** What a buyer can count on: the strongest of the four. */
function protection({ terms, arbiter }: Profile): string {
  if (terms.counter_bps > 0n && terms.slash_bps > 0n) return "bond";
  if (arbiter === "required") return "dispute";
  return terms.policy.includes("TIMED") ? "timed-only" : "none";
}

function checkByItself(it: Profile): void {
  refuse(it.title === "" || utf8(it.title).length > 256, "WrongLength", "title");
  const within365 = (seconds: bigint, least: bigint): boolean => seconds >= least && seconds <= YEAR;
  within("terms", () => {
    const { terms } = it;
    for (const name of ["fund_window", "commitment_window", "claim_window"] as const) {
      refuse(!within365(terms[name], 1n), "OutOfRange", name);
    }
    for (const name of ["timed_release_delay", "review_window", "dispute_window"] as const) {
      refuse(!within365(terms[name], 0n), "OutOfRange", name);
    }
    const untimed = !terms.policy.includes("TIMED");
    refuse(untimed && terms.timed_release_delay > 0n, "Contradiction", "timed_release_delay");
  });
  within("simple", () => {
    const { simple } = it;
    for (const name of ["commitment_window", "claim_window"] as const) {
      refuse(!within365(simple[name], 1n), "OutOfRange", name);
    }
    const delayed = simple.timed_release_delay > 0n;
    refuse(simple.allows_timed_release !== delayed, "Contradiction", "timed_release_delay");
    refuse(simple.timed_release_delay > simple.claim_window, "OutOfRange", "timed_release_delay");
    refuse(simple.instant_on_commit === simple.requires_deposit, "Contradiction", "instant_on_commit");
  });
  refuse(it.buyer_protection !== protection(it), "Contradiction", "buyer_protection");
}

export interface Deal {
  buyer: string;
  seller: string;
  token: string;
  amount: string;
  now: string;
  session_id: string;
  salt: string;
  offer_hash?: string;
  arbiter?: string;
  attester?: string;
  fee_receiver?: string;
  fee_bps?: number;
  escrow?: string;
  proof?: { circuit: string; version: number };
}

type Order = Record<string, string>;

function order({ terms, arbiter, attester }: Profile, deal: Deal): Order {
  const amount = BigInt(deal.amount);
  refuse(amount >= 2n ** 96n, "AboveU96", "amount");
  const bond = (amount * terms.counter_bps) / 10_000n;
  refuse(bond === 0n && terms.counter_bps > 0n && amount > 0n, "OutOfRange", "amount");
  const proven = terms.policy.includes("ZK_PROOF");
  refuse(proven && deal.proof === undefined, "Missing", "delivery_circuit");
  const named = (needed: string, who: string | undefined, field: string): string => {
    if (needed === "none") return NOBODY;
    if (who === undefined || who === NOBODY) throw new Refusal("Missing", field);
    return who;
  };
  const now = BigInt(Math.floor(Date.parse(deal.now) / 1000));
  const committed = now + terms.commitment_window;
  const timed = terms.policy.includes("TIMED");
  const numbers = {
    amount,
    counter_amount: bond,
    kind: 0n,
    policy: terms.policy.reduce((bits, rule) => bits + (BITS[rule] ?? 0n), 0n),
    silence: terms.silence === "seller" ? 1n : 0n,
    jurisdiction: terms.jurisdiction,
    slash_bps: terms.slash_bps,
    fee_bps: deal.fee_bps === undefined ? terms.fee_bps : BigInt(deal.fee_bps),
    max_fee_bps: terms.max_fee_bps,
    arbiter_fee_bps: terms.arbiter_fee_bps,
    dispute_bond_bps: terms.dispute_bond_bps,
    delivery_version: proven ? BigInt(deal.proof?.version ?? 0) : 0n,
    zkb_version: 0n,
    zks_version: 0n,
    fund_by: now + terms.fund_window,
    commit_by: committed,
    deliver_by: committed + terms.claim_window,
    timed_release: timed ? committed + terms.timed_release_delay : 0n,
    review_window: terms.review_window,
    dispute_window: terms.dispute_window,
  };
  return {
    buyer: deal.buyer,
    seller: deal.seller,
    token: deal.token,
    counter_token: bond === 0n ? NOBODY : deal.token,
    fee_receiver: deal.fee_receiver ?? NOBODY,
    arbiter: named(arbiter, deal.arbiter, "arbiter"),
    verifier: named(attester, deal.attester, "verifier"),
    delivery_circuit: proven ? (deal.proof?.circuit ?? NOTHING) : NOTHING,
    session_id: `0x${hex(keccak256(utf8(deal.session_id)))}`,
    offer_hash: deal.offer_hash?.replace("sha256:", "0x") ?? NOTHING,
    salt: deal.salt,
    ...Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, number.toString()])),
  };
}

/** The escrow's rules for a bond order, in its order: the first that is broken, by the field that it is about. */
function checkRules(it: Order, escrow: string | undefined, moment: string): void {
  const n = (name: string): bigint => BigInt(it[name] ?? "");
  const { buyer, seller, arbiter, verifier } = it;
  const [hasArbiter, hasVerifier] = [arbiter !== NOBODY, verifier !== NOBODY];
  refuse(buyer === NOBODY, "ZeroAddress", "buyer");
  refuse(seller === NOBODY, "ZeroAddress", "seller");
  refuse(buyer === seller, "Contradiction", "seller");
  const named = [buyer, seller, it.fee_receiver, arbiter, verifier, it.token, it.counter_token];
  refuse(escrow !== undefined && named.includes(escrow), "Contradiction", "escrow");
  refuse(arbiter === buyer || arbiter === seller, "Contradiction", "arbiter");
  refuse(verifier === buyer || verifier === seller, "Contradiction", "verifier");

  refuse(n("amount") === 0n, "ZeroAmount", "amount");
  refuse(n("max_fee_bps") > 1_000n, "BadBps", "max_fee_bps");
  refuse(n("fee_bps") > n("max_fee_bps"), "BadBps", "fee_bps");
  refuse(n("fee_bps") > 0n && it.fee_receiver === NOBODY, "Missing", "fee_receiver");
  refuse(n("dispute_bond_bps") < n("arbiter_fee_bps"), "OutOfRange", "dispute_bond_bps");

  const has = (rule: string): boolean => (n("policy") & (BITS[rule] ?? 0n)) !== 0n;
  const [slash, dispute, review] = [n("slash_bps"), n("dispute_window"), n("review_window")];
  refuse(!hasArbiter && (n("dispute_bond_bps") > 0n || dispute > 0n), "Missing", "arbiter");
  const judged = has("ATTESTER_SIG") || has("ZK_PROOF");
  refuse(slash > 0n && !hasArbiter && (!judged || has("TIMED")), "Contradiction", "slash_bps");
  const alone = n("policy") === BITS.PARTIAL && !hasArbiter && !hasVerifier && n("counter_amount") === 0n;
  refuse(has("PARTIAL") && !alone, "Contradiction", "policy");
  refuse(has("ATTESTER_SIG") && has("ZK_PROOF"), "Contradiction", "policy");
  refuse(has("ATTESTER_SIG") && !hasVerifier, "Missing", "verifier");

  const [fund, commit, deliver, timed] = [n("fund_by"), n("commit_by"), n("deliver_by"), n("timed_release")];
  const farthest = BigInt(Math.floor(Date.parse(moment) / 1000)) + YEAR;
  const quarter = 90n * 86_400n;
  refuse(commit < fund || deliver <= commit, "Contradiction", "commit_by");
  refuse(review > quarter, "OutOfRange", "review_window");
  refuse(deliver > farthest || timed > farthest, "OutOfRange", "deliver_by");
  refuse(review < 3_600n && (hasArbiter || n("policy") !== 0n), "OutOfRange", "review_window");
  refuse(hasArbiter && (dispute < 86_400n || dispute > quarter), "OutOfRange", "dispute_window");
  refuse(slash > 0n && deliver < commit + 3_600n, "OutOfRange", "deliver_by");
  const least = hasArbiter ? deliver + review : deliver > commit + review ? deliver : commit + review;
  refuse(has("TIMED") && timed < least, "OutOfRange", "timed_release");
}

const person = (byte: number): string => address(`0x${byte.toString(16).padStart(2, "0").repeat(20)}`);

/** A deal in which everybody has his part: what breaks a rule in it, the profile breaks. */
const SAMPLE: Deal = {
  buyer: person(1),
  seller: person(2),
  token: person(3),
  amount: "10000",
  now: "2026-11-21T10:00:00Z",
  session_id: "sample",
  salt: NOTHING,
  arbiter: person(4),
  attester: person(5),
  fee_receiver: person(6),
  proof: { circuit: `0x${hex(fromHex("07".repeat(32)))}`, version: 1 },
};

/** Where a profile says what an order's field comes from. */
function inProfile(field: string, { terms }: Profile): string {
  if (field === "arbiter") return field;
  if (field === "verifier") return "attester";
  const late = terms.timed_release_delay > terms.claim_window;
  const beyond = terms.commitment_window + (late ? terms.timed_release_delay : terms.claim_window) > YEAR;
  const from: Record<string, string> = {
    commit_by: "fund_window",
    deliver_by: beyond && late ? "timed_release_delay" : "claim_window",
    timed_release: "timed_release_delay",
  };
  return `terms.${from[field] ?? field}`;
}

export function readProfile(written: string): Profile {
  const it = profile(parseObject(utf8(written)));
  checkByItself(it);
  const sample = order(it, SAMPLE);
  try {
    checkRules(sample, undefined, SAMPLE.now);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(error.message as Reason, inProfile(error.field, it));
  }
  return it;
}

export function orderOf(written: string, deal: Deal): Order {
  const it = order(readProfile(written), deal);
  checkRules(it, deal.escrow, deal.now);
  return it;
}
