//! HTTP headers: names, values, and what is refused in them.

use crate::{
    documents,
    fixtures::{object, offer_object, with},
};
use proptest::prelude::*;
use tgp_protocol::{
    Reason, Result,
    buyer::{Offer, Query, ZkProfile},
    header::{
        EscrowOffer, Fields, PathStatus, TRANSACTION_PATH, TransactionPath, X402Version, decode_message, decode_x402,
        encode_message, encode_x402, payment,
    },
    json::{Object, Value},
    wire::Received,
};

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T>, field: &str, reason: Reason) {
    let error = result.expect_err(field);
    assert_eq!((error.field().to_string().as_str(), error.reason()), (field, reason));
}

const ANSWER: [(&str, &str); 4] = [
    ("X-Escrow-Contract", "0x742d35cc6634c0532925a3b844bc9e7595f0beb0"),
    ("X-Payment-Asset", "USDC"),
    ("X-Payment-Amount", "1000000"),
    ("X-Session-ID", "sess-abc123"),
];

/// Shows R-333, R-335, R-485..R-488.
#[test]
fn a_402_answer_becomes_a_query() {
    let lower = ANSWER.map(|(name, value)| (name.to_lowercase(), format!(" {value}\t")));
    let lower = lower.each_ref().map(|(name, value)| (name.as_str(), value.as_str()));
    let offer = EscrowOffer::read(Fields(&lower)).unwrap();
    assert_eq!(offer.session_id.as_ref().unwrap().as_str(), "sess-abc123");
    let fields = offer.to_fields();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(EscrowOffer::read(Fields(&fields)).unwrap(), offer);

    let example = Received::<Query>::read(documents::QUERY.as_bytes()).unwrap().into_message();
    let parties = (example.from.clone(), example.to.clone());
    let query = offer.into_query(example.id.clone(), parties.0, parties.1, ZkProfile::Required).unwrap();
    assert_eq!(query, example);
}

/// Shows R-375.
#[test]
fn each_wrong_header_is_named() {
    let with = |name: &'static str, value: &'static str| {
        EscrowOffer::read(Fields(&ANSWER.map(|pair| if pair.0 == name { (name, value) } else { pair })))
    };
    // the documents' own example has 39 digits
    let short = "0x742d35Cc6634C0532925a3b844Bc9e7595f0bEb";
    refused(with("X-Escrow-Contract", short), "X-Escrow-Contract", Reason::BadAddress);
    let zero = "0x0000000000000000000000000000000000000000";
    refused(with("X-Escrow-Contract", zero), "X-Escrow-Contract", Reason::ZeroAddress);
    refused(with("X-Payment-Asset", "US DC"), "X-Payment-Asset", Reason::BadSymbol);
    for amount in ["", "1.5", "-1", "1e6", "01", "1,000"] {
        refused(with("X-Payment-Amount", amount), "X-Payment-Amount", Reason::BadAmount);
    }
    refused(with("X-Payment-Amount", "0"), "X-Payment-Amount", Reason::ZeroAmount);
    refused(with("X-Session-ID", "a b"), "X-Session-ID", Reason::BadId);
    let twice = [ANSWER[1], ("x-payment-asset", "USDT")];
    refused(EscrowOffer::read(Fields(&twice)), "X-Payment-Asset", Reason::HeaderTwice);

    let query = |fields: &[(&str, &str)]| {
        let (from, to) = ("buyer://a".parse().unwrap(), "seller://b".parse().unwrap());
        EscrowOffer::read(Fields(fields)).unwrap().into_query("q-1".parse().unwrap(), from, to, ZkProfile::None)
    };
    refused(query(&ANSWER[2..]), "X-Payment-Asset", Reason::Missing);
    refused(query(&ANSWER[..2]), "X-Payment-Amount", Reason::Missing);
    assert!(!query(&ANSWER[1..3]).unwrap().escrow_from_402);
}

/// Shows R-034, R-087, R-111, R-172, R-254.
#[test]
fn the_documents_paths_are_read_under_all_three_names() {
    for (name, value) in [
        ("htlc-path", "request_id=req-123; path_id=path-1; htlc_id=htlc-456; status=LOCKED"),
        ("htlc-path", "request_id=req-abc-123; path_id=path-via-b; htlc_id=htlc-b-67890; status=LOCKED"),
        ("Value-Path", "request_id=req-123;path_id=path-1;settlement_id=settle-456;status=LOCKED"),
        ("transaction-path", "request_id=req-123; path_id=path-1; settlement_id=settle-456; status=LOCKED"),
    ] {
        let path = TransactionPath::read(Fields(&[("accept", "*/*"), (name, value)])).unwrap().unwrap();
        assert_eq!(path.status, PathStatus::Locked);
        let written = path.to_string();
        assert!(!written.contains("htlc_id"));
        assert_eq!(TransactionPath::read(Fields(&[(TRANSACTION_PATH, &written)])).unwrap(), Some(path));
    }
    assert_eq!(TransactionPath::read(Fields(&[])).unwrap(), None);
    let value = "request_id=req-123; path_id=path-1; settlement_id=settle-456; status=LOCKED";
    let both = [("htlc-path", value), ("transaction-path", value)];
    refused(TransactionPath::read(Fields(&both)), "htlc-path", Reason::HeaderTwice);
}

#[test]
fn each_wrong_path_is_refused() {
    let good = "request_id=r-1; path_id=p-1; settlement_id=s-1; status=LOCKED";
    let more = |count: usize| (0..count).map(|key| format!("; k{key}=v")).collect::<String>();
    TransactionPath::parse(&format!("{good}{}", more(4))).unwrap();
    refused(TransactionPath::parse(&format!("{good}{}", more(5))), "", Reason::BadHeader);
    for text in [
        "",
        ";",
        "request_id",
        "Request_Id=r-1; path_id=p-1; settlement_id=s-1; status=LOCKED",
        "request_id=r-1;; path_id=p-1; settlement_id=s-1; status=LOCKED",
        "request_id=r-1; request_id=r-1; path_id=p-1; settlement_id=s-1; status=LOCKED",
        "request_id=r-1; path_id=p-1; settlement_id=s-1; htlc_id=s-1; status=LOCKED",
    ] {
        refused(TransactionPath::parse(text), "", Reason::BadHeader);
    }
    let long = format!("{good}; k={}", "v".repeat(1024));
    refused(TransactionPath::parse(&long), "", Reason::HeaderTooLong);
    let value = |from: &str, to: &str| TransactionPath::parse(&good.replace(from, to));
    refused(value("r-1", ""), "request_id", Reason::BadId);
    refused(value("r-1", "r=1"), "request_id", Reason::BadId);
    refused(value("p-1", "p/1"), "path_id", Reason::BadPathId);
    refused(value("s-1", "\"s-1\""), "settlement_id", Reason::BadId);
    refused(value("LOCKED", "locked"), "status", Reason::UnknownValue);
    for name in ["request_id", "path_id", "settlement_id", "status"] {
        refused(value(name, "other"), name, Reason::Missing);
    }
}

/// Shows R-357, R-429.
#[test]
fn messages_travel_in_headers_up_to_eight_kibibytes() {
    let offer = offer_object();
    let text = encode_message(&offer).unwrap();
    assert_eq!(decode_message::<Offer>(&text).unwrap().object(), &offer);
    refused(decode_message::<Query>(&text), "phase", Reason::UnknownKind);
    let padded = |bytes: usize| with(offer.clone(), "more", Some(Value::String("x".repeat(bytes))));
    let room = 8192 * 3 / 4 - padded(0).canonical().len();
    assert_eq!(encode_message(&padded(room)).unwrap().len(), 8192);
    refused(encode_message(&padded(room + 1)), "", Reason::HeaderTooLong);
    refused(decode_message::<Offer>(&format!("{text}{}", "A".repeat(8192))), "", Reason::HeaderTooLong);
    for text in ["{}", "e30=", "e30\n", "ey+/"] {
        refused(decode_message::<Offer>(text), "", Reason::BadBase64);
    }
    refused(decode_message::<Offer>("e30"), "", Reason::NoKind);
}

/// A payment whose payload is this text.
fn x402(version: u32, payload: &str) -> Object {
    object(&format!(r#"{{"x402Version":{version},"payload":{payload}}}"#))
}

#[test]
fn both_versions_of_x402_headers_are_read_by_one_rule() {
    let (one, two) = (encode_x402(&x402(1, r#"{"a":1}"#)), encode_x402(&x402(2, r#"{"a":1}"#)));
    let other = encode_x402(&x402(1, r#"{"a":2}"#));
    let read = |fields: &[(&str, &str)]| payment(Fields(fields)).map(|found| found.map(|(version, _)| version));
    assert_eq!(read(&[]).unwrap(), None);
    assert_eq!(read(&[("x-payment", &one)]).unwrap(), Some(X402Version::V1));
    assert_eq!(read(&[("payment-signature", &two)]).unwrap(), Some(X402Version::V2));
    assert_eq!(read(&[("X-PAYMENT", &one), ("PAYMENT-SIGNATURE", &two)]).unwrap(), Some(X402Version::V2));
    let both = read(&[("X-PAYMENT", &other), ("PAYMENT-SIGNATURE", &two)]);
    refused(both, "X-PAYMENT", Reason::TwoPayments);
    refused(read(&[("X-PAYMENT", &two)]), "X-PAYMENT", Reason::OtherHeaderVersion);
    refused(read(&[("PAYMENT-SIGNATURE", &one)]), "PAYMENT-SIGNATURE", Reason::OtherHeaderVersion);
    refused(read(&[("X-PAYMENT", &one), ("x-payment", &one)]), "X-PAYMENT", Reason::HeaderTwice);
    // a broken header is not passed over for the other one
    refused(read(&[("X-PAYMENT", "%%"), ("PAYMENT-SIGNATURE", &two)]), "X-PAYMENT", Reason::BadBase64Header);
    for (text, field, reason) in [
        ("{}", "X-PAYMENT.x402Version", Reason::Missing),
        (r#"{"x402Version":"1"}"#, "X-PAYMENT.x402Version", Reason::WrongType),
        (r#"{"x402Version":3}"#, "X-PAYMENT.x402Version", Reason::OtherX402Version),
    ] {
        refused(read(&[("X-PAYMENT", &encode_x402(&object(text)))]), field, reason);
    }
}

#[test]
fn x402_headers_are_read_strictly() {
    let duplicate = "eyJhIjoxLCJhIjoyfQ==";
    refused(decode_x402(duplicate), "", Reason::DuplicateName);
    refused(decode_x402("WzFd"), "", Reason::BadBase64Header);
    refused(decode_x402("e30"), "", Reason::BadBase64Header);
    refused(decode_x402(&"A".repeat(32 * 1024 + 4)), "", Reason::HeaderTooLong);
    let object = decode_x402("e30=").unwrap();
    assert!(object.is_empty());
}

proptest! {
    /// Shows R-172.
    #[test]
    fn a_path_comes_back(
        request in "[A-Za-z0-9._:-]{1,64}", path in "[A-Za-z0-9._:>-]{1,256}", settlement in "[A-Za-z0-9._:-]{1,64}",
        status in prop::sample::select(PathStatus::ALL.to_vec()),
    ) {
        let path = TransactionPath {
            request_id: request.parse().unwrap(),
            path_id: path.parse().unwrap(),
            settlement_id: settlement.parse().unwrap(),
            status,
        };
        prop_assert_eq!(TransactionPath::parse(&path.to_string()).unwrap(), path);
    }

    #[test]
    fn no_value_makes_a_reader_panic(value in any::<String>()) {
        let _ = TransactionPath::parse(&value);
        let _ = decode_message::<Query>(&value);
        let _ = decode_x402(&value);
        for name in ["transaction-path", "X-PAYMENT", "X-Payment-Amount"] {
            let fields = [(name, value.as_str())];
            let _ = (TransactionPath::read(Fields(&fields)), payment(Fields(&fields)), EscrowOffer::read(Fields(&fields)));
        }
    }
}
