// Payments of x402 by the scheme exact: EIP-3009, and the checks of a payment on a quote that need no chain.
import { bigEndian, concat, fromHex, hex, utf8 } from "./bytes.js";
import { digest as digestIn, type Fields, Types } from "./eip712.js";
import { readEnvelope } from "./envelope.js";
import { type JsonObject, parseObject } from "./json.js";
import { keccak256 } from "./keccak.js";
import { at, object } from "./message.js";
import { AUTHORIZATION, readPayment } from "./payment.js";
import { expiryOf, readQuote } from "./quotes.js";
import { Refusal, within } from "./refusal.js";
import { tokenSigner, walletSignature } from "./secp256k1.js";
import { address, chain, time, word } from "./values.js";

interface Domain {
  name: string;
  version: string;
  chain: string;
  token: string;
}

const DOMAIN = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
const FIELDS = "(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)";

const addressWord = (value: string): Uint8Array => concat(new Uint8Array(12), fromHex(value.slice(2).toLowerCase()));

/** What is signed for `transferWithAuthorization` or `receiveWithAuthorization`. */
function authorizationDigest(authorization: JsonObject, domain: Domain, method: string): Uint8Array {
  const member = (name: string): string => String(authorization.get(name));
  const type = (method === "transfer" ? "TransferWithAuthorization" : "ReceiveWithAuthorization") + FIELDS;
  const struct = concat(
    keccak256(utf8(type)), addressWord(member("from")), addressWord(member("to")),
    ...["value", "validAfter", "validBefore"].map((name) => bigEndian(BigInt(member(name)), 32)),
    fromHex(word(member("nonce")).slice(2)),
  );
  const separator = concat(
    keccak256(utf8(DOMAIN)), keccak256(utf8(domain.name)), keccak256(utf8(domain.version)),
    bigEndian(BigInt(chain(domain.chain).replace("eip155:", "")), 32), addressWord(domain.token),
  );
  return keccak256(concat(fromHex("1901"), keccak256(separator), keccak256(struct)));
}

function digestAndSigner(input: Record<string, any>): Record<string, unknown> {
  const authorization = parseObject(utf8(input.authorization));
  object(AUTHORIZATION)(authorization);
  const digest = authorizationDigest(authorization, input.domain, input.method);
  const found = within("signature", () => tokenSigner(digest, walletSignature(input.signature)));
  const payer = address(String(authorization.get("from")));
  return { digest: `0x${hex(digest)}`, signer: found, of_the_payer: found === payer };
}

const millis = (value: unknown): number => new Date(time(String(value))).getTime();

/** How far a payment's window may be missed. */
const SKEW = 5000;

/** What a router is told about a payment: its digest is the nonce of the buyer's authorization. */
const SPLIT = new Types([
  { name: "Hop", fields: "address payee,uint16 feeBps" },
  {
    name: "Split",
    fields: "address buyer,address seller,address token,uint96 amount,uint256 validAfter,uint256 validBefore," +
      "bytes32 sessionId,bytes32 salt,Hop[] hops",
  },
]);

function checkShares(split: Fields, router: string, quote: JsonObject, member: (name: string) => string): void {
  const refuse = (field: string, reason: "OtherRecipient" | "OtherValue" | "Contradiction" | "HashMismatch"): never => {
    throw new Refusal(reason, `payload.authorization.${field}`);
  };
  if (!same(split["seller"], at(quote, "rs.settlementAddress"))) refuse("to", "OtherRecipient");
  if (!same(split["buyer"], member("from"))) refuse("from", "Contradiction");
  if (split["amount"] !== member("value")) refuse("value", "OtherValue");
  for (const name of ["validAfter", "validBefore"]) if (split[name] !== member(name)) refuse(name, "Contradiction");
  const chainId = chain(String(at(quote, "asset.chain"))).replace("eip155:", "");
  const nonce = digestIn("TgpRouter", chainId, router, SPLIT.hashStruct("Split", split));
  const agreed = same(nonce, member("nonce")) && same(split["token"], at(quote, "asset.erc20"));
  if (!agreed) refuse("nonce", "HashMismatch");
}

const same = (one: unknown, other: unknown): boolean => String(one).toLowerCase() === String(other).toLowerCase();

function check(input: Record<string, any>): void {
  const quote = readQuote(input.quote);
  const envelope = readEnvelope(input.envelope);
  const payment = readPayment(envelope.get("x402") as JsonObject);
  const authorization = at(payment.object, "payload.authorization") as JsonObject;
  const member = (name: string): string => String(authorization.get(name));
  const accepted = payment.version === 2 ? (payment.object.get("accepted") as JsonObject) : undefined;
  const signed = (name: string): string => `payload.authorization.${name}`;
  const split = at(quote, "rs.paymentRequirements.scheme") === "x402:exact:router-split";
  const { token, now: nowText } = input;
  const now = millis(nowText);

  const digest = authorizationDigest(authorization, token.domain, split ? "receive" : "transfer");
  within("payload.signature", () => {
    const found = tokenSigner(digest, walletSignature(String(at(payment.object, "payload.signature"))));
    if (found !== address(member("from"))) throw new Refusal("OtherSigner");
  });

  const asked = BigInt(String(at(quote, "rs.paymentRequirements.maxAmountRequired")));
  const value = BigInt(member("value"));
  const more = input.overpayment && payment.version === 1 && value > asked;
  if (value !== asked && !more) throw new Refusal("OtherValue", signed("value"));
  if (accepted && BigInt(String(accepted.get("amount"))) !== asked) throw new Refusal("OtherValue", "accepted.amount");

  const [after, before] = [Number(member("validAfter")) * 1000, Number(member("validBefore")) * 1000];
  if (now + SKEW <= after) throw new Refusal("OutsideWindow", signed("validAfter"));
  if (before + SKEW <= now) throw new Refusal("OutsideWindow", signed("validBefore"));

  const asset = quote.get("asset") as JsonObject;
  const mismatch = (field: string): never => {
    throw new Refusal("NetworkMismatch", field);
  };
  const network = chain(String(asset.get("chain")));
  if (network !== chain(token.domain.chain)) mismatch("asset.chain");
  if (!same(asset.get("erc20"), token.domain.token)) mismatch("asset.erc20");
  if (String(asset.get("decimals")) !== String(token.decimals)) mismatch("asset.decimals");
  if (asset.get("symbol") !== token.symbol) mismatch("asset.symbol");
  if (payment.chain !== network) mismatch("network");
  if (accepted && !same(accepted.get("asset"), asset.get("erc20"))) mismatch("accepted.asset");

  const recipient = split ? input.router : at(quote, "rs.settlementAddress");
  if (!same(member("to"), recipient)) throw new Refusal("OtherRecipient", signed("to"));
  if (accepted && !same(accepted.get("payTo"), recipient)) throw new Refusal("OtherRecipient", "accepted.payTo");
  if (split) checkShares(input.split, input.router, quote, member);

  if (envelope.get("pathId") !== quote.get("pathId")) throw new Refusal("OtherPath", "pathId");
  const issued = at(quote, "issuedAt");
  if (issued !== undefined && now + 60_000 < millis(issued)) throw new Refusal("InTheFuture", "issuedAt");
  if (expiryOf(quote, millis(input.first_seen)) <= now) throw new Refusal("InThePast", "price.ttlSeconds");
  const least = Number(String(at(quote, "rs.paymentRequirements.validityMinSeconds"))) + input.latency_seconds;
  if (now + least * 1000 >= before) throw new Refusal("WindowTooShort", signed("validBefore"));
  const deadline = at(envelope, "constraints.mustSettleBefore");
  if (now >= millis(deadline)) throw new Refusal("SettleDeadline", "constraints.mustSettleBefore");
}

/** What this implementation makes of a case of `x402.json`. */
export function x402(input: Record<string, any>): Record<string, unknown> {
  if (input.method !== undefined) return digestAndSigner(input);
  if (input.payment !== undefined) {
    const { version, chain, hash } = readPayment(parseObject(utf8(input.payment)));
    return { version, chain, payment_hash: hash };
  }
  check(input);
  return { fits: true };
}
