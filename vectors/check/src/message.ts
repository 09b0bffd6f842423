// What every message has in common: kind, version, what must be understood, typed members, signature, digest.
import { hex, taggedHash, utf8 } from "./bytes.js";
import type { PublicKey } from "./ed25519.js";
import { type Reader, text } from "./fields.js";
import { canonical, canonicalWithout, Decimal, given, type Json, type JsonObject, parseObject } from "./json.js";
import { type Reason, Refusal, within } from "./refusal.js";
import { amount } from "./values.js";

export { boolean, list, oneOf, text } from "./fields.js";

/** Members by their names; one whose name ends in `?` may be absent. */
export type Members = Record<string, Reader>;

const KINDS: Record<string, string[]> = {
  phase: ["QUERY", "OFFER", "ACCEPT", "SETTLE", "ERROR"],
  message_type: ["QUERY", "ADVERT", "SELECT", "LOCKED", "PROOF", "SETTLE", "ERROR", "WITHDRAW-ROUTE", "ABORT"],
  vpqVersion: ["VPQ"],
  vseVersion: ["VSE"],
  posVersion: ["POS"],
};

/** Other names of kinds of plane G. */
const ALIASES: Record<string, string> = { PRECHECK: "QUERY", QUOTE: "ADVERT", COMMIT: "SELECT" };

/** What messages have beside their own members, by the member that says the kind. */
function shared(member: string): string[] {
  if (member.endsWith("Version")) return [member, "sig", "kid", "crit"];
  return [member, "signature", "kid", "crit", "tgp_version", "vgp_version"];
}

/** The member that says the kind, and the kind. */
export function kindOf(object: JsonObject): readonly [member: string, kind: string] {
  const present = Object.keys(KINDS).filter((name) => given(object, name) !== undefined);
  const [member] = present;
  if (member === undefined) throw new Refusal(given(object, "type") !== undefined ? "ReservedType" : "NoKind");
  if (present.length > 1) throw new Refusal("NoKind");
  const names = KINDS[member] as string[];
  if (member.endsWith("Version")) return [member, names[0] as string];
  const name = object.get(member) as Json;
  if (typeof name !== "string") throw new Refusal("WrongType", member);
  const kind = member === "message_type" ? (ALIASES[name] ?? name) : name;
  if (!names.includes(kind)) throw new Refusal("UnknownKind", member);
  return [member, kind];
}

/** `kind` is the member that says the kind. Plane B may leave the version out. */
export function checkVersion(object: JsonObject, kind: string): void {
  if (kind.endsWith("Version")) {
    if (!(object.get(kind) instanceof Decimal) || String(object.get(kind)) !== "1") throw new Refusal("OtherCount", kind);
    return;
  }
  const [now, once] = [given(object, "tgp_version"), given(object, "vgp_version")];
  if (now !== undefined && once !== undefined && canonical(now) !== canonical(once)) {
    throw new Refusal("TwoVersions", "vgp_version");
  }
  const [member, value] = now !== undefined ? ["tgp_version", now] : ["vgp_version", once];
  if (value === undefined) {
    if (kind === "message_type") throw new Refusal("Missing", "tgp_version");
    return;
  }
  if (typeof value !== "string") throw new Refusal("WrongType", member);
  if (!/^0\.[0-9]{1,9}$/.test(value)) throw new Refusal("OtherVersion", member);
}

const plain = (name: string): string => name.replace(/\?$/, "");

/** What `crit` names must be there, and be known. */
export function checkCritical(object: JsonObject, members: string[]): void {
  const critical = given(object, "crit");
  if (critical === undefined) return;
  if (!Array.isArray(critical)) throw new Refusal("WrongType", "crit");
  critical.forEach((name, place) => {
    const at = `crit[${place}]`;
    if (typeof name !== "string") throw new Refusal("WrongType", at);
    const known = [...shared(kindOf(object)[0]), ...members.map(plain)].includes(name);
    if ((known ? given(object, name) : object.get(name)) === undefined) throw new Refusal("Missing", at);
    if (!known) throw new Refusal("CriticalUnknown", at);
  });
}

/** An object with these members and any others. */
export function object(members: Members): Reader {
  return (value) => {
    if (!(value instanceof Map)) throw new Refusal("WrongType");
    for (const [written, read] of Object.entries(members)) {
      const name = plain(written);
      const member = given(value, name);
      if (member !== undefined) within(name, () => read(member));
      else if (written === name) throw new Refusal("Missing", name);
    }
  };
}

/** A message of plane S, of the kind that this member says. */
export function received(source: string, discriminator: string, members: Members): JsonObject {
  const message = parseObject(utf8(source));
  const [member] = kindOf(message);
  checkVersion(message, member);
  if (member !== discriminator) throw new Refusal("UnknownKind", member);
  checkCritical(message, Object.keys(members));
  object(members)(message);
  return message;
}

export const anything: Reader = () => undefined;

/** A JSON number without places from 0 to the most that the field holds. */
export const whole = (most: bigint, beyond: Reason = "OutOfRange"): Reader => (value) => {
  if (!(value instanceof Decimal) || value.places > 0) throw new Refusal("WrongType");
  if (value.mantissa < 0n) throw new Refusal("OutOfRange");
  if (value.mantissa > most) throw new Refusal(beyond);
};

/** Money of plane B: a string, or a number that JSON holds exactly. */
export const money: Reader = (value) => {
  if (value instanceof Decimal) {
    if (value.places > 0 || value.mantissa < 0n) throw new Refusal("BadAmount");
  } else {
    text(amount)(value);
  }
};

/** Money of plane S: a string. */
export const moneyText: Reader = (value) => {
  if (value instanceof Decimal) throw new Refusal("NumericMoney");
  text(amount)(value);
};

/** What stands at a dotted path; null counts as absent. */
export function at(object: Json | undefined, path: string): Json | undefined {
  let value = object;
  for (const name of path.split(".")) value = value instanceof Map ? value.get(name) : undefined;
  return value ?? undefined;
}

export function requireFresh(object: JsonObject): void {
  for (const name of ["nonce", "timestamp"]) if (at(object, name) === undefined) throw new Refusal("Missing", name);
}

/** What a signature covers: everything but these members. */
export function signedBytes(object: JsonObject, purpose: string, ...without: string[]): Uint8Array {
  return utf8(`TGP/0.1/sig/${purpose}\0${canonicalWithout(object, ...without)}`);
}

/** Verifies an object's signature over everything but itself, and but what is added on the way. */
export function verify(
  object: JsonObject, purpose: string, key: PublicKey, member = "signature", ...added: string[]
): void {
  const signature = given(object, member);
  if (signature === undefined) throw new Refusal("Unsigned", member);
  if (typeof signature !== "string") throw new Refusal("WrongType", member);
  const kid = given(object, "kid");
  if (kid !== undefined && kid !== key.id()) throw new Refusal("SignatureMismatch", "kid");
  within(member, () => key.verify(signedBytes(object, purpose, member, ...added), signature));
}

export const digestOf = (object: JsonObject, tag = "TGP/0.1/message"): string =>
  `sha256:${hex(taggedHash(tag, [utf8(canonical(object))]))}`;
