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
  OtherCount: ["UNSUPPORTED_VERSION", "is a version that is not spoken here: send the number 1"],
  OtherX402Version: ["UNSUPPORTED_VERSION", "is a version of x402 that is not spoken here: send 1 or 2"],
  OtherFormat: ["UNSUPPORTED_VERSION", "is a format that is not read here: write TGP-REGISTRY-0.1"],
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
  UnknownField: ["INVALID_QUERY", "is no member of this object: leave it out"],
  OutOfRange: ["INVALID_QUERY", "is out of this field's range"],
  WrongLength: ["INVALID_QUERY", "has not the length of this field"],
  BadPathId: ["INVALID_QUERY", "must be 1 to 256 of A-Z a-z 0-9 . _ : > -"],
  UnknownAsset: ["UNSUPPORTED_ASSET", "is not in the attribute registry: use a listed asset"],
  AmbiguousAsset: ["UNSUPPORTED_ASSET", "stands for several assets: name the chain"],
  NetworkMismatch: ["NETWORK_OR_TOKEN_MISMATCH", "network and token do not belong together"],
  AboveU96: ["INVALID_QUERY", "is above what an order can hold: 2^96-1 base units"],
  BadBps: ["INVALID_QUERY", "basis points are above the limit"],
  InThePast: ["QUOTE_EXPIRED", "is over: ask anew"],
  InTheFuture: ["INVALID_QUERY", "lies in the future: check the clock"],
  WrongSecret: ["INVALID_QUERY", "is not the secret of this hash lock"],
  HashMismatch: ["INVALID_QUERY", "is not the hash of what it names: compute it anew"],
  WrongState: ["INVALID_STATE", "is not possible in this state: see the table of transitions"],
  Ended: ["INVALID_STATE", "has ended for good: begin a new one"],
  NotDue: ["INVALID_STATE", "is not over yet: wait for the deadline"],
  TooLate: ["TIMEOUT", "came after the deadline: begin a new session"],
  OtherOffer: ["INVALID_STATE", "names another offer than the session's: answer that one"],
  NotFinalYet: ["NOT_FINAL", "is on the chain and not final: wait for more blocks"],
  BrokenChain: ["INVALID_QUERY", "does not follow the record before it: the chain of records is broken here"],
  EmptyDay: ["INVALID_QUERY", "has no records: a day without records is not sealed"],
  NotIncluded: ["INVALID_QUERY", "does not lead to this root"],
  BadReference: [
    "INVALID_QUERY",
    "must be 1 to 256 printable ASCII signs without spaces, quotes or backslashes",
  ],
  ShowsSecret: ["POLICY_VIOLATION", "may be a secret: records hold hashes, written sha256: and 64 hex digits"],
  NoTriplet: [
    "INVALID_QUERY",
    "a receipt commits to settlement proofs, bindings and policy: one of them is missing",
  ],
  OtherRequest: ["INVALID_QUERY", "is of another request: ask for the receipt of this one"],
  OtherAmount: ["INVALID_QUERY", "is of another amount or asset than the request"],
  OtherSettlement: ["INVALID_QUERY", "is of another settlement than the chain shows"],
  OtherDelivery: ["INVALID_QUERY", "is of another delivery than the evidence on record"],
  NotOnChain: ["SETTLEMENT_PENDING", "the chain does not show it yet: ask again"],
  BadJurisdiction: ["INVALID_QUERY", "must be an ISO 3166 code in capitals, such as US or US-CA"],
  BadArea: [
    "INVALID_QUERY",
    "must be tai:<country>[/<subdivision>[/<zone>[/<network>[/<domain>]]]] in lower case, - for a level left out",
  ],
  AreaLoop: ["LOOP_DETECTED", "the path comes back to an area that it has left: take another path"],
  UnknownDialect: ["UNSUPPORTED", "is no dialect of policies that is spoken here: write PEL-0.1"],
  RepeatedEntry: ["INVALID_QUERY", "stands twice in its list: keep one"],
  NotInOrder: [
    "INVALID_QUERY", "does not stand in the order in which the protocol lists these values: sort the list",
  ],
  BadFeeShare: ["INVALID_QUERY", "must be payer, payee, or split:<payer>/<payee> whose shares sum to 100"],
  BadPromise: ["INVALID_QUERY", "must be a whole number with the unit s, m, h or d, such as 72h"],
  PolicyDenied: ["POLICY_VIOLATION", "the policy denies this"],
  PolicyNotListed: ["POLICY_VIOLATION", "is not among what the policy allows"],
  PolicyAboveCap: ["POLICY_VIOLATION", "is above what the policy allows"],
  PolicyBelowFloor: ["POLICY_VIOLATION", "is below what the policy allows"],
  PolicyNoPrice: [
    "POLICY_VIOLATION",
    "has no price in the named ledger summaries: name one that prices the asset",
  ],
  PolicyNoPromise: ["POLICY_VIOLATION", "the policy demands a promise that is not given: give it"],
  PolicyWeakPromise: ["POLICY_VIOLATION", "promises less than the policy demands"],
  PolicyUnmet: ["POLICY_VIOLATION", "does not show what the policy requires"],
  PolicyZkRequired: [
    "POLICY_VIOLATION",
    "the policy demands escrow with proofs: send zk_profile OPTIONAL or REQUIRED",
  ],
  PolicyOtherSplit: ["POLICY_VIOLATION", "splits the fees in another way than the policy"],
  BadEndpoint: ["INVALID_QUERY", "must be an https URL with a domain name, without user, password and fragment"],
  UnknownContract: ["CONTRACT_BLACKLISTED", "is not in the attribute registry: use a listed contract"],
  DeniedContract: ["CONTRACT_BLACKLISTED", "the attribute registry denies this contract: use another"],
  OtherCode: ["CONTRACT_BLACKLISTED", "has another code than the attribute registry says: do not use it"],
  ContractElsewhere: ["CONTRACT_BLACKLISTED", "is not allowed in this jurisdiction: use another contract"],
  UnknownKey: ["SIG_INVALID", "is no key of the attribute registry: have it registered"],
  WrongRole: ["SIG_INVALID", "is the key of another role: sign with the key of this one"],
  Superseded: ["INVALID_QUERY", "is not newer than the version that is in use: fetch the newest"],
  NumericMoney: ["INVALID_QUERY", "money must be a string here, not a JSON number"],
  Malformed: ["INVALID_QUERY", "is not what this field holds"],
  BadWalletSignature: ["SIG_INVALID", "must be 65 bytes r, s, v, or 64 by EIP-2098, with a low s: sign with the wallet's key"],
  OtherSigner: ["SIG_INVALID", "is not a signature of the payer over this: sign with his wallet"],
  ContractSignature: ["SIG_INVALID", "is a contract wallet's signature: only the chain can judge it"],
  AboveFeeCap: ["INVALID_QUERY", "an order holds at most 1000 basis points of fees: agree on fewer"],
  EscrowRequired: ["POLICY_VIOLATION", "the policy asks for escrow: send zk_profile OPTIONAL or REQUIRED"],
  EscrowMissing: ["POLICY_VIOLATION", "the buyer demanded escrow: offer a contract and set zk_required"],
  InternalSource: ["SIG_INVALID", "controller-watcher never comes over the network: send buyer-notify"],
  OtherMessage: ["INVALID_QUERY", "names another message than the one it is checked against"],
  NotEchoed: ["INVALID_QUERY", "differs from the message that it answers: echo that value"],
  OtherPayer: ["INVALID_QUERY", "is not the payer of the QUERY"],
  ProtectionOverstated: ["INVALID_QUERY", "promises more than the order's terms hold"],
  OutsideWindow: ["WINDOW_EXPIRED", "the time window is not open: sign anew"],
  HeaderTwice: ["INVALID_QUERY", "the header stands twice: send it once"],
  HeaderTooLong: ["TOO_LARGE", "the header is too long: send the message in the body"],
  BadHeader: ["INVALID_QUERY", "must be key=value pairs separated by semicolons, each key once, at most 8"],
  TwoPayments: ["INVALID_QUERY", "PAYMENT-SIGNATURE and X-PAYMENT carry different payments: send one of them"],
  OtherHeaderVersion: ["INVALID_QUERY", "x402Version is not the one of this header"],
  BadBase64Header: ["INVALID_QUERY", "must be base64 of a JSON object"],
  BadBase64: ["INVALID_QUERY", "must be base64url without padding"],
  OtherRecipient: ["INVALID_QUERY", "is not the settlement address of the quote: sign anew"],
  OtherValue: ["INVALID_QUERY", "is not the amount of the quote: sign exactly that amount"],
  WindowTooShort: ["WINDOW_EXPIRED", "ends before the payment can be settled: sign a longer window"],
  SettleDeadline: ["WINDOW_EXPIRED", "the deadline for settlement has come: ask for a new quote"],
  OtherPath: ["HOP_VERIFICATION_FAIL", "is not the path of the quote"],
  HopMismatch: [
    "HOP_VERIFICATION_FAIL",
    "does not verify in this place: each hop signs the proof before it, itself and the next hop",
  ],
  HopUnknown: ["HOP_VERIFICATION_FAIL", "is no hop with a known key"],
  HopsIncomplete: ["HOP_VERIFICATION_FAIL", "the hops are not those of the plan, in its order"],
  PaymentForm: ["INVALID_QUERY", "exactly one of x402 and x402_sealed must carry the payment"],
  OtherScheme: ["UNSUPPORTED", "is no scheme that is spoken here: use exact"],
  OtherTransfer: ["SETTLEMENT_FAILED", "is not the transfer that was authorized"],
  BadDisplayName: ["INVALID_QUERY", "must be 1 to 128 printable characters"],
  WalletDisclosed: ["POLICY_VIOLATION", "shows a wallet address to a hop that may not see it: use an endpoint handle"],
  Stale: ["REPLAY", "the message is too old: send it anew with its time and a new nonce"],
  TooPrecise: ["INVALID_QUERY", "has more decimal places than the asset"],
  BadLabel: ["INVALID_QUERY", "must be 1 to 256 printable ASCII characters without spaces"],
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
  NotTheSender: ["SIG_INVALID", "the sender is not the domain of this directory or certificate"],
} as const satisfies Record<string, readonly [string, string]>;

export type Reason = keyof typeof REASONS;

/** A refusal as a vector has it. */
export type Shown = { code: string; field: string; reason: string; hop?: string };

/** Why an input is refused, and where in it. */
export class Refusal extends Error {
  readonly code: string;
  readonly reason: string;

  constructor(
    reason: Reason,
    readonly field = "",
    /** The hop at which a path does not hold. */
    readonly hop?: string,
    code?: string,
  ) {
    super(reason);
    const [usual, text] = REASONS[reason];
    this.code = code ?? usual;
    this.reason = text;
  }

  /** The same under a code that says more than the reason's usual one. */
  as(code: string): Refusal {
    return new Refusal(this.message as Reason, this.field, this.hop, code);
  }
}

/** Runs a step whose refusal is about a field. */
export function within<T>(field: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(error.message as Reason, joined(field, error.field), error.hop, error.code);
  }
}

/** A place inside a field: `paths` and `[0].cost` are `paths[0].cost`. */
function joined(field: string, inner: string): string {
  return inner === "" || inner.startsWith("[") ? field + inner : `${field}.${inner}`;
}

/** What a vector says of a refusal. */
export function shown({ code, field, reason, hop }: Refusal): Shown {
  return hop === undefined ? { code, field, reason } : { code, field, reason, hop };
}
