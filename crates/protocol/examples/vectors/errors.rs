//! The error registry, and one error as each plane writes it.

use crate::{
    Outcome,
    object::written,
    topic::{Case, Topic},
};
use tgp_protocol::{
    Code, Error, Failure, Reason,
    buyer::ErrorMessage,
    exact::Refusal,
    gateway::ErrorReport,
    json::{self, Value},
    wire::Message,
};

/// Every spelling of the documents, and some that are none.
const SPELLINGS: [&str; 26] = [
    "INVALID_QUERY",
    "ERROR.unsupported",
    "unsupported",
    "INVALID_ASSET",
    "TGP.POLICY_BLOCKED",
    "CONTRACT_BLACKLISTED",
    "X402.BALANCE_INSUFFICIENT",
    "TIMEOUT",
    "TGP.FINAL_SETTLEMENT_FAIL",
    "X402.SETTLEMENT_PENDING",
    "INVALID_STATE",
    "TGP.QUOTE_EXPIRED",
    "ERROR.SSO_MISMATCH",
    "ERROR.RATE_LIMIT",
    "ERROR.BOND_REQUIRED",
    "HTLC_TIMEOUT",
    "TGP.HOP_VERIFICATION_FAIL",
    "X402.SIG_INVALID",
    "X402.NONCE_REUSED",
    "X402.WINDOW_EXPIRED",
    "X402.NETWORK_OR_TOKEN_MISMATCH",
    "X402.SIMULATION_FAIL",
    "UNSUPPORTED",
    "invalid_query",
    "",
    "X402.",
];

pub(crate) fn push_all(topic: &mut Topic) -> Outcome<()> {
    for spelling in SPELLINGS {
        let case = Case::new(format!("code spelled {spelling:?}")).with("spelling", spelling);
        let code = Code::from_spelling(spelling).ok_or(Reason::UnknownValue);
        topic.push(case.with_result(code, |case, code| case.with("code", code.as_str())));
    }
    for code in Code::ALL {
        let reason = Reason::ALL.iter().copied().find(|reason| reason.code() == *code).unwrap_or(Reason::Malformed);
        let error = Error::from(reason).with_code(*code).within("amount");
        topic.push(rendered(*code, &error)?);
    }
    Ok(())
}

fn rendered(code: Code, error: &Error) -> Outcome<Case> {
    let buyer = ErrorMessage::new("err-1".parse()?, Failure::new(error, "tbc-1".parse()?)).correlated("q-1".parse()?);
    let sender = "gw.example".parse()?;
    let gateway = ErrorReport::new("req-1".parse()?, "2026-11-21T10:00:00Z".parse()?, sender, error);
    let exact = Refusal::from(Failure::new(error, "gwB".parse()?)).on_path("gwA>gwB".parse()?);
    let Value::Object(exact) = json::to_value(&exact)? else { return Err("no object".into()) };
    let case = Case::new(format!("{code} on every plane")).with("error", code.as_str()).with("at", "amount");
    let case = case.with("reason_name", error.reason().name()).with("reason_text", error.reason().text());
    let case = case.with("class", code.class().letter()).with("http_status", code.http_status());
    let case = case.with("dotted", code.dotted()).with("plane_b", written(&buyer.to_object()?)?);
    Ok(case.with("plane_g", written(&gateway.to_object()?)?).with("plane_s", written(&exact)?))
}
