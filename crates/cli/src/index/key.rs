//! The key that signs webhooks: from a file that only its owner reads, or from the environment.

use crate::{failure::Result, settings::Settings};
use alloy::primitives::hex;
use std::{os::unix::fs::PermissionsExt, path::Path};
use tgp_protocol::sign::SigningKey;

const FORM: &str = "must be 64 hex digits, as `openssl rand -hex 32` makes them";

/// The key that the settings name.
pub(super) fn webhooks(settings: &Settings) -> Result<SigningKey> {
    let (key, text) = match (&settings.index.webhook_key, &settings.index.webhook_key_file) {
        (Some(_), Some(_)) => {
            return Err(settings.refuse("index.webhook_key", "there is a file with a key too: keep one of the two"));
        }
        (Some(key), None) => ("index.webhook_key", key.show().to_owned()),
        (None, Some(path)) => {
            let file = "index.webhook_key_file";
            (file, read(path).map_err(|what| settings.refuse(file, format!("{}: {what}", path.display())))?)
        }
        (None, None) => {
            let what = "is missing, and webhooks are signed: put `openssl rand -hex 32` into a file that only you read";
            return Err(settings.refuse("index.webhook_key_file", what));
        }
    };
    let seed = hex::decode(text.trim()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    // what was read stands in no message
    seed.map(|seed| SigningKey::from_seed(&seed)).ok_or_else(|| settings.refuse(key, FORM))
}

fn read(path: &Path) -> Result<String, String> {
    let failed = |error: std::io::Error| format!("cannot be read: {error}");
    let mode = path.metadata().map_err(failed)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(format!("others may read it (mode {:o}): run `chmod 600 {}`", mode & 0o777, path.display()));
    }
    std::fs::read_to_string(path).map_err(failed)
}
