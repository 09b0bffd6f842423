// The attribute registry: what a document must hold, and what it answers.
import { areaInRules, includes, jurisdiction } from "./area.js";
import { utf8 } from "./bytes.js";
import { PublicKey } from "./ed25519.js";
import { type Json, type JsonObject, parseObject } from "./json.js";
import { verify } from "./message.js";
import {
  anyText, asObject, bps, choice, distinct, integer, list, ruleMembers, onlyOnce, optional, type Read, sorted, text, u64,
} from "./reader.js";
import { Refusal, shown, within } from "./refusal.js";
import { account, address, amount, chain, domain, fraction, id, party, symbol, time, word } from "./values.js";

const NOBODY = `0x${"0".repeat(40)}`;

function token(written: string): string {
  if (written === "native") return written;
  const found = address(written);
  if (found === NOBODY) throw new Refusal("ZeroAddress");
  return found;
}

const assetOf = ruleMembers({
  symbol: text(symbol),
  chain: text(chain),
  address: text(token),
  decimals: integer(255n),
  eip712: optional(ruleMembers({ name: anyText, version: anyText })),
});

const asset: Read<ReturnType<typeof assetOf>> = (value) => {
  const it = assetOf(value);
  if (it.decimals > 36n) throw new Refusal("OutOfRange", "decimals");
  if (it.eip712 !== undefined) {
    const { name, version } = it.eip712;
    if (name === "" || name.length > 64 || version.length > 16) throw new Refusal("WrongLength", "eip712");
    if (it.address === "native") throw new Refusal("Contradiction", "eip712");
  }
  return it;
};

function url(written: string): string {
  const shape = /^https:\/\/([^/:?#@]*)(?::([0-9]{1,5}))?(\/[A-Za-z0-9\-._~%!$&'()*+,;=:@?/]*)?$/.exec(written);
  const [, host = "", port = "1"] = shape ?? [];
  const named = /\.[a-z0-9-]*[a-z][a-z0-9-]*$/.test(host);
  const sound = shape && named && !port.startsWith("0") && Number(port) < 65_536 && written.length <= 512;
  try {
    domain(host);
  } catch {
    throw new Refusal("BadEndpoint");
  }
  if (!sound) throw new Refusal("BadEndpoint");
  return written;
}

const deployment = ruleMembers({
  chain: text(chain),
  audit_status: optional(text(id)),
  deployed_at: optional(u64),
  jurisdictions: optional(list(text(jurisdiction))),
  // left out it is "allow", but null is none
  status: (value: Json) => choice("allow", "deny")(value),
  contracts: asObject,
});

const code = ruleMembers({ address: text(address), code_hash: optional(text(word)), account: optional(text(account)) });

interface Contract {
  kind: string;
  account: string;
  code: string | undefined;
  deployed: bigint;
  places: string[] | undefined;
  denied: boolean;
}

function contracts(value: Json): Contract[] {
  const held = list((one) => {
    const object = asObject(one);
    const it = deployment(object.has("status") ? object : new Map<string, Json>([...object, ["status", "allow"]]));
    return within("contracts", () =>
      sorted(it.contracts).map(([kind, written], place): Contract =>
        within(`[${place}]`, () => {
          id(kind);
          const { address: at, code_hash, account: claimed } = code(written);
          if (at === NOBODY) throw new Refusal("ZeroAddress", "address");
          const whole = `${it.chain}:${at}`;
          if (claimed !== undefined && claimed !== whole) throw new Refusal("Contradiction", "account");
          const denied = it.status === "deny";
          if (!denied && code_hash === undefined) throw new Refusal("Missing", "code_hash");
          const deployed = it.deployed_at ?? -1n;
          return { kind, account: whole, code: code_hash, deployed, places: it.jurisdictions, denied };
        }),
      ),
    );
  })(value).flat();
  onlyOnce(held, ({ account: whole }) => whole);
  return held;
}

const placeOf = ruleMembers({
  name: text(id),
  jurisdiction: text(jurisdiction),
  number: optional(integer(255n)),
  max_fee_bps: optional(bps),
  allowed_assets: optional(distinct(text(symbol))),
});

const place: Read<ReturnType<typeof placeOf>> = (value) => {
  const it = placeOf(value);
  if ((it.max_fee_bps ?? 0n) > 1_000n) throw new Refusal("BadBps", "max_fee_bps");
  if (it.number === 0n) throw new Refusal("OutOfRange", "number");
  return it;
};

const sellerOf = ruleMembers({
  party: text(party),
  account: text(account),
  commit_endpoint: optional(text(url)),
  arbiter: optional(text(address)),
  area: optional(areaInRules),
  service_level: optional(ruleMembers({ availability: optional(text(fraction)), settlement_seconds: optional(u64) })),
  x402: optional(ruleMembers({ min_amount: optional(text(amount)), max_amount: optional(text(amount)) })),
});

const seller: Read<ReturnType<typeof sellerOf>> = (value) => {
  const it = sellerOf(value);
  if (it.account.endsWith(NOBODY)) throw new Refusal("ZeroAddress", "account");
  if (it.arbiter === NOBODY) throw new Refusal("ZeroAddress", "arbiter");
  if (it.arbiter !== undefined && it.account.endsWith(it.arbiter)) throw new Refusal("Contradiction", "arbiter");
  const { min_amount: min, max_amount: max } = it.x402 ?? {};
  if (min !== undefined && max !== undefined && BigInt(min) > BigInt(max)) throw new Refusal("Contradiction", "x402");
  return it;
};

const keyOf = ruleMembers({ kid: anyText, public_key: text((it) => PublicKey.parse(it)), role: text(id) });

const key: Read<ReturnType<typeof keyOf>> = (value) => {
  const it = keyOf(value);
  if (it.kid !== it.public_key.id()) throw new Refusal("HashMismatch", "kid");
  return it;
};

const head = ruleMembers({
  format: anyText,
  version: u64,
  issuer: text(domain),
  issued_at: text(time),
  expires_at: optional(text(time)),
});

/** A section that may be left out, in which nothing has the same key twice. */
function section<T>(document: JsonObject, name: string, read: Read<T>, unique: (entry: T) => string): T[] {
  const value = document.get(name);
  return value === undefined ? [] : within(name, () => distinct(read, unique)(value));
}

/** Policy domains: an order names one by its number alone. */
function places(document: JsonObject) {
  const found = section(document, "jurisdictions", place, (it) => it.name);
  const numbers = found.map((it) => it.number);
  const twice = numbers.findIndex((number, at) => number !== undefined && numbers.indexOf(number) < at);
  if (twice >= 0) throw new Refusal("RepeatedEntry", `jurisdictions[${twice}].number`);
  return found;
}

function registry(document: JsonObject) {
  const top = head(document);
  if (top.format !== "TGP-REGISTRY-0.1") throw new Refusal("OtherFormat", "format");
  if (top.expires_at !== undefined && Date.parse(top.expires_at) <= Date.parse(top.issued_at)) {
    throw new Refusal("Contradiction", "expires_at");
  }
  const deployed = document.get("contracts");
  return {
    ...top,
    assets: section(document, "assets", asset, (it) => `${it.chain} ${it.address}`),
    chains: section(document, "chains", ruleMembers({ chain: text(chain) }), (it) => it.chain),
    contracts: deployed === undefined ? [] : within("contracts", () => contracts(deployed)),
    jurisdictions: places(document),
    sellers: section(document, "sellers", seller, (it) => it.party),
    keys: section(document, "keys", key, (it) => `${it.kid} ${it.role}`),
    areas: section(document, "areas", ruleMembers({ domain: text(domain), area: areaInRules }), (it) => it.domain),
  };
}

type Registry = ReturnType<typeof registry>;
type Question = Record<string, any>;

function isAllowed({ places, denied }: Contract, where: string | null): boolean {
  return !denied && (places === undefined || (where !== null && places.some((outer) => includes(outer, where))));
}

function answer(from: Registry, question: Question): Question {
  const where = question.chain ? chain(question.chain) : undefined;
  if (question.resolve !== undefined) {
    const all = from.assets.filter((it) => it.symbol === question.resolve);
    if (all.length === 0) throw new Refusal("UnknownAsset");
    const [found, another] = all.filter((it) => where === undefined || it.chain === where);
    if (!found) throw new Refusal("NetworkMismatch");
    if (another) throw new Refusal("AmbiguousAsset");
    return { chain: found.chain, address: found.address, decimals: Number(found.decimals) };
  }
  if (question.token !== undefined) {
    const found = from.assets.find((it) => it.chain === where && it.address === token(question.token));
    if (found?.symbol !== question.symbol) throw new Refusal("NetworkMismatch");
    return { decimals: Number(found?.decimals) };
  }
  if (question.contract !== undefined) {
    const found = from.contracts.find((it) => it.account === question.contract);
    if (!found) throw new Refusal("UnknownContract");
    if (found.denied) throw new Refusal("DeniedContract");
    if (found.code !== question.code_hash) throw new Refusal("OtherCode");
    if (!isAllowed(found, question.jurisdiction)) throw new Refusal("ContractElsewhere");
    return { kind: found.kind };
  }
  if (question.newest !== undefined) {
    const fitting = from.contracts.filter(
      (it) => it.kind === question.newest && it.account.startsWith(`${where}:`) && isAllowed(it, question.jurisdiction),
    );
    fitting.sort((a, b) => (a.deployed < b.deployed ? -1 : a.deployed > b.deployed ? 1 : 0));
    return { account: fitting.at(-1)?.account ?? null };
  }
  if (question.signer !== undefined) {
    const all = from.keys.filter((it) => it.kid === question.signer);
    if (all.length === 0) throw new Refusal("UnknownKey");
    const found = all.find((it) => it.role === question.role);
    if (!found) throw new Refusal("WrongRole");
    return { public_key: found.public_key.toString() };
  }
  if (question.area_of !== undefined) {
    return { area: from.areas.find((it) => it.domain === question.area_of)?.area ?? null };
  }
  return { account: from.sellers.find((it) => it.party === question.seller)?.account ?? null };
}

function checkTime({ issued_at, expires_at }: Registry, now: number): void {
  // a minute ahead is the other's clock
  if (Date.parse(issued_at) > now + 60_000) throw new Refusal("InTheFuture", "issued_at");
  if (expires_at !== undefined && Date.parse(expires_at) <= now) throw new Refusal("InThePast", "expires_at");
}

export function checkRegistry(input: any): any {
  const document = parseObject(utf8(input.document));
  if (input.public_key !== undefined) verify(document, "registry", PublicKey.parse(input.public_key));
  const found = registry(document);
  if (input.questions !== undefined) {
    const answers = input.questions.map((question: Question) => {
      try {
        return answer(found, question);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { refused: shown(error) };
      }
    });
    return { answers };
  }
  if (input.now !== undefined) {
    checkTime(found, Date.parse(input.now));
    return { in_time: true };
  }
  if (input.current !== undefined) {
    const current = registry(parseObject(utf8(input.current)));
    if (found.issuer !== current.issuer) throw new Refusal("Contradiction", "issuer");
    if (found.version <= current.version) throw new Refusal("Superseded", "version");
    return { replaces: true };
  }
  return { version: Number(found.version), issuer: found.issuer };
}
