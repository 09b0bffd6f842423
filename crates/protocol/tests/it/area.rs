//! Transaction areas.
#![allow(clippy::unwrap_used, reason = "a test may end in a panic: that is how it fails")]

use proptest::prelude::*;
use tgp_protocol::{
    Code, Reason,
    area::{Area, check_path},
    json::{self, from_value, to_value},
};

fn area(text: &str) -> Area {
    text.parse().unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Both forms are read by the crate's own reader; serde's others take the object alone.
#[test]
fn a_text_is_read_by_the_crates_own_reader() {
    for text in [r#""tai:us/ca/retail""#, r#"{"jurisdiction":"US-CA","zone":"retail"}"#] {
        let own = from_value::<Area>(&json::parse(text.as_bytes()).unwrap());
        assert_eq!(own, Ok(area("tai:us/ca/retail")), "{text}");
        assert_eq!(serde_json::from_str::<Area>(text).ok(), own.ok().filter(|_| text.starts_with('{')), "{text}");
    }
    assert_eq!(serde_json::to_string(&area("tai:us/ca/retail")).unwrap(), r#""tai:us/ca/retail""#);
}

#[test]
fn one_text_for_each_area() {
    for text in [
        "tai:us",
        "tai:us/ca",
        "tai:gb/eng/retail",
        "tai:us/ca/retail/eip155:8453",
        "tai:us/ca/retail/eip155:8453/shop.example",
        "tai:de/-/retail",
        "tai:de/-/-/eip155:1",
        "tai:de/-/-/-/shop.example",
        "tai:us/ca/-/eip155:1",
    ] {
        assert_eq!(area(text).to_string(), text);
    }
    for text in [
        "",
        "us",
        "tai:",
        "tai:-",
        "tai:US",
        "tai:usa",
        "tai:us/",
        "tai:us/-",
        "tai:us/ca/-/-",
        "tai:us/cali",
        "tai:us/CA",
        "tai:us//retail",
        "tai:us/ca/Retail",
        "tai:us/ca/-retail",
        "tai:us/ca/retail/base",
        "tai:us/ca/retail/eip155:08453",
        "tai:us/ca/retail/eip155:8453/Shop.example",
        "tai:us/ca/retail/eip155:8453/shop.example/more",
        "tai:us/ca/retail/eip155:8453/shop.example/-",
    ] {
        assert!(text.parse::<Area>().is_err(), "{text}");
    }
}

#[test]
fn the_object_form_is_read_and_the_text_is_written() {
    let read = |text: &str| json::parse(text.as_bytes()).and_then(|value| from_value::<Area>(&value));
    let full = r#"{"jurisdiction":"US-CA","zone":"retail","network":"base","domain":"shop.example"}"#;
    let text = "tai:us/ca/retail/eip155:8453/shop.example";
    assert_eq!(read(full).unwrap(), area(text));
    assert_eq!(read(&format!("{text:?}")).unwrap(), area(text));
    assert_eq!(to_value(&area(text)).unwrap().as_str(), Some(text));
    assert_eq!(read(r#"{"jurisdiction":"DE","domain":"shop.example"}"#).unwrap(), area("tai:de/-/-/-/shop.example"));
    for (text, field, reason) in [
        (r#"{"zone":"retail"}"#, "jurisdiction", Reason::Missing),
        (r#"{"jurisdiction":"us"}"#, "jurisdiction", Reason::BadJurisdiction),
        (r#"{"jurisdiction":"US","zone":""}"#, "zone", Reason::BadArea),
        (r#"{"jurisdiction":"US","region":"west"}"#, "[1]", Reason::UnknownField),
        (r#""tai:US""#, "", Reason::BadArea),
        ("1", "", Reason::WrongType),
    ] {
        let error = read(text).expect_err(text);
        assert_eq!((error.field().to_string().as_str(), error.reason()), (field, reason), "{text}");
    }
}

#[test]
fn an_area_covers_what_begins_with_it() {
    let all = ["tai:us", "tai:us/ca", "tai:us/ca/retail", "tai:us/ca/retail/eip155:1", "tai:us/ca/retail/eip155:1/a.b"];
    for (wide, one) in all.iter().enumerate() {
        for (narrow, other) in all.iter().enumerate() {
            assert_eq!(area(one).covers(&area(other)), wide <= narrow, "{one} {other}");
        }
        assert_eq!(area(one).depth(), wide + 1);
    }
    // not by letters, and not by fields that are left out
    for (one, other) in [
        ("tai:us/c", "tai:us/ca"),
        ("tai:us/ca/ret", "tai:us/ca/retail"),
        ("tai:us/-/retail", "tai:us/ca/retail"),
        ("tai:de", "tai:us"),
    ] {
        assert!(!area(one).covers(&area(other)), "{one} {other}");
    }
}

#[test]
fn a_path_does_not_come_back() {
    let check = |areas: &[&str]| {
        let areas: Vec<_> = areas.iter().map(|it| area(&format!("tai:{it}"))).collect();
        check_path(&areas).map_err(|error| (error.code(), error.field().to_string()))
    };
    for good in [
        &[][..],
        &["us"],
        &["us", "us", "us"],
        &["us", "us/ca", "us/ny", "us"],
        &["us/ca", "us/ny"],
        &["us/ca", "de", "us/ny"],
        &["us/ca", "de", "us"],
        &["us", "de", "fr", "jp"],
    ] {
        assert_eq!(check(good), Ok(()), "{good:?}");
    }
    for (bad, place) in [
        (&["us", "de", "us"][..], 2),
        (&["us", "de", "us/ca"], 2),
        (&["us/ca", "us/ny", "us/ca"], 2),
        (&["us/ca", "us", "us/ca"], 2),
        (&["us", "us/ca", "de", "fr", "us/ny"], 4),
        (&["us/ca", "de", "fr", "us/ca/retail"], 3),
    ] {
        assert_eq!(check(bad), Err((Code::LoopDetected, format!("[{place}]"))), "{bad:?}");
    }
}

proptest! {
    #[test]
    fn text_and_object_are_one(
        part in prop::option::of("[A-Z0-9]{1,3}"),
        zone in prop::option::of("[a-z0-9][a-z0-9-]{0,8}"),
        network in prop::option::of(1_u64..100_000),
        domain in prop::option::of("[a-z]{1,5}\\.example"),
    ) {
        let mut built = Area::of(part.map_or("DE".to_owned(), |part| format!("DE-{part}")).parse().unwrap());
        if let Some(zone) = &zone {
            built = built.with_zone(zone.parse().unwrap());
        }
        if let Some(network) = network {
            built = built.with_network(tgp_protocol::value::ChainId::eip155(network));
        }
        if let Some(domain) = &domain {
            built = built.with_domain(domain.parse().unwrap());
        }
        prop_assert_eq!(&built.to_string().parse::<Area>().unwrap(), &built);
        prop_assert_eq!(built.zone().map(|it| it.as_str()), zone.as_deref());
        prop_assert_eq!(built.network().map(|it| it.number()), network);
        prop_assert_eq!(built.domain().map(|it| it.as_str()), domain.as_deref());
        prop_assert!(Area::of(built.jurisdiction()).covers(&built));
    }

    #[test]
    fn no_text_makes_it_panic(text in "tai:[a-z0-9:./-]{0,40}", other in any::<String>()) {
        if let Ok(area) = text.parse::<Area>() {
            prop_assert_eq!(area.to_string(), text);
        }
        let _ = other.parse::<Area>();
        let _ = other.parse::<tgp_protocol::area::Jurisdiction>();
    }
}
