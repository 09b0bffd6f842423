//! Everything that reads bytes or text from outside, one function each: `no_panic` runs them over the seeds in
//! `fuzz/corpus` and over mutations of them, and each is a target of `make fuzz`. A decoder is added to [`DECODERS`],
//! with a folder of seeds and a file in `fuzz/fuzz_targets`.
//!
//! A function may do anything but panic; what it accepts, it holds against the protocol's promises about it.

use std::{
    fmt::{Debug, Display},
    str::FromStr,
};
use tgp_protocol::{
    Code,
    area::{Area, Jurisdiction, Zone},
    buyer::{self, BuyerMessage},
    cbor,
    chain_profile::ChainProfile,
    exact,
    gateway::{self, GatewayMessage, HopId, Intake},
    header::{self, EscrowOffer, Fields, TransactionPath, decode_message, decode_x402},
    identity::{KeyDirectory, KeyText, WalletBinding},
    json::{self, Kept, Limits, Object, Value},
    ledger::LedgerSummary,
    policy::{FeeShare, Network, Policy, Prices, Subject},
    profile::Profile,
    receipt::Receipt,
    record::{
        SessionSnapshot,
        tdr::{Day, DaySeal, Inclusion, Reference, Tdr, Triplet},
    },
    registry::{self, AssetAddress, HttpsUrl, Registry},
    sign::{KeyId, PublicKey, Signature, SigningKey, WalletSignature},
    tib::AnyTib,
    tlv::{self, MacKey},
    value::{
        Account, Amount, ChainId, Decimal, DomainName, EndpointHandle, EpochSeconds, EvmAddress, Fraction, HashLock,
        Id, Label, Nonce, Party, PathId, Secret, Sha256Digest, Symbol, Timestamp, Uuid, Word,
    },
    wire::{self, Kind, Message, Plane, Received},
};

/// Reads bytes, and panics where a promise does not hold.
pub(crate) type Decoder = fn(&[u8]);

/// Every decoder by its name.
pub(crate) const DECODERS: [(&str, Decoder); 7] = [
    ("json", json),
    ("cbor", cbor),
    ("tlv", tlv),
    ("message", message),
    ("text", text),
    ("header", header),
    ("document", document),
];

/// Runs the decoder of this name.
pub(crate) fn run(name: &str, bytes: &[u8]) {
    let (_, decoder) = DECODERS.iter().find(|(known, _)| *known == name).expect("a decoder of this name");
    decoder(bytes);
}

fn json(bytes: &[u8]) {
    let Ok(value) = json::parse(bytes) else { return };
    let canonical = value.canonical();
    assert_eq!(json::parse_within(&canonical, &Limits::DOCUMENT).as_ref(), Ok(&value), "canonical form is the value");
    assert_eq!(cbor::decode_within(&cbor::encode(&value), &Limits::DOCUMENT), Ok(value), "CBOR is the value");
}

fn cbor(bytes: &[u8]) {
    let Ok(value) = cbor::decode(bytes) else { return };
    assert_eq!(cbor::encode(&value), bytes, "the encoding is the only one");
    assert_eq!(json::parse_within(&value.canonical(), &Limits::DOCUMENT), Ok(value), "JSON is the value");
}

fn tlv(bytes: &[u8]) {
    let _ = tlv::decode_with_mac(bytes, &MacKey::from_bytes(&[7; 32]));
    let Ok(block) = tlv::decode(bytes) else { return };
    let frame = tlv::encode(&block).expect("what was read can be written");
    assert!(frame.len() <= bytes.len(), "nothing is added");
    assert_eq!(tlv::decode(&frame), Ok(block), "the frame is the block");
}

fn message(bytes: &[u8]) {
    let (kind, object) = match wire::read(bytes) {
        Ok(read) => read,
        // no error shows what was sent
        Err(error) => return assert!(error.to_string().is_ascii() && BuyerMessage::read(bytes).is_err()),
    };
    assert_eq!(wire::kind_of(&object), Ok(kind));
    kept(&object);
    match kind.plane() {
        Plane::Buyer => {
            let _ = BuyerMessage::read(bytes).map(|message| message.digest());
        }
        Plane::Gateway => {
            for numeric_money in [false, true] {
                let intake = Intake { numeric_money, last_authorised_hop: true };
                let _ = GatewayMessage::read_as(bytes, intake).map(|message| message.digest());
            }
        }
        Plane::Exact => {}
    }
    match kind {
        Kind::BuyerQuery => sent_again::<buyer::Query>(bytes),
        Kind::BuyerOffer => sent_again::<buyer::Offer>(bytes),
        Kind::BuyerAccept => sent_again::<buyer::Accept>(bytes),
        Kind::BuyerSettle => sent_again::<buyer::Settle>(bytes),
        Kind::BuyerError => sent_again::<buyer::ErrorMessage>(bytes),
        Kind::Query => sent_again::<gateway::Query>(bytes),
        Kind::Advert => sent_again::<gateway::Advert>(bytes),
        Kind::Select => sent_again::<gateway::Select>(bytes),
        Kind::Locked => sent_again::<gateway::Locked>(bytes),
        Kind::Proof => sent_again::<gateway::Proof>(bytes),
        Kind::Settle => sent_again::<gateway::Settle>(bytes),
        Kind::Error => sent_again::<gateway::ErrorReport>(bytes),
        Kind::WithdrawRoute => sent_again::<gateway::WithdrawRoute>(bytes),
        Kind::Abort => sent_again::<gateway::Abort>(bytes),
        Kind::PathQuote => sent_again::<exact::PathQuote>(bytes),
        Kind::SettlementEnvelope => sent_again::<exact::SettlementEnvelope>(bytes),
        Kind::ProofOfSettlement => sent_again::<exact::ProofOfSettlement>(bytes),
    }
}

/// What was accepted is the same in canonical form, and its fields can be sent again, by a gateway with a signature.
fn sent_again<M: Message + PartialEq + Debug>(bytes: &[u8]) {
    let Ok(received) = Received::<M>::read(bytes) else { return };
    let again = Received::<M>::read(&received.object().canonical()).expect("its canonical form is the message");
    assert_eq!(again.digest(), received.digest());
    let key = SigningKey::from_seed(&[1; 32]);
    let signed = M::KIND.plane() == Plane::Gateway;
    let object = if signed { received.message().to_signed(&key) } else { received.message().to_object() };
    let object = object.expect("what was accepted can be sent");
    assert_eq!(Received::<M>::from_object(object).expect("and read").message(), received.message());
}

/// An object goes through every encoding unharmed.
fn kept(object: &Object) {
    let value = Value::Object(object.clone());
    assert_eq!(json::parse_within(&object.canonical(), &Limits::DOCUMENT).as_ref(), Ok(&value));
}

/// The value of an HTTP header.
fn header(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(path) = TransactionPath::parse(text) {
        assert_eq!(TransactionPath::parse(&path.to_string()), Ok(path));
    }
    if let Ok(query) = decode_message::<buyer::Query>(text) {
        kept(query.object());
    }
    let _ = decode_message::<buyer::Offer>(text);
    for name in [
        header::ESCROW_CONTRACT,
        header::PAYMENT_ASSET,
        header::PAYMENT_AMOUNT,
        header::SESSION_ID,
        header::PAYMENT_SIGNATURE,
        header::X_PAYMENT,
        "htlc-path",
    ] {
        let pairs = [(name, text)];
        let _ =
            (EscrowOffer::read(Fields(&pairs)), header::payment(Fields(&pairs)), TransactionPath::read(Fields(&pairs)));
    }
    let Ok(object) = decode_x402(text) else { return };
    let _ = exact::Payment::read(&object);
    let _ = exact::read_payment_required(&object);
    let _ = exact::SettleResponse::read(&object);
}

/// What is published, stored or shown: policies, registries, profiles, blocks, records, receipts.
fn document(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = ChainProfile::read(text);
    }
    let _ = Profile::read(bytes);
    let Ok(Value::Object(object)) = json::parse_within(bytes, &Limits::DOCUMENT) else { return };
    let _ = Registry::from_document(object.clone());
    let _ = AnyTib::from_object(object.clone());
    if let Ok(policy) = Policy::compile(object.clone()) {
        let subject = Subject::new(Network::eip155(1), "USDC".parse().expect("a symbol"), Decimal::default());
        let decision = policy.evaluate(&subject, &Prices::none());
        assert_eq!(policy.evaluate(&subject, &Prices::none()), decision, "the same question has one answer");
    }
    if let Ok(snapshot) = SessionSnapshot::from_object(object.clone()) {
        assert_eq!(*snapshot.object(), object);
    }
    if let Ok(receipt) = Receipt::from_object(object.clone()) {
        assert_eq!(*receipt.object(), object);
    }
    let value = Value::Object(object);
    let _ = json::from_value::<DaySeal>(&value).map(|seal| seal.root());
    let _ = (json::from_value::<Inclusion>(&value), json::from_value::<exact::Refusal>(&value));
    let _ = json::from_value::<WalletBinding>(&value).map(|binding| {
        let digest = WalletBinding::message(&binding.handle, binding.chain, binding.address, binding.expiry);
        let _ = binding.signature.signer(digest);
    });
    let Value::Object(object) = value else { return };
    let _ = Tdr::from_object(object.clone());
    let _ = Kept::<Triplet>::from_object(object.clone()).map(|triplet| triplet.fields().hash());
    let _ = Kept::<LedgerSummary>::from_object(object.clone());
    let _ = Kept::<KeyDirectory>::from_object(object);
}

fn text(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    stable::<Account>(text);
    stable::<Area>(text);
    stable::<Jurisdiction>(text);
    stable::<Zone>(text);
    stable::<HopId>(text);
    stable::<KeyText>(text);
    stable::<FeeShare>(text);
    stable::<Day>(text);
    stable::<Reference>(text);
    stable::<registry::Role>(text);
    stable::<AssetAddress>(text);
    stable::<HttpsUrl>(text);
    stable::<exact::DisplayName>(text);
    stable::<exact::SealedBytes>(text);
    stable::<exact::TokenName>(text);
    stable::<exact::UnixSeconds>(text);
    stable::<WalletSignature>(text);
    stable::<Amount>(text);
    stable::<ChainId>(text);
    stable::<Decimal>(text);
    stable::<DomainName>(text);
    stable::<EndpointHandle>(text);
    stable::<EpochSeconds>(text);
    stable::<EvmAddress>(text);
    stable::<Fraction>(text);
    stable::<HashLock>(text);
    stable::<Id>(text);
    stable::<KeyId>(text);
    stable::<Label>(text);
    stable::<Nonce>(text);
    stable::<json::Number>(text);
    stable::<Party>(text);
    stable::<PathId>(text);
    stable::<PublicKey>(text);
    stable::<Secret>(text);
    stable::<Sha256Digest>(text);
    stable::<Signature>(text);
    stable::<Symbol>(text);
    stable::<Timestamp>(text);
    stable::<Uuid>(text);
    stable::<Word>(text);
    if let Some(code) = Code::from_spelling(text) {
        assert_eq!(Code::from_spelling(code.as_str()), Some(code));
    }
}

/// A type has one text: what is written of what was read is read as the same, and written so again.
fn stable<T: FromStr<Err: Display> + Display + PartialEq>(text: &str) {
    let Ok(value) = text.parse::<T>() else { return };
    let written = value.to_string();
    let again = written.parse::<T>().unwrap_or_else(|reason| panic!("{written} was written: {reason}"));
    assert!(again == value && again.to_string() == written, "{text} is written as {written}");
}
