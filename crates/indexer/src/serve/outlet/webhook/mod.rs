mod guard;
mod signature;

pub use guard::BadAddress;
pub use signature::{Unsigned, verify};

use super::{NotTaken, Parcel, Sink};
use crate::{node::causes, serve::status::now};
use guard::{Public, target};
use reqwest::{
    Client, Url,
    header::{CONTENT_TYPE, HeaderMap, HeaderValue},
    redirect,
};
use std::{sync::Arc, time::Duration};
use tgp_protocol::sign::SigningKey;

/// How long a receiver has to answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Posts each delivery to an address, signed. A status of 200 to 299 takes it; anything else does not.
///
/// The headers are those of Standard Webhooks: `webhook-id` (the delivery's cursor, the same each time), `webhook-timestamp`
/// and `webhook-signature`, an Ed25519 signature over the three: see [`verify`]. A receiver needs no secret, and one who was
/// broken into can sign nothing.
///
/// Whoever configures the address could make the server ask machines of its own network. Only `https` is posted to, and
/// `http` on this machine itself; no redirect is followed, no proxy is used, and a name that leads to a private address is
/// refused each time it is looked up, unless the operator says that this one may.
///
/// ```
/// use coreprover_indexer::serve::{BadAddress, Webhook};
/// use std::sync::Arc;
/// use tgp_protocol::sign::SigningKey;
///
/// let key = Arc::new(SigningKey::from_seed(&[1; 32]));
/// let hook = |url, private| Webhook::new(url, Arc::clone(&key), private).map(drop);
/// hook("https://hooks.example.org/orders", false)?;
/// hook("http://127.0.0.1:8080/orders", false)?;
/// assert_eq!(hook("http://hooks.example.org/orders", false), Err(BadAddress::Plain));
/// // the address under which clouds tell a machine its keys
/// assert_eq!(hook("https://169.254.169.254/latest", false), Err(BadAddress::Private));
/// hook("https://10.1.2.3/orders", true)?;
/// # Ok::<(), BadAddress>(())
/// ```
#[derive(Clone, Debug)]
pub struct Webhook {
    url: Url,
    key: Arc<SigningKey>,
    client: Client,
}

impl Webhook {
    /// A webhook at an address. With `private` it may stand in a private network.
    ///
    /// # Errors
    /// With what is wrong with the address.
    pub fn new(url: &str, key: Arc<SigningKey>, private: bool) -> Result<Self, BadAddress> {
        let url = target(url, private)?;
        // the first of a process decides; another that is there already does as well
        drop(rustls::crypto::ring::default_provider().install_default());
        let here = url.scheme() == "http";
        let mut client = Client::builder()
            .timeout(TIMEOUT)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .user_agent(concat!("coreprover-indexer/", env!("CARGO_PKG_VERSION")));
        if !private && !here {
            client = client.dns_resolver(Arc::new(Public));
        }
        let client = client.build().map_err(|error| BadAddress::Client(error.to_string()))?;
        Ok(Self { url, key, client })
    }

    fn headers(&self, parcel: &Parcel) -> Option<HeaderMap> {
        let time = now();
        let signature = signature::sign(&self.key, &parcel.id, time, &parcel.body);
        let value = |text: &str| HeaderValue::from_str(text).ok();
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert("webhook-id", value(&parcel.id)?);
        headers.insert("webhook-timestamp", HeaderValue::from(time));
        headers.insert("webhook-signature", value(&signature)?);
        Some(headers)
    }

    async fn post(&self, parcel: &Parcel) -> Result<(), NotTaken> {
        let headers = self.headers(parcel).ok_or_else(|| NotTaken("no header holds it".into()))?;
        let request = self.client.post(self.url.clone()).headers(headers).body(parcel.body.clone());
        // an address may hold a password of the receiver's: it stands in no message
        let response = request.send().await.map_err(|error| NotTaken(causes(&error.without_url())))?;
        if response.status().is_success() {
            return Ok(());
        }
        Err(NotTaken(format!("the receiver answered {}", response.status().as_u16())))
    }
}

impl Sink for Webhook {
    // the next one goes when this one was taken
    const AT_ONCE: usize = 1;

    async fn hand_over(&mut self, parcels: &[Parcel]) -> (usize, Result<(), NotTaken>) {
        for (taken, parcel) in parcels.iter().enumerate() {
            if let Err(error) = self.post(parcel).await {
                return (taken, Err(error));
            }
        }
        (parcels.len(), Ok(()))
    }
}
