// The protocol's types: each function reads a text and gives the one text that is written for it.
import { fromBase64url, hex, utf8 } from "./bytes.js";
import { keccak256 } from "./keccak.js";
import { type Reason, Refusal } from "./refusal.js";

const MAX_U256 = 2n ** 256n - 1n;

function matching(pattern: RegExp, reason: Reason): (text: string) => string {
  return (text) => {
    if (!pattern.test(text)) throw new Refusal(reason);
    return text;
  };
}

/** Hex that is read in any case and written in lower case. */
function digits(pattern: RegExp, reason: Reason): (text: string) => string {
  const read = matching(pattern, reason);
  return (text) => read(text).toLowerCase();
}

export function checksummed(lower: string): string {
  const hash = hex(keccak256(utf8(lower)));
  const digits = [...lower].map((digit, at) => (parseInt(hash[at] ?? "0", 16) >= 8 ? digit.toUpperCase() : digit));
  return `0x${digits.join("")}`;
}

export function address(text: string): string {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) throw new Refusal("BadAddress");
  const written = checksummed(text.slice(2).toLowerCase());
  const mixed = /[a-f]/.test(text.slice(2)) && /[A-F]/.test(text.slice(2));
  if (mixed && text !== written) throw new Refusal("BadChecksum");
  return written;
}

const CHAINS = new Map([
  ["ethereum", 1], ["sepolia", 11155111], ["base", 8453], ["base-sepolia", 84532], ["polygon", 137],
  ["polygon-amoy", 80002], ["avalanche", 43114], ["avalanche-fuji", 43113], ["arbitrum", 42161], ["optimism", 10],
  ["pulsechain", 369], ["pulsechain-testnet-v4", 943],
]);

export function chain(text: string): string {
  const known = CHAINS.get(text);
  if (known !== undefined) return `eip155:${known}`;
  const digits = /^eip155:([1-9][0-9]*)$/.exec(text)?.[1];
  if (!digits || BigInt(digits) >= 2n ** 64n) throw new Refusal("BadChain");
  return text;
}

export function account(text: string): string {
  const colon = text.lastIndexOf(":");
  if (colon < 0) throw new Refusal("BadParty");
  return `${chain(text.slice(0, colon))}:${address(text.slice(colon + 1))}`;
}

export function party(text: string): string {
  if (text.length > 256 || !/^[!-~]*$/.test(text) || text.includes("\n")) throw new Refusal("BadParty");
  if (text.startsWith("0x")) {
    address(text);
  } else if (text.startsWith("eip155:")) {
    account(text);
  } else {
    const uri = /^(?:(?:buyer|seller|controller|agent|https):\/\/([^/?#]*)|did:|eh:)(.*)$/.exec(text);
    const [, authority = "", rest = ""] = uri ?? [];
    if (!uri || authority + rest === "" || authority.includes("@") || /["<>\\^`{|}]/.test(text)) {
      throw new Refusal("BadParty");
    }
  }
  return text;
}

/** A time by RFC 3339 in UTC, written with three places behind the second's point or none. */
export function time(text: string): string {
  const shape = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?Z$/.exec(text);
  if (!shape || text.includes("\n")) throw new Refusal("BadTime");
  const field = (place: number): number => Number(shape[place]);
  const millis = Number((shape[7] ?? "").padEnd(3, "0"));
  const date = new Date(Date.UTC(field(1), field(2) - 1, field(3), field(4), field(5), field(6), millis));
  // a field out of range moves its neighbours
  const same = date.toISOString().slice(0, 19) === text.slice(0, 19);
  const last = Date.UTC(9999, 11, 30, 22);
  if (!same || date.getTime() < 0 || date.getTime() > last) throw new Refusal("BadTime");
  return date.toISOString().replace(".000Z", "Z");
}

export function amount(text: string): string {
  if (!/^(0|[1-9][0-9]{0,77})$/.test(text) || BigInt(text) > MAX_U256) throw new Refusal("BadAmount");
  return text;
}

/** Without the zeros that end a fraction, and without a point that nothing follows. */
const trimmed = (text: string): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

export function decimalText(text: string): string {
  const sound = /^(0|[1-9][0-9]*)(\.[0-9]{1,36})?$/.test(text) && text.length <= 78;
  if (!sound || BigInt(text.replace(".", "")) > MAX_U256) throw new Refusal("BadDecimal");
  return trimmed(text);
}

export function fraction(text: string): string {
  if (!/^(0(\.[0-9]{1,6})?|1(\.0{1,6})?)$/.test(text)) throw new Refusal("BadFraction");
  return trimmed(text);
}

export function domain(text: string): string {
  const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
  if (text.length > 253 || !text.split(".").every((part) => label.test(part))) throw new Refusal("BadDomain");
  return text;
}

export function handle(text: string): string {
  const sound = /^eh:[A-Za-z0-9-]{1,32}:[A-Za-z0-9._-]{1,64}$/.test(text);
  if (!sound || /0[xX][0-9a-fA-F]{40}/.test(text)) throw new Refusal("BadHandle");
  return text;
}

export const id = matching(/^[A-Za-z0-9._:-]{1,64}$/, "BadId");
export const symbol = matching(/^[A-Za-z0-9.-]{1,16}$/, "BadSymbol");
export const sha256Text = digits(/^sha256:[0-9a-fA-F]{64}$/, "BadSha256");
export const secret = digits(/^0x[0-9a-fA-F]{64}$/, "BadSecret");
export const uuid = matching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "BadUuid");
export const word = digits(/^0x[0-9a-fA-F]{64}$/, "BadWord");

/** The readers by the names that the vectors have for the types. */
export const TYPES: Record<string, (text: string) => string> = {
  address, chain, account, party, time, amount, decimal: decimalText, fraction, id, domain, handle, symbol, uuid,
  sha256: sha256Text, word,
};

const isPrintable = (text: string): boolean => /^[\x20-\x7e]*$/.test(text) && !text.includes("\n");

export function label(text: string): string {
  if (text === "" || text.length > 256 || !isPrintable(text) || text.includes(" ")) throw new Refusal("BadLabel");
  return text;
}

/** The text of a peer's error: it is cleaned and cut, and refused only where there is none. */
export function errorText(text: string): void {
  if (text === "") throw new Refusal("WrongLength");
}

export const pathId = matching(/^[A-Za-z0-9._:>-]{1,256}$/, "BadPathId");
export const nonce = matching(/^[0-9a-f]{32}$/, "BadNonce");

/** Whether a wallet's address is written in a text. */
export const showsWallet = (text: string): boolean => /0[xX][0-9a-fA-F]{40}/.test(text);

/** A gateway in a path: its domain, or `tag:` and 16 bytes of base64url. */
export function hop(text: string): string {
  const tag = /^tag:(.*)$/.exec(text)?.[1];
  if (tag !== undefined) {
    if (fromBase64url(tag)?.length !== 16) throw new Refusal("BadHop");
    return text;
  }
  try {
    return domain(text);
  } catch {
    throw new Refusal("BadHop");
  }
}

export function kid(text: string): string {
  if (fromBase64url(text)?.length !== 16) throw new Refusal("BadKeyId");
  return text;
}

export const instant = (text: string): number => Date.parse(time(text));

/** The time that is written for milliseconds since 1970. */
export const timeText = (millis: number): string => new Date(millis).toISOString().replace(".000Z", "Z");
