// What this implementation makes of the cases about gateways.
import { fromHex, hex, utf8 } from "./bytes.js";
import { PublicKey } from "./ed25519.js";
import { need, textAt } from "./fields.js";
import { readGateway } from "./gateway.js";
import * as identity from "./identity.js";
import { canonical, decimal, type JsonObject, parseObject, parseText } from "./json.js";
import * as ledger from "./ledger.js";
import { amountOf, moneyText } from "./money.js";
import * as paths from "./path.js";
import * as tib from "./tib.js";
import * as timelocks from "./timelocks.js";

type Case = Record<string, any>;

const object = (text: string): JsonObject => parseObject(utf8(text));

function path(text: string): JsonObject {
  const value = object(text);
  paths.path(value);
  return value;
}

export const GATEWAY_TOPICS: Record<string, (input: Case) => Case> = {
  gateway_messages: ({ text, public_key, numeric_money, last_authorised_hop }) => {
    const intake = { numericMoney: numeric_money === true, lastHop: last_authorised_hop === true };
    return readGateway(utf8(text), intake, public_key === undefined ? undefined : PublicKey.parse(public_key));
  },
  paths: (input) => {
    if (input.cost !== undefined) {
      paths.cost(parseText(input.cost));
      const sum = paths.total(object(input.cost), amountOf(input.amount));
      return { total: sum === undefined ? null : moneyText(sum) };
    }
    if (input.query !== undefined) return { lock_amount: paths.amountFor(object(input.path), object(input.query)) };
    if (input.extension !== undefined) {
      const seed = fromHex(input.seed);
      const kid = PublicKey.ofSeed(seed).id();
      const number = (value: number) => decimal(BigInt(value), 0);
      const longer = paths.extend(path(input.path), input.extension, object(input.invoice), seed, kid, number);
      return { extended: canonical(longer) };
    }
    if (input.keys !== undefined) {
      const keyOf = (hop: string) => (hop in input.keys ? PublicKey.parse(input.keys[hop]) : undefined);
      return { hashes: paths.verifyQuotes(object(input.path), object(input.invoice), input.reader, keyOf) };
    }
    if (input.invoice !== undefined) {
      const key = PublicKey.parse(input.public_key);
      return { hash: paths.verifyInvoice(object(input.invoice), key, input.request_id, input.now) };
    }
    if (input.own !== undefined) {
      paths.checkLoop(path(input.path), input.own);
      return { loops: false };
    }
    if (input.most !== undefined) {
      paths.checkLength(path(input.path), input.most);
      return { fits: true };
    }
    if (input.candidates !== undefined) {
      const candidates = input.candidates.map((candidate: Case) => ({ ...candidate, path: object(candidate.path) }));
      return { best: paths.best(candidates) };
    }
    return { tag: paths.tagOf(input.secret, input.request_id) };
  },
  timelocks: (input) => {
    if (input.locks !== undefined) {
      return { timeouts: timelocks.plan(input.now, input.locks, input.service, input.most) };
    }
    if (input.service !== undefined) return { budget: timelocks.payeeBudget(input.service, input.chain) };
    if (input.timeout !== undefined) return { last_reveal: timelocks.lastReveal(input.timeout, input.chain) };
    if (input.now !== undefined) return { enter_by: timelocks.enterBy(input as timelocks.HopTimes) };
    return { distance: timelocks.distance(input.incoming, input.outgoing) };
  },
  tib: (input) => {
    if (input.verb !== undefined) {
      tib.checkFor(object(input.text), input.verb);
      return { fits: true };
    }
    if (input.disclosure !== undefined) {
      tib.checkDisclosure(object(input.disclosure));
      return { shows_wallet: false };
    }
    if (input.block !== undefined) {
      const view = tib.liteOf(object(input.block), input.sender);
      return { view: view ? canonical(view) : null };
    }
    if (input.lite !== undefined) {
      const view = object(input.lite);
      tib.lite(view);
      return { full: canonical(tib.withLite(object(input.into), view)), domain: textAt(view, "domain_id") };
    }
    if (input.public_key === undefined) return { form: tib.formOf(object(input.text)) };
    return { signed_hash: tib.verifyTib(object(input.text), PublicKey.parse(input.public_key)) };
  },
  ledger: (input) => {
    if (input.ids !== undefined) return { policy_hash: ledger.policyHash(object(input.policy), input.ids) };
    if (input.state_refs !== undefined) {
      const summaries = input.summaries.map(object);
      ledger.checkStateRefs(input.state_refs.map(object), input.chain, summaries);
      return { met: true };
    }
    const summary = object(input.summary);
    if (input.trusted !== undefined) {
      need(input.trusted.includes(textAt(summary, "issuer")), "UntrustedIssuer", "issuer");
      return { issuer_trusted: true };
    }
    if (input.now !== undefined) {
      const [until, may_forward] = ledger.validity(summary, input.first_seen, input.now, input.cap_ms);
      return { until, may_forward };
    }
    ledger.verifySummary(summary, PublicKey.parse(input.public_key));
    return { verifies: true };
  },
  identity: (input) => {
    if (input.root !== undefined) {
      identity.verifyDirectory(object(input.directory), PublicKey.parse(input.root), input.now);
      return { verifies: true };
    }
    if (input.kid !== undefined && input.role !== undefined) {
      const [key, verify_only] = identity.lookUp(object(input.directory), input.kid, input.role, input.at);
      return { key: key.toString(), verify_only };
    }
    if (input.role !== undefined) return { current: identity.current(object(input.directory), input.role, input.at) };
    if (input.directory !== undefined) {
      const [kid, verify_only] = identity.authenticate(utf8(input.text), object(input.directory), input.now);
      return { kid, verify_only };
    }
    if (input.handle !== undefined) {
      const [message, digest] = identity.bindingDigest(input);
      return { message: `0x${hex(message)}`, digest: `0x${hex(digest)}` };
    }
    if (input.binding !== undefined) {
      identity.verifyBinding(object(input.binding), input.wallet_key, input.now);
      return { verifies: true };
    }
    if (input.arrived !== undefined) return { seen: identity.seen(input.stored, input.arrived) };
    if (input.tib !== undefined) return { replay_key: identity.tibReplayKey(object(input.tib)) };
    if (input.ends !== undefined) return { until: identity.rememberUntil(input.ends, input.now) };
    return { replay_key: identity.replayKey(utf8(input.text), PublicKey.parse(input.public_key)) };
  },
};
