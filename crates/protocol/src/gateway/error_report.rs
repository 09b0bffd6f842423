use super::{Envelope, HopId, envelope::header};
use crate::{
    Class, Code, Error, ErrorText, Reason, Result,
    value::{DomainName, Id, PathId, Timestamp},
    wire::{Kind, Message},
};
use serde::{Deserialize, Serialize};

/// ERROR: it did not work, and what that means for whoever asked.
///
/// ```
/// use tgp_protocol::{Class, Code, Error, Reason, gateway::ErrorReport, wire::Message};
///
/// let error = Error::from(Reason::Loop).within(1).within("hops");
/// let report = ErrorReport::new("req-1".parse()?, "2025-12-01T10:00:09Z".parse()?, "b.example".parse()?, &error);
/// assert_eq!((report.error_code, report.class), (Code::LoopDetected, Some(Class::Final)));
/// assert!(report.description.as_str().starts_with("hops[1]: "));
/// assert_eq!(report.hop, None, "the sender refused");
///
/// // a gateway that passes on what another one said names it, or a tag that hides it
/// let passed_on = report.at_hop("c.example".parse()?).on_path("path-1".parse()?);
/// assert!(passed_on.to_object()?.get("hop").is_some());
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ErrorReport {
    /// That of the message that failed.
    pub request_id: Id,
    /// When it was sent.
    pub timestamp: Timestamp,
    /// Who sent and signed it.
    pub sender: DomainName,
    /// Which error; every spelling of the documents is read.
    pub error_code: Code,
    /// What is wrong and how to mend it. It never repeats input.
    pub description: ErrorText,
    /// `F`inal, `T`emporary or `R`etry with something changed: as the registry says for the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Class>,
    /// What is wrong, for programs; always sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ErrorText>,
    /// Who refused, where that is not the sender; opaque.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hop: Option<HopId>,
    /// The path, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_id: Option<PathId>,
}

impl ErrorReport {
    /// What a sender is told about his message.
    #[must_use]
    pub fn new(request_id: Id, timestamp: Timestamp, sender: DomainName, error: &Error) -> Self {
        Self {
            request_id,
            timestamp,
            sender,
            error_code: error.code(),
            description: ErrorText::of(error),
            class: Some(error.class()),
            reason: Some(error.reason().into()),
            hop: None,
            path_id: None,
        }
    }

    /// It failed at this hop, and the sender passes it on.
    #[must_use]
    pub fn at_hop(mut self, hop: HopId) -> Self {
        self.hop = Some(hop);
        self
    }

    /// It is about this path.
    #[must_use]
    pub fn on_path(mut self, path_id: PathId) -> Self {
        self.path_id = Some(path_id);
        self
    }
}

impl Message for ErrorReport {
    const KIND: Kind = Kind::Error;

    fn check(&self) -> Result<()> {
        if let Some(hop) = &self.hop {
            hop.check_disclosure().map_err(|reason| Error::from(reason).within("hop"))?;
        }
        let contradicts = self.class.is_some_and(|class| class != self.error_code.class());
        if contradicts { Err(Error::from(Reason::Contradiction).within("class")) } else { Ok(()) }
    }
}

impl Envelope for ErrorReport {
    header!();

    fn path_id(&self) -> Option<&PathId> {
        self.path_id.as_ref()
    }
}
