// Messages between gateways.
import type { PublicKey } from "./ed25519.js";
import {
  at, boolean, integer, list, listAt, need, objectAt, oneOf, type Reader, type Readers, record, text, textAt,
} from "./fields.js";
import { lockOf, usable } from "./hash_lock.js";
import { Decimal, given, type Json, type JsonObject, parseObject } from "./json.js";
import { checkCritical, checkVersion, digestOf, kindOf, verify } from "./message.js";
import { amountOf, money } from "./money.js";
import { amountMode, checkSigned, invoice, path } from "./path.js";
import { Refusal, within } from "./refusal.js";
import { checkDisclosure, checkFor, labels, NEEDS, share, stateRef, tib, type Verb } from "./tib.js";
import {
  address, chain, domain, errorText, hop, id, instant, label, pathId, secret, sha256Text, showsWallet, symbol, word,
} from "./values.js";

const HEADER: Readers = { request_id: text(id), timestamp: text(instant), sender: text(domain) };

const BOUND: Readers = {
  sso_ids: list(text(id)),
  policy_hash: text(sha256Text),
  state_refs: list(stateRef),
  tib,
};

const lockRef: Reader = (value) => {
  record({
    chain: text(chain),
    contract: text(address),
    lock_id: text(word),
    tx_hash: text(word),
    block: integer(64),
  })(value);
  need(!/^0x0{40}$/.test(textAt(value, "contract")), "ZeroAddress", "contract");
};

const attributes = record({}, {
  amount: record({ value: money, currency: text(symbol) }),
  amount_mode: amountMode,
  deadline: text(instant),
  compliance: labels,
  qos: record({ latency_ms: integer(32), reliability: share }),
});

const bond = record({ asset: text(symbol), amount: money, refundable: boolean, terms: text(label) });

const walletSignature = text((signature) => {
  if (!/^0x([0-9a-fA-F]{2}){64,4096}$/.test(signature)) throw new Refusal("BadWalletSignature");
});

/** What the registry says of each code: its class, and how else it is written. */
const CODES: [code: string, kind: "F" | "T" | "R", ...spellings: string[]][] = [
  ["INVALID_QUERY", "F"],
  ["UNSUPPORTED", "F", "ERROR.unsupported", "unsupported"],
  ["UNSUPPORTED_VERSION", "F"],
  ["UNSUPPORTED_ASSET", "F", "INVALID_ASSET"],
  ["POLICY_VIOLATION", "F", "TGP.POLICY_BLOCKED"],
  ["CONTRACT_BLACKLISTED", "F"],
  ["INSUFFICIENT_FUNDS", "F", "X402.BALANCE_INSUFFICIENT"],
  ["TIMEOUT", "T"],
  ["SETTLEMENT_FAILED", "F", "TGP.FINAL_SETTLEMENT_FAIL"],
  ["SETTLEMENT_PENDING", "T", "X402.SETTLEMENT_PENDING"],
  ["INVALID_STATE", "F"],
  ["QUOTE_EXPIRED", "R", "TGP.QUOTE_EXPIRED"],
  ["SSO_MISMATCH", "R", "ERROR.SSO_MISMATCH"],
  ["RATE_LIMIT", "T", "ERROR.RATE_LIMIT"],
  ["BOND_REQUIRED", "R", "ERROR.BOND_REQUIRED"],
  ["HTLC_TIMEOUT", "F"],
  ["INSUFFICIENT_TIMELOCK", "R"],
  ["INSUFFICIENT_LIQUIDITY", "T"],
  ["NO_ROUTE", "F"],
  ["LOOP_DETECTED", "F"],
  ["HOP_VERIFICATION_FAIL", "F", "TGP.HOP_VERIFICATION_FAIL"],
  ["SIG_INVALID", "F", "X402.SIG_INVALID"],
  ["REPLAY", "F", "X402.NONCE_REUSED"],
  ["WINDOW_EXPIRED", "R", "X402.WINDOW_EXPIRED"],
  ["NETWORK_OR_TOKEN_MISMATCH", "F", "X402.NETWORK_OR_TOKEN_MISMATCH"],
  ["SIMULATION_FAIL", "R", "X402.SIMULATION_FAIL"],
  ["NOT_FINAL", "T"],
  ["TOO_LARGE", "F"],
  ["INTERNAL", "T"],
];

/** What a kind of message is. */
interface Kind {
  required: Readers;
  optional: Readers;
  check: (message: JsonObject) => void;
  /** What it is bound to the ledger for, if it is. */
  verb?: (message: JsonObject) => Verb | undefined;
}

const prechecks = (message: JsonObject): boolean =>
  message.get("precheck") === true || message.get("message_type") === "PRECHECK";

const positive = (message: Json, ...names: string[]): void =>
  need(amountOf(textAt(message, ...names)) > 0n, "ZeroAmount", names.join("."));

const KINDS: Record<string, Kind> = {
  QUERY: {
    required: { destination: text(domain), attributes },
    optional: { precheck: boolean, ...BOUND },
    verb: (message) => (prechecks(message) ? "precheck" : "query"),
    check: (message) => {
      if (prechecks(message)) {
        need(at(message, "precheck") !== false, "Contradiction", "precheck");
        return;
      }
      const wanted = objectAt(message, "attributes");
      need(at(wanted, "amount") !== undefined, "Missing", "attributes.amount");
      positive(message, "attributes", "amount", "value");
      need(at(wanted, "deadline") !== undefined, "Missing", "attributes.deadline");
      const deadline = instant(textAt(wanted, "deadline"));
      need(deadline > instant(textAt(message, "timestamp")), "InThePast", "attributes.deadline");
    },
  },
  ADVERT: {
    required: {},
    optional: { paths: list(path), ttl: integer(32), withdrawn: list(text(pathId)), invoice, bond, ...BOUND },
    verb: (message) => (listAt(message, "paths").length > 0 ? "quote" : undefined),
    check: (message) => {
      need(String(at(message, "ttl")) !== "0", "OutOfRange", "ttl");
      if (given(message, "bond") !== undefined) positive(message, "bond", "amount");
      const names: string[] = [];
      listAt(message, "paths").forEach((offered, place) => {
        const name = textAt(offered, "path_id");
        const first = textAt(offered, "hops", 0);
        const sender = first.startsWith("tag:") || first === textAt(message, "sender");
        need(sender, "FirstHopNotSender", `paths[${place}].hops[0]`);
        need(!names.includes(name), "DuplicateName", `paths[${place}].path_id`);
        need(!listAt(message, "withdrawn").includes(name), "Contradiction", `paths[${place}].path_id`);
        names.push(name);
      });
    },
  },
  SELECT: {
    required: {
      path_id: text(pathId),
      htlc_params: record({ hash: text(sha256Text), timeout: text(instant), amount: money }),
    },
    optional: { lock_ref: lockRef, lock_deadline: text(instant), ...BOUND },
    verb: (message) => (at(message, "lock_ref") === undefined ? "select" : "commit"),
    check: (message) => {
      need(given(message, "parts") === undefined, "PartsReserved", "parts");
      const commits = message.get("message_type") === "COMMIT";
      need(!commits || at(message, "lock_ref") !== undefined, "Missing", "lock_ref");
      const params = objectAt(message, "htlc_params");
      within("htlc_params.hash", () => usable(textAt(params, "hash")));
      positive(message, "htlc_params", "amount");
      const timeout = instant(textAt(params, "timeout"));
      need(timeout > instant(textAt(message, "timestamp")), "InThePast", "htlc_params.timeout");
      const deadline = at(message, "lock_deadline");
      need(deadline === undefined || instant(String(deadline)) < timeout, "Contradiction", "lock_deadline");
      const block = objectAt(message, "tib");
      if (block) checkLockOf(block, message);
    },
  },
  LOCKED: {
    required: { path_id: text(pathId), htlc_id: text(id), status: oneOf("LOCKED") },
    optional: { lock_ref: lockRef, ...BOUND },
    verb: () => "locked",
    check: () => {},
  },
  PROOF: {
    required: {
      htlc_secret: text(secret),
      proof_data: record({ tdr_hash: text(sha256Text) }, { hashlock: text(sha256Text) }),
    },
    optional: { settlement_txids: list(text(word)), ...BOUND },
    verb: () => "proof",
    check: (message) => {
      const lock = lockOf(textAt(message, "htlc_secret"));
      within("htlc_secret", () => usable(lock));
      const paid = at(message, "proof_data", "hashlock");
      need(paid === undefined || sha256Text(String(paid)) === lock, "WrongSecret", "proof_data.hashlock");
      within("proof_data", () => checkSigned(message.get("proof_data") ?? null, "signature"));
    },
  },
  SETTLE: {
    required: { htlc_id: text(id), status: oneOf("SETTLED", "REFUNDED"), final_amount: money },
    optional: { settlement_txids: list(text(word)), ...BOUND },
    verb: () => "settle",
    check: (message) => {
      need(listAt(message, "settlement_txids").length > 0, "Missing", "settlement_txids");
      positive(message, "final_amount");
    },
  },
  ERROR: {
    required: {
      error_code: oneOf(...CODES.flatMap(([code, , ...others]) => [code, ...others])),
      description: text(errorText),
    },
    optional: { class: oneOf("F", "T", "R"), hop: text(hop), path_id: text(pathId), reason: text(errorText) },
    check: (message) => {
      const code = textAt(message, "error_code");
      const known = CODES.find(([name, , ...others]) => [name, ...others].includes(code));
      const said = at(message, "class");
      need(said === undefined || said === known?.[1], "Contradiction", "class");
      need(!showsWallet(textAt(message, "hop")), "WalletDisclosed", "hop");
    },
  },
  "WITHDRAW-ROUTE": {
    required: { withdrawn: list(text(pathId)) },
    optional: {},
    check: (message) => need(listAt(message, "withdrawn").length > 0, "WrongLength", "withdrawn"),
  },
  ABORT: {
    required: { path_id: text(pathId) },
    optional: {
      lock_ref: lockRef,
      release: record({
        chain: text(chain),
        contract: text(address),
        lock_id: text(word),
        signature: walletSignature,
      }),
    },
    check: (message) => {
      const [lock, release] = [objectAt(message, "lock_ref"), objectAt(message, "release")];
      if (!lock || !release) return;
      const identity = (object: JsonObject): string =>
        [chain(textAt(object, "chain")), address(textAt(object, "contract")), word(textAt(object, "lock_id"))].join();
      need(identity(lock) === identity(release), "Contradiction", "release");
    },
  },
};

/** The info block of a selection is about the lock that it names, and is good when it is sent. */
function checkLockOf(block: JsonObject, select: JsonObject): void {
  const value = objectAt(block, "l8_value");
  if (value) {
    need(textAt(value, "settlement", "mode") === "escrow", "Contradiction", "tib.l8_value.settlement.mode");
    const lock = at(value, "settlement", "hashlock");
    const hash = sha256Text(textAt(select, "htlc_params", "hash"));
    need(lock === undefined || sha256Text(String(lock)) === hash, "Contradiction", "htlc_params.hash");
    const [theirs, ours] = [textAt(value, "amount"), textAt(select, "htlc_params", "amount")].map(amountOf);
    need(theirs === ours, "Contradiction", "htlc_params.amount");
    const placed = objectAt(select, "lock_ref");
    if (placed) {
      const evm = textAt(value, "network", "family") === "EVM";
      const on = `eip155:${textAt(value, "network", "chain_id")}`;
      need(evm && on === chain(textAt(placed, "chain")), "Contradiction", "lock_ref.chain");
      const contract = at(value, "settlement", "escrow_contract");
      const same = contract === undefined || address(String(contract)) === address(textAt(placed, "contract"));
      need(same, "Contradiction", "lock_ref.contract");
    }
  }
  const open = Number(textAt(block, "meta", "exp")) > instant(textAt(select, "timestamp"));
  need(open, "InThePast", "tib.meta.exp");
}

/** Ledger summaries, policy hash and blocks stand in the info block, in the message, or in both and then agree. */
function checkBound(message: JsonObject, verb: Verb): void {
  const block = objectAt(message, "tib");
  if (block) within("tib", () => checkFor(block, verb));
  const own = (name: string): string[] => [...new Set(listAt(message, name).map(String))].sort();
  const theirs = [...new Set(listAt(block, "l8_value", "state_summaries").map(String))].sort();
  const mine = own("sso_ids");
  if (mine.length > 0 && theirs.length > 0) need(mine.join() === theirs.join(), "Contradiction", "sso_ids");
  const hashAt = (object: Json | undefined, ...names: string[]): string | undefined =>
    at(object, ...names) === undefined ? undefined : sha256Text(textAt(object, ...names));
  const [hash, other] = [hashAt(message, "policy_hash"), hashAt(block, "l10_policy", "policy_hash")];
  if (hash !== undefined && other !== undefined) need(hash === other, "Contradiction", "policy_hash");
  const value = objectAt(block, "l8_value");
  const [refs, their] = [blocks(listAt(message, "state_refs"), value), blocks(listAt(value, "state_refs"), value)];
  if (refs.length > 0 && their.length > 0) need(refs.join() === their.join(), "Contradiction", "state_refs");
  if (NEEDS.summaries.includes(verb)) need(mine.length + theirs.length > 0, "Missing", "sso_ids");
  if (NEEDS.policyHash.includes(verb)) need((hash ?? other) !== undefined, "Missing", "policy_hash");
  if (NEEDS.stateRefs.includes(verb)) need(refs.length + their.length > 0, "Missing", "state_refs");
}

/** Blocks as a sorted set; one that names no chain is of the info block's own. */
function blocks(refs: Json[], value: JsonObject | undefined): string[] {
  const evm = textAt(value, "network", "family") === "EVM";
  const own = evm ? `eip155:${textAt(value, "network", "chain_id")}` : "";
  const written = refs.map((ref) => {
    const named = at(ref, "chain");
    const on = named === undefined ? own : chain(String(named));
    return [on, textAt(ref, "height"), textAt(ref, "hash").toLowerCase(), textAt(ref, "type")].join();
  });
  return [...new Set(written)].sort();
}

/** Where the documents print money as a number; `*` is every element. */
const NUMERIC: Record<string, string[]> = {
  QUERY: ["attributes.amount.value"],
  ADVERT: ["paths.*.cost.base", "paths.*.cost.variable", "paths.*.lock_amount"],
  SELECT: ["htlc_params.amount"],
  SETTLE: ["final_amount"],
};

/** The copy in which such a number is the text of its value. */
function spelled(value: Json, way: string[]): Json {
  const [name, ...rest] = way;
  if (name === undefined) return value instanceof Decimal ? value.toString() : value;
  if (name === "*") return Array.isArray(value) ? value.map((element) => spelled(element, rest)) : value;
  if (!(value instanceof Map)) return value;
  return new Map([...value].map(([other, member]) => [other, other === name ? spelled(member, rest) : member]));
}

export interface Intake {
  numericMoney: boolean;
  lastHop: boolean;
}

/** Reads a message, with a key verifies it, and gives its kind and the digest of everything that was received. */
export function readGateway(bytes: Uint8Array, intake: Intake, key?: PublicKey): { kind: string; digest: string } {
  const received = parseObject(bytes);
  const [plane, name] = kindOf(received);
  need(plane === "message_type", "UnknownKind", plane);
  const kind = KINDS[name] as Kind;
  checkVersion(received, plane);
  const required = { ...HEADER, ...kind.required };
  checkCritical(received, [...Object.keys(required), ...Object.keys(kind.optional)]);
  const ways = intake.numericMoney ? (NUMERIC[name] ?? []) : [];
  const message = ways.reduce<Json>((value, way) => spelled(value, way.split(".")), received) as JsonObject;
  record(required, kind.optional)(message);
  kind.check(message);
  const verb = kind.verb?.(message);
  if (verb) checkBound(message, verb);
  need(given(received, "signature") !== undefined, "Unsigned", "signature");
  if (!intake.lastHop) {
    for (const member of ["sender", "destination"]) {
      need(!showsWallet(textAt(message, member)), "WalletDisclosed", member);
    }
    const block = objectAt(message, "tib");
    if (block) within("tib", () => checkDisclosure(block));
  }
  if (key) verify(received, `G/${name}`, key);
  return { kind: name, digest: digestOf(received) };
}
