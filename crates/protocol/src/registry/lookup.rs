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
    /// ```
    /// use tgp_protocol::{Reason, json::{self, Value}, registry::{AssetAddress, Registry}, value::{ChainId, Symbol}};
    ///
    /// let Value::Object(document) = json::parse(br#"{
    ///     "format": "TGP-REGISTRY-0.1", "version": 1, "issuer": "registry.example", "issued_at": "2026-11-21T10:00:00Z",
    ///     "assets": [
    ///         { "symbol": "ETH", "chain": "eip155:8453", "address": "native", "decimals": 18 },
    ///         { "symbol": "USDC", "chain": "eip155:1", "decimals": 6,
    ///           "address": "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48" },
    ///         { "symbol": "USDC", "chain": "base", "decimals": 6,
    ///           "address": "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913" }
    ///     ]
    /// }"#)? else { panic!("an object") };
    /// let registry = Registry::from_document(document)?;
    ///
    /// let (usdc, base) = ("USDC".parse::<Symbol>()?, ChainId::eip155(8453));
    /// assert_eq!(registry.resolve(&usdc, None).unwrap_err().reason(), Reason::AmbiguousAsset);
    /// let on_base = registry.resolve(&usdc, Some(base))?;
    /// assert_eq!(registry.asset_at(base, AssetAddress::Native).map(|asset| asset.symbol.as_str()), Some("ETH"));
    ///
    /// // the token of another chain under the same symbol
    /// assert_eq!(registry.check_token(&usdc, base, on_base.address)?, on_base);
    /// let mainnet = registry.resolve(&usdc, Some(ChainId::eip155(1)))?.address;
    /// assert_eq!(registry.check_token(&usdc, base, mainnet).unwrap_err().reason(), Reason::NetworkMismatch);
    /// # Ok::<(), tgp_protocol::Error>(())
    /// ```
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
    /// ```
    /// use tgp_protocol::{
    ///     Reason,
    ///     json::{self, Value},
    ///     registry::{Contract, Registry, Status},
    ///     value::{Account, ChainId, EvmAddress},
    /// };
    ///
    /// let Value::Object(document) = json::parse(br#"{
    ///     "format": "TGP-REGISTRY-0.1", "version": 1, "issuer": "registry.example", "issued_at": "2026-11-21T10:00:00Z",
    ///     "contracts": [
    ///         { "chain": "base", "deployed_at": 1780000000, "jurisdictions": ["US"], "contracts": { "CoreProverEscrow": {
    ///             "address": "0x1111111111111111111111111111111111111111",
    ///             "code_hash": "0xc0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0"
    ///         } } },
    ///         { "chain": "base", "deployed_at": 1790000000, "status": "deny", "contracts": { "CoreProverEscrow": {
    ///             "address": "0x2222222222222222222222222222222222222222"
    ///         } } }
    ///     ]
    /// }"#)? else { panic!("an object") };
    /// let registry = Registry::from_document(document)?;
    /// let base = ChainId::eip155(8453);
    /// let [allowed, denied] = [0x11, 0x22].map(|byte| Account { chain: base, address: EvmAddress([byte; 20].into()) });
    ///
    /// let (code, california) = ([0xc0; 32].into(), Some("US-CA".parse()?));
    /// let contract = registry.check_contract(&allowed, code, california)?;
    /// let reason = |account, code, place| registry.check_contract(account, code, place).unwrap_err().reason();
    /// assert_eq!(reason(&allowed, [0xc1; 32].into(), california), Reason::OtherCode);
    /// assert_eq!(reason(&allowed, code, Some("FR".parse()?)), Reason::ContractElsewhere);
    /// assert_eq!(reason(&denied, code, california), Reason::DeniedContract);
    /// assert!(matches!(registry.contract_at(&denied), Some(Contract { status: Status::Deny, .. })));
    ///
    /// // the one for an offer: the newest that may be used
    /// assert_eq!(registry.select_contract(&"CoreProverEscrow".parse()?, base, california), Some(contract));
    /// assert_eq!(registry.select_contract(&"CoreProverEscrow".parse()?, base, None), None);
    /// # Ok::<(), tgp_protocol::Error>(())
    /// ```
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
    ///
    /// ```
    /// use tgp_protocol::{json::{self, Value}, policy::PolicySet, registry::{Domain, Registry}};
    ///
    /// let Value::Object(document) = json::parse(br#"{
    ///     "format": "TGP-REGISTRY-0.1", "version": 1, "issuer": "registry.example", "issued_at": "2026-11-21T10:00:00Z",
    ///     "jurisdictions": [
    ///         { "name": "US-OFAC", "jurisdiction": "US", "number": 1, "compliance_tags": ["OFAC"], "max_fee_bps": 50 },
    ///         { "name": "EU-GDPR", "jurisdiction": "DE" }
    ///     ]
    /// }"#)? else { panic!("an object") };
    /// let registry = Registry::from_document(document)?;
    /// let Some(Domain { number: Some(1), .. }) = registry.domain(&"US-OFAC".parse()?) else { panic!("as orders name it") };
    ///
    /// let mut set = PolicySet::new();
    /// for domain in registry.domains() {
    ///     set.insert(domain.name.clone(), None, domain.to_policy()?)?;
    /// }
    /// assert_eq!(set.len(), 2);
    /// # Ok::<(), tgp_protocol::Error>(())
    /// ```
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
    ///
    /// ```
    /// use tgp_protocol::{
    ///     json::{self, Value},
    ///     registry::{Capabilities, Chain, Registry, Seller, ServiceLevel},
    ///     value::ChainId,
    /// };
    ///
    /// let Value::Object(document) = json::parse(br#"{
    ///     "format": "TGP-REGISTRY-0.1", "version": 1, "issuer": "registry.example", "issued_at": "2026-11-21T10:00:00Z",
    ///     "chains": [{ "chain": "base", "name": "Base", "finality_seconds": 1800 }],
    ///     "sellers": [{
    ///         "party": "seller://store.example", "account": "eip155:8453:0x1111111111111111111111111111111111111111",
    ///         "commit_endpoint": "https://store.example/tgp/commit", "area": "tai:us/ca/retail",
    ///         "service_level": { "availability": "0.999", "settlement_seconds": 3600 },
    ///         "x402": { "max_amount": "1000000000", "assets": ["USDC"] }
    ///     }],
    ///     "areas": [{ "domain": "store.example", "area": "tai:us/ca/retail" }]
    /// }"#)? else { panic!("an object") };
    /// let registry = Registry::from_document(document)?;
    ///
    /// let Some(Seller { account, area, service_level: Some(level), x402: Some(taken), .. }) =
    ///     registry.seller(&"seller://store.example".parse()?)
    /// else { panic!("a registered seller") };
    /// assert_eq!(registry.area_of(&"store.example".parse()?), area.as_ref());
    ///
    /// // he promises no faster settlement than his chain has
    /// let ServiceLevel { settlement_seconds: Some(promised), .. } = level else { panic!("a promise") };
    /// let Some(Chain { finality_seconds: Some(usual), .. }) = registry.chain(account.chain) else { panic!("Base") };
    /// assert!(promised >= usual);
    /// let Capabilities { min_amount, assets, .. } = taken;
    /// assert_eq!((min_amount, assets.as_deref()), (&None, Some(["USDC".parse()?].as_slice())));
    /// # Ok::<(), tgp_protocol::Error>(())
    /// ```
    #[must_use]
    pub fn seller(&self, party: &Party) -> Option<&Seller> {
        self.lookup.sellers.get(party).map(|place| &self.head.sellers[*place])
    }

    /// The key of this id, if it may sign in this role.
    ///
    /// ```
    /// use tgp_protocol::{Reason, json::{self, Value}, registry::{Registry, Role}, sign::SigningKey};
    ///
    /// let key = SigningKey::from_seed(&[1; 32]).public_key();
    /// let Value::Object(mut document) = json::parse(br#"{
    ///     "format": "TGP-REGISTRY-0.1", "version": 1, "issuer": "registry.example", "issued_at": "2026-11-21T10:00:00Z"
    /// }"#)? else { panic!("an object") };
    /// let entry = format!(r#"[{{ "kid": "{}", "public_key": "{key}", "role": "indexer" }}]"#, key.id());
    /// document.insert("keys", json::parse(entry.as_bytes())?);
    /// let registry = Registry::from_document(document)?;
    ///
    /// assert_eq!(registry.signer(&key.id(), &Role::Indexer)?, &key);
    /// assert_eq!(registry.signer(&key.id(), &Role::Controller).unwrap_err().reason(), Reason::WrongRole);
    /// # Ok::<(), tgp_protocol::Error>(())
    /// ```
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
