use crate::{
    Outcome,
    edit::in_capitals,
    object::{fields, object, put, written},
    samples::{PATH, PAYEE, QUERY, invoice, key},
    topic::{Case, Topic},
};
use serde_json::{Value as Json, json};
use tgp_protocol::{
    gateway::{Candidate, Cost, Extension, HopId, HopQuote, Invoice, Path, Query, best_path},
    json::{self, Kept},
    sign::{self, PublicKey},
    value::{Clock, Decimal, DomainName, Fraction, PathId},
};

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "Paths: totals of prices, what is locked for a query, a path with one more hop (signed with a seed in hex), the hashes of its invoice and hop quotes or the hop that fails, loops and lengths, tags of hidden hops, and the place of the best of several candidates.",
    );
    totals(&mut topic)?;
    amounts(&mut topic)?;
    extensions(&mut topic)?;
    chains(&mut topic)?;
    invoices(&mut topic)?;
    loops(&mut topic)?;
    best(&mut topic)?;
    for (secret, request) in [([7; 32], "req-1"), ([7; 32], "req-2"), ([8; 32], "req-1")] {
        let tag = HopId::blinded(&secret, &request.parse()?).to_string();
        let case = Case::new(format!("tag of {} for {request}", secret[0])).with_bytes("secret", secret);
        topic.push(case.with("request_id", request).with("tag", tag));
    }
    Ok(topic)
}

fn text_of(value: &impl serde::Serialize) -> Outcome<String> {
    Ok(String::from_utf8(json::to_value(value)?.canonical())?)
}

fn totals(topic: &mut Topic) -> Outcome<()> {
    let most = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
    for (base, variable, units, model, amount) in [
        ("8.50", "0.01", Some("100"), "per_request", "10.00"),
        ("9.00", "0.01", Some("100"), "per_request", "10.00"),
        ("9", "0.01", Some("0"), "per_byte", "10"),
        ("0.1", "0.000000000000000001", Some("9007199254740991"), "per_second", "1"),
        ("1", "0", None, "per_request", "1"),
        ("1", "0.01", None, "per_request", "1"),
        ("1", "25", None, "bps", "100"),
        ("1", "25", Some("7"), "bps", "0.01"),
        ("0", "10000", None, "bps", "123.456"),
        ("0", "0", None, "bps", "1"),
        ("0", "10001", None, "bps", "1"),
        ("0", "0.5", None, "bps", "1"),
        (most, "1", Some("1"), "per_request", "1"),
        (most, "0", Some("1"), "per_request", "1"),
        ("0", most, Some("2"), "per_request", "1"),
        ("9.50", "-1", Some("1"), "per_request", "1"),
        ("9.50", "1", Some("1"), "per_mile", "1"),
    ] {
        let units_text = units.map_or(String::new(), |units| format!(r#","units":{units}"#));
        let cost =
            format!(r#"{{"base":"{base}","variable":"{variable}","currency":"USDC","model":"{model}"{units_text}}}"#);
        let name = format!("{base} + {variable} x {} {model} of {amount}", units.unwrap_or("unknown"));
        let total = fields::<Cost>(&cost).and_then(|cost| cost.total(amount.parse::<Decimal>()?));
        let case = Case::new(name).with("cost", cost).with("amount", amount);
        topic.push(case.with_result(total, |case, total| {
            case.with("total", total.map_or(Json::Null, |total| Json::String(total.to_string())))
        }));
    }
    Ok(())
}

fn amounts(topic: &mut Topic) -> Outcome<()> {
    let query = format!(
        r#"{{"request_id":"req-abc-123","timestamp":"2025-12-01T10:00:00Z","sender":"client-a.example.com",{QUERY}}}"#
    );
    type Changes = &'static [(&'static str, Option<&'static str>)];
    let rows: [(&str, Changes, Changes); 11] = [
        ("worked example", &[], &[]),
        ("lock_amount left out", &[("lock_amount", None)], &[]),
        ("units left out", &[("cost.units", None)], &[]),
        ("units and lock_amount left out", &[("cost.units", None), ("lock_amount", None)], &[]),
        ("another lock_amount", &[("lock_amount", Some(r#""9.51""#))], &[]),
        ("another currency", &[("cost.currency", Some(r#""DAI""#))], &[]),
        ("another mode", &[("amount_mode", Some(r#""deliver""#))], &[]),
        ("above the budget", &[], &[("attributes.amount.value", Some(r#""9.49""#))]),
        (
            "fee on top of what is delivered",
            &[("amount_mode", Some(r#""deliver""#)), ("lock_amount", Some(r#""19.50""#))],
            &[("attributes.amount_mode", Some(r#""deliver""#))],
        ),
        (
            "share of what is delivered",
            &[
                ("amount_mode", None),
                ("cost.model", Some(r#""bps""#)),
                ("cost.variable", Some(r#""150""#)),
                ("cost.base", Some(r#""0""#)),
                ("lock_amount", Some(r#""101.5""#)),
            ],
            &[("attributes.amount_mode", None), ("attributes.amount.value", Some(r#""100""#))],
        ),
        ("precheck", &[], &[("attributes.amount", None), ("precheck", Some("true"))]),
    ];
    for (name, path_changes, query_changes) in rows {
        let path = with(PATH, path_changes)?;
        let query = with(&query, query_changes)?;
        let amount = fields::<Path>(&path)?.amount_for(&fields::<Query>(&query)?);
        let case = Case::new(format!("amount: {name}")).with("path", path).with("query", query);
        topic.push(case.with_result(amount, |case, amount| case.with("lock_amount", amount.to_string())));
    }
    Ok(())
}

fn with(text: &str, changes: &[(&str, Option<&str>)]) -> Outcome<String> {
    let mut object = object(text)?;
    for (place, text) in changes {
        put(&mut object, place, *text)?;
    }
    written(&object)
}

/// What a hop adds; a number is its name.
fn extension(number: u8, fee: &str, risk: &str) -> Outcome<Extension> {
    Ok(Extension {
        path_id: format!("path-{number}").parse()?,
        hop: name(number)?,
        next: name(number + 1)?,
        fee: fee.parse()?,
        timelock_delta: 30,
        risk: risk.parse()?,
        settlement_time: 60,
    })
}

fn name(number: u8) -> Outcome<HopId> {
    Ok(format!("hop-{number}.example").parse()?)
}

fn seed(number: u8) -> u8 {
    100 + number
}

fn extended(topic: &mut Topic, name: &str, path: &Path, by: Extension, number: u8) -> Outcome<Option<Path>> {
    let invoice = invoice()?;
    let extension = json!({
        "path_id": by.path_id.to_string(), "hop": by.hop.to_string(), "next": by.next.to_string(),
        "fee": by.fee.to_string(), "timelock_delta": by.timelock_delta, "risk": by.risk.to_string(),
        "settlement_time": by.settlement_time,
    });
    let case = Case::new(name).with("path", text_of(path)?).with("extension", extension);
    let case = case.with("invoice", written(invoice.object())?).with_bytes("seed", [seed(number); 32]);
    let longer = path.extended(by, &invoice, &key(seed(number)));
    let text = longer.as_ref().ok().map(text_of).transpose()?.unwrap_or_default();
    topic.push(case.with_result(longer.clone(), |case, _| case.with("extended", text)));
    Ok(longer.ok())
}

fn extensions(topic: &mut Topic) -> Outcome<()> {
    let first: Path = fields(PATH)?;
    let gateway = Extension {
        path_id: "path-via-b".parse()?,
        hop: "gateway-b.example.com".parse()?,
        next: "client-a.example.com".parse()?,
        ..extension(1, "0.50", "0.01")?
    };
    let two = extended(topic, "worked example: 9.50 becomes 10.00", &first, gateway, 1)?;
    let two = two.ok_or("the worked example extends")?;
    extended(topic, "third hop", &two, extension(2, "0.000001", "0.5")?, 2)?;
    extended(topic, "risk never above 1", &two, extension(2, "1", "1")?, 2)?;
    let again = Extension { hop: "gateway-b.example.com".parse()?, ..extension(2, "1", "0")? };
    extended(topic, "own name on the path", &two, again, 2)?;
    let older: Path = fields(&with(PATH, &[("lock_amount", None)])?)?;
    extended(topic, "path of an older peer without lock_amount", &older, extension(1, "0.50", "0")?, 1)?;
    let most = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
    let changes = [
        ("cost.base", Some(format!("\"{most}\""))),
        ("cost.variable", Some(r#""0""#.to_owned())),
        ("lock_amount", Some(format!("\"{most}\""))),
    ];
    let changes: Vec<_> = changes.iter().map(|(place, text)| (*place, text.as_deref())).collect();
    extended(topic, "more than money can be", &fields(&with(PATH, &changes)?)?, extension(1, "1", "0")?, 1)?;
    let mut long = first;
    for number in 1..16 {
        long = long.extended(extension(number, "0.01", "0")?, &invoice()?, &key(seed(number)))?;
    }
    extended(topic, "a seventeenth hop", &long, extension(16, "0.01", "0")?, 16)?;
    Ok(())
}

fn chain_of(hops: u8) -> Outcome<Path> {
    let first: Path = fields(PATH)?;
    (1..hops).try_fold(first, |path, number| {
        Ok(path.extended(extension(number, "0.25", "0")?, &invoice()?, &key(seed(number)))?)
    })
}

fn chains(topic: &mut Topic) -> Outcome<()> {
    let four = text_of(&chain_of(4)?)?;
    let reader = "hop-4.example";
    let mut cases = vec![
        ("payee alone".to_owned(), text_of(&chain_of(1)?)?, "hop-1.example"),
        ("two hops".to_owned(), text_of(&chain_of(2)?)?, "hop-2.example"),
        ("four hops".to_owned(), four.clone(), reader),
        ("for another reader".to_owned(), four.clone(), "hop-5.example"),
    ];
    for place in 0..3 {
        for (field, text) in [
            ("hop", r#""hop-9.example""#),
            ("next", r#""hop-9.example""#),
            ("previous", r#""sha256:0000000000000000000000000000000000000000000000000000000000000001""#),
            ("fee", r#""0.24""#),
            ("timelock_delta", "31"),
            ("kid", r#""AAAAAAAAAAAAAAAAAAAAAA""#),
        ] {
            let changed = with(&four, &[(&format!("hop_quotes.{place}.{field}"), Some(text))])?;
            cases.push((format!("quote {place} with another {field}"), changed, reader));
        }
        let changed = with(&four, &[(&format!("hop_quotes.{place}"), None)])?;
        cases.push((format!("quote {place} missing"), changed, reader));
    }
    // the same word, signed as it is written
    let mut capitals = in_capitals(&object(&text_of(&chain_of(2)?)?)?, "hop_quotes.0.previous")?;
    let mut quote = object(&text_of(&Kept::<Path>::from_object(capitals.clone())?.fields().hop_quotes[0])?)?;
    sign::sign_member("hop-quote", &mut quote, "sig", &key(seed(1)));
    put(&mut capitals, "hop_quotes.0", Some(&written(&quote)?))?;
    cases.push(("the hash before in capitals".to_owned(), written(&capitals)?, "hop-2.example"));
    put(&mut quote, "previous", Some(r#""sha256:00000000000000000000000000000000000000000000000000000000000000AB""#))?;
    sign::sign_member("hop-quote", &mut quote, "sig", &key(seed(1)));
    put(&mut capitals, "hop_quotes.0", Some(&written(&quote)?))?;
    cases.push(("another hash before, in capitals".to_owned(), written(&capitals)?, "hop-2.example"));
    for (name, changes) in [
        (
            "other order of hops",
            &[("hops", Some(r#"["hop-2.example","hop-3.example","hop-1.example","provider-c.example.com"]"#))],
        ),
        (
            "a hop more",
            &[(
                "hops",
                Some(r#"["hop-3.example","hop-2.example","hop-1.example","x.example","provider-c.example.com"]"#),
            )],
        ),
        ("fees that are not in lock_amount", &[("lock_amount", Some(r#""10.24""#))]),
        ("lock_amount left out", &[("lock_amount", None)]),
    ] {
        cases.push((name.to_owned(), with(&four, changes)?, reader));
    }
    for (name, text, reader) in cases {
        let invoice = invoice()?;
        let mut keys = serde_json::Map::new();
        for number in 1..4 {
            keys.insert(self::name(number)?.to_string(), key(seed(number)).public_key().to_string().into());
        }
        let key_of = |hop: &HopId| -> Option<PublicKey> { keys.get(&hop.to_string())?.as_str()?.parse().ok() };
        let path: Path = fields(&text)?;
        let verified = path.verify_quotes(&invoice, &reader.parse()?, |hop, _| key_of(hop));
        let hashes: Vec<_> = std::iter::once(invoice.digest())
            .chain(path.hop_quotes.iter().map(Kept::<HopQuote>::digest))
            .map(|hash| hash.to_string())
            .collect();
        let case = Case::new(format!("chain: {name}")).with("path", text).with("invoice", written(invoice.object())?);
        let case = case.with("reader", reader).with("keys", Json::Object(keys.clone()));
        topic.push(case.with_result(verified, |case, ()| case.with("hashes", hashes)));
    }
    Ok(())
}

fn invoices(topic: &mut Topic) -> Outcome<()> {
    let good = invoice()?.object().clone();
    let payee = key(PAYEE).public_key();
    for (name, place, text, request, now, key) in [
        ("good", "", None, "req-abc-123", "2025-12-01T10:00:00Z", payee),
        ("in its last millisecond", "", None, "req-abc-123", "2025-12-01T10:00:59.999Z", payee),
        ("at its end", "", None, "req-abc-123", "2025-12-01T10:01:00Z", payee),
        ("for another request", "", None, "req-abc-124", "2025-12-01T10:00:00Z", payee),
        ("of another payee", "", None, "req-abc-123", "2025-12-01T10:00:00Z", key(2).public_key()),
        ("with another amount", "amount", Some(r#""9.51""#), "req-abc-123", "2025-12-01T10:00:00Z", payee),
        ("with the amount in another form", "amount", Some(r#""9.5""#), "req-abc-123", "2025-12-01T10:00:00Z", payee),
        ("with a member more", "later", Some("null"), "req-abc-123", "2025-12-01T10:00:00Z", payee),
        ("without kid", "kid", None, "req-abc-123", "2025-12-01T10:00:00Z", payee),
        ("without signature", "sig", None, "req-abc-123", "2025-12-01T10:00:00Z", payee),
    ] {
        let mut object = good.clone();
        if !place.is_empty() {
            put(&mut object, place, text)?;
        }
        let case = Case::new(format!("invoice {name}")).with("invoice", written(&object)?).with("request_id", request);
        let case = case.with("now", now).with("public_key", key.to_string());
        let kept = Kept::<Invoice>::from_object(object)?;
        let verified = kept.verify(&key, &request.parse()?, &Clock::at(now.parse()?));
        topic.push(case.with_result(verified, |case, ()| case.with("hash", kept.digest().to_string())));
    }
    Ok(())
}

fn loops(topic: &mut Topic) -> Outcome<()> {
    let four = chain_of(4)?;
    let text = text_of(&four)?;
    for own in [vec!["hop-9.example"], vec!["hop-3.example"], vec!["x.example", "provider-c.example.com"], vec![]] {
        let names = own.iter().map(|name| name.parse()).collect::<Result<Vec<HopId>, _>>()?;
        let case = Case::new(format!("loop at {own:?}")).with("path", text.as_str()).with("own", own);
        topic.push(case.with_result(four.check_loop(&names), |case, ()| case.with("loops", false)));
    }
    for (hops, most) in [(4, 8), (4, 4), (4, 3), (8, 8), (9, 8), (16, 16), (16, 99)] {
        let path = chain_of(hops)?;
        let case = Case::new(format!("{hops} hops where {most} are permitted")).with("path", text_of(&path)?);
        let fits = path.check_length(most);
        topic.push(case.with("most", most).with_result(fits, |case, ()| case.with("fits", true)));
    }
    Ok(())
}

/// A path in a list: who advertises it, what it takes, its risk in millionths, its time, its length.
type Row = (&'static str, &'static str, &'static str, u32, u32, u8, bool);

fn best(topic: &mut Topic) -> Outcome<()> {
    let usual: Row = ("b.example", "path-1", "10", 10_000, 120, 2, true);
    let rows: [(&str, Vec<Row>); 10] = [
        ("none", vec![]),
        ("none that the policy allows", vec![(usual.0, usual.1, "1", 0, 1, 1, false)]),
        ("the policy first", vec![(usual.0, usual.1, "1", 0, 1, 1, false), usual]),
        ("then the amount", vec![usual, ("z.example", "path-9", "9.99", 900_000, 999, 5, true)]),
        (
            "amounts are numbers",
            vec![("a.example", "path-1", "10", 0, 1, 1, true), ("z.example", "path-9", "9", 1, 2, 2, true)],
        ),
        ("then the risk", vec![usual, ("z.example", "path-9", "10.00", 9_999, 999, 5, true)]),
        ("then the time", vec![usual, ("z.example", "path-9", "10", 10_000, 119, 5, true)]),
        ("then the number of hops", vec![usual, ("z.example", "path-9", "10", 10_000, 120, 1, true)]),
        ("then the advertiser", vec![usual, ("a.example", "path-9", "10", 10_000, 120, 2, true)]),
        ("then the name of the path", vec![usual, ("b.example", "path-0", "10", 10_000, 120, 2, true)]),
    ];
    for (name, rows) in rows {
        let mut candidates = Vec::new();
        for (advertiser, path_id, amount, risk, time, hops, allowed) in rows {
            let mut path = chain_of(hops)?;
            path.path_id = path_id.parse::<PathId>()?;
            path.risk_score = Fraction::from_millionths(risk).ok_or("a share")?;
            path.attributes.settlement_time_max = time;
            candidates.push((path, advertiser.parse::<DomainName>()?, amount, allowed));
        }
        let written: Vec<Json> = candidates
            .iter()
            .map(|(path, advertiser, amount, allowed)| {
                let path = text_of(path)?;
                Ok(json!({"path": path, "advertiser": advertiser.to_string(), "lock_amount": amount, "allowed": allowed}))
            })
            .collect::<Outcome<_>>()?;
        let given = candidates
            .iter()
            .map(|(path, advertiser, amount, allowed)| {
                Ok(Candidate { path, advertiser, lock_amount: amount.parse()?, allowed: *allowed })
            })
            .collect::<Outcome<Vec<_>>>()?;
        let found = best_path(given);
        let place = found.and_then(|best| candidates.iter().position(|(path, ..)| std::ptr::eq(path, best.path)));
        let case = Case::new(format!("best: {name}")).with("candidates", written);
        topic.push(case.with("best", place.map_or(Json::Null, |place| json!(place))));
    }
    Ok(())
}
