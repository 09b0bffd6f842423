//! Versions, and what the parts of the protocol are called.

use crate::{fixtures, gateways};
use std::{
    fs,
    path::{Path, PathBuf},
};
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

/// Whoever has the vectors and the pages needs every tag and purpose: none stands in the sources alone.
#[test]
fn every_tag_and_purpose_stands_on_its_page() {
    let page = include_str!("../../../../docs/protocol/hashes-and-signatures.md");
    let mut tags = 0;
    for source in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = fs::read_to_string(&source).unwrap();
        let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for tag in code.split("\"TGP/0.1/").skip(1).filter_map(|rest| rest.split('"').next()) {
            if let Some(purpose) = tag.strip_prefix("sig/").map(|purpose| purpose.trim_end_matches("\\0")) {
                assert!(purpose == "{purpose}" || page.contains(&format!("`{purpose}`")), "{purpose}");
            } else {
                assert!(page.contains(&format!("TGP/0.1/{tag}")), "{tag} of {}", source.display());
            }
            tags += 1;
        }
        let named = code.split("const PURPOSE: &str = \"").skip(1).chain(code.split("_detached(\"").skip(1));
        for purpose in named.filter_map(|rest| rest.split('"').next()) {
            assert!(page.contains(&format!("`{purpose}`")), "{purpose} of {}", source.display());
            tags += 1;
        }
    }
    assert!(tags > 30, "{tags} found");
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}
