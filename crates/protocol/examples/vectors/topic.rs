use crate::Outcome;
use alloy_primitives::hex;
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use tgp_protocol::{Error, exact::HopFailure};

/// One file of vectors.
pub(crate) struct Topic {
    description: &'static str,
    cases: Vec<Case>,
}

impl Topic {
    pub(crate) fn new(description: &'static str) -> Self {
        Self { description, cases: Vec::new() }
    }

    pub(crate) fn push(&mut self, case: Case) {
        self.cases.push(case);
    }

    /// The file's text. Members are in the order of their names, which is what keeps it the same from run to run.
    pub(crate) fn into_text(self) -> Outcome<String> {
        let mut names = HashSet::new();
        if let Some(twice) = self.cases.iter().find(|case| !names.insert(case.0["name"].to_string())) {
            return Err(format!("two cases are called {}", twice.0["name"]).into());
        }
        let cases: Vec<_> = self.cases.into_iter().map(|case| Value::Object(case.0)).collect();
        let text = serde_json::to_string_pretty(&json!({ "description": self.description, "cases": cases }))?;
        Ok(text + "\n")
    }
}

/// One case: a name, an input, and what must come of it.
pub(crate) struct Case(Map<String, Value>);

impl Case {
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self(Map::from_iter([("name".to_owned(), Value::String(name.into()))]))
    }

    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// Bytes, as hex without a prefix.
    #[must_use]
    pub(crate) fn with_bytes(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.with(name, hex::encode(bytes))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// What must come of the input: members that `accepted` sets, or the refusal.
    #[must_use]
    pub(crate) fn with_result<T>(
        self,
        result: Result<T, impl Into<Error>>,
        accepted: impl FnOnce(Self, T) -> Self,
    ) -> Self {
        match result {
            Ok(value) => accepted(self, value),
            Err(error) => self.with_refusal(&error.into()),
        }
    }

    /// The same where the refusal names the hop at which a path does not hold.
    #[must_use]
    pub(crate) fn with_result_on_path<T>(
        self,
        result: Result<T, HopFailure>,
        accepted: impl FnOnce(Self, T) -> Self,
    ) -> Self {
        match result {
            Ok(value) => accepted(self, value),
            Err(failure) => {
                let mut refusal = refusal(&failure.error);
                refusal["hop"] = json!(failure.hop.as_str());
                self.with("refused", refusal)
            }
        }
    }

    /// What must come of an input that is refused.
    #[must_use]
    pub(crate) fn with_refusal(self, error: &Error) -> Self {
        self.with("refused", refusal(error))
    }
}

/// Code, field and reason of an error.
pub(crate) fn refusal(error: &Error) -> Value {
    json!({
        "code": error.code().as_str(),
        "field": error.field().to_string(),
        "reason": error.reason().text(),
    })
}
