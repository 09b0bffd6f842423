use crate::{
    Class, Code, Error, ErrorText, Failure, Reason, Result,
    json::{Object, Value, from_value},
    value::{Id, PathId},
};
use serde::{Deserialize, Serialize, Serializer};

/// An error as plane S writes it: `X402.*` and `TGP.*`, with the hop that refused and the reason.
///
/// ```
/// use tgp_protocol::{Error, Failure, Reason, exact::Refusal, json};
///
/// let failure = Failure::new(&Error::from(Reason::OutsideWindow).within("validBefore"), "gwB".parse()?);
/// let refusal = Refusal::from(failure);
/// let text = serde_json::to_string(&refusal).expect("JSON");
/// assert!(text.contains(r#""error":"X402.WINDOW_EXPIRED","class":"R","hop":"gwB","reason":"OutsideWindow""#));
/// assert_eq!(Refusal::read(json::parse(text.as_bytes())?.as_object().expect("an object"))?, refusal);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Refusal {
    /// The code, read in any spelling of the documents.
    #[serde(serialize_with = "dotted")]
    pub error: Code,
    /// Whether to give up, to wait, or to change something.
    pub class: Class,
    /// The tag of who refused. Gateways on the way back leave it as it is.
    pub hop: Id,
    /// What is wrong, for programs.
    pub reason: ErrorText,
    /// What is wrong, for people.
    pub message: ErrorText,
    /// The path that it happened on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_id: Option<PathId>,
}

impl Refusal {
    /// Reads a peer's refusal.
    ///
    /// # Errors
    /// With the field that is missing or wrong; with [`Reason::Contradiction`] at `class` for one that is not the code's:
    /// who takes a payment under way for one to be tried again pays twice.
    pub fn read(object: &Object) -> Result<Self> {
        let refusal: Self = from_value(&Value::Object(object.clone()))?;
        let same = refusal.class == refusal.error.class();
        if same { Ok(refusal) } else { Err(Error::from(Reason::Contradiction).within("class")) }
    }

    /// On this path.
    #[must_use]
    pub fn on_path(mut self, path_id: PathId) -> Self {
        self.path_id = Some(path_id);
        self
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self {
            error: failure.code,
            class: failure.class(),
            hop: failure.hop,
            reason: failure.reason,
            message: failure.text,
            path_id: None,
        }
    }
}

fn dotted<S: Serializer>(code: &Code, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(code.dotted())
}
