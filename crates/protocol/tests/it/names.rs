//! Versions, and what the parts of the protocol are called.

use crate::{fixtures, gateways};
use tgp_protocol::{
    Code, Reason, Result,
    buyer::Query,
    json::{Object, Value},
    value::Party,
    wire::{self, Message, Received, VERSION},
};

fn buyers(members: &[(&str, Option<&str>)]) -> Result<()> {
    of(fixtures::query().to_object().unwrap(), members)
}

fn gateways(members: &[(&str, Option<&str>)]) -> Result<()> {
    of(gateways::sample(wire::Kind::Query), members)
}

fn of(mut object: Object, members: &[(&str, Option<&str>)]) -> Result<()> {
    for (name, value) in members {
        match value {
            Some(text) => object.insert(name, Value::String((*text).to_owned())),
            None => object.remove(name),
        };
    }
    wire::read(&object.canonical()).map(|_| ())
}

/// Shows.
#[test]
fn one_version_is_sent_and_its_older_names_are_read() {
    assert_eq!(fixtures::query().to_object().unwrap().get("tgp_version"), Some(&Value::String(VERSION.to_owned())));
    for plane in [buyers, gateways] {
        assert_eq!(plane(&[]), Ok(()));
        assert_eq!(plane(&[("tgp_version", None), ("vgp_version", Some("0.1"))]), Ok(()));
        assert_eq!(plane(&[("vgp_version", Some("0.1"))]), Ok(()), "both, and the same");
        assert_eq!(plane(&[("tgp_version", Some("0.27"))]), Ok(()), "a later minor version");
        let refused = |members: &[(&str, Option<&str>)]| {
            let error = plane(members).unwrap_err();
            assert_eq!(error.code(), Code::UnsupportedVersion);
            (error.reason(), error.field().to_string())
        };
        assert_eq!(refused(&[("vgp_version", Some("0.2"))]), (Reason::TwoVersions, "vgp_version".into()));
        for version in ["1.0", "0", "0.", "0.x", "", " 0.1", "00.1", "0.1234567890"] {
            let expected = |name: &str| (Reason::OtherVersion, name.to_owned());
            assert_eq!(refused(&[("tgp_version", Some(version))]), expected("tgp_version"), "{version}");
            let older = [("tgp_version", None), ("vgp_version", Some(version))];
            assert_eq!(refused(&older), expected("vgp_version"), "{version}");
        }
    }
    // the documents' messages of plane B have none
    assert_eq!(buyers(&[("tgp_version", None)]), Ok(()));
    let error = gateways(&[("tgp_version", None)]).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::Missing, "tgp_version"));
    // what was called VIB is not read: the block's name is tib
    let mut object = fixtures::query().to_object().unwrap();
    object.insert("vib", Value::Null);
    assert!(Received::<Query>::from_object(object).unwrap().message().tib.is_none());
}

/// Shows.
#[test]
fn agents_stand_for_their_parties() {
    for text in ["agent://alice-ai", "did:loe:dbigge", "buyer://alice.wallet", "seller://store.example"] {
        let party: Party = text.parse().unwrap();
        let mut query = fixtures::query();
        (query.from, query.to) = (party.clone(), party);
        let received = Received::<Query>::read(&query.to_object().unwrap().canonical()).unwrap();
        assert_eq!(received.message(), &query);
    }
    for text in ["alice", "agent://", "agent:alice", "agent://a b", "agent://user@host", "mailto:a@b.example", ""] {
        assert_eq!(text.parse::<Party>(), Err(Reason::BadParty), "{text}");
    }
}
