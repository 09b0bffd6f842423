//! `tbc index`: what is read, checked and served of the chains.

mod chain;
mod check;
mod connect;
mod export;
mod follow;
mod key;
mod outlets;
mod prove;
mod reset;
mod run;
mod signal;
mod watched;

pub(crate) use check::check;
pub(crate) use export::export;
pub(crate) use prove::{rebuild, verify};
pub(crate) use reset::reset;
pub(crate) use run::run;
