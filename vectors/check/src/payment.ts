// A payment of x402 by the scheme exact, in either version.
import { hex, taggedHash, utf8 } from "./bytes.js";
import { x402Version } from "./headers.js";
import { canonical, type JsonObject } from "./json.js";
import { at, type Members, moneyText, object, text, whole } from "./message.js";
import { Refusal } from "./refusal.js";
import { walletSignature } from "./secp256k1.js";
import { address, chain, word } from "./values.js";

/** Seconds since 1970: any number of 256 bits. */
const seconds = text((value) => {
  if (!/^(0|[1-9][0-9]{0,77})$/.test(value) || BigInt(value) >> 256n > 0n) throw new Refusal("BadTime");
});

export const AUTHORIZATION: Members = {
  from: text(address), to: text(address), value: moneyText, validAfter: seconds, validBefore: seconds, nonce: text(word),
};

const PAYLOAD = object({ signature: text(walletSignature), authorization: object(AUTHORIZATION) });

const scheme = text((value) => {
  if (value !== "exact") throw new Refusal("OtherScheme");
});

const ACCEPTED: Members = {
  scheme,
  network: text((value) => {
    if (!value.includes(":")) throw new Refusal("BadChain");
    chain(value);
  }),
  amount: moneyText, payTo: text(address), asset: text(address), maxTimeoutSeconds: whole(2n ** 53n),
  "extra?": object({ "name?": text(String), "version?": text(String) }),
};

const RESOURCE = object({ url: text(String), "description?": text(String), "mimeType?": text(String) });

export interface Payment {
  version: number;
  chain: string;
  hash: string;
  object: JsonObject;
}

/** What hop proofs and seals name a payment by: the hash of the whole object, whatever it holds. */
export const paymentHash = (payment: JsonObject): string =>
  `0x${hex(taggedHash("TGP/0.1/x402-payload", [utf8(canonical(payment))]))}`;

export function readPayment(payment: JsonObject): Payment {
  const version = x402Version(payment);
  object(
    version === 1
      ? { scheme, network: text(chain), payload: PAYLOAD }
      : { accepted: object(ACCEPTED), payload: PAYLOAD, "resource?": RESOURCE },
  )(payment);
  const network = chain(String(at(payment, version === 1 ? "network" : "accepted.network")));
  return { version, chain: network, hash: paymentHash(payment), object: payment };
}
