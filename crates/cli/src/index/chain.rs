//! A chain as the settings describe it, with its deployment and profile read.

use crate::{
    failure::{Failure, Result},
    settings::Settings,
};
use coreprover_bindings::Deployment;
use coreprover_indexer::{
    Chain,
    config::{ChainConfig, Hidden},
    node::Http,
};
use std::path::{Path, PathBuf};
use tgp_protocol::chain_profile::ChainProfile;

/// The profiles of `chains/`, for whoever has the program alone.
const PROFILES: [(u64, &str); 6] = [
    (1, include_str!("../../../../chains/1.toml")),
    (369, include_str!("../../../../chains/369.toml")),
    (943, include_str!("../../../../chains/943.toml")),
    (8453, include_str!("../../../../chains/8453.toml")),
    (31337, include_str!("../../../../chains/31337.toml")),
    (84532, include_str!("../../../../chains/84532.toml")),
];

/// A chain, and how it is asked about.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) chain: Chain,
    pub(super) deployment: Deployment,
    pub(super) config: ChainConfig,
    pub(super) nodes: Vec<(Http, Hidden)>,
}

/// Every chain of the settings, or the one that is asked for.
pub(super) fn chains(settings: &Settings, only: Option<u64>) -> Result<Vec<Known>> {
    let all = &settings.index.chains;
    if let Some(number) = only.filter(|number| !all.contains_key(number)) {
        return Err(Failure::told("--chain", number.to_string(), "no such chain is configured"));
    }
    if all.is_empty() {
        let what = "no chain to follow: write [index.chains.<number>] into tbc.toml, or give --rpc and --deployment";
        return Err(Failure::told("", "index.chains", what));
    }
    let wanted = all.iter().filter(|(number, _)| only.is_none_or(|only| only == **number));
    wanted.map(|(number, config)| one(settings, *number, config)).collect()
}

fn one(settings: &Settings, number: u64, config: &ChainConfig) -> Result<Known> {
    let key = |name: &str| format!("index.chains.{number}.{name}");
    let path = config.deployment.clone();
    let path = path.unwrap_or_else(|| settings.folder.join(format!("deployments/{number}.json")));
    let bad = |what: String| settings.refuse(&key("deployment"), format!("{}: {what}", path.display()));
    let deployment = Deployment::read(&text(&path).map_err(bad)?).map_err(|error| bad(error.to_string()))?;
    if deployment.chain_id != number {
        return Err(bad(format!("is about chain {}, not {number}", deployment.chain_id)));
    }
    let (source, profile) = profile(number, config.profile.as_ref()).map_err(|what| {
        let what = format!("{what}; name the chain's own profile, as chains/8453.toml is one");
        settings.refuse(&key("profile"), what)
    })?;
    let chain = Chain::of(&deployment, &profile);
    let mut chain = chain.ok_or_else(|| {
        settings.refuse(&key("profile"), format!("{source}: is about chain {}, not {number}", profile.chain_id))
    })?;
    chain.limits = config.limits();
    if let Some(start) = config.start_block {
        if start > chain.start {
            let what = format!("must not be above {}: the contracts log from there on", chain.start);
            return Err(settings.refuse(&key("start_block"), what));
        }
        chain.start = start;
    }
    if config.policy().quorum > config.rpc.len() {
        let what = format!("{} nodes cannot agree where rpc has {}", config.policy().quorum, config.rpc.len());
        return Err(settings.refuse(&key("quorum"), what));
    }
    let nodes = config.rpc.iter().map(|url| {
        let node = Http::new(url.show(), config.timeout());
        node.map(|node| (node, url.clone())).map_err(|error| settings.refuse(&key("rpc"), error.to_string()))
    });
    Ok(Known { chain, deployment, config: config.clone(), nodes: nodes.collect::<Result<_>>()? })
}

fn profile(number: u64, path: Option<&PathBuf>) -> Result<(String, ChainProfile), String> {
    let (source, text) = match path {
        Some(path) => (path.display().to_string(), text(path).map_err(|what| format!("{}: {what}", path.display()))?),
        None => {
            let built_in = PROFILES.iter().find(|(known, _)| *known == number);
            let (_, text) = built_in.ok_or_else(|| format!("this program was built without one of chain {number}"))?;
            ("the built-in profile".to_owned(), (*text).to_owned())
        }
    };
    let profile = ChainProfile::read(&text).map_err(|error| format!("{source}: {error}"))?;
    Ok((source, profile))
}

fn text(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("cannot be read: {error}"))
}
