// Plane B beside the QUERY.
import { hex, taggedHash, utf8 } from "./bytes.js";
import { PublicKey } from "./ed25519.js";
import { digest, type Types } from "./eip712.js";
import { codeOf, rendered } from "./errors.js";
import { canonicalWithout, given, type Json, type JsonObject, parseObject } from "./json.js";
import { keccak256 } from "./keccak.js";
import {
  anything, at, boolean, checkCritical, checkVersion, kindOf, list, type Members, digestOf, money, object, oneOf,
  requireFresh, text, verify, whole,
} from "./message.js";
import { pack } from "./order.js";
import { checkQuery } from "./query.js";
import { Refusal } from "./refusal.js";
import { walletSignature } from "./secp256k1.js";
import { address, chain, errorText, id, sha256Text, symbol, time, word } from "./values.js";

const ZERO = `0x${"0".repeat(40)}`;
const CREATE = ["create", "commit", "fulfil", "fulfil-attested", "fulfil-proven", "claim", "release", "refund"];
const AFTER = ["dispute", "resolve", "resolve-by-silence", "settle", "collect-buyer", "collect-seller"];
const PROVEN = ["collect-buyer-with-proof", "collect-seller-with-proof"];
const ACTIONS = [...CREATE, ...AFTER, ...PROVEN].map((name) => `coreprover-${name}`);
const BITS = ["ATTESTER_SIG", "ZK_PROOF", "TIMED", "PARTIAL"];

const FRESHNESS: Members = { "nonce?": text(id), "timestamp?": text(time) };

/** A number of so many bits as a decimal string. */
const digits = (bits: number) =>
  text((value) => {
    if (!/^(0|[1-9][0-9]{0,77})$/.test(value)) throw new Refusal("BadAmount");
    if (BigInt(value) >> BigInt(bits) > 0n) throw new Refusal("OutOfRange");
  });

const of = (read: (value: Json) => void, ...names: string[]): Members =>
  Object.fromEntries(names.map((name) => [name, read]));

const TERMS: Members = {
  ...of(text(address), "buyer", "seller", "token", "counterToken", "feeReceiver", "arbiter", "verifier"),
  ...of(digits(96), "amount", "counterAmount"),
  ...of(text(word), "deliveryCircuit", "sessionId", "offerHash", "salt"),
  ...of(digits(8), "jurisdiction"),
  ...of(digits(16), "slashBps", "feeBps", "maxFeeBps", "arbiterFeeBps", "disputeBondBps"),
  ...of(digits(48), "deliveryVersion", "zkbVersion", "zksVersion", "reviewWindow", "disputeWindow"),
  ...of(digits(40), "fundBy", "commitBy", "deliverBy", "timedRelease"),
  kind: oneOf("BOND", "SWAP"),
  policy: list(oneOf(...BITS)),
  silence: oneOf("toBuyer", "toSeller"),
};

const SIMPLE: Members = {
  seller: text(address), amount: money, allowsTimedRelease: boolean,
  ...of(digits(32), "commitmentWindow", "claimWindow", "timedReleaseDelay"),
};

const COMMITMENT: Members = {
  ...of(text(() => undefined), "businessName", "businessLicense"),
  ...of(text(word), "documentHash", "deliveryCommitment"),
  signature: text(walletSignature),
};

function order(value: Json): void {
  const kind = value instanceof Map ? value.get("kind") : undefined;
  object({
    kind: oneOf("terms", "simple"),
    order_id: text(word),
    terms: object(kind === "simple" ? SIMPLE : TERMS),
    "seller_commitment?": object(COMMITMENT),
  })(value);
}

const MESSAGES: Record<string, Members> = {
  OFFER: {
    id: text(id), query_id: text(id), asset: text(symbol), amount: money, "coreprover_contract?": text(address),
    "chain?": text(chain), "session_id?": text(id), zk_required: boolean,
    economic_envelope: object({ max_fees_bps: whole(10_000n, "BadBps"), "expiry?": text(time) }),
    "order?": order, "offer_hash?": text(word), "policy_hash?": text(sha256Text),
    "buyer_protection?": oneOf("none", "timed-only", "dispute", "bond"),
    "next_actions?": list(
      object({
        id: oneOf(...ACTIONS), channel: oneOf("onchain", "server", "facilitator"), "who?": text(address),
        "deadline?": text(time),
      }),
    ),
    "tib?": anything, ...FRESHNESS,
  },
  ACCEPT: { id: text(id), offer_id: text(id), offer_hash: text(word), ...FRESHNESS },
  SETTLE: {
    id: text(id), query_or_offer_id: text(id), success: boolean,
    source: oneOf("buyer-notify", "controller-watcher", "coreprover-indexer"), "layer8_tx?": text(word),
    "session_id?": text(id), ...FRESHNESS,
  },
  ERROR: {
    id: text(id), code: text(codeOf), message: text(errorText), "correlation_id?": text(id),
    "class?": oneOf("F", "T", "R"), "hop?": text(id), "reason?": text(errorText), ...FRESHNESS,
  },
};

function checkOffer(offer: JsonObject): void {
  const contract = at(offer, "coreprover_contract");
  if (BigInt(String(offer.get("amount"))) === 0n) throw new Refusal("ZeroAmount", "amount");
  if (contract === ZERO) throw new Refusal("ZeroAddress", "coreprover_contract");
  if (offer.get("zk_required") === true && !contract) throw new Refusal("Missing", "coreprover_contract");
  if (at(offer, "order")) {
    for (const name of ["coreprover_contract", "chain", "session_id", "offer_hash"]) {
      if (at(offer, name) === undefined) throw new Refusal("Missing", name);
    }
    if (at(offer, "order.kind") === "terms") checkTerms(offer);
    if (String(at(offer, "order.terms.amount")) !== String(offer.get("amount"))) {
      throw new Refusal("Contradiction", "order.terms.amount");
    }
  }
  checkProtection(offer);
}

function checkTerms(offer: JsonObject): void {
  const terms = at(offer, "order.terms") as JsonObject;
  const fees = String(at(offer, "economic_envelope.max_fees_bps"));
  if (BigInt(fees) > 1000n) throw new Refusal("AboveFeeCap", "economic_envelope.max_fees_bps");
  const places = (terms.get("policy") as string[]).map((bit) => BITS.indexOf(bit));
  places.forEach((bit, place) => {
    const field = `order.terms.policy[${place}]`;
    if (places.indexOf(bit) < place) throw new Refusal("RepeatedEntry", field);
    if (place > 0 && bit < (places[place - 1] as number)) throw new Refusal("NotInOrder", field);
  });
  if (terms.get("maxFeeBps") !== fees) throw new Refusal("Contradiction", "order.terms.maxFeeBps");
  const session = `0x${hex(keccak256(utf8(String(offer.get("session_id")))))}`;
  if (word(String(terms.get("sessionId"))) !== session) throw new Refusal("Contradiction", "order.terms.sessionId");
}

/** A buyer is not promised what the terms do not hold. */
function checkProtection(offer: JsonObject): void {
  const promised = at(offer, "buyer_protection") ?? "none";
  const terms = at(offer, "order.kind") === "terms" ? at(offer, "order.terms") : undefined;
  const bond = at(terms, "kind") === "BOND" && at(terms, "counterAmount") !== "0" && at(terms, "slashBps") !== "0";
  const held =
    promised === "none" ||
    (promised === "timed-only" && (at(terms, "policy") as string[] | undefined)?.includes("TIMED")) ||
    (promised === "dispute" && terms !== undefined && at(terms, "arbiter") !== ZERO) ||
    (promised === "bond" && bond);
  if (!held) throw new Refusal("ProtectionOverstated", "buyer_protection");
}

/** Any message of plane B, out of its bytes; of one kind, where it is named. */
export function readBuyer(bytes: Uint8Array, only?: string): readonly [kind: string, message: JsonObject] {
  const message = parseObject(bytes);
  const [member, kind] = kindOf(message);
  if (kind === "ERROR" && bytes.length > 4096) throw new Refusal("TooLarge");
  checkVersion(message, member);
  if (member !== "phase" || (only !== undefined && kind !== only)) throw new Refusal("UnknownKind", member);
  if (kind === "QUERY") {
    checkQuery(message);
    return [kind, message];
  }
  const members = MESSAGES[kind] as Members;
  checkCritical(message, Object.keys(members));
  object(members)(message);
  if (kind === "OFFER") checkOffer(message);
  const letter = at(message, "class");
  if (kind === "ERROR" && letter !== undefined && letter !== codeOf(String(message.get("code"))).letter) {
    throw new Refusal("Contradiction", "class");
  }
  if (given(message, "signature") !== undefined) requireFresh(message);
  return [kind, message];
}

function message(source: string): JsonObject {
  return readBuyer(utf8(source))[1];
}

function offerHash(offer: JsonObject): string {
  const covered = new Map(offer);
  const order = offer.get("order");
  if (order instanceof Map) {
    const rest = new Map(order);
    for (const name of ["order_id", "seller_commitment"]) rest.delete(name);
    const terms = order.get("terms");
    if (terms instanceof Map) {
      const restOfTerms = new Map(terms);
      restOfTerms.delete("offerHash");
      rest.set("terms", restOfTerms);
    }
    covered.set("order", rest);
  }
  const bytes = utf8(canonicalWithout(covered, "signature", "kid", "offer_hash"));
  return `0x${hex(taggedHash("TGP/0.1/offer", [bytes]))}`;
}

/** The terms in the fields of the contract. */
function fieldsOf(terms: JsonObject): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const name of Object.keys(TERMS)) {
    const value = terms.get(name) as Json;
    const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    // words are read in any case
    fields[snake] = typeof value === "string" ? value.replace(/^0x.*/, (hex) => hex.toLowerCase()) : "";
  }
  const bits = terms.get("policy") as string[];
  fields.policy = bits.reduce((sum, bit) => sum + 2 ** BITS.indexOf(bit), 0).toString();
  fields.kind = terms.get("kind") === "SWAP" ? "1" : "0";
  fields.silence = terms.get("silence") === "toSeller" ? "1" : "0";
  return fields;
}

/** The word at a path, in lower case: it is read in any. */
function wordAt(object: Json | undefined, path: string): string | undefined {
  const value = at(object, path);
  return value === undefined ? undefined : word(String(value));
}

function checkHashes(offer: JsonObject, types: Types): Record<string, unknown> {
  const [given, order] = [wordAt(offer, "offer_hash"), at(offer, "order")];
  if (given !== undefined && given !== offerHash(offer)) throw new Refusal("HashMismatch", "offer_hash");
  if (at(order, "kind") === "terms") {
    if (wordAt(order, "terms.offerHash") !== given) throw new Refusal("HashMismatch", "order.terms.offerHash");
    const terms = types.hashStruct("OrderTerms", pack(fieldsOf(at(order, "terms") as JsonObject)));
    const number = chain(String(offer.get("chain"))).replace("eip155:", "");
    const orderId = digest("CoreProverEscrow", number, String(offer.get("coreprover_contract")), terms);
    if (wordAt(order, "order_id") !== orderId) throw new Refusal("HashMismatch", "order.order_id");
  }
  return { offer_hash: given ?? null, order_id: wordAt(order, "order_id") ?? null };
}

function same(field: string, ours: unknown, theirs: unknown, reason: "OtherMessage" | "NotEchoed" | "OtherPayer"): void {
  if (ours !== theirs) throw new Refusal(reason, field);
}

function checkAnswers(offer: JsonObject, query: JsonObject): void {
  same("query_id", offer.get("query_id"), query.get("id"), "OtherMessage");
  same("asset", offer.get("asset"), query.get("asset"), "NotEchoed");
  same("amount", String(offer.get("amount")), String(query.get("amount")), "NotEchoed");
  if (query.get("zk_profile") === "REQUIRED" && offer.get("zk_required") !== true) {
    throw new Refusal("EscrowMissing", "zk_required");
  }
  const payer = at(query, "payer") as string | undefined;
  if (payer === undefined || at(offer, "order") === undefined) return;
  const colon = payer.lastIndexOf(":");
  same("chain", chain(String(offer.get("chain"))), chain(payer.slice(0, colon)), "OtherPayer");
  const buyer = at(offer, "order.terms.buyer") as string | undefined;
  if (buyer !== undefined) same("order.terms.buyer", address(buyer), address(payer.slice(colon + 1)), "OtherPayer");
}

function checkSettles(settle: JsonObject, offer: JsonObject): void {
  const named = settle.get("query_or_offer_id");
  if (named !== offer.get("query_id")) same("query_or_offer_id", named, offer.get("id"), "OtherMessage");
  const session = at(settle, "session_id");
  if (session !== undefined) same("session_id", session, at(offer, "session_id"), "OtherMessage");
}

function admit(settle: JsonObject, indexers: string[]): string {
  const source = settle.get("source");
  if (source === "controller-watcher") throw new Refusal("InternalSource", "source");
  if (source === "coreprover-indexer") {
    const verified = indexers.some((key) => {
      try {
        verify(settle, "B/SETTLE", PublicKey.parse(key));
        return true;
      } catch {
        return false;
      }
    });
    if (!verified) throw new Refusal(given(settle, "signature") !== undefined ? "SignatureMismatch" : "Unsigned", "signature");
  }
  return wordAt(settle, "layer8_tx") ?? "hint";
}

const instant = (text: unknown): number => new Date(time(String(text))).getTime();

function expiresAt(offer: JsonObject, received: string): string {
  const expiry = at(offer, "economic_envelope.expiry");
  const ends = [expiry === undefined ? instant(received) + 300_000 : instant(expiry)];
  const fundBy = at(offer, "order.terms.fundBy");
  // in the last second to pay he still can
  if (fundBy !== undefined) ends.push((Number(fundBy) + 1) * 1000);
  const block = at(offer, "tib.meta.exp");
  if (block !== undefined) ends.push(Number(String(block)));
  return time(new Date(Math.min(...ends)).toISOString());
}

function zkRequired(profile: string, policy: string): boolean {
  if (profile === "NONE" && policy === "required") throw new Refusal("EscrowRequired", "zk_profile");
  return profile === "REQUIRED" || policy !== "free";
}

/** What this implementation makes of a case of `offers.json`. */
export const offers = (types: Types) => (input: Record<string, any>): Record<string, unknown> => {
  if (input.text !== undefined) {
    const [kind, received] = readBuyer(utf8(input.text));
    if (input.public_key !== undefined) verify(received, `B/${kind}`, PublicKey.parse(input.public_key));
    return { kind, digest: digestOf(received) };
  }
  if (input.sealed !== undefined) return checkHashes(message(input.sealed), types);
  if (input.zk_profile !== undefined) return { zk_required: zkRequired(input.zk_profile, input.policy) };
  if (input.spelling !== undefined) return { code: codeOf(input.spelling).code };
  if (input.error !== undefined) return rendered(input.error, input.at, input.reason_name, input.reason_text);
  if (input.indexers !== undefined) return { claim: admit(message(input.settle), input.indexers) };
  const offer = message(input.offer);
  if (input.received !== undefined) {
    const end = expiresAt(offer, input.received);
    if (input.now === undefined) return { expires_at: end };
    if (instant(end) <= instant(input.now)) throw new Refusal("InThePast", "economic_envelope.expiry");
    return { open: true };
  }
  if (input.query !== undefined) checkAnswers(offer, message(input.query));
  if (input.settle !== undefined) checkSettles(message(input.settle), offer);
  if (input.accept !== undefined) {
    const accept = message(input.accept);
    same("offer_id", accept.get("offer_id"), offer.get("id"), "OtherMessage");
    if (wordAt(accept, "offer_hash") !== wordAt(offer, "offer_hash")) throw new Refusal("HashMismatch", "offer_hash");
  }
  return { answers: true };
};
