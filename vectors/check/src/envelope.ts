// Plane S: a payment on its way, readable for every hop or sealed to the last.
import { fromBase64url, utf8 } from "./bytes.js";
import { type PublicKey, signatureText } from "./ed25519.js";
import { given, type Json, type JsonObject, parseObject } from "./json.js";
import { at, list, type Members, digestOf, object, received, text, verify, whole } from "./message.js";
import { paymentHash, readPayment } from "./payment.js";
import { Refusal, within } from "./refusal.js";
import { id, instant, kid, pathId, time, timeText, word } from "./values.js";

export const MOST_HOPS = 16;
const MOST_SEALED = 32 * 1024;

/** What a seal is made of, whose bytes nobody but the egress gateway makes sense of. */
const sealedBytes = text((written) => {
  const bytes = fromBase64url(written);
  if (bytes === undefined) throw new Refusal("BadBase64");
  if (bytes.length === 0 || bytes.length > MOST_SEALED) throw new Refusal("WrongLength");
});

const ENVELOPE: Members = {
  pathId: text(pathId),
  hopProofs: list(object({ gw: text(id), proof: text(signatureText) })),
  "x402?": (value) => {
    if (!(value instanceof Map)) throw new Refusal("WrongType");
  },
  "x402_sealed?": object({ kid: text(kid), enc: sealedBytes, ct: sealedBytes, commitment: text(word) }),
  constraints: object({ mustSettleBefore: text(time), replayWindowSec: whole(2n ** 32n - 1n) }),
};

export function readEnvelope(source: string): JsonObject {
  const envelope = received(source, "vseVersion", ENVELOPE);
  if ((envelope.get("hopProofs") as Json[]).length > MOST_HOPS) throw new Refusal("TooManyMembers", "hopProofs");
  const clear = given(envelope, "x402");
  const forms = [clear, given(envelope, "x402_sealed")].filter((form) => form !== undefined);
  if (forms.length !== 1) throw new Refusal("PaymentForm");
  if (clear !== undefined) within("x402", () => readPayment(clear as JsonObject));
  return envelope;
}

/** What this implementation makes of an envelope in `quotes.json`. */
export function envelopes(input: Record<string, any>, key: PublicKey | undefined): Record<string, unknown> {
  const envelope = readEnvelope(input.envelope);
  if (key) verify(envelope, "S/VSE", key, "sig", "hopProofs");
  const clear = at(envelope, "x402") as JsonObject | undefined;
  const hash = clear === undefined ? word(String(at(envelope, "x402_sealed.commitment"))) : paymentHash(clear);
  const end = instant(String(at(envelope, "constraints.mustSettleBefore")));
  if (input.every_hop_authorised !== undefined) {
    if (clear !== undefined && !input.every_hop_authorised) throw new Refusal("WalletDisclosed", "x402");
    return { may_pass: true };
  }
  if (input.now !== undefined) {
    if (instant(input.now) >= end) throw new Refusal("SettleDeadline", "constraints.mustSettleBefore");
    return { open: true };
  }
  if (input.opened !== undefined) {
    if (paymentHash(parseObject(utf8(input.opened))) !== hash) throw new Refusal("HashMismatch", "commitment");
    return { as_committed: true };
  }
  return {
    form: clear === undefined ? "sealed" : "clear",
    payment_hash: hash,
    digest: digestOf(envelope),
    remember_until: timeText(end + Number(String(at(envelope, "constraints.replayWindowSec"))) * 1000),
  };
}
