// Policies of the three dialects, and what they say about a payment.
import { area, areaOf, covers, includes, jurisdiction, jurisdictionOf } from "./area.js";
import { utf8 } from "./bytes.js";
import { Decimal, type Json, type JsonObject, parseObject } from "./json.js";
import { anyText, distinct, given, list, ruleMembers, type Read, text, truth, u64 } from "./reader.js";
import { type Reason, Refusal, shown, within } from "./refusal.js";
import { decimalText, fraction, id, symbol } from "./values.js";

type Share = string;
type Split = { network_fees?: Share | undefined; service_fees?: Share | undefined };

/** What a policy demands: whatever is not there is no rule. */
interface Policy {
  denyJurisdictions?: string[] | undefined;
  denyAssets?: string[] | undefined;
  sanctions?: string | undefined;
  maxTotal?: string | undefined;
  maxAmount?: string | undefined;
  minAmount?: string | undefined;
  maxFee?: string | undefined;
  networks?: string[] | undefined;
  assets?: string[] | undefined;
  jurisdictions?: string[] | undefined;
  uses?: string[] | undefined;
  requires?: string[] | undefined;
  kyc?: string | undefined;
  retention?: string | undefined;
  zk?: boolean | undefined;
  latency?: bigint | undefined;
  success?: string | undefined;
  delivery?: bigint | undefined;
  split: Split;
  home?: string | undefined;
}

/** A decimal as an integer and its places. */
function parts(written: string): readonly [bigint, number] {
  const [whole = "", places = ""] = written.split(".");
  return [BigInt(whole + places), places.length];
}

/** How `a x b` compares with `c`. */
function compare(a: string, b: string, c: string): number {
  const [[x, m], [y, n], [z, k]] = [parts(a), parts(b), parts(c)];
  const difference = x * y * 10n ** BigInt(k) - z * 10n ** BigInt(m + n);
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

/** The sum of two decimals, where it can be written. */
function sum(a: string, b: string): string | undefined {
  const [[x, m], [y, n]] = [parts(a), parts(b)];
  const places = Math.max(m, n);
  const total = x * 10n ** BigInt(places - m) + y * 10n ** BigInt(places - n);
  if (total >= 2n ** 256n) return undefined;
  const digits = total.toString().padStart(places + 1, "0");
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

const network = (value: { family: string; chain_id: bigint | number }): string => `${value.family} ${value.chain_id}`;
const networkOf: Read<string> = (value) => network(ruleMembers({ family: text(id), chain_id: u64 }, "closed")(value));

function share(written: string): Share {
  if (written === "payer" || written === "payee") return written;
  const [, payer = "", payee = ""] = /^split:(0|[1-9][0-9]{0,2})\/(0|[1-9][0-9]{0,2})$/.exec(written) ?? [];
  if (payer === "" || Number(payer) + Number(payee) !== 100) throw new Refusal("BadFeeShare");
  return payer === "100" ? "payer" : payer === "0" ? "payee" : written;
}

const split = ruleMembers({ network_fees: given(text(share)), service_fees: given(text(share)) }, "closed");

/** Also read from a JSON number. */
const probability: Read<string> = (value) => (value instanceof Decimal ? fraction(value.toString()) : text(fraction)(value));

const gateway = ruleMembers(
  {
    allow_networks: given(distinct(networkOf)),
    deny_jurisdictions: given(distinct(text(jurisdiction))),
    caps: given(
      ruleMembers({ max_total_usd: given(text(decimalText)), max_fee_usd: given(text(decimalText)) }, "closed"),
    ),
    fee_split: given(split),
    qos: given(ruleMembers({ max_latency_ms: given(u64), min_success_rate: given(probability) }, "closed")),
  },
  "closed",
);

function dollars(value: Json): string {
  if (!(value instanceof Decimal)) return text(decimalText)(value);
  if (value.places > 0 || value.mantissa < 0n) throw new Refusal("BadDecimal");
  return value.toString();
}

function promise(written: string): bigint {
  const [, digits = "0", unit = ""] = /^([1-9][0-9]*)([smhd])$/.exec(written) ?? [];
  const number = BigInt(digits);
  if (unit === "" || number >= 2n ** 32n) throw new Refusal("BadPromise");
  return number * ({ s: 1n, m: 60n, h: 3600n, d: 86400n }[unit] ?? 0n);
}

const expression = ruleMembers(
  {
    version: anyText,
    jurisdiction: given(text(jurisdiction)),
    // these two may be left out, but are lists when they are there
    requires: list(text(id)),
    exemptions: list(anyText),
    constraints: ruleMembers(
      {
        max_amount_usd: given(dollars),
        min_amount_usd: given(dollars),
        allowed_assets: given(distinct(text(symbol))),
        blocked_assets: given(distinct(text(symbol))),
        delivery_promise: given(text(promise)),
        zk_required: given(truth),
      },
      "closed",
    ),
  },
  "closed",
);

const path = ruleMembers(
  {
    kycClass: given(text(id)),
    jurisdiction: given(distinct(text(jurisdiction))),
    sanctions: given(text(id)),
    dataRetention: given(text(id)),
    allowedUse: given(distinct(text(id))),
  },
  "closed",
);

const PATH_MEMBERS = ["kycClass", "jurisdiction", "sanctions", "dataRetention", "allowedUse"];

export function dialect(document: JsonObject): "gateway" | "expression" | "path" {
  if (document.has("version") || document.has("constraints")) return "expression";
  return PATH_MEMBERS.some((name) => document.has(name)) ? "path" : "gateway";
}

/** With what a member that is left out stands for; its place in a refusal is that of the document as it came. */
function ofExpression(document: JsonObject): Policy {
  const left = [["requires", []], ["exemptions", []], ["constraints", new Map()]] as const;
  const filled: JsonObject = new Map(document);
  for (const [name, value] of left) if (!filled.has(name)) filled.set(name, value as Json);
  const unknown = [...document.keys()].sort().findIndex((name) => !EXPRESSION_MEMBERS.includes(name));
  if (unknown >= 0) throw new Refusal("UnknownField", `[${unknown}]`);
  if (!document.has("version")) throw new Refusal("Missing", "version");
  const { version, jurisdiction: home, requires, constraints: limits } = expression(filled);
  if (version !== "PEL-0.1") throw new Refusal("UnknownDialect", "version");
  within("requires", () => distinct(text(id))(filled.get("requires") ?? []));
  const { max_amount_usd: max, min_amount_usd: min } = limits;
  if (max !== undefined && min !== undefined && compare(min, "1", max) > 0) {
    throw new Refusal("Contradiction", "constraints.min_amount_usd");
  }
  return {
    maxAmount: max,
    minAmount: min,
    assets: limits.allowed_assets,
    denyAssets: limits.blocked_assets,
    delivery: limits.delivery_promise,
    zk: limits.zk_required,
    requires,
    split: {},
    home,
  };
}

const EXPRESSION_MEMBERS = ["version", "jurisdiction", "requires", "exemptions", "constraints"];

export function policy(document: JsonObject): Policy {
  switch (dialect(document)) {
    case "expression":
      return ofExpression(document);
    case "path": {
      const { kycClass, jurisdiction: jurisdictions, sanctions, dataRetention, allowedUse } = path(document);
      return { kyc: kycClass, jurisdictions, sanctions, retention: dataRetention, uses: allowedUse, split: {} };
    }
    case "gateway": {
      const { allow_networks: networks, deny_jurisdictions: denyJurisdictions, caps, qos, fee_split } = gateway(document);
      return {
        networks,
        denyJurisdictions,
        maxTotal: caps?.max_total_usd,
        maxFee: caps?.max_fee_usd,
        latency: qos?.max_latency_ms,
        success: qos?.min_success_rate,
        split: fee_split ?? {},
      };
    }
  }
}

type Subject = Record<string, any>;

/** The reason that a rule is broken, with the place in its list where there is one. */
type Broken = Reason | readonly [Reason, number] | undefined;
type Rule = readonly [name: string, judge: (policy: Policy, subject: Subject) => Broken];

function known(subject: Subject): string[] {
  return [...(subject.jurisdictions ?? []), ...(subject.area ? [jurisdictionOf(subject.area)] : [])];
}

/** The prices that count; zero is none. */
function prices({ asset, prices: pairs }: Subject): string[] {
  return pairs.filter(([pair, price]: string[]) => pair === `${asset}USD` && !/^0(\.0*)?$/.test(price ?? "")).map(
    ([, price]: string[]) => price,
  );
}

function capped(subject: Subject, units: string | undefined, cap: string | undefined): Broken {
  if (cap === undefined) return undefined;
  const at = prices(subject);
  if (units === undefined) return "PolicyAboveCap";
  if (at.length === 0) return "PolicyNoPrice";
  return at.some((price) => compare(units, price, cap) > 0) ? "PolicyAboveCap" : undefined;
}

function floored(subject: Subject, floor: string | undefined): Broken {
  if (floor === undefined) return undefined;
  const at = prices(subject);
  if (at.length === 0) return "PolicyNoPrice";
  return at.some((price) => compare(subject.amount, price, floor) < 0) ? "PolicyBelowFloor" : undefined;
}

/** The first entry of a list for which this holds. */
function first(entries: string[] | undefined, holds: (entry: string) => boolean, reason: Reason): Broken {
  const place = entries?.findIndex(holds) ?? -1;
  return place < 0 ? undefined : [reason, place];
}

function demand<T>(demanded: T | undefined, met: (demanded: T) => boolean, reason: Reason): Broken {
  return demanded === undefined || met(demanded) ? undefined : reason;
}

function promised<T>(demanded: T | undefined, given: unknown, enough: (demanded: T) => boolean): Broken {
  if (demanded === undefined) return undefined;
  if (given === undefined) return "PolicyNoPromise";
  return enough(demanded) ? undefined : "PolicyWeakPromise";
}

const sameShare = (demanded: Share | undefined, proposed: Share | undefined): Broken =>
  demand(demanded, (it) => proposed === undefined || share(proposed) === it, "PolicyOtherSplit");

/** In the order in which they decide: deny, caps, allow, qos, fees. */
const RULES: readonly Rule[] = [
  ["deny.jurisdictions", (p, s) =>
    first(p.denyJurisdictions, (entry) => known(s).some((place) => includes(entry, place)), "PolicyDenied")],
  ["deny.assets", (p, s) => first(p.denyAssets, (entry) => entry === s.asset, "PolicyDenied")],
  ["deny.sanctions", (p, s) => demand(p.sanctions, (tag) => (s.compliance ?? []).includes(tag), "PolicyUnmet")],
  ["caps.max_total_usd", (p, s) => capped(s, sum(s.amount, s.fee), p.maxTotal)],
  ["caps.max_amount_usd", (p, s) => capped(s, s.amount, p.maxAmount)],
  ["caps.min_amount_usd", (p, s) => floored(s, p.minAmount)],
  ["caps.max_fee_usd", (p, s) => capped(s, s.fee, p.maxFee)],
  ["allow.networks", (p, s) => demand(p.networks, (all) => all.includes(network(s.network)), "PolicyNotListed")],
  ["allow.assets", (p, s) => demand(p.assets, (all) => all.includes(s.asset), "PolicyNotListed")],
  ["allow.jurisdictions", (p, s) =>
    demand(p.jurisdictions, (all) => {
      const places = known(s);
      return places.length > 0 && places.every((place) => all.some((entry) => includes(entry, place)));
    }, "PolicyNotListed")],
  ["allow.uses", (p, s) =>
    demand(p.uses, (all) => (s.uses ?? []).length > 0 && s.uses.every((use: string) => all.includes(use)),
      "PolicyNotListed")],
  ["allow.requires", (p, s) => first(p.requires, (tag) => !(s.compliance ?? []).includes(tag), "PolicyUnmet")],
  ["allow.kyc_class", (p, s) => demand(p.kyc, (label) => s.kyc_class === label, "PolicyUnmet")],
  ["allow.data_retention", (p, s) => demand(p.retention, (label) => s.data_retention === label, "PolicyUnmet")],
  ["allow.zk_required", (p, s) => demand(p.zk, (wanted) => !wanted || s.zk !== "NONE", "PolicyZkRequired")],
  ["qos.max_latency_ms", (p, s) => promised(p.latency, s.latency_ms, (most) => BigInt(s.latency_ms) <= most)],
  ["qos.min_success_rate", (p, s) =>
    promised(p.success, s.success_rate, (least) => compare(s.success_rate, "1", least) >= 0)],
  ["qos.delivery_promise", (p, s) =>
    promised(p.delivery, s.delivery_seconds, (most) => BigInt(s.delivery_seconds) <= most)],
  ["fees.network_fees", (p, s) => sameShare(p.split.network_fees, s.fee_split?.network_fees)],
  ["fees.service_fees", (p, s) => sameShare(p.split.service_fees, s.fee_split?.service_fees)],
];

type Named = readonly [name: string | null, policy: Policy];

/** Every rule of one kind over all policies, then the next kind. */
function decide(policies: readonly Named[], subject: Subject): Record<string, unknown> {
  for (const [rule, judge] of RULES) {
    for (const [name, it] of policies) {
      const broken = judge(it, subject);
      if (broken === undefined) continue;
      const [reason, place] = typeof broken === "string" ? [broken, ""] : [broken[0], `[${broken[1]}]`];
      const { code, reason: why } = shown(new Refusal(reason));
      return { decision: "deny", rule: rule + place, code, reason: why, policy: name };
    }
  }
  const splits: Split[] = [...policies.map(([, it]) => it.split), subject.fee_split ?? {}];
  const fee_split: Record<string, string> = {};
  for (const name of ["network_fees", "service_fees"] as const) {
    const found = splits.map((it) => it[name]).find((it) => it !== undefined);
    if (found !== undefined) fee_split[name] = share(found);
  }
  const zk_required = subject.zk === "REQUIRED" || policies.some(([, it]) => it.zk === true);
  return { decision: "allow", zk_required, fee_split, policy: null };
}

interface Entry {
  name: string;
  area: string | null;
  document: string;
}

function checkSet(entries: Entry[], subject: Subject): Record<string, unknown> {
  const names = new Set<string>();
  const set = entries.map((entry) => {
    const it = policy(parseObject(utf8(entry.document)));
    const home = it.home === undefined ? undefined : areaOf(it.home);
    const place = entry.area === null ? home : area(entry.area);
    if (home !== undefined && place !== undefined && !covers(home, place)) throw new Refusal("Contradiction", "area");
    if (names.has(entry.name)) throw new Refusal("RepeatedEntry", "name");
    names.add(entry.name);
    return { name: entry.name, place, policy: it };
  });
  const places = [...(subject.area ? [subject.area] : []), ...(subject.jurisdictions ?? []).map(areaOf)];
  const depth = (place: string | undefined): number => place?.split("/").length ?? 0;
  const selected = set
    .filter(({ place }) => place === undefined || places.some((inner) => covers(place, inner)))
    .sort((a, b) => depth(b.place) - depth(a.place));
  const decision = decide(selected.map((it) => [it.name, it.policy]), subject);
  return { selected: selected.map(({ name }) => name), ...decision };
}

export function checkPolicy(input: any): any {
  if (input.policies !== undefined) return checkSet(input.policies, input.subject);
  const document = parseObject(utf8(input.document));
  const it = policy(document);
  if (input.subject === undefined) return { dialect: dialect(document) };
  const { policy: _, ...decision } = decide([[null, it]], input.subject);
  return { dialect: dialect(document), ...decision };
}
