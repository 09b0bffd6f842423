use super::{Asset, AssetAddress, Chain, Contract, Domain, Key, Registry, Role, Seller, Status, document::Head};
use crate::{
    Error, Reason, Result,
    area::{Area, Jurisdiction},
    sign::{KeyId, PublicKey},
    value::{Account, ChainId, DomainName, Id, Party, Symbol, Word},
};
use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
};

/// Where each entry stands, by what it is asked for.
#[derive(Clone, Default, Debug)]
pub(super) struct Lookup {
    symbols: HashMap<Symbol, Vec<usize>>,
    tokens: HashMap<(ChainId, AssetAddress), usize>,
    contracts: HashMap<Account, usize>,
    kinds: HashMap<(Id, ChainId), Vec<usize>>,
    chains: HashMap<ChainId, usize>,
    domains: HashMap<Id, usize>,
    sellers: HashMap<Party, usize>,
    keys: HashMap<KeyId, Vec<usize>>,
    areas: HashMap<DomainName, usize>,
}

impl Lookup {
    /// Checks every entry by itself, and that no two answer the same question.
    pub(super) fn new(head: &Head, contracts: &[Contract]) -> Result<Self> {
        let mut lookup = Self {
            tokens: index("assets", &head.assets, Asset::check, |asset| (asset.chain, asset.address))?,
            contracts: index("contracts", contracts, |_| Ok(()), |contract| contract.account)?,
            chains: index("chains", &head.chains, |_| Ok(()), |chain| chain.chain)?,
            domains: index("jurisdictions", &head.jurisdictions, Domain::check, |domain| domain.name.clone())?,
            sellers: index("sellers", &head.sellers, Seller::check, |seller| seller.party.clone())?,
            areas: index("areas", &head.areas, |_| Ok(()), |place| place.domain.clone())?,
            ..Self::default()
        };
        check_numbers(&head.jurisdictions)?;
        for (place, asset) in head.assets.iter().enumerate() {
            lookup.symbols.entry(asset.symbol.clone()).or_default().push(place);
        }
        for (place, contract) in contracts.iter().enumerate() {
            let kind = (contract.kind.clone(), contract.account.chain);
            lookup.kinds.entry(kind).or_default().push(place);
        }
        // a key may have several roles, each once
        index("keys", &head.keys, Key::check, |key| (key.kid, key.role.clone()))?;
        for (place, key) in head.keys.iter().enumerate() {
            lookup.keys.entry(key.kid).or_default().push(place);
        }
        Ok(lookup)
    }
}

/// An order names a domain by its number alone.
fn check_numbers(domains: &[Domain]) -> Result<()> {
    let mut numbers = HashSet::new();
    for (place, domain) in domains.iter().enumerate() {
        if domain.number.is_some_and(|number| !numbers.insert(number)) {
            return Err(Error::from(Reason::RepeatedEntry).within("number").within(place).within("jurisdictions"));
        }
    }
    Ok(())
}

fn index<T, K: Eq + Hash>(
    section: &'static str,
    entries: &[T],
    check: impl Fn(&T) -> Result<()>,
    key: impl Fn(&T) -> K,
) -> Result<HashMap<K, usize>> {
    let mut places = HashMap::with_capacity(entries.len());
    for (place, entry) in entries.iter().enumerate() {
        check(entry).map_err(|error| error.within(place).within(section))?;
        if places.insert(key(entry), place).is_some() {
            return Err(Error::from(Reason::RepeatedEntry).within(place).within(section));
        }
    }
    Ok(places)
}

impl Registry {
    /// The asset that a symbol means, on this chain or, without one, on any.
    ///
    /// # Errors
    /// With `UNSUPPORTED_ASSET` for a symbol that is unknown or, unless the chain decides, stands for several assets;
    /// with `NETWORK_OR_TOKEN_MISMATCH` for one that is known on other chains only.
    pub fn resolve(&self, symbol: &Symbol, chain: Option<ChainId>) -> Result<&Asset> {
        let places = self.lookup.symbols.get(symbol).ok_or(Reason::UnknownAsset)?;
        let mut assets = places.iter().map(|place| &self.head.assets[*place]);
        let mut fitting = assets.by_ref().filter(|asset| chain.is_none_or(|chain| asset.chain == chain));
        match (fitting.next(), fitting.next()) {
            (Some(asset), None) => Ok(asset),
            (Some(_), Some(_)) => Err(Reason::AmbiguousAsset.into()),
            (None, _) => Err(Reason::NetworkMismatch.into()),
        }
    }

    /// The asset that this token is, if the registry knows it.
    #[must_use]
    pub fn asset_at(&self, chain: ChainId, token: AssetAddress) -> Option<&Asset> {
        self.lookup.tokens.get(&(chain, token)).map(|place| &self.head.assets[*place])
    }

    /// Refuses a token that is not what its symbol means on this chain: mainnet's USDC is not that of Base Sepolia.
    ///
    /// # Errors
    /// With `NETWORK_OR_TOKEN_MISMATCH`.
    pub fn check_token(&self, symbol: &Symbol, chain: ChainId, token: AssetAddress) -> Result<&Asset> {
        let asset = self.asset_at(chain, token).filter(|asset| asset.symbol == *symbol);
        asset.ok_or_else(|| Reason::NetworkMismatch.into())
    }

    /// Refuses a contract that may not be used: unknown, denied, with other code, or not in this jurisdiction.
    ///
    /// # Errors
    /// With `CONTRACT_BLACKLISTED`.
    pub fn check_contract(
        &self,
        account: &Account,
        code_hash: Word,
        jurisdiction: Option<Jurisdiction>,
    ) -> Result<&Contract> {
        let contract = self.contract_at(account).ok_or(Reason::UnknownContract)?;
        if contract.status == Status::Deny {
            return Err(Reason::DeniedContract.into());
        }
        if contract.code_hash != Some(code_hash) {
            return Err(Reason::OtherCode.into());
        }
        if !contract.allows(jurisdiction) {
            return Err(Reason::ContractElsewhere.into());
        }
        Ok(contract)
    }

    /// What the registry says of the contract at an address.
    #[must_use]
    pub fn contract_at(&self, account: &Account) -> Option<&Contract> {
        self.lookup.contracts.get(account).map(|place| &self.contracts[*place])
    }

    /// The contract to use for an offer: of this kind, on this chain, allowed in this jurisdiction, the newest.
    #[must_use]
    pub fn select_contract(&self, kind: &Id, chain: ChainId, jurisdiction: Option<Jurisdiction>) -> Option<&Contract> {
        let places = self.lookup.kinds.get(&(kind.clone(), chain))?;
        let allowed = places.iter().map(|place| &self.contracts[*place]);
        // of two equally new ones that which is listed later
        allowed.filter(|contract| contract.allows(jurisdiction)).max_by_key(|contract| contract.deployed_at)
    }

    /// What the registry says of a chain.
    #[must_use]
    pub fn chain(&self, chain: ChainId) -> Option<&Chain> {
        self.lookup.chains.get(&chain).map(|place| &self.head.chains[*place])
    }

    /// The policy domain of this name.
    #[must_use]
    pub fn domain(&self, name: &Id) -> Option<&Domain> {
        self.lookup.domains.get(name).map(|place| &self.head.jurisdictions[*place])
    }

    /// All policy domains, for a set of policies.
    #[must_use]
    pub fn domains(&self) -> &[Domain] {
        &self.head.jurisdictions
    }

    /// The seller of this name.
    #[must_use]
    pub fn seller(&self, party: &Party) -> Option<&Seller> {
        self.lookup.sellers.get(party).map(|place| &self.head.sellers[*place])
    }

    /// The key of this id, if it may sign in this role.
    ///
    /// # Errors
    /// With `SIG_INVALID` for an unknown key, and for a key of other roles only.
    pub fn signer(&self, kid: &KeyId, role: &Role) -> Result<&PublicKey> {
        let places = self.lookup.keys.get(kid).ok_or(Reason::UnknownKey)?;
        let mut keys = places.iter().map(|place| &self.head.keys[*place]);
        keys.find(|key| key.role == *role).map(|key| &key.public_key).ok_or_else(|| Reason::WrongRole.into())
    }

    /// The transaction area of a domain.
    #[must_use]
    pub fn area_of(&self, domain: &DomainName) -> Option<&Area> {
        self.lookup.areas.get(domain).map(|place| &self.head.areas[*place].area)
    }
}
