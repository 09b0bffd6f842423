// What all messages of planes B and G have in common: kind, version, critical members, signature, digest.
import { hex, taggedHash, utf8 } from "./bytes.js";
import type { PublicKey } from "./ed25519.js";
import { canonical, canonicalWithout, given, type JsonObject } from "./json.js";
import { Refusal, within } from "./refusal.js";

const KINDS: Record<string, string[]> = {
  phase: ["QUERY", "OFFER", "ACCEPT", "SETTLE", "ERROR"],
  message_type: ["QUERY", "ADVERT", "SELECT", "LOCKED", "PROOF", "SETTLE", "ERROR", "WITHDRAW-ROUTE", "ABORT"],
  vpqVersion: [],
  vseVersion: [],
  posVersion: [],
};

const ALIASES: Record<string, string> = { PRECHECK: "QUERY", QUOTE: "ADVERT", COMMIT: "SELECT" };

const SHARED = ["message_type", "tgp_version", "vgp_version", "kid", "signature", "crit"];

/** The member that says the kind, which must be `plane`'s, and the kind. */
export function kindOf(object: JsonObject, plane: "phase" | "message_type"): string {
  const present = Object.keys(KINDS).filter((name) => given(object, name) !== undefined);
  const [member] = present;
  if (member === undefined) throw new Refusal(given(object, "type") !== undefined ? "ReservedType" : "NoKind");
  if (present.length > 1) throw new Refusal("NoKind");
  const name = object.get(member);
  if (member === "phase" || member === "message_type") {
    if (typeof name !== "string") throw new Refusal("WrongType", member);
  }
  const kind = plane === "message_type" ? (ALIASES[String(name)] ?? String(name)) : String(name);
  if (member !== plane || !KINDS[member]?.includes(kind)) throw new Refusal("UnknownKind", member);
  return kind;
}

/** Plane B may leave the version out. */
export function checkVersion(object: JsonObject, required: boolean): void {
  const [now, once] = [given(object, "tgp_version"), given(object, "vgp_version")];
  if (now !== undefined && once !== undefined && canonical(now) !== canonical(once)) {
    throw new Refusal("TwoVersions", "vgp_version");
  }
  const [member, value] = now !== undefined ? ["tgp_version", now] : ["vgp_version", once];
  if (value === undefined) {
    if (required) throw new Refusal("Missing", "tgp_version");
    return;
  }
  if (typeof value !== "string") throw new Refusal("WrongType", member);
  if (!/^0\.[0-9]{1,9}$/.test(value)) throw new Refusal("OtherVersion", member);
}

/** What `crit` names must be there, and be known. */
export function checkCritical(object: JsonObject, known: string[]): void {
  const critical = given(object, "crit");
  if (critical === undefined) return;
  if (!Array.isArray(critical)) throw new Refusal("WrongType", "crit");
  critical.forEach((name, place) => {
    const at = `crit[${place}]`;
    if (typeof name !== "string") throw new Refusal("WrongType", at);
    const understood = [...SHARED, ...known].includes(name);
    if ((understood ? given(object, name) : object.get(name)) === undefined) throw new Refusal("Missing", at);
    if (!understood) throw new Refusal("CriticalUnknown", at);
  });
}

/** What a signature covers. */
export function signedBytes(object: JsonObject, purpose: string, member: string): Uint8Array {
  return utf8(`TGP/0.1/sig/${purpose}\0${canonicalWithout(object, member)}`);
}

/** Verifies an object's signature over everything but itself. */
export function verify(object: JsonObject, purpose: string, key: PublicKey, member = "signature"): void {
  const signature = given(object, member);
  if (signature === undefined) throw new Refusal("Unsigned", member);
  if (typeof signature !== "string") throw new Refusal("WrongType", member);
  const kid = given(object, "kid");
  if (kid !== undefined && kid !== key.id()) throw new Refusal("SignatureMismatch", "kid");
  within(member, () => key.verify(signedBytes(object, purpose, member), signature));
}

export function digestOf(object: JsonObject, tag = "TGP/0.1/message"): string {
  return `sha256:${hex(taggedHash(tag, [utf8(canonical(object))]))}`;
}
