//! What every question has: a chain, perhaps an id, and a head that the answer is as of.

use super::{Answered, Refusal, Shared, chain::ServedChain};
use axum::{
    Json,
    extract::{FromRequestParts, Query, RawPathParams},
    http::{
        StatusCode,
        header::{ETAG, IF_NONE_MATCH},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use coreprover_store::ChainState;
use serde::{Serialize, de::DeserializeOwned};
use std::{str::FromStr, sync::Arc};
use tgp_protocol::value::{EvmAddress, Word};
use utoipa::ToSchema;

/// How often a question is read again when the chain moved meanwhile.
const TRIES: usize = 4;

/// The block that an answer saw.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(super) struct AsOf {
    /// The chain's number.
    chain: u64,
    /// The last block that was read. While a chain is read for the first time the rows may be a little newer.
    block: u64,
    /// Its hash.
    #[schema(value_type = String)]
    hash: Word,
    /// The last block that is final.
    last_final: u64,
    /// How often the chain was read anew: cursors of another epoch are refused.
    epoch: u32,
}

impl From<&ChainState> for AsOf {
    fn from(state: &ChainState) -> Self {
        let ChainState { chain, head, last_final, epoch, .. } = *state;
        Self { chain, block: head.number, hash: head.hash, last_final, epoch }
    }
}

impl AsOf {
    fn tag(&self) -> String {
        let hash = self.hash.to_string();
        format!("\"{}-{}-{}-{}\"", self.epoch, self.block, hash.get(2..18).unwrap_or_default(), self.last_final)
    }
}

/// A question about one chain.
pub(super) struct Ask {
    pub(super) shared: Arc<Shared>,
    pub(super) chain: Arc<ServedChain>,
    pub(super) state: ChainState,
    id: Option<String>,
    tags: Vec<String>,
}

impl FromRequestParts<Arc<Shared>> for Ask {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, shared: &Arc<Shared>) -> Answered<Self> {
        let params = RawPathParams::from_request_parts(parts, shared).await.map_err(|_| Refusal::unknown_chain())?;
        let param = |name| params.iter().find(|(param, _)| *param == name).map(|(_, value)| value.to_owned());
        let number = param("chain").and_then(|text| text.parse().ok()).ok_or_else(Refusal::unknown_chain)?;
        let chain = shared.chains.get(&number).ok_or_else(Refusal::unknown_chain)?;
        let tags = parts.headers.get_all(IF_NONE_MATCH).iter().filter_map(|tags| tags.to_str().ok());
        let tags = tags.flat_map(|tags| tags.split(',')).map(|tag| tag.trim().trim_start_matches("W/").to_owned());
        let state = shared.state(number).await?;
        Ok(Self { shared: Arc::clone(shared), chain: Arc::clone(chain), state, id: param("id"), tags: tags.collect() })
    }
}

impl Ask {
    /// The id in the path.
    pub(super) fn id(&self) -> Answered<Word> {
        word(self.id.as_deref().unwrap_or_default(), "id")
    }

    /// Answers with what `read` finds at one head. An answer that the asker has already is not sent again.
    pub(super) async fn answer<T: Serialize, F>(&self, read: impl Fn(ChainState) -> F) -> Answered<Response>
    where
        F: Future<Output = Answered<T>>,
    {
        let mut as_of = self.state;
        if self.tags.contains(&AsOf::from(&as_of).tag()) {
            return Ok((StatusCode::NOT_MODIFIED, [(ETAG, AsOf::from(&as_of).tag())]).into_response());
        }
        for _ in 1..TRIES {
            let found = read(as_of).await?;
            let after = self.shared.state(as_of.chain).await?;
            // the head alone says too little: the chain may have left it and come back, and each of these tells the feed
            if (after.head, after.epoch, after.entries) == (as_of.head, as_of.epoch, as_of.entries) {
                return Ok(Answer::new(&as_of, found).into_response());
            }
            as_of = after;
        }
        Ok(Answer::new(&as_of, read(as_of).await?).into_response())
    }
}

#[derive(Serialize)]
struct Answer<T> {
    as_of: AsOf,
    #[serde(flatten)]
    found: T,
}

impl<T: Serialize> Answer<T> {
    fn new(state: &ChainState, found: T) -> Self {
        Self { as_of: state.into(), found }
    }

    fn into_response(self) -> Response {
        ([(ETAG, self.as_of.tag())], Json(self)).into_response()
    }
}

/// The parameters behind the question mark.
pub(super) struct Parameters<T>(pub(super) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Answered<Self> {
        Query::try_from_uri(&parts.uri).map(|Query(found)| Self(found)).map_err(|_| Refusal::bad_query())
    }
}

pub(super) fn word(text: &str, field: &'static str) -> Answered<Word> {
    Word::from_str(text).map_err(|_| Refusal::bad("bad_id", field, "32 bytes: 0x and 64 hex digits"))
}

pub(super) fn address(text: &str, field: &'static str) -> Answered<EvmAddress> {
    let bad = "an address: 0x and 40 hex digits, in one case or with the right checksum";
    EvmAddress::from_str(text).map_err(|_| Refusal::bad("bad_address", field, bad))
}
