use super::{Status, Tdr};

/// The columns of the billing file.
pub const CSV_HEADER: &str = "ts_start,ts_end,client_id,path_id,chain_id,token,amount,tx_hash,block,rs,auth_nonce,rc";

impl Tdr {
    /// The rendering of 003: a row under [`CSV_HEADER`], without its line end. What the record does not have is empty.
    #[must_use]
    pub fn csv_row(&self) -> String {
        let entry = self.entry();
        let rc = match (entry.status, entry.error_code) {
            (Status::Success, _) => "OK",
            (Status::Refunded, _) => "REFUNDED",
            (Status::Failed, code) => code.map_or("FAILED", |code| code.dotted()),
        };
        let columns = [
            entry.ts_start.to_string(),
            entry.timestamp.to_string(),
            text(entry.client_id.as_ref()),
            text(entry.path_id.as_ref()),
            entry.l8.chain_id.number().to_string(),
            entry.asset.symbol.to_string(),
            entry.amount.to_string(),
            text(entry.txid),
            text(entry.block),
            text(entry.rs),
            text(entry.auth_nonce),
            rc.to_owned(),
        ];
        columns.map(|column| field(&column)).join(",")
    }
}

fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// One field by RFC 4180. A spreadsheet would run a text that begins like a formula: a quote sign before it keeps it
/// text.
fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::field;
    use proptest::prelude::*;

    #[test]
    fn formulas_stay_text() {
        for sign in ["=", "+", "-", "@", "\t"] {
            assert_eq!(field(&format!("{sign}SUM(A1)")), format!("'{sign}SUM(A1)"));
        }
        assert_eq!(field("=A1,\"B\""), "\"'=A1,\"\"B\"\"\"");
        assert_eq!(field("\rx"), "\"'\rx\"");
        assert_eq!(field("gwA>gwB>gwC"), "gwA>gwB>gwC");
        assert_eq!(field(""), "");
    }

    /// Reads one field back, by RFC 4180.
    fn read(field: &str) -> String {
        match field.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(inner) => inner.replace("\"\"", "\""),
            None => field.to_owned(),
        }
    }

    proptest! {
        #[test]
        fn fields_never_break_a_row(text in "[ -~\t\r\nä,\"=+@-]{0,12}") {
            let written = field(&text);
            let back = read(&written);
            let kept_text = format!("'{text}");
            prop_assert!(back == text || back == kept_text);
            prop_assert!(!back.starts_with(['=', '+', '-', '@', '\t', '\r']));
            let quoted = written.starts_with('"');
            prop_assert!(quoted || !written.contains([',', '"', '\r', '\n']));
        }
    }
}
