/** Every reason that the vectors show: its code where nothing more special is known, and its text. */
const REASONS = {
  TooLarge: ["TOO_LARGE", "too many bytes: split the message or shorten its lists"],
  NotJson: ["INVALID_QUERY", "is not JSON: check quotes, commas and escapes"],
  NotUtf8: ["INVALID_QUERY", "is not UTF-8 without a byte order mark: encode it so"],
  TrailingText: ["INVALID_QUERY", "something follows the message: send one JSON value"],
  TooDeep: ["INVALID_QUERY", "objects and arrays are nested too deeply: flatten them"],
  TooManyMembers: ["INVALID_QUERY", "an object or array has too many members: shorten it"],
  DuplicateName: ["INVALID_QUERY", "a member name stands twice in an object: keep one"],
  UnsafeNumber: ["INVALID_QUERY", "a number is beyond what every reader holds exactly: write it as a string"],
  NotAnObject: ["INVALID_QUERY", "must be a JSON object"],
  Missing: ["INVALID_QUERY", "is required: add it"],
  WrongType: ["INVALID_QUERY", "has another JSON type than this field"],
  UnknownValue: ["INVALID_QUERY", "is none of the values of this field: see the protocol's list"],
  Contradiction: ["INVALID_QUERY", "contradicts another field: keep one of them"],
  CriticalUnknown: ["UNSUPPORTED", "a member named in crit is unknown here: drop it or use a newer peer"],
  NoKind: ["INVALID_QUERY", "exactly one of phase, message_type, vpqVersion, vseVersion, posVersion must say the kind"],
  ReservedType: ["UNSUPPORTED_VERSION", "the discriminator type is of another version: send tgp_version 0.1"],
  UnknownKind: ["UNSUPPORTED", "is no kind of message of this plane"],
  OtherVersion: ["UNSUPPORTED_VERSION", "is a version that is not spoken here: send 0.1"],
  TwoVersions: ["UNSUPPORTED_VERSION", "tgp_version and vgp_version differ: send tgp_version alone"],
  BadId: ["INVALID_QUERY", "must be 1 to 64 of A-Z a-z 0-9 . _ : -"],
  BadParty: [
    "INVALID_QUERY",
    "must be a URI (buyer, seller, controller, agent, did, eh, https) or a CAIP-10 account, at most 256 bytes",
  ],
  BadDomain: ["INVALID_QUERY", "must be a lower-case domain name"],
  BadHandle: ["INVALID_QUERY", "must be an endpoint handle: eh:<relation>:<random>"],
  BadUuid: ["INVALID_QUERY", "must be a UUID in lower-case hex with dashes"],
  BadKeyId: ["INVALID_QUERY", "must be the base64url of a key's 16-byte id"],
  BadAddress: ["INVALID_QUERY", "must be 0x and 40 hex digits"],
  BadChecksum: ["INVALID_QUERY", "has mixed case and a wrong EIP-55 checksum: copy the address again"],
  ZeroAddress: ["INVALID_QUERY", "must not be the zero address"],
  BadChain: ["INVALID_QUERY", "must be a CAIP-2 chain such as eip155:8453"],
  BadSymbol: ["UNSUPPORTED_ASSET", "must be an asset symbol of 1 to 16 letters, digits, dots or dashes"],
  BadAmount: ["INVALID_QUERY", "must be a whole number of base units in a decimal string, below 2^256"],
  BadDecimal: ["INVALID_QUERY", 'must be a decimal string such as "10.00"'],
  ZeroAmount: ["INVALID_QUERY", "must be above zero"],
  BadFraction: ["INVALID_QUERY", "must be between 0 and 1 with at most 6 decimal places"],
  BadTime: ["INVALID_QUERY", "must be RFC 3339 in UTC, such as 2026-11-21T10:00:00Z"],
  BadSha256: ["INVALID_QUERY", "must be sha256: and 64 hex digits"],
  BadWord: ["INVALID_QUERY", "must be 0x and 64 hex digits"],
  KnownSecret: ["INVALID_QUERY", "is the hash of a secret that everybody knows: make a random one of 32 bytes"],
  BadSecret: ["INVALID_QUERY", "must be 32 bytes: 0x and 64 hex digits"],
  BadSignature: ["SIG_INVALID", "must be ed25519: and a base64url signature"],
  Unsigned: ["SIG_INVALID", "the message must be signed"],
  SignatureMismatch: ["SIG_INVALID", "does not verify: sign the canonical form with the key that kid names"],
  BadKey: ["SIG_INVALID", "is not a usable Ed25519 key"],
  NotCbor: ["INVALID_QUERY", "is not CBOR: an item ends early or has a reserved head"],
  TrailingBytes: ["INVALID_QUERY", "bytes follow the CBOR item: send one"],
  NotShortest: ["INVALID_QUERY", "a CBOR length or integer is longer than needed: write its shortest form"],
  IndefiniteLength: ["INVALID_QUERY", "a CBOR item has no definite length: state it"],
  UnsortedKeys: ["INVALID_QUERY", "keys of a CBOR map must ascend by their encoded bytes: sort them"],
  KeyNotText: ["INVALID_QUERY", "a key of a CBOR map must be text"],
  CborFloat: ["INVALID_QUERY", "CBOR floats are refused: write an integer or a decimal fraction (tag 4)"],
  NotInModel: [
    "INVALID_QUERY",
    "CBOR byte strings, other tags and other simple values have no JSON form: leave them out",
  ],
  BadDecimalFraction: ["INVALID_QUERY", "a decimal fraction must be [-1 to -6, integer that does not end in 0]"],
  NotTlv: ["INVALID_QUERY", "is not TLV: one byte of type, four bytes of length, and so many bytes"],
  DuplicateElement: ["INVALID_QUERY", "a TLV code point stands twice: keep one"],
  CriticalElement: ["UNSUPPORTED", "a critical TLV code point is unknown here: drop it or wrap it in 0x7E"],
  MisplacedElement: [
    "INVALID_QUERY",
    "the MAC must be the last TLV element, and neither it nor a wrapper stands in a wrapper",
  ],
  NoCodePoint: ["UNSUPPORTED", "has no TLV code point: send JSON"],
  UnexpectedMac: ["UNSUPPORTED", "the frame has a MAC but no key is shared with its sender: sign instead"],
  MissingMac: ["SIG_INVALID", "the frame must end in a MAC of the shared key"],
  MacMismatch: ["SIG_INVALID", "does not verify: compute HMAC-SHA256 over the frame before the MAC"],
  OutOfRange: ["INVALID_QUERY", "is out of this field's range"],
  WrongLength: ["INVALID_QUERY", "has not the length of this field"],
  BadPathId: ["INVALID_QUERY", "must be 1 to 256 of A-Z a-z 0-9 . _ : > -"],
  WalletDisclosed: ["POLICY_VIOLATION", "shows a wallet address to a hop that may not see it: use an endpoint handle"],
  NumericMoney: ["INVALID_QUERY", "money must be a string here, not a JSON number"],
  BadBps: ["INVALID_QUERY", "basis points are above the limit"],
  InThePast: ["QUOTE_EXPIRED", "is over: ask anew"],
  InTheFuture: ["INVALID_QUERY", "lies in the future: check the clock"],
  Stale: ["REPLAY", "the message is too old: send it anew with its time and a new nonce"],
  WrongSecret: ["INVALID_QUERY", "is not the secret of this hash lock"],
  HashMismatch: ["INVALID_QUERY", "is not the hash of what it names: compute it anew"],
  TooPrecise: ["INVALID_QUERY", "has more decimal places than the asset"],
  BadLabel: ["INVALID_QUERY", "must be 1 to 256 printable ASCII characters without spaces"],
  BadDescription: ["INVALID_QUERY", "must be at most 256 printable ASCII characters"],
  BadHop: ["INVALID_QUERY", "must be a domain name, or tag: and 22 characters of base64url"],
  BadNonce: ["INVALID_QUERY", "must be 32 lower-case hex digits"],
  PartsReserved: ["UNSUPPORTED", "payment in parts is not spoken here: leave parts out"],
  EscrowNotServed: ["UNSUPPORTED", "is a known escrow type that is not served here: use htlc, escrow or direct"],
  OtherExchange: ["INVALID_STATE", "is not that of the message it answers: copy it from there"],
  AboveBudget: ["INVALID_QUERY", "is above the budget of the query"],
  BadSum: ["INVALID_QUERY", "does not add up: total = base + variable x units, and incoming = outgoing + fee"],
  Loop: ["LOOP_DETECTED", "the path leads to one gateway twice: drop it"],
  PathTooLong: ["INVALID_QUERY", "has more hops than permitted: look for a shorter path"],
  BrokenQuotes: [
    "HOP_VERIFICATION_FAIL",
    "does not continue the quote before it: sign over its hash, with the next hop's name",
  ],
  HopWithoutQuote: ["HOP_VERIFICATION_FAIL", "every hop but the last needs one quote: add or drop"],
  FirstHopNotSender: ["HOP_VERIFICATION_FAIL", "the first hop must be the sender"],
  UnknownSummary: ["SSO_MISMATCH", "is no ledger summary known here: send it, or ask anew"],
  BelowSummary: ["SSO_MISMATCH", "no state reference at or above the height of the ledger summary"],
  UntrustedIssuer: ["SSO_MISMATCH", "the issuer of this ledger summary is not trusted here"],
  TooLittleTime: ["INSUFFICIENT_TIMELOCK", "too little time for the hops below: lock until later"],
  TooMuchTime: ["INSUFFICIENT_TIMELOCK", "holds money longer than permitted: lock until earlier"],
  IncomingNotFinal: ["NOT_FINAL", "the incoming lock is not final: wait"],
  UnpublishedKey: ["SIG_INVALID", "no such key in the sender's directory: publish it or use a published one"],
  KeyNotValid: ["SIG_INVALID", "the key is not valid at this time: use a current one"],
  KeyRevoked: ["SIG_INVALID", "the key is revoked: use a current one"],
  OtherRole: ["SIG_INVALID", "the key is published for another role"],
  WrongWallet: ["SIG_INVALID", "is signed by another wallet"],
  KeyReused: ["REPLAY", "another message was sent under the same id: use a new one"],
  BadWalletSignature: ["SIG_INVALID", "must be 65 bytes r, s, v with a low s: sign with the wallet's key"],
  ContractSignature: ["SIG_INVALID", "is a contract wallet's signature: only the chain can judge it"],
  NotTheSender: ["SIG_INVALID", "the sender is not the domain of this directory or certificate"],
} as const satisfies Record<string, readonly [string, string]>;

export type Reason = keyof typeof REASONS;

/** Why an input is refused, and where in it. */
export class Refusal extends Error {
  readonly code: string;
  readonly reason: string;

  constructor(
    reason: Reason,
    readonly field = "",
    code?: string,
  ) {
    super(reason);
    const [usual, text] = REASONS[reason];
    this.code = code ?? usual;
    this.reason = text;
  }

  /** The same under a code that says more than the reason's usual one. */
  as(code: string): Refusal {
    return new Refusal(this.message as Reason, this.field, code);
  }
}

/** Runs a step whose refusal is about a field. */
export function within<T>(field: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(error.message as Reason, joined(field, error.field), error.code);
  }
}

/** A place inside a field: `paths` and `[0].cost` are `paths[0].cost`. */
function joined(field: string, inner: string): string {
  return inner === "" || inner.startsWith("[") ? field + inner : `${field}.${inner}`;
}
