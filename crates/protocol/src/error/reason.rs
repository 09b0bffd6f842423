use super::Code;
use std::fmt;

/// Declares the reasons: a name, its default code, and a text that says what is wrong and what to do.
macro_rules! reasons {
    ($($(#[$about:meta])* $name:ident = $code:ident, $text:literal;)+) => {
        /// What is wrong with a field and how to mend it. The texts are ASCII and hold nothing of the input.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[non_exhaustive]
        pub enum Reason {
            $($(#[$about])* $name,)+
        }

        impl Reason {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The code of an error that has no more special one.
            #[must_use]
            pub fn code(self) -> Code {
                match self { $(Self::$name => Code::$code,)+ }
            }

            /// What is wrong and what to do.
            #[must_use]
            pub fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// The name of the reason, for programs.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)+ }
            }
        }
    };
}

reasons! {
    // The text of a message
    /// More bytes than a message of its kind may have.
    TooLarge = TooLarge, "too many bytes: split the message or shorten its lists";
    /// Not JSON by RFC 8259.
    NotJson = InvalidQuery, "is not JSON: check quotes, commas and escapes";
    /// Bytes that are no UTF-8, or a byte order mark.
    NotUtf8 = InvalidQuery, "is not UTF-8 without a byte order mark: encode it so";
    /// More text behind the value.
    TrailingText = InvalidQuery, "something follows the message: send one JSON value";
    /// Objects and arrays inside each other.
    TooDeep = InvalidQuery, "objects and arrays are nested too deeply: flatten them";
    /// Members or elements.
    TooManyMembers = InvalidQuery, "an object or array has too many members: shorten it";
    /// One name, two members.
    DuplicateName = InvalidQuery, "a member name stands twice in an object: keep one";
    /// An integer above 2^53-1 or a fraction with more than 15 digits.
    UnsafeNumber = InvalidQuery, "a number is beyond what every reader holds exactly: write it as a string";
    /// Canonical form asked of something that is no object.
    NotAnObject = InvalidQuery, "must be a JSON object";

    // Shapes
    /// A required member is not there.
    Missing = InvalidQuery, "is required: add it";
    /// A string where a number belongs, and so on.
    WrongType = InvalidQuery, "has another JSON type than this field";
    /// Text that the field's type refuses.
    Malformed = InvalidQuery, "is not what this field holds";
    /// Not one of the values that the field may have.
    UnknownValue = InvalidQuery, "is none of the values of this field: see the protocol's list";
    /// A member that this object may not have.
    UnknownField = InvalidQuery, "is no member of this object: leave it out";
    /// Outside the range.
    OutOfRange = InvalidQuery, "is out of this field's range";
    /// Too short, too long, or empty.
    WrongLength = InvalidQuery, "has not the length of this field";
    /// Members that exclude each other.
    Contradiction = InvalidQuery, "contradicts another field: keep one of them";
    /// `crit` names a member that this version does not know.
    CriticalUnknown = Unsupported, "a member named in crit is unknown here: drop it or use a newer peer";

    // The kind of message
    /// Neither or more than one of the discriminators.
    NoKind = InvalidQuery, "exactly one of phase, message_type, vpqVersion, vseVersion, posVersion must say the kind";
    /// The discriminator of a later draft.
    ReservedType = UnsupportedVersion, "the discriminator type is of another version: send tgp_version 0.1";
    /// A kind that the plane does not have.
    UnknownKind = Unsupported, "is no kind of message of this plane";
    /// Another major version of planes B and G.
    OtherVersion = UnsupportedVersion, "is a version that is not spoken here: send 0.1";
    /// Another version of an object that counts its own: those of plane S, the info block.
    OtherCount = UnsupportedVersion, "is a version that is not spoken here: send the number 1";
    /// Another version of x402.
    OtherX402Version = UnsupportedVersion, "is a version of x402 that is not spoken here: send 1 or 2";
    /// Another format of the attribute registry.
    OtherFormat = UnsupportedVersion, "is a format that is not read here: write TGP-REGISTRY-0.1";
    /// `tgp_version` and `vgp_version` differ.
    TwoVersions = UnsupportedVersion, "tgp_version and vgp_version differ: send tgp_version alone";

    // Identifiers
    /// An id outside its alphabet or length.
    BadId = InvalidQuery, "must be 1 to 64 of A-Z a-z 0-9 . _ : -";
    /// A path id outside its alphabet or length.
    BadPathId = InvalidQuery, "must be 1 to 256 of A-Z a-z 0-9 . _ : > -";
    /// A party that is no known URI and no account.
    BadParty = InvalidQuery, "must be a URI (buyer, seller, controller, agent, did, eh, https) or a CAIP-10 account, at most 256 bytes";
    /// A domain name.
    BadDomain = InvalidQuery, "must be a lower-case domain name";
    /// An endpoint handle.
    BadHandle = InvalidQuery, "must be an endpoint handle: eh:<relation>:<random>";
    /// A wallet address where only handles may stand.
    WalletDisclosed = PolicyViolation, "shows a wallet address to a hop that may not see it: use an endpoint handle";
    /// A UUID.
    BadUuid = InvalidQuery, "must be a UUID in lower-case hex with dashes";
    /// A key id.
    BadKeyId = InvalidQuery, "must be the base64url of a key's 16-byte id";

    // Chains and assets
    /// Not 20 bytes of hex with 0x.
    BadAddress = InvalidQuery, "must be 0x and 40 hex digits";
    /// Mixed case whose checksum is wrong.
    BadChecksum = InvalidQuery, "has mixed case and a wrong EIP-55 checksum: copy the address again";
    /// The zero address.
    ZeroAddress = InvalidQuery, "must not be the zero address";
    /// Not a CAIP-2 id or known network name.
    BadChain = InvalidQuery, "must be a CAIP-2 chain such as eip155:8453";
    /// An asset symbol outside its alphabet.
    BadSymbol = UnsupportedAsset, "must be an asset symbol of 1 to 16 letters, digits, dots or dashes";
    /// A symbol that the registry does not know.
    UnknownAsset = UnsupportedAsset, "is not in the attribute registry: use a listed asset";
    /// A symbol that stands for several assets.
    AmbiguousAsset = UnsupportedAsset, "stands for several assets: name the chain";
    /// Chain and token do not belong together.
    NetworkMismatch = NetworkOrTokenMismatch, "network and token do not belong together";

    // Money and other numbers
    /// Not a decimal string of an integer.
    BadAmount = InvalidQuery, "must be a whole number of base units in a decimal string, below 2^256";
    /// Not a decimal string.
    BadDecimal = InvalidQuery, "must be a decimal string such as \"10.00\"";
    /// Zero where something must be paid.
    ZeroAmount = InvalidQuery, "must be above zero";
    /// A JSON number where money must be a string.
    NumericMoney = InvalidQuery, "money must be a string here, not a JSON number";
    /// More digits behind the point than the asset has.
    TooPrecise = InvalidQuery, "has more decimal places than the asset";
    /// Above 96 bits.
    AboveU96 = InvalidQuery, "is above what an order can hold: 2^96-1 base units";
    /// Basis points above their limit.
    BadBps = InvalidQuery, "basis points are above the limit";
    /// A probability outside 0..1.
    BadFraction = InvalidQuery, "must be between 0 and 1 with at most 6 decimal places";

    // Times
    /// Not RFC 3339 in UTC.
    BadTime = InvalidQuery, "must be RFC 3339 in UTC, such as 2026-11-21T10:00:00Z";
    /// A time that must still come.
    InThePast = QuoteExpired, "is over: ask anew";
    /// A time from the future beyond the permitted skew.
    InTheFuture = InvalidQuery, "lies in the future: check the clock";
    /// Outside an authorization's window.
    OutsideWindow = WindowExpired, "the time window is not open: sign anew";
    /// The message is older than messages may be.
    Stale = Replay, "the message is too old: send it anew with its time and a new nonce";

    // Hashes and signatures
    /// Not `sha256:` and 64 hex digits.
    BadSha256 = InvalidQuery, "must be sha256: and 64 hex digits";
    /// Not 32 bytes of hex with 0x.
    BadWord = InvalidQuery, "must be 0x and 64 hex digits";
    /// A hash lock whose secret everybody knows.
    KnownSecret = InvalidQuery, "is the hash of a secret that everybody knows: make a random one of 32 bytes";
    /// A secret that is not 32 bytes.
    BadSecret = InvalidQuery, "must be 32 bytes: 0x and 64 hex digits";
    /// The secret is not the one of the hash lock.
    WrongSecret = InvalidQuery, "is not the secret of this hash lock";
    /// Not `ed25519:` and 64 bytes of base64url.
    BadSignature = SigInvalid, "must be ed25519: and a base64url signature";
    /// Nobody signed.
    Unsigned = SigInvalid, "the message must be signed";
    /// A signature that does not verify.
    SignatureMismatch = SigInvalid, "does not verify: sign the canonical form with the key that kid names";
    /// A key that is no point, or of small order.
    BadKey = SigInvalid, "is not a usable Ed25519 key";
    /// Not base64url without padding.
    BadBase64 = InvalidQuery, "must be base64url without padding";
    /// A hash that does not match what it is of.
    HashMismatch = InvalidQuery, "is not the hash of what it names: compute it anew";

    // Sessions, paths and legs
    /// An event that the state has no transition for.
    WrongState = InvalidState, "is not possible in this state: see the table of transitions";
    /// An event after the end.
    Ended = InvalidState, "has ended for good: begin a new one";
    /// A deadline's event before the deadline.
    NotDue = InvalidState, "is not over yet: wait for the deadline";
    /// A message after its deadline.
    TooLate = Timeout, "came after the deadline: begin a new session";
    /// An answer to something else.
    OtherOffer = InvalidState, "names another offer than the session's: answer that one";
    /// A block that may still be replaced.
    NotFinalYet = NotFinal, "is on the chain and not final: wait for more blocks";

    // Records
    /// A record that does not follow the one before it.
    BrokenChain = InvalidQuery, "does not follow the record before it: the chain of records is broken here";
    /// Nothing to seal.
    EmptyDay = InvalidQuery, "has no records: a day without records is not sealed";
    /// A record of another day than the seal.
    OtherDay = InvalidQuery, "is of a later day: seal each day by itself";
    /// An inclusion proof that does not lead to the root.
    NotIncluded = InvalidQuery, "does not lead to this root";
    /// A reference outside its alphabet or length.
    BadReference = InvalidQuery, "must be 1 to 256 printable ASCII signs without spaces, quotes or backslashes";
    /// 32 bytes in the open where only hashes may stand.
    ShowsSecret = PolicyViolation, "may be a secret: records hold hashes, written sha256: and 64 hex digits";

    // Receipts
    /// A receipt without settlement proofs, bindings or policy.
    NoTriplet = InvalidQuery, "a receipt commits to settlement proofs, bindings and policy: one of them is missing";
    /// Another request.
    OtherRequest = InvalidQuery, "is of another request: ask for the receipt of this one";
    /// Another amount or asset.
    OtherAmount = InvalidQuery, "is of another amount or asset than the request";
    /// Another settlement.
    OtherSettlement = InvalidQuery, "is of another settlement than the chain shows";
    /// Another delivery.
    OtherDelivery = InvalidQuery, "is of another delivery than the evidence on record";
    /// No such fact.
    NotOnChain = SettlementPending, "the chain does not show it yet: ask again";

    // Plane B
    /// Fees above what an order can hold.
    AboveFeeCap = InvalidQuery, "an order holds at most 1000 basis points of fees: agree on fewer";
    /// The buyer's wish against the operator's policy.
    EscrowRequired = PolicyViolation, "the policy asks for escrow: send zk_profile OPTIONAL or REQUIRED";
    /// An OFFER without what the buyer demanded.
    EscrowMissing = PolicyViolation, "the buyer demanded escrow: offer a contract and set zk_required";
    /// A SETTLE that claims to come from inside.
    InternalSource = SigInvalid, "controller-watcher never comes over the network: send buyer-notify";
    /// The message is an answer to something else.
    OtherMessage = InvalidQuery, "names another message than the one it is checked against";
    /// An echoed value that differs.
    NotEchoed = InvalidQuery, "differs from the message that it answers: echo that value";
    /// The wallet that will pay is not the buyer of the terms.
    OtherPayer = InvalidQuery, "is not the payer of the QUERY";
    /// A protection that the terms do not hold.
    ProtectionOverstated = InvalidQuery, "promises more than the order's terms hold";
    /// A signature of a wallet in no form that a key makes.
    BadWalletSignature = SigInvalid, "must be 65 bytes r, s, v, or 64 by EIP-2098, with a low s: sign with the wallet's key";
    /// A good signature of another wallet, or over something else.
    OtherSigner = SigInvalid, "is not a signature of the payer over this: sign with his wallet";
    /// A signature that no key made.
    ContractSignature = SigInvalid, "is a contract wallet's signature: only the chain can judge it";

    // HTTP headers
    /// A header twice.
    HeaderTwice = InvalidQuery, "the header stands twice: send it once";
    /// A header that is too long.
    HeaderTooLong = TooLarge, "the header is too long: send the message in the body";
    /// A structured header.
    BadHeader = InvalidQuery, "must be key=value pairs separated by semicolons, each key once, at most 8";
    /// Header names of both x402 versions with different payments.
    TwoPayments = InvalidQuery, "PAYMENT-SIGNATURE and X-PAYMENT carry different payments: send one of them";
    /// Header and x402Version do not belong together.
    OtherHeaderVersion = InvalidQuery, "x402Version is not the one of this header";
    /// Not base64 with padding.
    BadBase64Header = InvalidQuery, "must be base64 of a JSON object";

    // Plane S
    /// The authorization pays somebody else.
    OtherRecipient = InvalidQuery, "is not the settlement address of the quote: sign anew";
    /// The authorization pays another amount.
    OtherValue = InvalidQuery, "is not the amount of the quote: sign exactly that amount";
    /// Not enough time to settle.
    WindowTooShort = WindowExpired, "ends before the payment can be settled: sign a longer window";
    /// The settlement deadline has come.
    SettleDeadline = WindowExpired, "the deadline for settlement has come: ask for a new quote";
    /// Another path than the quoted one.
    OtherPath = HopVerificationFail, "is not the path of the quote";
    /// A hop proof in the wrong place, or by somebody else.
    HopMismatch = HopVerificationFail, "does not verify in this place: each hop signs the proof before it, itself and the next hop";
    /// A hop whose key is not known.
    HopUnknown = HopVerificationFail, "is no hop with a known key";
    /// Not every hop of the plan, or other ones.
    HopsIncomplete = HopVerificationFail, "the hops are not those of the plan, in its order";
    /// Neither or both of the forms of a payment.
    PaymentForm = InvalidQuery, "exactly one of x402 and x402_sealed must carry the payment";
    /// A scheme that is not spoken.
    OtherScheme = Unsupported, "is no scheme that is spoken here: use exact";
    /// A settlement that is not the one of the authorization.
    OtherTransfer = SettlementFailed, "is not the transfer that was authorized";
    /// A text label.
    BadDisplayName = InvalidQuery, "must be 1 to 128 printable characters";

    // Areas and policies
    /// Not the code of a country or of a part of one.
    BadJurisdiction = InvalidQuery, "must be an ISO 3166 code in capitals, such as US or US-CA";
    /// Not the identifier of a transaction area.
    BadArea = InvalidQuery, "must be tai:<country>[/<subdivision>[/<zone>[/<network>[/<domain>]]]] in lower case, - for a level left out";
    /// A path through areas that comes back to one it has left.
    AreaLoop = LoopDetected, "the path comes back to an area that it has left: take another path";
    /// A member or version that no dialect of policies has.
    UnknownDialect = Unsupported, "is no dialect of policies that is spoken here: write PEL-0.1";
    /// One entry, two places.
    RepeatedEntry = InvalidQuery, "stands twice in its list: keep one";
    /// An entry of a list that has one order, in another place.
    NotInOrder = InvalidQuery, "does not stand in the order in which the protocol lists these values: sort the list";
    /// Who bears a fee.
    BadFeeShare = InvalidQuery, "must be payer, payee, or split:<payer>/<payee> whose shares sum to 100";
    /// A promise of time.
    BadPromise = InvalidQuery, "must be a whole number with the unit s, m, h or d, such as 72h";
    /// A deny rule matches.
    PolicyDenied = PolicyViolation, "the policy denies this";
    /// A list of what is allowed does not have it.
    PolicyNotListed = PolicyViolation, "is not among what the policy allows";
    /// More than a cap.
    PolicyAboveCap = PolicyViolation, "is above what the policy allows";
    /// Less than the policy's minimum.
    PolicyBelowFloor = PolicyViolation, "is below what the policy allows";
    /// A cap in dollars and an asset without a price.
    PolicyNoPrice = PolicyViolation, "has no price in the named ledger summaries: name one that prices the asset";
    /// A demand, and nothing said about it.
    PolicyNoPromise = PolicyViolation, "the policy demands a promise that is not given: give it";
    /// A promise that is too weak.
    PolicyWeakPromise = PolicyViolation, "promises less than the policy demands";
    /// A compliance tag or label that is not shown.
    PolicyUnmet = PolicyViolation, "does not show what the policy requires";
    /// Escrow with proofs is demanded and not wanted.
    PolicyZkRequired = PolicyViolation, "the policy demands escrow with proofs: send zk_profile OPTIONAL or REQUIRED";
    /// Fees split in another way.
    PolicyOtherSplit = PolicyViolation, "splits the fees in another way than the policy";

    // The attribute registry
    /// Not an address that may be called.
    BadEndpoint = InvalidQuery, "must be an https URL with a domain name, without user, password and fragment";
    /// Not on the list.
    UnknownContract = ContractBlacklisted, "is not in the attribute registry: use a listed contract";
    /// On the list, as denied.
    DeniedContract = ContractBlacklisted, "the attribute registry denies this contract: use another";
    /// The code at the address is not that of the list.
    OtherCode = ContractBlacklisted, "has another code than the attribute registry says: do not use it";
    /// On the list, for other places.
    ContractElsewhere = ContractBlacklisted, "is not allowed in this jurisdiction: use another contract";
    /// A key id that the registry does not have.
    UnknownKey = SigInvalid, "is no key of the attribute registry: have it registered";
    /// A key for another purpose.
    WrongRole = SigInvalid, "is the key of another role: sign with the key of this one";
    /// A registry that was replaced.
    Superseded = InvalidQuery, "is not newer than the version that is in use: fetch the newest";

    // Chain profiles
    /// Not TOML, or a value that has no place in a profile.
    NotToml = InvalidQuery, "is not TOML of tables, text, whole numbers and truths";

    // CBOR
    /// Not well-formed CBOR: an item that ends early, or a reserved head.
    NotCbor = InvalidQuery, "is not CBOR: an item ends early or has a reserved head";
    /// Bytes behind the item.
    TrailingBytes = InvalidQuery, "bytes follow the CBOR item: send one";
    /// A length or integer in more bytes than it needs.
    NotShortest = InvalidQuery, "a CBOR length or integer is longer than needed: write its shortest form";
    /// An item of indefinite length.
    IndefiniteLength = InvalidQuery, "a CBOR item has no definite length: state it";
    /// Keys of a map that do not ascend.
    UnsortedKeys = InvalidQuery, "keys of a CBOR map must ascend by their encoded bytes: sort them";
    /// A key that is no text.
    KeyNotText = InvalidQuery, "a key of a CBOR map must be text";
    /// A float.
    CborFloat = InvalidQuery, "CBOR floats are refused: write an integer or a decimal fraction (tag 4)";
    /// A byte string, another tag, undefined or another simple value.
    NotInModel = InvalidQuery, "CBOR byte strings, other tags and other simple values have no JSON form: leave them out";
    /// Tag 4 around something else than `[exponent, mantissa]` in lowest terms.
    BadDecimalFraction = InvalidQuery, "a decimal fraction must be [-1 to -6, integer that does not end in 0]";

    // TLV
    /// An element that ends early.
    NotTlv = InvalidQuery, "is not TLV: one byte of type, four bytes of length, and so many bytes";
    /// A code point twice.
    DuplicateElement = InvalidQuery, "a TLV code point stands twice: keep one";
    /// A code point from 0x80 on that this version does not know.
    CriticalElement = Unsupported, "a critical TLV code point is unknown here: drop it or wrap it in 0x7E";
    /// A MAC that is not the last element, or a wrapper in a wrapper.
    MisplacedElement = InvalidQuery, "the MAC must be the last TLV element, and neither it nor a wrapper stands in a wrapper";
    /// A member for which there is no code point.
    NoCodePoint = Unsupported, "has no TLV code point: send JSON";
    /// A MAC for somebody who shares no key with the sender.
    UnexpectedMac = Unsupported, "the frame has a MAC but no key is shared with its sender: sign instead";
    /// No MAC where a key is shared.
    MissingMac = SigInvalid, "the frame must end in a MAC of the shared key";
    /// A MAC that does not verify.
    MacMismatch = SigInvalid, "does not verify: compute HMAC-SHA256 over the frame before the MAC";

    // Gateways
    /// A label with spaces, control characters or too many bytes.
    BadLabel = InvalidQuery, "must be 1 to 256 printable ASCII characters without spaces";
    /// A hop that is neither a domain nor a blinded tag.
    BadHop = InvalidQuery, "must be a domain name, or tag: and 22 characters of base64url";
    /// A nonce of another length.
    BadNonce = InvalidQuery, "must be 32 lower-case hex digits";
    /// A payment in parts.
    PartsReserved = Unsupported, "payment in parts is not spoken here: leave parts out";
    /// A way of holding money that has a name but is not served.
    EscrowNotServed = Unsupported, "is a known escrow type that is not served here: use htlc, escrow or direct";
    /// PROOF from the payer's side, and the like.
    WrongDirection = InvalidState, "this message does not come from that side of a hash lock";
    /// Another request, path or lock than the message that it answers.
    OtherExchange = InvalidState, "is not that of the message it answers: copy it from there";
    /// `path_id` of no path of the advert.
    UnknownPath = NoRoute, "is no path of the advert: select an advertised one";
    /// An amount that is not the quoted one.
    NotLockAmount = InvalidQuery, "is not the lock_amount of the path: lock exactly that";
    /// More than the client said he would pay.
    AboveBudget = InvalidQuery, "is above the budget of the query";
    /// Price, units and amounts that do not add up.
    BadSum = InvalidQuery, "does not add up: total = base + variable x units, and incoming = outgoing + fee";
    /// The own tag, or one tag twice.
    Loop = LoopDetected, "the path leads to one gateway twice: drop it";
    /// More hops than permitted.
    PathTooLong = InvalidQuery, "has more hops than permitted: look for a shorter path";
    /// A hop quote that does not continue the one before.
    BrokenQuotes = HopVerificationFail, "does not continue the quote before it: sign over its hash, with the next hop's name";
    /// Hops and quotes do not correspond.
    HopWithoutQuote = HopVerificationFail, "every hop but the last needs one quote: add or drop";
    /// The first hop is another domain than the sender.
    FirstHopNotSender = HopVerificationFail, "the first hop must be the sender";
    /// Ledger summaries that are not those of the quote.
    OtherSummaries = SsoMismatch, "other ledger summaries than the quote's: repeat its ids or ask anew";
    /// A summary that is not at hand.
    UnknownSummary = SsoMismatch, "is no ledger summary known here: send it, or ask anew";
    /// No concrete block as high as the summary.
    BelowSummary = SsoMismatch, "no state reference at or above the height of the ledger summary";
    /// An issuer that is not trusted.
    UntrustedIssuer = SsoMismatch, "the issuer of this ledger summary is not trusted here";
    /// A policy hash that is not that of the quote.
    OtherPolicy = PolicyViolation, "is not the policy hash of the quote: ask anew";
    /// Two timelocks too close to each other, or too close to now.
    TooLittleTime = InsufficientTimelock, "too little time for the hops below: lock until later";
    /// A lock that would hold money for too long.
    TooMuchTime = InsufficientTimelock, "holds money longer than permitted: lock until earlier";
    /// Value must not go out before the incoming lock is final.
    IncomingNotFinal = NotFinal, "the incoming lock is not final: wait";

    // Identity
    /// Nobody's key.
    UnpublishedKey = SigInvalid, "no such key in the sender's directory: publish it or use a published one";
    /// The key's time has not come, or is over.
    KeyNotValid = SigInvalid, "the key is not valid at this time: use a current one";
    /// A key of the revocation list.
    KeyRevoked = SigInvalid, "the key is revoked: use a current one";
    /// A key that is for something else.
    OtherRole = SigInvalid, "the key is published for another role";
    /// The directory is that of another domain.
    NotTheSender = SigInvalid, "the sender is not the domain of this directory or certificate";
    /// A wallet's signature by another wallet.
    WrongWallet = SigInvalid, "is signed by another wallet";
    /// One key, two messages.
    KeyReused = Replay, "another message was sent under the same id: use a new one";
}

impl Reason {
    /// The reason with this text.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.text() == text)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl std::error::Error for Reason {}

#[cfg(test)]
mod tests {
    use super::Reason;
    use std::collections::HashSet;

    #[test]
    fn texts_are_short_ascii_and_all_different() {
        let texts: HashSet<_> = Reason::ALL.iter().map(|reason| reason.text()).collect();
        assert_eq!(texts.len(), Reason::ALL.len());
        for text in texts {
            assert!(text.is_ascii() && text.len() <= 256, "{text}");
        }
    }
}
