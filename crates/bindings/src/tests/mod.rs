mod deployment;
mod errors;
mod escrow_lens;
mod event;
mod order_id;
mod revert;
mod verifier_registry;
