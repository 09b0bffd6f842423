use crate::{
    Outcome,
    topic::{Case, Topic},
};
use serde_json::{Value as Json, json};
use std::time::Duration;
use tgp_protocol::{
    chain_profile::{ChainProfile, Delays},
    gateway::{HopTimes, Plan, distance, last_reveal, payee_budget},
    value::Timestamp,
};

const CHAINS: [(&str, &str); 6] = [
    ("1", include_str!("../../../../chains/1.toml")),
    ("369", include_str!("../../../../chains/369.toml")),
    ("943", include_str!("../../../../chains/943.toml")),
    ("8453", include_str!("../../../../chains/8453.toml")),
    ("84532", include_str!("../../../../chains/84532.toml")),
    ("31337", include_str!("../../../../chains/31337.toml")),
];

fn written(delays: &Delays) -> Json {
    json!({
        "observation": delays.observation, "clock": delays.clock, "outage": delays.outage, "slack": delays.slack,
        "inclusion": delays.inclusion, "reorg": delays.reorg, "censorship": delays.censorship,
    })
}

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "Timelocks, in seconds, by the delays of chain profiles: the distance between two locks, whether a gateway may lock and until when the lock may enter its chain, what a payee needs and when it may show its secret at the latest, and the ends of all locks of a path.",
    );
    let chains: Vec<(&str, ChainProfile)> =
        CHAINS.iter().map(|(id, text)| Ok((*id, ChainProfile::read(text)?))).collect::<Outcome<_>>()?;
    let now: Timestamp = "2025-12-01T10:00:00Z".parse()?;
    for (id, incoming) in &chains {
        for (other, outgoing) in &chains {
            let far = distance(&incoming.delays, &outgoing.delays);
            let case = Case::new(format!("distance from {id} to {other}"));
            let case = case.with("incoming", written(&incoming.delays)).with("outgoing", written(&outgoing.delays));
            topic.push(case.with("distance", far.as_secs()));
            accepted(&mut topic, (id, incoming), (other, outgoing), now)?;
        }
        for service in [0, 600] {
            let budget = payee_budget(Duration::from_secs(service), &incoming.delays);
            let case = Case::new(format!("payee on {id} with a service of {service}")).with("service", service);
            topic.push(case.with("chain", written(&incoming.delays)).with("budget", budget.as_secs()));
        }
        let last = last_reveal(now, &incoming.delays).to_string();
        let case = Case::new(format!("last reveal on {id}")).with("chain", written(&incoming.delays));
        topic.push(case.with("timeout", now.to_string()).with("last_reveal", last));
    }
    plans(&mut topic, &chains, now);
    Ok(topic)
}

/// Around the two bounds: between the locks, and below.
fn accepted(
    topic: &mut Topic,
    (id, incoming): (&str, &ChainProfile),
    (other, outgoing): (&str, &ChainProfile),
    now: Timestamp,
) -> Outcome<()> {
    let second = Duration::from_secs(1);
    let finality = Duration::from_secs(outgoing.finality.small.seconds);
    let below = payee_budget(Duration::from_secs(60), &outgoing.delays);
    let least = now.after(Duration::from_secs(outgoing.delays.inclusion.into()) + finality + below);
    let far = distance(&incoming.delays, &outgoing.delays);
    let early: Timestamp = Timestamp::from_millis(least.millis() - 1000);
    for (name, timeout_out, timeout_in, incoming_final) in [
        ("exactly enough", least, least.after(far), true),
        ("more than enough", least.after(second), least.after(far + second * 2), true),
        ("a second too close", least.after(second), least.after(far), true),
        ("a second too soon", early, least.after(far), true),
        ("incoming lock not final", least, least.after(far), false),
    ] {
        let times = HopTimes {
            now,
            timeout_in,
            timeout_out,
            incoming_final,
            incoming: incoming.delays,
            outgoing: outgoing.delays,
            outgoing_finality: finality,
            below,
        };
        let case = Case::new(format!("lock from {id} to {other}: {name}"));
        let case = case.with("incoming", written(&incoming.delays)).with("outgoing", written(&outgoing.delays));
        let case = case.with("now", now.to_string()).with("timeout_in", timeout_in.to_string());
        let case = case.with("timeout_out", timeout_out.to_string()).with("incoming_final", incoming_final);
        let case = case.with("outgoing_finality", finality.as_secs()).with("below", below.as_secs());
        topic.push(case.with_result(times.check(), |case, until| case.with("enter_by", until.to_string())));
    }
    Ok(())
}

fn plans(topic: &mut Topic, chains: &[(&str, ChainProfile)], now: Timestamp) {
    for (name, ids, service, most) in [
        ("no lock", &[][..], 60, 86_400),
        ("one lock", &["31337"][..], 60, 86_400),
        ("the worked example, finality at once", &["31337", "31337"][..], 60, 300),
        ("the worked example, too long", &["31337", "31337"][..], 60, 30),
        ("three chains", &["1", "369", "943"][..], 600, 86_400),
        ("rollups", &["8453", "1"][..], 600, 86_400),
        (
            "too many hops for a day",
            &["8453", "8453", "8453", "8453", "8453", "8453", "8453", "8453", "8453", "8453", "8453", "8453"][..],
            600,
            86_400,
        ),
    ] {
        let locks: Vec<_> = ids
            .iter()
            .filter_map(|id| chains.iter().find(|(other, _)| other == id))
            .map(|(_, profile)| Plan {
                chain: profile.delays,
                finality: Duration::from_secs(profile.finality.small.seconds),
            })
            .collect();
        let texts: Vec<_> = locks
            .iter()
            .map(|lock| json!({"chain": written(&lock.chain), "finality": lock.finality.as_secs()}))
            .collect();
        let case = Case::new(format!("plan: {name}")).with("now", now.to_string()).with("locks", texts);
        let case = case.with("service", service).with("most", most);
        let times = Plan::timeouts(now, &locks, Duration::from_secs(service), Duration::from_secs(most));
        topic.push(case.with_result(times, |case, times| {
            case.with("timeouts", times.iter().map(ToString::to_string).collect::<Vec<_>>())
        }));
    }
}
